"""Reading plans: the same plan as .docx against plain text, and plain text against taking its text out alone."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from bench_timing import Figure, in_turns
from docx import Document

from haidang.catalogue.vocabulary import reading_vocabulary
from haidang.office.document_text import text_of_bytes
from haidang.reading.reader import read_plan

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = {"the sample plans": ROOT / "samples" / "plans", "the real plans": ROOT.parent / "shared" / "plans"}


def figures() -> list[Figure]:
    """Two lines for each folder of plans that is there."""
    return [figure for name, folder in FOLDERS.items() if folder.is_dir() for figure in _of_folder(name, folder)]


def _of_folder(name: str, folder: Path) -> list[Figure]:
    plain = [path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix in (".txt", ".md")
             and path.stem.upper() not in ("README", "RULES")]  # fmt: skip
    word = [_as_docx(content.decode()) for content in plain]
    texts, documents = _reader(plain, "plan.txt"), _reader(word, "plan.docx")
    both = in_turns(documents, texts)
    alone = in_turns(texts, lambda: [text_of_bytes(content, "plan.txt") for content in plain])
    count = len(plain)
    return [
        Figure(f"Reading a plan of {name} (mean of {count}), plain text", alone[0] / count,
               "taking its text out, nothing more", alone[1] / count, aim_ms=1000),
        Figure(f"Reading a plan of {name} (mean of {count}), .docx", both[0] / count,
               "the same plan as plain text", both[1] / count, aim_ms=1000),
    ]  # fmt: skip


def _reader(contents: list[bytes], name: str) -> Callable[[], None]:
    def read() -> None:
        for content in contents:
            assert read_plan(text_of_bytes(content, name).text, reading_vocabulary()).is_plan

    return read


def _as_docx(text: str) -> bytes:
    document, held = Document(), BytesIO()
    for line in text.splitlines():
        document.add_paragraph(line)
    document.save(held)
    return held.getvalue()
