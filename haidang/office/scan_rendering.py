"""Draws one page of a PDF into a grey picture: `python -m haidang.office.scan_rendering FILE PAGE SHORT_EDGE TARGET`.

A program of its own, so that a hostile page can be stopped: the caller limits its time and memory.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pypdfium2

MOST_PIXELS = 16_000_000


def draw(source: Path, page: int, short_edge: int, target: Path) -> None:
    """Write the page as a binary PGM whose shorter edge has so many pixels, fewer where the page is a long strip."""
    document = pypdfium2.PdfDocument(source)
    drawn = document[page]
    width, height = drawn.get_size()
    scale = short_edge / max(1.0, min(width, height))
    scale = min(scale, (MOST_PIXELS / max(1.0, width * height)) ** 0.5)
    bitmap = drawn.render(scale=scale, grayscale=True)
    rows = memoryview(bitmap.buffer)
    with target.open("wb") as file:
        file.write(b"P5 %d %d 255\n" % (bitmap.width, bitmap.height))
        for start in range(0, bitmap.stride * bitmap.height, bitmap.stride):
            file.write(bytes(rows[start : start + bitmap.width]))


if __name__ == "__main__":
    draw(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
