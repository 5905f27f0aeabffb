"""List the areas (provinces, districts, communes) in force on a date, from the specs, without a database.

Codes change meaning: 24 is Bắc Giang until 2025-06-30 and Bắc Ninh from 2025-07-01, so a date always goes with a code.
valid_from and valid_to are whole days, both included; null means open. Districts ended on 2025-06-30.

  haidang areas --on 2025-06-30 --level province
  haidang areas --on 30/6/2025 --parent 24
  haidang areas --on 2025-07-01 --json
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date

from haidang.agencies.records import AreaRecord
from haidang.catalogue.areas import read_areas
from haidang.catalogue.specfiles import SpecError
from haidang.cli import UsageError
from haidang.kernel import clock
from haidang.kernel.dates import parse_date, short_date

LEVEL_NAMES = {"province": "cấp tỉnh", "district": "cấp huyện", "commune": "cấp xã"}
# The lists of districts and communes are those of the last day before the reform; provinces are right from here on.
RECORDS_BEGIN = date(2008, 8, 1)


def register(parser: argparse.ArgumentParser) -> None:
    """The arguments of `haidang areas`."""
    parser.add_argument("--on", metavar="DATE", help="the day, as 2025-06-30 or 30/6/2025 (default: today)")
    parser.add_argument("--level", choices=list(LEVEL_NAMES), help="only this level")
    parser.add_argument("--parent", metavar="CODE", help="only the areas directly under the one with this code")
    parser.add_argument("--json", action="store_true", help="print a JSON list")


def run(args: argparse.Namespace) -> int:
    """Print the areas in force."""
    on = day_asked(args.on)
    try:
        areas = [area for area in read_areas() if area.in_force(on)]
    except SpecError as error:
        raise UsageError(str(error)) from error
    if args.parent is not None:
        areas = _under(areas, args.parent, on)
    if args.level:
        areas = [area for area in areas if area.level == args.level]
    if on < RECORDS_BEGIN:
        print(
            f"Danh mục chỉ đúng từ ngày {short_date(RECORDS_BEGIN)}; trước đó tên và số đơn vị khác.", file=sys.stderr
        )
    print(json.dumps([as_json(area) for area in areas], ensure_ascii=False) if args.json else _table(areas, on))
    return 0


def day_asked(text: str | None) -> date:
    """The day of --on, today when it is left out; UsageError when it is no date."""
    if text is None:
        return clock.today()
    try:
        return parse_date(text)
    except ValueError as error:
        raise UsageError(f"Ngày ở --on không dùng được: {error}") from error


def as_json(area: AreaRecord) -> dict[str, str | None]:
    """One area as the JSON list has it; `parent` is the code of the area above, null for a province."""
    return {
        "code": area.code,
        "name": area.name,
        "kind": area.kind,
        "level": area.level,
        "valid_from": area.valid_from.isoformat() if area.valid_from else None,
        "valid_to": area.valid_to.isoformat() if area.valid_to else None,
        "parent": area.parent_code or None,
        "established_by": area.established_by or None,
        "abolished_by": area.abolished_by or None,
    }


def _under(areas: list[AreaRecord], code: str, on: date) -> list[AreaRecord]:
    if all(area.code != code for area in areas):
        raise UsageError(f"Ngày {short_date(on)} không có địa bàn mang mã “{code}”. Bỏ --parent để xem các mã.")
    return [area for area in areas if area.parent_code == code]


def _table(areas: list[AreaRecord], on: date) -> str:
    lines = [f"{area.code:<6} {area.parent_code:<5} {area.name:<36} {_validity(area)}".rstrip() for area in areas]
    counts = (f"{sum(area.level == level for area in areas)} {name}" for level, name in LEVEL_NAMES.items())
    return "\n".join(["mã     trên  tên", *lines, f"Ngày {short_date(on)}: {', '.join(counts)}."])


def _validity(area: AreaRecord) -> str:
    start = f"từ {short_date(area.valid_from)} " if area.valid_from else ""
    return start + (f"đến {short_date(area.valid_to)}" if area.valid_to else "")
