"""How the sheets of a workbook lie on the screen and on paper: widths, heights, groups of columns, pages of A4.

A sheet too wide to be read on one page goes on over several, cut between groups of columns where that can be; codes,
names and headings stand on each.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, product
from math import ceil

from xlsxwriter.worksheet import Worksheet

from haidang.office.workbook import (
    CODE_COLUMN,
    CODE_ROW,
    FIRST_COLUMN,
    FIRST_ROW,
    GROUP_ROW,
    LABEL_COLUMN,
    NAME_ROW,
    WorkColumn,
    WorkRow,
    WorkSheet,
)

CODE_WIDTH, LABEL_WIDTH, NUMBER_WIDTH, TEXT_WIDTH = 9, 46, 12, 32
# For a column with a text longer than this.
_WIDE_TEXT, _LONG = 64, 300
_WIDEST_NUMBER = 24
_INSTRUCTIONS_WIDTH = 110
_LINE_HEIGHT, _TALLEST = 15, 400
# Bold letters and ordinary words against digits, by which columns are measured.
_BOLD, _WORDS = 1.1, 0.88
_PAPER_A4 = 9
# The width of A4 landscape between its margins in pixels, less what columns are wider in some programs than in others,
# and the smallest scale at which a form is still read.
_PAGE_WIDTH, _SMALLEST_SCALE = 940, 0.55
_MARGINS = {"left": 0.4, "right": 0.4, "top": 0.5, "bottom": 0.6}
_LONGEST_FOOTER = 110


@dataclass(frozen=True)
class Group:
    """Columns beside each other under one heading; `across`: it has room on one line above them."""

    heading: str
    columns: range
    across: bool


@dataclass(frozen=True)
class Layout:
    """Where what of one sheet goes. Columns are counted from the first of the form; widths are in characters."""

    sheet: WorkSheet

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Every heading above columns with the columns it stands above; a column without one is alone."""
        found: list[Group] = []
        for heading, members in groupby(enumerate(self.sheet.columns), lambda one: one[1].group):
            places = [place for place, _ in members]
            runs = [range(places[0], places[-1] + 1)] if heading else [range(at, at + 1) for at in places]
            found += [Group(heading, run, self._has_room(heading, run)) for run in runs]
        return tuple(found)

    def _has_room(self, heading: str, run: range) -> bool:
        columns = self.sheet.columns[run.start : run.stop]
        widest = sum(TEXT_WIDTH if column.kind == "text" else _WIDEST_NUMBER for column in columns)
        return len(run) > 1 and _needed(heading) <= widest

    @cached_property
    def widths(self) -> tuple[int, ...]:
        """The width of each column: its own, or what the heading above it needs."""
        widths = [self._own_width(column) for column in self.sheet.columns]
        for group in self.groups:
            lacking = _needed(group.heading) - sum(widths[at] for at in group.columns)
            numbers = [at for at in group.columns if self.sheet.columns[at].kind != "text"]
            if group.across and lacking > 0 and numbers:
                for at in numbers:
                    widths[at] = min(_WIDEST_NUMBER, widths[at] + ceil(lacking / len(numbers)))
        return tuple(widths)

    def _own_width(self, column: WorkColumn) -> int:
        if column.kind != "text":
            return NUMBER_WIDTH
        return _WIDE_TEXT if any(len(self._text(row, column)) > _LONG for row in self.sheet.rows) else TEXT_WIDTH

    def _text(self, row: WorkRow, column: WorkColumn) -> str:
        """What a cell of a column of words holds."""
        cell = self.sheet.cells.get(f"{row.code}.{column.code}")
        return cell.value if cell is not None and isinstance(cell.value, str) else ""

    @cached_property
    def headings(self) -> tuple[Group, ...]:
        """The groups as they are headed: one that goes on over the end of a page has its heading on the next again."""
        found = []
        for group, page in product(self.groups, self.pages):
            run = range(max(group.columns.start, page.start), min(group.columns.stop, page.stop))
            if run:
                room = sum(self.widths[run.start : run.stop])
                found.append(Group(group.heading, run, group.across and _needed(group.heading) <= room))
        return tuple(found)

    @cached_property
    def heading_heights(self) -> dict[int, int]:
        """The heights of the two lines of headings, by row."""
        over = [
            1 if group.across else _lines(group.heading, self.widths[group.columns.start] / _BOLD)
            for group in self.headings
        ]
        names = [
            _lines(column.name, width / _BOLD) for column, width in zip(self.sheet.columns, self.widths, strict=True)
        ]
        return {GROUP_ROW: _height(max(over)), NAME_ROW: _height(max(2, *names))}

    def row_height(self, down: int) -> int | None:
        """The height of a line whose name or words need more than one; None: the program's own."""
        row = self.sheet.rows[down]
        lines = [_lines(row.name, (LABEL_WIDTH - 2 - 2 * row.indent) / _WORDS)]
        for column, width in zip(self.sheet.columns, self.widths, strict=True):
            if column.kind == "text":
                lines.append(_lines(self._text(row, column), (width - 2) / _WORDS))
        return _height(max(lines)) if max(lines) > 1 else None

    @cached_property
    def pages(self) -> tuple[range, ...]:
        """The columns on each page, side by side: as few pages as can be, about as much on each."""
        total, room = _pixels(*self.widths), _PAGE_WIDTH / _SMALLEST_SCALE - _pixels(CODE_WIDTH, LABEL_WIDTH)
        share = total / ceil(total / room)
        tried = [self._cut(share + (room - share) * step / 10) for step in range(11)]
        return min(tried, key=len)

    def _cut(self, room: float) -> tuple[range, ...]:
        """The columns cut into pages that have this room for them."""
        pages: list[range] = []
        start = 0
        while start < len(self.widths):
            end = _fitting(self.widths, start, room)
            if end < len(self.widths):
                end = self._between_groups(start, end)
            pages.append(range(start, end))
            start = end
        return tuple(pages)

    def _between_groups(self, start: int, end: int) -> int:
        """The last place between groups, unless that would leave the page half empty."""
        begins = [group.columns.start for group in self.groups if start < group.columns.start <= end]
        return begins[-1] if begins and begins[-1] - start >= (end - start) / 2 else end

    @property
    def scale(self) -> int:
        """The scale at which the widest page fits, in percent."""
        widest = max(_pixels(*self.widths[page.start : page.stop]) for page in self.pages)
        return max(10, min(100, int(100 * _PAGE_WIDTH / (widest + _pixels(CODE_WIDTH, LABEL_WIDTH)))))


def lay_out_form(page: Worksheet, sheet: WorkSheet, layout: Layout) -> None:
    """Widths, heights, what stays in view, and how the sheet is printed."""
    page.set_column(CODE_COLUMN, CODE_COLUMN, CODE_WIDTH)
    page.set_column(LABEL_COLUMN, LABEL_COLUMN, LABEL_WIDTH)
    for across, width in enumerate(layout.widths, start=FIRST_COLUMN):
        page.set_column(across, across, width)
    for row, height in layout.heading_heights.items():
        page.set_row(row, height)
    for down in range(len(sheet.rows)):
        if (taller := layout.row_height(down)) is not None:
            page.set_row(FIRST_ROW + down, taller)
    page.freeze_panes(FIRST_ROW, FIRST_COLUMN)
    page.set_landscape()
    _print_on_a4(page, sheet.name, sheet.facts)
    page.repeat_rows(GROUP_ROW, CODE_ROW)
    page.repeat_columns(CODE_COLUMN, LABEL_COLUMN)
    # Programs pass over breaks set by hand where they fit a sheet to pages.
    page.set_print_scale(layout.scale)
    page.set_v_pagebreaks([FIRST_COLUMN + one.start for one in layout.pages[1:]])


def lay_out_instructions(page: Worksheet, lines: Sequence[str]) -> None:
    """One column of words, as wide as the page."""
    page.set_column(0, 0, _INSTRUCTIONS_WIDTH)
    for row, line in enumerate(lines):
        page.set_row(row, _height(_lines(line, _INSTRUCTIONS_WIDTH / _WORDS)) + (5 if row == 0 else 0))
    page.set_landscape()
    _print_on_a4(page, page.get_name(), lines[0] if lines else "")
    page.fit_to_pages(1, 0)


def _print_on_a4(page: Worksheet, name: str, facts: str) -> None:
    page.set_paper(_PAPER_A4)
    page.set_margins(**_MARGINS)
    told = textwrap.shorten(facts, _LONGEST_FOOTER, placeholder="…").replace("&", "&&")
    page.set_footer(f"&L&8 {told}&R&8 {name.replace('&', '&&')} · trang &P/&N")


def _needed(heading: str) -> int:
    return ceil(len(heading) * _BOLD) + 2


def _fitting(widths: Sequence[int], start: int, room: float) -> int:
    """The end of the columns from `start` on that have room; at least one."""
    end, used = start, 0
    while end < len(widths) and (end == start or used + _pixels(widths[end]) <= room):
        used += _pixels(widths[end])
        end += 1
    return end


def _pixels(*widths: int) -> int:
    return sum(width * 7 + 5 for width in widths)


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a column so wide."""
    return sum(max(1, len(textwrap.wrap(line, max(4, int(width))))) for line in text.split("\n"))


def _height(lines: int) -> int:
    return min(_TALLEST, lines * _LINE_HEIGHT)
