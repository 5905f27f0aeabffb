"""How far back one page of the chasing board goes: as many due dates as can be counted at once.

A province has all of its due dates on one board. A country owes so much that its board shows the latest ones; those
before and after are a step away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Count, Q

from haidang.accounts.actors import Actor
from haidang.agencies.models import Area
from haidang.filings.models import Cycle
from haidang.filings.queries import visible_obligations

MOST_AT_ONCE = 25_000  # obligations
OF_A_CYCLE = 60  # obligations that a cycle weighs as much as by itself: provinces with a plan each have very many


@dataclass(frozen=True, slots=True)
class Span:
    """The cycles whose due dates are shown, and up to which due date the boards before and after go; None: no such."""

    cycles: list[Cycle]
    earlier: date | None
    later: date | None

    @property
    def whole(self) -> bool:
        """Whether nothing is left out."""
        return self.earlier is None and self.later is None


def span_of(
    actor: Actor, cycles: Sequence[Cycle], until: date | None, *, level: str = "", area_id: int | None = None
) -> Span:
    """The latest due dates up to `until` (None: up to the last) that hold at most MOST_AT_ONCE obligations; at least
    one. Due dates are never divided. `cycles` come by due date.

    Counted are the obligations of the level and below the area, when given. One query, two with an area.
    """
    rows = visible_obligations(actor).order_by()
    if level:
        rows = rows.filter(agency__level=level)
    if area_id is not None:
        path = Area.objects.filter(pk=area_id).values_list("path", flat=True).first() or ""
        within = Area.objects.filter(Q(path=path) | Q(path__startswith=f"{path}/"))
        rows = rows.filter(agency__area__in=within.values("pk"))
    return cut(cycles, dict(rows.values_list("cycle_id").annotate(Count("pk"))), until)


def cut(cycles: Sequence[Cycle], owed: Mapping[int, int], until: date | None) -> Span:
    """The span of these cycles, of which so much is owed by id. Pure."""
    days = [(day, list(alike)) for day, alike in groupby(cycles, key=lambda cycle: cycle.due_on)]
    sizes = [sum(owed.get(cycle.pk, 0) + OF_A_CYCLE for cycle in alike) for _day, alike in days]
    shown = [at for at, (day, _alike) in enumerate(days) if until is None or day <= until]
    end = (shown[-1] if shown else len(days) - 1) + 1
    start = end - _that_fit(reversed(sizes[:end]))
    after = end + _that_fit(sizes[end:])
    return Span(
        [cycle for _day, alike in days[start:end] for cycle in alike],
        days[start - 1][0] if start > 0 else None,
        days[after - 1][0] if end < len(days) else None,
    )


def _that_fit(sizes: Iterable[int]) -> int:
    """How many of these, from the first on, hold at most MOST_AT_ONCE together; at least one where there is any."""
    number = total = 0
    for size in sizes:
        total += size
        if number and total > MOST_AT_ONCE:
            break
        number += 1
    return number
