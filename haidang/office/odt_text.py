"""The text of an OpenDocument text (.odt): paragraphs with their list numbers, tables as rows, layout tables as lines.

Deleted text that is kept as a tracked change, notes and annotations are left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from haidang.office.document_package import cell_text, layout_lines, opened_package, part_of
from haidang.office.document_text import UnreadableDocument

MOST_DEPTH = 40
MOST_REPEATED = 60  # columns that one cell stands for
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_SKIPPED = {
    _TEXT + "note", _TEXT + "tracked-changes", _TEXT + "sequence-decls", _OFFICE + "annotation",
    _TEXT + "soft-page-break", _TEXT + "table-of-content", _OFFICE + "forms",
}  # fmt: skip
_CONTAINERS = {_TEXT + "section", _DRAW + "frame", _DRAW + "text-box", _TABLE + "table-header-rows", _DRAW + "a"}


def odt_text(content: bytes, name: str) -> str:
    """The text of an .odt package; UnreadableDocument when it is broken, too large or not a text document."""
    with opened_package(content, name) as package:
        document = part_of(package, "content.xml", name)
        body = document.find(f"{_OFFICE}body/{_OFFICE}text") if document is not None else None
        if document is None or body is None:
            raise UnreadableDocument(f"Tệp “{name}” không phải tài liệu văn bản .odt; hãy lưu lại dạng .docx.")
        styles = part_of(package, "styles.xml", name)
    lists = _ListStyles([root for root in (styles, document) if root is not None])
    return "\n".join(_blocks(body, lists, 0))


class _ListStyles:
    """The labels of numbered lists, counted as they come."""

    def __init__(self, roots: list[etree._Element]) -> None:
        self._levels: dict[tuple[str, int], etree._Element] = {}
        self._counts: dict[tuple[str, int], int] = {}
        for root in roots:
            for style in root.iter(_TEXT + "list-style"):
                for level in style:
                    key = (style.get(_STYLE + "name", ""), _number(level.get(_TEXT + "level"), 1))
                    self._levels[key] = level

    def begin(self, style: str, depth: int, continues: bool) -> None:
        """A list begins at a depth: its numbers start again unless it continues one."""
        if not continues:
            self._counts.pop((style, depth), None)

    def label(self, style: str, depth: int) -> str:
        """The label of the next item: "1.", "a)" or a dash."""
        level = self._levels.get((style, depth))
        if level is None or level.tag != _TEXT + "list-level-style-number":
            return "-"
        kind = level.get(_STYLE + "num-format", "")
        start = _number(level.get(_TEXT + "start-value"), 1)
        count = self._counts.get((style, depth), start - 1) + 1
        self._counts[style, depth] = count
        written = _written(count, kind)
        return level.get(_STYLE + "num-prefix", "") + written + level.get(_STYLE + "num-suffix", "") if written else ""


def _number(written: str | None, default: int) -> int:
    return min(int(written), 10_000) if written and written.isdigit() else default


def _written(count: int, kind: str) -> str:
    if kind in ("a", "A"):
        letter = chr(ord("a") + (count - 1) % 26)
        return letter.upper() if kind == "A" else letter
    if kind in ("i", "I"):
        roman = _roman(count)
        return roman if kind == "I" else roman.lower()
    return str(count) if kind else ""


def _roman(count: int) -> str:
    written = ""
    for value, sign in ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV")):
        written += sign * (count // value)
        count %= value
    return written + "I" * count


def _blocks(container: etree._Element, lists: _ListStyles, depth: int) -> Iterator[str]:
    """Lines of what stands in a body, section, cell or text box, in order."""
    if depth > MOST_DEPTH:
        return
    for element in container:
        if element.tag in (_TEXT + "p", _TEXT + "h"):
            yield "".join(_runs(element, 0)).strip(" \t")
            for box in element.iter(_DRAW + "text-box"):
                yield from _blocks(box, lists, depth + 1)
        elif element.tag == _TEXT + "list":
            yield from _list(element, lists, "", 1)
        elif element.tag == _TABLE + "table":
            yield from _table(element, lists, depth + 1)
        elif element.tag in _CONTAINERS:
            yield from _blocks(element, lists, depth + 1)


def _list(element: etree._Element, lists: _ListStyles, above: str, depth: int) -> Iterator[str]:
    if depth > MOST_DEPTH:
        return
    style = element.get(_TEXT + "style-name", above)
    lists.begin(style, depth, element.get(_TEXT + "continue-numbering") == "true")
    for item in element:
        labelled = item.tag == _TEXT + "list-header"  # a header stands in the list without a label
        for child in item:
            if child.tag in (_TEXT + "p", _TEXT + "h"):
                text = "".join(_runs(child, 0)).strip(" \t")
                label = "" if labelled or not text else lists.label(style, depth)
                labelled = labelled or bool(text)
                yield f"{label} {text}".strip()
            elif child.tag == _TEXT + "list":
                yield from _list(child, lists, style, depth + 1)


def _runs(element: etree._Element, depth: int) -> Iterator[str]:
    """The visible text of a paragraph, text boxes and notes left out."""
    if depth > MOST_DEPTH:
        return
    yield element.text or ""
    for child in element:
        if child.tag == _TEXT + "s":
            yield " " * min(_number(child.get(_TEXT + "c"), 1), 200)
        elif child.tag == _TEXT + "tab":
            yield "\t"
        elif child.tag == _TEXT + "line-break":
            yield "\n"
        elif child.tag not in _SKIPPED and child.tag != _DRAW + "frame" and isinstance(child.tag, str):
            yield from _runs(child, depth + 1)
        yield child.tail or ""


def _table(table: etree._Element, lists: _ListStyles, depth: int) -> Iterator[str]:
    """A table as rows "| a | b |"; a letterhead or signature table as the lines of its cells."""
    rows = [list(_cells(row, lists, depth)) for row in _rows(table)]
    laid_out = layout_lines(rows)
    if laid_out is not None:
        yield from laid_out
        return
    for row in rows:
        yield "| " + " | ".join(cell_text(lines) for lines in row) + " |"


def _rows(table: etree._Element) -> list[etree._Element]:
    return [row for row in table.iter(_TABLE + "table-row") if next(row.iterancestors(_TABLE + "table")) is table]


def _cells(row: etree._Element, lists: _ListStyles, depth: int) -> Iterator[list[str]]:
    """The lines of each cell; a cell that a wide one covers is empty."""
    for cell in row:
        if cell.tag not in (_TABLE + "table-cell", _TABLE + "covered-table-cell"):
            continue
        lines = list(_blocks(cell, lists, depth + 1)) if cell.tag == _TABLE + "table-cell" else []
        repeated = min(_number(cell.get(_TABLE + "number-columns-repeated"), 1), MOST_REPEATED)
        yield from [lines] * repeated
