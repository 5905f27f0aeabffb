"""Wordings of duties to report: addressees reached through another, lists with dates in order, what stands below."""

from __future__ import annotations

import pytest

HEAD = "KẾ HOẠCH\nPhòng ngừa năm 2024\n\nUBND tỉnh ban hành kế hoạch:\nI. MỤC TIÊU\n1. Làm tốt.\n"


def duties(read, item):
    plan = read(HEAD + "II. TỔ CHỨC THỰC HIỆN\n1. " + item + "\n")
    return [(duty.period.value, duty.due, duty.to) for duty in plan.reporting]


@pytest.mark.parametrize(
    ("words", "to"),
    [
        ("(qua Sở Nội vụ, điện thoại 0987.654.321)", "UBND tỉnh (qua Sở Nội vụ)"),
        ("(qua Phòng Tổng hợp, Sở Nội vụ; số fax 0255.111.222)", "UBND tỉnh (qua Phòng Tổng hợp, Sở Nội vụ)"),
        ("(thông qua Sở Nội vụ)", "UBND tỉnh (thông qua Sở Nội vụ)"),
        ("(Sở Nội vụ, email: noivu@sonhai.gov.vn)", "UBND tỉnh (Sở Nội vụ)"),
        ("(điện thoại 0987.654.321)", "UBND tỉnh"),
        ("(qua email noivu@sonhai.gov.vn)", "UBND tỉnh"),
        ("qua Sở Nội vụ, điện thoại 0987.654.321", "UBND tỉnh qua Sở Nội vụ"),
    ],
)
def test_the_way_to_the_addressee_is_kept_and_how_to_call_it_is_not(read, words, to):
    assert duties(read, f"Hằng quý báo cáo kết quả về UBND tỉnh {words} để tổng hợp.") == [("quarter", None, to)]


def test_an_addressee_below_the_list_is_that_of_every_line(read):
    text = (
        "Chế độ báo cáo:\n- Báo cáo quý: trước ngày 08 của tháng cuối quý.\n- Báo cáo năm: trước ngày 08/12.\n"
        "Các báo cáo gửi về Sở Tư pháp để tổng hợp."
    )
    assert duties(read, text) == [
        ("quarter", "08 của tháng cuối quý", "Sở Tư pháp"),
        ("year", "8/12", "Sở Tư pháp"),
    ]


def test_an_addressee_in_the_last_sentence_is_that_of_the_ones_before(read):
    found = duties(read, "Báo cáo quý trước ngày 08/3. Báo cáo năm trước ngày 08/12. Báo cáo gửi về Sở Tư pháp.")
    assert [to for *_, to in found] == ["Sở Tư pháp"] * 2


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("Báo cáo 6 tháng, năm: trước ngày 11/6 và ngày 11/11.", [("half_year", "11/6"), ("year", "11/11")]),
        ("Báo cáo 6 tháng, năm trước ngày 25/5 và ngày 25/11.", [("half_year", "25/5"), ("year", "25/11")]),
        ("Hằng quý báo cáo trước ngày 04 của tháng đầu quý sau.", [("quarter", "04 của tháng đầu quý sau")]),
        (
            "Báo cáo học kỳ I trước ngày 08/01, cả năm trước ngày 28/5 về Sở Y tế.",
            [("half_year", "8/1"), ("year", "28/5")],
        ),
        ("Báo cáo kết quả năm chậm nhất ngày 04/12/2024.", [("year", "2024-12-04")]),
        (
            "Báo cáo năm trước ngày 08/12; tổng kết giai đoạn trước ngày 30/11/2025.",
            [("year", "8/12"), ("once", "2025-11-30")],
        ),
        (
            "Báo cáo hằng tháng trước ngày 25, quý trước ngày 25 tháng cuối quý về Sở Y tế.",
            [("quarter", "25 tháng cuối quý")],
        ),
        (
            "Gửi kế hoạch về Sở Y tế trước ngày 10/2/2024 và báo cáo sơ kết trước ngày 20/8/2024.",
            [("once", "2024-08-20")],
        ),
    ],
)
def test_each_date_goes_with_its_period(read, item, expected):
    assert [(period, due) for period, due, _ in duties(read, item)] == expected


def test_a_plans_date_is_no_duty_but_its_addressee_holds_for_the_report(read):
    found = duties(read, "Gửi kế hoạch về Sở Y tế trước ngày 10/2/2024 và báo cáo sơ kết trước ngày 20/8/2024.")
    assert [to for *_, to in found] == ["Sở Y tế"]


def test_a_monthly_report_is_neither_a_duty_nor_a_task(read):
    plan = read(HEAD + "II. TỔ CHỨC THỰC HIỆN\n1. Chế độ báo cáo:\n- Báo cáo tháng: trước ngày 15 hằng tháng.\n")
    assert (plan.reporting, plan.tasks) == ((), ())
