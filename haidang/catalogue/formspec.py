"""The shape of a form in memory: lines, columns, formulas and checks, each bound to whole cell codes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Literal

from haidang.catalogue.formulas import (
    Comparison,
    Expression,
    parse_check,
    parse_formula,
    references,
    rename,
    rename_check,
)
from haidang.catalogue.specfiles import SpecError

COLUMN_CODE = re.compile(r"c\d+")
_NUMBERED = re.compile(r"B\d+")

ColumnType = Literal["count", "amount", "percent", "average", "text"]
Flow = Literal["stock_open", "flow_in", "flow_out", "stock_close", "total", "resolved", "rate", "none"]
Level = Literal["block", "explain"]
Dims = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FilerSpec:
    """Who files a form: the agencies with this function, at these levels."""

    function: str
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DimensionSpec:
    """A way to break a count down (sex, offence, ...); `values` are (code, name) in order."""

    code: str
    name: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RowSpec:
    """One line; `formula` adds up other lines of the form, column by column."""

    code: str
    name: str
    group: str
    indent: int = 0
    formula: str | None = None
    unit: str | None = None
    dims: Dims = ()


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """One column; `applies` names the row groups that have it (all when empty).

    `type`: count (whole, not negative), amount (not negative), percent (92.6 means 92,6 %), average, text.
    `flow` says how the column adds over time: an opening is that of the first window, a closing that of the last,
    flows and resolved add, a total and a rate are worked out anew. `carried_from` is the column of the cycle before
    whose value this one must repeat. `dims` are dimension values.
    """

    code: str
    name: str
    type: ColumnType
    flow: Flow
    group: str = ""
    unit: str | None = None
    formula: str | None = None
    applies: tuple[str, ...] = ()
    carried_from: str | None = None
    dims: Dims = ()

    @property
    def adds_up(self) -> bool:
        """Whether lines may be summed in this column."""
        return self.type in ("count", "amount")

    @property
    def is_text(self) -> bool:
        """Whether the column holds words."""
        return self.type == "text"


@dataclass(frozen=True, slots=True)
class CheckSpec:
    """A comparison that must hold ("block") or be explained ("explain").

    The message may name {row}, {column}, {left} and {right}.
    """

    code: str
    level: Level
    check: str
    message: str
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BoundCheck:
    """A check at one place of the form: the row or the column it runs over, and whole cell codes."""

    spec: CheckSpec
    row: str | None
    column: str | None
    tree: Comparison


@dataclass(frozen=True, eq=False)
class FormSpec:
    """One version of one form. Two specs are the same form exactly when their `sha256` agree.

    `typed_totals`: whoever files it must write the totals of the own paper beside the computed ones.
    """

    code: str
    version: int
    valid_from: date
    valid_to: date | None
    title: str
    mark: str
    unit: str
    note: str
    functions: tuple[FilerSpec, ...]
    dimensions: tuple[DimensionSpec, ...]
    rows: tuple[RowSpec, ...]
    columns: tuple[ColumnSpec, ...]
    checks: tuple[CheckSpec, ...]
    sha256: str
    path: Path
    typed_totals: bool = False

    @property
    def number(self) -> str:
        """What people call the form by: "1" for B1; a code that is built otherwise stands as it is."""
        return self.code[1:] if _NUMBERED.fullmatch(self.code) else self.code

    @cached_property
    def rows_by_code(self) -> dict[str, RowSpec]:
        """Lines by code."""
        return {row.code: row for row in self.rows}

    @cached_property
    def columns_by_code(self) -> dict[str, ColumnSpec]:
        """Columns by code."""
        return {column.code: column for column in self.columns}

    def row(self, code: str) -> RowSpec:
        """The line with this code; KeyError when there is none."""
        return self.rows_by_code[code]

    def column(self, code: str) -> ColumnSpec:
        """The column with this code; KeyError when there is none."""
        return self.columns_by_code[code]

    @cached_property
    def cells(self) -> dict[str, tuple[RowSpec, ColumnSpec]]:
        """Every cell that exists ("row.col"), row by row; where a column does not apply there is no cell."""
        return {
            f"{row.code}.{column.code}": (row, column)
            for row in self.rows
            for column in self.columns
            if not column.applies or row.group in column.applies
        }

    def has_cell(self, row: str, column: str) -> bool:
        """Whether this column applies to this line."""
        return f"{row}.{column}" in self.cells

    @cached_property
    def formulas(self) -> dict[str, Expression]:
        """The formula of every computed cell, with whole cell codes, each after those it needs."""
        return _in_order(self, {cell: tree for cell in self.cells if (tree := _formula(self, cell)) is not None})

    def is_computed(self, cell: str) -> bool:
        """Whether the cell ("row.col") is worked out by the form and not entered."""
        return cell in self.formulas

    @cached_property
    def input_cells(self) -> tuple[str, ...]:
        """The cells an agency fills, row by row."""
        return tuple(cell for cell in self.cells if cell not in self.formulas)

    @cached_property
    def total_cells(self) -> tuple[str, ...]:
        """The computed cells that are sums, beside which a total of the agency's own paper may be typed."""
        return tuple(cell for cell in self.cells if cell in self.formulas and self.cells[cell][1].adds_up)

    @cached_property
    def bound_checks(self) -> tuple[BoundCheck, ...]:
        """Every check at every place it runs."""
        return tuple(bound for index, check in enumerate(self.checks) for bound in bind(self, check, index))

    def parts_of(self, row: str) -> frozenset[str]:
        """The lines that a total line adds up, through every level; empty for a line that is entered."""
        found: set[str] = set()
        waiting = [row]
        while waiting:
            formula = self.row(waiting.pop()).formula
            parts = set(references(parse_formula(formula))) - found if formula else set()
            found |= parts
            waiting += parts
        return frozenset(found)

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """The row groups in order."""
        return tuple(dict.fromkeys(row.group for row in self.rows))

    def filed_by(self, function: str, level: str) -> bool:
        """Whether agencies with this function at this level file the form."""
        return any(filer.function == function and level in filer.levels for filer in self.functions)

    def cell_name(self, cell: str) -> str:
        """The cell in words: "dòng Tổng số, cột c10 (Tổng số phải giải quyết)"."""
        row, column = self.cells[cell]
        heading = f"{column.group}: {column.name}" if column.group else column.name
        return f"dòng {row.name}, cột {column.code} ({heading})"


def _formula(form: FormSpec, cell: str) -> Expression | None:
    """The formula of one cell: that of its line where lines add up, else that of its column."""
    row, column = form.cells[cell]
    if row.formula is not None and column.adds_up:
        return rename(parse_formula(row.formula), lambda code: code if "." in code else f"{code}.{column.code}")
    if column.formula is not None:
        return rename(parse_formula(column.formula), lambda code: code if "." in code else f"{row.code}.{code}")
    return None


def _in_order(form: FormSpec, formulas: Mapping[str, Expression]) -> dict[str, Expression]:
    ordered: dict[str, Expression] = {}
    under_way: set[str] = set()

    def visit(cell: str) -> None:
        if cell in ordered or cell not in formulas:
            return
        if cell in under_way:
            raise SpecError(form.path, formula_key(form, cell), f"công thức của ô {cell} quay vòng về chính nó")
        under_way.add(cell)
        for needed in references(formulas[cell]):
            visit(needed)
        ordered[cell] = formulas[cell]

    for cell in formulas:
        visit(cell)
    return ordered


def formula_key(form: FormSpec, cell: str) -> str:
    """Where in the file the formula of a computed cell stands: "rows[0].formula"."""
    row, column = form.cells[cell]
    if row.formula is not None and column.adds_up:
        return f"rows[{form.rows.index(row)}].formula"
    return f"columns[{form.columns.index(column)}].formula"


def bind(form: FormSpec, check: CheckSpec, index: int) -> Iterable[BoundCheck]:
    """The check at every line or column where all its cells exist. SpecError when it mixes lines and columns."""
    tree = parse_check(check.check)
    bare = [code for code in references(tree) if "." not in code]
    if not bare:
        yield BoundCheck(check, None, None, tree)
        return
    by_row = all(COLUMN_CODE.fullmatch(code) for code in bare)
    if not by_row and any(COLUMN_CODE.fullmatch(code) for code in bare):
        raise SpecError(form.path, f"checks[{index}].check", "không trộn mã dòng với mã cột; ghi đủ dòng.cột")
    places = (
        [row.code for row in form.rows if not check.groups or row.group in check.groups]
        if by_row
        else [column.code for column in form.columns if column.adds_up]
    )
    for place in places:
        code_of = _completion(place, by_row)
        if all(code_of(code) in form.cells for code in bare):
            yield BoundCheck(check, place if by_row else None, None if by_row else place, rename_check(tree, code_of))


def _completion(place: str, by_row: bool) -> Callable[[str], str]:
    def code_of(code: str) -> str:
        if "." in code:
            return code
        return f"{place}.{code}" if by_row else f"{code}.{place}"

    return code_of
