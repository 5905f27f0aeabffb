"""How templates write numbers, dates, distances and marks."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from haidang.kernel import clock
from haidang.ui.templatetags import vietnamese as tags


def test_numbers_are_written_as_in_viet_nam_and_a_missing_one_is_a_dash():
    assert tags.number(1104) == "1.104"
    assert tags.number(Decimal("92.60")) == "92,6"
    assert tags.number(None) == "–"
    assert tags.percent(92.6) == "92,6\u00a0%"
    assert tags.percent(None) == "–"
    assert tags.share(0.78) == "78\u00a0%"


def test_dates_are_written_for_tables_and_for_sentences():
    day = date(2025, 7, 10)
    assert tags.short_date(day) == "10/7/2025"
    assert tags.sentence_date(day) == "Thứ Năm, 10/7/2025"
    assert tags.short_date(None) == ""
    with clock.fixed_at(date(2025, 12, 31)):
        assert [tags.near_date(one) for one in (day, date(2026, 1, 2), None)] == ["10/7", "02/01/2026", ""]


def test_a_moment_is_shown_in_the_time_of_viet_nam():
    assert tags.moment(datetime(2025, 7, 10, 18, 5, tzinfo=UTC)) == "01:05 ngày 11/7/2025"


@pytest.mark.parametrize(
    ("due", "words"),
    [(date(2025, 9, 12), "còn 64 ngày"), (date(2025, 7, 10), "hôm nay"), (date(2025, 6, 12), "quá 28 ngày")],
)
def test_the_distance_to_a_day_is_said_in_words(due, words):
    assert tags.days_left(due, date(2025, 7, 10)) == words


@pytest.mark.parametrize(
    ("name", "letters"), [("Lê Thu Hà (mẫu)", "LH"), ("bao", "B"), ("Đỗ Ánh", "ĐÁ"), ("", "?"), ("(mẫu)", "?")]
)
def test_initials_leave_the_remark_in_brackets_aside(name, letters):
    assert tags.initials(name) == letters


@pytest.mark.parametrize(
    ("confidence", "state"), [(0.0, "over"), (0.59, "over"), (0.6, "late"), (0.84, "late"), (0.85, "due"), (1.0, "due")]
)
def test_confidence_has_three_steps(confidence, state):
    assert tags.confidence_state(confidence) == state


def test_a_chip_carries_its_letter_and_escapes_its_words():
    made = tags.chip("over", "<b>quá hạn</b>", letter="Q")
    assert made == '<span class="chip s-over"><span class="lt s-over">Q</span>&lt;b&gt;quá hạn&lt;/b&gt;</span>'
