"""The formulas of the workbook, worked out by LibreOffice, give what the forms compute."""

from __future__ import annotations

import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from haidang.catalogue.forms import all_forms
from haidang.catalogue.formspec import FormSpec
from haidang.filings import content
from haidang.filings.models import Filing, Obligation
from haidang.filings.workbooks import sheet_of
from haidang.kernel import clock
from haidang.office.workbook import cell_places
from haidang.office.workbook_reading import open_workbook
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
    forms = all_forms()
    entered = {code: value for code, value in invented_cells(forms).items() if value is not None}
    filing = Filing(obligation=Obligation(cycle=cast.cycle(), agency=cast.police), cells=entered)
    workbook = write_workbook(
        [sheet_of(form, filing) for form in forms], token="dấu", instructions=["Thử"], made_at=clock.now()
    )
    opened = open_workbook(recalculated(workbook, tmp_path))
    compared = 0
    for form in forms:
        rows = opened.rows_of(form.code)
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
    assert compared > 300
