"""The review of a plan in a real browser: by mouse and keys, without script, on a phone."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client

from haidang.accounts.actors import Role
from haidang.plans.actions import name_agency
from haidang.plans.following import history_of
from haidang.plans.recording import record_progress
from tests.plans.conftest import accept_plan, make_person
from tests.plans.test_acceptance_questions import open_cycle
from tests.plans.test_plan_versions import newer

TODAY = date(2025, 4, 1)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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


def focus_list(page: Any) -> None:
    page.locator('.tree a[aria-current="true"]').focus()


def until(page: Any, truth: str) -> None:
    """Wait for an expression to become true; the page's own policy forbids Playwright's way of doing that."""
    expect_by = time.monotonic() + 10
    while not page.evaluate(truth):
        assert time.monotonic() < expect_by, truth
        page.wait_for_timeout(40)


def wait_for(page: Any, key: str) -> None:
    page.wait_for_selector(f'#editor[data-current="{key}"]')


def test_a_click_in_the_source_opens_the_item_beside_it(window, draft):
    page = window(f"/ke-hoach/{draft.pk}/ra-soat/")
    task = draft.tasks.get(position=0)
    page.locator(f'.pane-source a[data-key="task-{task.pk}"]').first.click()
    wait_for(page, f"task-{task.pk}")
    assert page.locator('.tree a[aria-current="true"]').get_attribute("data-key") == f"task-{task.pk}"
    assert page.url.split("?")[0].endswith(f"/nhiem-vu/{task.pk}/")
    assert page.locator("#id_lead").input_value() == "Công an tỉnh"


def test_agencies_have_their_own_marks_in_the_source(window, draft):
    page = window(f"/ke-hoach/{draft.pk}/ra-soat/")
    assert page.locator(".pane-source .pane-body .who-lead").inner_text() == "Công an tỉnh"


def test_keys_walk_the_list_and_accept_but_not_while_one_types(window, draft):
    page = window(f"/ke-hoach/{draft.pk}/ra-soat/")
    first, second = draft.tasks.get(position=1), draft.tasks.get(position=0)
    wait_for(page, f"task-{first.pk}")
    focus_list(page)
    page.keyboard.press("j")
    until(page, f"document.getElementById('editor').dataset.current !== 'task-{first.pk}'")
    page.keyboard.press("k")
    wait_for(page, f"task-{first.pk}")
    page.locator(f'.tree a[data-key="task-{second.pk}"]').click()
    wait_for(page, f"task-{second.pk}")
    page.keyboard.press("e")
    page.keyboard.press("Control+End")
    page.keyboard.type("ja")
    assert page.locator("#editor").get_attribute("data-current") == f"task-{second.pk}"
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    until(page, "document.getElementById('review-count').innerText.startsWith('1/5')")
    second.refresh_from_db()
    assert second.checked
    assert second.text.endswith("ja")


def test_what_is_typed_is_saved_at_rest_and_undone_after_a_reload(window, draft):
    task = draft.tasks.get(position=1)
    page = window(f"/ke-hoach/{draft.pk}/ra-soat/nhiem-vu/{task.pk}/")
    page.locator("#id_lead").fill("Sở Y tế")
    page.wait_for_selector("#save-state:has-text('Đã lưu')")
    assert [row.phrase for row in task.assignments.all()] == ["Sở Y tế"]
    task.refresh_from_db()
    assert not task.checked
    page.reload()
    focus_list(page)
    page.keyboard.press("Control+z")
    until(page, "document.getElementById('id_lead').value === ''")
    assert not task.assignments.exists()
    page.keyboard.press("Control+Shift+z")
    until(page, "document.getElementById('id_lead').value === 'Sở Y tế'")


def test_a_lost_connection_is_said_and_the_save_can_be_tried_again(window, draft):
    task = draft.tasks.get(position=1)
    page = window(f"/ke-hoach/{draft.pk}/ra-soat/nhiem-vu/{task.pk}/")
    page.route("**/luu/", lambda route: route.abort())
    page.locator("#id_lead").fill("Sở Y tế")
    page.wait_for_selector("#save-state:has-text('mất kết nối')")
    page.unroute("**/luu/")
    page.click("#save-state button")
    page.wait_for_selector("#save-state:has-text('Đã lưu')")
    assert [row.phrase for row in task.assignments.all()] == ["Sở Y tế"]


def test_a_wrong_value_is_said_at_its_field_and_nothing_is_lost(window, draft):
    task = draft.tasks.get(position=1)
    page = window(f"/ke-hoach/{draft.pk}/ra-soat/nhiem-vu/{task.pk}/")
    page.locator("#id_window_to").fill("31/6/2025")
    page.wait_for_selector(".err.live:has-text('Không có ngày 31/6/2025')")
    assert page.locator("#id_window_to").input_value() == "31/6/2025"


def test_a_new_item_is_not_left_without_a_word(window, draft):
    page = window(f"/ke-hoach/{draft.pk}/ra-soat/nhiem-vu/moi/")
    page.locator("#id_text").fill("Việc thêm")
    item = page.locator(f'.tree a[data-key="target-{draft.targets.get().pk}"]')
    item.click()
    page.wait_for_selector("#save-state:has-text('Mục mới chưa được thêm')")
    assert page.locator("#id_text").input_value() == "Việc thêm"
    page.locator("#id_text").press("Control+Enter")
    until(page, "document.getElementById('review-count').innerText.startsWith('1/6')")
    assert draft.tasks.get(text="Việc thêm").checked


def test_words_are_picked_by_keyboard_and_set_as_lead(window, draft):
    task = draft.tasks.get(position=1)
    page = window(f"/ke-hoach/{draft.pk}/ra-soat/")
    wait_for(page, f"task-{task.pk}")
    focus_list(page)
    for key in ("v", "ArrowRight", "Shift+ArrowRight", "l"):
        page.keyboard.press(key)
    until(page, "document.getElementById('id_lead').value !== ''")
    assert [(row.role, row.phrase) for row in task.assignments.all()] == [("lead", "trợ nạn")]


def test_an_agency_is_typed_when_nothing_is_picked(window, draft):
    task = draft.tasks.get(position=1)
    page = window(f"/ke-hoach/{draft.pk}/ra-soat/")
    wait_for(page, f"task-{task.pk}")
    focus_list(page)
    page.keyboard.press("c")
    page.keyboard.type("Sở Tư pháp")
    page.keyboard.press("Enter")
    until(page, "document.getElementById('id_coordinating').value === 'Sở Tư pháp'")
    assert [(row.role, row.phrase) for row in task.assignments.all()] == [("coordinating", "Sở Tư pháp")]


def test_a_task_is_split_where_the_words_are_picked_joined_and_both_undone(window, draft):
    task = draft.tasks.get(position=0)
    page = window(f"/ke-hoach/{draft.pk}/ra-soat/nhiem-vu/{task.pk}/")
    focus_list(page)
    for key in ("v", "ArrowRight", "ArrowRight", "s"):
        page.keyboard.press(key)
    until(page, "document.querySelectorAll('.tree a[data-key^=task]').length === 3")
    assert draft.tasks.get(position=0).text == "Tuyên truyền"
    second = draft.tasks.get(position=1)
    page.locator(f'.tree a[data-key="task-{second.pk}"]').click()
    wait_for(page, f"task-{second.pk}")
    page.keyboard.press("m")
    until(page, "document.querySelectorAll('.tree a[data-key^=task]').length === 2")
    for count in (3, 2):
        page.keyboard.press("Control+z")
        until(page, f"document.querySelectorAll('.tree a[data-key^=task]').length === {count}")
    assert draft.tasks.get(position=0).text == task.text


def test_an_item_changes_its_kind_is_ignored_and_taken_back(window, draft):
    task = draft.tasks.get(position=1)
    page = window(f"/ke-hoach/{draft.pk}/ra-soat/nhiem-vu/{task.pk}/")
    focus_list(page)
    page.keyboard.press("t")
    page.wait_for_selector("#editor[data-current^=target]")
    made = draft.targets.get(text=task.text)
    page.keyboard.press("x")
    page.wait_for_selector(f'.tree a.ignored[data-key="target-{made.pk}"]')
    page.wait_for_selector(f'#editor[data-ignored][data-current="target-{made.pk}"]')
    page.keyboard.press("x")
    page.wait_for_selector("#editor:not([data-ignored])")
    made.refresh_from_db()
    assert not made.ignored


def test_a_passage_becomes_an_item(window, draft):
    page = window(f"/ke-hoach/{draft.pk}/ra-soat/")
    focus_list(page)
    for key in ("v", "ArrowUp", "ArrowUp", "Shift+ArrowRight", "Shift+ArrowRight", "n"):
        page.keyboard.press(key)
    until(page, "document.querySelectorAll('.tree a[data-key^=task]').length === 3")
    made = draft.tasks.get(rule="person")
    assert draft.text[made.span_start : made.span_end] == made.text == "KẾ HOẠCH Phòng,"


def test_all_sure_items_of_a_heading_are_accepted_together(window, draft):
    page = window(f"/ke-hoach/{draft.pk}/ra-soat/")
    page.locator(f'.tree a[data-key="target-{draft.targets.get().pk}"]').click()
    wait_for(page, f"target-{draft.targets.get().pk}")
    page.keyboard.press("Shift+A")
    until(page, "document.getElementById('review-count').innerText.startsWith('4/5')")
    assert [task.checked for task in draft.tasks.all()] == [True, False]


def test_a_second_reviewer_is_told_what_changed_and_loses_nothing(window, place, draft):
    task = draft.tasks.get(position=1)
    page = window(f"/ke-hoach/{draft.pk}/ra-soat/nhiem-vu/{task.pk}/")
    other = make_person("Nga", place.police, Role.CONSOLIDATOR)
    name_agency(place.actor(other), draft, task.pk, "lead", "Sở Y tế")
    page.locator("#id_section").fill("II.9")
    page.wait_for_selector("#save-state:has-text('Nga (mẫu) đã thay đổi mục này')")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=Có người vừa sửa mục này.")
    assert page.locator("#id_section").input_value() == "II.9"
    assert "Sở Y tế" in page.locator("#editor .note").inner_text()
    assert [row.phrase for row in task.assignments.all()] == ["Sở Y tế"]


def test_everything_can_be_reviewed_without_any_script(window, draft):
    page = window(f"/ke-hoach/{draft.pk}/ra-soat/", java_script_enabled=False)
    target = draft.targets.get()
    page.click(f'.tree a[data-key="target-{target.pk}"]')
    page.fill("#id_value", "91")
    page.click("#editor button.main")
    target.refresh_from_db()
    assert target.value == 91
    page.click("text=Hoàn tác")
    target.refresh_from_db()
    assert target.value == 90
    page.click("text=Chấp nhận kế hoạch")
    page.fill("#waiver", "Văn bản không nêu.")
    page.click("button:has-text('Chấp nhận kế hoạch')")
    assert "Đã chấp nhận kế hoạch." in page.inner_text("main")
    assert "Lý do: Văn bản không nêu." in page.inner_text("main")


def test_an_amended_plan_is_compared_and_takes_the_place_and_the_cycles_of_the_older_one(window, place, draft):
    older = accept_plan(place.actor(place.bao), draft)
    record_progress(place.actor(place.bao), older.tasks.first(), place.police, state="doing", on=TODAY, text="Đợt một.")
    plan = newer(older)
    open_cycle(older, older.duties.first(), "Quý I/2025", place.health)
    page = window(f"/ke-hoach/{plan.pk}/chap-nhan/")
    page.check("text=Bản này thay thế bản đó")
    page.click("button:has-text('Chấp nhận kế hoạch')")
    assert page.locator(".page-head .chip").all_inner_texts() == ["1 Thêm", "1 Sửa", "2 Bỏ", "2 Giữ nguyên"]
    page.click("text=Thay thế 7/KH-UBND")
    page.fill("#waiver", "Văn bản không nêu.")
    page.check("text=Chuyển sang bản này")
    page.click("button:has-text('Chấp nhận và thay thế')")
    assert "Đã chuyển 1 kỳ báo cáo sang bản này." in page.inner_text("main")
    plan.refresh_from_db()
    older.refresh_from_db()
    assert (plan.replaces, older.state) == (older, "replaced")
    assert [cycle.label for cycle in plan.cycles.all()] == ["Quý I/2025"]
    assert [note.text for note in history_of(plan.tasks.first())] == ["Đợt một."]
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(page.url + f"so-sanh/{older.pk}/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("path", ["", "ra-soat/", "ra-soat/co-quan/", "chap-nhan/", "phan-dau/", "bo/"])
def test_no_page_scrolls_sideways_on_a_phone(window, draft, path):
    page = window(f"/ke-hoach/{draft.pk}/{path}", viewport={"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
