"""Files kept as they came in, each under the hash of its bytes: the same bytes are kept once, and never changed."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path


def place_of(folder: Path, sha256: str) -> Path:
    """Where the file with this hash lies in a folder, or would."""
    return folder / sha256[:2] / sha256


def keep(folder: Path, content: bytes) -> str:
    """Put the bytes in their place, whole or not at all; returns their hash."""
    sha256 = hashlib.sha256(content).hexdigest()
    place = place_of(folder, sha256)
    if place.exists():
        return sha256
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, made = tempfile.mkstemp(dir=place.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(made).replace(place)
    return sha256
