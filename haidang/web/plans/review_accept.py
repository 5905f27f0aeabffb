"""Accepting a draft: its questions, the waiver for tasks without a known lead, the comparison with an older version."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from haidang.accounts.actors import Refused, require
from haidang.filings.actions.replaced_plans import move_open_cycles, open_cycles_of
from haidang.kernel.numbers import count_in
from haidang.plans import amending, policies, queries
from haidang.plans.actions import NotAccepted, accept_plan
from haidang.plans.comparing import Change
from haidang.plans.listing import concerns_of
from haidang.plans.questions import Choice, Gate, Question, gate_of
from haidang.plans.rules import KIND_WORDS, Kind
from haidang.web.plans.views import plan_or_404

if TYPE_CHECKING:
    from haidang.filings.models import Cycle
    from haidang.plans.models import Plan

MOVE, LEAVE = "chuyen", "giu"


@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask with the consequences in numbers, then accept; an answer that means something else leads there instead."""
    plan = plan_or_404(request, pk)
    if not plan.is_draft:
        return redirect("plans:plan", plan.pk)
    require(policies.may_accept(request.actor, plan))  # type: ignore[attr-defined]
    replaces = _replaced(request, plan)
    gate = gate_of(plan, replaces)
    cycles = open_cycles_of(replaces) if replaces else []
    if request.method == "GET":
        return _asked(request, plan, gate, replaces)
    for question in gate.questions:
        choice = _chosen(request, question)
        if choice and choice.leads_to:
            return redirect(_address(plan, question, choice))
    if cycles and request.POST.get("ky") not in (MOVE, LEAVE):
        return _asked(request, plan, gate, replaces, "Chọn việc làm với các kỳ báo cáo đang mở.")
    try:
        moved = _accept(request, plan, gate, replaces, cycles)
    except (NotAccepted, Refused) as problem:
        return _asked(request, plan, gate_of(plan, replaces), replaces, str(problem))
    told = f" Đã chuyển {moved} kỳ báo cáo sang bản này." if moved else " Việc kế tiếp: mở kỳ báo cáo."
    messages.success(request, f"Đã chấp nhận kế hoạch.{told}")
    return redirect("plans:plan", plan.pk)


def _accept(request: HttpRequest, plan: Plan, gate: Gate, replaces: Plan | None, cycles: Sequence[Cycle]) -> int:
    """Accept with what was answered; how many open cycles of the older version go on here. All or nothing."""
    actor = request.actor  # type: ignore[attr-defined]
    with transaction.atomic():
        accepted = accept_plan(
            actor, plan, replaces=replaces,
            answers={question.code: request.POST.get(f"cau-{question.code}", "") for question in gate.questions},
            waiver=request.POST.get("ly-do", ""),
            waived=[pk for text in request.POST.getlist("nhiem-vu") if (pk := count_in(text)) is not None],
        )  # fmt: skip
        if replaces and cycles and request.POST.get("ky") == MOVE:
            return len(move_open_cycles(actor, replaces, accepted))
    return 0


def _chosen(request: HttpRequest, question: Question) -> Choice | None:
    code = request.POST.get(f"cau-{question.code}")
    return next((choice for choice in question.choices if choice.code == code), None)


def _address(plan: Plan, question: Question, choice: Choice) -> str:
    """Where an answer that accepts nothing leads."""
    if choice.leads_to == "replace" and question.plan:
        return reverse("plans:compare", args=[plan.pk, question.plan.pk])
    return reverse("plans:discard" if choice.leads_to == "discard" else "plans:review", args=[plan.pk])


def _asked(request: HttpRequest, plan: Plan, gate: Gate, replaces: Plan | None, problem: str = "") -> HttpResponse:
    """The page with what will follow, the questions and the tasks without a known lead."""
    found = queries.items_of(plan)
    items = [item for item in found if not item.ignored]
    day = queries.as_of(plan)
    context = {
        "plan": plan,
        "counts": {kind: sum(item.kind is kind for item in items) for kind in Kind},
        "ignored": [item for item in found if item.ignored],
        "unchecked": sum(not item.settled for item in items),
        "as_of": day,
        "concerns": [one for one in concerns_of(items, plan.issued_on, day) if "chủ trì" not in one.words],
        "questions": [(question, _code(request, question)) for question in gate.questions],
        "unresolved": gate.unresolved,
        "reason": request.POST.get("ly-do", ""),
        "problem": problem,
        "replaces": replaces,
        "candidates": [] if replaces else amending.replaceable(plan),
        "cycles": open_cycles_of(replaces) if replaces else [],
        "cycles_choice": request.POST.get("ky", ""),
    }
    return render(request, "web/plans/accept.html", context, status=422 if problem else 200)


def _code(request: HttpRequest, question: Question) -> str:
    choice = _chosen(request, question)
    return choice.code if choice else ""


def _replaced(request: HttpRequest, plan: Plan) -> Plan | None:
    """The older version that the address or the form says this one replaces; 404 for one that it cannot."""
    asked = request.POST.get("thay") or request.GET.get("thay")
    if not asked:
        return None
    older = next((one for one in amending.replaceable(plan) if str(one.pk) == asked), None)
    if older is None:
        raise Http404
    return older


WORDS = {
    Change.ADDED: ("ext", "plus", "Thêm"),
    Change.CHANGED: ("late", "sync", "Sửa"),
    Change.REMOVED: ("over", "cross", "Bỏ"),
    Change.SAME: ("nil", "check", "Giữ nguyên"),
}


@require_GET
def compare(request: HttpRequest, pk: int, older_pk: int) -> HttpResponse:
    """A plan beside the older version that it replaces, or may replace: what was added, changed, taken out."""
    actor = request.actor  # type: ignore[attr-defined]
    plan, older = plan_or_404(request, pk), plan_or_404(request, older_pk)
    pairs = amending.comparison(older, plan)
    shown = [
        {"pair": pair, "kind": KIND_WORDS[Kind((pair.new or pair.old).kind)], "look": WORDS[pair.change]}  # type: ignore[union-attr]
        for change in WORDS
        for pair in pairs
        if pair.change is change
    ]
    counts = [(WORDS[change], sum(pair.change is change for pair in pairs)) for change in WORDS]
    may = plan.is_draft and bool(policies.may_replace(actor, plan, older))
    context: dict[str, Any] = {"plan": plan, "older": older, "rows": shown, "counts": counts, "may_replace": may}
    return render(request, "web/plans/compare.html", context)
