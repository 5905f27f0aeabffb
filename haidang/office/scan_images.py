"""What an image says of itself before anybody decodes it: its kind, and the size of each of its pages.

Only headers are read, so that an image that would unpack to more than memory holds is refused unopened.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
TIFF = (b"II*\x00", b"MM\x00*")
_WIDTH, _HEIGHT = 256, 257  # tags of TIFF
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # markers of JPEG that begin a frame


def is_image(content: bytes) -> bool:
    """Whether the bytes begin as PNG, JPEG or TIFF do."""
    return content.startswith((PNG, JPEG, *TIFF))


def page_sizes(content: bytes, most: int) -> list[tuple[int, int]]:
    """(width, height) in pixels of each page, at most `most` + 1 of them; ValueError when the header is broken."""
    try:
        if content.startswith(PNG):
            return [struct.unpack(">II", content[16:24])]  # type: ignore[list-item]
        if content.startswith(JPEG):
            return [_jpeg_size(content)]
        return list(_tiff_sizes(content, most))
    except (struct.error, IndexError, KeyError) as error:
        raise ValueError("the header of the image is broken") from error


def _jpeg_size(content: bytes) -> tuple[int, int]:
    at = 2
    while True:
        if content[at] != 0xFF:
            raise ValueError("no marker where one must stand")
        marker = content[at + 1]
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        alone = marker in (0xFF, 0x01) or 0xD0 <= marker <= 0xD8
        at += (1 if marker == 0xFF else 2) if alone else 2 + struct.unpack(">H", content[at + 2 : at + 4])[0]


def _tiff_sizes(content: bytes, most: int) -> Iterator[tuple[int, int]]:
    order = "<" if content.startswith(b"II") else ">"
    at = struct.unpack(order + "I", content[4:8])[0]
    pages = 0
    while at and pages <= most:
        count = struct.unpack(order + "H", content[at : at + 2])[0]
        entries = content[at + 2 : at + 2 + 12 * count]
        sizes = dict(_tiff_sides(entries, order))
        yield sizes[_WIDTH], sizes[_HEIGHT]
        pages += 1
        at = struct.unpack(order + "I", content[at + 2 + 12 * count : at + 6 + 12 * count])[0]
    if not pages:
        raise ValueError("a TIFF without a page")


def _tiff_sides(entries: bytes, order: str) -> Iterator[tuple[int, int]]:
    for start in range(0, len(entries) - 11, 12):
        tag, kind = struct.unpack(order + "HH", entries[start : start + 4])
        if tag in (_WIDTH, _HEIGHT):
            form = "H" if kind == 3 else "I"
            size = struct.calcsize(form)
            yield tag, struct.unpack(order + form, entries[start + 8 : start + 8 + size])[0]
