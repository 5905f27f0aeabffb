"""From a cell of a form, entered or computed, to a measure over entered cells that the engine can add up.

A computed cell is taken apart to the cells somebody entered, so that sums over many agencies and windows are right:
an opening counts from the first window, a closing from the last, and a ratio is the ratio of the sums.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from haidang.catalogue.forms import ColumnSpec, FormSpec, form
from haidang.catalogue.formulas import Difference, Expression, FormulaError, Quotient, Reference, Sum, rename
from haidang.engine.question import Measure, Pick, Term

_PICKS = {"stock_open": Pick.FIRST, "stock_close": Pick.LAST}
FormOf = Callable[[str], FormSpec]


def cell_measure(spec: FormSpec, cell: str) -> Measure:
    """The measure of one cell ("row.col"), coded "B1.row.col". KeyError: no such cell; FormulaError: a text cell."""
    column = spec.cells[cell][1]
    scale = 100 if column.type == "percent" else 1
    return measure_of(f"{spec.code}.{cell}", Reference(f"{spec.code}.{cell}"), scale, lambda _code: spec)


def measure_of(code: str, tree: Expression, scale: int, form_of: FormOf = form) -> Measure:
    """The measure of an expression over cells addressed "B1.row.col": a signed sum, or one sum over another."""
    tree = _opened(tree, form_of)
    if isinstance(tree, Quotient):
        return Measure(code, _terms(tree.numerator, form_of), _terms(tree.denominator, form_of), scale)
    return Measure(code, _terms(tree, form_of))


def known_cell(code: str, form_of: FormOf = form) -> tuple[FormSpec, str, ColumnSpec]:
    """The form, the cell within it and its column, for "B1.row.col". FormulaError when there is no such cell."""
    form_code, _, cell = code.partition(".")
    try:
        spec = form_of(form_code)
        return spec, cell, spec.cells[cell][1]
    except KeyError as error:
        raise FormulaError(f"không biểu nào có ô {code}") from error


def _opened(tree: Expression, form_of: FormOf) -> Expression:
    """The expression itself, or for a single rate cell the quotient behind it."""
    if not isinstance(tree, Reference):
        return tree
    spec, cell, column = known_cell(tree.code, form_of)
    return _across(spec, spec.formulas[cell]) if column.flow == "rate" else tree


def _terms(tree: Expression, form_of: FormOf) -> tuple[Term, ...]:
    """The entered cells of a sum, each once; a cell that is added and taken away alike drops out."""
    net: dict[tuple[str, Pick], int] = {}
    for term in _walk(tree, 1, None, form_of):
        net[term.cell, term.pick] = net.get((term.cell, term.pick), 0) + term.sign
    terms: list[Term] = []
    for (cell, pick), count in net.items():
        terms += [Term(cell, 1 if count > 0 else -1, pick)] * abs(count)
    return tuple(terms)


def _walk(tree: Expression, sign: int, pick: Pick | None, form_of: FormOf) -> Iterable[Term]:
    match tree:
        case Sum(parts):
            for part in parts:
                yield from _walk(part, sign, pick, form_of)
        case Difference(left, right):
            yield from _walk(left, sign, pick, form_of)
            yield from _walk(right, -sign, pick, form_of)
        case Reference(code):
            yield from _leaf(code, sign, pick, form_of)
        case _:
            raise FormulaError("số đo chỉ cộng, trừ các ô, hoặc chia một tổng cho một tổng")


def _leaf(code: str, sign: int, pick: Pick | None, form_of: FormOf) -> Iterable[Term]:
    spec, cell, column = known_cell(code, form_of)
    if column.is_text:
        raise FormulaError(f"ô {code} là ô chữ, không tính được")
    # A closing is what the last window closed with, so everything it is made of is read from that window.
    chosen = pick or (Pick.LAST if column.flow == "stock_close" else None)
    if cell in spec.formulas:
        yield from _walk(_across(spec, spec.formulas[cell]), sign, chosen, form_of)
    else:
        yield replace(Term(code), sign=1 if sign > 0 else -1, pick=chosen or _PICKS.get(column.flow, Pick.ALL))


def _across(spec: FormSpec, tree: Expression) -> Expression:
    return rename(tree, lambda code: f"{spec.code}.{code}")


def cells_of(measure: Measure) -> tuple[str, ...]:
    """The entered cells a measure reads, in order, each once."""
    return tuple(dict.fromkeys(term.cell for term in (*measure.numerator, *measure.denominator)))
