"""The checks of forms as linear constraints over the cells that are entered, so that invented figures can satisfy them.

A formula of a form is a sum, a difference or a quotient; everything but a quotient is linear in the entered cells.
Checks with a quotient are left to the form itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm

from haidang.catalogue.checks import cross_checks
from haidang.catalogue.forms import FormSpec
from haidang.catalogue.formulas import Comparison, Difference, Expression, Number, Quotient, Reference, Sum

CONSTANT = ""


@dataclass(frozen=True, slots=True)
class Constraint:
    """`sum(weight * cell) + constant` is zero (`exact`) or not negative; `hard` when the form blocks on it."""

    weights: Mapping[str, int]
    constant: int
    exact: bool
    hard: bool


class Linear:
    """Formulas of one set of forms written out over entered cells, by whole code ("B1.d150.c3")."""

    def __init__(self, forms: Iterable[FormSpec]) -> None:
        self.forms = {form.code: form for form in forms}
        self._known: dict[str, dict[str, Fraction] | None] = {}

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """The number cells that an agency enters, form by form."""
        return tuple(
            f"{form.code}.{cell}"
            for form in self.forms.values()
            for cell in form.input_cells
            if not form.cells[cell][1].is_text
        )

    @cached_property
    def constraints(self) -> tuple[Constraint, ...]:
        """Every linear check of the forms and between them; those that ask for an explanation are not hard."""
        found = []
        for form in self.forms.values():
            for bound in form.bound_checks:
                found.append(self.constraint(form.code, bound.tree, hard=bound.spec.level == "block"))
        for spec, tree in cross_checks():
            found.append(self.constraint("", tree, hard=spec.level == "block"))
        return tuple(constraint for constraint in found if constraint is not None)

    def constraint(self, form: str, tree: Comparison, *, hard: bool) -> Constraint | None:
        """The check as a constraint; None when it is not linear or is an inequality that cannot be held ("!=")."""
        left, right = self.expand(form, tree.left), self.expand(form, tree.right)
        if left is None or right is None or tree.sign in ("!=", "<", ">"):
            return None
        difference = _combine(left, right, -1) if tree.sign == ">=" else _combine(right, left, -1)
        constant = difference.pop(CONSTANT, Fraction(0))
        scale = _common_denominator([*difference.values(), constant])
        weights = {cell: int(weight * scale) for cell, weight in difference.items() if weight}
        return Constraint(weights, int(constant * scale), tree.sign == "=", hard)

    def expand(self, form: str, tree: Expression) -> dict[str, Fraction] | None:
        """Weights by entered cell (and CONSTANT); None when a quotient or a form outside the set is in it."""
        match tree:
            case Number(number):
                return {CONSTANT: number}
            case Reference(code):
                return self._cell(
                    code if code.split(".")[0] in self.forms or code.count(".") == 2 else f"{form}.{code}"
                )
            case Sum(parts):
                total: dict[str, Fraction] | None = {}
                for part in parts:
                    expanded = self.expand(form, part)
                    total = None if total is None or expanded is None else _combine(total, expanded, 1)
                return total
            case Difference(left, right):
                first, second = self.expand(form, left), self.expand(form, right)
                return None if first is None or second is None else _combine(first, second, -1)
            case Quotient():
                return None
        return None

    def _cell(self, code: str) -> dict[str, Fraction] | None:
        if code not in self._known:
            form_code, _, cell = code.partition(".")
            form = self.forms.get(form_code)
            if form is None:
                self._known[code] = None
            elif cell in form.formulas:
                self._known[code] = self.expand(form_code, form.formulas[cell])
            else:
                self._known[code] = {code: Fraction(1)}
        return self._known[code]


def _combine(left: Mapping[str, Fraction], right: Mapping[str, Fraction], sign: int) -> dict[str, Fraction]:
    total = dict(left)
    for cell, weight in right.items():
        total[cell] = total.get(cell, Fraction(0)) + sign * weight
    return total


def _common_denominator(numbers: Iterable[Fraction]) -> int:
    return lcm(*(number.denominator for number in numbers))
