"""The facts on disk: a folder named by its content, and a manifest that names the folder.

The manifest is replaced in one step, so that a reader sees the facts before or after a rebuild, never between. The
folder is derived and disposable: the same filings give the same bytes. Facts are kept in parts, one for each province;
a part whose filings did not change is copied from the facts before.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from haidang.engine.facts import FACTS_FILE, VERSIONS_FILE, FactsSummary, FactsWriter, stored_part

MANIFEST = "manifest.json"
LAYOUT = 2


@dataclass(frozen=True, slots=True)
class Basis:
    """The rulings that the facts were taken from.

    `proof` is the content hash of the last version: with the numbers it tells whether the database is still the one
    that the facts came from, and whether an earlier ruling appeared since.
    """

    last_ruling: int
    rulings: int
    proof: str


@dataclass(frozen=True, slots=True)
class Part:
    """The facts of one province: its root, a hash of all that they derive from, and its row groups in the file."""

    root: str
    origin: str
    first_group: int
    groups: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was compacted: the folder, its content hash, how much is in it, and from what, in parts."""

    folder: str
    sha256: str
    facts: int
    layout: int
    basis: Basis
    parts: tuple[Part, ...]

    def path(self, root: Path) -> Path:
        """Where its files lie."""
        return root / self.folder


def current_snapshot(root: Path) -> Snapshot | None:
    """The snapshot that the manifest names; None when there is none, or it is of another layout, or torn."""
    try:
        manifest: dict[str, Any] = json.loads((root / MANIFEST).read_text(encoding="utf-8"))
        basis = Basis(**manifest.pop("basis"))
        parts = tuple(Part(**one) for one in manifest.pop("parts"))
        snapshot = Snapshot(**manifest, basis=basis, parts=parts)
    except (OSError, ValueError, TypeError, KeyError):
        return None
    whole = all((snapshot.path(root) / name).is_file() for name in (FACTS_FILE, VERSIONS_FILE))
    return snapshot if snapshot.layout == LAYOUT and whole else None


@dataclass(frozen=True, slots=True)
class Source:
    """Where the facts of one province come from: a hash of all that they derive from, and how to derive them."""

    root: str
    origin: str
    derive: Callable[[], pa.Table]


def write_snapshot(root: Path, sources: Iterable[Source], basis: Basis) -> Snapshot:
    """Write the facts beside the current ones, part by part in the order given, then make them the current ones."""
    work = root / f"building-{os.getpid()}"
    shutil.rmtree(work, ignore_errors=True)
    try:
        written, parts = _write_parts(work, sources, current_snapshot(root), root)
        folder = f"facts-{written.sha256[:16]}"
        if (root / folder).is_dir():
            shutil.rmtree(root / folder)
        work.rename(root / folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    snapshot = Snapshot(folder, written.sha256, written.facts, LAYOUT, basis, parts)
    _point_at(root, snapshot)
    return snapshot


def _write_parts(
    work: Path, sources: Iterable[Source], before: Snapshot | None, root: Path
) -> tuple[FactsSummary, tuple[Part, ...]]:
    known = {(part.root, part.origin): part for part in before.parts} if before else {}
    parts: list[Part] = []
    with FactsWriter(work) as writer:
        for source in sources:
            first = writer.groups
            kept = known.get((source.root, source.origin))
            if before and kept:
                writer.add_joined(*stored_part(before.path(root), source.root, kept.first_group, kept.groups))
            else:
                writer.add(source.derive())
            parts.append(Part(source.root, source.origin, first, writer.groups - first))
        return writer.finish(), tuple(parts)


def _point_at(root: Path, snapshot: Snapshot) -> None:
    before = current_snapshot(root)
    draft = root / f"{MANIFEST}.{os.getpid()}"
    draft.write_text(json.dumps(asdict(snapshot), indent=1, sort_keys=True) + "\n", encoding="utf-8")
    draft.replace(root / MANIFEST)
    # The snapshot before stays until the next rebuild, for those who are reading it now.
    keep = {snapshot.folder, before.folder if before else ""}
    for folder in root.glob("facts-*"):
        if folder.name not in keep:
            shutil.rmtree(folder, ignore_errors=True)
