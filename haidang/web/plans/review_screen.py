"""What the review of a reading shows: the three panes, the form of the chosen item, the next one that needs a look."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from haidang.accounts.actors import Decision
from haidang.plans import originals, policies, queries, reviewing
from haidang.plans.listing import Group, Item, by_confidence, by_text, concerns_of, source_paragraphs
from haidang.plans.resolving import names_of
from haidang.plans.rules import KIND_WORDS, Kind
from haidang.web.plans.forms import DutyForm, TargetForm, TaskForm

if TYPE_CHECKING:
    from haidang.plans.models import Duty, Plan, Target, Task

SLUGS = {"chi-tieu": Kind.TARGET, "nhiem-vu": Kind.TASK, "che-do": Kind.DUTY}
SLUG_OF = {kind: slug for slug, kind in SLUGS.items()}
FORMS: dict[Kind, type[TargetForm] | type[TaskForm] | type[DutyForm]] = {
    Kind.TARGET: TargetForm,
    Kind.TASK: TaskForm,
    Kind.DUTY: DutyForm,
}
KEYS = {Kind.TASK: "N", Kind.TARGET: "T", Kind.DUTY: "H"}
BY_TEXT, BY_CONFIDENCE = "van-ban", "tin-cay"
MOST_PHRASES = 20


class KindConverter:
    """The three kinds of items in addresses."""

    regex = "chi-tieu|nhiem-vu|che-do"

    def to_python(self, value: str) -> Kind:
        """The kind that a slug names."""
        return SLUGS[value]

    def to_url(self, value: Kind | str) -> str:
        """The slug of a kind."""
        return SLUG_OF[Kind(value)]


@dataclass(slots=True)
class Chosen:
    """The item beside the list: its form, and what to say above it. `pk` None is a new one; `stale` says who changed
    it meanwhile, with what is stored now at the fields that differ."""

    kind: Kind
    pk: int | None
    form: Form
    stale: str = ""
    stored: dict[str, Any] = field(default_factory=dict)


def order_of(request: HttpRequest) -> str:
    """The order of the list that the address asks for."""
    return BY_TEXT if request.GET.get("sap") == BY_TEXT else BY_CONFIDENCE


def groups_of(items: Iterable[Item], order: str) -> list[Group]:
    """The items under headings, in the chosen order."""
    return by_text(items) if order == BY_TEXT else by_confidence(items)


def item_address(plan: Plan, kind: Kind | str, pk: int, order: str) -> str:
    """The address of an item's review, in the chosen order."""
    return f"{reverse('plans:item', args=[plan.pk, kind, pk])}?sap={order}"


def row_or_404(plan: Plan, kind: Kind, pk: int) -> Target | Task | Duty:
    """One item of the plan; 404 for one of another plan."""
    if row := queries.item_row(plan, kind, pk):
        return row
    raise Http404


def chosen_item(plan: Plan, kind: Kind, pk: int | None) -> Chosen:
    """An item with its form as it is stored, or an empty form for a new one."""
    initial = FORMS[kind].filled(row_or_404(plan, kind, pk)) if pk else {}  # type: ignore[arg-type]
    return Chosen(kind, pk, FORMS[kind](initial=initial))


def stale_item(plan: Plan, kind: Kind, pk: int, form: Form, words: str) -> Chosen:
    """An item that somebody else changed: the form keeps what was typed, beside what is stored where they differ."""
    row = queries.item_row(plan, kind, pk)
    if row is None:
        raise Http404
    now = FORMS[kind].filled(row)  # type: ignore[arg-type]
    stored = {
        name: value for name, value in now.items() if form.fields[name].has_changed(value, form[name].data)
    }  # fmt: skip
    return Chosen(kind, pk, form, words, stored)


def review_context(request: HttpRequest, plan: Plan, decision: Decision) -> dict[str, Any]:
    """The panes: source with spans, items in the chosen order, counts; a fixed number of queries for any plan."""
    items = queries.items_of(plan)
    order = order_of(request)
    by_key = {item.key: (item, item_address(plan, item.kind, item.pk, order)) for item in items}
    settled = sum(item.settled for item in items)
    user_id = request.actor.user_id  # type: ignore[attr-defined]
    return {
        "plan": plan,
        "items": items,
        "by_key": by_key,
        "order": order,
        "groups": [(group, [by_key[item.key] for item in group.items]) for group in groups_of(items, order)],
        "paragraphs": source_paragraphs(plan.text, plan.paragraphs, items),
        "checked": settled,
        "checked_percent": 100 * settled / len(items) if items else 0,
        "concerns": concerns_of(items, plan.issued_on, queries.as_of(plan)),
        "twin": queries.same_document(plan) if plan.is_draft else None,
        "has_original": originals.is_kept(plan),
        "may_correct": decision,
        "phrases": sorted({phrase for item in items for _role, phrase in item.phrases}),
        **(_steps(plan, user_id) if decision else {}),
    }


def _steps(plan: Plan, user_id: int | None) -> dict[str, Any]:
    """What can be undone and done again, by name, and the newest step that this screen knows."""
    undo, redo = reviewing.undoable(plan, user_id), reviewing.redoable(plan, user_id)
    return {
        "undo": reviewing.VERBS.get(undo.verb, undo.verb) if undo else "",
        "redo": reviewing.VERBS.get(redo.verb, redo.verb) if redo else "",
        "since": reviewing.last_number(plan),
    }


def editor_context(plan: Plan, chosen: Chosen) -> dict[str, Any]:
    """The form of one item, and which agencies its phrases name."""
    form, kind = chosen.form, chosen.kind
    row = row_or_404(plan, kind, chosen.pk) if chosen.pk else None
    lines = "\n".join(
        str(form[name].value() or "") for name in ("lead", "coordinating", "owed_by") if name in form.fields
    )
    phrases = list(dict.fromkeys(line.strip() for line in lines.splitlines() if line.strip()))[:MOST_PHRASES]
    return {
        "form": form,
        "row": row,
        "kind": kind,
        "kind_words": KIND_WORDS[kind],
        "others": [(other, KIND_WORDS[other], KEYS[other]) for other in Kind if other is not kind],
        "current": f"{kind}-{chosen.pk}" if chosen.pk else "",
        "seen": reviewing.seen_of(row) if row else "",
        "stale": chosen.stale,
        "stored": [(form[name].label, value) for name, value in chosen.stored.items()],
        "named": names_of(phrases, plan.area, queries.as_of(plan)) if phrases else [],
    }


def first_item(groups: Sequence[Group]) -> Item | None:
    """The first item that needs a look; when none does, the first of all."""
    items = [item for group in groups for item in group.items]
    return next((item for item in items if not item.settled), items[0] if items else None)


def show(
    request: HttpRequest, plan: Plan, chosen: Chosen | None = None, *, status: int = 200, problem: str = ""
) -> HttpResponse:
    """The review with an item chosen (the first that needs a look when none is given), as a page or, asked for by
    the page's script, as its workspace alone."""
    decision = policies.may_correct(request.actor, plan)  # type: ignore[attr-defined]
    context = review_context(request, plan, decision) | {"problem": problem}
    if chosen is None and (first := first_item([group for group, _items in context["groups"]])):
        chosen = chosen_item(plan, first.kind, first.pk)
    if chosen is not None:
        context |= editor_context(plan, chosen)
    if not request.htmx:  # type: ignore[attr-defined]
        return render(request, "web/plans/review.html", context, status=status)
    answer = render(request, "web/plans/workspace.html", context, status=status)
    answer["X-Address"] = (
        item_address(plan, chosen.kind, chosen.pk, context["order"])
        if chosen and chosen.pk
        else f"{reverse('plans:review', args=[plan.pk])}?sap={context['order']}"
    )
    return answer


def go_to(request: HttpRequest, plan: Plan, item: Item | Target | Task | Duty | None) -> HttpResponse:
    """On to an item (none: to the review): the workspace for the page's script, else a redirect."""
    kind = None if item is None else item.kind if isinstance(item, Item) else Kind(item._meta.model_name or "")
    if request.htmx:  # type: ignore[attr-defined]
        return show(request, plan, chosen_item(plan, kind, item.pk) if item and kind else None)
    if item is None or kind is None:
        return HttpResponseRedirect(f"{reverse('plans:review', args=[plan.pk])}?sap={order_of(request)}")
    return HttpResponseRedirect(item_address(plan, kind, item.pk, order_of(request)))
