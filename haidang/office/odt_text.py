"""The text of an OpenDocument text (.odt) as printed: paragraphs with their numbers, tables as rows, layouts as lines.

Tracked changes count as accepted. Left out: comments, hidden text and a table of contents, which says again what the
headings say. Notes, headers and footers follow in lists behind the text (document_notes).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from haidang.office.document_notes import Notes, edge_lines
from haidang.office.document_package import (
    bounded,
    cell_text,
    is_letterhead,
    layout_lines,
    opened_package,
    part_of,
    row_text,
    too_deep,
)
from haidang.office.document_text import UnreadableDocument
from haidang.office.odt_numbering import OUTLINE, ListStyles, count_of
from haidang.office.text_encodings import in_capitals

MOST_DEPTH = 40
_MOST_BASES = 20  # styles based on each other
MOST_REPEATED = 60  # columns that one cell stands for
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
_PARAGRAPHS = (_TEXT + "p", _TEXT + "h")
_SKIPPED = {
    _TEXT + "tracked-changes", _TEXT + "sequence-decls", _TEXT + "variable-decls", _TEXT + "user-field-decls",
    _TEXT + "table-of-content", _TEXT + "soft-page-break", _TEXT + "hidden-text", _TEXT + "hidden-paragraph",
    _TEXT + "ruby-text", _OFFICE + "annotation", _OFFICE + "annotation-end", _OFFICE + "forms", _OFFICE + "scripts",
    _SVG + "title", _SVG + "desc",
}  # fmt: skip
_CELLS = (_TABLE + "table-cell", _TABLE + "covered-table-cell")
_TYPED = {_TEXT + "tab": "\t", _TEXT + "line-break": "\n"}
_FORMAT = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_SPACE = re.compile(r"[ \t\r\n]+")  # how XML was laid out says nothing
_EDGES = ("header-first", "header", "header-left", "footer-first", "footer", "footer-left")


def odt_text(content: bytes, name: str) -> str:
    """The text of an .odt package; UnreadableDocument when it is broken, too large or not a text document."""
    with opened_package(content, name) as package:
        return "\n".join(_lines(package, name))


def _lines(package: zipfile.ZipFile, name: str) -> list[str]:
    document = part_of(package, "content.xml", name)
    body = document.find(f"{_OFFICE}body/{_OFFICE}text") if document is not None else None
    if document is None or body is None:
        raise UnreadableDocument(f"Tệp “{name}” không phải tài liệu văn bản .odt; hãy lưu lại dạng .docx.")
    styles = part_of(package, "styles.xml", name)
    roots = [root for root in (styles, document) if root is not None]
    reader = _Reader(ListStyles(roots), _shouting_styles(roots), name)
    edges = [bounded(reader.blocks(edge, 1), name) for edge in _edges(styles)]
    head = edges.pop(0) if edges and any(map(is_letterhead, edges[0])) else []
    main = bounded(reader.blocks(body, 0), name)
    return [*head, *main, *reader.notes.lines(), *edge_lines(edges)]


def _shouting_styles(roots: list[etree._Element]) -> set[str]:
    """The styles that show their text in capitals, of themselves or by a style they are based on."""
    found = {style.get(_STYLE + "name", ""): style for root in roots for style in root.iter(_STYLE + "style")}
    shown = {name: style.find(_STYLE + "text-properties") for name, style in found.items()}
    case = {name: each.get(_FORMAT + "text-transform", "") for name, each in shown.items() if each is not None}
    shouting = {name for name, transform in case.items() if transform == "uppercase"}
    for _ in range(_MOST_BASES):
        below = {
            name for name, style in found.items()
            if name not in shouting and not case.get(name) and style.get(_STYLE + "parent-style-name") in shouting
        }  # fmt: skip
        if not below:
            break
        shouting |= below
    return shouting


def _edges(styles: etree._Element | None) -> list[etree._Element]:
    """Headers and footers, the header of the first page first."""
    if styles is None:
        return []
    pages = list(styles.iter(_STYLE + "master-page"))
    found = [page.find(_STYLE + kind) for page in pages for kind in _EDGES]
    return [edge for edge in found if edge is not None]


@dataclass(slots=True)
class _Paragraph:
    """The pieces of a paragraph, and what floats beside it."""

    pieces: list[str] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)

    def add(self, text: str | None) -> None:
        if text:
            self.pieces.append(_SPACE.sub(" ", text))


class _Reader:
    """Reads one document, counting its lists and gathering its notes as they come."""

    def __init__(self, lists: ListStyles, shouting: set[str], name: str) -> None:
        self._lists = lists
        self._shouting = shouting
        self._name = name
        self.notes = Notes()

    def blocks(self, container: Iterable[etree._Element], depth: int) -> Iterator[str]:
        """Lines of what stands in a body, section, cell or text box, in order."""
        if depth > MOST_DEPTH:
            raise too_deep(self._name)
        for element in container:
            if element.tag in _PARAGRAPHS:
                yield from self._paragraph(element, self._outline_label(element), depth)
            elif element.tag == _TEXT + "list":
                yield from self._list(element, "", 1, depth + 1)
            elif element.tag == _TEXT + "numbered-paragraph":
                yield from self._numbered(element, depth)
            elif element.tag == _TABLE + "table":
                yield from self._table(element, depth + 1)
            elif element.tag not in _SKIPPED and isinstance(element.tag, str) and not _hidden(element):
                yield from self.blocks(element, depth + 1)

    def _outline_label(self, element: etree._Element) -> str:
        """The label of a numbered heading."""
        if element.tag != _TEXT + "h" or element.get(_TEXT + "is-list-header") == "true":
            return ""
        level = count_of(element.get(_TEXT + "outline-level"), 1)
        return self._lists.label(OUTLINE, level, element.get(_TEXT + "start-value"), bullet="")

    def _numbered(self, element: etree._Element, depth: int) -> Iterator[str]:
        """A paragraph that belongs to a list without standing in one."""
        style, level = element.get(_TEXT + "style-name", ""), count_of(element.get(_TEXT + "level"), 1)
        label = self._lists.label(style, level, element.get(_TEXT + "start-value"))
        for paragraph in element:
            yield from self._paragraph(paragraph, label, depth)

    def _paragraph(self, element: etree._Element, label: str, depth: int) -> Iterator[str]:
        held = _Paragraph()
        self._styled(element, held, -1)
        text = "".join(held.pieces).strip(" \t")
        yield f"{label} {text}" if label and text else text
        for box in held.boxes:
            yield from self.blocks(box, depth + 1)

    def _list(self, element: etree._Element, above: str, level: int, depth: int) -> Iterator[str]:
        """The items of a list; the first paragraph of each carries its label, a header of a list carries none."""
        if depth > MOST_DEPTH:
            raise too_deep(self._name)
        style = element.get(_TEXT + "style-name", above)
        self._lists.begin(style, level, element)
        for item in element:
            if item.tag not in (_TEXT + "list-item", _TEXT + "list-header"):
                continue
            own = item.get(_TEXT + "style-override", style)
            labelled = item.tag == _TEXT + "list-header"
            for child in item:
                if child.tag in _PARAGRAPHS:
                    label = "" if labelled else self._lists.label(own, level, item.get(_TEXT + "start-value"))
                    labelled = True
                    yield from self._paragraph(child, label, depth)
                elif child.tag == _TEXT + "list":
                    yield from self._list(child, own, level + 1, depth + 1)
                else:
                    yield from self.blocks([child], depth + 1)

    def _gather(self, element: etree._Element, held: _Paragraph, depth: int) -> None:
        """The visible text of a paragraph, its text boxes and its notes."""
        if depth > MOST_DEPTH:
            raise too_deep(self._name)
        held.add(element.text)
        for child in element:
            tag = child.tag
            if tag == _TEXT + "s":
                held.pieces.append(" " * min(count_of(child.get(_TEXT + "c"), 1), 200))
            elif tag in _TYPED:
                held.pieces.append(_TYPED[tag])
            elif tag == _TEXT + "note":
                self._note(child, held)
            elif isinstance(tag, str) and tag.startswith(_DRAW) and tag != _DRAW + "a":
                held.boxes.append(child)
            elif tag not in _SKIPPED and isinstance(tag, str):
                self._styled(child, held, depth)
            held.add(child.tail)

    def _styled(self, element: etree._Element, held: _Paragraph, depth: int) -> None:
        """What an element holds, in capitals where its style says so."""
        before = len(held.pieces)
        self._gather(element, held, depth + 1)
        if element.get(_TEXT + "style-name") in self._shouting:
            held.pieces[before:] = [in_capitals("".join(held.pieces[before:]))]

    def _note(self, note: etree._Element, held: _Paragraph) -> None:
        body = note.find(_TEXT + "note-body")
        if body is not None:
            self.notes.add("".join(held.pieces), bounded(self.blocks(body, 1), self._name))

    def _table(self, table: etree._Element, depth: int) -> Iterator[str]:
        """A table as rows "| a | b |"; one that only lays out text as the lines of its cells."""
        cells = [[cell for cell in row if cell.tag in _CELLS] for row in _rows(table)]
        rows = [[bounded(self.blocks(cell, depth + 1), self._name) for cell in row] for row in cells]
        laid_out = layout_lines(rows)
        yield from bounded(_row_lines(cells, rows) if laid_out is None else laid_out, self._name)


def _rows(table: etree._Element) -> list[etree._Element]:
    return [row for row in table.iter(_TABLE + "table-row") if next(row.iterancestors(_TABLE + "table")) is table]


def _row_lines(cells: list[list[etree._Element]], rows: list[list[list[str]]]) -> Iterator[str]:
    """Rows of a table; what a tall cell covers shows its text again, what a wide one covers is empty."""
    tall: dict[int, tuple[int, str]] = {}  # by column: how many rows below still show which text
    for row, texts in zip(cells, rows, strict=True):
        shown: list[str] = []
        for cell, lines in zip(row, texts, strict=True):
            left, above = tall.get(len(shown), (0, ""))
            text = cell_text(lines)
            columns = min(count_of(cell.get(_TABLE + "number-columns-repeated"), 1), MOST_REPEATED)
            covered = cell.tag == _TABLE + "covered-table-cell"
            if covered and left and not text:
                text, tall[len(shown)] = above, (left - 1, above)
            else:
                tall[len(shown)] = (count_of(cell.get(_TABLE + "number-rows-spanned"), 1) - 1, text)
            shown += [text, *["" if covered else text] * (columns - 1)]
        yield row_text(shown)


def _hidden(element: etree._Element) -> bool:
    return element.tag == _TEXT + "section" and element.get(_TEXT + "display") == "none"
