"""The facts on disk: a folder named by its content, and a manifest that names the folder.

The manifest is replaced in one step, so that a reader sees the facts before or after a rebuild, never between. The
folder is derived and disposable: the same filings give the same bytes.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from haidang.engine.facts import FACTS_FILE, VERSIONS_FILE, write_facts_table

MANIFEST = "manifest.json"
LAYOUT = 1


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
class Snapshot:
    """What was compacted: the folder, its content hash, how much is in it, and from what."""

    folder: str
    sha256: str
    facts: int
    layout: int
    basis: Basis

    def path(self, root: Path) -> Path:
        """Where its files lie."""
        return root / self.folder


def current_snapshot(root: Path) -> Snapshot | None:
    """The snapshot that the manifest names; None when there is none, or it is of another layout, or torn."""
    try:
        manifest: dict[str, Any] = json.loads((root / MANIFEST).read_text(encoding="utf-8"))
        basis = Basis(**manifest.pop("basis"))
        snapshot = Snapshot(**manifest, basis=basis)
    except (OSError, ValueError, TypeError, KeyError):
        return None
    whole = all((snapshot.path(root) / name).is_file() for name in (FACTS_FILE, VERSIONS_FILE))
    return snapshot if snapshot.layout == LAYOUT and whole else None


def write_snapshot(root: Path, facts: pa.Table, basis: Basis) -> Snapshot:
    """Write the facts beside the current ones, then make them the current ones."""
    work = root / f"building-{os.getpid()}"
    shutil.rmtree(work, ignore_errors=True)
    try:
        written = write_facts_table(facts, work)
        folder = f"facts-{written.sha256[:16]}"
        if (root / folder).is_dir():
            shutil.rmtree(root / folder)
        work.rename(root / folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    snapshot = Snapshot(folder, written.sha256, written.facts, LAYOUT, basis)
    _point_at(root, snapshot)
    return snapshot


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
