"""Arithmetic of validity: spans of whole days, both ends included, None where open."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

Span = tuple[date | None, date | None]


def common_span(a: Span, b: Span) -> Span | None:
    """The days that both spans have, or None."""
    starts = [day for day in (a[0], b[0]) if day]
    ends = [day for day in (a[1], b[1]) if day]
    start, end = (max(starts) if starts else None), (min(ends) if ends else None)
    return None if start and end and start > end else (start, end)


def holds_on(span: Span, on: date) -> bool:
    """Whether the span has the day."""
    return (span[0] is None or span[0] <= on) and (span[1] is None or on <= span[1])


def day_after(span: Span) -> date | None:
    """The first day after the span; None when it is open."""
    return span[1] + timedelta(days=1) if span[1] else None


def overlaps(spans: Iterable[Span]) -> list[tuple[Span, Span]]:
    """The pairs of neighbouring spans that share a day, in order of their start: none for a clean history."""
    ordered = sorted(spans, key=lambda span: span[0] or date.min)
    return [(a, b) for a, b in itertools.pairwise(ordered) if common_span(a, b)]


def gaps(spans: Sequence[Span]) -> list[Span]:
    """The days between neighbouring spans that none of them has, as spans."""
    ordered = sorted(spans, key=lambda span: span[0] or date.min)
    found: list[Span] = []
    for a, b in itertools.pairwise(ordered):
        after = day_after(a)
        if after and b[0] and after < b[0]:
            found.append((after, b[0] - timedelta(days=1)))
    return found
