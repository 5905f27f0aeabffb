"""The five real plans, where they are there: against their annotations, as text, Word and PDF."""

from __future__ import annotations

import json
import sys

import pytest

from haidang.office.document_text import extract_text

pytestmark = pytest.mark.real_plans
LEAST = 0.97
MOST_LOST = 0.05


@pytest.fixture(scope="module")
def score(plan_files):
    tools = plan_files[0].parents[1] / "tools"
    if not (tools / "score_reading.py").is_file():
        pytest.skip("../shared/tools/score_reading.py is not here")
    sys.path.insert(0, str(tools))
    try:
        import score_reading
    finally:
        sys.path.remove(str(tools))

    def one(path, reading):
        gold = json.loads(path.with_suffix(".gold.json").read_text())
        return score_reading.score(gold, json.loads(json.dumps(reading.to_json())))["score"]

    return one


def mean(values):
    return sum(values) / len(values)


def test_the_text_versions_are_read_as_a_person_reads_them(plan_files, read, score):
    assert mean([score(path, read(path.read_text())) for path in plan_files]) >= LEAST


def test_word_and_pdf_versions_score_as_the_text_does(plan_files, read, score, to_docx, to_pdf, vocabulary, tmp_path):
    for path in plan_files:
        to_docx(path.read_text(), tmp_path / f"{path.stem}.docx", vocabulary)
    words = [tmp_path / f"{path.stem}.docx" for path in plan_files]
    to_pdf(words, tmp_path)
    text = mean([score(path, read(path.read_text())) for path in plan_files])
    for suffix in (".docx", ".pdf"):
        scores = [score(path, read(extract_text(tmp_path / f"{path.stem}{suffix}").text)) for path in plan_files]
        assert mean(scores) >= text - MOST_LOST, suffix
