"""Who would owe a cycle, before it is opened and when it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Q

from haidang.agencies.models import Agency
from haidang.catalogue.forms import forms_in_force
from haidang.filings.models import Cycle
from haidang.filings.rules import CycleSpec, forms_asked
from haidang.kernel.calendars import DueDate
from haidang.kernel.windows import validity_covers
from haidang.plans.models import Plan


def candidates_of(plan: Plan, agencies: Iterable[Agency] | None = None) -> list[Agency]:
    """The agencies under the plan's area, whenever they are in force; only those of `agencies`, when given."""
    path = plan.area.path
    under = Agency.objects.filter(Q(area__path=path) | Q(area__path__startswith=f"{path}/"))
    if agencies is not None:
        under = under.filter(pk__in=[agency.pk for agency in agencies])
    return list(under)


def owed_by(spec: CycleSpec, candidates: Sequence[Agency]) -> tuple[list[str], list[Agency]]:
    """The forms a cycle asks for, and who owes them: in force on the last day on time, filing at least one of them.

    The cycle must have its due date.
    """
    assert spec.due_on is not None
    on = DueDate(spec.due_on, spec.strict).last_day
    codes = list(spec.forms) or [form.code for form in forms_in_force(on)]
    owing = [
        agency
        for agency in candidates
        if validity_covers(agency.valid_from, agency.valid_to, on)
        and forms_asked(agency.function, agency.level, codes, on)
    ]
    return codes, owing


def same_window_elsewhere(plan: Plan, specs: Iterable[CycleSpec]) -> dict[str, list[Cycle]]:
    """By label of a proposed cycle: cycles of other plans of the area that already ask for the same days; one query."""
    others = Cycle.objects.filter(plan__area__path=plan.area.path).exclude(plan=plan).select_related("plan")
    known: dict[tuple[object, object], list[Cycle]] = {}
    for cycle in others.defer("plan__text", "plan__paragraphs", "plan__reading"):
        known.setdefault((cycle.window_from, cycle.window_to), []).append(cycle)
    return {spec.label: known.get((spec.window.start, spec.window.end), []) for spec in specs}
