"""The same document imported from another kind of file is recognised; next year's plan of the same office is not."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest
from docx import Document

from haidang.plans.actions import import_plan
from haidang.plans.queries import same_document
from haidang.plans.questions import gate_of
from haidang.plans.twins import Marks, likely, same_text

SAMPLE = (Path(__file__).resolve().parents[2] / "samples" / "plans" / "2-ke-hoach-nam-2025.txt").read_text("utf-8")
DAY = date(2025, 2, 10)


def marks(number="7/KH-UBND", on=DAY, issuer="UBND tỉnh"):
    return Marks(number, on, issuer)


@pytest.mark.parametrize(
    ("other", "found"),
    [
        (marks(), True),
        (marks(number="7 / KH- UBND"), True),
        (marks(issuer=""), True),
        (marks(on=date(2024, 2, 10)), False),
        (marks(number="9/KH-BCĐ"), False),
        (marks(number="17/KH-UBND"), None),
        (marks(number="7/KH-U8ND"), None),
        (marks(number=""), None),
        (marks(on=None), None),
        (marks(issuer="Sở Y tế"), None),
    ],
)
def test_number_date_and_issuer_speak_for_it_against_it_or_leave_it_to_the_text(other, found):
    assert likely(marks(), other) is found
    assert likely(other, marks()) is found


def test_papers_without_number_and_date_have_neither_in_common():
    nameless = marks(number="", on=None)
    assert likely(nameless, nameless) is None
    assert likely(marks(on=None), marks(on=None)) is None


def test_texts_are_the_same_through_formats_and_recognised_letters():
    assert same_text(SAMPLE, " ".join(SAMPLE.split()))
    assert same_text(SAMPLE, SAMPLE.replace("ổ", "ố").replace(";", ":"))
    assert not same_text(SAMPLE, SAMPLE[: len(SAMPLE) // 4])
    assert not same_text("", "")
    assert not same_text("Kế hoạch ngắn", "Kế hoạch ngắn")


def test_other_sample_plans_are_other_texts():
    folder = Path(__file__).resolve().parents[2] / "samples" / "plans"
    others = [path.read_text("utf-8") for path in folder.glob("[1-9]*") if not path.name.startswith("2-")]
    assert len(others) >= 3
    assert not any(same_text(SAMPLE, other) for other in others)


def word(text):
    document, held = Document(), io.BytesIO()
    for line in text.splitlines():
        document.add_paragraph(line)
    document.save(held)
    return held.getvalue()


def test_the_same_plan_as_text_and_as_word_file_is_asked_about(place):
    first = import_plan(place.actor(place.bao), place.area, "ke-hoach.txt", SAMPLE.encode())
    again = import_plan(place.actor(place.bao), place.area, "ke-hoach.docx", word(SAMPLE))
    assert same_document(again) == first
    asked = [question for question in gate_of(again).questions if question.kind == "twin"]
    assert [question.plan for question in asked] == [first]
    assert f"cùng số {first.number}" in asked[0].words


def test_the_same_plan_without_its_number_is_told_by_its_words(place):
    first = import_plan(place.actor(place.bao), place.area, "ke-hoach.txt", SAMPLE.encode())
    lost = SAMPLE.replace(first.number, "     /KH")
    again = import_plan(place.actor(place.bao), place.area, "ban-quet.docx", word(lost))
    assert again.number != first.number
    assert same_document(again) == first
    (question,) = [question for question in gate_of(again).questions if question.kind == "twin"]
    assert "lời văn gần như trùng (tệp ke-hoach.txt)" in question.words


def test_next_years_plan_of_the_same_words_is_no_twin(place):
    import_plan(place.actor(place.bao), place.area, "ke-hoach.txt", SAMPLE.encode())
    other = SAMPLE.replace("/2025", "/2026").replace("năm 2025", "năm 2026")
    later = import_plan(place.actor(place.bao), place.area, "nam-sau.txt", other.encode())
    assert same_document(later) is None
