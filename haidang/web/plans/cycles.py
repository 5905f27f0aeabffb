"""Opening the cycles of an accepted plan: what its duties propose, and the due dates that it does not name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from haidang.accounts.actors import Actor, require
from haidang.filings.actions import open_cycles
from haidang.filings.owing import candidates_of, owed_by, same_window_elsewhere
from haidang.filings.policies import may_open_cycles
from haidang.filings.queries import cycles_of, proposed_cycles
from haidang.filings.rules import CycleSpec
from haidang.kernel.calendars import DueDate
from haidang.kernel.dates import parse_date, short_date
from haidang.plans.queries import owing_agencies
from haidang.web.plans.views import plan_or_404

if TYPE_CHECKING:
    from haidang.filings.models import Cycle
    from haidang.plans.models import Plan


def _typed(position: int, spec: CycleSpec, posted: QueryDict) -> tuple[CycleSpec, str]:
    """The proposal with the due date and strictness as typed, and what is wrong with them (or "")."""
    strict = posted.get(f"strict-{position}") == "yes"
    text = posted.get(f"due-{position}", "").strip()
    if not text:
        return replace(spec, strict=strict), "Ghi hạn nộp, hoặc bỏ chọn kỳ này."
    try:
        return replace(spec, due_on=parse_date(text), strict=strict), ""
    except ValueError as problem:
        return spec, str(problem)


def _line(position: int, spec: CycleSpec, posted: QueryDict | None) -> dict[str, Any]:
    """One proposal as the page shows it: chosen or not, its due date as typed, and its problem."""
    if posted is None:
        due = short_date(spec.due_on) if spec.due_on else ""
        return {"position": position, "spec": spec, "chosen": True, "due": due, "asked": spec.due_on is None}
    chosen = f"open-{position}" in posted
    typed, problem = _typed(position, spec, posted) if chosen else (spec, "")
    return {
        "position": position,
        "spec": typed,
        "chosen": chosen,
        "due": posted.get(f"due-{position}", ""),
        "asked": spec.due_on is None,
        "problem": problem,
    }


def _tell_consequences(plan: Plan, lines: list[dict[str, Any]]) -> None:
    """Add to each line how many agencies would owe it, and which plans already ask for the same days."""
    twins = same_window_elsewhere(plan, [line["spec"] for line in lines])
    for line in lines:
        spec = line["spec"]
        plans = sorted({cycle.plan.number or cycle.plan.heading for cycle in twins[spec.label]})
        if plans:
            line["twin_words"] = (
                f"Kỳ của đúng khoảng này đã mở theo {'; '.join(plans)}. "
                "Mở thêm thì đơn vị phải nộp hai lần; bỏ chọn nếu không cần."
            )
        if spec.due_on is not None:
            named = owing_agencies(plan, DueDate(spec.due_on, spec.strict).last_day)
            line["agencies"] = len(owed_by(spec, candidates_of(plan, named))[1])


@transaction.atomic
def open_chosen(actor: Actor, plan: Plan, specs: Sequence[CycleSpec]) -> list[Cycle]:
    """Open the cycles, all or none, each for the agencies that owe it on its last day on time."""
    made: list[Cycle] = []
    for spec in specs:
        assert spec.due_on is not None
        owing = owing_agencies(plan, DueDate(spec.due_on, spec.strict).last_day)
        made += open_cycles(actor, plan, [spec], owing)
    return made


@require_http_methods(["GET", "POST"])
def open_plan_cycles(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the proposed cycles that are not open yet; on POST open the chosen ones."""
    actor = request.actor  # type: ignore[attr-defined]
    plan = plan_or_404(request, pk)
    require(may_open_cycles(actor, plan))
    opened = cycles_of(actor, plan.pk)
    taken = {cycle.label for cycle in opened}
    proposals = [spec for spec in proposed_cycles(plan) if spec.label not in taken]
    posted = request.POST if request.method == "POST" else None
    lines = [_line(position, spec, posted) for position, spec in enumerate(proposals)]
    chosen = [line for line in lines if line["chosen"]]
    problem = "Chọn ít nhất một kỳ để mở." if posted is not None and not chosen else ""
    if posted is not None and chosen and not any(line["problem"] for line in chosen):
        made = open_chosen(actor, plan, [line["spec"] for line in chosen])
        messages.success(request, f"Đã mở {len(made)} kỳ báo cáo. Các cơ quan thấy việc của mình từ bây giờ.")
        return redirect("plans:plan", plan.pk)
    _tell_consequences(plan, lines)
    named = sorted({phrase for duty in plan.duties.all() for phrase in duty.owed_by})
    context = {"plan": plan, "lines": lines, "opened": opened, "problem": problem, "owed_by": named}
    return render(request, "web/plans/cycles.html", context, status=200 if posted is None else 422)
