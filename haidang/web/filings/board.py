"""The chasing board of a standing agency: agencies against due dates, how timely each is; also as a workbook."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from haidang.accounts.actors import Actor, Refused, Role, require
from haidang.catalogue.forms import forms_in_force
from haidang.filings.actions.board_views import drop_view, keep_view
from haidang.filings.chasing.chosen import (
    LATE,
    BoardAgency,
    Rates,
    board_in_pieces,
    changed_counts,
    count_on_board,
    rates_of,
    rates_of_tallies,
    tallies,
)
from haidang.filings.chasing.columns import Column, columns_of
from haidang.filings.chasing.details import (
    Chased,
    Heir,
    Receipt,
    chased_among,
    contacts_of,
    heirs_named,
    named,
    receipts_of,
    views_of,
)
from haidang.filings.chasing.workbook import board_workbook
from haidang.filings.cycles.due_dates import LEVEL_WORDS
from haidang.filings.policies import may_oversee
from haidang.filings.queries import BoardRow, Square, board
from haidang.filings.rules import Standing, last_day_of
from haidang.filings.sources import cycles_with_plans
from haidang.kernel import clock
from haidang.kernel.dates import short_date
from haidang.kernel.numbers import format_number, format_percent
from haidang.web.filings.board_asked import ROLES, Asked, asked_again, asked_of
from haidang.web.filings.board_filters import Found, agencies_asked, span_asked
from haidang.web.filings.uploads import XLSX

if TYPE_CHECKING:
    from haidang.agencies.models import Agency
    from haidang.filings.listing import Alike
    from haidang.filings.models import Cycle


PAGE_SIZE = 100  # agencies
MOST_EXPORTED = 60_000  # obligations in one workbook: some ten seconds of work
_ANY = 1234567890  # stands for an obligation in the address that is looked up once for all squares


@dataclass(frozen=True, slots=True)
class Place:
    """One square: nothing where the agency owes nothing. `changed`: cells that differ since its acceptance. `more` is
    what is told on pointing at it: due, received, by whom, which version, whom to ask.
    """

    now: bool
    pk: int = 0
    address: str = ""
    words: str = ""
    standing: Standing | None = None
    chosen: bool = False
    changed: int = 0
    more: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One agency with its squares and its rates. `heirs` says what became of a dissolved one; `heir` is its row."""

    agency: Agency
    cells: tuple[Place, ...]
    on_time: str
    received: str
    median: str
    heirs: str
    heir: int | None


@dataclass(frozen=True, slots=True)
class Marks:
    """What squares are marked with: ticked where late, cells changed, receipts and how often it was chased by
    obligation, the address of a filing, contacts by agency; `plans`: the plan is told, as there are several.
    """

    late: bool
    changed: Mapping[int, int]
    address: str
    receipts: Mapping[int, Receipt]
    contacts: Mapping[int, str]
    chased: Mapping[int, Chased]
    plans: bool


@require_GET
def chasing(request: HttpRequest) -> HttpResponse:
    """Agencies against due dates, for those who sit in a standing agency."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require(may_oversee(actor))
    asked, today = asked_of(request.GET), clock.today()
    visible = cycles_with_plans(actor)
    span = span_asked(actor, visible, asked)
    found = agencies_asked(actor, span.cycles, asked, today)
    context = {
        "board": _board(actor, found, span.cycles, asked),
        "plans": list({cycle.plan_id: cycle.plan for cycle in visible}.values()),
        "levels": found.levels,
        "roles": [(word, role.words) for word, role in ROLES.items()],
        "areas": found.areas,
        "forms": [(form.code, form.number) for form in forms_in_force(today)],
        "views": views_of(actor),
        "asked": asked,
        "selecting": may_select(actor),
        "export": f"{reverse('filings:chasing_workbook')}?{asked.query(chon='')}",
        "mark": f"?{asked.query(chon='tre')}",
        "unmark": f"?{asked.query(chon='')}",
        "query": asked.query(chon="", trang="", den=""),
        "span": span,
        "earlier": asked.query(chon="", trang="", den=span.earlier),
        "later": asked.query(chon="", trang="", den=span.later),
        "here": asked.query(chon=""),
    }
    return render(request, "filings/chasing.html", context)


@require_GET
def workbook(request: HttpRequest) -> HttpResponse:
    """The board as it is filtered, as a workbook."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require(may_oversee(actor))
    asked, today = asked_of(request.GET), clock.today()
    cycles = span_asked(actor, cycles_with_plans(actor), asked).cycles
    found = agencies_asked(actor, cycles, asked, today)
    kept = [agency.pk for agency in found.kept]
    count = count_on_board(actor, cycles, None if found.whole else kept)
    if count > MOST_EXPORTED:
        messages.error(
            request,
            f"Bảng có {format_number(count)} nghĩa vụ, một tệp chứa nhiều nhất {format_number(MOST_EXPORTED)}. "
            "Lọc theo tỉnh, cấp hoặc kế hoạch rồi xuất từng phần.",
        )
        return HttpResponseRedirect(f"{reverse('filings:chasing')}?{asked.query()}")
    lines = board_in_pieces(actor, cycles, today, kept)
    invented = settings.DEMO or any(cycle.plan.fictional for cycle in cycles)
    answer = HttpResponse(board_workbook(lines, cycles, today, invented=invented), content_type=XLSX)
    name = quote(f"bang-don-doc-{today:%Y-%m-%d}.xlsx")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the filters of the board under a name."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    query = asked_again(str(request.POST.get("loc", ""))).query(chon="", trang="", den="")
    try:
        view = keep_view(actor, str(request.POST.get("ten", "")), query)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Đã lưu bộ lọc “{view.name}”.")
    return HttpResponseRedirect(f"{reverse('filings:chasing')}?{query}")


@require_POST
def drop(request: HttpRequest, view: int) -> HttpResponse:
    """Forget one of one's own kept filters."""
    try:
        drop_view(request.actor, view)  # type: ignore[attr-defined]
    except ObjectDoesNotExist:
        raise Http404("no such view") from None
    messages.success(request, "Đã bỏ bộ lọc.")
    return HttpResponseRedirect(reverse("filings:chasing"))


def may_select(actor: Actor) -> bool:
    """Whether squares can be chosen at all: by consolidators of standing agencies. Each is checked when acted on."""
    return actor.system or any(seat.standing and seat.role is Role.CONSOLIDATOR for seat in actor.seats)


def _board(actor: Actor, found: Found, cycles: list[Cycle], asked: Asked) -> dict[str, Any]:
    """The board: squares are read for the page alone, totals are those of all agencies kept."""
    kept = found.kept
    today = clock.today()
    now = _nearest(cycles, today)
    pages = max(1, -(-len(kept) // PAGE_SIZE))
    number = min(max(1, asked.page), pages)
    here = [agency.pk for agency in kept[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]]
    page = board(actor, cycles, today, here)
    columns = _shown(columns_of(cycles, page), found, asked)
    heirs = heirs_named((row.agency for row in page), today)
    shown = [cycle for column in columns for cycle in column.cycles]
    several = len({cycle.plan_id for cycle in shown}) > 1
    marks = _marks(actor, page, shown, heirs, late=asked.mark_late, plans=several)
    groups: dict[str, list[Line]] = {}
    for row in page:
        cells = tuple(_place(row, column, now in column.cycles, marks) for column in columns)
        became = heirs.get(row.agency.pk, [])
        line = Line(
            row.agency, cells, **_rate_words(rates_of(row)), heirs=_heir_words(row.agency, became),
            heir=next((one.pk for one in became if one.pk in here), None),
        )  # fmt: skip
        groups.setdefault(row.agency.level, []).append(line)
    of_level = Counter(agency.level for agency in kept)
    return {
        "columns": [
            {"cycle": column.cycles[0], "now": now in column.cycles, "cycles": column.cycles, "plans": several}
            for column in columns
        ],
        "groups": [
            {"level": level, "words": LEVEL_WORDS[level].capitalize(), "rows": lines, "count": of_level[level]}
            for level, lines in groups.items()
        ],
        **_totals(actor, None if found.whole else kept, cycles, columns),
        "width": len(columns) + 4,
        "agency_count": len(kept),
        "pager": {
            "number": number,
            "pages": pages,
            "previous": asked.query(trang=number - 1),
            "next": asked.query(trang=number + 1),
        },
    }


def _totals(
    actor: Actor, agencies: Sequence[BoardAgency] | None, cycles: Sequence[Cycle], columns: Sequence[Column]
) -> dict[str, Any]:
    """What stands at the foot of the board, of these agencies; None: of all."""
    found = tallies(actor, cycles, clock.today(), agencies if agencies is None else [one.pk for one in agencies])
    of_cycle: dict[int, list[Alike]] = defaultdict(list)
    for one in found:
        of_cycle[one.cycle_id].append(one)
    return {
        "totals": [
            _received(rates_of_tallies(one for cycle in column.cycles for one in of_cycle[cycle.pk]))
            for column in columns
        ],
        "whole": _rate_words(rates_of_tallies(found)),
    }


def _marks(
    actor: Actor,
    page: Sequence[BoardRow],
    shown: Sequence[Cycle],
    heirs: Mapping[int, Sequence[Heir]],
    *,
    late: bool,
    plans: bool,
) -> Marks:
    """See Marks; for a dissolved agency, whom to ask at the one that took over."""
    here = [row.agency.pk for row in page]
    owed = {place[0].cycle.pk for row in page for place in row.places if place}
    shown = [cycle for cycle in shown if cycle.pk in owed]
    asks = {pk: heirs[pk][0].pk if heirs.get(pk) else pk for pk in here}
    known = contacts_of(set(asks.values()), clock.today())
    contacts = {pk: known[at] for pk, at in asks.items() if at in known}
    return Marks(
        late=late,
        changed=changed_counts(actor, shown, here),
        address=reverse("filings:filing", args=[_ANY]),
        receipts=receipts_of(here, shown),
        contacts=contacts,
        chased=chased_among(here, shown),
        plans=plans,
    )


def _heir_words(agency: Agency, heirs: Sequence[Heir]) -> str:
    """ "nay là Công an tỉnh A": what became of a dissolved agency; "" for one that is in force or has no heir.

    An heir of the same name is told from it by its first day.
    """
    if not heirs:
        return ""
    since = ""
    if agency.valid_to is not None and any(one.name == agency.name for one in heirs):
        since = f" (lập mới từ {short_date(agency.valid_to + timedelta(days=1))})"
    return f"nay là {named(heirs)}{since}"


def _shown(columns: list[Column], found: Found, asked: Asked) -> list[Column]:
    """Which due dates to show: all, or on the filter those where something is late. Rates still count all of them."""
    if not asked.late_only:
        return columns
    those = {agency.pk for agency in found.kept}
    late_cycles = {cycle for agency, cycle in found.late if agency in those}
    return [column for column in columns if any(cycle.pk in late_cycles for cycle in column.cycles)]


def _nearest(cycles: list[Cycle], today: date) -> Cycle | None:
    """The cycle that falls due next: where the board's "today" stands."""
    return next((cycle for cycle in cycles if cycle.due.last_day >= today), None)


def _rate_words(found: Rates) -> dict[str, str]:
    share = found.on_time_share
    return {
        "on_time": "–" if share is None else format_percent(share, 0),
        "received": _received(found),
        "median": f"{format_number(median(found.late_days))} ngày" if found.late_days else "–",
    }


def _received(found: Rates) -> str:
    return f"{format_number(found.received)}/{format_number(found.counted)}"


def _place(row: BoardRow, column: Column, now: bool, marks: Marks) -> Place:
    place = column.of(row)
    if place is None:
        return Place(now)
    obligation, standing = place
    words = f"{short_date(obligation.due.on)} {obligation.cycle.label}: {standing.words}"
    changed = marks.changed.get(obligation.pk, 0)
    if changed:
        words += f", {changed} ô đã đổi từ khi tiếp nhận"
    address = marks.address.replace(str(_ANY), str(obligation.pk))
    chosen = marks.late and standing.letter in LATE
    return Place(now, obligation.pk, address, words, standing, chosen, changed, _more(obligation, standing, marks))


def _more(obligation: Square, standing: Standing, marks: Marks) -> str:
    """Due, received, by whom, which version, under which plan, whom to ask, how often it was chased: a line each."""
    last_day = last_day_of(obligation.due, obligation.extended_to)
    told = [f"{standing.words[:1].upper()}{standing.words[1:]}", f"Ngày cuối được nộp: {short_date(last_day)}"]
    receipt = marks.receipts.get(obligation.pk)
    if receipt is not None:
        sent = short_date(receipt.on)
        told.append(f"Nhận: bản {receipt.number}, {receipt.by} gửi ngày {sent}")
    if marks.plans:
        told.append(f"Theo: {obligation.cycle.asked_by}")
    told.append(f"Liên hệ: {marks.contacts.get(obligation.agency_id, 'chưa có người nhập liệu')}")
    if obligation.pk in marks.chased:
        told.append(f"Đã đôn đốc: {marks.chased[obligation.pk].words}")
    return "\n".join(told)
