"""The squares of the chasing board as a person moves over them: one tab stop, arrows, blocks, folded groups."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from haidang.filings.models import Cycle, Filing, Obligation
from haidang.kernel import clock

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def open_board(chromium: Any, live_server: Any, world: Any) -> Iterator[Any]:
    contexts = []

    def open_as(name: str) -> Any:
        client = Client()
        client.force_login(world.users[name])
        contexts.append(chromium.new_context(viewport={"width": 1366, "height": 768}))
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        contexts[-1].add_cookies([cookie])
        page = contexts[-1].new_page()
        page.goto(f"{live_server.url}/bao-cao/don-doc/")
        page.wait_for_selector("table.heat [tabindex='0']")
        return page

    yield open_as
    for context in contexts:
        context.close()


@pytest.fixture
def board(open_board: Any) -> Any:
    """Two agencies under one another, two due dates beside one another; the focus on the first square."""
    page = open_board("consolidator")
    page.locator("table.heat [tabindex='0']").focus()
    return page


def place(page: Any) -> tuple[str, int]:
    """The agency and the column (from 1) where the focus is."""
    agency, column = page.evaluate(
        "() => { const cell = document.activeElement.closest('td');"
        " return [cell.parentElement.cells[0].innerText.trim(), cell.cellIndex]; }"
    )
    return agency.split(" tỉnh")[0], column


def ticked(page: Any) -> list[bool]:
    return [box.is_checked() for box in page.locator("input[name=o]").all()]


def said(page: Any) -> str:
    return " ".join(page.inner_text(".savebar b").split())


def test_the_squares_are_one_stop_of_the_tab_key(board: Any) -> None:
    assert board.locator("table.heat td [tabindex='0']").count() == 1
    board.keyboard.press("Tab")
    assert board.evaluate("document.activeElement.closest('td')") is None


def test_arrows_home_and_end_move_over_the_squares(board: Any) -> None:
    police, guard = "Công an", "Bộ đội Biên phòng"
    assert place(board) == (guard, 1)
    moves = [
        ("ArrowRight", (guard, 2)),
        ("ArrowRight", (guard, 2)),
        ("ArrowDown", (police, 2)),
        ("Home", (police, 1)),
        ("End", (police, 2)),
        ("Control+Home", (guard, 1)),
        ("Control+End", (police, 2)),
        ("ArrowUp", (guard, 2)),
        ("ArrowLeft", (guard, 1)),
    ]
    for key, there in moves:
        board.keyboard.press(key)
        assert place(board) == there, key
    assert ticked(board) == [False] * 4, "moving chooses nothing"


def test_shift_chooses_a_block_and_gives_back_what_it_leaves(board: Any) -> None:
    board.keyboard.press("Space")
    assert (ticked(board), said(board)) == ([True, False, False, False], "Đã chọn 1 nghĩa vụ")
    board.keyboard.press("ArrowRight")
    board.keyboard.press("Shift+ArrowDown")
    assert (ticked(board), said(board)) == ([True, True, False, True], "Đã chọn 3 nghĩa vụ")
    board.keyboard.press("Shift+ArrowLeft")
    assert (ticked(board), said(board)) == ([True] * 4, "Đã chọn 4 nghĩa vụ")
    board.keyboard.press("Shift+ArrowRight")
    board.keyboard.press("Shift+ArrowUp")
    assert (ticked(board), said(board)) == ([True, True, False, False], "Đã chọn 2 nghĩa vụ")
    board.keyboard.press("Space")
    assert ticked(board) == [True, False, False, False], "the space bar takes one back"


def test_a_block_is_chosen_with_a_mouse_too(board: Any) -> None:
    boxes = board.locator("input[name=o]")
    boxes.nth(0).click()
    boxes.nth(3).click(modifiers=["Shift"])
    assert ticked(board) == [True] * 4


def test_enter_opens_the_report_and_does_not_send_the_form(board: Any, world: Any) -> None:
    board.keyboard.press("ArrowDown")
    board.keyboard.press("Enter")
    board.wait_for_url(f"**/bao-cao/{world.obligation(world.police).pk}/")


def test_a_folded_group_is_passed_over_and_what_was_chosen_in_it_still_counts(board: Any) -> None:
    board.keyboard.press("Space")
    board.get_by_role("checkbox", name="Thu gọn").first.press("Space")
    assert not board.locator("input[name=o]").first.is_visible()
    assert said(board) == "Đã chọn 1 nghĩa vụ"


def test_on_a_phone_the_actions_come_when_something_is_chosen(board: Any) -> None:
    board.set_viewport_size({"width": 390, "height": 844})
    assert not board.get_by_role("button", name="Gia hạn").is_visible()
    board.keyboard.press("Space")
    assert board.get_by_role("button", name="Gia hạn").is_visible()
    assert board.locator(".chase .savebar").bounding_box()["height"] < 160
    assert board.evaluate("document.documentElement.scrollWidth") <= 390


def test_who_may_only_look_moves_over_the_links_and_opens_one(open_board: Any, world: Any) -> None:
    page = open_board("police_clerk")
    assert page.locator("input[name=o]").count() == 0
    page.locator("table.heat [tabindex='0']").focus()
    page.keyboard.press("Shift+ArrowDown")
    assert place(page) == ("Công an", 1)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/bao-cao/{world.obligation(world.police).pk}/")


def test_coming_to_a_square_by_keyboard_tells_what_pointing_at_it_tells(board: Any) -> None:
    board.keyboard.press("Home")
    tip = board.locator("#square-tip")
    assert tip.is_visible()
    assert "Liên hệ: clerk (mẫu)" in tip.inner_text()
    assert board.evaluate("document.activeElement.getAttribute('aria-describedby')") == "square-tip"
    title = board.evaluate("document.activeElement.closest('td').querySelector('a.ob').title")
    assert tip.inner_text() == title
    board.keyboard.press("ArrowDown")
    assert "Liên hệ: police_clerk (mẫu)" in tip.inner_text()
    board.keyboard.press("Escape")
    assert not tip.is_visible()
    assert board.locator("[aria-describedby=square-tip]").count() == 0
    board.keyboard.press("ArrowUp")
    assert tip.is_visible()
    board.keyboard.press("Tab")
    assert not tip.is_visible()
    board.locator("input[name=o]").first.click()
    assert not tip.is_visible(), "it does not stand in the way of the mouse"


def test_a_board_with_many_past_due_dates_opens_at_the_last_of_them(
    open_board: Any, world: Any, transactional_db: None
) -> None:
    for number in range(20):
        cycle = Cycle.objects.create(
            plan=world.plan, label=f"Kỳ {number:02d}", window_from=date(2010, 1, 1), window_to=date(2010, 3, 31),
            regime="plan", due_on=date(2010, 4, 1) + timedelta(days=40 * number), strict=True, forms=["B1"],
        )  # fmt: skip
        for agency in (world.police, world.guard):
            one = Obligation.objects.create(cycle=cycle, agency=agency)
            Filing.objects.create(obligation=one, changed_at=clock.now())
    page = open_board("consolidator")
    last = page.locator("table.heat thead th").nth(22)
    edges = page.evaluate("() => { const box = document.querySelector('.chase .scroll').getBoundingClientRect();"
                          " return [box.left, box.right]; }")  # fmt: skip
    box = last.bounding_box()
    assert edges[0] < box["x"] and box["x"] + box["width"] <= edges[1]
    page.locator("table.heat [tabindex='0']").focus()
    assert place(page)[1] > 8, "the first stop is where one looks"
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    page.wait_for_selector("table.heat [tabindex='0']")
    box = page.locator("table.heat thead th").nth(22).bounding_box()
    name = page.locator("table.heat thead th").first.bounding_box()
    assert name["x"] + name["width"] <= box["x"] + 1 and box["x"] + box["width"] <= 390, "not hidden by the rates"
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1009, "height": 700})  # A4 on its side, without its margins
    assert page.evaluate(
        "() => { const table = document.querySelector('table.heat').getBoundingClientRect();"
        " return table.left >= 0 && table.right <= innerWidth; }"
    ), "no due date is cut from the paper"
    assert not page.locator("#square-tip").is_visible()
