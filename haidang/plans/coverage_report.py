"""What of a plan the plans below it take up: its targets and tasks, plan by plan, from the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from haidang.accounts.actors import Actor
from haidang.plans.coverage import Item, Level, Match, Taken, matches_of, whole
from haidang.plans.family_tree import Kin
from haidang.plans.models import Plan, Target, TargetTakenUp, Task, TaskTakenUp
from haidang.plans.queries import plans_visible
from haidang.plans.rules import Kind

_ITEM_COLUMNS = ("pk", "plan_id", "text")


@dataclass(frozen=True, slots=True)
class Line:
    """One target or task of the plan above, with its matches below, best first."""

    kind: Kind
    item: Item
    matches: tuple[Match, ...]

    @property
    def taken(self) -> Taken:
        """What became of it in all plans below together."""
        return whole(self.matches)

    @property
    def plans(self) -> int:
        """How many plans below take it up."""
        return len({match.plan for match in self.matches if match.taken is Taken.YES})

    @property
    def lower(self) -> int:
        """How many plans below take it up at a lower level."""
        return len({m.plan for m in self.matches if m.taken is Taken.YES and m.level is Level.LOWER})

    def within(self, plan: int) -> list[Match]:
        """Its matches in one plan below."""
        return [match for match in self.matches if match.plan == plan]


@dataclass(frozen=True, slots=True)
class ChildCoverage:
    """What one plan below takes up: how many targets and tasks surely and perhaps, and how many levels are lower."""

    plan: Plan
    targets: int
    tasks: int
    perhaps: int
    lower: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """The items of a plan against all plans right below it that the actor sees; `texts` are the items below by id."""

    plan: Plan
    children: tuple[ChildCoverage, ...]
    lines: tuple[Line, ...]
    texts: Mapping[tuple[Kind, int], Item]

    def of(self, kind: Kind) -> list[Line]:
        """The lines of one kind."""
        return [line for line in self.lines if line.kind is kind]

    def count(self, kind: Kind, taken: Taken) -> int:
        """How many items of a kind have this outcome."""
        return sum(line.taken is taken for line in self.of(kind))


def coverage_of(actor: Actor, plan: Plan, kin: Kin) -> Coverage:
    """Compare a plan with those right below it; six queries, whatever their number. Plans in force are compared."""
    visible = set(plans_visible(actor).filter(pk__in=kin.plans).values_list("pk", flat=True))
    children = [one for one in kin.children(plan.pk) if one.pk in visible]
    ids = tuple(sorted(one.pk for one in children))
    lines: list[Line] = []
    texts: dict[tuple[Kind, int], Item] = {}
    for kind in (Kind.TARGET, Kind.TASK):
        above, below = _items(kind, (plan.pk,)), _items(kind, ids)
        found = _matched(above, below, _said(kind, above))
        texts |= {(kind, item.pk): item for item in below}
        lines += [Line(kind, item, tuple(found[item.pk])) for item in above]
    return Coverage(plan, tuple(_of_child(child, lines) for child in children), tuple(lines), texts)


def _items(kind: Kind, plans: Sequence[int]) -> tuple[Item, ...]:
    """The items of some plans, in their order."""
    if not plans:
        return ()
    if kind is Kind.TARGET:
        rows = Target.objects.filter(plan__in=plans).order_by("plan", "position", "pk")
        columns = rows.values_list(*_ITEM_COLUMNS, "comparator", "value", "unit")
        return tuple(Item(pk, of, text, "", how, value, unit) for pk, of, text, how, value, unit in columns)
    tasks = Task.objects.filter(plan__in=plans).order_by("plan", "position", "pk")
    return tuple(Item(*row) for row in tasks.values_list(*_ITEM_COLUMNS, "section"))


def _said(kind: Kind, above: Iterable[Item]) -> tuple[tuple[int, int, bool], ...]:
    model = TargetTakenUp if kind is Kind.TARGET else TaskTakenUp
    rows = model._default_manager.filter(above__in=[item.pk for item in above]).order_by("pk")
    return tuple(rows.values_list("above_id", "below_id", "stands"))


@lru_cache(maxsize=32)
def _matched(
    above: tuple[Item, ...], below: tuple[Item, ...], said: tuple[tuple[int, int, bool], ...]
) -> dict[int, list[Match]]:
    """The matches, kept for as long as no text and nothing said changes: items of accepted plans stay as they are."""
    return matches_of(above, below, {(up, down): stands for up, down, stands in said})


def _of_child(child: Plan, lines: Iterable[Line]) -> ChildCoverage:
    taken = {Kind.TARGET: 0, Kind.TASK: 0, Kind.DUTY: 0}
    perhaps = lower = 0
    for line in lines:
        matches = line.within(child.pk)
        outcome = whole(matches)
        taken[line.kind] += outcome is Taken.YES
        perhaps += outcome is Taken.PERHAPS
        lower += any(match.taken is Taken.YES and match.level is Level.LOWER for match in matches)
    return ChildCoverage(child, taken[Kind.TARGET], taken[Kind.TASK], perhaps, lower)
