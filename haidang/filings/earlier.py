"""What the same agency, or those that it was made from, filed for earlier cycles: for carried-over figures, ghost
columns and odd jumps.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.db.models.fields.json import KeyTextTransform

from haidang.catalogue.forms import FormSpec
from haidang.filings.consolidating.sums import summed
from haidang.filings.content import Earlier, document_of, forms_for
from haidang.filings.models import Filing, Obligation
from haidang.filings.succession import ancestry_of
from haidang.kernel.windows import Window

_LOOK_BACK = 24
_CYCLE = ("obligation__cycle__label", "obligation__cycle__window_from", "obligation__cycle__window_to")
_MOST_TOGETHER = 12  # agencies that one was made from, of which as many cycles are looked back to
# A change at least this large, in the cell's own unit and in per cent, is shown to whoever enters and whoever checks.
NOTABLE_DIFFERENCE, NOTABLE_PERCENT = 10, 50


@dataclass(frozen=True, slots=True)
class EarlierFiling:
    """One earlier filing: its cycle's label and window, and its cells as they stand."""

    label: str
    window_from: date
    window_to: date
    cells: Mapping[str, Any]

    @property
    def days(self) -> int:
        """How long its window is, in days."""
        return (self.window_to - self.window_from).days + 1


def earlier_filings(obligation: Obligation) -> list[EarlierFiling]:
    """The agency's filings of the same regime whose window closed before this one's opened, latest first.

    For windows before it was set up: what the agencies that went whole into it filed, added up. Where one of them filed
    nothing, or went into others as well, nothing is known. One query, and one a step back to what it was made of.
    """
    agency = obligation.agency
    made_from = ancestry_of(agency.pk) if agency.valid_from is not None else {}
    filed = _filed(obligation, {agency.pk, *(pk for parts in made_from.values() for pk in parts)})
    own = [one for agency_id, one in filed if agency_id == agency.pk]
    known = {(one.window_from, one.window_to) for one in own}
    before = _inherited(obligation, made_from, [pair for pair in filed if pair[0] != agency.pk])
    before = [one for one in before if (one.window_from, one.window_to) not in known]
    return sorted([*own, *before], key=lambda one: one.window_to, reverse=True)[:_LOOK_BACK]


def earlier_words(obligation: Obligation, code: str) -> list[EarlierFiling]:
    """What the agency itself wrote in one cell of words (whole code) in earlier cycles, latest first; one query."""
    rows = (
        _rows(obligation, [obligation.agency_id])
        .annotate(words=KeyTextTransform(code, "sections"))
        .values_list(*_CYCLE, "words")
    )
    return [EarlierFiling(label, opens, closes, {code: words}) for label, opens, closes, words in rows[:_LOOK_BACK]]


def _rows(obligation: Obligation, agency_ids: Iterable[int]) -> QuerySet[Filing]:
    """The earlier filings of these agencies, latest first."""
    return Filing.objects.filter(
        obligation__agency_id__in=list(agency_ids),
        obligation__cycle__regime=obligation.cycle.regime,
        obligation__cycle__window_to__lt=obligation.cycle.window_from,
        revision__gt=0,
    ).order_by("-obligation__cycle__window_to", "-pk")


def _filed(obligation: Obligation, agency_ids: Iterable[int]) -> list[tuple[int, EarlierFiling]]:
    """The earlier filings of these agencies, each with its agency, latest first; one query."""
    rows = _rows(obligation, agency_ids).values_list("obligation__agency_id", *_CYCLE, "cells")
    return [(agency_id, EarlierFiling(*row)) for agency_id, *row in rows[: _LOOK_BACK * _MOST_TOGETHER]]


def _inherited(
    obligation: Obligation, made_from: Mapping[int, Sequence[int]], earlier: Sequence[tuple[int, EarlierFiling]]
) -> list[EarlierFiling]:
    """By window, what the agencies that this one was made from filed, added up; see earlier_filings."""
    filed: dict[Window, dict[int, EarlierFiling]] = {}
    for agency_id, one in earlier:
        filed.setdefault(Window(one.window_from, one.window_to), {}).setdefault(agency_id, one)
    forms = forms_for(obligation)
    found = []
    for window, by_agency in filed.items():
        parts = _parts_of(obligation.agency_id, made_from, by_agency)
        if parts:
            label = f"{parts[0].label} ({len(parts)} cơ quan trước sắp xếp)"
            cells = added_up(forms, [part.cells for part in parts])
            found.append(EarlierFiling(label, window.start, window.end, cells))
    return found


def _parts_of(
    agency_id: int, made_from: Mapping[int, Sequence[int]], filed: Mapping[int, EarlierFiling]
) -> list[EarlierFiling]:
    """The filings of one window that together are the agency's; empty when one of them is missing."""
    if agency_id in filed:
        return [filed[agency_id]]
    found = []
    for old in made_from.get(agency_id, ()):
        parts = _parts_of(old, made_from, filed)
        if not parts:
            return []
        found += parts
    return found


def added_up(forms: Iterable[FormSpec], filed: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The cells of several filings as one: what every one of them gave is added, all else stays unknown (absent)."""
    whole: dict[str, Any] = {}
    for form in forms:
        totals = summed(form, [document_of(form, cells, {}) for cells in filed])
        for code, total in totals.items():
            if total.value is not None and total.given == total.expected:
                whole[f"{form.code}.{code}"] = total.value
    return whole


def earlier_cells(obligation: Obligation) -> Earlier:
    """The cells to carry over from and to compare with; one query."""
    return choose_earlier(obligation, earlier_filings(obligation))


def choose_earlier(obligation: Obligation, filings: list[EarlierFiling]) -> Earlier:
    """Of earlier filings: the one that closed the day before this window opens, and the one a year before it."""
    window = obligation.cycle.window
    before = the_one_before(window, filings)
    year_ago = next(
        (
            one
            for one in filings
            if _year_before(one.window_from, window.start) and _year_before(one.window_to, window.end)
        ),
        None,
    )
    return Earlier(before.cells if before else None, year_ago.cells if year_ago else None)


def the_one_before(window: Window, filings: list[EarlierFiling]) -> EarlierFiling | None:
    """Of earlier filings the one that closed the day before the window opens.

    Where several closed that day (a quarter and a year), the one that is most nearly as long as the window.
    """
    closed_then = (one for one in filings if one.window_to == window.start - timedelta(days=1))
    return min(closed_then, key=lambda one: abs(one.days - window.days), default=None)


def _year_before(earlier: date, later: date) -> bool:
    """Whether one day is the other a year earlier; the last of February is, whatever day that is."""
    if (earlier.year + 1, earlier.month) != (later.year, later.month):
        return False
    return earlier.day == later.day or (_ends_month(earlier) and _ends_month(later))


def _ends_month(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1


def notable_change(now: Any, then: Any) -> float | None:
    """The change of a stored cell in per cent of what it was, where it is large enough to be looked at; None otherwise.

    Against nothing there is no percentage: a figure that was 0 or not entered is not compared.
    """
    if not (_is_number(now) and _is_number(then)) or not then:
        return None
    percent = 100 * (now - then) / then
    return percent if abs(now - then) >= NOTABLE_DIFFERENCE and abs(percent) >= NOTABLE_PERCENT else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
