"""Which plan stands above which: numbers as they are written, days and issuers that tell them apart, no circles."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.plans.family import (
    Citation,
    Edge,
    Sheet,
    Why,
    citations_of,
    closes_circle,
    family_of,
    number_key,
    own_numbers,
)

DAY = date(2025, 2, 17)


def sheet(pk: int, number: str, *cites: Citation, path="X1", rank=1, on=DAY, issuer="UBND tỉnh") -> Sheet:
    return Sheet(pk, frozenset({number_key(number)} if number else ()), on, issuer, path, rank, cites)


@pytest.mark.parametrize("written", ["017 /KH-BCĐ", "17/KH–BCĐ", "17 / KH - BCĐ", "17/kh-bcd"])
def test_a_number_is_the_same_however_it_is_written(written):
    assert number_key(written) == number_key("17/KH-BCĐ")


def test_other_numbers_are_others():
    assert len({number_key(one) for one in ("17/KH-BCĐ", "170/KH-BCĐ", "17/KH-UBND", "17/QĐ-BCĐ")}) == 4


def test_a_citation_has_the_day_and_the_issuer_beside_it():
    head = (
        "KẾ HOẠCH Thực hiện Kế hoạch số 031/KH- BCĐ138CP ngày 18 tháng 01 năm 2023 của Ban Chỉ đạo phòng, chống tội "
        "phạm của Chính phủ về nhiệm vụ năm; Quyết định số 9/QĐ-UBND, ngày 05/02/2025 của UBND tỉnh Bến Sương, Sở Y tế"
    )
    first, second, third = citations_of(["31/KH-BCĐ138CP", "9/QĐ-UBND", "77/NQ-CP"], head)
    assert (first.on, first.issuer) == (date(2023, 1, 18), "Ban Chỉ đạo phòng, chống tội phạm của Chính phủ")
    assert (second.on, second.issuer) == (date(2025, 2, 5), "UBND tỉnh Bến Sương")
    assert (third.on, third.issuer) == (None, "")


def test_a_wrapped_plan_goes_by_its_decision_too():
    head = "KẾ HOẠCH Phòng ngừa (Ban hành kèm theo Quyết định số 15/QĐ-UBND ngày 1/2/2025) I. MỤC TIÊU"
    assert own_numbers("8/KH-UBND", head) == {number_key("8/KH-UBND"), number_key("15/QĐ-UBND")}


def test_the_decision_behind_the_name_of_another_document_is_that_ones():
    head = "KẾ HOẠCH Thực hiện Đề án A (Ban hành kèm theo Quyết định số 15/QĐ-UBND ngày 1/2/2025) I. MỤC TIÊU"
    assert own_numbers("8/KH-UBND", head) == {number_key("8/KH-UBND")}


def test_a_plan_stands_below_the_one_it_cites():
    parent, child = sheet(1, "7/KH-UBND"), sheet(2, "3/KH-SYT", Citation("07/KH-UBND"))
    assert family_of([parent, child], {}).edges == (Edge(2, 1, Why.NUMBER),)


def test_what_nobody_imported_is_left_open():
    child = sheet(2, "3/KH-SYT", Citation("99/KH-UBND"))
    family = family_of([child], {})
    assert not family.edges
    assert [(one.citation.number, one.candidates) for one in family.open] == [("99/KH-UBND", ())]


def test_a_province_next_door_with_the_same_number_is_not_meant():
    other = sheet(1, "7/KH-UBND", path="X2")
    child = sheet(2, "3/KH-SYT", Citation("7/KH-UBND"), path="X1")
    assert not family_of([other, child], {}).edges


def test_the_day_tells_two_of_the_same_number_apart():
    old, new = sheet(1, "7/KH-UBND", on=date(2024, 2, 1)), sheet(2, "7/KH-UBND", on=DAY)
    child = sheet(3, "1/KH-SYT", Citation("7/KH-UBND", DAY), on=date(2025, 3, 1))
    assert [(edge.parent, edge.why) for edge in family_of([old, new, child], {}).edges] == [(2, Why.DATED)]


def test_the_issuer_tells_the_centre_from_the_province():
    central = sheet(1, "7/KH-BCĐ", path="TW", rank=0, issuer="Ban Chỉ đạo 138/CP")
    own = sheet(2, "7/KH-BCĐ", issuer="Ban Chỉ đạo 138 tỉnh")
    for issuer, parent in (("Ban Chỉ đạo 138/CP", 1), ("Ban Chỉ đạo 138 tỉnh", 2)):
        child = sheet(3, "1/KH-UBND", Citation("7/KH-BCĐ", None, issuer), on=date(2025, 3, 1))
        assert [edge.parent for edge in family_of([central, own, child], {}).edges] == [parent]


def test_two_that_fit_alike_are_left_to_a_person():
    rows = [sheet(1, "7/KH-UBND", on=None), sheet(2, "7/KH-UBND", on=None, path="X1")]
    child = sheet(3, "1/KH-UBND", Citation("7/KH-UBND"), path="X1/Y", rank=2)
    family = family_of([*rows, child], {})
    assert not family.edges
    assert set(family.open[0].candidates) == {1, 2}
    settled = family_of([*rows, child], {(3, 2): True})
    assert settled.edges == (Edge(3, 2, Why.SAID),)


def test_a_day_that_contradicts_is_another_document():
    parent = sheet(1, "7/KH-UBND", on=date(2024, 1, 1))
    child = sheet(2, "1/KH-SYT", Citation("7/KH-UBND", DAY))
    assert not family_of([parent, child], {}).edges


def test_what_a_person_denies_is_no_edge():
    parent, child = sheet(1, "7/KH-UBND"), sheet(2, "3/KH-SYT", Citation("7/KH-UBND"))
    assert not family_of([parent, child], {(2, 1): False}).edges


def test_a_younger_plan_is_no_parent_unless_its_very_day_is_cited():
    parent = sheet(1, "7/KH-UBND", on=date(2025, 3, 1))
    assert not family_of([parent, sheet(2, "1/KH-SYT", Citation("7/KH-UBND"))], {}).edges
    assert family_of([parent, sheet(2, "1/KH-SYT", Citation("7/KH-UBND", date(2025, 3, 1)))], {}).edges


def test_a_circle_is_never_closed():
    one = sheet(1, "1/KH-UBND", Citation("2/KH-UBND"))
    two = sheet(2, "2/KH-UBND", Citation("1/KH-UBND"))
    assert len(family_of([one, two], {}).edges) == 1
    edges = [Edge(2, 1, Why.NUMBER), Edge(3, 2, Why.NUMBER)]
    assert closes_circle(edges, 1, 3)
    assert closes_circle(edges, 1, 1)
    assert not closes_circle(edges, 3, 1)


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6)), max_size=20))
def test_whatever_people_say_no_plan_stands_above_itself(pairs):
    sheets = [sheet(pk, f"{pk}/KH-UBND") for pk in range(1, 7)]
    edges = family_of(sheets, dict.fromkeys(pairs, True)).edges
    for edge in edges:
        rest = [one for one in edges if one != edge]
        assert not closes_circle(rest, edge.child, edge.parent)
