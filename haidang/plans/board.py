"""The tasks of plans as lists: a plan's by who leads them, an agency's own by what is urgent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Prefetch, QuerySet

from haidang.accounts.actors import Actor
from haidang.agencies.models import Agency
from haidang.kernel import clock
from haidang.kernel.text import collation_key, fold, squeeze
from haidang.kernel.windows import validity_covers
from haidang.plans.carrying import heirs_of
from haidang.plans.following import PLAN_HEAVY, Stand, TaskProgress, progress_of, stands_of
from haidang.plans.models import Assignment, Plan, PlanState, Task
from haidang.plans.progress import Bucket
from haidang.plans.queries import own_agencies
from haidang.plans.rules import WindowState, window_state

WITHOUT_LEAD = "Chưa nêu cơ quan chủ trì"
LONGEST_HEADING = 200  # characters; longer ones are bold text, no headings


@dataclass(slots=True)
class BoardTask:
    """A task on the board: its agencies in words, where its window stands on the day, and how far it is.

    `limited` says that some of its leads have only a part of the territory.
    """

    task: Task
    state: WindowState
    progress: TaskProgress
    leads: list[str]
    coordinating: list[str]
    limited: bool = False


@dataclass(slots=True)
class AgencyGroup:
    """The tasks that one agency leads, or that one collective phrase leads; `agency` None for a phrase.

    `now` are the agencies that carry on for one that is gone; `gone` says that nobody does.
    """

    words: str
    agency: Agency | None = None
    agencies: int = 0
    now: tuple[str, ...] = ()
    gone: bool = False
    tasks: list[BoardTask] = field(default_factory=list)


def _with_agencies(tasks: QuerySet[Task]) -> QuerySet[Task]:
    assignments = Assignment.objects.prefetch_related(Prefetch("agencies", Agency.objects.select_related("area")))
    return tasks.prefetch_related(Prefetch("assignments", assignments))


def _board_task(task: Task, progress: TaskProgress, on: date) -> BoardTask:
    assignments = list(task.assignments.all())
    return BoardTask(
        task,
        window_state(task.window_from, task.last_day, on),
        progress,
        [lead_words(row) for row in assignments if row.role == "lead"],
        [row.phrase for row in assignments if row.role == "coordinating"],
        any(row.territory for row in assignments),
    )


def lead_words(row: Assignment) -> str:
    """A lead as written, with the part of the territory that it is limited to."""
    return f"{row.phrase} ({row.get_territory_display()})" if row.territory else row.phrase


def tasks_by_agency(plan: Plan, on: date | None = None) -> list[AgencyGroup]:
    """The plan's tasks under who leads them: single agencies first, then collectives, then tasks without a lead.

    A task with two leads stands under both. A phrase that names several agencies is one group under its own words,
    however its letters are written.
    """
    day = on or clock.today()
    tasks = list(_with_agencies(plan.tasks.all()))
    progress = progress_of(tasks, day)
    groups: dict[tuple[int, str], AgencyGroup] = {}
    for task in tasks:
        shown = _board_task(task, progress[task.pk], day)
        leads = [row for row in task.assignments.all() if row.role == "lead"]
        for key, made in [_group_of(row) for row in leads] or [((2, ""), AgencyGroup(WITHOUT_LEAD))]:
            group = groups.setdefault(key, made)
            if not group.tasks or group.tasks[-1].task.pk != task.pk:
                group.tasks.append(shown)
    _say_who_carries_on([group for group in groups.values() if group.agency], day)
    return [groups[key] for key in sorted(groups, key=lambda key: (key[0], collation_key(groups[key].words)))]


@dataclass(slots=True)
class SectionGroup:
    """The tasks under one heading of the plan."""

    words: str
    tasks: list[BoardTask] = field(default_factory=list)


def by_section(plan: Plan, rows: Iterable[BoardTask]) -> list[SectionGroup]:
    """The plan's tasks, each once, under the headings of its text, in its order. The plan's text must be loaded."""
    headings = [(int(start), int(end)) for (start, bold), end in _with_ends(plan) if bold]
    groups: dict[str, SectionGroup] = {}
    for row in sorted(rows, key=lambda row: (row.task.position, row.task.pk)):
        words = _heading_above(plan, headings, row.task) or (f"Mục {row.task.section}" if row.task.section else "Khác")
        groups.setdefault(words, SectionGroup(words)).tasks.append(row)
    return list(groups.values())


def _with_ends(plan: Plan) -> Iterator[tuple[Sequence[int], int]]:
    """Each paragraph of a plan's text with where it ends."""
    starts = [int(start) for start, _bold in plan.paragraphs]
    return zip(plan.paragraphs, [*starts[1:], len(plan.text)], strict=True)


def _heading_above(plan: Plan, headings: Sequence[tuple[int, int]], task: Task) -> str:
    """The last heading before a task, as it stands; empty when the text has none or the task no place in it."""
    if task.span_start is None:
        return ""
    above = [(start, min(end, task.span_start)) for start, end in headings if start < task.span_start]
    short = [(start, end) for start, end in above if end - start <= LONGEST_HEADING]
    return squeeze(plan.text[slice(*short[-1])]).strip(" .:-") if short else ""


def _group_of(assignment: Assignment) -> tuple[tuple[int, str], AgencyGroup]:
    agencies: Sequence[Agency] = list(assignment.agencies.all())
    if len(agencies) == 1:
        return (0, str(agencies[0].pk)), AgencyGroup(agencies[0].name, agencies[0], 1)
    rank = 1 if agencies else 0
    words = assignment.phrase[:1].upper() + assignment.phrase[1:]
    return (rank, fold(assignment.phrase)), AgencyGroup(words, None, len(agencies))


def _say_who_carries_on(groups: Sequence[AgencyGroup], on: date) -> None:
    """Name the agencies that stand for those that are gone by the day."""
    gone = {g.agency.pk: g for g in groups if g.agency and not validity_covers(None, g.agency.valid_to, on)}
    heirs = heirs_of(gone, on) if gone else {}
    names = dict(
        Agency.objects.filter(pk__in={pk for found in heirs.values() for pk in found}).values_list("pk", "name")
    )
    for pk, group in gone.items():
        group.now = tuple(sorted((names[heir] for heir in heirs[pk]), key=collation_key))
        group.gone = not group.now


@dataclass(slots=True)
class MyTask:
    """A task of one of the actor's agencies. `stand` says how far the agency is; None when it only coordinates."""

    task: Task
    phrase: str
    state: WindowState
    stand: Stand | None

    @property
    def lead(self) -> bool:
        """Whether the agency leads it."""
        return self.stand is not None


_ORDER = (WindowState.RUNNING, WindowState.AHEAD, WindowState.OPEN, WindowState.PAST)


def _state_for(task: Task, day: date) -> WindowState:
    """Where a task stands for who carries it out: without dates of its own it ends with the years of its plan."""
    state = window_state(task.window_from, task.last_day, day)
    over = task.plan.year_to is not None and task.plan.year_to < day.year
    return WindowState.PAST if state is WindowState.OPEN and over else state


def my_tasks(actor: Actor, on: date | None = None) -> list[MyTask]:
    """The tasks of accepted plans that name the actor's agencies, or those they came from.

    What is led and overdue comes first; then what runs, by deadline; what is ahead; what has no dates; what is past or
    done. What the agency was excused from is left out. A fixed number of queries, plus some for each step of lineage.
    """
    day = on or clock.today()
    own = own_agencies(actor)
    mine = Assignment.objects.filter(agencies__in=own).distinct()
    tasks = list(
        Task.objects.filter(plan__state=PlanState.ACCEPTED, pk__in=mine.values("task"))
        .select_related("plan__area")
        .defer(*PLAN_HEAVY)
        .prefetch_related(Prefetch("assignments", mine, to_attr="mine"))
    )
    led = [task for task in tasks if any(row.role == "lead" for row in task.mine)]
    stands = stands_of(led, day, frozenset(own)) if led else {}
    found = []
    for task in tasks:
        rows: list[Assignment] = task.mine
        stand = _own_stand(actor, stands.get(task.pk, ()))
        if stand is not None and stand.excused:
            continue
        best = next((row for row in rows if row.role == "lead"), rows[0])
        found.append(MyTask(task, best.phrase, _state_for(task, day), stand))
    return sorted(found, key=_place)


def _own_stand(actor: Actor, stands: Sequence[Stand]) -> Stand | None:
    """The stand of the actor's agency: of several, of one that has work left."""
    own = [stand for stand in stands if stand.agency.pk in actor.agency_ids]
    return next((stand for stand in own if not stand.excused), own[0] if own else None)


def _place(row: MyTask) -> tuple[int, int, int, bool, int]:
    """Overdue work, then what is left of it by its window, then what is done."""
    end = row.task.last_day.toordinal() if row.task.last_day else 0
    urgency = 1
    if row.stand:
        end = row.stand.last_day.toordinal() if row.stand.extended and row.stand.last_day else end
        urgency = {Bucket.OVERDUE: 0, Bucket.OPEN: 1}.get(row.stand.bucket, 2)
    return (urgency, _ORDER.index(row.state), -end if row.state is WindowState.PAST else end, not row.lead, row.task.pk)
