"""The workbook goes out and comes back: round trip, whose it is, and nothing saved until every cell is right."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from haidang.accounts.actors import SYSTEM, Refused
from haidang.audit.queries import first_broken_entry
from haidang.catalogue.forms import form
from haidang.filings import content, queries
from haidang.filings.actions import (
    Saved,
    StaleCells,
    WorkbookRefused,
    import_addressed_workbooks,
    import_workbook,
    report_nil,
    save_cells,
    submit,
)
from haidang.filings.models import Edit, Filing
from haidang.filings.workbooks import addressed
from haidang.filings.workbooks.addressed import read_addressed
from haidang.filings.workbooks.changes import preview_workbook
from haidang.filings.workbooks.workbook import (
    identity_token,
    place_of,
    sheet_of,
    typed_place_of,
    workbook_bytes,
    workbook_name,
)
from haidang.kernel import clock
from haidang.office.workbook import UnreadableWorkbook
from haidang.office.workbook_reading import open_workbook
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
    preview = preview_workbook(cast.son, filing, filled_in(filing, {"B1.d150.c3": 4}))
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
    preview = preview_workbook(cast.son, filing, uploaded)
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
    older = tuple(replace(one, sha256="0" * 64) for one in content.forms_for(filing.obligation))
    with pytest.raises(UnreadableWorkbook, match="đã có phiên bản mới"):
        import_workbook(cast.son, filing, filled_in(filing, {}, identity_token(filing.obligation, older)))


def test_a_workbook_whose_identity_was_changed_or_is_missing_is_refused(cast: Cast, filing: Filing) -> None:
    token = identity_token(filing.obligation, content.forms_for(filing.obligation))
    with pytest.raises(UnreadableWorkbook, match="đã bị sửa hoặc do hệ thống khác cấp"):
        import_workbook(cast.son, filing, filled_in(filing, {}, token[:-3] + "abc"))
    with pytest.raises(UnreadableWorkbook, match="không có mã nhận dạng"):
        import_workbook(cast.son, filing, filled_in(filing, {}, ""))


def test_a_workbook_of_other_forms_is_refused_by_their_names(cast: Cast, filing: Filing) -> None:
    other = (form("B2"),)
    with pytest.raises(UnreadableWorkbook, match="gồm biểu B2; kỳ này đơn vị báo cáo biểu B1, B7"):
        import_workbook(cast.son, filing, filled_in(filing, {}, identity_token(filing.obligation, other)))


def test_the_sheet_of_another_form_under_the_right_name_is_noticed(cast: Cast, filing: Filing) -> None:
    forms = content.forms_for(filing.obligation)
    wrong = write_workbook(
        [replace(sheet_of(form("B2"), filing), name="B1"), sheet_of(forms[1], filing)],
        token=identity_token(filing.obligation, forms), instructions=["Hướng dẫn"], made_at=clock.now(),
    )  # fmt: skip
    with pytest.raises(WorkbookRefused) as caught:
        import_workbook(cast.son, filing, wrong)
    assert {problem.sheet for problem in caught.value.problems} == {"B1"}


def test_a_hundred_megabytes_of_nothing_are_refused_unread(cast: Cast, filing: Filing) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook_bytes(filing))) as old, zipfile.ZipFile(buffer, "w", 8) as bomb:
        for entry in old.infolist():
            bomb.writestr(entry.filename, old.read(entry))
        with bomb.open("xl/worksheets/sheet9.xml", "w") as sheet:
            for _ in range(100):
                sheet.write(b" " * 1024 * 1024)
    assert len(buffer.getvalue()) < 1024 * 1024, "small enough to arrive"
    with pytest.raises(UnreadableWorkbook, match="khi giải nén quá lớn"):
        import_workbook(cast.son, filing, buffer.getvalue())
    with pytest.raises(UnreadableWorkbook, match="lớn hơn 5 MB"):
        import_workbook(cast.son, filing, bytes(100 * 1024 * 1024))


def by_another_program(filing: Filing, change: Any) -> bytes:
    """The workbook as a spreadsheet program saves it after `change` of the sheet B1 (with its row of d150)."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(filing)))
    sheet = book["B1"]
    line = next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value == "d150")
    change(book, sheet, line)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda _, sheet, line: sheet.__setitem__(f"E{line}", "1.234,5"), "“1.234,5” là chữ, không phải số"),
        (lambda _, sheet, line: sheet.__setitem__(f"E{line}", "O"), "Có phải là 0?"),
        (lambda _, sheet, line: sheet.__setitem__(f"E{line}", "=2+3"), "chứa công thức"),
        (lambda _, sheet, line: sheet.merge_cells(f"E{line}:F{line}"), "gộp"),
        (lambda book, *_: setattr(book.create_sheet("Nháp"), "sheet_state", "hidden"), "Nháp"),
        (lambda _, sheet, line: sheet.delete_rows(line), "bị chèn, xoá hoặc sắp xếp lại"),
        (lambda book, *_: book.remove(book["B7"]), "Thiếu trang tính này"),
    ],
)
def test_what_people_do_to_workbooks_is_named_and_nothing_is_saved(
    cast: Cast, filing: Filing, change: Any, told: str
) -> None:
    with pytest.raises(WorkbookRefused) as caught:
        import_workbook(cast.son, filing, by_another_program(filing, change))
    assert told in " ".join(f"{problem} {problem.proposal}" for problem in caught.value.problems)
    assert not Edit.objects.exists()


def test_workbooks_without_their_pages_find_their_filings_and_each_is_taken_or_refused(
    cast: Cast, filing: Filing
) -> None:
    of_health = read_addressed(health_workbook(cast))
    of_police = read_addressed(filled_in(filing, {"B1.d150.c3": 4}))
    saved, refused = import_addressed_workbooks(cast.son, [of_police, of_health])
    assert isinstance(saved, Saved)
    assert (saved.filing.pk, Filing.objects.get(pk=filing.pk).cells["B1.d150.c3"]) == (filing.pk, 4)
    assert isinstance(refused, UnreadableWorkbook | Refused)
    assert [row.source for row in Edit.objects.all()] == ["workbook"]
    assert first_broken_entry() is None
    (unknown,) = import_addressed_workbooks(cast.stranger, [of_police])
    assert isinstance(unknown, UnreadableWorkbook)
    assert "không có ở đây" in str(unknown)
    (not_theirs,) = import_addressed_workbooks(cast.ha, [of_health])
    assert isinstance(not_theirs, Refused)
    assert "chỉ người của cơ quan đó" in str(not_theirs)


def test_many_workbooks_are_written_with_few_queries(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    cycles = [cast.cycle(f"Kỳ {number}", ("B1",)) for number in range(6)]
    filings = [queries.filing_for(cast.son, cast.filing(cycle, cast.police).pk) for cycle in cycles]
    books = [read_addressed(filled_in(one, {"B1.d150.c3": at})) for at, one in enumerate(filings, start=1)]
    with django_assert_max_num_queries(12):
        results = import_addressed_workbooks(SYSTEM, books)
    assert all(isinstance(one, Saved) for one in results)
    held = Filing.objects.filter(pk__in=[one.pk for one in filings]).order_by("pk")
    assert [(one.cells["B1.d150.c3"], one.revision) for one in held] == [(at, 1) for at in range(1, 7)]
    assert Edit.objects.count() == 6
    assert first_broken_entry() is None


def test_two_workbooks_of_one_filing_are_taken_one_after_the_other(cast: Cast, filing: Filing) -> None:
    books = [read_addressed(handed_out(filing, {"B1.d150.c3": number})) for number in (4, 4, 5)]
    first, same, other = import_addressed_workbooks(SYSTEM, books)
    assert isinstance(first, Saved)
    assert isinstance(same, Saved)
    assert (first.changed["B1.d150.c3"], same.changed) == (4, {})
    assert isinstance(other, WorkbookRefused), "it would overwrite what the first one brought"
    assert Filing.objects.get(pk=filing.pk).cells["B1.d150.c3"] == 4


def health_workbook(cast: Cast) -> bytes:
    return workbook_bytes(queries.filing_for(cast.ha, cast.filing(cast.cycle("Khác", ("B5",)), cast.health).pk))


def test_a_sent_filing_takes_no_workbook(cast: Cast, filing: Filing) -> None:
    report_nil(cast.son, filing, "B1", 0)
    report_nil(cast.son, filing, "B7", 1)
    uploaded = workbook_bytes(filing)
    submit(cast.son, filing)
    sent = queries.filing_for(cast.son, filing.pk)
    with pytest.raises(Refused, match="đã gửi, đang chờ"):
        import_workbook(cast.son, sent, uploaded)
    with pytest.raises(Refused):
        preview_workbook(cast.son, sent, uploaded)


def test_the_file_name_says_whose_it_is_and_of_when(filing: Filing) -> None:
    assert workbook_name(filing) == "hm-police-20241215-20250314.xlsx"


# ---- a draft that went on since the workbook was handed out


def handed_out(filing: Filing, cells: dict[str, Any]) -> bytes:
    """The workbook as it was handed out at the draft's revision, with these entries typed into it."""
    forms = content.forms_for(filing.obligation)
    return filled_in(filing, cells, identity_token(filing.obligation, forms, filing.revision))


def test_a_cell_not_touched_in_the_workbook_keeps_what_was_typed_on_screen_since(cast: Cast, filing: Filing) -> None:
    older = handed_out(filing, {"B1.d150.c3": 4})
    save_cells(cast.son, filing, {"B1.d150.c4": 9}, 0)
    saved = import_workbook(cast.son, filing, older)
    assert (saved.filing.cells["B1.d150.c3"], saved.filing.cells["B1.d150.c4"]) == (4, 9)
    filing.refresh_from_db()
    preview = preview_workbook(cast.son, filing, older)
    assert (preview.changes, preview.kept, preview.clashes) == ([], ("B1.d150.c4",), ())


def test_a_cell_changed_in_both_is_for_a_person_to_decide(cast: Cast, filing: Filing) -> None:
    older = handed_out(filing, {"B1.d150.c3": 4, "B1.d150.c5": 1})
    save_cells(cast.son, filing, {"B1.d150.c3": 9}, 0)
    with pytest.raises(WorkbookRefused) as caught:
        import_workbook(cast.son, filing, older)
    (problem,) = caught.value.problems
    assert (problem.sheet, problem.cell) == ("B1", "E9")
    assert "đang có 9, trong tệp là 4" in problem.problem
    filing.refresh_from_db()
    assert filing.cells["B1.d150.c3"] == 9
    preview = preview_workbook(cast.son, filing, older)
    assert (preview.payload, preview.clashes) == ({"B1.d150.c3": 4, "B1.d150.c5": 1}, ("B1.d150.c3",))


def test_two_people_who_fill_copies_of_one_workbook_both_keep_their_cells(cast: Cast, filing: Filing) -> None:
    one, other = handed_out(filing, {"B1.d150.c3": 4}), handed_out(filing, {"B1.d151.c3": 5, "B1.d150.c3": 4})
    for workbook in (one, other, one):
        (saved,) = import_addressed_workbooks(SYSTEM, [read_addressed(workbook)])
    assert isinstance(saved, Saved)
    assert (saved.filing.cells["B1.d150.c3"], saved.filing.cells["B1.d151.c3"]) == (4, 5)


def test_a_workbook_that_does_not_say_its_revision_is_taken_as_it_is(cast: Cast, filing: Filing) -> None:
    older = filled_in(filing, {"B1.d150.c3": 4})
    save_cells(cast.son, filing, {"B1.d150.c3": 9}, 0)
    assert import_workbook(cast.son, filing, older).filing.cells["B1.d150.c3"] == 4


def test_a_text_on_several_lines_comes_back_unchanged(cast: Cast, filing: Filing) -> None:
    words = next(f"B7.{cell}" for cell in form("B7").input_cells if form("B7").cells[cell][1].is_text)
    save_cells(cast.son, filing, {words: "Tờ rơi:\n- 500 tờ;\n\n- hai  pa nô"}, 0)
    filing.refresh_from_db()
    assert import_workbook(cast.son, filing, workbook_bytes(filing)).changed == {}


# ---- totals of the own paper


@pytest.fixture
def wanting(monkeypatch: pytest.MonkeyPatch, filing: Filing) -> Filing:
    """The filing, where B1 wants the totals of the own paper typed; three denunciations and two notices so far."""
    forms = tuple(replace(one, typed_totals=one.code == "B1") for one in content.forms_for(filing.obligation))
    monkeypatch.setattr(content, "forms_for", lambda obligation: forms)
    return filing


def on_paper(filing: Filing, totals: dict[str, Any]) -> bytes:
    """The workbook with these totals typed on their sheet."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(filing)))
    for code, value in totals.items():
        book["B1 trên giấy"][typed_place_of(form("B1"), code.removeprefix("B1."))[1]] = value
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_totals_typed_on_their_sheet_are_kept_beside_the_computed_ones(cast: Cast, wanting: Filing) -> None:
    save_cells(cast.son, wanting, {"B1.d150.c3": 3, "B1.d150.c4": 2}, 0, typed={"B1.t.c2": 5})
    wanting.refresh_from_db()
    uploaded = on_paper(wanting, {"B1.d150.c2": 6, "B1.t.c2": None})
    preview = preview_workbook(cast.son, wanting, uploaded)
    assert {(one.code, one.before, one.after) for one in preview.changes} == {
        ("Σ B1.d150.c2", None, 6), ("Σ B1.t.c2", 5, None),
    }  # fmt: skip
    saved = import_workbook(cast.son, wanting, uploaded).filing
    assert (saved.typed, saved.cells["B1.d150.c2"]) == ({"B1.d150.c2": 6}, 5)


def test_a_workbook_with_typed_totals_uploaded_again_changes_nothing(cast: Cast, wanting: Filing) -> None:
    save_cells(cast.son, wanting, {"B1.d150.c3": 3}, 0, typed={"B1.d150.c2": 3, "B1.t.c2": 3})
    wanting.refresh_from_db()
    assert import_workbook(cast.son, wanting, workbook_bytes(wanting)).changed == {}


@pytest.mark.parametrize(
    ("typed", "told"),
    [("KTCN", "không ghi KTCN, CCSL"), ("=1+1", "chứa công thức"), (-1, "Số âm"), (1.5, "Số lẻ"), ("1.234", "là chữ")],
)
def test_a_total_on_paper_is_a_number_or_blank(cast: Cast, wanting: Filing, typed: Any, told: str) -> None:
    with pytest.raises(WorkbookRefused) as caught:
        import_workbook(cast.son, wanting, on_paper(wanting, {"B1.d150.c2": typed}))
    (problem,) = caught.value.problems
    assert (problem.sheet, problem.cell) == typed_place_of(form("B1"), "d150.c2")
    assert told in problem.problem


def test_only_what_the_form_works_out_is_open_for_the_totals_on_paper(cast: Cast, wanting: Filing) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    sheet = openpyxl.load_workbook(io.BytesIO(workbook_bytes(wanting)))["B1 trên giấy"]
    unlocked = {cell.coordinate for line in sheet.iter_rows() for cell in line if not cell.protection.locked}
    assert unlocked == {typed_place_of(form("B1"), cell)[1] for cell in form("B1").total_cells}
    assert not any("KTCN" in one.formula1 for one in sheet.data_validations.dataValidation)


def test_totals_are_offered_where_wanted_or_typed_and_left_alone_without_their_sheet(
    cast: Cast, filing: Filing
) -> None:
    without = workbook_bytes(filing)
    save_cells(cast.son, filing, {"B1.d150.c3": 3}, 0, typed={"B1.d150.c2": 4})
    filing.refresh_from_db()
    assert "B1 trên giấy" in open_workbook(workbook_bytes(filing)).sheets
    assert "B1 trên giấy" not in open_workbook(without).sheets
    assert import_workbook(cast.son, filing, without).filing.typed == {"B1.d150.c2": 4}


def test_what_totals_leave_to_do_is_counted_in_a_workbook_without_its_page(
    cast: Cast, wanting: Filing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addressed, "all_forms", lambda: content.forms_for(wanting.obligation))
    save_cells(cast.son, wanting, {"B1.d150.c3": 3}, 0)
    wanting.refresh_from_db()
    bare = read_addressed(workbook_bytes(wanting))
    totals = {code: value for code, value in wanting.cells.items() if code.split(".", 1)[1] in form("B1").total_cells}
    complete = read_addressed(on_paper(wanting, totals))
    different = read_addressed(on_paper(wanting, totals | {"B1.d150.c2": 4}))
    assert bare.blocking > complete.blocking == different.blocking
    assert different.to_explain == complete.to_explain + 1


def test_values_pasted_over_formulas_are_taken_where_they_are_what_the_form_computes(
    cast: Cast, filing: Filing
) -> None:
    save_cells(cast.son, filing, {"B1.d150.c3": 3, "B1.d150.c11": 1}, 0)
    filing.refresh_from_db()
    at = place_of(form("B1"), "d150.c17")[1]

    def pasted(value: float) -> bytes:
        return by_another_program(filing, lambda _book, sheet, _line: sheet.__setitem__(at, value))

    assert import_workbook(cast.son, filing, pasted(100 / 3)).changed == {}
    with pytest.raises(WorkbookRefused, match="hệ thống tự tính nhưng đã bị gõ đè"):
        import_workbook(cast.son, filing, pasted(33.4))
