"""Plans: the list, the import of a file, the board of one plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from haidang.accounts.actors import require
from haidang.kernel import clock
from haidang.plans import policies, queries
from haidang.plans.actions import NothingRead, NotImported, discard_plan, import_plan
from haidang.plans.following import tallies
from haidang.plans.progress import Bucket
from haidang.web.plans.buckets import SHOWN
from haidang.web.plans.forms import ImportForm

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
            plan = import_plan(actor, form.area(), upload.name, upload.read(), though_empty="van-nap" in request.POST)
        except NotImported as refusal:
            problem = refusal
        else:
            return redirect("plans:review", plan.pk)
    context = {"form": form, "problem": problem, "nothing_read": isinstance(problem, NothingRead)}
    return render(request, "web/plans/import.html", context, status=422 if sent else 200)


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
