"""Reading specs/calendars: the days that are not worked. Knows no database."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from haidang.catalogue.locations import SPECS
from haidang.catalogue.specfiles import SpecError, read_spec
from haidang.kernel.workdays import DecidedYear, HolidayRule, WorkCalendar

HOLIDAYS = SPECS / "calendars" / "holidays.toml"
_COMMON_YEAR = 2025  # without 29/02


@cache
def work_calendar(path: Path = HOLIDAYS) -> WorkCalendar:
    """The days that are worked, from the specs. SpecError when the file is wrong, or two tables decide one year."""
    document = read_spec(path, "holidays")
    rules = [HolidayRule(lunar=lunar, **row) for key, lunar in (("fixed", False), ("lunar", True))
             for row in document[key]]  # fmt: skip
    decided: dict[int, DecidedYear] = {}
    for at, row in enumerate(document["year"]):
        if row["year"] in decided:
            raise SpecError(path, f"year[{at}]", f"năm {row['year']} đã có bảng ở trên; gộp hai bảng làm một")
        decided[row["year"]] = _decided(path, at, row)
    _try_out(path, rules)
    return WorkCalendar(tuple(rules), decided)


def _decided(path: Path, at: int, row: dict[str, Any]) -> DecidedYear:
    off, work = (frozenset(row.get(key, ())) for key in ("off", "work"))
    for day in sorted(off | work):
        if day.year != row["year"]:
            raise SpecError(path, f"year[{at}]", f"ngày {day} không thuộc năm {row['year']}")
        if (day.weekday() < 5) != (day in off) or (day in off and day in work):
            raise SpecError(
                path, f"year[{at}]", f"ngày {day}: off là ngày trong tuần được nghỉ, work là cuối tuần làm bù"
            )
    return DecidedYear(off, work, row["source"], row["verified"])


def _try_out(path: Path, rules: list[HolidayRule]) -> None:
    """A rule for a day that no calendar has is found now, not on the day that it is asked for."""
    for rule in rules:
        try:
            rule.dates(_COMMON_YEAR)
        except ValueError as problem:
            raise SpecError(path, "lunar" if rule.lunar else "fixed", f"“{rule.name}” không có trong lịch") from problem
