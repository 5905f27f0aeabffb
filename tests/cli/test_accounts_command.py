"""An office without any account gets its first ones from the server; the audit trail is checked there too."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import pytest

from haidang.accounts.models import User
from haidang.agencies.models import Agency, Area, Membership
from haidang.audit.models import Entry
from haidang.cli import main
from haidang.kernel import clock

pytestmark = pytest.mark.django_db
GOOD = "ngon hải đăng cũ"


@pytest.fixture
def police() -> Agency:
    area = Area.objects.create(code="99", name="Tỉnh Thử Nghiệm", kind="tỉnh", level="province", path="99")
    return Agency.objects.create(
        code="99.ca", name="Công an tỉnh Thử Nghiệm", function="police", level="province", area=area, standing=True
    )


@pytest.fixture
def typed(monkeypatch: Any) -> Any:
    """Put words on the standard input."""
    return lambda words: monkeypatch.setattr("sys.stdin", io.StringIO(words))


def add(*more: str, name: str = "lan.nguyen", agency: str = "99.ca", role: str = "administrator") -> int:
    given = ["accounts", "add", name, "--name", "Nguyễn  Thị Lan", "--agency", agency, "--role", role]
    return main([*given, "--password-stdin", *more])


def test_the_first_administrator_is_made_on_the_server(police: Agency, typed: Any, capsys: Any) -> None:
    typed(f"{GOOD}\n")
    assert add("--role", "leader", "--json", name="Lan.Nguyen") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["username"] == "lan.nguyen"
    assert told["name"] == "Nguyễn Thị Lan"
    assert [row["role"] for row in told["roles"]] == ["administrator", "leader"]
    user = User.objects.get()
    assert user.check_password(GOOD)
    assert not user.must_change_password
    assert {row.valid_from for row in Membership.objects.all()} == {clock.today()}


def test_no_password_reaches_the_audit_trail(police: Agency, typed: Any) -> None:
    typed(f"{GOOD}\n")
    add()
    typed("mật khẩu khác hẳn\n")
    assert main(["accounts", "password", "lan.nguyen", "--password-stdin", "--must-change"]) == 0
    entries = list(Entry.objects.all())
    assert [entry.action for entry in entries] == [
        "accounts.account.opened", "agencies.membership.given", "accounts.password.reset",
    ]  # fmt: skip
    written = json.dumps([[entry.details, entry.actor, entry.subject_id] for entry in entries], ensure_ascii=False)
    assert GOOD not in written
    assert "khác hẳn" not in written
    assert User.objects.get().password not in written
    assert User.objects.get().must_change_password


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"agency": "99.khong-co"}, "không có cơ quan mang mã “99.khong-co”"),
        ({"role": "boss"}, "Không có vai trò “boss”. Các vai trò: clerk (cán bộ nhập liệu)"),
        ({"name": "Lan Nguyễn"}, "chỉ gồm chữ không dấu"),
        ({"name": "a"}, "từ 3 đến 150 ký tự"),
    ],
)
def test_a_wrong_entry_is_one_sentence(
    police: Agency, typed: Any, capsys: Any, changed: dict[str, str], sentence: str
) -> None:
    typed(f"{GOOD}\n")
    assert add(**changed) == 2  # type: ignore[arg-type]
    assert sentence in capsys.readouterr().err
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("password", "sentence"), [("ngắn", "ít nhất 12 ký tự"), ("q1w2e3r4t5y6", "dễ đoán"), ("", "ít nhất 12 ký tự")]
)
def test_a_weak_password_is_refused_in_vietnamese(
    police: Agency, typed: Any, capsys: Any, password: str, sentence: str
) -> None:
    typed(f"{password}\n")
    assert add() == 2
    assert sentence in capsys.readouterr().err
    assert not User.objects.exists()


def test_an_account_is_made_once_whatever_the_case_of_its_letters(police: Agency, typed: Any, capsys: Any) -> None:
    User.objects.create(username="Lan.Nguyen")
    typed(f"{GOOD}\n")
    assert add(name="LAN.nguyen") == 2
    assert "Đã có tài khoản lan.nguyen" in capsys.readouterr().err


def test_an_agency_that_is_no_more_takes_nobody(police: Agency, typed: Any, capsys: Any) -> None:
    Agency.objects.update(valid_to=date(2025, 6, 30))
    typed(f"{GOOD}\n")
    assert add() == 2
    assert "chỉ có hiệu lực đến 30/6/2025" in capsys.readouterr().err


def test_without_a_terminal_the_password_must_come_in_another_way(police: Agency, typed: Any, capsys: Any) -> None:
    typed("")
    given = ["accounts", "add", "lan.nguyen", "--name", "Lan", "--agency", "99.ca", "--role", "clerk"]
    assert main(given) == 2
    assert "--password-stdin" in capsys.readouterr().err


def test_typed_twice_at_the_terminal(police: Agency, monkeypatch: Any, capsys: Any) -> None:
    answers = iter([GOOD, "khác", GOOD, GOOD])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda _prompt: next(answers))
    given = ["accounts", "add", "lan.nguyen", "--name", "Lan", "--agency", "99.ca", "--role", "clerk"]
    assert main(given) == 2
    assert "chưa giống nhau" in capsys.readouterr().err
    assert main(given) == 0


def test_closing_reopening_and_listing(police: Agency, typed: Any, capsys: Any) -> None:
    typed(f"{GOOD}\n")
    add()
    assert main(["accounts", "close", "lan.nguyen"]) == 0
    assert not User.objects.get().is_active
    assert main(["accounts", "close", "lan.nguyen"]) == 2
    assert "đã đóng từ trước" in capsys.readouterr().err
    main(["accounts", "list", "--json"])
    (row,) = json.loads(capsys.readouterr().out)
    assert row["open"] is False
    assert row["roles"] == [{"agency": "Công an tỉnh Thử Nghiệm", "role": "administrator"}]
    assert main(["accounts", "reopen", "lan.nguyen"]) == 0
    assert User.objects.get().is_active
    assert main(["accounts", "list"]) == 0
    assert "Công an tỉnh Thử Nghiệm: quản trị" in capsys.readouterr().out


@pytest.mark.parametrize("what", ["password", "close", "reopen"])
def test_an_unknown_account_is_said_to_be_unknown(db: None, capsys: Any, typed: Any, what: str) -> None:
    typed(f"{GOOD}\n")
    assert main(["accounts", what, "khong.co"]) == 2
    assert "Không có tài khoản “khong.co”" in capsys.readouterr().err


def test_loading_a_province_again_changes_nothing(db: None, capsys: Any) -> None:
    assert main(["register", "load", "--province", "24", "--json"]) == 0
    loaded = json.loads(capsys.readouterr().out)
    in_register = Area.objects.exclude(level="central")  # the centre has a row of its own, which no register lists
    assert loaded["areas"] == in_register.count() > 100
    assert loaded["agencies"] == Agency.objects.count()
    assert main(["register", "load", "--province", "24"]) == 0
    assert "không có gì thay đổi" in capsys.readouterr().out
    assert main(["register", "load", "--province", "khong-co"]) == 2
    assert "Không có tỉnh, thành phố nào mang mã “khong-co”" in capsys.readouterr().err


def test_a_whole_chain_passes_and_a_changed_row_is_named(police: Agency, typed: Any, capsys: Any) -> None:
    typed(f"{GOOD}\n")
    add()
    capsys.readouterr()
    assert main(["audit", "check"]) == 0
    assert "còn nguyên: 2 dòng" in capsys.readouterr().out
    second = Entry.objects.order_by("pk")[1]
    Entry.objects.filter(pk=second.pk).update(actor="người khác")
    assert main(["audit", "check", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["whole"] is False
    assert (told["broken_entry"], told["broken_action"]) == (second.pk, "agencies.membership.given")
    assert main(["audit", "check"]) == 1
    assert f"dòng {second.pk} " in capsys.readouterr().out
