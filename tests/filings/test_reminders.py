"""The daily digest: who gets one, what it says, and that nobody gets two or an empty one."""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured

from haidang.accounts.actors import SYSTEM, Refused, Role
from haidang.accounts.models import User
from haidang.agencies.models import Agency, AgencyLineage, Membership
from haidang.audit.models import Entry
from haidang.cli import UsageError, main
from haidang.cli.remind import run as run_command
from haidang.filings import actions
from haidang.filings.actions import reminders
from haidang.filings.actions.chasing import remind_all
from haidang.filings.actions.reminders import send_digests
from haidang.filings.chasing.chosen import chosen_obligations
from haidang.filings.models import Digest, Reminder
from haidang.kernel import clock
from haidang.project.settings import _email

from .conftest import Cast, make_agency

LATE, EARLY = date(2025, 3, 20), date(2025, 2, 1)


def seated(username: str, agency: Agency, role: Role = Role.CLERK, email: str | None = None) -> User:
    user = User.objects.get(username=username)
    user.email = f"{username}@example.invalid" if email is None else email
    user.save()
    Membership.objects.create(user=user, agency=agency, role=role)
    return user


@pytest.fixture
def owing(cast: Cast) -> Cast:
    """Health and police owe the first quarter, due before 12/3/2025; Lan, Minh and Sơn have addresses."""
    cast.cycle()
    seated("lan", cast.health)
    seated("minh", cast.health, Role.APPROVER)
    seated("son", cast.police)
    return cast


def test_each_person_gets_one_mail_with_what_their_agency_owes(owing: Cast) -> None:
    with clock.fixed_at(LATE):
        run = send_digests(SYSTEM)
    assert sorted(one.person.username for one in run.sent) == ["lan", "minh", "son"]
    assert sorted(message.to[0] for message in mail.outbox) == [
        f"{name}@example.invalid" for name in ("lan", "minh", "son")
    ]
    body = next(message.body for message in mail.outbox if message.to == ["lan@example.invalid"])
    assert "Sở Y tế tỉnh Hải Minh: 01/KH-BCĐ: Quý I/2025, chậm nhất hết ngày 11/3/2025 (quá 9 ngày)" in body
    assert "Công an" not in body, "another agency's reports are not named"


def test_nobody_gets_two_on_one_day_and_the_next_day_brings_the_next(owing: Cast) -> None:
    with clock.fixed_at(LATE):
        send_digests(SYSTEM)
        again = send_digests(SYSTEM)
    assert (again.sent, sorted(again.already)) == ([], ["lan", "minh", "son"])
    assert len(mail.outbox) == 3
    with clock.fixed_at(date(2025, 3, 21)):
        send_digests(SYSTEM)
    assert len(mail.outbox) == 6


def test_a_run_that_another_run_overtook_sends_nothing(owing: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    composed = reminders._composed

    def overtaken(day: date, ahead: int) -> Any:
        found = composed(day, ahead)
        for one in found:
            Digest.objects.create(person=one.person, day=day, claimed_at=clock.now())
        return found

    monkeypatch.setattr(reminders, "_composed", overtaken)
    with clock.fixed_at(LATE):
        run = send_digests(SYSTEM)
    assert (run.sent, len(run.already), mail.outbox) == ([], 3, [])


def test_no_digest_is_empty(owing: Cast) -> None:
    with clock.fixed_at(EARLY):
        assert send_digests(SYSTEM).sent == [], "due in six weeks: nothing to say yet"
        assert len(send_digests(SYSTEM, ahead=60).sent) == 3
    filing = owing.filing(owing.police.obligations.get().cycle, owing.health)
    actions.report_nil(owing.lan, filing, "B5", 0)
    actions.submit(owing.minh, filing)
    with clock.fixed_at(LATE):
        assert [one.person.username for one in send_digests(SYSTEM).sent] == ["son"]


def test_who_is_free_of_it_or_has_more_time_is_left_alone(owing: Cast) -> None:
    with clock.fixed_at(LATE):
        actions.waive(owing.ha, owing.health.obligations.get(), "Đã sáp nhập.")
        actions.extend(owing.ha, owing.police.obligations.get(), date(2025, 5, 30), "Mưa lũ.")
        assert send_digests(SYSTEM).sent == []


def test_what_was_returned_is_named_but_not_what_was_said_of_it(owing: Cast) -> None:
    filing = owing.filing(owing.police.obligations.get().cycle, owing.health)
    actions.report_nil(owing.lan, filing, "B5", 0)
    actions.return_(owing.ha, actions.submit(owing.minh, filing), "Nạn nhân Nguyễn Thị K. ở xã Sơn Trà bị bỏ sót.")
    with clock.fixed_at(LATE):
        send_digests(SYSTEM)
    body = next(message.body for message in mail.outbox if message.to == ["lan@example.invalid"])
    assert "Bị trả lại, cần sửa và gửi lại (1)" in body
    assert not any(
        "Nguyễn Thị K." in str(message.message()) or "Nguyễn Thị K." in message.body for message in mail.outbox
    )


def test_it_is_kept_in_the_history_of_each_obligation_and_in_the_audit_trail(owing: Cast) -> None:
    with clock.fixed_at(LATE):
        send_digests(SYSTEM)
    kept = Reminder.objects.filter(obligation=owing.health.obligations.get())
    assert sorted((one.kind, one.recipient.username) for one in kept if one.recipient) == [
        ("digest", "lan"),
        ("digest", "minh"),
    ]
    assert Entry.objects.filter(action="filings.digest_sent").count() == 3


def test_who_has_no_address_a_closed_account_or_only_looks_on_gets_none(owing: Cast) -> None:
    User.objects.filter(username="lan").update(email="")
    User.objects.filter(username="minh").update(is_active=False)
    seated("ha", owing.police, Role.LEADER)
    with clock.fixed_at(LATE):
        run = send_digests(SYSTEM)
    assert (run.without_address, [one.person.username for one in run.sent]) == (["lan"], ["son"])


def test_a_mail_that_the_server_refuses_is_told_and_tried_again(owing: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    send = reminders.PostOffice.send

    def refusing(post: Any, person: User, message: Any) -> str:
        return "máy chủ thư không nhận địa chỉ này" if person.username == "lan" else send(post, person, message)

    monkeypatch.setattr(reminders.PostOffice, "send", refusing)
    with clock.fixed_at(LATE):
        first = send_digests(SYSTEM)
        assert [name for name, _ in first.failed] == ["lan"]
        monkeypatch.setattr(reminders.PostOffice, "send", send)
        second = send_digests(SYSTEM)
    assert [one.person.username for one in second.sent] == ["lan"]
    assert not Reminder.objects.filter(recipient__username="lan", sent_at__lt=Digest.objects.earliest("pk").claimed_at)


def test_who_took_over_is_reminded_of_what_the_dissolved_agency_owed(owing: Cast) -> None:
    """Health is dissolved in the middle of March; the agency of its level that took its main function over answers."""
    heir = make_agency("hm-health-2", "Sở Y tế mới tỉnh Hải Minh", "health", owing.province)
    part = make_agency("hm-part", "Sở Nhận Việc Khác", "labour", owing.province)
    Agency.objects.filter(pk=owing.health.pk).update(valid_to=date(2025, 3, 15))
    for new, function in ((heir, "health"), (part, "labour")):
        AgencyLineage.objects.create(
            old=owing.health, new=new, function=function, on=date(2025, 3, 16), instrument="Thử"
        )
    for name, agency in (("moi", heir), ("khac", part)):
        User.objects.create(username=name)
        seated(name, agency)
    with clock.fixed_at(LATE):
        run = send_digests(SYSTEM)
        told = remind_all(
            owing.ha, chosen_obligations(owing.ha, [owing.health.obligations.get().pk], LATE), "Gửi sớm.", "https://x"
        )
    assert sorted(one.person.username for one in run.sent) == ["moi", "son"]
    body = next(one.message.body for one in run.sent if one.person.username == "moi")
    assert "Sở Y tế tỉnh Hải Minh (đã sắp xếp; cơ quan kế thừa nhận bàn giao rồi gửi): 01/KH-BCĐ" in body
    assert (told.mails, told.unreached) == (1, ())
    assert mail.outbox[-1].to == ["moi@example.invalid"]


def test_a_folder_for_e_mails_that_cannot_be_made_is_told(
    owing: Cast, settings: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "tep").write_text("")
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "tep" / "thu"
    with clock.fixed_at(LATE):
        assert run_command(argparse.Namespace(ahead=14, dry_run=False, json=False)) == 1
    assert "không dùng được thư mục ghi trong HAIDANG_EMAIL" in capsys.readouterr().out
    assert Digest.objects.count() == 0, "the next run tries them again"


def test_a_server_that_is_down_is_told_once_for_all(
    owing: Cast, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nothing listens there
    with clock.fixed_at(LATE):
        assert run_command(argparse.Namespace(ahead=14, dry_run=False, json=False)) == 1
    (told,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Không gửi được")]
    assert told.startswith("Không gửi được cho son, lan, minh: không nối được máy chủ thư")
    assert Digest.objects.count() == 0


def test_a_dry_run_sends_and_keeps_nothing(owing: Cast) -> None:
    with clock.fixed_at(LATE):
        assert len(send_digests(SYSTEM, dry_run=True).sent) == 3
    assert (mail.outbox, Digest.objects.count(), Reminder.objects.count()) == ([], 0, 0)


def test_only_the_system_sends_digests(owing: Cast) -> None:
    with pytest.raises(Refused, match="do hệ thống gửi"):
        send_digests(owing.ha)


def test_composing_costs_six_queries_however_many_people(owing: Cast, django_assert_num_queries: Any) -> None:
    owing.cycle("Quý I/2025, bổ sung")
    with clock.fixed_at(LATE), django_assert_num_queries(6):
        assert len(send_digests(SYSTEM, dry_run=True).sent) == 3


def test_an_invented_plan_says_so_in_the_mail(owing: Cast) -> None:
    owing.plan.fictional = True
    owing.plan.save()
    with clock.fixed_at(LATE):
        send_digests(SYSTEM)
    assert all("Số liệu giả định" in message.body and message.subject.startswith("Giả định") for message in mail.outbox)


def test_the_command_tells_what_it_did_as_json(owing: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    with clock.fixed_at(LATE):
        assert main(["remind", "--dry-run", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["day"], told["dry_run"], len(told["sent"])) == ("2025-03-20", True, 3)
    with clock.fixed_at(LATE):
        assert main(["remind"]) == 0
    assert "Đã gửi 3 bản tin." in capsys.readouterr().out


def test_the_command_refuses_senseless_days() -> None:
    with pytest.raises(UsageError, match="từ 0 đến 366"):
        run_command(argparse.Namespace(ahead=-1, dry_run=True, json=False))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("console", {"BACKEND": "django.core.mail.backends.console.EmailBackend"}),
        (
            "smtp+tls://gui:m%40t@thu.example:2587",
            {"HOST": "thu.example", "PORT": 2587, "HOST_PASSWORD": "m@t", "USE_TLS": True},
        ),
        ("smtps://thu.example", {"PORT": 465, "USE_SSL": True, "USE_TLS": False}),
    ],
)
def test_the_mail_setting_names_a_back_end(address: str, expected: dict[str, Any]) -> None:
    made = _email(address)
    assert {key: made[key] for key in expected} == expected


@pytest.mark.parametrize(
    "address",
    ["", "smtp://", "https://thu.example", "thu.example:25", "smtp://thu.example:abc", "smtp://thu.example:99999"],
)
def test_a_mail_setting_that_names_no_server_is_refused(address: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="HAIDANG_EMAIL"):
        _email(address)
