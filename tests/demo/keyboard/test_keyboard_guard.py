"""The guard that the walk by keyboard stands under can fail: it sees a pointer, and a focus that nobody could see."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Person, Province

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SitsDown = Callable[[str], "Person"]


def test_whatever_no_keyboard_does_is_caught(province: Province, sits_down: SitsDown) -> None:
    person = sits_down("tonghop")
    with pytest.raises(AssertionError, match=r"Locator\.click"):
        person.page.locator("a").first.click()
    with pytest.raises(AssertionError, match=r"Mouse\.down"):
        person.page.mouse.down()
    assert person.trouble == []
    pointer = person.context.new_cdp_session(person.page)
    for kind in "mousePressed", "mouseReleased":
        pointer.send("Input.dispatchMouseEvent", {"type": kind, "x": 90, "y": 20, "button": "left", "clickCount": 1})
    person.wait("body")
    assert "used by hand: mousedown" in person.trouble


def test_a_focus_that_does_not_show_or_is_covered_is_told(province: Province, sits_down: SitsDown) -> None:
    person = sits_down("tonghop")
    person.to("Kế hoạch", "a", most=20)
    assert person.trouble == []
    person.page.evaluate("document.styleSheets[0].insertRule('* { outline: none !important }')")
    person.to("Số liệu", "a", most=5)
    assert "has no mark of focus" in person.trouble[-1]
    person.page.evaluate("document.styleSheets[0].deleteRule(0)")
    cover = "header::after { content: ''; position: fixed; inset: 0; z-index: 99; background: #fff }"
    person.page.evaluate("rule => document.styleSheets[0].insertRule(rule)", cover)
    person.to("Tổng kết", "a", most=5)
    assert "is covered or out of view" in person.trouble[-1]
