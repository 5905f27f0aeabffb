"""A cycle put together for its standing agency: own figures, those of the agencies below, and who is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from haidang.catalogue.forms import ColumnSpec, FormSpec, RowSpec
from haidang.filings import actions
from haidang.filings.chasing.chosen import changed_counts
from haidang.filings.checking import waiting_in
from haidang.filings.consolidating.cycle_sums import Consolidation, FormTotals, consolidation, totals_of, typed_totals
from haidang.filings.consolidating.sums import Total
from haidang.filings.queries import standing
from haidang.filings.rules import Letter
from haidang.filings.sources import visible_cycles
from haidang.kernel import clock
from haidang.kernel.numbers import format_number
from haidang.web.filings import pages
from haidang.web.filings.grid import shown_text

MOST_TAKEN_IN, MOST_REASONS = 300, 20


@dataclass(frozen=True, slots=True)
class Square:
    """One cell: everything together, the agencies below, the own figure, and how many gave a number."""

    both: str
    children: str
    own: str
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the form; None where the column does not apply."""

    row: RowSpec
    squares: tuple[Square | None, ...]


@require_GET
def consolidated(request: HttpRequest, cycle: int) -> HttpResponse:
    """One form of the cycle at a time (`bieu`); `gui=1` also counts what waits to be checked."""
    with_waiting = request.GET.get("gui") == "1"
    try:
        found = consolidation(request.actor, cycle, with_waiting=with_waiting)  # type: ignore[attr-defined]
    except ObjectDoesNotExist:
        raise Http404("no such cycle") from None
    forms = {form.code: form for form in found.forms}
    tab = request.GET.get("bieu", "")
    tab = tab if tab in forms else next(iter(forms), "")
    totals = totals_of(found, forms[tab]) if tab else None
    counting = "&gui=1" * with_waiting
    marked = request.GET.get("chon", "")
    waiting = _to_check(request, cycle, marked)
    changed = changed_counts(request.actor, [found.cycle])  # type: ignore[attr-defined]
    context = {
        "cycle": found.cycle,
        "found": found,
        "tabs": [
            pages.Tab(f"?bieu={form.code}{counting}", f"Biểu {form.number}", form.title, form.code == tab)
            for form in forms.values()
        ],
        "totals": totals,
        "columns": _columns(totals) if totals else (),
        "lines": _lines(totals) if totals else (),
        "with_waiting": with_waiting,
        "other": f"?bieu={tab}" if with_waiting else f"?bieu={tab}&gui=1",
        "missing": _named(found.missing),
        "provisional": [one | {"changed": changed.get(one["part"].obligation.pk)} for one in _named(found.provisional)],
        "late": _late(found),
        "waiting": waiting[:MOST_TAKEN_IN],
        "more_waiting": len(waiting) - MOST_TAKEN_IN,
        "marked": marked,
        "tab": tab,
        "waived": _named(found.waived),
        "typed": _typed(found, forms[tab]) if tab else (),
        "whole": _named(found.whole),
        "received": sum(part.version is not None for part in (*found.own, *found.children)),
        "expected": _expected(found),
    }
    return render(request, "filings/consolidated.html", context)


@require_POST
def take_in(request: HttpRequest, cycle: int) -> HttpResponse:
    """Take in the reports that were chosen (`o`: versions) of those that wait in the cycle."""
    actor = request.actor  # type: ignore[attr-defined]
    waiting = {str(one.version.pk): one.version for one in waiting_in(actor, cycle)}
    chosen = list(dict.fromkeys(request.POST.getlist("o")))
    if not waiting and not visible_cycles(actor).filter(pk=cycle).exists():
        raise Http404("no such cycle")
    if not 0 < len(chosen) <= MOST_TAKEN_IN:
        told = f"Chọn nhiều nhất {MOST_TAKEN_IN} báo cáo một lần." if chosen else "Chưa chọn báo cáo nào."
        messages.error(request, f"{told} Đánh dấu báo cáo ở mục Chờ kiểm tra rồi tiếp nhận.")
        return _back(cycle)
    done = actions.accept_all(actor, [waiting[pk] for pk in chosen if pk in waiting])
    gone = sum(pk not in waiting for pk in chosen)
    if done.accepted:
        messages.success(request, f"Đã tiếp nhận {format_number(len(done.accepted))} báo cáo.")
    if gone:
        messages.info(request, f"{format_number(gone)} báo cáo không còn chờ kiểm tra nên không ghi gì thêm.")
    for version, reason in done.refused[:MOST_REASONS]:
        messages.error(request, f"{version.filing.obligation.agency.name}: {reason}")
    return _back(cycle)


def _back(cycle: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("filings:consolidated", args=[cycle]) + "#c-t")


def _to_check(request: HttpRequest, cycle: int, marked: str) -> list[dict[str, Any]]:
    """What waits, each with whether it is marked: all of it, or where nothing is worth a look (`chon`)."""
    return [
        {
            "one": one,
            "address": reverse("filings:filing", args=[one.obligation.pk]),
            "marked": bool(one.allowed) and (marked == "het" or (marked == "sach" and not one.remarks)),
        }
        for one in waiting_in(request.actor, cycle)  # type: ignore[attr-defined]
    ]


def _late(found: Consolidation) -> list[dict[str, Any]]:
    """What came in after its last day on time, the latest first."""
    stood = [(part, standing(part.obligation, clock.today())) for part in (*found.own, *found.children)]
    late = sorted((pair for pair in stood if pair[1].letter is Letter.LATE), key=lambda pair: -pair[1].days)
    return [{**_named([part])[0], "words": stands.words} for part, stands in late]


@dataclass(frozen=True, slots=True)
class TypedTotal:
    """A total on an agency's own paper that is not what the form works out, and what the agency says to it."""

    agency: str
    address: str
    words: str
    typed: str
    computed: str
    explanation: str


def _typed(found: Consolidation, form: FormSpec) -> tuple[TypedTotal, ...]:
    return tuple(
        TypedTotal(
            one.part.obligation.agency.name,
            f"{reverse('filings:filing', args=[one.part.obligation.pk])}?bieu={form.code}",
            pages.short_name(one.code, {form.code: form}),
            shown_text(form, one.code.removeprefix(f"{form.code}."), one.typed),
            shown_text(form, one.code.removeprefix(f"{form.code}."), one.computed),
            one.explanation,
        )
        for one in typed_totals(found, form)
    )


def _expected(found: Consolidation) -> int:
    return len(found.own) + len(found.children) - len(found.waived)


def _named(parts: Any) -> list[dict[str, Any]]:
    return [{"part": part, "address": reverse("filings:filing", args=[part.obligation.pk])} for part in parts]


def _columns(totals: FormTotals) -> tuple[ColumnSpec, ...]:
    return tuple(column for column in totals.form.columns if not column.is_text)


def _lines(totals: FormTotals) -> tuple[Line, ...]:
    columns = _columns(totals)
    return tuple(
        Line(row, tuple(_square(totals, f"{row.code}.{one.code}") for one in columns)) for row in totals.form.rows
    )


def _square(totals: FormTotals, code: str) -> Square | None:
    if code not in totals.form.cells:
        return None
    both = totals.both[code]
    given = f"{both.given} trên {both.expected} báo cáo có số"
    return Square(
        _shown(totals, totals.both, code),
        _shown(totals, totals.children, code),
        _shown(totals, totals.own, code),
        given,
    )


def _shown(totals: FormTotals, cells: Mapping[str, Total], code: str) -> str:
    return shown_text(totals.form, code, cells[code].value)
