"""Fill an empty database with invented filings of a whole country or of one province, to measure speed on.

  haidang simulate --areas province --cycles 20              one province with all its districts and communes
  haidang simulate --areas province --province 24 --cycles 8 another one
  haidang simulate --areas country --cycles 20 --json        63 provinces, districts and 10,035 communes before
                                                             2025-07-01, 34 provinces and 3,321 communes since

Areas and agencies are those of the register; all figures are invented. Rows are written in bulk, in the shape that the
actions write them in, without edits of drafts and with one audit entry. It refuses a database that holds anything.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import asdict

from haidang.cli import UsageError
from haidang.cli.django_setup import count_rows, start_django
from haidang.kernel.numbers import format_number

# B5 is most of what a commune files: over 20 quarters of the whole country its facts outgrow 24 GiB of memory.
FORMS = {"country": "B1,B2,B3,B4", "province": "B1,B2,B3,B4,B5"}


def register(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--areas", choices=["country", "province"], required=True, help="how much to simulate")
    parser.add_argument("--province", metavar="CODE", default="38", help="which province (default: 38)")
    parser.add_argument("--cycles", metavar="N", type=int, default=20, help="past quarters, 1 to 80 (default: 20)")
    parser.add_argument("--forms", metavar="CODES", help="forms asked (default: B1,B2,B3,B4; for one province also B5)")
    parser.add_argument("--seed", type=int, default=138, help="another seed gives other figures")
    parser.add_argument("--json", action="store_true", help="print what was made as JSON")


def run(args: argparse.Namespace) -> int:
    """Simulate and say what was made."""
    start_django(migrate=True)
    from haidang.agencies.register import UnknownArea
    from haidang.demo.build import AlreadyThere
    from haidang.demo.simulate import simulate

    started = time.monotonic()

    def tell(line: str) -> None:
        print(f"[{time.monotonic() - started:5.1f} s] {line}", file=sys.stderr, flush=True)

    try:
        made = simulate(
            args.cycles,
            tell,
            province=args.province if args.areas == "province" else None,
            forms=tuple(dict.fromkeys(code.strip() for code in (args.forms or FORMS[args.areas]).split(","))),
            seed=args.seed,
        )
    except (AlreadyThere, UnknownArea, ValueError) as problem:
        raise UsageError(str(problem)) from problem
    count_rows()
    seconds = round(time.monotonic() - started, 1)
    if args.json:
        print(json.dumps({**asdict(made), "seconds": seconds}, ensure_ascii=False, indent=2, default=str))
    else:
        print(
            f"{format_number(made.obligations)} nghĩa vụ báo cáo, {format_number(made.versions)} lần gửi, "
            f"{format_number(made.facts)} số liệu gốc giả định trong {format_number(seconds)} giây\n"
            f"{made.cycles} kỳ, hạn nộp từ {made.first_due:%d/%m/%Y} đến {made.last_due:%d/%m/%Y}; "
            f"cấp xã: {format_number(made.communes_first)} địa bàn ở kỳ đầu, "
            f"{format_number(made.communes_last)} ở kỳ cuối\n"
            f"Tài khoản, mật khẩu chung {made.password}: {', '.join(made.accounts)}"
        )
    return 0
