"""Workbooks and the closing report, on the demo."""

from __future__ import annotations

from io import BytesIO

from bench_timing import Figure, in_turns
from docx import Document
from openpyxl import load_workbook

from haidang.accounts.actors import SYSTEM
from haidang.catalogue.forms import all_forms
from haidang.filings import content
from haidang.filings.models import Filing
from haidang.filings.workbooks.addressed import read_addressed
from haidang.filings.workbooks.workbook import workbook_bytes
from haidang.reviews.actions import prepare
from haidang.reviews.build import compose
from haidang.reviews.models import Review
from haidang.reviews.render import docx_bytes


def figures() -> list[Figure]:
    """Reading a filled workbook with every check; composing and writing the report."""
    return [_workbook(), _report()]


def _workbook() -> Figure:
    rows = Filing.objects.filter(revision__gt=0).select_related("obligation__cycle", "obligation__agency__area")
    filing = max(rows, key=lambda row: len(row.cells))
    data = workbook_bytes(filing)
    forms = content.forms_for(filing.obligation)

    def ours() -> None:
        workbook = read_addressed(data)
        assert not workbook.read_for(filing.obligation).problems

    def theirs() -> None:
        book = load_workbook(BytesIO(data), read_only=True, data_only=True)
        assert sum(1 for sheet in book for row in sheet.iter_rows(values_only=True) for _cell in row)

    mine, openpyxl = in_turns(ours, theirs)
    what = f"Workbook of {len(forms)} of {len(all_forms())} forms, {len(filing.cells)} cells: read, compute, check"
    return Figure(what, mine, "openpyxl (read-only) reading the cells, nothing more", openpyxl, faster=True, aim=10)


def _report() -> Figure:
    ready = prepare(SYSTEM, Review.objects.get())
    written = Document(BytesIO(docx_bytes(ready.document)))
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in written.tables]
    pictures = [part.blob for part in written.part.package.iter_parts() if str(part.partname).startswith("/word/media")]

    def ours() -> None:
        docx_bytes(compose(ready.outline, ready.material))

    def theirs() -> None:
        bare = Document()
        for rows in tables:
            table = bare.add_table(len(rows), len(rows[0]))
            for row, cells in zip(table.rows, rows, strict=True):
                for cell, text in zip(row.cells, cells, strict=True):
                    cell.text = text
        for picture in pictures:
            bare.add_picture(BytesIO(picture))
        bare.save(BytesIO())

    mine, bare = in_turns(ours, theirs, times=3)
    what = f"Closing report, compose and write: {len(tables)} tables, {len(pictures)} charts drawn"
    return Figure(what, mine, "python-docx filling the same tables, ready pictures put in", bare, aim_ms=2000)
