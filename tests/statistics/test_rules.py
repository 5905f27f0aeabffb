"""Which exercises answer a window, and how two values compare: pure arithmetic, by hand and by property."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.kernel.calendars import nd09_half, nd09_nine_months, nd09_quarter, nd09_year
from haidang.kernel.numbers import NO_BREAK_SPACE
from haidang.kernel.windows import Window
from haidang.statistics.rules import NOT_COMPARABLE, Exercise, compare, select_exercises

YEAR = Window(date(2024, 1, 1), date(2024, 12, 31))


def exercise(number: int, window: Window, label: str = "") -> Exercise:
    return Exercise(number, label or f"kỳ {number}", window, window.end)


def labels(exercises: list[Exercise], asked: Window) -> list[str]:
    return [found.label for found in select_exercises(exercises, asked).chosen]


def test_the_year_answers_instead_of_its_quarters() -> None:
    quarters = [exercise(n, nd09_quarter(2025, n)) for n in range(1, 5)]
    whole = exercise(9, nd09_year(2025), "năm")
    assert labels([*quarters, whole], nd09_year(2025)) == ["năm"]
    assert labels(quarters, nd09_year(2025)) == ["kỳ 1", "kỳ 2", "kỳ 3", "kỳ 4"]


def test_of_nested_exercises_those_that_cover_most_days_answer() -> None:
    known = [
        exercise(1, nd09_quarter(2025, 1), "quý I"),
        exercise(2, nd09_half(2025, 1), "06 tháng"),
        exercise(3, nd09_quarter(2025, 3), "quý III"),
    ]
    assert labels(known, nd09_year(2025)) == ["06 tháng", "quý III"]
    assert labels([*known, exercise(4, nd09_nine_months(2025), "09 tháng")], nd09_year(2025)) == ["09 tháng"]


def test_of_two_plans_that_ask_for_the_same_days_the_one_due_later_answers() -> None:
    early, late = (Exercise(n, f"kỳ {n}", YEAR, YEAR.end + timedelta(days=n)) for n in (1, 2))
    assert labels([late, early], YEAR) == ["kỳ 2"]


def test_an_exercise_across_the_edge_is_named_and_not_divided() -> None:
    across = exercise(1, nd09_quarter(2025, 1))
    found = select_exercises([across], Window(date(2025, 1, 1), date(2025, 12, 31)))
    assert (found.chosen, found.cut) == ((), (across,))


def test_an_exercise_across_the_edge_is_not_named_where_its_days_are_covered_anyway() -> None:
    across, year = exercise(1, Window(date(2023, 12, 15), date(2024, 3, 14))), exercise(2, YEAR)
    assert select_exercises([across, year], YEAR).cut == ()


@pytest.mark.parametrize(
    ("window", "label"),
    [
        (nd09_year(2026), "2026"),
        (nd09_quarter(2026, 1), "2026"),
        (Window(date(2016, 1, 1), date(2020, 12, 31)), "2016–2020"),
    ],
)
def test_the_year_of_an_exercise_is_that_of_its_last_day(window: Window, label: str) -> None:
    assert exercise(1, window).slice_label == label


windows = st.tuples(st.integers(0, 30), st.integers(0, 12)).map(
    lambda pair: Window(YEAR.start + timedelta(days=pair[0]), YEAR.start + timedelta(days=pair[0] + pair[1]))
)


@given(st.lists(windows, max_size=7))
def test_chosen_exercises_never_overlap_and_no_choice_covers_more(found: list[Window]) -> None:
    known = [exercise(number, window) for number, window in enumerate(found)]
    chosen = select_exercises(known, YEAR).chosen
    assert not any(a.window.overlaps(b.window) for a, b in combinations(chosen, 2))
    best = max(
        sum(one.window.days for one in some)
        for size in range(len(known) + 1)
        for some in combinations(known, size)
        if not any(a.window.overlaps(b.window) for a, b in combinations(some, 2))
    )
    assert sum(one.window.days for one in chosen) == best


@pytest.mark.parametrize(
    ("value", "base", "text"),
    [
        (15, 12, f"tăng 25{NO_BREAK_SPACE}%"),
        (9, 12, f"giảm 25{NO_BREAK_SPACE}%"),
        (12, 12, "không thay đổi"),
        (5, 0, NOT_COMPARABLE),
        (0, 0, NOT_COMPARABLE),
        (5, None, NOT_COMPARABLE),
        (None, 5, NOT_COMPARABLE),
        (0, 4, f"giảm 100{NO_BREAK_SPACE}%"),
    ],
)
def test_comparison_in_words(value: int | None, base: int | None, text: str) -> None:
    assert compare(value, base, YEAR, YEAR).text == text


def test_rates_differ_by_points_and_need_no_note_on_length() -> None:
    found = compare(92.5, 90.0, YEAR, Window(date(2016, 1, 1), date(2020, 12, 31)), rate=True)
    assert (found.difference, found.percent, found.note) == (2.5, None, "")
    assert found.text == f"tăng 2,5{NO_BREAK_SPACE}điểm %"


def test_windows_of_like_length_need_no_note() -> None:
    assert compare(1, 1, YEAR, Window(date(2023, 1, 1), date(2023, 12, 31))).note == ""
