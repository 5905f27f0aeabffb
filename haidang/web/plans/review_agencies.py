"""Agencies that a draft names and the list does not know: match each with one, add it, or let a match go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from haidang.accounts.actors import require
from haidang.agencies.aliases import agencies_like, agency_numbered, alias_named, aliases_of
from haidang.catalogue.agency_functions import national_register
from haidang.kernel.numbers import count_in
from haidang.plans import actions, policies, queries
from haidang.plans.resolving import Named, names_of
from haidang.plans.rules import LONGEST_PHRASE, clip
from haidang.web.plans.forms import DayField, add_errors, choice_field, line_field
from haidang.web.plans.views import plan_or_404

if TYPE_CHECKING:
    from haidang.plans.models import Plan


class AgencyForm(forms.Form):
    """An agency that the list does not have."""

    name = line_field("Tên cơ quan", 200, required=True)
    function = choice_field("Chức năng", [("", "chọn chức năng")])
    established_by = line_field("Văn bản thành lập", 200)
    valid_from = DayField(label="Hoạt động từ ngày")
    valid_to = DayField(label="Đến hết ngày")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        functions = national_register().vocabulary.functions
        self.fields["function"].choices = [("", "chọn chức năng"), *functions.items()]  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class _Line:
    """One phrase of the plan with what it means; `tasks` name it, `leads` of them to lead."""

    named: Named
    tasks: int
    leads: int


def _lines(plan: Plan) -> list[_Line]:
    """The phrases with a piece that means nothing, or a meaning that people gave; those that lead most tasks first."""
    items = [item for item in queries.items_of(plan) if not item.ignored]
    said = [pair for item in items for pair in item.phrases]
    counts = {phrase: sum(one == phrase for _role, one in said) for _role, phrase in said}
    leads = {phrase: sum((role, one) == ("lead", phrase) for role, one in said) for phrase in counts}
    named = names_of(counts, plan.area, queries.as_of(plan))
    shown = [one for one in named if one.unknown or one.aliases or not one.count]
    lines = [_Line(one, counts[one.phrase], leads[one.phrase]) for one in shown]
    return sorted(lines, key=lambda line: (bool(line.named.count), -line.leads, -line.tasks, line.named.phrase))


@require_http_methods(["GET", "POST"])
def phrases(request: HttpRequest, pk: int) -> HttpResponse:
    """The phrases to settle; with one chosen, a search for its agency, groups, and a form to add one."""
    plan = plan_or_404(request, pk)
    require(policies.may_correct(request.actor, plan))  # type: ignore[attr-defined]
    phrase = clip(request.POST.get("cum") or request.GET.get("cum"), LONGEST_PHRASE)
    form = AgencyForm(initial={"name": phrase})
    problem = ""
    if request.method == "POST":
        adding = request.POST.get("viec") == "them"
        form = AgencyForm(request.POST) if adding else form
        if not adding or form.is_valid():
            try:
                told = _settle(request, plan, phrase, form)
            except ValidationError as refusal:
                if adding:
                    add_errors(form, refusal)
                else:
                    problem = " ".join(refusal.messages)
            else:
                messages.success(request, told)
                return HttpResponseRedirect(reverse("plans:phrases", args=[plan.pk]))
    day = queries.as_of(plan)
    words = request.GET.get("tim", phrase)[:LONGEST_PHRASE]
    context = {
        "plan": plan, "phrase": phrase, "lines": _lines(plan), "as_of": day, "words": words,
        "found": agencies_like(plan.area, day, words) if phrase else [], "form": form, "problem": problem,
        "expression": request.POST.get("nhom", ""), "kept": aliases_of(plan.area, [phrase]) if phrase else [],
    }  # fmt: skip
    failed = request.method == "POST"
    return render(request, "web/plans/phrases.html", context, status=422 if failed else 200)


def _settle(request: HttpRequest, plan: Plan, phrase: str, form: AgencyForm) -> str:
    """Do what the person chose; what to say of it."""
    actor = request.actor  # type: ignore[attr-defined]
    if request.POST.get("viec") == "them":
        agency = actions.add_named_agency(actor, plan, phrase, **form.cleaned_data)
        return f"Đã thêm {agency.name}; “{phrase}” từ nay là cơ quan này tại {plan.area.name}."
    if number := request.POST.get("co-quan", ""):
        chosen = agency_numbered(count_in(number) or 0)
        if chosen is None:
            raise ValidationError("Chọn một cơ quan trong danh sách.")
        actions.match_phrase(actor, plan, phrase, agency=chosen)
        return f"“{phrase}” từ nay là {chosen.name} tại {plan.area.name}."
    actions.match_phrase(actor, plan, phrase, expression=request.POST.get("nhom", ""))
    return f"“{phrase}” từ nay đọc như “{request.POST.get('nhom', '')}” tại {plan.area.name}."


@require_POST
def unmatch(request: HttpRequest, pk: int) -> HttpResponse:
    """Let go of what a phrase meant."""
    plan = plan_or_404(request, pk)
    require(policies.may_correct(request.actor, plan))  # type: ignore[attr-defined]
    alias = alias_named(plan.area, count_in(request.POST.get("khop", "")) or 0)
    if alias is None:
        raise Http404
    actions.unmatch_phrase(request.actor, plan, alias)  # type: ignore[attr-defined]
    messages.success(request, f"Đã bỏ khớp “{alias.phrase}”.")
    return HttpResponseRedirect(f"{reverse('plans:phrases', args=[plan.pk])}?{urlencode({'cum': alias.phrase})}")
