"""What the number grid shows: one form, one filing's cells, and how a cell reads on screen. Knows no request.

A cell's text is "" for blank, "0" for zero, "KTCN" for không thuộc chức năng, "CCSL" for chưa có số liệu.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import groupby
from typing import Any

from haidang.catalogue.forms import ColumnSpec, FormSpec, RowSpec
from haidang.filings.earlier import NOTABLE_DIFFERENCE, notable_change
from haidang.filings.expectations import total_columns
from haidang.kernel.numbers import format_number, format_percent
from haidang.office.workbook import STATE_WORDS

HEADER_ROWS = 3
# A box of words is as tall as its text, at about so many characters a line, to a limit.
_LINE, _MOST_LINES = 34, 8
_MOST_FORMULA, _LEAST_RUN = 60, 4
_RUN = re.compile(r"c\d+(?:(?P<sign>, | \+ )c\d+)(?:(?P=sign)c\d+)+")
_MARK_CSS = {"!": "bad s-over", "?": "ask s-late"}


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the cells of a filing, each by whole code; None: there is no such thing.

    `before` and `year` are the cells of the cycle before and of a year earlier, `below` the sums of the agencies below,
    `typed` the totals on the agency's own paper, of which some may be typed (so that each has its field).
    """

    before: Mapping[str, Any] | None = None
    year: Mapping[str, Any] | None = None
    below: Mapping[str, Any] | None = None
    typed: Mapping[str, Any] | None = None

    def without_ghosts(self) -> Beside:
        """The same without the columns of other cycles and agencies."""
        return Beside(typed=self.typed)


NOTHING_BESIDE = Beside()


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell of the grid; `mark` is "!" (blocks), "?" (to be explained) or nothing."""

    code: str
    column: str
    kind: str
    text: str
    absent: bool
    mark: str
    label: str
    words: bool
    before: str
    year: str
    below: str = ""
    typed: str | None = None
    noted: bool = False
    jump: str = ""
    reason: str = ""

    @property
    def anchor(self) -> str:
        """The id of the cell's input, for links to it."""
        return anchor_of(self.code)

    @property
    def lines(self) -> int:
        """How many lines its words take."""
        return min(_MOST_LINES, sum(1 + len(line) // _LINE for line in self.text.split("\n")))

    @property
    def css(self) -> str:
        """Classes of the cell: its kind, then its state."""
        state = _MARK_CSS.get(self.mark, "na s-off" if self.absent and self.kind == "input" else "")
        both = "both" * (self.typed is not None)
        flags = ("calc" * (self.kind == "calc"), both, state, "said" * self.noted, "jump" * bool(self.jump))
        return " ".join(part for part in flags if part)


@dataclass(frozen=True, slots=True)
class Words:
    """What is said of cells, by whole code: notes, why they are not the agency's, how far they moved in a year."""

    noted: frozenset[str] = frozenset()
    reasons: Mapping[str, str] = field(default_factory=dict)
    jumps: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GridColumn:
    """One column: its heading, its code with its formula, and which earlier cycles stand beside it.

    `index` is its place in the table, from 1, earlier cycles and the heading of the line counted.
    """

    spec: ColumnSpec
    code_text: str
    before: bool
    year: bool
    below: bool = False
    index: int = 2

    @property
    def wide(self) -> int:
        """How many columns it takes on a wide screen."""
        return 1 + self.before + self.year + self.below

    @property
    def narrow(self) -> int:
        """How many it takes on a narrow one."""
        return 1 + self.before


@dataclass(frozen=True, slots=True)
class GridItem:
    """A cell under its column; None where the column does not apply to the line."""

    column: GridColumn
    cell: GridCell | None


@dataclass(frozen=True, slots=True)
class GridRow:
    """One line: its number in the table, its heading, its indent (0-4), and its cells."""

    index: int
    name: str
    indent: int
    items: tuple[GridItem, ...]

    @property
    def level(self) -> str:
        """The heading's class: main lines are strong, the others indented."""
        return "l1" if self.indent == 0 else "l3"


@dataclass(frozen=True, slots=True)
class GridHead:
    """A group of columns: its words, and the columns it spans on wide and on narrow screens."""

    words: str
    wide: int
    narrow: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A whole form to show; `blocks` are the row groups in order."""

    form: FormSpec
    heads: tuple[GridHead, ...]
    columns: tuple[GridColumn, ...]
    blocks: tuple[tuple[GridRow, ...], ...]

    @property
    def row_count(self) -> int:
        """Rows with the three header rows."""
        return HEADER_ROWS + sum(len(block) for block in self.blocks)

    @property
    def column_count(self) -> int:
        """Columns with the row heading and the columns of earlier cycles."""
        return 1 + sum(head.wide for head in self.heads)

    def with_typed(self, texts: Mapping[str, Any], wrong: Iterable[str]) -> Grid:
        """The grid with what a person typed in place of what is stored; the cells named in `wrong` are marked."""
        marked = frozenset(wrong)

        def typed(item: GridItem) -> GridItem:
            if item.cell is None or item.cell.code not in texts:
                return item
            mark = "!" if item.cell.code in marked else item.cell.mark
            text = str(texts[item.cell.code])
            if item.cell.kind == "input":
                return replace(item, cell=replace(item.cell, mark=mark, text=text))
            return replace(item, cell=replace(item.cell, mark=mark, typed=text))

        return self._changed(typed)

    def with_words(self, said: Words) -> Grid:
        """The grid with what was said of its cells: a corner where there are notes, reasons, changes to look at."""

        def told(item: GridItem) -> GridItem:
            if item.cell is None:
                return item
            code = item.cell.code
            noted, reason, jump = code in said.noted, said.reasons.get(code, ""), said.jumps.get(code, "")
            if not (noted or reason or jump):
                return item
            return replace(item, cell=replace(item.cell, noted=noted, reason=reason, jump=jump))

        return self._changed(told)

    def _changed(self, change: Callable[[GridItem], GridItem]) -> Grid:
        blocks = tuple(
            tuple(replace(row, items=tuple(change(item) for item in row.items)) for row in block)
            for block in self.blocks
        )
        return replace(self, blocks=blocks)


def anchor_of(code: str) -> str:
    """The id of the input of a cell "B1.d150.c1"."""
    return "o-" + code.replace(".", "-")


def cell_text(raw: Any) -> str:
    """A stored cell as a person reads and retypes it; every decimal is kept: saving it again changes nothing."""
    if raw is None:
        return ""
    if isinstance(raw, str):
        return STATE_WORDS.get(raw, raw)
    exact = Decimal(str(raw)).normalize()
    exponent = exact.as_tuple().exponent
    return format_number(exact, max(0, -exponent) if isinstance(exponent, int) else 0)


def build_grid(
    form: FormSpec,
    cells: Mapping[str, Any],
    *,
    marks: Mapping[str, str],
    beside: Beside = NOTHING_BESIDE,
    words: Words | None = None,
) -> Grid:
    """The grid of `form` over `cells` ("B1.row.col" -> stored cell, computed ones included), with what is said of them
    and what stands beside them.
    """
    columns = _columns(form, beside)
    blocks = tuple(
        tuple(_row(form, numbered, columns, (cells, beside), marks) for numbered in rows)
        for _, rows in groupby(enumerate(form.rows, start=HEADER_ROWS + 1), key=lambda pair: pair[1].group)
    )
    heads = tuple(_head(group, list(run)) for group, run in groupby(columns, key=lambda item: item.spec.group))
    grid = Grid(form, heads, columns, blocks)
    return grid.with_words(words) if words else grid


def jumps_of(form: FormSpec, cells: Mapping[str, Any], last_year: Mapping[str, Any] | None) -> dict[str, str]:
    """The cells of the form that moved far since the same cycle a year earlier, each with arrow and percentage.

    From 0 there is no percentage, and the arrow says so.
    """
    jumps: dict[str, str] = {}
    for local, (_, column) in form.cells.items():
        code = f"{form.code}.{local}"
        told = _jump(cells.get(code), last_year.get(code)) if last_year and column.adds_up else ""
        if told:
            jumps[code] = told
    return jumps


def _jump(now: Any, then: Any) -> str:
    change = notable_change(now, then)
    if change is not None:
        return f"{'▲' if change > 0 else '▼'}{format_percent(abs(change), 0)}"
    return "▲ từ 0" if then == 0 and isinstance(now, int | float) and now >= NOTABLE_DIFFERENCE else ""


def _head(group: str, columns: list[GridColumn]) -> GridHead:
    return GridHead(group, sum(column.wide for column in columns), sum(column.narrow for column in columns))


def _columns(form: FormSpec, beside: Beside) -> tuple[GridColumn, ...]:
    """Other cycles and agencies stand beside the columns by which the form is compared."""
    chosen = total_columns(form)
    made: list[GridColumn] = []
    for column in form.columns:
        compared = column.code in chosen
        made.append(
            GridColumn(
                spec=column,
                code_text=f"{column.code}={_spaced(column.formula)}" if column.formula else column.code,
                before=beside.before is not None and compared,
                year=beside.year is not None and compared,
                below=beside.below is not None and compared,
                index=made[-1].index + made[-1].wide if made else 2,
            )
        )
    return tuple(made)


def _spaced(formula: str) -> str:
    """A formula that may break over lines between its terms; columns in a row are told by the first and the last."""
    short = _RUN.sub(_first_and_last, formula.replace(",", ", ").replace("  ", " "))
    if len(short) > _MOST_FORMULA:
        short = short[: _MOST_FORMULA - 1] + "…"
    return short.replace("-", "−").replace("sum(", "Σ(").replace(", ", ",").replace(",", ", ")


def _first_and_last(run: re.Match[str]) -> str:
    """ "c2, …, c60" for the columns from c2 to c60 in their order; anything else as it is."""
    sign, codes = run["sign"], [int(code) for code in re.findall(r"\d+", run[0])]
    in_order = codes == list(range(codes[0], codes[0] + len(codes)))
    return f"c{codes[0]}{sign}…{sign}c{codes[-1]}" if in_order and len(codes) > _LEAST_RUN else run[0]


def _row(
    form: FormSpec,
    numbered: tuple[int, RowSpec],
    columns: tuple[GridColumn, ...],
    held: tuple[Mapping[str, Any], Beside],
    marks: Mapping[str, str],
) -> GridRow:
    index, row = numbered
    items = (GridItem(column, _cell(form, row, column.spec, held, marks)) for column in columns)
    return GridRow(index, row.name, row.indent, tuple(items))


def _cell(
    form: FormSpec,
    row: RowSpec,
    column: ColumnSpec,
    held: tuple[Mapping[str, Any], Beside],
    marks: Mapping[str, str],
) -> GridCell | None:
    local = f"{row.code}.{column.code}"
    if local not in form.cells:
        return None
    code = f"{form.code}.{local}"
    cells, beside = held
    now = cells.get(code)
    before, year, below = ((some or {}).get(code) for some in (beside.before, beside.year, beside.below))
    computed = form.is_computed(local)
    typing = computed and column.adds_up and beside.typed is not None
    return GridCell(
        code=code,
        column=column.code,
        kind="calc" if computed else "input",
        text=shown_text(form, local, now),
        absent=now in ("na", "nd"),
        mark=marks.get(code, ""),
        label=f"{row.name}, {column.code} {column.name}",
        words=column.is_text,
        before=shown_text(form, local, before),
        year=shown_text(form, local, year),
        below=shown_text(form, local, below),
        typed=cell_text((beside.typed or {}).get(code)) if typing else None,
    )


def shown_text(form: FormSpec, local: str, raw: Any) -> str:
    """A cell as it is shown: entered ones in full, worked-out ones with two decimals at most, rates with their sign."""
    if isinstance(raw, str) or raw is None or not form.is_computed(local):
        return cell_text(raw)
    text = format_number(Decimal(str(raw)))
    return f"{text}\u00a0%" if form.cells[local][1].type == "percent" else text
