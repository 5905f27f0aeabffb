"""The closed grammar of formulas: what it reads, what it refuses, and how cells without numbers behave."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.catalogue.formulas import (
    FormulaError,
    Value,
    evaluate,
    parse_check,
    parse_formula,
    references,
)
from haidang.kernel.cells import BLANK, NOT_APPLICABLE, NOT_AVAILABLE, Cell, CellState

STATES = st.sampled_from([BLANK, NOT_APPLICABLE, NOT_AVAILABLE])
NUMBERS = st.integers(0, 10**9).map(Cell.of)


def value(text: str, **cells: Cell | int) -> Value:
    held = {code: cell if isinstance(cell, Cell) else Cell.of(cell) for code, cell in cells.items()}
    return evaluate(parse_formula(text), lambda code: held.get(code, BLANK))


def test_a_total_adds_and_takes_away_from_left_to_right():
    found = value("c1 + c2 + c7 + c8 - c9", c1=4, c2=10, c7=1, c8=2, c9=3)
    assert (found.number, found.present, found.expected) == (14, 5, 5)


def test_a_sum_lists_its_cells():
    assert value("sum(d150, d151)", d150=2, d151=5).number == 7


def test_parentheses_bind_first():
    assert value("c1 - (c2 - c3)", c1=10, c2=4, c3=3).number == 9


def test_a_blank_is_not_zero_but_missing():
    found = value("sum(a, b, c)", a=2, b=BLANK, c=3)
    assert found.number == 5
    assert (found.present, found.expected, found.complete) == (2, 3, False)


def test_a_cell_that_does_not_apply_is_not_missed():
    found = value("sum(a, b)", a=2, b=NOT_APPLICABLE)
    assert (found.number, found.complete) == (2, True)


@pytest.mark.parametrize(
    ("cells", "state"),
    [
        ((BLANK, BLANK), CellState.BLANK),
        ((NOT_APPLICABLE, NOT_APPLICABLE), CellState.NOT_APPLICABLE),
        ((NOT_AVAILABLE, NOT_APPLICABLE), CellState.NOT_AVAILABLE),
        ((BLANK, NOT_AVAILABLE), CellState.BLANK),
    ],
)
def test_a_sum_without_numbers_has_none(cells, state):
    found = value("a + b", a=cells[0], b=cells[1])
    assert (found.state, found.number) == (state, None)


def test_nothing_is_taken_away_from_what_was_not_entered():
    assert value("a - b", b=3).state is CellState.BLANK


def test_a_division_by_zero_is_not_available():
    assert value("a / b", a=3, b=0).state is CellState.NOT_AVAILABLE


def test_a_ratio_needs_both_of_its_sides():
    assert value("a / b", a=3).state is CellState.BLANK
    assert value("a / b", a=1, b=3).number == Fraction(1, 3)


def test_amounts_add_exactly():
    assert value("a + b", a=Cell.of(0.1), b=Cell.of(0.2)).number == Fraction("0.3")


def test_references_come_in_order_and_once():
    assert references(parse_check("c16 + c2 <= c15 + c2")) == ("c16", "c2", "c15")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "c1 +",
        "c1 c2",
        "(c1",
        "c1)",
        "c1 * c2",
        "sum()",
        "sum(1)",
        "sum(c1 + c2)",
        "c1 <= c2",
        "__import__('os')",
        "a.b.c.d",
        "c1 / c2 / c3",
        "(" * 30 + "c1" + ")" * 30,
        "c1 + " * 1000 + "c1",
    ],
)
def test_what_is_outside_the_grammar_is_refused(text):
    with pytest.raises(FormulaError):
        parse_formula(text)


@pytest.mark.parametrize("text", ["c1", "c1 = c2 = c3", "= c1", "c1 == c2"])
def test_a_check_is_exactly_one_comparison(text):
    with pytest.raises(FormulaError):
        parse_check(text)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_and_never_runs(text):
    try:
        tree = parse_formula(text)
    except FormulaError:
        return
    evaluate(tree, lambda _code: Cell.of(1))


@given(st.lists(NUMBERS | STATES, min_size=1, max_size=8), st.randoms())
def test_a_sum_does_not_depend_on_order_or_grouping(cells, random):
    codes = [f"x{index}" for index in range(len(cells))]
    held = dict(zip(codes, cells, strict=True))
    listed = evaluate(parse_formula(f"sum({', '.join(codes)})"), held.__getitem__)
    shuffled = random.sample(codes, len(codes))
    nested = shuffled[0]
    for code in shuffled[1:]:
        nested = f"{code} + {nested}" if random.random() < 0.5 else f"{nested} + {code}"
    assert evaluate(parse_formula(nested), held.__getitem__) == listed


@given(st.lists(NUMBERS | STATES, min_size=1, max_size=8))
def test_coverage_counts_the_numbers_and_what_could_be_one(cells):
    held = {f"x{index}": cell for index, cell in enumerate(cells)}
    found = evaluate(parse_formula(f"sum({', '.join(held)})"), held.__getitem__)
    assert found.present == sum(cell.state is CellState.NUMBER for cell in cells)
    assert found.expected == sum(cell.state is not CellState.NOT_APPLICABLE for cell in cells)
    assert (found.number is None) == (found.present == 0)
