"""The layout check finds what is wrong, where the decree says it."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from haidang.office.nd30 import Letterhead, OfficialDocument, Signature
from haidang.office.nd30_checks import check_document
from haidang.office.nd30_formatting import UnreadableDocument

TOOL = Path(__file__).resolve().parents[2] / "tools" / "check_nd30.py"
LONG = "Các đơn vị đã thực hiện đầy đủ nhiệm vụ được giao trong kỳ báo cáo, theo số liệu giả định"


def sound() -> bytes:
    paper = OfficialDocument(title="Báo cáo", author="Ban Chỉ đạo 138", dated=date(2025, 6, 20))
    head = Letterhead("Ban Chỉ đạo 138", "BC-BCĐ138", "Hải Minh", number=7, dated=date(2025, 6, 20))
    paper.letterhead(head)
    paper.title("Báo cáo", "Kết quả công tác phòng, chống mua bán người")
    paper.item("I.", "Tình hình")
    paper.point("a)", "Số liệu")
    paper.paragraph(f"{LONG}./.")
    paper.signature(Signature(("Trưởng ban",), "Nguyễn Văn Mẫu", ("Như trên",)))
    paper.annex("Phụ lục", "Biểu số liệu", "Kèm theo Báo cáo số 07/BC-BCĐ138")
    paper.paragraph(f"{LONG}.")
    return paper.to_bytes()


def spoiled(spoil: Callable[[Document], None]) -> list[str]:
    """The components found wrong after `spoil` changed a sound document."""
    document = docx.Document(io.BytesIO(sound()))
    spoil(document)
    data = io.BytesIO()
    document.save(data)
    return [finding.component for finding in check_document(data.getvalue()) if finding.passed is False]


def paragraph(document: Document, opening: str):
    everything = [*document.paragraphs, *(p for t in document.tables for c in t._cells for p in c.paragraphs)]
    return next(each for each in everything if each.text.startswith(opening))


def test_a_sound_document_breaks_no_rule() -> None:
    assert [finding for finding in check_document(sound()) if finding.passed is False] == []


def set_text(opening: str, text: str) -> Callable[[Document], None]:
    return lambda document: setattr(paragraph(document, opening).runs[0], "text", text)


def no_title_page(document: Document) -> None:
    document.sections[0].different_first_page_header_footer = False


def no_indent(document: Document) -> None:
    paragraph(document, LONG[:20]).paragraph_format.first_line_indent = 0


def no_rule(document: Document) -> None:
    for borders in list(document.element.body.iter(qn("w:pBdr"))):
        borders.getparent().remove(borders)


@pytest.mark.parametrize(
    ("spoil", "component"),
    [
        (lambda d: setattr(d.sections[0], "left_margin", Mm(20)), "Lề trang"),
        (lambda d: setattr(d.sections[0], "page_width", Mm(216)), "Khổ giấy"),
        (lambda d: setattr(paragraph(d, LONG[:20]).runs[0].font, "name", "Arial"), "Phông chữ"),
        (lambda d: setattr(paragraph(d, LONG[:20]).runs[0].font, "size", Pt(12)), "Nội dung, cỡ chữ"),
        (lambda d: setattr(paragraph(d, LONG[:20]).paragraph_format, "space_before", Pt(2)), "Nội dung, cách đoạn"),
        (no_indent, "Nội dung, thụt đầu dòng"),
        (lambda d: setattr(paragraph(d, LONG[:20]), "alignment", 0), "Nội dung, canh đều"),
        (set_text(LONG[:20], f"{LONG}."), "Kết thúc nội dung"),
        (lambda d: setattr(paragraph(d, "CỘNG HÒA").runs[0].font, "bold", False), "Quốc hiệu"),
        (lambda d: setattr(paragraph(d, "Độc lập").runs[0].font, "size", Pt(16)), "Tiêu ngữ"),
        (set_text("Số:", "Số: 7/BC-BCĐ138"), "Số, cách viết"),
        (set_text("Số:", "Số: 07/BC - BCĐ138"), "Số, cách viết"),
        (set_text("Hải Minh,", "Hải Minh, ngày 20 tháng 06 năm 2025"), "Ngày, tháng, cách viết"),
        (set_text("Hải Minh,", "Hải Minh, ngày 5 tháng 6 năm 2025"), "Ngày, tháng, cách viết"),
        (lambda d: setattr(paragraph(d, "Kết quả").runs[0].font, "bold", False), "Trích yếu"),
        (no_rule, "Đường kẻ dưới trích yếu"),
        (set_text("I. TÌNH", "I. Tình hình"), "Mục"),
        (set_text("a)", "f) Số liệu"), "Điểm"),
        (lambda d: setattr(paragraph(d, "Nơi nhận").runs[0].font, "italic", False), "Từ “Nơi nhận”"),
        (set_text("- Lưu", "- Lưu: VT"), "Danh sách nơi nhận"),
        (set_text("Nguyễn", "NGUYỄN VĂN MẪU"), "Họ và tên người ký"),
        (set_text("TRƯỞNG", "Trưởng ban"), "Quyền hạn, chức vụ"),
        (no_title_page, "Số trang, trang đầu"),
        (set_text("(Kèm theo", "Kèm theo Báo cáo"), "Dòng “Kèm theo”"),
        (set_text("BIỂU", "Biểu số liệu"), "Tên phụ lục"),
    ],
)
def test_one_thing_spoiled_is_the_one_thing_found(spoil: Callable[[Document], None], component: str) -> None:
    assert component in spoiled(spoil)


def test_a_plain_document_fails_rather_than_passing_for_want_of_components() -> None:
    plain, data = docx.Document(), io.BytesIO()
    plain.add_paragraph("Không có thể thức nào.")
    plain.save(data)
    wrong = {finding.component for finding in check_document(data.getvalue()) if finding.passed is False}
    assert {"Quốc hiệu", "Số, ký hiệu", "Tên loại", "Nơi nhận", "Số trang"} <= wrong


def test_what_is_no_word_file_is_refused_in_one_sentence() -> None:
    with pytest.raises(UnreadableDocument, match="không phải văn bản Word"):
        check_document(b"%PDF-1.4 not a word file")


def test_the_tool_prints_rows_and_tells_by_its_exit_status(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.docx", tmp_path / "bad.docx"
    good.write_bytes(sound())
    bad.write_bytes(b"broken")
    told = subprocess.run([sys.executable, str(TOOL), str(good)], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout.splitlines()[-1].endswith("0 sai.")) == (0, True)
    refused = subprocess.run([sys.executable, str(TOOL), str(bad)], capture_output=True, text=True, check=False)
    assert (refused.returncode, "không phải văn bản Word" in refused.stderr) == (2, True)
