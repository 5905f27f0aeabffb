"""Load the areas and agencies of provinces into the database, from the files in specs. Again is safe.

  haidang register load --province 24                  Bắc Giang until 30/6/2025 and Bắc Ninh after it
  haidang register load --province 24 --province 51    several
  haidang register load --province 24 --json

CODE is the code of a province at any time ("haidang areas --on DATE" lists them). What a province was made from, or
went into, comes with it, and so do its districts and communes and the central organs. Makes the database when there is
none.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from haidang.agencies.register import UnknownArea
from haidang.catalogue.agency_functions import national_register
from haidang.catalogue.specfiles import SpecError
from haidang.cli import UsageError
from haidang.cli.django_setup import start_django
from haidang.kernel.numbers import format_number


def register(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("what", choices=["load"], help="what to do with the register")
    parser.add_argument(
        "--province",
        metavar="CODE",
        action="append",
        required=True,
        dest="provinces",
        help="a province; may be repeated",
    )
    parser.add_argument("--json", action="store_true", help="print what was added or changed as JSON")


def run(args: argparse.Namespace) -> int:
    """Load, and say how many rows were added or changed."""
    start_django(migrate=True)
    from haidang.agencies.actions import load_register

    try:
        loaded = load_register(national_register(), provinces=list(dict.fromkeys(args.provinces)))
    except UnknownArea as error:
        raise UsageError(f"{error} Chạy “haidang areas --on 2025-07-01” để xem các mã.") from error
    except SpecError as error:
        raise UsageError(str(error)) from error
    if args.json:
        print(json.dumps(asdict(loaded), indent=2))
    elif loaded.areas or loaded.agencies:
        areas, agencies = format_number(loaded.areas), format_number(loaded.agencies)
        print(f"Đã nạp {areas} địa bàn, {agencies} cơ quan. Lập tài khoản: haidang accounts add --help")
    else:
        print("Danh mục đã có đủ, không có gì thay đổi.")
    return 0
