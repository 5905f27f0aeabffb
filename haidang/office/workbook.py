"""The workbook (.xlsx) an agency fills: its sheets as data, where each cell stands, and what can be wrong in it.

One sheet a form. Rows and columns are known by the codes printed in the sheet, so that an inserted or sorted row is
noticed; which agency, cycle and form versions the workbook is for stands in a signed token on a very hidden sheet.
Written by `haidang.office.workbook_writing`, read by `haidang.office.workbook_reading`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Literal

NOT_APPLICABLE_WORD = "KTCN"
NOT_AVAILABLE_WORD = "CCSL"
STATE_WORDS = {"na": NOT_APPLICABLE_WORD, "nd": NOT_AVAILABLE_WORD}
INSTRUCTIONS_SHEET = "Hướng dẫn"
IDENTITY_SHEET = "_haidang"

TITLE_ROW, MARK_ROW, FACTS_ROW, GROUP_ROW, NAME_ROW, CODE_ROW = range(6)
FIRST_ROW = 6
CODE_COLUMN, LABEL_COLUMN = 0, 1
FIRST_COLUMN = 2

Kind = Literal["count", "amount", "percent", "average", "text"]
Value = int | float | str | None


@dataclass(frozen=True, slots=True)
class WorkColumn:
    """One column of a form; `kind` says what may be entered in it."""

    code: str
    name: str
    kind: Kind
    group: str = ""


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One line of a form."""

    code: str
    name: str
    indent: int = 0


@dataclass(frozen=True, slots=True)
class WorkCell:
    """One cell: entered by the agency, or computed when `formula` (as a spreadsheet writes it, without "=") is given.

    `value` is a number, "na", "nd" or None for blank; in a text column any text.
    """

    value: Value = None
    formula: str | None = None


@dataclass(frozen=True)
class WorkSheet:
    """One form. `cells` are by "row.column"; where there is none the form has no cell. `name` is the sheet's name.

    `numbers_only`: no words for a number that is not there are offered on it.
    """

    name: str
    title: str
    mark: str
    facts: str
    columns: tuple[WorkColumn, ...]
    rows: tuple[WorkRow, ...]
    cells: Mapping[str, WorkCell]
    numbers_only: bool = False

    @cached_property
    def shape(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The codes of the lines and of the columns, in order."""
        return tuple(row.code for row in self.rows), tuple(column.code for column in self.columns)

    @cached_property
    def places(self) -> dict[str, tuple[int, int]]:
        """Zero-based row and column of every cell."""
        places = cell_places(*self.shape)
        return {code: places[code] for code in self.cells}

    @cached_property
    def kinds(self) -> dict[str, Kind]:
        """What may be entered in each column, by its code."""
        return {column.code: column.kind for column in self.columns}

    @property
    def codes(self) -> Mapping[str, str]:
        """The "row.column" at each address within the lines and columns, whether the form has that cell or not."""
        return codes_by_address(*self.shape)

    @cached_property
    def number_cells(self) -> dict[str, str]:
        """The "sheet.row.column" at the address of each cell in which a number is entered."""
        return {
            address: f"{self.name}.{code}"
            for address, code in self.codes.items()
            if (cell := self.cells.get(code)) and cell.formula is None
            if self.kinds[code.rpartition(".")[2]] != "text"
        }

    @cached_property
    def formula_cells(self) -> frozenset[str]:
        """The addresses of the cells that the form computes."""
        return frozenset(
            address for address, code in self.codes.items() if (cell := self.cells.get(code)) and cell.formula
        )

    @cached_property
    def quiet(self) -> frozenset[str]:
        """The addresses of headings and of the words beside the lines: what stands there is not read."""
        across, down = FIRST_COLUMN + len(self.columns), FIRST_ROW + len(self.rows)
        heads = [cell_address(row, column) for row in range(FIRST_ROW) for column in range(across)]
        sides = [cell_address(row, column) for row in range(FIRST_ROW, down) for column in range(FIRST_COLUMN)]
        return frozenset([*heads, *sides])

    @cached_property
    def printed_codes(self) -> dict[str, str]:
        """The codes printed beside lines and above columns, by address: columns first."""
        columns = {cell_address(CODE_ROW, FIRST_COLUMN + at): one.code for at, one in enumerate(self.columns)}
        return columns | {cell_address(FIRST_ROW + at, CODE_COLUMN): one.code for at, one in enumerate(self.rows)}


@lru_cache(maxsize=64)
def cell_places(rows: tuple[str, ...], columns: tuple[str, ...]) -> dict[str, tuple[int, int]]:
    """Zero-based row and column in the sheet of each "row.column", for lines and columns in this order."""
    return {
        f"{row}.{column}": (down, across)
        for down, row in enumerate(rows, start=FIRST_ROW)
        for across, column in enumerate(columns, start=FIRST_COLUMN)
    }


@lru_cache(maxsize=64)
def codes_by_address(rows: tuple[str, ...], columns: tuple[str, ...]) -> Mapping[str, str]:
    """The "row.column" that stands at each address of the sheet, for lines and columns in this order."""
    return {cell_address(*place): code for code, place in cell_places(rows, columns).items()}


@dataclass(frozen=True, slots=True)
class CellProblem:
    """What is wrong in one place of an uploaded workbook, and what to put there; `cell` is "" for a whole sheet."""

    sheet: str
    cell: str
    problem: str
    proposal: str = ""

    def __str__(self) -> str:
        where = f"{self.sheet}, ô {self.cell}" if self.cell else self.sheet
        return f"{where}: {self.problem} {self.proposal}".strip()


@dataclass(frozen=True)
class WorkbookCells:
    """What a workbook holds: values and texts by "sheet.row.column" (blank is absent), and every problem found.

    `typed` are numbers that stand where the form has a formula: to be compared with the computed value.
    """

    values: dict[str, int | float | str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    typed: dict[str, tuple[CellProblem, object]] = field(default_factory=dict)
    problems: list[CellProblem] = field(default_factory=list)


class UnreadableWorkbook(Exception):
    """The file cannot be taken as a workbook at all; the text says why and what to do (Vietnamese)."""


def column_letters(column: int) -> str:
    """The letters of a zero-based column: 0 gives "A", 26 gives "AA"."""
    letters = ""
    while column >= 0:
        column, rest = divmod(column, 26)
        letters = chr(ord("A") + rest) + letters
        column -= 1
    return letters


def cell_address(row: int, column: int) -> str:
    """ "C7" for zero-based row 6, column 2."""
    return f"{column_letters(column)}{row + 1}"
