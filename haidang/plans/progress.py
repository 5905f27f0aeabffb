"""The four buckets leaders read: done in time, done late, open in time, overdue.

Pure: from days alone to a bucket. A task without a deadline of its own ends with the years of its plan.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum


class Bucket(StrEnum):
    """Where a piece of work stands; the values stand in addresses."""

    DONE = "dung-han"
    DONE_LATE = "qua-han"
    OPEN = "dang-lam"
    OVERDUE = "dang-qua-han"


# What one word says of work that many share: it is as bad as its worst part.
_WORST_FIRST = (Bucket.OVERDUE, Bucket.OPEN, Bucket.DONE_LATE, Bucket.DONE)


def last_day_of(window_to: date | None, year_to: int | None, extended_to: date | None = None) -> date | None:
    """The last day on time: an extension that was granted, else the task's deadline, else its plan's last day."""
    own = window_to or (date(year_to, 12, 31) if year_to else None)
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
