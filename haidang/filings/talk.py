"""What was said about cells and sections and waits for the other side to answer: agency and standing agency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from haidang.accounts.actors import Actor
from haidang.filings.models import CellComment, Filing, FilingState, Obligation, Ruling
from haidang.filings.queries import visible_obligations

MOST_SHOWN = 50
# The filing that a comment is on, where comments are picked by it.
_FILING = Filing.objects.filter(pk=OuterRef("filing_id"))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A report in which the other side had the last word at some places: how many, and the latest of these words."""

    obligation: Obligation
    places: int
    code: str
    text: str
    by: str
    at: datetime


def waiting_for(actor: Actor) -> list[Waiting]:
    """The reports in which somebody waits for this actor's answer, the latest word first; at most two queries.

    To the agencies that file it is a word of their standing agency; to a standing agency one of an agency below it.
    """
    if not actor.agency_ids and not any(seat.standing for seat in actor.seats):
        return []
    sides = Q(Exists(_FILING.filter(obligation__agency_id__in=actor.agency_ids)), by_filer=False)
    if any(seat.standing for seat in actor.seats):
        seen = visible_obligations(actor).exclude(agency_id__in=actor.agency_ids).order_by()
        sides |= Q(Exists(seen.filter(filing=OuterRef("filing_id"))), by_filer=True)
    return _by_report(_last_words(sides))


def waiting_by_agency() -> dict[int, list[Waiting]]:
    """By agency that files, the reports in which its standing agency waits for its answer; at most two queries."""
    found: dict[int, list[Waiting]] = defaultdict(list)
    expected = Q(Exists(_FILING.filter(obligation__waived_reason="")), by_filer=False)
    for one in _by_report(_last_words(expected), most=None):
        found[one.obligation.agency_id].append(one)
    return found


def _last_words(sides: Q) -> QuerySet[CellComment]:
    """The last comment at each cell and section, of those that `sides` picks; what was accepted since settles it.

    Said after the acceptance it waits: so an agency asks for its report to be opened again.
    The few comments are found by themselves first: joined to the filings at once, SQLite walks through all filings.
    """
    later = CellComment.objects.filter(filing=OuterRef("filing"), code=OuterRef("code"), pk__gt=OuterRef("pk"))
    since = Ruling.objects.filter(
        version__filing=OuterRef("filing"), outcome="accepted", decided_at__gte=OuterRef("written_at")
    )
    settled = Exists(_FILING.filter(state=FilingState.ACCEPTED)) & Exists(since)
    held = CellComment.objects.filter(sides, ~Exists(later), ~settled)
    return (
        CellComment.objects.filter(pk__in=list(held.order_by().values_list("pk", flat=True)))
        .select_related("filing__obligation__cycle__plan", "filing__obligation__agency", "written_by")
        .defer(
            "filing__cells", "filing__sections", "filing__explanations", "filing__typed", "filing__explained",
            "filing__obligation__cycle__plan__text", "filing__obligation__cycle__plan__reading",
        )
        .order_by("-written_at", "-pk")
    )  # fmt: skip


def _by_report(comments: Iterable[CellComment], most: int | None = MOST_SHOWN) -> list[Waiting]:
    latest: dict[int, CellComment] = {}
    places: dict[int, int] = defaultdict(int)
    for one in comments:
        latest.setdefault(one.filing.obligation_id, one)
        places[one.filing.obligation_id] += 1
    return [_waiting(one, places) for one in list(latest.values())[:most]]


def _waiting(comment: CellComment, places: Mapping[int, int]) -> Waiting:
    obligation = comment.filing.obligation
    speaker = f"{comment.written_by or 'hệ thống'}, {comment.agency_name}"
    return Waiting(obligation, places[obligation.pk], comment.code, comment.text, speaker, comment.written_at)
