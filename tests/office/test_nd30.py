"""Official documents: the letterhead as the decree writes it, tables that print well, and the same bytes each time."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import docx
import pytest
from docx.oxml.ns import qn

from haidang.office.nd30 import Letterhead, OfficialDocument, Signature
from haidang.office.nd30_checks import check_document
from haidang.office.nd30_tables import Column, Table

HEAD = Letterhead(
    issuing_body="Ban Chỉ đạo 138",
    parent_body="Ủy ban nhân dân tỉnh Hải Minh",
    symbol="BC-BCĐ138",
    place="Hải Minh",
    number=5,
    dated=date(2021, 3, 8),
)
LONG = "Trong kỳ báo cáo, các đơn vị đã tổ chức truyền thông tới người dân ở địa bàn trọng điểm (số liệu giả định)."
TABLE = Table(
    "Bảng 1. Vụ án theo năm",
    (Column("Chỉ tiêu", 3, "left"), Column("2021*"), Column("2022")),
    (("Số vụ", "4", "1.234,5"), ("Cộng", "4", "6")),
    unit="vụ",
    notes=("* Năm chưa đủ tháng.",),
    strong_rows=frozenset({1}),
)


def official(mark: str = "", addressees: tuple[str, ...] = ("Bộ Công an",), text: str = LONG) -> OfficialDocument:
    paper = OfficialDocument(title="Báo cáo thử", author="Ban Chỉ đạo 138", dated=date(2021, 3, 8), mark=mark)
    paper.letterhead(HEAD)
    paper.title("Báo cáo", "Kết quả phòng, chống mua bán người quý I năm 2021")
    paper.addressed_to(addressees)
    paper.bases(("Căn cứ Luật Phòng, chống mua bán người;", "Căn cứ kế hoạch năm 2021"))
    paper.part("Phần I", "Tình hình")
    paper.item("I.", "Đặc điểm, tình hình")
    paper.clause("1.", "Tình hình chung")
    paper.subclause("1.1.", "Trong nước")
    paper.point("đ)", "Số liệu")
    paper.paragraph(text)
    paper.table(TABLE)
    paper.paragraph(f"{LONG[:-1]}./.")
    paper.signature(
        Signature(("TM. Ban Chỉ đạo", "Trưởng ban"), "Nguyễn Văn Mẫu", ("Như trên", "Các sở, ngành"), "VT, CAT")
    )
    return paper


def opened(paper: OfficialDocument) -> docx.document.Document:
    return docx.Document(io.BytesIO(paper.to_bytes()))


def body_text(paper: OfficialDocument) -> str:
    return "\n".join(node.text or "" for node in opened(paper).element.body.iter(qn("w:t")))


def test_a_document_keeps_every_rule_of_the_decree() -> None:
    paper = official()
    for label in ("Phụ lục I", "Phụ lục II"):
        paper.annex(label, "Biểu số liệu", "Kèm theo Báo cáo số 05/BC-BCĐ138", landscape=label.endswith("II"))
        paper.table(TABLE)
    assert [finding for finding in check_document(paper.to_bytes()) if finding.passed is False] == []


@pytest.mark.parametrize(
    ("number", "dated", "lines"),
    [
        (5, date(2021, 3, 8), ("Số: 05/BC-BCĐ138", "Hải Minh, ngày 08 tháng 3 năm 2021")),
        (105, date(2025, 1, 15), ("Số: 105/BC-BCĐ138", "Hải Minh, ngày 15 tháng 01 năm 2025")),
        (12, date(2025, 12, 1), ("Số: 12/BC-BCĐ138", "Hải Minh, ngày 01 tháng 12 năm 2025")),
    ],
)
def test_numbers_and_dates_are_padded_as_the_decree_says(number: int, dated: date, lines: tuple[str, str]) -> None:
    head = Letterhead("Ban Chỉ đạo 138", "BC-BCĐ138", "Hải Minh", number=number, dated=dated)
    assert (head.number_line(), head.place_date_line()) == lines


def test_a_letter_says_what_it_is_about_under_its_number_and_carries_its_marks() -> None:
    paper = OfficialDocument(title="Công văn", author="Công an tỉnh", dated=date(2025, 6, 18))
    head = Letterhead(
        "Công an tỉnh", "CAT-PC02", "Hải Minh", number=12, dated=date(2025, 6, 18),
        about="đôn đốc gửi báo cáo tổng kết", stamps=("KHẨN", "Lưu hành nội bộ"),
    )  # fmt: skip
    paper.letterhead(head)
    paper.addressed_to(("Ủy ban nhân dân các huyện",))
    paper.paragraph(f"{LONG[:-1]}./.")
    paper.signature(Signature(("Giám đốc",), "Nguyễn Văn Mẫu", ("Như trên",)))
    text = body_text(paper)
    assert "V/v đôn đốc gửi báo cáo tổng kết" in text and "LƯU HÀNH NỘI BỘ" in text
    findings = check_document(paper.to_bytes())
    assert [finding for finding in findings if finding.passed is False] == []
    assert "Trích yếu công văn" in {finding.component for finding in findings}


def test_what_is_not_yet_known_is_left_open_to_be_filled_by_hand() -> None:
    head = Letterhead("Ban Chỉ đạo 138", "BC-BCĐ138", "Hải Minh", month_year="tháng 6 năm 2025")
    assert head.number_line().replace("\u00a0", "") == "Số: /BC-BCĐ138"
    assert head.place_date_line().replace("\u00a0", "") == "Hải Minh, ngàytháng 6 năm 2025"


def test_one_addressee_stands_on_the_same_line_and_several_below_each_other() -> None:
    assert "Kính gửi: Bộ Công an" in body_text(official())
    several = body_text(official(addressees=("Bộ Công an", "Bộ Y tế")))
    assert "Kính gửi:\n- Bộ Công an;\n- Bộ Y tế." in several


def test_bases_end_with_semicolons_and_the_last_with_a_full_stop() -> None:
    text = body_text(official())
    assert "Căn cứ Luật Phòng, chống mua bán người;" in text
    assert "Căn cứ kế hoạch năm 2021." in text


def test_headings_are_levels_that_word_can_navigate() -> None:
    headings = [(p.style.name, p.text) for p in opened(official()).paragraphs if p.style.name.startswith("Heading")]
    assert headings == [
        ("Heading 1", "Phần I\nTÌNH HÌNH"),
        ("Heading 2", "I. ĐẶC ĐIỂM, TÌNH HÌNH"),
        ("Heading 3", "1. Tình hình chung"),
        ("Heading 4", "1.1. Trong nước"),
        ("Heading 5", "đ) Số liệu"),
    ]


def test_every_style_names_times_new_roman_in_all_four_slots() -> None:
    fonts = opened(official()).styles.element.iter(qn("w:rFonts"))
    slots = {node.get(qn(f"w:{slot}")) for node in fonts for slot in ("ascii", "hAnsi", "eastAsia", "cs")}
    assert slots == {"Times New Roman"}


def test_tables_repeat_their_head_never_split_a_row_and_align_numbers_right() -> None:
    table = opened(official()).tables[1]
    rows = table._tbl.tr_lst
    assert [row.trPr.find(qn("w:tblHeader")) is not None for row in rows] == [True, False, False]
    assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in rows)
    assert [cell.text for cell in table.rows[1].cells] == ["Số vụ", "4", "1.234,5"]
    assert table.rows[1].cells[2].paragraphs[0].paragraph_format.alignment.name == "RIGHT"


def test_a_table_with_a_row_too_short_is_refused() -> None:
    with pytest.raises(ValueError, match="3 cells"):
        Table("Bảng", TABLE.columns, (("chỉ một ô",),))
    with pytest.raises(ValueError, match="do not cover"):
        Table("Bảng", TABLE.columns, (), groups=(("Năm", 2),))


def test_each_annex_is_a_section_with_its_own_page_numbers_and_may_be_turned() -> None:
    paper = official()
    paper.annex("Phụ lục I", "Biểu một", "Kèm theo Báo cáo")
    paper.annex("Phụ lục II", "Biểu hai", "Kèm theo Báo cáo", landscape=True)
    sections = list(opened(paper).sections)
    assert [section.page_width > section.page_height for section in sections] == [False, False, True]
    starts = [section._sectPr.find(qn("w:pgNumType")) for section in sections]
    assert [start is not None and start.get(qn("w:start")) for start in starts] == [False, "1", "1"]


def test_the_mark_of_invented_figures_is_on_every_page_the_first_included() -> None:
    section = opened(official(mark="SỐ LIỆU GIẢ ĐỊNH")).sections[0]
    assert [p.text for p in section.first_page_header.paragraphs] == ["SỐ LIỆU GIẢ ĐỊNH"]
    assert section.header.paragraphs[-1].text == "SỐ LIỆU GIẢ ĐỊNH"


def test_a_picture_has_its_caption_and_words_for_those_who_do_not_see_it() -> None:
    paper = official()
    dot = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8ffff3f0005fe02fea735"
        "81840000000049454e44ae426082"
    )
    paper.picture(dot, caption="Hình 1. Số vụ", description="Năm 2021: 4 vụ", width_cm=3)
    properties = next(opened(paper).element.body.iter(qn("wp:docPr")))
    assert (properties.get("descr"), properties.get("name")) == ("Năm 2021: 4 vụ", "Hình 1. Số vụ")


def test_text_that_xml_cannot_hold_is_cleaned_and_markup_stays_text() -> None:
    text = body_text(official(text="Đơn vị A\x00\x0b & <b>B</b> đã báo cáo đầy đủ số liệu theo kế hoạch đã ban hành."))
    assert "Đơn vị A & <b>B</b> đã báo cáo" in text


def test_the_same_calls_give_the_same_bytes_without_the_time_of_writing() -> None:
    assert official().to_bytes() == official().to_bytes()
    with zipfile.ZipFile(io.BytesIO(official().to_bytes())) as package:
        assert {member.date_time for member in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [name for name in package.namelist() if "theme" in name or "thumbnail" in name]


def test_the_properties_say_title_author_language_and_the_documents_own_date() -> None:
    properties = opened(official()).core_properties
    assert (properties.title, properties.author, properties.language) == ("Báo cáo thử", "Ban Chỉ đạo 138", "vi-VN")
    assert properties.created is not None and properties.created.date() == date(2021, 3, 8)
