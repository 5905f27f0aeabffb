"""From a reading to the rows of a draft plan: pure, except that the rows are unsaved models."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from haidang.plans.models import Assignment, Duty, Plan, Target, Task
from haidang.plans.rules import clip, is_review_title
from haidang.reading.model import DutyReading, PlanReading, TargetReading, TaskReading
from haidang.reading.normal_form import normal_form

LARGEST_VALUE = Decimal(10) ** 12
_BARE_NUMBER = re.compile(r"\d(?!\d*(?:\.\d+)*[.)/]\s)")  # "90% of …", "2023 and …", but not "2. …" or "2.1. …"
_SENTENCE_END = re.compile(r"(?:^|[.;:!?”\")])\s*$")


@dataclass(slots=True)
class DraftRows:
    """Unsaved rows of one plan; `assignments` runs parallel to `tasks`."""

    targets: list[Target] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    assignments: list[list[Assignment]] = field(default_factory=list)
    duties: list[Duty] = field(default_factory=list)


def header_of(reading: PlanReading) -> dict[str, Any]:
    """The columns of Plan that a reading fills."""
    window = reading.data_window
    return {
        "number": clip(reading.number, 60),
        "issued_on": reading.issued_on,
        "issuer": clip(reading.issuer, 200),
        "place": clip(reading.place, 100),
        "title": reading.title or "",
        "year_from": reading.year_from,
        "year_to": reading.year_to,
        "legal_bases": list(reading.legal_bases),
        "recipients": list(reading.recipients),
        "signer": clip(reading.signer, 120),
        "data_from": window.start if window else None,
        "data_to": window.end if window else None,
        "is_review": is_review_title(reading.title),
        "text": reading.text,
        "reading": reading.to_json(),
    }


def paragraphs_of(source: str) -> list[list[int]]:
    """[offset in the normal form, 1 for a heading] of each paragraph; a line that goes on from the one before begins
    none: it begins in lower case, or with a number that is no label after a line that does not end a sentence."""
    lines = normal_form(source).lines
    before = ["", *(line.text for line in lines)]
    return [
        [line.start, int(line.bold or bool(line.heading))]
        for line, ended in zip(lines, before, strict=False)
        if not (line.text[:1].islower() or (_BARE_NUMBER.match(line.text) and not _SENTENCE_END.search(ended)))
    ]


def rows_of(plan: Plan, reading: PlanReading) -> DraftRows:
    """All items of a reading as unsaved rows of `plan`, in the order of the reading."""
    rows = DraftRows()
    for position, target in enumerate(reading.targets):
        rows.targets.append(_target(plan, position, target))
    for position, task in enumerate(reading.tasks):
        rows.tasks.append(_task(plan, position, task))
        rows.assignments.append(assignments_of(rows.tasks[-1], task.lead, task.coordinating))
    for position, duty in enumerate(reading.reporting):
        rows.duties.append(_duty(plan, position, duty))
    return rows


def assignments_of(task: Task, lead: Iterable[str], coordinating: Iterable[str]) -> list[Assignment]:
    """The agency phrases of a task as unsaved rows, leads first, without repetition."""
    rows: list[Assignment] = []
    for role, phrases in (("lead", lead), ("coordinating", coordinating)):
        rows += [
            Assignment(task=task, role=role, position=position, phrase=clip(phrase, 300))
            for position, phrase in enumerate(dict.fromkeys(phrases))
        ]
    return rows


def _found(item: TargetReading | TaskReading | DutyReading, position: int) -> dict[str, Any]:
    return {
        "position": position,
        "span_start": item.span[0],
        "span_end": item.span[1],
        "rule": clip(item.rule, 80),
        "confidence": min(1.0, max(0.0, item.confidence)),
    }


def _target(plan: Plan, position: int, item: TargetReading) -> Target:
    value = None if item.value is None else Decimal(str(item.value)).quantize(Decimal("0.01"))
    if value is not None and abs(value) >= LARGEST_VALUE:
        value = None  # no level of a plan has thirteen digits: the person sees the text and an empty value
    return Target(
        plan=plan,
        text=item.text,
        comparator=item.comparator,
        value=value,
        unit=clip(item.unit, 60),
        **_found(item, position),
    )


def _task(plan: Plan, position: int, item: TaskReading) -> Task:
    start, end = item.window or (None, None)
    if start and end and start > end:
        start = None  # only the deadline is sure
    return Task(
        plan=plan,
        section=clip(item.section, 60),
        text=item.text,
        window_from=start,
        window_to=end,
        window_strict=item.strict,
        **_found(item, position),
    )


def _duty(plan: Plan, position: int, item: DutyReading) -> Duty:
    return Duty(
        plan=plan,
        period=item.period.value,
        due=clip(item.due, 60),
        strict=item.strict,
        addressee=clip(item.to, 300),
        owed_by=[clip(phrase, 300) for phrase in item.by],
        **_found(item, position),
    )
