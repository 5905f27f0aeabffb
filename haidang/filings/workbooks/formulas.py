"""The formulas of a form as a spreadsheet computes them: a cell without a number is never taken as zero.

A part is written as two texts, when it has a number and which; the form's own rule says so for each kind of part
(`catalogue.formulas`). Neither text repeats the other, so that a long chain of terms stays a long text and does not
double with each term.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from haidang.catalogue.formulas import Difference, Expression, Number, Quotient, Reference, Sum
from haidang.office.workbook import cell_address
from haidang.office.workbook_package import split_address

# What spreadsheet programs take in one formula, and in one call.
_LONGEST, _MOST_ARGUMENTS = 8_000, 250
NO_RESULT = '""'


def spreadsheet_formula(tree: Expression, addresses: Mapping[str, str], *, percent: bool = False) -> str:
    """The formula without "="; "" is its result where the form gives none. `percent`: 0.926 is shown as 92.6.

    A formula that no spreadsheet would take gives no result: the total is then seen on screen only.
    """
    written = _written(tree, addresses)
    value = f"100*({written.value})" if percent else written.value
    formula = f"IF({written.there},{value},{NO_RESULT})" if written.there else value
    return formula if len(formula) <= _LONGEST else NO_RESULT


@dataclass(frozen=True, slots=True)
class _Written:
    """`value` may be asked only where `there` holds; "" there: always. `cell`: the part is one cell."""

    there: str
    value: str
    cell: bool = False

    @property
    def or_zero(self) -> str:
        """The value, or 0 where there is none: what is added to or taken from a number."""
        if self.cell:
            return f"N({self.value})"
        return f"IF({self.there},{self.value},0)" if self.there else f"({self.value})"


def _written(tree: Expression, addresses: Mapping[str, str]) -> _Written:
    match tree:
        case Number(value):
            return _Written("", _constant(value))
        case Reference(code):
            return _Written(f"ISNUMBER({addresses[code]})", addresses[code], cell=True)
        case Sum(parts):
            return _sum([_written(part, addresses) for part in parts])
        case Difference(left, right):
            return _difference(_written(left, addresses), _written(right, addresses))
        case Quotient(numerator, denominator):
            return _quotient(_written(numerator, addresses), _written(denominator, addresses))


def _sum(parts: list[_Written]) -> _Written:
    """The numbers among the parts, added up; none when there is not one."""
    cells = _calls([part.value for part in parts if part.cell])
    others = [part for part in parts if not part.cell]
    value = "+".join([*(f"SUM({call})" for call in cells), *(part.or_zero for part in others)])
    if any(not part.there for part in others):
        return _Written("", value)
    there = [*(f"COUNT({call})>0" for call in cells), *(part.there for part in others)]
    return _Written(there[0] if len(there) == 1 else f"OR({','.join(there)})", value)


def _difference(left: _Written, right: _Written) -> _Written:
    """Needs its first side only."""
    return _Written(left.there, f"{left.value}-{right.or_zero}")


def _quotient(numerator: _Written, denominator: _Written) -> _Written:
    """Needs both sides, and no zero below."""
    there = [side.there for side in (numerator, denominator) if side.there]
    divides = f"({denominator.value})<>0"
    both = f"AND({','.join(there)})" if len(there) > 1 else "".join(there)
    # A spreadsheet works out every argument of AND: what may be asked only of a number waits inside IF.
    return _Written(f"IF({both},{divides},FALSE)" if both else divides, f"({numerator.value})/({denominator.value})")


def _calls(addresses: list[str]) -> list[str]:
    """The arguments of as few calls as take these cells; neighbours are written as a range."""
    ranges = [_range(run) for run in _runs(addresses)]
    return [",".join(ranges[at : at + _MOST_ARGUMENTS]) for at in range(0, len(ranges), _MOST_ARGUMENTS)]


def _range(run: list[tuple[int, int]]) -> str:
    first, last = cell_address(*run[0]), cell_address(*run[-1])
    return first if len(run) == 1 else f"{first}:{last}"


def _runs(addresses: Iterable[str]) -> list[list[tuple[int, int]]]:
    """The cells in order, those that follow one another down a column or along a line together."""
    runs: list[list[tuple[int, int]]] = []
    for place in map(split_address, addresses):
        if runs and _goes_on(runs[-1], place):
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs


def _goes_on(run: list[tuple[int, int]], place: tuple[int, int]) -> bool:
    step = (place[0] - run[-1][0], place[1] - run[-1][1])
    if len(run) == 1:
        return step in ((1, 0), (0, 1))
    return step == (run[1][0] - run[0][0], run[1][1] - run[0][1])


def _constant(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else repr(float(value))
