"""The parts of a zipped document (.docx, .odt), read under limits and parsed with entities and network off."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from lxml import etree

from haidang.office.document_text import UnreadableDocument, check_size

MOST_PARTS = 4_000
MOST_UNPACKED = 120_000_000
MOST_PART = 60_000_000
MOST_TAGS = 3_000_000  # of one part; a plan of sixty pages has about fifty thousand
# A table with a line like this lays out a letterhead or signature in columns; it is no table of text.
_LAYOUT_LINE = re.compile(r"\s*(?:CỘNG H[ÒO][AÀ] X|Nơi nhận|NƠI NHẬN|Độc lập\b|(?:TM|KT|TL|TUQ)\. ?(?:[A-ZĐÀ-Ỹ]{2}|$))")


@contextmanager
def opened_package(content: bytes, name: str) -> Iterator[zipfile.ZipFile]:
    """The package, small enough to unpack; UnreadableDocument when it is too large, broken or encrypted."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            entries = package.infolist()
            if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                raise _too_large(name)
            yield package
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        etree.XMLSyntaxError,
        KeyError,
        OSError,
    ) as error:
        raise UnreadableDocument(
            f"Tệp “{name}” bị hỏng hoặc đang đặt mật khẩu; hãy mở bằng Word và lưu lại dạng .docx."
        ) from error


def bytes_of(package: zipfile.ZipFile, path: str, name: str) -> bytes | None:
    """One part, or None when the package has none; read no further than its limit, whatever size it declares."""
    if path not in package.namelist():
        return None
    with package.open(path) as stream:
        content = stream.read(MOST_PART + 1)
    if len(content) > MOST_PART:
        raise _too_large(name)
    return content


def parsed(content: bytes, name: str) -> etree._Element:
    """XML parsed without entities; UnreadableDocument when it declares any, or has more tags than any document."""
    if b"<!DOCTYPE" in content[:4096] or b"<!ENTITY" in content[:65536]:
        raise UnreadableDocument(f"Tệp “{name}” chứa khai báo không an toàn; hãy mở bằng Word và lưu lại dạng .docx.")
    if content.count(b"<") > MOST_TAGS:
        raise _too_large(name)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    return etree.fromstring(content, parser)


def part_of(package: zipfile.ZipFile, path: str, name: str) -> etree._Element | None:
    """One part parsed, or None when the package has none."""
    content = bytes_of(package, path, name)
    return None if content is None else parsed(content, name)


def _too_large(name: str) -> UnreadableDocument:
    return UnreadableDocument(f"Tệp “{name}” bung ra quá lớn; hãy bỏ ảnh và tệp nhúng rồi lưu lại.")


def too_deep(name: str) -> UnreadableDocument:
    """The refusal of a document whose tables or frames stand in each other further than anybody writes."""
    return UnreadableDocument(
        f"Tệp “{name}” có bảng hoặc khung lồng nhau quá sâu; hãy bỏ bớt các lớp bảng, khung rồi lưu lại."
    )


def bounded(lines: Iterable[str], name: str) -> list[str]:
    """The lines, gathered no further than a document may be long; UnreadableDocument beyond that.

    Cells that repeat what a merged cell shows, inside each other, could otherwise grow without end.
    """
    kept: list[str] = []
    length = 0
    for line in lines:
        kept.append(line)
        length += len(line) + 1
        check_size(length, len(kept), name)
    return kept


def layout_lines(rows: list[list[list[str]]]) -> list[str] | None:
    """The lines of a table that only lays out text, column by column; None for a table of text.

    `rows` hold cells, cells hold lines. Of one column: a frame around paragraphs. Of two or three with a letterhead's
    or signature's line: columns beside each other.
    """
    width = max((len(row) for row in rows), default=0)
    if width > 3 or (
        width > 1 and not any(map(is_letterhead, (line for row in rows for cell in row for line in cell)))
    ):
        return None
    return [line for column in range(width) for row in rows if column < len(row) for line in row[column]]


def is_letterhead(line: str) -> bool:
    """Whether the line belongs to a letterhead or a signature block."""
    return bool(_LAYOUT_LINE.match(line))


def cell_text(lines: list[str]) -> str:
    """The lines of a cell as they stand in a row "| a | b |"."""
    return "<br>".join(line.strip().replace("\n", "<br>") for line in lines if line.strip()).replace("|", "/")


def row_text(cells: Iterable[str]) -> str:
    """A row of a table as a line."""
    return "| " + " | ".join(cells) + " |"
