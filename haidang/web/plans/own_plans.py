"""Who owes a plan of its own under a plan: the clauses that ask for it, and each agency."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from haidang.accounts.actors import require
from haidang.kernel import clock
from haidang.kernel.numbers import count_in
from haidang.plans import policies
from haidang.plans.family_owing import Ask, Owed, Owing, OwnState, asks_of, dropped_asks, owing_of
from haidang.plans.family_saying import drop_ask, keep_ask, say_issued, take_back_ask
from haidang.plans.family_tree import kin_of
from haidang.web.plans.family import followed_or_404
from haidang.web.plans.forms import DayField, add_errors, area_field, line_field

if TYPE_CHECKING:
    from haidang.accounts.actors import Actor
    from haidang.plans.models import Plan

LOOKS = {
    OwnState.IMPORTED: ("ok", "check", "Đã ban hành, có trong hệ thống"),
    OwnState.SAID: ("ok", "check", "Đã ban hành, ghi theo số"),
    OwnState.OPEN: ("due", "half", "Chưa ban hành"),
    OwnState.OVERDUE: ("over", "alert", "Quá hạn, chưa ban hành"),
}


class AskForm(forms.Form):
    """A clause that asks agencies for plans of their own."""

    phrases = area_field(
        "Cơ quan phải ban hành", rows=3, required=True, most=4000, hint="Mỗi dòng một cơ quan hoặc nhóm."
    )
    addressee = line_field("Gửi về", 300)
    last_day = DayField(label="Ngày cuối", help_text="Ngày cuối còn đúng hạn; để trống khi kế hoạch không nêu.")


class IssuedForm(forms.Form):
    """Number and day of a plan that an agency issued."""

    number = line_field("Số, ký hiệu", 60, required=True)
    issued_on = DayField(label="Ngày ban hành", required=True, error_messages={"required": "Ghi ngày ban hành."})


@require_GET
def own_plans_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Who must issue a plan of its own and by when; `?ghi=` opens the form of one agency, `?sua=` that of a clause."""
    plan = followed_or_404(request, pk)
    return render(request, "web/plans/own_plans.html", _context(request, plan))


def _context(
    request: HttpRequest,
    plan: Plan,
    *,
    ask_form: tuple[str, AskForm] | None = None,
    issued_form: tuple[int, IssuedForm] | None = None,
) -> dict[str, Any]:
    """What the page shows; a form with its errors stands in place of an empty one."""
    actor = request.actor  # type: ignore[attr-defined]
    kin = kin_of(plan)
    asks = asks_of(plan)
    owing = owing_of(plan, kin, asks, clock.today())
    edits = ask_form[0] if ask_form else request.GET.get("sua")
    writes = str(issued_form[0]) if issued_form else request.GET.get("ghi", "")
    may_ask = bool(policies.may_ask_for_plans(actor, plan))
    return {
        "plan": plan,
        "tab": "own",
        "below": len(kin.below(plan.pk)),
        "asks": [_ask(ask, edits, ask_form, may_ask) for ask in asks],
        "dropped": dropped_asks(plan) if may_ask else [],
        "added": (ask_form[1] if ask_form and not ask_form[0] else AskForm()) if may_ask and edits == "" else None,
        "may_ask": may_ask,
        "rows": [_row(actor, plan, row, writes, issued_form) for row in owing.rows],
        "counts": _counts(owing),
        "unmatched": owing.unmatched,
    }


def _ask(ask: Ask, edits: str | None, form: tuple[str, AskForm] | None, may_ask: bool) -> dict[str, Any]:
    chosen = may_ask and edits == ask.key
    initial = {"phrases": "\n".join(ask.phrases), "addressee": ask.addressee, "last_day": ask.last_day}
    return {"ask": ask, "form": (form[1] if form else AskForm(initial=initial)) if chosen else None}


def _row(actor: Actor, plan: Plan, row: Owed, writes: str, form: tuple[int, IssuedForm] | None) -> dict[str, Any]:
    state, icon, words = LOOKS[row.state]
    may = row.plan is None and bool(policies.may_record(actor, plan, row.agency))
    chosen = may and writes == str(row.agency.pk)
    said = {"number": row.issued.number, "issued_on": row.issued.issued_on} if row.issued else {}
    return {
        "row": row,
        "state": "late" if row.late else state,
        "icon": icon,
        "words": words,
        "may": may,
        "form": (form[1] if form else IssuedForm(initial=said)) if chosen else None,
    }


def _counts(owing: Owing) -> list[tuple[str, str, str, int]]:
    """[state, icon, words, count] of the states that are not empty."""
    return [(*LOOKS[state], count) for state in OwnState if (count := owing.count(state))]


@require_POST
def ask_say(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep, drop ("viec" = "bo") or take back ("lay-lai") a clause ("doan": its key), or add one (no key)."""
    actor = request.actor  # type: ignore[attr-defined]
    plan = followed_or_404(request, pk)
    require(policies.may_ask_for_plans(actor, plan))
    key, verb = request.POST.get("doan", ""), request.POST.get("viec", "")
    if verb == "lay-lai":
        return _taken_back(request, actor, plan, key)
    form = AskForm(request.POST)
    try:
        if verb == "bo":
            drop_ask(actor, plan, key)
        elif form.is_valid():
            values = form.cleaned_data
            keep_ask(
                actor, plan, key, phrases=values["phrases"].splitlines(), addressee=values["addressee"],
                last_day=values["last_day"],
            )  # fmt: skip
    except ValidationError as problem:
        if verb == "bo":
            messages.error(request, " ".join(problem.messages))
            return redirect("family:own_plans", plan.pk)
        add_errors(form, problem)
    if verb == "bo" or form.is_valid():
        messages.success(request, "Đã bỏ đoạn này." if verb == "bo" else "Đã ghi nhận.")
        return redirect("family:own_plans", plan.pk)
    return render(request, "web/plans/own_plans.html", _context(request, plan, ask_form=(key, form)), status=422)


def _taken_back(request: HttpRequest, actor: Actor, plan: Plan, key: str) -> HttpResponse:
    try:
        take_back_ask(actor, plan, count_in(key) or 0)
    except ObjectDoesNotExist:
        raise Http404 from None
    messages.success(request, "Đã lấy lại theo bản đọc.")
    return redirect("family:own_plans", plan.pk)


@require_POST
def issued_say(request: HttpRequest, pk: int, agency_pk: int) -> HttpResponse:
    """Write down that an agency issued its own plan."""
    actor = request.actor  # type: ignore[attr-defined]
    plan = followed_or_404(request, pk)
    rows = owing_of(plan, kin_of(plan), asks_of(plan), clock.today()).rows
    owed = next((row for row in rows if row.agency.pk == agency_pk), None)
    if owed is None:
        raise Http404
    require(policies.may_record(actor, plan, owed.agency))
    form = IssuedForm(request.POST)
    if form.is_valid():
        try:
            say_issued(actor, plan, owed.agency, form.cleaned_data["number"], form.cleaned_data["issued_on"])
        except ValidationError as problem:
            add_errors(form, problem)
        else:
            messages.success(request, f"Đã ghi kế hoạch của {owed.agency.name}.")
            return redirect("family:own_plans", plan.pk)
    context = _context(request, plan, issued_form=(agency_pk, form))
    return render(request, "web/plans/own_plans.html", context, status=422)
