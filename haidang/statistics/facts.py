"""Facts: one cell of one accepted version, with its window and place. Derived from the filings."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from math import nan
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import Q, QuerySet

from haidang.agencies.models import Agency
from haidang.catalogue.forms import all_forms
from haidang.engine.facts import MOST_VALUE, Fact, facts_schema, root_of
from haidang.filings.models import Ruling, Version
from haidang.kernel.cells import CellState
from haidang.kernel.clock import VIET_NAM

_STATES = ("number", CellState.NOT_APPLICABLE.value, CellState.NOT_AVAILABLE.value)
_REASONS = (CellState.NOT_APPLICABLE.value, CellState.NOT_AVAILABLE.value)


@dataclass(frozen=True, slots=True)
class Accepted:
    """An accepted version, when it was accepted, and whether a later version of the filing was accepted too."""

    version: Version
    accepted_at: datetime
    superseded: bool


def accepted_versions(version_ids: Iterable[int]) -> Iterator[Accepted]:
    """Those of these versions that were accepted, in order of id, with agency, area and cycle."""
    wanted = list(version_ids)
    rulings = Ruling.objects.filter(outcome="accepted")
    numbers = rulings.filter(version__filing__versions__in=wanted).order_by("version__number")
    return _accepted(rulings.filter(version_id__in=wanted).order_by("version_id"), dict(numbers.values_list(*_NUMBERS)))


@dataclass(frozen=True, slots=True)
class Origin:
    """What the facts of one province derive from: `proof` changes with anything that could change them."""

    root: str
    proof: str
    up_to_ruling: int

    def versions(self) -> Iterator[Accepted]:
        """The accepted versions, in no order."""
        rulings = _ruled_under(self.root, self.up_to_ruling)
        return _accepted(rulings, dict(sorted(rulings.values_list(*_NUMBERS))))


def origins(up_to_ruling: int) -> Iterator[Origin]:
    """Every province (and what has no area) in order, as if nothing had been ruled after `up_to_ruling`."""
    for root in sorted(
        {root_of(path or "") for path in Agency.objects.values_list("area__path", flat=True).distinct()}
    ):
        told = sha256(repr(sorted(entered_cells())).encode())
        for row in sorted(_ruled_under(root, up_to_ruling).values_list(*_PROOF)):
            told.update(repr(row).encode())
        yield Origin(root, told.hexdigest(), up_to_ruling)


_NUMBERS = ("version__filing_id", "version__number")
_PROOF = (
    "pk", "decided_at", "version_id", "version__number", "version__sha256", "version__filing_id",
    "version__filing__obligation__agency__code", "version__filing__obligation__agency__area__path",
    "version__filing__obligation__cycle__window_from", "version__filing__obligation__cycle__window_to",
    "version__filing__obligation__cycle__due_on", "version__filing__obligation__cycle__strict",
    "version__filing__obligation__due_on",
)  # fmt: skip


def _ruled_under(root: str, up_to_ruling: int) -> QuerySet[Ruling]:
    """The accepting rulings in one province, unordered: asked for in order, every ruling of the country is read."""
    agencies = Agency.objects.filter(
        Q(area__path=root) | Q(area__path__startswith=f"{root}/") if root else Q(area=None)
    )
    ids = list(agencies.values_list("pk", flat=True))
    return Ruling.objects.filter(
        outcome="accepted", pk__lte=up_to_ruling, version__filing__obligation__agency_id__in=ids
    )


def _accepted(rulings: QuerySet[Ruling], last: Mapping[int, int]) -> Iterator[Accepted]:
    """The versions that were accepted; `last` is the number of the latest accepted one of each filing."""
    joined = rulings.select_related(
        "version__filing__obligation__cycle", "version__filing__obligation__agency__area"
    ).defer(*_NOT_NEEDED)  # fmt: skip
    for ruling in joined.iterator(chunk_size=200):
        superseded = ruling.version.number < last[ruling.version.filing_id]
        yield Accepted(ruling.version, ruling.decided_at, superseded)


_NOT_NEEDED = (
    "version__sections", "version__explanations", "version__forms",
    "version__filing__cells", "version__filing__sections", "version__filing__explanations",
)  # fmt: skip


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
            provisional=obligation.provisional,
        )


def columns_of(accepted: Iterable[Accepted]) -> pa.Table:
    """The facts of many versions as columns with `facts_schema`: those of `facts_of`, without an object for each."""
    codes = sorted(entered_cells())
    place = {code: number for number, code in enumerate(codes)}
    which, cells, states, values = array("i"), array("i"), array("b"), array("d")
    versions: list[dict[str, Any]] = []
    for one in accepted:
        for code, raw in one.version.cells.items():
            if (cell := place.get(code)) is None or not _is_fact(raw):
                continue
            number = not isinstance(raw, str)
            if number and not abs(raw) < MOST_VALUE:
                raise ValueError(f"{code}: {raw} is not a number below {MOST_VALUE}")
            which.append(len(versions))
            cells.append(cell)
            states.append(0 if number else _STATES.index(raw))
            values.append(float(raw) if number else nan)
        versions.append(_version_columns(one))
    return _joined(codes, versions, (which, cells, states, values))


def _version_columns(accepted: Accepted) -> dict[str, Any]:
    """What all facts of a version share."""
    obligation = accepted.version.filing.obligation
    area_path = obligation.agency.area.path if obligation.agency.area else ""
    return {
        "agency": obligation.agency.code,
        "area_key": area_path.rpartition("/")[2],
        "area_path": area_path,
        "window_from": obligation.cycle.window_from,
        "window_to": obligation.cycle.window_to,
        "version_id": accepted.version.pk,
        "version_number": accepted.version.number,
        "accepted_at": accepted.accepted_at.astimezone(VIET_NAM).replace(tzinfo=None),
        "superseded": accepted.superseded,
        "provisional": obligation.provisional,
    }


def _joined(codes: list[str], versions: list[dict[str, Any]], told: tuple[array[Any], ...]) -> pa.Table:
    """One row a fact: its version's columns, its cell's, its state and value."""
    schema = facts_schema()
    which, cells, states, values = (
        pa.Array.from_buffers(kind, len(one), [None, pa.py_buffer(one)])
        for kind, one in zip((pa.int32(), pa.int32(), pa.int8(), pa.float64()), told, strict=True)
    )
    parts = [code.split(".") for code in codes]
    named = {"form": [p[0] for p in parts], "row": [p[1] for p in parts], "column": [p[2] for p in parts],
             "cell": codes}  # fmt: skip
    columns = {name: pa.array(words, pa.string()).take(cells) for name, words in named.items()}
    columns["state"] = pa.array(_STATES, pa.string()).take(states)
    columns["value"] = pc.if_else(pc.equal(states, 0), values, pa.scalar(None, pa.float64()))
    for field in schema:
        if field.name not in columns:
            shared = pa.array([version[field.name] for version in versions], field.type)
            columns[field.name] = shared.take(which)
    return pa.table([columns[field.name] for field in schema], schema=schema)


@lru_cache
def entered_cells() -> frozenset[str]:
    """Whole codes of the number cells that agencies enter; what forms compute is computed again from sums."""
    return frozenset(
        f"{form.code}.{cell}" for form in all_forms() for cell in form.input_cells if not form.cells[cell][1].is_text
    )


def _is_fact(raw: object) -> bool:
    return raw in _REASONS if isinstance(raw, str) else isinstance(raw, int | float) and not isinstance(raw, bool)
