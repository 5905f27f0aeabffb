"""Send the daily reminders by e-mail: one digest a person with what their agencies still have to send.

  haidang remind --dry-run         say who would get what; sends and keeps nothing
  haidang remind                   send today's digests; a second run on the same day sends none again
  haidang remind --json            the same, told as JSON

Run it once a day from the system's timer. HAIDANG_EMAIL says where e-mails go (docs/operations.md).
Exit status 1 when the mail server refused some of them: those are tried again by the next run.
"""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import redirect_stdout
from typing import TYPE_CHECKING, Any

from haidang.cli import UsageError
from haidang.cli.django_setup import require_tables, start_django

if TYPE_CHECKING:
    from haidang.filings.actions.reminders import DigestRun

MOST_AHEAD = 366
MOST_NAMED = 20  # people in one line


def register(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--dry-run", action="store_true", help="show the e-mails, send and keep nothing")
    parser.add_argument("--ahead", type=int, default=14, metavar="DAYS", help="days before the due date (14)")
    parser.add_argument("--json", action="store_true", help="print what was done as JSON")


def run(args: argparse.Namespace) -> int:
    """Send and say what was sent."""
    if not 0 <= args.ahead <= MOST_AHEAD:
        raise UsageError(f"--ahead phải từ 0 đến {MOST_AHEAD} ngày.")
    start_django()
    require_tables()
    from haidang.accounts.actors import SYSTEM
    from haidang.filings.actions.reminders import send_digests

    # The console back end writes e-mails to the standard output, which is kept for what this command says.
    with redirect_stdout(sys.stderr):
        done = send_digests(SYSTEM, ahead=args.ahead, dry_run=args.dry_run)
    print(json.dumps(_document(done, args.dry_run), ensure_ascii=False, indent=2) if args.json else _words(done, args))
    return 1 if done.failed else 0


def _document(done: DigestRun, dry_run: bool) -> dict[str, Any]:
    return {
        "day": done.day.isoformat(),
        "dry_run": dry_run,
        "sent": [
            {
                "person": one.person.username,
                "subject": one.message.subject,
                "obligations": [row.obligation.pk for row in one.rows],
            }
            for one in done.sent
        ],
        "already": done.already,
        "without_address": done.without_address,
        "failed": [{"person": name, "problem": problem} for name, problem in done.failed],
    }


def _words(done: DigestRun, args: argparse.Namespace) -> str:
    verb = "Sẽ gửi" if args.dry_run else "Đã gửi"
    lines = [f"{verb} {len(done.sent)} bản tin."]
    if args.dry_run:
        lines += [f"\n{one.person.username}: {one.message.subject}\n{one.message.body}" for one in done.sent]
    if done.already:
        lines.append(f"Hôm nay đã gửi trước đó: {len(done.already)} người.")
    if done.without_address:
        lines.append(f"Chưa có địa chỉ thư, không gửi được: {', '.join(done.without_address[:MOST_NAMED])}.")
        if len(done.without_address) > MOST_NAMED:
            lines.append(f"... và {len(done.without_address) - MOST_NAMED} người khác.")
    names_of: dict[str, list[str]] = {}
    for name, problem in done.failed:
        names_of.setdefault(problem, []).append(name)
    for problem, names in names_of.items():
        more = f" và {len(names) - MOST_NAMED} người khác" if len(names) > MOST_NAMED else ""
        lines.append(f"Không gửi được cho {', '.join(names[:MOST_NAMED])}{more}: {problem}")
    return "\n".join(lines)
