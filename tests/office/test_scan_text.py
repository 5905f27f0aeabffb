"""Scans are read with tesseract where it is installed, refused in one sentence where it is not, and bounded always."""

from __future__ import annotations

import io
import sys
from difflib import SequenceMatcher

import pypdfium2
import pytest
from docx import Document
from docx.shared import Pt

from haidang.office import pdf_text, scan_programs, scan_text
from haidang.office.document_text import UnreadableDocument, text_of_bytes
from haidang.office.scan_programs import ScanFailed, recogniser, render
from haidang.office.scan_rendering import draw

PARAGRAPHS = (
    "KẾ HOẠCH",
    "I. MỤC TIÊU",
    "Giảm số vụ cháy tại khu dân cư, chợ và nhà xưởng trên địa bàn xã.",
    "II. NHIỆM VỤ",
    "- Sở Y tế chủ trì, phối hợp với Công an tỉnh tổ chức tập huấn trước ngày 15 tháng 6.",
)
ROWS = (("Nội dung", "Cơ quan chủ trì"), ("Phát tờ rơi tại bến xe", "Hội Phụ nữ"))


@pytest.fixture(scope="module")
def printed(tmp_path_factory, soffice):
    """A PDF of two pages with text: paragraphs, and a table."""
    folder = tmp_path_factory.mktemp("printed")
    document = Document()
    document.styles["Normal"].font.name, document.styles["Normal"].font.size = "Times New Roman", Pt(14)
    for text in PARAGRAPHS:
        document.add_paragraph(text)
    document.add_page_break()
    document.add_paragraph("Phụ lục phân công nhiệm vụ")
    table = document.add_table(rows=2, cols=2)
    table.style = "Table Grid"
    for row, texts in zip(table.rows, ROWS, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    document.save(str(folder / "a.docx"))
    soffice(folder / "a.docx", folder)
    return (folder / "a.pdf").read_bytes()


def lines(document):
    return [line for line in document.text.split("\n") if line.strip()]


def nearly(found, meant):
    """Whether lines are as meant but perhaps for single marks, which versions of the program read differently."""
    return SequenceMatcher(None, "\n".join(found), "\n".join(meant), autojunk=False).ratio() > 0.97


TABLE = ["| Nội dung | Cơ quan chủ trì |", "| Phát tờ rơi tại bến xe | Hội Phụ nữ |"]


def test_a_scanned_pdf_is_read_page_by_page(printed, scan, tesseract):
    told = []
    found = text_of_bytes(scan(printed, degrees=0.5, dirt=0.0002), "quet.pdf", told.append)
    assert (found.kind, found.pages, found.scanned) == ("pdf", 2, (1, 2))
    assert nearly(lines(found)[:4], PARAGRAPHS[:4])
    assert nearly(lines(found)[-2:], TABLE)
    assert told[-1] == "Đã nhận dạng chữ 2/2 trang của tệp “quet.pdf”."


def test_only_the_scanned_pages_of_a_mixed_pdf_are_recognised(printed, scan, tesseract):
    found = text_of_bytes(scan(printed, pages=[1]), "a.pdf")
    assert found.scanned == (2,)
    assert nearly(lines(found)[:4], PARAGRAPHS[:4])
    assert nearly(lines(found)[-2:], TABLE)


def test_an_image_on_its_side_is_read(printed, as_png, tesseract):
    found = text_of_bytes(as_png(printed, turned=90), "anh.png")
    assert (found.kind, found.pages, found.scanned) == ("image", 1, (1,))
    assert nearly(lines(found)[:4], PARAGRAPHS[:4])


def test_an_image_of_several_pages_is_read_with_its_table(printed, as_tiff, tesseract):
    found = text_of_bytes(as_tiff(printed, 2, dpi=200), "quet.tif")
    assert found.pages == 2
    assert lines(found)[0] == "KẾ HOẠCH"
    assert nearly(lines(found)[-2:], TABLE)


# without the program


@pytest.fixture
def nothing_installed(monkeypatch):
    monkeypatch.setattr(scan_text, "recogniser", lambda: None)
    monkeypatch.setattr(pdf_text, "recogniser", lambda: None)


def picture(width=200.0, height=300.0, pixels=(20, 30), pages=1):
    """A PDF of pages that show a picture and nothing else."""
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        page = document.new_page(width, height)
        image = pypdfium2.PdfImage.new(document)
        bitmap = pypdfium2.PdfBitmap.new_native(*pixels, pypdfium2.raw.FPDFBitmap_Gray)
        bitmap.fill_rect((200, 200, 200, 255), 0, 0, *pixels)
        image.set_bitmap(bitmap)
        image.set_matrix(pypdfium2.PdfMatrix().scale(width, height))
        page.insert_obj(image)
        page.gen_content()
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def refused(content, name):
    with pytest.raises(UnreadableDocument) as caught:
        text_of_bytes(content, name)
    sentence = str(caught.value)
    assert sentence.endswith(".") and "\n" not in sentence and "!" not in sentence
    return sentence


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + b"\x00\x00\x00\rIHDR"
    + (20).to_bytes(4, "big")
    + (30).to_bytes(4, "big")
    + b"\x08\x00\x00\x00\x00"
)


@pytest.mark.parametrize(("content", "name"), [(picture(), "a.pdf"), (PNG, "a.png")])
def test_without_the_program_a_scan_is_refused_with_what_to_install(nothing_installed, content, name):
    sentence = refused(content, name)
    assert "tesseract-ocr-vie" in sentence and ".docx" in sentence


def test_without_the_program_a_scanned_page_among_others_is_said_where_it_stands(nothing_installed, printed, scan):
    found = text_of_bytes(scan(printed, pages=[1], dpi=60), "a.pdf")
    assert lines(found)[0] == "KẾ HOẠCH"
    assert lines(found)[-1] == "(Trang 2 là ảnh quét, chưa nhận dạng được chữ.)"
    assert found.scanned == ()


# limits


@pytest.fixture
def something_installed(monkeypatch):
    monkeypatch.setattr(scan_text, "recogniser", lambda: "tesseract")
    monkeypatch.setattr(pdf_text, "recogniser", lambda: "tesseract")


def test_too_many_scanned_pages_are_refused_before_any_is_read(something_installed, monkeypatch):
    monkeypatch.setattr(scan_text, "MOST_PAGES", 2)
    assert "hơn 2 trang quét" in refused(picture(pages=3), "a.pdf")


def test_an_image_with_more_pixels_than_any_page_is_refused_unopened(something_installed):
    bomb = PNG[:16] + (90_000).to_bytes(4, "big") + (90_000).to_bytes(4, "big") + PNG[24:]
    assert "quá lớn" in refused(bomb, "a.png")
    assert "bị hỏng" in refused(PNG[:16], "a.png")


def test_a_picture_in_a_pdf_that_would_fill_the_memory_is_refused(something_installed, monkeypatch):
    monkeypatch.setattr(pdf_text, "MOST_PICTURE", 500)
    assert "ảnh quá lớn" in refused(picture(), "a.pdf")


def test_reading_that_takes_too_long_is_stopped(something_installed, monkeypatch):
    monkeypatch.setattr(scan_text, "MOST_SECONDS", 0)
    assert "đã dừng" in refused(picture(), "a.pdf")


def test_a_page_that_cannot_be_read_is_named(something_installed, monkeypatch):
    def fails(*_args, **_more):
        raise ScanFailed("killed")

    monkeypatch.setattr(scan_programs, "render", fails)
    assert "trang 1" in refused(picture(), "a.pdf")


def test_programs_are_held_to_their_time_and_memory(monkeypatch):
    with pytest.raises(ScanFailed):
        scan_programs._run([sys.executable, "-c", "while True: pass"], seconds=1)
    monkeypatch.setattr(scan_programs, "MOST_MEGABYTES", 300)
    with pytest.raises(ScanFailed, match="MemoryError"):
        scan_programs._run([sys.executable, "-c", "x = bytearray(800_000_000)"], seconds=20)


def test_a_page_of_any_shape_is_drawn_within_bounds(tmp_path):
    (tmp_path / "a.pdf").write_bytes(picture(width=14_000, height=20))
    draw(tmp_path / "a.pdf", 0, 2480, tmp_path / "a.pgm")
    width, height = (tmp_path / "a.pgm").read_bytes().split(b" ")[1:3]
    assert int(width) * int(height) <= 16_100_000


def test_a_page_that_is_not_there_fails(tmp_path):
    (tmp_path / "a.pdf").write_bytes(picture())
    with pytest.raises(ScanFailed):
        render(tmp_path / "a.pdf", 7, 100, tmp_path / "a.pgm")


def test_the_program_counts_only_with_vietnamese(monkeypatch):
    monkeypatch.setattr(scan_programs.shutil, "which", lambda program: f"/usr/bin/{program}")
    for listed, found in ((b"eng\nosd", None), (b"List of available languages (2):\nvie\nosd", "/usr/bin/tesseract")):
        monkeypatch.setattr(scan_programs, "_run", lambda *_a, listed=listed, **_k: listed)
        recogniser.cache_clear()
        assert recogniser() == found
    monkeypatch.undo()
    recogniser.cache_clear()


def test_garbage_behind_a_scan_is_told_from_vietnamese():
    from haidang.office.text_encodings import says_something

    assert says_something("Sở Y tế chủ trì, phối hợp với Công an tỉnh tổ chức tập huấn cho cán bộ. " * 5)
    assert not says_something("SO Y te chu tri, phoi hgp vdi Cong an tinh to chirc tap huan cho can bO. " * 5)
    assert says_something("Ngắn")
