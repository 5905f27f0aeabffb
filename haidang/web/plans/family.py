"""The family of a plan: the tree it stands in, and what people say of its edges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from haidang.accounts.actors import Role
from haidang.kernel import clock
from haidang.kernel.dates import short_date
from haidang.plans import policies
from haidang.plans.family import Why
from haidang.plans.family_saying import LONGEST_REASON, forget_link, say_link
from haidang.plans.family_tree import Kin, Node, is_plans_number, kin_of, to_link, tree_of
from haidang.plans.following import tallies
from haidang.plans.progress import Bucket
from haidang.web.plans.buckets import SHOWN
from haidang.web.plans.forms import add_errors, choice_field, line_field
from haidang.web.plans.views import plan_or_404

if TYPE_CHECKING:
    from haidang.accounts.actors import Actor
    from haidang.plans.models import Plan

WHY_WORDS = {
    Why.NUMBER: "theo số văn bản căn cứ",
    Why.DATED: "theo số, ngày và cơ quan ban hành",
    Why.SAID: "do cán bộ gắn",
}
MOST_CHOICES = 200


class LinkForm(forms.Form):
    """A plan above, and why this one carries it out."""

    reason = line_field("Lý do", LONGEST_REASON, required=True, hint="Ví dụ: bản ký không ghi số văn bản căn cứ.")

    def __init__(self, parents: list[Plan], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parents = {plan.pk: plan for plan in parents[:MOST_CHOICES]}
        choices = [(pk, plan_name(plan)) for pk, plan in self.parents.items()]
        self.fields["parent"] = choice_field("Kế hoạch cấp trên", [("", "chọn kế hoạch"), *choices])
        self.order_fields(["parent", "reason"])

    def parent(self) -> Plan:
        """The chosen plan."""
        return self.parents[int(self.cleaned_data["parent"])]


def plan_name(plan: Plan) -> str:
    """A plan in one line: number, day, whose, title."""
    dated = f" ngày {short_date(plan.issued_on)}" if plan.issued_on else ""
    return f"{plan.number or 'Không số'}{dated} · {plan.area.name} · {plan.heading}"[:160]


def followed_or_404(request: HttpRequest, pk: int) -> Plan:
    """A plan that is or was followed; 404 for drafts, which have no family yet."""
    plan = plan_or_404(request, pk)
    if plan.is_draft:
        raise Http404
    return plan


@require_GET
def family_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The plans above and below this one, drawn as a tree; its bases that are not here; edges that a person sets."""
    plan = followed_or_404(request, pk)
    return render(request, "web/plans/family.html", _context(request, plan))


def _context(request: HttpRequest, plan: Plan, form: LinkForm | None = None) -> dict[str, Any]:
    actor = request.actor  # type: ignore[attr-defined]
    kin = kin_of(plan)
    trees = tree_of(actor, plan, kin)
    plans = {node.plan.pk: node.plan for tree in trees for node in tree.walk() if node.plan}
    told = tallies(plans, clock.today())
    consolidates = actor.standing_over(plan.area.path, Role.CONSOLIDATOR)
    return {
        "plan": plan,
        "tab": "family",
        "trees": [_shown(tree, told) for tree in trees if tree.plan],
        "missing": [tree.citation for tree in trees if tree.citation],
        "doubtful": _doubtful(kin, plan),
        "others": [one.citation for one in kin.open_of(plan.pk) if not is_plans_number(one.citation.number)],
        "parents": _parents(actor, plan, kin),
        "form": form or (LinkForm(to_link(actor, plan, kin)) if consolidates else None),
        "below": len(kin.below(plan.pk)),
    }


def _shown(node: Node, told: dict[int, dict[Bucket, int]]) -> dict[str, Any]:
    """A node as the page draws it: buckets that are not empty as [state, icon, words, count]."""
    assert node.plan is not None
    counts = told.get(node.plan.pk, {})
    return {
        "plan": node.plan,
        "why": WHY_WORDS[node.why] if node.why else "",
        "current": node.current,
        "hidden": node.hidden,
        "buckets": [(SHOWN[b].state, SHOWN[b].icon, SHOWN[b].words, n) for b, n in counts.items() if n],
        "children": [_shown(child, told) for child in node.children],
    }


def _doubtful(kin: Kin, plan: Plan) -> list[dict[str, Any]]:
    """The citations that several imported documents answer to."""
    return [
        {"citation": one.citation, "plans": [kin.plans[pk] for pk in one.candidates]}
        for one in kin.open_of(plan.pk)
        if one.candidates
    ]


def _parents(actor: Actor, plan: Plan, kin: Kin) -> list[dict[str, Any]]:
    """The plan's edges up and what was said against some, with whether the actor may say otherwise."""
    edges = {edge.parent: edge.why for edge in kin.family.parents(plan.pk)}
    said = {link.parent_id: link for link in plan.said_parents.select_related("parent__area", "said_by")}
    rows = {pk: kin.plans[pk] for pk in edges} | {pk: link.parent for pk, link in said.items()}
    return [
        {
            "plan": parent,
            "why": WHY_WORDS[edges[pk]] if pk in edges else "",
            "link": said.get(pk),
            "may": bool(policies.may_link(actor, plan, parent)),
        }
        for pk, parent in rows.items()
    ]


@require_POST
def link_say(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the plan carries out a chosen one ("parent"), or, with "bo", that it does not."""
    actor = request.actor  # type: ignore[attr-defined]
    plan = followed_or_404(request, pk)
    kin = kin_of(plan)
    stands = "bo" not in request.POST
    choices = to_link(actor, plan, kin) if stands else kin.parents(plan.pk)
    form = LinkForm(choices, request.POST)
    if form.is_valid():
        try:
            say_link(actor, plan, form.parent(), stands=stands, reason=form.cleaned_data["reason"])
        except ValidationError as problem:
            add_errors(form, problem)
        else:
            messages.success(request, f"Đã {'gắn vào' if stands else 'bỏ gắn khỏi'} {plan_name(form.parent())}.")
            return redirect("family:tree", plan.pk)
    return render(request, "web/plans/family.html", _context(request, plan, form), status=422)


@require_POST
def link_forget(request: HttpRequest, pk: int, parent_pk: int) -> HttpResponse:
    """Take back what a person said of two plans."""
    actor = request.actor  # type: ignore[attr-defined]
    plan = followed_or_404(request, pk)
    try:
        forget_link(actor, plan, plan.said_parents.select_related("parent").get(parent=parent_pk).parent)
    except ObjectDoesNotExist:
        raise Http404 from None
    messages.success(request, "Đã trả quan hệ này về theo văn bản căn cứ.")
    return redirect("family:tree", plan.pk)
