""" "Nhật ký": who did what and when, for administrators and leaders; and whether the chain of rows is whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from haidang.accounts.actors import Actor, require
from haidang.agencies.people import journal
from haidang.agencies.policies import may_read_journal
from haidang.audit.checking import check_chain, last_check
from haidang.kernel.clock import VIET_NAM
from haidang.kernel.dates import parse_date
from haidang.web.people.wording import ACTIONS, action_words, detail_words, subject_words

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from haidang.audit.models import Entry

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as it is shown."""

    at: datetime
    actor: str
    agency: str
    action: str
    subject: str
    details: str


@require_GET
def journal_page(request: HttpRequest) -> HttpResponse:
    """The entries of the people in reach, newest first, fifty to a page, by person, action and days."""
    asked = {name: request.GET.get(name, "").strip()[:100] for name in ("nguoi", "viec", "tu", "den")}
    rows = journal(request.actor, asked["nguoi"])  # type: ignore[attr-defined]
    if asked["viec"]:
        rows = rows.filter(action=asked["viec"])
    rows, problem = _between(rows, asked["tu"], asked["den"])
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("trang"))
    given = urlencode({name: words for name, words in asked.items() if words})
    context: dict[str, Any] = {
        "page": page,
        "lines": [_line(entry) for entry in page.object_list],
        "asked": asked,
        "problem": problem,
        "actions": sorted(ACTIONS.items(), key=lambda pair: pair[1]),
        "query": f"{given}&" if given else "",
        "check": last_check(),
    }
    return render(request, "people/journal.html", context, status=422 if problem else 200)


@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Go through the whole chain now; the page then tells what was found."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require(may_read_journal(actor))
    if check_chain().whole:
        messages.success(request, "Đã kiểm tra toàn bộ nhật ký.")
    return HttpResponseRedirect(reverse("people:journal"))


def _between(rows: QuerySet[Entry], first: str, last: str) -> tuple[QuerySet[Entry], str]:
    """The entries of these days in Viet Nam, both included, and what is wrong with what was typed."""
    try:
        if first:
            rows = rows.filter(at__gte=_midnight(parse_date(first)))
        if last:
            rows = rows.filter(at__lt=_midnight(parse_date(last)) + timedelta(days=1))
    except (ValueError, OverflowError) as problem:
        return rows.none(), str(problem)
    return rows, ""


def _midnight(day: date) -> datetime:
    if not 2000 <= day.year <= 2200:
        raise ValueError("Năm phải từ 2000 đến 2200. Ví dụ: 30/6/2025.")
    return datetime.combine(day, time(), VIET_NAM)


def _line(entry: Entry) -> Line:
    return Line(
        at=entry.at,
        actor=entry.actor,
        agency=entry.agency,
        action=action_words(entry.action),
        subject=subject_words(entry.subject_type, entry.subject_id),
        details=detail_words(entry.details),
    )
