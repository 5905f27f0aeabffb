"""What the words of a plan mean at a place on a day."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haidang.agencies.expressions import Resolution, resolve_expression
from haidang.agencies.register import Register, UnknownArea
from haidang.catalogue.agency_functions import national_register

OLD, NEW = date(2023, 5, 1), date(2025, 8, 1)


@pytest.fixture(scope="module")
def register() -> Register:
    return national_register()


def organs(resolution: Resolution) -> list[str]:
    return [agency.organ for agency in resolution.agencies]


@pytest.mark.parametrize(
    ("phrase", "organ"),
    [
        ("Công an tỉnh", "cong-an"),
        ("CA tỉnh", "cong-an"),
        ("Công an tỉnh Điện Biên", "cong-an"),
        ("Công an tỉnh (Phòng Tham mưu)", "cong-an"),
        ("Cơ quan Thường trực Ban Chỉ đạo 138", "cong-an"),
        ("BĐBP tỉnh", "bo-chi-huy-bien-phong"),
        ("Bộ Chỉ huy BĐBP tỉnh", "bo-chi-huy-bien-phong"),
        ("Sở LĐTBXH", "so-ldtbxh"),
        ("Sở LĐ-TB&XH", "so-ldtbxh"),
        ("Sở Lao động, Thương binh và Xã hội", "so-ldtbxh"),
        ("Sở Văn hoá, Thể thao và Du lịch", "so-vhttdl"),
        ("Sở GD&ĐT", "so-gddt"),
        ("Sở TT&TT", "so-tttt"),
        ("Viện KSND tỉnh", "vks"),
        ("TAND tỉnh", "toa-an"),
        ("Toà án nhân dân tỉnh", "toa-an"),
        ("UBMTTQ tỉnh", "mttq"),
        ("Hội LHPN tỉnh", "hlhpn"),
        ("Tỉnh đoàn", "doan-thanh-nien"),
        ("Đài PTTH tỉnh", "dai-ptth"),
        ("Báo Điện Biên", "bao"),
        ("Lãnh đạo UBND tỉnh", "ubnd"),
        ("Thường trực Tỉnh uỷ", "cap-uy"),
        ("Bộ Công an", "bo-cong-an"),
        ("Bộ LĐTBXH", "bo-ldtbxh"),
    ],
)
def test_one_agency_however_it_is_written(register, phrase, organ):
    resolution = resolve_expression(phrase, "11", OLD, register)
    assert organs(resolution) == [organ]
    assert resolution.unmatched == ()


@pytest.mark.parametrize("phrase", ["So Y te", "Sở Y té", "SởY tế", "Sở  Y  tế", "Sớ Y tế"])
def test_what_an_optical_reader_made_of_a_name(register, phrase):
    assert organs(resolve_expression(phrase, "11", OLD, register)) == ["so-y-te"]


def test_a_list_of_agencies_is_taken_apart_without_breaking_names(register):
    phrase = "Sở Tư pháp, Sở Văn hóa, Thể thao và Du lịch và Công an tỉnh"
    resolution = resolve_expression(phrase, "11", OLD, register)
    assert organs(resolution) == ["so-tu-phap", "so-vhttdl", "cong-an"]
    assert resolution.matched == ("Sở Tư pháp", "Sở Văn hóa, Thể thao và Du lịch", "Công an tỉnh")


def test_an_agency_that_is_gone_is_answered_by_its_successors(register):
    resolution = resolve_expression("Sở LĐTBXH", "11", NEW, register)
    assert sorted(organs(resolution)) == ["cong-an", "so-gddt", "so-noi-vu", "so-y-te"]
    assert resolution.notes[0].startswith("Ngày 01/8/2025 không có Sở Lao động - Thương binh và Xã hội")


def test_an_agency_that_is_still_to_come_is_answered_by_those_before_it(register):
    assert organs(resolve_expression("Sở Nông nghiệp và Môi trường", "11", OLD, register)) == ["so-nnptnt", "so-tnmt"]


def test_names_of_the_merged_province_are_understood_in_the_new_one(register):
    assert organs(resolve_expression("Công an tỉnh Bắc Giang", "24", NEW, register)) == ["cong-an"]
    assert organs(resolve_expression("Báo Bắc Giang", "24", NEW, register)) == ["bao-dai"]


def test_names_of_places_are_compared_as_phrases_are(register):
    def named(phrase: str, code: str, on: date) -> list[str]:
        return [agency.name for agency in resolve_expression(phrase, code, on, register).agencies]

    assert named("Công an tỉnh Bà Rịa - Vũng Tàu", "77", OLD) == ["Công an tỉnh Bà Rịa - Vũng Tàu"]
    assert named("UBND xã Giao Thủy", "37", NEW) == ["Ủy ban nhân dân xã Giao Thủy"]
    assert named("Công an xã Ca Thành", "04", NEW) == ["Công an xã Ca Thành"]


def test_departments_and_unions_of_the_province(register):
    old = organs(resolve_expression("Các sở, ban, ngành, đoàn thể tỉnh", "11", OLD, register))
    assert {"so-ldtbxh", "so-tttt", "ban-dan-toc", "cong-an", "vks", "hlhpn", "doan-thanh-nien"} <= set(old)
    assert not {"ubnd", "hdnd", "cap-uy", "bao"} & set(old)
    new = organs(resolve_expression("Các sở, ban, ngành, đoàn thể tỉnh", "11", NEW, register))
    assert not {"so-ldtbxh", "so-tttt", "ban-dan-toc"} & set(new)
    assert {"so-noi-vu", "so-y-te", "so-dan-toc-ton-giao", "ban-chi-huy-bien-phong"} <= set(new)


def test_unions_alone_and_departments_alone(register):
    unions = organs(resolve_expression("các đoàn thể tỉnh", "11", OLD, register))
    departments = organs(resolve_expression("các sở", "11", OLD, register))
    assert "hlhpn" in unions
    assert "so-y-te" in departments
    assert not set(unions) & set(departments)


def test_district_committees_before_and_commune_committees_after(register):
    phrase = "UBND các huyện, thị xã, thành phố"
    old = resolve_expression(phrase, "11", OLD, register)
    assert len(old.agencies) == 10
    assert set(organs(old)) == {"ubnd-huyen"}
    new = resolve_expression(phrase, "11", NEW, register)
    assert len(new.agencies) == 45
    assert set(organs(new)) == {"ubnd-xa"}
    assert new.notes == ("Ngày 01/8/2025 không còn cấp huyện; lấy cấp xã trên địa bàn.",)


def test_one_kind_means_the_kind_and_two_mean_the_level(register):
    rural = resolve_expression("UBND các huyện", "11", OLD, register)
    assert {agency.area.kind for agency in rural.agencies if agency.area} == {"huyện"}
    assert len(rural.agencies) == 8
    assert len(resolve_expression("Ủy ban nhân dân các huyện, thành phố", "11", OLD, register).agencies) == 10


def test_both_lower_levels(register):
    resolution = resolve_expression("UBND cấp huyện, cấp xã", "11", OLD, register)
    assert set(organs(resolution)) == {"ubnd-huyen", "ubnd-xa"}
    assert len(resolution.agencies) == 10 + 129


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("Ủy ban nhân dân các cấp", {"ubnd", "ubnd-huyen", "ubnd-xa"}),
        ("chính quyền các cấp trên địa bàn", {"ubnd", "ubnd-huyen", "ubnd-xa"}),
        ("Công an các cấp", {"cong-an", "cong-an-huyen", "cong-an-xa"}),
        ("Hội LHPN các cấp", {"hlhpn", "hlhpn-huyen", "hlhpn-xa"}),
    ],
)
def test_an_organ_of_every_level_is_that_of_the_area_and_of_all_units_below(register, phrase, expected):
    resolution = resolve_expression(phrase, "11", OLD, register)
    assert set(organs(resolution)) == expected
    assert len(resolution.agencies) == 1 + 10 + 129


def test_what_the_centre_calls_an_organ_of_every_level_is_that_of_each_province(register):
    assert set(organs(resolve_expression("Ủy ban nhân dân các cấp", "TW", NEW, register))) == {"ubnd"}
    assert len(resolve_expression("Ủy ban nhân dân các cấp", "TW", NEW, register).agencies) == 34


def test_police_of_the_districts_between_the_two_reforms_are_those_of_the_communes(register):
    resolution = resolve_expression("Công an các huyện, thị xã, thành phố", "11", date(2025, 4, 1), register)
    assert set(organs(resolution)) == {"cong-an-xa"}
    assert len(resolution.agencies) == 129


def test_one_named_unit_and_what_became_of_it(register):
    assert [a.name for a in resolve_expression("UBND huyện Mường Chà", "11", OLD, register).agencies] == [
        "Ủy ban nhân dân huyện Mường Chà"
    ]
    later = resolve_expression("UBND huyện Mường Chà", "11", NEW, register)
    assert set(organs(later)) == {"ubnd-xa"}
    assert "Huyện Mường Chà không còn vào ngày 01/8/2025" in later.notes[0]


def test_departments_with_localities(register):
    resolution = resolve_expression("các sở, ban, ngành, địa phương", "11", OLD, register)
    assert {"so-y-te", "cong-an", "ubnd-huyen"} <= set(organs(resolution))


def test_a_whole_line_of_addressees(register):
    phrase = "Các sở, ban, ngành, đoàn thể tỉnh; UBND các huyện, thị xã, thành phố"
    resolution = resolve_expression(phrase, "11", OLD, register)
    assert {"so-y-te", "hlhpn", "ubnd-huyen"} <= set(organs(resolution))
    assert len(resolution.matched) == 2


def test_concerned_agencies_are_left_to_a_person(register):
    resolution = resolve_expression("các cơ quan, đơn vị liên quan", "11", OLD, register)
    assert resolution.selective
    assert len(resolution.agencies) > 20


def test_members_of_the_committee(register):
    members = organs(resolve_expression("các thành viên Ban Chỉ đạo 138 tỉnh", "11", OLD, register))
    assert {"cong-an", "bo-chi-huy-bien-phong", "vks", "toa-an", "so-ldtbxh", "hlhpn"} <= set(members)
    assert "so-xay-dung" not in members


def test_judicial_bodies_and_the_press(register):
    judicial = organs(resolve_expression("các cơ quan tư pháp tỉnh", "11", OLD, register))
    assert {"cong-an", "vks", "toa-an", "so-tu-phap"} <= set(judicial)
    assert organs(resolve_expression("các cơ quan thông tấn, báo chí", "11", OLD, register)) == ["bao", "dai-ptth"]
    assert organs(resolve_expression("các cơ quan thông tấn, báo chí", "11", NEW, register)) == ["bao-dai"]


def test_ministries_for_a_national_plan(register):
    ministries = organs(resolve_expression("Các bộ, ngành", "TW", OLD, register))
    assert {"bo-cong-an", "bo-quoc-phong", "bo-ldtbxh"} <= set(ministries)
    assert "bo-ldtbxh" not in organs(resolve_expression("Các bộ, ngành Trung ương", "11", NEW, register))


def test_a_district_reads_its_own_phrases(register):
    assert [a.name for a in resolve_expression("Công an huyện", "101", OLD, register).agencies] == [
        "Công an huyện Điện Biên Đông"
    ]
    communes = resolve_expression("UBND các xã, phường, thị trấn", "101", OLD, register)
    assert {agency.area.parent_code for agency in communes.agencies if agency.area} == {"101"}


def test_brackets_prefixes_and_the_archive_line(register):
    asked = resolve_expression("Ban Chỉ đạo 138/CP (C02, BCA); TT. Tỉnh ủy, HĐND tỉnh", "11", OLD, register)
    assert organs(asked) == ["bo-cong-an", "cap-uy", "hdnd"]
    assert organs(resolve_expression("CT và các PCT UBND tỉnh", "11", OLD, register)) == ["ubnd"]
    assert resolve_expression("Lưu: VT, BCĐ.", "11", OLD, register).agencies == ()


def test_central_bodies_in_the_province_are_not_guessed(register):
    resolution = resolve_expression("Các cơ quan Trung ương đóng trên địa bàn", "11", OLD, register)
    assert resolution.agencies == ()
    assert resolution.unmatched == ("Các cơ quan Trung ương đóng trên địa bàn",)


PLANS = Path(__file__).resolve().parents[3] / "shared" / "plans"


@pytest.mark.real_plans
@pytest.mark.skipif(not PLANS.is_dir(), reason="../shared/plans is not there: the five real plans are not read")
def test_every_agency_that_has_a_task_in_the_real_plans_is_understood(register):
    asked = 0
    for path in PLANS.glob("*.gold.json"):
        plan = json.loads(path.read_text(encoding="utf-8"))
        on = date.fromisoformat(plan["issued_on"] or f"{plan['year_from']}-03-01")
        area = register.area_named(plan["place"] or "Hải Phòng", on)
        assert area is not None
        for phrase in {name for task in plan["tasks"] for name in (*task["lead"], *task["coordinating"])}:
            resolution = resolve_expression(phrase, area.code, on, register)
            assert resolution.agencies, phrase
            assert not resolution.unmatched, phrase
            asked += 1
    assert asked > 30


def test_what_is_not_understood_is_handed_back(register):
    resolution = resolve_expression("Câu lạc bộ Hoa Ban, Sở Y tế", "11", OLD, register)
    assert organs(resolution) == ["so-y-te"]
    assert resolution.unmatched == ("Câu lạc bộ Hoa Ban",)
    assert resolve_expression("", "11", OLD, register) == Resolution()
    assert resolve_expression("x" * 5000, "11", OLD, register).agencies == ()


def test_an_unknown_area_is_refused(register):
    with pytest.raises(UnknownArea):
        resolve_expression("Công an tỉnh", "02", NEW, register)


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(["11", "24", "46", "79"]),
    st.dates(min_value=date(2016, 1, 1), max_value=date(2026, 12, 31)),
    st.text(max_size=60)
    | st.sampled_from(["các sở, ban, ngành", "UBND các huyện, thị xã", "Sở LĐTBXH", "Công an tỉnh"]),
)
def test_only_agencies_in_force_are_ever_answered(code, on, phrase):
    resolution = resolve_expression(phrase, code, on, national_register())
    assert all(agency.in_force(on) for agency in resolution.agencies)
    assert len(set(resolution.agencies)) == len(resolution.agencies)


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(["11", "24", "01", "79"]), st.sampled_from([OLD, date(2025, 4, 1), NEW]))
def test_every_agency_is_found_by_its_own_name_and_short_name(code, on):
    register = national_register()
    for agency in register.agencies_of(register.area(code, on), on):
        if not register.organs[agency.organ].numbered:
            for name in (agency.name, agency.short_name):
                assert agency in resolve_expression(name, code, on, register).agencies, name


@pytest.mark.parametrize(
    ("phrase", "organ"),
    [
        ("Sở Y tế các tỉnh, thành phố trực thuộc Trung ương", "so-y-te"),
        ("Sở GD&ĐT các tỉnh", "so-gddt"),
        ("Hội LHPN các tỉnh, thành phố", "hlhpn"),
        ("Ủy ban MTTQ Việt Nam các tỉnh", "mttq"),
        ("Hội Nông dân cấp tỉnh", "hoi-nong-dan"),
        ("Hội đồng nhân dân các tỉnh", "hdnd"),
    ],
)
def test_the_centre_names_an_organ_of_every_province(register: Register, phrase: str, organ: str) -> None:
    found = resolve_expression(phrase, "TW", NEW, register)
    assert (len(found.agencies), set(organs(found)), found.unmatched) == (34, {organ}, ())


def test_the_border_guards_of_the_provinces_are_those_that_have_one(register: Register) -> None:
    before, after = (resolve_expression("Bộ đội Biên phòng các tỉnh", "TW", day, register) for day in (OLD, NEW))
    assert set(organs(before)) == {"bo-chi-huy-bien-phong"}
    assert set(organs(after)) == {"ban-chi-huy-bien-phong"}
    assert 0 < len(after.agencies) < 34
    assert len(after.agencies) < len(before.agencies) < 63


def test_departments_that_are_gone_in_every_province_are_answered_by_their_heirs(register: Register) -> None:
    phrase = "Sở Lao động - Thương binh và Xã hội các tỉnh, thành phố"
    assert set(organs(resolve_expression(phrase, "TW", OLD, register))) == {"so-ldtbxh"}
    heirs = resolve_expression(phrase, "TW", NEW, register)
    assert set(organs(heirs)) == {"so-noi-vu", "so-y-te", "so-gddt", "cong-an"}
    assert "không có Sở Lao động" in heirs.notes[0]
