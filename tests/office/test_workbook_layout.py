"""How a workbook lies on paper: A4 landscape, headings on every page, columns cut where groups end, nothing cropped."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.office.workbook import FIRST_COLUMN, GROUP_ROW, NAME_ROW, WorkCell, WorkColumn, WorkRow, WorkSheet
from haidang.office.workbook_layout import Layout
from haidang.office.workbook_writing import write_workbook


def sheet_of(columns: list[WorkColumn], rows: int = 1, name: str = "Dòng", words: str | None = None) -> WorkSheet:
    lines = tuple(WorkRow(f"r{at}", name) for at in range(rows))
    cells = {
        f"{row.code}.{column.code}": WorkCell(words if column.kind == "text" else None)
        for row in lines
        for column in columns
    }
    facts = "Cơ quan A & B · Quý I/2025"
    return WorkSheet("B1", "Biểu B1", "biểu thử", facts, columns=tuple(columns), rows=lines, cells=cells)


def counts(*groups: int, heading: str = "Nhóm") -> list[WorkColumn]:
    """Columns of counts under groups of these sizes."""
    at = iter(range(1, 1000))
    return [
        WorkColumn(f"c{next(at)}", "Cột", "count", f"{heading} {number}")
        for number, size in enumerate(groups)
        for _ in range(size)
    ]


def opened(sheet: WorkSheet) -> Any:
    openpyxl = pytest.importorskip("openpyxl")
    made = datetime(2025, 1, 1, tzinfo=UTC)
    return openpyxl.load_workbook(io.BytesIO(write_workbook([sheet], token="dấu", instructions=["Một"], made_at=made)))


def test_every_sheet_is_printed_on_a4_landscape_with_its_headings_and_names_on_each_page() -> None:
    book = opened(sheet_of(counts(10, 10, 10, 10, 10, 10)))
    for sheet in (book["Hướng dẫn"], book["B1"]):
        assert (int(sheet.page_setup.paperSize), sheet.page_setup.orientation) == (9, "landscape")
    form = book["B1"]
    assert (form.print_title_rows, form.print_title_cols) == ("$4:$6", "$A:$B")
    assert "&P/&N" in form.oddFooter.right.text
    assert form.oddFooter.left.text.endswith("Cơ quan A && B · Quý I/2025"), "a lone & would be a command"
    assert form.page_setup.scale >= 55


def test_a_form_of_sixty_columns_goes_on_over_pages_cut_between_groups() -> None:
    layout = Layout(sheet_of(counts(10, 10, 10, 10, 10, 10)))
    assert [(page.start, page.stop) for page in layout.pages] == [
        (0, 10),
        (10, 20),
        (20, 30),
        (30, 40),
        (40, 50),
        (50, 60),
    ]
    assert [one.id for one in opened(layout.sheet)["B1"].col_breaks.brk] == [12, 22, 32, 42, 52]


def test_a_form_that_fits_is_one_page_in_full_size() -> None:
    layout = Layout(sheet_of(counts(3)))
    assert (layout.pages, layout.scale) == ((range(3),), 100)


@given(st.lists(st.integers(1, 30), min_size=1, max_size=12), st.sampled_from(["N", "Tên nhóm khá dài của các cột"]))
def test_every_column_is_on_exactly_one_page_and_every_page_can_be_read(groups: list[int], heading: str) -> None:
    layout = Layout(sheet_of(counts(*groups, heading=heading)))
    assert [at for page in layout.pages for at in page] == list(range(sum(groups)))
    assert layout.scale >= 50


def test_a_heading_stands_across_its_columns_without_merging_them() -> None:
    sheet = opened(sheet_of([*counts(4), WorkColumn("c9", "Cột", "count")]))["B1"]
    line = sheet[GROUP_ROW + 1][FIRST_COLUMN:]
    assert [cell.value for cell in line[:4]] == ["Nhóm 0", None, None, None]
    assert {cell.alignment.horizontal for cell in line[:4]} == {"centerContinuous"}
    assert not sheet.merged_cells.ranges


def test_columns_are_widened_for_the_heading_above_them_as_far_as_that_goes() -> None:
    wide = Layout(sheet_of(counts(2, heading="Trả hồ sơ để điều tra bổ sung")))
    assert wide.groups[0].across and sum(wide.widths) >= 37
    too_wide = Layout(sheet_of(counts(2, heading="Rất dài " * 12)))
    assert not too_wide.groups[0].across
    assert too_wide.heading_heights[GROUP_ROW] > 60, "wrapped above its first column, and not cropped"


def test_lines_are_as_high_as_their_names_and_words_need() -> None:
    name = "Tên dòng rất dài, phải xuống dòng mới đọc được hết trong cột nội dung"
    sheet = sheet_of([WorkColumn("c1", "Ghi chú", "text")], name=name, words="một\nhai\nba\nbốn")
    assert Layout(sheet).row_height(0) == 60
    assert Layout(sheet_of(counts(1), name=name)).row_height(0) == 30
    assert Layout(sheet_of(counts(1))).row_height(0) is None, "the program's own"
    tall = WorkColumn("c1", "Một tên cột dài hơn một dòng trong cột hẹp", "count")
    assert Layout(sheet_of([tall])).heading_heights[NAME_ROW] > 30


def test_an_amount_without_decimals_is_shown_without_a_comma() -> None:
    sheet = opened(sheet_of([WorkColumn("c1", "Kinh phí", "amount")]))["B1"]
    (rules,) = sheet.conditional_formatting
    assert (str(rules.sqref), rules.rules[0].formula) == ("C7", ["C7=INT(C7)"])
    assert rules.rules[0].dxf.numFmt.formatCode == "#,##0"


def test_a_group_that_goes_on_over_a_page_is_headed_on_each() -> None:
    words = [WorkColumn(f"c{at}", "Cột", "text", "Nhóm chữ") for at in range(1, 12)]
    layout = Layout(sheet_of(words))
    assert len(layout.pages) > 1
    assert [one.columns for one in layout.headings] == list(layout.pages)
    line = opened(layout.sheet)["B1"][GROUP_ROW + 1]
    assert [line[FIRST_COLUMN + page.start].value for page in layout.pages] == ["Nhóm chữ"] * len(layout.pages)


def test_a_column_with_long_words_is_wider() -> None:
    words = [WorkColumn("c1", "Cột", "text")]
    assert Layout(sheet_of(words, words="Ngắn")).widths == (32,)
    assert Layout(sheet_of(words, words="dài " * 100)).widths == (64,)
