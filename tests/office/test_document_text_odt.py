"""Text out of OpenDocument files: lists with their numbers, tables, layout tables; and the files that are refused."""

from __future__ import annotations

import io
import zipfile

import pytest

from haidang.office import document_package
from haidang.office.document_text import UnreadableDocument, text_of_bytes

NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"), ("text", "text"), ("table", "table"), ("style", "style"), ("draw", "drawing"),
        ("svg", "svg-compatible"), ("fo", "xsl-fo-compatible"),
    )
) + ' xmlns:loext="urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0"'  # fmt: skip
STYLES = (
    '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="1" '
    'style:num-suffix="."/><text:list-level-style-number text:level="2" style:num-format="a" style:num-suffix=")"/>'
    "</text:list-style>"
    '<text:list-style style:name="L2"><text:list-level-style-bullet text:level="1"/></text:list-style>'
)


def odt(body, extra="", styles="", pages=""):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0"?>{extra}<office:document-content {NAMES}><office:automatic-styles>{STYLES}'
            f"</office:automatic-styles><office:body>{body}</office:body></office:document-content>",
        )
        archive.writestr(
            "styles.xml",
            f"<office:document-styles {NAMES}><office:styles>{styles}</office:styles>"
            f"<office:master-styles>{pages}</office:master-styles></office:document-styles>",
        )
    return stream.getvalue()


def lines(inner, **more):
    return text_of_bytes(odt(f"<office:text>{inner}</office:text>", **more), "a.odt").text.split("\n")


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


def test_spans_tabs_and_breaks_are_text_and_notes_follow_behind():
    body = f"<text:note-body>{p('ghi chú')}</text:note-body>"
    note = f"<text:note><text:note-citation>1</text:note-citation>{body}</text:note>"
    assert lines(p(f"Mở<text:s text:c='2'/>lớp<text:tab/>hai<text:line-break/>ba{note}.")) == [
        "Mở  lớp\thai", "ba.", "", "DANH MỤC CHÚ THÍCH", "[1] (sau “Mở lớp hai ba”) ghi chú",
    ]  # fmt: skip


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


@pytest.mark.parametrize("kind", ["section", "list"])
def test_nesting_without_end_is_refused(kind):
    opened, closed = {
        "section": ("<text:section>", "</text:section>"),
        "list": ("<text:list><text:list-item>", "</text:list-item></text:list>"),
    }[kind]
    with pytest.raises(UnreadableDocument, match="lồng nhau quá sâu"):
        lines(opened * 60 + p("sâu") + closed * 60)


def test_cells_that_stand_for_many_inside_each_other_are_refused():
    inner = p("x" * 500)
    for _ in range(5):
        cell = f'<table:table-cell table:number-columns-repeated="60">{inner}</table:table-cell>'
        beside = f"<table:table-cell>{p('y')}</table:table-cell>"
        inner = f"<table:table><table:table-row>{cell}{beside}</table:table-row></table:table>"
    with pytest.raises(UnreadableDocument, match="ký tự"):
        lines(inner)


def test_numbers_of_several_levels_and_of_headings():
    outline = (
        '<text:outline-style><text:outline-level-style text:level="1" style:num-format="I" style:num-suffix="."/>'
        '<text:outline-level-style text:level="2" style:num-format="1" style:num-suffix="." text:display-levels="2"/>'
        "</text:outline-style>"
    )
    body = "".join(
        f'<text:h text:outline-level="{level}">{words}</text:h>'
        for level, words in ((1, "MỤC TIÊU"), (1, "NHIỆM VỤ"), (2, "Chung"), (2, "Riêng"))
    )
    unnumbered = '<text:h text:outline-level="1" text:is-list-header="true">Nơi gửi</text:h>'
    assert lines(body + unnumbered, styles=outline) == [
        "I. MỤC TIÊU", "II. NHIỆM VỤ", "II.1. Chung", "II.2. Riêng", "Nơi gửi",
    ]  # fmt: skip


def test_a_pattern_and_a_number_to_start_from():
    style = (
        '<text:list-style style:name="L3"><text:list-level-style-number text:level="1" style:num-format="i" '
        'loext:num-list-format="(%1%)"/></text:list-style>'
    )
    listed = f'<text:list text:style-name="L3"><text:list-item text:start-value="4">{p("Bốn")}</text:list-item>'
    assert lines(f"{listed}{item(p('Năm'))}</text:list>", styles=style) == ["(iv) Bốn", "(v) Năm"]


def test_a_table_in_a_list_and_a_cell_that_covers_rows():
    tall = f'<table:table-cell table:number-rows-spanned="2">{p("Sở Y tế")}</table:table-cell>'
    rows = (
        f"<table:table-row>{tall}<table:table-cell>{p('Họp')}</table:table-cell></table:table-row>"
        f"<table:table-row><table:covered-table-cell/><table:table-cell>{p('In')}</table:table-cell></table:table-row>"
    )
    listed = item(p("Việc:") + f"<table:table>{rows}</table:table>")
    assert lines(f'<text:list text:style-name="L2">{listed}</text:list>') == [
        "- Việc:", "| Sở Y tế | Họp |", "| Sở Y tế | In |",
    ]  # fmt: skip


def test_shapes_frames_and_what_floats_in_them_come_once_after_their_paragraph():
    inner = f"<text:p><draw:frame><draw:text-box>{p('trong')}</draw:text-box></draw:frame></text:p>"
    box = f"<draw:text-box>{p('ngoài')}{inner}</draw:text-box>"
    shape = f"<draw:custom-shape><svg:title>hình</svg:title>{p('Hỏa tốc')}</draw:custom-shape>"
    got = [line for line in lines(f"<text:p>Trước<draw:frame>{box}</draw:frame>{shape} sau</text:p>") if line]
    assert got == ["Trước sau", "ngoài", "trong", "Hỏa tốc"]


def test_how_the_xml_is_laid_out_and_what_is_hidden_says_nothing():
    hidden = f'<text:section text:display="none">{p("ẩn")}</text:section>'
    comment = "<office:annotation><text:p>lời bàn</text:p></office:annotation>"
    contents = f"<text:table-of-content>{p('I. MỤC TIÊU 2')}</text:table-of-content>"
    assert lines(contents + f"<text:p>Sở Y tế\n      chủ trì{comment}.</text:p>" + hidden) == ["Sở Y tế chủ trì."]


def test_capitals_by_format_are_read_as_printed():
    styles = (
        '<style:style style:name="Dau"><style:text-properties fo:text-transform="uppercase"/></style:style>'
        '<style:style style:name="P1" style:parent-style-name="Dau"/>'
        '<style:style style:name="P2" style:parent-style-name="Dau">'
        '<style:text-properties fo:text-transform="none"/></style:style>'
    )
    body = (
        '<text:p text:style-name="P1">kế hoạch</text:p><text:p text:style-name="P2">năm 2025</text:p>'
        '<text:p>Mục <text:span text:style-name="Dau">tiêu</text:span> chung</text:p>'
    )
    assert lines(body, styles=styles) == ["KẾ HOẠCH", "năm 2025", "Mục TIÊU chung"]


def test_headers_and_footers_follow_and_a_letterhead_comes_first():
    page = (
        '<style:master-page style:name="Standard"><style:header-first>{}</style:header-first>'
        "<style:footer><text:p>Trang <text:page-number>2</text:page-number></text:p></style:footer>"
        "<style:header><text:p>Kế hoạch năm 2025</text:p></style:header></style:master-page>"
    )
    letterhead = p("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    got = lines(p("KẾ HOẠCH"), pages=page.format(letterhead))
    assert [line for line in got if line] == [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "KẾ HOẠCH",
        "DANH MỤC ĐẦU TRANG, CHÂN TRANG",
        "- Kế hoạch năm 2025",
    ]
