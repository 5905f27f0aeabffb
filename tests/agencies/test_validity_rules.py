"""Spans of days: what they share, what lies between."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from haidang.agencies.rules import common_span, gaps, holds_on, overlaps

MAY_1, MAY_2, MAY_9, MAY_10 = date(2025, 5, 1), date(2025, 5, 2), date(2025, 5, 9), date(2025, 5, 10)
days = st.dates(min_value=date(2020, 1, 1), max_value=date(2026, 12, 31))
spans = st.tuples(st.none() | days, st.none() | days).filter(lambda s: not (s[0] and s[1] and s[0] > s[1]))


def test_both_ends_are_included():
    assert holds_on((MAY_1, MAY_2), MAY_1)
    assert holds_on((MAY_1, MAY_2), MAY_2)
    assert not holds_on((MAY_1, MAY_2), MAY_9)
    assert holds_on((None, None), MAY_9)


def test_spans_that_touch_share_a_day_only_when_the_day_is_in_both():
    assert common_span((None, MAY_1), (MAY_1, None)) == (MAY_1, MAY_1)
    assert common_span((None, MAY_1), (MAY_2, None)) is None


def test_a_history_that_overlaps_and_one_with_a_hole():
    assert overlaps([(MAY_2, None), (None, MAY_2)]) == [((None, MAY_2), (MAY_2, None))]
    assert overlaps([(MAY_2, None), (None, MAY_1)]) == []
    assert gaps([(None, MAY_1), (MAY_10, None)]) == [(MAY_2, MAY_9)]
    assert gaps([(None, MAY_1), (MAY_2, None)]) == []


@given(spans, spans, days)
def test_a_day_is_in_the_common_span_exactly_when_it_is_in_both(a, b, day):
    shared = common_span(a, b)
    assert (shared is not None and holds_on(shared, day)) == (holds_on(a, day) and holds_on(b, day))
