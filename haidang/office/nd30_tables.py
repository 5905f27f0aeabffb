"""Tables of figures for an official document: repeated header rows, rows that never split, numbers to the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.oxml.xmlchemy import BaseOxmlElement

from haidang.office.nd30_styles import twips
from haidang.office.nd30_xml import Run, paragraph_xml

Align = Literal["left", "center", "right"]
_MANY_COLUMNS = 8


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its share of the width (any unit) and how its cells are aligned."""

    title: str
    share: float = 1.0
    align: Align = "right"


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it is printed: every cell is text already, written the Vietnamese way.

    `groups` is an upper row of headings as (title, number of columns); an empty title leaves the lower heading to
    span both rows. `strong_rows` are printed bold (totals). `notes` stand under the table.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    unit: str = ""
    notes: tuple[str, ...] = ()
    groups: tuple[tuple[str, int], ...] = ()
    strong_rows: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"table {self.caption!r}: a row does not have {len(self.columns)} cells")
        if self.groups and sum(span for _, span in self.groups) != len(self.columns):
            raise ValueError(f"table {self.caption!r}: the groups do not cover the {len(self.columns)} columns")


def table_element(table: Table, width_cm: float) -> BaseOxmlElement:
    """The table as an element `width_cm` wide; caption, unit and notes are paragraphs of the caller."""
    widths = _column_widths(table.columns, width_cm)
    size = 11.0 if len(table.columns) > _MANY_COLUMNS else None
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = "".join(
        _row_xml([_cell_xml(text, width, column.align, bold=number in table.strong_rows, size=size)
                  for text, width, column in zip(row, widths, table.columns, strict=True)])
        for number, row in enumerate(table.rows)
    )  # fmt: skip
    return parse_xml(
        f"<w:tbl {nsdecls('w')}><w:tblPr>"
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>{_borders_xml()}<w:tblLayout w:type="fixed"/>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{_header_xml(table, widths, size)}{rows}</w:tbl>"
    )


def _column_widths(columns: Sequence[Column], width_cm: float) -> list[int]:
    whole = twips(width_cm)
    shares = sum(column.share for column in columns)
    widths = [int(whole * column.share / shares) for column in columns]
    widths[-1] += whole - sum(widths)
    return widths


def _borders_xml() -> str:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    return "<w:tblBorders>" + "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in sides
    ) + "</w:tblBorders>"  # fmt: skip


def _header_xml(table: Table, widths: Sequence[int], size: float | None) -> str:
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


def _head_cell_xml(title: str, width: int, size: float | None, span: int = 1, merge: str = "") -> str:
    spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    merged = f'<w:vMerge w:val="{merge}"/>' if merge else ""
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="EDEDED"/>'
    properties = (
        f'<w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spanned}{merged}{shade}<w:vAlign w:val="center"/></w:tcPr>'
    )
    return f"<w:tc>{properties}{paragraph_xml('DauBang', Run(title, size=size))}</w:tc>"


def _cell_xml(text: str, width: int, align: Align, *, bold: bool, size: float | None) -> str:
    run = Run(text, bold=True if bold else None, size=size)
    paragraph = paragraph_xml("OBang", run, properties=f'<w:jc w:val="{align}"/>')
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>{paragraph}</w:tc>'
