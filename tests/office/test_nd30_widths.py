"""Columns as wide as their numbers need, in the largest size that allows it; rows that must not end a page."""

from __future__ import annotations

import io
from datetime import date

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st

from haidang.office.nd30 import OfficialDocument
from haidang.office.nd30_styles import twips
from haidang.office.nd30_tables import Column, Table, table_element
from haidang.office.nd30_widths import ColumnTexts, fitted, height_cm, number_column_cm

PORTRAIT_CM = 16.5


def numbers(*cells: str, heading: str = "2024") -> ColumnTexts:
    return ColumnTexts(heading, cells, 1.0, wraps=False)


def names(*cells: str) -> ColumnTexts:
    return ColumnTexts("Chỉ tiêu", cells, 3.0, wraps=True)


def test_small_numbers_leave_the_columns_their_shares() -> None:
    fit = fitted([names("Số vụ"), numbers("4"), numbers("6")], 15.0)
    assert fit.size == 12.0
    assert [round(width / twips(15.0), 2) for width in fit.widths] == [0.6, 0.2, 0.2]


def test_a_large_number_takes_its_room_from_the_others() -> None:
    fit = fitted([names("Số lượt"), numbers("4"), numbers("123.456.789.012,5")], 10.0)
    assert fit.widths[2] > fit.widths[1]
    assert fit.widths[2] >= twips(number_column_cm("2024", ["123.456.789.012,5"], fit.size))


def test_the_size_falls_only_when_the_numbers_need_it() -> None:
    sizes = [fitted([names("Số lượt"), *[numbers(cell)] * 6], PORTRAIT_CM).size for cell in ("7", "1.234.567,5")]
    assert sizes[0] == 12.0 and sizes[1] < 12.0


def test_words_of_headings_are_not_broken_either() -> None:
    narrow, wide = number_column_cm("Nữ", ["1"]), number_column_cm("Nghề nghiệp", ["1"])
    assert wide > 1.2 > narrow


@given(
    cells=st.lists(st.integers(0, 99_999_999).map(lambda n: f"{n:,}".replace(",", ".")), min_size=1, max_size=9),
    width=st.floats(12.0, 25.2),
)
def test_widths_fill_the_table_and_hold_every_number(cells: list[str], width: float) -> None:
    columns = [names("Số lượt người tham gia"), *(numbers(cell) for cell in cells)]
    fit = fitted(columns, width)
    assert sum(fit.widths) == twips(width) and min(fit.widths) > 0
    room = [(each - 2 * fit.side) / twips(1.0) for each in fit.widths]
    if fit.size > 8:
        assert all(column.least_cm(fit.size) <= cm for column, cm in zip(columns, room, strict=True))


def test_a_table_with_more_or_longer_lines_is_higher() -> None:
    heights = []
    for rows in (("Số vụ",), ("Số vụ", "Số vụ"), ("Số vụ " * 20, "Số vụ")):
        columns = [names(*rows), numbers(*["1"] * len(rows))]
        heights.append(height_cm(columns, fitted(columns, PORTRAIT_CM)))
    assert heights == sorted(set(heights))


def kept(table: Table) -> list[bool]:
    rows = table_element(table, PORTRAIT_CM).tr_lst[1:]
    return [all(p.find(f"{qn('w:pPr')}/{qn('w:keepNext')}") is not None for p in row.iter(qn("w:p"))) for row in rows]


def test_a_low_table_holds_together_and_a_high_one_at_its_ends_and_where_a_row_heads_the_next() -> None:
    columns = (Column("Chỉ tiêu", 3, "left"), Column("2024"))
    low, high = ((("Số vụ", "1"),) * count for count in (3, 40))
    assert kept(Table("", columns, low)) == [True] * 3
    held = [place for place, held in enumerate(kept(Table("", columns, high, kept_rows=frozenset({7})))) if held]
    assert held == [0, 7, 38, 39]


def test_numbers_may_not_wrap_and_words_may() -> None:
    row = table_element(Table("", (Column("Tên", 3, "left"), Column("2024")), (("Số vụ", "1"),)), PORTRAIT_CM).tr_lst[1]
    assert [cell.tcPr.find(qn("w:noWrap")) is not None for cell in row.tc_lst] == [False, True]


def test_a_cell_that_begins_with_no_break_spaces_is_indented_as_a_whole() -> None:
    table = Table("", (Column("Tên", 3, "left"), Column("2024")), (("\u00a0\u00a0\u00a0Trong nước", "1"),))
    cell = table_element(table, PORTRAIT_CM).tr_lst[1].tc_lst[0]
    assert cell.p_lst[0].text == "Trong nước"
    assert cell.p_lst[0].pPr.find(qn("w:ind")).get(qn("w:left")) == "180"


@pytest.mark.parametrize("notes", [(), ("Ghi chú.",)])
def test_a_section_ends_in_its_last_paragraph_not_in_an_empty_one_after_it(notes: tuple[str, ...]) -> None:
    paper = OfficialDocument(title="Báo cáo", author="Hải Minh", dated=date(2025, 6, 27))
    paper.table(Table("", (Column("Tên", 3, "left"), Column("2024")), (("Số vụ", "1"),), notes=notes))
    paper.annex("Phụ lục", "Biểu", "Kèm theo Báo cáo")
    body = docx.Document(io.BytesIO(paper.to_bytes())).element.body
    ends = [p for p in body.iter(qn("w:p")) if p.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None]
    assert [p.text for p in ends] == [notes[0] if notes else ""]
    assert ends[0].getprevious().tag == qn("w:tbl")


def test_the_last_words_of_a_long_centred_title_stay_on_one_line() -> None:
    paper = OfficialDocument(title="Báo cáo", author="Hải Minh", dated=date(2025, 6, 27))
    paper.part("Phần I", "Công tác phòng, chống mua bán người giai đoạn 2021 - 2025, định hướng đến năm 2030")
    paper.part("Phần II", "Kết quả")
    titles = [p.text for p in docx.Document(io.BytesIO(paper.to_bytes())).paragraphs]
    assert titles[0].endswith("2021\u00a0-\u00a02025, ĐỊNH HƯỚNG ĐẾN\u00a0NĂM\u00a02030")
    assert titles[1] == "Phần II\nKẾT QUẢ"
