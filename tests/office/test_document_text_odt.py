"""Text out of OpenDocument files: lists with their numbers, tables, layout tables; and the files that are refused."""

from __future__ import annotations

import io
import zipfile

import pytest

from haidang.office import document_package
from haidang.office.document_text import UnreadableDocument, text_of_bytes

NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (("office", "office"), ("text", "text"), ("table", "table"), ("style", "style"))
)
STYLES = (
    '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="1" '
    'style:num-suffix="."/><text:list-level-style-number text:level="2" style:num-format="a" style:num-suffix=")"/>'
    "</text:list-style>"
    '<text:list-style style:name="L2"><text:list-level-style-bullet text:level="1"/></text:list-style>'
)


def odt(body, extra=""):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0"?>{extra}<office:document-content {NAMES}><office:automatic-styles>{STYLES}'
            f"</office:automatic-styles><office:body>{body}</office:body></office:document-content>",
        )
    return stream.getvalue()


def lines(inner):
    return text_of_bytes(odt(f"<office:text>{inner}</office:text>"), "a.odt").text.split("\n")


def p(text):
    return f"<text:p>{text}</text:p>"


def item(inner):
    return f"<text:list-item>{inner}</text:list-item>"


def test_lists_come_with_the_labels_that_are_printed():
    inner = item(p("Mở lớp")) + item(p("In sách") + f"<text:list>{item(p('Sách to'))}{item(p('Sách nhỏ'))}</text:list>")
    numbered = f'<text:list text:style-name="L1">{inner}</text:list>'
    bullets = f'<text:list text:style-name="L2">{item(p("Treo cờ"))}</text:list>'
    goes_on = f'<text:list text:style-name="L1" text:continue-numbering="true">{item(p("Sơ kết"))}</text:list>'
    assert lines(numbered + bullets + goes_on) == [
        "1. Mở lớp",
        "2. In sách",
        "a) Sách to",
        "b) Sách nhỏ",
        "- Treo cờ",
        "3. Sơ kết",
    ]


def cells(*texts):
    return (
        "<table:table-row>"
        + "".join(f"<table:table-cell>{p(text)}</table:table-cell>" for text in texts)
        + ("</table:table-row>")
    )


def test_a_table_comes_as_rows_and_a_letterhead_as_lines():
    head = f"<table:table>{cells('UBND XÃ', 'CỘNG HÒA XÃ HỘI')}{cells('Số: 5/KH-UBND', 'Độc lập')}</table:table>"
    table = f"<table:table>{cells('Việc', 'Chủ trì')}{cells('Họp', 'Sở Y tế')}</table:table>"
    assert lines(head + table) == [
        "UBND XÃ",
        "Số: 5/KH-UBND",
        "CỘNG HÒA XÃ HỘI",
        "Độc lập",
        "| Việc | Chủ trì |",
        "| Họp | Sở Y tế |",
    ]


def test_spans_tabs_and_breaks_are_text_and_notes_are_not():
    text = "Mở<text:s text:c='2'/>lớp<text:tab/>hai<text:line-break/>ba<text:note><text:p>ghi chú</text:p></text:note>."
    assert lines(p(text)) == ["Mở  lớp\thai", "ba."]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (odt("<office:spreadsheet/>"), "không phải tài liệu văn bản .odt"),
        (odt("<office:text/>", '<!DOCTYPE a [<!ENTITY b "c">]>'), "khai báo không an toàn"),
        (odt("<office:text><text:p></office:text>"), "bị hỏng"),
        (odt("<office:text/>"), "không có chữ nào"),
    ],
)
def test_what_is_no_text_document_is_refused(content, sentence):
    with pytest.raises(UnreadableDocument, match=sentence):
        text_of_bytes(content, "a.odt")


def test_an_odt_named_docx_and_one_that_unpacks_too_large_are_refused(monkeypatch):
    content = odt(f"<office:text>{p('Họp')}</office:text>")
    with pytest.raises(UnreadableDocument, match="không đúng định dạng"):
        text_of_bytes(content, "a.docx")
    monkeypatch.setattr(document_package, "MOST_UNPACKED", 10)
    with pytest.raises(UnreadableDocument, match="bung ra quá lớn"):
        text_of_bytes(content, "a.odt")


def test_nesting_without_end_is_cut_off():
    deep = "<text:section>" * 200 + p("sâu") + "</text:section>" * 200
    with pytest.raises(UnreadableDocument, match="không có chữ nào"):
        lines(deep)
