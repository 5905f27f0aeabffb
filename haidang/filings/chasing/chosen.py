"""What the chasing board needs beside the board itself: the obligations chosen on it, what changed since acceptance.

Reads; the actor comes first. Each function costs a fixed number of queries.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from haidang.accounts.actors import Actor
from haidang.agencies.models import Agency
from haidang.audit.models import Entry
from haidang.filings import content
from haidang.filings.listing import Alike, alike_among, stands_among
from haidang.filings.models import Cycle, Filing, FilingState, Obligation, Reminder, Version
from haidang.filings.queries import BoardRow, CellChange, Owed, Square, board, difference, owed, visible_obligations
from haidang.filings.rules import ON_TIME, Letter, Standing, changed_codes
from haidang.kernel.dates import short_date

MOST_CHOSEN = 1000
AT_ONCE = 500  # agencies read for a workbook
# Where these stand, the obligation is neither received nor yet expected.
NOT_COUNTED = (Letter.OFF, Letter.NOT_DUE)
# On the filter "late only": what is overdue, and what was returned and not yet sent again.
LATE = (Letter.OVERDUE, Letter.RETURNED)


def chosen_obligations(actor: Actor, ids: Iterable[int], on: date) -> list[Owed]:
    """These obligations as they stand on the day, by area, agency and due date; one query.

    Obligation.DoesNotExist when one of them is not there or the actor may not see it.
    """
    wanted = set(ids)
    rows = (
        visible_obligations(actor)
        .filter(pk__in=wanted)
        .defer("cycle__plan__text", "cycle__plan__reading", "filing__cells", "filing__sections")
        .order_by("agency__area__path", "agency__code", "agency_id", "cycle__due_on", "cycle_id")
    )
    found = [owed(row, on) for row in rows]
    if len(found) != len(wanted):
        raise Obligation.DoesNotExist
    return found


def changed_counts(actor: Actor, cycles: Sequence[Cycle], agency_ids: Sequence[int] | None = None) -> dict[int, int]:
    """For each obligation (of these agencies, when given) whose accepted filing is being corrected: how many cells and
    sections differ by now.

    Obligations without a correction under way are left out; one query.
    """
    seen = _on_board(actor, cycles, agency_ids).order_by().values("pk")
    accepted = (
        Version.objects.filter(ruling__outcome="accepted", filing__obligation__in=seen)
        .exclude(filing__state=FilingState.ACCEPTED)
        .select_related("filing")
        .order_by("filing_id", "number")
    )
    latest = {version.filing_id: version for version in accepted}
    return {one.filing.obligation_id: len(_changed(one, one.filing)) for one in latest.values()}


def _changed(version: Version, filing: Filing) -> set[str]:
    return changed_codes({**version.cells, **version.sections}, {**filing.cells, **filing.sections})


@dataclass(frozen=True, slots=True)
class BoardAgency:
    """An agency that the board has a line for: what the line is found and filtered by. Paths are "" without an area."""

    pk: int
    level: str
    area_id: int | None
    area_path: str

    @property
    def top_path(self) -> str:
        """The path of the province that it lies in."""
        return self.area_path.split("/")[0]


def agencies_on_board(actor: Actor, cycles: Sequence[Cycle]) -> list[BoardAgency]:
    """The agencies that owe something in these cycles, by area and code; one query."""
    owing = _on_board(actor, cycles).order_by().values("agency_id")
    rows = Agency.objects.filter(pk__in=owing).order_by("area__path", "code", "pk")
    return [
        BoardAgency(pk, level, area_id, path or "")
        for pk, level, area_id, path in rows.values_list("pk", "level", "area_id", "area__path")
    ]


def tallies(actor: Actor, cycles: Sequence[Cycle], on: date, agency_ids: Sequence[int] | None = None) -> list[Alike]:
    """The squares of the board (of these agencies, when given), counted where they stand alike; one query."""
    return alike_among(_on_board(actor, cycles, agency_ids), on)


def count_on_board(actor: Actor, cycles: Sequence[Cycle], agency_ids: Sequence[int] | None) -> int:
    """How many squares the board of these agencies (None: of all) has; one query."""
    return _on_board(actor, cycles, agency_ids).order_by().count()


def board_in_pieces(actor: Actor, cycles: Sequence[Cycle], on: date, agency_ids: Sequence[int]) -> Iterator[BoardRow]:
    """The lines of the board of these agencies in their order, AT_ONCE agencies read at a time by two queries."""
    for start in range(0, len(agency_ids), AT_ONCE):
        yield from board(actor, cycles, on, agency_ids[start : start + AT_ONCE])


def late_on_board(actor: Actor, cycles: Sequence[Cycle], on: date) -> set[tuple[int, int]]:
    """Where something is late, as the agency and the cycle; one query."""
    may_be = Filing.objects.filter(Q(received_at__isnull=True) | Q(state=FilingState.RETURNED)).values("obligation_id")
    rows = _on_board(actor, cycles).filter(pk__in=may_be, waived_reason="")
    return {(one.agency_id, one.cycle_id) for one in stands_among(rows, on) if one.standing.letter in LATE}


def _on_board(actor: Actor, cycles: Sequence[Cycle], agency_ids: Sequence[int] | None = None) -> QuerySet[Obligation]:
    rows = visible_obligations(actor, None if agency_ids is None else Q(agency_id__in=agency_ids))
    return rows.filter(cycle__in=cycles)


@dataclass(frozen=True, slots=True)
class Rates:
    """How timely one agency, or one due date, is: only obligations in force that are due or received are counted.

    More time takes nobody out of what was due: it counts from its due date on, as it was.

    `late_days` are those of what came late or is overdue.
    """

    counted: int
    received: int
    on_time: int
    late_days: tuple[int, ...]

    @property
    def on_time_share(self) -> float | None:
        """Per cent on time of those counted; None when none is."""
        return 100 * self.on_time / self.counted if self.counted else None


def rates_of(row: BoardRow) -> Rates:
    """The rates of one line of the board."""
    return rates(place for place in row.places if place)


def rates(places: Iterable[tuple[Square, Standing]]) -> Rates:
    """The rates of any squares with their standings; what is waived or not yet due is not counted."""
    return _rates((standing, row.received_on is not None, 1) for row, standing in places)


def rates_of_tallies(found: Iterable[Alike]) -> Rates:
    """The rates of squares that were counted where they stand alike."""
    return _rates((one.standing, one.received_on is not None, one.count) for one in found)


def _rates(stood: Iterable[tuple[Standing, bool, int]]) -> Rates:
    """The rates of standings, each with whether it was received and how many stand so."""
    counted = [one for one in stood if one[0].letter not in NOT_COUNTED and not one[0].early]
    return Rates(
        counted=sum(count for _, _, count in counted),
        received=sum(count for _, received, count in counted if received),
        on_time=sum(count for standing, received, count in counted if received and standing.letter in ON_TIME),
        late_days=tuple(standing.days for standing, _, count in counted if standing.days for _ in range(count)),
    )


@dataclass(frozen=True, slots=True)
class SinceAcceptance:
    """What the draft changes in the version accepted last; `reason` is why the standing agency opened it again."""

    number: int
    changes: list[CellChange]
    reason: str


def since_acceptance(filing: Filing) -> SinceAcceptance | None:
    """What was changed since the version in force was accepted; None without one, or while it stands. One query."""
    if filing.state == FilingState.ACCEPTED:
        return None
    accepted = (
        Version.objects.filter(filing=filing, ruling__outcome="accepted")
        .select_related("reopening")
        .order_by("-number")
        .first()
    )
    if accepted is None:
        return None
    opened = getattr(accepted, "reopening", None)
    changes = difference(accepted, filing, content.forms_for(filing.obligation))
    return SinceAcceptance(accepted.number, changes, opened.reason if opened else "")


def reminders_of(obligation: Obligation) -> list[Reminder]:
    """When the agency was reminded of this obligation, how and by whom; latest first, one query."""
    return list(obligation.reminders.select_related("recipient", "sent_by", "told_to"))


@dataclass(frozen=True, slots=True)
class Event:
    """Something that the standing agency decided about an obligation: when, who, and in words."""

    at: Any
    by: str
    words: str


_EVENTS: Mapping[str, str] = {
    "filings.waived": "Miễn báo cáo",
    "filings.unwaived": "Bỏ miễn báo cáo",
    "filings.extended": "Gia hạn",
    "filings.handed_over": "Bàn giao cho cơ quan kế thừa",
}


def decisions_on(obligation: Obligation) -> list[Event]:
    """Extensions and waivers of this obligation as the audit trail has them, latest first; one query."""
    entries = Entry.objects.filter(
        subject_type=obligation._meta.label_lower, subject_id=str(obligation.pk), action__in=_EVENTS
    ).order_by("-id")
    return [Event(entry.at, entry.actor, _told(entry)) for entry in entries]


def _told(entry: Entry) -> str:
    words = _EVENTS[entry.action]
    if entry.details.get("to"):
        words += f" đến hết {short_date(date.fromisoformat(entry.details['to']))}"
    reason = entry.details.get("reason")
    return f"{words}: {reason}" if reason else words
