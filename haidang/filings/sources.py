"""Where cycles, plans, areas and versions stand around the obligations an actor may see. Reads; the actor first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, Prefetch, Q, QuerySet

from haidang.accounts.actors import Actor
from haidang.agencies.models import Area
from haidang.filings.models import Cycle, Obligation, Ruling, Version
from haidang.filings.queries import visible_obligations
from haidang.plans.models import Plan


@dataclass(frozen=True, slots=True)
class VersionPlace:
    """Where a version stands: its number, its obligation, its agency's code; `visible` when the actor may open it."""

    number: int
    obligation_id: int
    agency_code: str
    visible: bool


def visible_cycles(actor: Actor, plan_id: int | None = None) -> QuerySet[Cycle]:
    """The cycles (of one plan, when given) in which the actor may see an obligation, by due date and window."""
    seen = visible_obligations(actor).order_by().values("cycle_id")
    cycles = Cycle.objects.filter(pk__in=seen)
    return cycles.filter(plan_id=plan_id) if plan_id is not None else cycles


def cycles_with_plans(actor: Actor) -> list[Cycle]:
    """The same with their plans, each plan read once, without its text; two queries."""
    plans = Prefetch("plan", Plan.objects.defer("text", "reading"))
    return list(visible_cycles(actor).prefetch_related(plans))


def plans_with_cycles(actor: Actor) -> QuerySet[Plan]:
    """The plans with a cycle in which the actor may see an obligation; their texts are loaded on demand."""
    seen = visible_cycles(actor).order_by().values("plan_id")
    return Plan.objects.filter(pk__in=seen).defer("text", "reading")


def area_named(pk: int | None) -> Area | None:
    """The area with this row id; None for none, or when there is none."""
    return Area.objects.filter(pk=pk).first() if pk else None


def areas_stood_over(actor: Actor, most: int) -> list[Area]:
    """The areas of the actor's standing seats, and those below in which somebody owes something; by path, `most`."""
    own = Q(path__in=actor.standing_paths())
    owing = Q(pk__in=visible_obligations(actor).order_by().values("agency__area_id"))
    return [area for area in Area.objects.filter(own | owing).order_by("path")[:most] if actor.standing_over(area.path)]


def first_area_in_force(actor: Actor, on: date) -> Area | None:
    """The area of the actor's standing seats, the highest first, that stands on the day; None without one."""
    standing = Area.objects.filter(path__in=actor.standing_paths()).exclude(valid_to__lt=on)
    return min(standing, key=lambda area: (area.path.count("/"), area.path), default=None)


def places_of_versions(actor: Actor, version_ids: Iterable[int]) -> dict[int, VersionPlace]:
    """For each version, where it stands; two queries."""
    rows = list(
        Version.objects.filter(pk__in=list(version_ids)).values_list(
            "pk", "number", "filing__obligation_id", "filing__obligation__agency__code"
        )
    )
    seen = visible_obligations(actor).order_by().filter(pk__in={row[2] for row in rows}).values_list("pk", flat=True)
    visible = set(seen)
    return {pk: VersionPlace(number, at, agency, at in visible) for pk, number, at, agency in rows}


def filers_by_function(plan_id: int) -> dict[str, list[tuple[str, int]]]:
    """By function, the agencies that file for the plan (baseline and waivers aside): name, last obligation."""
    rows = Obligation.objects.filter(cycle__plan_id=plan_id, cycle__baseline=False, waived_reason="")
    latest: dict[tuple[str, str], int] = {}
    for pk, name, function in rows.order_by("cycle__window_to", "pk").values_list(
        "pk", "agency__name", "agency__function"
    ):
        latest[function, name] = pk
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for (function, name), pk in latest.items():
        found[function].append((name, pk))
    return found


def mark_of_plan(plan_id: int) -> tuple[Any, ...]:
    """Changes whenever what is accepted for the plan, who owes it, or who is waived and why, changes; three queries."""
    rulings = Ruling.objects.filter(version__filing__obligation__cycle__plan_id=plan_id)
    owed = Obligation.objects.filter(cycle__plan_id=plan_id).order_by("pk")
    off = owed.exclude(waived_reason="").values_list("pk", "waived_reason")
    return *rulings.aggregate(Max("pk"), Count("pk"), Max("decided_at")).values(), owed.count(), *off
