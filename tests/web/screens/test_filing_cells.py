"""One cell opened, with and without script; trying a block; words saved one by one; reasons shown to the checker."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from haidang.filings import actions
from haidang.filings.queries import filing_findings

SignIn = Callable[[str], Client]
JSON = "application/json"


def path_of(world: Any, at: int = 1) -> str:
    return f"/bao-cao/{world.obligation(world.guard, at).pk}/"


def put(client: Client, address: str, **sent: Any) -> Any:
    return client.post(address, json.dumps({"form": "B1", "revision": 0} | sent), content_type=JSON)


def test_a_cell_has_a_page_of_its_own_that_needs_no_script(world: Any, sign_in: SignIn) -> None:
    filing = world.filing(world.guard, 1)
    actions.save_cells(world.actor("clerk"), filing, {"B1.d150.c3": 4, "B1.d150.c4": 1}, 0)
    clerk, address = sign_in("clerk"), f"{path_of(world)}o/B1.d150.c2/"
    page = clerk.get(address).content.decode()
    assert "<h1>Điều 150. Mua bán người × c2" in page
    assert "Ô tính" in page
    assert "Biểu 1: Điều 150. Mua bán người, c3" in page
    answer = clerk.post(f"{address}ghi-chu/", {"text": "Hỏi lại <i>đơn vị</i>"})
    assert (answer.status_code, answer["Location"]) == (302, address)
    assert "“Hỏi lại &lt;i&gt;đơn vị&lt;/i&gt;”" in sign_in("consolidator").get(address).content.decode()


def test_the_script_gets_the_cell_alone(world: Any, sign_in: SignIn) -> None:
    part = sign_in("clerk").get(f"{path_of(world)}o/B1.d150.c3/", headers={"X-Part": "1"}).content.decode()
    assert "<html" not in part
    assert 'id="comment-form"' in part


def test_a_comment_that_cannot_be_kept_comes_back_with_its_words(world: Any, sign_in: SignIn) -> None:
    address = f"{path_of(world)}o/B1.d150.c3/ghi-chu/"
    answer = sign_in("clerk").post(address, {"text": "x" * 2001}, headers={"X-Part": "1"})
    assert answer.status_code == 422
    assert "dài hơn 2.000 ký tự" in answer.content.decode()
    assert "x" * 2001 in answer.content.decode()


@pytest.mark.parametrize("code", ["B1.d150.c99", "B9.d150.c1", "B1", "na:B1.d150.c1"])
def test_a_cell_that_is_not_there_is_not_found(world: Any, sign_in: SignIn, code: str) -> None:
    clerk = sign_in("clerk")
    assert clerk.get(f"{path_of(world)}o/{code}/").status_code == 404
    assert clerk.post(f"{path_of(world)}o/{code}/ghi-chu/", {"text": "?"}, headers={"X-Part": "1"}).status_code == 404


def test_trying_a_block_says_what_would_be_refused_and_keeps_nothing(world: Any, sign_in: SignIn) -> None:
    cells = {"B1.d150.c1": "12", "B1.d150.c3": "nhiều"}
    answer = put(sign_in("clerk"), f"{path_of(world)}luu/", cells=cells, **{"try": True})
    assert answer.json() == {"refused": {"B1.d150.c3": answer.json()["refused"]["B1.d150.c3"]}}
    assert "“nhiều” không phải số" in answer.json()["refused"]["B1.d150.c3"]
    assert world.filing(world.guard, 1).cells == {}


def test_more_cells_than_a_form_has_are_refused_as_a_whole(world: Any, sign_in: SignIn) -> None:
    cells = {f"B1.d150.c{number}": "1" for number in range(5001)}
    answer = put(sign_in("clerk"), f"{path_of(world)}luu/", cells=cells)
    assert answer.status_code == 400
    assert world.filing(world.guard, 1).cells == {}


def test_a_reason_is_saved_with_its_cell_and_shown_to_the_checker(world: Any, sign_in: SignIn) -> None:
    cells = {"B1.d150.c1": "KTCN: không thụ lý tin báo", "B1.d150.c3": "-"}
    answer = put(sign_in("clerk"), f"{path_of(world)}luu/", cells=cells).json()
    assert answer["cells"] == {"B1.d150.c1": "KTCN", "B1.d150.c3": "KTCN"}
    assert answer["reasons"]["B1.d150.c1"] == "không thụ lý tin báo"
    page = sign_in("consolidator").get(f"{path_of(world)}?bieu=B1").content.decode()
    assert "“không thụ lý tin báo”: 1 ô" in page
    assert "<b>Chưa ghi lý do</b>: 1 ô" in page
    assert 'data-reason="không thụ lý tin báo"' in page


def test_a_figure_that_moved_far_in_a_year_says_how_far(world: Any, sign_in: SignIn) -> None:
    then = {"B1.d150.c1": 40, "B1.d150.c3": 4, "B1.d150.c4": 30, "B1.d150.c5": 0}
    actions.save_cells(world.actor("clerk"), world.filing(world.guard, 0), then, 0)
    texts = {"B1.d150.c1": "10", "B1.d150.c3": "12", "B1.d150.c4": "60", "B1.d150.c5": "99"}
    jumps = put(sign_in("clerk"), f"{path_of(world)}luu/", cells=texts).json()["jumps"]
    assert {code: jumps.get(code) for code in texts} == {
        "B1.d150.c1": "▼75\u00a0%",
        "B1.d150.c3": None,  # by eight only
        "B1.d150.c4": "▲100\u00a0%",
        "B1.d150.c5": "▲ từ 0",
    }


def test_words_are_saved_one_by_one_and_meet_a_question(world: Any, sign_in: SignIn) -> None:
    clerk, address = sign_in("clerk"), f"{path_of(world)}loi-van/"
    page = clerk.get(f"{path_of(world)}?bieu=loi-van").content.decode()
    code = page.split('<textarea class="area" id="m-1" name="')[1].partition('"')[0]
    answer = put(clerk, address, cells={code: "Ổn định"})
    assert (answer.status_code, answer.json()["revision"]) == (200, 1)
    actions.save_section(world.actor("clerk"), world.filing(world.guard, 1), code, "Của người khác", 1)
    answer = put(clerk, address, cells={code: "Của tôi"}, revision=1)
    assert answer.status_code == 409
    assert answer.json()["conflicts"][code]["text"] == "Của người khác"
    assert put(clerk, address, cells={"khong-co": "x"}).status_code == 400
    assert put(clerk, address, cells={code: "x" * 20_001}, revision=2).status_code == 422
    assert world.filing(world.guard, 1).sections == {code: "Của người khác"}


def test_a_text_that_is_too_long_does_not_take_the_others_with_it(world: Any, sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    page = clerk.get(f"{path_of(world)}?bieu=loi-van").content.decode()
    first, second, third = re.findall(r'<textarea class="area" id="m-\d+" name="([^"]+)"', page)[:3]
    texts = {first: "Ổn định", second: "x" * 20_001, third: "Không có"}
    answer = put(clerk, f"{path_of(world)}loi-van/", cells=texts)
    assert (answer.status_code, list(answer.json()["refused"])) == (422, [second])
    assert world.filing(world.guard, 1).sections == {first: "Ổn định", third: "Không có"}
    texts = {first: "Đổi", second: "x" * 20_001, "revision": str(answer.json()["revision"])}
    told = clerk.post(f"{path_of(world)}loi-van/", texts, follow=True).content.decode()
    assert "Rút gọn nội dung mục này" in told, "the plain form says it too"
    assert world.filing(world.guard, 1).sections[first] == "Đổi"


def test_the_version_that_was_sent_tells_its_reasons(world: Any, sign_in: SignIn) -> None:
    clerk, filing = world.actor("clerk"), world.filing(world.guard, 1)
    cells = world.filled("B1") | world.filled("B2") | {"B1.d150.c8": "na"}
    actions.save_cells(clerk, filing, cells, 0, reasons={"B1.d150.c8": "Thuộc Tòa án"})
    for finding in filing_findings(world.filing(world.guard, 1)):
        actions.explain(clerk, filing, finding.key, "Đã đối chiếu")
    actions.submit(clerk, filing)
    page = sign_in("consolidator").get(f"{path_of(world)}ban/1/?bieu=B1").content.decode()
    assert 'title="Thuộc Tòa án"' in page
