"""The formulas of the workbook, worked out by LibreOffice, give what the forms compute."""

from __future__ import annotations

import io
import random
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from haidang.catalogue.forms import all_forms, form, load_form
from haidang.catalogue.formspec import FormSpec
from haidang.filings import content
from haidang.filings.actions import save_cells
from haidang.filings.models import Filing, Obligation
from haidang.filings.workbooks.changes import preview_workbook
from haidang.filings.workbooks.workbook import place_of, sheet_of, typed_place_of, workbook_bytes
from haidang.kernel import clock
from haidang.office.workbook import STATE_WORDS, cell_places
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
    return saved_as("xlsx:Calc MS Excel 2007 XML", workbook, "in.xlsx", folder)


def saved_as(kind: str, workbook: bytes, name: str, folder: Path) -> bytes:
    """The file of this name as LibreOffice saves it in another kind."""
    (folder / name).write_bytes(workbook)
    command = ["soffice", f"-env:UserInstallation=file://{folder / 'profile'}", "--headless", "--convert-to", kind]
    command += ["--outdir", str(folder / "out"), str(folder / name)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (folder / "out" / f"{Path(name).stem}.{kind.partition(':')[0]}").read_bytes()


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
        f"{one.code}.{cell}": chance.choice(values)
        for one in forms
        for cell in one.input_cells
        if not one.cells[cell][1].is_text
    }


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed here")
def test_libreoffice_works_out_what_the_forms_compute(cast: Any, tmp_path: Path) -> None:
    """The eight forms and one of another shape, in one workbook."""
    forms = (*all_forms(), invented_form(tmp_path))
    entered = {code: value for code, value in invented_cells(forms).items() if value is not None}
    filing = Filing(obligation=Obligation(cycle=cast.cycle(), agency=cast.police), cells=entered)
    workbook = write_workbook(
        [sheet_of(one, filing) for one in forms], token="dấu", instructions=["Thử"], made_at=clock.now()
    )
    opened = open_workbook(recalculated(workbook, tmp_path))
    compared = {one.code: compared_cells(opened, one, entered) for one in forms}
    assert compared["Z1"] > 150
    assert sum(compared.values()) > 450


def compared_cells(opened: OpenedWorkbook, spec: FormSpec, entered: dict[str, Any]) -> int:
    """How many worked-out numbers of the form are the same in the workbook; the others must be blank in both."""
    rows, compared = opened.rows_of(spec.code), 0
    places = cell_places(tuple(row.code for row in spec.rows), tuple(column.code for column in spec.columns))
    computed = content.with_computed((spec,), entered)
    for cell in spec.formulas:
        down, across = places[cell]
        worked_out, expected = rows[down][across], computed.get(f"{spec.code}.{cell}")
        if isinstance(expected, int | float):
            assert worked_out == pytest.approx(expected, abs=1e-6), (spec.code, cell)
            compared += 1
        else:
            assert worked_out == "", (spec.code, cell, expected)
    return compared


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed here")
def test_what_libreoffice_saves_is_what_was_typed(cast: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By way of .ods and back: numbers, reasons, blanks, words on several lines, totals of the own paper."""
    openpyxl = pytest.importorskip("openpyxl")
    forms = (form("B1"), replace(invented_form(tmp_path), typed_totals=True), form("B7"))
    monkeypatch.setattr(content, "forms_for", lambda obligation: forms)
    filing = cast.filing(cast.cycle(forms=("B1",)), cast.police)
    entered = {code: value for code, value in invented_cells(forms).items() if value is not None}
    words = {
        "Z1.r0.c60": "Tờ rơi:\n- 500 tờ;\n- hai pa nô",
        "Z1.r1.c60": "=1+1",
        "Z1.r2.c60": "0912",
        "Z1.r3.c60": "_x0041_",
    }
    save_cells(cast.son, filing, entered | words, 0, typed={"Z1.t.c1": 12, "Z1.r0.c53": 1.5})
    filing.refresh_from_db()
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(filing)))
    typed = {"Z1.r0.c1": 77, "Z1.r1.c1": "na", "Z1.r2.c1": None, "Z1.r3.c60": "Chữ mới"}
    for code, value in typed.items():
        sheet, address = place_of(forms[1], code.removeprefix("Z1."))
        book[sheet][address] = STATE_WORDS.get(value, value)
    book["Z1 trên giấy"][typed_place_of(forms[1], "t.c1")[1]] = 13
    buffer = io.BytesIO()
    book.save(buffer)
    saved = saved_as("xlsx", saved_as("ods", buffer.getvalue(), "filled.xlsx", tmp_path), "filled.ods", tmp_path)
    preview = preview_workbook(cast.son, filing, saved)
    assert preview.problems == []
    assert preview.payload == {
        **{code: value for code, value in typed.items() if entered.get(code) != value},
        "Z1.t.c1": 13,
    }
