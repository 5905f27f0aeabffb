"""Notes, headers and footers stand behind the text, where they change nothing of what is read from the plan."""

from __future__ import annotations

from pathlib import Path

import pytest

from haidang.catalogue.vocabulary import reading_vocabulary
from haidang.office.document_notes import EDGES_HEADING, NOTES_HEADING, Notes, edge_lines
from haidang.reading.reader import read_plan

SAMPLES = sorted((Path(__file__).resolve().parents[2] / "samples" / "plans").glob("[1-9]*"))


def noted():
    notes = Notes()
    notes.add("", ["Ban hành kèm theo."])
    notes.add("tại các xã biên giới", ["Gồm 12 xã;", "Sở Y tế báo cáo trước ngày 15/12."])
    notes.add("không có chữ", [" ", ""])
    return notes.lines()


def test_notes_are_numbered_as_they_come_and_say_where_they_belong():
    assert noted() == [
        "",
        NOTES_HEADING,
        "[1] Ban hành kèm theo.",
        "[2] (sau “tại các xã biên giới”) Gồm 12 xã; Sở Y tế báo cáo trước ngày 15/12.",
    ]
    assert Notes().lines() == []


def test_headers_and_footers_come_once_without_page_numbers():
    edges = [["Kế hoạch năm 2025", "Trang 2/12", "- 3 -", ""], ["Kế hoạch năm 2025", "| Số: 5 | Hỏa tốc |", "iv"]]
    assert edge_lines(edges) == ["", EDGES_HEADING, "- Kế hoạch năm 2025", "- Số: 5 | Hỏa tốc"]
    assert edge_lines([["12", "–"], []]) == []


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_plan_is_read_the_same_with_notes_behind_it(path):
    text = path.read_text(encoding="utf-8")
    vocabulary = reading_vocabulary()
    behind = "\n".join([text, *noted(), *edge_lines([["Kế hoạch năm 2025 giao Sở Y tế chủ trì"]])])
    plain, with_notes = read_plan(text, vocabulary), read_plan(behind, vocabulary)
    assert plain.tasks
    assert with_notes.to_json() == plain.to_json()
    assert "Gồm 12 xã" in with_notes.text
