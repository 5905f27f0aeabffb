"""Formulas as spreadsheets take them: blanks are not zero, and no form makes one too long."""

from __future__ import annotations

import pytest

from haidang.catalogue.formulas import parse_formula
from haidang.filings.workbooks.formulas import NO_RESULT, spreadsheet_formula
from haidang.office.workbook import cell_address

PLACES = {f"c{number}": cell_address(6, 1 + number) for number in range(1, 1000)}


@pytest.mark.parametrize(
    ("formula", "written"),
    [
        ("c1", 'IF(ISNUMBER(C7),C7,"")'),
        ("12.5", "12.5"),
        ("sum(c1, c2, c3)", 'IF(COUNT(C7:E7)>0,SUM(C7:E7),"")'),
        ("sum(c1, c2, c4, c4)", 'IF(COUNT(C7:D7,F7,F7)>0,SUM(C7:D7,F7,F7),"")'),
        ("c1 - c2", 'IF(ISNUMBER(C7),C7-N(D7),"")'),
        ("c1 - c2 - c3", 'IF(ISNUMBER(C7),C7-N(D7)-N(E7),"")'),
        ("c1 + c2 - c3", 'IF(COUNT(C7:D7)>0,SUM(C7:D7)-N(E7),"")'),
        ("c1 - (c2 + c3)", 'IF(ISNUMBER(C7),C7-IF(COUNT(D7:E7)>0,SUM(D7:E7),0),"")'),
        ("c1 - (c2 + 5)", 'IF(ISNUMBER(C7),C7-(SUM(D7)+(5)),"")'),
        ("c1 / c2", 'IF(IF(AND(ISNUMBER(C7),ISNUMBER(D7)),(D7)<>0,FALSE),(C7)/(D7),"")'),
        ("c1 / 4", 'IF(IF(ISNUMBER(C7),(4)<>0,FALSE),(C7)/(4),"")'),
        (
            "(c1 - c2) + c3",
            'IF(OR(COUNT(E7)>0,ISNUMBER(C7)),SUM(E7)+IF(ISNUMBER(C7),C7-N(D7),0),"")',
        ),
    ],
)
def test_a_formula_is_written_so_that_a_blank_is_never_zero(formula: str, written: str) -> None:
    assert spreadsheet_formula(parse_formula(formula), PLACES) == written


def test_a_share_is_shown_as_a_percentage() -> None:
    written = spreadsheet_formula(parse_formula("c1 / c2"), PLACES, percent=True)
    assert written == 'IF(IF(AND(ISNUMBER(C7),ISNUMBER(D7)),(D7)<>0,FALSE),100*((C7)/(D7)),"")'


def test_a_long_chain_grows_by_one_term_a_term() -> None:
    chain = " - ".join(f"c{number}" for number in range(1, 41))
    assert len(spreadsheet_formula(parse_formula(chain), PLACES)) < 400


def test_a_sum_of_more_cells_than_one_call_takes_is_several_calls() -> None:
    apart = ", ".join(f"c{number}" for number in range(1, 601, 2))
    written = spreadsheet_formula(parse_formula(f"sum({apart})"), PLACES)
    calls = [call.partition(")")[0].count(",") + 1 for call in written.split("SUM(")[1:]]
    assert calls == [250, 50]


def test_a_formula_that_no_spreadsheet_takes_has_no_result_there() -> None:
    nested = "c1"
    for number in range(2, 12):
        nested = f"(c{number} / (c{number + 20} - {nested}))"
    assert spreadsheet_formula(parse_formula(nested), PLACES) == NO_RESULT
