"""Opening the facts for one question: what is on disk, what is newer than it, and only the versions chosen."""

from __future__ import annotations

import copy
import logging
import threading
from collections.abc import Iterable
from pathlib import Path

import ibis
import pyarrow as pa
from django.conf import settings
from django.db.models import Count, Max

from haidang.engine.facts import FactsTable, facts_table, versions_of
from haidang.filings.models import Ruling
from haidang.statistics.facts import accepted_versions, facts_of
from haidang.statistics.selection import Received
from haidang.statistics.snapshots import Basis, Snapshot, current_snapshot

logger = logging.getLogger(__name__)
_opened: dict[str, FactsTable] = {}
_opening = threading.Lock()


def basis_now() -> Basis:
    """The accepted rulings as they stand in the database."""
    return _basis(Ruling.objects.filter(outcome="accepted"))


def usable_snapshot(root: Path) -> Snapshot | None:
    """The snapshot on disk, when it was taken from this very database and no earlier ruling appeared since."""
    snapshot = current_snapshot(root)
    if snapshot is None:
        return None
    covered = Ruling.objects.filter(outcome="accepted", pk__lte=snapshot.basis.last_ruling)
    if _basis(covered) != snapshot.basis:
        logger.warning("facts in %s are not those of this database; run 'haidang facts rebuild'", root)
        return None
    return snapshot


def open_facts(received: Iterable[tuple[str, Received]], cells: frozenset[str]) -> FactsTable:
    """The facts of these versions, each of one form, ready for the engine.

    `cells` limits what is read of versions that are newer than the files; the files hold every cell.
    """
    chosen = list(received)
    snapshot = usable_snapshot(settings.FACTS)
    compacted = snapshot.basis.last_ruling if snapshot else 0
    fresh = {one.version_id for _form, one in chosen if one.ruling_id > compacted}
    new = (fact for accepted in accepted_versions(fresh) for fact in facts_of(accepted, cells))
    if snapshot is None:
        table = FactsTable(settings.FACTS / "none", new)
    else:
        table = _from_disk(snapshot.path(settings.FACTS))
        table = _with(table, facts_table(new)) if fresh else table
    return _only(table, [(form, one.version_id) for form, one in chosen])


def _with(table: FactsTable, fresh: pa.Table) -> FactsTable:
    """The same facts, with those that are newer than the files."""
    joined = copy.copy(table)
    joined.facts = table.facts.union(ibis.memtable(fresh, schema=table.facts.schema()))
    joined.versions = table.versions.union(ibis.memtable(versions_of(fresh), schema=table.versions.schema()))
    return joined


def _only(table: FactsTable, wanted: list[tuple[str, int]]) -> FactsTable:
    """The same facts, with these forms of these versions alone to speak."""
    forms, version_ids = zip(*wanted, strict=True)
    speaking = ibis.memtable(pa.table({"form": pa.array(forms), "version_id": pa.array(version_ids, pa.int64())}))
    restricted = copy.copy(table)
    restricted.versions = table.versions.semi_join(speaking, ["form", "version_id"])
    return restricted


def _from_disk(folder: Path) -> FactsTable:
    """The facts of one snapshot, kept open; the one before is let go."""
    with _opening:
        if str(folder) not in _opened:
            _opened.clear()
            _opened[str(folder)] = FactsTable(folder)
        return _opened[str(folder)]


def _basis(rulings: object) -> Basis:
    found = rulings.aggregate(last=Max("id"), count=Count("id"))  # type: ignore[attr-defined]
    last = found["last"] or 0
    proof = Ruling.objects.filter(pk=last).values_list("version__sha256", flat=True).first() or ""
    return Basis(last, found["count"], proof)
