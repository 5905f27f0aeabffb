"""Lists and the board count in the database what is alike: figures, order and pages are those of each row alone."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haidang.filings import queries
from haidang.filings.chasing.chosen import (
    LATE,
    Rates,
    agencies_on_board,
    late_on_board,
    rates,
    rates_of_tallies,
    tallies,
)
from haidang.filings.listing import alike_among, page_among
from haidang.filings.models import Cycle, Filing, FilingState, Obligation
from haidang.filings.rules import Letter

from .conftest import Cast

TODAY = date(2025, 3, 15)
DUE = (date(2025, 3, 12), date(2025, 3, 15), date(2025, 3, 20))
PAGE = 2
# Moments around midnight in Viet Nam (17:00 UTC), where the day there is not the day in UTC.
MOMENTS = st.builds(
    lambda days, seconds: datetime(2025, 3, 8, 16, 59, 58, tzinfo=UTC) + timedelta(days=days, seconds=seconds),
    st.integers(0, 8),
    st.integers(0, 4),
)
DAYS = st.dates(date(2025, 3, 8), date(2025, 3, 22))
FATES = st.fixed_dictionaries(
    {
        "state": st.sampled_from(list(FilingState)),
        "received_at": st.none() | MOMENTS,
        "nil": st.booleans(),
        "waived": st.integers(0, 5).map(lambda one: one == 0),
        "extended_to": st.none() | DAYS,
        "due_on": st.none() | DAYS,
    }
)


@pytest.fixture
def cycles(cast: Cast) -> list[Cycle]:
    """Three cycles of three agencies."""
    opened = [cast.cycle(f"Kỳ {number}", ("B1", "B5"), due_on=due) for number, due in enumerate(DUE)]
    assert Obligation.objects.count() == 9
    return opened


def befall(fates: list[dict[str, Any]]) -> None:
    """Let each obligation come to what is given, in the order of their ids."""
    filings = list(Filing.objects.select_related("obligation").order_by("obligation_id"))
    for filing, fate in zip(filings, fates, strict=True):
        filing.state, filing.received_at, filing.nil = fate["state"], fate["received_at"], fate["nil"]
        obligation = filing.obligation
        obligation.waived_reason = "Mới sắp xếp." if fate["waived"] else ""
        obligation.extended_to, obligation.due_on = fate["extended_to"], fate["due_on"]
        obligation.extension_reason = "Chờ số liệu." if fate["extended_to"] else ""
    Filing.objects.bulk_update(filings, ["state", "received_at", "nil"])
    Obligation.objects.bulk_update(
        [filing.obligation for filing in filings], ["waived_reason", "extended_to", "due_on", "extension_reason"]
    )


any_fates = given(fates=st.lists(FATES, min_size=9, max_size=9))
quickly = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@quickly
@any_fates
def test_what_is_counted_stands_as_each_does_alone(
    cast: Cast, cycles: list[Cycle], fates: list[dict[str, Any]]
) -> None:
    befall(fates)
    rows = queries.visible_obligations(cast.ha)
    alone = Counter((one.obligation.cycle_id, one.standing, one.last_day) for one in owed_alone(cast))
    counted: Counter[Any] = Counter()
    for one in alike_among(rows, TODAY):
        counted[one.cycle_id, one.standing, one.last_day] += one.count
    assert counted == alone


@quickly
@any_fates
def test_the_totals_of_the_board_are_those_of_its_squares(
    cast: Cast, cycles: list[Cycle], fates: list[dict[str, Any]]
) -> None:
    befall(fates)
    whole = queries.board(cast.ha, cycles, TODAY)
    squares = [place for row in whole for place in row.places if place]
    found = tallies(cast.ha, cycles, TODAY)
    assert in_order(rates_of_tallies(found)) == in_order(rates(squares))
    for cycle in cycles:
        of_cycle = [place for place in squares if place[0].cycle == cycle]
        assert in_order(rates_of_tallies(one for one in found if one.cycle_id == cycle.pk)) == in_order(rates(of_cycle))
    late = {(row.agency.pk, square.cycle.pk) for row in whole for square, standing in filter(None, row.places)
            if standing.letter in LATE}  # fmt: skip
    assert late_on_board(cast.ha, cycles, TODAY) == late


@quickly
@any_fates
def test_the_pages_of_a_list_are_the_list_cut_in_pieces(
    cast: Cast, cycles: list[Cycle], fates: list[dict[str, Any]]
) -> None:
    befall(fates)
    rows = queries.visible_obligations(cast.ha)
    for letter in (None, Letter.OVERDUE, Letter.LATE, Letter.ON_TIME, Letter.OFF):
        expected = in_list_order(one for one in owed_alone(cast) if letter in (None, one.standing.letter))
        first = page_among(rows, TODAY, letter, 1, PAGE)
        assert (first.count, first.pages) == (len(expected), max(1, -(-len(expected) // PAGE)))
        pages = [page_among(rows, TODAY, letter, number, PAGE) for number in range(1, first.pages + 1)]
        assert [pk for page in pages for pk in page.obligation_ids] == expected


def test_a_page_that_is_not_there_is_the_nearest(cast: Cast, cycles: list[Cycle]) -> None:
    rows = queries.visible_obligations(cast.ha)
    assert page_among(rows, TODAY, None, 99, PAGE).number == 5
    assert page_among(rows, TODAY, None, 0, PAGE).number == 1
    assert page_among(rows, TODAY, Letter.NIL, 5, PAGE).obligation_ids == []


def test_the_board_of_some_agencies_is_that_part_of_the_whole_in_their_order(
    cast: Cast, cycles: list[Cycle], django_assert_num_queries: Any
) -> None:
    some = [cast.people.pk, cast.health.pk]
    with django_assert_num_queries(2):
        part = queries.board(cast.ha, cycles, TODAY, some)
    whole = {row.agency.pk: row for row in queries.board(cast.ha, cycles, TODAY)}
    assert part == [whole[pk] for pk in some]
    assert sum(one.count for one in tallies(cast.ha, cycles, TODAY, some)) == 6
    assert [agency.pk for agency in agencies_on_board(cast.ha, cycles)] == list(whole)


def test_who_sees_nothing_counts_nothing(cast: Cast, cycles: list[Cycle]) -> None:
    assert agencies_on_board(cast.stranger, cycles) == []
    assert tallies(cast.stranger, cycles, TODAY) == []
    assert late_on_board(cast.stranger, cycles, TODAY) == set()


def owed_alone(cast: Cast) -> list[queries.Owed]:
    return [queries.owed(row, TODAY) for row in queries.visible_obligations(cast.ha)]


def in_order(found: Rates) -> tuple[Any, ...]:
    return found.counted, found.received, found.on_time, sorted(found.late_days)


def in_list_order(shown: Any) -> list[int]:
    """Still owed first, the nearest due first; then received, the latest due first; then by cycle and name."""
    keyed = []
    for one in shown:
        received = one.filing.received_at is not None
        day = one.last_day.toordinal() * (-1 if received else 1)
        keyed.append((received, day, one.obligation.cycle_id, one.obligation.agency.name, one.obligation.pk))
    return [key[-1] for key in sorted(keyed)]


def test_more_time_takes_nobody_out_of_what_was_due_and_nobody_in_before(cast: Cast, cycles: list[Cycle]) -> None:
    """Three owe by 12/3 (before it: the 11th is the last day); one was given until 20/3 when it was not due yet."""
    first = cycles[:1]
    Obligation.objects.filter(cycle=first[0], agency=cast.health).update(
        extended_to=date(2025, 3, 20), extension_reason="Chờ số liệu."
    )
    days = (date(2025, 3, 11), date(2025, 3, 12), date(2025, 3, 21))
    early, due, late = (rates_of_tallies(tallies(cast.ha, first, day)) for day in days)
    assert (early.received, early.counted, early.on_time_share) == (0, 0, None)
    assert (due.received, due.counted, sorted(due.late_days)) == (0, 3, [1, 1])
    assert (late.received, late.counted, sorted(late.late_days)) == (0, 3, [1, 10, 10])
    Filing.objects.filter(obligation__cycle=first[0], obligation__agency=cast.health).update(
        state=FilingState.SUBMITTED, received_at=datetime(2025, 3, 15, 3, tzinfo=UTC)
    )
    received = rates_of_tallies(tallies(cast.ha, first, TODAY))
    assert (received.received, received.counted, received.on_time) == (1, 3, 1)
