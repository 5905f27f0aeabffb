"""Cells of one form added up over several agencies. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from haidang.catalogue.computing import compute
from haidang.catalogue.forms import FormSpec
from haidang.catalogue.formulas import number_cell
from haidang.kernel.cells import CellState


@dataclass(frozen=True, slots=True)
class Total:
    """A cell added up: its value as a stored cell, how many gave a number, and how many were to give one."""

    value: Any
    given: int
    expected: int


def summed(form: FormSpec, documents: Sequence[Mapping[str, Any]]) -> dict[str, Total]:
    """Cells added up over documents: counts and amounts add, what the form computes is computed anew from the sums.

    A blank is not a zero: a cell that nobody gave stays blank, and `given` says how many did. Entered averages and
    rates do not add up; they stay blank. A cell that everybody has as not applicable is not applicable.
    """
    entered = {code: _added(form, code, documents) for code in form.input_cells}
    sums = {code: total.value for code, total in entered.items() if total.value is not None}
    whole = compute(form, sums)
    totals = dict(entered)
    for code in form.formulas:
        states = [number_cell(document.get(code)).state for document in documents]
        given = states.count(CellState.NUMBER)
        totals[code] = Total(whole.get(code), given, len(states) - states.count(CellState.NOT_APPLICABLE))
    return totals


def _added(form: FormSpec, code: str, documents: Sequence[Mapping[str, Any]]) -> Total:
    cells = [number_cell(document.get(code)) for document in documents]
    numbers = [cell.value for cell in cells if cell.value is not None]
    absent = [cell for cell in cells if cell.state is CellState.NOT_APPLICABLE]
    expected = len(cells) - len(absent)
    if not form.cells[code][1].adds_up:
        return Total(None, len(numbers), expected)
    if numbers:
        total = sum(numbers)
        return Total(total if isinstance(total, int) else round(total, 6), len(numbers), expected)
    if cells and not expected:
        return Total(str(CellState.NOT_APPLICABLE), 0, 0)
    unknown = any(cell.state is CellState.NOT_AVAILABLE for cell in cells)
    return Total(str(CellState.NOT_AVAILABLE) if unknown else None, 0, expected)
