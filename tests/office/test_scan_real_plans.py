"""A real plan as a scan, where the plans and the programs are there: read nearly as its text is."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from docx import Document
from docx.shared import Mm, Pt

from haidang.catalogue.vocabulary import reading_vocabulary
from haidang.office.document_text import text_of_bytes
from haidang.reading.normal_form import normal_form
from haidang.reading.reader import read_plan

pytestmark = pytest.mark.real_plans
SHARED = Path(__file__).resolve().parents[3] / "shared"
MOST_LOST = 0.1  # of the score of the same file with its text


@pytest.fixture
def score():
    if not (SHARED / "tools" / "score_reading.py").is_file():
        pytest.skip("../shared is not here: the five real plans are not part of the project")
    sys.path.insert(0, str(SHARED / "tools"))
    try:
        import score_reading
    finally:
        sys.path.remove(str(SHARED / "tools"))
    return lambda gold, reading: score_reading.score(gold, json.loads(json.dumps(reading.to_json())))["score"]


def write_docx(text, path):
    """The plan on A4 with its margins in 14 points, a paragraph a line."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(30), Mm(18)
    document.styles["Normal"].font.name, document.styles["Normal"].font.size = "Times New Roman", Pt(14)
    for line in normal_form(text).lines:
        document.add_paragraph().add_run(line.text).bold = line.bold
    document.save(str(path))


def test_the_shortest_plan_is_read_from_its_scan(score, tesseract, soffice, scan, tmp_path):
    """At 300 dots an inch and a little turned: seconds of recognition, not minutes."""
    shortest = min((SHARED / "plans").glob("*.txt"), key=lambda path: path.stat().st_size)
    gold = json.loads(shortest.with_suffix(".gold.json").read_text())
    write_docx(shortest.read_text(), tmp_path / "plan.docx")
    soffice(tmp_path / "plan.docx", tmp_path)
    printed = (tmp_path / "plan.pdf").read_bytes()
    found = text_of_bytes(scan(printed, degrees=0.4), "plan.pdf")
    assert found.scanned == tuple(range(1, found.pages + 1))
    scores = [
        score(gold, read_plan(text, reading_vocabulary()))
        for text in (text_of_bytes(printed, "plan.pdf").text, found.text)
    ]
    assert scores[1] >= scores[0] - MOST_LOST
