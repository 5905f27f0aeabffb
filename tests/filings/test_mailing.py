"""Handing e-mails to a server: one connection a run, what fails told in words, and a dead server asked no further."""

from __future__ import annotations

from smtplib import (
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPException,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)
from typing import Any, ClassVar

import pytest
from django.core.mail.backends.base import BaseEmailBackend

from haidang.accounts.models import User
from haidang.filings.actions.mailing import PostOffice
from haidang.filings.chasing.reminders import Message

MESSAGE = Message("Còn 1 báo cáo cần gửi", "Kính gửi …\n")


class Server(BaseEmailBackend):
    """A mail server that opens, fails as told once for each entry of `trouble`, and keeps what it took."""

    events: ClassVar[list[str]] = []
    trouble: ClassVar[list[Exception | None]] = []
    headers: ClassVar[list[Any]] = []
    is_open = False

    def open(self) -> bool:
        if self.is_open:
            return False
        self.events.append("open")
        self.is_open = True
        return True

    def close(self) -> None:
        if self.is_open:
            self.events.append("close")
        self.is_open = False

    def send_messages(self, email_messages: Any) -> int:
        problem = self.trouble.pop(0) if self.trouble else None
        if problem:
            raise problem
        self.events.extend(message.to[0] for message in email_messages)
        self.headers.extend(message.message() for message in email_messages)
        return len(email_messages)


@pytest.fixture(autouse=True)
def server(settings: Any) -> type[Server]:
    settings.EMAIL_BACKEND = f"{__name__}.Server"
    Server.events.clear()
    Server.trouble.clear()
    Server.headers.clear()
    return Server


@pytest.fixture(autouse=True)
def _server_is_found_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core import mail

    monkeypatch.setattr(mail, "import_string", lambda _: Server)


def people(count: int) -> list[User]:
    return [User(username=f"p{number}", email=f"p{number}@thu.invalid") for number in range(count)]


def sent_to(count: int) -> list[str]:
    with PostOffice() as post:
        return [post.send(person, MESSAGE) for person in people(count)]


def test_a_run_uses_one_connection(server: type[Server]) -> None:
    assert sent_to(3) == ["", "", ""]
    assert server.events == ["open", "p0@thu.invalid", "p1@thu.invalid", "p2@thu.invalid", "close"]


def test_machines_are_asked_not_to_answer(server: type[Server]) -> None:
    sent_to(1)
    assert server.headers[0]["Auto-Submitted"] == "auto-generated"


def test_nothing_is_opened_for_nothing(server: type[Server]) -> None:
    assert sent_to(0) == []
    assert server.events == []


def test_one_address_that_is_refused_stops_nobody_else(server: type[Server]) -> None:
    server.trouble[:] = [None, SMTPRecipientsRefused({"p1@thu.invalid": (550, b"no such user")})]
    told = sent_to(3)
    assert [bool(one) for one in told] == [False, True, False]
    assert told[1].startswith("máy chủ thư không nhận địa chỉ này (SMTPRecipientsRefused: ")
    assert server.events.count("open") == 1


def test_a_server_that_hung_up_is_called_again(server: type[Server]) -> None:
    server.trouble[:] = [None, SMTPServerDisconnected("idle")]
    assert sent_to(3) == ["", "", ""]
    assert server.events == ["open", "p0@thu.invalid", "close", "open", "p1@thu.invalid", "p2@thu.invalid", "close"]


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ([ConnectionRefusedError(111, "refused")] * 2, "không nối được máy chủ thư"),
        ([TimeoutError("timed out")], "không nối được máy chủ thư"),
        ([SMTPServerDisconnected("gone")] * 2, "không nối được máy chủ thư"),
        ([SMTPAuthenticationError(535, b"no")], "máy chủ thư không nhận tên hoặc mật khẩu"),
        ([SMTPNotSupportedError("STARTTLS")], "máy chủ thư không có TLS hoặc đăng nhập"),
        ([SMTPSenderRefused(550, b"no", "a@b")], "máy chủ thư không nhận người gửi"),
    ],
)
def test_a_server_that_fails_is_not_asked_for_everybody(
    server: type[Server], trouble: list[Exception], words: str
) -> None:
    server.trouble[:] = trouble
    told = sent_to(4)
    assert len(set(told)) == 1 and told[0].startswith(words)
    assert server.trouble == [], "nobody was tried after it"
    assert [event for event in server.events if "@" in event] == []


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (SMTPDataError(554, b"too long"), "máy chủ thư báo lỗi"),
        (SMTPException("odd"), "máy chủ thư báo lỗi"),
        (ValueError("header with a newline"), "địa chỉ hoặc tiêu đề thư không đúng dạng"),
    ],
)
def test_what_is_wrong_with_one_e_mail_leaves_the_others(server: type[Server], problem: Exception, words: str) -> None:
    server.trouble[:] = [problem]
    told = sent_to(2)
    assert told[0].startswith(words)
    assert told[1] == ""
