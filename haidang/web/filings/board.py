"""The chasing board of a standing agency: agencies against due dates, how timely each is; also as a workbook."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
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
from haidang.filings.board_columns import Column, columns_of
from haidang.filings.board_details import (
    Chased,
    Heir,
    Receipt,
    chased_among,
    contacts_of,
    heirs_named,
    receipts_of,
    top_areas_of,
    views_of,
)
from haidang.filings.board_span import Span, span_of
from haidang.filings.chasing import (
    LATE,
    BoardAgency,
    Rates,
    agencies_on_board,
    board_in_pieces,
    changed_counts,
    count_on_board,
    late_on_board,
    rates_of,
    rates_of_tallies,
    tallies,
)
from haidang.filings.chasing_workbook import board_workbook
from haidang.filings.due_dates import LEVEL_WORDS
from haidang.filings.policies import may_oversee
from haidang.filings.queries import BoardRow, Square, board
from haidang.filings.rules import Standing, last_day_of
from haidang.filings.sources import cycles_with_plans
from haidang.kernel import clock
from haidang.kernel.dates import short_date
from haidang.kernel.numbers import format_number, format_percent
from haidang.web.filings.board_asked import Asked, asked_again, asked_of
from haidang.web.filings.uploads import XLSX

if TYPE_CHECKING:
    from haidang.agencies.models import Agency, Area
    from haidang.filings.listing import Alike
    from haidang.filings.models import Cycle


PAGE_SIZE = 100  # agencies
MOST_EXPORTED = 60_000  # obligations in one workbook: some ten seconds of work
MOST_HEIRS = 2  # named in a row; more are counted
_LEVEL_RANK = {level: rank for rank, level in enumerate(LEVEL_WORDS)}
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
    span = _span(actor, visible, asked)
    cycles = span.cycles
    everybody = agencies_on_board(actor, cycles)
    areas = top_areas_of(everybody)
    late = late_on_board(actor, cycles, today) if asked.late_only else set()
    kept = filtered(everybody, asked, late, areas)
    context = {
        "board": _board(actor, kept, cycles, asked, late, whole=len(kept) == len(everybody)),
        "plans": list({cycle.plan_id: cycle.plan for cycle in visible}.values()),
        "levels": [(level, words) for level, words in LEVEL_WORDS.items() if level in _levels(everybody)],
        "areas": areas,
        "forms": [form.code for form in forms_in_force(today)],
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
    cycles = _span(actor, cycles_with_plans(actor), asked).cycles
    everybody = agencies_on_board(actor, cycles)
    late = late_on_board(actor, cycles, today) if asked.late_only else set()
    kept = [agency.pk for agency in filtered(everybody, asked, late, top_areas_of(everybody))]
    count = count_on_board(actor, cycles, kept if len(kept) < len(everybody) else None)
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


def _span(actor: Actor, visible: Sequence[Cycle], asked: Asked) -> Span:
    """The cycles of the plan and with the form asked for whose due dates are shown at once."""
    return span_of(actor, _asked_cycles(visible, asked), asked.until, level=asked.level, area_id=asked.area)


def _asked_cycles(visible: Sequence[Cycle], asked: Asked) -> list[Cycle]:
    """The cycles of the plan and with the form asked for."""
    of_plan = [cycle for cycle in visible if asked.plan in (None, cycle.plan_id)]
    return [cycle for cycle in of_plan if not asked.form or asked.form in cycle.forms]


def filtered(
    agencies: Sequence[BoardAgency], asked: Asked, late: Set[tuple[int, int]], areas: Iterable[Area]
) -> list[BoardAgency]:
    """The agencies of the level and of the province (one of `areas`) asked for, by level; with something late when only
    those are asked for.
    """
    kept = [agency for agency in agencies if not asked.level or agency.level == asked.level]
    if asked.area is not None:
        paths = {area.path for area in areas if area.pk == asked.area}
        kept = [agency for agency in kept if agency.area_path and agency.top_path in paths]
    if asked.late_only:
        something = {agency for agency, _cycle in late}
        kept = [agency for agency in kept if agency.pk in something]
    return sorted(kept, key=lambda agency: _LEVEL_RANK[agency.level])


def _levels(agencies: Sequence[BoardAgency]) -> set[str]:
    return {agency.level for agency in agencies}


def _board(
    actor: Actor,
    kept: Sequence[BoardAgency],
    cycles: list[Cycle],
    asked: Asked,
    late: Set[tuple[int, int]],
    *,
    whole: bool,
) -> dict[str, Any]:
    """The board: squares are read for the page alone, totals are those of all agencies kept (`whole`: of everybody)."""
    today = clock.today()
    now = _nearest(cycles, today)
    pages = max(1, -(-len(kept) // PAGE_SIZE))
    number = min(max(1, asked.page), pages)
    here = [agency.pk for agency in kept[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]]
    page = board(actor, cycles, today, here)
    columns = _shown(columns_of(cycles, page), kept, asked, late)
    heirs = heirs_named((row.agency for row in page), today)
    shown = [cycle for column in columns for cycle in column.cycles]
    several = len({cycle.plan_id for cycle in shown}) > 1
    marks = _marks(actor, page, shown, heirs, late=asked.mark_late)
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
            {"cycle": column.cycles[0], "now": now in column.cycles, "plans": column.cycles if several else ()}
            for column in columns
        ],
        "groups": [
            {"level": level, "words": LEVEL_WORDS[level].capitalize(), "rows": lines, "count": of_level[level]}
            for level, lines in groups.items()
        ],
        **_totals(actor, None if whole else kept, cycles, columns),
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
) -> Marks:
    """See Marks; for a dissolved agency, whom to ask at the one that took over."""
    here = [row.agency.pk for row in page]
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
        plans=len({cycle.plan_id for cycle in shown}) > 1,
    )


def _heir_words(agency: Agency, heirs: Sequence[Heir]) -> str:
    """ "nay là Công an tỉnh A": what became of a dissolved agency; "" for one that is in force or has no heir.

    An heir of the same name is told from it by its first day.
    """
    if not heirs:
        return ""
    named = ", ".join(one.name for one in heirs[:MOST_HEIRS])
    more = f" và {len(heirs) - MOST_HEIRS} cơ quan khác" if len(heirs) > MOST_HEIRS else ""
    since = ""
    if agency.valid_to is not None and any(one.name == agency.name for one in heirs):
        since = f" (lập mới từ {short_date(agency.valid_to + timedelta(days=1))})"
    return f"nay là {named}{more}{since}"


def _shown(
    columns: list[Column], kept: Sequence[BoardAgency], asked: Asked, late: Set[tuple[int, int]]
) -> list[Column]:
    """Which due dates to show: all, or on the filter those where something is late. Rates still count all of them."""
    if not asked.late_only:
        return columns
    those = {agency.pk for agency in kept}
    late_cycles = {cycle for agency, cycle in late if agency in those}
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
        told.append(f"Theo: {obligation.cycle.plan.number or obligation.cycle.plan.title}")
    told.append(f"Liên hệ: {marks.contacts.get(obligation.agency_id, 'chưa có người nhập liệu')}")
    if obligation.pk in marks.chased:
        told.append(f"Đã đôn đốc: {marks.chased[obligation.pk].words}")
    return "\n".join(told)
