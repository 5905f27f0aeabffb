"""Reviewing a reading: the source and its items side by side, the form of the chosen item, and acceptance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from haidang.accounts.actors import Decision, require
from haidang.plans import actions, amending, policies, queries
from haidang.plans.comparing import Change
from haidang.plans.questions import questions_of
from haidang.plans.resolving import names_of
from haidang.plans.rules import KIND_WORDS, Item, Kind, concerns_of, low_first, source_paragraphs
from haidang.web.plans.forms import DutyForm, HeaderForm, TargetForm, TaskForm, add_errors
from haidang.web.plans.views import plan_or_404

if TYPE_CHECKING:
    from haidang.plans.models import Duty, Plan, Target, Task

SLUGS = {"chi-tieu": Kind.TARGET, "nhiem-vu": Kind.TASK, "che-do": Kind.DUTY}
SLUG_OF = {kind: slug for slug, kind in SLUGS.items()}
FORMS: dict[Kind, type[TargetForm] | type[TaskForm] | type[DutyForm]] = {
    Kind.TARGET: TargetForm,
    Kind.TASK: TaskForm,
    Kind.DUTY: DutyForm,
}
BY_TEXT, BY_CONFIDENCE = "van-ban", "tin-cay"


class KindConverter:
    """The three kinds of items in addresses."""

    regex = "chi-tieu|nhiem-vu|che-do"

    def to_python(self, value: str) -> Kind:
        """The kind that a slug names."""
        return SLUGS[value]

    def to_url(self, value: Kind | str) -> str:
        """The slug of a kind."""
        return SLUG_OF[Kind(value)]


def _order(request: HttpRequest) -> str:
    return BY_TEXT if request.GET.get("sap") == BY_TEXT else BY_CONFIDENCE


def item_address(plan: Plan, item: Item, order: str) -> str:
    """The address of an item's review, in the chosen order."""
    return f"{reverse('plans:item', args=[plan.pk, item.kind, item.pk])}?sap={order}"


def _grouped(items: list[Item], order: str) -> list[tuple[str, list[Item]]]:
    """Items under headings: by confidence, what needs a look and what is done; by text, as the plan runs."""
    if order == BY_CONFIDENCE:
        ranked = low_first(items)
        groups = [
            ("Chưa rà, tin cậy thấp trước", [item for item in ranked if not item.checked]),
            ("Đã rà", [item for item in ranked if item.checked]),
        ]
    else:
        sections: dict[str, list[Item]] = {}
        for item in items:
            words = {Kind.TARGET: "Chỉ tiêu", Kind.DUTY: "Chế độ báo cáo"}.get(item.kind) or _heading(item.section)
            sections.setdefault(words, []).append(item)
        groups = list(sections.items())
    return [(words, group) for words, group in groups if group]


def _heading(section: str) -> str:
    """The headings above a task: "II.2" for "II.2.1"."""
    above = section.rpartition(".")[0] or section
    return f"Nhiệm vụ mục {above}" if above else "Nhiệm vụ"


def review_context(request: HttpRequest, plan: Plan, decision: Decision) -> dict[str, Any]:
    """The three panes: source with spans, items in the chosen order, counts; five queries whatever the plan's size."""
    items = queries.items_of(plan)
    order = _order(request)
    by_key = {item.key: (item, item_address(plan, item, order)) for item in items}
    checked = sum(item.checked for item in items)
    return {
        "plan": plan,
        "items": items,
        "by_key": by_key,
        "order": order,
        "groups": [(words, [by_key[item.key] for item in group]) for words, group in _grouped(items, order)],
        "paragraphs": source_paragraphs(plan.text, plan.paragraphs, items),
        "checked": checked,
        "checked_percent": 100 * checked / len(items) if items else 0,
        "concerns": concerns_of(items, plan.issued_on, queries.as_of(plan)),
        "twin": queries.same_document(plan) if plan.is_draft else None,
        "may_correct": decision,
        "kinds": list(SLUG_OF),
    }


@require_GET
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """The review, on the first item that needs a look."""
    plan = plan_or_404(request, pk)
    decision = policies.may_correct(request.actor, plan)  # type: ignore[attr-defined]
    context = review_context(request, plan, decision)
    ordered = low_first(context["items"]) if context["order"] == BY_CONFIDENCE else context["items"]
    first = next((item for item in ordered if not item.checked), ordered[0] if ordered else None)
    if first is not None:
        context |= editor_context(plan, first.kind, first.pk, _form_of(plan, first.kind, first.pk))
    return render(request, "web/plans/review.html", context)


def _row_or_404(plan: Plan, kind: Kind, pk: int | None) -> Target | Task | Duty | None:
    if pk is None:
        return None
    if row := queries.item_row(plan, kind, pk):
        return row
    raise Http404


def _form_of(plan: Plan, kind: Kind, pk: int | None) -> Form:
    row = _row_or_404(plan, kind, pk)
    return FORMS[kind](initial=FORMS[kind].filled(row) if row else {})  # type: ignore[arg-type]


def editor_context(plan: Plan, kind: Kind, pk: int | None, form: Form) -> dict[str, Any]:
    """The form of one item (a fresh one for `pk` None), and which agencies its phrases name."""
    row = _row_or_404(plan, kind, pk)
    lines = "\n".join(
        str(form[name].value() or "") for name in ("lead", "coordinating", "owed_by") if name in form.fields
    )
    phrases = list(dict.fromkeys(line.strip() for line in lines.splitlines() if line.strip()))[:20]
    return {
        "form": form,
        "row": row,
        "kind": kind,
        "kind_words": KIND_WORDS[kind],
        "current": f"{kind}-{pk}" if pk else "",
        "named": names_of(phrases, plan.area, queries.as_of(plan)) if phrases else [],
    }


@require_http_methods(["GET", "POST"])
def item(request: HttpRequest, pk: int, kind: Kind, item_pk: int | None = None) -> HttpResponse:
    """One item: its form on GET; on POST save it as checked and go on to the next one that needs a look."""
    actor = request.actor  # type: ignore[attr-defined]
    plan = plan_or_404(request, pk)
    decision = policies.may_correct(actor, plan)
    if request.method == "GET":
        context = editor_context(plan, kind, item_pk, _form_of(plan, kind, item_pk))
        if request.htmx:  # type: ignore[attr-defined]
            context |= {"plan": plan, "order": _order(request), "may_correct": decision}
            return render(request, "web/plans/editor.html", context)
        return render(request, "web/plans/review.html", review_context(request, plan, decision) | context)
    require(decision)
    _row_or_404(plan, kind, item_pk)
    form = FORMS[kind](request.POST)
    if form.is_valid():
        try:
            saved = _correct(request, plan, kind, item_pk, form)
        except ValidationError as problem:
            add_errors(form, problem)
        else:
            return _onward(request, plan, saved)
    context = review_context(request, plan, decision) | editor_context(plan, kind, item_pk, form)
    return render(request, "web/plans/review.html", context, status=422)


def _correct(request: HttpRequest, plan: Plan, kind: Kind, pk: int | None, form: Form) -> Target | Task | Duty:
    actor = request.actor  # type: ignore[attr-defined]
    if kind is Kind.TARGET:
        return actions.correct_target(actor, plan, pk, **form.cleaned_data)
    if kind is Kind.TASK:
        return actions.correct_task(actor, plan, pk, **form.cleaned_data)
    return actions.correct_duty(actor, plan, pk, **form.cleaned_data)


def _onward(request: HttpRequest, plan: Plan, saved: Target | Task | Duty | None) -> HttpResponse:
    """To the next item that needs a look; to the saved one when none does."""
    order = _order(request)
    items = queries.items_of(plan)
    waiting = [item for item in (low_first(items) if order == BY_CONFIDENCE else items) if not item.checked]
    if order == BY_TEXT and saved is not None:
        keys = [item.key for item in items]
        here = keys.index(f"{saved._meta.model_name}-{saved.pk}")
        waiting = [item for item in items[here:] if not item.checked] or waiting
    if waiting:
        return HttpResponseRedirect(item_address(plan, waiting[0], order))
    return HttpResponseRedirect(f"{reverse('plans:review', args=[plan.pk])}?sap={order}")


@require_http_methods(["POST"])
def item_remove(request: HttpRequest, pk: int, kind: Kind, item_pk: int) -> HttpResponse:
    """Take an item out of the draft."""
    plan = plan_or_404(request, pk)
    require(policies.may_correct(request.actor, plan))  # type: ignore[attr-defined]
    _row_or_404(plan, kind, item_pk)
    actions.remove_item(request.actor, plan, kind, item_pk)  # type: ignore[attr-defined]
    messages.success(request, f"Đã bỏ một {KIND_WORDS[kind]} khỏi bản đọc.")
    return _onward(request, plan, None)


@require_http_methods(["POST"])
def task_regroup(request: HttpRequest, pk: int, item_pk: int, how: str) -> HttpResponse:
    """Split a task at the blank lines of its text ("tach"), or join it to the one before ("gop")."""
    actor = request.actor  # type: ignore[attr-defined]
    plan = plan_or_404(request, pk)
    decision = policies.may_correct(actor, plan)
    require(decision)
    _row_or_404(plan, Kind.TASK, item_pk)
    try:
        if how == "tach":
            parts = actions.split_task(actor, plan, item_pk, request.POST.get("text", ""))
            kept, words = parts[0], f"Đã tách thành {len(parts)} nhiệm vụ. Rà từng nhiệm vụ."
        else:
            kept, words = actions.merge_task(actor, plan, item_pk), "Đã gộp với nhiệm vụ trước."
    except ValidationError as problem:
        form = TaskForm(request.POST) if how == "tach" else _form_of(plan, Kind.TASK, item_pk)
        if how == "tach":
            add_errors(form, problem)
        else:
            messages.error(request, " ".join(problem.messages))
        context = review_context(request, plan, decision) | editor_context(plan, Kind.TASK, item_pk, form)
        return render(request, "web/plans/review.html", context, status=422)
    messages.success(request, words)
    return HttpResponseRedirect(f"{reverse('plans:item', args=[plan.pk, Kind.TASK, kept.pk])}?sap={_order(request)}")


@require_http_methods(["GET", "POST"])
def header(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct the head of the plan: number, date, issuer, period."""
    actor = request.actor  # type: ignore[attr-defined]
    plan = plan_or_404(request, pk)
    require(policies.may_correct(actor, plan))
    form = HeaderForm(request.POST) if request.method == "POST" else HeaderForm.of(plan)
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct_header(actor, plan, form.cleaned_data)
        except ValidationError as problem:
            add_errors(form, problem)
        else:
            messages.success(request, "Đã lưu phần đầu kế hoạch.")
            return redirect("plans:review", plan.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "web/plans/header.html", {"plan": plan, "form": form}, status=status)


@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask with the consequences in numbers, then accept."""
    actor = request.actor  # type: ignore[attr-defined]
    plan = plan_or_404(request, pk)
    if not plan.is_draft:
        return redirect("plans:plan", plan.pk)
    require(policies.may_accept(actor, plan))
    replaces = _replaced(request, plan)
    questions = [question for question in questions_of(plan) if replaces is None or question.plan != replaces]
    unanswered = [question for question in questions if question.code not in request.POST.getlist("dung")]
    if request.method == "POST" and not unanswered:
        actions.accept_plan(actor, plan, replaces=replaces, answers=[question.words for question in questions])
        messages.success(request, "Đã chấp nhận kế hoạch. Việc kế tiếp: mở kỳ báo cáo.")
        return redirect("plans:plan", plan.pk)
    items = queries.items_of(plan)
    counts = {kind: sum(item.kind is kind for item in items) for kind in Kind}
    day = queries.as_of(plan)
    candidates = [] if replaces else amending.replaceable(plan)
    context = {
        "plan": plan,
        "counts": counts,
        "as_of": day,
        "concerns": concerns_of(items, plan.issued_on, day),
        "questions": questions,
        "answered": request.POST.getlist("dung"),
        "asked": request.method == "POST",
        "replaces": replaces,
        "candidates": candidates,
        "suggested": amending.suggested(plan, candidates),
    }
    return render(request, "web/plans/accept.html", context, status=422 if request.method == "POST" else 200)


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
    context = {"plan": plan, "older": older, "rows": shown, "counts": counts, "may_replace": may}
    return render(request, "web/plans/compare.html", context)
