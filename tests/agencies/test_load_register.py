"""Loading the register into the database: dated, joined by lineage, safe to repeat."""

from __future__ import annotations

from datetime import date

import pytest

from haidang.accounts.actors import Actor, Refused, Role, Seat
from haidang.accounts.models import User
from haidang.agencies import actions, queries
from haidang.agencies.actions import Loaded, load_register
from haidang.agencies.models import Agency, AgencyLineage, Area, AreaLineage, Level
from haidang.agencies.register import UnknownArea
from haidang.audit.models import Entry
from haidang.catalogue.agency_functions import national_register

pytestmark = pytest.mark.django_db
BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)


@pytest.fixture
def lai_chau() -> None:
    """Lai Châu: one of the eleven provinces that no merger touched."""
    load_register(national_register(), provinces=["12"])


def test_an_unmerged_province_keeps_its_row_and_loses_its_districts(lai_chau):
    province = queries.area_by_code("12", BEFORE)
    assert province == queries.area_by_code("12", AFTER)
    assert queries.areas_under(province, BEFORE, Level.DISTRICT).count() == 8
    assert queries.areas_under(province, AFTER, Level.DISTRICT).count() == 0
    assert queries.areas_under(province, AFTER, Level.COMMUNE).count() == 38


def test_loading_again_changes_nothing(lai_chau):
    counts = [model.objects.count() for model in (Area, AreaLineage, Agency, AgencyLineage, Entry)]
    assert load_register(national_register(), provinces=["12"]) == Loaded()
    assert [model.objects.count() for model in (Area, AreaLineage, Agency, AgencyLineage, Entry)] == counts


def test_a_changed_name_is_brought_up_to_date(lai_chau):
    Area.objects.filter(code="12").update(name="Tỉnh Lai Chầu")
    assert load_register(national_register(), provinces=["12"]).areas == 1
    assert queries.area_by_code("12", AFTER).name == "Tỉnh Lai Châu"


def test_code_24_is_two_areas_with_edges_to_the_newer_one():
    load_register(national_register(), provinces=["24"], levels=["province"])
    old, new = queries.area_by_code("24", BEFORE), queries.area_by_code("24", AFTER)
    assert (old.name, new.name) == ("Tỉnh Bắc Giang", "Tỉnh Bắc Ninh")
    assert {edge.old.name for edge in new.predecessors.all()} == {"Tỉnh Bắc Giang", "Tỉnh Bắc Ninh"}
    assert all(edge.whole for edge in new.predecessors.all())


def test_a_province_that_becomes_a_city_keeps_its_path_over_its_communes():
    load_register(national_register(), provinces=["75"], levels=["province"])
    province, city = queries.area_by_code("75", date(2026, 4, 29)), queries.area_by_code("75", date(2026, 4, 30))
    assert (province.name, city.name) == ("Tỉnh Đồng Nai", "Thành phố Đồng Nai")
    assert province.path == city.path
    assert queries.areas_under(city, date(2026, 4, 30), Level.COMMUNE).count() == 95


def test_agencies_of_the_loaded_province_are_those_of_the_register(lai_chau):
    province = queries.area_by_code("12", BEFORE)
    register = national_register()
    expected = [agency.code for agency in register.agencies_of(register.area("12", BEFORE), BEFORE)]
    assert [agency.code for agency in queries.agencies_of(province, BEFORE)] == expected
    standing = queries.standing_agency(province, BEFORE)
    assert standing is not None
    assert standing.name == "Công an tỉnh Lai Châu"


def test_victim_support_is_answered_by_the_health_department_after_the_labour_department(lai_chau):
    labour = Agency.objects.get(code="12.so-ldtbxh")
    assert [a.name for a in queries.heirs_on(labour, date(2025, 2, 28))] == [labour.name]
    heirs = queries.heirs_on(labour, date(2025, 3, 1), "victim_support")
    assert [agency.name for agency in heirs] == ["Sở Y tế tỉnh Lai Châu"]
    assert len(queries.heirs_on(labour, date(2025, 3, 1))) == 4


def test_functions_are_held_until_they_are_passed_on(lai_chau):
    def holders(function: str, on: date) -> list[str]:
        return [a.code for a in queries.agencies_with(function, queries.area_by_code("12", on), on)]

    assert holders("victim_support", date(2025, 2, 28)) == ["12.so-ldtbxh"]
    assert holders("victim_support", date(2025, 3, 1)) == ["12.so-y-te"]
    assert holders("religion", date(2025, 2, 28)) == ["12.so-noi-vu"]
    assert holders("religion", date(2025, 3, 1)) == ["12.so-dan-toc-ton-giao"]


def test_a_role_is_not_given_twice_for_the_same_days(lai_chau):
    police = Agency.objects.get(code="12.cong-an")
    person = User.objects.create_user("ha", display_name="Người giả định")
    first = actions.appoint(actions.SYSTEM, person, police, Role.CLERK, valid_from=date(2025, 1, 1))
    assert actions.appoint(actions.SYSTEM, person, police, Role.CLERK, valid_from=date(2025, 1, 1)) == first
    with pytest.raises(ValueError, match="Người giả định đã giữ vai trò này ở Công an tỉnh Lai Châu"):
        actions.appoint(actions.SYSTEM, person, police, Role.CLERK, valid_from=date(2025, 6, 1))
    with pytest.raises(ValueError, match="Ngày cuối của vai trò trước ngày bắt đầu"):
        actions.appoint(
            actions.SYSTEM, person, police, Role.LEADER, valid_from=date(2025, 6, 1), valid_to=date(2025, 5, 1)
        )


def test_the_whole_lineage_of_a_district_committee_ends_in_its_communes(lai_chau):
    committee = Agency.objects.get(area__name="Huyện Mường Tè", function="government")
    heirs = queries.heirs_on(committee, AFTER)
    assert heirs
    assert {agency.level for agency in heirs} == {Level.COMMUNE}


def test_records_of_the_register_are_found_as_rows(lai_chau):
    register = national_register()
    records = register.agencies_of(register.area("12", AFTER), AFTER)
    assert [row.code for row in queries.rows_of(records)] == [agency.code for agency in records]


def test_an_unknown_province_is_refused_with_a_sentence():
    with pytest.raises(UnknownArea, match="Không có tỉnh, thành phố nào mang mã “99”"):
        load_register(national_register(), provinces=["99"])


def test_only_an_administrator_loads_the_register():
    clerk = Actor(1, "Cán bộ", (Seat(Role.CLERK, 1, "Sở Y tế", "12"),))
    with pytest.raises(Refused, match="người quản trị"):
        load_register(national_register(), provinces=["12"], actor=clerk)


def test_an_actor_has_the_seats_of_the_day(lai_chau):
    police = Agency.objects.get(code="12.cong-an")
    person = User.objects.create_user("an", display_name="Người giả định")
    actions.appoint(
        actions.SYSTEM, person, police, Role.CLERK, valid_from=date(2024, 1, 1), valid_to=date(2024, 12, 31)
    )
    actions.appoint(actions.SYSTEM, person, police, Role.CONSOLIDATOR, valid_from=date(2025, 1, 1))
    actor = queries.actor_for(person, date(2025, 5, 1))
    assert [(seat.role, seat.agency_id, seat.standing) for seat in actor.seats] == [
        (Role.CONSOLIDATOR, police.pk, True)
    ]
    commune = queries.areas_under(queries.area_by_code("12", AFTER), AFTER, Level.COMMUNE).first()
    assert commune is not None
    assert actor.standing_over(commune.path, Role.CONSOLIDATOR)
    assert queries.actor_for(person, date(2023, 1, 1)).seats == ()


def test_a_closed_account_is_nobody(lai_chau):
    person = User.objects.create_user("binh", is_active=False)
    actions.appoint(actions.SYSTEM, person, Agency.objects.get(code="12.cong-an"), Role.CLERK)
    assert queries.actor_for(person, AFTER).seats == ()


def test_ending_a_role_keeps_the_row_and_leaves_a_trace(lai_chau):
    person = User.objects.create_user("chi")
    seat = actions.appoint(actions.SYSTEM, person, Agency.objects.get(code="12.cong-an"), Role.CLERK,
                           valid_from=date(2025, 1, 1))  # fmt: skip
    with pytest.raises(ValueError, match="Vai trò bắt đầu ngày 01/01/2025"):
        actions.end_membership(actions.SYSTEM, seat, date(2024, 1, 1))
    actions.end_membership(actions.SYSTEM, seat, date(2025, 3, 31))
    assert queries.actor_for(person, date(2025, 3, 31)).seats
    assert not queries.actor_for(person, date(2025, 4, 1)).seats
    assert Entry.objects.filter(action="agencies.membership.ended").count() == 1


def test_a_stranger_appoints_nobody(lai_chau):
    health = Agency.objects.get(code="12.so-y-te")
    other = Actor(7, "Khách", (Seat(Role.ADMINISTRATOR, 0, "Cơ quan khác", "11"),))
    with pytest.raises(Refused, match="Chỉ người quản trị của Sở Y tế tỉnh Lai Châu"):
        actions.appoint(other, User.objects.create_user("dung"), health, Role.CLERK)
