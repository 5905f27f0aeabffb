"""Text broken at a width, and scans: paragraphs end where a line had room left; misread marks are understood."""

from __future__ import annotations

import textwrap

import pytest

from haidang.reading.misreadings import Mender

HEAD = "KẾ HOẠCH\nPhòng ngừa năm 2024\n\nUBND tỉnh ban hành kế hoạch:\nI. MỤC TIÊU\n1. Làm tốt.\n"
PARAGRAPHS = [
    "II. NHIỆM VỤ",
    "1. Truyền thông, vận động người dân ở các bản",
    "Phòng Văn hóa chủ trì, phối hợp với Trạm Y tế các xã biên soạn tài liệu ngắn, dễ hiểu, có hình vẽ, in hai thứ "
    "tiếng; phát tận tay từng hộ ở các bản xa trung tâm.",
    "Các cơ sở lưu trú ký cam kết không che giấu khách lạ, báo ngay cho Công an xã khi thấy có dấu hiệu bất thường "
    "trong việc đưa đón người trẻ tuổi đi xa.",
    "2. Tuần tra",
    "- Tuần tra đường mòn vào ban đêm, nhất là những ngày có chợ phiên và những dịp lễ, khi người qua lại đông hơn "
    "ngày thường nhiều lần.",
    "- Kiểm tra bến bãi, nhắc nhở chủ xe, chủ thuyền không nhận chở người không rõ lai lịch qua sông trong đêm tối.",
    "",
    "(Công an huyện chủ trì, phối hợp với Đồn Biên phòng Bãi Ốc, Ban Chỉ huy Quân sự huyện, UBND các xã ven sông thực "
    "hiện)",
    "",
    "4. Họp rút kinh nghiệm sau mỗi đợt với đủ các thành phần đã tham gia.",
]
FOUND = [
    ("II.1", "Phòng Văn hóa", ("Phòng Văn hóa",)),
    ("II.1", "Các cơ sở lưu trú", ("Các cơ sở lưu trú",)),
    ("II.2", "Tuần tra đường mòn", ("Công an huyện",)),
    ("II.2", "Kiểm tra bến bãi,", ("Công an huyện",)),
    ("II.4", "Họp rút kinh nghiệm", ()),
]


@pytest.mark.parametrize("width", [66, 72, 96])
@pytest.mark.parametrize("blank_lines", [True, False])
def test_paragraphs_lone_brackets_and_skipped_numbers_survive_hard_wrapping(read, width, blank_lines):
    lines = [textwrap.fill(part, width, break_on_hyphens=False) for part in PARAGRAPHS if part or blank_lines]
    found = read(HEAD + ("\n\n" if blank_lines else "\n").join(lines) + "\n").tasks
    assert [
        (task.section, task.text[: len(start)], task.lead) for task, (_, start, _) in zip(found, FOUND, strict=True)
    ] == FOUND


def test_a_title_broken_inside_its_period_is_whole(read):
    reading = read(
        "KẾ HOẠCH\nPHÒNG NGỪA TRÊN ĐỊA BÀN TỈNH BÃI ỐC GIAI ĐOẠN 2023 -\n2025\n(Kèm theo Quyết định số 7/QĐ-UBND)\n"
        "Thực hiện Chỉ thị số 5/CT-TTg, UBND tỉnh ban hành:\nI. NHIỆM VỤ\n- Mở lớp.\n"
    )
    assert (reading.year_from, reading.year_to) == (2023, 2025)
    assert reading.legal_bases == ("5/CT-TTg",)


def test_a_plan_whose_first_headings_are_lost_or_glued_is_still_read(read):
    reading = read(
        "KẾ HOẠCH\nPhòng ngừa\n\nUBND tỉnh ban hành:\nMỤC TIÊU1. Chung\n- 90% số xã có loa.\n2. Riêng\n- Tốt.\n"
    )
    assert [target.value for target in reading.targets] == [90]
    assert [task.section for task in read("KẾ HOẠCH\nA\n\nUBND tỉnh ban hành:\n3. Việc\n- Mở lớp.\n").tasks] == ["3"]


def test_misread_marks_of_role_words_are_understood_and_kept_as_printed(read):
    text = HEAD + "II. NHIỆM VỤ\n- In sách (Sở Y tế chù trì, phôi hợp với Cóng an tỉnh thực hiên).\n"
    (task,) = read(text).tasks
    assert (task.lead, task.coordinating) == (("Sở Y tế",), ("Cóng an tỉnh",))
    assert "chù trì, phôi hợp" in task.text


@pytest.mark.parametrize("heading", ["Nơi nhân:", "Nơi nhặn:"])
def test_misread_recipients_still_end_the_plan(read, heading):
    reading = read(HEAD + f"II. NHIỆM VỤ\n- Mở lớp.\n{heading}\n- Sở Y tế;\n- Lưu: VT.\n")
    assert reading.recipients == ("Sở Y tế", "Lưu: VT")
    assert len(reading.tasks) == 1


def test_a_word_printed_twice_is_one(read):
    (task,) = read(HEAD + "II. NHIỆM VỤ\n- Các sở, ban ban, ngành, đoàn thể thể tỉnh mở lớp.\n").tasks
    assert task.lead == ("Các sở, ban, ngành, đoàn thể tỉnh",)


@pytest.mark.parametrize(
    ("said", "mended"),
    [
        ("phôi hợp", "phối hợp"),
        ("PHÔI HỢP", "PHỐI HỢP"),
        ("Báo Cao Nguyên", "Báo Cao Nguyên"),
        ("phối hợp", "phối hợp"),
    ],
)
def test_mending_keeps_the_length_and_leaves_names_alone(said, mended):
    assert Mender(["phối hợp", "báo cáo"]).mended(said) == mended
    assert Mender([]).mended(said) == said


@pytest.mark.parametrize(
    ("text", "is_plan", "is_empty"),
    [
        ("KẾ HOẠCH", True, True),
        ("KẾ HOẠCH\nPhòng ngừa năm 2024\n\nUBND tỉnh ban hành kế hoạch.\n", True, True),
        ("", False, True),
        (HEAD + "II. NHIỆM VỤ\n- Mở lớp.\n", True, False),
        ("KẾ HOẠCH\nPhòng ngừa\n\nUBND tỉnh ban hành:\nI. MỤC TIÊU\n1. 90% số xã có loa.\n", True, False),
    ],
)
def test_a_plan_with_nothing_to_follow_is_told_apart(read, text, is_plan, is_empty):
    reading = read(text)
    assert (reading.is_plan, reading.is_empty) == (is_plan, is_empty)


@pytest.mark.parametrize(
    ("text", "lead", "coordinating"),
    [
        ("In sách (Sở Y tế chủtrì, phối hợpvới Công an tỉnh).", ("Sở Y tế",), ("Công an tỉnh",)),
        ("Sở Y tế chủ trì, phốihợp với UBND tỉnhBãi Ốc in sách.", ("Sở Y tế",), ("UBND tỉnhBãi Ốc",)),
    ],
)
def test_lost_spaces_are_understood_and_stay_lost(read, text, lead, coordinating):
    (task,) = read(HEAD + f"II. NHIỆM VỤ\n- {text}\n").tasks
    assert (task.lead, task.coordinating) == (lead, coordinating)


def test_a_title_and_dates_that_lost_their_spaces(read):
    reading = read(
        "Số: 7/QĐ-UBND\nKẾ HOẠCHTHỰC HIỆN CHƯƠNG TRÌNH NĂM 2024\nTheo Quyết định số 9/QĐ-TTg ngày31/8/2022, UBND tỉnh "
        "ban hành kế hoạch:\nI. NHIỆM VỤ\n- Mở lớp từ ngày01/7/2024 đến ngày30/9/2024.\n"
    )
    assert (reading.title, reading.legal_bases) == ("THỰC HIỆN CHƯƠNG TRÌNH NĂM 2024", ("9/QĐ-TTg",))
    assert [day.isoformat() for day in reading.tasks[0].window] == ["2024-07-01", "2024-09-30"]
