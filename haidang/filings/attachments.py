"""Files attached to a filing: what they are, and where their bytes lie (the storage of evidence, by hash)."""

from __future__ import annotations

from pathlib import Path

from haidang.filings.models import Filing, FilingFile
from haidang.plans.evidence import MOST_BYTES, SUFFIXES, path_of

MOST_ATTACHED = 20

__all__ = ["MOST_ATTACHED", "MOST_BYTES", "SUFFIXES", "attached_to", "file_of", "path_of", "place_of"]


def attached_to(filing: Filing) -> list[FilingFile]:
    """The files attached now, in the order in which they came; one query."""
    return list(filing.files.filter(taken_off_at__isnull=True).select_related("added_by"))


def file_of(filing: Filing, pk: int) -> FilingFile | None:
    """One file of the filing, also one taken off since a version was sent with it; None when it has no such file."""
    return filing.files.filter(pk=pk).first()


def place_of(file: FilingFile) -> Path | None:
    """Where its bytes lie; None when they are gone."""
    path = path_of(file.sha256)
    return path if path.is_file() else None
