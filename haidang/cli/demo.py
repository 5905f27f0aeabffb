"""Build an invented province, from its plans to its closing report, to look at and to try things on.

  haidang demo                              the sample plans, into an empty database
  haidang demo --plans ../shared/plans      further plans, each into its own province
  haidang demo --again                      throw the demo away and build it anew
  haidang demo --json                       print what was made as JSON

Everything of the invented province says so ("giả định"). A second run keeps what is there, adds the plans of the
folder that are new, and prints it all. It never touches a database that it did not fill itself.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from haidang.cli import UsageError
from haidang.cli.django_setup import start_django


def register(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--plans", metavar="DIR", type=Path, help="folder of plans (default: the sample plans)")
    parser.add_argument("--again", action="store_true", help="throw an earlier demo away and build it anew")
    parser.add_argument("--json", action="store_true", help="print what was made as JSON")


def run(args: argparse.Namespace) -> int:
    """Build the demo, or say what an earlier one made."""
    told = build(args.plans, again=args.again)
    print(json.dumps(told, ensure_ascii=False, indent=2) if args.json else summary(told))
    return 0


def build(plans: Path | None, *, again: bool = False) -> dict[str, Any]:
    """Migrate, then build the demo unless it is there; what was made, as in demo.json. UsageError when it cannot be."""
    start_django(migrate=True)
    from django.conf import settings

    from haidang.demo.build import AlreadyThere, NoReview, build_demo, remembered, throw_away
    from haidang.demo.further import add_plans, new_files
    from haidang.demo.plans import SAMPLES

    folder = plans or SAMPLES
    if not folder.is_dir():
        raise UsageError(f"Không có thư mục kế hoạch {folder}. Kiểm tra đường dẫn ở --plans.")
    made = remembered(settings.VAR)
    try:
        if made and again:
            throw_away(settings.VAR)
            made = None
        if made and (files := new_files(folder, made)):
            print(f"Dữ liệu giả định đã có; nạp thêm {len(files)} kế hoạch của {folder}.", file=sys.stderr)
            return add_plans(files, made, _Progress().tell)
        if made:
            print("Dữ liệu giả định đã có; dựng lại từ đầu bằng: haidang demo --again", file=sys.stderr)
            return made
        return asdict(build_demo(folder, _Progress().tell))
    except (AlreadyThere, NoReview) as problem:
        raise UsageError(str(problem)) from problem


class _Progress:
    """Lines with the seconds since the start."""

    def __init__(self) -> None:
        self._started = time.monotonic()

    def tell(self, line: str) -> None:
        """Print one line of progress on stderr."""
        print(f"[{time.monotonic() - self._started:5.1f} s] {line}", file=sys.stderr, flush=True)


def summary(told: dict[str, Any]) -> str:
    """What the demo made, for a person."""
    states = {
        "accepted": "đã tiếp nhận", "submitted": "chờ kiểm tra", "returned": "bị trả lại", "draft": "đang nhập",
    }  # fmt: skip
    filings = ", ".join(f"{count} {states.get(state, state)}" for state, count in told["filings"].items())
    accounts = "\n".join(
        f"  {a['username']:<12} {a['name']:<18} {', '.join(a['roles'])}: {a['note']}" for a in told["accounts"]
    )
    added = "\nĐã thêm kế hoạch mẫu của tỉnh giả định để có báo cáo tổng kết." if told["added_sample_review"] else ""
    return (
        f"{told['province']}: {told['areas']} địa bàn, {told['agencies']} cơ quan, {told['cycles']} kỳ, "
        f"{told['obligations']} nghĩa vụ báo cáo\n"
        f"Kế hoạch: {'; '.join(told['plans'])}{added}\n"
        f"Báo cáo: {filings}; {told['corrected']} đã đính chính; {told['facts']} số liệu gốc; "
        f"{told.get('notes', 0)} ghi nhận tiến độ\n"
        f"Tài khoản, mật khẩu chung {told['password']}:\n{accounts}\n"
        f"Báo cáo tổng kết: {told['report']}\n{told['note']}"
    )
