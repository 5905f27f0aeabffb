"""Reading specs/calendars/regimes.toml: how time is cut into periods of reporting. Knows no database."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from haidang.catalogue.locations import SPECS
from haidang.catalogue.specfiles import SpecError, read_spec
from haidang.kernel.calendars import Period, Regime, YearCut

REGIMES = SPECS / "calendars" / "regimes.toml"
# How a cycle's window came about where no regime of the specs cut it.
_OWN_CODES = frozenset({Regime.PLAN, Regime.REQUEST, "slices"})


@dataclass(frozen=True, slots=True)
class RegimeSpec:
    """One regime: its code (kept with every cycle), its name for a choice, its source, its year, and its periods."""

    code: str
    name: str
    source: str
    verified: bool
    cut: YearCut
    periods: tuple[Period, ...]


@cache
def regimes(path: Path = REGIMES) -> dict[str, RegimeSpec]:
    """The regimes by code, the default first. SpecError when the file is wrong, a code comes twice or is one of ours,
    or not exactly one is the default.
    """
    rows = read_spec(path, "regimes")["regime"]
    found: dict[str, RegimeSpec] = {}
    for at, row in enumerate(sorted(rows, key=lambda row: not row.get("default", False))):
        if row["code"] in found or row["code"] in _OWN_CODES:
            raise SpecError(path, f"regime[{at}]", f"mã {row['code']} đã dùng; đặt mã khác")
        found[row["code"]] = RegimeSpec(
            row["code"],
            row["name"],
            row["source"],
            row["verified"],
            YearCut(row["month"], row["day"], row.get("year_before", False)),
            tuple(period for period in Period if period in row["periods"]),
        )
    if sum(row.get("default", False) for row in rows) != 1:
        raise SpecError(path, "regime", "phải có đúng một chế độ default = true")
    return found
