"""The filing screens through Django's client: what each shows, what each refuses, and that refusals change nothing."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from haidang.catalogue.forms import form
from haidang.filings import actions, content
from haidang.filings.entries import read_entry
from haidang.filings.workbooks.workbook import workbook_bytes
from haidang.web.filings.grid import cell_text

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


def path_of(world: Any, at: int = 0) -> str:
    return f"/bao-cao/{world.obligation(world.guard, at).pk}/"


def put(client: Client, path: str, revision: int, **cells: str) -> Any:
    """Save cells as the script does; "d150_c1" stands for B1.d150.c1."""
    sent = {"B1." + name.replace("_", ".", 1): text for name, text in cells.items()}
    body = json.dumps({"form": "B1", "revision": revision, "cells": sent})
    return client.post(f"{path}luu/", body, content_type="application/json")


def submitted(world: Any, at: int = 0) -> Any:
    cells = world.filled("B1") | world.filled("B2")
    actions.save_cells(world.actor("clerk"), world.filing(world.guard, at), cells, 0)
    return actions.submit(world.actor("clerk"), world.filing(world.guard, at))


# ---- totals of the own paper ----------------------------------------------------------------------------------------


def test_a_form_that_wants_typed_totals_has_their_fields_from_the_start(
    world: Any, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = path_of(world) + "?bieu=B1"
    assert "số ghi trên giấy" not in sign_in("clerk").get(path).content.decode()
    wanting = replace(form("B1"), typed_totals=True)
    monkeypatch.setattr(content, "forms_for", lambda obligation: (wanting,))
    assert 'name="B1.d150.c2"' in sign_in("clerk").get(path).content.decode()
    put(sign_in("clerk"), path_of(world), 0, d150_c3="3")
    assert "chưa ghi số tổng trên giấy" in sign_in("clerk").get(path).content.decode()


# ---- who sees what --------------------------------------------------------------------------------------------------


def test_an_agency_lists_its_own_filings_and_the_standing_agency_all_of_its_area(world: Any, sign_in: SignIn) -> None:
    own = sign_in("clerk").get("/bao-cao/").content.decode()
    assert "Bộ đội Biên phòng tỉnh Thử Nghiệm" in own
    assert "Bảng đôn đốc" not in own
    both = sign_in("consolidator").get("/bao-cao/").content.decode()
    assert both.count("Bộ đội Biên phòng tỉnh Thử Nghiệm</td>") == 2
    assert both.count("Công an tỉnh Thử Nghiệm</td>") == 2


def test_the_list_is_filtered_by_cycle_state_and_agency(world: Any, sign_in: SignIn) -> None:
    submitted(world)
    client = sign_in("consolidator")
    waiting = client.get("/bao-cao/?trang-thai=cho-kiem-tra").content.decode()
    assert waiting.count(">đã gửi, chờ kiểm tra</td>") == 1
    of_cycle = client.get(f"/bao-cao/?ky={world.cycles[1].pk}").content.decode()
    assert "Năm 2024</a>" in of_cycle
    assert "Năm 2023</a>" not in of_cycle
    assert "Không có báo cáo nào khớp bộ lọc" in client.get("/bao-cao/?co-quan=không+có").content.decode()


@pytest.mark.parametrize(
    "query", ["ky=x&trang=y", "ky=99999999999999999999", "trang=0", "trang=-1", "trang-thai=<script>"]
)
def test_a_filter_that_makes_no_sense_is_no_error(world: Any, sign_in: SignIn, query: str) -> None:
    assert sign_in("consolidator").get(f"/bao-cao/?{query}").status_code == 200


ADDRESSES = (
    "", "luu/", "loi-van/", "giai-trinh/", "khong-phat-sinh/B1/", "bang-tinh/", "nop-bang-tinh/", "nop-bang-tinh/ghi/",
    "gui/", "gia-han/", "mien/", "tiep-nhan/", "tra-lai/", "dinh-chinh/", "ban/", "ban/1/",
    "o/B1.d150.c1/", "o/B1.d150.c1/ghi-chu/",
)  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_stranger_finds_nothing_at_any_address(world: Any, sign_in: SignIn, address: str) -> None:
    submitted(world)
    stranger = sign_in("stranger")
    assert stranger.get(path_of(world) + address).status_code in (404, 405)
    assert stranger.post(path_of(world) + address).status_code in (404, 405)
    assert world.filing(world.guard).state == "submitted"


def test_the_board_is_for_the_standing_agency(world: Any, sign_in: SignIn) -> None:
    page = sign_in("consolidator").get("/bao-cao/don-doc/").content.decode()
    assert re.search(
        r'class="ob s-over"[^>]*aria-label="Bộ đội Biên phòng tỉnh Thử Nghiệm, [^"]*quá hạn \d+ ngày', page
    )
    assert sign_in("clerk").get("/bao-cao/don-doc/").status_code == 403


# ---- entering -------------------------------------------------------------------------------------------------------


def test_blank_zero_and_the_two_reasons_are_kept_apart(world: Any, sign_in: SignIn) -> None:
    client, path = sign_in("clerk"), path_of(world)
    answer = put(client, path, 0, d150_c1="0", d150_c3="-", d150_c4="CCSL", d150_c7="", d150_c8="1.104").json()
    assert answer["cells"] == {
        "B1.d150.c1": "0", "B1.d150.c3": "KTCN", "B1.d150.c4": "CCSL", "B1.d150.c7": "", "B1.d150.c8": "1.104",
    }  # fmt: skip
    kept = world.filing(world.guard).cells
    assert {code: kept.get(f"B1.d150.{code}") for code in ("c1", "c3", "c4", "c7", "c8")} == {
        "c1": 0, "c3": "na", "c4": "nd", "c7": None, "c8": 1104,
    }  # fmt: skip
    page = client.get(f"{path}?bieu=B1").content.decode()
    for code, text in (("c1", "0"), ("c3", "KTCN"), ("c4", "CCSL"), ("c7", ""), ("c8", "1.104")):
        assert f'name="B1.d150.{code}" value="{text}"' in page


def test_saving_a_cell_answers_with_the_totals_and_what_is_wrong(world: Any, sign_in: SignIn) -> None:
    answer = put(sign_in("clerk"), path_of(world), 0, d150_c3="2", d150_c4="3", d150_c5="0", d150_c6="9").json()
    assert (answer["computed"]["B1.d150.c2"], answer["computed"]["B1.t.c2"]) == ("5", "5")
    assert answer["marks"]["B1.d150.c6"] == "!"
    assert answer["blocking"] == 1
    assert answer["blanks"] == len(world.filled("B1")) - 4
    assert "Lỗi chặn" in answer["findings"]
    assert answer["revision"] == 1


def test_what_is_no_number_is_refused_by_itself_and_the_rest_is_kept(world: Any, sign_in: SignIn) -> None:
    answer = put(sign_in("clerk"), path_of(world), 0, d150_c1="mười", d150_c3="2", d150_c2="7")
    assert answer.status_code == 422
    assert "“mười” không phải số" in answer.json()["refused"]["B1.d150.c1"]
    kept = world.filing(world.guard)
    assert (kept.cells["B1.d150.c3"], kept.cells["B1.d150.c2"]) == (2, 2), "a worked-out cell is not entered"
    assert kept.typed == {"B1.d150.c2": 7}, "it is the total on the agency's own paper, beside the computed one"
    assert "B1.d150.c1" not in world.filing(world.guard).cells


def test_a_stale_save_of_the_same_cell_asks_and_of_another_cell_goes_through(world: Any, sign_in: SignIn) -> None:
    client, path = sign_in("clerk"), path_of(world)
    put(client, path, 0, d150_c1="3")
    clash = put(client, path, 0, d150_c1="2")
    assert clash.status_code == 409
    assert clash.json()["conflicts"]["B1.d150.c1"]["text"] == "3"
    assert "vừa được clerk (mẫu) sửa thành 3" in clash.json()["conflicts"]["B1.d150.c1"]["say"]
    assert put(client, path, 0, d150_c3="2").status_code == 200
    assert world.filing(world.guard).cells["B1.d150.c1"] == 3


@pytest.mark.parametrize("body", ["[]", "{}", '{"form": "B9", "revision": 0, "cells": {}}', '{"form": "B1"}', "\x00"])
def test_a_save_that_cannot_be_read_is_refused(world: Any, sign_in: SignIn, body: str) -> None:
    answer = sign_in("clerk").post(f"{path_of(world)}luu/", body, content_type="application/json")
    assert answer.status_code == 400
    assert "Tải lại trang" in answer.json()["say"]


@pytest.mark.parametrize("name", ["leader", "consolidator"])
def test_who_does_not_enter_for_the_agency_is_told_so_and_saves_nothing(world: Any, sign_in: SignIn, name: str) -> None:
    client, path = sign_in(name), path_of(world)
    assert put(client, path, 0, d150_c1="3").status_code == 403
    assert world.filing(world.guard).cells == {}
    page = client.get(f"{path}?bieu=B1").content.decode()
    assert 'aria-readonly="true"' in page
    assert "Nộp bảng tính đã điền" not in page


def test_without_script_the_whole_form_is_saved_or_nothing(world: Any, sign_in: SignIn) -> None:
    client, path = sign_in("clerk"), path_of(world)
    form = {"form": "B1", "revision": "0", "B1.d150.c1": "4", "B1.d150.c3": "", "B1.d151.c1": "KTCN"}
    assert client.post(f"{path}luu/", form).status_code == 302
    kept = world.filing(world.guard).cells
    assert (kept["B1.d150.c1"], kept["B1.d151.c1"]) == (4, "na")
    assert "B1.d150.c3" not in kept
    wrong = client.post(f"{path}luu/", {**form, "revision": "1", "B1.d150.c1": "5", "B1.d150.c3": "hai"})
    assert wrong.status_code == 422
    page = wrong.content.decode()
    assert "“hai” không phải số" in page
    assert 'name="B1.d150.c3" value="hai"' in page, "what was typed is still there"
    assert world.filing(world.guard).cells["B1.d150.c1"] == 4


def test_without_script_a_stale_form_is_shown_again_and_the_next_save_is_a_choice(world: Any, sign_in: SignIn) -> None:
    client, path = sign_in("clerk"), path_of(world)
    put(client, path, 0, d150_c1="3")
    clash = client.post(f"{path}luu/", {"form": "B1", "revision": "0", "B1.d150.c1": "2"})
    page = clash.content.decode()
    assert clash.status_code == 422
    assert "vừa được clerk (mẫu) sửa thành 3" in page
    assert 'name="B1.d150.c1" value="2"' in page
    assert 'name="revision" value="1"' in page
    client.post(f"{path}luu/", {"form": "B1", "revision": "1", "B1.d150.c1": "2"})
    assert world.filing(world.guard).cells["B1.d150.c1"] == 2


def test_nothing_to_report_writes_zero_in_every_cell_of_the_form(world: Any, sign_in: SignIn) -> None:
    client, path = sign_in("clerk"), path_of(world)
    assert "ghi là 0" in client.get(f"{path}khong-phat-sinh/B1/").content.decode()
    client.post(f"{path}khong-phat-sinh/B1/")
    kept = world.filing(world.guard).cells
    assert {kept[code] for code in world.filled("B1")} == {0}
    assert not any(code.startswith("B2") for code in kept)
    assert client.post(f"{path}khong-phat-sinh/B7/").status_code == 404


def test_nothing_to_report_is_one_click_in_a_blank_form_and_one_click_back(world: Any, sign_in: SignIn) -> None:
    client, path = sign_in("clerk"), path_of(world)
    nil = f"{path}khong-phat-sinh/B1/"
    assert "Không phát sinh cả báo cáo" in client.get(f"{path}?bieu=B1").content.decode()
    assert client.post(nil, {"unasked": "1"})["Location"] == f"{path}?bieu=B1"
    assert {world.filing(world.guard).cells[code] for code in world.filled("B1")} == {0}
    assert "Bỏ không phát sinh" in client.get(f"{path}?bieu=B1").content.decode()
    client.post(nil, {"unasked": "1", "back": "1"})
    assert not world.filing(world.guard).cells
    client.post(nil, {"unasked": "1", "all": "1"})
    kept = world.filing(world.guard).cells
    assert {kept[code] for code in {**world.filled("B1"), **world.filled("B2")}} == {0}


def test_nothing_to_report_never_takes_the_place_of_numbers_unasked(world: Any, sign_in: SignIn) -> None:
    client, path = sign_in("clerk"), path_of(world)
    put(client, path, 0, d150_c3="4")  # typed after the page with the one-click button was made
    assert client.post(f"{path}khong-phat-sinh/B1/", {"unasked": "1"})["Location"] == f"{path}khong-phat-sinh/B1/"
    assert client.post(f"{path}khong-phat-sinh/B2/", {"unasked": "1", "all": "1"})["Location"].endswith("/B2/")
    client.post(f"{path}khong-phat-sinh/B1/", {"back": "1"})
    assert world.filing(world.guard).cells["B1.d150.c3"] == 4, "a form with numbers says more than nil"


def test_words_for_the_closing_report_are_kept_by_section(world: Any, sign_in: SignIn) -> None:
    client, path = sign_in("clerk"), path_of(world)
    page = client.get(f"{path}?bieu=loi-van").content.decode()
    section = re.search(r'<textarea[^>]* name="([^"]+)"', page)
    assert section is not None
    client.post(f"{path}loi-van/", {"revision": "0", section[1]: "Tuyến biên giới <b>phức tạp</b>.", "I.I.99": "lạ"})
    assert world.filing(world.guard).sections == {section[1]: "Tuyến biên giới <b>phức tạp</b>."}
    assert "&lt;b&gt;phức tạp" in client.get(f"{path}?bieu=loi-van").content.decode()


# ---- workbooks ------------------------------------------------------------------------------------------------------


def edited(content: bytes, old: str, new: str) -> bytes:
    """The workbook with the last place of `old` replaced in its sheet: totals stand above what they add."""
    source, out = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    changed = 0
    with zipfile.ZipFile(out, "w") as target:
        for item in source.infolist():
            data = source.read(item.filename)
            if item.filename.startswith("xl/worksheets/sheet") and (body := data.decode()).count(old):
                head, _, tail = body.rpartition(old)
                data, changed = f"{head}{new}{tail}".encode(), changed + 1
            target.writestr(item, data)
    assert changed, f"{old} stands in no sheet"
    return out.getvalue()


def upload(client: Client, path: str, content: bytes) -> Any:
    return client.post(f"{path}nop-bang-tinh/", {"file": SimpleUploadedFile("bieu.xlsx", content)})


def test_the_workbook_goes_out_filled_and_comes_back_unchanged(world: Any, sign_in: SignIn) -> None:
    client, path = sign_in("clerk"), path_of(world)
    put(client, path, 0, d150_c1="7", d150_c3="KTCN")
    out = client.get(f"{path}bang-tinh/")
    assert out["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    assert "không có ô nào khác" in upload(client, path, out.content).content.decode()


def payload_of(page: str) -> dict[str, Any]:
    """What the page sends when its preview is confirmed."""
    fields = dict(re.findall(r'<input type="hidden" name="(revision|cells)" value="([^"]*)">', page))
    return {name: html.unescape(value) for name, value in fields.items()}


def test_a_filled_workbook_is_shown_first_and_written_when_confirmed(world: Any, sign_in: SignIn) -> None:
    client, path = sign_in("clerk"), path_of(world)
    put(client, path, 0, d150_c6="7531")
    page = upload(client, path, edited(client.get(f"{path}bang-tinh/").content, ">7531<", ">7532<")).content.decode()
    assert "1 ô sẽ thay đổi" in page
    assert world.filing(world.guard).cells["B1.d150.c6"] == 7531, "nothing is written before it is confirmed"
    client.post(f"{path}nop-bang-tinh/ghi/", payload_of(page))
    assert world.filing(world.guard).cells["B1.d150.c6"] == 7532


def test_what_a_workbook_overwrites_is_listed_before_what_it_fills(world: Any, sign_in: SignIn) -> None:
    client, path = sign_in("clerk"), path_of(world)
    put(client, path, 0, d150_c6="7531")
    emptied = edited(client.get(f"{path}bang-tinh/").content, "<v>7531</v>", "")
    one_filled = re.sub(r'<c r="C9" s="(\d+)"/>', r'<c r="C9" s="\1"><v>3</v></c>', sheet_xml(emptied, 2), count=1)
    page = upload(client, path, with_sheet(emptied, 2, one_filled)).content.decode()
    told = re.findall(r"<summary[^>]*><strong>([^<]+)</strong>", page)
    assert told == ["1 ô đang có số hoặc chữ sẽ đổi, trong đó 1 ô thành trống", "1 ô đang trống sẽ được điền"]


def sheet_xml(content: bytes, number: int) -> str:
    """The part of the workbook that holds its sheet of this number."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return book.read(f"xl/worksheets/sheet{number}.xml").decode()


def with_sheet(content: bytes, number: int, xml: str) -> bytes:
    """The workbook with this in place of that part."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for item in source.infolist():
            here = item.filename == f"xl/worksheets/sheet{number}.xml"
            target.writestr(item, xml.encode() if here else source.read(item.filename))
    return out.getvalue()


def test_what_was_typed_on_screen_since_the_workbook_was_handed_out_stays(world: Any, sign_in: SignIn) -> None:
    client, path = sign_in("clerk"), path_of(world)
    put(client, path, 0, d150_c6="7531")
    theirs = edited(client.get(f"{path}bang-tinh/").content, ">7531<", ">7532<")
    put(client, path, 1, d150_c3="9")
    page = upload(client, path, theirs).content.decode()
    assert "1 ô giữ số đang có" in page
    assert "sửa ở cả hai nơi" not in page
    client.post(f"{path}nop-bang-tinh/ghi/", payload_of(page))
    kept = world.filing(world.guard).cells
    assert (kept["B1.d150.c6"], kept["B1.d150.c3"]) == (7532, 9)


def test_a_cell_changed_on_screen_and_in_the_workbook_is_marked_before_it_is_written(
    world: Any, sign_in: SignIn
) -> None:
    client, path = sign_in("clerk"), path_of(world)
    put(client, path, 0, d150_c6="7531")
    theirs = edited(client.get(f"{path}bang-tinh/").content, ">7531<", ">7532<")
    put(client, path, 1, d150_c6="8")
    page = upload(client, path, theirs).content.decode()
    assert "1 ô được sửa ở cả hai nơi" in page
    assert '<span class="tag">sửa ở cả hai nơi</span>' in page
    client.post(f"{path}nop-bang-tinh/ghi/", payload_of(page))
    assert world.filing(world.guard).cells["B1.d150.c6"] == 7532, "the person who saw it decided"


def test_more_than_one_confirmation_can_send_is_refused_before_it(world: Any, sign_in: SignIn, settings: Any) -> None:
    client, path = sign_in("clerk"), path_of(world)
    put(client, path, 0, d150_c6="7531")
    changed = edited(client.get(f"{path}bang-tinh/").content, ">7531<", ">7532<")
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1040
    answer = upload(client, path, changed)
    assert answer.status_code == 422
    assert "nhiều chữ hơn một lần ghi nhận được" in answer.content.decode()


def test_totals_of_the_own_paper_come_back_with_the_workbook(
    world: Any, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanting = replace(form("B1"), typed_totals=True)
    monkeypatch.setattr(content, "forms_for", lambda obligation: (wanting,))
    client, path = sign_in("clerk"), path_of(world)
    filing = world.filing(world.guard)
    actions.save_cells(world.actor("clerk"), filing, {"B1.d150.c3": 5}, 0, typed={"B1.d150.c2": 7531})
    page = upload(client, path, edited(client.get(f"{path}bang-tinh/").content, ">7531<", ">7532<")).content.decode()
    assert "1 ô sẽ thay đổi" in page
    assert "số tổng trên giấy" in page
    client.post(f"{path}nop-bang-tinh/ghi/", payload_of(page))
    kept = world.filing(world.guard)
    assert (kept.typed, kept.cells["B1.d150.c2"]) == ({"B1.d150.c2": 7532}, 5)


def test_a_workbook_with_a_wrong_cell_saves_nothing_and_names_the_cell(world: Any, sign_in: SignIn) -> None:
    client, path = sign_in("clerk"), path_of(world)
    put(client, path, 0, d150_c6="7531")
    wrong = edited(client.get(f"{path}bang-tinh/").content, ">7531<", ">-4<")
    answer = upload(client, path, wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "1 chỗ phải sửa, chưa ghi gì vào báo cáo" in page
    assert re.search(r"<td>B1</td><td[^>]*>H\d+</td>", page)
    assert world.filing(world.guard).cells["B1.d150.c6"] == 7531


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04 broken", bytes(6 * 1024 * 1024)])
def test_a_file_that_is_no_workbook_gives_one_sentence(world: Any, sign_in: SignIn, content: bytes) -> None:
    answer = upload(sign_in("clerk"), path_of(world), content)
    assert answer.status_code == 422
    assert "Chưa nhận được tệp." in answer.content.decode()


def test_the_workbook_of_another_cycle_is_refused(world: Any, sign_in: SignIn) -> None:
    other = workbook_bytes(world.filing(world.guard, 1))
    assert "Năm 2024" in upload(sign_in("clerk"), path_of(world), other).content.decode()


@pytest.mark.parametrize("cells", ["[]x", "3", '{"B1.t.c1": 5}', '{"B9.x.c1": 5}', '{"B1.d150.c1": "mười"}'])
def test_a_confirmation_made_up_by_hand_is_checked_like_anything_typed(world: Any, sign_in: SignIn, cells: str) -> None:
    answer = sign_in("clerk").post(f"{path_of(world)}nop-bang-tinh/ghi/", {"revision": "0", "cells": cells})
    assert answer.status_code in (302, 400)
    assert world.filing(world.guard).cells == {}


# ---- sending and ruling ---------------------------------------------------------------------------------------------


def test_sending_tells_what_it_locks_and_asks_about_blanks(world: Any, sign_in: SignIn) -> None:
    client, path = sign_in("clerk"), path_of(world)
    cells = world.filled("B1") | world.filled("B2")
    del cells["B1.d150.c7"]
    actions.save_cells(world.actor("clerk"), world.filing(world.guard), cells, 0)
    page = client.get(f"{path}gui/").content.decode()
    assert "Gửi báo cáo cho Công an tỉnh?" in page
    assert "294 ô và lời văn bị khoá" in page
    assert "1 ô để trống là có chủ ý" in page
    assert client.post(f"{path}gui/", {"revision": "1"}).status_code == 422
    assert world.filing(world.guard).state == "draft"
    assert client.post(f"{path}gui/", {"revision": "1", "blanks": "1"}).status_code == 302
    assert world.filing(world.guard).state == "submitted"


def test_a_filing_with_errors_or_changed_meanwhile_is_not_sent(world: Any, sign_in: SignIn) -> None:
    client, path = sign_in("clerk"), path_of(world)
    cells = world.filled("B1") | world.filled("B2") | {"B1.d150.c6": 4}
    actions.save_cells(world.actor("clerk"), world.filing(world.guard), cells, 0)
    page = client.get(f"{path}gui/").content.decode()
    assert 'aria-disabled="true"' in page
    assert "Lỗi chặn." in page
    assert client.post(f"{path}gui/", {"revision": "1"}).status_code == 422
    assert client.post(f"{path}gui/", {"revision": "0"}).status_code == 409
    assert world.filing(world.guard).state == "draft"


def test_a_clerk_may_not_rule_and_the_page_does_not_offer_it(world: Any, sign_in: SignIn) -> None:
    submitted(world)
    client, path = sign_in("clerk"), path_of(world)
    assert "Tiếp nhận báo cáo" not in client.get(path).content.decode()
    assert client.post(f"{path}tiep-nhan/", {"version": "1"}).status_code == 403
    assert client.post(f"{path}tra-lai/", {"version": "1", "comment": "x"}).status_code == 403
    assert sign_in("police_clerk").post(f"{path}tiep-nhan/", {"version": "1"}).status_code == 403
    assert world.filing(world.guard).state == "submitted"


def test_a_return_needs_words_and_shows_them_to_the_agency(world: Any, sign_in: SignIn) -> None:
    submitted(world)
    chief, path = sign_in("consolidator"), path_of(world)
    chief.post(f"{path}tra-lai/", {"version": "1", "comment": "  "})
    assert world.filing(world.guard).state == "submitted"
    chief.post(f"{path}tra-lai/", {"version": "1", "comment": "Đối chiếu lại c4"})
    page = sign_in("clerk").get(path).content.decode()
    assert "Đối chiếu lại c4" in page
    assert "Gửi lại báo cáo" in page


def test_a_return_may_point_at_cells_and_the_grid_shows_which(world: Any, sign_in: SignIn) -> None:
    submitted(world)
    chief, path = sign_in("consolidator"), path_of(world)
    said = {"version": "1", "comment": "Xem ghi chú"}
    chief.post(f"{path}tra-lai/", {**said, "notes": "B1.d150.c4: đối chiếu sổ\nB9.x: gì"})
    assert world.filing(world.guard).state == "submitted", "a note on no cell stops the return"
    chief.post(f"{path}tra-lai/", {**said, "notes": "\nB1.d150.c4: đối chiếu sổ\n"})
    page = sign_in("clerk").get(f"{path}?bieu=B1").content.decode()
    assert re.search(r'data-cell="B1\.d150\.c4"[^>]*class="said"', page)
    assert "đối chiếu sổ" in page


def test_only_the_version_that_was_looked_at_can_be_ruled_on(world: Any, sign_in: SignIn) -> None:
    submitted(world)
    chief, path = sign_in("consolidator"), path_of(world)
    assert chief.post(f"{path}tiep-nhan/", {"version": "2"}).status_code == 404
    assert chief.post(f"{path}tiep-nhan/").status_code == 404
    assert world.filing(world.guard).state == "submitted"


def test_a_decision_that_comes_too_late_leads_to_the_filing_and_keeps_what_was_typed(
    world: Any, sign_in: SignIn
) -> None:
    submitted(world)
    chief, path = sign_in("consolidator"), path_of(world)
    chief.post(f"{path}tiep-nhan/", {"version": "1"})
    answer = chief.post(f"{path}tra-lai/", {"version": "1", "comment": "Đối chiếu lại c4"}, follow=True)
    assert answer.redirect_chain == [(path, 302)]
    page = answer.content.decode()
    assert "Chưa ghi quyết định. Bản 1 đã được tiếp nhận" in page
    assert "Ý kiến đã ghi, chưa gửi: “Đối chiếu lại c4”" in page
    assert world.filing(world.guard).state == "accepted"
    assert sign_in("police_clerk").post(f"{path}tiep-nhan/", {"version": "1"}).status_code == 403


@pytest.mark.parametrize("step", ["tiep-nhan", "tra-lai", "dinh-chinh", "rut-lai", "mo-lai", "gia-han", "mien"])
def test_the_address_of_a_decision_leads_to_its_filing_when_it_is_only_opened(
    world: Any, sign_in: SignIn, step: str
) -> None:
    path = path_of(world)
    answer = sign_in("consolidator").get(f"{path}{step}/", HTTP_ACCEPT="text/html")
    assert (answer.status_code, answer["Location"]) == (302, path)


def test_a_correction_needs_reason_and_document_and_shows_what_it_changes(world: Any, sign_in: SignIn) -> None:
    version = submitted(world)
    actions.accept(world.actor("consolidator"), version)
    client, path = sign_in("clerk"), path_of(world)
    assert put(client, path, 1, d150_c1="1").status_code == 403, "what was accepted is locked"
    client.post(f"{path}dinh-chinh/")
    put(client, path, 1, d150_c1="1")
    assert "Gửi bản đính chính" in client.get(path).content.decode()
    assert client.post(f"{path}gui/", {"revision": "2"}).status_code == 422
    client.post(f"{path}gui/", {"revision": "2", "reason": "Sót một tin", "document_number": "12/BC"})
    assert world.filing(world.guard).state == "submitted"
    history = client.get(f"{path}ban/").content.decode()
    assert "Sót một tin" in history
    assert "12/BC" in history
    assert re.search(r"B1\.d150\.c1</th><td>[^<]*</td><td class=\"num\">0</td><td class=\"num\"><b>1</b>", history)
    assert 'value="0"' in client.get(f"{path}ban/1/?bieu=B1").content.decode(), "version 1 stands as it was sent"
    assert client.get(f"{path}ban/3/").status_code == 404


def test_more_time_and_waivers_are_the_standing_agency_s_with_a_reason(world: Any, sign_in: SignIn) -> None:
    chief, path = sign_in("consolidator"), path_of(world)
    assert sign_in("clerk").post(f"{path}mien/", {"reason": "bận"}).status_code == 403
    for wrong in ({"to": "31/6/2030", "reason": "lũ"}, {"to": "01/01/2020", "reason": "lũ"}, {"to": "01/01/2030"}):
        chief.post(f"{path}gia-han/", wrong)
        assert world.obligation(world.guard).extended_to is None
    chief.post(f"{path}gia-han/", {"to": "01/01/2030", "reason": "Mưa lũ"})
    assert "Được gia hạn đến hết 01/01/2030" in sign_in("clerk").get(path).content.decode()
    chief.post(f"{path}mien/", {"reason": "Đã sắp xếp"})
    page = sign_in("clerk").get(f"{path}?bieu=B1").content.decode()
    assert 'aria-readonly="true"' in page
    assert '<li aria-current="step">Miễn</li>' in page
    assert '<td data-l="Đang ở bước">miễn</td>' in sign_in("clerk").get("/bao-cao/").content.decode()
    chief.post(f"{path}mien/", {"back": "1"})
    assert world.obligation(world.guard).waived_reason == ""


def test_explanations_are_kept_and_taken_away(world: Any, sign_in: SignIn) -> None:
    client, path = sign_in("clerk"), path_of(world)
    put(client, path, 0, d150_c3="5", d150_c16="1")
    page = client.get(f"{path}?bieu=B1").content.decode()
    names = re.findall(r'<textarea[^>]* name="(x:[^"]+)"', page)
    assert names
    client.post(f"{path}giai-trinh/", {"tab": "B1", names[0]: "Chờ giám định"})
    assert list(world.filing(world.guard).explanations.values()) == ["Chờ giám định"]
    client.post(f"{path}giai-trinh/", {"tab": "B1", names[0]: ""})
    assert world.filing(world.guard).explanations == {}


def test_pages_run_under_the_strict_policy(world: Any, sign_in: SignIn) -> None:
    version = submitted(world)
    actions.accept(world.actor("consolidator"), version)
    client = sign_in("consolidator")
    for address in (
        "/bao-cao/",
        "/bao-cao/don-doc/",
        path_of(world),
        f"{path_of(world)}ban/",
        f"{path_of(world)}ban/1/",
    ):
        page = client.get(address)
        assert "unsafe-inline" not in page["Content-Security-Policy"]
        assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=", page.content.decode()), address


def test_a_page_costs_a_bounded_number_of_queries(
    world: Any, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    client = sign_in("consolidator")
    client.get("/bao-cao/")
    for address in ("/bao-cao/", "/bao-cao/don-doc/", path_of(world)):
        with django_assert_max_num_queries(15):
            client.get(address)


@given(number=st.decimals(min_value=0, max_value=10**9, places=4, allow_nan=False, allow_infinity=False))
def test_what_is_shown_in_a_cell_is_read_back_as_the_same_number(number: Decimal) -> None:
    kept = int(number) if number == int(number) else float(number)
    assert read_entry(cell_text(kept)) == kept


@pytest.mark.parametrize("kept", ["na", "nd", None, 0])
def test_a_state_that_is_shown_is_read_back_as_itself(kept: Any) -> None:
    assert read_entry(cell_text(kept)) == kept
