"""The workspace of a closing report: outline, words, sources; building the document and fetching it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from haidang.accounts.actors import Actor
from haidang.kernel.clock import VIET_NAM
from haidang.kernel.numbers import count_in
from haidang.plans.queries import plan_for, plans_visible
from haidang.reviews import actions, policies
from haidang.reviews.queries import builds_of, visible_reviews
from haidang.web.reviews import pages

if TYPE_CHECKING:
    from haidang.reviews.models import Review

MOST_BUILDS = 20
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_GET
def reviews(request: HttpRequest) -> HttpResponse:
    """The reports that the actor may see, and the plans that still want one; straight in when there is only one."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    listed = list(visible_reviews(actor))
    open_to = plans_visible(actor).filter(is_review=True, review__isnull=True).select_related("area")
    waiting = [plan for plan in open_to if policies.may_open(actor, plan)]
    if len(listed) == 1 and not waiting:
        return HttpResponseRedirect(reverse("reviews:workspace", args=[listed[0].pk]))
    standing = any(seat.standing for seat in actor.seats)
    return render(request, "reviews/reviews.html", {"reviews": listed, "waiting": waiting, "standing": standing})


@require_POST
def open_review(request: HttpRequest) -> HttpResponse:
    """Open the report of an accepted plan."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        plan = plan_for(actor, count_in(request.POST.get("plan", "")) or 0)
    except ObjectDoesNotExist:
        raise Http404("no such plan") from None
    review = actions.open_review(actor, plan)
    return HttpResponseRedirect(reverse("reviews:workspace", args=[review.pk]))


@require_GET
def workspace(request: HttpRequest, pk: int) -> HttpResponse:
    """The outline with its states, and one section open."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    review = _review(actor, pk)
    builds = list(builds_of(actor, review)[:MOST_BUILDS])
    space = pages.workspace_of(actor, review, builds[0] if builds else None)
    known = space.outline.sections_by_code
    section = known.get(request.GET.get("muc", "")) or pages.first_section(space.outline.sections)
    ready, expected = pages.counts_of(space)
    page: dict[str, Any] = pages.section_view(space, section) | {
        "parts": pages.tree_of(space, section.code),
        "ready": ready,
        "expected": expected,
        "tallies": pages.tallies_of(space),
        "may_write": bool(policies.may_write(actor, review)),
        "may_build": bool(policies.may_build(actor, review)),
    }
    return render(request, "reviews/workspace.html", {"review": review, "page": page, "builds": builds})


@require_POST
def text(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the standing agency's own words for a section; what cannot be kept is shown again as it was typed."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    review = _review(actor, pk)
    section, revision = request.POST.get("section", ""), count_in(request.POST.get("revision", ""), digits=9)
    if revision is None:
        return HttpResponseBadRequest("Trang này đã cũ. Tải lại trang rồi nhập tiếp.")
    words = request.POST.get("text", "").replace("\r\n", "\n")
    try:
        actions.write_text(actor, review, section, words, revision=revision)
        messages.success(request, "Đã lưu lời văn của mục.")
    except actions.StaleText as stale:
        return render(
            request,
            "reviews/stale.html",
            {"review": review, "section": section, "text": words, "why": str(stale)},
            status=409,
        )
    return HttpResponseRedirect(f"{reverse('reviews:workspace', args=[pk])}?{urlencode({'muc': section})}#ed")


@require_POST
def build(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the document with the figures frozen in it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    made = actions.build_review(actor, _review(actor, pk))
    messages.success(
        request, f"Đã lập báo cáo lúc {made.built_at.astimezone(VIET_NAM):%H:%M}. Tải bản Word ở mục Các bản đã lập."
    )
    return HttpResponseRedirect(f"{reverse('reviews:workspace', args=[pk])}#so")


@require_GET
def download(request: HttpRequest, pk: int, build_pk: int) -> HttpResponseBase:
    """The .docx of one build."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    review = _review(actor, pk)
    made = builds_of(actor, review).filter(pk=build_pk).first()
    if made is None:
        raise Http404("no such build")
    path = Path(made.file_path)
    if not path.is_file():
        messages.error(request, "Tệp của bản này không còn trên máy chủ. Lập lại báo cáo để có tệp mới.")
        return HttpResponseRedirect(f"{reverse('reviews:workspace', args=[pk])}#so")
    name = f"bao-cao-tong-ket-{made.built_at.astimezone(VIET_NAM):%Y%m%d-%H%M}.docx"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=DOCX)


def _review(actor: Actor, pk: int) -> Review:
    """The report, or a page that is not there: a stranger learns nothing."""
    review = visible_reviews(actor).filter(pk=pk).first()
    if review is None:
        raise Http404("no such review")
    return review
