"""The addresses of the chasing board and of the list: odd numbers are passed over, filters are not lost by acting."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from haidang.filings.models import Obligation

pytestmark = pytest.mark.django_db
BOARD, CHOOSE, LIST = "/bao-cao/don-doc/", "/bao-cao/don-doc/chon/", "/bao-cao/"
ODD = ["²", "٣٣٣", "-1", "1e3", "9" * 30, "\x00", "1 OR 1=1"]


@pytest.fixture
def client(world: Any) -> Client:
    client = Client()
    client.force_login(world.users["consolidator"])
    return client


@pytest.mark.parametrize("text", ODD)
def test_what_is_no_number_in_an_address_is_passed_over(client: Client, text: str) -> None:
    for name in ("ke-hoach", "tinh", "trang", "cap", "bieu", "loc"):
        assert client.get(BOARD, {name: text}).status_code == 200, name
        assert client.get(f"{BOARD}bang-tinh/", {name: text}).status_code == 200, name
    for name in ("ky", "trang", "trang-thai", "co-quan"):
        assert client.get(LIST, {name: text}).status_code == 200, name


@pytest.mark.parametrize("text", ODD)
def test_what_is_no_obligation_is_not_chosen(client: Client, text: str) -> None:
    answer = client.post(CHOOSE, {"viec": "nhac", "o": text}, follow=True)
    assert "Chưa chọn nghĩa vụ nào" in answer.content.decode()


def test_acting_leads_back_to_the_board_as_it_was_filtered(client: Client, world: Any) -> None:
    filtered = f"ke-hoach={world.plan.pk}&loc=tre&trang=2"
    page = client.get(f"{BOARD}?{filtered}").content.decode()
    assert f'name="bang" value="{filtered.replace("&", "&amp;")}"' in page
    one = Obligation.objects.filter(agency=world.guard).earliest("pk").pk
    asked = client.post(CHOOSE, {"viec": "nhac", "o": one, "bang": filtered}).content.decode()
    assert asked.count(f'href="{BOARD}?{filtered.replace("&", "&amp;")}"') == 2
    done = client.post(CHOOSE, {"viec": "nhac", "o": one, "bang": filtered, "lam": "1", "words": "Gửi sớm."})
    assert done.headers["Location"] == f"{BOARD}?{filtered}"


@pytest.mark.parametrize("query", ["//ngoai.invalid", "x=1&next=//ngoai.invalid", "\r\nSet-Cookie: a=b", "q" * 9000])
def test_nothing_but_filters_is_taken_back_to_the_board(client: Client, query: str) -> None:
    answer = client.post(CHOOSE, {"viec": "nhac", "bang": query})
    assert answer.headers["Location"] == BOARD
