"""Windows and calendars: the hand-countable cases of NĐ 09/2019, and the arithmetic in general."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.kernel.calendars import (
    CALENDAR,
    ND09,
    DueDate,
    Period,
    YearCut,
    nd09_half,
    nd09_month,
    nd09_nine_months,
    nd09_quarter,
    nd09_year,
    numbers_in,
    period_name,
)
from haidang.kernel.windows import Window, validity_covers

days = st.dates(date(2000, 1, 1), date(2099, 12, 31))


def test_quarter_one_crosses_the_calendar_year() -> None:
    assert nd09_quarter(2026, 1) == Window(date(2025, 12, 15), date(2026, 3, 14))


def test_the_other_windows_of_the_decree() -> None:
    assert nd09_month(2025, 1) == Window(date(2024, 12, 15), date(2025, 1, 14))
    assert nd09_half(2025, 1) == Window(date(2024, 12, 15), date(2025, 6, 14))
    assert nd09_half(2025, 2) == Window(date(2025, 6, 15), date(2025, 12, 14))
    assert nd09_nine_months(2025) == Window(date(2024, 12, 15), date(2025, 9, 14))
    assert nd09_year(2025) == Window(date(2024, 12, 15), date(2025, 12, 14))


@given(st.integers(2000, 2099))
def test_quarters_and_months_tile_the_reporting_year(year: int) -> None:
    for parts in ([nd09_quarter(year, n) for n in range(1, 5)], [nd09_month(year, n) for n in range(1, 13)]):
        assert parts[0].start == nd09_year(year).start
        assert parts[-1].end == nd09_year(year).end
        assert all(a.end + timedelta(days=1) == b.start for a, b in itertools.pairwise(parts))


def test_a_quarter_five_is_refused() -> None:
    with pytest.raises(ValueError, match="5"):
        nd09_quarter(2025, 5)


def test_before_a_day_excludes_that_day() -> None:
    strict, latest = DueDate(date(2025, 6, 12), strict=True), DueDate(date(2025, 6, 12), strict=False)
    assert strict.days_late(date(2025, 6, 12)) == 1
    assert latest.days_late(date(2025, 6, 12)) == 0
    assert strict.last_day == date(2025, 6, 11)


def test_a_due_date_before_the_close_makes_figures_provisional() -> None:
    assert DueDate(date(2025, 6, 12), strict=True).precedes_close_of(nd09_half(2025, 1))
    assert DueDate(date(2025, 6, 15), strict=True).precedes_close_of(nd09_half(2025, 1))
    assert not DueDate(date(2025, 6, 17), strict=True).precedes_close_of(nd09_half(2025, 1))


def test_the_closing_review_has_five_slices_two_of_them_part_years() -> None:
    slices = Window(date(2021, 2, 9), date(2025, 6, 15)).by_calendar_year()
    assert [w.start.year for w in slices] == [2021, 2022, 2023, 2024, 2025]
    assert [w.is_full_calendar_year() for w in slices] == [False, True, True, True, False]


@given(days, st.integers(0, 5000))
def test_slices_cover_the_window_without_overlap(start: date, length: int) -> None:
    window = Window(start, start + timedelta(days=length))
    slices = window.by_calendar_year()
    assert sum(part.days for part in slices) == window.days
    assert all(window.contains(part) for part in slices)
    assert not any(a.overlaps(b) for a, b in itertools.pairwise(slices))


def test_a_window_cannot_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        Window(date(2025, 1, 2), date(2025, 1, 1))


def test_the_review_window_is_about_52_months() -> None:
    assert round(Window(date(2021, 2, 9), date(2025, 6, 15)).months) == 52
    assert round(Window(date(2016, 1, 1), date(2020, 12, 31)).months) == 60


def test_validity_includes_both_ends_and_null_is_open() -> None:
    first, last = date(2025, 3, 1), date(2025, 6, 30)
    assert validity_covers(first, last, first)
    assert validity_covers(first, last, last)
    assert not validity_covers(first, last, date(2025, 7, 1))
    assert validity_covers(None, None, date(1990, 1, 1))


def test_the_windows_of_the_calendar_year() -> None:
    assert CALENDAR.window(Period.MONTH, 2024, 2) == Window(date(2024, 2, 1), date(2024, 2, 29))
    assert CALENDAR.window(Period.QUARTER, 2025, 4) == Window(date(2025, 10, 1), date(2025, 12, 31))
    assert CALENDAR.window(Period.HALF_YEAR, 2025, 2) == Window(date(2025, 7, 1), date(2025, 12, 31))
    assert CALENDAR.window(Period.NINE_MONTHS, 2025) == Window(date(2025, 1, 1), date(2025, 9, 30))
    assert CALENDAR.window(Period.YEAR, 2025) == Window(date(2025, 1, 1), date(2025, 12, 31))
    with pytest.raises(ValueError, match="not between 1 and 4"):
        CALENDAR.window(Period.QUARTER, 2025, 5)


@given(st.sampled_from([period for period in Period if period is not Period.ONCE]), st.integers(2000, 2099))
def test_every_period_can_be_asked_for_by_name_and_number(period: Period, year: int) -> None:
    numbers = range(1, numbers_in(period) + 1)
    decree = [ND09.window(period, year, number) for number in numbers]
    assert all(window.start.day == 15 and window.end.day == 14 for window in decree)
    assert all(a.end + timedelta(days=1) == b.start for a, b in itertools.pairwise(decree))
    assert len({period_name(period, year, number) for number in numbers}) == len(numbers)
    assert all(ND09.window(period, year, number).end.year == year for number in numbers)


@given(
    st.builds(YearCut, st.integers(1, 12), st.integers(1, 28), st.booleans()),
    st.sampled_from([period for period in Period if period is not Period.ONCE]),
    st.integers(2000, 2099),
)
def test_whatever_the_year_begins_with_its_periods_tile_it(cut: YearCut, period: Period, year: int) -> None:
    windows = [cut.window(period, year, number) for number in range(1, numbers_in(period) + 1)]
    whole = cut.window(Period.YEAR, year)
    assert (windows[0].start, whole.start.day, whole.start.month) == (whole.start, cut.day, cut.month)
    assert all(a.end + timedelta(days=1) == b.start for a, b in itertools.pairwise(windows))
    assert period is Period.NINE_MONTHS or windows[-1].end == whole.end
    assert cut.window(Period.YEAR, year + 1).start == whole.end + timedelta(days=1)
    assert whole.start.year == year - cut.year_before


@given(days, st.booleans())
def test_a_due_date_is_known_by_its_last_day(day: date, strict: bool) -> None:
    assert DueDate.ending(day, strict).last_day == day
    assert DueDate.ending(day, strict).strict is strict
