"""The grid over forms of other shapes than the shipped ones: words, one cell, sixty columns, codes of an office."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from haidang.catalogue.forms import FormSpec, load_form
from haidang.filings import actions, content

from .test_browser_filing import PASTE, focused, visit, visit_as  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HEAD = """
code = "{code}"
version = 1
valid_from = 2016-01-01
title = "Biểu thử {code}"
mark = "biểu thử nghiệm"
unit = "vụ"
functions = [{{ function = "border_guard", levels = ["province"] }}]
"""
WORDS = """
rows = [
  { code = "a", name = "Tuyên truyền", group = "g" },
  { code = "b", name = "Tập huấn", group = "g" },
]
columns = [
  { code = "c1", name = "Nội dung đã làm", type = "text", flow = "none" },
  { code = "c2", name = "Số lượt", type = "count", flow = "flow_in" },
  { code = "c3", name = "Kinh phí", type = "amount", flow = "flow_in" },
]
"""
ONE_CELL = """
rows = [{ code = "only", name = "Tổng số", group = "g" }]
columns = [{ code = "c1", name = "Số vụ", type = "count", flow = "flow_in" }]
"""
WORDS_ALONE = """
rows = [{ code = "a", name = "Khó khăn", group = "g" }, { code = "b", name = "Kiến nghị", group = "g" }]
columns = [{ code = "c1", name = "Nêu rõ", type = "text", flow = "none" }]
"""
SIXTY = (
    'rows = [{ code = "t", name = "Tổng", group = "g", formula = "sum(a, b)" }, '
    '{ code = "a", name = "A", group = "g" }, { code = "b", name = "B", group = "g" }]\ncolumns = [\n'
    '{ code = "c1", name = "Cộng", type = "count", flow = "total", formula = "sum('
    + ", ".join(f"c{number}" for number in range(2, 61))
    + ')" },\n'
    + "\n".join(
        f'{{ code = "c{number}", name = "Tháng {number}", group = "Nhóm {number // 10}", type = "count", '
        'flow = "flow_in" },'
        for number in range(2, 61)
    )
    + "\n]\n"
)
FOUR_HUNDRED = (
    "rows = [\n"
    + "\n".join(f'{{ code = "r{row}", name = "Địa bàn {row}", group = "g" }},' for row in range(20))
    + "\n]\ncolumns = [\n"
    + '{ code = "c1", name = "Cộng", type = "count", flow = "total", formula = "sum('
    + ", ".join(f"c{number}" for number in range(2, 22))
    + ')" },\n'
    + "\n".join(
        f'{{ code = "c{number}", name = "Cột {number}", type = "count", flow = "flow_in" }},' for number in range(2, 22)
    )
    + "\n]\n"
)
SLOWER = 6  # how many times slower than this core the machine is taken to be


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let these forms, by code, be what every agency files."""

    def ask(**bodies: str) -> None:
        forms: list[FormSpec] = []
        for code, body in bodies.items():
            path = tmp_path / f"{code.lower()}.toml"
            path.write_text(HEAD.format(code=code) + body, encoding="utf-8")
            forms.append(load_form(path))
        monkeypatch.setattr(content, "forms_for", lambda obligation: tuple(forms))

    return ask


def path_of(world: Any, tab: str) -> str:
    return f"/bao-cao/{world.obligation(world.guard).pk}/?bieu={tab}"


def test_words_keep_their_lines_and_nobody_changes_them_by_passing(visit: Any, world: Any, asked: Any) -> None:  # noqa: F811
    asked(W1=WORDS)
    actions.save_cells(world.actor("clerk"), world.filing(world.guard), {"W1.a.c1": "Dòng một\nDòng hai"}, 0)
    clerk = visit("clerk")
    page = clerk.open(path_of(world, "W1"))
    box = page.locator('[name="W1.a.c1"]')
    assert box.input_value() == "Dòng một\nDòng hai"
    box.focus()
    page.keyboard.press("Tab")
    clerk.saved()
    assert world.filing(world.guard).revision == 1, "passed over, nothing changed"
    assert page.locator("#cell-panel [data-reason-for]").is_enabled(), "a number may not be the agency's"
    page.locator('[name="W1.b.c1"]').focus()
    assert not page.locator("#cell-panel [data-reason-for]").is_enabled(), "words are words"
    page.keyboard.type("Ai? Ở đâu")
    page.keyboard.press("Alt+Enter")
    page.keyboard.type("- KTCN")
    page.keyboard.press("Enter")
    clerk.saved()
    assert world.filing(world.guard).sections["W1.b.c1"] == "Ai? Ở đâu\n- KTCN"
    page.evaluate(PASTE, ["o-W1-a-c1", '"Một\nhai"\t4\nKTCN\t5\n'])
    page.wait_for_selector("#paste-box[open]")
    page.keyboard.press("Enter")
    clerk.saved()
    kept = world.filing(world.guard)
    assert kept.sections == {"W1.a.c1": "Một\nhai", "W1.b.c1": "KTCN"}
    assert (kept.cells["W1.a.c2"], kept.cells["W1.b.c2"]) == (4, 5)
    assert "na" not in (page.locator('td[data-cell="W1.b.c1"]').get_attribute("class") or "").split()


def test_typing_replaces_however_a_cell_was_chosen_and_a_second_click_edits(
    visit: Any,  # noqa: F811
    world: Any,
    asked: Any,
) -> None:
    asked(W1=WORDS)
    held = {"W1.a.c1": "Phát thanh", "W1.a.c2": 12, "W1.b.c2": 34}
    actions.save_cells(world.actor("clerk"), world.filing(world.guard), held, 0)
    clerk = visit("clerk")
    page = clerk.open(path_of(world, "W1"))
    page.locator('[name="W1.a.c2"]').focus()
    page.keyboard.type("5")
    page.locator('[name="W1.b.c2"]').click()
    page.keyboard.type("6")
    words = page.locator('[name="W1.a.c1"]')
    words.click()
    words.click()
    page.keyboard.press("End")
    page.keyboard.type(" lưu động")
    page.keyboard.press("Tab")
    clerk.saved()
    kept = world.filing(world.guard)
    assert (kept.cells["W1.a.c2"], kept.cells["W1.b.c2"]) == (5, 6)
    assert kept.sections["W1.a.c1"] == "Phát thanh lưu động"


def test_taking_a_block_back_spares_what_was_typed_since(visit: Any, world: Any, asked: Any) -> None:  # noqa: F811
    asked(W1=WORDS)
    clerk = visit("clerk")
    page = clerk.open(path_of(world, "W1"))
    page.evaluate(PASTE, ["o-W1-a-c2", "1\t2\n3\t4"])
    page.wait_for_selector("#paste-box[open]")
    page.keyboard.press("Enter")
    clerk.saved()
    page.locator('[name="W1.a.c2"]').fill("99")
    page.get_by_role("button", name="Hoàn tác").click()
    clerk.saved()
    assert world.filing(world.guard).cells == {"W1.a.c2": 99}
    assert "1 ô sửa sau khi dán thì giữ nguyên" in page.locator("#paste-say").inner_text()


def test_a_refused_text_is_still_there_after_a_reload(visit: Any, world: Any, asked: Any) -> None:  # noqa: F811
    asked(W1=WORDS, W2=ONE_CELL)
    clerk = visit("clerk")
    page = clerk.open(path_of(world, "W1"))
    page.locator('[name="W1.a.c2"]').fill("5 vụ")
    page.keyboard.press("Tab")
    page.wait_for_selector("#save-refused", state="visible")
    page = clerk.open(path_of(world, "W2"))
    assert "1 ô của phần khác" in page.locator("#save-wait").inner_text()
    page = clerk.open(path_of(world, "W1"))
    page.wait_for_selector("#save-refused", state="visible")
    assert page.locator('[name="W1.a.c2"]').input_value() == "5 vụ"
    page.locator('[name="W1.a.c2"]').fill("5")
    page.keyboard.press("Tab")
    clerk.saved()
    assert world.filing(world.guard).cells == {"W1.a.c2": 5}
    page = clerk.open(path_of(world, "W2"))
    assert page.locator("#save-wait").is_hidden()


def test_a_form_of_one_cell_takes_every_key(visit: Any, world: Any, asked: Any) -> None:  # noqa: F811
    asked(TKMB01=ONE_CELL)
    clerk = visit("clerk")
    page = clerk.open(path_of(world, "TKMB01"))
    assert page.locator("#g-t").inner_text() == "Biểu TKMB01. Biểu thử TKMB01"
    page.locator("#o-TKMB01-only-c1").focus()
    for key in ("ArrowDown", "ArrowLeft", "Home", "End", "Control+Home", "Control+End", "Shift+ArrowDown"):
        page.keyboard.press(key)
        assert focused(page) == "TKMB01.only.c1", key
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    assert focused(page) == "Gửi báo cáo"
    clerk.saved()
    assert world.filing(world.guard).cells == {"TKMB01.only.c1": 12}


def test_a_form_of_words_alone_can_have_nothing_to_report(visit: Any, world: Any, asked: Any) -> None:  # noqa: F811
    asked(W3=WORDS_ALONE)
    clerk = visit("clerk")
    page = clerk.open(path_of(world, "W3"))
    page.get_by_role("button", name="Không phát sinh cả biểu").click()
    page.wait_for_load_state()
    assert world.filing(world.guard).sections == {"W3.a.c1": "Không phát sinh", "W3.b.c1": "Không phát sinh"}
    actions.submit(world.actor("clerk"), world.filing(world.guard))
    assert world.filing(world.guard).state == "submitted"


def test_sixty_columns_keep_their_head_low_and_their_places_told(visit: Any, world: Any, asked: Any) -> None:  # noqa: F811
    asked(W4=SIXTY)
    clerk = visit("clerk")
    page = clerk.open(path_of(world, "W4"))
    assert page.locator('th[data-column="c1"]').inner_text() == "c1=Σ(c2, …, c60)"
    assert page.locator(".ngrid thead").bounding_box()["height"] < 130
    page.locator("#o-W4-a-c2").focus()
    page.keyboard.press("End")
    assert focused(page) == "W4.a.c60"
    cell = page.locator('td[data-cell="W4.a.c60"]')
    assert cell.get_attribute("aria-colindex") == page.locator(".ngrid").get_attribute("aria-colcount") == "61"
    head, left = page.locator(".ngrid tbody th").nth(1).bounding_box(), page.locator(".grid-box").bounding_box()
    assert abs(head["x"] - left["x"]) <= 2, "the first column stays"
    assert cell.bounding_box()["x"] > head["x"] + head["width"], "the chosen cell is in sight"
    page.keyboard.press("Home")
    assert page.locator('td[data-cell="W4.a.c2"]').bounding_box()["x"] >= head["x"] + head["width"] - 1


@pytest.mark.parametrize("width", [360, 390])
def test_on_a_phone_marks_do_not_widen_the_page_and_numbers_begin_on_it(
    visit: Any,  # noqa: F811
    world: Any,
    width: int,
) -> None:
    wrong = {"B1.d150.c3": -1, "B2.d150.c3": -1}
    actions.save_cells(world.actor("clerk"), world.filing(world.guard), wrong, 0)
    page = visit("clerk").open(path_of(world, "B2"))
    page.set_viewport_size({"width": width, "height": 844})
    assert page.locator(".tabs .lt").count() == 2
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    strip = page.locator("#savebar").bounding_box()["y"]
    assert page.locator(".ngrid tbody tr").first.bounding_box()["y"] + 24 < strip


def test_four_hundred_cells_answer_on_a_machine_six_times_slower(visit: Any, world: Any, asked: Any) -> None:  # noqa: F811
    """Work of the page's own thread for each cell: two keys, the save, what the answer changes. Printed (pytest -s)."""
    asked(W5=FOUR_HUNDRED)
    clerk = visit("clerk")
    page = clerk.open(path_of(world, "W5"))
    inside = clerk.context.new_cdp_session(page)
    inside.send("Performance.enable")

    def worked() -> float:
        return next(
            one["value"] for one in inside.send("Performance.getMetrics")["metrics"] if one["name"] == "TaskDuration"
        )

    page.locator("#o-W5-r0-c2").focus()
    before = worked()
    for number in range(60):
        page.keyboard.type(str(number % 10))
        page.keyboard.press("Tab")
    clerk.saved()
    each = 1000 * SLOWER * (worked() - before) / 60
    sys.stdout.write(f"\n400 cells, {SLOWER} times slower: {each:.0f} ms of work a cell\n")
    assert len(world.filing(world.guard).cells) == 60 + 3, "three lines of twenty, and their totals"
    assert each < 1000, "a key that takes a second even so would be a fault"
