"""When a cycle must be filed: strict dates, days that are not worked, steps of the levels, and what is said of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.accounts.actors import Refused
from haidang.catalogue.holidays import work_calendar
from haidang.filings.actions import open_cycles
from haidang.filings.cycles.due_dates import (
    due_at,
    due_of,
    due_problem,
    move_words,
    steps_problem,
    warnings_of,
    written_due,
)
from haidang.filings.models import Cycle, Obligation
from haidang.filings.queries import owed
from haidang.filings.rules import CycleSpec, Letter
from haidang.kernel.calendars import Regime, nd09_half, nd09_month
from haidang.kernel.windows import Window

from .conftest import Cast

CALENDAR = work_calendar()
SUNDAY = date(2025, 6, 15)
DAY = date(2025, 6, 1)
HALF = CycleSpec("06 tháng đầu năm 2025", nd09_half(2025, 1), Regime.ND09, SUNDAY, strict=False)


def test_a_day_that_is_not_worked_stays_unless_the_shift_is_chosen() -> None:
    assert due_of(HALF, CALENDAR).last_day == SUNDAY
    assert due_of(replace(HALF, shift=True), CALENDAR).last_day == date(2025, 6, 16)
    assert move_words(HALF, CALENDAR) == (
        "Ngày cuối được nộp rơi vào Chủ Nhật, 15/6/2025; đang giữ nguyên, có thể chuyển sang Thứ Hai, 16/6/2025."
    )
    assert "đã chuyển sang Thứ Hai, 16/6/2025" in move_words(replace(HALF, shift=True), CALENDAR)


def test_it_is_the_last_day_that_moves_when_the_date_is_strict() -> None:
    """Before Monday 16/6 is by Sunday 15/6: moved, it is by Monday, before Tuesday."""
    spec = replace(HALF, due_on=date(2025, 6, 16), strict=True, shift=True)
    assert (due_of(spec, CALENDAR).on, due_of(spec, CALENDAR).last_day) == (date(2025, 6, 17), date(2025, 6, 16))
    worked = replace(HALF, due_on=date(2025, 6, 14), strict=True, shift=True)
    assert due_of(worked, CALENDAR) == written_due(worked)


def test_a_holiday_moves_like_a_weekend() -> None:
    spec = replace(HALF, due_on=date(2025, 4, 30), shift=True)
    assert due_of(spec, CALENDAR).last_day == date(2025, 5, 5)
    assert "(ngày nghỉ lễ)" in move_words(spec, CALENDAR)


def test_a_year_whose_holidays_are_not_decided_is_said_to_be_a_guess() -> None:
    assert "là ước tính" in move_words(replace(HALF, due_on=date(2031, 1, 23)), CALENDAR)


def test_lower_levels_owe_working_days_earlier() -> None:
    due = due_of(HALF, CALENDAR)
    steps = {"district": 1, "commune": 3}
    assert due_at(due, "province", steps, CALENDAR).last_day == SUNDAY
    assert due_at(due, "district", steps, CALENDAR).last_day == date(2025, 6, 13)
    assert due_at(due, "commune", steps, CALENDAR).last_day == date(2025, 6, 11)


@given(
    st.dates(date(2021, 1, 1), date(2030, 12, 31)), st.booleans(), st.lists(st.integers(0, 8), min_size=3, max_size=3)
)
def test_no_level_ever_owes_later_than_the_one_above(day: date, strict: bool, more: list[int]) -> None:
    province, district, commune = more[0], more[0] + more[1], sum(more)
    steps = {"province": province, "district": district, "commune": commune}
    assert steps_problem(steps) == ""
    due = due_of(replace(HALF, due_on=day, strict=strict, shift=True), CALENDAR)
    last = [due_at(due, level, steps, CALENDAR).last_day for level in ("province", "district", "commune")]
    assert due.last_day >= last[0] >= last[1] >= last[2]


def test_steps_out_of_order_are_refused() -> None:
    assert steps_problem({"district": 4, "commune": 2}).startswith("Cấp xã phải nộp không muộn hơn cấp huyện")
    assert "từ 0 đến 30" in steps_problem({"commune": 31})
    assert "từ 0 đến 30" in steps_problem({"village": 1})


def test_a_due_date_before_the_data_closes_is_flagged_at_each_level() -> None:
    spec = replace(HALF, due_on=date(2025, 6, 16), steps=(("district", 1), ("commune", 3)))
    told = " ".join(warnings_of(spec, CALENDAR, DAY))
    assert "của cấp huyện (13/6/2025) không sau ngày chốt số liệu (14/6/2025)" in told
    assert "của cấp xã (11/6/2025)" in told
    assert "tạm tính" in told


def test_no_working_day_between_close_and_due_is_flagged() -> None:
    """The data closes on Saturday 14/6, Sunday 15/6 is the last day."""
    (_moved, told) = warnings_of(HALF, CALENDAR, DAY)
    assert "không có ngày làm việc nào" in told
    assert warnings_of(replace(HALF, due_on=date(2025, 6, 16)), CALENDAR, DAY) == []


def test_each_obligation_carries_its_own_due_date(cast: Cast) -> None:
    spec = replace(HALF, forms=("B1", "B5"), steps=(("commune", 3),))
    (cycle,) = open_cycles(cast.ha, cast.plan, [spec])
    rows = {
        row.agency.code: row for row in Obligation.objects.filter(cycle=cycle).select_related("agency", "cycle__plan")
    }
    assert rows["hm-police"].due_on is None
    assert rows["hm-police"].due.last_day == SUNDAY
    assert rows["hm-st-people"].due.last_day == date(2025, 6, 11)
    assert cycle.steps == {"commune": 3}
    assert rows["hm-st-people"].provisional and not rows["hm-police"].provisional
    rows["hm-st-people"].extended_to = date(2025, 6, 14)
    assert rows["hm-st-people"].provisional
    rows["hm-st-people"].extended_to = date(2025, 6, 16)
    assert not rows["hm-st-people"].provisional
    rows["hm-st-people"].extended_to = None
    late = owed(rows["hm-st-people"], date(2025, 6, 12))
    assert (late.standing.letter, late.standing.days, late.last_day) == (Letter.OVERDUE, 1, date(2025, 6, 11))
    assert owed(rows["hm-police"], date(2025, 6, 12)).standing.letter == Letter.NOT_DUE


def test_a_moved_due_date_keeps_what_was_written(cast: Cast) -> None:
    (cycle,) = open_cycles(cast.ha, cast.plan, [replace(HALF, shift=True)])
    assert (cycle.due_on, cycle.written_due_on) == (date(2025, 6, 16), SUNDAY)
    (kept,) = open_cycles(cast.ha, cast.plan, [replace(HALF, label="Khác")])
    assert (kept.due_on, kept.written_due_on) == (SUNDAY, None)


def test_a_request_asks_whom_it_names_and_has_its_letter(cast: Cast) -> None:
    spec = CycleSpec(
        "Yêu cầu về quý I", Window(date(2025, 1, 1), date(2025, 2, 20)), Regime.REQUEST, date(2025, 2, 28), False,
        forms=("B1", "B4"), functions=("police", "court"), levels=("province",),
    )  # fmt: skip
    with pytest.raises(Refused, match="ghi số văn bản yêu cầu"):
        open_cycles(cast.ha, cast.plan, [spec])
    (cycle,) = open_cycles(cast.ha, cast.plan, [replace(spec, letter_number="123/CV-CAT")])
    assert set(Obligation.objects.filter(cycle=cycle).values_list("agency__code", flat=True)) == {
        "hm-police",
        "hm-court",
    }
    assert (cycle.letter_number, cycle.regime) == ("123/CV-CAT", Regime.REQUEST)


def test_steps_out_of_order_open_nothing(cast: Cast) -> None:
    with pytest.raises(Refused, match="không muộn hơn"):
        open_cycles(cast.ha, cast.plan, [replace(HALF, steps=(("province", 3), ("commune", 1)))])
    assert not Cycle.objects.exists()


def test_a_last_day_that_has_passed_is_told_with_its_days() -> None:
    spec = replace(HALF, due_on=date(2025, 6, 17))
    assert warnings_of(spec, CALENDAR, date(2025, 6, 17)) == []
    (told,) = warnings_of(spec, CALENDAR, date(2025, 6, 20))
    assert told.startswith("Ngày cuối được nộp (17/6/2025) đã qua 3 ngày")


def test_nobody_can_be_due_before_the_data_starts() -> None:
    start = HALF.window.start
    assert due_problem(replace(HALF, due_on=start, strict=False), CALENDAR) == ""
    assert "trước ngày bắt đầu số liệu" in due_problem(replace(HALF, due_on=start, strict=True), CALENDAR)


def test_no_level_can_be_due_before_the_data_starts_either() -> None:
    month = CycleSpec("Tháng 6/2025", nd09_month(2025, 6), Regime.ND09, date(2025, 6, 16), strict=False)
    early = replace(month, steps=(("commune", 30),))
    assert "hạn nộp của cấp xã (05/5/2025) trước ngày bắt đầu số liệu (15/5/2025)" in due_problem(early, CALENDAR)
    assert due_problem(replace(early, levels=("province",)), CALENDAR) == ""


def test_a_level_without_a_step_of_its_own_owes_when_the_level_above_does() -> None:
    due = due_of(HALF, CALENDAR)
    assert due_at(due, "commune", {"district": 2}, CALENDAR) == due_at(due, "district", {"district": 2}, CALENDAR)
    assert due_at(due, "commune", {"district": 2}, CALENDAR).last_day == date(2025, 6, 12)
    assert due_at(due, "province", {"district": 2}, CALENDAR).last_day == SUNDAY


def test_the_highest_level_is_warned_of_as_well_when_only_the_lowest_has_a_step() -> None:
    """Before 12/6, data to 14/6: the province's figures are provisional too, not only those of the communes."""
    spec = replace(HALF, due_on=date(2025, 6, 12), strict=True, steps=(("commune", 3),))
    told = " ".join(warnings_of(spec, CALENDAR, DAY))
    assert "được nộp (11/6/2025) không sau ngày chốt" in told
    assert "được nộp của cấp xã (06/6/2025) không sau ngày chốt" in told


def test_a_last_day_that_has_passed_for_one_level_is_told() -> None:
    spec = replace(HALF, due_on=date(2025, 6, 25), steps=(("commune", 5),))
    (told,) = warnings_of(spec, CALENDAR, date(2025, 6, 20))
    assert told.startswith("Ngày cuối được nộp của cấp xã (18/6/2025) đã qua 2 ngày")
