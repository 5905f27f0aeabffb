"""RULES of reporting: which duties count, their periods, dates and addressees; and the calendar they make."""

from __future__ import annotations

from datetime import date

import pytest

from haidang.kernel.calendars import nd09_half, nd09_quarter, nd09_year
from haidang.kernel.windows import Window
from haidang.reading.calendar import reporting_calendar

HEAD = "KẾ HOẠCH\nPhòng ngừa năm {year}\n\nUBND tỉnh ban hành kế hoạch:\nI. MỤC TIÊU\n1. Làm tốt.\n"


def reading(read, text, year="2024"):
    return read(HEAD.format(year=year) + text + "\n")


def duties(read, item, section="II. TỔ CHỨC THỰC HIỆN\n1. "):
    return [(duty.period.value, duty.due, duty.to) for duty in reading(read, section + item).reporting]


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (
            "Định kỳ quý (trước ngày 12/3 và 12/9), 06 tháng (trước 12/6), năm "
            "(trước 12/12) các sở báo cáo về Công an tỉnh.",
            [("quarter", "12/3"), ("quarter", "12/9"), ("half_year", "12/6"), ("year", "12/12")],
        ),
        (
            "Hằng quý, 6 tháng, 01 năm hoặc đột xuất báo cáo về Công an tỉnh.",
            [("quarter", None), ("half_year", None), ("year", None)],
        ),
        (
            "Hằng quý (trước ngày 15 của tháng cuối quý) báo cáo về Công an tỉnh.",
            [("quarter", "15 của tháng cuối quý")],
        ),
        (
            "Báo cáo kết quả trước ngày 10/3, 10/6, 10/9 và 10/12 về Công an tỉnh.",
            [("quarter", d) for d in ("10/3", "10/6", "10/9", "10/12")],
        ),
        ("Báo cáo trước ngày 10/6 và 10/12 về Công an tỉnh.", [("half_year", "10/6"), ("year", "10/12")]),
        ("Gửi báo cáo tổng kết về Công an tỉnh trước ngày 20/6/2025.", [("once", "2025-06-20")]),
        ("Hằng năm, trước ngày 15 tháng 12 báo cáo về Công an tỉnh.", [("year", "15/12")]),
        (
            "Báo cáo 6 tháng trước ngày 05/6; báo cáo năm trước ngày 05/12 gửi Công an tỉnh.",
            [("half_year", "5/6"), ("year", "5/12")],
        ),
        ("Hằng tháng báo cáo về Công an tỉnh trước ngày 20.", []),
        ("Báo cáo đột xuất khi có yêu cầu về Công an tỉnh.", []),
        ("Định kỳ tổng hợp báo cáo Công an tỉnh.", []),
        ("Xây dựng kế hoạch gửi về Công an tỉnh trước ngày 20/4/2025.", []),
    ],
)
def test_periods_and_dates(read, item, expected):
    found = duties(read, item)
    assert [(period, due) for period, due, _ in found] == expected
    assert all(to == "Công an tỉnh" for _, _, to in found)


def test_outside_the_organisation_section_a_period_alone_is_no_duty(read):
    assert duties(read, "Duy trì chế độ báo cáo quý, năm theo quy định.", "II. NHIỆM VỤ\n1. Chung\n- ") == []


def test_outside_the_organisation_section_a_date_and_an_addressee_are(read):
    found = duties(
        read, "Các sở tổng kết, gửi báo cáo về UBND tỉnh trước ngày 17/6/2025.", "II. NỘI DUNG\n1. Cách làm\n- "
    )
    assert found == [("once", "2025-06-17", "UBND tỉnh")]


@pytest.mark.parametrize(
    ("words", "to"),
    [
        ("về UBND tỉnh (qua Công an tỉnh) để tổng hợp", "UBND tỉnh (qua Công an tỉnh)"),
        ("về Công an tỉnh (Phòng Tham mưu)", "Công an tỉnh (Phòng Tham mưu)"),
        ("về Công an tỉnh (số 1 đường Bờ Đê, điện thoại 0999)", "Công an tỉnh"),
        ("gửi Sở Y tế", "Sở Y tế"),
    ],
)
def test_the_addressee_is_as_written_without_telephone_numbers(read, words, to):
    assert duties(read, f"Hằng quý báo cáo {words}.") == [("quarter", None, to)]


def test_strict_is_before_and_not_strict_is_at_the_latest(read):
    found = reading(
        read, "II. TỔ CHỨC THỰC HIỆN\n1. Báo cáo năm trước ngày 10/12; báo cáo quý chậm nhất ngày 10/3 gửi Sở Y tế."
    ).reporting
    assert {duty.period.value: duty.strict for duty in found} == {"year": True, "quarter": False}


def entries(read, item, year="2024"):
    plan = reading(read, "II. TỔ CHỨC THỰC HIỆN\n1. " + item, year)
    return [(entry.cycle, entry.window, entry.due_on, entry.strict) for entry in reporting_calendar(plan)]


def test_an_annual_calendar_has_the_decrees_windows_and_the_written_dates(read):
    found = entries(
        read, "Quý (trước ngày 12/3 và 12/9), 06 tháng (trước 12/6), năm (trước 12/12) báo cáo về Công an tỉnh."
    )
    assert found == [
        ("quý I/2024", nd09_quarter(2024, 1), date(2024, 3, 12), True),
        ("06 tháng/2024", nd09_half(2024, 1), date(2024, 6, 12), True),
        ("quý III/2024", nd09_quarter(2024, 3), date(2024, 9, 12), True),
        ("năm 2024", nd09_year(2024), date(2024, 12, 12), True),
    ]


def test_a_rule_for_every_quarter_gives_four(read):
    found = entries(read, "Hằng quý (chậm nhất ngày 15 của tháng cuối quý) báo cáo về Công an tỉnh.")
    assert [(cycle, due, strict) for cycle, _, due, strict in found] == [
        (f"quý {name}/2024", date(2024, month, 15), False)
        for name, month in (("I", 3), ("II", 6), ("III", 9), ("IV", 12))
    ]


def test_a_plan_without_dates_gives_windows_and_asks_for_the_dates(read):
    found = entries(read, "Hằng quý, 06 tháng, 01 năm báo cáo kết quả về Công an tỉnh.")
    assert len(found) == 6
    assert all(due is None and strict is None for _, _, due, strict in found)
    assert found[-1][:2] == ("năm 2024", nd09_year(2024))


def test_nine_months_have_their_own_cycle_and_take_the_third_quarters_place_in_the_schema(read):
    plan = reading(read, "II. TỔ CHỨC THỰC HIỆN\n1. Báo cáo 9 tháng trước ngày 10/9 gửi Sở Y tế.")
    (entry,) = reporting_calendar(plan)
    assert (entry.cycle, entry.due_on) == ("09 tháng/2024", date(2024, 9, 10))
    assert plan.to_json()["reporting"][0]["period"] == "quarter"


def test_a_report_due_in_january_is_for_the_year_before(read):
    ((cycle, window, due, _),) = entries(read, "Báo cáo năm trước ngày 05/01 gửi Sở Y tế.")
    assert (cycle, window, due) == ("năm 2024", nd09_year(2024), date(2025, 1, 5))


def test_a_closing_review_has_the_plans_own_window(read):
    text = (
        "KẾ HOẠCH\nTổng kết Chương trình giai đoạn 2021 - 2025\n\nUBND tỉnh ban hành kế hoạch:\n"
        "I. NỘI DUNG\n- Đánh giá kết quả.\n"
        "Số liệu thống kê tính từ ngày 09/02/2021 đến ngày 15/6/2025.\nII. TỔ CHỨC THỰC HIỆN\n"
        "1. Các sở gửi báo cáo tổng kết về Công an tỉnh trước ngày 20/6/2025.\n"
    )
    (entry,) = reporting_calendar(read(text))
    assert entry.window == Window(date(2021, 2, 9), date(2025, 6, 15))
    assert (entry.due_on, entry.strict, entry.to) == (date(2025, 6, 20), True, "Công an tỉnh")


def test_a_plan_for_several_years_has_its_cycles_in_each(read):
    found = entries(read, "Báo cáo năm trước ngày 10/12 gửi Sở Y tế.", "2023 - 2025")
    assert [cycle for cycle, *_ in found] == ["năm 2023", "năm 2024", "năm 2025"]


def test_a_schedule_written_as_a_table_gives_its_duties(read):
    table = (
        "II. CHẾ ĐỘ BÁO CÁO\n| STT | Loại báo cáo | Thời hạn gửi Sở Y tế |\n|---|---|---|\n| 1 "
        "| Báo cáo quý I | Trước ngày 12/3/2024 |\n"
        "| 2 | Báo cáo 6 tháng | Trước ngày 12/6/2024 |\n| 3 | Báo cáo năm | Chậm nhất ngày 12/12/2024 |"
    )
    found = [(duty.period.value, duty.due, duty.strict) for duty in reading(read, table).reporting]
    assert found == [("quarter", "2024-03-12", True), ("half_year", "2024-06-12", True), ("year", "2024-12-12", False)]
