"""Compute figures from accepted filings: by year, in total, against a baseline, with coverage and sources.

  haidang figures --indicator cases_initiated --from 2021-02-09 --to 2025-06-15
  haidang figures --cell B1.core.c2 --cell B1.core.c14 --by agency --area S1
  haidang figures --indicator cases_initiated --baseline 2016-01-01 2020-12-31 --json
  haidang figures --cell B2.core.c3 --versions first --sources

Without --indicator and --cell: every indicator. Without --from and --to: the window of the newest review plan, or
this year. Dates are written 2025-06-15 or 15/6/2025. A blank is never a zero: it prints as "…" (not reported),
"k.t.c.n" (không thuộc chức năng) or "c.c.s.l" (chưa có số liệu).
"""

from __future__ import annotations

import argparse
import json
from datetime import date
from typing import TYPE_CHECKING, Any

from haidang.cli import UsageError
from haidang.cli.django_setup import require_tables, start_django
from haidang.kernel.cells import CellState
from haidang.kernel.dates import parse_date, window_text
from haidang.kernel.numbers import format_change, format_number
from haidang.kernel.windows import Window, validity_covers

if TYPE_CHECKING:
    from haidang.agencies.models import Area
    from haidang.statistics.figures import Figure, Slice, Source
    from haidang.statistics.selection import Versions

WORDS = {
    CellState.BLANK: "…",
    CellState.NOT_APPLICABLE: "k.t.c.n",
    CellState.NOT_AVAILABLE: "c.c.s.l",
}
MOST_CODES = 500


def register(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--indicator", action="append", default=[], metavar="CODE", help="an indicator; may be repeated"
    )
    parser.add_argument("--cell", action="append", default=[], metavar="B1.core.c2", help="a cell; may be repeated")
    parser.add_argument("--from", dest="start", metavar="DATE", help="first day of the window")
    parser.add_argument("--to", dest="end", metavar="DATE", help="last day of the window")
    parser.add_argument("--area", metavar="CODE", help="only agencies of this area and below it")
    parser.add_argument("--by", choices=["year", "area", "agency"], default="year", help="one figure for each")
    parser.add_argument("--baseline", nargs=2, metavar=("FROM", "TO"), help="compare with this period")
    parser.add_argument(
        "--versions", default="latest", metavar="latest|first|DATE", help="which accepted version of each filing speaks"
    )
    parser.add_argument("--sources", action="store_true", help="list the versions that each figure came from")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")


def run(args: argparse.Namespace) -> int:
    """Answer, as a table or as JSON."""
    start_django()
    require_tables()
    from haidang.accounts.actors import SYSTEM
    from haidang.statistics.measures import UnknownMeasure
    from haidang.statistics.queries import figures, lineage

    _require_cycles()
    window = _window(args.start, args.end)
    baseline = _between(*args.baseline) if args.baseline else None
    area = _area(args.area, window.end) if args.area else None
    versions = _versions(args.versions)
    codes = _codes(args)
    try:
        found = figures(SYSTEM, codes, window, area, by=args.by, baseline=baseline, versions=versions)
        sources = {code: lineage(SYSTEM, code, window, area, versions=versions) for code in codes if args.sources}
    except UnknownMeasure as error:
        raise UsageError(str(error)) from error
    if args.json:
        print(json.dumps([_as_json(figure, sources) for figure in found], ensure_ascii=False, indent=2))
    else:
        _print(found, sources)
    return 0


def _require_cycles() -> None:
    from haidang.filings.models import Obligation

    if not Obligation.objects.exists():
        raise UsageError(
            "Chưa có kỳ báo cáo nào trong cơ sở dữ liệu. Chấp nhận một kế hoạch rồi mở kỳ, "
            "hoặc chạy “haidang demo” để dựng dữ liệu giả định."
        )


def _codes(args: argparse.Namespace) -> list[str]:
    from haidang.catalogue.indicators import all_indicators

    codes = [*args.indicator, *args.cell] or [spec.code for spec in all_indicators()]
    if len(codes) > MOST_CODES:
        raise UsageError(f"Hỏi {len(codes)} chỉ số một lần là quá nhiều; mỗi lần nhiều nhất {MOST_CODES}.")
    return codes


def _window(start: str | None, end: str | None) -> Window:
    if start and end:
        return _between(start, end)
    if start or end:
        raise UsageError("Khoảng số liệu cần cả ngày đầu và ngày cuối: ghi đủ --from và --to.")
    from haidang.kernel import clock
    from haidang.plans.models import Plan

    dated = Plan.objects.filter(is_review=True, data_from__isnull=False, data_to__isnull=False)
    plan = dated.filter(review__isnull=False).first() or dated.first()
    if plan and plan.data_from and plan.data_to:
        return Window(plan.data_from, plan.data_to)
    return Window(date(clock.today().year, 1, 1), date(clock.today().year, 12, 31))


def _between(start: str, end: str) -> Window:
    first, last = _date(start), _date(end)
    if last < first:
        raise UsageError(f"Khoảng số liệu kết thúc ({end}) trước khi bắt đầu ({start}). Đổi lại hai ngày.")
    return Window(first, last)


def _date(text: str) -> date:
    try:
        return parse_date(text)
    except ValueError as error:
        raise UsageError(str(error)) from error


def _versions(text: str) -> Versions:
    match text:
        case "latest" | "first":
            return text
        case _:
            return _date(text)


def _area(code: str, on: date) -> Area:
    """The area with this code that was in force on the day, or else the last one that had it."""
    from haidang.agencies.models import Area

    rows = list(Area.objects.filter(code=code).order_by("valid_from"))
    if not rows:
        raise UsageError(f"Không có địa bàn nào mang mã {code}. Xem danh sách: haidang areas --on {on.isoformat()}.")
    return next((row for row in rows if validity_covers(row.valid_from, row.valid_to, on)), rows[-1])


# as JSON


def _as_json(figure: Figure, sources: dict[str, list[Source]]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "code": figure.code,
        "name": figure.measure.name,
        "unit": figure.measure.unit,
        "group": {"kind": figure.group.kind, "key": figure.group.key, "name": figure.group.name},
        "window": _window_json(figure.window),
        **_slice_json(figure.total),
        "slices": [{"label": piece.label, **_slice_json(piece)} for piece in figure.slices],
        "notes": list(figure.notes),
    }
    if figure.baseline and figure.comparison:
        told["baseline"] = _slice_json(figure.baseline)
        told["comparison"] = {
            "difference": figure.comparison.difference,
            "percent": figure.comparison.percent,
            "text": figure.comparison.text,
            "note": figure.comparison.note,
        }
    if figure.code in sources:
        told["sources"] = [_source_json(source) for source in sources[figure.code]]
    return told


def _window_json(window: Window) -> dict[str, str]:
    return {"from": window.start.isoformat(), "to": window.end.isoformat()}


def _slice_json(piece: Slice) -> dict[str, Any]:
    coverage = piece.coverage
    return {
        "value": piece.value,
        "state": str(piece.state),
        "covers": _window_json(piece.window),
        "coverage": {"received": coverage.received, "expected": coverage.expected, "waived": coverage.waived},
        "partial": piece.partial,
        "provisional": piece.provisional,
        "version_ids": list(piece.version_ids),
    }


def _source_json(source: Source) -> dict[str, Any]:
    return {
        "version_id": source.version_id,
        "version_number": source.version_number,
        "agency": source.agency,
        "cycle": source.cycle,
        "window": _window_json(source.window),
        "value": source.value,
        "state": str(source.state),
        "accepted_at": source.accepted_at.isoformat(),
        "reason": source.reason,
        "document_number": source.document_number,
    }


# as a table


def _print(found: list[Figure], sources: dict[str, list[Source]]) -> None:
    for window in {figure.window for figure in found}:
        print(f"Số liệu {window_text(window)}. Nhận đủ: số báo cáo đã tiếp nhận / phải có.")
    for figure in found:
        group = "" if figure.group.kind == "all" else f" - {figure.group.name}"
        print(f"\n{figure.code}: {figure.measure.name}{group} ({figure.measure.unit})")
        for piece in (*figure.slices, figure.total):
            star = "*" if piece.partial and piece is not figure.total else ""
            print(f"  {piece.label + star:<12} {_value(piece):>14}   nhận đủ {piece.coverage}")
        _print_comparison(figure)
        for note in figure.notes:
            print(f"  - {note}")
        for source in sources.get(figure.code, ()):
            _print_source(source)


def _print_comparison(figure: Figure) -> None:
    if figure.baseline and figure.comparison:
        difference = figure.comparison.difference
        change = "" if difference is None else f"{format_change(difference)}; "
        print(f"  {'so với':<12} {_value(figure.baseline):>14}   {change}{figure.comparison.text}")
        if figure.comparison.note:
            print(f"  - {figure.comparison.note}")


def _print_source(source: Source) -> None:
    value = WORDS[source.state] if source.value is None else format_number(source.value)
    correction = f", đính chính theo {source.document_number}: {source.reason}" if source.reason else ""
    print(f"    {value:>10}  {source.agency}, {source.cycle}, lần gửi {source.version_number}{correction}")


def _value(piece: Slice) -> str:
    return WORDS[piece.state] if piece.value is None else format_number(piece.value)
