"""RULES of the header: number, date, issuer, place, title, years, legal bases, recipients, signer."""

from __future__ import annotations

from datetime import date

import pytest

BODY = "\nI. MỤC TIÊU\n1. Làm tốt.\nII. NHIỆM VỤ\n- Mở lớp học.\n"


def plan(head="", title="Phòng ngừa năm 2024", opening="UBND tỉnh ban hành kế hoạch như sau:", tail=""):
    return f"{head}\nKẾ HOẠCH\n{title}\n\n{opening}{BODY}{tail}"


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("Số: 12/KH-UBND", "12/KH-UBND"),
        ("Số: 0 47/KH - UBND", "047/KH-UBND"),
        ("Số: 412 /KH-UBND", "412/KH-UBND"),
        ("Số:      /KH-UBND", None),
        ("Số: 19/KH-BCĐ138/CP", "19/KH-BCĐ138/CP"),
        ("", None),
    ],
)
def test_the_number_comes_from_the_number_line_without_spaces(read, line, number):
    assert read(plan(line)).number == number


def test_a_number_in_an_annex_caption_never_counts(read):
    tail = "Nơi nhận:\n- Lưu: VT.\nTM. UBND\nCHỦ TỊCH\nPHỤ LỤC\n(Kèm theo Kế hoạch Số: 45/KH-UBND ngày 2/3/2024)"
    assert read(plan(tail=tail)).number is None


def test_a_two_column_letterhead_on_one_line_gives_number_place_and_date(read):
    reading = read(
        plan("Số: 7/KH-UBND          Hạ Lũng, ngày 05 tháng 3 năm 2024", opening="UBND huyện ban hành kế hoạch:")
    )
    assert (reading.number, reading.place, reading.issued_on) == ("7/KH-UBND", "Hạ Lũng", date(2024, 3, 5))
    assert reading.issuer == "UBND huyện Hạ Lũng"


def test_a_blank_day_leaves_the_date_open_and_keeps_the_place(read):
    reading = read(plan("Sơn Hải, ngày     tháng 5 năm 2024"))
    assert reading.issued_on is None
    assert reading.place == "Sơn Hải"


def test_a_wrapped_plan_takes_the_decisions_number_date_signer_and_bases_and_its_own_title(read):
    decision = (
        "Số: 88/QĐ-UBND\nSơn Hải, ngày 12 tháng 5 năm 2022\nQUYẾT ĐỊNH\nVề việc ban hành kế hoạch\n"
        "Căn cứ Nghị định số 20/2021/NĐ-CP;\nTheo Tờ trình số 7/TTr-SYT.\nQUYẾT ĐỊNH:\nĐiều 1. Ban hành.\n"
        "Nơi nhận:\n- Như Điều 1;\n- Lưu: VT.\nTM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\nLò Vạn Thụ\n"
    )
    reading = read(
        plan(decision, "Chăm sóc trẻ em giai đoạn 2022 - 2025", "Thực hiện Quyết định số 9/QĐ-TTg, UBND tỉnh ban hành:")
    )
    assert reading.number == "88/QĐ-UBND"
    assert reading.issued_on == date(2022, 5, 12)
    assert reading.title == "Chăm sóc trẻ em giai đoạn 2022 - 2025"
    assert reading.legal_bases == ("20/2021/NĐ-CP", "7/TTr-SYT", "9/QĐ-TTg")
    assert reading.recipients == ("Như Điều 1", "Lưu: VT")
    assert reading.signer == "Lò Vạn Thụ"
    assert [task.text for task in reading.tasks] == ["Mở lớp học."]


@pytest.mark.parametrize(
    ("opening", "issuer"),
    [
        ("Ủy ban nhân dân tỉnh ban hành kế hoạch như sau:", "UBND tỉnh Sơn Hải"),
        ("Ủy ban nhân dân (UBND) tỉnh ban hành kế hoạch:", "UBND tỉnh Sơn Hải"),
        ("Thực hiện chỉ đạo của Bộ Y tế, Sở Y tế xây dựng kế hoạch:", "Sở Y tế tỉnh Sơn Hải"),
        (
            "Ban Chỉ đạo phòng, chống tội phạm, tệ nạn xã hội tỉnh (sau đây gọi tắt là Ban Chỉ đạo) xây dựng kế hoạch:",
            "Ban Chỉ đạo phòng, chống tội phạm, tệ nạn xã hội tỉnh Sơn Hải",
        ),
    ],
)
def test_the_issuer_is_organ_level_and_place(read, opening, issuer):
    assert read(plan(title="Phòng ngừa trên địa bàn tỉnh Sơn Hải năm 2024", opening=opening)).issuer == issuer


def test_without_a_named_place_the_issuer_has_none_and_the_place_is_open(read):
    reading = read(plan(opening="Ủy ban nhân dân thành phố ban hành kế hoạch:"))
    assert (reading.issuer, reading.place) == ("UBND thành phố", None)


def test_a_newspaper_in_the_text_names_the_territory(read):
    reading = read(plan(opening="UBND tỉnh ban hành kế hoạch:", tail="- Báo Sơn Hải đưa tin.\n"))
    assert (reading.issuer, reading.place) == ("UBND tỉnh Sơn Hải", "Sơn Hải")


def test_an_organ_of_the_whole_country_has_no_territory(read):
    reading = read(plan("Hà Nội, ngày 15 tháng 01 năm 2024", opening="Ban Chỉ đạo 138/CP ban hành Kế hoạch như sau:"))
    assert (reading.issuer, reading.place) == ("Ban Chỉ đạo 138/CP", "Hà Nội")


def test_title_lines_are_joined_and_captions_left_out(read):
    text = (
        "KẾ HOẠCH\nTriển khai công tác phòng ngừa\ntrên địa bàn tỉnh năm 2023\n"
        "(Kèm theo Quyết định số 1/QĐ-UBND)\n\nThực hiện Kế hoạch số 2/KH-BCĐ, UBND tỉnh ban hành:"
    )
    assert read(text + BODY).title == "Triển khai công tác phòng ngừa trên địa bàn tỉnh năm 2023"


def test_the_title_is_the_upper_case_line_where_the_word_was_lost(read):
    text = (
        "Số: 3/KH-UBND\nTỔNG KẾT CHƯƠNG TRÌNH GIAI ĐOẠN 2021 - 2025\nThực hiện Quyết định số 1/QĐ-TTg"
        ", UBND tỉnh ban hành kế hoạch:"
    )
    assert read(text + BODY).title == "TỔNG KẾT CHƯƠNG TRÌNH GIAI ĐOẠN 2021 - 2025"


@pytest.mark.parametrize(
    ("title", "years"),
    [
        ("Phòng ngừa năm 2024", (2024, 2024)),
        ("Phòng ngừa giai đoạn 2021 - 2025, định hướng đến năm 2030", (2021, 2025)),
        ("Phòng ngừa giai đoạn 2021-2025, tầm nhìn 2045", (2021, 2025)),
        ("Tổng kết Chương trình từ năm 2016 đến năm 2020", (2016, 2020)),
        ("Thực hiện Đề án", (None, None)),
    ],
)
def test_the_years_are_those_of_the_title(read, title, years):
    reading = read(plan(title=title))
    assert (reading.year_from, reading.year_to) == years


def test_legal_bases_are_numbers_in_order_once_each(read):
    opening = (
        "Căn cứ Luật Trẻ em; Luật số 53/2024/QH15; Quyết định số 719 /QĐ-TTg ngày 09/02/2021; Chỉ thị 36-CT/TW; "
        "Kế hoạch số 5/KH-\nUBND của Ban Chỉ đạo 138/CP; Quyết định số 719/QĐ-TTg; Tờ trình số 8/TTr-CAT"
        ", UBND tỉnh ban hành kế hoạch:"
    )
    assert read(plan(opening=opening)).legal_bases == (
        "53/2024/QH15",
        "719/QĐ-TTg",
        "36-CT/TW",
        "5/KH-UBND",
        "8/TTr-CAT",
    )


def test_recipients_are_joined_and_signature_words_left_out(read):
    tail = (
        "Nơi nhận:          TM. ỦY BAN NHÂN DÂN\n- Bộ Công an;          KT. CHỦ TỊCH\n"
        "- Viện Kiểm sát nhân dân tỉnh, Tòa án\n"
        "nhân dân tỉnh (p/h);          PHÓ CHỦ TỊCH\n- Lưu: VT, NC.          Đại tá Lý Thị Sao Mai\n"
    )
    reading = read(plan(tail=tail))
    assert reading.recipients == (
        "Bộ Công an",
        "Viện Kiểm sát nhân dân tỉnh, Tòa án nhân dân tỉnh (p/h)",
        "Lưu: VT, NC",
    )
    assert reading.signer == "Lý Thị Sao Mai"


def test_a_signature_above_the_recipients_is_no_task(read):
    reading = read(plan(tail="GIÁM ĐỐC\nBSCKII. Lý Thị Mai\nNơi nhận:\n- Lưu: VT.\n"))
    assert reading.signer == "Lý Thị Mai"
    assert [task.text for task in reading.tasks] == ["Mở lớp học."]


def test_no_signer_printed_gives_none(read):
    assert read(plan(tail="Nơi nhận:\n- Lưu: VT.\n")).signer is None


@pytest.mark.parametrize("kind", ["BÁO CÁO", "THÔNG BÁO", "TỜ TRÌNH"])
def test_another_kind_of_document_is_no_plan_and_gives_nothing(read, kind):
    reading = read(f"{kind}\nKết quả năm 2024\nI. KẾT QUẢ\n1. Sở Y tế đã khám 100% nạn nhân.\n")
    assert not reading.is_plan
    assert (reading.tasks, reading.targets, reading.reporting) == ((), (), ())


def test_an_essay_is_no_plan(read):
    assert not read("Hôm nay trời đẹp.\n1. Đi chợ.\n2. Nấu cơm.").is_plan


def test_a_letterhead_and_signature_laid_out_in_markdown_tables(read):
    text = (
        "| **UBND TỈNH SƠN HẢI**<br>**SỞ CÔNG THƯƠNG**<br>---- "
        "| **CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM**<br>---- |\n|---|---|\n"
        "| Số: 9/KH-SCT | *Sơn Hải, ngày 04 tháng 01 năm 2025* |\n\n**KẾ HOẠCH**\n\n**PHÒNG NGỪA NĂM 2025**\n\n"
        "Sở Công Thương ban hành Kế hoạch:\n\nI. NHIỆM VỤ\n\n- Mở lớp học.\n\n"
        "| **Nơi nhận:**<br>- UBND tỉnh;<br>- Lưu: VT. | **GIÁM ĐỐC**<br><br>**Vũ Thị Hạnh Dung** |\n|---|---|\n"
    )
    reading = read(text)
    assert (reading.number, reading.issued_on) == ("9/KH-SCT", date(2025, 1, 4))
    assert reading.issuer == "Sở Công Thương tỉnh Sơn Hải"
    assert reading.recipients == ("UBND tỉnh", "Lưu: VT")
    assert reading.signer == "Vũ Thị Hạnh Dung"
    assert [task.text for task in reading.tasks] == ["Mở lớp học."]


def test_misread_marks_in_the_title_word_and_the_numerals_are_understood(read):
    reading = read(
        "KÉ HOẠCH\nPhòng ngừa năm 2025\n\nUBND tỉnh ban hành:\nl. MỤC TIÊU\n1. Tốt.\nIl. NHIỆM VỤ\nl. Mở lớp học.\n"
    )
    assert reading.title == "Phòng ngừa năm 2025"
    assert [(task.section, task.text) for task in reading.tasks] == [("II.1", "Mở lớp học.")]


@pytest.mark.parametrize("word", ["KẾ. HOẠCH", "KẾ HOẠCH.", "KẾ H0ẠCH", "KÉ ' HOACH"])
def test_signs_that_a_scan_put_into_the_title_word_are_no_title(read, word):
    reading = read(
        f"{word}\nPhòng ngừa năm 2025\n\nUBND tỉnh ban hành:\nI. MỤC TIÊU\n1. Tốt.\nII. NHIỆM VỤ\n1. Mở lớp học.\n"
    )
    assert reading.title == "Phòng ngừa năm 2025"
    assert [task.section for task in reading.tasks] == ["II.1"]


def test_a_remark_in_brackets_behind_the_name_of_the_issuer_is_none_of_it(read):
    reading = read(
        plan(
            head="ỦY BAN NHÂN DÂN TỈNH SƠN HẢI (GIẢ ĐỊNH)\nSố: 9/KH-UBND\nSơn Hải, ngày 20 tháng 01 năm 2025",
            opening="Ủy ban nhân dân ban hành:",
        )
    )
    assert reading.issuer == "UBND tỉnh Sơn Hải"
