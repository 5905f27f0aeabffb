"""Long lists of obligations: the database counts those that are alike, where they stand is judged once for all of them,
and rows are made for the page shown only.

Each function costs a fixed number of queries, whatever the number of rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import BooleanField, CharField, Count, ExpressionWrapper, Q, QuerySet
from django.db.models.functions import Cast, Coalesce

from haidang.filings.models import Cycle, Filing, FilingState, Obligation, Version
from haidang.filings.queries import RECEIVED_DAY, Owed, day_received, owed
from haidang.filings.rules import Letter, Standing, last_day_of, standing_of
from haidang.kernel.calendars import DueDate

_HEAVY = ("cycle__plan__text", "cycle__plan__reading", "filing__cells", "filing__sections", "filing__explanations")
# The columns of Deciding.
_DECIDING = (
    "cycle__due_on", "cycle__strict", "due_on", "extended_to", "filing__state", "filing__nil",
    ExpressionWrapper(~Q(waived_reason=""), output_field=BooleanField()), RECEIVED_DAY,
)  # fmt: skip

# Every obligation has its filing; said so, the database may begin with whichever are fewer.
_FILED = Q(filing__state__isnull=False)

# Where a page of the list begins: what is still owed comes first, the nearest due first; then what came in, the latest
# due first; then the cycle.
Place = tuple[bool, int, int]


@dataclass(frozen=True, slots=True)
class Alike:
    """How many obligations of one cycle stand alike on a day, received on the same day or not yet (None)."""

    cycle_id: int
    standing: Standing
    received_on: date | None
    last_day: date
    count: int


@dataclass(frozen=True, slots=True)
class Stand:
    """How one obligation of a long list stands on a day, with what the list is sorted by."""

    obligation_id: int
    cycle_id: int
    agency_id: int
    agency_name: str
    standing: Standing
    received: bool
    last_day: date


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a long list: how many obligations the list has, which page of how many, and its obligations."""

    count: int
    number: int
    pages: int
    obligation_ids: list[int]


def alike_among(rows: QuerySet[Obligation], on: date) -> list[Alike]:
    """The obligations of a set, counted where they stand alike on the day; in no order, one query."""
    counted = rows.filter(_FILED).order_by().values_list("cycle_id", *_DECIDING).annotate(Count("pk"))
    found = []
    for cycle_id, *given, count in counted:
        standing, last_day = _stand(on, tuple(given))
        found.append(Alike(cycle_id, standing, day_received(given[-1]), last_day, count))
    return found


def stands_among(rows: QuerySet[Obligation], on: date) -> list[Stand]:
    """How each obligation of a set stands on the day, in no order; one query, and no rows of theirs are made."""
    stands = []
    read = rows.filter(_FILED).order_by().values_list("pk", "cycle_id", "agency_id", "agency__name", *_DECIDING)
    for pk, cycle_id, agency_id, agency_name, *given in read:
        standing, last_day = _stand(on, tuple(given))
        stands.append(Stand(pk, cycle_id, agency_id, agency_name, standing, given[-1] is not None, last_day))
    return stands


class Deciding(NamedTuple):
    """What decides where an obligation stands: its cycle's due date, its own, and what became of it, as read."""

    cycle_due_on: date
    strict: bool
    due_on: date | None
    extended_to: date | None
    state: str
    nil: bool
    waived: bool
    received: str | None


@lru_cache(maxsize=16384)
def _stand(on: date, given: tuple[Any, ...]) -> tuple[Standing, date]:
    """Where those alike stand, and their last day on time; few differ, and each is worked out once."""
    one = Deciding(*given)
    due = DueDate(one.due_on or one.cycle_due_on, one.strict)
    found = standing_of(
        due,
        on,
        state=one.state,
        received_on=day_received(one.received),
        nil=one.nil,
        waived=one.waived,
        extended_to=one.extended_to,
    )
    return found, last_day_of(due, one.extended_to)


def page_among(rows: QuerySet[Obligation], on: date, letter: Letter | None, number: int, size: int) -> ListPage:
    """The page of this number (or the nearest there is) of the obligations that stand so on the day; None: of all.

    In the order of Place, then by name. Two queries, four for all: what is alike is counted, what may be on the page
    is read.
    """
    bunches = _bunches(rows, on, letter)
    counts: Counter[Place] = Counter()
    for bunch in bunches:
        counts[bunch.place] += bunch.count
    pages = max(1, -(-counts.total() // size))
    number = min(max(1, number), pages)
    first = (number - 1) * size
    reached, before = _reached(counts, first, size)
    among = _where(bunch for bunch in bunches if bunch.place in reached)
    found = sorted(
        (_place(one.received, one.last_day, one.cycle_id), one.agency_name, one.obligation_id)
        for one in stands_among(rows.alias(received_day=RECEIVED_DAY).filter(among), on)
        if letter is None or one.standing.letter == letter
    )
    ids = [pk for place, _name, pk in found if place in reached]
    return ListPage(counts.total(), number, pages, ids[first - before : first - before + size])


@dataclass(frozen=True, slots=True)
class _Bunch:
    """How many obligations of a list stand at one place; all received on this day, where they were counted by day."""

    place: Place
    count: int
    day: date | None = None


def _where(bunches: Iterable[_Bunch]) -> Q:
    """The obligations that may be among these; some stand elsewhere."""
    owing: set[int] = set()
    received: set[int] = set()
    days: set[date | None] = set()
    for bunch in bunches:
        came, _day, cycle_id = bunch.place
        (received if came else owing).add(cycle_id)
        days.add(bunch.day)
    came_then = _RECEIVED if None in days else Q(received_day__in={f"{day}" for day in days})
    return (Q(cycle_id__in=owing) & _NOT_RECEIVED) | (Q(cycle_id__in=received) & came_then)


_NOT_RECEIVED = Q(pk__in=Filing.objects.filter(received_at__isnull=True).values("obligation_id"))
_RECEIVED = Q(filing__received_at__isnull=False)
# What every obligation of a letter has, so that the others need not be looked at.
_ALWAYS = {
    Letter.OFF: ~Q(waived_reason=""),
    Letter.EXTENDED: Q(extended_to__isnull=False),
    Letter.RETURNED: Q(filing__state=FilingState.RETURNED),
    Letter.OVERDUE: _NOT_RECEIVED,
    Letter.NOT_DUE: _NOT_RECEIVED,
    Letter.LATE: Q(received_day__gte=Cast(Coalesce("due_on", "cycle__due_on"), CharField())),
    Letter.NIL: Q(filing__nil=True),
    Letter.ON_TIME: Q(filing__nil=False),
}


def _bunches(rows: QuerySet[Obligation], on: date, letter: Letter | None) -> list[_Bunch]:
    """The obligations that stand so on the day, counted by place; one query, three for all."""
    if letter is not None:
        may_be = rows.alias(received_day=RECEIVED_DAY).filter(_ALWAYS[letter])
        return [_bunch_of(one) for one in alike_among(may_be, on) if one.standing.letter == letter]
    # Most have come in, and where those stand in the list does not depend on when: they are what is left over.
    owing = [_bunch_of(one) for one in alike_among(rows.filter(_NOT_RECEIVED), on)]
    not_received: Counter[tuple[int, int]] = Counter()
    for one in owing:
        not_received[one.place[1:]] += one.count
    return [*owing, *_received_bunches(rows, not_received)]


def _received_bunches(rows: QuerySet[Obligation], not_received: Mapping[tuple[int, int], int]) -> list[_Bunch]:
    """What has come in, by place: all that are due then, less those that have not, by day and cycle; two queries."""
    due = list(rows.order_by().values_list("cycle_id", "due_on", "extended_to").annotate(Count("pk")))
    cycles = Cycle.objects.in_bulk({cycle_id for cycle_id, *_ in due})
    counts: Counter[tuple[int, int]] = Counter()
    for cycle_id, due_on, extended_to, count in due:
        cycle = cycles[cycle_id]
        last_day = last_day_of(DueDate(due_on or cycle.due_on, cycle.strict), extended_to)
        counts[last_day.toordinal(), cycle_id] += count
    return [
        _Bunch((True, -day, cycle_id), count - not_received.get((day, cycle_id), 0))
        for (day, cycle_id), count in counts.items()
    ]


def _bunch_of(one: Alike) -> _Bunch:
    received = one.received_on is not None
    return _Bunch(_place(received, one.last_day, one.cycle_id), one.count, one.received_on)


def _place(received: bool, last_day: date, cycle_id: int) -> Place:
    day = last_day.toordinal()
    return received, -day if received else day, cycle_id


def _reached(counts: Counter[Place], first: int, size: int) -> tuple[set[Place], int]:
    """The places that a page reaches into, and how many obligations stand before the first of them."""
    reached: set[Place] = set()
    before = passed = 0
    for place in sorted(counts):
        if passed >= first + size:
            break
        if passed + counts[place] > first:
            before = before if reached else passed
            reached.add(place)
        passed += counts[place]
    return reached, before


def owed_by_id(rows: QuerySet[Obligation], ids: Sequence[int], on: date) -> list[Owed]:
    """These obligations of the set as they stand on the day, in the order given; one query."""
    found = {row.pk: row for row in rows.filter(pk__in=ids).defer(*_HEAVY)}
    return [owed(found[pk], on) for pk in ids if pk in found]


def version_counts(shown: Iterable[Owed]) -> dict[int, int]:
    """How often each of these filings was sent, by filing; one query."""
    filings = [one.filing.pk for one in shown]
    rows = Version.objects.filter(filing_id__in=filings).order_by().values_list("filing_id")
    return dict(rows.annotate(Count("pk")))
