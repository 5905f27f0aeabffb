"""Plans in articles, nested letters, labels that stand before what they speak of, lines that hand out by number."""

from __future__ import annotations

from datetime import date

import pytest

OPENING = "KẾ HOẠCH\nPhòng ngừa năm 2024\n\nUBND xã Bãi Ốc ban hành kế hoạch:\n"
HEAD = OPENING + "I. MỤC TIÊU\n1. Làm tốt.\nII. NHIỆM VỤ\n1. Chung\n"


def sections(read, text):
    return [(task.section, task.lead, task.coordinating) for task in read(text).tasks]


def test_articles_are_sections_by_their_number(read):
    plan = read(
        OPENING + "Điều 1. Mục tiêu\n1. Giảm 10% số vụ cháy.\nĐiều 2. Nhiệm vụ\n1. Truyền thông\n"
        "a) Trạm Y tế xã in tờ rơi.\nb) Công an xã kiểm tra kho.\n"
    )
    assert [(target.comparator, target.value) for target in plan.targets] == [("reduce", 10)]
    assert [(task.section, task.lead) for task in plan.tasks] == [
        ("2.1.a", ("Trạm Y tế xã",)),
        ("2.1.b", ("Công an xã",)),
    ]


def test_a_letter_with_a_number_replaces_the_letter_above(read):
    text = HEAD + "a) Phòng ngừa\na.1) Mở lớp bơi.\na.2. In tờ rơi.\nb) Kiểm tra kho.\n"
    assert [section for section, _, _ in sections(read, text)] == ["II.1.a.1", "II.1.a.2", "II.1.b"]


def test_a_whole_sentence_above_another_kind_of_bullet_is_a_task(read):
    assert len(sections(read, HEAD + "+ In tờ rơi về thoát nạn.\n• Mở lớp bơi cho trẻ em.\n")) == 2
    assert len(sections(read, HEAD + "+ Về truyền thông:\n• Mở lớp bơi cho trẻ em.\n")) == 1


def test_labels_may_stand_before_what_they_speak_of(read):
    text = HEAD + "* Chủ trì: Công an xã.\n* Phối hợp: Trạm Y tế xã.\n* Nội dung:\n- Kiểm tra kho.\n- Cắm biển báo.\n"
    assert sections(read, text) == [("II.1", ("Công an xã",), ("Trạm Y tế xã",))] * 2


def test_a_paragraph_may_hand_out_the_items_above_by_number(read):
    text = HEAD + (
        "(1) Kiểm tra kho.\n(2) Mở lớp bơi.\n"
        "Giao Trạm Y tế xã chủ trì thực hiện nội dung (2); Công an xã chủ trì thực hiện nội dung (1).\n"
    )
    assert sections(read, text) == [("II.1.1", ("Công an xã",), ()), ("II.1.2", ("Trạm Y tế xã",), ())]


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("Thu hút 1,5 triệu lượt khách.", ("=", 1_500_000, "lượt khách")),
        ("Có thêm 03 di sản được ghi danh.", ("=", 3, "di sản")),
        ("Có 8/10 thôn an toàn.", ("=", 8, "thôn")),
        ("Duy trì hoạt động của 20 tổ tự quản.", ("=", 20, "tổ tự quản")),
    ],
)
def test_large_and_other_counts(read, text, target):
    plan = read(HEAD.replace("Làm tốt.", text))
    assert [(each.comparator, each.value, each.unit) for each in plan.targets] == [target]


def test_a_school_year_is_a_year_to_report_on(read):
    text = OPENING + (
        "I. NHIỆM VỤ\n1. Mở lớp bơi.\nII. TỔ CHỨC THỰC HIỆN\n"
        "1. Gửi báo cáo học kỳ I trước ngày 15/01/2024, báo cáo năm học trước ngày 10/6/2024 về Phòng Giáo dục.\n"
    )
    assert [(duty.period.value, duty.due) for duty in read(text).reporting] == [
        ("half_year", "2024-01-15"),
        ("year", "2024-06-10"),
    ]


def test_an_issuer_of_an_area_needs_no_other_place_and_a_title_signs_nothing(read):
    plan = read(
        "SỞ Y TẾ\nTRUNG TÂM Y TẾ KHU VỰC BÃI ỐC\nBãi Ốc, ngày 04 tháng 9 năm 2024\nKẾ HOẠCH\nTiêm chủng năm 2024\n\n"
        "Trung tâm Y tế khu vực Bãi Ốc xây dựng kế hoạch:\nI. NHIỆM VỤ\n1. Tiêm chủng, xong trước ngày 01/12/2024.\n"
        "TM. BAN ĐẠI DIỆN\nTRƯỞNG BAN\nLưu Thị Sen\n"
    )
    assert (plan.issuer, plan.signer) == ("Trung tâm Y tế khu vực Bãi Ốc", "Lưu Thị Sen")
    assert [task.window for task in plan.tasks] == [(None, date(2024, 12, 1))]


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("Trồng mới 50.000 cây xanh.", ("=", 50_000, "cây xanh")),
        ("Không để xảy ra trên 02 vụ cháy.", ("<=", 2, "vụ")),
    ],
)
def test_what_is_made_is_counted_and_what_must_not_happen_more_often_is_a_limit(read, text, target):
    plan = read(HEAD.replace("Làm tốt.", text))
    assert [(each.comparator, each.value, each.unit) for each in plan.targets] == [target]


def test_items_numbered_with_a_slash_take_the_labels_below_them(read):
    text = HEAD + (
        "1.1/ Lễ ra quân\n+ Thời gian: ngày 01/6/2024.\n+ Đơn vị thực hiện: Trạm Y tế xã.\n"
        "1.2/ Hội thao\n+ Đơn vị thực hiện: Công an xã.\n"
    )
    assert [(task.section, task.lead, task.window) for task in read(text).tasks] == [
        ("II.1.1", ("Trạm Y tế xã",), (date(2024, 6, 1), date(2024, 6, 1))),
        ("II.1.2", ("Công an xã",), None),
    ]


def test_who_is_asked_leads_below_another_organs_heading(read):
    text = OPENING + "I. TỔ CHỨC THỰC HIỆN\n1. Công an xã\n- Kiểm tra kho.\n- Đề nghị Trạm Y tế xã tập huấn sơ cứu.\n"
    assert [task.lead for task in read(text).tasks] == [("Công an xã",), ("Trạm Y tế xã",)]


def test_a_youth_unions_number_and_name_carry_their_own_level(read):
    plan = read(
        "TỈNH ĐOÀN SƠN HẢI\nSố: 12-KH/TĐTN-PT\nSơn Hải, ngày 15 tháng 5 năm 2024\nKẾ HOẠCH\nHè tình nguyện năm 2024\n\n"
        "Ban Thường vụ Tỉnh đoàn xây dựng kế hoạch:\nI. NHIỆM VỤ\n1. Mở lớp bơi.\n"
    )
    assert (plan.number, plan.issuer) == ("12-KH/TĐTN-PT", "Ban Thường vụ Tỉnh đoàn Sơn Hải")


def test_a_name_in_a_cell_takes_its_last_small_words(read):
    table = "| TT | Nội dung | Chủ trì | Phối hợp |\n|---|---|---|---|\n"
    row = "| 1 | Đăng ký trực tuyến | Phòng Công nghệ thông tin | Phòng Hành chính quản trị, Tổ Bảo vệ |\n"
    (task,) = read(HEAD + table + row).tasks
    assert task.lead == ("Phòng Công nghệ thông tin",)
    assert task.coordinating == ("Phòng Hành chính quản trị", "Tổ Bảo vệ")


def test_a_range_of_change_is_one_target_reached_at_its_lower_end(read):
    plan = read(HEAD.replace("Làm tốt.", "Giảm từ 5% đến 10% số vụ cháy."))
    assert [(each.comparator, each.value, each.text) for each in plan.targets] == [
        ("reduce", 5, "Giảm từ 5% đến 10% số vụ cháy")
    ]


def test_a_date_line_below_the_title_is_no_part_of_it(read):
    plan = read(OPENING.replace("\n\n", "\nBãi Ốc, ngày 10 tháng 01 năm 2024\n\n") + "I. NHIỆM VỤ\n1. Mở lớp bơi.\n")
    assert (plan.title, plan.issued_on, plan.place) == ("Phòng ngừa năm 2024", date(2024, 1, 10), "Bãi Ốc")
