"""What the reader proposes: a plan's header, targets, tasks and reporting duties, each with where it stands and why.

Every item carries `span` ([start, end] in the normal form of the text, see normal_form), `rule` (a short dotted name of
what found it) and `confidence` (0 to 1). Nothing here is a plan yet: a person accepts or corrects it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from haidang.kernel.calendars import Period
from haidang.kernel.windows import Window

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class TargetReading:
    """A number that must be reached, or a direction without a number (`value` and `unit` are then None)."""

    text: str
    comparator: str  # ">", ">=", "<=", "=", "reduce" or "increase"
    value: float | None
    unit: str | None
    span: Span
    rule: str
    confidence: float

    def to_json(self) -> dict[str, Any]:
        """The target as a JSON object; whole values are written without a decimal part."""
        value = int(self.value) if self.value is not None and self.value.is_integer() else self.value
        return {
            "text": self.text,
            "comparator": self.comparator,
            "value": value,
            "unit": self.unit,
            **_origin(self.span, self.rule, self.confidence),
        }


@dataclass(frozen=True, slots=True)
class TaskReading:
    """A clause of the plan that somebody must do, with the agencies as written and, perhaps, when.

    `strict` is True when "trước" makes the day before the deadline the last in time, False for "chậm nhất"; None when
    the text does not tell.
    """

    section: str
    text: str
    lead: tuple[str, ...]
    coordinating: tuple[str, ...]
    window: tuple[date | None, date] | None
    span: Span
    rule: str
    confidence: float
    strict: bool | None = None

    @property
    def text_start(self) -> str:
        """The first 60 characters, without a trailing cut space."""
        return self.text[:60].rstrip()

    def to_json(self) -> dict[str, Any]:
        """The task as a JSON object; a window is a pair of ISO dates, the first null for a deadline."""
        window = None if self.window is None else [day.isoformat() if day else None for day in self.window]
        return {
            "section": self.section,
            "text_start": self.text_start,
            "lead": list(self.lead),
            "coordinating": list(self.coordinating),
            "window": window,
            **_origin(self.span, self.rule, self.confidence),
        }


@dataclass(frozen=True, slots=True)
class DutyReading:
    """A duty to report: how often, by when (as written) and to whom.

    `strict` is True for "trước ngày" (the day before is the last on time) and False for "chậm nhất ngày"; None when the
    plan names no date. `by` are the agencies that owe it, as written.
    """

    period: Period
    due: str | None
    to: str | None
    strict: bool | None
    by: tuple[str, ...]
    span: Span
    rule: str
    confidence: float

    def to_json(self) -> dict[str, Any]:
        """The duty as a JSON object. The schema has no nine months: that report takes the third quarter's place."""
        period = Period.QUARTER if self.period == Period.NINE_MONTHS else self.period
        return {
            "period": period.value,
            "due": self.due,
            "to": self.to,
            **_origin(self.span, self.rule, self.confidence),
        }


@dataclass(frozen=True, slots=True)
class PlanReading:
    """All that was read from one document. `is_plan` is False when the document is something else."""

    is_plan: bool
    number: str | None = None
    issued_on: date | None = None
    issuer: str | None = None
    place: str | None = None
    title: str | None = None
    year_from: int | None = None
    year_to: int | None = None
    legal_bases: tuple[str, ...] = ()
    targets: tuple[TargetReading, ...] = ()
    tasks: tuple[TaskReading, ...] = ()
    reporting: tuple[DutyReading, ...] = ()
    recipients: tuple[str, ...] = ()
    signer: str | None = None
    data_window: Window | None = None  # the window of figures that the plan itself names
    text: str = ""  # the normal form that the spans point into

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found that could be followed: no target, no task and no duty to report.

        True for what is no plan, and for a plan of which only a title could be read (a cover, a poor scan).
        """
        return not (self.targets or self.tasks or self.reporting)

    def at_most(self, confidence: float) -> PlanReading:
        """The reading with no item surer than `confidence`."""
        return replace(
            self,
            targets=tuple(replace(item, confidence=min(item.confidence, confidence)) for item in self.targets),
            tasks=tuple(replace(item, confidence=min(item.confidence, confidence)) for item in self.tasks),
            reporting=tuple(replace(item, confidence=min(item.confidence, confidence)) for item in self.reporting),
        )

    def to_json(self) -> dict[str, Any]:
        """The reading as a JSON object, in the order of the annotation schema."""
        return {
            "number": self.number,
            "issued_on": self.issued_on.isoformat() if self.issued_on else None,
            "issuer": self.issuer,
            "place": self.place,
            "title": self.title,
            "year_from": self.year_from,
            "year_to": self.year_to,
            "legal_bases": list(self.legal_bases),
            "targets": [target.to_json() for target in self.targets],
            "tasks": [task.to_json() for task in self.tasks],
            "reporting": [duty.to_json() for duty in self.reporting],
            "recipients": list(self.recipients),
            "signer": self.signer,
        }


def _origin(span: Span, rule: str, confidence: float) -> dict[str, Any]:
    return {"span": list(span), "rule": rule, "confidence": round(confidence, 2)}
