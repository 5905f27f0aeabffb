"""A long chasing board comes a page of agencies at a time; its totals are those of all agencies."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from haidang.web.filings import board

pytestmark = pytest.mark.django_db
BOARD = "/bao-cao/don-doc/"


@pytest.fixture
def page_of(world: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(board, "PAGE_SIZE", 1)
    client = Client()
    client.force_login(world.users["consolidator"])
    return lambda query: client.get(BOARD, query).content.decode()


def agencies_on(page: str) -> list[str]:
    body = page[page.index("<tbody") : page.index("<tfoot")]
    return list(re.findall(r'<th scope="row">([^<]+)</th>', body))


def test_pages_together_show_each_agency_once(page_of: Any) -> None:
    first, second = page_of({}), page_of({"trang": "2"})
    assert len(agencies_on(first)) == len(agencies_on(second)) == 1
    assert agencies_on(first) != agencies_on(second)
    assert "Trang 1 / 2" in first and "Trang trước" not in first
    assert "Trang 2 / 2" in second and "Trang sau" not in second


def test_totals_are_of_all_agencies_on_every_page(page_of: Any) -> None:
    feet = {re.sub(r"\s+", " ", page[page.index("<tfoot") : page.index("</tfoot")]) for page in
            (page_of({}), page_of({"trang": "2"}))}  # fmt: skip
    assert len(feet) == 1
    assert "cả 2 đầu mối" in feet.pop()


@pytest.mark.parametrize(("asked", "shown"), [("9", "2 / 2"), ("0", "1 / 2"), ("x", "1 / 2"), ("9" * 40, "1 / 2")])
def test_a_page_that_is_not_there_gives_the_nearest(page_of: Any, asked: str, shown: str) -> None:
    assert f"Trang {shown}" in page_of({"trang": asked})


def test_what_is_marked_at_once_is_what_the_page_shows(page_of: Any) -> None:
    page = page_of({"trang": "2", "chon": "tre"})
    marked = re.findall(r'name="o" value="\d+" checked', page)
    assert 0 < len(marked) <= page.count('name="o"')
    assert "trên trang này" in page
    assert re.search(r'href="\?[^"]*chon=tre[^"]*trang=1"|href="\?[^"]*trang=1[^"]*chon=tre[^"]*"', page)
