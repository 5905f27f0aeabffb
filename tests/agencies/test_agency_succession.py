"""Agencies by date and function, and who took over from whom."""

from __future__ import annotations

from datetime import date

import pytest

from haidang.agencies.records import AgencyRecord, AreaRecord, Trait
from haidang.agencies.register import Register
from haidang.catalogue.agency_functions import national_register

FEBRUARY, MARCH, JUNE, JULY = date(2025, 2, 28), date(2025, 3, 1), date(2025, 6, 30), date(2025, 7, 1)


@pytest.fixture(scope="module")
def register() -> Register:
    return national_register()


def agency(register: Register, code: str, organ: str, on: date) -> AgencyRecord:
    found = [a for a in register.agencies_of(register.area(code, on), on) if a.organ == organ]
    assert len(found) == 1
    return found[0]


def heirs(register: Register, old: AgencyRecord) -> dict[str, set[str]]:
    taken: dict[str, set[str]] = {}
    for succession in register.successions(old):
        taken.setdefault(succession.function, set()).add(succession.agency.organ)
    return taken


def test_the_labour_department_went_to_four_agencies_by_function(register):
    labour = agency(register, "11", "so-ldtbxh", FEBRUARY)
    taken = heirs(register, labour)
    assert taken["labour"] == {"so-noi-vu"}
    assert taken["victim_support"] == taken["child_protection"] == taken["social_protection"] == {"so-y-te"}
    assert taken["vocational_training"] == {"so-gddt"}
    assert taken["drug_rehabilitation"] == {"cong-an"}
    assert set(taken) == set(register.functions_of(labour, FEBRUARY))
    assert {s.on for s in register.successions(labour)} == {MARCH}


def test_functions_move_on_the_day(register):
    def holders(function: str, on: date) -> list[str]:
        return [a.organ for a in register.agencies_with(function, register.area("11", on), on)]

    assert holders("victim_support", FEBRUARY) == ["so-ldtbxh"]
    assert holders("victim_support", MARCH) == ["so-y-te"]
    assert holders("press_management", FEBRUARY) == ["so-tttt"]
    assert holders("press_management", MARCH) == ["so-vhttdl"]
    assert holders("religion", MARCH) == ["so-dan-toc-ton-giao"]


def test_every_function_of_a_province_has_a_holder_on_both_sides_of_the_reforms(register):
    province = register.area("11", FEBRUARY)
    charged = {f for a in register.agencies_of(province, FEBRUARY) for f in register.functions_of(a, FEBRUARY)}
    for on in (MARCH, JULY):
        now = {f for a in register.agencies_of(province, on) for f in register.functions_of(a, on)}
        assert charged <= now


def test_district_police_are_gone_from_the_first_of_march(register):
    district = register.area("101", FEBRUARY)
    assert "cong-an-huyen" in {a.organ for a in register.agencies_of(district, FEBRUARY)}
    on_march = {a.organ for a in register.agencies_of(district, MARCH)}
    assert "cong-an-huyen" not in on_march
    assert "ubnd-huyen" in on_march


def test_district_police_passed_cases_up_and_order_down(register):
    taken = heirs(register, agency(register, "101", "cong-an-huyen", FEBRUARY))
    assert taken["crime_investigation"] == {"cong-an"}
    assert taken["police"] == {"cong-an", "cong-an-xa"}


def test_the_district_committee_is_succeeded_by_the_communes_on_its_territory(register):
    committee = agency(register, "101", "ubnd-huyen", JUNE)
    names = {s.agency.name for s in register.successions(committee)}
    assert names
    assert all(name.startswith(("Ủy ban nhân dân xã ", "Ủy ban nhân dân phường ")) for name in names)
    territory = {area.key for area in register.areas_now(register.area("101", JUNE), JULY)}
    assert {s.agency.area.key for s in register.successions(committee) if s.agency.area} == territory


def test_a_merged_province_hands_over_to_the_same_organ_of_the_new_one(register):
    police = agency(register, "27", "cong-an", JUNE)
    assert police.name == "Công an tỉnh Bắc Ninh"
    [investigation] = [s for s in register.successions(police) if s.function == "crime_investigation"]
    assert investigation.agency == agency(register, "24", "cong-an", JULY)
    assert investigation.instrument == "Nghị quyết 202/2025/QH15 ngày 12/6/2025"


def test_an_unmerged_province_keeps_its_agencies(register):
    assert agency(register, "11", "cong-an", JUNE) == agency(register, "11", "cong-an", JULY)


def test_regional_courts_follow_district_courts(register):
    taken = heirs(register, agency(register, "101", "toa-an-huyen", JUNE))
    assert taken == {"court": {"toa-an-khu-vuc"}}
    hanoi = [a.name for a in register.agencies_of(register.area("01", JULY), JULY) if a.organ == "toa-an-khu-vuc"]
    assert len(hanoi) == 12
    assert hanoi[1] == "Tòa án nhân dân khu vực 2 - Hà Nội"
    dien_bien = [a.name for a in register.agencies_of(register.area("11", JULY), JULY) if a.organ == "toa-an-khu-vuc"]
    assert dien_bien == ["Các Tòa án nhân dân khu vực - Điện Biên"]


def test_only_provinces_with_a_border_or_a_coast_have_a_border_guard(register):
    def guards(on: date) -> set[str]:
        found = set()
        for area in register.areas_on(on, "province"):
            if register.agencies_with("border_guard", area, on):
                found.add(area.key)
        return found

    assert len(guards(JUNE)) == 44
    assert len(guards(JULY)) == 30
    carried = {now.key for key in guards(JUNE) for now in register.areas_now(register.area(key[:2], JUNE), JULY)}
    assert guards(JULY) == carried


def test_ministries_pass_on_by_function_too(register):
    [ministry] = [a for a in register.agencies_of(None, FEBRUARY) if a.organ == "bo-ldtbxh"]
    taken = heirs(register, ministry)
    assert taken["victim_support"] == {"bo-y-te"}
    assert taken["labour"] == {"bo-noi-vu"}
    assert "bo-ldtbxh" not in {a.organ for a in register.agencies_of(None, MARCH)}


def test_one_standing_agency_for_each_province(register):
    for on in (FEBRUARY, JULY):
        for area in register.areas_on(on, "province"):
            assert [a.organ for a in register.agencies_of(area, on) if a.standing] == ["cong-an"]


def test_codes_of_agencies_are_never_used_twice(register):
    codes = [a.code for area in (None, *register.areas) for a in register.all_agencies_of(area)]
    assert len(codes) == len(set(codes))


def test_successors_are_in_force_on_their_first_day_and_hold_the_function(register):
    areas = [*register.areas_on(JUNE, "province"), *register.areas_on(JUNE, "district")[:60], None]
    for area in areas:
        for old in register.all_agencies_of(area):
            for s in register.successions(old):
                assert s.agency.in_force(s.on)
                assert s.function in register.functions_of(s.agency, s.on)


def test_an_invented_province_has_the_same_organs(register):
    invented = AreaRecord("00", "Tỉnh Giả Định", "tỉnh", "province", None, None, "")
    wider = register.extended([invented], [Trait("border", frozenset(["00"]), None, None)])
    names = [a.name for a in wider.agencies_of(wider.area("00", FEBRUARY), FEBRUARY)]
    assert "Công an tỉnh Giả Định" in names
    assert "Bộ Chỉ huy Bộ đội Biên phòng tỉnh Giả Định" in names
    assert len(register.areas_on(FEBRUARY, "province")) == 63
