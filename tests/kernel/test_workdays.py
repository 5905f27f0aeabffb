"""Working days: weekends, holidays of two calendars, and the decision of a year that takes the place of the rules."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.catalogue.holidays import work_calendar
from haidang.kernel.lunar import lunar_date
from haidang.kernel.workdays import DecidedYear, HolidayRule, WorkCalendar

days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
NATIONAL = work_calendar()
PLAIN = WorkCalendar()


@pytest.mark.parametrize(
    "new_year",
    ["1985-01-21", "2007-02-17", "2020-01-25", "2023-01-22", "2024-02-10", "2025-01-29", "2026-02-17", "2030-02-02",
     "2033-01-31", "2034-02-19"],
)  # fmt: skip
def test_tet_falls_by_the_clock_of_viet_nam(new_year: str) -> None:
    """In 1985, 2007 and 2030 the Chinese calendar has another day."""
    day = date.fromisoformat(new_year)
    assert lunar_date(day.year, 1, 1) == day


@given(st.integers(1901, 2198))
def test_a_lunar_year_has_twelve_or_thirteen_months(year: int) -> None:
    length = (lunar_date(year + 1, 1, 1) - lunar_date(year, 1, 1)).days
    assert length in {353, 354, 355, 383, 384, 385}
    assert date(year, 1, 20) <= lunar_date(year, 1, 1) <= date(year, 2, 22)
    months = [lunar_date(year, month, 1) for month in range(1, 11)]
    assert all((b - a).days in {29, 30, 58, 59, 60} for a, b in itertools.pairwise(months))


def test_days_that_no_lunar_calendar_has_are_refused() -> None:
    with pytest.raises(ValueError, match="only 1900-2199"):
        lunar_date(1800, 1, 1)
    with pytest.raises(ValueError, match="not a day"):
        lunar_date(2025, 1, 31)


def test_a_weekend_is_not_worked_and_says_so() -> None:
    assert PLAIN.why_off(date(2025, 6, 15)) == "Chủ Nhật"
    assert PLAIN.next_working(date(2025, 6, 14)) == date(2025, 6, 16)
    assert PLAIN.next_working(date(2025, 6, 16)) == date(2025, 6, 16)


def test_steps_back_skip_weekends_and_holidays() -> None:
    assert NATIONAL.back(date(2025, 6, 16), 2) == date(2025, 6, 12)
    assert NATIONAL.back(date(2025, 5, 6), 2) == date(2025, 4, 29)  # 30/4-04/5 are off
    assert NATIONAL.back(date(2025, 6, 15), 0) == date(2025, 6, 15)
    with pytest.raises(ValueError, match="từ 0 đến 60"):
        NATIONAL.back(date(2025, 6, 15), 61)


def test_working_days_between_count_the_end_but_not_the_start() -> None:
    friday, monday = date(2025, 6, 13), date(2025, 6, 16)
    assert NATIONAL.between(friday, monday) == 1
    assert NATIONAL.between(monday, friday) == 0
    assert NATIONAL.between(date(2025, 4, 29), date(2025, 5, 5)) == 1


def test_the_decision_of_a_year_takes_the_place_of_the_rules() -> None:
    assert NATIONAL.why_off(date(2025, 1, 28)) == "ngày nghỉ lễ"
    assert NATIONAL.is_working(date(2025, 4, 26))  # a Saturday, exchanged for 02/5
    assert not NATIONAL.is_working(date(2025, 5, 2))
    assert NATIONAL.is_decided(2025) and not NATIONAL.is_decided(2031)


def test_without_a_decision_the_rules_say_and_what_falls_on_a_weekend_is_made_up_for() -> None:
    assert NATIONAL.why_off(date(2031, 1, 23)) == "nghỉ Tết Nguyên đán"
    assert not NATIONAL.is_working(date(2031, 4, 30))
    # In 2027 1/5 is a Saturday: the next working day is off in its place.
    assert NATIONAL.why_off(date(2027, 5, 3)) == "nghỉ bù Ngày Quốc tế lao động"
    assert WorkCalendar((HolidayRule("x", 5, 1),)).is_working(date(2027, 5, 4))


def test_a_decided_year_needs_no_rule() -> None:
    friday, saturday = date(2030, 3, 1), date(2030, 3, 2)
    calendar = WorkCalendar((), {2030: DecidedYear(frozenset({friday}), frozenset({saturday}), "giả định", True)})
    assert not calendar.is_working(friday)
    assert calendar.is_working(saturday)


@given(days, st.integers(0, 30))
def test_back_and_between_agree(day: date, steps: int) -> None:
    start = NATIONAL.next_working(day)
    back = NATIONAL.back(start, steps)
    assert NATIONAL.is_working(back)
    assert NATIONAL.between(back, start) == steps


@given(days)
def test_the_next_working_day_is_never_far(day: date) -> None:
    assert timedelta() <= NATIONAL.next_working(day) - day <= timedelta(days=10)
