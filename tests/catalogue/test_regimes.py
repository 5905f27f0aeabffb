"""Regimes as data: what the specs say, that the law's windows are those of the kernel, and an office's own regime."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from haidang.catalogue.regimes import REGIMES, regimes
from haidang.catalogue.specfiles import SpecError
from haidang.kernel.calendars import CALENDAR, ND09, Period, Regime
from haidang.kernel.windows import Window

OWN = """
[[regime]]
code = "nganh"
name = "năm của ngành"
source = "giả định"
verified = false
default = true
month = 4
day = 21
periods = ["quarter", "year"]
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "regimes.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_decree_and_the_calendar_are_as_the_law_cuts_them() -> None:
    assert (regimes()[Regime.ND09].cut, regimes()[Regime.CALENDAR].cut) == (ND09, CALENDAR)
    assert next(iter(regimes())) == Regime.ND09
    assert all(Period.ONCE not in one.periods for one in regimes().values())


def test_the_years_of_prosecution_and_courts_end_before_the_calendar_year_does() -> None:
    assert regimes()["vks"].cut.window(Period.YEAR, 2025) == Window(date(2024, 12, 1), date(2025, 11, 30))
    assert regimes()["toa-an"].cut.window(Period.YEAR, 2025) == Window(date(2024, 10, 1), date(2025, 9, 30))
    assert regimes()["toa-an"].cut.window(Period.QUARTER, 2025, 2) == Window(date(2025, 1, 1), date(2025, 3, 31))


def test_an_office_writes_a_regime_of_its_own(tmp_path: Path) -> None:
    (own,) = regimes(write(tmp_path, OWN)).values()
    assert own.periods == (Period.QUARTER, Period.YEAR)
    assert own.cut.window(Period.QUARTER, 2025, 4) == Window(date(2026, 1, 21), date(2026, 4, 20))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (OWN.replace("day = 21", "day = 31"), "day"),
        (OWN.replace("default = true\n", ""), "đúng một chế độ default"),
        (OWN + OWN, "mã nganh đã dùng"),
        (OWN.replace('"nganh"', '"slices"'), "mã slices đã dùng"),
        (OWN.replace('"quarter", "year"', '"week"'), "periods"),
        (OWN.replace("month = 4\n", ""), "month"),
    ],
)
def test_a_wrong_regime_is_named(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(SpecError, match=sentence):
        regimes(write(tmp_path, text))


def test_the_file_names_its_sources() -> None:
    assert "Điều 12" in REGIMES.read_text(encoding="utf-8")
    assert all(one.source and one.name for one in regimes().values())
    assert all("chưa xác minh" in one.name for one in regimes().values() if not one.verified)
