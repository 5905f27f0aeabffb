"""Five years and a baseline of invented figures: each agency's forms, cycle by cycle, hanging together.

What one cycle leaves over the next one opens with; what the investigators conclude the procuracies receive; what they
charge the courts receive.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from random import Random
from typing import Any

from haidang.agencies.models import Agency
from haidang.catalogue.computing import compute
from haidang.catalogue.forms import FormSpec, form, forms_of
from haidang.demo import sizes
from haidang.demo.constraints import Linear
from haidang.demo.filling import Filler, drawing
from haidang.kernel.windows import Window

Cells = dict[str, Any]
ONE_DAY = timedelta(days=1)
LONGEST_GAP = timedelta(days=60)  # from the end of 2020 to the programme's first day in February 2021
STAGES = ("B2", "B3", "B4")
OFFENCES = ("d150", "d151", "d152", "d153", "d154")
# from which column of the stage before to which column of this stage: cases, persons
HANDED_ON = {"B3": (("c15", "c3"), ("c16", "c4")), "B4": (("c13", "c3"), ("c14", "c4"))}
NOT_COUNTED_BEFORE = ("c6",)  # B1: reports through the hotline, which had no number of its own before 2021
BORDER_ROWS = ("B8.blo.", "B8.delegation.", "B8.agreement.")


@dataclass(frozen=True, slots=True)
class Exercise:
    """A cycle to invent figures for: its key, its window, the forms it asks, the agencies that owe it."""

    key: str
    window: Window
    forms: frozenset[str]
    agencies: tuple[Agency, ...]


def invent(exercises: Sequence[Exercise], seed: int) -> dict[tuple[str, int], Cells]:
    """Cells to enter by (exercise key, agency id). Exercises come in order of time and are filled in that order."""
    books = _Books(seed)
    for exercise in exercises:
        for stage in (*STAGES, None):
            staged = [agency for agency in exercise.agencies if _stage(agency, exercise) == stage]
            books.file(exercise, staged, stage)
    return {key: _with_states(key[0], exercises, cells, seed) for key, cells in books.filled.items()}


class _Books:
    """What has been filled so far, and how one exercise follows from those before it."""

    def __init__(self, seed: int) -> None:
        self.filled: dict[tuple[str, int], Cells] = {}
        self._seed = seed
        self._past: dict[int, list[Exercise]] = {}

    def file(self, exercise: Exercise, agencies: Sequence[Agency], stage: str | None) -> None:
        """Fill the forms of these agencies, all of one stage."""
        handed = self._handed_on(exercise, agencies, stage)
        for agency in agencies:
            begun = self._begun_by(exercise, agency)
            rest = (
                replace(exercise, window=Window(begun.window.end + ONE_DAY, exercise.window.end)) if begun else exercise
            )
            opening = self._openings(begun or self._just_before(exercise, agency), agency)
            draw = drawing(self._seed, exercise.key, agency.code)
            cells = _fill(agency, rest, draw, {**opening, **({} if begun else handed.get(agency.pk, {}))})
            if begun:
                cells = _joined(_forms(agency, exercise), self.filled[begun.key, agency.pk], cells)
            self.filled[exercise.key, agency.pk] = cells
            self._past.setdefault(agency.pk, []).append(exercise)

    def _begun_by(self, exercise: Exercise, agency: Agency) -> Exercise | None:
        """The longest exercise with the first part of these days: six months hold their first quarter."""
        window = exercise.window
        parts = [
            past
            for past in self._past.get(agency.pk, ())
            if past.window.start == window.start and past.window.end < window.end and past.forms == exercise.forms
        ]
        return max(parts, key=lambda past: past.window.end, default=None)

    def _just_before(self, exercise: Exercise, agency: Agency) -> Exercise | None:
        """The exercise whose closings this one opens with."""
        start = exercise.window.start
        past = [one for one in self._past.get(agency.pk, ()) if one.window.end < start <= one.window.end + LONGEST_GAP]
        return max(past, key=lambda one: one.window.end, default=None)

    def _openings(self, before: Exercise | None, agency: Agency) -> Cells:
        return dict(_closings(_forms(agency, before), self.filled[before.key, agency.pk])) if before else {}

    def _handed_on(self, exercise: Exercise, to: Sequence[Agency], stage: str | None) -> dict[int, Cells]:
        """What each agency of a stage newly receives: the sum of the stage before, divided by case."""
        received: dict[int, Cells] = {agency.pk: {} for agency in to}
        if stage not in HANDED_ON or not to:
            return received
        draw = drawing(self._seed, exercise.key, stage)
        before = STAGES[STAGES.index(stage) - 1]
        shares = [sizes.LEVEL_SHARE[agency.level] for agency in to]
        (case_from, case_to), (person_from, person_to) = HANDED_ON[stage]
        for offence in OFFENCES:
            cases = self._sum(exercise, f"{before}.{offence}.{case_from}")
            persons = self._sum(exercise, f"{before}.{offence}.{person_from}")
            taken = draw.choices([agency.pk for agency in to], shares, k=cases)
            for pk, cells in received.items():
                cells[f"{stage}.{offence}.{case_to}"] = taken.count(pk)
                cells[f"{stage}.{offence}.{person_to}"] = 0
            for number in range(persons):
                pk = taken[number % len(taken)] if taken else to[0].pk
                received[pk][f"{stage}.{offence}.{person_to}"] += 1
        return received

    def _sum(self, exercise: Exercise, code: str) -> int:
        return sum(cells.get(code, 0) for (key, _pk), cells in self.filled.items() if key == exercise.key)


def _joined(specs: Iterable[FormSpec], first: Cells, rest: Cells) -> Cells:
    """Two following spells as one: flows add, an opening is the first's, a closing the last's."""
    flows = {f"{spec.code}.{cell}": column.flow for spec in specs for cell, (_row, column) in spec.cells.items()}
    added = {code: first.get(code, 0) + value for code, value in rest.items()}
    openings = {code: first.get(code, 0) for code in rest if flows[code] == "stock_open"}
    closings = {code: value for code, value in rest.items() if flows[code] == "stock_close"}
    return {**added, **openings, **closings}


def _forms(agency: Agency, exercise: Exercise) -> tuple[FormSpec, ...]:
    asked = forms_of(agency.function, agency.level, exercise.window.end)
    return tuple(spec for spec in asked if spec.code in exercise.forms)


def _stage(agency: Agency, exercise: Exercise) -> str | None:
    codes = {spec.code for spec in _forms(agency, exercise)}
    return next((stage for stage in STAGES if stage in codes), None)


@lru_cache(maxsize=32)
def _filler(codes: tuple[str, ...]) -> Filler:
    return Filler(Linear(form(code) for code in codes))


def _fill(agency: Agency, exercise: Exercise, draw: Random, given: Mapping[str, int]) -> Cells:
    specs = {spec.code: spec for spec in _forms(agency, exercise)}
    means = {
        code: mean for spec in specs.values() for code, mean in _means(spec, agency.level, exercise.window).items()
    }
    size = draw.uniform(0.7, 1.3)
    held = {code: value for code, value in given.items() if code.partition(".")[0] in specs}
    return dict(_filler(tuple(specs)).fill(draw, lambda code: size * means[code], held))


@lru_cache(maxsize=256)
def _means(spec: FormSpec, level: str, window: Window) -> Mapping[str, float]:
    """The expected size of every entered cell of a form, by whole code."""
    return {f"{spec.code}.{cell}": sizes.expected(spec, cell, level, window) for cell in spec.input_cells}


def _closings(specs: Iterable[FormSpec], cells: Cells) -> Iterator[tuple[str, int]]:
    """What the next exercise opens with: the closing that each opening is carried from."""
    for spec in specs:
        prefix = f"{spec.code}."
        done = compute(spec, {c.removeprefix(prefix): v for c, v in cells.items() if c.startswith(prefix)})
        for cell in spec.input_cells:
            row, column = spec.cells[cell]
            if column.carried_from:
                yield prefix + cell, int(done.get(f"{row.code}.{column.carried_from}") or 0)


def _with_states(key: str, exercises: Sequence[Exercise], cells: Cells, seed: int) -> Cells:
    """Some cells without a number, as in life: not counted then, no function of theirs, not yet known, left blank."""
    window = next(exercise.window for exercise in exercises if exercise.key == key)
    draw = drawing(seed, "states", key, len(cells), sum(cells.values()))
    done = dict(cells)
    for code in cells:
        if window.end.year < 2021 and code.startswith("B1.") and code.endswith(NOT_COUNTED_BEFORE):
            done[code] = "nd"
        elif code.startswith(BORDER_ROWS) and "B1.d150.c3" not in cells:
            done[code] = "na"
        elif code in ("B7.social.c3", "B7.broadcast.c3") and draw.random() < 0.3:
            done[code] = "nd"
        elif code.startswith("B7.arts.") and draw.random() < 0.05:
            del done[code]
    return done
