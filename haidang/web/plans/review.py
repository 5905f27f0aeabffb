"""Reviewing a reading: each thing that a person can do with its items, by a button or a key. Accepting is elsewhere."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from haidang.accounts.actors import require
from haidang.kernel import clock
from haidang.kernel.numbers import count_in
from haidang.plans import actions, policies, queries, reviewing
from haidang.plans.actions import Stale
from haidang.plans.listing import next_waiting
from haidang.plans.rules import KIND_WORDS, Kind
from haidang.web.plans.forms import HeaderForm, add_errors
from haidang.web.plans.review_screen import (
    FORMS,
    SLUGS,
    Chosen,
    chosen_item,
    editor_context,
    go_to,
    groups_of,
    order_of,
    row_or_404,
    show,
    stale_item,
)
from haidang.web.plans.views import plan_or_404

if TYPE_CHECKING:
    from haidang.plans.models import Duty, Plan, Target, Task


@require_GET
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """The review, on the first item that needs a look."""
    return show(request, plan_or_404(request, pk))


def _draft(request: HttpRequest, pk: int) -> Plan:
    """The plan, when the actor may correct it."""
    plan = plan_or_404(request, pk)
    require(policies.may_correct(request.actor, plan))  # type: ignore[attr-defined]
    return plan


def _seen(request: HttpRequest) -> str | None:
    """What the screen knew of the item, as its form sends it."""
    return request.POST.get("seen") or None


@require_http_methods(["GET", "POST"])
def item(request: HttpRequest, pk: int, kind: Kind, item_pk: int | None = None) -> HttpResponse:
    """One item: its form on GET; on POST save it as checked and go on to the next one that needs a look."""
    plan = plan_or_404(request, pk)
    if request.method == "GET":
        chosen = chosen_item(plan, kind, item_pk)
        if not request.htmx:  # type: ignore[attr-defined]
            return show(request, plan, chosen)
        decision = policies.may_correct(request.actor, plan)  # type: ignore[attr-defined]
        context = editor_context(plan, chosen) | {"plan": plan, "order": order_of(request), "may_correct": decision}
        return render(request, "web/plans/editor.html", context)
    require(policies.may_correct(request.actor, plan))  # type: ignore[attr-defined]
    if item_pk is not None:
        row_or_404(plan, kind, item_pk)
    before = groups_of(queries.items_of(plan), order_of(request))
    form = FORMS[kind](request.POST)
    if form.is_valid():
        try:
            saved = _correct(request, plan, kind, item_pk, form)
        except ValidationError as problem:
            add_errors(form, problem)
        except Stale as stale:
            assert item_pk is not None  # nobody else knows of an item that is not there yet
            return show(request, plan, stale_item(plan, kind, item_pk, form, str(stale)), status=409)
        else:
            onward = next_waiting(before, f"{kind}-{saved.pk}", queries.items_of(plan))
            return go_to(request, plan, onward)
    return show(request, plan, Chosen(kind, item_pk, form), status=422)


def _correct(
    request: HttpRequest, plan: Plan, kind: Kind, pk: int | None, form: Form, *, checked: bool = True
) -> Target | Task | Duty:
    actor = request.actor  # type: ignore[attr-defined]
    values: dict[str, Any] = {**form.cleaned_data, "seen": _seen(request) if pk else None, "checked": checked}
    if kind is Kind.TARGET:
        return actions.correct_target(actor, plan, pk, **values)
    if kind is Kind.TASK:
        return actions.correct_task(actor, plan, pk, **values)
    return actions.correct_duty(actor, plan, pk, **values)


@require_POST
def item_save(request: HttpRequest, pk: int, kind: Kind, item_pk: int) -> HttpResponse:
    """Keep what was typed so far, without confirming the item. Answers when it was saved, or what is wrong where."""
    plan = _draft(request, pk)
    row_or_404(plan, kind, item_pk)
    form = FORMS[kind](request.POST)
    if form.is_valid():
        try:
            saved = _correct(request, plan, kind, item_pk, form, checked=False)
        except ValidationError as problem:
            add_errors(form, problem)
        except Stale as stale:
            return JsonResponse({"stale": str(stale)}, status=409)
        else:
            now = clock.now().astimezone(clock.VIET_NAM)
            row = row_or_404(plan, kind, saved.pk)
            return JsonResponse({"saved": f"{now:%H:%M}", "seen": reviewing.seen_of(row)})
    return JsonResponse(
        {"errors": {name: " ".join(map(str, found)) for name, found in form.errors.items()}}, status=422
    )


def _regroup(request: HttpRequest, plan: Plan, key: tuple[Kind, int], change: Any, told: str = "") -> HttpResponse:
    """Do something to an item and show what came of it; what forbids it is said above the item as it was."""
    row_or_404(plan, *key)
    try:
        kept = change()
    except Stale as stale:
        return show(request, plan, chosen_item(plan, *key), status=409, problem=str(stale))
    except ValidationError as problem:
        return show(request, plan, chosen_item(plan, *key), status=422, problem=" ".join(problem.messages))
    if told and not request.htmx:  # type: ignore[attr-defined]
        messages.success(request, told)
    return go_to(request, plan, kept)


@require_POST
def item_ignore(request: HttpRequest, pk: int, kind: Kind, item_pk: int, ignored: bool) -> HttpResponse:
    """Set an item aside, or take it back; either way it stays open, so that the same key undoes it."""
    plan = _draft(request, pk)
    actor = request.actor  # type: ignore[attr-defined]

    def change() -> Target | Task | Duty:
        return actions.ignore_item(actor, plan, kind, item_pk, ignored=ignored, seen=_seen(request))

    return _regroup(request, plan, (kind, item_pk), change, f"Đã bỏ qua một {KIND_WORDS[kind]}." if ignored else "")


@require_POST
def item_retype(request: HttpRequest, pk: int, kind: Kind, item_pk: int, to: Kind) -> HttpResponse:
    """Make an item one of another kind."""
    plan = _draft(request, pk)
    actor = request.actor  # type: ignore[attr-defined]
    return _regroup(
        request, plan, (kind, item_pk), lambda: actions.retype_item(actor, plan, kind, item_pk, to, seen=_seen(request))
    )


@require_POST
def task_regroup(request: HttpRequest, pk: int, item_pk: int, how: str) -> HttpResponse:
    """Split a task at the blank lines of its text ("tach"), or join it to the one before ("gop")."""
    plan = _draft(request, pk)
    actor = request.actor  # type: ignore[attr-defined]

    def change() -> Task:
        if how == "tach":
            text = request.POST.get("text", "")
            return actions.split_task(actor, plan, item_pk, text, seen=_seen(request))[0]
        return actions.merge_task(actor, plan, item_pk, seen=_seen(request))

    words = "Đã tách nhiệm vụ. Rà từng phần." if how == "tach" else "Đã gộp với nhiệm vụ trước."
    return _regroup(request, plan, (Kind.TASK, item_pk), change, words)


@require_POST
def task_agency(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    """Let an agency that was picked in the source, or typed, lead the task or help with it."""
    plan = _draft(request, pk)
    actor = request.actor  # type: ignore[attr-defined]
    role, phrase = request.POST.get("vai", ""), request.POST.get("cum", "")
    return _regroup(
        request, plan, (Kind.TASK, item_pk),
        lambda: actions.name_agency(
            actor, plan, item_pk, role, phrase, instead=request.POST.get("thay") == "1", seen=_seen(request)
        ),
    )  # fmt: skip


@require_POST
def passage_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Make an item out of a passage that was picked in the source."""
    plan = _draft(request, pk)
    kind = SLUGS.get(request.POST.get("loai", ""))
    start, end = (count_in(request.POST.get(name, "")) for name in ("tu", "den"))
    if kind is None or start is None or end is None:
        return show(request, plan, status=422, problem="Chọn một đoạn của văn bản gốc trước.")
    try:
        made = actions.add_from_passage(request.actor, plan, kind, start, end)  # type: ignore[attr-defined]
    except ValidationError as problem:
        return show(request, plan, status=422, problem=" ".join(problem.messages))
    return go_to(request, plan, made)


def _keys(text: str) -> list[tuple[Kind, int]]:
    """The items that a form names: "task-12 duty-3"; what is no key is left out."""
    found = []
    for key in text.split()[:2000]:
        kind, _, number = key.partition("-")
        if kind in set(Kind) and (pk := count_in(number)) is not None:
            found.append((Kind(kind), pk))
    return found


@require_POST
def items_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm the sure items of a heading together."""
    plan = _draft(request, pk)
    asked = _keys(request.POST.get("muc", ""))
    before = groups_of(queries.items_of(plan), order_of(request))
    sure = [(one.kind, one.pk) for group in before for one in group.items if one.sure and (one.kind, one.pk) in asked]
    try:
        actions.accept_items(request.actor, plan, sure, since=count_in(request.POST.get("tu-buoc", "")))  # type: ignore[attr-defined]
    except Stale as stale:
        return show(request, plan, status=409, problem=str(stale))
    last = f"{sure[-1][0]}-{sure[-1][1]}" if sure else ""
    return go_to(request, plan, next_waiting(before, last, queries.items_of(plan)))


@require_POST
def step_back(request: HttpRequest, pk: int, again: bool) -> HttpResponse:
    """Undo the actor's newest step, or do again what was undone last, and show what it was about."""
    plan = _draft(request, pk)
    try:
        step = (actions.redo_step if again else actions.undo_step)(request.actor, plan)  # type: ignore[attr-defined]
    except ValidationError as problem:
        return show(request, plan, status=409, problem=" ".join(problem.messages))
    plan = plan_or_404(request, pk)  # its head may be another one now
    there = [key for key in step.changes if key != reviewing.HEADER]
    for kind, item_pk in _keys(" ".join(there)):
        with suppress(ObjectDoesNotExist):
            if row := queries.item_row(plan, kind, item_pk):
                return go_to(request, plan, row)
    return go_to(request, plan, None)


@require_http_methods(["GET", "POST"])
def header(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct the head of the plan: number, date, issuer, period."""
    plan = _draft(request, pk)
    form = HeaderForm(request.POST) if request.method == "POST" else HeaderForm.of(plan)
    status, stale = (422, "") if request.method == "POST" else (200, "")
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct_header(request.actor, plan, form.cleaned_data, seen=_seen(request))  # type: ignore[attr-defined]
        except ValidationError as problem:
            add_errors(form, problem)
        except Stale as problem:
            status, stale = 409, str(problem)
        else:
            messages.success(request, "Đã lưu phần đầu kế hoạch.")
            return redirect("plans:review", plan.pk)
    context = {"plan": plan, "form": form, "seen": reviewing.seen_of(plan), "stale": stale}
    return render(request, "web/plans/header.html", context, status=status)
