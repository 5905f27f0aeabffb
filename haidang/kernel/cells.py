"""The value of one cell of a form: a number, or one of three reasons for having none.

In JSON a number is a number, "na" is không thuộc chức năng, "nd" is chưa có số liệu, and a blank cell is left out:
blank is not zero and never sums as zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class CellState(StrEnum):
    """What stands in a cell."""

    NUMBER = "number"
    BLANK = "blank"
    NOT_APPLICABLE = "na"
    NOT_AVAILABLE = "nd"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; `value` is given exactly when the state is NUMBER."""

    state: CellState
    value: float | int | None = None

    def __post_init__(self) -> None:
        if (self.value is not None) != (self.state is CellState.NUMBER):
            raise ValueError("a cell has a value exactly when its state is a number")

    @classmethod
    def of(cls, value: float | int) -> Cell:
        """The cell that holds this number."""
        return cls(CellState.NUMBER, value)

    def to_json(self) -> float | int | str | None:
        """A number, "na", "nd", or None for blank (which a document of cells leaves out)."""
        if self.state is CellState.NUMBER:
            return self.value
        return None if self.state is CellState.BLANK else str(self.state)


BLANK = Cell(CellState.BLANK)
NOT_APPLICABLE = Cell(CellState.NOT_APPLICABLE)
NOT_AVAILABLE = Cell(CellState.NOT_AVAILABLE)


def cell_from_json(raw: Any) -> Cell:
    """The cell written as in `Cell.to_json`; anything else is refused."""
    if raw is None:
        return BLANK
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return Cell.of(raw)
    if raw in (CellState.NOT_APPLICABLE, CellState.NOT_AVAILABLE):
        return Cell(CellState(raw))
    raise ValueError(f"not a cell: {raw!r}")
