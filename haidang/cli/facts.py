"""Derive the facts (Parquet) from the accepted filings.

  haidang facts rebuild            write them anew; the same filings give the same bytes
  haidang facts rebuild --json     the same, told as JSON

Figures are right without it: what is newer than the facts on disk is read from the database. It makes them fast.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from haidang.cli.django_setup import require_tables, start_django
from haidang.kernel.numbers import format_number


def register(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("what", choices=["rebuild"], help="what to do with the facts")
    parser.add_argument("--json", action="store_true", help="print what was written as JSON")


def run(args: argparse.Namespace) -> int:
    """Rebuild and say what was written."""
    start_django()
    require_tables()
    from haidang.accounts.actors import SYSTEM
    from haidang.statistics.actions import rebuild_facts

    rebuilt = rebuild_facts(SYSTEM)
    if args.json:
        print(json.dumps(asdict(rebuilt), ensure_ascii=False, indent=2))
    else:
        print(
            f"Đã dựng lại {format_number(rebuilt.facts)} số liệu gốc từ {format_number(rebuilt.versions)} lần tiếp nhận"
            f"\n{rebuilt.folder}\nSHA-256 {rebuilt.sha256}"
        )
    return 0
