"""The text of scanned pages: images, and pages of a PDF that are pictures. Needs tesseract with Vietnamese.

Everything is bounded: pages, pixels, the time and memory of each page, and the time of all. What was recognised can be
wrong in single letters; DocumentText.scanned says which pages a person must compare with the original.
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from haidang.office import scan_programs
from haidang.office.document_text import DocumentText, Progress, UnreadableDocument
from haidang.office.page_layout import without_page_number
from haidang.office.scan_images import page_sizes
from haidang.office.scan_mending import mended
from haidang.office.scan_programs import ScanFailed, recogniser
from haidang.office.scan_rules import rules_of
from haidang.office.scan_words import ScannedPage, page_lines, pages_of

MOST_PAGES = 60
MOST_PIXELS = 60_000_000  # of one page
MOST_SECONDS = 300
SHORT_EDGE = 2480  # pixels: 300 to the inch of A4
# The machine's processors are shared by whoever imports a scan at the same time.
_WORKING = threading.BoundedSemaphore(max(1, os.cpu_count() or 1))


def scanned_pdf_pages(content: bytes, pages: Sequence[int], name: str, progress: Progress) -> dict[int, list[str]]:
    """The lines of some pages (numbered from 0) of a PDF; UnreadableDocument when it cannot be done here."""
    _refuse_without_program(name)
    _refuse_too_many(len(pages), name)
    end = time.monotonic() + MOST_SECONDS
    with tempfile.TemporaryDirectory(prefix="haidang-scan-") as folder:
        document = Path(folder) / "scan.pdf"
        document.write_bytes(content)
        done = 0

        def read(page: int) -> list[str]:
            nonlocal done
            picture = Path(folder) / f"{page}.pgm"
            lines = _read_page(document, page, picture, end, name)
            done += 1
            progress(f"Đã nhận dạng chữ {done}/{len(pages)} trang của tệp “{name}”.")
            return lines

        with ThreadPoolExecutor(max_workers=max(1, os.cpu_count() or 1)) as pool:
            return dict(zip(pages, pool.map(read, pages), strict=True))


def _read_page(document: Path, page: int, picture: Path, end: float, name: str) -> list[str]:
    with _WORKING:
        try:
            scan_programs.render(document, page, SHORT_EDGE, picture)
            table, _pdf = scan_programs.recognise(picture, seconds=_left(end, name))
            found = pages_of(table)
            return page_lines(replace(found[0], rules=tuple(rules_of(picture)))) if found else []
        except ScanFailed as problem:
            raise _failed(name, page + 1) from problem
        finally:
            picture.unlink(missing_ok=True)


def image_text(content: bytes, name: str, progress: Progress) -> DocumentText:
    """The text of an image with one or more pages; UnreadableDocument when too large, broken or not readable here."""
    pages = _image_pages(content, name, progress)
    text = "\n".join(mended([line for lines in pages for line in without_page_number(lines)]))
    return DocumentText(text, "image", len(pages), tuple(range(1, len(pages) + 1)))


def _image_pages(content: bytes, name: str, progress: Progress) -> list[list[str]]:
    try:
        sizes = page_sizes(content, MOST_PAGES)
    except ValueError as error:
        raise UnreadableDocument(f"Tệp “{name}” bị hỏng; hãy quét hoặc chụp lại rồi lưu lại.") from error
    _refuse_too_many(len(sizes), name)
    if any(width * height > MOST_PIXELS or not width * height for width, height in sizes):
        raise UnreadableDocument(
            f"Tệp “{name}” có trang quá lớn ({MOST_PIXELS // 1_000_000} triệu điểm ảnh là nhiều nhất); "
            "hãy quét lại ở 300 điểm trên inch."
        )
    _refuse_without_program(name)
    end = time.monotonic() + MOST_SECONDS
    with tempfile.TemporaryDirectory(prefix="haidang-scan-") as folder, _WORKING:
        image = Path(folder) / "scan.image"  # the program tells the kind by the bytes
        image.write_bytes(content)
        progress(f"Đang nhận dạng chữ {len(sizes)} trang của tệp “{name}”.")
        seconds = min(_left(end, name), scan_programs.MOST_SECONDS_A_PAGE * len(sizes))
        try:
            table, pdf = scan_programs.recognise(image, seconds=seconds, with_pdf=True)
            return [page_lines(_ruled(page, pdf, at, Path(folder))) for at, page in enumerate(pages_of(table))]
        except ScanFailed as problem:
            raise _failed(name, 1) from problem


def _ruled(page: ScannedPage, pdf: Path, at: int, folder: Path) -> ScannedPage:
    """The page with its rules, in the pixels of its words; tesseract's PDF holds the picture in a form we can draw."""
    picture = folder / f"{at}.pgm"
    edge = int(min(page.width, page.height))
    scan_programs.render(pdf, at, min(edge, SHORT_EDGE), picture)
    factor = edge / min(edge, SHORT_EDGE)
    rules = rules_of(picture)
    picture.unlink()
    return replace(
        page,
        rules=tuple(
            type(rule)(rule.x1 * factor, rule.y1 * factor, rule.x2 * factor, rule.y2 * factor) for rule in rules
        ),
    )


def _left(end: float, name: str) -> int:
    """The seconds that are left for one page; UnreadableDocument when none are."""
    left = int(end - time.monotonic())
    if left <= 0:
        raise UnreadableDocument(
            f"Nhận dạng chữ của tệp “{name}” quá {MOST_SECONDS // 60} phút nên đã dừng; hãy tách tệp, hoặc nạp tệp "
            ".docx."
        )
    return min(left, scan_programs.MOST_SECONDS_A_PAGE)


def _refuse_without_program(name: str) -> None:
    if recogniser() is None:
        raise UnreadableDocument(f"Tệp “{name}” là bản quét hoặc ảnh chụp, {scan_programs.missing_words()}")


def _refuse_too_many(pages: int, name: str) -> None:
    if pages > MOST_PAGES:
        raise UnreadableDocument(
            f"Tệp “{name}” có hơn {MOST_PAGES} trang quét; hãy tách riêng phần kế hoạch rồi đọc lại."
        )


def _failed(name: str, page: int) -> UnreadableDocument:
    return UnreadableDocument(
        f"Không nhận dạng được chữ ở trang {page} của tệp “{name}”; hãy quét lại trang đó rõ hơn, hoặc nạp tệp .docx."
    )
