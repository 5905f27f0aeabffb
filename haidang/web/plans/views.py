"""Plans: the list, the import of a file, the board of one plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from haidang.accounts.actors import require
from haidang.filings.policies import may_open_cycles
from haidang.filings.queries import cycles_of
from haidang.kernel import clock
from haidang.plans import policies, queries
from haidang.plans.actions import NotImported, discard_plan, import_plan
from haidang.plans.rules import WindowState, window_words
from haidang.web.plans.forms import ImportForm
from haidang.web.plans.timeline import ICONS, STATES, WORDS, Axis, axis_of

if TYPE_CHECKING:
    from haidang.plans.models import Plan


def plan_or_404(request: HttpRequest, pk: int) -> Plan:
    """The plan as the request's actor may see it; 404 otherwise, whether or not it exists."""
    try:
        return queries.plan_for(request.actor, pk)  # type: ignore[attr-defined]
    except ObjectDoesNotExist:
        raise Http404 from None


@require_GET
def plan_list(request: HttpRequest) -> HttpResponse:
    """The plans that the actor may see: drafts first."""
    actor = request.actor  # type: ignore[attr-defined]
    plans = list(queries.plans_visible(actor))
    context = {
        "drafts": [plan for plan in plans if plan.is_draft],
        "accepted": [plan for plan in plans if not plan.is_draft],
        "may_import": queries.areas_to_import_for(actor).exists(),
    }
    return render(request, "web/plans/list.html", context)


@require_http_methods(["GET", "POST"])
def plan_import(request: HttpRequest) -> HttpResponse:
    """Choose a file; it is read, and its reading is shown beside its source."""
    actor = request.actor  # type: ignore[attr-defined]
    areas = queries.areas_to_import_for(actor)
    require(policies.may_import_somewhere(actor))
    sent = request.method == "POST"
    form = ImportForm(areas, request.POST, request.FILES) if sent else ImportForm(areas)
    problem: NotImported | None = None
    if sent and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            plan = import_plan(actor, form.area(), upload.name, upload.read())
        except NotImported as refusal:
            problem = refusal
        else:
            return redirect("plans:review", plan.pk)
    return render(request, "web/plans/import.html", {"form": form, "problem": problem}, status=422 if sent else 200)


@require_GET
def plan_board(request: HttpRequest, pk: int) -> HttpResponse:
    """A plan as accepted: targets, tasks by who leads them, duties and cycles. A draft leads to its review."""
    actor = request.actor  # type: ignore[attr-defined]
    plan = plan_or_404(request, pk)
    if plan.is_draft:
        return redirect("plans:review", plan.pk)
    return render(request, "web/plans/board.html", board_context(request, plan, bool(may_open_cycles(actor, plan))))


def board_context(request: HttpRequest, plan: Plan, may_open: bool) -> dict[str, Any]:
    """What the board shows. `?loc=qua-han` leaves only tasks whose window is past."""
    today = clock.today()
    groups = queries.tasks_by_agency(plan, today)
    only_past = request.GET.get("loc") == "qua-han"
    past = {row.task.pk for group in groups for row in group.tasks if row.state is WindowState.PAST}
    days = [row.task.window_to for group in groups for row in group.tasks if row.task.window_to]
    axis = axis_of(plan, days, today)
    shown = [_group(group, axis, only_past) for group in groups]
    return {
        "plan": plan,
        "targets": plan.targets.all(),
        "groups": [group for group in shown if group["rows"]],
        "axis": axis,
        "marks": axis.marks(),
        "past": len(past),
        "only_past": only_past,
        "duties": [(duty, queries.duty_words(duty)) for duty in plan.duties.all()],
        "cycles": cycles_of(request.actor, plan.pk),  # type: ignore[attr-defined]
        "may_open": may_open,
    }


def _group(group: queries.AgencyGroup, axis: Axis, only_past: bool) -> dict[str, Any]:
    rows = [_row(row, axis) for row in group.tasks if not only_past or row.state is WindowState.PAST]
    return {"words": group.words, "agencies": group.agencies, "rows": rows, "count": len(group.tasks)}


def _row(row: queries.BoardTask, axis: Axis) -> dict[str, Any]:
    task = row.task
    return {
        "task": task,
        "leads": row.leads,
        "coordinating": row.coordinating,
        "window": "Không ghi ngày" if row.state is WindowState.OPEN else window_words(task.window_from, task.window_to),
        "stretch": axis.stretch(task.window_from, task.window_to),
        "state": STATES[row.state],
        "icon": ICONS[row.state],
        "words": WORDS[row.state],
        "open": row.state is WindowState.OPEN,
    }


@require_http_methods(["GET", "POST"])
def plan_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then throw a draft away."""
    actor = request.actor  # type: ignore[attr-defined]
    plan = plan_or_404(request, pk)
    require(policies.may_discard(actor, plan))
    if request.method == "GET":
        return render(request, "web/plans/discard.html", {"plan": plan})
    discard_plan(actor, plan)
    messages.success(request, "Đã bỏ bản nháp. Nạp lại tệp khi cần.")
    return HttpResponseRedirect(reverse("plans:list"))
