"""The chasing board of a standing agency: agencies against due dates, how timely each is; also as a workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from haidang.accounts.actors import Actor, Role, require
from haidang.filings.chasing import LATE, Rates, changed_counts, rates, rates_of
from haidang.filings.chasing_workbook import board_workbook
from haidang.filings.policies import may_oversee
from haidang.filings.queries import BoardRow, board
from haidang.filings.rules import Standing
from haidang.filings.sources import plans_with_cycles, visible_cycles
from haidang.kernel import clock
from haidang.kernel.dates import short_date
from haidang.kernel.numbers import format_number, format_percent
from haidang.web.filings.uploads import XLSX

if TYPE_CHECKING:
    from haidang.agencies.models import Agency
    from haidang.filings.models import Cycle


PAGE_SIZE = 100  # agencies
_ANY = 1234567890  # stands for an obligation in the address that is looked up once for all squares


@dataclass(frozen=True, slots=True)
class Place:
    """One square: nothing where the agency owes nothing. `changed`: cells that differ since its acceptance."""

    now: bool
    pk: int = 0
    address: str = ""
    words: str = ""
    standing: Standing | None = None
    chosen: bool = False
    changed: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One agency, or all of them, with its squares and its rates."""

    agency: Agency
    cells: tuple[Place, ...]
    on_time: str
    received: str
    median: str


@dataclass(frozen=True, slots=True)
class Marks:
    """What squares are marked with: ticked where late, cells changed by obligation, and the address of a filing."""

    late: bool
    changed: Mapping[int, int]
    address: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of the board asks for: one plan, only agencies with something late, what is marked at once.

    Agencies come a page at a time; what is marked at once is what the page shows.
    """

    plan: int | None
    late_only: bool
    mark_late: bool
    page: int

    def query(self, **changed: Any) -> str:
        """The address's query with some of it changed."""
        wanted = {"ke-hoach": self.plan, "loc": "tre" * self.late_only, "chon": "tre" * self.mark_late}
        wanted |= {"trang": self.page if self.page > 1 else None} | changed
        return urlencode({key: value for key, value in wanted.items() if value})


@require_GET
def chasing(request: HttpRequest) -> HttpResponse:
    """Agencies against due dates, for those who sit in a standing agency."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require(may_oversee(actor))
    asked, today = _asked(request), clock.today()
    cycles = list(visible_cycles(actor, asked.plan))
    rows = _rows(actor, cycles, asked, today)
    context = {
        "board": _board(rows, cycles, asked, changed_counts(actor, cycles)),
        "plans": plans_with_cycles(actor),
        "asked": asked,
        "selecting": may_select(actor),
        "export": f"{reverse('filings:chasing_workbook')}?{asked.query(chon='')}",
        "mark": f"?{asked.query(chon='tre')}",
        "unmark": f"?{asked.query(chon='')}",
    }
    return render(request, "filings/chasing.html", context)


@require_GET
def workbook(request: HttpRequest) -> HttpResponse:
    """The board as it is filtered, as a workbook."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require(may_oversee(actor))
    asked, today = _asked(request), clock.today()
    cycles = list(visible_cycles(actor, asked.plan).select_related("plan").defer("plan__text", "plan__reading"))
    rows = _rows(actor, cycles, asked, today)
    invented = settings.DEMO or any(cycle.plan.fictional for cycle in cycles)
    answer = HttpResponse(board_workbook(rows, cycles, today, invented=invented), content_type=XLSX)
    name = quote(f"bang-don-doc-{today:%Y-%m-%d}.xlsx")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer


def may_select(actor: Actor) -> bool:
    """Whether squares can be chosen at all: by consolidators of standing agencies. Each is checked when acted on."""
    return actor.system or any(seat.standing and seat.role is Role.CONSOLIDATOR for seat in actor.seats)


def _asked(request: HttpRequest) -> Asked:
    plan, page = request.GET.get("ke-hoach", ""), request.GET.get("trang", "")
    return Asked(
        plan=int(plan) if plan.isdigit() and len(plan) < 18 else None,
        late_only=request.GET.get("loc") == "tre",
        mark_late=request.GET.get("chon") == "tre",
        page=int(page) if page.isdigit() and len(page) < 9 else 1,
    )


def _rows(actor: Actor, cycles: list[Cycle], asked: Asked, today: date) -> list[BoardRow]:
    rows = board(actor, cycles, today)
    if not asked.late_only:
        return rows
    return [row for row in rows if any(place and place[1].letter in LATE for place in row.places)]


def _board(rows: Sequence[BoardRow], cycles: list[Cycle], asked: Asked, changed: Mapping[int, int]) -> dict[str, Any]:
    now = _nearest(cycles, clock.today())
    shown = _shown(rows, asked, len(cycles))
    days = {at: short_date(cycles[at].due_on) for at in shown}
    marks = Marks(asked.mark_late, changed, reverse("filings:filing", args=[_ANY]))
    groups: dict[str, list[Line]] = {}
    pages = max(1, -(-len(rows) // PAGE_SIZE))
    number = min(max(1, asked.page), pages)
    for row in rows[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]:
        cells = tuple(
            _place(row.places[at], cycles[at].pk == now, f"{days[at]} {cycles[at].label}", marks) for at in shown
        )
        line = Line(row.agency, cells, **_rate_words(rates_of(row)))
        groups.setdefault(row.agency.get_level_display(), []).append(line)
    return {
        "columns": [{"cycle": cycles[at], "now": cycles[at].pk == now} for at in shown],
        "groups": [{"words": words.capitalize(), "rows": lines} for words, lines in groups.items()],
        "totals": [_received(rates(_column(rows, at))) for at in shown],
        "whole": _rate_words(rates(place for at in range(len(cycles)) for place in _column(rows, at))),
        "width": len(shown) + 4,
        "agency_count": len(rows),
        "pager": {
            "number": number,
            "pages": pages,
            "previous": asked.query(trang=number - 1),
            "next": asked.query(trang=number + 1),
        },
    }


def _shown(rows: Sequence[BoardRow], asked: Asked, count: int) -> list[int]:
    """Which due dates to show: all, or on the filter those where something is late. Rates still count all of them."""
    late = {at for row in rows for at, place in enumerate(row.places) if place and place[1].letter in LATE}
    return [at for at in range(count) if not asked.late_only or at in late]


def _column(rows: Sequence[BoardRow], at: int) -> list[Any]:
    return [row.places[at] for row in rows if row.places[at]]


def _nearest(cycles: list[Cycle], today: date) -> int | None:
    """The cycle that falls due next: where the board's "today" stands."""
    coming = [cycle for cycle in cycles if cycle.due.last_day >= today]
    return coming[0].pk if coming else None


def _rate_words(found: Rates) -> dict[str, str]:
    share = found.on_time_share
    return {
        "on_time": "–" if share is None else format_percent(share, 0),
        "received": _received(found),
        "median": f"{format_number(median(found.late_days))} ngày" if found.late_days else "–",
    }


def _received(found: Rates) -> str:
    return f"{found.received}/{found.counted}"


def _place(place: Any, now: bool, when: str, marks: Marks) -> Place:
    if place is None:
        return Place(now)
    obligation, standing = place
    words = f"{when}: {standing.words}"
    changed = marks.changed.get(obligation.pk, 0)
    if changed:
        words += f", {changed} ô đã đổi từ khi tiếp nhận"
    address = marks.address.replace(str(_ANY), str(obligation.pk))
    chosen = marks.late and standing.letter in LATE
    return Place(now, obligation.pk, address, words, standing, chosen, changed)
