"""One cell of a filing, opened: its formula, its past, its checks, and what agency and standing agency say about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from haidang.accounts.actors import Refused
from haidang.filings import actions
from haidang.filings.cell_details import CellDetails, CellPart, cell_details
from haidang.web.filings import pages
from haidang.web.filings.access import Opened, open_filing
from haidang.web.filings.grid import shown_text

if TYPE_CHECKING:
    from haidang.filings.models import CellComment

_CHECK_STATES = {
    "failed": ("!", "s-over", "chưa đạt"),
    "passed": ("✓", "s-ok", "đạt"),
    "waiting": ("…", "s-none", "chưa đủ số để kiểm tra"),
}
# One bar of the picture of earlier cycles, in units of its own view box.
_STEP, _BAR, _HEIGHT = 21, 15, 48


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the picture: its place and its class ("cur" this cycle, "part" a cycle of another length)."""

    x: int
    y: int
    height: int
    css: str


@dataclass(frozen=True, slots=True)
class Past:
    """The cell in one cycle: the label, the figure in words, and whether the cycle is as long as this one."""

    label: str
    text: str
    comparable: bool


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to the cell: when, who, and what it became or what was said."""

    at: datetime
    by: str
    before: str = ""
    after: str = ""
    said: str = ""
    version: int = 0


@require_GET
def cell(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """The cell opened: a part of the grid's page for its script, a page of its own otherwise."""
    return _shown(request, open_filing(request.actor, pk), code)  # type: ignore[attr-defined]


@require_POST
def comment(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Add what was written about the cell."""
    opened = open_filing(request.actor, pk)  # type: ignore[attr-defined]
    problem = ""
    try:
        actions.comment_cell(opened.actor, opened.filing, code, request.POST.get("text", ""))
    except Refused as refusal:
        problem = str(refusal)
    if _as_part(request):
        return _shown(request, opened, code, problem)
    if problem:
        messages.error(request, problem)
    else:
        messages.success(request, "Đã gửi ghi chú về ô này.")
    return HttpResponseRedirect(reverse("filings:cell", args=[pk, code]))


@require_POST
def comment_on_section(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Add what was written about a section of the words."""
    opened = open_filing(request.actor, pk)  # type: ignore[attr-defined]
    try:
        actions.comment_section(opened.actor, opened.filing, code, request.POST.get("text", ""))
        messages.success(request, "Đã gửi ghi chú về mục này.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(f"{opened.address}?bieu={pages.SECTIONS_TAB}#{pages.section_anchor(code)}")


def remarks(opened: Opened, comments: Iterable[CellComment]) -> tuple[pages.RemarkView, ...]:
    """Comments as the page of the filing lists them."""
    forms = {form.code: form for form in opened.forms}
    return tuple(
        pages.RemarkView(
            pages.cell_link(one.code, forms, opened.address), _speaker(one), one.agency_name, one.written_at, one.text
        )
        for one in comments
    )


def _as_part(request: HttpRequest) -> bool:
    return request.headers.get("X-Part") == "1"


def _shown(request: HttpRequest, opened: Opened, code: str, problem: str = "") -> HttpResponse:
    try:
        details = cell_details(opened.filing, code)
    except KeyError:
        raise Http404("no such cell") from None
    context = {
        "obligation": opened.obligation,
        "title": pages.title_of(opened.obligation),
        "cell": _view(opened, details),
        "problem": problem,
        "text": request.POST.get("text", "") if problem else "",
    }
    template = "filings/_cell.html" if _as_part(request) else "filings/cell.html"
    return render(request, template, context, status=422 if problem else 200)


def _view(opened: Opened, details: CellDetails) -> dict[str, Any]:
    form, local = details.form, details.code.partition(".")[2]
    row, column = form.cells[local]
    forms = {form.code: form}
    past = [Past(one.label, shown_text(form, local, one.value), one.comparable) for one in details.earlier]
    return {
        "code": details.code,
        "form": form,
        "row": row.name,
        "column": f"{column.code} {column.name}",
        "group": column.group,
        "text": shown_text(form, local, details.value),
        "reason": details.reason,
        "absent": details.value == "na" and not column.is_text,
        "words": column.is_text,
        "formula": _written(details.formula),
        "typed": shown_text(form, local, details.typed),
        "below": shown_text(form, local, details.below.value) if details.below else "",
        "below_given": details.below.given if details.below else 0,
        "parts": [_part(opened, details, part) for part in details.parts],
        "feeds": [pages.cell_link(part.code, forms, opened.address) for part in details.feeds],
        "link": pages.cell_link(details.code, forms, opened.address),
        "past": past,
        "bars": _bars(details),
        "picture_width": _STEP * (len(past) + 1),
        "picture_words": ", ".join(f"{one.label}: {one.text or 'trống'}" for one in past),
        "checks": [(*_CHECK_STATES[one.state], one, _written(one.text)) for one in details.checks],
        "events": _events(details),
    }


def _written(formula: str) -> str:
    """A formula or a comparison with the signs that people write."""
    for sign, shown in (("sum(", "Σ("), ("<=", "≤"), (">=", "≥"), ("!=", "≠"), ("-", "−")):
        formula = formula.replace(sign, shown)
    return formula


def _part(opened: Opened, details: CellDetails, part: CellPart) -> tuple[pages.Link, str]:
    link = pages.cell_link(part.code, {details.form.code: details.form}, opened.address)
    return link, shown_text(details.form, part.code.partition(".")[2], part.value)


def _bars(details: CellDetails) -> list[Bar]:
    """The earlier cycles and this one; a cell without a number has no bar, a zero has a line."""
    values = [*((one.value, "" if one.comparable else "part") for one in details.earlier), (details.value, "cur")]
    numbers = [value for value, _ in values if isinstance(value, int | float)]
    top = max((abs(number) for number in numbers), default=0) or 1
    return [
        Bar(2 + _STEP * at, 4 + _HEIGHT - tall, tall, css)
        for at, (value, css) in enumerate(values)
        if isinstance(value, int | float)
        for tall in [max(1, round(_HEIGHT * abs(value) / top))]
    ]


def _events(details: CellDetails) -> list[Event]:
    """Changes, versions and comments, the latest first."""
    form, local = details.form, details.code.partition(".")[2]
    changes = [
        Event(
            one.at,
            one.by,
            shown_text(form, local, one.before) or "trống",
            shown_text(form, local, one.after) or "trống",
        )
        for one in details.events
    ]
    filed = [
        Event(one.at, "", after=shown_text(form, local, one.value) or "trống", version=one.number)
        for one in details.filed
    ]
    said = [Event(one.written_at, f"{_speaker(one)}, {one.agency_name}", said=one.text) for one in details.comments]
    return sorted([*changes, *filed, *said], key=lambda event: event.at, reverse=True)


def _speaker(comment: CellComment) -> str:
    return str(comment.written_by or "hệ thống")
