"""Tables of words as a workbook (.xlsx): what a page shows, to take away. Text cells only: nothing is ever computed."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import xlsxwriter
from xlsxwriter.workbook import Workbook

LONGEST_CELL = 32_000  # characters; Excel holds 32 767
_A4 = 9
_HEAD_ROW = 3


@dataclass(frozen=True, slots=True)
class TextSheet:
    """One sheet: its tab, a title, a line below it, [head, width in characters] of each column, and rows of words.

    `frozen` columns stay in sight.
    """

    name: str
    title: str
    remark: str
    columns: tuple[tuple[str, int], ...]
    rows: tuple[tuple[str, ...], ...]
    frozen: int = 1


def text_workbook(sheets: Sequence[TextSheet], *, title: str, author: str, made_on: date) -> bytes:
    """The .xlsx: no formula, link or number whatever a text begins with; the same sheets give the same bytes."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        made = datetime(made_on.year, made_on.month, made_on.day, tzinfo=UTC).replace(tzinfo=None)
        book.set_properties({"title": title, "author": author, "created": made})
        for sheet in sheets:
            _write(book, sheet)
    return buffer.getvalue()


def _write(book: Workbook, sheet: TextSheet) -> None:
    page = book.add_worksheet(sheet.name)
    head = book.add_format({"bold": True, "border": 1, "text_wrap": True, "align": "center", "bg_color": "#E6ECF2"})
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
    page.write_string(0, 0, sheet.title, book.add_format({"bold": True, "font_size": 13}))
    page.write_string(1, 0, sheet.remark)
    for column, (name, width) in enumerate(sheet.columns):
        page.write_string(_HEAD_ROW, column, name, head)
        page.set_column(column, column, width)
    for number, row in enumerate(sheet.rows, start=_HEAD_ROW + 1):
        for column, text in enumerate(row):
            page.write_string(number, column, text[:LONGEST_CELL], cell)
    page.freeze_panes(_HEAD_ROW + 1, sheet.frozen)
    page.autofilter(_HEAD_ROW, 0, _HEAD_ROW + len(sheet.rows), len(sheet.columns) - 1)
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(_HEAD_ROW)
