"""Running headers and footers of a PDF leave the text and follow it once; what only looks like them stays."""

from __future__ import annotations

from haidang.office.page_layout import Run, lines_of
from haidang.office.pdf_edges import LaidOut, without_edges
from haidang.office.pdf_tables import Grid


def run(text, y, left=90.0, right=300.0):
    return Run(text, left, y - 6, right, y + 6)


def page(*runs, grids=()):
    return LaidOut(list(runs), list(grids), 595.0, 842.0)


def texts(pages):
    return [[run.text for run in page.runs] for page in pages]


def test_headers_that_count_the_pages_and_page_numbers_go():
    pages = [
        page(run(f"Kế hoạch năm 2025 - {number}", 810), run(f"Đoạn {number}.", 500), run(str(number), 30))
        for number in (1, 2, 10)
    ]
    assert without_edges(pages) == ["Kế hoạch năm 2025 - 1", "1"]
    assert texts(pages) == [["Đoạn 1."], ["Đoạn 2."], ["Đoạn 10."]]


def test_what_stands_elsewhere_on_each_page_or_on_two_pages_only_stays():
    pages = [page(run("Ghi chú", 810 - number * 10), run("Đoạn", 400)) for number in range(3)]
    pages += [page(run("Đầu trang", 820)), page(run("Đầu trang", 820))]
    before = texts(pages)
    assert without_edges(pages) == []
    assert texts(pages) == before


def test_the_head_of_a_table_that_goes_on_stays():
    grid = Grid((80.0, 300.0, 500.0), (830.0, 790.0, 700.0))
    pages = [page(run("Nội dung", 810), grids=[grid]) for _ in range(3)]
    assert without_edges(pages) == []


def test_two_columns_of_a_whole_page_come_one_after_the_other():
    left = [run(f"trái {number}", 780 - number * 12, 90, 280) for number in range(60)]
    right = [run(f"phải {number}", 780 - number * 12, 320, 500) for number in range(60)]
    for order, each in enumerate([*left, *right]):
        each.order = order
    assert list(lines_of([*left, *right], 595.0, ())) == [each.text for each in (*left, *right)]
