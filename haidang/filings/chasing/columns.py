"""The columns of the chasing board: due dates in order, across plans. Pure.

Provinces have plans of their own that ask for the same period by the same day: those cycles share a column, so that the
board of a country has as many columns as there are due dates, not as there are plans.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from haidang.filings.models import Cycle
from haidang.filings.queries import BoardRow, Square
from haidang.filings.rules import Standing


@dataclass(frozen=True, slots=True)
class Column:
    """The cycles of a due date that ask for the same period, each of another plan; `places` are theirs in a BoardRow.

    Of the agencies shown none owes two of them.
    """

    cycles: tuple[Cycle, ...]
    places: tuple[int, ...]

    @property
    def due_on(self) -> date:
        """The due date that they share."""
        return self.cycles[0].due_on

    @property
    def label(self) -> str:
        """What the period is called."""
        return self.cycles[0].label

    def of(self, row: BoardRow) -> tuple[Square, Standing] | None:
        """What the agency of the row owes in this column."""
        return next(iter(self.all_of(row)), None)

    def all_of(self, row: BoardRow) -> list[tuple[Square, Standing]]:
        """The same where the columns were made without the rows: an agency may then owe several in one."""
        return [found for at in self.places if (found := row.places[at]) is not None]


def columns_of(cycles: Sequence[Cycle], rows: Iterable[BoardRow] = ()) -> list[Column]:
    """The columns of these cycles, in their order; an agency of `rows` that owes two alike has a column for each."""
    apart = _owed_together(cycles, rows)
    columns: dict[Any, list[list[int]]] = defaultdict(list)
    for at, cycle in enumerate(cycles):
        alike = columns[cycle.due_on, cycle.strict, cycle.label, cycle.window_from, cycle.window_to]
        free = (places for places in alike if not any((other, at) in apart for other in places))
        column = next(free, None)
        if column is None:
            alike.append([at])
        else:
            column.append(at)
    found = sorted(places for alike in columns.values() for places in alike)
    return [Column(tuple(cycles[at] for at in places), tuple(places)) for places in found]


def _owed_together(cycles: Sequence[Cycle], rows: Iterable[BoardRow]) -> set[tuple[int, int]]:
    """The pairs of places (the lower first) of cycles alike that one agency owes both."""
    pairs: set[tuple[int, int]] = set()
    for row in rows:
        owed = [at for at, place in enumerate(row.places) if place is not None]
        for one, other in ((one, other) for one in owed for other in owed if one < other):
            if cycles[one].due_on == cycles[other].due_on:
                pairs.add((one, other))
    return pairs
