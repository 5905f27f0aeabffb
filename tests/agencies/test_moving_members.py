"""People of dissolved agencies: their roles go on at the agency that took over, and it is written down."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from haidang.accounts.actors import SYSTEM, Refused, Role
from haidang.accounts.models import User
from haidang.agencies.actions import appoint
from haidang.agencies.models import Agency, AgencyLineage, Area, AreaLineage, Membership
from haidang.agencies.moving import members_left_behind, move_members
from haidang.agencies.queries import actor_for, heirs_of, paths_inherited
from haidang.audit.models import Entry

LAST, REFORM = date(2025, 6, 30), date(2025, 7, 1)


@pytest.fixture
def police(db: None) -> tuple[Agency, Agency]:
    """The police of a province that went into another one, and of that one."""
    old_area = Area.objects.create(code="97", name="Tỉnh Cũ", kind="", level="province", path="97", valid_to=LAST)
    new_area = Area.objects.create(code="98", name="Tỉnh Mới", kind="", level="province", path="98n", valid_from=REFORM)
    AreaLineage.objects.create(old=old_area, new=new_area, kind="merged", whole=True, on=REFORM, instrument="giả định")
    old, new = (
        Agency.objects.create(
            code=f"{area.path}.ca", name=f"Công an {area.name}", function="police", level="province", area=area,
            standing=True, valid_from=area.valid_from, valid_to=area.valid_to,
        )
        for area in (old_area, new_area)
    )  # fmt: skip
    AgencyLineage.objects.create(old=old, new=new, function="police", on=REFORM, instrument="giả định")
    return old, new


def person(name: str, agency: Agency, *roles: Role) -> User:
    user = User.objects.create(username=name, display_name=name.title())
    for role in roles:
        appoint(SYSTEM, user, agency, role)
    return user


def test_roles_go_on_at_the_only_heir_and_end_with_the_old_agency(police: tuple[Agency, Agency]) -> None:
    old, new = police
    ha = person("ha", old, Role.CONSOLIDATOR, Role.LEADER)
    done = move_members(SYSTEM, REFORM)
    assert [(row.role, heir) for row, heir in done.moved] == [("consolidator", new), ("leader", new)]
    assert set(Membership.objects.filter(user=ha, agency=old).values_list("valid_to", flat=True)) == {LAST}
    seats = actor_for(ha, REFORM).seats
    assert {(seat.agency_id, seat.role) for seat in seats} == {(new.pk, Role.CONSOLIDATOR), (new.pk, Role.LEADER)}
    assert all(seat.reaches("97/1") for seat in seats)
    assert move_members(SYSTEM, REFORM).moved == []
    assert Entry.objects.filter(action="agencies.membership.given").count() == 4
    assert Entry.objects.filter(action="agencies.membership.ended").count() == 2


def test_who_has_the_role_at_the_heir_already_only_loses_the_old_one(police: tuple[Agency, Agency]) -> None:
    old, new = police
    ha = person("ha", old, Role.CLERK)
    appoint(SYSTEM, ha, new, Role.CLERK)
    move_members(SYSTEM, REFORM)
    assert Membership.objects.filter(user=ha, agency=new).count() == 1


def test_an_administrator_of_the_new_province_moves_the_people_of_the_old(police: tuple[Agency, Agency]) -> None:
    old, new = police
    chief, ha = person("chief", new, Role.ADMINISTRATOR), person("ha", old, Role.CLERK)
    moved = move_members(actor_for(chief, REFORM), REFORM).moved
    assert [row.user for row, _ in moved] == [ha]
    clerk = person("clerk", new, Role.CLERK)
    with pytest.raises(Refused):
        move_members(actor_for(clerk, REFORM), REFORM)


def test_where_several_took_over_a_person_decides(police: tuple[Agency, Agency]) -> None:
    old, new = police
    twin = Agency.objects.create(code="98n.ca2", name="Công an thứ hai", function="police", level="province")
    AgencyLineage.objects.create(old=old, new=twin, function="police", on=REFORM, instrument="giả định")
    person("ha", old, Role.CLERK)
    left = members_left_behind(SYSTEM, REFORM)
    assert left.moved == []
    assert [set(heirs) for _, heirs in left.undecided] == [{new, twin}]
    assert move_members(SYSTEM, REFORM).moved == []
    assert Membership.objects.get().valid_to is None


def test_nobody_is_moved_while_the_agency_is_in_force(police: tuple[Agency, Agency]) -> None:
    person("ha", police[0], Role.CLERK)
    assert members_left_behind(SYSTEM, LAST).moved == []
    assert heirs_of(police[0], LAST) == []


def test_an_area_inherits_step_by_step_and_only_what_went_in_whole(police: tuple[Agency, Agency]) -> None:
    new_area = police[1].area
    assert new_area is not None
    later = Area.objects.create(
        code="98", name="Mới nữa", kind="", level="province", path="98m", valid_from=date(2030, 1, 1)
    )
    part = Area.objects.create(
        code="96", name="Phần", kind="", level="province", path="96", valid_to=date(2029, 12, 31)
    )
    AreaLineage.objects.create(old=new_area, new=later, kind="merged", whole=True, on=date(2030, 1, 1), instrument="g")
    AreaLineage.objects.create(old=part, new=later, kind="split", whole=False, on=date(2030, 1, 1), instrument="g")
    assert paths_inherited({later.pk: later}) == {later.pk: ("98n", "97")}


def test_an_administrator_moves_them_on_screen_and_sees_first_who_goes_where(
    police: tuple[Agency, Agency], client: Client
) -> None:
    old, new = police
    person("ha", old, Role.CLERK)
    client.force_login(person("chief", new, Role.ADMINISTRATOR))
    page = client.get("/nguoi-dung/chuyen/").content.decode()
    assert "Sẽ chuyển 1 vai trò" in page and new.name in page
    done = client.post("/nguoi-dung/chuyen/", follow=True).content.decode()
    assert "Đã chuyển 1 vai trò sang cơ quan kế thừa." in done
    assert "Không ai còn vai trò ở cơ quan đã kết thúc" in client.get("/nguoi-dung/chuyen/").content.decode()
    client.force_login(person("clerk", new, Role.CLERK))
    assert client.get("/nguoi-dung/chuyen/").status_code == 403
