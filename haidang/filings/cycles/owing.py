"""Who would owe a cycle, before it is opened and when it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from haidang.agencies.models import Agency, Level
from haidang.catalogue.forms import forms_in_force
from haidang.catalogue.holidays import work_calendar
from haidang.filings.cycles.due_dates import due_at, due_of
from haidang.filings.models import Cycle, Obligation
from haidang.filings.rules import CycleSpec, forms_asked
from haidang.filings.succession import area_paths_after, area_paths_akin, with_heirs
from haidang.kernel.calendars import DueDate
from haidang.kernel.windows import Window, validity_covers
from haidang.plans.models import Plan


@dataclass(frozen=True, slots=True)
class Owing:
    """One agency that would owe a cycle, and by when."""

    agency: Agency
    due: DueDate


def candidates_of(plan: Plan, agencies: Iterable[Agency] | None = None) -> list[Agency]:
    """The agencies under the plan's area and under what the area went into, whenever they are in force.

    Only those of `agencies`, when given, and those that took over from them. A national plan that names nobody asks the
    central agencies and the provinces.
    """
    under = Q(pk__in=[])
    if plan.area.level == Level.CENTRAL:
        under = ~Q(pk__in=[]) if agencies is not None else Q(level__in=(Level.CENTRAL, Level.PROVINCE))
    for path in area_paths_after(plan.area):
        under |= Q(area__path=path) | Q(area__path__startswith=f"{path}/")
    rows = Agency.objects.filter(under)
    if agencies is not None:
        rows = rows.filter(pk__in=with_heirs(agency.pk for agency in agencies))
    return list(rows)


def levels_under(plan: Plan) -> tuple[str, ...]:
    """The levels of administration below the plan's area's own, from the top down: those that may owe earlier."""
    order = tuple(Level.values)
    return order[order.index(plan.area.level) + 1 :]


def owed_by(spec: CycleSpec, candidates: Sequence[Agency]) -> tuple[list[str], list[Owing]]:
    """The forms a cycle asks for, and who owes them: in force on their own last day on time, of a level and function
    that is asked, filing at least one of the forms.

    The cycle must have its due date.
    """
    calendar = work_calendar()
    due = due_of(spec, calendar)
    codes = list(dict.fromkeys(spec.forms)) or [form.code for form in forms_in_force(due.last_day)]
    steps = dict(spec.steps)
    owing = [
        Owing(agency, due_at(due, agency.level, steps, calendar))
        for agency in candidates
        if (not spec.levels or agency.level in spec.levels)
        and (not spec.functions or agency.function in spec.functions)
        and forms_asked(agency.function, agency.level, codes, due.last_day)
    ]
    return codes, [one for one in owing if _in_force(one)]


def unfiled_words(spec: CycleSpec, owing: Iterable[Owing]) -> str:
    """Which of the forms chosen for a cycle none of the agencies that owe it files, as a sentence; "" where none is."""
    kinds = {(one.agency.function, one.agency.level) for one in owing}
    on = due_of(spec, work_calendar()).last_day
    filed = {form.code for function, level in kinds for form in forms_asked(function, level, spec.forms, on)}
    left = [code for code in dict.fromkeys(spec.forms) if code not in filed]
    if not left:
        return ""
    return (
        f"Không cơ quan nào trong số phải nộp có biểu {', '.join(left)}: biểu ghi chức năng và cấp khác. "
        "Bỏ chọn biểu, hoặc xem lại cấp và cơ quan được nêu."
    )


def _in_force(one: Owing) -> bool:
    return validity_covers(one.agency.valid_from, one.agency.valid_to, one.due.last_day)


def asked_elsewhere(plan: Plan, spec: CycleSpec, codes: Sequence[str]) -> set[int]:
    """The agencies that owe the same days and forms already, under the plan of another area that became theirs too.

    Where provinces merged, each with its plan, the agencies that follow both file once. Two or three queries.
    """
    akin = [path for path in area_paths_akin(plan.area) if path != plan.area.path]
    if not akin:
        return set()
    rows = Obligation.objects.filter(
        cycle__window_from=spec.window.start, cycle__window_to=spec.window.end, cycle__plan__area__path__in=akin
    )
    return {pk for pk, forms in rows.values_list("agency_id", "cycle__forms") if set(codes) <= set(forms)}


def same_window_words(plan: Plan, specs: Iterable[CycleSpec]) -> dict[str, str]:
    """By label of a proposed cycle: what is to be minded where the plan, or another of its area, asks for the same days
    and forms already; "" where none does. One query.
    """
    others = Cycle.objects.filter(plan__area__path=plan.area.path).select_related("plan").order_by("pk")
    known: dict[Window, list[Cycle]] = {}
    for cycle in others.defer("plan__text", "plan__paragraphs", "plan__reading"):
        known.setdefault(cycle.window, []).append(cycle)
    return {spec.label: _twin_words(plan, spec, known.get(spec.window, [])) for spec in specs}


def _twin_words(plan: Plan, spec: CycleSpec, cycles: Iterable[Cycle]) -> str:
    twins = [one for one in cycles if not spec.forms or set(spec.forms) & set(one.forms)]
    own = sorted({f"“{cycle.label}”" for cycle in twins if cycle.plan_id == plan.pk})
    plans = sorted({cycle.plan.number or cycle.plan.heading for cycle in twins if cycle.plan_id != plan.pk})
    told = [f"theo kế hoạch này với tên {'; '.join(own)}"] if own else []
    told += [f"theo {'; '.join(plans)}"] if plans else []
    if not told:
        return ""
    return (
        f"Kỳ của đúng khoảng này đã mở {' và '.join(told)}. Mở thêm thì đơn vị phải nộp hai lần; bỏ chọn nếu không cần."
    )
