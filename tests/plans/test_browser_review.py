"""The review of a plan in a real browser: by mouse and keys, without script, on a phone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

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
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def window(chromium, live_server, place) -> Iterator[Any]:
    """Opens the review as the standing agency's consolidator; errors of the page fail the test."""
    contexts: list[Any] = []
    errors: list[str] = []

    def open_page(path: str, **options: Any) -> Any:
        client = Client()
        client.force_login(place.bao)
        context = chromium.new_context(**{"viewport": {"width": 1366, "height": 768}, **options})
        contexts.append(context)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        context.add_cookies([cookie])
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda line: errors.append(line.text) if "Content Security" in line.text else None)
        page.goto(live_server.url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


def test_a_click_in_the_source_opens_the_item_beside_it(window, draft):
    page = window(f"/ke-hoach/{draft.pk}/ra-soat/")
    task = draft.tasks.get(position=0)
    page.locator(f'.pane-source a[data-key="task-{task.pk}"]').first.click()
    page.wait_for_selector(f'#editor[data-current="task-{task.pk}"]')
    assert page.locator('.tree a[aria-current="true"]').get_attribute("data-key") == f"task-{task.pk}"
    assert page.url.split("?")[0].endswith(f"/nhiem-vu/{task.pk}/")
    assert page.locator("#id_lead").input_value() == "Công an tỉnh"


def test_keys_walk_the_list_and_save_but_not_while_one_types(window, draft):
    page = window(f"/ke-hoach/{draft.pk}/ra-soat/")
    first, second = draft.tasks.get(position=1), draft.tasks.get(position=0)
    page.locator('.tree a[aria-current="true"]').focus()
    page.keyboard.press("j")
    page.wait_for_selector(f'#editor[data-current="task-{second.pk}"]')
    page.locator("#id_text").focus()
    page.keyboard.press("Control+End")
    page.keyboard.type("ja")
    assert page.locator("#editor").get_attribute("data-current") == f"task-{second.pk}"
    page.locator('.tree a[aria-current="true"]').focus()
    with page.expect_navigation():
        page.keyboard.press("a")
    assert "1 / 5 mục đã rà" in page.locator(".page-head").inner_text()
    assert page.locator("#editor").get_attribute("data-current") == f"task-{first.pk}"
    second.refresh_from_db()
    assert second.checked
    assert second.text.endswith("ja")


def test_everything_can_be_reviewed_without_any_script(window, draft):
    page = window(f"/ke-hoach/{draft.pk}/ra-soat/", java_script_enabled=False)
    target = draft.targets.get()
    page.click(f'.tree a[data-key="target-{target.pk}"]')
    page.fill("#id_value", "91")
    page.click("text=Lưu, sang mục sau")
    target.refresh_from_db()
    assert target.value == 91
    page.click("text=Chấp nhận kế hoạch")
    page.click("button:has-text('Chấp nhận kế hoạch')")
    assert "Đã chấp nhận kế hoạch." in page.inner_text("main")


@pytest.mark.parametrize("path", ["", "ra-soat/", "chap-nhan/", "phan-dau/", "bo/"])
def test_no_page_scrolls_sideways_on_a_phone(window, draft, path):
    page = window(f"/ke-hoach/{draft.pk}/{path}", viewport={"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
