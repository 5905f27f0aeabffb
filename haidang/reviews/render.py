"""The composed report as a .docx in the layout of NĐ 30/2020."""

from __future__ import annotations

from datetime import date

from haidang.catalogue.outlines import chart_template
from haidang.office.charts import render_png
from haidang.office.nd30 import OfficialDocument
from haidang.office.nd30_tables import Table
from haidang.office.nd30_xml import Run
from haidang.reviews import sentences
from haidang.reviews.build import annex_reference
from haidang.reviews.document import Annex, Block, Chart, ComposedSection, Paragraph, ReviewDocument

_CHART_CM = 15.0


def docx_bytes(document: ReviewDocument) -> bytes:
    """The report as the bytes of a .docx."""
    head = document.head
    paper = OfficialDocument(
        title=f"{head.kind} {head.subject}".replace("\n", " "),
        author=head.letterhead.issuing_body,
        dated=_dated(document),
        mark=sentences.FICTIONAL_MARK if head.fictional else "",
    )
    paper.letterhead(head.letterhead)
    paper.title(head.kind, head.subject)
    if head.addressees:
        paper.addressed_to(head.addressees)
    if head.fictional:
        paper.boxed(sentences.FICTIONAL_NOTE)
    paper.bases(head.bases)
    for text in document.opening:
        paper.paragraph(text)
    for section in document.sections:
        _write_section(paper, section)
    paper.paragraph(document.closing)
    paper.signature(head.signature)
    for annex in document.annexes:
        _write_annex(paper, annex, annex_reference(head))
    return paper.to_bytes()


def _dated(document: ReviewDocument) -> date:
    """The date that the file carries: that of the document, or the end of its window while it has none."""
    return document.head.letterhead.dated or document.window.end


def _write_section(paper: OfficialDocument, composed: ComposedSection) -> None:
    section = composed.section
    match section.kind:
        case "part":
            paper.part(section.label, section.title)
        case "item":
            paper.item(section.label, section.title)
        case "point":
            paper.point(section.label, section.title)
        case _:
            (paper.clause if section.depth == 1 else paper.subclause)(section.label, section.title)
    for block in composed.blocks:
        _write_block(paper, block)


def _write_block(paper: OfficialDocument, block: Block) -> None:
    match block:
        case Table():
            paper.table(block)
        case Chart():
            picture = render_png(chart_template(block.template), block.rows)
            paper.picture(picture.png, caption=block.caption, description=block.description, width_cm=_CHART_CM)
        case Paragraph():
            paper.paragraph(_runs(block))


def _runs(paragraph: Paragraph) -> list[Run]:
    runs = [Run(paragraph.text, italic=True if paragraph.missing else None)]
    if paragraph.source:
        runs.append(Run(f" {paragraph.source}", italic=True))
    return runs


def _write_annex(paper: OfficialDocument, annex: Annex, reference: str) -> None:
    paper.annex(annex.label, annex.title, reference, landscape=annex.landscape)
    for text in annex.paragraphs:
        paper.paragraph(text)
    for table in annex.tables:
        paper.table(table)
    for number, part in enumerate(annex.parts, start=1):
        paper.clause(f"{number}.", part.title)
        for words in part.paragraphs:
            paper.paragraph(_runs(words))
