"""From the duties of an accepted plan to the cycles that a person may open."""

from __future__ import annotations

from datetime import date

from haidang.accounts.actors import SYSTEM
from haidang.filings.actions import open_cycles
from haidang.filings.cycles.proposals import duties_without_window, is_nd09, proposed_cycles
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


def test_a_monthly_duty_gives_twelve_months_each_with_its_date(cast: Cast) -> None:
    specs = proposed_cycles(with_duties(cast.plan, ("month", "20 hằng tháng", True)))
    assert [(spec.label, spec.due_on) for spec in specs] == [
        (f"Tháng {month}/2026", date(2026, month, 20)) for month in range(1, 13)
    ]
    assert [spec.window for spec in specs] == [nd09_month(2026, month) for month in range(1, 13)]
    assert {spec.regime for spec in specs} == {Regime.ND09}


def test_a_date_in_the_month_after_the_period_is_understood(cast: Cast) -> None:
    specs = proposed_cycles(
        with_duties(cast.plan, ("month", "05 của tháng sau", False), ("quarter", "10 của tháng đầu quý sau", True))
    )
    due = {spec.label: spec.due_on for spec in specs}
    assert (due["Tháng 1/2026"], due["Tháng 12/2026"]) == (date(2026, 2, 5), date(2027, 1, 5))
    assert (due["Quý I/2026"], due["Quý IV/2026"]) == (date(2026, 4, 10), date(2027, 1, 10))


def test_words_that_are_no_known_rule_leave_every_period_to_be_dated(cast: Cast) -> None:
    specs = proposed_cycles(with_duties(cast.plan, ("quarter", "cuối quý", None)))
    assert [(spec.label, spec.due_on) for spec in specs] == [
        (f"Quý {name}/2026", None) for name in ("I", "II", "III", "IV")
    ]


def test_a_duty_that_names_no_days_of_data_is_not_passed_over(cast: Cast) -> None:
    plan = with_duties(cast.plan, ("once", "2026-04-20", True), ("year", "12/12", True))
    assert [spec.label for spec in proposed_cycles(plan)] == ["Năm 2026"]
    assert [duty.due for duty in duties_without_window(plan)] == ["2026-04-20"]
    review = with_duties(cast.plan, is_review=True, data_from=date(2024, 2, 9), data_to=date(2026, 6, 15))
    assert duties_without_window(review) == []


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
