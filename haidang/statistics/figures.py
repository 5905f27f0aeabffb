"""Figures as values: a computed number with its coverage, its comparison and the versions that made it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from haidang.engine import question
from haidang.kernel.cells import CellState
from haidang.kernel.windows import Window
from haidang.statistics.rules import Comparison

Number = float | int


@dataclass(frozen=True, slots=True)
class Measure:
    """What is asked for: an indicator or one cell, the forms it reads and the engine's measure over them."""

    code: str
    name: str
    unit: str
    forms: tuple[str, ...]
    asked: question.Measure
    cells: frozenset[str]

    @property
    def rate(self) -> bool:
        """Whether it divides one sum by another."""
        return self.asked.is_ratio


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of the filings expected were accepted. Waived ones are not expected, and are counted apart."""

    received: int
    expected: int
    waived: int = 0

    @property
    def complete(self) -> bool:
        """Whether every filing expected is in."""
        return self.received >= self.expected

    def __str__(self) -> str:
        return f"{self.received}/{self.expected}"


@dataclass(frozen=True, slots=True)
class Slice:
    """A figure over some exercises: a year, a baseline period, or the whole. `value` only when `state` is a number.

    `partial` says that the days covered are fewer than the year (or the window) has; `without` counts the accepted
    versions that say "chưa có số liệu" where the figure needs a number.
    """

    label: str
    window: Window
    value: Number | None
    state: CellState
    coverage: Coverage
    version_ids: tuple[int, ...]
    partial: bool = False
    provisional: bool = False
    without: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """What a figure is of: the whole question ("all"), one area or one agency."""

    kind: str
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure of one group: by year, in total, and against the baseline. `notes` are printed under it."""

    measure: Measure
    group: Group
    window: Window
    slices: tuple[Slice, ...]
    total: Slice
    baseline: Slice | None = None
    comparison: Comparison | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def code(self) -> str:
        """The code that was asked for."""
        return self.measure.code

    @property
    def value(self) -> Number | None:
        """The total, when there is one."""
        return self.total.value

    @property
    def coverage(self) -> Coverage:
        """Of the total."""
        return self.total.coverage

    @property
    def version_ids(self) -> tuple[int, ...]:
        """The versions that the total came from."""
        return self.total.version_ids


@dataclass(frozen=True, slots=True)
class Source:
    """One version behind a figure: whose, for which cycle, what it adds, and whether it is a correction."""

    version_id: int
    version_number: int
    agency: str
    cycle: str
    window: Window
    value: Number | None
    state: CellState
    accepted_at: datetime
    reason: str = ""
    document_number: str = ""
