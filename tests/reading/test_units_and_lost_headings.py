"""Units named by their kind, organs counted together, headings that were lost, times and rates in unusual wording."""

from __future__ import annotations

from datetime import date

import pytest

HEAD = (
    "KẾ HOẠCH\nPhòng ngừa năm 2024\n\nUBND tỉnh ban hành kế hoạch:\nI. MỤC TIÊU\n1. Làm tốt.\nII. NHIỆM VỤ\n1. Chung\n"
)


def roles(read, text):
    return [(list(task.lead), list(task.coordinating)) for task in read(HEAD + text + "\n").tasks]


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        (
            "Trường trung học phổ thông, trung tâm học tập cộng đồng mở lớp",
            ["Trường trung học phổ thông", "trung tâm học tập cộng đồng"],
        ),
        (
            "Các phòng Tư pháp, trường THPT, trung tâm GDTX ký cam kết",
            ["Các phòng Tư pháp", "trường THPT", "trung tâm GDTX"],
        ),
        ("Mỗi chi hội cử một người", ["Mỗi chi hội"]),
        ("Ba ngành cử cán bộ trực", ["Ba ngành"]),
        ("Bệnh xá Công an tỉnh khám sức khỏe", ["Bệnh xá Công an tỉnh"]),
        ("Chi hội Trường mầm non Sơn Ca tổ chức hội thi", ["Chi hội Trường mầm non Sơn Ca"]),
        ("Sờ Y tế rà soát", ["Sờ Y tế"]),  # misread, and shown as printed
        ("Sở, ban, ngành tỉnh rà soát", ["Sở, ban, ngành tỉnh"]),
    ],
)
def test_schools_and_units_are_names_of_their_own_and_counted_organs_a_collective(read, text, lead):
    assert roles(read, f"- {text} hằng tuần.") == [(lead, [])]


@pytest.mark.parametrize(
    ("bracket", "lead"),
    [
        ("(Chi hội khu vực 2, khu vực 4 thực hiện)", ["Chi hội khu vực 2, khu vực 4"]),
        ("(tháng 5/2024, Hội Nông dân xã thực hiện)", ["Hội Nông dân xã"]),
        ("(Quý III, các chi hội thực hiện)", ["các chi hội"]),
    ],
)
def test_a_bracket_names_numbered_units_and_may_say_the_time_first(read, bracket, lead):
    assert roles(read, f"- Tập văn nghệ {bracket}.") == [(lead, [])]


def test_a_section_that_asks_an_organ_leads_what_stands_in_it(read):
    text = "KẾ HOẠCH\nPhòng ngừa năm 2024\n\nUBND tỉnh ban hành kế hoạch:\nI. MỤC TIÊU\n1. Làm tốt.\n"
    plan = read(text + "II. Đề nghị Tỉnh đoàn, Hội Nông dân tỉnh\n1. Vận động hội viên ký cam kết.\n")
    assert [task.lead for task in plan.tasks] == [("Tỉnh đoàn", "Hội Nông dân tỉnh")]


def test_a_reference_means_the_items_it_labels_and_not_all_below_a_heading_of_that_label(read):
    text = (
        "(1) Tuần tra bến sông.\n(2) Mở lớp bơi.\n2. Phân công\n- Công an tỉnh chủ trì nội dung tại tiết (1).\n"
        "- Sở Y tế chủ trì tiết (2), có sự tham gia của Hội Chữ thập đỏ tỉnh.\n"
    )
    assert roles(read, text) == [(["Công an tỉnh"], []), (["Sở Y tế"], ["Hội Chữ thập đỏ tỉnh"])]


def test_a_closing_paragraph_below_tasks_that_lost_their_heading_gives_its_duties(read):
    plan = read(
        "KẾ HOẠCH\nPhòng ngừa năm 2024\n\nUBND tỉnh ban hành kế hoạch:\nI. MỤC TIÊU\n1. Làm tốt.\n2. Làm nhanh.\n"
        "1. Công tác chung\n- Mở hai lớp bơi.\n2. Công tác khác\n- In tờ rơi.\n3. Sở Y tế khám sức khỏe.\n"
        "Định kỳ hằng quý, các đơn vị báo cáo về Sở Nội vụ vào các ngày 10/3, 10/6, 10/9 và 10/12.\n"
    )
    assert [(duty.period.value, duty.due, duty.to) for duty in plan.reporting] == [
        ("quarter", day, "Sở Nội vụ") for day in ("10/3", "10/6", "10/9", "10/12")
    ]


def test_a_report_may_go_to_the_office_named_by_its_kind_alone(read):
    plan = read(HEAD + "III. TỔ CHỨC THỰC HIỆN\n1. Báo cáo năm gửi về Sở (qua Phòng Tổng hợp) trước ngày 05/12.\n")
    assert [(duty.due, duty.to) for duty in plan.reporting] == [("5/12", "Sở (qua Phòng Tổng hợp)")]


@pytest.mark.parametrize("day", ["2O/6/2024", "20/o6/2024"])
def test_letters_that_a_scan_read_in_dates_are_figures(read, day):
    (task,) = read(HEAD + f"- Lập danh sách, hoàn thành trước ngày {day}.\n").tasks
    assert task.window == (None, date(2024, 6, 20))


def test_people_counted_within_a_stretch_of_time_have_that_window(read):
    (task,) = read(HEAD + "- Rà soát, thống kê người nghiện từ ngày 05/8/2024 đến ngày 05/9/2024.\n").tasks
    assert task.window == (date(2024, 8, 5), date(2024, 9, 5))


def test_a_rate_is_a_figure_with_what_it_is_counted_on(read):
    plan = read(HEAD.replace("Làm tốt.", "Tỷ suất tử vong dưới 15/1.000 trẻ em."))
    assert [(t.comparator, t.value, t.unit) for t in plan.targets] == [("<=", 15, "/1.000 trẻ em")]


def test_organs_that_issue_one_plan_together_are_all_its_issuers(read):
    plan = read(
        "CÔNG AN - SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI TỈNH SƠN HẢI\nKẾ HOẠCH\nPhối hợp năm 2024\n\n"
        "Công an tỉnh, Sở Xây dựng tỉnh Sơn Hải (sau đây gọi tắt là hai ngành) thống nhất ban hành Kế hoạch:\n"
        "I. NỘI DUNG\n1. Hai ngành trao đổi số liệu.\n"
    )
    assert plan.issuer == "Công an tỉnh, Sở Xây dựng tỉnh Sơn Hải"
    assert [task.lead for task in plan.tasks] == [("Hai ngành",)]
