"""A figure as a declared question: what is measured, over which windows, where, broken down how, by which versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from haidang.kernel.windows import Window

if TYPE_CHECKING:
    from haidang.engine.facts import FactsTable

Break = Literal["year", "area", "agency", "cell"]


class Pick(StrEnum):
    """The windows of an agency that a cell counts from: all (a flow), the first (an opening), the last (a closing)."""

    ALL = "all"
    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Term:
    """One entered cell ("B1.d150.c1") in a sum, added or (`sign` -1) taken away."""

    cell: str
    sign: Literal[1, -1] = 1
    pick: Pick = Pick.ALL


@dataclass(frozen=True, slots=True)
class Measure:
    """A sum of terms, or with a denominator the ratio of two sums times `scale` (100 for percent)."""

    code: str
    numerator: tuple[Term, ...]
    denominator: tuple[Term, ...] = ()
    scale: int = 1

    @property
    def is_ratio(self) -> bool:
        """Whether the figure is a ratio of sums."""
        return bool(self.denominator)


@dataclass(frozen=True, slots=True)
class Versions:
    """Which version of each filing speaks: the latest accepted, the first, or the latest accepted up to a day."""

    rule: Literal["latest", "as_first_reported", "as_accepted_on"] = "latest"
    on: date | None = None

    def __post_init__(self) -> None:
        if (self.on is not None) != (self.rule == "as_accepted_on"):
            raise ValueError("a day is given exactly for the versions accepted on a day")


LATEST = Versions()
AS_FIRST_REPORTED = Versions("as_first_reported")


def as_accepted_on(day: date) -> Versions:
    """The latest versions accepted up to the end of the day, Viet Nam time."""
    return Versions("as_accepted_on", day)


@dataclass(frozen=True, slots=True)
class FigureQuestion:
    """What is asked. A fact counts for a window when its own window lies inside it; it is never split.

    `under` keeps areas at or below one path. `by` breaks figures down; "year" means by `slices` (calendar years of the
    window when none are given), which must not overlap and each lie in the window. `area_depth` cuts area paths to so
    many steps (1: provinces). Without `lineage` the version ids and windows are left out, which is faster for wide
    tables.
    """

    measures: tuple[Measure, ...]
    window: Window
    under: str | None = None
    by: tuple[Break, ...] = ()
    slices: tuple[Window, ...] = ()
    versions: Versions = LATEST
    area_depth: int | None = None
    lineage: bool = True

    def __post_init__(self) -> None:
        codes = [measure.code for measure in self.measures]
        if len(set(codes)) != len(codes):
            raise ValueError("two measures have the same code")
        if any(not measure.numerator for measure in self.measures):
            raise ValueError("a measure needs at least one cell")
        if self.slices and "year" not in self.by:
            raise ValueError("slices are given only for a breakdown by year")
        if self.area_depth is not None and self.area_depth < 1:
            raise ValueError("an area path has at least one step")
        in_order = sorted(self.slices)
        if any(one.overlaps(other) for one, other in pairwise(in_order)):
            raise ValueError("the slices overlap")
        if not all(self.window.contains(one) for one in self.slices):
            raise ValueError("a slice lies outside the window")

    @property
    def windows(self) -> tuple[Window, ...]:
        """The windows that are answered one by one: the slices, or the whole window."""
        if "year" not in self.by:
            return (self.window,)
        return self.slices or tuple(self.window.by_calendar_year())


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure. `value` is None when nothing was reported (never zero), or the denominator is zero or missing.

    `received` counts the agencies x windows that gave a number or said it is not their function; `straddling` those
    left out because their window crosses the edge; `overlapping` those counted although their window partly overlaps
    another one of the same agency. `version_ids` and `windows` are those whose numbers made the figure.
    `area` is an area path, `cell` is set when broken down by cell, `provisional` when any version is.
    """

    measure: str
    window: Window
    value: float | int | None
    numerator: float | int | None
    denominator: float | int | None
    received: int
    straddling: int = 0
    overlapping: int = 0
    provisional: bool = False
    area: str | None = None
    agency: str | None = None
    cell: str | None = None
    windows: tuple[Window, ...] = ()
    version_ids: tuple[int, ...] = ()


def answer(question: FigureQuestion, facts: FactsTable) -> list[FigureRow]:
    """The figures, ordered by measure, window, area, agency and cell as they stand in the question.

    Without a breakdown by area, agency or cell every measure has a row for every window, reported or not.
    """
    from haidang.engine.compiling import run_question

    return run_question(question, facts)
