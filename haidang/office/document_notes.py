"""What stands beside the text of a document, footnotes, headers and footers, as lists behind it.

A note put in where it is referred to would tear the sentence that an assignment or a date is read from; so the text
stays whole, and every note follows in a list that says after which words it was referred to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from haidang.kernel.text import squeeze

# "DANH MỤC" marks an annex to the reader: what stands below it is no part of the plan's own headings.
NOTES_HEADING = "DANH MỤC CHÚ THÍCH"
EDGES_HEADING = "DANH MỤC ĐẦU TRANG, CHÂN TRANG"
WORDS_BEFORE = 6
_PAGE_NUMBER = re.compile(r"\W*(?:trang\W*)?(?:\d{1,4}|[ivxl]+)?(?:\W*(?:/|trên)\W*\d{1,4})?\W*", re.IGNORECASE)


class Notes:
    """The notes of one document, in the order they are referred to."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def add(self, before: str, note: Iterable[str]) -> None:
        """Keep a note, its lines as one, with the last words before its reference."""
        text = squeeze(" ".join(line.strip("| ") for line in note))
        if not text:
            return
        words = squeeze(before).split()[-WORDS_BEFORE:]
        place = f" (sau “{' '.join(words)}”)" if words else ""
        self._lines.append(f"[{len(self._lines) + 1}]{place} {text}")

    def lines(self) -> list[str]:
        """The list with its heading; nothing when there are no notes."""
        return ["", NOTES_HEADING, *self._lines] if self._lines else []


def edge_lines(edges: Iterable[Iterable[str]]) -> list[str]:
    """The lines of headers and footers with their heading, each once; page numbers alone are left out."""
    texts = [squeeze(line.strip("| ").replace("<br>", " ")) for edge in edges for line in edge]
    kept = [f"- {text}" for text in dict.fromkeys(_visible(texts))]
    return ["", EDGES_HEADING, *kept] if kept else []


def _visible(texts: Iterable[str]) -> Iterator[str]:
    return (text for text in texts if text and not _PAGE_NUMBER.fullmatch(text))
