"""The addresses of the chasing board and of the list: odd numbers are passed over, filters are not lost by acting."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.test import Client

from haidang.accounts.actors import Role
from haidang.agencies.models import Agency, AgencyLineage, Area, Membership
from haidang.filings.models import Filing, Obligation
from haidang.kernel import clock
from haidang.plans.models import Assignment, Task

pytestmark = pytest.mark.django_db
BOARD, CHOOSE, LIST = "/bao-cao/don-doc/", "/bao-cao/don-doc/chon/", "/bao-cao/"
ODD = ["²", "٣٣٣", "-1", "1e3", "9" * 30, "1 OR 1=1"]


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


@pytest.fixture
def two_provinces(world: Any) -> list[Area]:
    """A commune that owes as well, and a board above both provinces."""
    commune = Area.objects.create(
        code="99001", name="Xã Thử", kind="xã", level="commune", parent=world.province, path=""
    )
    commune.path = f"{world.province.path}/{commune.pk}"
    commune.save()
    people = Agency.objects.create(
        code="99001.ca", name="Công an xã Thử", function="police", level="commune", area=commune
    )
    other = Area.objects.get(code="98")
    ministry = Agency.objects.create(code="TW.bo", name="Bộ Thử", function="police", level="central", standing=True)
    Membership.objects.create(user=world.users["consolidator"], agency=ministry, role=Role.CONSOLIDATOR)
    for agency in (people, Agency.objects.get(code="98.bp")):
        one = Obligation.objects.create(cycle=world.cycles[0], agency=agency)
        Filing.objects.create(obligation=one, changed_at=clock.now())
    return [world.province, other]


def test_the_communes_of_one_province_can_be_asked_for(client: Client, two_provinces: list[Area]) -> None:
    home, other = two_provinces
    page = client.get(BOARD, {"tinh": home.pk, "cap": "commune"}).content.decode()
    assert "Công an xã Thử" in page
    assert "Bộ đội Biên phòng" not in page
    assert "Công an xã Thử" not in client.get(BOARD, {"tinh": other.pk}).content.decode()


def test_a_level_tells_how_many_it_has_not_how_many_the_page_shows(
    client: Client, two_provinces: list[Area], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("haidang.web.filings.board.PAGE_SIZE", 2)
    page = client.get(BOARD).content.decode()
    assert page.count('<tr id="a-') == 2
    assert "Cấp tỉnh (3)" in page


def test_a_board_too_large_for_one_workbook_says_how_to_part_it(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("haidang.web.filings.board.MOST_EXPORTED", 3)
    told = client.get(f"{BOARD}bang-tinh/?loc=tre", follow=True)
    assert told.redirect_chain == [(f"{BOARD}?loc=tre", 302)]
    assert "Bảng có 4 nghĩa vụ, một tệp chứa nhiều nhất 3. Lọc theo tỉnh" in told.content.decode()


def test_pointing_at_a_square_tells_how_often_it_was_chased(client: Client, world: Any) -> None:
    one = Obligation.objects.filter(agency=world.guard).earliest("pk").pk
    client.post(CHOOSE, {"viec": "nhac", "o": one, "lam": "1", "words": "Gửi sớm."})
    assert "Đã đôn đốc: lời nhắc 1 lần; gần nhất" in client.get(BOARD).content.decode()


def test_the_board_can_be_kept_to_those_who_lead_or_help_with_tasks(client: Client, world: Any) -> None:
    for position, (role, agency) in enumerate((("lead", world.police), ("coordinating", world.guard))):
        task = Task.objects.create(plan=world.plan, position=position, text="Tuyên truyền")
        Assignment.objects.create(task=task, role=role, position=0, phrase="x").agencies.add(agency)
    ignored = Task.objects.create(plan=world.plan, position=9, text="Không phải nhiệm vụ", ignored=True)
    Assignment.objects.create(task=ignored, role="lead", position=0, phrase="x").agencies.add(world.guard)

    def shown(role: str) -> list[str]:
        page = client.get(BOARD, {"vai-tro": role}).content.decode()
        return [name for name in (world.police.name, world.guard.name) if f'th scope="row">{name}' in page]

    assert shown("chu-tri") == [world.police.name]
    assert shown("phoi-hop") == [world.guard.name]
    assert shown("gi-do") == [world.police.name, world.guard.name]
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{BOARD}bang-tinh/?vai-tro=chu-tri").content))
    assert [cell.value for cell in book.worksheets[0]["A"][5:]] == [world.police.name]


def test_who_took_over_from_a_leading_agency_leads(client: Client, world: Any) -> None:
    task = Task.objects.create(plan=world.plan, position=1, text="Tuyên truyền")
    old = Agency.objects.create(
        code="99.cu", name="Bộ đội cũ", function="border_guard", level="province", area=world.province,
        valid_to=date(2024, 6, 30),
    )  # fmt: skip
    Assignment.objects.create(task=task, role="lead", position=0, phrase="x").agencies.add(old)
    AgencyLineage.objects.create(
        old=old, new=world.guard, function="border_guard", on=date(2024, 7, 1), instrument="Nghị quyết thử"
    )
    assert f'th scope="row">{world.guard.name}' in client.get(BOARD, {"vai-tro": "chu-tri"}).content.decode()
