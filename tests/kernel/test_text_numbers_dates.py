"""Vietnamese text, numbers, dates and cells: what is written reads back, and both spellings meet."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.kernel import clock
from haidang.kernel.cells import BLANK, NOT_APPLICABLE, NOT_AVAILABLE, Cell, CellState, cell_from_json
from haidang.kernel.dates import long_date, parse_date, sentence_date, short_date
from haidang.kernel.numbers import count_in, format_change, format_number, format_percent, parse_number
from haidang.kernel.text import bare, collation_key, fold, slug, squeeze


def test_both_tone_styles_and_both_unicode_forms_meet() -> None:
    assert fold("Hòa Bình") == fold("Hoà  Bình") == fold(unicodedata.normalize("NFD", "HÒA BÌNH"))
    assert fold("Hòa") != fold("Hoa")


def test_bare_text_has_no_diacritics() -> None:
    assert bare("Điện Biên") == "dien bien"
    assert slug("Sở Y tế (tỉnh)") == "so-y-te-tinh"


def test_d_with_stroke_sorts_after_d_and_tones_in_order() -> None:
    assert sorted(["Đà", "Dư", "da", "Dạ", "E"], key=collation_key) == ["da", "Dạ", "Dư", "Đà", "E"]


@given(st.text())
def test_squeezing_twice_is_squeezing_once(text: str) -> None:
    assert squeeze(squeeze(text)) == squeeze(text)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1.234,5", 1234.5), ("1.234", 1234), ("12", 12), ("0,5", 0.5), ("12.5", 12.5), ("−3", -3), ("1 234", 1234),
        ("1 234 567,5", 1234567.5), (" − 5 ", -5), ("0.5", 0.5), ("0,125", 0.125), ("1\u00a0234", 1234),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(written: str, number: float) -> None:
    assert parse_number(written) == number


@pytest.mark.parametrize(
    "written", ["", "O", "1,2,3", "12 vụ", "1.23.4", "=1+1", "1e5", "0.125", "012.345", "1 2", "1 2345", "1234 567"]
)
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        parse_number(written)


@given(st.integers(-(10**12), 10**12))
def test_whole_numbers_read_back(number: int) -> None:
    assert parse_number(format_number(number)) == number


@given(st.decimals(-(10**9), 10**9, places=2))
def test_decimals_read_back(number: object) -> None:
    assert parse_number(format_number(float(number))) == pytest.approx(float(number))  # type: ignore[arg-type]


def test_percent_and_change() -> None:
    assert format_percent(92.64) == "92,6\u00a0%"
    assert format_percent(100) == "100\u00a0%"
    assert [format_change(n) for n in (3, -2, 0)] == ["+3", "−2", "0"]


def test_dates_are_padded_as_the_decree_pads_them() -> None:
    assert long_date(date(2021, 3, 8)) == "ngày 08 tháng 3 năm 2021"
    assert long_date(date(2021, 2, 19)) == "ngày 19 tháng 02 năm 2021"
    assert short_date(date(2021, 2, 9)) == "09/02/2021"
    assert short_date(date(2025, 6, 15)) == "15/6/2025"
    assert sentence_date(date(2025, 7, 10)) == "Thứ Năm, 10/7/2025"


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_short_dates_read_back(day: date) -> None:
    assert parse_date(short_date(day)) == parse_date(day.isoformat()) == day


@pytest.mark.parametrize("typed", ["1/1/9999", "01/01/0001", "2205-01-01"])
def test_a_year_far_away_is_a_slip_of_the_finger(typed: str) -> None:
    with pytest.raises(ValueError, match="Năm phải từ 1900 đến 2200"):
        parse_date(typed)


@pytest.mark.parametrize("typed", ["31/6/2025", "hôm qua", "2025-13-01", ""])
def test_a_wrong_date_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(ValueError, match="Ví dụ: 30/6/2025"):
        parse_date(typed)


def test_the_four_states_of_a_cell_read_back_and_blank_is_nothing() -> None:
    cells = [Cell.of(0), NOT_APPLICABLE, NOT_AVAILABLE, BLANK, Cell.of(2.5)]
    stored = [cell.to_json() for cell in cells]
    assert stored == [0, "na", "nd", None, 2.5]
    assert [cell_from_json(raw) for raw in stored] == cells


def test_a_cell_has_a_value_exactly_when_it_is_a_number() -> None:
    with pytest.raises(ValueError):
        Cell(CellState.NUMBER)
    with pytest.raises(ValueError):
        cell_from_json(True)


def test_the_clock_can_be_held() -> None:
    with clock.fixed_at(date(2025, 6, 15)):
        assert clock.today() == date(2025, 6, 15)
        assert clock.now().utcoffset() == timedelta(0)
    assert clock.today() == datetime.now(clock.VIET_NAM).date()


@pytest.mark.parametrize(("text", "count"), [("0", 0), ("007", 7), ("9" * 17, 10**17 - 1)])
def test_a_row_is_named_by_plain_digits(text: str, count: int) -> None:
    assert count_in(text) == count


@pytest.mark.parametrize("text", ["", " 1", "-1", "1e3", "²", "٣", "1_0", "9" * 18, "0x1"])
def test_what_is_no_plain_number_names_no_row(text: str) -> None:
    assert count_in(text) is None
