"""Which cycles an accepted plan calls for, from its duties to report as a person left them; for a person to confirm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from haidang.filings.cycles.asking import LONGEST_LABEL
from haidang.filings.rules import CycleSpec, review_slices
from haidang.kernel.calendars import (
    Period,
    Regime,
    nd09_half,
    nd09_month,
    nd09_nine_months,
    nd09_quarter,
    nd09_year,
)
from haidang.kernel.windows import Window
from haidang.plans.models import Duty, Plan
from haidang.reading.calendar import CalendarEntry, reporting_calendar
from haidang.reading.model import DutyReading, PlanReading


def proposed_cycles(plan: Plan) -> list[CycleSpec]:
    """The cycles to open, by due date; `due_on` None where the plan names no date and a person must.

    A review with a data window gets one cycle a calendar year of it and one for the baseline, all due when the review
    is; any other plan the cycles of its reporting calendar. One query.
    """
    entries = reporting_calendar(_as_reading(plan, list(plan.duties.all())))
    if plan.is_review and plan.data_from and plan.data_to:
        return _review(Window(plan.data_from, plan.data_to), entries)
    return _with_distinct_labels([_spec(entry, entry.window) for entry in entries if entry.window])


def duties_without_window(plan: Plan) -> list[Duty]:
    """The duties of which no cycle can be proposed, since the plan does not say of which days; a person gives them."""
    window = Window(plan.data_from, plan.data_to) if plan.data_from and plan.data_to else None
    return [] if window else [duty for duty in plan.duties.all() if duty.period == Period.ONCE]


def _review(window: Window, entries: Sequence[CalendarEntry]) -> list[CycleSpec]:
    """The cycles of a review, due on the last day that the plan names (earlier ones are for drafts and annexes)."""
    dated = [(entry.due_on, entry) for entry in entries if entry.due_on is not None]
    if not dated:
        return review_slices(window, None, strict=True)
    due_on, last = max(dated, key=lambda pair: pair[0])
    return review_slices(window, due_on, strict=bool(last.strict), addressee=last.to or "")


def _spec(entry: CalendarEntry, window: Window) -> CycleSpec:
    regime = Regime.ND09 if is_nd09(window) else Regime.PLAN
    label = entry.cycle[:1].upper() + entry.cycle[1:]
    return CycleSpec(label, window, regime, entry.due_on, bool(entry.strict), entry.to or "")


def is_nd09(window: Window) -> bool:
    """Whether NĐ 09/2019 cuts such a window: a month, quarter, half-year, nine months or year from a 15th to a 14th."""
    year, month = window.end.year, window.end.month
    cut = {nd09_month(year, month), nd09_nine_months(year), nd09_year(year)}
    cut |= {nd09_quarter(year, number) for number in range(1, 5)} | {nd09_half(year, number) for number in (1, 2)}
    return window in cut


def _with_distinct_labels(specs: list[CycleSpec]) -> list[CycleSpec]:
    """The specs, a label that comes again told apart by its due date or a number: labels are unique within a plan."""
    taken: set[str] = set()
    distinct = []
    for spec in specs:
        label, number = spec.label[:LONGEST_LABEL], 1
        while label in taken:
            number += 1
            label = f"{spec.label[: LONGEST_LABEL - 10]} ({number})"
        taken.add(label)
        distinct.append(replace(spec, label=label))
    return distinct


def _as_reading(plan: Plan, duties: list[Duty]) -> PlanReading:
    """The plan as accepted, in the shape the calendar is made from."""
    window = Window(plan.data_from, plan.data_to) if plan.data_from and plan.data_to else None
    return PlanReading(
        is_plan=True,
        number=plan.number or None,
        issued_on=plan.issued_on,
        title=plan.title or None,
        year_from=plan.year_from,
        year_to=plan.year_to,
        reporting=tuple(_duty(duty) for duty in duties),
        data_window=window,
    )


def _duty(duty: Duty) -> DutyReading:
    return DutyReading(
        period=Period(duty.period),
        due=duty.due or None,
        to=duty.addressee or None,
        strict=duty.strict,
        by=tuple(duty.owed_by),
        span=(duty.span_start or 0, duty.span_end or 0),
        rule=duty.rule,
        confidence=duty.confidence,
    )
