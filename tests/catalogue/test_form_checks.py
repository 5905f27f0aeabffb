"""What is found in filled forms: wrong values, broken identities, differences between forms and between cycles."""

from __future__ import annotations

import pytest

from haidang.catalogue.checks import blank_cells, check_carry, check_filing, check_form, check_magnitude, cross_checks
from haidang.catalogue.forms import FORMS, all_forms, form
from haidang.catalogue.specfiles import SpecError


def zeros(code: str) -> dict[str, object]:
    spec = form(code)
    return {cell: 0 for cell in spec.input_cells if not spec.cells[cell][1].is_text}


def codes(findings) -> list[str]:
    return [finding.check for finding in findings]


@pytest.mark.parametrize("code", [f"B{number}" for number in range(1, 9)])
def test_a_form_of_zeros_has_nothing_wrong(code):
    assert check_form(form(code), zeros(code)) == []


@pytest.mark.parametrize("code", [f"B{number}" for number in range(1, 9)])
def test_an_empty_form_is_neither_right_nor_wrong(code):
    assert check_form(form(code), {}) == []
    assert len(blank_cells(form(code), {})) == len(zeros(code))
    assert blank_cells(form(code), zeros(code)) == ()


def test_more_resolved_than_there_were_blocks_and_names_the_line_once():
    found = check_form(form("B1"), zeros("B1") | {"d150.c3": 2, "d150.c11": 3, "d150.c16": "nd"})
    assert codes(found) == ["not_negative", "overdue"]  # no number can be overdue of fewer than none
    assert found[0].level == "block"
    assert found[0].message.startswith("Điều 150. Mua bán người: ")
    assert "c15 = −1" in found[0].message


def test_a_total_line_is_named_when_no_part_of_it_is_to_blame():
    found = check_form(form("B5"), zeros("B5") | {"domestic.c1": 2, "domestic.c13": 2})
    assert codes(found) == ["screened"]
    assert set(found[0].cells) == {"not_identified.c2", "t.c13"}


def test_men_and_women_make_the_total():
    cells = zeros("B2") | {"d151.c4": 3, "d151.c3": 1, "d151.c23": 1, "d151.c24": 1, "d151.c28": 3}
    cells |= {"vietnam.c3": 1, "vietnam.c4": 3}
    found = check_form(form("B2"), cells)
    assert codes(found) == ["accused_sex"]
    assert "c23 + c24 = 2" in found[0].message
    assert "c4 = 3" in found[0].message


def test_a_check_waits_until_its_cells_are_entered():
    cells = zeros("B2") | {"d151.c4": 3, "d151.c3": 1, "d151.c23": 1, "d151.c28": 3, "vietnam.c3": 1, "vietnam.c4": 3}
    del cells["d151.c24"]
    assert codes(check_form(form("B2"), cells)) == []


def test_what_must_be_explained_does_not_block():
    found = check_form(form("B8"), zeros("B8") | {"local.c5": 100, "local.c8": 120.5})
    assert [(finding.check, finding.level) for finding in found] == [("overspent", "explain")]
    assert "120,5" in found[0].message


@pytest.mark.parametrize("raw", [-1, 1.5, "năm", True, float("nan"), float("inf"), 10**10, [], 10**400])
def test_a_value_of_the_wrong_kind_blocks(raw):
    found = check_form(form("B1"), {"d150.c3": raw})
    assert (found[0].check, found[0].level, found[0].cells) == ("kind", "block", ("d150.c3",))


def test_reasons_and_words_are_values_where_they_belong():
    assert check_form(form("B1"), {"d150.c3": "na", "d150.c4": "nd"}) == []
    assert check_form(form("B8"), {"plan.c14": "12 kế hoạch"}) == []
    assert codes(check_form(form("B8"), {"plan.c14": 12})) == ["kind"]


def test_a_cell_the_form_does_not_have_is_named():
    found = check_form(form("B1"), {"d150.c99": 1})
    assert codes(found) == ["unknown"]
    assert "d150.c99" in found[0].message


def test_a_typed_total_that_differs_is_said_and_not_taken():
    found = check_form(form("B1"), zeros("B1") | {"d150.c3": 4, "d150.c2": 5})
    assert [(finding.check, finding.level) for finding in found] == [("typed_total", "explain")]
    assert "số ghi 5" in found[0].message and "số máy tính 4" in found[0].message


def test_forms_are_held_against_each_other():
    documents = {"B1": zeros("B1") | {"d150.c3": 3, "d150.c11": 3}, "B2": zeros("B2") | {"d150.c3": 2}}
    found = check_filing((form("B1"), form("B2")), documents)
    assert codes(found) == ["reports_to_cases"]
    assert found[0].cells == ("B1.core.c11", "B2.core.c3")
    assert "3 vụ" in found[0].message and "2 vụ" in found[0].message


def test_a_check_between_forms_needs_both():
    assert check_filing(all_forms(), {"B1": zeros("B1") | {"d150.c3": 3, "d150.c11": 3}}) == []


def test_an_opening_repeats_the_closing_before_it_or_is_explained():
    before = zeros("B1") | {"d150.c3": 5, "d150.c11": 2}
    same = zeros("B1") | {"d150.c1": 3}
    assert check_carry(form("B1"), same, before) == []
    found = check_carry(form("B1"), zeros("B1") | {"d150.c1": 4}, before)
    assert [(finding.check, finding.level, finding.cells) for finding in found] == [
        ("carried", "explain", ("d150.c1",))
    ]
    assert check_carry(form("B1"), {}, before) == []


def test_a_slipped_digit_is_asked_about():
    last_year = zeros("B7") | {"meeting.c3": 120}
    assert check_magnitude(form("B7"), {"meeting.c3": 1100}, last_year) == []
    assert codes(check_magnitude(form("B7"), {"meeting.c3": 1200}, last_year)) == ["magnitude"]
    assert check_magnitude(form("B7"), {"meeting.c1": 1200}, last_year) == []


def test_every_check_between_forms_names_cells_that_exist(tmp_path):
    assert len(cross_checks()) >= 6
    for path in FORMS.glob("b*.toml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    text = (FORMS / "cross.toml").read_text(encoding="utf-8")
    (tmp_path / "cross.toml").write_text(text.replace("B1.core.c11 =", "B1.core.c99 ="), encoding="utf-8")
    with pytest.raises(SpecError, match=r"B1\.core\.c99"):
        cross_checks(tmp_path)
