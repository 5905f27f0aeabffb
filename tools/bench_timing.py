"""Timing two things against each other in one run: in turns, so that a busy moment hits both, and by their medians."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the page. Times are medians in milliseconds; `baseline` names what the ratio is to.

    `ratio` is ours to the baseline's, or the other way round where `faster` (then larger is better). `aim` is the
    ratio, or with `aim_ms` the time, that the design asks for.
    """

    what: str
    ours_ms: float
    baseline: str
    baseline_ms: float
    faster: bool = False
    aim: float | None = None
    aim_ms: float | None = None

    @property
    def ratio(self) -> float:
        """How many times the baseline (or, where `faster`, how many times faster than it)."""
        over, under = (self.baseline_ms, self.ours_ms) if self.faster else (self.ours_ms, self.baseline_ms)
        return over / under if under else 0.0

    @property
    def row(self) -> list[str]:
        """The line as cells: what, ours, baseline, theirs, ratio, aim."""
        ratio = f"{_short(self.ratio)} × faster" if self.faster else f"{_short(self.ratio)} ×"
        return [self.what, _short(self.ours_ms), self.baseline, _short(self.baseline_ms), ratio, self._aim()]

    def _aim(self) -> str:
        if self.aim_ms is not None:
            return f"≤ {self.aim_ms:g} ms: {_met(self.ours_ms <= self.aim_ms)}"
        if self.aim is None:
            return "–"
        met = self.ratio >= self.aim if self.faster else self.ratio <= self.aim
        return f"{'≥' if self.faster else '≤'} {self.aim:g} ×: {_met(met)}"


def in_turns(ours: Callable[[], Any], theirs: Callable[[], Any], times: int = 5) -> tuple[float, float]:
    """Median milliseconds of each, run in turns after one run of each that does not count."""
    ours()
    theirs()
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(times):
        for one, into in zip((ours, theirs), taken, strict=True):
            started = time.perf_counter()
            one()
            into.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken[0]), statistics.median(taken[1])


def _met(met: bool) -> str:
    return "met" if met else "**missed**"


def _short(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"
