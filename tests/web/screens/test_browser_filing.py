"""A whole filing in a real browser: keyboard only, totals that follow, sent, returned, corrected, accepted."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from haidang.filings import actions

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}: the browser tests need one")
    from playwright.sync_api import sync_playwright

    # Playwright's loop runs in this thread; the rows that the tests read in between are read on purpose.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Visitor:
    """One signed-in person in a browser window of their own; errors of the page fail the test."""

    def __init__(self, chromium: Any, address: str, user: Any) -> None:
        from django.test import Client

        client = Client()
        client.force_login(user)
        self.context = chromium.new_context(viewport={"width": 1366, "height": 768})
        self.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}])
        self.page = self.context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda line: self.errors.append(line.text) if "Content Security" in line.text else None)
        self.address = address

    def open(self, path: str) -> Any:
        self.page.goto(self.address + path)
        return self.page

    def text_of(self, code: str) -> str:
        """What stands in a cell, entered or worked out."""
        cell = self.page.locator(f'td[data-cell="{code}"]')
        return cell.locator("input").input_value() if cell.locator("input").count() else cell.inner_text().strip()

    def saved(self) -> None:
        """Wait until nothing is on its way to the server."""
        self.page.wait_for_timeout(200)
        self.page.wait_for_selector("#save-wait", state="hidden", timeout=10000)


@pytest.fixture
def visit(chromium: Any, live_server: Any, world: Any) -> Iterator[Any]:
    opened: list[Visitor] = []

    def start(name: str) -> Visitor:
        opened.append(Visitor(chromium, live_server.url, world.users[name]))
        return opened[-1]

    yield start
    for visitor in opened:
        visitor.context.close()
        assert visitor.errors == []


def enter_grid(page: Any) -> None:
    """Tab from the top of the page until the focus is in the grid: it is one tab stop."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("!!document.activeElement.closest('.ngrid')"):
            return
    raise AssertionError("Tab never reaches the grid")


def focused(page: Any) -> str:
    return str(page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()"))


def type_along(page: Any, *values: str) -> None:
    for value in values:
        page.keyboard.type(value)
        page.keyboard.press("Tab")


@pytest.fixture
def row_left(world: Any) -> Any:
    """A filing in which only the line d150 of B1 is still blank."""
    cells = world.filled("B1") | world.filled("B2")
    rest = {code: value for code, value in cells.items() if not code.startswith("B1.d150.")}
    actions.save_cells(world.actor("clerk"), world.filing(world.guard), rest, 0)
    return world


def test_a_filing_goes_all_the_way_by_keyboard(visit: Any, row_left: Any) -> None:
    world, path = row_left, f"/bao-cao/{row_left.obligation(row_left.guard).pk}/"
    clerk = visit("clerk")
    page = clerk.open(path + "?bieu=B1")
    enter_grid(page)
    assert focused(page) == "B1.d150.c1"

    type_along(page, "1", "2", "3", "0", "9", "0")  # c1, then c3 to c7: c2 is worked out, and skipped
    assert focused(page) == "B1.d150.c8"
    page.keyboard.press("-")
    page.keyboard.press("ArrowRight")
    type_along(page, "0", "1", "0", "0")  # c9, then c11 to c13: c10 is skipped too
    page.keyboard.type("1")  # c16
    page.keyboard.press("Escape")
    assert clerk.text_of("B1.d150.c16") == ""
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    assert focused(page) == "B1.d151.c16"
    clerk.saved()
    assert {code: clerk.text_of(f"B1.d150.{code}") for code in ("c2", "c8", "c10", "c14", "c15")} == {
        "c2": "5", "c8": "KTCN", "c10": "6", "c14": "1", "c15": "5",
    }  # fmt: skip
    assert clerk.text_of("B1.t.c10") == "6"
    assert page.locator("#save-bad").inner_text() == "1 lỗi chặn", "nine through the hotline, five received"

    page.keyboard.press("Control+Home")
    page.keyboard.press("Alt+n")
    page.keyboard.press("Alt+n") if focused(page) != "B1.d150.c6" else None
    assert focused(page) == "B1.d150.c6"
    page.keyboard.type("4")
    page.keyboard.press("Tab")
    clerk.saved()
    assert page.locator("#save-bad").is_hidden()

    for area in page.locator("#findings textarea").all():
        area.fill("Hồ sơ đang chờ giám định")
    page.get_by_role("button", name="Lưu giải trình").press("Enter")
    page.wait_for_load_state()
    send(page)
    assert world.filing(world.guard).state == "submitted"
    assert world.filing(world.guard).cells["B1.d150.c8"] == "na"

    chief = visit("consolidator")
    desk = chief.open(path)
    desk.locator("#comment").fill("Biểu 1, c4: đối chiếu lại sổ tiếp nhận tin báo")
    desk.get_by_role("button", name="Trả lại để sửa").press("Enter")
    desk.wait_for_load_state()
    assert world.filing(world.guard).state == "returned"

    page = clerk.open(path + "?bieu=B1#o-B1-d150-c4")
    assert "đối chiếu lại sổ tiếp nhận tin báo" in page.content()
    assert focused(page) == "B1.d150.c4"
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    clerk.saved()
    assert clerk.text_of("B1.d150.c10") == "7"
    send(page)

    desk = chief.open(path)
    desk.get_by_role("button", name="Tiếp nhận báo cáo").press("Enter")
    desk.wait_for_load_state()
    filing = world.filing(world.guard)
    assert filing.state == "accepted"
    assert [version.cells["B1.d150.c10"] for version in filing.versions.order_by("number")] == [6, 7]


def send(page: Any) -> None:
    page.locator("#savebar .end a.main").press("Enter")
    page.wait_for_load_state()
    page.get_by_role("button", name="Gửi").press("Enter")
    page.wait_for_load_state()


def test_what_cannot_be_sent_waits_and_goes_when_the_line_is_back(visit: Any, world: Any) -> None:
    clerk = visit("clerk")
    page = clerk.open(f"/bao-cao/{world.obligation(world.guard).pk}/?bieu=B1")
    clerk.context.set_offline(True)
    page.locator("#o-B1-d150-c1").focus()
    type_along(page, "7")
    page.wait_for_selector("#save-wait.s-over")
    assert "1 ô được giữ trên máy này" in page.locator("#save-wait").inner_text()
    assert world.filing(world.guard).cells == {}
    clerk.context.set_offline(False)
    page = clerk.open(f"/bao-cao/{world.obligation(world.guard).pk}/?bieu=B1")  # even after the page was left
    clerk.saved()
    assert world.filing(world.guard).cells["B1.d150.c1"] == 7


PASTE = """([code, text]) => {
  const input = document.getElementById(code);
  input.focus();
  const data = new DataTransfer();
  data.setData("text/plain", text);
  input.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


def test_a_block_is_pasted_over_entered_cells_only_and_undone_at_once(visit: Any, world: Any) -> None:
    clerk = visit("clerk")
    page = clerk.open(f"/bao-cao/{world.obligation(world.guard).pk}/?bieu=B1")
    page.evaluate(PASTE, ["o-B1-d150-c1", "1\t99\t3\n4\t99\t6\n"])
    told = page.locator("#paste-say").inner_text()
    assert "Dán 6 ô: 4 ô thay đổi, 2 ô tính hoặc ô khoá được bỏ qua." in told
    clerk.saved()
    kept = world.filing(world.guard).cells
    assert (kept["B1.d150.c1"], kept["B1.d150.c2"], kept["B1.d151.c3"]) == (1, 3, 6)
    page.locator("#paste-undo").click()
    clerk.saved()
    assert not {"B1.d150.c1", "B1.d150.c3", "B1.d151.c1", "B1.d151.c3"} & set(world.filing(world.guard).cells)


def test_two_people_in_one_cell_are_asked_whose_number_stays(visit: Any, world: Any) -> None:
    clerk = visit("clerk")
    page = clerk.open(f"/bao-cao/{world.obligation(world.guard).pk}/?bieu=B1")
    actions.save_cells(world.actor("clerk"), world.filing(world.guard), {"B1.d150.c1": 3}, 0)
    page.locator("#o-B1-d150-c1").focus()
    type_along(page, "2")
    page.wait_for_selector("#grid-say .note")
    assert "vừa được clerk (mẫu) sửa thành 3" in page.locator("#grid-say").inner_text()
    assert world.filing(world.guard).cells["B1.d150.c1"] == 3
    page.get_by_role("button", name="Dùng 2").click()
    clerk.saved()
    assert world.filing(world.guard).cells["B1.d150.c1"] == 2


def test_every_key_moves_as_the_key_sheet_says(visit: Any, world: Any) -> None:
    page = visit("clerk").open(f"/bao-cao/{world.obligation(world.guard).pk}/?bieu=B1")
    enter_grid(page)
    moves = [
        ("End", "B1.d150.c16"),
        ("Tab", "B1.d151.c1"),
        ("Shift+Tab", "B1.d150.c16"),
        ("Home", "B1.d150.c1"),
        ("ArrowRight", "B1.d150.c3"),
        ("ArrowDown", "B1.d151.c3"),
        ("ArrowUp", "B1.d150.c3"),
        ("ArrowUp", "B1.d150.c3"),
        ("Enter", "B1.d151.c3"),
        ("Shift+Enter", "B1.d150.c3"),
        ("ArrowLeft", "B1.d150.c1"),
        ("Control+End", "B1.d154.c16"),
        ("Control+Home", "B1.d150.c1"),
    ]
    for key, place in moves:
        page.keyboard.press(key)
        assert focused(page) == place, key
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    assert page.evaluate("!!document.activeElement.closest('#savebar')"), (
        "the last line leads to the strip, never sends"
    )
    page.locator("#o-B1-d154-c16").focus()
    page.keyboard.press("Tab")
    assert not page.evaluate("!!document.activeElement.closest('.ngrid')"), "out of the grid"


def test_editing_in_place_and_the_key_sheet(visit: Any, world: Any) -> None:
    actions.save_cells(world.actor("clerk"), world.filing(world.guard), {"B1.d150.c1": 12}, 0)
    clerk = visit("clerk")
    page = clerk.open(f"/bao-cao/{world.obligation(world.guard).pk}/?bieu=B1")
    enter_grid(page)
    page.keyboard.press("F2")
    page.keyboard.press("ArrowLeft")
    page.keyboard.type("3")  # 1|2 becomes 132: the caret moved, not the focus
    page.keyboard.press("Tab")
    clerk.saved()
    assert world.filing(world.guard).cells["B1.d150.c1"] == 132
    page.keyboard.press("?")
    assert page.locator("#key-sheet").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Enter")
    assert page.evaluate("document.activeElement.id") == "cell-panel"
    page.get_by_role("button", name="Chưa có số liệu").click()
    clerk.saved()
    assert world.filing(world.guard).cells["B1.d150.c3"] == "nd"


def test_without_script_a_whole_form_is_filled_and_saved(chromium: Any, live_server: Any, world: Any) -> None:
    from django.test import Client

    client = Client()
    client.force_login(world.users["clerk"])
    context = chromium.new_context(java_script_enabled=False)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    context.add_cookies([cookie])
    page = context.new_page()
    page.goto(f"{live_server.url}/bao-cao/{world.obligation(world.guard).pk}/?bieu=B1")
    page.locator("#o-B1-d150-c3").fill("4")
    page.get_by_role("button", name="Lưu cả biểu").click()
    assert "Đã lưu biểu 1." in page.content()
    assert page.locator("#o-B1-d150-c2").inner_text() == "4"
    context.close()
