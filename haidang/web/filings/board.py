"""The chasing board of a standing agency: agencies against due dates, and how timely each agency is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from haidang.accounts.actors import Actor, Refused
from haidang.filings.queries import BoardRow, board
from haidang.filings.rules import Letter, Standing
from haidang.filings.sources import plans_with_cycles, visible_cycles
from haidang.kernel import clock
from haidang.kernel.dates import short_date
from haidang.kernel.numbers import format_number, format_percent

if TYPE_CHECKING:
    from haidang.agencies.models import Agency
    from haidang.filings.models import Cycle

ON_TIME = (Letter.ON_TIME, Letter.NIL)
# Where these stand, the obligation is neither received nor yet expected.
NOT_COUNTED = (Letter.OFF, Letter.NOT_DUE)


@dataclass(frozen=True, slots=True)
class Place:
    """One square: nothing where the agency owes nothing."""

    now: bool
    address: str = ""
    words: str = ""
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One agency with its squares and its rates."""

    agency: Agency
    cells: tuple[Place, ...]
    on_time: str
    received: str
    median: str


@require_GET
def chasing(request: HttpRequest) -> HttpResponse:
    """Agencies against due dates, for those who sit in a standing agency."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.system and not any(seat.standing for seat in actor.seats):
        raise Refused("Bảng đôn đốc dành cho cơ quan thường trực. Báo cáo của cơ quan mình ở trang Báo cáo, biểu mẫu.")
    asked = request.GET.get("ke-hoach", "")
    plan = int(asked) if asked.isdigit() and len(asked) < 18 else None
    cycles = list(visible_cycles(actor, plan))
    today = clock.today()
    return render(
        request,
        "filings/chasing.html",
        {"board": _board(actor, cycles, today), "plans": plans_with_cycles(actor), "chosen_plan": plan},
    )


def _board(actor: Actor, cycles: list[Cycle], today: date) -> dict[str, Any]:
    now = _nearest(cycles, today)
    groups: dict[str, list[Line]] = {}
    for row in board(actor, cycles, today):
        groups.setdefault(row.agency.get_level_display(), []).append(_line(row, cycles, now))
    return {
        "columns": [{"cycle": cycle, "now": cycle.pk == now} for cycle in cycles],
        "groups": [{"words": words.capitalize(), "rows": lines} for words, lines in groups.items()],
        "width": len(cycles) + 4,
        "agency_count": sum(len(lines) for lines in groups.values()),
    }


def _nearest(cycles: list[Cycle], today: date) -> int | None:
    """The cycle that falls due next: where the board's "today" stands."""
    coming = [cycle for cycle in cycles if cycle.due.last_day >= today]
    return coming[0].pk if coming else None


def _line(row: BoardRow, cycles: list[Cycle], now: int | None) -> Line:
    cells = tuple(_place(place, cycle, now) for place, cycle in zip(row.places, cycles, strict=True))
    counted = [(place, place[0].filing) for place in row.places if place and place[1].letter not in NOT_COUNTED]
    received = [place[1] for place, filing in counted if filing.received_at]
    on_time = sum(one.letter in ON_TIME or (one.letter == Letter.EXTENDED) for one in received)
    late = [place[1].days for place, _ in counted if place[1].days]
    return Line(
        agency=row.agency,
        cells=cells,
        on_time=format_percent(100 * on_time / len(counted), 0) if counted else "–",
        received=f"{len(received)}/{len(counted)}",
        median=f"{format_number(median(late))} ngày" if late else "–",
    )


def _place(place: Any, cycle: Cycle, now: int | None) -> Place:
    if place is None:
        return Place(cycle.pk == now)
    obligation, standing = place
    words = f"{short_date(cycle.due_on)} {cycle.label}: {standing.words}"
    return Place(cycle.pk == now, reverse("filings:filing", args=[obligation.pk]), words, standing)
