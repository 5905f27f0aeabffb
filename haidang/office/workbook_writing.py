"""Writing the workbook an agency fills: own cells open, everything else protected, totals as formulas."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from haidang.office.workbook import (
    CODE_COLUMN,
    CODE_ROW,
    FACTS_ROW,
    FIRST_COLUMN,
    FIRST_ROW,
    GROUP_ROW,
    IDENTITY_SHEET,
    INSTRUCTIONS_SHEET,
    LABEL_COLUMN,
    MARK_ROW,
    NAME_ROW,
    NOT_APPLICABLE_WORD,
    NOT_AVAILABLE_WORD,
    STATE_WORDS,
    TITLE_ROW,
    WorkCell,
    WorkColumn,
    WorkSheet,
    cell_address,
)
from haidang.office.workbook_layout import Layout, lay_out_form, lay_out_instructions

_LONGEST_TOKEN_CELL = 30_000
_WHOLE = "#,##0"
_NUMBER_FORMATS = {"count": _WHOLE, "amount": "#,##0.0#####", "percent": '0.0"%"', "average": "0.00", "text": "@"}
_LINE = {"border": 1, "border_color": "#9AA5B1", "valign": "vcenter"}
_OPTIONS = {
    "in_memory": True,
    "strings_to_urls": False,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    # Every machine has this font or one as wide, so that columns and pages are as wide everywhere.
    "default_format_properties": {"font_name": "Arial", "font_size": 10, "font_scheme": False},
}
_LOOKS: dict[str, dict[str, object]] = {
    "title": {"bold": True, "font_size": 13},
    "mark": {"italic": True, "font_color": "#8A4B00"},
    "facts": {"font_color": "#44505C"},
    "head": {**_LINE, "bold": True, "text_wrap": True, "align": "center", "bg_color": "#E6ECF2"},
    "across": {**_LINE, "bold": True, "align": "center_across", "bg_color": "#E6ECF2"},
    "label": {**_LINE, "text_wrap": True},
    "code": {**_LINE, "font_color": "#6B7682", "font_size": 8},
    "absent": {**_LINE, "bg_color": "#D5DADF"},
    "words": {"text_wrap": True, "valign": "top"},
}


def write_workbook(
    sheets: Sequence[WorkSheet],
    *,
    token: str,
    instructions: Sequence[str],
    made_at: datetime,
) -> bytes:
    """The .xlsx of these forms. `token` is the signed identity; `instructions` are the lines of the first sheet."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIONS) as book:
        book.set_properties({"title": "Phiếu số liệu", "created": made_at.astimezone(UTC).replace(tzinfo=None)})
        _write_instructions(book, instructions)
        looks = _Looks(book)
        for sheet in sheets:
            _write_sheet(book, sheet, looks)
        _write_identity(book, token)
    return buffer.getvalue()


class _Looks:
    """The cell formats of one workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[str, str, int], Format] = {}

    def plain(self, name: str, indent: int = 0) -> Format:
        return self._get(("plain", name, indent), {**_LOOKS[name], "indent": min(indent, 15)})

    @property
    def whole(self) -> Format:
        """A whole number where there may be fractions."""
        return self._get(("whole", "", 0), {"num_format": _WHOLE})

    def entry(self, kind: str, computed: bool) -> Format:
        look: dict[str, object] = {**_LINE, "num_format": _NUMBER_FORMATS[kind], "locked": computed}
        if computed:
            look |= {"bg_color": "#EEF1F4", "bold": True}
        if kind == "text":
            look["text_wrap"] = True
        return self._get(("entry", kind, int(computed)), look)

    def _get(self, key: tuple[str, str, int], look: dict[str, object]) -> Format:
        if key not in self._made:
            self._made[key] = self._book.add_format(look)
        return self._made[key]


def _write_instructions(book: Workbook, lines: Sequence[str]) -> None:
    page = book.add_worksheet(INSTRUCTIONS_SHEET)
    for row, line in enumerate(lines):
        page.write_string(row, 0, line, book.add_format(_LOOKS["title" if row == 0 else "words"]))
    lay_out_instructions(page, lines)
    page.protect()


def _write_identity(book: Workbook, token: str) -> None:
    page = book.add_worksheet(IDENTITY_SHEET)
    for row, start in enumerate(range(0, len(token), _LONGEST_TOKEN_CELL)):
        page.write_string(row, 0, token[start : start + _LONGEST_TOKEN_CELL])
    page.protect()
    page.very_hidden()


def _write_sheet(book: Workbook, sheet: WorkSheet, looks: _Looks) -> None:
    page, layout = book.add_worksheet(sheet.name), Layout(sheet)
    _write_heading(page, layout, looks)
    for down, row in enumerate(sheet.rows):
        line = FIRST_ROW + down
        page.write_string(line, CODE_COLUMN, row.code, looks.plain("code"))
        page.write_string(line, LABEL_COLUMN, row.name, looks.plain("label", row.indent))
        for across, column in enumerate(sheet.columns):
            cell = sheet.cells.get(f"{row.code}.{column.code}")
            _write_cell(page, (line, FIRST_COLUMN + across), column, cell, looks)
    entered = [sheet.places[code] for code, cell in sheet.cells.items() if cell.formula is None]
    for across, column in enumerate(sheet.columns, start=FIRST_COLUMN):
        _validate(page, sheet, column, [place for place in entered if place[1] == across])
        if column.kind == "amount":
            _show_whole(page, across, len(sheet.rows), looks)
    if entered:
        page.set_selection(*min(entered), *min(entered))
    page.protect(options={"format_columns": True, "format_rows": True, "select_locked_cells": True})
    lay_out_form(page, sheet, layout)


def _write_heading(page: Worksheet, layout: Layout, looks: _Looks) -> None:
    sheet, head = layout.sheet, looks.plain("head")
    page.write_string(TITLE_ROW, 0, sheet.title, looks.plain("title"))
    page.write_string(MARK_ROW, 0, sheet.mark, looks.plain("mark"))
    page.write_string(FACTS_ROW, 0, sheet.facts, looks.plain("facts"))
    for row, words in ((GROUP_ROW, ("", "")), (NAME_ROW, ("Mã", "Nội dung")), (CODE_ROW, ("", ""))):
        page.write_string(row, CODE_COLUMN, words[0], head)
        page.write_string(row, LABEL_COLUMN, words[1], head)
    for group in layout.headings:
        # Shown across the columns without merging them: merged cells stand in the way of whoever fills a sheet.
        look = looks.plain("across") if group.across else head
        page.write_string(GROUP_ROW, FIRST_COLUMN + group.columns.start, group.heading, look)
        for across in group.columns[1:]:
            page.write_blank(GROUP_ROW, FIRST_COLUMN + across, None, look)
    for across, column in enumerate(sheet.columns, start=FIRST_COLUMN):
        page.write_string(NAME_ROW, across, column.name, head)
        page.write_string(CODE_ROW, across, column.code, head)


def _show_whole(page: Worksheet, column: int, rows: int, looks: _Looks) -> None:
    """No comma after a number without decimals."""
    here = cell_address(FIRST_ROW, column)
    whole = {"type": "formula", "criteria": f"={here}=INT({here})", "format": looks.whole}
    page.conditional_format(FIRST_ROW, column, FIRST_ROW + rows - 1, column, whole)


def _write_cell(
    page: Worksheet, place: tuple[int, int], spec: WorkColumn, cell: WorkCell | None, looks: _Looks
) -> None:
    row, column = place
    if cell is None:
        page.write_blank(row, column, None, looks.plain("absent"))
        return
    look = looks.entry(spec.kind, cell.formula is not None)
    if cell.formula is not None:
        shown = cell.value if isinstance(cell.value, int | float) else ""
        page.write_formula(row, column, f"={cell.formula}", look, shown)
    elif cell.value is None:
        page.write_blank(row, column, None, look)
    elif isinstance(cell.value, str):
        page.write_string(row, column, cell.value if spec.kind == "text" else STATE_WORDS[cell.value], look)
    else:
        page.write_number(row, column, cell.value, look)


def _validate(page: Worksheet, sheet: WorkSheet, column: WorkColumn, entered: Sequence[tuple[int, int]]) -> None:
    """What a spreadsheet refuses at once: anything but a number (whole in a count) not below 0, or a state word."""
    if column.kind == "text" or not entered:
        return
    here = cell_address(*entered[0])
    whole = f",{here}=INT({here})" if column.kind == "count" else ""
    # A spreadsheet works out every argument of AND: INT of a word waits inside IF.
    taken = [f"IF(ISNUMBER({here}),AND({here}>=0{whole}))"]
    if not sheet.numbers_only:
        taken += [f'{here}="{word}"' for word in (NOT_APPLICABLE_WORD, NOT_AVAILABLE_WORD)]
    words = f", hoặc {NOT_APPLICABLE_WORD} (không thuộc chức năng), {NOT_AVAILABLE_WORD} (chưa có số liệu)"
    first, *others = _rectangles(entered)
    page.data_validation(
        *first,
        {
            "validate": "custom",
            "value": f"=OR({','.join(taken)})",
            "error_title": "Chưa đúng",
            "error_message": (
                f"Nhập số {'nguyên ' if whole else ''}không âm{'' if sheet.numbers_only else words}. "
                "Để trống là chưa nhập."
            ),
            "other_cells": others,
        },
    )


def _rectangles(entered: Iterable[tuple[int, int]]) -> list[list[int]]:
    """The runs of consecutive rows of one column, as [row, column, row, column]."""
    runs: list[list[int]] = []
    for row, column in entered:
        if runs and runs[-1][2] == row - 1:
            runs[-1][2] = row
        else:
            runs.append([row, column, row, column])
    return runs
