"""Scans made from PDF files: each page a picture, a little turned and dirty, as a copier hands them out."""

from __future__ import annotations

import io
import random
import shutil
import struct
import subprocess
import zlib

import pypdfium2
import pytest

from haidang.office.scan_images import PNG
from haidang.office.scan_programs import recogniser


@pytest.fixture(scope="session")
def tesseract():
    """Skips where scans cannot be read."""
    if recogniser() is None:
        pytest.skip(
            "tesseract with Vietnamese (tesseract-ocr, tesseract-ocr-vie) is not installed: no scan can be read"
        )


@pytest.fixture(scope="session")
def soffice(tmp_path_factory):
    """Make a PDF of a document with LibreOffice; skips where it is not installed."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice (soffice) is not installed: no PDF can be made")
    profile = tmp_path_factory.mktemp("libreoffice")

    def convert(document, into, kind="pdf"):
        command = [program, f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", kind]
        subprocess.run([*command, "--outdir", str(into), str(document)], check=True, capture_output=True, timeout=180)

    return convert


@pytest.fixture(scope="session")
def scan():
    return scan_of


def scan_of(pdf: bytes, *, dpi: int = 300, degrees: float = 0.0, dirt: float = 0.0, pages=None) -> bytes:
    """A PDF whose pages are pictures of those of `pdf`; `dirt` is the share of pixels that come out wrong.

    `pages` (from 0) are those that are turned into pictures, all by default; the others stay as they are.
    """
    source, made = pypdfium2.PdfDocument(pdf), pypdfium2.PdfDocument.new()
    chance = random.Random(5)
    for index in range(len(source)):
        if pages is not None and index not in pages:
            made.import_pages(source, [index])
            continue
        bitmap = source[index].render(scale=dpi / 72, grayscale=True)
        _dirty(bitmap, dirt, chance)
        _paste(made, bitmap, source[index].get_size(), degrees)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def _dirty(bitmap, dirt: float, chance: random.Random) -> None:
    size = bitmap.stride * bitmap.height
    for _ in range(int(size * dirt)):
        at = chance.randrange(size)
        bitmap.buffer[at] = 255 - bitmap.buffer[at]


def _paste(document, bitmap, size: tuple[float, float], degrees: float) -> None:
    width, height = size
    page = document.new_page(width, height)
    picture = pypdfium2.PdfImage.new(document)
    picture.set_bitmap(bitmap)
    centre = (width / 2, height / 2)
    matrix = pypdfium2.PdfMatrix().scale(width, height).translate(-centre[0], -centre[1]).rotate(degrees)
    picture.set_matrix(matrix.translate(*centre))
    page.insert_obj(picture)
    page.gen_content()


@pytest.fixture(scope="session")
def as_png():
    return png_of


@pytest.fixture(scope="session")
def as_tiff():
    return tiff_of


def _grey_rows(pdf: bytes, index: int, dpi: int, turned: int) -> tuple[int, int, list[bytes]]:
    bitmap = pypdfium2.PdfDocument(pdf)[index].render(scale=dpi / 72, grayscale=True, rotation=turned)
    content = bytes(memoryview(bitmap.buffer))
    rows = [content[at : at + bitmap.width] for at in range(0, bitmap.stride * bitmap.height, bitmap.stride)]
    return bitmap.width, bitmap.height, rows


def png_of(pdf: bytes, *, dpi: int = 300, turned: int = 0) -> bytes:
    """The first page as a PNG, turned by so many degrees to the right."""
    width, height, rows = _grey_rows(pdf, 0, dpi, turned)

    def chunk(kind: bytes, inner: bytes) -> bytes:
        return struct.pack(">I", len(inner)) + kind + inner + struct.pack(">I", zlib.crc32(kind + inner))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return PNG + head + chunk(b"IDAT", zlib.compress(b"".join(b"\x00" + row for row in rows), 1)) + chunk(b"IEND", b"")


def tiff_of(pdf: bytes, pages: int, *, dpi: int = 300) -> bytes:
    """The first pages as one TIFF, uncompressed."""
    made = bytearray(b"II*\x00" + struct.pack("<I", 8))
    for index in range(pages):
        width, height, rows = _grey_rows(pdf, index, dpi, 0)
        tags = ((256, 4, width), (257, 4, height), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, len(made) + 114),
                (277, 3, 1), (278, 4, height), (279, 4, width * height))  # fmt: skip
        made += struct.pack("<H", len(tags)) + b"".join(
            struct.pack("<HHII", tag, kind, 1, at) for tag, kind, at in tags
        )
        after = len(made) + 4 + width * height
        made += struct.pack("<I", after if index + 1 < pages else 0) + b"".join(rows)
    return bytes(made)
