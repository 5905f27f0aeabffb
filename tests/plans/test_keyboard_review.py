"""A whole plan reviewed by keyboard alone, each press counted: a real one, when the folder beside the checkout has it.

The person is played by the annotation of the plan: an item that was read as it says is accepted, one that is not is
put right by keys, what is no item is ignored.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from haidang.accounts.actors import Role
from haidang.agencies.actions import load_register
from haidang.agencies.queries import actor_for, area_by_code, standing_agency
from haidang.catalogue.agency_functions import national_register
from haidang.catalogue.vocabulary import reading_vocabulary
from haidang.demo.plans import province_of
from haidang.kernel.text import fold
from haidang.plans.actions import import_plan
from haidang.plans.models import Plan, PlanState, Task
from haidang.reading.reader import read_plan
from tests.plans.conftest import make_person
from tests.plans.test_browser_review import until

pytestmark = [pytest.mark.browser, pytest.mark.real_plans, pytest.mark.django_db(transaction=True)]
MOST_PRESSES_AN_ITEM = 3


def year_plan(folder: Path) -> tuple[str, dict[str, Any]]:
    """The annotated plan of one year, with targets, that has most tasks."""
    found = []
    for path in sorted(folder.glob("seed-*.gold.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        if gold["year_from"] == gold["year_to"] and gold["targets"]:
            found.append((len(gold["tasks"]), path.with_name(path.name.replace(".gold.json", ".txt")), gold))
    _count, text, gold = max(found, key=lambda one: one[0])
    return text.read_text(encoding="utf-8"), gold


@pytest.fixture
def real_plan(db, real_plans) -> tuple[Plan, dict[str, Any], Any]:
    """The plan as a draft of its province, its annotation, and the consolidator who reviews it."""
    text, gold = year_plan(real_plans)
    register = national_register()
    reading = read_plan(text, reading_vocabulary())
    province = province_of(reading, register) or register.areas_on(date(gold["year_to"], 1, 1), "province")[0]
    load_register(register, provinces=[province.code])
    on = date(gold["year_to"], 4, 1)
    area = area_by_code(province.code, on)
    agency = standing_agency(area, on)
    assert agency is not None
    person = make_person("Bao", agency, Role.CONSOLIDATOR)
    return import_plan(actor_for(person, on), area, "ke-hoach.txt", text.encode()), gold, person


class Keyboard:
    """Presses keys and counts them; each letter typed is one."""

    def __init__(self, page: Any) -> None:
        self.page, self.presses = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.presses += 1

    def type(self, words: str) -> None:
        for place, line in enumerate(words.split("\n")):
            self.press(*(["Enter"] if place else []))
            self.page.keyboard.type(line)
            self.presses += len(line)


def wanted(task: Task, gold: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the annotation says of a task; None when it has no such task."""
    text = fold(task.text)
    return next((one for one in gold["tasks"] if text.startswith(fold(one["text_start"])[:40])), None)


def corrections(task: Task, one: Mapping[str, Any]) -> dict[str, str]:
    """The agency fields that differ from the annotation, with what belongs in them."""
    named: dict[str, list[str]] = {"lead": [], "coordinating": []}
    for row in task.assignments.all():
        named[row.role].append(fold(row.phrase))
    return {
        role: "\n".join(one[role]) for role, found in named.items() if sorted(found) != sorted(map(fold, one[role]))
    }


def settle(keyboard: Keyboard, plan: Plan, key: str, gold: Mapping[str, Any]) -> int:
    """Do what a person would with the chosen item; 1 when something had to be put right."""
    kind, _, pk = key.partition("-")
    task = plan.tasks.get(pk=pk) if kind == "task" else None
    one = wanted(task, gold) if task else None
    if task and one is None:
        keyboard.press("x")
        keyboard.page.wait_for_selector("#editor[data-ignored]")
        keyboard.press("j")
        return 1
    if task and one and (wrong := corrections(task, one)):
        keyboard.press("e", "Tab")
        for role in ("lead", "coordinating"):
            if role in wrong:
                keyboard.press("Control+a")
                keyboard.type(wrong[role])
            keyboard.press("Tab")
        keyboard.press("Control+Enter")
        return 1
    keyboard.press("a")
    return 0


def waiting(plan: Plan) -> int:
    return sum(rows.filter(checked=False, ignored=False).count() for rows in (plan.tasks, plan.targets, plan.duties))


@pytest.mark.parametrize("together", [False, True], ids=["one-by-one", "sure-ones-together"])
def test_a_years_plan_is_reviewed_and_accepted_by_keyboard_alone(chromium, live_server, real_plan, together, capsys):
    plan, gold, person = real_plan
    from django.test import Client

    client = Client()
    client.force_login(person)
    context = chromium.new_context(viewport={"width": 1366, "height": 768})
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )  # fmt: skip
    page = context.new_page()
    page.goto(f"{live_server.url}/ke-hoach/{plan.pk}/ra-soat/")
    keyboard, items, put_right, begun = Keyboard(page), waiting(plan), 0, time.monotonic()
    while left := waiting(plan):
        assert keyboard.presses < 40 * items, "the review does not come to an end"
        key = page.locator("#editor").get_attribute("data-current")
        sure = page.locator('[data-group]:has(a[aria-current="true"]) .accept-all').count()
        if together and sure:
            keyboard.press("Shift+A")
        else:
            put_right += settle(keyboard, plan, key, gold)
        until(page, f"!document.getElementById('review-count').innerText.startsWith('{items - left}/')")
    reviewed, lasted = keyboard.presses, time.monotonic() - begun
    keyboard.press("g")
    page.wait_for_url("**/chap-nhan/")
    for _question in range(page.locator("fieldset.question:has(input[type=radio])").count()):
        while page.evaluate("document.activeElement.type") != "radio":
            keyboard.press("Tab")
        keyboard.press("Space", "Tab")
    if page.locator("#waiver").count():
        while page.evaluate("document.activeElement.id") != "waiver":
            keyboard.press("Tab")
        keyboard.type("Văn bản không nêu.")
    while page.evaluate("document.activeElement.className") != "btn main":
        keyboard.press("Tab")
    keyboard.press("Enter")
    page.wait_for_url(f"**/ke-hoach/{plan.pk}/")
    context.close()
    plan.refresh_from_db()
    assert plan.state == PlanState.ACCEPTED
    assert plan.tasks.count() == len(gold["tasks"])
    assert reviewed <= MOST_PRESSES_AN_ITEM * items
    told = f"{items} items, {len(gold['tasks'])} of them tasks: {put_right} put right, {reviewed} presses to review, "
    told += f"{keyboard.presses - reviewed} to accept, {lasted:.0f} s of machine time"
    with capsys.disabled():
        sys.stdout.write(f"\n{told}\n")
