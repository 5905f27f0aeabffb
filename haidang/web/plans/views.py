"""Plans: the list, the import of a file, the board of one plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from haidang.plans import board, policies, queries
from haidang.plans.actions import NotImported, discard_plan, import_plan
from haidang.plans.following import tallies
from haidang.plans.progress import Bucket, tally
from haidang.plans.rules import WindowState, window_words
from haidang.web.plans.buckets import SHOWN, bucket_links, chosen_bucket, share_words
from haidang.web.plans.forms import ImportForm
from haidang.web.plans.target_rows import targets_context
from haidang.web.plans.timeline import Axis, axis_of

if TYPE_CHECKING:
    from haidang.plans.following import TaskProgress
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
    accepted = [plan for plan in plans if plan.state == "accepted"]
    counts = tallies([plan.pk for plan in accepted], clock.today())
    context = {
        "drafts": [plan for plan in plans if plan.is_draft],
        "accepted": [(plan, _told(counts.get(plan.pk, {}))) for plan in accepted],
        "replaced": [plan for plan in plans if plan.state == "replaced"],
        "may_import": queries.areas_to_import_for(actor).exists(),
    }
    return render(request, "web/plans/list.html", context)


def _told(counts: Mapping[Bucket, int]) -> list[tuple[str, str]]:
    """The buckets that are not empty, each as [state, "12 xong đúng hạn"]."""
    return [(SHOWN[b].state, f"{n} {SHOWN[b].words[:1].lower()}{SHOWN[b].words[1:]}") for b, n in counts.items() if n]


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
    """What the board shows. `?nhom=` leaves only the tasks of one bucket."""
    actor = request.actor  # type: ignore[attr-defined]
    today = clock.today()
    groups = board.tasks_by_agency(plan, today)
    chosen = chosen_bucket(request.GET.get("nhom", ""))
    tasks = {row.task.pk: row for group in groups for row in group.tasks}
    days = [row.task.window_to for row in tasks.values() if row.task.window_to]
    axis = axis_of(plan, days, today)
    shown = [_group(group, axis, chosen) for group in groups]
    return {
        "plan": plan,
        **targets_context(actor, plan),
        "groups": [group for group in shown if group["rows"]],
        "axis": axis,
        "marks": axis.marks(),
        "buckets": _buckets([row.progress for row in tasks.values()], chosen),
        "chosen": chosen,
        "duties": [(duty, queries.duty_words(duty)) for duty in plan.duties.all()],
        "cycles": cycles_of(actor, plan.pk),
        "may_open": may_open,
        "answers": queries.answers_of(plan),
        "waiver": queries.waiver_of(plan),
    }


def _buckets(progress: Sequence[TaskProgress], chosen: Bucket | None) -> list[dict[str, object]]:
    """The plan's tasks in four buckets, each with its share or its longest delay."""
    counts = tally(one.bucket for one in progress)
    details = {bucket: share_words(count, len(progress)) for bucket, count in counts.items()}
    for bucket, words in ((Bucket.DONE_LATE, "trễ nhất"), (Bucket.OVERDUE, "lâu nhất")):
        if delays := [one.days for one in progress if one.bucket is bucket]:
            details[bucket] = f"{words} {max(delays)} ngày"
    return bucket_links(counts, details, chosen, lambda bucket: f"?nhom={bucket}" if bucket else "?")


def _group(group: board.AgencyGroup, axis: Axis, chosen: Bucket | None) -> dict[str, Any]:
    rows = [_row(row, axis) for row in group.tasks if chosen in (None, row.progress.bucket)]
    counts = tally(row.progress.bucket for row in group.tasks)
    told = [f"{count} {SHOWN[bucket].words.lower()}" for bucket, count in counts.items() if count]
    return {"group": group, "rows": rows, "told": ", ".join(told), "without_lead": group.words == board.WITHOUT_LEAD}


def _row(row: board.BoardTask, axis: Axis) -> dict[str, Any]:
    task, progress = row.task, row.progress
    look = SHOWN[progress.bucket]
    begun = progress.total > 0
    ahead = row.state is WindowState.AHEAD and progress.bucket is Bucket.OPEN and not begun
    words = look.words if begun else look.words.replace("Đang làm", "Chưa bắt đầu")
    return {
        "task": task,
        "progress": progress,
        "leads": row.leads,
        "coordinating": row.coordinating,
        "window": "Không ghi ngày" if row.state is WindowState.OPEN else window_words(task.window_from, task.window_to),
        "stretch": axis.stretch(task.window_from, task.window_to),
        "state": "none" if ahead else look.state,
        "icon": "clock" if ahead else look.icon,
        "words": "Chưa đến kỳ" if ahead else words,
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
