"""How far the tasks of plans are: each agency that carries a task, the task as a whole, a plan, all plans at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from haidang.accounts.actors import Actor
from haidang.agencies.models import Agency
from haidang.kernel.calendars import Period
from haidang.plans.amending import earlier_tasks
from haidang.plans.carrying import BATCH, Carrier, carriers_of
from haidang.plans.models import Assignment, Evidence, Extension, PlanState, ProgressNote, Task, WorkState
from haidang.plans.progress import (
    Bucket,
    Occurrence,
    begun,
    bucket_of,
    days_late,
    last_day_of,
    occurrence_on,
    occurrences_of,
    tally,
    worst,
)
from haidang.reading.recurrence import LIKELY, recurrence_in

PLAN_HEAVY = ("plan__text", "plan__paragraphs", "plan__reading")


Turns = Mapping[int, Sequence[Occurrence]]  # by task id


@dataclass(frozen=True, slots=True)
class Said:
    """The last note of an agency: its state, the day it speaks of, its words."""

    state: WorkState
    on: date
    text: str


@dataclass(frozen=True, slots=True)
class Turn:
    """Where an agency stands with one turn of a task that comes round."""

    occurrence: Occurrence
    said: Said | None
    last_day: date
    extended: bool
    bucket: Bucket
    days: int

    @property
    def missed(self) -> bool:
        """Whether its last day is over and nobody said that it was done."""
        return self.bucket is Bucket.OVERDUE

    @property
    def done(self) -> bool:
        """Whether it was done, in time or late."""
        return self.bucket in (Bucket.DONE, Bucket.DONE_LATE)


@dataclass(frozen=True, slots=True)
class Stand:
    """Where one agency stands with one task; `extended` when its last day was moved by a decision.

    A task that comes round has `turns`: those that have begun, in order. It stands as badly as the worst of them;
    `said` and `last_day` are those of the current one, the last of them.
    """

    carrier: Carrier
    said: Said | None
    last_day: date | None
    extended: bool
    bucket: Bucket
    days: int
    turns: tuple[Turn, ...] = ()

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

    @property
    def missed(self) -> list[Turn]:
        """The turns that are over and not done; none of what is done once."""
        return [turn for turn in self.turns if turn.missed]


@dataclass(frozen=True, slots=True)
class TaskProgress:
    """A task as a whole: the worst of its agencies' buckets. `total` is 0 where no agency has said anything yet.

    `turn` is the current occurrence of a task that comes round; `missed` are the earlier ones that some agency has not
    done, in words.
    """

    bucket: Bucket
    last_day: date | None
    days: int
    done: int = 0
    total: int = 0
    turn: Occurrence | None = None
    missed: tuple[str, ...] = ()


def turns_of(tasks: Iterable[Task]) -> dict[int, tuple[Occurrence, ...]]:
    """The turns of those tasks that come round, by task id; plans must be loaded."""
    found = {task.pk: occurrences_of(recurrence_of(task), *_days_of(task)) for task in tasks}
    return {pk: turns for pk, turns in found.items() if turns}


def recurrence_of(task: Task) -> Period | None:
    """How often a task comes round: as a person set it, else as its text says; None for what is done once."""
    if task.recurrence != "auto":
        return None if task.recurrence == "none" else Period(task.recurrence)
    read = recurrence_in(task.text)
    return read.period if read and read.confidence >= LIKELY else None


def _days_of(task: Task) -> tuple[date | None, date | None]:
    """The first and last day on which a task's turns may lie: its own window, else from its plan's issue to its end."""
    plan = task.plan
    years = [year for year in (plan.year_from, plan.year_to) if year]
    begin = task.window_from or plan.issued_on or (date(min(years), 1, 1) if years else None)
    if begin and years and begin < date(min(years), 1, 1):
        begin = date(min(years), 1, 1)
    return begin, last_day_of(task.last_day, plan.year_to or (begin.year if begin else None))


# by task, agency and turn ("" for what is done once): the last note, with its place in the order of writing
Notes = dict[int, dict[int, dict[str, tuple[int, Said]]]]


def _said(newest_of: Mapping[int, int], turns: Turns) -> Notes:
    """The last notes; earlier versions' notes count. A note without a turn speaks of the one its day lies in."""
    found: Notes = defaultdict(lambda: defaultdict(dict))
    for ids, newest in _in_batches(newest_of):
        rows = ProgressNote.objects.filter(task__in=ids).order_by("pk")
        columns = ("pk", "task_id", "agency_id", "occurrence", "state", "on", "text")
        for pk, task, agency, occurrence, state, on, text in rows.values_list(*columns):
            of_task = turns.get(newest[task], ())
            key = _turn_key(occurrence, on, state, of_task)
            known = found[newest[task]][agency].get(key)
            if known is None or known[0] < pk:
                found[newest[task]][agency][key] = (pk, Said(WorkState(state), on, text))
    return found


def _turn_key(occurrence: str, on: date, state: str, turns: Sequence[Occurrence]) -> str:
    """Under which turn a note counts; excuses are of the whole task."""
    if not turns or state == WorkState.EXCUSED:
        return ""
    if any(turn.key == occurrence for turn in turns):
        return occurrence
    turn = occurrence_on(turns, on)
    return turn.key if turn else ""


def _in_batches(newest_of: Mapping[int, int]) -> Iterator[tuple[list[int], Mapping[int, int]]]:
    """Ids of tasks, some at a time."""
    ids = list(newest_of)
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH], newest_of


def _granted(newest_of: Mapping[int, int], turns: Turns) -> dict[int, dict[int, dict[str, date]]]:
    """By task, agency and turn the day that the last extension granted; one without a turn moves the last turn's."""
    found: dict[int, dict[int, dict[str, date]]] = defaultdict(lambda: defaultdict(dict))
    for ids, newest in _in_batches(newest_of):
        rows = Extension.objects.filter(task__in=ids, outcome="granted").order_by("pk")
        for task, agency, occurrence, day in rows.values_list("task_id", "agency_id", "occurrence", "granted_to"):
            of_task = turns.get(newest[task], ())
            key = occurrence if any(turn.key == occurrence for turn in of_task) else of_task[-1].key if of_task else ""
            if day is not None:
                found[newest[task]][agency][key] = day
    return found


def stands_of(tasks: Iterable[Task], on: date, among: frozenset[int] | None = None) -> dict[int, list[Stand]]:
    """Each agency that carries each task, and where it stands, by task id. Plans and areas must be loaded.

    What an agency said or was granted counts for whoever took over from it, until that one says something itself.
    With `among` only those agencies that stand for one of these are given.
    """
    tasks = list(tasks)
    turns = turns_of(tasks)
    newest_of = earlier_tasks([task.pk for task in tasks])
    said, granted, carriers = _said(newest_of, turns), _granted(newest_of, turns), carriers_of(tasks, on, among)
    return {
        task.pk: [
            _stand(task, one, said.get(task.pk, {}), granted.get(task.pk, {}), turns.get(task.pk, ()), on=on)
            for one in carriers[task.pk]
        ]
        for task in tasks
    }


def _stand(
    task: Task,
    carrier: Carrier,
    notes: Mapping[int, Mapping[str, tuple[int, Said]]],
    granted: Mapping[int, Mapping[str, date]],
    turns: Sequence[Occurrence],
    *,
    on: date,
) -> Stand:
    """The stand of one agency; `notes` and `granted` are by agency and turn."""
    own = _together(notes[pk] for pk in carrier.named if pk in notes)
    moved: dict[str, date] = {}
    for pk in carrier.named:
        for key, day in granted.get(pk, {}).items():
            moved[key] = max(day, moved.get(key, day))
    return _turning(carrier, own, moved, turns, on) if turns else _once(task, carrier, own, moved, on)


def _together(notes: Iterable[Mapping[str, tuple[int, Said]]]) -> dict[str, tuple[int, Said]]:
    """The last notes of those whom one agency stands for, by turn."""
    last: dict[str, tuple[int, Said]] = {}
    for by_turn in notes:
        for key, pair in by_turn.items():
            if key not in last or last[key][0] < pair[0]:
                last[key] = pair
    return last


def _once(
    task: Task, carrier: Carrier, own: Mapping[str, tuple[int, Said]], moved: Mapping[str, date], on: date
) -> Stand:
    """The stand with a task that is done once."""
    last = own[""][1] if "" in own else None
    last_day = last_day_of(task.last_day, task.plan.year_to, moved.get(""))
    done_on = last.on if last and last.state is WorkState.DONE else None
    return Stand(
        carrier, last, last_day, bool(moved), bucket_of(last_day, done_on, on), days_late(last_day, done_on, on)
    )


def _turning(
    carrier: Carrier,
    own: Mapping[str, tuple[int, Said]],
    moved: Mapping[str, date],
    turns: Sequence[Occurrence],
    on: date,
) -> Stand:
    """The stand with a task that comes round; an excuse holds until a later note."""
    found = tuple(_turn(turn, own, moved, on) for turn in begun(turns, on))
    current = found[-1]
    newest = max(own.values(), key=lambda pair: pair[0])[1] if own else None
    said = newest if newest and newest.state is WorkState.EXCUSED else current.said
    bucket = worst(turn.bucket for turn in found)
    days = max(turn.days for turn in found if turn.bucket is bucket)
    return Stand(carrier, said, current.last_day, current.extended, bucket, days, found)


def _turn(occurrence: Occurrence, own: Mapping[str, tuple[int, Said]], moved: Mapping[str, date], on: date) -> Turn:
    said = own[occurrence.key][1] if occurrence.key in own else None
    last_day = moved.get(occurrence.key, occurrence.last)
    done_on = said.on if said and said.state is WorkState.DONE else None
    return Turn(
        occurrence, said, last_day, occurrence.key in moved, bucket_of(last_day, done_on, on),
        days_late(last_day, done_on, on),
    )  # fmt: skip


def progress_of(tasks: Iterable[Task], on: date) -> dict[int, TaskProgress]:
    """Each task as a whole, by task id. Plans and areas must be loaded.

    Most tasks have no note: their bucket follows from days alone, so that only the others ask who carries them.
    """
    tasks = list(tasks)
    newest_of = earlier_tasks([task.pk for task in tasks])
    touched = set(_said(newest_of, {})) | set(_granted(newest_of, {}))
    stands = stands_of([task for task in tasks if task.pk in touched], on)
    turns = turns_of(tasks)
    return {task.pk: _whole(task, stands.get(task.pk, ()), turns.get(task.pk, ()), on) for task in tasks}


def _whole(task: Task, stands: Sequence[Stand], turns: Sequence[Occurrence], on: date) -> TaskProgress:
    if not stands:
        return _untold(task, turns, on)
    left = [stand for stand in stands if not stand.excused]
    bucket = worst(stand.bucket for stand in left)
    like = [stand for stand in left if stand.bucket is bucket]
    last_days = [stand.last_day for stand in left if stand.last_day]
    late = {turn.occurrence.key: turn.occurrence.words for stand in left for turn in stand.missed}
    return TaskProgress(
        bucket, max(last_days, default=None), max((stand.days for stand in like), default=0),
        sum(stand.state is WorkState.DONE for stand in left), len(left), occurrence_on(turns, on),
        tuple(turn.words for turn in turns if turn.key in late),
    )  # fmt: skip


def _untold(task: Task, turns: Sequence[Occurrence], on: date) -> TaskProgress:
    """A task of which nobody has said anything: all that is over was missed."""
    over = [turn for turn in turns if turn.last < on]
    last_day = last_day_of(task.last_day, task.plan.year_to) if not turns else begun(turns, on)[-1].last
    since = over[0].last if over else last_day
    return TaskProgress(
        bucket_of(since, None, on), last_day, days_late(since, None, on), turn=occurrence_on(turns, on),
        missed=tuple(turn.words for turn in over),
    )  # fmt: skip


def tallies(plan_ids: Iterable[int], on: date) -> dict[int, dict[Bucket, int]]:
    """How many tasks of each accepted plan stand in each bucket, by plan id. Who may see the plans is asked before."""
    tasks = (
        Task.objects.filter(plan__in=list(plan_ids), plan__state=PlanState.ACCEPTED)
        .select_related("plan__area")
        .defer(*PLAN_HEAVY)
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
    """The requests that the actor may decide on, by the day asked for, the oldest first."""
    rows = (
        Extension.objects.filter(outcome="", task__plan__state=PlanState.ACCEPTED)
        .select_related("agency", "task__plan__area")
        .defer(*(f"task__{name}" for name in PLAN_HEAVY))
        .order_by("wanted_to", "pk")
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
