"""Reading plans. The actor comes first: what they may not see is not there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from haidang.accounts.actors import Actor, Role
from haidang.agencies.models import Agency, AgencyLineage, Area
from haidang.agencies.queries import in_force
from haidang.kernel import clock
from haidang.kernel.text import collation_key
from haidang.plans.models import Assignment, Duty, Plan, PlanState, Target, Task
from haidang.plans.resolving import agencies_named
from haidang.plans.rules import Item, Kind, WindowState, speaks_of, window_state

HEAVY = ("text", "paragraphs", "reading")  # columns that lists do without


def _count(model: type[Target] | type[Task] | type[Duty]) -> Coalesce:
    rows: Any = model._default_manager.filter(plan=OuterRef("pk")).order_by().values("plan")
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), Value(0))


def _standing_areas(actor: Actor) -> Q:
    found = Q(pk__in=[])
    for seat in actor.seats:
        if seat.standing:
            found |= Q(area__path=seat.area_path) | Q(area__path__startswith=seat.area_path + "/")
    return found


def _areas_above(actor: Actor) -> list[str]:
    """The paths of the areas that the actor's seats lie in, from the province down to the seat's own."""
    paths: set[str] = set()
    for seat in actor.seats:
        ids = seat.area_path.split("/")
        paths |= {"/".join(ids[:depth]) for depth in range(1, len(ids) + 1) if seat.area_path}
    return sorted(paths)


def own_agencies(actor: Actor) -> set[int]:
    """The actor's agencies and those whose functions passed to them: what was given to these is theirs to carry on."""
    found = set(actor.agency_ids)
    newest = found
    while newest:
        earlier = AgencyLineage.objects.filter(new_id__in=newest).values_list("old_id", flat=True)
        newest = set(earlier) - found
        found |= newest
    return found


def plans_visible(actor: Actor) -> QuerySet[Plan]:
    """The plans an actor may see, with the number of targets, tasks and duties as n_targets, n_tasks, n_duties.

    Drafts: the standing agency over the area. Accepted plans: whoever works in the area or below it, and every agency
    that a task names. Texts and readings stay in the database until asked for.
    """
    plans = (
        Plan.objects.select_related("area", "accepted_by")
        .defer(*HEAVY)
        .annotate(n_targets=_count(Target), n_tasks=_count(Task), n_duties=_count(Duty))
    )
    if actor.system:
        return plans
    named = Exists(
        Assignment.agencies.through.objects.filter(
            assignment__task__plan=OuterRef("pk"), agency_id__in=own_agencies(actor)
        )
    )
    accepted = Q(state=PlanState.ACCEPTED) & (Q(area__path__in=_areas_above(actor)) | named)
    return plans.filter(_standing_areas(actor) | accepted)


def plan_for(actor: Actor, pk: int) -> Plan:
    """One plan that the actor may see; Plan.DoesNotExist otherwise, whether or not it exists."""
    return plans_visible(actor).defer(None).defer("reading").get(pk=pk)


def areas_to_import_for(actor: Actor) -> QuerySet[Area]:
    """The areas whose standing agency the actor consolidates for: where a plan can be imported."""
    paths = [seat.area_path for seat in actor.seats if seat.standing and seat.role is Role.CONSOLIDATOR]
    return in_force(Area.objects.filter(path__in=paths), clock.today()).order_by("path")


def as_of(plan: Plan) -> date:
    """The day as of which the plan names agencies."""
    return speaks_of(plan.issued_on, plan.data_to, plan.year_from, plan.year_to, clock.today())


def _span(row: Target | Task | Duty) -> tuple[int, int] | None:
    return None if row.span_start is None or row.span_end is None else (row.span_start, row.span_end)


def duty_words(duty: Duty) -> str:
    """A duty in one line: "Báo cáo quý: trước 12/3"."""
    words = f"Báo cáo {duty.get_period_display()}"
    if not duty.due:
        return words + ": chưa nêu ngày"
    before = {True: "trước", False: "chậm nhất", None: "hạn"}[duty.strict]
    return f"{words}: {before} {duty.due}"


def same_document(plan: Plan) -> Plan | None:
    """Another plan of the area with the same number and date of issue: most likely the same one."""
    if not plan.number:
        return None
    twins = Plan.objects.filter(area__path=plan.area.path, number=plan.number, issued_on=plan.issued_on)
    return twins.exclude(pk=plan.pk).defer(*HEAVY).order_by("-state", "pk").first()


def items_of(plan: Plan) -> list[Item]:
    """Targets, tasks and duties of a plan as the review lists them: three queries, whatever their number."""
    items = [
        Item(Kind.TARGET, row.pk, row.position, "", row.text, _span(row), row.rule, row.confidence, row.checked)
        for row in plan.targets.all()
    ]
    leads = Count("assignments", filter=Q(assignments__role="lead"))
    items += [
        Item(
            Kind.TASK, row.pk, row.position, row.section, row.text, _span(row), row.rule, row.confidence, row.checked,
            row.n_leads,
        )
        for row in plan.tasks.annotate(n_leads=leads)
    ]  # fmt: skip
    items += [
        Item(Kind.DUTY, row.pk, row.position, "", duty_words(row), _span(row), row.rule, row.confidence, row.checked)
        for row in plan.duties.all()
    ]
    return items


def item_row(plan: Plan, kind: Kind, pk: int) -> Target | Task | Duty | None:
    """One item of this plan with what its form needs; None when the plan has no such item."""
    if kind is Kind.TARGET:
        return plan.targets.filter(pk=pk).first()
    if kind is Kind.DUTY:
        return plan.duties.filter(pk=pk).first()
    return plan.tasks.filter(pk=pk).prefetch_related("assignments").first()


def owing_agencies(plan: Plan, on: date) -> list[Agency] | None:
    """The agencies in force on a day that the plan's duties name as owing reports; None when they name nobody.

    What stands for an organ or a level that is gone by then reports in its place.
    """
    phrases = {phrase for duty in plan.duties.all() for phrase in duty.owed_by}
    named = {pk for ids in agencies_named(phrases, plan.area, on).values() for pk in ids} if phrases else set()
    return list(Agency.objects.filter(pk__in=named).select_related("area")) or None


@dataclass(slots=True)
class BoardTask:
    """A task on the board: its agencies in words and where its window stands today."""

    task: Task
    state: WindowState
    leads: list[str]
    coordinating: list[str]


@dataclass(slots=True)
class AgencyGroup:
    """The tasks that one agency leads, or that one collective phrase leads; `agency` None for a phrase."""

    words: str
    agency: Agency | None = None
    agencies: int = 0
    tasks: list[BoardTask] = field(default_factory=list)


def _with_agencies(tasks: QuerySet[Task]) -> QuerySet[Task]:
    assignments = Assignment.objects.prefetch_related(Prefetch("agencies", Agency.objects.select_related("area")))
    return tasks.prefetch_related(Prefetch("assignments", assignments))


def _board_task(task: Task, on: date) -> BoardTask:
    assignments = list(task.assignments.all())
    return BoardTask(
        task,
        window_state(task.window_from, task.window_to, on),
        [row.phrase for row in assignments if row.role == "lead"],
        [row.phrase for row in assignments if row.role == "coordinating"],
    )


def tasks_by_agency(plan: Plan, on: date | None = None) -> list[AgencyGroup]:
    """The plan's tasks under who leads them: single agencies first, then collectives, then tasks without a lead.

    A task with two leads stands under both. A phrase that names several agencies is one group under its own words.
    """
    day = on or clock.today()
    groups: dict[tuple[int, str], AgencyGroup] = {}
    for task in _with_agencies(plan.tasks.all()):
        shown = _board_task(task, day)
        leads = [row for row in task.assignments.all() if row.role == "lead"]
        for key, made in [_group_of(row) for row in leads] or [((2, ""), AgencyGroup("Chưa nêu cơ quan chủ trì"))]:
            group = groups.setdefault(key, made)
            if not group.tasks or group.tasks[-1].task.pk != task.pk:
                group.tasks.append(shown)
    return [groups[key] for key in sorted(groups, key=lambda key: (key[0], collation_key(groups[key].words)))]


def _group_of(assignment: Assignment) -> tuple[tuple[int, str], AgencyGroup]:
    agencies: Sequence[Agency] = list(assignment.agencies.all())
    if len(agencies) == 1:
        return (0, str(agencies[0].pk)), AgencyGroup(agencies[0].name, agencies[0], 1)
    rank = 1 if agencies else 0
    return (rank, assignment.phrase), AgencyGroup(assignment.phrase, None, len(agencies))


@dataclass(slots=True)
class MyTask:
    """A task of one of the actor's agencies; `lead` False when it only coordinates."""

    task: Task
    lead: bool
    phrase: str
    state: WindowState


_ORDER = (WindowState.RUNNING, WindowState.AHEAD, WindowState.OPEN, WindowState.PAST)


def _state_for(task: Task, day: date) -> WindowState:
    """Where a task stands for who carries it out: without dates of its own it ends with the years of its plan."""
    state = window_state(task.window_from, task.window_to, day)
    over = task.plan.year_to is not None and task.plan.year_to < day.year
    return WindowState.PAST if state is WindowState.OPEN and over else state


def my_tasks(actor: Actor, on: date | None = None) -> list[MyTask]:
    """The tasks of accepted plans that name the actor's agencies, or those they came from.

    What runs now comes first, by deadline; then what is ahead, what has no dates, and what is past, the latest first.
    A fixed number of queries, plus one for each step back in the agencies' lineage.
    """
    day = on or clock.today()
    mine = Assignment.objects.filter(agencies__in=own_agencies(actor)).distinct()
    tasks = (
        Task.objects.filter(plan__state=PlanState.ACCEPTED, pk__in=mine.values("task"))
        .select_related("plan")
        .defer(*(f"plan__{name}" for name in HEAVY))
        .prefetch_related(Prefetch("assignments", mine, to_attr="mine"))
    )
    found = []
    for task in tasks:
        rows: list[Assignment] = task.mine
        best = next((row for row in rows if row.role == "lead"), rows[0])
        found.append(MyTask(task, best.role == "lead", best.phrase, _state_for(task, day)))
    return sorted(found, key=_place)


def _place(row: MyTask) -> tuple[int, int, bool, int]:
    end = row.task.window_to.toordinal() if row.task.window_to else 0
    return (_ORDER.index(row.state), -end if row.state is WindowState.PAST else end, not row.lead, row.task.pk)
