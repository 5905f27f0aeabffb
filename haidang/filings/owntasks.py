"""The tasks of the plan that the filing agency itself carries, told in the same report as its figures."""

from __future__ import annotations

from haidang.filings.models import Cycle, Obligation
from haidang.kernel import clock
from haidang.kernel.dates import short_date
from haidang.plans.following import PLAN_HEAVY, Stand, stands_of
from haidang.plans.models import PlanState, ProgressNote, Task

_LONGEST = 300


def plan_sets_tasks(cycle: Cycle) -> bool:
    """Whether the plan behind a cycle sets any tasks; a baseline asks for figures of the past only."""
    return not cycle.baseline and Task.objects.filter(plan_id=cycle.plan_id).exists()


def own_tasks(obligation: Obligation) -> list[tuple[Task, Stand]]:
    """The tasks of the cycle's plan that the agency carries today, in the order of the plan, and how far it is."""
    tasks = list(
        Task.objects.filter(plan_id=obligation.cycle.plan_id)
        .exclude(plan__state=PlanState.DRAFT)
        .select_related("plan__area")
        .defer(*PLAN_HEAVY)
        .order_by("position", "pk")
    )
    stands = stands_of(tasks, clock.today(), frozenset({obligation.agency_id}))
    return [(task, stand) for task in tasks for stand in stands[task.pk] if stand.agency.pk == obligation.agency_id]


def said_of_tasks(obligation: Obligation) -> list[dict[str, str]]:
    """What the agency has said so far of these tasks, for a version to keep.

    Most agencies have said nothing, and then one query is all: at the deadline hour everybody sends at once.
    """
    if not ProgressNote.objects.filter(agency_id=obligation.agency_id).exists():
        return []
    return [
        {
            "task": str(task.pk),
            "section": task.section,
            "text": task.text[:_LONGEST],
            "state": stand.said.state.label,
            "on": short_date(stand.said.on),
            "said": stand.said.text,
        }
        for task, stand in own_tasks(obligation)
        if stand.said is not None
    ]
