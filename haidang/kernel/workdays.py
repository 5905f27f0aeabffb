"""Which days are worked: Mondays to Fridays that are no public holiday, and what is exchanged for them.

The holidays are given (Bộ luật Lao động 2019, Điều 112: some by the solar calendar, some by the lunar), and for some
years the decision that fixes them, which takes the place of the rules for that year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from haidang.kernel.lunar import EARLIEST, LATEST, lunar_date

_DAY = timedelta(days=1)
_WEEKEND = {5: "Thứ Bảy", 6: "Chủ Nhật"}
MOST_STEPS = 60


@dataclass(frozen=True, slots=True)
class HolidayRule:
    """A holiday of every year: `days` days from a day on and `before` days before it, by one of the two calendars."""

    name: str
    month: int
    day: int
    days: int = 1
    before: int = 0
    lunar: bool = False

    def dates(self, year: int) -> list[date]:
        """The days of the holiday that begins in a (solar or lunar) year."""
        first = lunar_date(year, self.month, self.day) if self.lunar else date(year, self.month, self.day)
        return [first + n * _DAY for n in range(-self.before, self.days)]


@dataclass(frozen=True, slots=True)
class DecidedYear:
    """What was decided for one year: weekdays off, weekend days worked in exchange, and by whom."""

    off: frozenset[date]
    work: frozenset[date]
    source: str
    verified: bool


@dataclass(frozen=True)
class WorkCalendar:
    """The days that are worked."""

    rules: tuple[HolidayRule, ...] = ()
    decided: Mapping[int, DecidedYear] = field(default_factory=dict)

    def why_off(self, day: date) -> str:
        """Why the day is not worked ("Chủ Nhật", "nghỉ Tết Nguyên đán"), or "" when it is."""
        decision = self.decided.get(day.year)
        if decision is not None and day in decision.work:
            return ""
        if day.weekday() in _WEEKEND:
            return _WEEKEND[day.weekday()]
        if decision is not None:
            return "ngày nghỉ lễ" if day in decision.off else ""
        return self._by_rule(day)

    def is_working(self, day: date) -> bool:
        """Whether the day is worked."""
        return not self.why_off(day)

    def is_decided(self, year: int) -> bool:
        """Whether the days off of this year are decided; otherwise they are an estimate by the rules."""
        return year in self.decided

    def next_working(self, day: date) -> date:
        """The day itself when it is worked, else the first one after it that is (Bộ luật Dân sự 2015, Điều 148.5)."""
        while not self.is_working(day):
            day += _DAY
        return day

    def back(self, day: date, steps: int) -> date:
        """The working day that lies `steps` working days before a day; the day itself for 0 steps.

        ValueError for a negative number of steps, or more than MOST_STEPS.
        """
        if not 0 <= steps <= MOST_STEPS:
            raise ValueError(f"Số ngày làm việc phải từ 0 đến {MOST_STEPS}.")
        for _ in range(steps):
            day -= _DAY
            while not self.is_working(day):
                day -= _DAY
        return day

    def between(self, start: date, end: date) -> int:
        """How many working days come after `start` up to `end`, `end` included; 0 when `end` is not later."""
        return sum(self.is_working(start + n * _DAY) for n in range(1, (end - start).days + 1))

    def _by_rule(self, day: date) -> str:
        """The holiday of a weekday of a year without a decision, made-up days (Điều 111.3) included; "" when none."""
        return self._estimate(day.year).get(day, "") if EARLIEST <= day.year <= LATEST else ""

    def _estimate(self, year: int) -> dict[date, str]:
        found: dict[date, str] = {}
        missed: list[tuple[date, str]] = []
        for rule in self.rules:
            for day in rule.dates(year):
                found[day] = f"nghỉ {rule.name}"
                if day.weekday() in _WEEKEND:
                    missed.append((day, rule.name))
        for holiday, name in sorted(missed):
            instead = holiday
            while instead in found or instead.weekday() in _WEEKEND:
                instead += _DAY
            found[instead] = f"nghỉ bù {name}"
        return found
