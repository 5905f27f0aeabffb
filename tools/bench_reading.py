"""Reading plans: the same plan as .docx against plain text, plain text against taking its text out alone, and the
whole command on a plan of sixty pages."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from bench_timing import Figure, in_turns
from docx import Document

from haidang.catalogue.vocabulary import reading_vocabulary
from haidang.office.document_text import text_of_bytes
from haidang.reading.reader import read_plan

ROOT = Path(__file__).resolve().parents[1]
PAGES, CHARACTERS_A_PAGE = 60, 2_700
FOLDERS = {"the sample plans": ROOT / "samples" / "plans", "the real plans": ROOT.parent / "shared" / "plans"}


def figures() -> list[Figure]:
    """Two lines for each folder of plans that is there."""
    found = [figure for name, folder in FOLDERS.items() if folder.is_dir() for figure in _of_folder(name, folder)]
    return [*found, _whole_command()]


def _whole_command() -> Figure:
    """`haidang read` of a plan of sixty pages, from the start of the interpreter to the last line it prints."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.docx"
        path.write_bytes(_as_docx(_long_text()))
        bare = "import docx, sys; print(sum(len(p.text) for p in docx.Document(sys.argv[1]).paragraphs))"
        ours, theirs = in_turns(
            lambda: _run([str(Path(sys.executable).parent / "haidang"), "read", str(path)]),
            lambda: _run([sys.executable, "-c", bare, str(path)]),
        )
    return Figure("haidang read, a plan of 60 pages as .docx, the whole command", ours,
                  "python-docx opening the same file in a process of its own", theirs, aim_ms=2000)  # fmt: skip


def _long_text() -> str:
    """The first sample plan with its body repeated until it has sixty pages of about 2,700 characters."""
    text = sorted((ROOT / "samples" / "plans").glob("2-*"))[0].read_text(encoding="utf-8")
    before, after = text.index("**I."), text.index("Nơi nhận")
    times = PAGES * CHARACTERS_A_PAGE // (after - before)
    return text[:before] + "\n".join([text[before:after]] * times) + "\n" + text[after:]


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603


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
