"""The chasing board and what is done from it, taking back and opening again, and the consolidated page."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import docx
import openpyxl
import pytest
from django.test import Client

from haidang.accounts.actors import Role
from haidang.accounts.models import User
from haidang.agencies.models import Agency, Membership
from haidang.filings import actions
from haidang.filings.models import Obligation, Reminder
from haidang.kernel import clock

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
BOARD, CHOOSE = "/bao-cao/don-doc/", "/bao-cao/don-doc/chon/"


@pytest.fixture
def elsewhere(world: Any) -> Client:
    """A consolidator of another province's standing agency."""
    police = Agency.objects.create(
        code="98.ca", name="Công an tỉnh Khác", function="police", level="province", standing=True,
        area=Agency.objects.get(code="98.bp").area,
    )  # fmt: skip
    user = User.objects.create_user(username="elsewhere", password="x")
    Membership.objects.create(user=user, agency=police, role=Role.CONSOLIDATOR)
    client = Client()
    client.force_login(user)
    return client


def owed_by(agency: Agency) -> list[int]:
    return list(Obligation.objects.filter(agency=agency).order_by("pk").values_list("pk", flat=True))


def submitted(world: Any, at: int = 0, **changed: int) -> Any:
    cells = world.filled("B1") | world.filled("B2") | {f"B1.{code.replace('_', '.')}": n for code, n in changed.items()}
    actions.save_cells(world.actor("clerk"), world.filing(world.guard, at), cells, 0)
    return actions.submit(world.actor("clerk"), world.filing(world.guard, at))


def path_of(world: Any, at: int = 0) -> str:
    return f"/bao-cao/{world.obligation(world.guard, at).pk}/"


# ---- the board ------------------------------------------------------------------------------------------------------


def test_the_consolidator_chooses_squares_and_others_only_look(world: Any, sign_in: SignIn) -> None:
    page = sign_in("consolidator").get(BOARD).content.decode()
    assert page.count('type="checkbox" name="o"') == 4
    assert "checked" not in page
    looks = sign_in("police_clerk").get(BOARD).content.decode()
    assert 'name="o"' not in looks
    assert "Công văn đôn đốc" not in looks


def test_everything_late_is_marked_at_once(world: Any, sign_in: SignIn) -> None:
    submitted(world)
    page = sign_in("consolidator").get(f"{BOARD}?chon=tre").content.decode()
    assert len(re.findall(r'name="o" value="\d+" checked', page)) == 3


def test_the_filter_leaves_only_agencies_with_something_late(world: Any, sign_in: SignIn) -> None:
    for at in (0, 1):
        actions.accept(world.actor("consolidator"), submitted(world, at))
    page = sign_in("consolidator").get(f"{BOARD}?loc=tre").content.decode()
    assert 'th scope="row">Công an tỉnh Thử Nghiệm' in page
    assert 'th scope="row">Bộ đội Biên phòng' not in page
    assert "Năm 2023</a>" in page
    actions.waive(world.actor("consolidator"), world.obligation(world.police), "Thử.")
    page = sign_in("consolidator").get(f"{BOARD}?loc=tre").content.decode()
    assert "Năm 2023</a>" not in page, "a due date without anything late is not shown"
    assert "Năm 2024</a>" in page
    for pk in owed_by(world.police):
        actions.waive(world.actor("consolidator"), Obligation.objects.get(pk=pk), "Thử.")
    assert "Không cơ quan nào quá hạn" in sign_in("consolidator").get(f"{BOARD}?loc=tre").content.decode()


def test_the_board_counts_what_changed_since_acceptance(world: Any, sign_in: SignIn) -> None:
    actions.accept(world.actor("consolidator"), submitted(world))
    filing = actions.correct(world.actor("clerk"), world.filing(world.guard))
    actions.save_cells(world.actor("clerk"), filing, {"B1.d150.c11": 2}, 1)
    page = sign_in("consolidator").get(BOARD).content.decode()
    assert re.search(r"<small>±\d+</small>", page)
    assert "ô đã đổi từ khi tiếp nhận" in page


def test_the_board_goes_out_as_a_workbook_of_words_only(world: Any, sign_in: SignIn) -> None:
    Agency.objects.filter(pk=world.guard.pk).update(name="=HYPERLINK(1)")
    answer = sign_in("consolidator").get(f"{BOARD}bang-tinh/")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    board, listed = book.worksheets
    names = [cell.value for cell in board["A"]]
    assert "=HYPERLINK(1)" in names
    assert all(cell.data_type != "f" for page in book for row in page.iter_rows() for cell in row)
    assert [row[5].value for row in listed.iter_rows(min_row=2)] == ["Q"] * 4
    assert "giả định" in str(board["A2"].value)
    assert sign_in("clerk").get(f"{BOARD}bang-tinh/").status_code == 403


def test_the_board_costs_a_fixed_number_of_queries(
    world: Any, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    actions.accept(world.actor("consolidator"), submitted(world))
    actions.correct(world.actor("clerk"), world.filing(world.guard))
    client = sign_in("consolidator")
    client.get(BOARD)
    for address in (BOARD, f"{BOARD}bang-tinh/", f"{BOARD}tong-hop/{world.cycles[0].pk}/", f"{path_of(world)}ban/"):
        with django_assert_max_num_queries(15):
            assert client.get(address).status_code == 200


def test_nothing_is_offered_where_nothing_can_be_told_above_yet(world: Any, sign_in: SignIn) -> None:
    page = sign_in("consolidator").post(CHOOSE, {"viec": "bao-cao", "o": owed_by(world.guard)}).content.decode()
    assert "Chưa nghĩa vụ nào báo cáo được; lý do ở từng dòng." in page
    assert "chưa được nhắc lần nào" in page
    assert "Gửi báo cáo</button>" not in page


def test_who_cannot_be_given_more_time_is_named_and_not_ticked_any_more(world: Any, sign_in: SignIn) -> None:
    client, ids = sign_in("consolidator"), owed_by(world.guard)
    later = clock.today() + timedelta(days=400)
    Obligation.objects.filter(pk=ids[1]).update(due_on=later + timedelta(days=9))
    asked = {"viec": "gia-han", "lam": "1", "o": ids, "to": f"{later:%d/%m/%Y}", "reason": "Mưa lũ"}
    page = client.post(CHOOSE, asked)
    told = page.content.decode()
    assert page.status_code == 422
    assert "Chưa ghi nghĩa vụ nào. Bộ đội Biên phòng" in told and "Mưa lũ" in told
    assert re.findall(r'name="o" value="(\d+)" checked', told) == [str(ids[0])]
    assert told.count("Hạn mới phải sau hạn đang áp dụng") == 2, "above, and beside the one that it is about"
    assert client.post(CHOOSE, asked | {"o": ids[:1]}).status_code == 302


# ---- acting on what was chosen --------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["nhac", "gia-han", "mien", "cong-van"])
def test_each_step_asks_first_and_changes_nothing(world: Any, sign_in: SignIn, step: str) -> None:
    page = sign_in("consolidator").post(CHOOSE, {"viec": step, "o": owed_by(world.guard)})
    assert page.status_code == 200
    assert page.content.decode().count('name="o"') == 2
    assert not Reminder.objects.exists()
    assert not Obligation.objects.exclude(waived_reason="", extended_to=None).exists()


@pytest.mark.parametrize("step", ["nhac", "gia-han", "mien", "cong-van"])
def test_a_clerk_may_not_chase_and_another_province_finds_nothing(
    world: Any, sign_in: SignIn, elsewhere: Client, step: str
) -> None:
    sent = {
        "viec": step, "lam": "1", "o": owed_by(world.guard), "words": "Gửi sớm", "reason": "Lũ", "to": "01/01/2090",
        "reply_by": "01/01/2090", "issuing_body": "A", "symbol": "B", "place": "C", "authority": "D",
    }  # fmt: skip
    for name in ("clerk", "leader", "police_clerk"):
        assert sign_in(name).post(CHOOSE, sent).status_code == 403
    assert sign_in("stranger").post(CHOOSE, sent).status_code == 404
    assert elsewhere.post(CHOOSE, sent).status_code == 404
    assert not Reminder.objects.exists()
    assert not Obligation.objects.exclude(waived_reason="", extended_to=None).exists()


def test_more_time_is_given_to_all_chosen_and_a_wrong_day_keeps_what_was_typed(world: Any, sign_in: SignIn) -> None:
    client, ids = sign_in("consolidator"), owed_by(world.guard)
    wrong = client.post(
        CHOOSE, {"viec": "gia-han", "lam": "1", "o": ids, "to": "31/6/2090", "reason": "Mưa lũ kéo dài"}
    )
    assert wrong.status_code == 422
    assert "Không có ngày 31/6/2090" in wrong.content.decode()
    assert 'value="Mưa lũ kéo dài"' in wrong.content.decode()
    done = client.post(
        CHOOSE, {"viec": "gia-han", "lam": "1", "o": ids, "to": "30/6/2090", "reason": "Lũ"}, follow=True
    )
    assert "Đã gia hạn 2 nghĩa vụ đến hết 30/6/2090" in done.content.decode()
    assert Obligation.objects.filter(extension_reason="Lũ").count() == 2
    history = client.get(f"{path_of(world)}ban/").content.decode()
    assert "Gia hạn đến hết 30/6/2090: Lũ" in history


def test_waiving_needs_a_reason(world: Any, sign_in: SignIn) -> None:
    client, ids = sign_in("consolidator"), owed_by(world.guard)
    assert client.post(CHOOSE, {"viec": "mien", "lam": "1", "o": ids, "reason": " "}).status_code == 422
    client.post(CHOOSE, {"viec": "mien", "lam": "1", "o": ids, "reason": "Đã sắp xếp"})
    assert Obligation.objects.filter(waived_reason="Đã sắp xếp").count() == 2


def test_a_reminder_shows_on_the_page_of_the_agency_and_in_the_history(world: Any, sign_in: SignIn) -> None:
    client = sign_in("consolidator")
    done = client.post(
        CHOOSE, {"viec": "nhac", "lam": "1", "o": owed_by(world.guard), "words": "Gửi trước thứ Sáu."}, follow=True
    )
    assert (
        "Đã nhắc 2 nghĩa vụ, gửi 0 thư. Chưa có địa chỉ thư nào nhận được: Bộ đội Biên phòng" in done.content.decode()
    )
    for address in (path_of(world), f"{path_of(world)}ban/"):
        assert "Lời nhắc: “Gửi trước thứ Sáu.”" in sign_in("clerk").get(address).content.decode()


def test_the_letter_comes_as_a_document_marked_as_invented(world: Any, sign_in: SignIn) -> None:
    client, ids = sign_in("consolidator"), owed_by(world.guard)
    page = client.post(CHOOSE, {"viec": "cong-van", "o": ids}).content.decode()
    fields = dict(re.findall(r'name="(\w+)"[^>]* value="([^"]*)"', page))
    assert fields["issuing_body"] == "Công an tỉnh Thử Nghiệm"
    sent = fields | {"viec": "cong-van", "lam": "1", "o": ids, "number": "7"}
    answer = client.post(CHOOSE, sent)
    assert answer["Content-Type"].endswith("wordprocessingml.document")
    document = docx.Document(io.BytesIO(answer.content))
    assert "Số liệu giả định" in "".join(p.text for p in document.sections[0].first_page_header.paragraphs)
    assert Reminder.objects.filter(kind="letter").count() == 2
    odd = client.post(CHOOSE, sent | {"symbol": "A\x02<b>&B", "signer": "Nguyễn\x0b Mẫu"})
    words = "".join(cell.text for table in docx.Document(io.BytesIO(odd.content)).tables for cell in table._cells)
    assert "/A<b>&B" in words
    assert "Nguyễn Mẫu" in words
    for wrong in ({"number": "bảy"}, {"reply_by": "01/01/2020"}, {"symbol": ""}, {"signer": "x" * 201}, {"dated": "x"}):
        assert client.post(CHOOSE, sent | wrong).status_code == 422


@pytest.mark.parametrize("chosen", [[], ["x"], ["9" * 30]])
def test_nothing_chosen_leads_back_to_the_board(world: Any, sign_in: SignIn, chosen: list[str]) -> None:
    page = sign_in("consolidator").post(CHOOSE, {"viec": "nhac", "o": chosen}, follow=True).content.decode()
    assert "Chưa chọn nghĩa vụ nào" in page


def test_an_unknown_step_is_no_page(world: Any, sign_in: SignIn) -> None:
    client = sign_in("consolidator")
    assert client.post(CHOOSE, {"viec": "xoa", "o": owed_by(world.guard)}).status_code == 404
    assert client.get(CHOOSE).status_code == 405


# ---- taking back, opening again, comments ---------------------------------------------------------------------------


def test_the_agency_takes_back_what_waits_and_the_history_says_so(world: Any, sign_in: SignIn) -> None:
    submitted(world)
    client, path = sign_in("clerk"), path_of(world)
    assert "Rút lại bản 1" in client.get(path).content.decode()
    client.post(f"{path}rut-lai/", {"version": "1", "reason": " "})
    assert world.filing(world.guard).state == "submitted"
    client.post(f"{path}rut-lai/", {"version": "1", "reason": "Gửi nhầm kỳ"})
    assert world.filing(world.guard).state == "draft"
    history = client.get(f"{path}ban/").content.decode()
    assert "đã rút lại" in history
    assert "Gửi nhầm kỳ" in history


def test_only_its_own_agency_takes_back(world: Any, sign_in: SignIn) -> None:
    submitted(world)
    sent = {"version": "1", "reason": "x"}
    assert sign_in("consolidator").post(f"{path_of(world)}rut-lai/", sent).status_code == 403
    assert sign_in("leader").post(f"{path_of(world)}rut-lai/", sent).status_code == 403
    assert sign_in("stranger").post(f"{path_of(world)}rut-lai/", sent).status_code == 404
    assert world.filing(world.guard).state == "submitted"


def test_the_standing_agency_opens_again_and_the_agency_sees_why(world: Any, sign_in: SignIn) -> None:
    actions.accept(world.actor("consolidator"), submitted(world))
    path, sent = path_of(world), {"reason": "Lệch với sổ thụ lý"}
    assert sign_in("clerk").post(f"{path}mo-lai/", sent).status_code == 403
    assert sign_in("stranger").post(f"{path}mo-lai/", sent).status_code == 404
    sign_in("consolidator").post(f"{path}mo-lai/", {"reason": ""})
    assert world.filing(world.guard).state == "accepted"
    sign_in("consolidator").post(f"{path}mo-lai/", sent)
    page = sign_in("clerk").get(path).content.decode()
    assert "Lệch với sổ thụ lý" in page
    assert "Số ô đã đổi từ khi tiếp nhận" in page
    actions.save_cells(world.actor("clerk"), world.filing(world.guard), {"B1.d150.c11": 2}, 1)
    history = sign_in("clerk").get(f"{path}ban/").content.decode()
    assert re.search(r"B1\.d150\.c11</th><td>[^<]*</td><td class=\"num\">0</td><td class=\"num\"><b>2</b>", history)


def test_a_return_comments_on_a_section_and_it_stands_at_the_section(world: Any, sign_in: SignIn) -> None:
    submitted(world)
    chief, path = sign_in("consolidator"), path_of(world)
    page = chief.get(path).content.decode()
    (code, *_) = re.findall(r'name="note:([^"]+)"', page)
    said = {"version": "1", "comment": "Bổ sung", "notes": "B1.d150.c4: đối chiếu sổ"}
    chief.post(f"{path}tra-lai/", {**said, f"note:{code}": "Nêu số lớp tập huấn"})
    assert "Nêu số lớp tập huấn" in sign_in("clerk").get(f"{path}?bieu=loi-van").content.decode()
    assert "Nêu số lớp tập huấn" in sign_in("clerk").get(f"{path}ban/").content.decode()
    version = sign_in("clerk").get(f"{path}ban/1/?bieu=B1").content.decode()
    assert version.count("Nêu số lớp tập huấn") == 1
    assert re.search(r'data-cell="B1\.d150\.c4"[^>]*class="said"', version)
    assert "đối chiếu sổ" in version


# ---- the consolidated page ------------------------------------------------------------------------------------------


def test_the_consolidated_page_names_the_missing_the_provisional_and_the_waived(
    world: Any, sign_in: SignIn, elsewhere: Client
) -> None:
    address = f"{BOARD}tong-hop/{world.cycles[0].pk}/"
    client = sign_in("consolidator")
    submitted(world, d150_c3=4)
    page = client.get(f"{address}?bieu=B1").content.decode()
    assert "Còn thiếu (2)" in page, "what waits for a ruling does not count yet"
    page = client.get(f"{address}?bieu=B1&gui=1").content.decode()
    assert "Còn thiếu (1)" in page
    assert "đang chờ kiểm tra" in page
    assert re.search(r"<b>4</b><small>4 · –</small>", page)
    actions.waive(world.actor("consolidator"), world.obligation(world.police), "Không thụ lý vụ nào")
    page = client.get(f"{address}?bieu=B1&gui=1").content.decode()
    assert "Công an tỉnh Thử Nghiệm được miễn: Không thụ lý vụ nào." in page
    assert sign_in("clerk").get(address).status_code == 403
    assert elsewhere.get(address).status_code == 404
    assert client.get(f"{BOARD}tong-hop/999999/").status_code == 404


def test_the_pages_run_under_the_strict_policy(world: Any, sign_in: SignIn) -> None:
    client = sign_in("consolidator")
    pages = [client.get(BOARD), client.get(f"{BOARD}tong-hop/{world.cycles[0].pk}/")]
    pages.append(client.post(CHOOSE, {"viec": "cong-van", "o": owed_by(world.guard)}))
    for page in pages:
        assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=", page.content.decode())


# ---- telling those above --------------------------------------------------------------------------------------------


def test_what_is_overdue_and_reminded_is_told_to_the_leaders(world: Any, sign_in: SignIn) -> None:
    client = sign_in("consolidator")
    chosen = {"viec": "bao-cao", "o": owed_by(world.guard)[:1]}
    page = client.post(f"{BOARD}chon/", chosen).content.decode()
    assert "chưa được nhắc lần nào" in page
    told = {"lam": "1", "to_agency": world.police.pk, "words": "Đề nghị chỉ đạo."}
    refused = client.post(f"{BOARD}chon/", chosen | told)
    assert refused.status_code == 422
    assert "Chưa báo cáo nghĩa vụ nào." in refused.content.decode()
    with clock.fixed_at(clock.today() - timedelta(days=5)):
        client.post(f"{BOARD}chon/", chosen | {"viec": "nhac", "lam": "1", "words": "Gửi báo cáo."})
    done = client.post(f"{BOARD}chon/", chosen | told, follow=True)
    assert f"Đã báo cáo 1 nghĩa vụ tới {world.police.name}" in done.content.decode()
    history = client.get(f"/bao-cao/{owed_by(world.guard)[0]}/ban/").content.decode()
    assert f"tới {world.police.name}" in history


def test_what_cannot_be_told_above_yet_is_left_unmarked_and_counted(world: Any, sign_in: SignIn) -> None:
    ids = owed_by(world.guard)
    Obligation.objects.filter(pk__in=ids).update(due_on=clock.today() - timedelta(days=30))
    Reminder.objects.create(
        obligation_id=ids[0], kind="message", words="Gửi sớm.", sent_at=clock.now() - timedelta(days=9)
    )
    page = sign_in("consolidator").post(CHOOSE, {"viec": "bao-cao", "o": ids}).content.decode()
    assert "1 trong 2 nghĩa vụ chưa báo cáo được nên đã bỏ chọn" in page
    assert page.count('type="checkbox" name="o"') == len(ids)
    assert re.findall(r'name="o" value="(\d+)" checked', page) == [str(ids[0])]


def test_no_letter_is_offered_where_nothing_is_owed(world: Any, sign_in: SignIn) -> None:
    ids = owed_by(world.guard)
    client = sign_in("consolidator")
    client.post(CHOOSE, {"viec": "mien", "lam": "1", "o": ids, "reason": "Lũ"})
    page = client.post(CHOOSE, {"viec": "cong-van", "o": ids}).content.decode()
    assert "không có gì để đôn đốc" in page
    assert "Tải công văn" not in page
