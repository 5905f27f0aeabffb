"""How far the tasks of plans are: each agency that carries a task, the task as a whole, a plan, all plans at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from haidang.accounts.actors import Actor
from haidang.agencies.models import Agency
from haidang.plans.amending import earlier_tasks
from haidang.plans.carrying import BATCH, Carrier, carriers_of
from haidang.plans.models import Assignment, Evidence, Extension, PlanState, ProgressNote, Task, WorkState
from haidang.plans.progress import Bucket, bucket_of, days_late, last_day_of, tally, worst

PLAN_HEAVY = ("plan__text", "plan__paragraphs", "plan__reading")


@dataclass(frozen=True, slots=True)
class Said:
    """The last note of an agency: its state, the day it speaks of, its words."""

    state: WorkState
    on: date
    text: str


@dataclass(frozen=True, slots=True)
class Stand:
    """Where one agency stands with one task; `extended` when its last day was moved by a decision."""

    carrier: Carrier
    said: Said | None
    last_day: date | None
    extended: bool
    bucket: Bucket
    days: int

    @property
    def agency(self) -> Agency:
        """Whose stand it is."""
        return self.carrier.agency

    @property
    def state(self) -> WorkState:
        """Not started until the agency says otherwise."""
        return self.said.state if self.said else WorkState.NOT_STARTED

    @property
    def excused(self) -> bool:
        """Whether the standing agency took it off this agency's list."""
        return self.state is WorkState.EXCUSED


@dataclass(frozen=True, slots=True)
class TaskProgress:
    """A task as a whole: the worst of its agencies' buckets. `total` is 0 where no agency has said anything yet."""

    bucket: Bucket
    last_day: date | None
    days: int
    done: int = 0
    total: int = 0


def _said(newest_of: Mapping[int, int]) -> dict[int, dict[int, tuple[int, Said]]]:
    """By task and agency the last note, with its place in the order of writing; earlier versions' notes count."""
    found: dict[int, dict[int, tuple[int, Said]]] = defaultdict(dict)
    for ids, newest in _in_batches(newest_of):
        rows = ProgressNote.objects.filter(task__in=ids).order_by("pk")
        for pk, task, agency, state, on, text in rows.values_list("pk", "task_id", "agency_id", "state", "on", "text"):
            known = found[newest[task]].get(agency)
            if known is None or known[0] < pk:
                found[newest[task]][agency] = (pk, Said(WorkState(state), on, text))
    return found


def _in_batches(newest_of: Mapping[int, int]) -> Iterator[tuple[list[int], Mapping[int, int]]]:
    """Ids of tasks, some at a time."""
    ids = list(newest_of)
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH], newest_of


def _granted(newest_of: Mapping[int, int]) -> dict[int, dict[int, date]]:
    """By task and agency the day that the last extension granted."""
    found: dict[int, dict[int, date]] = defaultdict(dict)
    for ids, newest in _in_batches(newest_of):
        rows = Extension.objects.filter(task__in=ids, outcome="granted").order_by("pk")
        for task, agency, day in rows.values_list("task_id", "agency_id", "granted_to"):
            if day is not None:
                found[newest[task]][agency] = day
    return found


def stands_of(tasks: Iterable[Task], on: date, among: frozenset[int] | None = None) -> dict[int, list[Stand]]:
    """Each agency that carries each task, and where it stands, by task id. Plans and areas must be loaded.

    What an agency said or was granted counts for whoever took over from it, until that one says something itself.
    With `among` only those agencies that stand for one of these are given.
    """
    tasks = list(tasks)
    newest_of = earlier_tasks([task.pk for task in tasks])
    said, granted, carriers = _said(newest_of), _granted(newest_of), carriers_of(tasks, on, among)
    return {
        task.pk: [_stand(task, one, said.get(task.pk, {}), granted.get(task.pk, {}), on) for one in carriers[task.pk]]
        for task in tasks
    }


def _stand(
    task: Task, carrier: Carrier, said: Mapping[int, tuple[int, Said]], granted: Mapping[int, date], on: date
) -> Stand:
    notes = [said[pk] for pk in carrier.named if pk in said]
    last = max(notes, key=lambda pair: pair[0])[1] if notes else None
    days = [granted[pk] for pk in carrier.named if pk in granted]
    last_day = last_day_of(task.window_to, task.plan.year_to, max(days, default=None))
    done_on = last.on if last and last.state is WorkState.DONE else None
    return Stand(
        carrier, last, last_day, bool(days), bucket_of(last_day, done_on, on), days_late(last_day, done_on, on)
    )


def progress_of(tasks: Iterable[Task], on: date) -> dict[int, TaskProgress]:
    """Each task as a whole, by task id. Plans and areas must be loaded.

    Most tasks have no note: their bucket follows from days alone, so that only the others ask who carries them.
    """
    tasks = list(tasks)
    newest_of = earlier_tasks([task.pk for task in tasks])
    touched = set(_said(newest_of)) | set(_granted(newest_of))
    stands = stands_of([task for task in tasks if task.pk in touched], on)
    return {task.pk: _whole(task, stands.get(task.pk, ()), on) for task in tasks}


def _whole(task: Task, stands: Sequence[Stand], on: date) -> TaskProgress:
    left = [stand for stand in stands if not stand.excused]
    if not stands:
        last_day = last_day_of(task.window_to, task.plan.year_to)
        return TaskProgress(bucket_of(last_day, None, on), last_day, days_late(last_day, None, on))
    bucket = worst(stand.bucket for stand in left)
    like = [stand for stand in left if stand.bucket is bucket]
    last_days = [stand.last_day for stand in left if stand.last_day]
    return TaskProgress(
        bucket, max(last_days, default=None), max((stand.days for stand in like), default=0),
        sum(stand.state is WorkState.DONE for stand in left), len(left),
    )  # fmt: skip


def tallies(plan_ids: Iterable[int], on: date) -> dict[int, dict[Bucket, int]]:
    """How many tasks of each accepted plan stand in each bucket, by plan id. Who may see the plans is asked before."""
    tasks = (
        Task.objects.filter(plan__in=list(plan_ids), plan__state=PlanState.ACCEPTED)
        .select_related("plan__area")
        .defer(*PLAN_HEAVY, "text")
    )
    rows = list(tasks)
    progress = progress_of(rows, on)
    by_plan: dict[int, list[Bucket]] = defaultdict(list)
    for task in rows:
        by_plan[task.plan_id].append(progress[task.pk].bucket)
    return {plan_id: tally(buckets) for plan_id, buckets in by_plan.items()}


def task_of(plan_id: int, pk: int) -> Task | None:
    """One task of a plan that is or was followed, with its agencies in words; None when there is no such task."""
    rows = Task.objects.filter(plan_id=plan_id, pk=pk).exclude(plan__state=PlanState.DRAFT)
    return rows.select_related("plan__area").defer(*PLAN_HEAVY).prefetch_related("assignments").first()


def history_of(task: Task) -> list[ProgressNote]:
    """All notes of a task with their files, the last one first; those of the versions it continues included."""
    rows = ProgressNote.objects.filter(task__in=earlier_tasks([task.pk])).select_related("agency", "written_by")
    rows = rows.prefetch_related("files")
    return list(rows.order_by("-pk"))


def extensions_of(task: Task) -> list[Extension]:
    """All requests for more time, the last one first."""
    rows = Extension.objects.filter(task__in=earlier_tasks([task.pk]))
    return list(rows.select_related("agency", "asked_by", "decided_by").order_by("-pk"))


def extensions_waiting(actor: Actor) -> list[Extension]:
    """The requests that the actor may decide on, the oldest first."""
    rows = (
        Extension.objects.filter(outcome="", task__plan__state=PlanState.ACCEPTED)
        .select_related("agency", "task__plan__area")
        .defer(*(f"task__{name}" for name in PLAN_HEAVY))
    )
    if not actor.system and not any(seat.standing for seat in actor.seats):
        return []
    return [row for row in rows if actor.standing_over(row.task.plan.area.path)]


def involved_in(task: Task, on: date) -> frozenset[int]:
    """The agencies of a task in any role: those named, and those that carry it today."""
    named = Assignment.agencies.through.objects.filter(assignment__task=task).values_list("agency_id", flat=True)
    return frozenset(named) | {one.agency.pk for one in carriers_of([task], on)[task.pk]}


def evidence_of(task: Task, pk: int) -> Evidence | None:
    """One file of a task; None when the task has no such file."""
    return (
        Evidence.objects.filter(note__task__in=earlier_tasks([task.pk]), pk=pk).select_related("note__agency").first()
    )
