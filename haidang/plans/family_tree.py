"""The family of a plan from the database: its plans, the edges between them, and the tree that the page draws."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from django.db.models import Q
from django.db.models.functions import Substr

from haidang.accounts.actors import Actor
from haidang.agencies.models import Level
from haidang.kernel.text import fold
from haidang.plans.family import (
    HEAD,
    Citation,
    Edge,
    Family,
    Open,
    Sheet,
    Why,
    citations_of,
    family_of,
    own_numbers,
)
from haidang.plans.models import Plan, PlanLink, PlanState
from haidang.plans.queries import HEAVY, plans_visible
from haidang.reading.letters import compiled

MOST_SHOWN = 80  # children of one plan on the page
_RANKS = {Level.CENTRAL: 0, Level.PROVINCE: 1, Level.DISTRICT: 2, Level.COMMUNE: 3}
# Numbers of plans, programmes and of the decisions that wrap them; laws, decrees and letters are no parents.
_PLANS_NUMBER = compiled(r"/\s*(?:KH|CTr|CTR|ĐA|QĐ|CL|PA)\s*[-–]")


@dataclass(frozen=True, slots=True)
class Kin:
    """The plans around a plan, by id, with the edges between them; lists do without texts."""

    plans: Mapping[int, Plan]
    family: Family

    def parents(self, pk: int) -> list[Plan]:
        """The plans right above one."""
        return [self.plans[edge.parent] for edge in self.family.parents(pk)]

    def children(self, pk: int) -> list[Plan]:
        """The plans right below one, by area, issuer and day."""
        return sorted((self.plans[edge.child] for edge in self.family.children(pk)), key=_order)

    def below(self, pk: int) -> list[Plan]:
        """All plans below one, each once, the nearest first."""
        found: dict[int, Plan] = {}
        frontier = [pk]
        while frontier:
            fresh = [one for one in self.children(frontier.pop(0)) if one.pk not in found]
            found |= {one.pk: one for one in fresh}
            frontier += [one.pk for one in fresh]
        return list(found.values())

    def open_of(self, pk: int) -> list[Open]:
        """The citations of a plan that led to no edge and that a person has not settled."""
        return [one for one in self.family.open if one.child == pk]


def _order(plan: Plan) -> tuple[str, str, date, int]:
    return plan.area.path, fold(plan.issuer), plan.issued_on or date.min, plan.pk


def kin_of(plan: Plan) -> Kin:
    """The plans of the same province and of the centre (for a plan of the centre: of the whole country), with edges.

    Three queries. Drafts are no part of a family; a plan that was replaced lends its number to the newer version.
    """
    rows = {row.pk: row for row in _around(plan)}
    rows.setdefault(plan.pk, plan)
    newest = {pk: _newest(pk, rows) for pk in rows}
    numbers: dict[int, set[str]] = {}
    days: dict[int, set[date]] = {}
    cites: dict[int, tuple[Citation, ...]] = {}
    for pk, row in rows.items():
        head = getattr(row, "head", None)
        own, cited = _read(row.number, tuple(row.legal_bases), plan.text[:HEAD] if head is None else head)
        numbers.setdefault(newest[pk], set()).update(own)
        if row.issued_on:
            days.setdefault(newest[pk], set()).add(row.issued_on)
        cites[pk] = cited
    kept = {pk: row for pk, row in rows.items() if newest[pk] == pk or pk == plan.pk}
    sheets = [
        _sheet(row, frozenset(numbers.get(pk, ())), cites[pk], frozenset(days.get(pk, ()))) for pk, row in kept.items()
    ]
    links = PlanLink.objects.filter(child__in=kept, parent__in=kept)
    said = {(child, parent): stands for child, parent, stands in links.values_list("child", "parent", "stands")}
    return Kin(kept, family_of(sheets, said))


def _around(plan: Plan) -> Iterable[Plan]:
    rows = Plan.objects.exclude(state=PlanState.DRAFT).select_related("area").defer(*HEAVY, "recipients")
    if plan.area.level != Level.CENTRAL:
        top = plan.area.path.split("/")[0]
        rows = rows.filter(Q(area__path=top) | Q(area__path__startswith=top + "/") | Q(area__level=Level.CENTRAL))
    return rows.annotate(head=Substr("text", 1, HEAD)).order_by("pk")


def _newest(pk: int, rows: Mapping[int, Plan]) -> int:
    """The version of a plan that is followed now."""
    later = {row.replaces_id: row.pk for row in rows.values() if row.replaces_id}
    seen = {pk}
    while pk in later and later[pk] not in seen:
        pk = later[pk]
        seen.add(pk)
    return pk


@lru_cache(maxsize=4096)
def _read(number: str, legal_bases: tuple[str, ...], head: str) -> tuple[frozenset[str], tuple[Citation, ...]]:
    return own_numbers(number, head), citations_of(legal_bases, head)


def _sheet(row: Plan, numbers: frozenset[str], cites: tuple[Citation, ...], days: frozenset[date]) -> Sheet:
    rank = _RANKS[Level(row.area.level)]
    return Sheet(row.pk, numbers, row.issued_on, row.issuer, row.area.path, rank, cites, days)


def is_plans_number(number: str) -> bool:
    """Whether a cited number is that of a plan, a programme, or a decision that may wrap one."""
    return bool(_PLANS_NUMBER.search(number)) or bool(re.search(r"/KH", number))


# the tree of the page


@dataclass(slots=True)
class Node:
    """A plan of the tree, or (without `plan`) a document that it rests on and that is not imported.

    `why` is what joins it to the node above; `current` marks the plan the page is of; `hidden` counts its children
    that are not drawn, being others' or too many.
    """

    plan: Plan | None = None
    citation: Citation | None = None
    why: Why | None = None
    current: bool = False
    hidden: int = 0
    children: list[Node] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        """This node and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


def tree_of(actor: Actor, plan: Plan, kin: Kin) -> list[Node]:
    """The trees in which a plan stands: from its topmost parents down to it, and all that it has below.

    Of the plans above only those on the way down to it are drawn. A parent that is also above another parent is drawn
    once, there. Plans that the actor may not see are counted, not named.
    """
    seen = set(plans_visible(actor).filter(pk__in=kin.plans).values_list("pk", flat=True)) | {plan.pk}
    below = _branch(plan.pk, kin, seen, frozenset())
    below.current = True
    roots = _upward(plan.pk, below, kin, seen)
    missing = [
        Node(citation=one.citation)
        for one in kin.open_of(plan.pk)
        if not one.candidates and is_plans_number(one.citation.number)
    ]
    return [*missing, *roots]


def _branch(pk: int, kin: Kin, seen: Collection[int], above: frozenset[int]) -> Node:
    edges = {edge.child: edge for edge in kin.family.children(pk)}
    children = [one for one in kin.children(pk) if one.pk in seen and one.pk not in above]
    node = Node(kin.plans[pk], hidden=len(edges) - len(children[:MOST_SHOWN]))
    for child in children[:MOST_SHOWN]:
        node.children.append(_branch(child.pk, kin, seen, above | {pk}))
        node.children[-1].why = edges[child.pk].why
    return node


def _upward(pk: int, node: Node, kin: Kin, seen: Collection[int]) -> list[Node]:
    """The roots of the trees that end in `node`, which is the plan `pk` with what it has below."""
    edges = [edge for edge in _direct(kin, pk) if edge.parent in seen]
    if not edges:
        return [node]
    roots: list[Node] = []
    for edge in edges:
        own = Node(node.plan, node.citation, edge.why, node.current, node.hidden, node.children)
        parent = Node(kin.plans[edge.parent], hidden=len(kin.family.children(edge.parent)) - 1, children=[own])
        roots += _upward(edge.parent, parent, kin, seen)
    return roots


def _direct(kin: Kin, pk: int) -> list[Edge]:
    """The edges up from a plan, without those to plans that stand above another one of its parents."""
    edges = kin.family.parents(pk)
    higher = {up for edge in edges for up in _above(kin, edge.parent)}
    return [edge for edge in edges if edge.parent not in higher]


def _above(kin: Kin, pk: int) -> set[int]:
    found: set[int] = set()
    frontier = [pk]
    while frontier:
        fresh = {edge.parent for edge in kin.family.parents(frontier.pop())} - found
        found |= fresh
        frontier += fresh
    return found


def to_link(actor: Actor, plan: Plan, kin: Kin) -> list[Plan]:
    """The plans that a person may choose as a parent: what the actor sees, above or beside it, not its parent yet."""
    taken = {edge.parent for edge in kin.family.parents(plan.pk)} | {one.pk for one in kin.below(plan.pk)} | {plan.pk}
    visible = set(plans_visible(actor).filter(pk__in=kin.plans, state=PlanState.ACCEPTED).values_list("pk", flat=True))
    rank = _RANKS[Level(plan.area.level)]
    return sorted(
        (
            one
            for one in kin.plans.values()
            if one.pk in visible and one.pk not in taken and _RANKS[Level(one.area.level)] <= rank
        ),
        key=lambda one: (_RANKS[Level(one.area.level)], -(one.issued_on or date.min).toordinal(), one.pk),
    )
