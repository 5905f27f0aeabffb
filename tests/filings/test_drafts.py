"""Autosave: what is kept, what follows, what is refused, and two people at once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from haidang.accounts.actors import Refused
from haidang.catalogue.forms import form
from haidang.filings import queries
from haidang.filings.actions import InvalidEntries, StaleCells, report_nil, save_cells, save_section
from haidang.filings.earlier import earlier_cells
from haidang.filings.expectations import expectations_of
from haidang.filings.models import Edit, Filing
from haidang.kernel.calendars import nd09_quarter
from haidang.kernel.windows import Window

from .conftest import Cast, filled, make_actor


@pytest.fixture
def filing(cast: Cast) -> Filing:
    return cast.filing(cast.cycle(forms=("B1", "B7")), cast.police)


def test_computed_cells_follow_what_is_entered(cast: Cast, filing: Filing) -> None:
    saved = save_cells(cast.son, filing, {"B1.d150.c3": 2, "B1.d150.c4": 3, "B1.d151.c3": 1}, 0)
    assert saved.filing.cells["B1.d150.c2"] == 5
    assert saved.filing.cells["B1.core.c2"] == 6
    assert saved.changed["B1.t.c10"] == 6


def test_a_blank_is_not_a_zero(cast: Cast, filing: Filing) -> None:
    save_cells(cast.son, filing, {"B1.d150.c3": 0, "B1.d151.c3": "na", "B1.d152.c3": "nd"}, 0)
    cells = save_cells(cast.son, filing, {"B1.d150.c3": None}, 1).filing.cells
    assert "B1.d150.c3" not in cells
    assert (cells["B1.d151.c3"], cells["B1.d152.c3"]) == ("na", "nd")


def test_saving_what_already_stands_changes_nothing(cast: Cast, filing: Filing) -> None:
    save_cells(cast.son, filing, {"B1.d150.c3": 2}, 0)
    again = save_cells(cast.son, filing, {"B1.d150.c3": 2}, 0)
    assert (again.revision, again.changed) == (1, {})
    assert Edit.objects.count() == 1


def test_two_people_in_different_cells_lose_nothing(cast: Cast, filing: Filing) -> None:
    save_cells(cast.son, filing, {"B1.d150.c3": 2}, 0)
    saved = save_cells(cast.son, filing, {"B1.d150.c4": 7}, 0)
    assert (saved.filing.cells["B1.d150.c3"], saved.filing.cells["B1.d150.c4"]) == (2, 7)


def test_two_people_in_one_cell_meet_a_question(cast: Cast, filing: Filing) -> None:
    from haidang.accounts.actors import Role

    mai = make_actor("mai", cast.police, Role.CLERK)
    save_cells(mai, filing, {"B1.d150.c3": 3}, 0)
    with pytest.raises(StaleCells) as caught:
        save_cells(cast.son, filing, {"B1.d150.c3": 2, "B1.d150.c4": 1}, 0)
    (conflict,) = caught.value.conflicts
    assert (conflict.code, conflict.theirs, conflict.mine, conflict.by) == ("B1.d150.c3", 3, 2, "Mai")
    filing.refresh_from_db()
    assert "B1.d150.c4" not in filing.cells


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"B1.t.c10": 5}, "do hệ thống tự tính"),
        ({"B1.d150.c99": 5}, "không có trong các biểu"),
        ({"B5.domestic.c1": 5}, "không có trong các biểu"),
        ({"B1.d150.c3": "5"}, "nhập một số"),
        ({"B1.d150.c3": True}, "nhập một số"),
        ({"B1.d150.c3": float("inf")}, "nhập một số"),
        ({"B1.d150.c3": [1]}, "nhập một số"),
        ({"B1.d150.c3": 10**16}, "số quá lớn"),
    ],
)
def test_what_is_no_entry_is_refused_with_its_cell(
    cast: Cast, filing: Filing, changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(InvalidEntries, match=sentence) as caught:
        save_cells(cast.son, filing, changes | {"B1.d150.c4": 1}, 0)
    assert list(caught.value.problems) == list(changes)
    filing.refresh_from_db()
    assert filing.cells == {}


def test_a_wrong_number_is_kept_and_found(cast: Cast, filing: Filing) -> None:
    saved = save_cells(cast.son, filing, {"B1.d150.c3": -2}, 0)
    assert saved.filing.cells["B1.d150.c3"] == -2
    found = queries.filing_findings(queries.filing_for(cast.son, filing.pk))
    (kind,) = [finding for finding in found if finding.key == "B1.kind:d150.c3"]
    assert (kind.cells, kind.level, kind.blocks) == (("B1.d150.c3",), "block", True)
    assert "âm" in kind.message


def test_words_go_to_text_cells_and_are_no_numbers(cast: Cast, filing: Filing) -> None:
    code = next(f"B7.{cell}" for cell in form("B7").input_cells if form("B7").cells[cell][1].is_text)
    saved = save_cells(cast.son, filing, {code: "na"}, 0)
    assert (saved.filing.sections, saved.filing.cells) == ({code: "na"}, {})
    assert save_cells(cast.son, filing, {code: ""}, 1).filing.sections == {}


def test_characters_that_databases_refuse_are_left_out_of_words(cast: Cast, filing: Filing) -> None:
    saved = save_section(cast.son, filing, "II.1", "Họp\x00 giao ban\ud800\nlần 2\x07 ", 0)
    assert saved.filing.sections == {"II.1": "Họp giao ban\nlần 2"}


def test_sections_are_kept_by_their_code_in_the_outline(cast: Cast, filing: Filing) -> None:
    assert save_section(cast.son, filing, "II.1", " Đã triển khai. ", 0).filing.sections == {"II.1": "Đã triển khai."}
    for code in ("", "B1.d150.c3", "a b", "x" * 70):
        with pytest.raises(InvalidEntries, match="Không có mục"):
            save_section(cast.son, filing, code, "Chữ", 1)


def test_nothing_to_report_writes_zeros_and_says_so(cast: Cast, filing: Filing) -> None:
    cells = report_nil(cast.son, filing, "B1", 0).filing.cells
    assert {code: value for code, value in cells.items() if code in filled("B1")} == filled("B1")
    with pytest.raises(Refused, match="không phải báo cáo biểu B4"):
        report_nil(cast.son, filing, "B4", 1)


def test_people_of_other_agencies_do_not_edit(cast: Cast, filing: Filing) -> None:
    for actor in (cast.lan, cast.stranger):
        with pytest.raises(Refused, match="chỉ người của cơ quan đó"):
            save_cells(actor, filing, {"B1.d150.c3": 1}, 0)


def test_a_cell_remembers_who_changed_it(cast: Cast, filing: Filing) -> None:
    save_cells(cast.son, filing, {"B1.d150.c3": 2}, 0)
    save_cells(cast.son, filing, {"B1.d150.c3": 4}, 1)
    history = queries.cell_history(filing, "B1.d150.c3")
    assert [(event.by, event.before, event.after) for event in history] == [("Son", 2, 4), ("Son", None, 2)]


def test_earlier_cycles_of_the_agency_are_at_hand(cast: Cast, filing: Filing) -> None:
    save_cells(cast.son, filing, {"B1.d150.c3": 1200}, 0)
    following = cast.cycle("Quý II", ("B1",), window=nd09_quarter(2025, 2), due_on=date(2025, 6, 12))
    year_on = cast.cycle("Quý I sau", ("B1",), window=nd09_quarter(2026, 1), due_on=date(2026, 3, 12))
    carried = earlier_cells(cast.filing(following, cast.police).obligation)
    compared = earlier_cells(cast.filing(year_on, cast.police).obligation)
    assert carried.before is not None
    assert carried.before["B1.d150.c3"] == 1200
    assert carried.last_year is None
    assert compared.before is None
    assert compared.last_year is not None
    assert compared.last_year["B1.d150.c3"] == 1200


def test_the_cycle_before_is_the_one_of_this_length_where_two_ended_that_day(cast: Cast, filing: Filing) -> None:
    save_cells(cast.son, filing, {"B1.d150.c3": 5}, 0)  # a quarter that ends on 14/3/2025
    half = Window(date(2024, 9, 15), date(2025, 3, 14))
    longer = cast.filing(cast.cycle("Sáu tháng", ("B1",), window=half), cast.police)
    save_cells(cast.son, longer, {"B1.d150.c3": 90}, 0)
    following = cast.cycle("Quý II", ("B1",), window=nd09_quarter(2025, 2), due_on=date(2025, 6, 12))
    next_half = Window(date(2025, 3, 15), date(2025, 9, 14))
    two_quarters = cast.cycle("Hai quý", ("B1",), window=next_half, due_on=date(2025, 9, 12))
    for cycle, before in ((following, 5), (two_quarters, 90)):
        expected = expectations_of(cast.filing(cycle, cast.police).obligation)
        assert expected.earlier.before is not None
        assert expected.alike is not None
        assert (expected.earlier.before["B1.d150.c3"], expected.alike["B1.d150.c3"]) == (before, before)


def test_a_cycle_of_another_length_is_carried_from_but_does_not_stand_beside(cast: Cast, filing: Filing) -> None:
    save_cells(cast.son, filing, {"B1.d150.c3": 5}, 0)
    year = cast.cycle("Năm", ("B1",), window=Window(date(2025, 3, 15), date(2026, 3, 14)), due_on=date(2026, 3, 12))
    expected = expectations_of(cast.filing(year, cast.police).obligation)
    assert expected.earlier.before is not None, "openings are still held against its closings"
    assert expected.alike is None


def test_a_february_is_held_against_the_one_a_year_before_in_leap_years_too(cast: Cast) -> None:
    months = [Window(date(2023, 2, 1), date(2023, 2, 28)), Window(date(2024, 2, 1), date(2024, 2, 29))]
    before, now = (
        cast.filing(cast.cycle(f"Tháng 2/{window.start.year}", ("B1",), window=window), cast.police)
        for window in months
    )
    save_cells(cast.son, before, {"B1.d150.c3": 7}, 0)
    last_year = earlier_cells(now.obligation).last_year
    assert last_year is not None
    assert last_year["B1.d150.c3"] == 7


def test_findings_cost_two_queries(cast: Cast, filing: Filing, django_assert_num_queries: Any) -> None:
    found = queries.filing_for(cast.son, filing.pk)
    with django_assert_num_queries(2):
        queries.filing_findings(found)
