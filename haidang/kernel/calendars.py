"""Reporting calendars: how a regime cuts the year, such as NĐ 09/2019/NĐ-CP Điều 12 (closing on the 14th); due dates.

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
    """Who cut the window: NĐ 09/2019, the calendar, the plan itself, or a letter that asks for figures once.

    Further regimes that cut the year into periods are data of the specs; these are the ones that code speaks of.
    """

    ND09 = "nd09"
    CALENDAR = "calendar"
    PLAN = "plan"
    REQUEST = "request"


_MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.HALF_YEAR: 6, Period.NINE_MONTHS: 9, Period.YEAR: 12}


@dataclass(frozen=True, slots=True)
class YearCut:
    """How a regime cuts time: its year begins on this day, with `year_before` in the calendar year before the one that
    it is called after. Its periods begin on that day of a month and end the day before the next one begins.

    `day` is 1-28, so that every month has it.
    """

    month: int
    day: int
    year_before: bool = False

    def window(self, period: Period, year: int, number: int = 1) -> Window:
        """The window of a period of the year, by its number; ValueError when the year has no such period."""
        months, most = _MONTHS[period], numbers_in(period)
        if not 1 <= number <= most:
            raise ValueError(f"number {number} is not between 1 and {most}")
        last = number * months
        return Window(self._begin(year, last - months), self._begin(year, last) - timedelta(days=1))

    def _begin(self, year: int, months: int) -> date:
        """The day on which the reporting year is so many months old."""
        passed = self.month - 1 + months
        return date(year - self.year_before + passed // 12, passed % 12 + 1, self.day)


# NĐ 09/2019/NĐ-CP, Điều 12; and the calendar year.
ND09 = YearCut(12, 15, year_before=True)
CALENDAR = YearCut(1, 1)


def nd09_month(year: int, number: int) -> Window:
    """Month 1-12: from the 15th of the month before to the 14th (NĐ 09/2019 Điều 12.1)."""
    return ND09.window(Period.MONTH, year, number)


def nd09_quarter(year: int, number: int) -> Window:
    """Quarter 1-4: quarter I is 15/12 of the year before to 14/3 (NĐ 09/2019 Điều 12.2)."""
    return ND09.window(Period.QUARTER, year, number)


def nd09_half(year: int, number: int) -> Window:
    """Half-year 1-2: 15/12-14/6 and 15/6-14/12 (NĐ 09/2019 Điều 12.3)."""
    return ND09.window(Period.HALF_YEAR, year, number)


def nd09_nine_months(year: int) -> Window:
    """Nine months: 15/12-14/9, as provinces add it to the decree's periods."""
    return ND09.window(Period.NINE_MONTHS, year)


def nd09_year(year: int) -> Window:
    """The reporting year: 15/12 of the year before to 14/12 (NĐ 09/2019 Điều 12.4)."""
    return ND09.window(Period.YEAR, year)


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
