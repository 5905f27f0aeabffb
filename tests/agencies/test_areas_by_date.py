"""Areas of the country by date: counts, codes that change meaning, lineage."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haidang.agencies.register import Register, UnknownArea
from haidang.agencies.rules import gaps, overlaps
from haidang.catalogue.agency_functions import national_register
from haidang.catalogue.areas import read_areas, read_instruments

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)


@pytest.fixture(scope="module")
def register() -> Register:
    return national_register()


def levels_on(register: Register, on: date) -> Counter[str]:
    return Counter(area.level for area in register.areas_on(on))


def test_the_last_day_of_the_old_map(register):
    assert levels_on(register, BEFORE) == {"province": 63, "district": 696, "commune": 10_035}


def test_the_first_day_of_the_new_map(register):
    assert levels_on(register, AFTER) == {"province": 34, "commune": 3_321}
    kinds = Counter(area.kind for area in register.areas_on(AFTER, "commune"))
    assert kinds == {"xã": 2_621, "phường": 687, "đặc khu": 13}


def test_communes_became_wards_with_dong_nai_and_with_bac_ninh(register):
    def wards(on: date) -> int:
        return Counter(area.kind for area in register.areas_on(on, "commune"))["phường"]

    assert [wards(date(2026, 4, 29)), wards(date(2026, 4, 30)), wards(date(2026, 9, 20))] == [687, 697, 709]


def test_cities_under_central_authority_by_date(register):
    def cities(on: date) -> int:
        return Counter(area.kind for area in register.areas_on(on, "province"))["thành phố"]

    assert cities(date(2024, 12, 31)) == 5  # Hà Nội, Hải Phòng, Đà Nẵng, Thành phố Hồ Chí Minh, Cần Thơ
    assert cities(date(2025, 1, 1)) == 6
    assert cities(date(2026, 4, 30)) == 7


def test_code_24_is_two_provinces(register):
    assert register.area("24", BEFORE).name == "Tỉnh Bắc Giang"
    assert register.area("24", AFTER).name == "Tỉnh Bắc Ninh"
    assert register.area("24", BEFORE).key != register.area("24", AFTER).key


def test_seven_codes_changed_the_name_they_stand_for(register):
    before = {area.code: area.place for area in register.areas_on(BEFORE, "province")}
    changed = {a.code for a in register.areas_on(AFTER, "province") if before[a.code] != a.place}
    assert changed == {"15", "24", "44", "52", "80", "82", "91"}


def test_hue_was_thua_thien_hue_until_the_end_of_2024(register):
    assert register.area("46", date(2024, 12, 31)).name == "Tỉnh Thừa Thiên Huế"
    hue = register.area("46", date(2025, 1, 1))
    assert (hue.name, hue.valid_to) == ("Thành phố Huế", None)
    assert "175/2024/QH15" in hue.established_by


def test_eleven_provinces_went_through_the_merger_unchanged(register):
    same = set(register.areas_on(BEFORE, "province")) & set(register.areas_on(AFTER, "province"))
    assert {area.place for area in same} == {
        "Hà Nội", "Cao Bằng", "Điện Biên", "Lai Châu", "Sơn La", "Lạng Sơn", "Quảng Ninh", "Thanh Hóa", "Nghệ An",
        "Hà Tĩnh", "Huế",
    }  # fmt: skip


def test_every_old_province_is_in_exactly_one_new_one(register):
    into = defaultdict(list)
    for old in register.areas_on(BEFORE, "province"):
        targets = register.areas_now(old, AFTER)
        assert len(targets) == 1
        into[targets[0].code].append(old.place)
    assert len(into) == 34
    assert sum(map(len, into.values())) == 63
    assert sorted(into["24"]) == ["Bắc Giang", "Bắc Ninh"]
    assert sorted(into["92"]) == ["Cần Thơ", "Hậu Giang", "Sóc Trăng"]
    assert sum(len(olds) > 1 for olds in into.values()) == 23


def test_province_mergers_are_whole_and_name_the_resolution(register):
    edges = [edge for edge in register.edges if len(edge.new) == 2 and edge.on == AFTER]
    assert len(edges) == 52
    assert all(edge.whole and edge.instrument == "Nghị quyết 202/2025/QH15 ngày 12/6/2025" for edge in edges)


def test_every_old_commune_goes_somewhere_and_every_new_one_comes_from_somewhere(register):
    edges = [edge for edge in register.edges if len(edge.new) == 5 and edge.on == AFTER]
    assert len({(edge.old, edge.new) for edge in edges}) == 10_571
    assert {edge.old for edge in edges if len(edge.old) == 5} == {a.code for a in register.areas_on(BEFORE, "commune")}
    assert {edge.new for edge in edges} == {a.code for a in register.areas_on(AFTER, "commune")}


def test_communes_do_not_leave_their_province_in_a_merger(register):
    for edge in register.edges:
        if len(edge.old) == 5 and edge.on == AFTER:
            old = register.province_of(register.area(edge.old, BEFORE), BEFORE)
            new = register.province_of(register.area(edge.new, AFTER), AFTER)
            assert register.areas_now(old, AFTER) == [new]


def test_a_split_commune_is_never_called_whole(register):
    outs = Counter((edge.old, edge.on) for edge in register.edges)
    assert all(edge.whole == (outs[edge.old, edge.on] == 1) for edge in register.edges)
    assert sum(1 for (old, on), n in outs.items() if n > 1 and on == AFTER) == 442


def test_namesakes_in_one_new_province_are_not_mixed_up(register):
    def went_to(code: str) -> list[str]:
        return [area.name for area in register.areas_now(register.area(code, BEFORE), AFTER)]

    assert (register.area("25462", BEFORE).name, register.area("27691", BEFORE).name) == ("Phường 4", "Phường 4")
    assert went_to("25462") == ["Phường Tân Ninh"]
    assert went_to("27691") == ["Phường Long An"]


def test_island_districts_without_communes_became_special_zones(register):
    zones = {register.areas_now(register.area(code, BEFORE), AFTER)[0].name for code in ("318", "471", "498", "755")}
    assert zones == {"Đặc khu Bạch Long Vĩ", "Đặc khu Cồn Cỏ", "Đặc khu Hoàng Sa", "Đặc khu Côn Đảo"}


def test_a_code_has_one_area_a_day_and_no_hole_in_its_history(register):
    spans = defaultdict(list)
    for area in register.areas:
        spans[area.code].append((area.valid_from, area.valid_to))
    assert not [code for code, history in spans.items() if overlaps(history) or gaps(history)]


def test_every_instrument_that_areas_name_is_in_the_list():
    cited = set(read_instruments().values())
    named = {text for area in read_areas() for text in (area.established_by, area.abolished_by) if text}
    assert named <= cited


def test_unknown_codes_are_refused_with_the_history_of_the_code(register):
    with pytest.raises(UnknownArea, match="Không có địa bàn nào mang mã “999”"):
        register.area("999", BEFORE)
    with pytest.raises(UnknownArea, match=r"Ngày 1/7/2025 không có .* “27”. Mã này từng là Tỉnh Bắc Ninh"):
        register.area("27", AFTER)


@settings(max_examples=25, deadline=None)
@given(st.dates(min_value=date(2016, 1, 1), max_value=date(2030, 12, 31)))
def test_on_any_day_provinces_partition_and_every_parent_is_in_force(on):
    register = national_register()
    areas = register.areas_on(on)
    provinces = {area.code for area in areas if area.level == "province"}
    assert len(provinces) == (63 if on < AFTER else 34)
    by_code = {area.code: area for area in areas}
    assert len(by_code) == len(areas)
    above = {"province": {""}, "district": provinces, "commune": set(by_code)}
    assert all(area.parent_code in above[area.level] for area in areas)
    if on >= AFTER:
        assert {area.parent_code for area in areas if area.level == "commune"} == provinces


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(read_areas()), st.integers(min_value=0, max_value=3000))
def test_what_stands_on_a_territory_later_is_in_force_then(area, days):
    register = national_register()
    on = (area.valid_to or date(2026, 10, 1)) + timedelta(days=days)
    now = register.areas_now(area, on)
    assert now
    assert all(later.in_force(on) for later in now)
