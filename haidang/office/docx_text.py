"""The text of a .docx: paragraphs with their automatic numbers, tables as rows, the letterhead's cells as lines.

The package is read part by part under limits, and its XML with entities and network off.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from haidang.office.document_package import cell_text, layout_lines, opened_package, part_of
from haidang.office.document_text import UnreadableDocument
from haidang.office.docx_numbering import Numbering

MOST_DEPTH = 40
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SKIPPED = {
    _W + tag for tag in ("del", "moveFrom", "instrText", "delText", "footnoteReference", "pPr", "rPr", "sectPr")
}
_ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def docx_text(content: bytes, name: str) -> str:
    """The text of a .docx package; UnreadableDocument when it is broken, too large or not a Word document."""
    with opened_package(content, name) as package:
        document = part_of(package, "word/document.xml", name)
        if document is None:
            raise UnreadableDocument(f"Tệp “{name}” không phải tài liệu Word; hãy xuất lại tệp .docx.")
        numbering = Numbering(part_of(package, "word/numbering.xml", name), part_of(package, "word/styles.xml", name))
    body = document.find(_W + "body")
    return "\n".join(_blocks(body, numbering, 0)) if body is not None else ""


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
    laid_out = layout_lines(rows)
    if laid_out is not None:
        yield from laid_out
        return
    above: list[str] = []
    for row, element, widths in zip(rows, _rows(table), spans, strict=True):
        cells: list[str] = []
        for lines, cell, width in zip(row, element.findall(_W + "tc"), widths, strict=True):
            text = cell_text(lines)
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
