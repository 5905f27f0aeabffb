"""What can be said of a check while cells are blank: every entry is at least 0, so parts can outgrow their whole.

A blank is not taken as zero: it may still become any number from 0 on, and only what holds for all of them is decided.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from haidang.catalogue.formspec import FormSpec
from haidang.catalogue.formulas import Comparison, Difference, Expression, Number, Reference, Sum

Exact = int | Fraction


@dataclass(frozen=True, slots=True)
class Linear:
    """A sum of cells, each with its factor, and a constant."""

    terms: tuple[tuple[str, Exact], ...]
    constant: Exact


@dataclass(frozen=True, slots=True)
class Span:
    """From the least to the most that something can be; None is open at that end."""

    least: Exact | None
    most: Exact | None


# The formula of a cell that is a sum of others; None for a cell that is filled in, or is no sum (a rate).
SumOf = Callable[[str], Expression | None]


def difference_of(sum_of: SumOf, check: Comparison) -> Linear | None:
    """Left less right of a check, over the cells that are filled in; None where something is divided in it."""
    return linear(sum_of, Difference(check.left, check.right))


def linear(sum_of: SumOf, tree: Expression) -> Linear | None:
    """The expression over the cells that are filled in; None where something is divided in it.

    A computed cell that is no sum (a rate) stands for itself.
    """
    terms: dict[str, Exact] = {}
    constant = _collect(sum_of, tree, 1, terms)
    if constant is None:
        return None
    return Linear(tuple((code, factor) for code, factor in terms.items() if factor), constant)


def sums_in(form: FormSpec) -> SumOf:
    """The sums of one form, by the codes of its cells."""
    return lambda code: form.formulas.get(code) if form.cells[code][1].adds_up else None


def span(sums: Linear, numbers: Mapping[str, Exact], missing: set[str], entered: frozenset[str]) -> Span:
    """What the sum can come to when the missing cells among `entered` take any number from 0 on.

    `numbers` and `missing` are those of a filled form (`computing.Worked`); a cell that is neither is not expected.
    """
    least: Exact | None = sums.constant
    most: Exact | None = sums.constant
    for code, factor in sums.terms:
        if code not in missing and code in numbers:
            known = factor * numbers[code]
            least = None if least is None else least + known
            most = None if most is None else most + known
        elif code not in entered:
            return Span(None, None)
        elif code in missing and factor > 0:
            most = None
        elif code in missing:
            least = None
    return Span(least, most)


def excluded(sign: str, difference: Span) -> bool:
    """Whether no value of the difference lets the comparison with 0 hold."""
    least, most = difference.least, difference.most
    above, below = least is not None and least > 0, most is not None and most < 0
    match sign:
        case "=":
            return above or below
        case "<=":
            return above
        case ">=":
            return below
        case "<":
            return above or least == 0
        case ">":
            return below or most == 0
        case _:
            return least == 0 == most


def _collect(sum_of: SumOf, tree: Expression, factor: Exact, terms: dict[str, Exact]) -> Exact | None:
    """Add the cells of the tree, times `factor`, to `terms`; its constant, or None where something is divided."""
    match tree:
        case Number(value):
            return factor * (value.numerator if value.denominator == 1 else value)
        case Reference(code):
            return _collect_cell(sum_of, code, factor, terms)
        case Sum(parts):
            return _added([_collect(sum_of, part, factor, terms) for part in parts])
        case Difference(left, right):
            return _added([_collect(sum_of, left, factor, terms), _collect(sum_of, right, -factor, terms)])
    return None


def _collect_cell(sum_of: SumOf, code: str, factor: Exact, terms: dict[str, Exact]) -> Exact:
    formula = sum_of(code)
    if formula is not None:
        inside: dict[str, Exact] = {}
        constant = _collect(sum_of, formula, factor, inside)
        if constant is not None:
            for cell, times in inside.items():
                terms[cell] = terms.get(cell, 0) + times
            return constant
    terms[code] = terms.get(code, 0) + factor
    return 0


def _added(constants: list[Exact | None]) -> Exact | None:
    total: Exact = 0
    for constant in constants:
        if constant is None:
            return None
        total += constant
    return total
