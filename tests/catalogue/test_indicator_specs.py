"""Indicators and cells as measures over what agencies entered."""

from __future__ import annotations

from pathlib import Path

import pytest

from haidang.catalogue.computing import compute
from haidang.catalogue.forms import all_forms, form
from haidang.catalogue.formulas import FormulaError
from haidang.catalogue.indicators import all_indicators, indicator, indicator_measure
from haidang.catalogue.measures import cell_measure, cells_of
from haidang.catalogue.specfiles import SpecError
from haidang.engine.question import Pick

ASKED_FOR = [
    "reports_new",
    "reports_resolved",
    "reports_resolution_rate",
    "cases_initiated",
    "accused_initiated",
    "cases_prosecuted",
    "cases_tried",
    "victims_received",
    "victims_received_male",
    "victims_received_female",
    "victims_received_under_16",
    "victims_received_16_17",
    "victims_identified",
    "victims_identified_male",
    "victims_identified_female",
    "victims_identified_under_16",
    "victims_identified_16_17",
    "not_identified",
    "victims_supported",
    "supported_essential",
    "supported_medical",
    "supported_legal_aid",
    "supported_vocation",
    "supported_allowance",
    "events",
    "people_reached",
    "trainings",
    "trainees",
    "budget_spent",
    "budget_central",
    "budget_local",
    "budget_foreign_aid",
]

FILE = """
topic = "t"
title = "Thử"
[[indicators]]
code = "one"
version = 1
name = "Một"
unit = "tin"
expression = "B1.core.c2"
measure = "Đếm tin."
direction = "none"
"""


@pytest.mark.parametrize("code", ASKED_FOR)
def test_the_closing_report_has_its_indicators(code):
    spec = indicator(code)
    assert spec.measure.endswith(".")
    assert indicator_measure(spec).code == code


def test_measures_read_only_cells_that_agencies_enter():
    entered = {f"{spec.code}.{cell}" for spec in all_forms() for cell in spec.input_cells}
    for spec in all_indicators():
        assert set(cells_of(indicator_measure(spec))) <= entered, spec.code


def test_an_unknown_indicator_is_refused():
    with pytest.raises(KeyError):
        indicator("no_such")


def test_a_total_takes_its_opening_from_the_first_window():
    measure = cell_measure(form("B1"), "d150.c10")
    picks = {term.cell: (term.sign, term.pick) for term in measure.numerator}
    assert picks["B1.d150.c1"] == (1, Pick.FIRST)
    assert picks["B1.d150.c3"] == (1, Pick.ALL)
    assert picks["B1.d150.c9"] == (-1, Pick.ALL)


def test_a_closing_is_read_wholly_from_the_last_window():
    measure = cell_measure(form("B1"), "d150.c15")
    assert {term.pick for term in measure.numerator} == {Pick.LAST}
    assert {term.pick for term in cell_measure(form("B1"), "d150.c16").numerator} == {Pick.LAST}


def test_a_rate_is_a_ratio_of_sums_in_percent():
    measure = cell_measure(form("B1"), "core.c17")
    assert measure.is_ratio and measure.scale == 100
    assert cell_measure(form("B5"), "t.c32").scale == 1


def test_a_text_cell_is_no_measure():
    with pytest.raises(FormulaError):
        cell_measure(form("B8"), "plan.c14")


@pytest.mark.parametrize("code", ["B1", "B2", "B4", "B5", "B6", "B8"])
def test_a_measure_over_one_filing_gives_what_the_form_computes(code):
    spec = form(code)
    entered = {cell: 3 + index % 7 for index, cell in enumerate(spec.input_cells) if not spec.cells[cell][1].is_text}
    done = compute(spec, entered)
    for cell in (cell for cell, (_row, column) in spec.cells.items() if not column.is_text):
        measure = cell_measure(spec, cell)
        above = sum(term.sign * entered[term.cell.partition(".")[2]] for term in measure.numerator)
        below = sum(term.sign * entered[term.cell.partition(".")[2]] for term in measure.denominator)
        found = measure.scale * above / below if measure.denominator else above
        assert found == pytest.approx(done[measure.code.partition(".")[2]], abs=1e-5), measure.code


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("B1.core.c2", "B1.core.c99", "indicators[0].expression"),
        ("B1.core.c2", "B8.plan.c14", "ô chữ"),
        ("B1.core.c2", "B1.core.c2 / B1.core.c10", "indicators[0].unit"),
        ("B1.core.c2", "B1.core.c2 +", "indicators[0].expression"),
        ('direction = "none"', 'direction = "left"', "indicators[0].direction"),
        ('direction = "none"', 'direction = "none"\npart_of = "nothing"', "indicators[0].part_of"),
    ],
)
def test_a_broken_indicator_is_refused_with_its_place(tmp_path: Path, old, new, said):
    (tmp_path / "t.toml").write_text(FILE.replace(old, new), encoding="utf-8")
    with pytest.raises(SpecError) as refused:
        all_indicators(tmp_path)
    assert said in str(refused.value)


def test_a_code_is_used_once(tmp_path: Path):
    (tmp_path / "t.toml").write_text(FILE, encoding="utf-8")
    (tmp_path / "u.toml").write_text(FILE, encoding="utf-8")
    with pytest.raises(SpecError, match="đã dùng"):
        all_indicators(tmp_path)
