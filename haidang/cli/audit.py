"""Check that nobody changed or removed rows of the audit trail outside the product.

  haidang audit check
  haidang audit check --json

Every row carries the hash of the row before it. Exit status 0 when the chain is whole; 1 when it is broken, and the
first row that does not fit is named.
"""

from __future__ import annotations

import argparse
import json

from haidang.cli.django_setup import require_tables, start_django
from haidang.kernel.clock import VIET_NAM
from haidang.kernel.numbers import format_number


def register(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("what", choices=["check"], help="what to do with the audit trail")
    parser.add_argument("--json", action="store_true", help="print the outcome as JSON")


def run(args: argparse.Namespace) -> int:
    """Check the whole chain."""
    start_django()
    require_tables()
    from haidang.audit.checking import check_chain

    check = check_chain()
    if args.json:
        print(json.dumps(check.as_json(), ensure_ascii=False, indent=2))
    elif check.whole:
        print(f"Nhật ký còn nguyên: {format_number(check.entries)} dòng.")
    else:
        moment = f"{check.broken_at.astimezone(VIET_NAM):%H:%M %d/%m/%Y}" if check.broken_at else ""
        row = f"dòng {check.broken_entry} ({moment}, {check.broken_action})"
        print(
            f"Nhật ký đã bị sửa ngoài phần mềm: {row} không khớp. "
            "Giữ nguyên cơ sở dữ liệu, báo người quản trị hệ thống."
        )
    return 0 if check.whole else 1
