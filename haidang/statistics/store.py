"""Opening the facts for one question: what is on disk, what is newer than it, and only the versions chosen."""

from __future__ import annotations

import copy
import logging
import threading
from collections import OrderedDict
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
from django.conf import settings
from django.db.models import Count, Max

from haidang.engine.facts import FactsTable, facts_table, joined
from haidang.engine.question import FigureQuestion, FigureRow, answer
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


def ask(
    questions: Iterable[FigureQuestion], received: Iterable[tuple[str, Received]], cells: frozenset[str]
) -> list[FigureRow]:
    """The engine's answers to the questions over these versions, each of one form; one after the other.

    `cells` limits what is read of versions that are newer than the files; the files hold every cell. What the files
    alone answered is kept: their folder is named by its content, so the same question has the same answer.
    """
    chosen = list(received)
    snapshot = usable_snapshot(settings.FACTS)
    compacted = snapshot.basis.last_ruling if snapshot else 0
    fresh = {one.version_id for _form, one in chosen if one.ruling_id > compacted}
    if snapshot is None or fresh:
        facts = _open(chosen, snapshot, fresh, cells)
        return [row for question in questions for row in answer(question, facts)]
    speaking = sha256(repr(sorted((form, one.version_id) for form, one in chosen)).encode()).digest()
    rows: list[FigureRow] = []
    for question in questions:
        key = (str(snapshot.path(settings.FACTS)), question, speaking)
        if (known := _known.get(key)) is None:
            known = tuple(answer(question, _open(chosen, snapshot, fresh, cells)))
            _known.keep(key, known)
        rows += known
    return rows


class _Answers:
    """The answers last asked for, at most so many, none of them long."""

    def __init__(self, most: int, longest: int) -> None:
        self._most, self._longest = most, longest
        self._held: OrderedDict[Any, tuple[FigureRow, ...]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Any) -> tuple[FigureRow, ...] | None:
        """What was kept under the key."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def keep(self, key: Any, rows: tuple[FigureRow, ...]) -> None:
        """Keep an answer; the one not asked for longest gives way."""
        if len(rows) > self._longest:
            return
        with self._lock:
            self._held[key] = rows
            if len(self._held) > self._most:
                self._held.popitem(last=False)


_known = _Answers(most=256, longest=500)


def _open(
    chosen: list[tuple[str, Received]], snapshot: Snapshot | None, fresh: set[int], cells: frozenset[str]
) -> FactsTable:
    """The facts of these versions, ready for the engine."""
    new = (fact for accepted in accepted_versions(fresh) for fact in facts_of(accepted, cells))
    if snapshot is None:
        table = FactsTable(settings.FACTS / "none", new)
    else:
        table = _from_disk(snapshot.path(settings.FACTS))
        table = _with(table, facts_table(new)) if fresh else table
    return _only(table, [(form, one.version_id) for form, one in chosen])


def _with(table: FactsTable, fresh: pa.Table) -> FactsTable:
    """The same facts, with those that are newer than the files."""
    extended = copy.copy(table)
    facts, versions = joined(fresh)
    extended.facts = table.facts.union(ibis.memtable(facts, schema=table.facts.schema()))
    extended.versions = table.versions.union(ibis.memtable(versions, schema=table.versions.schema()))
    return extended


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
