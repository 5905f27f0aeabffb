"""The console command `haidang`: one module a command, imported only when it is the one called."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

# Each module has `register(parser)` (arguments, help) and `run(args) -> int` (exit status).
COMMANDS: dict[str, tuple[str, str]] = {
    "read": ("haidang.cli.read", "read an issued plan into targets, tasks and duties"),
    "calendar": ("haidang.cli.calendar", "list the reporting dates of a plan, from its file alone"),
    "areas": ("haidang.cli.areas", "list the areas in force on a date"),
    "agencies": ("haidang.cli.agencies", "list the agencies of an area in force on a date"),
    "filings": ("haidang.cli.filings", "take in filled workbooks, many at once"),
    "figures": ("haidang.cli.figures", "compute figures from accepted filings"),
    "facts": ("haidang.cli.facts", "rebuild the facts from the filings"),
    "review": ("haidang.cli.review", "build the closing report"),
    "remind": ("haidang.cli.remind", "send the daily reminders by e-mail"),
    "register": ("haidang.cli.register", "load the areas and agencies of provinces into the database"),
    "accounts": ("haidang.cli.accounts", "make and look after accounts"),
    "audit": ("haidang.cli.audit", "check that the audit trail is whole"),
    "demo": ("haidang.cli.demo", "build the invented province, from plans to closing report"),
    "simulate": ("haidang.cli.simulate", "fill an empty database with invented filings, to measure speed on"),
    "serve": ("haidang.cli.serve", "migrate and serve on this machine"),
}


class UsageError(Exception):
    """Bad input from the person at the keyboard; its text is one clear sentence, exit status 2."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status (2 for bad input, with one sentence on stderr)."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(
        prog="haidang",
        description="Hải Đăng: from an issued plan to the closing report.",
        epilog="'haidang COMMAND --help' teaches each command. Commands that print data take --json.",
    )
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    called = next((word for word in arguments if not word.startswith("-")), None)
    for name, (module_name, summary) in COMMANDS.items():
        command = subparsers.add_parser(name, help=summary, formatter_class=argparse.RawDescriptionHelpFormatter)
        if name == called:
            module = importlib.import_module(module_name)
            command.description = module.__doc__
            module.register(command)
            command.set_defaults(run=module.run)
    args = parser.parse_args(arguments)
    try:
        status = int(args.run(args))
        sys.stdout.flush()
    except UsageError as error:
        print(error, file=sys.stderr)
        return 2
    except BrokenPipeError:  # `haidang areas … | head`: the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status
