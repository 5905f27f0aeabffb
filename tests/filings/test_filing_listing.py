"""A long list says of each obligation what the obligation says of itself."""

from __future__ import annotations

from datetime import date
from typing import Any

from haidang.accounts.actors import SYSTEM
from haidang.filings import queries
from haidang.filings.actions import extend, report_nil, submit, waive
from haidang.filings.listing import owed_by_id, stands_among, version_counts
from haidang.kernel import clock

from .conftest import Cast

TODAY = date(2025, 3, 15)


def test_each_stands_as_it_does_by_itself(cast: Cast) -> None:
    cycle = cast.cycle(due_on=date(2025, 3, 12))
    with clock.fixed_at(date(2025, 3, 14)):
        report_nil(cast.son, cast.filing(cycle, cast.police), "B1", 0)
        submit(cast.son, cast.filing(cycle, cast.police))
    waive(SYSTEM, cast.filing(cycle, cast.people).obligation, "Mới sắp xếp.")
    extend(SYSTEM, cast.filing(cycle, cast.health).obligation, date(2025, 3, 20), "Chờ số liệu.")
    rows = queries.visible_obligations(cast.ha)
    found = {one.obligation_id: one for one in stands_among(rows, TODAY)}
    assert {one.standing.letter for one in found.values()} == {"T", "M", "G"}
    alone = [queries.owed(row, TODAY) for row in rows]
    assert len(alone) == len(found)
    for one in alone:
        stand = found[one.obligation.pk]
        assert (stand.standing, stand.last_day) == (one.standing, one.last_day)
        assert (stand.cycle_id, stand.agency_name) == (one.obligation.cycle_id, one.obligation.agency.name)
        assert stand.received == (one.filing.received_at is not None)
    assert version_counts(alone) == {cast.filing(cycle, cast.police).pk: 1}


def test_the_page_shown_keeps_the_order_asked_and_leaves_out_what_is_not_in_the_set(cast: Cast) -> None:
    cycle = cast.cycle()
    ids = [cast.filing(cycle, agency).obligation_id for agency in (cast.health, cast.police, cast.people)]
    shown = owed_by_id(queries.visible_obligations(cast.ha), [*ids, 999_999], TODAY)
    assert [one.obligation.pk for one in shown] == ids
    police = queries.visible_obligations(cast.ha).filter(agency=cast.police)
    assert [one.obligation.pk for one in owed_by_id(police, ids, TODAY)] == [ids[1]]


def test_queries_do_not_grow_with_the_list(cast: Cast, django_assert_num_queries: Any) -> None:
    for number in range(6):
        cast.cycle(f"Kỳ {number}", ("B1", "B5"))
    rows = queries.visible_obligations(cast.ha)
    with django_assert_num_queries(1):
        stands = stands_among(rows, TODAY)
    with django_assert_num_queries(1):
        shown = owed_by_id(rows, [one.obligation_id for one in stands], TODAY)
        assert {one.obligation.agency.name for one in shown} == {one.agency_name for one in stands}
    assert len(shown) == len(stands) > 6
