"""Files that prove progress: which are taken, and where their bytes lie.

A file is kept under its hash, outside every folder a web server shows; nothing ever runs or unpacks it here.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from django.conf import settings

from haidang.office import kept_files
from haidang.plans.rules import clip

MOST_BYTES = 10 * 1024 * 1024
MOST_FILES = 5
_MAGIC = {".pdf": b"%PDF-", ".docx": b"PK\x03\x04", ".xlsx": b"PK\x03\x04", ".jpg": b"\xff\xd8\xff",
          ".jpeg": b"\xff\xd8\xff", ".png": b"\x89PNG\r\n\x1a\n"}  # fmt: skip
_PART = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml"}
SUFFIXES = tuple(_MAGIC)


def shown_name(file_name: str) -> str:
    """The last part of a file's name, without what cannot be seen or turns the writing round; its ending stays."""
    last = file_name.replace("\\", "/").rpartition("/")[2]
    visible = "".join(char for char in last if char.isprintable())
    stem, dot, ending = visible.rpartition(".")
    return f"{clip(stem, 100)}{dot}{ending[:10]}" if dot and stem else clip(visible, 100) or "tệp"


def problem_with(name: str, content: bytes) -> str:
    """Why a file cannot be taken as evidence, in one sentence; empty when it can."""
    suffix = Path(name).suffix.lower()
    if suffix not in _MAGIC:
        return f"Tệp {name} không phải {', '.join(SUFFIXES)}. Lưu lại bằng một dạng đó rồi đính kèm."
    if not content:
        return f"Tệp {name} rỗng. Chọn lại tệp."
    if len(content) > MOST_BYTES:
        return f"Tệp {name} lớn hơn {MOST_BYTES // 1024 // 1024} MB. Nén ảnh trong tệp hoặc tách thành nhiều tệp."
    if not content.startswith(_MAGIC[suffix]):
        return f"Nội dung tệp {name} không phải dạng {suffix}. Mở tệp, lưu lại đúng dạng rồi đính kèm."
    return _package_problem(name, content, _PART[suffix]) if suffix in _PART else ""


def _package_problem(name: str, content: bytes, part: str) -> str:
    """What is wrong with an Office file; only the list of its parts is read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = set(package.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return f"Tệp {name} hỏng, không mở được. Lưu lại tệp rồi đính kèm."
    if part not in parts:
        return f"Nội dung tệp {name} không đúng đuôi tệp. Lưu lại đúng dạng rồi đính kèm."
    if any(found.endswith("vbaProject.bin") for found in parts):
        return f"Tệp {name} có macro nên không nhận. Lưu lại tệp không kèm macro."
    return ""


def folder() -> Path:
    """Where evidence lies."""
    return Path(settings.MEDIA_ROOT) / "evidence"


def path_of(sha256: str) -> Path:
    """The file with this hash."""
    return kept_files.place_of(folder(), sha256)


def keep(content: bytes) -> str:
    """Put the bytes in their place, whole or not at all; returns their hash. The same bytes are kept once."""
    return kept_files.keep(folder(), content)
