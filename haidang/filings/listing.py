"""Long lists of obligations: where each stands is worked out for all of them, rows are made for the page shown only.

Each function costs a fixed number of queries, whatever the number of rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.db.models import Count, QuerySet

from haidang.filings.models import Cycle, Obligation, Version
from haidang.filings.queries import RECEIVED_TEXT, Owed, day_received, owed
from haidang.filings.rules import Standing, last_day_of, standing_of
from haidang.kernel.calendars import DueDate

_HEAVY = ("cycle__plan__text", "cycle__plan__reading", "filing__cells", "filing__sections", "filing__explanations")
_STAND = (
    "pk",
    "cycle_id",
    "agency__name",
    "waived_reason",
    "extended_to",
    "filing__state",
    "filing__nil",
    "due_on",
)


@dataclass(frozen=True, slots=True)
class Stand:
    """How one obligation of a long list stands on a day, with what the list is sorted by."""

    obligation_id: int
    cycle_id: int
    agency_name: str
    standing: Standing
    received: bool
    last_day: date


def stands_among(rows: QuerySet[Obligation], on: date) -> list[Stand]:
    """How each obligation of a set stands on the day, in no order; two queries, and no rows of theirs are made."""
    cycles = Cycle.objects.filter(pk__in=rows.order_by().values("cycle_id")).only("due_on", "strict")
    due = {cycle.pk: cycle.due for cycle in cycles}

    @cache
    def placed(cycle_id: int, due_on: date | None, extended_to: date | None, *rest: Any) -> tuple[Standing, date]:
        """Where those alike stand; few differ, and each is worked out once."""
        waived, state, nil, received_on = rest
        own = DueDate(due_on, due[cycle_id].strict) if due_on else due[cycle_id]
        found = standing_of(
            own, on, state=state, received_on=received_on, nil=nil, waived=waived, extended_to=extended_to
        )
        return found, last_day_of(own, extended_to)

    stands = []
    for values in rows.order_by().values_list(*_STAND, RECEIVED_TEXT):
        pk, cycle_id, agency_name, waived, extended_to, state, nil, due_on, received = values
        received_on = day_received(received)
        standing, last_day = placed(cycle_id, due_on, extended_to, bool(waived), state, nil, received_on)
        stands.append(Stand(pk, cycle_id, agency_name, standing, received_on is not None, last_day))
    return stands


def owed_by_id(rows: QuerySet[Obligation], ids: Sequence[int], on: date) -> list[Owed]:
    """These obligations of the set as they stand on the day, in the order given; one query."""
    found = {row.pk: row for row in rows.filter(pk__in=ids).defer(*_HEAVY)}
    return [owed(found[pk], on) for pk in ids if pk in found]


def version_counts(shown: Iterable[Owed]) -> dict[int, int]:
    """How often each of these filings was sent, by filing; one query."""
    filings = [one.filing.pk for one in shown]
    rows = Version.objects.filter(filing_id__in=filings).order_by().values_list("filing_id")
    return dict(rows.annotate(Count("pk")))
