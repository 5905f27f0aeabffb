"""Reporting calendars: the windows of NĐ 09/2019/NĐ-CP Điều 12 (data closes on the 14th), and due dates.

Under NĐ 09/2019 the year 2026 runs 15/12/2025-14/12/2026: the year of a window comes from its regime, never from its
first day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from haidang.kernel.windows import Window


class Period(StrEnum):
    """How often a duty to report comes round."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    NINE_MONTHS = "nine_months"
    YEAR = "year"
    ONCE = "once"


class Regime(StrEnum):
    """Who cut the window: NĐ 09/2019, the calendar, the plan itself, or a letter that asks for figures once."""

    ND09 = "nd09"
    CALENDAR = "calendar"
    PLAN = "plan"
    REQUEST = "request"


_MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.HALF_YEAR: 6, Period.NINE_MONTHS: 9, Period.YEAR: 12}


def _month_start(year: int, month: int) -> date:
    """The 15th of the month before `month` of `year`."""
    return date(year - 1, 12, 15) if month == 1 else date(year, month - 1, 15)


def _numbered(year: int, number: int, months_each: int, most: int) -> Window:
    if not 1 <= number <= most:
        raise ValueError(f"number {number} is not between 1 and {most}")
    last = number * months_each
    return Window(_month_start(year, last - months_each + 1), date(year, last, 14))


def nd09_month(year: int, number: int) -> Window:
    """Month 1-12: from the 15th of the month before to the 14th (NĐ 09/2019 Điều 12.1)."""
    return _numbered(year, number, 1, 12)


def nd09_quarter(year: int, number: int) -> Window:
    """Quarter 1-4: quarter I is 15/12 of the year before to 14/3 (NĐ 09/2019 Điều 12.2)."""
    return _numbered(year, number, 3, 4)


def nd09_half(year: int, number: int) -> Window:
    """Half-year 1-2: 15/12-14/6 and 15/6-14/12 (NĐ 09/2019 Điều 12.3)."""
    return _numbered(year, number, 6, 2)


def nd09_nine_months(year: int) -> Window:
    """Nine months: 15/12-14/9, as provinces add it to the decree's periods."""
    return Window(_month_start(year, 1), date(year, 9, 14))


def nd09_year(year: int) -> Window:
    """The reporting year: 15/12 of the year before to 14/12 (NĐ 09/2019 Điều 12.4)."""
    return _numbered(year, 1, 12, 1)


def calendar_window(period: Period, year: int, number: int = 1) -> Window:
    """The window of a period of the calendar year: month, quarter, half-year (by number), nine months or year."""
    months = _MONTHS[period]
    if not 1 <= number <= numbers_in(period):
        raise ValueError(f"number {number} is not between 1 and {numbers_in(period)}")
    last = number * months
    return Window(date(year, last - months + 1, 1), date(year + last // 12, last % 12 + 1, 1) - timedelta(days=1))


def nd09_window(period: Period, year: int, number: int = 1) -> Window:
    """The window of a period under NĐ 09/2019; ValueError when the year has no such period."""
    if period is Period.NINE_MONTHS:
        return nd09_nine_months(year)
    return _numbered(year, number, _MONTHS[period], numbers_in(period))


def numbers_in(period: Period) -> int:
    """How many such periods a year has: 12 months, 4 quarters, 2 half-years, 1 nine months, 1 year."""
    return 12 // _MONTHS[period]


def period_name(period: Period, year: int, number: int = 1) -> str:
    """ "Tháng 3/2025", "Quý II/2025", "06 tháng đầu năm 2025", "09 tháng năm 2025", "Năm 2025"."""
    if period is Period.MONTH:
        return f"Tháng {number}/{year}"
    if period is Period.QUARTER:
        return f"Quý {('I', 'II', 'III', 'IV')[number - 1]}/{year}"
    if period is Period.HALF_YEAR:
        return f"06 tháng {('đầu', 'cuối')[number - 1]} năm {year}"
    return f"09 tháng năm {year}" if period is Period.NINE_MONTHS else f"Năm {year}"


@dataclass(frozen=True, slots=True)
class DueDate:
    """A due date as written. Strict ("trước ngày") means the day before is the last one that is on time."""

    on: date
    strict: bool

    @classmethod
    def ending(cls, last_day: date, strict: bool) -> DueDate:
        """The due date, written strictly or not, whose last day on time this is."""
        return cls(last_day + timedelta(days=1) if strict else last_day, strict)

    @property
    def last_day(self) -> date:
        """The last day on which a filing is still on time."""
        return self.on - timedelta(days=1) if self.strict else self.on

    def days_late(self, filed_on: date) -> int:
        """Days after the last day; 0 when on time."""
        return max(0, (filed_on - self.last_day).days)

    def precedes_close_of(self, window: Window) -> bool:
        """Whether the filing is due before its data closes, so that its figures are provisional."""
        return self.last_day <= window.end
