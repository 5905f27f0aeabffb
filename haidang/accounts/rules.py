"""What an account name, a person's name and a password must be like; passwords that we make."""

from __future__ import annotations

import re
import secrets

from haidang.kernel.text import squeeze

MOST_NAME = 120
MOST_PASSWORD = 256
_ACCOUNT = re.compile(r"[a-z0-9][a-z0-9._@+-]{2,149}")
# Without letters and digits that look alike on paper: 0 o, 1 l i.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP_LENGTH = 4, 4


class AccountProblem(ValueError):
    """What is wrong with one entry, as a Vietnamese sentence; `field` is account, name, password, again, current or
    roles.
    """

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


def account_name(typed: str) -> str:
    """The account name in small letters; AccountProblem when it is not one."""
    name = typed.strip().lower()
    if not _ACCOUNT.fullmatch(name):
        raise AccountProblem(
            "account",
            "Tên tài khoản có từ 3 đến 150 ký tự, bắt đầu bằng chữ hoặc số, chỉ gồm chữ không dấu, chữ số và các dấu "
            ". _ - @ +. Ví dụ: lan.nguyen.",
        )
    return name


def person_name(typed: str) -> str:
    """The name as it is shown, spaces put right; AccountProblem when empty or longer than 120 characters."""
    name = squeeze(typed)
    if not name or len(name) > MOST_NAME:
        raise AccountProblem("name", f"Ghi họ và tên của người dùng, nhiều nhất {MOST_NAME} ký tự.")
    return name


def generated_password() -> str:
    """A password to hand over on paper, "k7mf-p3xr-9wtd-hq4n": sixteen letters and digits, about 79 bits."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS))
    return "-".join(groups)
