"""One cell opened: where its number comes from, what it was, who said what; and why a cell is not the agency's."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from haidang.accounts.actors import Refused
from haidang.audit.models import Entry
from haidang.catalogue.forms import form
from haidang.filings import queries
from haidang.filings.actions import accept, comment_cell, report_nil, save_cells, submit
from haidang.filings.cell_details import cell_details, comments_of
from haidang.filings.entries import NotAnEntry, read_entries, read_entry, read_reasons
from haidang.filings.models import CellComment, Filing
from haidang.filings.reasons import reasons_of
from haidang.kernel.calendars import nd09_quarter

from .conftest import Cast


@pytest.fixture
def filing(cast: Cast) -> Filing:
    return queries.filing_for(cast.son, cast.filing(cast.cycle(forms=("B1", "B7")), cast.police).pk)


def again(cast: Cast, filing: Filing) -> Filing:
    return queries.filing_for(cast.son, filing.pk)


def test_a_computed_cell_names_its_formula_and_its_parts(cast: Cast, filing: Filing) -> None:
    save_cells(cast.son, filing, {"B1.d150.c3": 4, "B1.d150.c4": 1}, 0)
    details = cell_details(again(cast, filing), "B1.d150.c2")
    assert details.value == 5
    assert {part.code: part.value for part in details.parts}["B1.d150.c3"] == 4
    assert "c3" in details.formula
    entered = cell_details(again(cast, filing), "B1.d150.c3")
    assert entered.formula == ""
    assert "B1.d150.c2" in {total.code for total in entered.feeds}


def test_the_same_cell_over_earlier_cycles_the_oldest_first(cast: Cast, filing: Filing) -> None:
    for label, quarter, due, value in (
        ("Quý III/2024", nd09_quarter(2024, 3), date(2024, 9, 12), 3),
        ("Quý IV/2024", nd09_quarter(2024, 4), date(2024, 12, 12), 7),
    ):
        past = cast.filing(cast.cycle(label, ("B1",), window=quarter, due_on=due), cast.police)
        save_cells(cast.son, past, {"B1.d150.c3": value}, 0)
    earlier = cell_details(filing, "B1.d150.c3").earlier
    assert [(one.label, one.value, one.comparable) for one in earlier] == [
        ("Quý III/2024", 3, True),
        ("Quý IV/2024", 7, True),
    ]


def test_a_cell_of_words_shows_what_was_written_there_before(cast: Cast, filing: Filing) -> None:
    words = next(cell for cell in form("B7").input_cells if form("B7").cells[cell][1].is_text)
    code = f"B7.{words}"
    for label, quarter, due, text in (
        ("Quý III/2024", nd09_quarter(2024, 3), date(2024, 9, 12), "Phát thanh\nhai buổi"),
        ("Quý IV/2024", nd09_quarter(2024, 4), date(2024, 12, 12), None),
    ):
        past = cast.filing(cast.cycle(label, ("B1", "B7"), window=quarter, due_on=due), cast.police)
        save_cells(cast.son, past, {"B1.d150.c3": 1, code: text}, 0)
    told = cell_details(filing, code)
    assert [(one.label, one.value) for one in told.earlier] == [
        ("Quý III/2024", "Phát thanh\nhai buổi"),
        ("Quý IV/2024", None),
    ]


def test_who_changed_it_and_what_was_sent(cast: Cast, filing: Filing) -> None:
    report_nil(cast.son, filing, "B1", 0)
    report_nil(cast.son, filing, "B7", 1)
    save_cells(cast.son, filing, {"B1.d150.c3": 2}, 2)
    save_cells(cast.son, filing, {"B1.d150.c4": 9}, 3)
    accept(cast.ha, submit(cast.son, filing))
    details = cell_details(again(cast, filing), "B1.d150.c3")
    assert [(event.by, event.before, event.after) for event in details.events] == [("Son", 0, 2), ("Son", None, 0)]
    assert [(one.number, one.value) for one in details.filed] == [(1, 2)]


def test_the_checks_that_rest_on_a_cell_say_how_they_came_out(cast: Cast, filing: Filing) -> None:
    save_cells(cast.son, filing, {"B1.d150.c6": 9}, 0)
    states = {check.state for check in cell_details(again(cast, filing), "B1.d150.c6").checks}
    assert states == {"waiting"}, "nothing is compared with a number that is not there yet"
    report_nil(cast.son, filing, "B1", 1)
    assert {check.state for check in cell_details(again(cast, filing), "B1.d150.c6").checks} == {"passed"}
    save_cells(cast.son, filing, {"B1.d150.c6": 9}, 2)
    failed = [one for one in cell_details(again(cast, filing), "B1.d150.c6").checks if one.state == "failed"]
    assert failed and all(one.message for one in failed)


def test_a_cell_that_is_not_there_has_no_details(filing: Filing) -> None:
    for code in ("B1.d150.c99", "B99.d150.c1", "B1", ""):
        with pytest.raises(KeyError):
            cell_details(filing, code)


def test_agency_and_standing_agency_talk_about_a_cell(cast: Cast) -> None:
    filing = queries.filing_for(cast.lan, cast.filing(cast.cycle(), cast.health).pk)
    code = f"B5.{cell_details_cell()}"
    comment_cell(cast.ha, filing, code, "Số này đã gồm người nước ngoài chưa?")
    comment_cell(cast.lan, filing, code, "Đã gồm.")
    said = cell_details(filing, code).comments
    assert [(one.agency_name, one.text) for one in said] == [
        ("Công an tỉnh Hải Minh", "Số này đã gồm người nước ngoài chưa?"),
        ("Sở Y tế tỉnh Hải Minh", "Đã gồm."),
    ]
    assert {one.code for one in comments_of(filing)} == {code}
    assert [one.text for one in comments_of(filing)] == ["Đã gồm.", "Số này đã gồm người nước ngoài chưa?"]
    assert Entry.objects.filter(action="filings.commented").count() == 2


def cell_details_cell() -> str:
    from haidang.catalogue.forms import form

    return form("B5").input_cells[0]


def test_saying_the_same_twice_is_one_comment(cast: Cast, filing: Filing) -> None:
    for _ in range(2):
        comment_cell(cast.son, filing, "B1.d150.c1", "Đang đối chiếu")
    assert CellComment.objects.count() == 1


def test_a_comment_needs_a_cell_words_and_the_right_to_see(cast: Cast, filing: Filing) -> None:
    for actor, code, text, told in (
        (cast.stranger, "B1.d150.c1", "Gì đây", "của Công an tỉnh Hải Minh"),
        (cast.son, "B1.d150.c99", "Gì đây", "Không có ô này"),
        (cast.son, "B1.d150.c1", " \n ", "chưa có nội dung"),
        (cast.son, "B1.d150.c1", "x" * 2001, "dài hơn 2.000 ký tự"),
    ):
        with pytest.raises(Refused, match=told):
            comment_cell(actor, filing, code, text)
    assert not CellComment.objects.exists()


def test_a_reason_is_kept_with_the_cell_and_in_the_version(cast: Cast, filing: Filing) -> None:
    report_nil(cast.son, filing, "B1", 0)
    report_nil(cast.son, filing, "B7", 1)
    why = {"B1.d150.c4": "Thuộc Bộ đội Biên phòng"}
    saved = save_cells(cast.son, filing, {"B1.d150.c4": "na"}, 2, reasons=why)
    assert reasons_of(saved.filing.cells, saved.filing.explanations)["B1.d150.c4"] == "Thuộc Bộ đội Biên phòng"
    assert cell_details(saved.filing, "B1.d150.c4").reason == "Thuộc Bộ đội Biên phòng"
    version = submit(cast.son, filing)
    assert reasons_of(version.cells, version.explanations)["B1.d150.c4"] == "Thuộc Bộ đội Biên phòng"


def test_a_reason_goes_with_its_cell(cast: Cast, filing: Filing) -> None:
    save_cells(cast.son, filing, {"B1.d150.c4": "na"}, 0, reasons={"B1.d150.c4": "Ngoài địa bàn"})
    saved = save_cells(cast.son, filing, {"B1.d150.c4": "na"}, 1)
    assert cell_details(saved.filing, "B1.d150.c4").reason == "Ngoài địa bàn", "saying it again without a reason"
    saved = save_cells(cast.son, filing, {"B1.d150.c4": 3}, 1)
    assert saved.filing.explanations == {}
    saved = save_cells(cast.son, filing, {"B1.d150.c5": 3}, 2, reasons={"B1.d150.c5": "Không phải"})
    assert saved.filing.explanations == {}, "a number needs no reason"


def test_a_reason_is_typed_behind_a_colon(filing: Filing) -> None:
    forms = queries.content.forms_for(filing.obligation)
    typed = {
        "B1.d150.c1": "ktcn:  ngoài   địa bàn",
        "B1.d150.c3": "-: thuộc Tòa án",
        "B1.d150.c4": "7",
        "B1.d150.c5": "-",
    }
    assert read_entries(forms, typed)[0] == {
        "B1.d150.c1": "na", "B1.d150.c3": "na", "B1.d150.c4": 7, "B1.d150.c5": "na",
    }  # fmt: skip
    assert read_reasons(forms, typed) == {"B1.d150.c1": "ngoài địa bàn", "B1.d150.c3": "thuộc Tòa án"}
    with pytest.raises(NotAnEntry, match="dài hơn 300 ký tự"):
        read_entry("KTCN: " + "x" * 301)
    with pytest.raises(NotAnEntry):
        read_entry("12: lý do")


def test_opening_a_cell_costs_five_queries(cast: Cast, filing: Filing, django_assert_num_queries: Any) -> None:
    save_cells(cast.son, filing, {"B1.d150.c3": 4}, 0)
    comment_cell(cast.son, filing, "B1.d150.c3", "Đã đối chiếu")
    filing = again(cast, filing)
    with django_assert_num_queries(5):
        details = cell_details(filing, "B1.d150.c3")
    assert details.comments
