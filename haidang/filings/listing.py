"""Long lists of obligations: where each stands is worked out for all of them, rows are made for the page shown only.

Each function costs a fixed number of queries, whatever the number of rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet

from haidang.filings.models import Cycle, Obligation, Version
from haidang.filings.queries import Owed, owed
from haidang.filings.rules import Standing, last_day_of, standing_of
from haidang.kernel.calendars import DueDate
from haidang.kernel.clock import VIET_NAM

_HEAVY = ("cycle__plan__text", "cycle__plan__reading", "filing__cells", "filing__sections", "filing__explanations")
_STAND = (
    "pk",
    "cycle_id",
    "agency__name",
    "waived_reason",
    "extended_to",
    "filing__state",
    "filing__received_at",
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
    return [_stand(values, due[values[1]], on) for values in rows.order_by().values_list(*_STAND)]


def _stand(values: tuple[Any, ...], due: DueDate, on: date) -> Stand:
    pk, cycle_id, agency_name, waived, extended_to, state, received_at, nil, due_on = values
    due = DueDate(due_on, due.strict) if due_on else due
    found = standing_of(
        due,
        on,
        state=state,
        received_on=received_at.astimezone(VIET_NAM).date() if received_at else None,
        nil=nil,
        waived=bool(waived),
        extended_to=extended_to,
    )
    return Stand(pk, cycle_id, agency_name, found, received_at is not None, last_day_of(due, extended_to))


def owed_by_id(rows: QuerySet[Obligation], ids: Sequence[int], on: date) -> list[Owed]:
    """These obligations of the set as they stand on the day, in the order given; one query."""
    found = {row.pk: row for row in rows.filter(pk__in=ids).defer(*_HEAVY)}
    return [owed(found[pk], on) for pk in ids if pk in found]


def version_counts(shown: Iterable[Owed]) -> dict[int, int]:
    """How often each of these filings was sent, by filing; one query."""
    filings = [one.filing.pk for one in shown]
    rows = Version.objects.filter(filing_id__in=filings).order_by().values_list("filing_id")
    return dict(rows.annotate(Count("pk")))
