"""Checking and deciding on screen: a return not made keeps its words; many are taken in at once; retries."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from haidang.accounts.actors import Role
from haidang.accounts.models import User
from haidang.agencies.models import Agency, Membership
from haidang.audit.models import Entry
from haidang.filings import actions
from haidang.filings.models import Cycle, Filing, FilingState, Obligation, Ruling, Version
from haidang.kernel import clock

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
PDF = b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\n%%EOF\n"
CELL = "B1.d150.c4"


def submitted(world: Any, at: int = 0) -> Version:
    cells = world.filled("B1") | world.filled("B2")
    actions.save_cells(world.actor("clerk"), world.filing(world.guard, at), cells, 0)
    return actions.submit(world.actor("clerk"), world.filing(world.guard, at))


def path_of(world: Any, at: int = 0) -> str:
    return f"/bao-cao/{world.obligation(world.guard, at).pk}/"


# ---- returning ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("comment", "notes", "told"),
    [
        ("", f"{CELL}: đối chiếu sổ", "Trả lại phải kèm ý kiến"),
        ("Xem lại c4", "không phải mã ô", "phải là mã ô, dấu hai chấm, ghi chú"),
        ("Xem lại c4", f"{CELL}: {'x' * 501}", "dài hơn 500 ký tự"),
        ("x" * 2001, f"{CELL}: đối chiếu sổ", "dài hơn 2.000 ký tự"),
        ("Xem lại c4", f"{CELL}: lặp lại\n" * 101, "Có 101 dòng ghi chú, nhiều nhất 100"),
    ],
)
def test_a_return_that_cannot_be_made_says_why_and_keeps_every_word(
    world: Any, sign_in: SignIn, comment: str, notes: str, told: str
) -> None:
    submitted(world)
    answer = sign_in("consolidator").post(
        f"{path_of(world)}tra-lai/", {"version": "1", "comment": comment, "notes": notes}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in page
    assert f"required>{comment}</textarea>" in page
    assert f"{notes.strip()}" in page
    assert world.filing(world.guard).state == FilingState.SUBMITTED


def test_two_notes_at_one_cell_are_both_kept(world: Any, sign_in: SignIn) -> None:
    submitted(world)
    notes = f"{CELL}: đối chiếu sổ\n{CELL}: và biên bản"
    sign_in("consolidator").post(f"{path_of(world)}tra-lai/", {"version": "1", "comment": "Xem.", "notes": notes})
    assert Ruling.objects.get().notes == {CELL: "đối chiếu sổ và biên bản"}


@pytest.mark.parametrize("number", ["²", "x", "", "-1", "9" * 5000, "1.0"])
def test_a_version_number_that_is_none_is_not_found(world: Any, sign_in: SignIn, number: str) -> None:
    submitted(world)
    for step in ("tiep-nhan", "tra-lai", "rut-lai"):
        client = sign_in("clerk" if step == "rut-lai" else "consolidator")
        answer = client.post(f"{path_of(world)}{step}/", {"version": number, "comment": "a", "reason": "b"})
        assert answer.status_code == 404


# ---- the same request, come twice -----------------------------------------------------------------------------------


def test_every_decision_posted_twice_is_answered_alike_and_made_once(world: Any, sign_in: SignIn) -> None:
    submitted(world)
    clerk, chief, path = sign_in("clerk"), sign_in("consolidator"), path_of(world)
    steps: list[tuple[Client, str, dict[str, str], str]] = [
        (clerk, "rut-lai", {"version": "1", "reason": "Nhầm"}, "withdrawn"),
        (clerk, "gui", {"revision": "1"}, "submitted"),
        (chief, "tra-lai", {"version": "2", "comment": "Xem lại", "notes": f"{CELL}: sổ"}, "returned"),
        (clerk, "gui", {"revision": "1", "reason": "Đã đối chiếu, giữ nguyên"}, "submitted"),
        (chief, "tiep-nhan", {"version": "3"}, "accepted"),
        (clerk, "dinh-chinh", {}, "correcting"),
        (clerk, "gui", {"revision": "1", "reason": "Giữ nguyên", "document_number": "1/BC"}, "submitted"),
        (chief, "tiep-nhan", {"version": "4"}, "accepted"),
        (chief, "mo-lai", {"reason": "Sai số"}, "reopened"),
    ]
    for client, step, words, action in steps:
        before = Entry.objects.filter(action=f"filings.{action}").count()
        for _ in range(2):
            answer = client.post(f"{path}{step}/", words)
            assert (answer.status_code, answer.headers.get("Location")) == (302, path), (step, answer.status_code)
        assert Entry.objects.filter(action=f"filings.{action}").count() == before + 1, step


# ---- taking in many -------------------------------------------------------------------------------------------------


@pytest.fixture
def many(world: Any) -> list[Version]:
    """Three more agencies of the province file B1 for the first cycle and sent it; so did the border guard."""
    made = [submitted(world)]
    for number in range(3):
        agency = Agency.objects.create(
            code=f"99.h{number}", name=f"Công an huyện {number}", function="police", level="district",
            area=world.province,
        )  # fmt: skip
        obligation = Obligation.objects.create(cycle=world.cycles[0], agency=agency)
        filing = Filing.objects.create(obligation=obligation, changed_at=made[0].submitted_at)
        user = User.objects.create_user(username=f"huyen{number}", password="x")
        Membership.objects.create(user=user, agency=agency, role=Role.CLERK)
        world.users[f"huyen{number}"] = user
        clerk = world.actor(f"huyen{number}")
        revision = 0
        for form in ("B1", "B2"):
            revision = actions.report_nil(clerk, filing, form, revision).filing.revision
        made.append(actions.submit(clerk, Filing.objects.get(pk=filing.pk)))
    return made


def board_of(world: Any) -> str:
    return f"/bao-cao/don-doc/tong-hop/{world.cycles[0].pk}/"


def test_several_reports_are_taken_in_at_once_and_each_is_in_the_trail(
    world: Any, sign_in: SignIn, many: list[Version]
) -> None:
    chief, address = sign_in("consolidator"), board_of(world)
    page = chief.get(address).content.decode()
    assert "Chờ kiểm tra (4)" in page
    assert page.count("checked>") == 0, "nothing is marked before somebody marks it"
    assert chief.get(f"{address}?chon=het").content.decode().count(" checked") == 4
    answer = chief.post(f"{address}tiep-nhan/", {"o": [many[0].pk, many[2].pk]}, follow=True)
    assert "Đã tiếp nhận 2 báo cáo." in answer.content.decode()
    assert "Chờ kiểm tra (2)" in answer.content.decode()
    assert Entry.objects.filter(action="filings.accepted").count() == 2
    again = chief.post(f"{address}tiep-nhan/", {"o": [many[0].pk, many[1].pk]}, follow=True).content.decode()
    assert "Đã tiếp nhận 1 báo cáo." in again
    assert "1 báo cáo không còn chờ kiểm tra nên không ghi gì thêm." in again
    assert Entry.objects.filter(action="filings.accepted").count() == 3


def test_what_is_worth_a_look_is_said_and_can_be_left_unmarked(
    world: Any, sign_in: SignIn, many: list[Version]
) -> None:
    Version.objects.filter(pk=many[1].pk).update(explanations={"B1.x": "Đúng."}, whole=True)
    Cycle.objects.filter(pk=world.cycles[0].pk).update(due_on=date(2090, 1, 1))
    page = sign_in("consolidator").get(f"{board_of(world)}?chon=sach").content.decode()
    line = re.search(rf'value="{many[1].pk}"[^>]*>.*?</li>', page, re.S)
    assert line
    assert "1 điểm có giải trình · gồm cả cấp dưới" in line[0]
    assert f'value="{many[1].pk}" checked' not in page
    assert f'value="{many[0].pk}" checked' in page


def test_what_one_sent_oneself_is_listed_with_the_reason_and_not_taken_in(
    world: Any, sign_in: SignIn, many: list[Version]
) -> None:
    chief = world.users["consolidator"]
    Version.objects.filter(pk=many[1].pk).update(submitted_by=chief)
    page = sign_in("consolidator").get(f"{board_of(world)}?chon=het").content.decode()
    assert f'value="{many[1].pk}" disabled' in page
    assert "Người gửi báo cáo không tự tiếp nhận" in page
    ids = [version.pk for version in many]
    told = sign_in("consolidator").post(f"{board_of(world)}tiep-nhan/", {"o": ids}, follow=True).content.decode()
    assert "Đã tiếp nhận 3 báo cáo." in told
    assert "Công an huyện 0: Người gửi báo cáo không tự tiếp nhận" in told
    assert Version.objects.filter(ruling__isnull=True).get().pk == many[1].pk


def test_taking_in_many_is_the_standing_agency_s(world: Any, sign_in: SignIn, many: list[Version]) -> None:
    address = f"{board_of(world)}tiep-nhan/"
    sent = {"o": [version.pk for version in many]}
    assert sign_in("clerk").post(address, sent).status_code == 403
    assert sign_in("stranger").post(address, sent).status_code == 403
    assert sign_in("consolidator").post("/bao-cao/don-doc/tong-hop/99999/tiep-nhan/", sent).status_code == 404
    leader = sign_in("police_clerk").post(address, sent, follow=True).content.decode()
    assert "Chỉ cán bộ tổng hợp của cơ quan thường trực tiếp nhận hoặc trả lại báo cáo được." in leader
    assert not Ruling.objects.exists()


@pytest.mark.parametrize("chosen", [[], ["x", "²", "-1", "9" * 400], [str(n) for n in range(301)]])
def test_a_choice_of_nothing_or_of_nonsense_takes_nothing_in(
    world: Any, sign_in: SignIn, many: list[Version], chosen: list[str]
) -> None:
    answer = sign_in("consolidator").post(f"{board_of(world)}tiep-nhan/", {"o": chosen}, follow=True)
    assert answer.status_code == 200
    assert not Ruling.objects.exists()


def test_the_page_costs_a_fixed_number_of_queries(
    world: Any, sign_in: SignIn, many: list[Version], django_assert_max_num_queries: Any
) -> None:
    chief = sign_in("consolidator")
    chief.get(board_of(world))
    with django_assert_max_num_queries(16):
        chief.get(board_of(world))


# ---- the lock on the page -------------------------------------------------------------------------------------------


def test_a_closed_report_says_all_four_things_on_its_page_and_where_one_would_send_it(
    world: Any, sign_in: SignIn
) -> None:
    submitted(world)
    clerk, path = sign_in("clerk"), path_of(world)
    for address in (path, f"{path}gui/"):
        page = clerk.get(address).content.decode()
        for words in (
            "đang chờ kiểm tra nên báo cáo bị khoá",
            "Khoá từ",
            ", clerk (mẫu).",
            "trả lại được",
            "mục Rút lại",
        ):
            assert words in page, (address, words)


def test_what_may_not_be_waived_or_given_time_is_not_offered_and_says_why(world: Any, sign_in: SignIn) -> None:
    chief, path = sign_in("consolidator"), path_of(world)
    page = chief.get(path).content.decode()
    assert "Miễn báo cáo kỳ này</button>" in page
    assert "Gia hạn cho cơ quan</button>" in page
    version = submitted(world)
    actions.accept(world.actor("consolidator"), version)
    page = chief.get(path).content.decode()
    assert "Miễn báo cáo kỳ này</button>" not in page
    assert "Gia hạn cho cơ quan</button>" not in page
    assert "số đang dùng để tổng hợp nên không miễn được" in page
    told = chief.post(f"{path}mien/", {"reason": "Nhầm"}, follow=True).content.decode()
    assert "số đang dùng để tổng hợp nên không miễn được" in told
    late = chief.post(f"{path}gia-han/", {"to": "01/01/2090", "reason": "Nhầm"}, follow=True).content.decode()
    assert "Báo cáo đã nhận, không còn nợ nên không gia hạn." in late
    assert world.obligation(world.guard).waived_reason == ""


# ---- what changed ---------------------------------------------------------------------------------------------------


def test_a_correction_of_explanations_and_files_alone_shows_what_it_changes(world: Any, sign_in: SignIn) -> None:
    version = submitted(world)
    actions.accept(world.actor("consolidator"), version)
    clerk = world.actor("clerk")
    filing = actions.correct(clerk, world.filing(world.guard))
    actions.attach(clerk, filing, [("ban-ky.pdf", PDF)])
    filing.explanations = {"B1.typed_total:t.c2": "Theo sổ gốc."}
    filing.save()
    second = actions.submit(clerk, filing, "Bổ sung bản ký.", "12/BC")
    for address in ("ban/", f"ban/{second.number}/"):
        page = sign_in("clerk").get(path_of(world) + address).content.decode()
        assert "2 chỗ khác bản 1" in page
        assert re.search(r"<td>Giải trình: Biểu 1</td><td[^>]*>trống</td><td[^>]*><b>Theo sổ gốc\.</b>", page)
        assert re.search(r"<td>Tệp gửi kèm</td><td[^>]*>trống</td><td[^>]*><b>ban-ky\.pdf</b>", page)


def test_a_correction_opened_by_mistake_is_given_up_on_its_page(world: Any, sign_in: SignIn) -> None:
    actions.accept(world.actor("consolidator"), submitted(world))
    clerk, path = sign_in("clerk"), path_of(world)
    clerk.post(f"{path}dinh-chinh/")
    assert "Thôi đính chính, giữ bản 1" in clerk.get(path).content.decode()
    assert "Thôi đính chính, giữ bản 1" not in sign_in("leader").get(path).content.decode()
    told = clerk.post(f"{path}thoi-dinh-chinh/", follow=True).content.decode()
    assert "Đã thôi đính chính. Bản đã tiếp nhận giữ nguyên." in told
    assert world.filing(world.guard).state == FilingState.ACCEPTED
    assert sign_in("consolidator").post(f"{path}thoi-dinh-chinh/").status_code == 403


def test_the_reason_of_opening_again_stands_at_the_top_of_the_page(world: Any, sign_in: SignIn) -> None:
    actions.accept(world.actor("consolidator"), submitted(world))
    actions.reopen(world.actor("consolidator"), world.filing(world.guard), "Khác sổ theo dõi.")
    page = sign_in("clerk").get(path_of(world)).content.decode()
    note = page.index("Cơ quan thường trực mở lại ngày")
    assert page[note : note + 200].count("“Khác sổ theo dõi.” Bản 1 đã tiếp nhận vẫn được dùng") == 1
    assert note < page.index('class="tabs"')
    assert "Đang nhập</th>" not in sign_in("clerk").get(f"{path_of(world)}ban/").content.decode(), "nothing changed yet"


def test_more_time_that_is_over_already_is_no_time(world: Any, sign_in: SignIn) -> None:
    yesterday = clock.today() - timedelta(days=1)
    Cycle.objects.update(due_on=yesterday - timedelta(days=30))
    sent = {"to": f"{yesterday:%d/%m/%Y}", "reason": "Mưa lũ"}
    page = sign_in("consolidator").post(f"{path_of(world)}gia-han/", sent, follow=True).content.decode()
    assert "đã qua. Chọn ngày từ hôm nay trở đi." in page
    assert world.obligation(world.guard).extended_to is None


# ---- on the first page ----------------------------------------------------------------------------------------------


def test_a_report_that_is_being_corrected_is_not_owed_again(world: Any, sign_in: SignIn) -> None:
    version = submitted(world)
    actions.accept(world.actor("consolidator"), version)
    before = sign_in("clerk").get("/").content.decode()
    actions.correct(world.actor("clerk"), world.filing(world.guard))
    page = sign_in("clerk").get("/").content.decode()
    assert "còn phải nộp" in before
    owed = re.compile(r"[0-9]+ báo cáo còn phải nộp trong [0-9]+")
    assert owed.findall(page) == owed.findall(before)
    heading = page.index("Đang sửa, chưa gửi lại</h2>")
    assert path_of(world) in page[heading:]


def test_who_checks_finds_who_still_owes(world: Any, sign_in: SignIn) -> None:
    assert 'href="/bao-cao/don-doc/?loc=tre"' in sign_in("consolidator").get("/").content.decode()
    assert 'href="/bao-cao/don-doc/?loc=tre"' not in sign_in("clerk").get("/").content.decode()


def test_reasons_of_cells_are_no_explanations_to_look_at(world: Any, sign_in: SignIn) -> None:
    cells = world.filled("B1") | world.filled("B2") | {CELL: "na"}
    actions.save_cells(
        world.actor("clerk"), world.filing(world.guard), cells, 0, reasons={CELL: "Không thuộc chức năng của đơn vị."}
    )
    actions.submit(world.actor("clerk"), world.filing(world.guard))
    page = sign_in("consolidator").get(f"/bao-cao/don-doc/tong-hop/{world.cycles[0].pk}/").content.decode()
    assert "Chờ kiểm tra" in page
    assert "điểm có giải trình" not in page
