"""What a browser never sends to the page of a filing, and what people send by mistake: refused, and nothing is kept."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from haidang.catalogue.forms import form
from haidang.filings import actions

pytestmark = pytest.mark.django_db

CELL = '"cells": {"B1.d150.c1": "7"}'
HOSTILE = {
    "no JSON": "7,",
    "a list": "[]",
    "no cells": '{"form": "B1", "revision": 0}',
    "cells in a list": '{"form": "B1", "revision": 0, "cells": [1]}',
    "a form in a list": f'{{"form": ["B1"], "revision": 0, {CELL}}}',
    "an endless revision": f'{{"form": "B1", "revision": 1e999, {CELL}}}',
    "half a revision": f'{{"form": "B1", "revision": 0.5, {CELL}}}',
    "a long revision": f'{{"form": "B1", "revision": {"9" * 400}, {CELL}}}',
    "lost texts in a list": f'{{"form": "B1", "revision": 0, "lost": [1], {CELL}}}',
    "lost texts that are none": f'{{"form": "B1", "revision": 0, "lost": {{"B1.d150.c1": 7}}, {CELL}}}',
    "nested": '{"a":' * 50_000 + "1" + "}" * 50_000,
}


@pytest.fixture
def clerk(request: pytest.FixtureRequest) -> Client:
    here = "whole_world" if "whole_world" in request.fixturenames else "world"
    client = Client()
    client.force_login(request.getfixturevalue(here).users["clerk"])
    return client


def path_of(world: Any) -> str:
    return f"/bao-cao/{world.obligation(world.guard).pk}/"


@pytest.mark.parametrize("address", ["luu/", "loi-van/"])
@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_the_script_never_sends_is_refused(clerk: Client, world: Any, address: str, body: str) -> None:
    answer = clerk.post(path_of(world) + address, body, content_type="application/json")
    assert (answer.status_code, answer.json()) == (400, {"say": "Trang này đã cũ. Tải lại trang rồi nhập tiếp."})
    assert world.filing(world.guard).revision == 0


@pytest.mark.parametrize("revision", ["²", "", "-1", "9" * 5000])
def test_a_plain_form_with_no_revision_is_refused(clerk: Client, world: Any, revision: str) -> None:
    sent = {"form": "B1", "revision": revision, "B1.d150.c1": "7", "whole": "1"}
    assert clerk.post(f"{path_of(world)}luu/", sent).status_code == 400
    assert clerk.post(f"{path_of(world)}loi-van/", sent).status_code == 400
    assert clerk.post(f"{path_of(world)}pham-vi/", sent).status_code == 302
    assert (world.filing(world.guard).cells, world.filing(world.guard).whole) == ({}, False)


@pytest.mark.parametrize("text", ["9" * 5000, "1" * 310, "0.125", "1 2"])
def test_a_number_that_is_none_is_refused_in_its_cell(clerk: Client, world: Any, text: str) -> None:
    sent = {"form": "B1", "revision": 0, "cells": {"B1.d150.c1": text, "B1.d150.c3": "4"}}
    answer = clerk.post(f"{path_of(world)}luu/", json.dumps(sent), content_type="application/json")
    assert answer.status_code == 422
    assert list(answer.json()["refused"]) == ["B1.d150.c1"]
    assert world.filing(world.guard).cells["B1.d150.c3"] == 4, "one refusal does not hold up the rest"


def test_without_script_the_lines_of_words_are_no_change(clerk: Client, whole_world: Any) -> None:
    spec = form("B7")
    words, number = (
        next(f"B7.{cell}" for cell in spec.input_cells if spec.cells[cell][1].is_text is text) for text in (True, False)
    )
    actions.save_cells(whole_world.actor("clerk"), whole_world.filing(whole_world.guard), {words: "Một\nhai"}, 0)
    sent = {"form": "B7", "revision": "1", words: "Một\r\nhai", number: "3"}
    assert clerk.post(f"{path_of(whole_world)}luu/", sent).status_code == 302
    (edit,) = whole_world.filing(whole_world.guard).edits.filter(revision=2)
    assert words not in edit.changes
    assert whole_world.filing(whole_world.guard).sections[words] == "Một\nhai"
