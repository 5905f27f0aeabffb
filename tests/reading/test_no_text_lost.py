"""No text is lost: every character of the source is in the normal form, and every piece of that belongs to one place.

The title is bounded, too: what is in no other zone stands between the head and the opening, nowhere else.
"""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haidang.catalogue.vocabulary import reading_vocabulary
from haidang.reading.coverage import Part, Piece, gaps_of, pieces_of
from haidang.reading.normal_form import normal_form
from haidang.reading.reader import read_plan

VOCABULARY = reading_vocabulary()
MARKS = re.compile(r"\*+|</?su[bp]>|<br\s*/?>|\\r\\n", re.IGNORECASE)
LINES = st.sampled_from(
    [
        "ỦY BAN NHÂN DÂN", "Số: 5/KH-UBND", "Sơn Hải, ngày 02 tháng 3 năm 2024", "QUYẾT ĐỊNH", "Điều 1. Ban hành",
        "KẾ HOẠCH", "Phòng cháy năm 2024", "(Ban hành kèm theo Quyết định số 5)", "Thực hiện Chỉ thị số 12, ban hành:",
        "I. MỤC TIÊU", "II. NHIỆM VỤ", "TỔ CHỨC THỰC HIỆN", "1. Mở lớp", "1.1. Họp", "a) In", "(1) Phát", "- Sở Y tế",
        "+ xã", "tổ chức thực hiện.", "* Chú ý", "**Đậm**", "## 3. Thăm", "| STT | Việc | Chủ trì |", "|---|---|---|",
        "| 1 | Họp | Sở Y tế |", "12", "- 3 -", "Trang 4/9", "Kế hoạch - Trang 3", "Nơi nhận:", "- Lưu: VT.",
        "TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHỤ LỤC", "DANH MỤC CHÚ THÍCH", "[1] (sau “xã”) Gồm 12 xã",
        "I. MỤC TIÊU 1. Mục tiêu chung", "một\\r\\nhai", "a<br>b", "", "PHẦN I", "phần còn lại của câu dài " * 6,
        "\u00ad", "x\u200by", "1", "-", "./.",
    ]
)  # fmt: skip
PLANS = st.lists(LINES, max_size=60).map("\n".join)


def letters(text):
    """Letters and figures in order, whatever the Unicode form, marks and white space."""
    return [char for char in unicodedata.normalize("NFD", text) if char.isalnum()]


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=500) | PLANS)
def test_every_letter_of_the_source_is_in_the_normal_form(text):
    assert letters(normal_form(text).text) == letters(MARKS.sub(" ", unicodedata.normalize("NFC", text)))


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=500) | PLANS)
def test_every_piece_of_the_normal_form_belongs_to_one_place(text):
    form = normal_form(text)
    pieces = pieces_of(form, VOCABULARY)
    assert gaps_of(form, pieces) == []
    assert all((piece.node is not None) == (piece.part is Part.NODE) for piece in pieces)
    assert [piece for piece in pieces if piece.part is Part.TITLE] == _between(pieces)


def _between(pieces):
    """What stands after head and decision and before all other zones, pages aside."""
    kept = [piece for piece in pieces if piece.part is not Part.PAGE]
    after = max((index for index, piece in enumerate(kept) if piece.part in (Part.HEAD, Part.DECISION)), default=-1)
    rest = kept[after + 1 :]
    until = next((index for index, piece in enumerate(rest) if piece.part is not Part.TITLE), len(rest))
    return rest[:until]


@settings(max_examples=100, deadline=None)
@given(PLANS, st.sampled_from([0.1, 0.5, 0.9]))
def test_a_form_feed_in_the_middle_loses_nothing(text, share):
    at = int(len(text) * share)
    broken = text[:at].rstrip("\\") + " \f " + text[at:]
    form = normal_form(broken)
    assert gaps_of(form, pieces_of(form, VOCABULARY)) == []
    assert read_plan(broken, VOCABULARY).text == form.text


def test_gaps_and_overlaps_are_told():
    form = normal_form("một hai ba")
    assert gaps_of(form, [Piece(Part.HEAD, (0, 7)), Piece(Part.TAIL, (8, 10))]) == []
    assert gaps_of(form, [Piece(Part.HEAD, (0, 3)), Piece(Part.TAIL, (8, 10))]) == [(3, 8)]
    assert gaps_of(form, [Piece(Part.HEAD, (0, 7)), Piece(Part.TAIL, (4, 10))]) == [(4, 7)]
    assert gaps_of(form, [Piece(Part.HEAD, (0, 3))]) == [(3, 10)]


@pytest.mark.parametrize("name", ["2-ke-hoach-nam-2025.txt", "3-chuong-trinh-nam-2021.md", "4-ban-chi-dao-2023.txt"])
def test_a_sample_plan_is_wholly_placed_with_most_of_it_in_its_outline(samples, name):
    form = normal_form((samples / name).read_text(encoding="utf-8"))
    pieces = pieces_of(form, VOCABULARY)
    assert gaps_of(form, pieces) == []
    assert {Part.TITLE, Part.OPENING, Part.NODE, Part.TAIL} <= {piece.part for piece in pieces}
    inside = sum(piece.span[1] - piece.span[0] for piece in pieces if piece.part is Part.NODE)
    assert inside > len(form.text) / 2


def test_page_numbers_and_running_headers_are_placed_as_such():
    pages = "\n".join(
        f"{number}\nKế hoạch năm 2024\nĐoạn văn thứ {word} của bản." for number, word in enumerate("abcd", 2)
    )
    form = normal_form("KẾ HOẠCH\nI. MỤC TIÊU\n" + pages)
    placed = [form.text[slice(*piece.span)] for piece in pieces_of(form, VOCABULARY) if piece.part is Part.PAGE]
    assert placed.count("Kế hoạch năm 2024") == 4
    assert {"2", "5"} <= set(placed)


@pytest.mark.real_plans
def test_the_real_plans_are_wholly_placed(plan_files):
    for path in plan_files:
        form = normal_form(path.read_text())
        assert gaps_of(form, pieces_of(form, VOCABULARY)) == [], path.name
