"""Filings, many at once.

  haidang filings import inbox/*.xlsx          take in filled workbooks, each whole or not at all
  haidang filings open --plan 12/KH-BCĐ --period quarter --year 2025 --number 2 --due 12/6/2025 --strict
  haidang filings open --plan 12/KH-BCĐ --regime slices --from 09/02/2021 --to 15/6/2025 --due 20/6/2025
  haidang filings hand-over --on 01/7/2025     what dissolved agencies still owe goes to those that took over

Each takes --json; `haidang filings WHAT --help` teaches it.
"""

from __future__ import annotations

import argparse
import importlib

PARTS = {
    "import": ("haidang.cli.filings_import", "take in filled workbooks"),
    "open": ("haidang.cli.filings_open", "open cycles of a plan"),
    "hand-over": ("haidang.cli.filings_hand_over", "hand over what dissolved agencies still owe"),
}


def register(parser: argparse.ArgumentParser) -> None:
    """Declare the parts of the command and their arguments."""
    parts = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    for name, (module_name, summary) in PARTS.items():
        module = importlib.import_module(module_name)
        part = parts.add_parser(
            name, help=summary, description=module.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        module.register(part)
        part.set_defaults(run_part=module.run)


def run(args: argparse.Namespace) -> int:
    """Do the part that was called."""
    return int(args.run_part(args))
