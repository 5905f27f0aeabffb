"""The text of a .docx: paragraphs with their automatic numbers, tables as rows, the letterhead's cells as lines.

The package is read part by part under limits, and its XML with entities and network off.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator

from lxml import etree

from haidang.office.document_text import UnreadableDocument
from haidang.office.docx_numbering import Numbering

MOST_PARTS = 4_000
MOST_UNPACKED = 120_000_000
MOST_PART = 60_000_000
MOST_DEPTH = 40
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SKIPPED = {
    _W + tag for tag in ("del", "moveFrom", "instrText", "delText", "footnoteReference", "pPr", "rPr", "sectPr")
}
_ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_LAYOUT_WORDS = ("CỘNG HÒA", "CỘNG HOÀ", "Nơi nhận", "NƠI NHẬN", "Độc lập", "TM.", "KT.", "TL.")


def docx_text(content: bytes, name: str) -> str:
    """The text of a .docx package; UnreadableDocument when it is broken, too large or not a Word document."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _refuse_bombs(package, name)
            document = _part(package, "word/document.xml", name)
            if document is None:
                raise UnreadableDocument(f"Tệp “{name}” không phải tài liệu Word; hãy xuất lại tệp .docx.")
            numbering = Numbering(_part(package, "word/numbering.xml", name), _part(package, "word/styles.xml", name))
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
    body = document.find(_W + "body")
    return "\n".join(_blocks(body, numbering, 0)) if body is not None else ""


def _refuse_bombs(package: zipfile.ZipFile, name: str) -> None:
    entries = package.infolist()
    if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise UnreadableDocument(f"Tệp “{name}” bung ra quá lớn; hãy bỏ ảnh và tệp nhúng rồi lưu lại.")


def _part(package: zipfile.ZipFile, path: str, name: str) -> etree._Element | None:
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


def _blocks(container: etree._Element, numbering: Numbering, depth: int) -> Iterator[str]:
    """Lines of the paragraphs and tables in a body, a cell or a content control, in order."""
    if depth > MOST_DEPTH:
        return
    for element in container:
        if element.tag == _W + "p":
            yield _paragraph(element, numbering)
            for box in _text_boxes(element):
                yield from _blocks(box, numbering, depth + 1)
        elif element.tag == _W + "tbl":
            yield from _table(element, numbering, depth + 1)
        elif element.tag in (
            _W + "sdt",
            _W + "sdtContent",
            _W + "ins",
            _W + "moveTo",
            _W + "customXml",
            _W + "smartTag",
        ):
            yield from _blocks(element, numbering, depth + 1)


def _paragraph(paragraph: etree._Element, numbering: Numbering) -> str:
    text = "".join(_runs(paragraph, 0)).strip(" \t")
    label = numbering.label_of(paragraph)
    return f"{label} {text}" if label and text.strip() else text


def _runs(element: etree._Element, depth: int) -> Iterator[str]:
    """The visible text of a paragraph: deletions, field codes, text boxes and footnotes left out."""
    if depth > MOST_DEPTH:
        return
    for child in element:
        tag = child.tag
        if tag in _SKIPPED or tag == _ALTERNATE or tag == _W + "txbxContent":
            continue
        if tag == _W + "t":
            yield child.text or ""
        elif tag in (_W + "tab", _W + "ptab"):
            yield "\t"
        elif tag in (_W + "br", _W + "cr"):
            yield "\n"
        elif tag in (_W + "noBreakHyphen",):
            yield "-"
        else:
            yield from _runs(child, depth + 1)


def _text_boxes(paragraph: etree._Element) -> list[etree._Element]:
    return [
        box for box in paragraph.iter(_W + "txbxContent") if not any(up.tag == _ALTERNATE for up in box.iterancestors())
    ]


def _table(table: etree._Element, numbering: Numbering, depth: int) -> Iterator[str]:
    """A table as rows "| a | b |"; a letterhead or signature table as the lines of its cells."""
    rows = [[_cell(cell, numbering, depth) for cell in row.findall(_W + "tc")] for row in _rows(table)]
    spans = [[_span(cell) for cell in row.findall(_W + "tc")] for row in _rows(table)]
    everything = "\n".join(line for row in rows for cell in row for line in cell)
    if max((len(row) for row in rows), default=0) <= 3 and any(word in everything for word in _LAYOUT_WORDS):
        width = max(len(row) for row in rows)
        for column in range(width):
            yield from (line for row in rows if column < len(row) for line in row[column])
        return
    above: list[str] = []
    for row, element, widths in zip(rows, _rows(table), spans, strict=True):
        cells: list[str] = []
        for lines, cell, width in zip(row, element.findall(_W + "tc"), widths, strict=True):
            text = "<br>".join(line.strip().replace("\n", "<br>") for line in lines if line.strip()).replace("|", "/")
            if _continues_above(cell) and len(cells) < len(above):
                text = above[len(cells)]
            cells += [text, *[""] * (width - 1)]
        above = cells
        yield "| " + " | ".join(cells) + " |"


def _rows(table: etree._Element) -> list[etree._Element]:
    return [row for row in table.iter(_W + "tr") if next(row.iterancestors(_W + "tbl")) is table]


def _cell(cell: etree._Element, numbering: Numbering, depth: int) -> list[str]:
    return list(_blocks(cell, numbering, depth + 1))


def _span(cell: etree._Element) -> int:
    span = cell.find(f"{_W}tcPr/{_W}gridSpan")
    value = span.get(_W + "val", "1") if span is not None else "1"
    return min(int(value), 60) if value.isdigit() and int(value) > 0 else 1


def _continues_above(cell: etree._Element) -> bool:
    merge = cell.find(f"{_W}tcPr/{_W}vMerge")
    return merge is not None and merge.get(_W + "val", "continue") == "continue"
