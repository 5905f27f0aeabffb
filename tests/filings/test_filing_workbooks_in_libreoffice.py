"""The formulas of the workbook, worked out by LibreOffice, give what the forms compute."""

from __future__ import annotations

import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from haidang.catalogue.forms import all_forms, load_form
from haidang.catalogue.formspec import FormSpec
from haidang.filings import content
from haidang.filings.models import Filing, Obligation
from haidang.filings.workbooks import sheet_of
from haidang.kernel import clock
from haidang.office.workbook import cell_places
from haidang.office.workbook_reading import OpenedWorkbook, open_workbook
from haidang.office.workbook_writing import write_workbook

ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode"><value>0</value></prop>
</item>
</oor:items>"""


def recalculated(workbook: bytes, folder: Path) -> bytes:
    """The workbook as LibreOffice saves it after working out every formula."""
    profile = folder / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(ALWAYS_RECALCULATE)
    (folder / "in.xlsx").write_bytes(workbook)
    command = ["soffice", f"-env:UserInstallation=file://{folder / 'profile'}", "--headless"]
    command += ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "out"), str(folder / "in.xlsx")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (folder / "out" / "in.xlsx").read_bytes()


HEAD = """
code = "Z1"
version = 1
valid_from = 2021-01-01
title = "Biểu thử"
mark = "biểu thử"
unit = "vụ"
functions = [{ function = "police", levels = ["province"] }]
"""
WORKED_OUT = {
    "c52": ("count", " - ".join(f"c{at}" for at in range(1, 31))),
    "c53": ("amount", f"sum({', '.join(f'c{at}' for at in range(1, 52, 2))})"),
    "c54": ("percent", "c1 / (c2 + c3)"),
    "c55": ("average", "(c53 - c1) / (c2 - c3)"),
    "c56": ("amount", "(c1 - c2) + c3 + 0.5"),
    "c57": ("amount", "c4 - (c5 - (c6 + c7))"),
}


def invented_form(folder: Path) -> FormSpec:
    """A form of another shape: 58 columns under groups, thirty terms taken away, shares of sums, a column of words."""
    columns = [
        f'{{ code = "c{at}", name = "Cột {at}", group = "Nhóm {at // 8}", type = "count", flow = "flow_in" }}'
        for at in range(1, 52)
    ]
    columns += [
        f'{{ code = "{code}", name = "Cột {code}", type = "{kind}", flow = "none", formula = "{formula}" }}'
        for code, (kind, formula) in WORKED_OUT.items()
    ]
    columns.append('{ code = "c60", name = "Ghi chú", type = "text", flow = "none" }')
    rows = [f'{{ code = "r{at}", name = "Dòng {at}", group = "g" }}' for at in range(40)]
    every_other = ", ".join(f"r{at}" for at in range(0, 40, 2))
    rows.append(f'{{ code = "t", name = "Tổng", group = "g", formula = "sum({every_other})" }}')
    path = folder / "z1.toml"
    path.write_text(f"{HEAD}rows = [{', '.join(rows)}]\ncolumns = [{', '.join(columns)}]\n", encoding="utf-8")
    return load_form(path)


def invented_cells(forms: tuple[FormSpec, ...]) -> dict[str, Any]:
    """Numbers, both reasons for none, and blanks, in every entry cell; the same at each run."""
    chance = random.Random(138)
    values = [0, 1, 2, 3, 5, 8, 13, 120, "na", "nd", None]
    return {
        f"{form.code}.{cell}": chance.choice(values)
        for form in forms
        for cell in form.input_cells
        if not form.cells[cell][1].is_text
    }


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed here")
def test_libreoffice_works_out_what_the_forms_compute(cast: Any, tmp_path: Path) -> None:
    """The eight forms and one of another shape, in one workbook."""
    forms = (*all_forms(), invented_form(tmp_path))
    entered = {code: value for code, value in invented_cells(forms).items() if value is not None}
    filing = Filing(obligation=Obligation(cycle=cast.cycle(), agency=cast.police), cells=entered)
    workbook = write_workbook(
        [sheet_of(form, filing) for form in forms], token="dấu", instructions=["Thử"], made_at=clock.now()
    )
    opened = open_workbook(recalculated(workbook, tmp_path))
    compared = {form.code: compared_cells(opened, form, entered) for form in forms}
    assert compared["Z1"] > 150
    assert sum(compared.values()) > 450


def compared_cells(opened: OpenedWorkbook, form: FormSpec, entered: dict[str, Any]) -> int:
    """How many worked-out numbers of the form are the same in the workbook; the others must be blank in both."""
    rows, compared = opened.rows_of(form.code), 0
    places = cell_places(tuple(row.code for row in form.rows), tuple(column.code for column in form.columns))
    computed = content.with_computed((form,), entered)
    for cell in form.formulas:
        down, across = places[cell]
        worked_out, expected = rows[down][across], computed.get(f"{form.code}.{cell}")
        if isinstance(expected, int | float):
            assert worked_out == pytest.approx(expected, abs=1e-6), (form.code, cell)
            compared += 1
        else:
            assert worked_out == "", (form.code, cell, expected)
    return compared
