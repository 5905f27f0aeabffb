"""A cycle put together for its standing agency: own figures, those of the agencies below, and who is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from haidang.catalogue.forms import ColumnSpec, FormSpec, RowSpec
from haidang.filings.chasing_sums import Consolidation, FormTotals, consolidation, totals_of, typed_totals
from haidang.filings.sums import Total
from haidang.web.filings import pages
from haidang.web.filings.grid import shown_text


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
    waiting = "&gui=1" * with_waiting
    context = {
        "cycle": found.cycle,
        "found": found,
        "tabs": [
            pages.Tab(f"?bieu={form.code}{waiting}", f"Biểu {form.code[1:]}", form.title, form.code == tab)
            for form in forms.values()
        ],
        "totals": totals,
        "columns": _columns(totals) if totals else (),
        "lines": _lines(totals) if totals else (),
        "with_waiting": with_waiting,
        "other": f"?bieu={tab}" if with_waiting else f"?bieu={tab}&gui=1",
        "missing": _named(found.missing),
        "provisional": _named(found.provisional),
        "waived": _named(found.waived),
        "typed": _typed(found, forms[tab]) if tab else (),
        "whole": _named(found.whole),
        "received": sum(part.version is not None for part in (*found.own, *found.children)),
        "expected": _expected(found),
    }
    return render(request, "filings/consolidated.html", context)


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
