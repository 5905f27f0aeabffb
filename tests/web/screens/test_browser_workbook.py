"""The workbook in a real browser, by keyboard: downloaded, filled in, put right, looked at, confirmed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from haidang.catalogue.forms import form
from haidang.filings.workbooks.workbook import place_of

from .test_browser_filing import focused, visit, visit_as  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def tab_to(page: Any, words: str) -> None:
    """Tab until something with this text, or of this kind, has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if words in focused(page):
            return
    raise AssertionError(f"Tab never reaches {words}")


def retyped(source: Path, target: Path, cells: dict[str, Any]) -> Path:
    """The workbook as a spreadsheet program saves it with these cells of B1 typed."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(source)
    for cell, value in cells.items():
        sheet, address = place_of(form("B1"), cell)
        book[sheet][address] = value
    book.save(target)
    return target


def checked(page: Any, path: str, file: Path) -> None:
    """Choose the file and check it, from the top of the page."""
    page.goto(path)
    tab_to(page, "file")
    page.locator("input[type=file]").set_input_files(file)
    tab_to(page, "Kiểm tra tệp")
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_workbook_goes_out_and_comes_back_by_keyboard(visit: Any, world: Any, tmp_path: Path) -> None:  # noqa: F811
    path = f"/bao-cao/{world.obligation(world.guard).pk}/"
    page = visit("clerk").open(f"{path}nop-bang-tinh/")
    upload = page.url
    tab_to(page, "Tải bảng tính")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename.endswith(".xlsx")
    blank = tmp_path / "blank.xlsx"
    download.value.save_as(blank)

    checked(page, upload, retyped(blank, tmp_path / "wrong.xlsx", {"d150.c3": "1.234,5", "d150.c4": 2}))
    assert "1 chỗ phải sửa" in page.inner_text("main")
    assert "Nhập số nguyên" in page.inner_text("main")
    assert world.filing(world.guard).cells == {}

    checked(page, upload, retyped(blank, tmp_path / "right.xlsx", {"d150.c3": 1234, "d150.c4": 2, "d150.c5": "CCSL"}))
    assert "3 ô sẽ thay đổi, chưa ghi gì vào báo cáo" in page.inner_text("main")
    assert world.filing(world.guard).cells == {}, "not before it is confirmed"
    tab_to(page, "Ghi 3 ô vào báo cáo")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Đã ghi 3 ô từ bảng tính." in page.inner_text("body")
    kept = world.filing(world.guard).cells
    assert (kept["B1.d150.c2"], kept["B1.d150.c5"]) == (1236, "nd")
