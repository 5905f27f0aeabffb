"""Pages that are told a number in their address or form: what is none is answered politely, never with an error."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from django.test import Client

from haidang.accounts.actors import Role
from haidang.accounts.models import User
from haidang.agencies.models import Membership

pytestmark = pytest.mark.django_db
ODD = ["²", "٣٣٣", "-1", "9" * 30, "9" * 5000, "1e3"]


@pytest.fixture
def client(world: Any) -> Client:
    client = Client()
    client.force_login(world.users["consolidator"])
    return client


@pytest.mark.parametrize("text", ODD)
def test_figures_are_shown_for_what_is_there(client: Client, text: str) -> None:
    picked = {"nguon": "B2.core.c3", "nguon-tu": "01/01/2025", "nguon-den": "31/12/2025"}
    asked = {"ke-hoach": text, "dia-ban": text, **picked}
    for address, group in product(("/so-lieu/", "/so-lieu/nguon/"), (f"area:{text}", f"area:1/{text}")):
        assert client.get(address, asked | {"nguon-nhom": group}).status_code == 200


@pytest.mark.parametrize("address", ["/so-lieu/", "/so-lieu/nguon/"])
def test_a_number_that_no_form_has_is_refused_in_words(client: Client, address: str) -> None:
    asked = {"nguon": "B2.core.c99", "nguon-tu": "01/01/2025", "nguon-den": "31/12/2025", "nguon-nhom": "t"}
    answer = client.get(address, asked)
    assert answer.status_code == 404
    assert "B2.core.c99" in answer.content.decode()


@pytest.mark.parametrize("text", ODD)
def test_people_are_shown_for_what_is_there(client: Client, world: Any, text: str) -> None:
    admin = User.objects.create_user(username="admin", password=None)
    Membership.objects.create(user=admin, agency=world.police, role=Role.ADMINISTRATOR)
    client.force_login(admin)
    assert client.get("/nguoi-dung/them/", {"dia-ban": text}).status_code == 200


@pytest.mark.parametrize("text", ODD)
def test_a_review_is_not_opened_for_a_plan_that_is_none(client: Client, text: str) -> None:
    assert client.post("/tong-ket/mo/", {"plan": text}).status_code in (302, 404)


@pytest.mark.parametrize(
    "address", ["/", "/bao-cao/", "/nguoi-dung/?tim=a%00b", "/so-lieu/?ke-hoach=%00", "/?nhom=%00"]
)
def test_text_that_no_database_takes_is_refused_in_every_room(client: Client, address: str) -> None:
    refused = client.get(address) if "%00" in address else client.post(address, {"tim": "a\0b"})
    assert refused.status_code == 400
    assert "Yêu cầu này không đọc được" in refused.content.decode()
