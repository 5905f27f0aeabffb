"""What a .docx shows in print is what comes out of it: once, in order, and nothing that Word does not show."""

from __future__ import annotations

import io
import zipfile

import pytest

from haidang.office import docx_text
from haidang.office.document_text import UnreadableDocument, text_of_bytes
from haidang.office.text_encodings import _TCVN3

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMES = (
    f'xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def word_file(body, main="word/document.xml", related=(), **parts):
    """A .docx with this body; `parts` are the inner XML of footnotes, styles and so on, by their root's name."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("_rels/.rels", relations([("r0", "officeDocument", main)]))
        archive.writestr(main, f"<w:document {NAMES}><w:body>{body}</w:body></w:document>")
        for name, inner in parts.items():
            archive.writestr(
                f"word/{name}.xml", f"<w:{name.rstrip('0123456789')} {NAMES}>{inner}</w:{name.rstrip('0123456789')}>"
            )
        archive.writestr("word/_rels/document.xml.rels", relations(related))
    return stream.getvalue()


def relations(rows):
    inner = "".join(f'<Relationship Id="{key}" Type="{OFFICE}{kind}" Target="{target}"/>' for key, kind, target in rows)
    return f'<Relationships xmlns="{RELATIONSHIPS}">{inner}</Relationships>'


def text(body, **parts):
    return text_of_bytes(word_file(body, **parts), "ke-hoach.docx").text


def lines(body, **parts):
    return [line for line in text(body, **parts).split("\n") if line.strip()]


def r(words, tag="t"):
    return f'<w:r><w:{tag} xml:space="preserve">{words}</w:{tag}></w:r>'


def p(*runs, properties=""):
    inner = "".join(run if run.startswith("<") else r(run) for run in runs)
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def table(*rows):
    return "<w:tbl>" + "".join(row(*cells) for cells in rows) + "</w:tbl>"


def row(*cells, properties=""):
    inner = "".join(f"<w:tc>{cell if cell.startswith('<') else p(cell)}</w:tc>" for cell in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{inner}</w:tr>"


DELETED = '<w:rPr><w:del w:id="1" w:author="a"/></w:rPr>'


# tables


def test_a_table_inside_a_cell_stays_in_its_row():
    inner = p("Gồm:") + table(("xã", "12"), ("phường", "3")) + p("")
    assert lines(table(("Địa bàn", "Chủ trì"), (inner, "Sở Y tế"))) == [
        "| Địa bàn | Chủ trì |",
        "| Gồm:<br>/ xã / 12 /<br>/ phường / 3 / | Sở Y tế |",
    ]


def test_a_table_of_one_column_is_a_frame_around_paragraphs():
    assert lines(table((p("I. MỤC TIÊU") + p("1. Chung"),))) == ["I. MỤC TIÊU", "1. Chung"]


def test_a_table_of_text_that_mentions_a_card_is_no_signature():
    assert (
        lines(table(("Việc", "Cách làm"), ("Chuyển tiền", "Thẻ ATM. Không dùng tiền mặt")))[0] == "| Việc | Cách làm |"
    )


def test_rows_and_cells_inside_content_controls_are_there():
    control = f"<w:sdt><w:sdtPr/><w:sdtContent>{row('Họp', 'Sở Y tế')}</w:sdtContent></w:sdt>"
    cell = f"<w:tr><w:sdt><w:sdtContent><w:tc>{p('In')}</w:tc></w:sdtContent></w:sdt><w:tc>{p('Công an')}</w:tc></w:tr>"
    assert lines(f"<w:tbl>{row('Việc', 'Chủ trì')}{control}{cell}</w:tbl>") == [
        "| Việc | Chủ trì |", "| Họp | Sở Y tế |", "| In | Công an |",
    ]  # fmt: skip


def test_a_row_that_begins_further_right_keeps_its_columns():
    late = row("Quý I", properties='<w:gridBefore w:val="1"/>')
    assert lines(f"<w:tbl>{row('Việc', 'Thời gian')}{late}</w:tbl>")[1] == "|  | Quý I |"


# text boxes


def test_a_text_box_written_in_two_ways_is_read_once():
    box = f"<w:txbxContent>{p('PHỤ LỤC 1')}</w:txbxContent>"
    both = (
        f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'><wps:txbx>{box}</wps:txbx></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert lines(p("Trước", both, " sau")) == ["Trước sau", "PHỤ LỤC 1"]


def test_an_old_text_box_and_one_whose_newer_writing_is_only_a_picture_are_read():
    box = f"<w:pict><v:textbox><w:txbxContent>{p('Hỏa tốc')}</w:txbxContent></v:textbox></w:pict>"
    picture = f"<mc:AlternateContent><mc:Choice Requires='wpg'/><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    assert lines(p("a", f"<w:r>{box}</w:r>")) == ["a", "Hỏa tốc"]
    assert lines(p("a", f"<w:r>{picture}</w:r>")) == ["a", "Hỏa tốc"]


def test_a_text_box_inside_a_text_box_is_read_once():
    inner = f"<w:r><w:pict><w:txbxContent>{p('trong')}</w:txbxContent></w:pict></w:r>"
    outer = f"<w:r><w:pict><w:txbxContent>{p('ngoài', inner)}</w:txbxContent></w:pict></w:r>"
    assert lines(p("a", outer)) == ["a", "ngoài", "trong"]


# notes, headers, footers

FOOTNOTES = (
    f'<w:footnote w:type="separator" w:id="-1">{p("---")}</w:footnote>'
    f'<w:footnote w:id="1">{p("<w:r><w:footnoteRef/></w:r>", " Gồm 12 xã.")}{p("Tính đến ngày 01/7.")}</w:footnote>'
)


def test_a_note_follows_the_text_and_leaves_its_sentence_whole():
    reference = '<w:r><w:footnoteReference w:id="1"/></w:r>'
    end = '<w:r><w:endnoteReference w:id="1"/></w:r>'
    got = lines(
        p("Rà soát các xã biên giới", reference, " trước ngày 15/12", end, "."),
        footnotes=FOOTNOTES,
        endnotes=f'<w:endnote w:id="1">{p("Theo mẫu 2.")}</w:endnote>',
    )
    assert got == [
        "Rà soát các xã biên giới trước ngày 15/12.",
        "DANH MỤC CHÚ THÍCH",
        "[1] (sau “Rà soát các xã biên giới”) Gồm 12 xã. Tính đến ngày 01/7.",
        "[2] (sau “xã biên giới trước ngày 15/12”) Theo mẫu 2.",
    ]


def test_a_note_that_refers_to_itself_ends():
    itself = '<w:r><w:footnoteReference w:id="1"/></w:r>'
    assert lines(p("a", itself), footnotes=f'<w:footnote w:id="1">{p("b", itself)}</w:footnote>')[-1].endswith("b")


def section(*references, title=False):
    inner = "".join(f'<w:{kind}Reference w:type="{when}" r:id="{key}"/>' for kind, when, key in references)
    return f"<w:sectPr>{inner}{'<w:titlePg/>' if title else ''}</w:sectPr>"


def test_a_letterhead_in_the_first_header_comes_first_and_other_headers_last():
    related = [("r1", "header", "hdr1.xml"), ("r2", "header", "hdr2.xml"), ("r3", "footer", "ftr3.xml")]
    body = p("KẾ HOẠCH") + section(
        ("header", "default", "r2"), ("header", "first", "r1"), ("footer", "default", "r3"), title=True
    )
    head = table(("UBND XÃ", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"))
    page = f"{r('Trang ')}<w:fldSimple w:instr='PAGE'>{r('3')}</w:fldSimple>"
    got = lines(body, related=related, hdr1=head, hdr2=p("Kế hoạch năm 2025"), ftr3=p(page))
    assert got == [
        "UBND XÃ",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "KẾ HOẠCH",
        "DANH MỤC ĐẦU TRANG, CHÂN TRANG",
        "- Kế hoạch năm 2025",
    ]


# tracked changes, as accepted


def test_moved_text_is_there_once_where_it_was_moved_to():
    body = p(f"<w:moveFrom>{r('Sở Y tế')}</w:moveFrom>", "Họp.") + p("In. ", f"<w:moveTo>{r('Sở Y tế')}</w:moveTo>")
    assert lines(body) == ["Họp.", "In. Sở Y tế"]


def test_a_deleted_paragraph_end_joins_the_next_paragraph():
    numbered = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    body = (
        p("Sở Y tế chủ trì, ", properties=numbered + DELETED)
        + p("phối hợp với Công an.")
        + p("Hai", properties=numbered)
    )
    assert lines(body, numbering=NUMBERING) == ["1. Sở Y tế chủ trì, phối hợp với Công an.", "2. Hai"]


def test_a_wholly_deleted_paragraph_leaves_nothing_and_counts_for_nothing():
    numbered = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    gone = p(f"<w:del>{r('Bỏ', 'delText')}</w:del>", properties=numbered + DELETED)
    assert (
        text(p("Một", properties=numbered) + gone + p("Hai", properties=numbered), numbering=NUMBERING)
        == "1. Một\n2. Hai"
    )


def test_the_last_paragraph_is_read_though_its_end_is_deleted():
    assert lines(p("Trên đây là kế hoạch.", properties=DELETED)) == ["Trên đây là kế hoạch."]


def test_deleted_rows_and_cells_go_inserted_ones_stay():
    deleted = row("Bỏ", "Sở A", properties='<w:del w:id="1"/>')
    inserted = row("Thêm", "Sở B", properties='<w:ins w:id="2"/>')
    gone = f"<w:tc><w:tcPr><w:cellDel w:id='3'/></w:tcPr>{p('x')}</w:tc>"
    cell = f"<w:tr>{gone}<w:tc>{p('In')}</w:tc><w:tc>{p('Sở C')}</w:tc></w:tr>"
    assert lines(f"<w:tbl>{row('Việc', 'Chủ trì')}{deleted}{inserted}{cell}</w:tbl>") == [
        "| Việc | Chủ trì |", "| Thêm | Sở B |", "| In | Sở C |",
    ]  # fmt: skip


# runs


@pytest.mark.parametrize(
    ("inner", "shown"),
    [
        (f"<w:hyperlink>{r('Cổng thông tin')}</w:hyperlink>", "Cổng thông tin"),
        (f"<w:sdt><w:sdtPr/><w:sdtContent>{r('Sơn Hải')}</w:sdtContent></w:sdt>", "Sơn Hải"),
        (f"<w:smartTag>{r('quý')}</w:smartTag>{r(' I')}", "quý I"),
        (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
            + r(" DATE \\@ ", "instrText")
            + '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
            + r("02/3/2025")
            + '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
            "02/3/2025",
        ),
        (r("hỗ") + "<w:r><w:softHyphen/></w:r>" + r(" trợ"), "hỗ trợ"),
        (r("138") + "<w:r><w:noBreakHyphen/></w:r>" + r("KH"), "138-KH"),
        (r("một") + "<w:r><w:br/></w:r>" + r("hai"), "một\nhai"),
        (r("một") + "<w:r><w:tab/></w:r>" + r("hai"), "một\thai"),
        (r("đạt ") + '<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>' + r(" 90%"), "đạt ≥ 90%"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0D8"/></w:r>' + r(" Họp"), "• Họp"),
        (r("đạt \uf0b3 90%"), "đạt ≥ 90%"),
        (r("tỷ lệ ") + "<m:oMath><m:r><m:t>a/b</m:t></m:r></m:oMath>", "tỷ lệ a/b"),
        (r("thấy") + "<w:r><w:rPr><w:vanish/></w:rPr><w:t>ẩn</w:t></w:r>", "thấy"),
        (r("thấy") + '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t> cả</w:t></w:r>', "thấy cả"),
        (r("chữ") + "<!-- lời bàn -->" + '<w:r><w:commentReference w:id="1"/></w:r>', "chữ"),
    ],
)
def test_what_word_shows_is_read_and_what_it_hides_is_not(inner, shown):
    assert text(f"<w:p>{inner}</w:p>") == shown


def test_capitals_by_format_by_font_and_by_style_are_read_as_printed():
    caps = "<w:r><w:rPr><w:caps/></w:rPr><w:t>kế hoạch</w:t></w:r>"
    plain = '<w:r><w:rPr><w:caps w:val="0"/></w:rPr><w:t> năm</w:t></w:r>'
    styles = (
        '<w:style w:styleId="Dau"><w:rPr><w:caps/></w:rPr></w:style>'
        '<w:style w:styleId="DauCon"><w:basedOn w:val="Dau"/></w:style>'
    )
    styled = p("mục tiêu", properties='<w:pStyle w:val="DauCon"/>')
    assert lines(p(caps, plain) + styled, styles=styles) == ["KẾ HOẠCH năm", "MỤC TIÊU"]


def test_a_font_of_tcvn3_capitals_shows_capitals():
    font = '<w:rPr><w:rFonts w:ascii=".VnTimeH" w:hAnsi=".VnTimeH"/></w:rPr>'
    body = "thực hiện kế hoạch của ủy ban nhân dân tỉnh về phòng chống tội phạm với các cơ sở trên địa bàn"
    got = lines(p(f"<w:r>{font}<w:t>{as_tcvn3('kế hoạch')}</w:t></w:r>") + p(as_tcvn3(body)))
    assert got == ["KẾ HOẠCH", body]


def as_tcvn3(words):
    codes = {letter: code for code, letter in reversed(_TCVN3.items())}
    return "".join(codes.get(letter, letter) for letter in words)


def test_a_table_of_contents_is_not_read_again():
    control = (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
        f"<w:sdtContent>{p('I. MỤC TIÊU 2')}</w:sdtContent></w:sdt>"
    )
    styles = '<w:style w:styleId="Muclc1"><w:name w:val="toc 1"/></w:style>'
    body = control + p("II. NHIỆM VỤ 3", properties='<w:pStyle w:val="Muclc1"/>') + p("I. MỤC TIÊU")
    assert lines(body, styles=styles) == ["I. MỤC TIÊU"]


# numbers


def level(at, kind, pattern, more=""):
    start = '<w:start w:val="1"/>'
    return f'<w:lvl w:ilvl="{at}">{start}<w:numFmt w:val="{kind}"/><w:lvlText w:val="{pattern}"/>{more}</w:lvl>'


def abstract(key, *levels):
    return f'<w:abstractNum w:abstractNumId="{key}">{"".join(levels)}</w:abstractNum>'


def concrete(key, of, more=""):
    return f'<w:num w:numId="{key}"><w:abstractNumId w:val="{of}"/>{more}</w:num>'


NUMBERING = (
    abstract(
        1,
        level(0, "decimal", "%1.", '<w:pStyle w:val="Muc"/>'),
        level(1, "decimal", "%1.%2.", '<w:pStyle w:val="Tiet"/>'),
    )
    + abstract(2, level(0, "upperRoman", "%1."), level(1, "decimal", "%1.%2", "<w:isLgl/>"))
    + abstract(3, level(0, "lowerLetter", "%1)"))
    + "".join(concrete(key, key) for key in (1, 2, 3))
    + concrete(4, 1, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>')
)


def numbered(number, level, words):
    return p(words, properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def test_numbers_of_a_style_and_of_the_style_it_is_based_on():
    styles = (
        '<w:style w:styleId="Muc"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="Tiet"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="MucDam"><w:basedOn w:val="Muc"/></w:style>'
        '<w:style w:styleId="Quanh"><w:basedOn w:val="Quanh"/></w:style>'
    )
    body = "".join(
        p(words, properties=f'<w:pStyle w:val="{style}"/>')
        for style, words in (("Muc", "Một"), ("Tiet", "nhỏ"), ("MucDam", "Hai"), ("Quanh", "Không số"))
    )
    assert lines(body, numbering=NUMBERING, styles=styles) == ["1. Một", "1.1. nhỏ", "2. Hai", "Không số"]


def test_figures_in_place_of_roman_numbers_where_the_level_says_so():
    assert lines(numbered(2, 0, "A") + numbered(2, 1, "B"), numbering=NUMBERING) == ["I. A", "1.1 B"]


def test_letters_go_on_after_z_and_a_restarted_list_counts_by_itself():
    body = "".join(numbered(3, 0, "x") for _ in range(28))
    assert lines(body, numbering=NUMBERING)[25:] == ["z) x", "aa) x", "bb) x"]
    body = numbered(1, 0, "a") + numbered(4, 0, "b") + numbered(1, 0, "c")
    assert lines(body, numbering=NUMBERING) == ["1. a", "5. b", "2. c"]


# packages


def test_a_document_part_under_another_name_is_found():
    assert text_of_bytes(word_file(p("Họp"), main="word/document2.xml"), "a.docx").text == "Họp"


def test_a_strict_open_xml_document_is_read():
    strict = f"<w:document {NAMES}><w:body>{p('Họp')}</w:body></w:document>".replace(
        W, "http://purl.oclc.org/ooxml/wordprocessingml/main"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", strict)
    assert text_of_bytes(stream.getvalue(), "a.docx").text == "Họp"


def refused(content):
    with pytest.raises(UnreadableDocument) as caught:
        text_of_bytes(content, "a.docx")
    return str(caught.value)


def test_a_part_that_word_would_still_have_to_merge_is_refused_not_lost():
    assert "phần nhúng" in refused(word_file(p("a") + '<w:altChunk r:id="r9"/>'))


@pytest.mark.parametrize(
    "wrap", ["<w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>", "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>"]
)
def test_nesting_without_end_is_refused(wrap):
    inner = p("đáy")
    for _ in range(60):
        inner = wrap.format(inner)
    assert "lồng nhau quá sâu" in refused(word_file(inner))


def test_merged_cells_that_repeat_each_other_without_end_are_refused():
    """Each row shows again what the merged cell above shows; inside each other this grows a hundredfold a level."""
    inner = p("x" * 500)
    for _ in range(4):
        merged = "<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc><w:tc><w:p/></w:tc></w:tr>"
        first = f"<w:tr><w:tc>{inner}</w:tc><w:tc>{p('y')}</w:tc></w:tr>"
        inner = f"<w:tbl>{first}{merged * 100}</w:tbl>{p('')}"
    assert "ký tự" in refused(word_file(inner))


def test_more_tags_than_any_document_has_are_refused_before_they_are_parsed(monkeypatch):
    from haidang.office import document_package

    monkeypatch.setattr(document_package, "MOST_TAGS", 100)
    assert "quá lớn" in refused(word_file("<w:p/>" * 100))


def test_a_million_paragraphs_are_refused_by_their_number():
    assert "quá nhiều dòng" in refused(word_file("<w:p/>" * 50_000 + p("a")))


def test_the_depth_that_is_read_is_more_than_people_use():
    assert docx_text.MOST_DEPTH >= 20
