"""What the same agency filed for earlier cycles: for carried-over figures, ghost columns and odd jumps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from haidang.filings.content import Earlier
from haidang.filings.models import Filing, Obligation

_LOOK_BACK = 24
# A change at least this large, in the cell's own unit and in per cent, is shown to whoever enters and whoever checks.
NOTABLE_DIFFERENCE, NOTABLE_PERCENT = 10, 50


@dataclass(frozen=True, slots=True)
class EarlierFiling:
    """One earlier filing: its cycle's label and window, and its cells as they stand."""

    label: str
    window_from: date
    window_to: date
    cells: Mapping[str, Any]


def earlier_filings(obligation: Obligation) -> list[EarlierFiling]:
    """The agency's filings of the same regime whose window closed before this one's opened, latest first."""
    rows = (
        Filing.objects.filter(
            obligation__agency_id=obligation.agency_id,
            obligation__cycle__regime=obligation.cycle.regime,
            obligation__cycle__window_to__lt=obligation.cycle.window_from,
            revision__gt=0,
        )
        .order_by("-obligation__cycle__window_to", "-pk")
        .values_list(
            "obligation__cycle__label", "obligation__cycle__window_from", "obligation__cycle__window_to", "cells"
        )[:_LOOK_BACK]
    )
    return [EarlierFiling(*row) for row in rows]


def earlier_cells(obligation: Obligation) -> Earlier:
    """The cells to carry over from and to compare with; one query."""
    return choose_earlier(obligation, earlier_filings(obligation))


def choose_earlier(obligation: Obligation, filings: list[EarlierFiling]) -> Earlier:
    """Of earlier filings: the one that closed the day before this window opens, and the one a year before it."""
    window = obligation.cycle.window
    before = next((one for one in filings if one.window_to == window.start - timedelta(days=1)), None)
    year_ago = next(
        (
            one
            for one in filings
            if _year_before(one.window_from, window.start) and _year_before(one.window_to, window.end)
        ),
        None,
    )
    return Earlier(before.cells if before else None, year_ago.cells if year_ago else None)


def _year_before(earlier: date, later: date) -> bool:
    return (earlier.year + 1, earlier.month, earlier.day) == (later.year, later.month, later.day)


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
