"""The four buckets leaders read: done in time, done late, open in time, overdue.

Pure: from days alone to a bucket. A task without a deadline of its own ends with the years of its plan; a task that
comes round has a last day for each occurrence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from haidang.kernel.calendars import CALENDAR, Period, numbers_in, period_name

MOST_YEARS = 10
_LETTERS = {Period.MONTH: "M", Period.QUARTER: "Q", Period.HALF_YEAR: "H", Period.YEAR: ""}


class Bucket(StrEnum):
    """Where a piece of work stands; the values stand in addresses."""

    DONE = "dung-han"
    DONE_LATE = "qua-han"
    OPEN = "dang-lam"
    OVERDUE = "dang-qua-han"


# What one word says of work that many share: it is as bad as its worst part.
_WORST_FIRST = (Bucket.OVERDUE, Bucket.OPEN, Bucket.DONE_LATE, Bucket.DONE)


def last_day_of(last_day: date | None, year_to: int | None, extended_to: date | None = None) -> date | None:
    """The last day on time: an extension that was granted, else the last day of the task, else of its plan."""
    own = last_day or (date(year_to, 12, 31) if year_to else None)
    return extended_to or own


def bucket_of(last_day: date | None, done_on: date | None, today: date) -> Bucket:
    """The bucket of work that was done on a day (None: it was not) and had until `last_day` (None: for ever)."""
    if done_on is not None:
        return Bucket.DONE_LATE if last_day is not None and done_on > last_day else Bucket.DONE
    return Bucket.OVERDUE if last_day is not None and today > last_day else Bucket.OPEN


def days_late(last_day: date | None, done_on: date | None, today: date) -> int:
    """How many days after the last day it was done, or has been waiting until today; 0 when in time."""
    return max(0, ((done_on or today) - last_day).days) if last_day is not None else 0


def worst(buckets: Iterable[Bucket]) -> Bucket:
    """The bucket of a task whose agencies stand in these; without any agency nothing is left to do."""
    found = set(buckets)
    return next((bucket for bucket in _WORST_FIRST if bucket in found), Bucket.DONE)


def tally(buckets: Iterable[Bucket]) -> dict[Bucket, int]:
    """How many stand in each bucket, in the order leaders read them; empty buckets included."""
    counts = dict.fromkeys(Bucket, 0)
    for bucket in buckets:
        counts[bucket] += 1
    return counts


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One turn of a task that comes round: its key ("2025-Q3"), its words, its first and last day."""

    key: str
    words: str
    first: date
    last: date


def occurrences_of(period: Period | None, first: date | None, last: date | None) -> tuple[Occurrence, ...]:
    """The turns of a task between two days, cut by the calendar; the outer ones end with the task's own days.

    None for a task that is done once, that has an open end, or whose days hold a single turn: that is done once, too.
    """
    if period not in _LETTERS or first is None or last is None or first > last or last.year - first.year > MOST_YEARS:
        return ()
    found = []
    for year in range(first.year, last.year + 1):
        for number in range(1, numbers_in(period) + 1):
            window = CALENDAR.window(period, year, number)
            if window.start <= last and window.end >= first:
                words = period_name(period, year, number)
                begin, end = max(window.start, first), min(window.end, last)
                found.append(Occurrence(_key(period, year, number), words[:1].lower() + words[1:], begin, end))
    return tuple(found) if len(found) > 1 else ()


def _key(period: Period, year: int, number: int) -> str:
    """ "2025-M3", "2025-Q1", "2025-H2", "2025"."""
    return f"{year}-{_LETTERS[period]}{number}" if _LETTERS[period] else str(year)


def turn_words(key: str) -> str:
    """The words of a turn's key: "2025-Q3" is "quý III/2025"; what is no key stays as it is."""
    year, _, turn = key.partition("-")
    period = next((one for one, letter in _LETTERS.items() if letter == turn[:1]), Period.YEAR)
    number = int(turn[1:]) if turn[1:].isdecimal() else 1
    if not year.isdecimal() or not 1 <= number <= numbers_in(period):
        return key
    words = period_name(period, int(year), number)
    return words[:1].lower() + words[1:]


def begun(occurrences: Sequence[Occurrence], on: date) -> Sequence[Occurrence]:
    """The turns that have begun by a day, in order; before the first one has, that one."""
    return [turn for turn in occurrences if turn.first <= on] or occurrences[:1]


def occurrence_on(occurrences: Sequence[Occurrence], day: date) -> Occurrence | None:
    """The turn that a day belongs to: the last one begun by then; None without turns."""
    return begun(occurrences, day)[-1] if occurrences else None
