"""The chasing board in a real browser, by keyboard alone and without script: choose, count, extend; write a letter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from haidang.filings.models import Obligation, Reminder

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(chromium: Any, live_server: Any, world: Any) -> Iterator[Any]:
    """The board, opened by the consolidator in a browser that runs no script at all."""
    client = Client()
    client.force_login(world.users["consolidator"])
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, java_script_enabled=False)
    cookie = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    opened = context.new_page()
    opened.goto(f"{live_server.url}/bao-cao/don-doc/")
    yield opened
    context.close()


def test_squares_are_ticked_with_the_space_bar_and_acted_on_with_enter(page: Any, world: Any) -> None:
    boxes = page.get_by_role("checkbox", name="Bộ đội Biên phòng")
    assert boxes.count() == 2
    for at in range(2):
        boxes.nth(at).focus()
        page.keyboard.press("Space")
        assert boxes.nth(at).is_checked()
    page.get_by_role("button", name="Gia hạn").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Ngày cuối được nộp").fill("30/6/2090")
    page.get_by_label("Lý do").fill("Mưa lũ")
    page.keyboard.press("Enter")
    page.get_by_text("Đã gia hạn 2 nghĩa vụ đến hết 30/6/2090").wait_for()
    assert Obligation.objects.filter(agency=world.guard, extension_reason="Mưa lũ").count() == 2
    assert page.locator("a.ob.s-ext").count() == 2


def test_the_letter_about_everything_late_is_downloaded(page: Any, tmp_path: Path) -> None:
    page.get_by_role("link", name="Chọn mọi nghĩa vụ quá hạn").click()
    assert page.locator("input[name=o]:checked").count() == 4
    page.get_by_role("button", name="Công văn đôn đốc").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Tải công văn").click()
    assert download.value.suggested_filename.startswith("cong-van-don-doc-")
    assert Path(download.value.path()).read_bytes().startswith(b"PK")
    assert Reminder.objects.filter(kind="letter").count() == 2, "the standing agency does not write to itself"


def test_on_a_phone_filters_and_legend_unfold_when_asked_and_rows_stand_on_the_first_screen(page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    first = page.locator(".heat tbody tr:not(.group)").first
    assert first.bounding_box()["y"] < 844
    plans = page.get_by_label("Kế hoạch", exact=True)
    assert plans.is_hidden()
    page.get_by_label("Bộ lọc", exact=True).first.check()
    assert plans.is_visible()
    page.get_by_label("Chú giải các chữ").check()
    assert page.get_by_text("được gia hạn").first.is_visible()
    page.set_viewport_size({"width": 1366, "height": 768})
    page.reload()
    assert plans.is_visible()
    assert page.get_by_text("được gia hạn").first.is_visible()
