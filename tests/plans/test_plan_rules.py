"""What follows from a plan's words alone."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.plans.listing import (
    Item,
    by_confidence,
    by_text,
    concerns_of,
    low_first,
    next_waiting,
    source_paragraphs,
)
from haidang.plans.rules import (
    Kind,
    WindowState,
    clip,
    due_problem,
    is_review_title,
    last_day_in_time,
    phrases_from,
    speaks_of,
    window_state,
    window_words,
)
from haidang.plans.wording import rule_words


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
    assert [concern.words.split(":")[0] for concern in no_duty] == ["hạn báo cáo chưa có", "ngày ban hành để trống"]


def test_a_plan_without_any_task_is_a_concern():
    (none,) = concerns_of([item(1, kind=Kind.TARGET), item(2, kind=Kind.DUTY)], date(2025, 1, 1), date(2025, 1, 1))
    assert none.words.startswith("không đọc được nhiệm vụ nào")


def test_the_source_is_cut_into_paragraphs_and_where_items_begin():
    text = "MỤC MỘT làm việc này ngay"
    made = source_paragraphs(text, [[0, 1], [8, 0]], [item(5, span=(8, 16))])
    assert [paragraph.heading for paragraph in made] == [True, False]
    assert [(piece.text, piece.key, piece.first) for piece in made[1].pieces] == [
        ("làm việc", "task-5", True), (" này ngay", "", False),
    ]  # fmt: skip


def test_the_source_marks_where_a_task_names_its_agencies_and_the_bracket_behind_it():
    text = "làm việc này (Công an tỉnh chủ trì) khi SỞ Y TẾ mời. Sở Y tế"
    task = item(5, span=(0, 12))
    named = Item(**{**asdict(task), "phrases": (("lead", "Công an tỉnh"), ("coordinating", "Sở Y tế"))})
    (paragraph,) = source_paragraphs(text, [[0, 0]], [named])
    marked = [(piece.text, piece.key, piece.role) for piece in paragraph.pieces if piece.role]
    assert marked == [("Công an tỉnh", "task-5", "lead"), ("SỞ Y TẾ", "task-5", "coordinating")]


def test_an_ignored_item_has_no_mark_in_the_source():
    ignored = Item(**{**asdict(item(5, span=(0, 4))), "ignored": True})
    (paragraph,) = source_paragraphs("làm việc", [[0, 0]], [ignored])
    assert [piece.key for piece in paragraph.pieces] == [""]


def test_sure_items_stand_apart_and_can_be_confirmed_together():
    ignored = Item(**{**asdict(item(5)), "ignored": True})
    items = [item(1, confidence=0.5), item(2, confidence=0.95), item(3, confidence=0.95, leads=0), ignored]
    items.append(item(4, checked=True))
    groups = [(group.words, [one.pk for one in group.items]) for group in by_confidence(items)]
    assert groups == [
        ("Chưa chắc, xem từng mục", [1, 3]), ("Chắc từ 90 %", [2]), ("Đã rà soát", [4]), ("Bỏ qua", [5]),
    ]  # fmt: skip
    assert [[one.pk for one in group.waiting] for group in by_confidence(items)] == [[], [2], [], []]


def test_in_the_order_of_the_text_items_follow_their_spans():
    items = [item(1, span=(50, 60)), item(2, kind=Kind.TARGET, span=(5, 9)), item(3), item(4, span=(1, 3))]
    assert [one.pk for group in by_text(items) for one in group.items] == [4, 1, 3, 2]
    assert [group.words for group in by_text(items)] == ["Nhiệm vụ", "Chỉ tiêu"]


def test_the_next_item_is_the_one_behind_that_still_waits_then_the_first():
    before = by_text([item(1, span=(1, 2)), item(2, span=(3, 4)), item(3, span=(5, 6))])
    left = [item(1, span=(1, 2)), item(3, span=(5, 6))]
    assert next_waiting(before, "task-2", left).pk == 3
    assert next_waiting(before, "task-3", left[:1]).pk == 1
    assert next_waiting(before, "task-3", []) is None
    assert next_waiting(before, "task-9", [item(7)]).pk == 7


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("task.bullet+bracket", "ý gạch đầu dòng, theo ngoặc cuối ý"),
        ("duty.period.date", "kỳ báo cáo có ngày"),
        ("task.item+magic", "mục đánh số, magic"),
        ("person", "cán bộ ghi"),
        ("target.percent.over", "tỷ lệ vượt 100 %, đối chiếu con số với bản gốc"),
    ],
)
def test_a_rule_is_said_in_words(rule, words):
    assert rule_words(rule) == words


@given(
    st.text("ab ", max_size=60),
    st.lists(st.tuples(st.integers(-5, 80), st.integers(-5, 80)), max_size=6),
    st.lists(st.tuples(st.integers(-5, 80), st.integers(0, 1)), max_size=6),
    st.sampled_from(["", "a", "ab", " b", "bb a"]),
)
def test_the_pieces_of_a_source_always_give_its_text_back(text, spans, paragraphs, phrase):
    items = [
        Item(Kind.TASK, number, number, "", "x", span, "rule", 0.9, False, 1, phrases=(("lead", phrase),))
        for number, span in enumerate(spans)
    ]
    made = source_paragraphs(text, paragraphs, items)
    assert "".join(piece.text for paragraph in made for piece in paragraph.pieces) == text
    for paragraph in made:
        assert all(piece.key or not piece.first for piece in paragraph.pieces)


@given(st.text(max_size=80), st.integers(2, 40))
def test_clipped_text_always_fits(text, most):
    assert len(clip(text, most)) <= most


def test_a_strict_deadline_ends_the_day_before_and_says_so():
    written = date(2026, 6, 30)
    assert last_day_in_time(written, True) == date(2026, 6, 29)
    assert [last_day_in_time(written, strict) for strict in (False, None)] == [written, written]
    assert last_day_in_time(None, True) is None
    assert window_words(None, written, True) == "Trước 30/6/2026"
    assert window_words(date(2026, 5, 1), written, True) == "Từ 01/5/2026 đến trước 30/6/2026"
    assert window_words(None, written, False) == "Hạn 30/6/2026"
