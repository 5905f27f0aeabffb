"""Text out of files people hand in: .docx, .pdf, .txt; and each file that is refused, with one sentence."""

from __future__ import annotations

import io
import zipfile

import pypdfium2
import pytest
from docx import Document
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn

from haidang.office import document_package, document_text, pdf_text
from haidang.office.document_text import UnreadableDocument, extract_text, text_of_bytes

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def saved(document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def package(**parts: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return stream.getvalue()


def body(inner: str) -> str:
    return f'<?xml version="1.0"?><w:document xmlns:w="{W}"><w:body>{inner}</w:body></w:document>'


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def test_paragraphs_and_tables_of_a_word_file_come_in_order():
    document = Document()
    document.add_paragraph("I. NHIỆM VỤ")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        (cell for row in table.rows for cell in row.cells), ("Nội dung", "Chủ trì", "Họp", "Sở Y tế"), strict=True
    ):
        cell.text = text
    document.add_paragraph("Hết.")
    assert text_of_bytes(saved(document), "a.docx").text.splitlines() == [
        "I. NHIỆM VỤ",
        "| Nội dung | Chủ trì |",
        "| Họp | Sở Y tế |",
        "Hết.",
    ]


def test_a_letterhead_table_gives_lines_column_by_column():
    document = Document()
    table = document.add_table(rows=2, cols=2)
    texts = (
        "ỦY BAN NHÂN DÂN",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Số: 1/KH-UBND",
        "Sơn Hải, ngày 02 tháng 3 năm 2024",
    )
    for cell, text in zip((cell for row in table.rows for cell in row.cells), texts, strict=True):
        cell.text = text
    lines = text_of_bytes(saved(document), "a.docx").text.splitlines()
    assert lines == [texts[0], texts[2], texts[1], texts[3]]


def test_vertically_merged_cells_repeat_what_they_show():
    document = Document()
    table = document.add_table(rows=3, cols=2)
    table.cell(0, 0).text, table.cell(1, 0).text, table.cell(2, 0).text = "Việc", "Họp", "In sách"
    table.cell(0, 1).text = "Chủ trì"
    table.cell(1, 1).merge(table.cell(2, 1)).text = "Sở Y tế"
    assert text_of_bytes(saved(document), "a.docx").text.splitlines()[-1] == "| In sách | Sở Y tế |"


def test_automatic_numbers_and_bullets_are_shown():
    document = Document()
    numbering = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{pattern}"/></w:lvl>'
        for level, kind, pattern in (
            (0, "upperRoman", "%1."),
            (1, "decimal", "%2."),
            (2, "lowerLetter", "%3)"),
            (3, "bullet", "-"),
        )
    )
    numbering.insert(0, parse_xml(f'<w:abstractNum xmlns:w="{W}" w:abstractNumId="90">{levels}</w:abstractNum>'))
    numbering.append(parse_xml(f'<w:num xmlns:w="{W}" w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
    for level, text in (
        (0, "MỤC TIÊU"),
        (0, "NHIỆM VỤ"),
        (1, "Chung"),
        (2, "Họp"),
        (2, "In"),
        (3, "Sách"),
        (1, "Riêng"),
    ):
        properties = document.add_paragraph(text)._p.get_or_add_pPr()
        numbered = OxmlElement("w:numPr")
        for tag, value in (("w:ilvl", level), ("w:numId", 90)):
            child = OxmlElement(tag)
            child.set(qn("w:val"), str(value))
            numbered.append(child)
        properties.append(numbered)
    assert text_of_bytes(saved(document), "a.docx").text.splitlines() == [
        "I. MỤC TIÊU", "II. NHIỆM VỤ", "1. Chung", "a) Họp", "b) In", "- Sách", "2. Riêng",
    ]  # fmt: skip


def test_tracked_deletions_are_left_out_and_insertions_kept():
    inner = (
        '<w:p><w:r><w:t xml:space="preserve">Sở </w:t></w:r><w:del><w:r><w:delText>Tài chính</w:delText></w:r></w:del>'
        "<w:ins><w:r><w:t>Y tế</w:t></w:r></w:ins></w:p>"
    )
    assert text_of_bytes(package(word__document_xml=body(inner)), "a.docx").text == "Sở Y tế"


def test_text_in_utf_16_and_with_a_byte_order_mark():
    assert text_of_bytes("Kế hoạch".encode("utf-16"), "a.txt").text == "Kế hoạch"
    assert text_of_bytes(b"\xef\xbb\xbf" + "Kế hoạch".encode(), "a.txt").text == "Kế hoạch"


def refused(content: bytes, name: str) -> str:
    with pytest.raises(UnreadableDocument) as caught:
        text_of_bytes(content, name)
    sentence = str(caught.value)
    assert sentence.endswith(".") and "\n" not in sentence and "!" not in sentence
    return sentence


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"", "a.txt", "trống"),
        (b" \n\n", "a.docx", "trống"),
        (b"PK\x03\x04 broken", "a.docx", "bị hỏng"),
        (b"plain text", "a.docx", "không đúng định dạng"),
        (b"plain text", "a.pdf", "không đúng định dạng"),
        (b"%PDF-1.7 broken", "a.pdf", "bị hỏng"),
        (b"PK\x03\x04", "a.txt", "không đúng định dạng"),
        (b"\x00\x01\x02\xff\xfe" * 50, "a.txt", "UTF-8"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100, "a.docx", "mật khẩu"),
        (package(mimetype="x"), "a.docx", "không phải tài liệu Word"),
        (package(word__document_xml="<w:not xml"), "a.docx", "bị hỏng"),
        (package(word__document_xml=body("")), "a.docx", "không có chữ"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(content, name, says):
    assert says in refused(content, name)


def test_entities_are_refused_unread():
    hostile = (
        '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + body(paragraph("&x;"))[21:]
    )
    assert "không an toàn" in refused(package(word__document_xml=hostile), "a.docx")


def test_a_package_that_unpacks_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(document_package, "MOST_UNPACKED", 1_000)
    assert "quá lớn" in refused(package(word__document_xml=body(paragraph("a" * 5_000))), "a.docx")
    monkeypatch.undo()
    monkeypatch.setattr(document_package, "MOST_PART", 1_000)
    assert "quá lớn" in refused(package(word__document_xml=body(paragraph("a" * 5_000))), "a.docx")


def test_a_package_with_too_many_parts_is_refused(monkeypatch):
    monkeypatch.setattr(document_package, "MOST_PARTS", 2)
    parts = {f"part{number}": "x" for number in range(5)}
    assert "quá lớn" in refused(package(word__document_xml=body(paragraph("a")), **parts), "a.docx")


def test_a_file_too_large_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(document_text, "MOST_BYTES", 10)
    assert "lớn hơn" in refused(b"a" * 11, "a.txt")
    (tmp_path / "a.txt").write_text("a" * 11)
    with pytest.raises(UnreadableDocument, match="lớn hơn"):
        extract_text(tmp_path / "a.txt")


def test_a_text_too_long_or_with_too_many_lines_is_refused(monkeypatch):
    monkeypatch.setattr(document_text, "MOST_CHARACTERS", 10)
    assert "ký tự" in refused(b"Ke hoach nam 2025", "a.txt")
    monkeypatch.undo()
    monkeypatch.setattr(document_text, "MOST_LINES", 2)
    assert "dòng" in refused(b"a\nb\nc\nd", "a.txt")


def test_a_missing_file_a_folder_and_an_unknown_kind_are_refused(tmp_path):
    with pytest.raises(UnreadableDocument, match="Không tìm thấy"):
        extract_text(tmp_path / "a.txt")
    (tmp_path / "b.txt").mkdir()
    with pytest.raises(UnreadableDocument, match="Không tìm thấy"):
        extract_text(tmp_path / "b.txt")
    with pytest.raises(UnreadableDocument, match="Không đọc được"):
        extract_text(tmp_path / "a.exe")


def blank_pdf(pages: int = 1) -> bytes:
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(595, 842)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_blank_pages_are_refused():
    assert "không có chữ nào" in refused(blank_pdf(), "a.pdf")


def test_a_pdf_with_too_many_pages_is_refused(monkeypatch):
    monkeypatch.setattr(pdf_text, "MOST_PAGES", 2)
    assert "3 trang" in refused(blank_pdf(3), "a.pdf")


def test_entities_in_any_part_are_refused():
    hostile = '<!DOCTYPE d [<!ENTITY x "y">]><w:footnotes xmlns:w="' + W + '">&x;</w:footnotes>'
    content = package(word__document_xml=body(paragraph("a")), word__footnotes_xml=hostile)
    assert "không an toàn" in refused(content, "a.docx")


def hand_made_pdf(*objects: str) -> bytes:
    """A PDF of these objects (the first is the catalogue), with its table of where they are."""
    made, places = b"%PDF-1.4\n", []
    for number, inner in enumerate(objects, 1):
        places.append(len(made))
        made += f"{number} 0 obj\n{inner}\nendobj\n".encode()
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n" % size
    return made + head + table + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, len(made))


@pytest.mark.parametrize(
    "objects",
    [
        ("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R]/Count 1>>"),
        ("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 99999999>>", "<</Type/Page/Parent 2 0 R>>"),
        (
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/Kids[3 0 R]/Count 1>>",
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<</XObject<</A 4 0 R>>>>/Contents 5 0 R>>",
            "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</A 4 0 R>>>>/Length 5>>"
            "stream\n/A Do\nendstream",
            "<</Length 5>>stream\n/A Do\nendstream",
        ),
    ],
    ids=["pages that are their own", "pages that are not there", "a form that draws itself"],
)
def test_a_pdf_whose_objects_go_round_is_refused_at_once(objects):
    refused(hand_made_pdf(*objects), "a.pdf")


def test_a_page_drawn_of_more_things_than_any_page_of_print_is_refused(monkeypatch):
    monkeypatch.setattr(pdf_text, "MOST_OBJECTS", 2)
    lines = "1 1 m 9 9 l S " * 3
    content = hand_made_pdf(
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R>>",
        f"<</Length {len(lines)}>>stream\n{lines}\nendstream",
    )
    assert "quá nhiều chi tiết" in refused(content, "a.pdf")
