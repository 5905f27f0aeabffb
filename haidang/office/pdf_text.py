"""The text of a PDF that carries text: lines in reading order, columns one after another, ruled tables as rows."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Sequence

import pypdfium2
import pypdfium2.raw as pdfium

from haidang.office.document_notes import Notes, edge_lines
from haidang.office.document_text import DocumentText, Progress, UnreadableDocument, check_size
from haidang.office.page_layout import Run, lines_of, without_page_number
from haidang.office.pdf_edges import LaidOut, without_edges
from haidang.office.pdf_notes import RAISED_DIGITS, take_notes
from haidang.office.pdf_tables import Grid, grids_of
from haidang.office.scan_mending import mended
from haidang.office.scan_programs import recogniser
from haidang.office.scan_text import scanned_pdf_pages
from haidang.office.text_encodings import says_something

MOST_PAGES = 400
MOST_OBJECTS = 20_000  # letters, lines and pictures drawn on one page; a full page of print has a few thousand
MOST_PICTURE = 120_000_000  # pixels of a picture on a page that would have to be drawn
LEAST_SPOKEN = 15  # letters and figures that a page of text has at the least
MOST_CHARACTERS = 100_000  # of one page
_ONE_AT_A_TIME = threading.Lock()  # the library may not be used from two threads at once


def pdf_text(content: bytes, name: str, progress: Progress) -> DocumentText:
    """The text; UnreadableDocument when broken, encrypted, too long, or scanned where scans cannot be read."""
    with _ONE_AT_A_TIME:
        laid_out = _pages_of(content, name)
    edges = without_edges(laid_out)
    notes = Notes()
    for page in laid_out:
        take_notes(page, notes)
    scanned = [number for number, page in enumerate(laid_out) if page.pictured]
    pages = {number: list(lines_of(page.runs, page.width, page.grids)) for number, page in enumerate(laid_out)}
    if scanned:
        pages |= _recognised(content, scanned, name, progress, alone=len(scanned) == len(pages))
    lines = [line for number in sorted(pages) for line in without_page_number(pages[number])]
    lines = [*(mended(lines) if scanned else lines), *notes.lines(), *edge_lines([edges])]
    if not any(char.isalnum() for line in lines for char in line):
        raise UnreadableDocument(f"Tệp “{name}” không có chữ nào; hãy chọn tệp có nội dung kế hoạch.")
    recognised = tuple(number + 1 for number in scanned) if recogniser() else ()
    return DocumentText("\n".join(lines), "pdf", len(pages), recognised)


def _pages_of(content: bytes, name: str) -> list[LaidOut]:
    """The pages as they are drawn."""
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        problem = "đang đặt mật khẩu; hãy bỏ mật khẩu" if locked else "bị hỏng; hãy xuất lại tệp PDF"
        raise UnreadableDocument(f"Tệp “{name}” {problem} rồi đọc lại.") from error
    try:
        count = len(document)
        if count > MOST_PAGES:
            raise UnreadableDocument(
                f"Tệp “{name}” có {count} trang, quá {MOST_PAGES} trang; hãy tách riêng phần kế hoạch."
            )
        pages: list[LaidOut] = []
        length = 0
        for index in range(count):
            pages.append(_page(document, index, name))
            length += sum(len(run.text) for run in pages[-1].runs)
            check_size(length, 0, name)
    except pypdfium2.PdfiumError as error:
        raise UnreadableDocument(f"Tệp “{name}” bị hỏng; hãy xuất lại tệp PDF rồi đọc lại.") from error
    finally:
        document.close()
    return pages


def _page(document: pypdfium2.PdfDocument, index: int, name: str) -> LaidOut:
    page = document[index]
    try:
        if pdfium.FPDFPage_CountObjects(page.raw) > MOST_OBJECTS:
            raise UnreadableDocument(f"Tệp “{name}” có trang vẽ quá nhiều chi tiết; hãy xuất lại tệp PDF từ bản Word.")
        grids = grids_of(page)
        runs = _runs(page, grids)
        width, height = page.get_size()
        return LaidOut(runs, grids, width, height, _is_picture(page, " ".join(run.text for run in runs), name))
    finally:
        page.close()


def _is_picture(page: pypdfium2.PdfPage, text: str, name: str) -> bool:
    """Whether what the page shows is drawn: it has next to no text, or a picture as large as itself behind bad text."""
    spoken = sum(char.isalnum() for char in text) >= LEAST_SPOKEN
    if spoken and says_something(text):
        return False
    width, height = page.get_size()
    covered = 0.0
    drawn = False
    for thing in page.get_objects(max_depth=3):
        if thing.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            across, down = thing.get_px_size()
            if across * down > MOST_PICTURE:
                raise UnreadableDocument(f"Tệp “{name}” có ảnh quá lớn; hãy giảm cỡ ảnh rồi xuất lại tệp PDF.")
            left, bottom, right, top = thing.get_bounds()
            covered = max(covered, (right - left) * (top - bottom) / max(1.0, width * height))
        drawn = drawn or thing.type in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_PATH)
    return covered >= 0.6 if spoken else drawn


def _recognised(
    content: bytes, pages: list[int], name: str, progress: Progress, *, alone: bool
) -> dict[int, list[str]]:
    """The lines of the pages that are pictures.

    Where they cannot be read and other pages can, a sentence stands in their place: nothing goes missing unseen.
    """
    if recogniser() is None and not alone:
        return {page: ["", f"(Trang {page + 1} là ảnh quét, chưa nhận dạng được chữ.)", ""] for page in pages}
    return scanned_pdf_pages(content, pages, name, progress)


def _runs(page: pypdfium2.PdfPage, grids: Sequence[Grid]) -> list[Run]:
    """The page's characters, joined while they follow each other on one line and in one cell."""
    textpage = page.get_textpage()
    runs: list[Run] = []
    try:
        handle = textpage.raw
        box = [ctypes.c_double() for _ in range(4)]
        size = 0.0  # of the letter before, in points
        for at in range(min(textpage.count_chars(), MOST_CHARACTERS)):
            char = chr(pdfium.FPDFText_GetUnicode(handle, at))
            if pdfium.FPDFText_IsHyphen(handle, at) == 1:  # a hyphen that ends a line
                char = "-"
            if char in "\r\n\x00\ufffe\uffff" or (not char.isprintable() and not char.isspace()):
                continue
            pdfium.FPDFText_GetCharBox(handle, at, *(ctypes.byref(edge) for edge in box))
            if char in RAISED_DIGITS and _is_raised(runs, box[2].value, pdfium.FPDFText_GetFontSize(handle, at), size):
                char = RAISED_DIGITS[char]
            elif not char.isspace():
                size = pdfium.FPDFText_GetFontSize(handle, at)
            _add(runs, char, (box[0].value, box[1].value, box[2].value, box[3].value), grids)
    finally:
        textpage.close()
    visible = [run for run in runs if run.text.strip()]
    for order, run in enumerate(visible):
        run.order = order
    return visible


def _is_raised(runs: Sequence[Run], bottom: float, size: float, before: float) -> bool:
    """Whether a figure is small and stands above the foot of the letters before it: the mark of a note, or m²."""
    return bool(runs) and size < 0.8 * before and bottom > runs[-1].bottom + 0.2 * runs[-1].height


def _add(runs: list[Run], char: str, box: tuple[float, float, float, float], grids: Sequence[Grid]) -> None:
    left, right, bottom, top = box
    last = runs[-1] if runs else None
    if char.isspace():
        if last is not None:
            last.text += " "
        return
    same_line = last is not None and min(top, last.top) - max(bottom, last.bottom) > -0.15 * max(
        last.height, top - bottom
    )
    if (
        last is not None
        and same_line
        and -2.0 <= left - last.right <= _reach(last)
        and not _ruled_off(last, left, grids)
    ):
        last.text += char
        last.right = max(last.right, right)
        last.bottom, last.top = min(last.bottom, bottom), max(last.top, top)
    else:
        runs.append(Run(char, left, bottom, right, top))


def _ruled_off(run: Run, left: float, grids: Sequence[Grid]) -> bool:
    """Whether a rule of a table stands between the run and a character to its right."""
    return any(
        run.right - 1.0 <= edge <= left + 1.0 for grid in grids if grid.holds(left, run.middle) for edge in grid.xs
    )


def _reach(run: Run) -> float:
    """How far to the right the next character may stand: a few typed spaces are no column."""
    spaces = len(run.text) - len(run.text.rstrip(" "))
    usual = max(1.6 * run.height, 12.0)
    return usual * 3 if 0 < spaces <= 4 else usual
