"""A long chasing board comes a page of agencies at a time; its totals are those of all agencies."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from haidang.filings.chasing import span
from haidang.kernel.dates import short_date
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


@pytest.fixture
def consolidator(world: Any) -> Client:
    client = Client()
    client.force_login(world.users["consolidator"])
    return client


def test_level_and_form_are_filtered(consolidator: Client, world: Any) -> None:
    assert len(agencies_on(consolidator.get(BOARD, {"cap": "province"}).content.decode())) == 2
    assert "Không cơ quan nào khớp bộ lọc" in consolidator.get(BOARD, {"cap": "commune"}).content.decode()
    assert "Không cơ quan nào khớp bộ lọc" in consolidator.get(BOARD, {"bieu": "B8"}).content.decode()
    assert len(agencies_on(consolidator.get(BOARD, {"bieu": "B1"}).content.decode())) == 2


@pytest.mark.parametrize("query", [{"cap": "làng"}, {"tinh": "x"}, {"bieu": "<b>"}, {"tinh": "9" * 30}])
def test_filters_that_make_no_sense_are_left_out(consolidator: Client, query: dict[str, str]) -> None:
    assert len(agencies_on(consolidator.get(BOARD, query).content.decode())) == 2


def test_pointing_at_a_square_tells_due_receipt_and_whom_to_ask(consolidator: Client) -> None:
    page = consolidator.get(BOARD).content.decode()
    told = re.findall(r'class="ob [^"]*"[^>]* title="([^"]*)"', page)
    assert len(told) == 4
    assert all("Ngày cuối được nộp: " in words and "Liên hệ: " in words for words in told)


def test_a_set_of_filters_is_kept_under_a_name_and_dropped(consolidator: Client, world: Any) -> None:
    kept = consolidator.post(f"{BOARD}bo-loc/", {"ten": "Quá hạn cấp tỉnh", "loc": "cap=province&loc=tre"}, follow=True)
    assert "Đã lưu bộ lọc “Quá hạn cấp tỉnh”." in kept.content.decode()
    page = consolidator.get(BOARD).content.decode()
    (address,) = re.findall(r'<a href="([^"]*)">Quá hạn cấp tỉnh</a>', page)
    assert address == f"{BOARD}?cap=province&amp;loc=tre"
    (drop,) = re.findall(r'action="([^"]*bo-loc/\d+/bo/)"', page)
    stranger = Client()
    stranger.force_login(world.users["police_clerk"])
    assert "Quá hạn cấp tỉnh" not in stranger.get(BOARD).content.decode()
    assert stranger.post(drop).status_code == 404
    assert consolidator.post(drop).status_code == 302
    assert "Quá hạn cấp tỉnh" not in consolidator.get(BOARD).content.decode().replace("Đã", "")


def test_a_name_is_needed_and_the_number_of_kept_filters_is_bounded(consolidator: Client) -> None:
    assert "Đặt tên cho bộ lọc" in consolidator.post(f"{BOARD}bo-loc/", {"ten": " "}, follow=True).content.decode()
    for number in range(20):
        consolidator.post(f"{BOARD}bo-loc/", {"ten": f"Số {number}", "loc": "loc=tre"})
    refused = consolidator.post(f"{BOARD}bo-loc/", {"ten": "Thêm", "loc": "loc=tre"}, follow=True)
    assert "Đã lưu 20 bộ lọc" in refused.content.decode()


def test_a_board_that_is_too_much_at_once_steps_through_due_dates(
    world: Any, consolidator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = world.cycles[0], world.cycles[1]
    type(second).objects.filter(pk=second.pk).update(due_on=first.due_on + timedelta(days=91))
    whole = consolidator.get(BOARD).content.decode()
    assert "Các hạn nộp trước" not in whole and first.label in whole and second.label in whole
    monkeypatch.setattr(span, "MOST_AT_ONCE", 1)
    latest = consolidator.get(BOARD).content.decode()
    assert second.label in latest and f">{first.label}<" not in latest
    assert f"1 hạn nộp từ {short_date(first.due_on + timedelta(days=91))}" in latest
    (before,) = re.findall(r'href="\?([^"]*)">Các hạn nộp trước', latest)
    assert before == f"den={first.due_on}"
    earlier = consolidator.get(f"{BOARD}?{before}").content.decode()
    assert first.label in earlier and "Các hạn nộp sau" in earlier and "Các hạn nộp trước" not in earlier
    for odd in ("2025-13-01", "²", "hôm qua", "20250101ab"):
        assert second.label in consolidator.get(BOARD, {"den": odd}).content.decode()
