"""Layouts that law sites and scans leave behind: broken letterheads, lost titles, other numbering signs, echoes."""

from __future__ import annotations

from datetime import date

import pytest

BODY = "\nI. MỤC TIÊU\n1. Làm tốt.\nII. NHIỆM VỤ\n- Mở lớp học.\n"
OPENING = "KẾ HOẠCH\nPhòng ngừa năm 2024\n\nUBND tỉnh ban hành kế hoạch:\nI. MỤC TIÊU\n1. Làm tốt.\n"


def test_a_letterhead_broken_anywhere_is_put_together(read):
    reading = read(
        "ỦY\nBAN NHÂN DÂN\nTỈNH BÃI ỐC\n-------\n|\nCỘNG\nHÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n|\nSố:\n52/KH-UBND\n|\n"
        "Bãi\nỐc, ngày 25 tháng 01 năm 2024\n|\nKẾ HOẠCH\nPHÒNG NGỪA\nNĂM 2024\nThực hiện chỉ đạo của Bộ Y tế, "
        "Ủy ban nhân dân tỉnh\nBãi Ốc xây dựng kế hoạch như sau:" + BODY
    )
    assert (reading.number, reading.place, reading.issued_on) == ("52/KH-UBND", "Bãi Ốc", date(2024, 1, 25))
    assert reading.issuer == "UBND tỉnh Bãi Ốc"


def test_a_date_in_figures_and_a_party_number(read):
    reading = read(
        "BAN DÂN VẬN\nSố 12-KH/BDV\nHòn Mê, ngày 02/3/2024\nKẾ HOẠCH\nPhòng ngừa năm 2024\n"
        "Thực hiện Chương trình số 09-CTr/HU, Ban Dân vận ban hành kế hoạch:" + BODY
    )
    assert (reading.number, reading.place, reading.issued_on) == ("12-KH/BDV", "Hòn Mê", date(2024, 3, 2))
    assert reading.legal_bases == ("09-CTr/HU",)


DECISION = (
    "THỦ TƯỚNG CHÍNH PHỦ\nSố: 11/QĐ-TTg\nHà Nội, ngày 13 tháng 6 năm 2024\nBAN HÀNH KẾ HOẠCH NĂM 2024\n"
    "Căn cứ Luật số 63/2025/QH15;\nCăn cứ Quyết định số 793/QĐ-TTg;\nQUYẾT ĐỊNH:\nĐiều 1. Ban hành kèm theo.\n"
    "Điều 2. Thay thế Kế hoạch số 702/KH-UBND.\nKT. THỦ TƯỚNG\nPHÓ THỦ TƯỚNG\nLò Vạn Thụ\n"
    "KẾ HOẠCH\nPHÒNG NGỪA NĂM 2024\n"
    "(Kèm theo Quyết định số 11/QĐ-TTg)\nThực hiện Chỉ thị số 5/CT-TTg, Thủ tướng Chính phủ ban hành Kế hoạch như sau:"
)


def test_a_decision_without_its_first_title_still_gives_its_grounds_and_its_signer(read):
    reading = read(DECISION + BODY)
    assert reading.legal_bases == ("63/2025/QH15", "793/QĐ-TTg", "5/CT-TTg")  # what an article replaces is no ground
    assert reading.signer == "Lò Vạn Thụ"
    assert (reading.number, reading.title) == ("11/QĐ-TTg", "PHÒNG NGỪA NĂM 2024")


def test_an_organ_known_from_capitals_is_written_as_the_text_writes_it(read):
    reading = read("BỘ NỘI VỤ\nSố: 3/KH-BNV\nKẾ HOẠCH\nPhòng ngừa năm 2024" + BODY + "- Gửi Bộ Nội vụ.\n")
    assert reading.issuer == "Bộ Nội vụ"


def test_a_committee_of_the_whole_country_has_no_territory(read):
    reading = read(
        "Hà Nội, ngày 2 tháng 1 năm 2024\nKẾ HOẠCH\nPhòng ngừa năm 2024\nỦy ban An toàn lao động Quốc gia ban hành "
        "Kế hoạch như sau:" + BODY
    )
    assert (reading.issuer, reading.place) == ("Ủy ban An toàn lao động Quốc gia", "Hà Nội")


def test_a_stamp_between_the_recipients_is_passed_over(read):
    tail = (
        "Nơi nhận:\nTM. ỦY BAN NHÂN DÂN\n- Thường trực Tỉnh ủy;\nCHỦ TỊCH\n- Các sở, ban, ngành;\n(Đã ký)\n- Lưu: VT.\n"
        "Lò Thị Sao\n"
    )
    reading = read(OPENING + "II. NHIỆM VỤ\n- Mở lớp.\n" + tail)
    assert reading.recipients == ("Thường trực Tỉnh ủy", "Các sở, ban, ngành", "Lưu: VT")
    assert reading.signer == "Lò Thị Sao"


@pytest.mark.parametrize(
    ("text", "sections"),
    [
        ("II- NHIỆM VỤ\n1- Truyền thông\na- Mở lớp.\n2- In sách.", ["II.1.a", "II.2"]),
        ("II/ NHIỆM VỤ\n1/ Truyền thông\na/ Mở lớp.\n2/ In sách.", ["II.1.a", "II.2"]),
        ("II.NHIỆM VỤ\n1.Truyền thông\na)Mở lớp.\n2.In sách.", ["II.1.a", "II.2"]),
        ("II. NHIỆM VỤ 1. Truyền thông\na) Mở lớp.\n2. In sách.", ["II.1.a", "II.2"]),
        ("II. NHIỆM VỤ\n1. Truyền thông.\na) Mở lớp.\n2. Yêu cầu các đơn vị:\n- In sách.", ["II.1.a", "II.2"]),
    ],
)
def test_numbering_in_any_sign_gives_the_same_sections(read, text, sections):
    assert [task.section for task in read(OPENING + text + "\n").tasks] == sections


def test_a_section_in_capitals_without_its_number_may_be_called_anything_that_begins_as_one(read):
    text = (
        "KẾ HOẠCH\nPhòng ngừa năm 2024\n\nUBND tỉnh ban hành kế hoạch:\nMỤC ĐÍCH, YÊU CẦU\n1. Làm tốt.\n"
        "NỘI DUNG, HÌNH THỨC VÀ CÁCH LÀM\n1. Cách làm\na) Mở lớp.\nb) In sách.\n"
        "TỔ CHỨC THỰC HIỆN\n1. Sở Y tế đôn đốc.\n"
    )
    assert [task.section for task in read(text).tasks] == ["1.a", "1.b", "1"]


def test_the_letterhead_that_comes_back_beside_a_page_number_is_no_text(read):
    text = (
        "BAN CHỈ ĐẠO BẢY TỈNH\n"
        + OPENING
        + "II. NHIỆM VỤ\n"
        + "- Mở lớp.\n" * 5
        + "- In\nBAN CHỈ ĐẠO BẢY TỈNH - Kế hoạch\n4\nsách.\n"
    )
    assert [task.text for task in read(text).tasks] == ["Mở lớp."] * 5 + ["In sách."]


def test_a_plan_that_lost_its_title_is_still_a_plan(read):
    reading = read(
        "ỦY BAN NHÂN DÂN | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM |\nSố: 96/KH-UBND | Bãi Ốc, ngày 22 tháng 10 năm 2024 |\n"
        "Căn cứ Quyết định số 18/QĐ-TTg của Thủ tướng Chính phủ,\nUBND tỉnh xây dựng Kế hoạch như sau:" + BODY
    )
    assert (reading.number, reading.title, reading.issuer) == ("96/KH-UBND", None, "UBND tỉnh Bãi Ốc")
    assert reading.legal_bases == ("18/QĐ-TTg",)
    assert [task.text for task in reading.tasks] == ["Mở lớp học."]


@pytest.mark.parametrize("opening", ["UBND tỉnh", "UBND tỉnh Bãi Ốc - Hòn Mê"])
def test_a_place_of_two_names_is_one_place(read, opening):
    reading = read(
        "Số: 4/KH-UBND\nBãi Ốc - Hòn Mê, ngày 10 tháng 5 năm 2024\nKẾ HOẠCH\nPhòng ngừa năm 2024\n"
        f"{opening} ban hành kế hoạch:" + BODY
    )
    assert (reading.issuer, reading.place) == ("UBND tỉnh Bãi Ốc - Hòn Mê", "Bãi Ốc - Hòn Mê")


LOOSE = """KẾ HOẠCH
Phòng ngừa năm 2024
Thực
hiện Quyết định số 18/QĐ-TTg ngày 09/02/2021 của Thủ tướng Chính phủ, Ủy ban
nhân dân tỉnh ban hành Kế hoạch với những nội dung như sau:
I. MỤC TIÊU
- Giảm
20% số vụ so với năm trước; từng bước giảm đến mức thấp nhất các vụ bạo lực trong gia
đình.
II. NHIỆM VỤ
1. Truyền thông
a) Nội dung
(1).
Mở lớp cho cán bộ các xã, thị trấn về cách nhận biết người có nguy cơ bị lừa gạt và
cách báo tin.
-
In sách bỏ túi bằng chữ to, có hình vẽ cho người không đọc thông viết thạo; phát cho
từng hộ.
- Dựng mới
06 cụm pano tại các chợ phiên và bến xe khách.
2. Sở
Y tế khám sàng lọc cho người trở về, giới thiệu tới trung tâm công tác xã hội khi
cần.
3. Đề nghị
Tòa án nhân dân tỉnh chọn án điểm, xét xử lưu động ở các xã vùng cao.
4. Trung tâm
Dạy nghề mở lớp may.
"""


def test_paragraphs_that_broke_after_their_first_words_are_whole(read):
    reading = read(LOOSE)
    assert (reading.title, reading.legal_bases) == ("Phòng ngừa năm 2024", ("18/QĐ-TTg",))
    assert [(target.comparator, target.value) for target in reading.targets] == [("reduce", 20), ("reduce", None)]
    assert [(task.section, task.text.split(",")[0][:22], task.lead) for task in reading.tasks] == [
        ("II.1.a.1", "Mở lớp cho cán bộ các ", ()),
        ("II.1.a.1", "In sách bỏ túi bằng ch", ()),
        ("II.1.a.1", "Dựng mới 06 cụm pano t", ()),
        ("II.2", "Sở Y tế khám sàng lọc ", ("Sở Y tế",)),
        ("II.3", "Đề nghị Tòa án nhân dâ", ("Tòa án nhân dân tỉnh",)),
        ("II.4", "Trung tâm Dạy nghề mở ", ("Trung tâm Dạy nghề",)),
    ]


def test_numbers_that_begin_anew_after_the_objectives_are_of_a_section_whose_heading_was_lost(read):
    text = (
        "KẾ HOẠCH\nPhòng ngừa năm 2024\n\nUBND tỉnh ban hành kế hoạch:\nMỤC TIÊU\n1. Làm tốt.\n2. 90% số xã có loa.\n"
        "1. Truyền thông\n- Mở lớp.\n2. Tuần tra\n- Lập chốt.\n"
    )
    plan = read(text)
    assert [target.value for target in plan.targets] == [90]
    assert [(task.section, task.text) for task in plan.tasks] == [("1", "Mở lớp."), ("2", "Lập chốt.")]
