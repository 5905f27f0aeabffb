"""Reminding, extending and waiving many obligations at once, and the urging letter."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from typing import Any

import docx
import pytest
from django.core import mail

from haidang.accounts.actors import SYSTEM, Refused, Role
from haidang.agencies.models import Agency, AgencyLineage, Membership
from haidang.audit.models import Entry
from haidang.filings import actions
from haidang.filings.actions import chasing as moves
from haidang.filings.chasing import chosen as chasing
from haidang.filings.chasing.letters import default_facts
from haidang.filings.models import Obligation, Reminder
from haidang.filings.queries import Owed
from haidang.filings.rules import CycleSpec
from haidang.kernel import clock
from haidang.kernel.calendars import Regime, nd09_quarter
from haidang.office.nd30_checks import check_document
from haidang.plans.models import Plan, PlanState

from .conftest import Cast, make_actor, make_agency

LATE, REPLY = date(2025, 3, 20), date(2025, 3, 25)
SITE = "http://hai-dang.invalid"


@pytest.fixture
def rows(cast: Cast) -> list[Owed]:
    """What health and the commune owe for the first quarter, nine days late."""
    owing = cast.cycle().obligations.exclude(agency=cast.police)
    return chasing.chosen_obligations(cast.ha, owing.values_list("pk", flat=True), LATE)


@pytest.fixture(autouse=True)
def on_the_day() -> Any:
    with clock.fixed_at(LATE):
        yield


def texts(document: bytes) -> str:
    opened = docx.Document(io.BytesIO(document))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in opened.paragraphs), *cells])


def test_what_is_chosen_comes_sorted_in_one_query_and_nothing_unseen_is_chosen(
    cast: Cast, rows: list[Owed], django_assert_num_queries: Any
) -> None:
    ids = [one.obligation.pk for one in rows]
    with django_assert_num_queries(1):
        assert [one.obligation.pk for one in chasing.chosen_obligations(cast.ha, ids[::-1], LATE)] == ids
    for actor in (cast.stranger, cast.lan):
        with pytest.raises(Obligation.DoesNotExist):
            chasing.chosen_obligations(actor, ids, LATE)


def test_reminding_sends_one_mail_a_person_and_keeps_a_line_in_each_history(cast: Cast, rows: list[Owed]) -> None:
    from haidang.accounts.models import User

    lan = User.objects.get(username="lan")
    lan.email = "lan@example.invalid"
    lan.save()
    for agency in (cast.health, cast.people):
        Membership.objects.create(user=lan, agency=agency, role=Role.CLERK)
    done = moves.remind_all(cast.ha, rows, "Đề nghị gửi trước ngày 25/3.", SITE)
    assert (done.obligations, done.mails, done.unreached) == (2, 1, ())
    (message,) = mail.outbox
    assert "Đề nghị gửi trước ngày 25/3." in message.body
    assert message.body.count(f"{SITE}/bao-cao/") == 2
    kept = chasing.reminders_of(rows[0].obligation)
    assert [(one.kind, one.recipient, one.words) for one in kept] == [("message", lan, "Đề nghị gửi trước ngày 25/3.")]
    assert Entry.objects.filter(action="filings.reminded", actor="Ha").count() == 2


def test_an_agency_without_an_address_is_reminded_on_its_page_and_named(cast: Cast, rows: list[Owed]) -> None:
    done = moves.remind_all(cast.ha, rows, "Gửi sớm.", SITE)
    assert (done.mails, mail.outbox, sorted(done.unreached)) == (0, [], [cast.health.name, cast.people.name])
    assert [one.recipient for one in chasing.reminders_of(rows[0].obligation)] == [None]


def test_a_mail_that_is_refused_counts_as_not_reached(
    cast: Cast, rows: list[Owed], monkeypatch: pytest.MonkeyPatch
) -> None:
    from haidang.accounts.models import User

    User.objects.filter(username="lan").update(email="lan@example.invalid")
    Membership.objects.create(user=User.objects.get(username="lan"), agency=cast.health, role=Role.CLERK)

    monkeypatch.setattr(moves.PostOffice, "send", lambda *_: "máy chủ thư không nhận")
    assert cast.health.name in moves.remind_all(cast.ha, rows, "Gửi sớm.", SITE).unreached


def test_what_was_received_is_not_reminded_of(cast: Cast, rows: list[Owed]) -> None:
    filing = cast.filing(rows[0].obligation.cycle, cast.health)
    actions.report_nil(cast.lan, filing, "B5", 0)
    actions.submit(cast.minh, filing)
    again = chasing.chosen_obligations(cast.ha, [one.obligation.pk for one in rows], LATE)
    assert moves.remind_all(cast.ha, again, "Gửi sớm.", SITE).obligations == 1
    done = [one for one in again if one.obligation.agency_id == cast.health.pk]
    with pytest.raises(Refused, match="Không nghĩa vụ nào đã chọn còn phải nộp"):
        moves.remind_all(cast.ha, done, "Gửi sớm.", SITE)


@pytest.mark.parametrize("words", ["", "  ", "x" * 1001])
def test_a_reminder_says_something_and_not_too_much(cast: Cast, rows: list[Owed], words: str) -> None:
    with pytest.raises(Refused, match=r"[Ll]ời nhắc"):
        moves.remind_all(cast.ha, rows, words, SITE)


def test_only_the_consolidator_of_the_standing_agency_chases(cast: Cast, rows: list[Owed]) -> None:
    clerk = make_actor("thu", cast.police, Role.CLERK)
    facts = default_facts(cast.police, LATE, REPLY)
    for actor in (clerk, cast.lan, cast.stranger):
        for move in (
            lambda actor: moves.remind_all(actor, rows, "Gửi sớm.", SITE),
            lambda actor: moves.extend_all(actor, rows, REPLY, "Lũ."),
            lambda actor: moves.waive_all(actor, rows, "Sáp nhập."),
            lambda actor: moves.write_letter(actor, rows, facts, LATE),
            lambda actor: moves.issuing_agency(actor, rows),
        ):
            with pytest.raises(Refused, match="Chỉ cán bộ tổng hợp của cơ quan thường trực nhắc, gia hạn hoặc miễn"):
                move(actor)
    assert not Reminder.objects.exists()
    assert not Obligation.objects.exclude(waived_reason="").exists()


def test_more_time_for_all_or_for_none(cast: Cast, rows: list[Owed]) -> None:
    assert moves.extend_all(cast.ha, rows, REPLY, "Mưa lũ.") == 2
    assert Obligation.objects.filter(extended_to=REPLY).count() == 2
    later = cast.cycle("Quý II/2025", due_on=date(2025, 6, 12))
    more = chasing.chosen_obligations(cast.ha, [rows[0].obligation.pk, later.obligations.earliest("pk").pk], LATE)
    with pytest.raises(Refused, match=r"Chưa ghi nghĩa vụ nào\. .*, Quý II/2025: Hạn mới phải sau hạn đang áp dụng"):
        moves.extend_all(cast.ha, more, date(2025, 5, 1), "Bão.")
    assert not Obligation.objects.filter(extended_to=date(2025, 5, 1)).exists()


def test_all_that_cannot_be_given_more_time_are_named_with_their_reasons(cast: Cast, rows: list[Owed]) -> None:
    later = cast.cycle("Quý II/2025", due_on=date(2025, 6, 12))
    cannot = list(later.obligations.exclude(agency=cast.police).values_list("pk", flat=True))
    ids = [*cannot, *(one.obligation.pk for one in rows)]
    with pytest.raises(moves.SomeRefused, match=r"2 trong 4 nghĩa vụ không làm được, lý do ở từng dòng") as refusal:
        moves.extend_all(cast.ha, chasing.chosen_obligations(cast.ha, ids, LATE), date(2025, 5, 1), "Bão.")
    assert set(refusal.value.reasons) == set(cannot)
    assert all("Hạn mới phải sau hạn đang áp dụng (11/6/2025)" in why for why in refusal.value.reasons.values())
    assert not Obligation.objects.filter(extended_to__isnull=False).exists(), "none is given without the others"
    assert not Entry.objects.filter(action="filings.extended").exists()


def test_more_time_does_not_end_before_today(cast: Cast, rows: list[Owed]) -> None:
    with pytest.raises(Refused, match=r"Hạn mới \(19/3/2025\) đã qua\. Chọn ngày từ hôm nay trở đi"):
        moves.extend_all(cast.ha, rows, date(2025, 3, 19), "Mưa lũ.")
    assert moves.extend_all(cast.ha, rows, LATE, "Mưa lũ.") == 2


def test_waivers_and_extensions_stand_in_the_history(cast: Cast, rows: list[Owed]) -> None:
    moves.extend_all(cast.ha, rows, REPLY, "Mưa lũ.")
    moves.waive_all(cast.ha, rows, "Đã sáp nhập.")
    told = [event.words for event in chasing.decisions_on(rows[0].obligation)]
    assert told == ["Miễn báo cáo: Đã sáp nhập.", "Gia hạn đến hết 25/3/2025: Mưa lũ."]


# ---- the urging letter ----------------------------------------------------------------------------------------------


def test_the_letter_names_who_is_late_with_what_and_by_how_much(cast: Cast, rows: list[Owed]) -> None:
    facts = replace(default_facts(cast.police, LATE, REPLY), number=5, dated=LATE, signer="Trần Văn Mẫu")
    told = texts(moves.write_letter(cast.ha, rows, facts, LATE))
    for words in (
        "CÔNG AN TỈNH HẢI MINH",
        "BỘ CÔNG AN",
        "Số: 05/CAT-BCĐ138",
        "Hải Minh, ngày 20 tháng 3 năm 2025",
        "V/v đôn đốc gửi báo cáo, biểu mẫu",
        "Sở Y tế tỉnh Hải Minh",
        "còn 2 cơ quan, đơn vị",
        "chậm nhất hết ngày 25/3/2025",
        "Danh sách".upper(),
        "Trần Văn Mẫu",
    ):
        assert words in told, words
    opened = docx.Document(io.BytesIO(moves.write_letter(cast.ha, rows, facts, LATE)))
    listed = [[cell.text for cell in row.cells] for row in opened.tables[-1].rows]
    assert listed[1][0] == "1"
    assert [line[4:] for line in listed[1:]] == [["chưa gửi", "9"], ["chưa gửi", "9"], ["", ""]]
    assert listed[-1][1:3] == ["Cộng: 2 cơ quan", "2 báo cáo"]


def test_the_standing_agency_does_not_write_to_itself(cast: Cast, rows: list[Owed]) -> None:
    facts = default_facts(cast.police, LATE, REPLY)
    own = rows[0].obligation.cycle.obligations.get(agency=cast.police)
    with_own = chasing.chosen_obligations(cast.ha, [own.pk, *(one.obligation.pk for one in rows)], LATE)
    assert "còn 2 cơ quan" in texts(moves.write_letter(cast.ha, with_own, facts, LATE))
    alone = chasing.chosen_obligations(cast.ha, [own.pk], LATE)
    with pytest.raises(Refused, match="chỉ gồm báo cáo của chính Công an tỉnh Hải Minh"):
        moves.write_letter(cast.ha, alone, facts, LATE)


def test_the_letter_keeps_the_layout_of_the_decree(cast: Cast, rows: list[Owed]) -> None:
    facts = replace(default_facts(cast.police, LATE, REPLY), number=5, dated=LATE)
    failed = [one for one in check_document(moves.write_letter(cast.ha, rows, facts, LATE)) if one.passed is False]
    assert failed == []


def test_the_same_letter_gives_the_same_bytes(cast: Cast, rows: list[Owed]) -> None:
    facts = default_facts(cast.police, LATE, REPLY)
    assert moves.write_letter(cast.ha, rows, facts, LATE) == moves.write_letter(cast.ha, rows, facts, LATE)


def test_the_letter_is_kept_in_the_history_of_each_obligation(cast: Cast, rows: list[Owed]) -> None:
    moves.write_letter(cast.ha, rows, replace(default_facts(cast.police, LATE, REPLY), number=5), LATE)
    for one in rows:
        (kept,) = chasing.reminders_of(one.obligation)
        assert (kept.kind, kept.sent_by_id) == ("letter", cast.ha.user_id)
        assert kept.words == "Công văn số 05/CAT-BCĐ138, đề nghị gửi chậm nhất hết ngày 25/3/2025"
    assert Entry.objects.filter(action="filings.reminded").count() == 2


def test_an_invented_plan_marks_every_page(cast: Cast, rows: list[Owed]) -> None:
    cast.plan.fictional = True
    cast.plan.save()
    again = chasing.chosen_obligations(cast.ha, [one.obligation.pk for one in rows], LATE)
    document = docx.Document(
        io.BytesIO(moves.write_letter(cast.ha, again, default_facts(cast.police, LATE, REPLY), LATE))
    )
    headers = [section.header for section in document.sections] + [document.sections[0].first_page_header]
    assert all("Số liệu giả định" in "".join(p.text for p in header.paragraphs) for header in headers)


def test_many_agencies_are_addressed_together(cast: Cast) -> None:
    for number in range(9):
        make_agency(f"hm-{number}", f"Viện kiểm sát nhân dân khu vực {number}", "procuracy", cast.province)
    cycle = cast.cycle(forms=("B1", "B2", "B3", "B5"))
    rows = chasing.chosen_obligations(cast.ha, cycle.obligations.values_list("pk", flat=True), LATE)
    assert len(rows) > 8
    told = texts(moves.write_letter(cast.ha, rows, default_facts(cast.police, LATE, REPLY), LATE))
    assert "Kính gửi: Các cơ quan, đơn vị có tên trong danh sách" in told


def test_a_letter_does_not_ask_for_a_day_that_is_past(cast: Cast, rows: list[Owed]) -> None:
    with pytest.raises(Refused, match="đã qua"):
        moves.write_letter(cast.ha, rows, default_facts(cast.police, LATE, date(2025, 3, 19)), LATE)


def test_the_letter_of_a_commune_stands_under_the_police_of_its_province(cast: Cast) -> None:
    police = make_agency("hm-st-police", "Công an xã Sơn Trà", "police", cast.commune, standing=True)
    facts = default_facts(police, LATE, REPLY)
    assert (facts.parent_body, facts.symbol, facts.place, facts.authority) == (
        "Công an tỉnh Hải Minh", "CAX-BCĐ138", "Sơn Trà", "Trưởng công an",
    )  # fmt: skip


def test_the_letter_goes_out_in_the_name_of_the_standing_agency(cast: Cast, rows: list[Owed]) -> None:
    assert moves.issuing_agency(cast.ha, rows) == cast.police


def test_who_was_given_more_time_is_not_urged_by_letter_before_it_has_passed(cast: Cast, rows: list[Owed]) -> None:
    def choose() -> list[Owed]:
        return chasing.chosen_obligations(cast.ha, [one.obligation.pk for one in rows], LATE)

    facts = default_facts(cast.police, LATE, REPLY)
    actions.extend(cast.ha, rows[0].obligation, date(2025, 3, 30), "Mưa lũ")
    letter = texts(moves.write_letter(cast.ha, choose(), facts, LATE))
    assert rows[0].obligation.agency.name not in letter
    assert rows[1].obligation.agency.name in letter
    actions.extend(cast.ha, rows[1].obligation, date(2025, 3, 30), "Mưa lũ")
    with pytest.raises(Refused, match="đều được gia hạn"):
        moves.write_letter(cast.ha, choose(), facts, LATE)


def test_a_second_click_reminds_extends_and_writes_no_second_time(cast: Cast, rows: list[Owed]) -> None:
    facts = default_facts(cast.police, LATE, REPLY)
    for _ in range(2):
        moves.remind_all(cast.ha, rows, "Gửi sớm.", SITE)
        moves.write_letter(cast.ha, rows, facts, LATE)
        actions.extend(cast.ha, rows[0].obligation, date(2025, 3, 30), "Mưa lũ")
    kinds = [one.kind for one in chasing.reminders_of(rows[0].obligation)]
    assert sorted(kinds) == ["letter", "message"]
    assert Entry.objects.filter(action="filings.extended").count() == 1
    moves.remind_all(cast.ha, rows, "Lời khác.", SITE)
    assert Reminder.objects.filter(kind="message", obligation=rows[0].obligation).count() == 2


def test_the_letter_lists_only_what_is_late_or_was_returned(cast: Cast, rows: list[Owed]) -> None:
    coming = cast.cycle("Quý II/2025", due_on=date(2025, 6, 12))
    ids = [*coming.obligations.values_list("pk", flat=True), *(one.obligation.pk for one in rows)]
    facts = default_facts(cast.police, LATE, REPLY)
    told = texts(moves.write_letter(cast.ha, chasing.chosen_obligations(cast.ha, ids, LATE), facts, LATE))
    assert "2 báo cáo" in told and "Quý II/2025" not in told
    assert not Reminder.objects.filter(obligation__cycle=coming).exists(), "who was not urged has no line of it"
    only = chasing.chosen_obligations(cast.ha, coming.obligations.values_list("pk", flat=True), LATE)
    with pytest.raises(Refused, match="chưa đến hạn nên chưa đôn đốc bằng công văn"):
        moves.write_letter(cast.ha, only, facts, LATE)
    filing = cast.filing(coming, cast.health)
    actions.report_nil(cast.lan, filing, "B5", 0)
    actions.return_(cast.ha, actions.submit(cast.minh, filing), "Xem lại.")
    returned = texts(moves.write_letter(cast.ha, chasing.chosen_obligations(cast.ha, ids, LATE), facts, LATE))
    assert "bị trả lại" in returned and "3 báo cáo" in returned


def test_who_took_over_is_urged_for_an_agency_that_is_gone(cast: Cast, rows: list[Owed]) -> None:
    heir = make_agency("hm-health-2", "Sở Y tế mới tỉnh Hải Minh", "health", cast.province)
    Agency.objects.filter(pk=cast.health.pk).update(valid_to=date(2025, 3, 15))
    AgencyLineage.objects.create(
        old=cast.health, new=heir, function="health", on=date(2025, 3, 16), instrument="Nghị quyết thử"
    )
    again = chasing.chosen_obligations(cast.ha, [one.obligation.pk for one in rows], LATE)
    letter = moves.write_letter(cast.ha, again, default_facts(cast.police, LATE, REPLY), LATE)
    assert texts(letter).count("Sở Y tế mới tỉnh Hải Minh (kế thừa Sở Y tế tỉnh Hải Minh)") == 2
    assert [one for one in check_document(letter) if one.passed is False] == []


def test_a_letter_is_not_dated_after_the_day_it_asks_for(cast: Cast, rows: list[Owed]) -> None:
    facts = replace(default_facts(cast.police, LATE, REPLY), dated=date(2025, 3, 26))
    with pytest.raises(Refused, match=r"Ngày công văn \(26/3/2025\) sau hạn gửi \(25/3/2025\)"):
        moves.write_letter(cast.ha, rows, facts, LATE)


def test_a_letter_about_many_plans_does_not_name_them_all(cast: Cast, rows: list[Owed]) -> None:
    ids = [one.obligation.pk for one in rows]
    for number in range(2, 6):
        plan = Plan.objects.create(
            area=cast.province, state=PlanState.ACCEPTED, number=f"0{number}/KH-BCĐ", file_name="k.txt",
            file_sha256=str(number) * 64, text="", reading={}, imported_at=clock.now(),
        )  # fmt: skip
        spec = CycleSpec(f"Kỳ {number}", nd09_quarter(2025, 1), Regime.ND09, date(2025, 3, 12), True, forms=("B5",))
        ids += [one.pk for one in actions.open_cycles(SYSTEM, plan, [spec])[0].obligations.filter(agency=cast.health)]
    chosen = chasing.chosen_obligations(cast.ha, ids, LATE)
    letter = moves.write_letter(cast.ha, chosen, default_facts(cast.police, LATE, REPLY), LATE)
    assert "Thực hiện 5 kế hoạch về phòng, chống mua bán người nêu trong danh sách kèm theo" in texts(letter)
    assert "05/KH-BCĐ: Kỳ 5" in texts(letter), "the list names each"


def test_the_ministers_post_stands_above_the_signature_of_the_ministry(cast: Cast) -> None:
    ministry = Agency.objects.create(code="TW.bo", name="Bộ Thử", function="police", level="central", standing=True)
    facts = default_facts(ministry, LATE, REPLY)
    assert (facts.authority, facts.parent_body, facts.place) == ("Bộ trưởng", "", "Hà Nội")


def test_what_a_letter_asked_for_is_urged_under_that_letter(cast: Cast, rows: list[Owed]) -> None:
    cycle = rows[0].obligation.cycle
    cycle.letter_number = "88/CV-CAT"
    cycle.save()
    again = chasing.chosen_obligations(cast.ha, [one.obligation.pk for one in rows], LATE)
    told = texts(moves.write_letter(cast.ha, again, default_facts(cast.police, LATE, REPLY), LATE))
    assert "Thực hiện Văn bản số 88/CV-CAT (kế hoạch số 01/KH-BCĐ), các cơ quan" in told
    assert "văn bản 88/CV-CAT (01/KH-BCĐ): Quý I/2025" in told
