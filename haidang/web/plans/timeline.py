"""Where days lie on a plan's year line, in percent: geometry for SVG attributes, so that no style is inline."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from haidang.plans.models import Plan


@dataclass(frozen=True, slots=True)
class Mark:
    """A label of the axis (a month or a year): its words, where it ends in percent, and whether today lies in it."""

    words: str
    end: float
    now: bool


@dataclass(frozen=True, slots=True)
class Axis:
    """The days from `first` to `last`, both included."""

    first: date
    last: date
    today: date

    @property
    def days(self) -> int:
        """Length in days."""
        return (self.last - self.first).days + 1

    def percent(self, day: date) -> float:
        """Where the morning of `day` lies; days outside are drawn at the edge."""
        return round(100 * min(max((day - self.first).days, 0), self.days) / self.days, 2)

    @property
    def now(self) -> float | None:
        """Where today lies; None when it is outside."""
        return self.percent(self.today) if self.first <= self.today <= self.last else None

    @property
    def single_year(self) -> bool:
        """Whether the axis is one calendar year: labelled by months, else by years."""
        return self.first.year == self.last.year

    def marks(self) -> list[Mark]:
        """The months of the year, or the years."""
        if self.single_year:
            starts = [date(self.first.year, month, 1) for month in range(1, 13)]
            words = [f"T{month}" for month in range(1, 13)]
        else:
            starts = [date(year, 1, 1) for year in range(self.first.year, self.last.year + 1)]
            words = [str(start.year) for start in starts]
        ends = [*starts[1:], self.last + timedelta(days=1)]
        return [
            Mark(word, self.percent(end), start <= self.today < end)
            for word, start, end in zip(words, starts, ends, strict=True)
        ]

    def stretch(self, window_from: date | None, window_to: date | None) -> tuple[float, float]:
        """[x, width] of a window in percent; an open end reaches to the end of the axis."""
        start = self.percent(window_from or self.first)
        end = self.percent((window_to or self.last) + timedelta(days=1))
        return start, round(max(end - start, 0.4), 2)


def axis_of(plan: Plan, days: Iterable[date], today: date) -> Axis:
    """The plan's years; without any, the years of its windows, or this one."""
    years = [year for year in (plan.year_from, plan.year_to) if year] or [day.year for day in days] or [today.year]
    return Axis(date(min(years), 1, 1), date(max(years), 12, 31), today)
