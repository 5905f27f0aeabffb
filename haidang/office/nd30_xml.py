"""Paragraphs, runs and rules as WordprocessingML: the few pieces that python-docx has no call for.

Whole paragraphs are written as text and parsed once; a closing report has some thousands of them and building each
through python-docx's objects costs ten times as much.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.oxml.xmlchemy import BaseOxmlElement

from haidang.office.nd30_styles import size_xml, twips

_SCOPE = nsdecls("w")
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text; None for weight or slope means as the style says, a size is in points."""

    text: str
    bold: bool | None = None
    italic: bool | None = None
    size: float | None = None


Text = str | Run | Sequence[Run]


def clean(text: str) -> str:
    """The text in NFC without the characters that XML forbids; what agencies paste may hold either."""
    return _NOT_IN_XML.sub("", unicodedata.normalize("NFC", text))


def runs_of(text: Text) -> Sequence[Run]:
    """Any accepted form of text as runs."""
    if isinstance(text, str):
        return (Run(text),)
    return (text,) if isinstance(text, Run) else text


def run_xml(run: Run) -> str:
    """One run; a line break in the text becomes a break in the paragraph."""
    marks = _toggle("b", run.bold) + _toggle("i", run.italic) + (size_xml(run.size) if run.size else "")
    properties = f"<w:rPr>{marks}</w:rPr>" if marks else ""
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in clean(run.text).split("\n"))
    return f"<w:r>{properties}{lines}</w:r>"


def paragraph_xml(style_id: str, text: Text, *, properties: str = "") -> str:
    """A paragraph in a style; `properties` are further children of pPr, in the order of the schema."""
    runs = "".join(run_xml(run) for run in runs_of(text))
    return f'<w:p {_SCOPE}><w:pPr><w:pStyle w:val="{style_id}"/>{properties}</w:pPr>{runs}</w:p>'


def paragraph(style_id: str, text: Text, *, properties: str = "") -> BaseOxmlElement:
    """`paragraph_xml` as an element that can be put into a document."""
    return parse_xml(paragraph_xml(style_id, text, properties=properties))


def rule_xml(length_cm: float, space_cm: float) -> str:
    """A solid horizontal line of `length_cm`, centred in a space that is `space_cm` wide."""
    side = twips(max(space_cm - length_cm, 0) / 2)
    border = '<w:pBdr><w:top w:val="single" w:sz="6" w:space="1" w:color="000000"/></w:pBdr>'
    return paragraph_xml("DuongKe", (), properties=f'{border}<w:ind w:left="{side}" w:right="{side}"/>')


def boxed_xml(style_id: str, text: Text, inset_cm: float) -> str:
    """A paragraph with a border on all four sides, `inset_cm` inside the space it stands in."""
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="8" w:space="4" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right")
    )
    indent = f'<w:ind w:left="{twips(inset_cm)}" w:right="{twips(inset_cm)}"/>'
    return paragraph_xml(style_id, text, properties=f"<w:pBdr>{sides}</w:pBdr>{indent}")


def page_number_xml() -> str:
    """The paragraph of the page header that shows the number of the page."""
    parts = "".join(f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>{inner}' for kind, inner in (
        ("begin", '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'),
        ("separate", "<w:r><w:t>2</w:t></w:r>"),
        ("end", ""),
    ))  # fmt: skip
    return f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="SoTrang"/></w:pPr>{parts}</w:p>'


def two_column_table(left_cm: float, right_cm: float, rows: Sequence[tuple[str, str]]) -> BaseOxmlElement:
    """A table without borders, for the letterhead and the signature; each cell is given as paragraphs in XML."""
    widths = (twips(left_cm), twips(right_cm))
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    body = "".join(
        "<w:tr><w:trPr><w:cantSplit/></w:trPr>"
        + "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{cell}</w:tc>'
            for width, cell in zip(widths, row, strict=True)
        )
        + "</w:tr>"
        for row in rows
    )
    margins = '<w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar>'
    return parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/>{margins}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>'
    )


def _toggle(name: str, state: bool | None) -> str:
    if state is None:
        return ""
    return f"<w:{name}/>" if state else f'<w:{name} w:val="0"/>'
