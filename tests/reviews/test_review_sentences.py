"""Sentences about figures: hand-countable numbers, every case of comparison, in official Vietnamese."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from haidang.kernel.cells import BLANK, NOT_APPLICABLE, NOT_AVAILABLE, Cell
from haidang.kernel.windows import Window
from haidang.reviews import sentences
from haidang.reviews.content import Nature, YearSeries

Make = Callable[..., YearSeries]
NBSP = "\u00a0"


def test_a_flow_is_told_in_total_by_year_and_against_the_baseline_by_total_and_by_month(make_series: Make) -> None:
    # 31 against 44: 13 fewer, 13/44 = 29,5 %; 31 over 52,23 months = 0,59 and 44 over 60,02 = 0,73 a month.
    assert sentences.told(make_series()) == (
        "Từ ngày 09/02/2021 đến ngày 15/6/2025, số vụ án khởi tố mới là 31 vụ; trong đó năm 2021*: 4 vụ; "
        "năm 2022: 6 vụ; năm 2023: 7 vụ; năm 2024: 9 vụ; năm 2025*: 5 vụ. "
        f"So với giai đoạn 2016 - 2020 (44 vụ), giảm 13 vụ (29,5{NBSP}%); "
        f"bình quân một tháng giảm từ 0,73 xuống 0,59 vụ (19{NBSP}%)."
    )


def test_only_the_first_figure_of_a_section_repeats_the_dates(make_series: Make) -> None:
    assert sentences.told(make_series(), first=False).startswith("Trong kỳ, số vụ án khởi tố mới là 31 vụ;")


def test_a_total_may_fall_while_the_month_rises(make_series: Make) -> None:
    # 42 in 52 months is more a month than 44 in 60.
    told = sentences.comparison(make_series(values=(8, 8, 8, 9, 9)))
    assert "giảm 2 vụ" in told
    assert "bình quân một tháng tăng từ 0,73 lên 0,80 vụ" in told


def test_a_base_of_zero_is_not_compared_by_percent(make_series: Make) -> None:
    assert sentences.comparison(make_series(baseline=0)) == (
        "So với giai đoạn 2016 - 2020 (0 vụ): không so sánh được theo tỷ lệ vì số của kỳ trước bằng 0; tăng 31 vụ."
    )
    assert "không tăng, không giảm" in sentences.comparison(make_series(values=(0, 0, 0, 0, 0), baseline=0))


def test_a_missing_base_is_not_compared(make_series: Make) -> None:
    assert sentences.comparison(make_series(baseline=None)) == (
        "So với giai đoạn 2016 - 2020: không so sánh được vì chưa có số liệu của kỳ trước."
    )


def test_a_figure_without_numbers_is_said_to_be_missing_not_zero(make_series: Make) -> None:
    empty = make_series(values=(None,) * 5)
    assert sentences.told(empty) == "Từ ngày 09/02/2021 đến ngày 15/6/2025 chưa có số liệu về số vụ án khởi tố mới."


def test_a_year_without_a_number_is_named_and_not_counted_as_zero(make_series: Make) -> None:
    told = sentences.told(make_series(values=(4, None, 7, 9, 5)))
    assert "là 25 vụ" in told and "năm 2022: chưa có số liệu" in told


def test_a_rate_is_compared_in_points_and_never_by_month(make_series: Make) -> None:
    rate = make_series("r", "Tỷ lệ giải quyết tin", "%", (90, 91, 92.5, 93, 94), 88.1, Nature.RATE, total=92.3)
    told = sentences.told(rate)
    assert f"tỷ lệ giải quyết tin là 92,3{NBSP}%" in told
    assert told.endswith(f"So với giai đoạn 2016 - 2020 (88,1{NBSP}%), tăng 4,2 điểm phần trăm.")


def test_an_average_changes_like_an_amount_but_not_by_month(make_series: Make) -> None:
    days = make_series("d", "Số ngày xác minh bình quân", "ngày", (9, 8, 8, 7, 6), 10, Nature.RATE, total=7.5)
    assert sentences.comparison(days) == f"So với giai đoạn 2016 - 2020 (10 ngày), giảm 2,5 ngày (25{NBSP}%)."


def test_a_stock_is_that_of_the_last_day_and_compared_with_the_last_day_before(make_series: Make) -> None:
    stock = make_series("m", "Số mô hình phòng ngừa ở cơ sở", "mô hình", (3, 5, 6, 8, 9), 6, Nature.STOCK)
    assert sentences.told(stock) == (
        "Đến ngày 15/6/2025, số mô hình phòng ngừa ở cơ sở là 9 mô hình (cuối năm 2021: 3 mô hình; "
        "cuối năm 2022: 5 mô hình; cuối năm 2023: 6 mô hình; cuối năm 2024: 8 mô hình). "
        f"So với thời điểm 31/12/2020 (6 mô hình), tăng 3 mô hình (50{NBSP}%)."
    )


def test_windows_of_unlike_length_carry_the_note_and_equal_ones_do_not(make_series: Make) -> None:
    five = make_series()
    note = sentences.length_note(five.window, five.baseline_window)
    assert "52,2 tháng" in note and "60 tháng" in note and "chưa quy về cùng độ dài" in note
    whole = Window(date(2021, 1, 1), date(2025, 12, 31))
    assert sentences.length_note(whole, five.baseline_window) == ""
    assert "bình quân" not in sentences.comparison(replace(five, window=whole))


def test_the_stars_are_explained(make_series: Make) -> None:
    assert sentences.partial_note(make_series().slices) == "* Năm 2021 tính từ 09/02/2021; năm 2025 tính đến 15/6/2025."
    assert sentences.partial_note(make_series().slices[1:4]) == ""


def test_coverage_names_the_years_in_which_somebody_has_not_reported(make_series: Make) -> None:
    whole, gap = make_series(), make_series(received=22)
    assert sentences.coverage_sentence([whole]) == "Năm nào cũng đủ 24/24 đơn vị đã báo cáo."
    partly = replace(whole, slices=(*whole.slices[:3], gap.slices[3], whole.slices[4]))
    assert sentences.coverage_sentence([whole, partly]) == "Số liệu chưa đầy đủ: năm 2024: 22/24 đơn vị đã báo cáo."
    assert sentences.coverage_sentence([]) == ""


def test_a_cell_prints_as_number_zero_missing_or_not_applicable() -> None:
    cells = (Cell.of(1234.5), Cell.of(0), BLANK, NOT_AVAILABLE, NOT_APPLICABLE)
    assert [sentences.cell_text(cell) for cell in cells] == ["1.234,5", "0", "...", "...", "×"]


def test_a_contribution_names_its_agency_and_submission() -> None:
    assert sentences.source_line("Công an tỉnh", 2) == "(Nguồn: Công an tỉnh, bản nộp lần 2)"


@given(now=st.integers(0, 10_000), base=st.integers(0, 10_000))
def test_a_comparison_never_claims_a_wrong_direction_nor_an_infinite_percentage(now: int, base: int) -> None:
    whole = Window(date(2021, 1, 1), date(2025, 12, 31))
    before = Window(date(2016, 1, 1), date(2020, 12, 31))
    one = YearSeries("x", "Số vụ", "vụ", Nature.FLOW, whole, (), Cell.of(now), before, Cell.of(base))
    told = sentences.comparison(one)
    assert ("tăng" in told.replace("không tăng", "")) == (now > base)
    assert ("giảm" in told.replace("không giảm", "")) == (now < base)
    assert ("không so sánh được" in told) == (base == 0 and now > 0)
