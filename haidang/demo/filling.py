"""Invented figures for forms: seeded, small as in a province, and true to every check that blocks.

The cells are filled one by one, wholes before their parts, each within what the checks still leave open: a part of a
partition is a share of what remains of its whole, a stock's exits never exceed what came in. A fill that ends in a
contradiction is begun again; the checks that only ask for an explanation are given up first.
"""

from __future__ import annotations

import heapq
import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from math import exp

from haidang.demo.constraints import Constraint, Linear

TRIES = 12
SOFT_TRIES = 4  # the first tries also hold the checks that may be explained
LEFT_BEHIND = 0.12  # how much of a stock stays, beside what leaves it
MOST_OF_WHOLE = 0.7  # of a whole, at most about so much is a part that is counted beside it

MeanOf = Callable[[str], float]


class Contradiction(Exception):
    """This fill cannot be finished; another draw may."""


class Filler:
    """Fills one set of forms, again and again."""

    def __init__(self, linear: Linear) -> None:
        self._inputs = linear.inputs
        self._hard = tuple(constraint for constraint in linear.constraints if constraint.hard)
        self._all = linear.constraints
        self._order = {True: _wholes_first(self._inputs, self._all), False: _wholes_first(self._inputs, self._hard)}

    def fill(self, draw: random.Random, mean_of: MeanOf, given: Mapping[str, int]) -> dict[str, int]:
        """Values by whole cell code. `mean_of` is the expected size of a free cell; `given` cells keep their value."""
        for attempt in range(TRIES):
            soft = attempt < SOFT_TRIES
            constraints = self._all if soft else self._hard
            try:
                return _Fill(constraints, self._order[soft], draw, mean_of, given).run()
            except Contradiction:
                continue
        raise Contradiction(f"no fill of {len(self._inputs)} cells after {TRIES} tries")


class _Fill:
    """One try: the values so far, and for each constraint its sum so far and the cells still open."""

    def __init__(
        self,
        constraints: Sequence[Constraint],
        order: Sequence[str],
        draw: random.Random,
        mean_of: MeanOf,
        given: Mapping[str, int],
    ) -> None:
        self._constraints = constraints
        self._order = order
        self._draw, self._mean_of, self._given = draw, mean_of, given
        self._sums = [constraint.constant for constraint in constraints]
        self._open = [set(constraint.weights) for constraint in constraints]
        self._over: dict[str, list[int]] = defaultdict(list)
        for index, constraint in enumerate(constraints):
            for cell in constraint.weights:
                self._over[cell].append(index)
        self._values: dict[str, int] = {}

    def run(self) -> dict[str, int]:
        for cell in self._order:
            self._set(cell, self._given[cell] if cell in self._given else self._choose(cell))
        for constraint, total in zip(self._constraints, self._sums, strict=True):
            if total < 0 or (constraint.exact and total):
                raise Contradiction
        return self._values

    def _set(self, cell: str, value: int) -> None:
        self._values[cell] = value
        for index in self._over[cell]:
            self._sums[index] += self._constraints[index].weights[cell] * value
            self._open[index].discard(cell)

    def _choose(self, cell: str) -> int:
        """A value within what the open checks allow: forced, a share of what remains, or free."""
        least, most, tightest, forced = 0, None, None, None
        for index in self._over[cell]:
            constraint, total = self._constraints[index], self._sums[index]
            weight, others = constraint.weights[cell], self._open[index] - {cell}
            if constraint.exact and not others:
                forced = _exact(-total, weight, forced)
            elif any(constraint.weights[other] > 0 for other in others):
                continue  # a whole is still to come: this check does not bind yet
            elif weight > 0:
                least = max(least, -(total // weight))
            elif most is None or total // -weight < most:
                most, tightest = total // -weight, index
        if forced is not None or most is None or tightest is None:
            return _within(poisson(self._draw, self._mean_of(cell)) if forced is None else forced, least, most, forced)
        return _within(self._part(cell, most, tightest), least, most, forced)

    def _part(self, cell: str, most: int, index: int) -> int:
        """A part of a whole of which `most` remains: by expected sizes, and of a stock a little stays behind."""
        constraint, mine = self._constraints[index], self._mean_of(cell)
        parts = [code for code, weight in constraint.weights.items() if weight < 0]
        if len(parts) == 1 and not constraint.exact:
            return min(poisson(self._draw, mine), binomial(self._draw, most, MOST_OF_WHOLE))
        rest = sum(self._mean_of(other) for other in self._open[index] - {cell})
        stays = 0.0 if constraint.exact else LEFT_BEHIND * sum(map(self._mean_of, parts))
        return binomial(self._draw, most, mine / (mine + rest + stays))


def _within(value: int, least: int, most: int | None, forced: int | None) -> int:
    if most is not None and most < least:
        raise Contradiction
    inside = max(least, value if most is None else min(value, most))
    if forced is not None and inside != forced:
        raise Contradiction
    return inside


def _exact(total: int, weight: int, before: int | None) -> int:
    if total % weight:
        raise Contradiction
    value = total // weight
    if value < 0 or (before is not None and before != value):
        raise Contradiction
    return value


def _wholes_first(cells: Sequence[str], constraints: Sequence[Constraint]) -> tuple[str, ...]:
    """The cells with those that add to a constraint before those that take from it, else in the order of the form."""
    rank = {cell: index for index, cell in enumerate(cells)}
    after: dict[str, set[str]] = defaultdict(set)
    waiting: dict[str, int] = dict.fromkeys(cells, 0)
    for constraint in constraints:
        parts = [cell for cell, weight in constraint.weights.items() if weight < 0]
        for whole in (cell for cell, weight in constraint.weights.items() if weight > 0):
            for part in parts:
                if part not in after[whole]:
                    after[whole].add(part)
                    waiting[part] += 1
    return tuple(_topological(cells, rank, after, waiting))


def _topological(
    cells: Sequence[str], rank: Mapping[str, int], after: Mapping[str, set[str]], waiting: dict[str, int]
) -> list[str]:
    ready = [rank[cell] for cell in cells if not waiting[cell]]
    heapq.heapify(ready)
    placed: dict[str, None] = {}
    while len(placed) < len(cells):
        # In a circle of wholes and parts the first cell of the form goes first.
        index = heapq.heappop(ready) if ready else min(rank[cell] for cell in cells if cell not in placed)
        cell = cells[index]
        if cell in placed:
            continue
        placed[cell] = None
        for part in after.get(cell, ()):
            waiting[part] -= 1
            if not waiting[part]:
                heapq.heappush(ready, rank[part])
    return list(placed)


def drawing(*words: object) -> random.Random:
    """Chance that is always the same for the same words."""
    return random.Random(" ".join(map(str, words)))  # noqa: S311  invented figures, no secrets


def poisson(draw: random.Random, mean: float) -> int:
    """A whole number with this mean, spread as counts of rare events are; near-normal for large means."""
    if mean > 30:
        return max(0, round(draw.gauss(mean, mean**0.5)))
    limit, product, count = exp(-mean), draw.random(), 0
    while product > limit:
        product *= draw.random()
        count += 1
    return count


def binomial(draw: random.Random, most: int, share: float) -> int:
    """How many of `most` fall to a part with this share."""
    if most <= 0:
        return 0
    if most > 200:
        spread = (most * share * (1 - share)) ** 0.5
        return min(most, max(0, round(draw.gauss(most * share, spread))))
    return sum(draw.random() < share for _ in range(most))
