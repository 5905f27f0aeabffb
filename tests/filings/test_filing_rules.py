"""Letters, lateness, the ladder's table, what a person types, formulas for the spreadsheet."""

from __future__ import annotations

from datetime import date

import pytest

from haidang.filings.entries import NotAnEntry, read_entry
from haidang.filings.models import FilingState
from haidang.filings.rules import LETTER_CLASSES, LETTER_WORDS, Letter, Move, after, days_late, is_nil, standing_of
from haidang.kernel.calendars import DueDate

DUE = DueDate(date(2025, 6, 12), strict=True)


def letter(on: int, **facts: object) -> tuple[str, int]:
    facts.setdefault("state", FilingState.DRAFT)
    found = standing_of(DUE, date(2025, 6, on), **facts)  # type: ignore[arg-type]
    return found.letter, found.days


def test_before_the_due_day_nothing_shows_and_on_it_the_filing_is_a_day_overdue() -> None:
    assert letter(11) == ("", 0)
    assert letter(12) == ("Q", 1)


def test_a_due_day_that_is_not_strict_is_still_on_time() -> None:
    assert days_late(DueDate(date(2025, 6, 12), strict=False), date(2025, 6, 12)) == 0
    assert days_late(DUE, date(2025, 6, 12)) == 1


def test_lateness_is_that_of_the_day_received_not_of_today() -> None:
    assert letter(30, state="submitted", received_on=date(2025, 6, 11)) == ("Đ", 0)
    assert letter(30, state="submitted", received_on=date(2025, 6, 15)) == ("T", 4)


def test_nothing_to_report_shows_when_in_time_only() -> None:
    assert letter(30, state="accepted", received_on=date(2025, 6, 11), nil=True) == ("K", 0)
    assert letter(30, state="accepted", received_on=date(2025, 6, 13), nil=True) == ("T", 2)


def test_precedence_is_m_g_l_q_t_k_d() -> None:
    extended = {"extended_to": date(2025, 6, 20)}
    assert letter(15, waived=True, state="returned", **extended) == ("M", 0)
    assert letter(15, state="returned", **extended) == ("G", 0)
    assert letter(22, state="returned", **extended) == ("L", 0)
    assert letter(22, state="returned") == ("L", 0)
    assert letter(22, **extended) == ("Q", 2)


def test_an_extension_that_was_not_needed_does_not_show() -> None:
    extended = {"extended_to": date(2025, 6, 20), "state": "accepted"}
    assert letter(30, received_on=date(2025, 6, 10), **extended) == ("Đ", 0)
    assert letter(30, received_on=date(2025, 6, 19), **extended) == ("G", 0)
    assert letter(30, received_on=date(2025, 6, 21), **extended) == ("T", 1)


def test_every_letter_has_its_class_and_words() -> None:
    assert set(LETTER_CLASSES) == set(LETTER_WORDS) == set(Letter)


@pytest.mark.parametrize("state", list(FilingState))
@pytest.mark.parametrize("move", list(Move))
def test_the_ladder_has_eight_steps_and_no_other(state: FilingState, move: Move) -> None:
    steps = {
        ("draft", "submit"): "submitted",
        ("returned", "submit"): "submitted",
        ("submitted", "accept"): "accepted",
        ("submitted", "return"): "returned",
        ("submitted", "withdraw"): "draft",
        ("accepted", "correct"): "draft",
        ("accepted", "reopen"): "draft",
        ("draft", "keep"): "accepted",  # a correction given up
    }
    assert after(state, move) == steps.get((state, move))


def test_nil_is_zeros_entered_and_not_blanks() -> None:
    assert is_nil({"B1.a.c1": 0, "B1.a.c2": "na"})
    assert not is_nil({})
    assert not is_nil({"B1.a.c1": "nd"})
    assert not is_nil({"B1.a.c1": 0, "B1.a.c2": 1})


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("", None), ("  ", None), ("0", 0), ("1.234", 1234), ("1.234,5", 1234.5), ("12 %", 12), ("-", "na"),
        ("–", "na"), ("KTCN", "na"), ("không thuộc chức năng", "na"), ("…", "nd"), ("ccsl", "nd"), ("−3", -3),
    ],
)  # fmt: skip
def test_what_a_person_types(typed: str, value: object) -> None:
    assert read_entry(typed) == value


@pytest.mark.parametrize("typed", ["mười", "1.23.4", "O", "1,2,3", "=1+1"])
def test_what_is_no_entry_says_what_may_be_typed(typed: str) -> None:
    with pytest.raises(NotAnEntry, match="không phải số"):
        read_entry(typed)
