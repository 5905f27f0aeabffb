"""Footnotes of a PDF follow the text, as those of a Word file do; small print of other kinds stays where it is."""

from __future__ import annotations

import io

import pytest
from docx import Document
from docx.shared import Pt

from haidang.office.document_notes import Notes
from haidang.office.document_text import text_of_bytes
from haidang.office.page_layout import Run
from haidang.office.pdf_edges import LaidOut
from haidang.office.pdf_notes import take_notes


def run(text, y, high=14.0, left=90.0):
    return Run(text, left, y - high / 2, left + 300, y + high / 2)


def page(*runs):
    return LaidOut(list(runs), [], 595.0, 842.0)


def test_notes_leave_the_page_with_the_words_before_their_numbers():
    notes = Notes()
    body = [run("Rà soát các xã", 700), run("biên giới¹ trước ngày 15/12².", 680), run("Mở lớp.", 660)]
    shown = page(
        *body, run("¹ Gồm 12 xã;", 90, 10), run("và 3 phường.", 78, 10), run("2 Theo mẫu.", 66, 10), run("5", 40)
    )
    take_notes(shown, notes)
    assert [each.text for each in shown.runs] == ["Rà soát các xã", "biên giới trước ngày 15/12.", "Mở lớp.", "5"]
    assert notes.lines()[2:] == [
        "[1] (sau “soát các xã biên giới”) Gồm 12 xã; và 3 phường.".replace("soát", "Rà soát"),
        "[2] (sau “xã biên giới¹ trước ngày 15/12”) Theo mẫu.",
    ]


@pytest.mark.parametrize(
    "foot",
    [
        [run("Nơi nhận:", 90, 10), run("- Lưu: VT.", 78, 10)],
        [run("1 Một dòng nhỏ không ai dẫn tới", 90, 10)],
        [run("¹ Chữ to như thân bài", 90, 14)],
    ],
)
def test_small_print_of_another_kind_stays(foot):
    notes = Notes()
    shown = page(run("Diện tích 12 m² đất ở.", 700), run("Mở lớp tập huấn.", 680), run("Hết.", 660), *foot)
    before = [each.text for each in shown.runs]
    take_notes(shown, notes)
    assert [each.text for each in shown.runs] == before
    assert notes.lines() == []


def test_a_footnote_printed_by_an_office_program_follows_the_text(soffice, tmp_path):
    (tmp_path / "a.fodt").write_text(ODT, encoding="utf-8")
    soffice(tmp_path / "a.fodt", tmp_path)
    found = text_of_bytes((tmp_path / "a.pdf").read_bytes(), "a.pdf").text
    assert "Rà soát các xã biên giới trước ngày 15/12." in " ".join(found.split())
    assert found.rstrip().endswith("[1] (sau “Rà soát các xã biên giới”) Gồm 12 xã và 3 phường.")


def test_raised_figures_that_are_no_notes_are_shown_raised(soffice, tmp_path):
    document, held = Document(), io.BytesIO()
    paragraph = document.add_paragraph("Trưng bày trên 20 m")
    paragraph.add_run("2").font.superscript = True
    paragraph.add_run(" tại nhà văn hóa.").font.size = Pt(11)
    document.save(held)
    (tmp_path / "a.docx").write_bytes(held.getvalue())
    soffice(tmp_path / "a.docx", tmp_path)
    assert text_of_bytes((tmp_path / "a.pdf").read_bytes(), "a.pdf").text == "Trưng bày trên 20 m² tại nhà văn hóa."


NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (("office", "office"), ("text", "text"), ("style", "style"), ("fo", "xsl-fo-compatible"))
)
NOTE = (
    '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body>'
    '<text:p text:style-name="Footnote">Gồm 12 xã và 3 phường.</text:p></text:note-body></text:note>'
)
ODT = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    f'<office:document {NAMES} office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text">'
    '<office:styles><style:style style:name="Standard" style:family="paragraph"><style:text-properties '
    'fo:font-size="14pt"/></style:style><style:style style:name="Footnote" style:family="paragraph">'
    '<style:text-properties fo:font-size="10pt"/></style:style></office:styles><office:body><office:text>'
    "<text:p>KẾ HOẠCH</text:p><text:p>I. NHIỆM VỤ</text:p>"
    f"<text:p>Rà soát các xã biên giới{NOTE} trước ngày 15/12.</text:p></office:text></office:body></office:document>"
)
