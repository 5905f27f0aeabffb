"""Actors and decisions: nothing is allowed without a seat, and standing reaches down, never up or aside."""

from __future__ import annotations

import pytest

from haidang.accounts.actors import ALLOWED, NOBODY, SYSTEM, Actor, Refused, Role, Seat, refused, require

CLERK = Actor(1, "cán bộ mẫu", (Seat(Role.CLERK, 10, "Sở mẫu", "1"),))
STANDING = Actor(2, "tổng hợp mẫu", (Seat(Role.CONSOLIDATOR, 20, "Công an tỉnh mẫu", "1", standing=True),))


def test_nobody_holds_nothing() -> None:
    assert not NOBODY.holds(*Role)
    assert not NOBODY.standing_over("1")


def test_a_seat_counts_at_its_own_agency_only() -> None:
    assert CLERK.holds(Role.CLERK, agency_id=10)
    assert not CLERK.holds(Role.CLERK, agency_id=11)
    assert not CLERK.holds(Role.APPROVER)


def test_a_standing_agency_sees_its_area_and_below() -> None:
    assert STANDING.standing_over("1")
    assert STANDING.standing_over("1/5/9", Role.CONSOLIDATOR)
    assert not STANDING.standing_over("12")
    assert not STANDING.standing_over("1", Role.LEADER)
    assert not CLERK.standing_over("1")


def test_the_system_stands_over_everything() -> None:
    assert SYSTEM.standing_over("7/8")


def test_a_refusal_carries_its_reason() -> None:
    require(ALLOWED)
    with pytest.raises(Refused, match="Báo cáo này đã khoá"):
        require(refused("Báo cáo này đã khoá."))


def test_a_standing_agency_sees_the_areas_that_went_into_its_own() -> None:
    heir = Actor(3, "", (Seat(Role.CONSOLIDATOR, 30, "Công an mới", "9", standing=True, inherited=("1", "2")),))
    assert heir.standing_over("9/5") and heir.standing_over("1") and heir.standing_over("2/7")
    assert not heir.standing_over("12") and not heir.standing_over("3")
    assert heir.standing_paths() == {"9", "1", "2"}
    assert heir.standing_paths(Role.LEADER) == frozenset()


def test_the_standing_agency_at_the_centre_sees_the_whole_country() -> None:
    centre = Actor(4, "", (Seat(Role.CONSOLIDATOR, 40, "Bộ mẫu", "", standing=True),))
    assert centre.standing_over("1/5") and centre.standing_over("")
    assert not Actor(5, "", (Seat(Role.CLERK, 40, "Bộ mẫu", ""),)).standing_over("1")
