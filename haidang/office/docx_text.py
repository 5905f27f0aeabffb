"""The text of a .docx as printed: paragraphs with their automatic numbers, tables as rows, letterheads as lines.

Tracked changes count as accepted. Left out: comments, hidden text, field codes, and a table of contents, which says
again what the headings say. Footnotes, headers and footers follow in lists behind the text (document_notes).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from haidang.office.document_notes import Notes, edge_lines
from haidang.office.document_package import (
    bounded,
    cell_text,
    is_letterhead,
    layout_lines,
    opened_package,
    row_text,
    too_deep,
)
from haidang.office.document_text import UnreadableDocument
from haidang.office.docx_numbering import Numbering
from haidang.office.docx_package import R_ID, W, WordParts, word_parts
from haidang.office.text_encodings import SIGNS, in_capitals

MOST_DEPTH = 40
_MOST_BASES = 20  # styles based on each other
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_TEXT, _RUN, _BOX, _ALTERNATE = W + "t", W + "r", W + "txbxContent", _MC + "AlternateContent"
_TYPED = {W + "tab": "\t", W + "ptab": "\t", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "-"}
_SKIPPED = {W + tag for tag in ("del", "moveFrom", "instrText", "delText", "delInstrText", "pPr", "rPr", "sectPr",
                                "sdtPr", "tcPr", "trPr", "tblPr")}  # fmt: skip
_WRAPPERS = {W + tag for tag in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag")}
_NOTES = {W + "footnoteReference": "footnotes", W + "endnoteReference": "endnotes"}


def docx_text(content: bytes, name: str) -> str:
    """The text of a .docx package; UnreadableDocument when it is broken, too large or not a Word document."""
    with opened_package(content, name) as package:
        parts = word_parts(package, name)
    return "\n".join(_Reader(parts, name).lines())


@dataclass(slots=True)
class _Paragraph:
    """A paragraph being put together: those whose end mark is deleted go on in the next."""

    label: str = ""
    pieces: list[str] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    shouting: bool = False  # whether its style shows it in capitals

    def text(self) -> str:
        text = "".join(self.pieces).strip(" \t")
        return f"{self.label} {text}" if self.label and text.strip() else text


class _Reader:
    """Reads one document, counting its numbered paragraphs and gathering its notes as they come."""

    def __init__(self, parts: WordParts, name: str) -> None:
        self._parts = parts
        self._name = name
        self._numbering = Numbering(parts.numbering, parts.styles)
        self._contents = _contents_styles(parts.styles)
        self._shouting = _shouting_styles(parts.styles)
        self._notes = Notes()
        self._footnotes = {"footnotes": _by_id(parts.footnotes), "endnotes": _by_id(parts.endnotes)}

    def lines(self) -> list[str]:
        """The document's lines: a letterhead in the first header, the body, notes, other headers and footers."""
        body = self._parts.document.find(W + "body")
        if body is None:
            return []
        if next(body.iter(W + "altChunk"), None) is not None:
            raise UnreadableDocument(
                f"Tệp “{self._name}” có phần nhúng chưa hòa vào văn bản; hãy mở bằng Word rồi lưu lại dạng .docx."
            )
        edges = [bounded(self._blocks(edge, 1), self._name) for edge in self._edges(body)]
        head = edges.pop(0) if edges and any(map(is_letterhead, edges[0])) else []
        main = bounded(self._blocks(body, 0), self._name)
        return [*head, *main, *self._notes.lines(), *edge_lines(edges)]

    def _edges(self, body: etree._Element) -> list[etree._Element]:
        """Headers and footers that are shown, the header of the first page first."""
        keys: list[str] = []
        for section in body.iter(W + "sectPr"):
            shown = "first" if section.find(W + "titlePg") is not None else "default"
            references = [each for each in section if each.get(R_ID)]
            references.sort(key=lambda each: (each.tag != W + "headerReference", each.get(W + "type") != shown))
            keys += [each.get(R_ID, "") for each in references]
        return [self._parts.edges[key] for key in dict.fromkeys(keys) if key in self._parts.edges]

    def _blocks(self, container: etree._Element, depth: int) -> Iterator[str]:
        """Lines of the paragraphs and tables in a body, a cell or a content control, in order."""
        if depth > MOST_DEPTH:
            raise too_deep(self._name)
        held = _Paragraph()
        for element in _unwrapped(container, 0, self._name):
            if element.tag == W + "p":
                self._into(held, element)
                if _mark_deleted(element):
                    continue
            if held.pieces or held.label or element.tag == W + "p":
                yield from self._closed(held, depth)
                held = _Paragraph()
            if element.tag == W + "tbl":
                yield from self._table(element, depth + 1)
        if held.pieces:
            yield from self._closed(held, depth)

    def _closed(self, held: _Paragraph, depth: int) -> Iterator[str]:
        yield held.text()
        for box in held.boxes:
            yield from self._blocks(box, depth + 1)

    def _into(self, held: _Paragraph, paragraph: etree._Element) -> None:
        """Add a paragraph's text to what is held; its number counts unless nothing of it is left."""
        if self._contents and _style(paragraph) in self._contents:
            return
        before = len(held.pieces)
        held.shouting = _style(paragraph) in self._shouting
        self._gather(paragraph, held, 0)
        gone = len(held.pieces) == before and _mark_deleted(paragraph)
        if not gone and not held.label and not any(piece.strip() for piece in held.pieces[:before]):
            held.label = self._numbering.label_of(paragraph)

    def _gather(self, element: etree._Element, held: _Paragraph, depth: int) -> None:
        """The visible text of a paragraph, its text boxes and its notes."""
        if depth > MOST_DEPTH:
            raise too_deep(self._name)
        for child in element:
            tag = child.tag
            if tag in (_TEXT, _MATH_TEXT):
                held.pieces.append(child.text or "")
            elif tag in _SKIPPED or not isinstance(tag, str):
                continue
            elif tag in _TYPED:
                held.pieces.append(_TYPED[tag])
            elif tag == W + "sym":
                held.pieces.append(_sign(child))
            elif tag == _BOX:
                held.boxes.append(child)
            elif tag in _NOTES:
                self._note(_NOTES[tag], child, held)
            elif tag == _ALTERNATE:
                for chosen in _chosen(child):
                    self._gather(chosen, held, depth + 1)
            elif tag == _RUN:
                self._run(child, held, depth)
            else:
                self._gather(child, held, depth + 1)

    def _run(self, run: etree._Element, held: _Paragraph, depth: int) -> None:
        """A run as it is shown: hidden, in capitals, or as it is typed."""
        properties = run.find(W + "rPr")
        if properties is not None and _is_on(properties.find(W + "vanish")):
            return
        before = len(held.pieces)
        self._gather(run, held, depth + 1)
        if (properties is not None and _shouts(properties)) or held.shouting:
            held.pieces[before:] = [in_capitals("".join(held.pieces[before:]))]

    def _note(self, kind: str, reference: etree._Element, held: _Paragraph) -> None:
        # Taken out as it is read: a note that refers to itself cannot go round for ever.
        note = self._footnotes[kind].pop(reference.get(W + "id", ""), None)
        if note is not None:
            self._notes.add("".join(held.pieces), bounded(self._blocks(note, 1), self._name))

    def _table(self, table: etree._Element, depth: int) -> Iterator[str]:
        """A table as rows "| a | b |"; one that only lays out text as the lines of its cells."""
        cells = [list(_cells(row, self._name)) for row in _rows(table, self._name)]
        rows = [[bounded(self._blocks(cell, depth + 1), self._name) for cell in row] for row in cells]
        laid_out = layout_lines(rows)
        yield from bounded(_row_lines(cells, rows) if laid_out is None else laid_out, self._name)


def _row_lines(cells: list[list[etree._Element]], rows: list[list[list[str]]]) -> Iterator[str]:
    """Rows of a table; a cell merged with the one above shows its text, what a wide one covers is empty."""
    above: list[str] = []
    for row, texts in zip(cells, rows, strict=True):
        shown: list[str] = [""] * (_before(row[0]) if row else 0)
        for cell, lines in zip(row, texts, strict=True):
            text = cell_text(lines)
            if not text and _continues_above(cell) and len(shown) < len(above):
                text = above[len(shown)]
            shown += [text, *[""] * (_span(cell) - 1)]
        above = shown
        yield row_text(shown)


def _unwrapped(container: etree._Element, depth: int, name: str) -> Iterator[etree._Element]:
    """Paragraphs, tables, rows or cells of a container, through content controls and accepted insertions."""
    if depth > MOST_DEPTH:
        raise too_deep(name)
    for element in container:
        if element.tag in _WRAPPERS:
            if not _is_contents(element):
                yield from _unwrapped(element, depth + 1, name)
        elif element.tag == _ALTERNATE:
            for chosen in _chosen(element):
                yield from _unwrapped(chosen, depth + 1, name)
        elif element.tag not in _SKIPPED:
            yield element


def _rows(table: etree._Element, name: str) -> Iterator[etree._Element]:
    """The rows that are left when deletions are accepted."""
    rows = (row for row in _unwrapped(table, 0, name) if row.tag == W + "tr")
    return (row for row in rows if row.find(f"{W}trPr/{W}del") is None)


def _cells(row: etree._Element, name: str) -> Iterator[etree._Element]:
    cells = (cell for cell in _unwrapped(row, 0, name) if cell.tag == W + "tc")
    return (cell for cell in cells if cell.find(f"{W}tcPr/{W}cellDel") is None)


def _before(cell: etree._Element) -> int:
    """How many columns a row leaves out before its first cell."""
    row = next(cell.iterancestors(W + "tr"))
    return _count(row.find(f"{W}trPr/{W}gridBefore"), 0)


def _span(cell: etree._Element) -> int:
    return max(1, _count(cell.find(f"{W}tcPr/{W}gridSpan"), 1))


def _count(element: etree._Element | None, default: int) -> int:
    value = element.get(W + "val", "") if element is not None else ""
    return min(int(value), 60) if value.isascii() and value.isdigit() else default


def _continues_above(cell: etree._Element) -> bool:
    merge = cell.find(f"{W}tcPr/{W}vMerge")
    return merge is not None and merge.get(W + "val", "continue") == "continue"


def _mark_deleted(paragraph: etree._Element) -> bool:
    """Whether the end of the paragraph is deleted or moved away: it goes on in the next."""
    marks = paragraph.find(f"{W}pPr/{W}rPr")
    return marks is not None and (marks.find(W + "del") is not None or marks.find(W + "moveFrom") is not None)


def _is_on(property_: etree._Element | None) -> bool:
    return property_ is not None and property_.get(W + "val", "true") not in ("0", "false", "off")


def _shouts(properties: etree._Element) -> bool:
    """Whether letters are shown in capitals: by their format, or by a font of TCVN3 that has nothing else."""
    fonts = properties.find(W + "rFonts")
    font = fonts.get(W + "ascii", "") if fonts is not None else ""
    return _is_on(properties.find(W + "caps")) or (font.startswith(".Vn") and font.endswith("H"))


def _shouting_styles(styles: etree._Element | None) -> set[str]:
    """The paragraph styles that show their text in capitals, of themselves or by a style they are based on."""
    found = {style.get(W + "styleId", ""): style for style in (styles.iter(W + "style") if styles is not None else ())}
    shouting = {key for key, style in found.items() if _shouts_itself(style)}
    for _ in range(_MOST_BASES):
        below = {key for key, style in found.items() if _based_on(style) in shouting and key not in shouting}
        if not below:
            break
        shouting |= below
    return shouting


def _shouts_itself(style: etree._Element) -> bool:
    properties = style.find(W + "rPr")
    return properties is not None and _shouts(properties)


def _based_on(style: etree._Element) -> str:
    base = style.find(W + "basedOn")
    return base.get(W + "val", "") if base is not None else ""


def _chosen(alternate: etree._Element) -> list[etree._Element]:
    """What is read of the same content written twice: the newer writing, unless only the older one has text."""
    choices = [child for child in alternate if child.tag in (_MC + "Choice", _MC + "Fallback")]
    spoken = [child for child in choices if next(child.iter(_TEXT), None) is not None]
    return (spoken or choices)[:1]


def _sign(symbol: etree._Element) -> str:
    """A sign of the font Symbol; those of other sign fonts stand for bullets."""
    code = symbol.get(W + "char", "")[-2:]
    signs = symbol.get(W + "font", "").lower() == "symbol" and re.fullmatch("[0-9A-Fa-f]{2}", code)
    return SIGNS[0xF000 + int(code, 16)] if signs else "•"


def _by_id(notes: etree._Element | None) -> dict[str, etree._Element]:
    """Notes by their numbers; the lines that part notes from the text are none."""
    return (
        {note.get(W + "id", ""): note for note in notes if W + "type" not in note.attrib} if notes is not None else {}
    )


def _style(paragraph: etree._Element) -> str:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return style.get(W + "val", "") if style is not None else ""


def _contents_styles(styles: etree._Element | None) -> set[str]:
    """The styles of the lines of a table of contents."""
    found = styles.iter(W + "style") if styles is not None else ()
    names = {style.get(W + "styleId", ""): style.find(W + "name") for style in found}
    return {key for key, name in names.items() if name is not None and name.get(W + "val", "").lower()[:4] == "toc "}


def _is_contents(control: etree._Element) -> bool:
    """Whether a content control holds a table of contents."""
    gallery = control.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return gallery is not None and gallery.get(W + "val") == "Table of Contents"
