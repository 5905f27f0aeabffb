"""List the agencies of an area in force on a date, by function, with those that took over from them.

CODE is resolved on DATE: 24 on 2025-06-30 is Bắc Giang, on 2025-07-01 Bắc Ninh. TW stands for the central organs.
With --phrase, the agencies that a phrase of a plan means there and then ("các sở, ban, ngành, đoàn thể tỉnh").

  haidang agencies --area 24 --on 2025-02-28
  haidang agencies --area 24 --on 2025-07-01 --json
  haidang agencies --area 24 --on 2023-05-01 --phrase "UBND các huyện, thị xã, thành phố"
"""

from __future__ import annotations

import argparse
import json
from datetime import date

from haidang.agencies.expressions import resolve_expression
from haidang.agencies.records import AgencyRecord
from haidang.agencies.register import CENTRE, Register, UnknownArea
from haidang.catalogue.agency_functions import national_register
from haidang.catalogue.specfiles import SpecError
from haidang.cli import UsageError
from haidang.cli.areas import day_asked
from haidang.kernel.dates import short_date


def register(parser: argparse.ArgumentParser) -> None:
    """The arguments of `haidang agencies`."""
    parser.add_argument("--area", metavar="CODE", required=True, help="code of the area on that day; TW for the centre")
    parser.add_argument("--on", metavar="DATE", help="the day, as 2025-06-30 or 30/6/2025 (default: today)")
    parser.add_argument("--function", metavar="NAME", help="only agencies charged with this function on that day")
    parser.add_argument("--phrase", metavar="TEXT", help="what a phrase of a plan means in this area on that day")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Print the agencies."""
    on = day_asked(args.on)
    try:
        agency_register = national_register()
        area = None if args.area == CENTRE else agency_register.area(args.area, on)
        if args.phrase is not None:
            return _print_phrase(args, agency_register, on)
        agencies = agency_register.agencies_of(area, on)
    except (SpecError, UnknownArea) as error:
        raise UsageError(str(error)) from error
    if args.function:
        agencies = _charged(agencies, args.function, agency_register, on)
    if args.json:
        rows = [as_json(agency, agency_register, on) for agency in agencies]
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return 0
    where = area.name if area else "Trung ương"
    print(f"{where}, ngày {short_date(on)}: {len(agencies)} cơ quan")
    for agency in agencies:
        print(_line(agency, agency_register))
    return 0


def as_json(agency: AgencyRecord, agency_register: Register, on: date) -> dict[str, object]:
    """One agency as the JSON list has it; `functions` are those of that day, `successors` come later, by function."""
    return {
        "code": agency.code,
        "name": agency.name,
        "short_name": agency.short_name,
        "function": agency.function,
        "functions": sorted(agency_register.functions_of(agency, on)),
        "level": agency.level,
        "area": agency.area.code if agency.area else None,
        "valid_from": agency.valid_from.isoformat() if agency.valid_from else None,
        "valid_to": agency.valid_to.isoformat() if agency.valid_to else None,
        "standing": agency.standing,
        "note": "có ở một số tỉnh, không phải mọi tỉnh" if agency.varies else "",
        "successors": [
            {"function": s.function, "code": s.agency.code, "name": s.agency.name, "from": s.on.isoformat(),
             "instrument": s.instrument}
            for s in agency_register.successions(agency)
        ],
    }  # fmt: skip


def _charged(agencies: list[AgencyRecord], function: str, agency_register: Register, on: date) -> list[AgencyRecord]:
    known = agency_register.vocabulary.functions
    if function not in known:
        raise UsageError(f"Không có chức năng “{function}”. Các chức năng: {', '.join(known)}.")
    return [agency for agency in agencies if function in agency_register.functions_of(agency, on)]


def _print_phrase(args: argparse.Namespace, agency_register: Register, on: date) -> int:
    resolution = resolve_expression(args.phrase, args.area, on, agency_register)
    if args.json:
        answer = {
            "phrase": args.phrase,
            "agencies": [as_json(agency, agency_register, on) for agency in resolution.agencies],
            "matched": list(resolution.matched),
            "unmatched": list(resolution.unmatched),
            "selective": resolution.selective,
            "notes": list(resolution.notes),
        }
        print(json.dumps(answer, ensure_ascii=False, indent=1))
        return 0
    for agency in resolution.agencies:
        print(f"{agency.code:<34} {agency.name}")
    for note in resolution.notes:
        print(note)
    if resolution.unmatched:
        print(f"Chưa nhận ra: {'; '.join(resolution.unmatched)}.")
    return 0


def _line(agency: AgencyRecord, agency_register: Register) -> str:
    end = f" (đến {short_date(agency.valid_to)})" if agency.valid_to else ""
    heirs = dict.fromkeys(s.agency.name for s in agency_register.successions(agency))
    after = list(heirs)[:4] + ([f"và {len(heirs) - 4} cơ quan khác"] if len(heirs) > 4 else [])
    return f"{agency.code:<34} {agency.name}{end}" + (f" -> {'; '.join(after)}" if after else "")
