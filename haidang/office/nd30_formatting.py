"""The formatting that a reader of a .docx sees: a run's own marks, else its style's, else the document's defaults."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

import docx
from docx.document import Document as WordDocument
from docx.oxml.ns import qn

MOST_BYTES: Final = 50_000_000
MOST_UNPACKED: Final = 300_000_000
_TOGGLES: Final = frozenset({"w:b", "w:i"})
_OFF: Final = frozenset({"0", "false", "off"})
_RUN_PROPERTIES: Final = qn("w:rPr")
_PARAGRAPH_PROPERTIES: Final = qn("w:pPr")
_SLOTS: Final = ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs")


class UnreadableDocument(ValueError):
    """The file is no .docx, or too large; the text is one clear Vietnamese sentence."""


def open_word(data: bytes) -> WordDocument:
    """The document in these bytes, refused when it is larger than a report can be or no .docx at all."""
    if len(data) > MOST_BYTES:
        raise UnreadableDocument(f"Tệp lớn hơn {MOST_BYTES // 1_000_000} MB, vượt giới hạn kiểm tra.")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if sum(member.file_size for member in archive.infolist()) > MOST_UNPACKED:
                raise UnreadableDocument("Tệp giải nén ra quá lớn, không phải văn bản bình thường.")
        return docx.Document(BytesIO(data))
    except UnreadableDocument:
        raise
    except Exception as error:
        raise UnreadableDocument("Tệp không phải văn bản Word (.docx) hoặc đã hỏng.") from error


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph with text, as it looks. Sizes in points, lengths in centimetres.

    `fonts` and `sizes` are all that occur; `table` is the index of the enclosing body table, None outside; `cell` is
    its column. `spacing_pt` is the space before and after together, `line_spacing` a multiple of single.
    """

    text: str
    sizes: frozenset[float]
    fonts: frozenset[str]
    colours: frozenset[str]
    bold: bool
    italic: bool
    align: str
    first_line_cm: float
    spacing_pt: float
    line_spacing: float
    outline: int | None
    table: int | None
    row: int | None
    cell: int | None
    drawing: bool
    section: int


class Formatting:
    """Looks up effective formatting in one document."""

    def __init__(self, document: WordDocument) -> None:
        self._styles = {style.get(qn("w:styleId")): style for style in document.styles.element.findall(qn("w:style"))}
        self._default_style = next(
            (
                key
                for key, style in self._styles.items()
                if style.get(qn("w:default")) == "1" and style.get(qn("w:type")) == "paragraph"
            ),
            None,
        )
        self._defaults = document.styles.element.find(qn("w:docDefaults"))
        self._known: dict[tuple[str | None, str, str, str], str | None] = {}

    def line(self, paragraph: Any, place: dict[str, Any]) -> Line:
        """The paragraph as it looks; formatting of runs without text is of no interest."""
        runs = [run for run in paragraph.iter(qn("w:r")) if any(node.text for node in run.iter(qn("w:t")))]
        look = [self._run(run, paragraph) for run in runs]
        spacing = {key: self._paragraph(paragraph, "w:spacing", f"w:{key}") for key in ("before", "after", "line")}
        outline = self._paragraph(paragraph, "w:outlineLvl", "w:val")
        return Line(
            text=paragraph_text(paragraph),
            sizes=frozenset(each["size"] for each in look),
            fonts=frozenset(font for each in look for font in each["fonts"]),
            colours=frozenset(each["colour"] for each in look),
            bold=bool(look) and all(each["bold"] for each in look),
            italic=bool(look) and all(each["italic"] for each in look),
            align=self._paragraph(paragraph, "w:jc", "w:val") or "left",
            first_line_cm=_cm(self._paragraph(paragraph, "w:ind", "w:firstLine")),
            spacing_pt=(_number(spacing["before"]) + _number(spacing["after"])) / 20,
            line_spacing=_number(spacing["line"] or "240") / 240,
            outline=int(outline) if outline is not None else None,
            drawing=next(paragraph.iter(qn("w:drawing")), None) is not None,
            **place,
        )

    def _run(self, run: Any, paragraph: Any) -> dict[str, Any]:
        fonts = {self._run_property(run, paragraph, "w:rFonts", slot) for slot in _SLOTS}
        colour = self._run_property(run, paragraph, "w:color", "w:val")
        return {
            "size": _number(self._run_property(run, paragraph, "w:sz", "w:val") or "20") / 2,
            "fonts": {font or "(theo chủ đề)" for font in fonts},
            "colour": "000000" if colour in (None, "auto") else str(colour).upper(),
            "bold": self._toggle(run, paragraph, "w:b"),
            "italic": self._toggle(run, paragraph, "w:i"),
        }

    def _toggle(self, run: Any, paragraph: Any, tag: str) -> bool:
        state = self._run_property(run, paragraph, tag, "w:val")
        return state is not None and state not in _OFF

    def _run_property(self, run: Any, paragraph: Any, tag: str, attribute: str) -> str | None:
        own = run.find(_RUN_PROPERTIES)
        if own is not None:
            if (value := _value(own, tag, attribute)) is not None:
                return value
            character = _value(own, "w:rStyle", "w:val")
            if character and (value := self._of_style(character, "w:rPr", tag, attribute)) is not None:
                return value
        return self._of_style(self._style_of(paragraph), "w:rPr", tag, attribute)

    def _paragraph(self, paragraph: Any, tag: str, attribute: str) -> str | None:
        own = paragraph.find(_PARAGRAPH_PROPERTIES)
        if own is not None and (value := _value(own, tag, attribute)) is not None:
            return value
        return self._of_style(self._style_of(paragraph), "w:pPr", tag, attribute)

    def _of_style(self, style_id: str | None, holder: str, tag: str, attribute: str) -> str | None:
        """What a style, those that it is based on, or the defaults say; looked up once."""
        key = (style_id, holder, tag, attribute)
        if key not in self._known:
            holders = [*self._chain(style_id, holder)]
            if self._defaults is not None:
                holders += self._defaults.iter(qn(holder))
            values = (_value(each, tag, attribute) for each in holders)
            self._known[key] = next((value for value in values if value is not None), None)
        return self._known[key]

    def _style_of(self, paragraph: Any) -> str | None:
        own = paragraph.find(_PARAGRAPH_PROPERTIES)
        named = own.find(qn("w:pStyle")) if own is not None else None
        return named.get(qn("w:val")) if named is not None else self._default_style

    def _chain(self, style_id: str | None, tag: str) -> Iterator[Any]:
        seen: set[str] = set()
        while style_id is not None and style_id in self._styles and style_id not in seen:
            seen.add(style_id)
            style = self._styles[style_id]
            holder = style.find(qn(tag))
            if holder is not None:
                yield holder
            based = style.find(qn("w:basedOn"))
            style_id = based.get(qn("w:val")) if based is not None else None


def lines_of(document: WordDocument) -> list[Line]:
    """Every paragraph of the body and of its tables, in order; empty ones too."""
    formatting, lines, section, tables = Formatting(document), [], 0, 0
    for element in document.element.body:
        if element.tag == qn("w:p"):
            place = {"table": None, "row": None, "cell": None, "section": section}
            lines.append(formatting.line(element, place))
            section += element.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None
        elif element.tag == qn("w:tbl"):
            for row, entry in enumerate(element.findall(qn("w:tr"))):
                for cell, holder in enumerate(entry.findall(qn("w:tc"))):
                    place = {"table": tables, "row": row, "cell": cell, "section": section}
                    lines += [formatting.line(paragraph, place) for paragraph in holder.iter(qn("w:p"))]
            tables += 1
    return lines


def paragraph_text(paragraph: Any) -> str:
    """The text with its line breaks, outer spaces dropped."""
    parts = [
        "\n" if node.tag == qn("w:br") else (node.text or "")
        for node in paragraph.iter(qn("w:t"), qn("w:br"))
    ]  # fmt: skip
    return "".join(parts).strip()


def has_rule(paragraph: Any) -> bool:
    """Whether the paragraph draws a line: a border, or a drawn shape."""
    borders = paragraph.find(f"{qn('w:pPr')}/{qn('w:pBdr')}")
    return borders is not None or any(
        next(paragraph.iter(qn(tag)), None) is not None for tag in ("w:pict", "w:drawing")
    )


def _value(holder: Any, tag: str, attribute: str) -> str | None:
    """The attribute of a property; a toggle that is there without a value is on."""
    node = holder.find(qn(tag))
    if node is None:
        return None
    value = node.get(qn(attribute))
    return str(value) if value is not None else ("1" if tag in _TOGGLES else None)


def _number(text: str | None) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0.0


def _cm(twips: str | None) -> float:
    return _number(twips) / 1440 * 2.54
