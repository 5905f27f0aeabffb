"""Handing e-mails to the mail server: one connection for a whole run, and what went wrong told in words."""

from __future__ import annotations

from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPException,
    SMTPHeloError,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)
from types import TracebackType
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage, get_connection

from haidang.filings.chasing.reminders import Message

if TYPE_CHECKING:
    from django.core.mail.backends.base import BaseEmailBackend

    from haidang.accounts.models import User

_NO_SERVER = "không nối được máy chủ thư, hoặc không ghi được thư ra tệp"
# What the server, not one address, is to blame for: nobody else's e-mail would go out either.
_WORDS: tuple[tuple[type[Exception], str, bool], ...] = (
    (SMTPRecipientsRefused, "máy chủ thư không nhận địa chỉ này", False),
    (SMTPSenderRefused, "máy chủ thư không nhận người gửi (HAIDANG_EMAIL_FROM)", True),
    (SMTPAuthenticationError, "máy chủ thư không nhận tên hoặc mật khẩu trong HAIDANG_EMAIL", True),
    (SMTPNotSupportedError, "máy chủ thư không có TLS hoặc đăng nhập như HAIDANG_EMAIL đòi", True),
    (SMTPConnectError, _NO_SERVER, True),
    (SMTPHeloError, _NO_SERVER, True),
    (SMTPServerDisconnected, _NO_SERVER, True),
    (SMTPException, "máy chủ thư báo lỗi", False),
    (OSError, _NO_SERVER, True),
    (ImproperlyConfigured, "không dùng được thư mục ghi trong HAIDANG_EMAIL", True),
    (ValueError, "địa chỉ hoặc tiêu đề thư không đúng dạng", False),  # what no server takes
)


class PostOffice:
    """Sends e-mails over one connection, opened for the first of them: `with PostOffice() as post`.

    Once the server itself fails, a second time where it had worked, the rest is given up at once instead of waiting
    for it again for each person.
    """

    def __init__(self) -> None:
        """Nothing is opened yet; `gave_up` will say why nothing more goes out."""
        self._connection: BaseEmailBackend | None = None
        self.gave_up = ""

    def __enter__(self) -> PostOffice:
        """The office itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection, if there is one."""
        self._close()

    def send(self, person: User, message: Message) -> str:
        """Hand over one e-mail; why it did not go out, "" when it did."""
        if self.gave_up:
            return self.gave_up
        problem = self._try(person, message)
        if isinstance(problem, SMTPServerDisconnected | ConnectionError):  # it may have hung up on a long run
            problem = self._try(person, message)
        if problem is None:
            return ""
        words, servers = next((words, all_of) for kind, words, all_of in _WORDS if isinstance(problem, kind))
        told = f"{words} ({type(problem).__name__}: {problem})"
        if servers:
            self.gave_up = told
        return told

    def _try(self, person: User, message: Message) -> Exception | None:
        try:
            self._connection = self._connection or get_connection()
            self._connection.open()
            EmailMessage(
                message.subject, message.body, settings.DEFAULT_FROM_EMAIL, [person.email],
                connection=self._connection, headers={"Auto-Submitted": "auto-generated"},
            ).send()  # fmt: skip
        except (SMTPException, OSError, ValueError, ImproperlyConfigured) as problem:
            if not isinstance(problem, SMTPRecipientsRefused | ValueError):
                self._close()
            return problem
        return None

    def _close(self) -> None:
        try:
            if self._connection is not None:
                self._connection.close()
        except (SMTPException, OSError):
            return  # it is gone already
