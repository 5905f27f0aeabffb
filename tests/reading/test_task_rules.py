"""RULES of tasks: which items count, how they are cut, their sections, texts and windows."""

from __future__ import annotations

from datetime import date

import pytest

HEAD = "KẾ HOẠCH\nPhòng ngừa năm 2024\n\nUBND tỉnh ban hành kế hoạch:\nI. MỤC TIÊU\n1. Làm tốt.\n"


def tasks(read, text):
    return read(HEAD + text).tasks


def sections(read, text):
    return [(task.section, task.text) for task in tasks(read, text)]


def test_one_task_per_bullet_or_numbered_item(read):
    found = sections(
        read, "II. NHIỆM VỤ\n1. Truyền thông\n- Treo áp phích.\n- Phát thanh.\n2. Tập huấn cho cán bộ xã.\n"
    )
    assert found == [("II.1", "Treo áp phích."), ("II.1", "Phát thanh."), ("II.2", "Tập huấn cho cán bộ xã.")]


def test_an_item_ending_in_a_colon_is_a_lead_in(read):
    found = sections(read, "II. NHIỆM VỤ\n1. Làm các việc sau:\n- Treo áp phích.\n- Phát thanh.\n")
    assert [text for _, text in found] == ["Treo áp phích.", "Phát thanh."]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("II. NHIỆM VỤ\n1. Truyền thông\nSở Y tế tổ chức truyền thông.\n", 1),
        ("II. NHIỆM VỤ\n1. Truyền thông\n- Phát thanh.\n\nĐây là lời giải thích chung cho mục trên.\n", 1),
        ("II. NHIỆM VỤ\n- Phát thanh.\nIII. KINH PHÍ\n1. Từ ngân sách tỉnh.\n", 1),
        ("II. NHIỆM VỤ\n- Phát thanh.\n3. Kinh phí thực hiện do ngân sách bảo đảm.\n", 1),
        ("II. NHIỆM VỤ\n- Phát thanh.\nTrên đây là Kế hoạch năm 2024, yêu cầu các sở thực hiện./.\n", 1),
        ("II. NHIỆM VỤ\n- Phát thanh.\nNơi nhận:\n- Lưu: VT.\nĐỀ CƯƠNG BÁO CÁO\n1. Kết quả.\n- Số vụ.\n", 1),
    ],
    ids=[
        "paragraph that assigns",
        "paragraph that explains",
        "funding",
        "funding item",
        "closing",
        "after the signature",
    ],
)
def test_what_counts_and_what_is_left_out(read, text, count):
    assert len(tasks(read, text)) == count


def test_items_that_do_nothing_but_report_are_left_out(read):
    found = sections(
        read,
        "II. TỔ CHỨC THỰC HIỆN\n1. Các sở xây dựng kế hoạch của mình.\n"
        "2. Định kỳ hằng quý (trước ngày 12/3), các sở báo cáo kết quả về Công an tỉnh.\n",
    )
    assert [section for section, _ in found] == ["II.1"]


def test_a_part_with_its_own_bracket_is_its_own_task(read):
    found = tasks(
        read,
        "II. NHIỆM VỤ\n- Treo áp phích; phát tờ rơi (Sở Y tế thực hiện); phát thanh mỗi tuần "
        "(Công an tỉnh chủ trì thực hiện). "
        "Nhắn tin (Sở Tư pháp thực hiện).\n",
    )
    assert [(task.text.split(" (")[0], task.lead) for task in found] == [
        ("Treo áp phích; phát tờ rơi", ("Sở Y tế",)),
        ("phát thanh mỗi tuần", ("Công an tỉnh",)),
        ("Nhắn tin", ("Sở Tư pháp",)),
    ]


def test_semicolons_and_inline_enumerations_do_not_split(read):
    assert (
        len(
            tasks(read, "II. NHIỆM VỤ\n- Đánh giá: (1) phòng ngừa; (2) xử lý; (3) hỗ trợ; treo áp phích; phát thanh.\n")
        )
        == 1
    )


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("II. NHIỆM VỤ\n2. Chung\na) Việc\n(3) Làm.\n", ["II.2.a.3"]),
        ("II. NHIỆM VỤ\n1. Làm.\n3. Làm tiếp.\n", ["II.1", "II.3"]),
        ("II. NHIỆM VỤ\n2. Chung\n2.1. Riêng\nb. Làm.\nb. Làm tiếp.\n", ["II.2.1.b", "II.2.1.b"]),
        ("Phần thứ hai\nNHIỆM VỤ\n1. Làm.\n", ["Hai.1"]),
        ("B. NHIỆM VỤ\nI. CHUNG\n1. Làm.\n", ["B.I.1"]),
    ],
)
def test_sections_are_the_labels_as_printed(read, text, labels):
    assert [section for section, _ in sections(read, text)] == labels


def test_a_point_is_labelled_by_its_number(read):
    text = (
        "KẾ HOẠCH\nPhòng ngừa năm 2024\n\nUBND tỉnh ban hành kế hoạch:\n"
        "Điểm 1. MỤC TIÊU\n- Tốt.\nĐiểm 2. NHIỆM VỤ\n- Làm.\n"
    )
    assert [(task.section, task.text) for task in read(text).tasks] == [("2", "Làm.")]


def test_roman_headings_lost_the_path_starts_with_what_is_printed(read):
    text = (
        "KẾ HOẠCH\nPhòng ngừa năm 2024\n\nUBND tỉnh ban hành kế hoạch:\n"
        "1. Mục đích\n- Làm tốt.\n2. Nhiệm vụ\n2.1. Treo áp phích.\n"
    )
    assert [(task.section, task.text) for task in read(text).tasks] == [("2.1", "Treo áp phích.")]


def test_glued_headings_are_taken_apart(read):
    text = (
        "KẾ HOẠCH\nPhòng ngừa năm 2024\n\nUBND tỉnh ban hành kế hoạch:\n**I. MỤC TIÊU"
        ", CHỈ TIÊU****1. Mục tiêu**\n- Tốt.\nII. NHIỆM VỤ\n- Làm.\n"
    )
    assert [(task.section, task.text) for task in read(text).tasks] == [("II", "Làm.")]


def test_literal_line_breaks_break_lines(read):
    assert sections(read, "II. NHIỆM VỤ\\r\\n- Treo áp phích.\\r\\n- Phát thanh.") == [
        ("II", "Treo áp phích."),
        ("II", "Phát thanh."),
    ]


def test_text_start_is_sixty_characters_without_a_cut_space(read):
    (task,) = tasks(read, "II. NHIỆM VỤ\n- Sở Y tế: " + "tuyên truyền rộng rãi " * 8 + ".\n")
    assert task.text_start == task.text[:60].rstrip()
    assert task.text_start.startswith("Sở Y tế: tuyên truyền")


@pytest.mark.parametrize(
    ("phrase", "window"),
    [
        ("trong quý III/2022", (date(2022, 7, 1), date(2022, 9, 30))),
        ("trong tháng 7/2022", (date(2022, 7, 1), date(2022, 7, 31))),
        ("từ ngày 01/7/2025 đến hết 30/9/2025", (date(2025, 7, 1), date(2025, 9, 30))),
        ("từ ngày 01/7 đến 15/8", (date(2024, 7, 1), date(2024, 8, 15))),
        ("vào ngày 30/7/2024", (date(2024, 7, 30), date(2024, 7, 30))),
        ("trước ngày 20/6/2025", (None, date(2025, 6, 20))),
        ("chậm nhất ngày 15/11", (None, date(2024, 11, 15))),
        ("xong trong năm", (None, date(2024, 12, 31))),
        ("cả năm", None),
        ("thường xuyên", None),
        ("hằng năm", None),
        ("theo Quyết định số 7/QĐ-UBND ngày 10/5/2016", None),
        ("hưởng ứng Ngày toàn dân phòng, chống mua bán người 30/7", None),
        ("với mục tiêu trong năm 2025 giảm số vụ", None),
        ("giai đoạn 2021 - 2025", None),
    ],
)
def test_windows(read, phrase, window):
    (task,) = tasks(read, f"II. NHIỆM VỤ\n- Treo áp phích tại bến xe {phrase}.\n")
    assert task.window == window


def test_a_bracketed_deadline_counts(read):
    (task,) = tasks(read, "II. TIẾN ĐỘ\n1. Các sở xây dựng xong kế hoạch (hoàn thành trước ngày 20/4/2025).\n")
    assert task.window == (None, date(2025, 4, 20))


def test_rows_of_a_table_in_the_body_take_heading_and_number(read):
    table = (
        "II. NHIỆM VỤ\n2. Phân công\n| STT | Nội dung công việc | Cơ quan chủ trì | Cơ quan phối hợp "
        "| Thời gian hoàn thành |\n|---|---|---|---|---|\n"
        "| 1 | Mở hội nghị | Công an huyện | Phòng Y tế, UBND các xã | Quý I/2024 |\n| 2 "
        "| Rà soát hộ nghèo | nt | - | Tháng 5/2024 |\n"
    )
    found = tasks(read, table)
    assert [(task.section, task.text, task.lead, task.coordinating, task.window) for task in found] == [
        ("II.2.1", "Mở hội nghị", ("Công an huyện",), ("Phòng Y tế", "UBND các xã"), (None, date(2024, 3, 31))),
        ("II.2.2", "Rà soát hộ nghèo", ("Công an huyện",), (), (None, date(2024, 5, 31))),
    ]


def test_rows_of_an_annex_take_group_and_number(read):
    annex = (
        "II. NHIỆM VỤ\n1. Theo phụ lục.\nNơi nhận:\n- Lưu: VT.\nTM. UBND\nCHỦ TỊCH\nPHỤ LỤC\n"
        "| TT | Nhiệm vụ | Đơn vị chủ trì | Đơn vị phối hợp | Thời gian |\n|---|---|---|---|---|\n| I "
        "| Tuyên truyền | | | |\n"
        "| 1 | Viết bài | Sở Y tế | nt | Tháng 3/2024 |\n| II | Xử lý | | | |\n| 1 | Kiểm tra "
        "| Công an tỉnh | - | Quý II |\n"
    )
    found = tasks(read, annex)
    assert [(task.section, task.text, task.lead) for task in found[1:]] == [
        ("PL.I.1", "Viết bài", ("Sở Y tế",)),
        ("PL.II.1", "Kiểm tra", ("Công an tỉnh",)),
    ]


def test_every_task_says_where_and_why(read):
    reading = read(HEAD + "II. NHIỆM VỤ\n- Treo áp phích (Sở Y tế thực hiện).\n")
    (task,) = reading.tasks
    assert reading.text[task.span[0] : task.span[1]] == task.text
    assert task.rule == "task.bullet+bracket"
    assert 0.9 <= task.confidence <= 1


def test_a_line_that_only_mentions_an_annex_does_not_end_the_plan(read):
    found = sections(
        read, "II. NHIỆM VỤ\n1. Mở lớp học (chi tiết tại\nPhụ lục kèm theo).\n2. In sách.\nNơi nhận:\n- Lưu: VT.\n"
    )
    assert [section for section, _ in found] == ["II.1", "II.2"]


def test_a_heading_that_names_a_post_does_not_end_the_plan(read):
    found = sections(read, "II. TRÁCH NHIỆM CỦA\nGIÁM ĐỐC CÁC SỞ\n1. In sách.\nNơi nhận:\n- Lưu: VT.\n")
    assert found == [("II.1", "In sách.")]


def test_an_outline_after_the_closing_mark_is_no_task_list_even_unsigned(read):
    found = sections(
        read, "II. NHIỆM VỤ\n1. In sách./.\nĐỀ CƯƠNG BÁO CÁO\n1. Kết quả in sách.\nNơi nhận:\n- Như trên.\n"
    )
    assert found == [("II.1", "In sách./.")]


def test_in_wrapped_text_a_heading_that_fills_its_line_still_holds_its_bullets(read):
    lines = [
        "II. NHIỆM VỤ",
        "1. Công tác tiếp nhận, bảo vệ và hỗ trợ nạn nhân trở về địa bàn tỉnh",
        "- Đón tiếp, bố trí nơi ở tạm an toàn, giữ kín thông tin của nạn nhân và",
        "người thân thích; khám sức khỏe ban đầu.",
        "- Giúp làm lại giấy tờ tùy thân, nối lại việc học hoặc việc làm ở nơi cư",
        "trú mới, có người đi cùng khi cần.",
        "2. Kết nối với các sở, ngành thuộc lĩnh vực lao động, y tế, tư pháp",
        "- Lập danh bạ người trực; chuyển tuyến trong ngày, không để nạn nhân phải",
        "kể lại chuyện cũ nhiều lần.",
    ]
    found = sections(read, "\n".join(lines) + "\n")
    assert [(section, text[:8]) for section, text in found] == [
        ("II.1", "Đón tiếp"),
        ("II.1", "Giúp làm"),
        ("II.2", "Lập danh"),
    ]


@pytest.mark.parametrize(
    ("line", "section"),
    [("2. {}", "II.2"), ("b) {}", "II.b"), ("- {}", "II"), ("{}", "II")],
)
@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script> Sở Tư pháp xây dựng chuyên mục.",
        "<b>Sở Tư pháp</b> xây dựng chuyên mục.",
    ],
)
def test_a_tag_left_in_the_text_loses_no_task(read, line, section, text):
    plan = read(
        "KẾ HOẠCH\nPhòng ngừa năm 2024\n\nUBND tỉnh ban hành kế hoạch:\nI. MỤC TIÊU\n1. Tốt.\n"
        f"II. NHIỆM VỤ\n{line.format(text)}\nNơi nhận:\n- Sở Y tế.\n"
    )
    (task,) = plan.tasks
    assert (task.section, task.text, task.lead) == (section, text, ("Sở Tư pháp",))
