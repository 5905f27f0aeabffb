"""The parts of a zipped document (.docx, .odt), read under limits and parsed with entities and network off."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from lxml import etree

from haidang.office.document_text import UnreadableDocument

MOST_PARTS = 4_000
MOST_UNPACKED = 120_000_000
MOST_PART = 60_000_000
# A table that holds one of these lays out a letterhead or signature in columns; it is no table of text.
LAYOUT_WORDS = ("CỘNG HÒA", "CỘNG HOÀ", "Nơi nhận", "NƠI NHẬN", "Độc lập", "TM.", "KT.", "TL.")


@contextmanager
def opened_package(content: bytes, name: str) -> Iterator[zipfile.ZipFile]:
    """The package, small enough to unpack; UnreadableDocument when it is too large, broken or encrypted."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            entries = package.infolist()
            if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                raise UnreadableDocument(f"Tệp “{name}” bung ra quá lớn; hãy bỏ ảnh và tệp nhúng rồi lưu lại.")
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


def part_of(package: zipfile.ZipFile, path: str, name: str) -> etree._Element | None:
    """One part parsed, or None when the package has none; read no further than its limit, whatever it declares."""
    if path not in package.namelist():
        return None
    with package.open(path) as stream:
        content = stream.read(MOST_PART + 1)
    if len(content) > MOST_PART:
        raise UnreadableDocument(f"Tệp “{name}” bung ra quá lớn; hãy bỏ ảnh và tệp nhúng rồi lưu lại.")
    if b"<!DOCTYPE" in content[:4096] or b"<!ENTITY" in content[:65536]:
        raise UnreadableDocument(f"Tệp “{name}” chứa khai báo không an toàn; hãy mở bằng Word và lưu lại dạng .docx.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    return etree.fromstring(content, parser)


def layout_lines(rows: list[list[list[str]]]) -> list[str] | None:
    """The lines of a layout table column by column, None for a table of text. `rows` hold cells, cells hold lines."""
    everything = "\n".join(line for row in rows for cell in row for line in cell)
    width = max((len(row) for row in rows), default=0)
    if width > 3 or not any(word in everything for word in LAYOUT_WORDS):
        return None
    return [line for column in range(width) for row in rows if column < len(row) for line in row[column]]


def cell_text(lines: list[str]) -> str:
    """The lines of a cell as they stand in a row "| a | b |"."""
    return "<br>".join(line.strip().replace("\n", "<br>") for line in lines if line.strip()).replace("|", "/")
