"""Sentences of the annotation rules that no other test of the reader states: each with its own invented text."""

from __future__ import annotations

from datetime import date

import pytest

from haidang.reading.normal_form import normal_form

OPENING = "KẾ HOẠCH\nPhòng ngừa năm 2024\n\nUBND tỉnh ban hành kế hoạch:\n"
HEAD = OPENING + "I. MỤC TIÊU\n1. Làm tốt.\n"
WORK = HEAD + "II. NHIỆM VỤ\n1. Chung\n"


def leads(read, text):
    return [(list(task.lead), list(task.coordinating)) for task in read(text).tasks]


@pytest.mark.parametrize(
    ("source", "form"),
    [
        ("**Mở** *lớp*", "Mở lớp"),
        ("## II. NHIỆM VỤ", "II. NHIỆM VỤ"),
        ("10 m<sup>2</sup>", "10 m2"),
        ("Mở<br>lớp", "Mở lớp"),
        ("Mở lớp\\r\\n", "Mở lớp"),
        ("Mở \t lớp\n\n\nhọc", "Mở lớp học"),
        ("| a |\n|---|\n| b |", "| a | | b |"),
        ("tạimọi đỉa phương phương", "tạimọi đỉa phương phương"),
    ],
)
def test_marks_and_spaces_go_and_misprints_stay(source, form):
    assert normal_form(source).text == form


@pytest.mark.parametrize(
    "line",
    ["Bãi Ốc, ngày 05 tháng      năm 2024", "Bãi Ốc, ngày … tháng … năm 2024", "Bãi Ốc, ngày     tháng 3 năm 2024"],
)
def test_a_blank_day_or_month_gives_no_date(read, line):
    reading = read(f"{line}\n{WORK}- Mở lớp.\n")
    assert (reading.issued_on, reading.place) == (None, "Bãi Ốc")


@pytest.mark.parametrize(
    "where",
    [
        "- Phát thanh trên địa bàn tỉnh Bãi Ốc.\n",
        "- Mở lớp.\nNơi nhận:\n- Lưu: VT.\nTM. UBND\nCHỦ TỊCH\nPHỤ LỤC\n(Kèm theo Kế hoạch của UBND tỉnh Bãi Ốc)\n",
        "- Đài Phát thanh và Truyền hình Bãi Ốc đưa tin.\n",
    ],
)
def test_the_place_may_be_named_anywhere_as_the_plans_own_territory(read, where):
    reading = read(WORK + where)
    assert (reading.issuer, reading.place) == ("UBND tỉnh Bãi Ốc", "Bãi Ốc")


def test_a_title_keeps_its_case_and_a_review_the_period_it_reviews(read):
    reading = read(
        "KẾ HOẠCH\nTổng kết 5 năm thực hiện Chương trình giai đoạn 2016 - 2020\n\nUBND tỉnh ban hành kế hoạch:\n"
        "I. NỘI DUNG\n- Đánh giá kết quả.\n"
    )
    assert reading.title == "Tổng kết 5 năm thực hiện Chương trình giai đoạn 2016 - 2020"
    assert (reading.year_from, reading.year_to) == (2016, 2020)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("Phấn đấu tỷ lệ hộ ký cam kết đạt 80%.", "tỷ lệ hộ ký cam kết đạt 80%"),
        ("Bảo đảm 100% tin báo được tiếp nhận.", "100% tin báo được tiếp nhận"),
        ("Kiềm chế, kéo giảm 5% số vụ.", "kéo giảm 5% số vụ"),
        ("Số vụ được khám phá tăng 10%.", "tăng 10%"),
    ],
)
def test_where_the_span_of_a_target_starts(read, text, span):
    (target,) = read(f"{OPENING}I. MỤC TIÊU\n1. {text}\nII. NHIỆM VỤ\n- Mở lớp.\n").targets
    assert target.text == span


def test_targets_stand_in_purposes_and_demands_too_and_in_tables_of_tasks_never(read):
    text = (
        f"{OPENING}I. MỤC ĐÍCH, YÊU CẦU\n1. Mục đích\n- 90% số xã có loa.\n2. Yêu cầu\n- Không quá 5% tin quá hạn.\n"
        "II. NHIỆM VỤ\n| STT | Nội dung | Chủ trì |\n|---|---|---|\n| 1 | Đạt 70% số xã có sổ | Sở Y tế |\n"
    )
    assert [(target.comparator, target.value) for target in read(text).targets] == [("=", 90), ("<=", 5)]


def test_objectives_give_no_tasks_and_the_organisation_section_does(read):
    text = f"{OPENING}I. YÊU CẦU\n- Làm nghiêm túc.\nII. TỔ CHỨC THỰC HIỆN\n1. Sở Y tế đôn đốc các xã.\n"
    assert [task.section for task in read(text).tasks] == ["II.1"]


def test_an_annex_table_of_tasks_counts_and_an_annex_outline_does_not(read):
    end = "Nơi nhận:\n- Lưu: VT.\nTM. UBND\nCHỦ TỊCH\nLò Thị Sao\n"
    table = "PHỤ LỤC\n| TT | Nhiệm vụ | Đơn vị chủ trì |\n|---|---|---|\n| 1 | Viết bài | Sở Y tế |\n"
    outline = "ĐỀ CƯƠNG BÁO CÁO\nI. KẾT QUẢ\n1. Công tác chỉ đạo.\n- Số văn bản.\n"
    assert [task.section for task in read(WORK + "- Mở lớp.\n" + end + table).tasks] == ["II.1", "PL.1"]
    assert [task.section for task in read(WORK + "- Mở lớp.\n" + end + outline).tasks] == ["II.1"]


def test_a_decimal_number_stands_for_the_number_it_repeats(read):
    text = HEAD + "II. NHIỆM VỤ\n2. Chung\n2.1. Truyền thông\na) Mở lớp.\n2.2. In sách.\n"
    assert [task.section for task in read(text).tasks] == ["II.2.1.a", "II.2.2"]


@pytest.mark.parametrize(
    ("item", "start"),
    [
        ("Tháng 7/2024: Mở lớp.", "Tháng 7/2024: Mở lớp."),
        ("Sở Y tế: Mở lớp.", "Sở Y tế: Mở lớp."),
        ("Treo áp phích tại bến xe, bến tàu, nhà ga, chợ và nơi đông người.", None),
    ],
)
def test_the_text_begins_right_after_the_bullet(read, item, start):
    (task,) = read(WORK + f"- {item}\n").tasks
    assert task.text_start == (start or item[:60].rstrip())


@pytest.mark.parametrize(
    ("words", "lead"),
    [
        ("Đề nghị Tỉnh đoàn mở lớp.", "Tỉnh đoàn"),
        ("Giao Sở Y tế mở lớp.", "Sở Y tế"),
        ("Mời Hội Luật gia tỉnh mở lớp.", "Hội Luật gia tỉnh"),
        ("Công an tỉnh (khu vực nội địa) mở lớp.", "Công an tỉnh"),
        ("Công an tỉnh (Cơ quan thường trực Ban Chỉ đạo) mở lớp.", "Công an tỉnh"),
        ("Công an tỉnh (Phòng Tham mưu) mở lớp.", "Công an tỉnh (Phòng Tham mưu)"),
    ],
)
def test_a_name_is_as_written_without_what_asks_and_what_explains(read, words, lead):
    assert leads(read, WORK + f"- {words}\n") == [([lead], [])]


def test_helpers_of_the_item_do_not_join_those_that_the_bracket_names(read):
    text = WORK + "- Mở lớp; phối hợp với Tỉnh đoàn in sách (Sở Y tế chủ trì, phối hợp với Công an tỉnh).\n"
    assert leads(read, text) == [(["Sở Y tế"], ["Công an tỉnh"])]


def test_a_lone_bracket_reaches_back_to_the_bracket_before_it(read):
    text = HEAD + (
        "II. NHIỆM VỤ\n6. Chung\n6.1. Mở lớp.\n6.2. In sách.\n\n(Sở Y tế thực hiện)\n\n6.3. Phát thanh.\n"
        "6.4. Sở Tư pháp chủ trì tập huấn.\n\n(Công an tỉnh thực hiện)\n"
    )
    assert [lead for lead, _ in leads(read, text)] == [["Sở Y tế"], ["Sở Y tế"], ["Công an tỉnh"], ["Sở Tư pháp"]]


def test_nothing_named_gives_empty_lists(read):
    assert leads(read, WORK + "- Nâng cao nhận thức của nhân dân.\n") == [([], [])]


@pytest.mark.parametrize("same", ["nt", "Như trên", "-nt-"])
def test_a_cell_may_take_the_one_above_and_a_dash_is_empty(read, same):
    table = (
        "| STT | Nội dung | Chủ trì | Phối hợp |\n|---|---|---|---|\n"
        f"| 1 | Mở lớp | Sở Y tế | Công an tỉnh |\n| 2 | In sách | {same} | - |\n"
    )
    assert leads(read, HEAD + "II. NHIỆM VỤ\n" + table) == [(["Sở Y tế"], ["Công an tỉnh"]), (["Sở Y tế"], [])]


@pytest.mark.parametrize(
    "item",
    [
        "Báo cáo đột xuất về Công an tỉnh khi có yêu cầu.",
        "Định kỳ báo cáo về Công an tỉnh.",
        "Hằng tháng báo cáo về Công an tỉnh trước ngày 20.",
    ],
)
def test_reports_without_a_period_that_counts_are_no_duties(read, item):
    assert read(HEAD + f"II. TỔ CHỨC THỰC HIỆN\n1. {item}\n").reporting == ()


@pytest.mark.parametrize(
    ("date_as_written", "due"),
    [("02/03", "2/3"), ("12/3/2024", "2024-03-12"), ("15 của tháng cuối quý", "15 của tháng cuối quý")],
)
def test_due_dates_are_without_zeros_or_iso_or_the_rule_as_written(read, date_as_written, due):
    text = HEAD + f"II. TỔ CHỨC THỰC HIỆN\n1. Báo cáo quý trước ngày {date_as_written} về Công an tỉnh.\n"
    assert [duty.due for duty in read(text).reporting] == [due]


def test_a_day_in_a_name_and_a_year_in_a_goal_give_no_window(read):
    text = WORK + "- Hưởng ứng Ngày toàn dân 30/7.\n- Mở lớp để đến năm 2025 mọi xã có tổ trực.\n"
    assert [task.window for task in read(text).tasks] == [None, None]


def test_in_wrapped_text_what_follows_belongs_to_the_item_above_and_page_numbers_go(read):
    text = HEAD + (
        "II. NHIỆM VỤ\n- Mở lớp cho cán bộ các xã, thị trấn về cách nhận biết người có nguy cơ\nbị lừa gạt, cách hỏi"
        " chuyện và cách báo tin; mời người từng trở về kể lại\n\n2\n\ncâu chuyện của mình khi họ tự nguyện.\n- In sách"
        " bỏ túi bằng chữ to, có hình vẽ cho người không đọc thông viết\nthạo; phát cho từng hộ trước ngày 15/5/2024.\n"
        "- Họp rút kinh nghiệm.\n"
    )
    found = read(text).tasks
    assert [task.text[:8] for task in found] == ["Mở lớp c", "In sách ", "Họp rút "]
    assert found[0].text.endswith("kể lại câu chuyện của mình khi họ tự nguyện.")
    assert found[1].window == (None, date(2024, 5, 15))
