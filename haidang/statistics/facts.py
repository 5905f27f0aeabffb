"""Facts: one cell of one accepted version, with its window and place. Derived from the filings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from haidang.catalogue.forms import all_forms
from haidang.engine.facts import Fact
from haidang.filings.models import Ruling, Version
from haidang.kernel.cells import CellState

_REASONS = (CellState.NOT_APPLICABLE.value, CellState.NOT_AVAILABLE.value)


@dataclass(frozen=True, slots=True)
class Accepted:
    """An accepted version, when it was accepted, and whether a later version of the filing was accepted too."""

    version: Version
    accepted_at: datetime
    superseded: bool


def accepted_versions(version_ids: Iterable[int] | None = None, up_to_ruling: int | None = None) -> Iterator[Accepted]:
    """Accepted versions in order of id, with agency, area and cycle.

    Only those named when ids are given; as if nothing had been ruled after `up_to_ruling` when that is given.
    """
    rulings = Ruling.objects.filter(outcome="accepted").order_by("version_id")
    if up_to_ruling is not None:
        rulings = rulings.filter(pk__lte=up_to_ruling)
    numbers = rulings.order_by("version__number").values_list("version__filing_id", "version__number")
    if version_ids is not None:
        wanted = list(version_ids)
        rulings = rulings.filter(version_id__in=wanted)
        numbers = numbers.filter(version__filing__versions__in=wanted)
    last = dict(numbers)
    joined = rulings.select_related("version__filing__obligation__cycle", "version__filing__obligation__agency__area")
    for ruling in joined.iterator(chunk_size=200):
        superseded = ruling.version.number < last[ruling.version.filing_id]
        yield Accepted(ruling.version, ruling.decided_at, superseded)


def facts_of(accepted: Accepted, only: frozenset[str] | None = None) -> Iterator[Fact]:
    """The facts of one version: every number cell that was entered; blanks are no facts. `only` names cells wanted."""
    obligation = accepted.version.filing.obligation
    area_path = obligation.agency.area.path if obligation.agency.area else ""
    for code, raw in accepted.version.cells.items():
        if code not in entered_cells() or (only is not None and code not in only) or not _is_fact(raw):
            continue
        form, row, column = code.split(".")
        number = not isinstance(raw, str)
        yield Fact(
            agency=obligation.agency.code,
            area_key=area_path.rpartition("/")[2],
            area_path=area_path,
            form=form,
            row=row,
            column=column,
            state="number" if number else raw,
            value=float(raw) if number else None,
            window=obligation.cycle.window,
            version_id=accepted.version.pk,
            version_number=accepted.version.number,
            accepted_at=accepted.accepted_at,
            superseded=accepted.superseded,
            provisional=obligation.cycle.provisional,
        )


@lru_cache
def entered_cells() -> frozenset[str]:
    """Whole codes of the number cells that agencies enter; what forms compute is computed again from sums."""
    return frozenset(
        f"{form.code}.{cell}" for form in all_forms() for cell in form.input_cells if not form.cells[cell][1].is_text
    )


def _is_fact(raw: object) -> bool:
    return raw in _REASONS if isinstance(raw, str) else isinstance(raw, int | float) and not isinstance(raw, bool)
