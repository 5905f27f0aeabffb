"""What of a plan the plans below take up: all of them together, or one beside it; and as a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from haidang.accounts.actors import require
from haidang.kernel import clock
from haidang.kernel.dates import short_date
from haidang.kernel.numbers import count_in
from haidang.kernel.text import slug
from haidang.office.text_tables import TextSheet, text_workbook
from haidang.plans import policies
from haidang.plans.coverage import Level, Match, Taken
from haidang.plans.coverage_report import Coverage, Line, coverage_of
from haidang.plans.family_owing import asks_of, owing_of
from haidang.plans.family_saying import say_taken_up
from haidang.plans.family_tree import kin_of
from haidang.plans.rules import Kind
from haidang.web.plans.export import XLSX, download
from haidang.web.plans.family import followed_or_404, plan_name

if TYPE_CHECKING:
    from haidang.plans.models import Plan

LOOKS = {
    Taken.YES: ("ok", "check", "Đã cụ thể hoá"),
    Taken.PERHAPS: ("late", "info", "Có thể, cần xem"),
    Taken.NO: ("over", "alert", "Chưa kế hoạch nào nêu"),
}
LEVEL_WORDS = {
    Level.LOWER: "thấp hơn chỉ tiêu của cấp trên",
    Level.HIGHER: "cao hơn chỉ tiêu của cấp trên",
    Level.SAME: "bằng chỉ tiêu của cấp trên",
    Level.UNKNOWN: "",
}
KIND_TITLES = {Kind.TARGET: "Chỉ tiêu", Kind.TASK: "Nhiệm vụ"}
VERDICTS = {"co": True, "khong": False, "bo": None}


@require_GET
def coverage_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Which targets and tasks nobody below takes up; `?con=` shows one plan below beside it, with what they share."""
    actor = request.actor  # type: ignore[attr-defined]
    plan = followed_or_404(request, pk)
    kin = kin_of(plan)
    coverage = coverage_of(actor, plan, kin)
    chosen = _chosen(coverage, request.GET.get("con", ""))
    context = {
        "plan": plan,
        "tab": "coverage",
        "below": len(kin.below(plan.pk)),
        "coverage": coverage,
        "chosen": chosen,
        "may_say": bool(chosen and policies.may_link(actor, chosen, plan)),
        "sections": [_section(coverage, kind, chosen) for kind in KIND_TITLES],
    }
    return render(request, "web/plans/coverage.html", context)


def _chosen(coverage: Coverage, pk: str) -> Plan | None:
    """The plan below that an address asks for."""
    return next((row.plan for row in coverage.children if str(row.plan.pk) == pk), None)


def _section(coverage: Coverage, kind: Kind, chosen: Plan | None) -> dict[str, Any]:
    """The targets or the tasks: what is open first is for the reader to find, so the plan's own order stays."""
    lines = coverage.of(kind)
    shown = [_line(coverage, line, chosen) for line in lines]
    return {
        "kind": kind,
        "title": KIND_TITLES[kind],
        "lines": shown,
        "counts": [
            (*LOOKS[taken], sum(line["taken"] is taken for line in shown))
            for taken in Taken
            if any(line["taken"] is taken for line in shown)
        ],
    }


def _line(coverage: Coverage, line: Line, chosen: Plan | None) -> dict[str, Any]:
    matches = line.within(chosen.pk) if chosen else [one for one in line.matches if one.taken is not Taken.NO]
    taken = Line(line.kind, line.item, tuple(matches)).taken
    state, icon, words = LOOKS[taken]
    if chosen and taken is Taken.NO:
        words = "Không nêu"
    return {
        "line": line,
        "taken": taken,
        "state": state,
        "icon": icon,
        "words": words,
        "matches": [_match(coverage, line.kind, match) for match in matches] if chosen else [],
    }


def _match(coverage: Coverage, kind: Kind, match: Match) -> dict[str, Any]:
    return {
        "match": match,
        "item": coverage.texts[kind, match.below],
        "level": LEVEL_WORDS[match.level],
        "lower": match.level is Level.LOWER,
        "share": round(100 * match.nearness),
        "said": {True: "cán bộ xác nhận", False: "cán bộ bác bỏ", None: ""}[match.said],
    }


@require_POST
def coverage_say(request: HttpRequest, pk: int) -> HttpResponse:
    """Say of a pair ("loai", "tren", "duoi") that it is ("co") or is not ("khong") taken up, or take it back ("bo")."""
    actor = request.actor  # type: ignore[attr-defined]
    plan = followed_or_404(request, pk)
    child = next((row for row in kin_of(plan).children(plan.pk) if str(row.pk) == request.POST.get("con")), None)
    kind = next((kind for kind in KIND_TITLES if kind == request.POST.get("loai")), None)
    above, below = (_number(request.POST.get(name, "")) for name in ("tren", "duoi"))
    verdict = request.POST.get("y-kien", "")
    if child is None or kind is None or verdict not in VERDICTS:
        raise Http404
    require(policies.may_link(actor, child, plan))
    try:
        say_taken_up(actor, kind, above, below, VERDICTS[verdict])
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    else:
        messages.success(request, "Đã ghi ý kiến đối chiếu.")
    return redirect(f"{request.path.removesuffix('doi-chieu/')}?con={child.pk}#{kind}-{above}")


def _number(text: str) -> int:
    """The row that a form names; 0, which no row has, for anything else."""
    return count_in(text) or 0


@require_GET
def coverage_workbook(request: HttpRequest, pk: int) -> HttpResponse:
    """The comparison and the own plans, .xlsx: each item, each plan below, each agency."""
    actor = request.actor  # type: ignore[attr-defined]
    plan = followed_or_404(request, pk)
    kin = kin_of(plan)
    coverage = coverage_of(actor, plan, kin)
    today = clock.today()
    mark = " · Số liệu giả định" if plan.fictional else ""
    remark = f"{plan_name(plan)} · Tình trạng ngày {short_date(today)}{mark}"
    owing = owing_of(plan, kin, asks_of(plan), today)
    sheets = [
        TextSheet("Đối chiếu", "Chỉ tiêu, nhiệm vụ đã được cụ thể hoá", remark, _PAIR_COLUMNS, _pairs(coverage), 2),
        TextSheet("Kế hoạch cấp dưới", "Từng kế hoạch cấp dưới", remark, _CHILD_COLUMNS, _children(coverage)),
        TextSheet(
            "Kế hoạch riêng", "Cơ quan phải ban hành kế hoạch của mình", remark, _OWING_COLUMNS,
            tuple(
                (r.agency.name, r.ask.addressee, short_date(r.last_day) if r.last_day else "không nêu", r.words)
                for r in owing.rows
            ),
        ),
    ]  # fmt: skip
    content = text_workbook(sheets, title="Đối chiếu kế hoạch", author=plan.issuer, made_on=today)
    return download(content, XLSX, f"doi-chieu-{slug(plan.number) or plan.pk}.xlsx")


_PAIR_COLUMNS = (
    ("Loại", 10), ("Nội dung của cấp trên", 60), ("Kết quả", 18), ("Kế hoạch cấp dưới", 34), ("Nội dung cấp dưới", 60),
    ("Độ gần (%)", 9), ("Từ ngữ chung", 34), ("Mức chỉ tiêu", 22), ("Ý kiến", 16),
)  # fmt: skip
_CHILD_COLUMNS = (
    ("Kế hoạch", 60),
    ("Chỉ tiêu đã nêu", 12),
    ("Nhiệm vụ đã nêu", 12),
    ("Cần xem", 10),
    ("Mức thấp hơn", 12),
)
_OWING_COLUMNS = (("Cơ quan", 46), ("Gửi về", 36), ("Ngày cuối", 12), ("Tình trạng", 40))


def _pairs(coverage: Coverage) -> tuple[tuple[str, ...], ...]:
    """A row for each item and plan below that takes it up or may; one row for an item that nobody takes up."""
    rows: list[tuple[str, ...]] = []
    names = {row.plan.pk: plan_name(row.plan) for row in coverage.children}
    for line in coverage.lines:
        kind = KIND_TITLES[line.kind]
        shown = [match for match in line.matches if match.taken is not Taken.NO or match.said is False]
        for match in shown:
            told = _match(coverage, line.kind, match)
            words = LOOKS[match.taken][2] if match.taken is not Taken.NO else "Không"
            rows.append(
                (kind, line.item.text, words, names[match.plan], told["item"].text, str(told["share"]),
                 ", ".join(match.terms), told["level"], told["said"])
            )  # fmt: skip
        if not shown:
            rows.append((kind, line.item.text, LOOKS[Taken.NO][2], "", "", "", "", "", ""))
    return tuple(rows)


def _children(coverage: Coverage) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (plan_name(row.plan), str(row.targets), str(row.tasks), str(row.perhaps), str(row.lower))
        for row in coverage.children
    )
