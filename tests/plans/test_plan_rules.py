"""What follows from a plan's words alone."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.plans.listing import Item, concerns_of, low_first, source_paragraphs
from haidang.plans.rules import (
    Kind,
    WindowState,
    clip,
    due_problem,
    is_review_title,
    phrases_from,
    speaks_of,
    window_state,
    window_words,
)


def item(pk: int, *, kind: Kind = Kind.TASK, span=None, confidence=0.9, checked=False, leads=1) -> Item:
    return Item(kind, pk, pk, "", f"mục {pk}", span, "rule", confidence, checked, leads)


@pytest.mark.parametrize(
    ("title", "review"),
    [
        ("Tổng kết thực hiện Chương trình", True),
        ("TỔNG KẾT CHƯƠNG TRÌNH", True),
        ("Kế hoạch năm 2025", False),
        (None, False),
    ],
)
def test_a_title_announces_a_closing_review(title, review):
    assert is_review_title(title) is review


def test_a_plan_speaks_as_of_its_issue_else_its_figures_else_its_last_year():
    today = date(2026, 1, 5)
    assert speaks_of(date(2025, 2, 10), date(2025, 6, 15), 2025, 2025, today) == date(2025, 2, 10)
    assert speaks_of(None, date(2025, 6, 15), 2021, 2025, today) == date(2025, 6, 15)
    assert speaks_of(None, None, 2021, 2025, today) == date(2025, 1, 1)
    assert speaks_of(None, None, None, None, today) == today


def test_agency_phrases_are_typed_one_a_line_without_blanks_and_repeats():
    assert phrases_from("Công an tỉnh\n\n  Sở  Y tế \nCông an tỉnh") == ("Công an tỉnh", "Sở Y tế")
    assert phrases_from("") == ()
    with pytest.raises(ValueError, match="61 dòng"):
        phrases_from("\n".join(f"Sở {n}" for n in range(61)))
    with pytest.raises(ValueError, match="301 ký tự"):
        phrases_from("a" * 301)


@pytest.mark.parametrize("due", ["", "12/3", "29/2", "2025-06-20", "15 của tháng cuối quý"])
def test_due_dates_as_plans_write_them_are_taken(due):
    assert due_problem(due) == ""


@pytest.mark.parametrize("due", ["31/6", "0/3", "12/13", "2025-06-31", "12.3"])
def test_due_dates_that_are_no_days_are_explained(due):
    assert "Ví dụ" in due_problem(due) or "Viết 12/6" in due_problem(due)


@pytest.mark.parametrize(
    ("start", "end", "state", "words"),
    [
        (None, None, WindowState.OPEN, "Thường xuyên"),
        (None, date(2025, 6, 30), WindowState.RUNNING, "Hạn 30/6/2025"),
        (None, date(2025, 6, 29), WindowState.PAST, "Hạn 29/6/2025"),
        (date(2025, 7, 1), date(2025, 9, 30), WindowState.AHEAD, "Từ 01/7/2025 đến hết 30/9/2025"),
        (date(2025, 6, 30), date(2025, 6, 30), WindowState.RUNNING, "Ngày 30/6/2025"),
        (date(2025, 1, 1), None, WindowState.RUNNING, "Từ 01/01/2025"),
    ],
)
def test_a_window_is_ahead_running_or_past_and_said_in_words(start, end, state, words):
    assert window_state(start, end, date(2025, 6, 30)) is state
    assert window_words(start, end) == words


def test_what_is_least_certain_and_unchecked_comes_first():
    items = [item(1, confidence=0.5, checked=True), item(2, confidence=0.9), item(3, confidence=0.4)]
    assert [one.pk for one in low_first(items)] == [3, 2, 1]


def test_concerns_count_doubtful_items_and_tasks_without_lead_and_point_at_the_first():
    items = [item(1, confidence=0.5), item(2, leads=0), item(3, confidence=0.2, checked=True), item(4, kind=Kind.DUTY)]
    found = concerns_of(items, date(2025, 1, 1), date(2025, 1, 1))
    assert [(concern.count, concern.pk) for concern in found] == [(1, 1), (1, 2)]
    no_duty = concerns_of([item(1)], None, date(2025, 1, 1))
    assert [concern.words.split(":")[0] for concern in no_duty] == ["chế độ báo cáo chưa có", "ngày ban hành để trống"]


def test_the_source_is_cut_into_paragraphs_and_where_items_begin():
    text = "MỤC MỘT làm việc này ngay"
    made = source_paragraphs(text, [[0, 1], [8, 0]], [item(5, span=(8, 16))])
    assert [paragraph.heading for paragraph in made] == [True, False]
    assert [(piece.text, piece.key, piece.first) for piece in made[1].pieces] == [
        ("làm việc", "task-5", True), (" này ngay", "", False),
    ]  # fmt: skip


@given(
    st.text("ab ", max_size=60),
    st.lists(st.tuples(st.integers(-5, 80), st.integers(-5, 80)), max_size=6),
    st.lists(st.tuples(st.integers(-5, 80), st.integers(0, 1)), max_size=6),
)
def test_the_pieces_of_a_source_always_give_its_text_back(text, spans, paragraphs):
    items = [item(number, span=span) for number, span in enumerate(spans)]
    made = source_paragraphs(text, paragraphs, items)
    assert "".join(piece.text for paragraph in made for piece in paragraph.pieces) == text
    for paragraph in made:
        assert all(piece.key or not piece.first for piece in paragraph.pieces)


@given(st.text(max_size=80), st.integers(2, 40))
def test_clipped_text_always_fits(text, most):
    assert len(clip(text, most)) <= most
