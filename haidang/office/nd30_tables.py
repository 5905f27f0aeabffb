"""Tables of figures for an official document: repeated header rows, rows that never split, numbers to the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.oxml.xmlchemy import BaseOxmlElement

from haidang.kernel.numbers import NO_BREAK_SPACE
from haidang.office.nd30_widths import ColumnTexts, Fit, fitted, height_cm
from haidang.office.nd30_xml import Run, paragraph_xml

Align = Literal["left", "center", "right"]
_KEPT_WHOLE_CM = 9.0
_INDENT_TWIPS = 60  # for each no-break space that a cell begins with


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its share of the width (any unit) and how its cells are aligned.

    Cells that stand left are words and wrap; all others are numbers and never do.
    """

    title: str
    share: float = 1.0
    align: Align = "right"


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it is printed: every cell is text already, written the Vietnamese way.

    `groups` is an upper row of headings as (title, number of columns); an empty title leaves the lower heading to
    span both rows. `strong_rows` are printed bold (totals), `kept_rows` head the next and never end a page. `notes`
    stand under the table.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    unit: str = ""
    notes: tuple[str, ...] = ()
    groups: tuple[tuple[str, int], ...] = ()
    strong_rows: frozenset[int] = frozenset()
    kept_rows: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"table {self.caption!r}: a row does not have {len(self.columns)} cells")
        if self.groups and sum(span for _, span in self.groups) != len(self.columns):
            raise ValueError(f"table {self.caption!r}: the groups do not cover the {len(self.columns)} columns")


def table_element(table: Table, width_cm: float) -> BaseOxmlElement:
    """The table as an element `width_cm` wide; caption, unit and notes are paragraphs of the caller."""
    fit = fitted(_column_texts(table), width_cm)
    kept = _rows_kept_with_next(table, height_cm(_column_texts(table), fit))
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in fit.widths)
    rows = "".join(
        _row_xml([_cell_xml(text, width, column.align, bold=number in table.strong_rows, size=fit.size,
                            keep=number in kept)
                  for text, width, column in zip(row, fit.widths, table.columns, strict=True)])
        for number, row in enumerate(table.rows)
    )  # fmt: skip
    margins = "".join(f'<w:{side} w:w="{fit.side}" w:type="dxa"/>' for side in ("left", "right"))
    return parse_xml(
        f"<w:tbl {nsdecls('w')}><w:tblPr>"
        f'<w:tblW w:w="{sum(fit.widths)}" w:type="dxa"/><w:jc w:val="center"/>{_borders_xml()}'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{_header_xml(table, fit)}{rows}</w:tbl>"
    )


def _column_texts(table: Table) -> list[ColumnTexts]:
    alone = _titles_over_one_column(table)
    return [
        ColumnTexts(
            f"{alone.get(place, '')} {column.title}",
            tuple(row[place] for row in table.rows),
            column.share,
            column.align == "left",
        )
        for place, column in enumerate(table.columns)
    ]


def _titles_over_one_column(table: Table) -> dict[int, str]:
    """Upper headings whose words must fit the one column that they stand over."""
    places = accumulate((span for _title, span in table.groups), initial=0)
    return {place: title for place, (title, span) in zip(places, table.groups, strict=False) if span == 1}


def _rows_kept_with_next(table: Table, height: float) -> frozenset[int]:
    """Rows that must not end a page: of a low table all, else the first, those that head others, and the last two.

    The last row holds on to what follows it, so that no page is left with the end of a section alone.
    """
    last = len(table.rows) - 1
    if height <= _KEPT_WHOLE_CM:
        return frozenset(range(last + 1))
    return frozenset({0, last - 1, last}) | table.kept_rows


def _borders_xml() -> str:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    return "<w:tblBorders>" + "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in sides
    ) + "</w:tblBorders>"  # fmt: skip


def _header_xml(table: Table, fit: Fit) -> str:
    widths, size = fit.widths, fit.size
    if not table.groups:
        cells = [_head_cell_xml(column.title, width, size) for column, width in zip(table.columns, widths, strict=True)]
        return _row_xml(cells, header=True)
    upper, lower, start = [], [], 0
    for title, span in table.groups:
        part = range(start, start + span)
        if title:
            upper.append(_head_cell_xml(title, sum(widths[i] for i in part), size, span=span))
            lower += [_head_cell_xml(table.columns[i].title, widths[i], size) for i in part]
        else:
            upper += [_head_cell_xml(table.columns[i].title, widths[i], size, merge="restart") for i in part]
            lower += [_head_cell_xml("", widths[i], size, merge="continue") for i in part]
        start += span
    return _row_xml(upper, header=True) + _row_xml(lower, header=True)


def _row_xml(cells: Sequence[str], header: bool = False) -> str:
    repeated = "<w:tblHeader/>" if header else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{''.join(cells)}</w:tr>"


def _head_cell_xml(title: str, width: int, size: float, span: int = 1, merge: str = "") -> str:
    spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    merged = f'<w:vMerge w:val="{merge}"/>' if merge else ""
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="EDEDED"/>'
    properties = (
        f'<w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spanned}{merged}{shade}<w:vAlign w:val="center"/></w:tcPr>'
    )
    return f"<w:tc>{properties}{paragraph_xml('DauBang', Run(title, size=size))}</w:tc>"


def _cell_xml(text: str, width: int, align: Align, *, bold: bool, size: float, keep: bool) -> str:
    words = text.lstrip(NO_BREAK_SPACE)
    run = Run(words, bold=True if bold else None, size=size)
    indent = f'<w:ind w:left="{_INDENT_TWIPS * (len(text) - len(words))}"/>' if len(words) < len(text) else ""
    held = "<w:keepNext/>" if keep else ""
    paragraph = paragraph_xml("OBang", run, properties=f'{held}{indent}<w:jc w:val="{align}"/>')
    whole = "" if align == "left" else "<w:noWrap/>"
    properties = f'<w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{whole}<w:vAlign w:val="center"/></w:tcPr>'
    return f"<w:tc>{properties}{paragraph}</w:tc>"
