"""How many due dates a board shows at once: as many as can be counted, never a part of one."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from haidang.filings.chasing.span import MOST_AT_ONCE, Span, cut
from haidang.filings.models import Cycle

DAYS = [date(2024, 3, 25), date(2024, 6, 25), date(2024, 9, 25), date(2024, 12, 25)]


def cycles_due(days: list[date]) -> list[Cycle]:
    return [Cycle(pk=number, due_on=day) for number, day in enumerate(days, start=1)]


def days_of(span: Span) -> list[date]:
    return [cycle.due_on for cycle in span.cycles]


def test_what_fits_is_shown_whole() -> None:
    span = cut(cycles_due(DAYS), {1: 6000, 2: 6000, 3: 6000, 4: 6000}, None)
    assert days_of(span) == DAYS
    assert span.whole


def test_of_more_the_latest_due_dates_are_shown_and_the_others_are_a_step_away() -> None:
    cycles, owed = cycles_due(DAYS), dict.fromkeys(range(1, 5), 10_000)
    latest = cut(cycles, owed, None)
    assert days_of(latest) == DAYS[2:]
    assert (latest.earlier, latest.later) == (DAYS[1], None)
    before = cut(cycles, owed, latest.earlier)
    assert days_of(before) == DAYS[:2]
    assert (before.earlier, before.later) == (None, DAYS[3])


def test_a_due_date_is_not_divided_however_much_is_owed_then() -> None:
    cycles = cycles_due([DAYS[0], DAYS[1], DAYS[1], DAYS[1]])
    span = cut(cycles, dict.fromkeys(range(1, 5), MOST_AT_ONCE), None)
    assert days_of(span) == [DAYS[1]] * 3


def test_a_day_before_all_due_dates_shows_the_latest() -> None:
    assert days_of(cut(cycles_due(DAYS), dict.fromkeys(range(1, 5), MOST_AT_ONCE), date(2000, 1, 1))) == DAYS[3:]
    assert cut([], {}, None) == Span([], None, None)


@given(sizes=st.lists(st.integers(0, 30_000), min_size=1, max_size=8))
def test_stepping_back_and_forth_passes_every_due_date(sizes: list[int]) -> None:
    cycles = cycles_due([date(2020, 1, 1 + number) for number in range(len(sizes))])
    owed = {cycle.pk: size for cycle, size in zip(cycles, sizes, strict=True)}
    for step in ("earlier", "later"):
        seen, until = set(), None if step == "earlier" else cycles[0].due_on
        for _ in cycles:
            span = cut(cycles, owed, until)
            seen |= set(days_of(span))
            until = getattr(span, step)
            if until is None:
                break
        assert seen == set(days_of(Span(cycles, None, None)))


def test_very_many_cycles_of_few_obligations_are_much_as_well() -> None:
    days = [day for day in DAYS for _ in range(200)]
    span = cut(cycles_due(days), dict.fromkeys(range(1, 801), 1), None)
    assert days_of(span) == [day for day in DAYS[2:] for _ in range(200)]
