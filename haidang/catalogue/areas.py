"""Reading specs/areas: areas, their lineage and the instruments. Knows no database."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

from haidang.agencies.records import AreaEdge, AreaRecord
from haidang.catalogue.locations import SPECS
from haidang.catalogue.specfiles import SpecError
from haidang.kernel.dates import short_date

AREAS = SPECS / "areas"
_LEVELS = ("province", "district", "commune")


@cache
def read_areas(folder: Path = AREAS) -> tuple[AreaRecord, ...]:
    """Every area ever recorded, in the order of the file: provinces, districts, communes. SpecError when wrong."""
    named = read_instruments(folder)
    return tuple(_area(folder / "areas.csv", line, row, named) for line, row in _rows(folder / "areas.csv", 9))


@cache
def read_lineage(folder: Path = AREAS) -> tuple[AreaEdge, ...]:
    """Every edge from an area to the one it went into. SpecError when the file is wrong."""
    path = folder / "lineage.csv"
    named = read_instruments(folder)
    return tuple(
        AreaEdge(old, new, kind, extent == "whole", named.get(instrument, instrument), _day(path, line, on) or date.min)
        for line, (old, new, kind, extent, instrument, on) in _rows(path, 6)
    )


@cache
def read_instruments(folder: Path = AREAS) -> dict[str, str]:
    """Number of a legal instrument to its name as cited: "Nghị quyết 202/2025/QH15 ngày 12/6/2025"."""
    path = folder / "instruments.csv"
    return {row[0]: _cited(row[0], row[1], _day(path, line, row[2])) for line, row in _rows(path, 7)}


def _area(path: Path, line: int, row: list[str], named: dict[str, str]) -> AreaRecord:
    code, name, kind, level, first, last, parent, established, abolished = row
    if level not in _LEVELS:
        raise SpecError(path, f"dòng {line}", f"cấp “{level}” không được nhận; chỉ nhận {', '.join(_LEVELS)}")
    start, end = _day(path, line, first), _day(path, line, last)
    if start and end and start > end:
        raise SpecError(path, f"dòng {line}", "ngày hết hiệu lực trước ngày có hiệu lực")
    by, ended = named.get(established, established), named.get(abolished, abolished)
    return AreaRecord(code, name, kind, level, start, end, parent, by, ended)


def _rows(path: Path, columns: int) -> Iterator[tuple[int, list[str]]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            next(reader, None)
            for row in reader:
                if len(row) != columns:
                    raise SpecError(path, f"dòng {reader.line_num}", f"phải có {columns} cột, đang có {len(row)}")
                yield reader.line_num, row
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SpecError(path, "", f"không đọc được tệp ({error})") from error


@cache
def _parsed(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _day(path: Path, line: int, text: str) -> date | None:
    try:
        return _parsed(text)
    except ValueError:
        raise SpecError(path, f"dòng {line}", f"“{text}” không phải ngày dạng 2025-07-01") from None


def _cited(number: str, form: str, issued_on: date | None) -> str:
    return f"{form} {number} ngày {short_date(issued_on)}" if issued_on else f"{form} {number}"
