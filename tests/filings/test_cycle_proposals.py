"""From the duties of an accepted plan to the cycles that a person may open."""

from __future__ import annotations

from datetime import date

from haidang.accounts.actors import SYSTEM
from haidang.filings.actions import open_cycles
from haidang.filings.proposals import is_nd09, proposed_cycles
from haidang.kernel.calendars import Regime, nd09_half, nd09_month, nd09_quarter, nd09_year
from haidang.kernel.windows import Window
from haidang.plans.models import Duty, Plan

from .conftest import Cast


def with_duties(plan: Plan, *duties: tuple[str, str, bool | None], **more: object) -> Plan:
    for key, value in {"year_from": 2026, "year_to": 2026, "issued_on": date(2026, 1, 20), **more}.items():
        setattr(plan, key, value)
    plan.save()
    Duty.objects.bulk_create(
        Duty(plan=plan, position=position, period=period, due=due, strict=strict, addressee="Công an tỉnh")
        for position, (period, due, strict) in enumerate(duties)
    )
    return plan


def test_dated_duties_give_their_cycles_with_the_windows_of_the_decree(cast: Cast) -> None:
    plan = with_duties(cast.plan, ("quarter", "12/3", True), ("half_year", "12/6", True), ("year", "12/12", True))
    specs = proposed_cycles(plan)
    assert [(spec.label, spec.window, spec.due_on, spec.strict) for spec in specs] == [
        ("Quý I/2026", nd09_quarter(2026, 1), date(2026, 3, 12), True),
        ("06 tháng/2026", nd09_half(2026, 1), date(2026, 6, 12), True),
        ("Năm 2026", nd09_year(2026), date(2026, 12, 12), True),
    ]
    assert {spec.regime for spec in specs} == {Regime.ND09}
    assert len(open_cycles(SYSTEM, plan, specs)) == 3


def test_a_duty_without_a_date_asks_for_it(cast: Cast) -> None:
    specs = proposed_cycles(with_duties(cast.plan, ("quarter", "", None)))
    assert [spec.label for spec in specs] == ["Quý I/2026", "Quý II/2026", "Quý III/2026", "Quý IV/2026"]
    assert {spec.due_on for spec in specs} == {None}


def test_the_same_cycle_due_twice_gets_two_labels(cast: Cast) -> None:
    specs = proposed_cycles(with_duties(cast.plan, ("year", "12/12", True), ("year", "20/12", False)))
    assert [spec.label for spec in specs] == ["Năm 2026", "Năm 2026 (2)"]


def test_a_review_is_cut_by_calendar_year_and_due_when_the_report_is(cast: Cast) -> None:
    plan = with_duties(
        cast.plan, ("once", "2026-04-20", True), ("once", "2026-06-20", True),
        is_review=True, data_from=date(2024, 2, 9), data_to=date(2026, 6, 15),
    )  # fmt: skip
    specs = proposed_cycles(plan)
    assert [spec.window.start.year for spec in specs] == [2024, 2025, 2026, 2016]
    assert {(spec.due_on, spec.strict) for spec in specs} == {(date(2026, 6, 20), True)}
    assert [spec.baseline for spec in specs] == [False, False, False, True]


def test_a_review_without_a_date_asks_for_it(cast: Cast) -> None:
    plan = with_duties(cast.plan, is_review=True, data_from=date(2024, 2, 9), data_to=date(2026, 6, 15))
    assert {spec.due_on for spec in proposed_cycles(plan)} == {None}


def test_windows_of_the_decree_are_known_from_others() -> None:
    assert is_nd09(nd09_month(2026, 1))
    assert is_nd09(nd09_quarter(2026, 4))
    assert not is_nd09(Window(date(2026, 1, 1), date(2026, 3, 31)))
