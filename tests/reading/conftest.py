"""Plans as Word and PDF files, laid out as offices do, made from their text; and where the real plans lie."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from haidang.catalogue.vocabulary import reading_vocabulary
from haidang.reading.blocks import blocks_of, is_page_number, wrapping_of
from haidang.reading.normal_form import normal_form
from haidang.reading.reader import read_plan

REAL_PLANS = Path(__file__).resolve().parents[3] / "shared" / "plans"
SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "plans"


@pytest.fixture(scope="session")
def vocabulary():
    return reading_vocabulary()


@pytest.fixture(scope="session")
def read(vocabulary):
    """Read a plan from text."""
    return lambda text: read_plan(text, vocabulary)


@pytest.fixture(scope="session")
def samples():
    return SAMPLES


@pytest.fixture(scope="session")
def plan_files():
    if not REAL_PLANS.is_dir():
        pytest.skip("../shared/plans is not here: the five real plans are not part of the project")
    return sorted(REAL_PLANS.glob("*.txt"))


@pytest.fixture(scope="session")
def soffice():
    found = shutil.which("soffice")
    if found is None:
        pytest.skip("LibreOffice (soffice) is not installed: .docx and .pdf versions cannot be made")
    return found


@pytest.fixture(scope="session")
def to_docx():
    return write_docx


@pytest.fixture(scope="session")
def to_pdf(soffice, tmp_path_factory):
    """Convert .docx files to PDF; returns the folder they are in."""

    def convert(paths: list[Path], into: Path) -> None:
        profile = tmp_path_factory.mktemp("libreoffice")
        command = [soffice, f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", "pdf"]
        subprocess.run(
            [*command, "--outdir", str(into), *map(str, paths)], check=True, capture_output=True, timeout=240
        )

    return convert


def write_docx(text: str, path: Path, vocabulary) -> None:
    """The plan as an office lays it out: letterhead and signature in two columns, justified paragraphs, real tables."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(30), Mm(18)
    document.styles["Normal"].font.name = "Times New Roman"
    document.styles["Normal"].font.size = Pt(14)
    _page_number(section)
    lines = [line for line in normal_form(text).lines if not is_page_number(line)]
    title = next((i for i, line in enumerate(lines) if line.text.startswith("KẾ HOẠCH")), 0)
    head = [line.text for line in lines[:title]]
    symbols = [line for line in head if line.startswith("Số")]
    if head:
        _two_columns(
            document,
            ["ỦY BAN NHÂN DÂN", *symbols],
            ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", *[line for line in head if line not in symbols]],
        )
    end = next((i for i, line in enumerate(lines) if line.text.startswith("Nơi nhận")), len(lines))
    _body(document, lines[title:end], vocabulary)
    tail = lines[end:]
    signed = next((i for i, line in enumerate(tail) if re.match(r"(?:TM|KT|TL)\.", line.text)), None)
    annex = next((i for i, line in enumerate(tail) if line.text.startswith(("ĐỀ CƯƠNG", "PHỤ LỤC", "|"))), len(tail))
    if tail and signed is not None:
        _two_columns(document, [line.text for line in tail[:signed]], [line.text for line in tail[signed:annex]])
    else:
        _body(document, tail[:annex], vocabulary)
    _body(document, tail[annex:], vocabulary)
    document.save(str(path))


def _body(document, lines, vocabulary) -> None:
    table: list[list[str]] = []
    for block in blocks_of(lines, vocabulary) if wrapping_of(lines).hard else [_Single(line) for line in lines]:
        full = block.full
        if full.startswith("|"):
            table.append([cell.strip() for cell in full.strip("|").split("|")])
            continue
        if table:
            _table(document, table)
            table = []
        paragraph = document.add_paragraph()
        run = paragraph.add_run(full)
        run.bold = bool(block.first.bold or block.first.heading)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        paragraph.paragraph_format.space_after = Pt(6)
    if table:
        _table(document, table)


class _Single:
    """One line as its own paragraph, where the source does not wrap its lines."""

    def __init__(self, line) -> None:
        self.first = line
        self.full = line.text


def _table(document, rows: list[list[str]]) -> None:
    width = max(map(len, rows))
    table = document.add_table(rows=0, cols=width)
    table.style = "Table Grid"
    for row in rows:
        cells = table.add_row().cells
        for index, text in enumerate(row):
            cells[index].text = text


def _two_columns(document, left: list[str], right: list[str]) -> None:
    table = document.add_table(rows=1, cols=2)
    for cell, texts in zip(table.rows[0].cells, (left, right), strict=True):
        for index, text in enumerate(texts):
            paragraph = cell.paragraphs[0] if index == 0 else cell.add_paragraph()
            paragraph.add_run(text).font.size = Pt(12)


def _page_number(section) -> None:
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        run = paragraph.add_run()
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)
