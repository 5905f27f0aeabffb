"""Hand over what agencies that are gone by a day still owe to those that took over from them.

  haidang filings hand-over --on 01/7/2025 --dry-run    say what would be handed over
  haidang filings hand-over --on 01/7/2025              hand it over; a second run does nothing more
  haidang filings hand-over --on 01/7/2025 --members    and give their people the same roles there

Where several agencies took over from one, nothing is done: the obligation is listed, and a person decides on its page.
Exit status 1 when such obligations are left. Without --on: today.
"""

from __future__ import annotations

import argparse
import json
from typing import Any

from haidang.cli import UsageError
from haidang.cli.django_setup import require_tables, start_django
from haidang.kernel import clock
from haidang.kernel.dates import parse_date, short_date
from haidang.kernel.numbers import format_number

MOST_SHOWN = 20


def register(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--on", metavar="DATE", help="the day on which agencies are gone (today)")
    parser.add_argument("--dry-run", action="store_true", help="say what would be handed over, change nothing")
    parser.add_argument("--members", action="store_true", help="move the roles of their people as well")
    parser.add_argument("--json", action="store_true", help="print what was done as JSON")


def run(args: argparse.Namespace) -> int:
    """Hand over and say what was handed over."""
    try:
        on = parse_date(args.on) if args.on else clock.today()
    except ValueError as problem:
        raise UsageError(f"--on: {problem}") from problem
    start_django()
    require_tables()
    from django.db import transaction

    from haidang.accounts.actors import SYSTEM
    from haidang.agencies.moving import Moved, members_left_behind, move_members
    from haidang.filings.actions.handing import hand_over_all, undecided_words

    with transaction.atomic():
        done = hand_over_all(SYSTEM, on, dry_run=args.dry_run)
        people = Moved(on)
        if args.members:
            people = (members_left_behind if args.dry_run else move_members)(SYSTEM, on)
    left = undecided_words(done.undecided)
    left += [f"{row.user} ({row.agency.name}, {row.get_role_display()})" for row, _ in people.undecided]
    handed = [(row.agency.name, row.cycle.label, heir.name) for row, heir in done.handed]
    if args.json:
        told: dict[str, Any] = {
            "day": on.isoformat(),
            "dry_run": args.dry_run,
            "handed_over": [{"from": old, "cycle": cycle, "to": heir} for old, cycle, heir in handed],
            "roles": [{"person": row.user.username, "role": row.role, "to": to.name} for row, to in people.moved],
            "undecided": left,
        }
        print(json.dumps(told, ensure_ascii=False, indent=2))
        return 1 if left else 0
    verb = "Sẽ bàn giao" if args.dry_run else "Đã bàn giao"
    print(f"{verb} {format_number(len(handed))} nghĩa vụ của cơ quan không còn hoạt động ngày {short_date(on)}.")
    for old, cycle, heir in handed[:MOST_SHOWN]:
        print(f"  {old}, {cycle} -> {heir}")
    _more(len(handed))
    if args.members:
        print(f"{'Sẽ chuyển' if args.dry_run else 'Đã chuyển'} {format_number(len(people.moved))} vai trò.")
    if left:
        print(f"Còn {format_number(len(left))} mục chờ người chọn cơ quan nhận:")
        print("\n".join(f"  {words}" for words in left[:MOST_SHOWN]))
        _more(len(left))
    return 1 if left else 0


def _more(count: int) -> None:
    if count > MOST_SHOWN:
        print(f"  còn {format_number(count - MOST_SHOWN)} nữa; --json liệt kê đủ")
