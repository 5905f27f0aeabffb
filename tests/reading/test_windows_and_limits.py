"""Windows over several years, limits in days, directions that are refused, and headers that pages left in the text."""

from __future__ import annotations

from datetime import date

import pytest

HEAD = "KẾ HOẠCH\nPhòng ngừa năm 2024\n\nUBND tỉnh ban hành kế hoạch:\nI. MỤC TIÊU\n"


@pytest.mark.parametrize(
    ("words", "window"),
    [
        ("từ quý II/2023 đến quý I/2025", (date(2023, 4, 1), date(2025, 3, 31))),
        ("từ tháng 11/2023 đến tháng 02/2024", (date(2023, 11, 1), date(2024, 2, 29))),
        ("trong các tháng 4, 5, 6 năm 2024", (date(2024, 4, 1), date(2024, 6, 30))),
        ("trong quý II và quý III", (date(2024, 4, 1), date(2024, 9, 30))),
        (". Thời gian hoàn thành: tháng 5/2024", (None, date(2024, 5, 31))),
        (". Thời gian hoàn thành: Quý II/2024", (None, date(2024, 6, 30))),
        (". Hoàn thành: 15/8/2024", (None, date(2024, 8, 15))),
        ("từ quý IV/2024 đến quý I/2024", None),
    ],
)
def test_windows(read, words, window):
    (task,) = read(HEAD + f"1. Làm tốt.\nII. NHIỆM VỤ\n1. Chung\n- Mở lớp {words}.\n").tasks
    assert task.window == window


@pytest.mark.parametrize(
    ("words", "window", "strict"),
    [
        ("trước ngày 30/6/2024", (None, date(2024, 6, 30)), True),
        ("trước 30/6", (None, date(2024, 6, 30)), True),
        ("xong trước ngày 30/6/2024", (None, date(2024, 6, 30)), True),
        ("chậm nhất trước ngày 30/6/2024", (None, date(2024, 6, 30)), True),
        ("trước tháng 7/2024", (None, date(2024, 7, 1)), True),
        ("chậm nhất ngày 30/6/2024", (None, date(2024, 6, 30)), False),
        ("đến hết ngày 30/6/2024", (None, date(2024, 6, 30)), False),
        ("từ ngày 01/5/2024 đến ngày 30/6/2024", (date(2024, 5, 1), date(2024, 6, 30)), None),
    ],
)
def test_a_deadline_keeps_its_date_and_whether_the_day_itself_is_too_late(read, words, window, strict):
    (task,) = read(HEAD + f"1. Làm tốt.\nII. NHIỆM VỤ\n1. Chung\n- Mở lớp {words}.\n").tasks
    assert (task.window, task.strict) == (window, strict)


def test_a_deadline_in_a_line_below_its_task_is_strict_too(read):
    text = HEAD + "1. Làm tốt.\nII. NHIỆM VỤ\n1. Mở lớp cho cán bộ.\n- Thời gian: trước ngày 30/6/2024.\n"
    assert [(task.window, task.strict) for task in read(text).tasks] == [((None, date(2024, 6, 30)), True)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thời gian trả lời đơn không quá 20 ngày.", [("<=", 20, "ngày")]),
        ("Tối thiểu 12 giờ phát sóng.", [(">=", 12, "giờ")]),
        ("Tỷ lệ mắc dưới 90 ca/100.000 dân.", [("<=", 90, "ca")]),
        ("Họp trước ngày 20 tháng 5.", []),
        ("Không để tăng số vụ cháy.", []),
        ("Tăng số vụ được khám phá.", [("increase", None, None)]),
        ("Triệt phá 04 đường dây buôn lậu.", [("=", 4, "đường dây")]),
    ],
)
def test_limits_in_time_are_targets_and_refused_directions_are_not(read, text, expected):
    plan = read(HEAD + f"1. {text}\nII. NHIỆM VỤ\n1. Sở Y tế mở lớp.\n")
    assert [(target.comparator, target.value, target.unit) for target in plan.targets] == expected


@pytest.mark.parametrize(
    "headers",
    [
        ["Chương trình Sơn Hải xanh\n{page}\n"] * 3,
        ["{page}\nSƠN HẢI XANH\n"] * 3,
        ["Sơn Hải xanh - trang {page}\n"] * 3,
    ],
    ids=["above the number", "below the number", "with the number"],
)
def test_a_header_that_comes_back_on_every_page_is_no_text(read, headers):
    one, two, three = (header.format(page=page) for page, header in enumerate(headers, start=2))
    text = (
        HEAD + f"1. Làm tốt.\nII. NHIỆM VỤ\n1. Chung\n- In sách (Sở Văn hóa,\n{one}Thể thao và Du lịch chủ trì).\n"
        f"- Mở lớp (Sở Y tế chủ trì, phối hợp với\n{two}Sở Nội vụ).\n- Gửi\n{three}thư.\n"
    )
    assert [(task.lead, task.coordinating) for task in read(text).tasks] == [
        (("Sở Văn hóa, Thể thao và Du lịch",), ()),
        (("Sở Y tế",), ("Sở Nội vụ",)),
        ((), ()),
    ]
    assert read(text).tasks[-1].text == "Gửi thư."


def test_a_line_that_only_comes_back_is_text(read):
    text = (
        HEAD
        + "1. Làm tốt.\nII. NHIỆM VỤ\n"
        + "".join(f"{n}. Việc {n}\nSở Y tế thực hiện các nội dung sau:\n- Mở lớp {n}.\n" for n in range(1, 5))
    )
    assert [task.lead for task in read(text).tasks] == [("Sở Y tế",)] * 4
