"""The address of a button, opened by itself: a person is led to the page that has the button; a program gets a 405."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, resolve

A_PAGE = {"HTTP_ACCEPT": "text/html,application/xhtml+xml,*/*;q=0.8"}

WORDS = {"plan_item_kind": "nhiem-vu", "str": "B1"}


def addresses(resolver: Any, prefix: str = "") -> list[str]:
    """Every address of this product, with numbers that no row has."""
    found = []
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if not isinstance(entry, URLPattern):
            found += addresses(entry, route)
        elif entry.callback.__module__.startswith("haidang.web"):
            found.append("/" + re.sub(r"<(?:(\w+):)?\w+>", lambda m: WORDS.get(m[1] or "str", "987654"), route))
    return found


ALL = sorted(set(addresses(get_resolver())))


@pytest.fixture
def chief(world: Any, client: Client) -> Client:
    client.force_login(world.users["consolidator"])
    return client


def test_no_address_of_any_room_answers_a_person_with_a_bare_refusal_of_the_method(chief: Client) -> None:
    assert len(ALL) > 80
    led = []
    for address in ALL:
        plain = chief.get(address)
        if plain.status_code != 405:
            continue
        answer = chief.get(address, **A_PAGE)
        assert answer.status_code == 302, address
        to = answer["Location"]
        assert address.startswith(to), "to a page above it"
        assert resolve(to).view_name != "filings:file", "opening a file is not seeing a page"
        led.append(address)
    assert len(led) > 40


def test_the_page_that_one_is_led_to_says_once_what_happened(world: Any, chief: Client) -> None:
    path = f"/bao-cao/{world.obligation(world.guard).pk}/"
    answer = chief.get(f"{path}tep/3/bo/", follow=True, **A_PAGE)
    assert answer.redirect_chain == [(f"{path}tep/", 302), (path, 302)]
    page = answer.content.decode()
    assert page.count("Địa chỉ vừa mở chỉ nhận lệnh từ nút trên trang, nên chưa có gì được ghi.") == 1
    again = chief.get(path, **A_PAGE).content.decode()
    assert "Địa chỉ vừa mở" not in again


def test_whoever_signs_in_again_at_a_button_s_address_is_led_on_to_its_page(world: Any, client: Client) -> None:
    address = f"/bao-cao/{world.obligation(world.guard).pk}/luu/"
    asked = client.get(address, **A_PAGE)
    assert asked["Location"] == f"/accounts/login/?next={address}"
    client.force_login(world.users["clerk"])
    assert client.get(address, follow=True, **A_PAGE).status_code == 200


def test_what_is_not_there_stays_not_there(world: Any, chief: Client) -> None:
    assert chief.get("/bao-cao/987654/luu/", follow=True, **A_PAGE).status_code == 404


def test_a_post_to_a_page_that_only_shows_is_no_page_asked_for(world: Any, chief: Client) -> None:
    assert chief.post("/bao-cao/", **A_PAGE).status_code == 405


def test_a_number_that_no_row_can_have_is_not_found_in_any_room(chief: Client) -> None:
    """Larger than the database holds: the address is wrong, not the server."""
    large = [address.replace("987654", "9" * 30) for address in ALL if "987654" in address]
    assert len(large) > 60
    for address in large:
        assert chief.get(address).status_code == 404, address
        assert chief.post(address).status_code == 404, address
