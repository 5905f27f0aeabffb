"""Build the closing report of a plan as a Word document in the official layout.

The window of the data is the plan's own (for the programme 2021-2025: 09/02/2021 to 15/6/2025) and is compared with
2016-2020. Only accepted filings count; sections nobody wrote for are marked as such. The figures printed are kept in
the database with the filings they came from.

  haidang review build --out bao-cao.docx
  haidang review build --out bao-cao.docx --plan 12/KH-UBND --json
  haidang review build --out bao-cao.docx --number 45 --dated 27/6/2025 --signer "Nguyễn Văn Mẫu"
"""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path
from typing import Any

from haidang.cli import UsageError
from haidang.cli.django_setup import require_tables, start_django
from haidang.kernel.dates import parse_date


def register(parser: argparse.ArgumentParser) -> None:
    """The arguments of `haidang review`."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    build = actions.add_parser("build", help="write the report to a .docx file")
    build.add_argument("--out", metavar="FILE", required=True, type=Path, help="the .docx to write")
    build.add_argument(
        "--plan", metavar="NUMBER", help="number of the plan (default: the closing plan with most accepted filings)"
    )
    build.add_argument("--number", type=int, metavar="N", help="number of the report (default: left open)")
    build.add_argument("--dated", metavar="DAY", help="its day of issue, 30/6/2025 or 2025-06-30 (default: left open)")
    build.add_argument("--signer", default="", metavar="NAME", help="who signs it (default: left open)")
    build.add_argument("--json", action="store_true", help="print what was built as JSON")


def run(args: argparse.Namespace) -> int:
    """Build the report; the system itself acts, as for every command on the server."""
    out: Path = args.out
    if out.suffix.lower() != ".docx":
        raise UsageError(f"Tệp ra phải có đuôi .docx, không phải “{out.name}”.")
    if not out.resolve().parent.is_dir():
        raise UsageError(f"Không có thư mục {out.resolve().parent}. Tạo thư mục trước hoặc chọn nơi khác.")
    dated = _day(args.dated)
    start_django()
    require_tables()
    told = _build(_plan(args.plan), out, dated, args)
    print(json.dumps(told, ensure_ascii=False) if args.json else _in_words(told))
    return 0


def _day(typed: str | None) -> date | None:
    try:
        return parse_date(typed) if typed is not None else None
    except ValueError as error:
        raise UsageError(str(error)) from None


def _plan(number: str | None) -> Any:
    from django.db.models import Count, Q

    from haidang.plans.models import Plan, PlanState

    plans = Plan.objects.filter(state=PlanState.ACCEPTED).select_related("area")
    if number is not None:
        found = plans.filter(number=number).order_by("-id").first()
        if found is None:
            known = ", ".join(plans.exclude(number="").values_list("number", flat=True)[:10]) or "chưa có"
            raise UsageError(f"Không có kế hoạch đã chấp nhận mang số {number}. Các kế hoạch đã có: {known}.")
        return found
    # Of several closing plans, the one that most agencies have answered.
    answered = Count("cycles__obligations__filing", filter=Q(cycles__obligations__filing__state="accepted"))
    closing = plans.filter(is_review=True).alias(answered=answered)
    found = closing.order_by("-answered", "-issued_on", "-id").first()
    if found is None:
        raise UsageError(
            "Chưa có kế hoạch tổng kết nào được chấp nhận. "
            "Nạp và chấp nhận kế hoạch tổng kết, hoặc chạy “haidang demo”."
        )
    return found


def _build(plan: Any, out: Path, dated: date | None, args: argparse.Namespace) -> dict[str, Any]:
    from haidang.accounts.actors import SYSTEM, Refused
    from haidang.reviews.actions import build_review, open_review, prepare
    from haidang.reviews.content import Issue
    from haidang.reviews.queries import progress_of

    try:
        review = open_review(SYSTEM, plan)
        prepared = prepare(SYSTEM, review, Issue(args.number, dated, args.signer))
        build = build_review(SYSTEM, review, out, prepared)
    except Refused as refusal:
        raise UsageError(str(refusal)) from refusal
    except OSError as error:
        raise UsageError(f"Không ghi được {out}: {error.strerror}.") from error
    document = prepared.document
    progress = progress_of(document)
    return {
        "file": build.file_path,
        "sha256": build.sha256,
        "plan": plan.number,
        "window_from": review.window_from.isoformat(),
        "window_to": review.window_to.isoformat(),
        "baseline_from": review.baseline_from.isoformat() if review.baseline_from else None,
        "baseline_to": review.baseline_to.isoformat() if review.baseline_to else None,
        "fictional": document.head.fictional,
        "tables": len(document.tables),
        "charts": len(document.charts),
        "sections": {"ready": progress.ready, "figures": progress.figures_only, "empty": progress.empty},
        "filings": len(build.version_ids),
    }


def _in_words(told: dict[str, Any]) -> str:
    sections = told["sections"]
    lines = [
        f"Đã ghi {told['file']}",
        f"Số liệu từ {told['window_from']} đến {told['window_to']}, lấy từ {told['filings']} bản báo cáo đã tiếp nhận; "
        f"{told['tables']} bảng, {told['charts']} biểu đồ.",
        f"Mục có nội dung: {sections['ready']}; chỉ có số liệu: {sections['figures']}; "
        f"chưa có nội dung: {sections['empty']}.",
    ]
    return "\n".join([*lines, "Số liệu giả định."] if told["fictional"] else lines)
