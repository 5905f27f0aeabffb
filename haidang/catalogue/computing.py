"""Working out a filled form. Each form is made ready once: where every number is there, a formula is a sum of integers.

What a formula or a check means is said in `haidang.catalogue.formulas`. Here the same is done in bulk; whatever is not
plain (a reason in place of a number, a division by zero, a number out of bounds) is left to that module's `evaluate`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from haidang.catalogue.bounds import Linear, difference_of, excluded, linear, span, sums_in
from haidang.catalogue.formspec import BoundCheck, ColumnSpec, FormSpec
from haidang.catalogue.formulas import (
    MOST_NUMBER,
    Difference,
    Document,
    Expression,
    Number,
    Quotient,
    Reference,
    Sum,
    Value,
    evaluate,
    number_cell,
    references,
)
from haidang.kernel.cells import CellState

Exact = int | Fraction
Numbers = Mapping[str, Exact]

_MILLION = 10**6  # what is computed is written with six decimal places
_SIGNS: Mapping[str, Callable[[Exact, Exact], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}


@dataclass(frozen=True, slots=True)
class Worked:
    """A filled form with every computed cell worked out.

    `document` has all cells as they are stored; `numbers` the exact number of each cell that has one and to which a
    formula, a check or the next cycle refers; `missing` are the cells that are blank or not available, and the computed
    cells that rest on one; `numberless` all without a number.
    """

    document: dict[str, Any]
    numbers: dict[str, Exact]
    missing: set[str]
    numberless: set[str]


class Step(NamedTuple):
    """One computed cell: its formula, made ready for the case that every cell it refers to has a number.

    A formula that divides at the end has the two `sides` of that ready besides. `used`: something refers to the cell.
    """

    cell: str
    column: ColumnSpec
    tree: Expression
    needed: frozenset[str]
    quick: Callable[[Numbers], Exact]
    sides: tuple[Callable[[Numbers], Exact], Callable[[Numbers], Exact]] | None
    used: bool


class ReadyCheck(NamedTuple):
    """One check at one place, made ready likewise; `difference` is left less right, where that is a sum of cells.

    `exceeding` is for a whole that the form works out on a line to fill in: the side of the parts, and the whole.
    """

    bound: BoundCheck
    needed: frozenset[str]
    left: Callable[[Numbers], Exact]
    right: Callable[[Numbers], Exact]
    compare: Callable[[Exact, Exact], bool]
    difference: Linear | None
    exceeding: tuple[tuple[Linear, Linear], ...]


@dataclass(frozen=True, slots=True)
class ReadyForm:
    """A form made ready. `inputs` are the cells to fill in, `entered` those that take numbers; `steps` are in order.

    `carried` pairs each cell that must repeat one of the cycle before with that one.
    """

    entered: frozenset[str]
    inputs: frozenset[str]
    steps: tuple[Step, ...]
    checks: tuple[ReadyCheck, ...]
    carried: tuple[tuple[str, str], ...]


@lru_cache(maxsize=64)
def ready(form: FormSpec) -> ReadyForm:
    """The form made ready; once for each."""
    checks = tuple(_ready_check(form, bound) for bound in form.bound_checks)
    carried = tuple(
        (cell, f"{row.code}.{column.carried_from}")
        for cell, (row, column) in form.cells.items()
        if column.carried_from is not None and row.formula is None
    )
    used = {code for tree in form.formulas.values() for code in references(tree)}
    used |= {code for check in checks for code in check.needed} | {code for pair in carried for code in pair}
    return ReadyForm(
        entered=frozenset(cell for cell in form.input_cells if not form.cells[cell][1].is_text),
        inputs=frozenset(form.input_cells),
        steps=tuple(_step(form, cell, tree, used=cell in used) for cell, tree in form.formulas.items()),
        checks=checks,
        carried=carried,
    )


def work_out(form: FormSpec, cells: Document) -> Worked:
    """The filled form with every computed cell worked out anew; cells that the form does not have are left out.

    A cell that holds no proper number counts as blank here: `checks.check_form` says what is wrong with it.
    """
    plan = ready(form)
    inputs = plan.inputs
    document = dict(cells) if cells.keys() <= inputs else {cell: raw for cell, raw in cells.items() if cell in inputs}
    worked = _entered(plan, document)
    numbers, missing, numberless = worked.numbers, worked.missing, worked.numberless
    for step in plan.steps:
        cell, column, _tree, needed, quick, sides, _used = step
        if missing and not missing.isdisjoint(needed):
            missing.add(cell)
        if numberless and not numberless.isdisjoint(needed):
            _work_out_slowly(worked, step)
            continue
        try:
            if sides is not None:
                _keep(worked, step, _quotient(sides[0](numbers), sides[1](numbers), column))
                continue
            number = quick(numbers)
        except ZeroDivisionError:
            _work_out_slowly(worked, step)
            continue
        if type(number) is int and column.type != "percent" and -MOST_NUMBER < number < MOST_NUMBER:
            document[cell] = numbers[cell] = number
        else:
            _keep(worked, step, _written_number(number, column))
    return worked


def plainly_broken(form: FormSpec, worked: Worked) -> Iterator[ReadyCheck]:
    """The checks that rest on nothing missing and are not plainly true: the comparison is false, or a number lacks."""
    numbers, missing, numberless = worked.numbers, worked.missing, worked.numberless
    for check in ready(form).checks:
        _bound, needed, left, right, compare, *_ = check
        if missing and not missing.isdisjoint(needed):
            continue
        if numberless and not numberless.isdisjoint(needed):
            yield check
            continue
        try:
            holds = compare(left(numbers), right(numbers))
        except ZeroDivisionError:
            holds = False
        if not holds:
            yield check


def certainly_broken(form: FormSpec, worked: Worked) -> Iterator[ReadyCheck]:
    """The checks that rest on something missing and that no entry there, from 0 on, can make true."""
    plan = ready(form)
    for check in plan.checks if worked.missing else ():
        if check.difference is None or worked.missing.isdisjoint(check.needed):
            continue
        found = span(check.difference, worked.numbers, worked.missing, plan.entered)
        if excluded(check.bound.tree.sign, found):
            yield check


def outgrown_when_blank(form: FormSpec, worked: Worked) -> Iterator[ReadyCheck]:
    """The checks in which the parts entered are more than the whole that the form works out, if blanks stay blank.

    While a form is being filled in that is no error: the whole may grow. Nor is it where a part of the whole is not
    available: then the whole says less than there is.
    """
    plan, document = ready(form), worked.document
    for check in plan.checks if worked.missing else ():
        if worked.missing.isdisjoint(check.needed):
            continue
        for parts, whole in check.exceeding:
            codes = [code for code, _ in whole.terms]
            if any(document.get(code) == CellState.NOT_AVAILABLE for code in codes):
                continue
            left = set(codes) & worked.missing
            if len(left) == len(codes) or not left:
                continue
            least = span(parts, worked.numbers, worked.missing, plan.entered).least
            shown = span(whole, worked.numbers, worked.missing - left, plan.entered).most
            if least is not None and shown is not None and least > shown:
                yield check
                break


def compute(form: FormSpec, cells: Document) -> dict[str, Any]:
    """The document with every computed cell worked out; a computed cell that came in is replaced."""
    return work_out(form, cells).document


def _entered(plan: ReadyForm, document: dict[str, Any]) -> Worked:
    """What was filled in, before anything is computed."""
    numbers: dict[str, Exact] = {
        cell: raw for cell, raw in document.items() if type(raw) is int and -MOST_NUMBER < raw < MOST_NUMBER
    }
    worked = Worked(document, numbers, set(), set())
    if len(numbers) == len(plan.inputs):
        return worked
    for code in plan.inputs - numbers.keys():
        cell = number_cell(document.get(code))
        if cell.value is not None:
            numbers[code] = exact(cell.value)
            continue
        worked.numberless.add(code)
        if cell.state is not CellState.NOT_APPLICABLE:
            worked.missing.add(code)
    return worked


def _step(form: FormSpec, cell: str, tree: Expression, *, used: bool) -> Step:
    sides = (_quick(tree.numerator), _quick(tree.denominator)) if isinstance(tree, Quotient) else None
    return Step(cell, form.cells[cell][1], tree, frozenset(references(tree)), _quick(tree), sides, used)


def _work_out_slowly(worked: Worked, step: Step) -> None:
    """Where a reason stands in place of a number, or something is divided by zero."""
    value = evaluate(step.tree, lambda code: number_cell(worked.document.get(code)))
    _keep(worked, step, _written(value, step.column))


def _keep(worked: Worked, step: Step, written: float | int | str | None) -> None:
    if written is not None:
        worked.document[step.cell] = written
    if isinstance(written, str | None) or not -MOST_NUMBER < written < MOST_NUMBER:
        worked.numberless.add(step.cell)
    elif step.used:
        worked.numbers[step.cell] = exact(written)


def _written(value: Value, column: ColumnSpec) -> float | int | str | None:
    if value.number is None:
        return None if value.state is CellState.BLANK else str(value.state)
    return _written_number(value.number, column)


def _quotient(numerator: Exact, denominator: Exact, column: ColumnSpec) -> float | int | str:
    """What is stored for a number divided by another: that it is not available, where the other is zero."""
    if denominator == 0:
        return str(CellState.NOT_AVAILABLE)
    if type(numerator) is int and type(denominator) is int:
        return _written_ratio(numerator, denominator, column)
    return _written_number(Fraction(numerator) / denominator, column)


def _written_number(number: Exact, column: ColumnSpec) -> float | int:
    """The number as it is stored: a percentage a hundredfold, whole numbers whole, others with six decimal places."""
    return _written_ratio(number.numerator, number.denominator, column)


def _written_ratio(above: int, below: int, column: ColumnSpec) -> float | int:
    if column.type == "percent":
        above *= 100
    if below < 0:
        above, below = -above, -below
    if above % below == 0:
        return above // below
    # Half to even, as `round` does, without the fractions that it makes on the way.
    whole, rest = divmod(above * _MILLION, below)
    if 2 * rest > below or (2 * rest == below and whole % 2):
        whole += 1
    return whole / _MILLION


def exact(value: float | int) -> Exact:
    """The number that is written, not the binary fraction nearest to it."""
    return value if isinstance(value, int) else Fraction(str(value))


def _ready_check(form: FormSpec, bound: BoundCheck) -> ReadyCheck:
    tree = bound.tree
    return ReadyCheck(
        bound,
        frozenset(references(tree)),
        _quick(tree.left),
        _quick(tree.right),
        _SIGNS[tree.sign],
        difference_of(sums_in(form), tree),
        tuple(_exceeding(form, bound)),
    )


def _exceeding(form: FormSpec, bound: BoundCheck) -> Iterator[tuple[Linear, Linear]]:
    """The sides of a check as parts and the computed whole that they must not exceed, on a line to fill in."""
    tree, sums = bound.tree, sums_in(form)
    if bound.row is None or form.row(bound.row).formula is not None:
        return
    for signs, part, whole in ((("=", "<="), tree.left, tree.right), (("=", ">="), tree.right, tree.left)):
        if tree.sign in signs and isinstance(whole, Reference) and form.is_computed(whole.code):
            pair = linear(sums, part), linear(sums, whole)
            if pair[0] is not None and pair[1] is not None:
                yield pair[0], pair[1]


def _quick(tree: Expression) -> Callable[[Numbers], Exact]:
    """The value of the tree where every cell it refers to has a number; ZeroDivisionError for a division by zero."""
    match tree:
        case Reference(code):
            return operator.itemgetter(code)
        case Number(value):
            constant = value.numerator if value.denominator == 1 else value
            return lambda _numbers: constant
        case Sum(parts):
            return _quick_sum(parts)
        case Difference(left, right):
            minuend, subtrahend = _quick(left), _quick(right)
            return lambda numbers: minuend(numbers) - subtrahend(numbers)
        case Quotient(numerator, denominator):
            above, below = _quick(numerator), _quick(denominator)
            return lambda numbers: Fraction(above(numbers)) / below(numbers)
    raise TypeError(tree)


def _quick_sum(parts: tuple[Expression, ...]) -> Callable[[Numbers], Exact]:
    codes = [part.code for part in parts if isinstance(part, Reference)]
    if len(codes) == len(parts) > 1:
        held = operator.itemgetter(*codes)
        return lambda numbers: sum(held(numbers))
    quick = [_quick(part) for part in parts]
    return lambda numbers: sum(part(numbers) for part in quick)
