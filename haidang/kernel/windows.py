"""Windows of data: closed intervals of days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, order=True, slots=True)
class Window:
    """The days from `start` to `end`, both included. A window that ends before it starts is refused."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"the window ends ({self.end}) before it starts ({self.start})")

    @property
    def days(self) -> int:
        """Length in days, both ends counted."""
        return (self.end - self.start).days + 1

    @property
    def months(self) -> float:
        """Length in months, to one decimal; a begun month counts by its share of days. 09/02/2021-15/6/2025 is 52.2.

        Rounded, so that whoever recalculates a monthly rate from the printed length gets the printed rate.
        """
        whole = (self.end.year - self.start.year) * 12 + self.end.month - self.start.month
        return round(whole + (self.end.day - self.start.day + 1) / 30.4375, 1)

    def contains(self, other: Window) -> bool:
        """Whether every day of `other` lies in this window."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Window) -> bool:
        """Whether the two share at least one day."""
        return self.start <= other.end and other.start <= self.end

    def by_calendar_year(self) -> list[Window]:
        """The window cut at each 1 January: the yearly slices of a review; first and last may be part-years."""
        return [
            Window(max(self.start, date(year, 1, 1)), min(self.end, date(year, 12, 31)))
            for year in range(self.start.year, self.end.year + 1)
        ]

    def is_full_calendar_year(self) -> bool:
        """Whether it is exactly 1 January to 31 December of one year."""
        return self == Window(date(self.start.year, 1, 1), date(self.start.year, 12, 31))


def validity_covers(valid_from: date | None, valid_to: date | None, on: date) -> bool:
    """Whether `on` lies in a validity; None is open at that end, `valid_to` is the last day in force."""
    return (valid_from is None or valid_from <= on) and (valid_to is None or on <= valid_to)
