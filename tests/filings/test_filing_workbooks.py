"""The workbook goes out and comes back: round trip, whose it is, and nothing saved until every cell is right."""

from __future__ import annotations

import io
from typing import Any

import pytest

from haidang.accounts.actors import Refused
from haidang.catalogue.forms import form
from haidang.filings import content, queries
from haidang.filings.actions import StaleCells, WorkbookRefused, import_workbook, report_nil, save_cells, submit
from haidang.filings.models import Edit, Filing
from haidang.filings.workbooks import identity_token, sheet_of, workbook_bytes, workbook_name
from haidang.kernel import clock
from haidang.office.workbook import UnreadableWorkbook
from haidang.office.workbook_writing import write_workbook

from .conftest import Cast


@pytest.fixture
def filing(cast: Cast) -> Filing:
    return queries.filing_for(cast.son, cast.filing(cast.cycle(forms=("B1", "B7")), cast.police).pk)


def filled_in(filing: Filing, cells: dict[str, Any], token: str | None = None) -> bytes:
    """The filing's own workbook with these entries, as a person would have typed them."""
    forms = content.forms_for(filing.obligation)
    as_typed = Filing(obligation=filing.obligation, cells={**filing.cells, **cells}, sections=filing.sections)
    return write_workbook(
        [sheet_of(one, as_typed) for one in forms],
        token=identity_token(filing.obligation, forms) if token is None else token,
        instructions=["Hướng dẫn"],
        made_at=clock.now(),
    )


def test_what_is_typed_in_the_workbook_becomes_the_draft(cast: Cast, filing: Filing) -> None:
    saved = import_workbook(cast.son, filing, filled_in(filing, {"B1.d150.c3": 4, "B1.d151.c3": "na"}))
    assert (saved.filing.cells["B1.d150.c3"], saved.filing.cells["B1.d151.c3"]) == (4, "na")
    assert saved.filing.cells["B1.t.c10"] == 4
    assert Edit.objects.get().source == "workbook"


def test_a_workbook_filled_and_saved_by_another_program_is_taken(cast: Cast, filing: Filing) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(filing)))
    sheet = book["B1"]
    at = {sheet.cell(row, 1).value: row for row in range(1, sheet.max_row + 1)}
    for column, value in {"E": 4, "F": "KTCN", "G": "chưa có số liệu", "H": 0}.items():
        sheet[f"{column}{at['d150']}"] = value
    buffer = io.BytesIO()
    book.save(buffer)
    cells = import_workbook(cast.son, filing, buffer.getvalue()).filing.cells
    assert {code: cells.get(f"B1.d150.{code}") for code in ("c3", "c4", "c5", "c6", "c7")} == {
        "c3": 4, "c4": "na", "c5": "nd", "c6": 0, "c7": None,
    }  # fmt: skip


def test_a_row_inserted_by_another_program_is_noticed(cast: Cast, filing: Filing) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(filing)))
    book["B1"].insert_rows(9)
    buffer = io.BytesIO()
    book.save(buffer)
    with pytest.raises(WorkbookRefused, match="có dòng bị chèn, xoá hoặc sắp xếp lại"):
        import_workbook(cast.son, filing, buffer.getvalue())


def test_a_downloaded_workbook_uploaded_again_changes_nothing(cast: Cast, filing: Filing) -> None:
    words = next(f"B7.{cell}" for cell in form("B7").input_cells if form("B7").cells[cell][1].is_text)
    save_cells(cast.son, filing, {"B1.d150.c3": 12, "B1.d150.c4": "nd", words: "Tờ rơi, pa nô"}, 0)
    filing.refresh_from_db()
    saved = import_workbook(cast.son, filing, workbook_bytes(filing))
    assert saved.changed == {}


def test_a_cell_emptied_in_the_workbook_becomes_blank(cast: Cast, filing: Filing) -> None:
    save_cells(cast.son, filing, {"B1.d150.c3": 4}, 0)
    saved = import_workbook(cast.son, filing, filled_in(filing, {}))
    assert "B1.d150.c3" not in saved.filing.cells


def test_the_preview_shows_what_would_change_and_saves_nothing(cast: Cast, filing: Filing) -> None:
    preview = queries.preview_workbook(cast.son, filing, filled_in(filing, {"B1.d150.c3": 4}))
    assert [(change.code, change.before, change.after) for change in preview.changes] == [("B1.d150.c3", None, 4)]
    assert "Điều 150" in preview.changes[0].name
    assert not Edit.objects.exists()


def test_every_wrong_cell_is_listed_and_nothing_is_saved(cast: Cast, filing: Filing) -> None:
    uploaded = filled_in(filing, {"B1.d150.c1": 2, "B1.d150.c3": -4, "B1.d151.c4": 0.5})
    with pytest.raises(WorkbookRefused, match="chưa lưu gì") as caught:
        import_workbook(cast.son, filing, uploaded)
    assert [str(problem)[:12] for problem in caught.value.problems] == ["B1, ô E9: Số", "B1, ô F10: S"]
    filing.refresh_from_db()
    assert filing.cells == {}


def test_a_draft_saved_since_the_preview_is_not_overwritten(cast: Cast, filing: Filing) -> None:
    uploaded = filled_in(filing, {"B1.d150.c3": 4})
    preview = queries.preview_workbook(cast.son, filing, uploaded)
    save_cells(cast.son, filing, {"B1.d150.c3": 9}, 0)
    with pytest.raises(StaleCells):
        import_workbook(cast.son, filing, uploaded, revision=preview.revision)


def test_the_workbook_of_another_agency_is_refused_by_name(cast: Cast, filing: Filing) -> None:
    other = queries.filing_for(cast.ha, cast.filing(cast.cycle("Khác", ("B5",)), cast.health).pk)
    with pytest.raises(UnreadableWorkbook, match="Tệp này của Sở Y tế tỉnh Hải Minh, không phải của Công an"):
        import_workbook(cast.son, filing, workbook_bytes(other))


def test_the_workbook_of_another_cycle_is_refused_by_label(cast: Cast, filing: Filing) -> None:
    other = queries.filing_for(cast.ha, cast.filing(cast.cycle("Quý II/2025", ("B1", "B7")), cast.police).pk)
    with pytest.raises(UnreadableWorkbook, match="kỳ “Quý II/2025”, không phải kỳ “Quý I/2025”"):
        import_workbook(cast.son, filing, workbook_bytes(other))


def test_a_workbook_of_an_older_form_is_refused(cast: Cast, filing: Filing) -> None:
    from dataclasses import replace

    older = tuple(replace(one, sha256="0" * 64) for one in content.forms_for(filing.obligation))
    with pytest.raises(UnreadableWorkbook, match="đã có phiên bản mới"):
        import_workbook(cast.son, filing, filled_in(filing, {}, identity_token(filing.obligation, older)))


def test_a_workbook_whose_identity_was_changed_or_is_missing_is_refused(cast: Cast, filing: Filing) -> None:
    token = identity_token(filing.obligation, content.forms_for(filing.obligation))
    with pytest.raises(UnreadableWorkbook, match="đã bị sửa hoặc do hệ thống khác cấp"):
        import_workbook(cast.son, filing, filled_in(filing, {}, token[:-3] + "abc"))
    with pytest.raises(UnreadableWorkbook, match="không có mã nhận dạng"):
        import_workbook(cast.son, filing, filled_in(filing, {}, ""))


def test_a_sent_filing_takes_no_workbook(cast: Cast, filing: Filing) -> None:
    report_nil(cast.son, filing, "B1", 0)
    report_nil(cast.son, filing, "B7", 1)
    uploaded = workbook_bytes(filing)
    submit(cast.son, filing)
    sent = queries.filing_for(cast.son, filing.pk)
    with pytest.raises(Refused, match="đã gửi, đang chờ"):
        import_workbook(cast.son, sent, uploaded)
    with pytest.raises(Refused):
        queries.preview_workbook(cast.son, sent, uploaded)


def test_the_file_name_says_whose_it_is_and_of_when(filing: Filing) -> None:
    assert workbook_name(filing) == "hm-police-20241215-20250314.xlsx"
