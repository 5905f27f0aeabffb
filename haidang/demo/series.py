"""Five years and a baseline of invented figures: each agency's forms, cycle by cycle, hanging together.

What one cycle leaves over the next one opens with; what the investigators conclude the procuracies receive; what they
charge the courts receive.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from haidang.agencies.models import Agency
from haidang.catalogue.forms import FormSpec, form, forms_of
from haidang.catalogue.formulas import compute
from haidang.demo import sizes
from haidang.demo.constraints import Linear
from haidang.demo.filling import Filler, drawing
from haidang.kernel.windows import Window

Cells = dict[str, Any]
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
    filled: dict[tuple[str, int], Cells] = {}
    carried: dict[int, Cells] = {}
    for exercise in exercises:
        handed: dict[int, Cells] = {}
        for stage in (*STAGES, None):
            staged = [agency for agency in exercise.agencies if _stage(agency, exercise) == stage]
            if stage in HANDED_ON:
                handed = _hand_on(stage, staged, exercise, filled, drawing(seed, exercise.key, stage))
            for agency in staged:
                draw = drawing(seed, exercise.key, agency.code)
                given = {**carried.get(agency.pk, {}), **handed.get(agency.pk, {})}
                cells = _fill(agency, exercise, draw, given)
                filled[exercise.key, agency.pk] = cells
                carried[agency.pk] = dict(_openings(_forms(agency, exercise), cells))
    return {key: _with_states(key[0], exercises, cells, seed) for key, cells in filled.items()}


def _forms(agency: Agency, exercise: Exercise) -> tuple[FormSpec, ...]:
    asked = forms_of(agency.function, agency.level, exercise.window.end)
    return tuple(spec for spec in asked if spec.code in exercise.forms)


def _stage(agency: Agency, exercise: Exercise) -> str | None:
    codes = {spec.code for spec in _forms(agency, exercise)}
    return next((stage for stage in STAGES if stage in codes), None)


@lru_cache(maxsize=32)
def _filler(codes: tuple[str, ...]) -> Filler:
    return Filler(Linear(form(code) for code in codes))


def _fill(agency: Agency, exercise: Exercise, draw: random.Random, given: Mapping[str, int]) -> Cells:
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


def _openings(specs: Iterable[FormSpec], cells: Cells) -> Iterator[tuple[str, int]]:
    """What the next exercise opens with: the closing that each opening is carried from."""
    for spec in specs:
        prefix = f"{spec.code}."
        done = compute(spec, {c.removeprefix(prefix): v for c, v in cells.items() if c.startswith(prefix)})
        for cell in spec.input_cells:
            row, column = spec.cells[cell]
            if column.carried_from:
                yield prefix + cell, int(done.get(f"{row.code}.{column.carried_from}") or 0)


def _hand_on(
    stage: str, to: Sequence[Agency], exercise: Exercise, filled: Mapping[tuple[str, int], Cells], draw: random.Random
) -> dict[int, Cells]:
    """What each agency of a stage newly receives: the sum of the stage before, divided by case."""
    before = STAGES[STAGES.index(stage) - 1]
    shares = [sizes.LEVEL_SHARE[agency.level] for agency in to]
    received: dict[int, Cells] = {agency.pk: {} for agency in to}
    if not to:
        return received
    for offence in OFFENCES:
        (case_from, case_to), (person_from, person_to) = HANDED_ON[stage]
        cases = _sum(filled, exercise, f"{before}.{offence}.{case_from}")
        persons = _sum(filled, exercise, f"{before}.{offence}.{person_from}")
        taken = draw.choices([agency.pk for agency in to], shares, k=cases)
        for pk, cells in received.items():
            cells[f"{stage}.{offence}.{case_to}"] = taken.count(pk)
            cells[f"{stage}.{offence}.{person_to}"] = 0
        for number in range(persons):
            pk = taken[number % len(taken)] if taken else to[0].pk
            received[pk][f"{stage}.{offence}.{person_to}"] += 1
    return received


def _sum(filled: Mapping[tuple[str, int], Cells], exercise: Exercise, code: str) -> int:
    return sum(cells.get(code, 0) for (key, _pk), cells in filled.items() if key == exercise.key)


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
