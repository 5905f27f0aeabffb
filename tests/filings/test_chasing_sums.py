"""Adding up a cycle: children beside own figures, blank is not zero, and who is missing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haidang.accounts.actors import Refused, Role
from haidang.catalogue.forms import form
from haidang.filings import actions
from haidang.filings.consolidating.cycle_sums import consolidation, totals_of
from haidang.filings.consolidating.sums import summed
from haidang.filings.models import Cycle

from .conftest import Cast, filled, make_actor, make_agency

B1 = form("B1")
CELL = "d150.c11"


def values(*documents: dict[str, Any]) -> tuple[Any, int, int]:
    total = summed(B1, documents)[CELL]
    return total.value, total.given, total.expected


def test_numbers_add_up_and_say_how_many_gave_one() -> None:
    assert values({CELL: 3}, {CELL: 4}, {}) == (7, 2, 3)
    assert values({CELL: 0}, {CELL: 0}) == (0, 2, 2)
    assert values({CELL: 0.1}, {CELL: 0.2}) == (0.3, 2, 2)


def test_blank_is_not_zero_and_the_two_reasons_are_kept_apart() -> None:
    assert values({}, {}) == (None, 0, 2)
    assert values() == (None, 0, 0)
    assert values({CELL: "na"}, {CELL: 5}) == (5, 1, 1)
    assert values({CELL: "na"}, {CELL: "na"}) == ("na", 0, 0)
    assert values({CELL: "nd"}, {}) == ("nd", 0, 2)


def test_what_the_form_computes_is_computed_from_the_sums() -> None:
    documents = [{"d150.c3": 2, "d150.c4": 1}, {"d150.c3": 5}]
    assert summed(B1, documents)["d150.c2"].value == 8
    assert summed(B1, documents)["t.c2"].value == 8


def test_entered_averages_and_rates_do_not_add_up() -> None:
    columns = tuple(replace(one, type="average") if one.code == "c11" else one for one in B1.columns)
    assert summed(replace(B1, columns=columns), [{CELL: 4}, {CELL: 6}])[CELL].value is None


@settings(deadline=None)  # the first call reads the form from its file
@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=6))
def test_the_order_of_agencies_does_not_matter(numbers: list[int]) -> None:
    documents = [{CELL: number} for number in numbers]
    assert summed(B1, documents)[CELL].value == sum(numbers)
    assert summed(B1, documents) == summed(B1, documents[::-1])


@pytest.fixture
def cycle(cast: Cast) -> Cycle:
    """Police of the province stand over the police of a commune; both file B1."""
    make_agency("hm-st-police", "Công an xã Sơn Trà", "police", cast.commune)
    return cast.cycle(forms=("B1",))


def accepted(cast: Cast, cycle: Cycle, number: int) -> Any:
    """The province's own figures, accepted, with this many complaints received."""
    filing = cast.filing(cycle, cast.police)
    actions.save_cells(cast.son, filing, filled("B1") | {"B1.d150.c3": number}, 0)
    return actions.accept(cast.ha, actions.submit(cast.son, filing)).version


def test_own_figures_stand_beside_those_of_the_agencies_below(cast: Cast, cycle: Cycle) -> None:
    accepted(cast, cycle, 2)
    child = cycle.obligations.get(agency__code="hm-st-police")
    clerk = make_actor("xa", child.agency, Role.CLERK)
    actions.save_cells(clerk, child.filing, filled("B1") | {"B1.d150.c3": 5}, 0)
    version = actions.submit(clerk, child.filing)
    without = totals_of(consolidation(cast.ha, cycle.pk, with_waiting=False), B1)
    assert (without.children["d150.c3"].value, without.own["d150.c3"].value) == (None, 2)
    found = consolidation(cast.ha, cycle.pk, with_waiting=True)
    both = totals_of(found, B1)
    assert (both.children["d150.c3"].value, both.own["d150.c3"].value, both.both["d150.c3"].value) == (5, 2, 7)
    assert [part.version for part in found.provisional] == [version]
    assert (both.received, both.expected) == (2, 2)


def test_who_is_missing_waived_or_correcting_is_listed(cast: Cast, cycle: Cycle) -> None:
    accepted(cast, cycle, 2)
    found = consolidation(cast.ha, cycle.pk, with_waiting=True)
    missing = {part.obligation.agency.code for part in found.missing}
    assert "hm-st-police" in missing
    assert "hm-police" not in missing
    for part in found.missing:
        actions.waive(cast.ha, part.obligation, "Chưa thành lập đội.")
    actions.correct(cast.son, cast.filing(cycle, cast.police))
    found = consolidation(cast.ha, cycle.pk, with_waiting=True)
    assert found.missing == ()
    assert {part.obligation.agency.code for part in found.waived} == missing
    assert [(part.obligation.agency.code, part.changing) for part in found.provisional] == [("hm-police", True)]
    assert totals_of(found, B1).both["d150.c3"].value == 2, "what was accepted counts until its correction is"


def test_a_version_taken_back_or_returned_does_not_count(cast: Cast, cycle: Cycle) -> None:
    filing = cast.filing(cycle, cast.police)
    actions.save_cells(cast.son, filing, filled("B1"), 0)
    actions.withdraw(cast.son, actions.submit(cast.son, filing), "Nhầm.")
    assert all(part.version is None for part in consolidation(cast.ha, cycle.pk, with_waiting=True).own)


def test_two_queries_and_only_for_the_standing_agency_over_the_area(
    cast: Cast, cycle: Cycle, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):
        found = consolidation(cast.ha, cycle.pk, with_waiting=True)
        totals_of(found, B1)
    with pytest.raises(Refused, match="dành cho cơ quan thường trực"):
        consolidation(cast.lan, cycle.pk, with_waiting=True)
    with pytest.raises(Cycle.DoesNotExist):
        consolidation(cast.stranger, cycle.pk, with_waiting=True)
