"""Open cycles of an accepted plan: by a regime of specs/calendars, for a window by years, or for a request by letter.

  haidang filings open --plan 12/KH-BCĐ --period quarter --year 2025 --number 2 --due 12/6/2025 --strict
  haidang filings open --plan 12/KH-BCĐ --regime calendar --period year --year 2025 --due 20/01/2026 --shift
  haidang filings open --plan 12/KH-BCĐ --regime slices --from 09/02/2021 --to 15/6/2025 --due 20/6/2025 --baseline
  haidang filings open --plan 12/KH-BCĐ --regime request --letter 88/CV-CAT --from 01/01/2025 --to 20/02/2025 \\
      --due 28/02/2025 --forms B1 B5 --levels province district

--step district=1 commune=3 lets lower levels owe so many working days earlier. --shift moves a last day that is not
worked to the next one that is; without it the day stays and a warning says so. --dry-run opens nothing.
"""

from __future__ import annotations

import argparse
import json
from datetime import date
from typing import TYPE_CHECKING

from haidang.cli import UsageError
from haidang.cli.django_setup import require_tables, start_django
from haidang.kernel.dates import parse_date, short_date
from haidang.kernel.numbers import count_in, format_number
from haidang.kernel.windows import Window

if TYPE_CHECKING:
    from haidang.filings.cycles.asking import Ask
    from haidang.filings.cycles.opening import Opened
    from haidang.plans.models import Plan

_PERIODS = ("month", "quarter", "half_year", "nine_months", "year")
_LEVELS = ("central", "province", "district", "commune")


def register(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--plan", required=True, metavar="NUMBER", help="number of the accepted plan, or its id")
    parser.add_argument(
        "--regime",
        default="nd09",
        metavar="CODE",
        help="what cuts the window: a code of specs/calendars/regimes.toml, or plan, slices, request",
    )
    parser.add_argument("--period", choices=_PERIODS, help="which period of the year, for a regime of the specs")
    parser.add_argument("--year", type=int, default=0)
    parser.add_argument("--number", type=int, default=1, help="which month, quarter or half-year")
    parser.add_argument("--from", dest="start", metavar="DATE", help="first day of the data, for the other regimes")
    parser.add_argument("--to", dest="end", metavar="DATE", help="last day of the data")
    parser.add_argument("--due", required=True, metavar="DATE", help="due date as the document writes it")
    parser.add_argument("--strict", action="store_true", help="'trước ngày': the day before is the last one on time")
    parser.add_argument("--shift", action="store_true", help="move a last day that is not worked to the next one")
    parser.add_argument("--step", nargs="+", default=[], metavar="LEVEL=DAYS", help="working days earlier, by level")
    parser.add_argument("--forms", nargs="+", default=[], metavar="FORM", help="codes of forms (all in force)")
    parser.add_argument("--levels", nargs="+", default=[], choices=_LEVELS, help="who is asked (all levels)")
    parser.add_argument("--letter", default="", metavar="NUMBER", help="number of the letter of a request")
    parser.add_argument("--label", default="", help="name of the cycle (from its period or window)")
    parser.add_argument("--baseline", action="store_true", help="with slices: the years 2016-2020 as well")
    parser.add_argument("--dry-run", action="store_true", help="say what would be opened, open nothing")
    parser.add_argument("--json", action="store_true", help="print what was opened as JSON")


def run(args: argparse.Namespace) -> int:
    """Open the cycles and say who owes them, until when, and what to mind."""
    start_django()
    require_tables()
    from haidang.accounts.actors import SYSTEM, Refused
    from haidang.filings.actions.handing import handing_words
    from haidang.filings.cycles.asking import specs_of
    from haidang.filings.cycles.opening import open_or_preview

    plan = _plan(args.plan)
    try:
        opened = open_or_preview(SYSTEM, plan, specs_of(_ask(args)), dry_run=args.dry_run)
    except (ValueError, Refused) as problem:
        raise UsageError(str(problem)) from problem
    if args.json:
        print(json.dumps([one.to_json() for one in opened.cycles], ensure_ascii=False, indent=2))
    else:
        print("\n".join(_line(one, args.dry_run) for one in opened.cycles))
        if words := handing_words(opened.handing, dry_run=args.dry_run):
            print(words)
    return 0


def _ask(args: argparse.Namespace) -> Ask:
    from haidang.filings.cycles.asking import Ask, kinds
    from haidang.kernel.calendars import Period

    if bool(args.start) != bool(args.end):
        raise UsageError("Ghi cả --from và --to.")
    start, end = (_day(f"--{name}", text) for name, text in (("from", args.start), ("to", args.end)))
    if start and end and end < start:
        raise UsageError("--to trước --from. Ghi lại khoảng số liệu.")
    steps = tuple(_step(text) for text in args.step)
    if len(dict(steps)) < len(steps):
        raise UsageError("--step ghi một cấp hai lần. Ghi mỗi cấp một số ngày.")
    due_on = _day("--due", args.due)
    assert due_on is not None
    if args.regime not in kinds():
        raise UsageError(f"--regime {args.regime[:40]}: không có cách cắt kỳ này. Có: {', '.join(kinds())}.")
    return Ask(
        args.regime,
        due_on,
        args.strict,
        Period(args.period) if args.period else None,
        args.year,
        args.number,
        Window(start, end) if start and end else None,
        args.label,
        args.shift,
        steps,
        tuple(args.forms),
        tuple(args.levels),
        args.letter,
        args.baseline,
    )


def _day(name: str, text: str | None) -> date | None:
    try:
        return parse_date(text) if text else None
    except ValueError as problem:
        raise UsageError(f"{name}: {problem}") from problem


def _step(text: str) -> tuple[str, int]:
    level, _, days = text.partition("=")
    count = count_in(days, digits=3)
    if level not in _LEVELS or count is None:
        raise UsageError(f"--step {text[:40]}: ghi cấp và số ngày làm việc, ví dụ commune=3.")
    return level, count


def _plan(text: str) -> Plan:
    from haidang.accounts.actors import SYSTEM
    from haidang.plans.queries import plans_visible

    named = plans_visible(SYSTEM).filter(number=text)
    if not named and (number := count_in(text)) is not None:
        named = plans_visible(SYSTEM).filter(pk=number)
    found = list(named[:5])
    if not found:
        raise UsageError(f"Không có kế hoạch số “{text[:60]}”. Xem số kế hoạch ở trang Kế hoạch.")
    if len(found) > 1:
        ids = ", ".join(f"{plan.pk} ({plan.area.name})" for plan in found)
        raise UsageError(f"Nhiều kế hoạch mang số “{text[:60]}”: {ids}. Ghi mã số của kế hoạch vào --plan.")
    return found[0]


def _line(one: Opened, dry_run: bool) -> str:
    verb = "Sẽ mở" if dry_run else "Đã mở"
    due = f"{'trước' if one.due.strict else 'chậm nhất'} {short_date(one.due.on)}"
    lines = [f"{verb} kỳ {one.spec.label}: {due}, {format_number(one.agencies)} cơ quan phải nộp."]
    return "\n".join([*lines, *(f"  Lưu ý: {words}" for words in one.warnings)])
