"""A plan by time: campaigns and other windows, due dates of tasks and duties, named days, turns of what comes round.

Each moment has a first and a last day; what has no day at all is told apart. Nothing here is stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from haidang.plans.board import BoardTask
from haidang.plans.following import turns_of
from haidang.plans.models import Duty, Plan
from haidang.plans.progress import Occurrence, begun
from haidang.plans.queries import duty_words

MOST_TURNS = 4  # in a year that are all shown; of what comes round more often only the current one and the next
_DAY_MONTH = re.compile(r"(\d{1,2})\s*/\s*(\d{1,2})")
# The national day against human trafficking, decided by QĐ 793/QĐ-TTg of 2016: plans name it by its date alone.
_NAMED_DAY = re.compile(r"(?<![\d/])30\s?/\s?0?7(?!\s?/?\s?\d)")


class Sort(StrEnum):
    """What a moment is."""

    CAMPAIGN = "campaign"  # a window with both ends
    DEADLINE = "deadline"
    TURN = "turn"
    NAMED_DAY = "named_day"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Moment:
    """Something on a day or over some days; `row` is its task, `duty` its duty, `turn` its occurrence."""

    sort: Sort
    first: date
    last: date
    words: str
    row: BoardTask | None = None
    duty: Duty | None = None
    turn: Occurrence | None = None


@dataclass(frozen=True, slots=True)
class Timetable:
    """The moments of a plan in order, and the tasks and duties that name no day."""

    moments: tuple[Moment, ...]
    undated: tuple[BoardTask, ...]
    undated_duties: tuple[Duty, ...]


def timetable_of(plan: Plan, rows: Iterable[BoardTask], on: date) -> Timetable:
    """The plan by time, from its tasks as the board has them (each once); one query, for the duties."""
    moments: list[Moment] = []
    undated: list[BoardTask] = []
    listed = list(rows)
    turns = turns_of(row.task for row in listed)
    for row in listed:
        found = [*_of_task(row, turns.get(row.task.pk, ()), on), *_named_days(plan, row)]
        moments += found
        if not found:
            undated.append(row)
    duties = list(plan.duties.all())
    dated = {duty.pk: list(_of_duty(plan, duty)) for duty in duties}
    moments += [moment for found in dated.values() for moment in found]
    return Timetable(
        tuple(sorted(moments, key=lambda one: (one.first, one.last, one.sort, one.words))),
        tuple(undated),
        tuple(duty for duty in duties if not dated[duty.pk]),
    )


def _of_task(row: BoardTask, turns: tuple[Occurrence, ...], on: date) -> Iterator[Moment]:
    task = row.task
    if turns:
        yearly = len({turn.key for turn in turns if turn.first.year == turns[0].last.year})
        shown = turns if yearly <= MOST_TURNS else _around(turns, on)
        yield from (Moment(Sort.TURN, turn.first, turn.last, task.text, row, turn=turn) for turn in shown)
    elif task.last_day is not None:
        sort = Sort.CAMPAIGN if task.window_from else Sort.DEADLINE
        yield Moment(sort, task.window_from or task.last_day, task.last_day, task.text, row)
    elif task.window_from is not None:
        yield Moment(Sort.CAMPAIGN, task.window_from, task.window_from, task.text, row)


def _around(turns: tuple[Occurrence, ...], on: date) -> tuple[Occurrence, ...]:
    """The current turn and the next."""
    at = turns.index(begun(turns, on)[-1])
    return turns[at : at + 2]


def _named_days(plan: Plan, row: BoardTask) -> Iterator[Moment]:
    """30/7 of each of the plan's years, for a task that names the day and has no window of its own."""
    if row.task.window_to is None and _NAMED_DAY.search(row.task.text):
        for year in years_of(plan):
            yield Moment(Sort.NAMED_DAY, date(year, 7, 30), date(year, 7, 30), row.task.text, row)


def years_of(plan: Plan) -> range:
    """The years of a plan; of its issue, or of the day it was imported, when it names none."""
    issued = (plan.issued_on or plan.imported_at.date()).year
    first = plan.year_from or plan.year_to or issued
    return range(first, (plan.year_to or first) + 1)


def _of_duty(plan: Plan, duty: Duty) -> Iterator[Moment]:
    """The due dates of a duty in each year of its plan; the last day on time where it is strict."""
    for day in _days(plan, duty.due):
        last = day - timedelta(days=1) if duty.strict else day
        if plan.issued_on is None or last >= plan.issued_on:
            yield Moment(Sort.REPORT, last, last, duty_words(duty), duty=duty)


def _days(plan: Plan, due: str) -> Iterator[date]:
    """The days that a due date as written means: an ISO date, or "12/3" of every year; none for a rule in words."""
    if match := _DAY_MONTH.fullmatch(due.strip()):
        for year in years_of(plan):
            try:
                yield date(year, int(match[2]), int(match[1]))
            except ValueError:
                continue
        return
    try:
        yield date.fromisoformat(due)
    except ValueError:
        return
