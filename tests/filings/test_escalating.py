"""Telling those above: only what is overdue and was reminded long enough, to whom, and where it shows."""

from __future__ import annotations

from datetime import date

import pytest
from django.core import mail

from haidang.accounts.actors import SYSTEM, Refused, Role
from haidang.accounts.models import User
from haidang.agencies.models import Agency, Membership
from haidang.filings.actions.chasing import SomeRefused, remind_all
from haidang.filings.actions.escalating import agencies_above, escalate_all, not_yet
from haidang.filings.actions.reminders import send_digests
from haidang.filings.chasing.chosen import chosen_obligations, reminders_of
from haidang.filings.models import Obligation, Reminder
from haidang.filings.queries import Owed
from haidang.filings.rules import why_not_escalated
from haidang.kernel import clock

from .conftest import Cast

REMINDED, LATER = date(2025, 3, 20), date(2025, 3, 24)
SITE = "https://haidang.invalid"


@pytest.fixture
def ministry(cast: Cast) -> Agency:
    return Agency.objects.create(code="TW.bo", name="Bộ thử nghiệm", function="police", level="central", standing=True)


@pytest.fixture
def late(cast: Cast, ministry: Agency) -> Obligation:
    """Health owes the first quarter, due before 12/3/2025; a leader of the province's police has an address."""
    chief = User.objects.create(username="chief", display_name="Trưởng ban", email="chief@example.invalid")
    Membership.objects.create(user=chief, agency=cast.police, role=Role.LEADER)
    return cast.filing(cast.cycle(), cast.health).obligation


def rows(cast: Cast, obligation: Obligation, on: date) -> list[Owed]:
    return chosen_obligations(cast.ha, [obligation.pk], on)


@pytest.mark.parametrize(
    ("days", "reminded", "why"),
    [
        (2, date(2025, 3, 1), "chưa quá hạn 3 ngày"),
        (9, None, "chưa được nhắc lần nào"),
        (9, date(2025, 3, 19), "mới được nhắc ngày 19/03/2025, chưa đủ 2 ngày"),
        (3, date(2025, 3, 18), ""),
    ],
)
def test_what_may_be_told_to_those_above(days: int, reminded: date | None, why: str) -> None:
    assert why_not_escalated(days, reminded, date(2025, 3, 20)) == why


def test_the_leaders_and_the_ministry_can_be_told(cast: Cast, late: Obligation, ministry: Agency) -> None:
    assert agencies_above(cast.ha, rows(cast, late, LATER), LATER) == [cast.police, ministry]


def test_it_is_refused_before_a_reminder_and_at_once_after_one(cast: Cast, late: Obligation) -> None:
    with clock.fixed_at(REMINDED):
        chosen = rows(cast, late, REMINDED)
        assert not_yet(chosen, REMINDED) == {late.pk: "chưa được nhắc lần nào"}
        with pytest.raises(Refused, match=r"chưa được nhắc lần nào\. Bỏ chọn hoặc nhắc trước"):
            escalate_all(cast.ha, chosen, cast.police, "Đề nghị chỉ đạo.", SITE)
        remind_all(cast.ha, chosen, "Gửi báo cáo.", SITE)
        with pytest.raises(Refused, match="chưa đủ 2 ngày"):
            escalate_all(cast.ha, chosen, cast.police, "Đề nghị chỉ đạo.", SITE)
    assert not Reminder.objects.filter(kind="escalation").exists()


def escalated(cast: Cast, late: Obligation) -> None:
    with clock.fixed_at(REMINDED):
        remind_all(cast.ha, rows(cast, late, REMINDED), "Gửi báo cáo.", SITE)
    mail.outbox.clear()
    with clock.fixed_at(LATER):
        done = escalate_all(cast.ha, rows(cast, late, LATER), cast.police, "Đề nghị chỉ đạo.", SITE)
    assert (done.obligations, done.mails) == (1, 1)


def test_the_daily_digest_does_not_put_it_off(cast: Cast, late: Obligation) -> None:
    with clock.fixed_at(REMINDED):
        remind_all(cast.ha, rows(cast, late, REMINDED), "Gửi báo cáo.", SITE)
    with clock.fixed_at(LATER):
        Reminder.objects.create(obligation=late, kind="digest", sent_at=clock.now())
        assert not_yet(rows(cast, late, LATER), LATER) == {}


def test_leaders_get_a_mail_and_the_history_a_line(cast: Cast, late: Obligation) -> None:
    escalated(cast, late)
    (message,) = mail.outbox
    assert message.to == ["chief@example.invalid"]
    assert "Sở Y tế tỉnh Hải Minh" in message.body and "Đề nghị chỉ đạo." in message.body
    latest = reminders_of(late)[0]
    assert (latest.get_kind_display(), latest.told_to) == ("báo cáo cấp trên", cast.police)


def test_the_digest_of_the_leaders_says_so_until_it_is_sent(cast: Cast, late: Obligation) -> None:
    escalated(cast, late)
    mail.outbox.clear()
    with clock.fixed_at(LATER):
        run = send_digests(SYSTEM)
    (mine,) = [one for one in run.sent if one.person.username == "chief"]
    assert "Còn 1 báo cáo quá hạn của đơn vị" in mine.message.subject
    assert "Đơn vị quá hạn đã được báo cáo (1)" in mine.message.body
    assert not Reminder.objects.filter(kind="digest", recipient=mine.person).exists()
    Obligation.objects.filter(pk=late.pk).update(waived_reason="Thử.")
    with clock.fixed_at(date(2025, 3, 25)):
        assert [one.person.username for one in send_digests(SYSTEM).sent] == []


def test_only_the_standing_agency_tells_and_only_those_above(cast: Cast, late: Obligation) -> None:
    chosen = rows(cast, late, LATER)
    with clock.fixed_at(LATER):
        with pytest.raises(Refused, match="Chỉ cán bộ tổng hợp"):
            escalate_all(cast.minh, chosen, cast.police, "Đề nghị.", SITE)
        with pytest.raises(Refused, match="không phải cấp trên"):
            escalate_all(cast.ha, chosen, cast.health, "Đề nghị.", SITE)
        with pytest.raises(Refused, match="Ghi nội dung báo cáo"):
            escalate_all(cast.ha, chosen, cast.police, " ", SITE)


def test_the_same_is_told_to_the_same_agency_once_a_day_whoever_tells_it(
    cast: Cast, late: Obligation, ministry: Agency
) -> None:
    escalated(cast, late)
    with clock.fixed_at(LATER):
        for who, words in ((cast.ha, "Đề nghị chỉ đạo."), (cast.son, "Nói cách khác.")):
            again = escalate_all(who, rows(cast, late, LATER), cast.police, words, SITE)
            assert (again.obligations, again.mails, again.repeated) == (0, 0, 1)
        above = escalate_all(cast.ha, rows(cast, late, LATER), ministry, "Đề nghị chỉ đạo.", SITE)
        assert (above.obligations, above.repeated) == (1, 0), "another agency above is told"
    assert len(mail.outbox) == 1
    with clock.fixed_at(date(2025, 3, 25)):
        next_day = escalate_all(cast.ha, rows(cast, late, date(2025, 3, 25)), cast.police, "Vẫn chưa gửi.", SITE)
    assert (next_day.obligations, next_day.mails) == (1, 1)


def test_leaders_whom_no_mail_reached_are_named_and_the_line_is_kept(
    cast: Cast, late: Obligation, monkeypatch: pytest.MonkeyPatch
) -> None:
    from haidang.filings.actions import escalating

    with clock.fixed_at(REMINDED):
        remind_all(cast.ha, rows(cast, late, REMINDED), "Gửi báo cáo.", SITE)
    monkeypatch.setattr(escalating.PostOffice, "send", lambda *_: "không nối được máy chủ thư")
    with clock.fixed_at(LATER):
        done = escalate_all(cast.ha, rows(cast, late, LATER), cast.police, "Đề nghị chỉ đạo.", SITE)
    assert (done.obligations, done.mails, done.unreached) == (1, 0, ("Trưởng ban",))
    assert [one.recipient for one in Reminder.objects.filter(kind="escalation")] == [None]


def test_all_that_cannot_be_told_yet_are_named_at_once(cast: Cast, late: Obligation) -> None:
    cycle = late.cycle
    ids = list(cycle.obligations.filter(agency__in=[cast.health, cast.people]).values_list("pk", flat=True))
    with clock.fixed_at(REMINDED), pytest.raises(SomeRefused, match="2 trong 2 nghĩa vụ không làm được") as refusal:
        escalate_all(cast.ha, chosen_obligations(cast.ha, ids, REMINDED), cast.police, "Đề nghị.", SITE)
    assert refusal.value.reasons == dict.fromkeys(ids, "chưa được nhắc lần nào")
