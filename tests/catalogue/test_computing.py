"""Working out a form in bulk gives, cell for cell, what its formulas and checks say one by one."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haidang.catalogue.checks import check_filing, check_form
from haidang.catalogue.computing import certainly_broken, compute, ready, work_out
from haidang.catalogue.forms import all_forms, form
from haidang.catalogue.formulas import evaluate, holds, number_cell, references
from haidang.kernel.cells import CellState

CODES = [spec.code for spec in all_forms()]
VALUES = st.one_of(
    st.integers(0, 30),
    st.integers(-3, 10**16),
    st.floats(allow_infinity=True, allow_nan=True),
    st.decimals(0, 1000, places=3).map(float),
    st.sampled_from(["na", "nd", "12", None, True]),
)


def one_by_one(spec, cells):
    """Every formula evaluated by the grammar, in order, and written as the module says cells are stored."""
    done = {code: raw for code, raw in cells.items() if code in spec.input_cells}
    for code, tree in spec.formulas.items():
        value = evaluate(tree, lambda needed: number_cell(done.get(needed)))
        if value.number is None:
            if value.state is not CellState.BLANK:
                done[code] = str(value.state)
            continue
        number = Fraction(value.number) * (100 if spec.cells[code][1].type == "percent" else 1)
        done[code] = int(number) if number.denominator == 1 else float(round(number, 6))
    return done


@st.composite
def filled(draw):
    spec = form(draw(st.sampled_from(CODES)))
    whole = draw(st.booleans())
    cells = {code: draw(st.integers(0, 9)) for code in spec.input_cells} if whole else {}
    strange = draw(st.lists(st.tuples(st.sampled_from(list(spec.cells)), VALUES), max_size=25))
    return spec, cells | dict(strange)


@settings(deadline=None, max_examples=150)
@given(filled())
def test_the_bulk_way_and_the_slow_way_agree(given_form):
    spec, cells = given_form
    assert repr(compute(spec, cells)) == repr(one_by_one(spec, cells))


@settings(deadline=None, max_examples=150)
@given(filled())
def test_a_check_is_found_exactly_when_its_comparison_is_false_of_whole_sums(given_form):
    spec, cells = given_form
    worked = work_out(spec, cells)
    broken = set()
    for bound in spec.bound_checks:
        needed = references(bound.tree)
        sides = [
            evaluate(side, lambda code: number_cell(worked.document.get(code)))
            for side in (bound.tree.left, bound.tree.right)
        ]
        counted = worked.missing.isdisjoint(needed) and all(side.complete for side in sides)
        if counted and not holds(bound.tree.sign, sides[0].number, sides[1].number):
            broken.add((bound.spec.code, needed))
    # What is broken whatever is still entered: see test_blanks_in_checks.
    sure = [one.bound for one in certainly_broken(spec, worked)]
    broken |= {(one.spec.code, references(one.tree)) for one in sure if _has_numbers(one.tree, worked)}
    told = {(one.check, one.cells) for one in check_form(spec, cells)}
    named = {check.code for check in spec.checks}
    assert {one for one in told if one[0] in named} <= broken
    # A total line is silent where one of its parts fails alike: nothing else is.
    silent = broken - told
    assert {code for code, _ in silent} <= {code for code, _ in told}


def _has_numbers(tree, worked) -> bool:
    """Whether something is entered on both sides of a comparison: else there is nothing yet to say of it."""
    sides = [evaluate(side, lambda code: number_cell(worked.document.get(code))) for side in (tree.left, tree.right)]
    return all(side.number is not None for side in sides)


def test_a_cell_is_missing_when_it_is_blank_or_rests_on_a_blank():
    worked = work_out(form("B1"), {"d150.c3": 2, "d150.c4": "na"})
    assert "d150.c3" not in worked.missing
    assert "d150.c4" not in worked.missing
    assert {"d150.c5", "core.c5", "t.c5"} <= worked.missing
    assert worked.numbers["core.c3"] == 2


def test_numbers_are_the_decimals_that_were_written():
    spec = form("B8")
    cell, other = [code for code in spec.input_cells if spec.cells[code][1].type == "amount"][:2]
    worked = work_out(spec, {cell: 0.1, other: 0.2})
    assert worked.numbers[cell] + worked.numbers[other] == Fraction(3, 10)


def test_the_work_of_one_can_be_handed_to_the_next():
    spec = form("B1")
    cells = dict.fromkeys(spec.input_cells, 0) | {"d150.c3": 2, "d150.c11": 3, "d150.c16": 5}
    worked = work_out(spec, cells)
    assert check_form(spec, cells, worked) == check_form(spec, cells)
    assert check_filing((spec,), {"B1": cells}, worked={"B1": worked}) == check_filing((spec,), {"B1": cells})


@pytest.mark.parametrize("code", CODES)
def test_every_form_is_made_ready_once(code):
    assert ready(form(code)) is ready(form(code))
    assert len(ready(form(code)).steps) == len(form(code).formulas)
