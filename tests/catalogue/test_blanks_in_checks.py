"""What is found while cells are blank: only what no number in them can put right."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.catalogue.checks import check_filing, check_form, check_left_blank
from haidang.catalogue.forms import form

AGES = ("c5", "c6", "c7")
MOST = 4


def line(**cells: object) -> dict[str, object]:
    return {f"domestic.{code}": value for code, value in cells.items()}


def blocked(cells: dict[str, object]) -> set[str]:
    return {one.check for one in check_form(form("B5"), cells) if one.level == "block"}


def test_one_part_above_a_whole_that_is_known_blocks_whatever_its_siblings_are():
    found = check_form(form("B5"), line(c3=7, c4=0, c6=1000))
    assert [(one.check, one.level) for one in found] == [("received_age", "block")]
    assert "c5 - c7 cộng lại 1.000" in found[0].message
    assert "c2 = 7" in found[0].message
    assert blocked(line(c3=7, c4=0, c6=7)) == set()


def test_all_parts_known_and_less_than_what_is_entered_of_the_whole_blocks():
    assert blocked(line(c3=7, c5=1, c6=0, c7=0)) == {"received_age"}
    assert blocked(line(c3=7, c5=1, c6=6, c7=2)) == set()  # two women may be missing


def test_more_resolved_than_there_can_be_blocks_while_other_results_are_blank():
    assert blocked(line(c1=0, c3=2, c4=0, c13=3)) == {"under_verification"}
    assert blocked(line(c3=2, c4=0, c13=3)) == set()  # what was carried over is not entered yet


def test_a_cell_that_is_not_expected_adds_nothing_and_one_without_figures_may_be_anything():
    assert blocked(line(c3=7, c4="na", c6=8)) == {"received_age"}
    assert blocked(line(c3=7, c4="nd", c6=8)) == set()
    assert blocked(line(c3="na", c4="na", c6=8)) == set()


def test_sent_with_its_blanks_a_part_above_the_total_as_it_stands_is_wrong():
    cells = line(c3=7, c6=1000)
    assert blocked(cells) == set()  # 993 women may still be entered
    (found,) = check_left_blank(form("B5"), cells)
    assert (found.check, found.level) == ("received_age", "block")
    assert found.message.endswith("Ghi nốt ô còn trống của tổng, hoặc chọn chưa có số liệu cho ô đó, rồi gửi.")


@pytest.mark.parametrize(
    "cells", [line(c3=7, c6=5), line(c3=7, c4="nd", c6=1000), line(c6=1000), line(c3=7, c4=0, c6=1000), {}]
)
def test_sent_with_its_blanks_nothing_more_is_found_where_the_total_is_not_outgrown(cells):
    assert check_left_blank(form("B5"), cells) == []


def between(first: dict[str, object]) -> list[str]:
    """What is found between the first form, with these cells alone, and the second one, with two cases and no blank."""
    second = dict.fromkeys(form("B2").input_cells, 0) | {"d150.c3": 2}
    found = check_filing((form("B1"), form("B2")), {"B1": first, "B2": second})
    return [one.message for one in found if one.check == "reports_to_cases"]


def test_a_total_that_is_above_that_of_another_form_already_is_told_before_its_last_blank_is_filled_in():
    (told,) = between({"d150.c11": 3})
    assert "3 vụ khởi tố" in told
    assert "2 vụ khởi tố mới" in told
    assert told.endswith("Ô còn trống có ghi số nào cũng không khớp được; sửa số đã ghi.")
    assert between({"d150.c11": 2}) == []
    assert between({"d150.c11": 1}) == [], "the other offences are not entered yet"
    assert between({}) == []


entries = st.none() | st.integers(0, MOST)


@given(st.tuples(entries, entries), st.tuples(entries, entries, entries))
def test_the_ages_block_exactly_when_no_number_in_the_blanks_makes_them_the_total(sexes, ages):
    """`sexes` and `ages` are what is entered on one line; None is blank. Tried: every number up to all entered."""
    cells = line(**dict(zip(("c3", "c4", *AGES), (*sexes, *ages), strict=True)))
    given_cells = {code: value for code, value in cells.items() if value is not None}
    most = 3 * MOST
    sums = [
        {sum(filled) for filled in product(*(range(most + 1) if one is None else [one] for one in side))}
        for side in (sexes, ages)
    ]
    assert ("received_age" in blocked(given_cells)) == sums[0].isdisjoint(sums[1])


@given(st.tuples(entries, entries), entries)
def test_a_part_blocks_exactly_when_no_number_in_the_blanks_makes_the_whole_as_large(sexes, part):
    cells = line(c3=sexes[0], c4=sexes[1], c8=part)
    impossible = part is not None and None not in sexes and part > sum(sexes)
    assert ("received_c8" in blocked({c: v for c, v in cells.items() if v is not None})) == impossible
