"""The list of obligations that a person may see, filtered by cycle, state and agency."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import Truncator
from django.views.decorators.http import require_GET

from haidang.filings.content import plain_text
from haidang.filings.listing import owed_by_id, page_among, version_counts
from haidang.filings.queries import Owed, visible_obligations
from haidang.filings.rules import FilingState, Letter, Standing
from haidang.filings.sources import cycles_with_plans
from haidang.kernel import clock
from haidang.kernel.dates import short_date
from haidang.kernel.numbers import count_in, format_number

if TYPE_CHECKING:
    from haidang.filings.models import Cycle, Obligation

PAGE_SIZE = 100
STATES = {
    "qua-han": Letter.OVERDUE,
    "tra-lai": Letter.RETURNED,
    "chua-den-han": Letter.NOT_DUE,
    "gia-han": Letter.EXTENDED,
    "tre": Letter.LATE,
    "dung-han": Letter.ON_TIME,
    "khong-phat-sinh": Letter.NIL,
    "mien": Letter.OFF,
}
STATE_WORDS = {
    "qua-han": "quá hạn, chưa nộp",
    "tra-lai": "bị trả lại",
    "chua-den-han": "chưa đến hạn",
    "gia-han": "được gia hạn",
    "tre": "đã nộp, trễ hạn",
    "dung-han": "đã nộp, đúng hạn",
    "khong-phat-sinh": "không phát sinh",
    "mien": "miễn, đã sắp xếp",
    "cho-kiem-tra": "đã gửi, chờ kiểm tra",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One obligation of the list."""

    obligation: Obligation
    standing: Standing
    due_words: str
    state_words: str
    address: str
    version_count: int

    @property
    def state(self) -> str:
        """The state class without its "s-", as chips want it."""
        return self.standing.css.removeprefix("s-")


@require_GET
def filings(request: HttpRequest) -> HttpResponse:
    """The obligations that the actor may see, a hundred to a page."""
    actor = request.actor  # type: ignore[attr-defined]
    visible = visible_obligations(actor)
    chosen = _chosen(request)
    rows = _filtered(visible, chosen)
    today = clock.today()
    found = page_among(rows, today, STATES.get(chosen["state"]), chosen["page"], PAGE_SIZE)
    shown = owed_by_id(rows, found.obligation_ids, today)
    counts = version_counts(shown)
    cycles = cycles_with_plans(actor)
    page = {
        "rows": [_row(one, counts.get(one.filing.pk, 0)) for one in shown],
        "cycles": _cycle_choices(cycles),
        "letters": STATE_WORDS.items(),
        "chosen": {"cycle": chosen["cycle"], "letter": chosen["state"], "agency": chosen["agency"]},
        "filtered": any((chosen["cycle"], chosen["state"], chosen["agency"])),
        "standing": actor.system or any(seat.standing for seat in actor.seats),
        "count_words": f"{format_number(found.count)} nghĩa vụ báo cáo · tính đến {short_date(today)}",
        "number": found.number,
        "pages": found.pages,
        "previous": found.number - 1,
        "next": found.number + 1,
        "query": _query(chosen),
    }
    return render(request, "filings/filings.html", {"page": page, "list_address": reverse("filings:filings")})


def _cycle_choices(cycles: list[Cycle]) -> list[tuple[int, str]]:
    """The cycles to choose from, each with its words: of a country there are a thousand, of a few plans."""
    plans = {cycle.plan_id: cycle.plan for cycle in cycles}
    named = {pk: f", {Truncator(plan.number or plan.title).chars(40)}" for pk, plan in plans.items()}
    several = len(plans) > 1
    return [
        (cycle.pk, f"{cycle.label} (hạn {short_date(cycle.due_on)}{named[cycle.plan_id] if several else ''})")
        for cycle in cycles
    ]


def _chosen(request: HttpRequest) -> dict[str, Any]:
    cycle, page = request.GET.get("ky", ""), request.GET.get("trang", "")
    state = request.GET.get("trang-thai", "")
    return {
        "cycle": count_in(cycle),
        "state": state if state in STATE_WORDS else "",
        "agency": plain_text(request.GET.get("co-quan", ""))[:100],
        "page": count_in(page, digits=8) or 1,
    }


def _state_words(one: Owed) -> str:
    obligation = one.obligation
    if obligation.handed_to_id is not None:
        return "đã bàn giao"
    return "miễn" if obligation.waived_reason else FilingState(one.filing.state).label


def _query(chosen: dict[str, Any]) -> str:
    named = {"ky": chosen["cycle"], "trang-thai": chosen["state"], "co-quan": chosen["agency"]}
    given = urlencode({key: value for key, value in named.items() if value})
    return f"{given}&" if given else ""


def _filtered(rows: QuerySet[Obligation], chosen: dict[str, Any]) -> QuerySet[Obligation]:
    if chosen["cycle"]:
        rows = rows.filter(cycle_id=chosen["cycle"])
    if chosen["agency"]:
        rows = rows.filter(agency__name__icontains=chosen["agency"])
    if chosen["state"] == "cho-kiem-tra":
        rows = rows.filter(filing__state=FilingState.SUBMITTED)
    return rows


def _row(one: Owed, version_count: int) -> Row:
    obligation = one.obligation
    due = obligation.due
    return Row(
        obligation=obligation,
        standing=one.standing,
        due_words=f"{'trước' if due.strict else 'chậm nhất'} {short_date(due.on)}",
        state_words=_state_words(one),
        address=reverse("filings:filing", args=[obligation.pk]),
        version_count=version_count,
    )
