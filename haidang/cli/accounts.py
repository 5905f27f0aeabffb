"""Make and look after accounts, from the server. The first administrator of an office is made here.

  haidang register load --province 24
  haidang agencies --area 24                                    the codes of the agencies
  haidang accounts add lan.nguyen --name "Nguyễn Thị Lan" --agency 24-20250701.cong-an --role administrator
  haidang accounts list
  haidang accounts password lan.nguyen                          set another password
  haidang accounts close lan.nguyen                             no longer signs in; reopen takes it back

The password is asked for twice at the terminal; with --password-stdin it is the first line of the standard input.
Roles: clerk (nhập liệu), approver (duyệt), consolidator (tổng hợp), leader (lãnh đạo), administrator (quản trị).
"""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from typing import TYPE_CHECKING, Any

from haidang.accounts.actors import ROLE_NAMES, SYSTEM, Role
from haidang.cli import UsageError
from haidang.cli.django_setup import require_tables, start_django
from haidang.kernel import clock
from haidang.kernel.dates import short_date

if TYPE_CHECKING:
    from haidang.accounts.people import Person
    from haidang.agencies.models import Agency


def register(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of each thing to do."""
    doing = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    add = doing.add_parser("add", help="make an account with its roles at one agency")
    add.add_argument("username", metavar="USERNAME")
    add.add_argument("--name", required=True, metavar="NAME", help="the person's full name")
    add.add_argument("--agency", required=True, metavar="CODE", help='code of the agency ("haidang agencies --area")')
    add.add_argument("--role", required=True, action="append", dest="roles", metavar="ROLE", help="may be repeated")
    listing = doing.add_parser("list", help="list the accounts with their roles of today")
    password = doing.add_parser("password", help="set a person's password")
    close = doing.add_parser("close", help="close an account: the person no longer signs in")
    reopen = doing.add_parser("reopen", help="open a closed account again")
    for one in (password, close, reopen):
        one.add_argument("username", metavar="USERNAME")
    for one in (add, password):
        one.add_argument("--password-stdin", action="store_true", help="read the password from the standard input")
        one.add_argument("--must-change", action="store_true", help="the person chooses another at the next sign-in")
    for one in (add, listing):
        one.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Do what is asked; every refusal is one sentence and exit status 2."""
    start_django()
    require_tables()
    from haidang.accounts.rules import AccountProblem

    doing = {"add": _add, "list": _list, "password": _password, "close": _close, "reopen": _reopen}
    try:
        doing[args.what](args)
    except AccountProblem as problem:
        raise UsageError(str(problem)) from problem
    return 0


def _add(args: argparse.Namespace) -> None:
    from haidang.accounts.actions import refuse_unfit_entries
    from haidang.agencies.actions import add_person
    from haidang.agencies.people import person_of

    roles = [_role(word) for word in args.roles]
    agency = _agency(args.agency)
    refuse_unfit_entries(args.username, args.name)  # before a password is asked for
    user = add_person(
        SYSTEM, args.username, args.name, agency, roles,
        password=_asked_password(args), must_change=args.must_change, valid_from=clock.today(),
    )  # fmt: skip
    if args.json:
        print(json.dumps(_document(person_of(user, clock.today())), ensure_ascii=False, indent=2))
    else:
        words = ", ".join(ROLE_NAMES[role] for role in roles)
        print(f"Đã lập tài khoản {user.username} ({user.display_name}): {words} ở {agency.name}.")


def _list(args: argparse.Namespace) -> None:
    from haidang.accounts.queries import all_accounts
    from haidang.agencies.people import people_of

    people = people_of(all_accounts(SYSTEM), clock.today())
    if args.json:
        print(json.dumps([_document(person) for person in people], ensure_ascii=False, indent=2))
        return
    for person in people:
        user = person.user
        seats = "; ".join(f"{seat.agency_name}: {ROLE_NAMES[seat.role]}" for seat in person.seats) or "chưa có vai trò"
        closed = "" if user.is_active else " (đã đóng)"
        print(f"{user.username:<24} {user.display_name}{closed}: {seats}")
    if not people:
        print("Chưa có tài khoản nào. Lập tài khoản đầu tiên: haidang accounts add --help")


def _password(args: argparse.Namespace) -> None:
    from haidang.accounts.actions import set_password

    person = _person(args.username)
    set_password(SYSTEM, person, _asked_password(args), must_change=args.must_change)
    print(f"Đã đặt mật khẩu mới cho {person.user.username}. Ai đang dùng mật khẩu cũ phải đăng nhập lại.")


def _close(args: argparse.Namespace) -> None:
    from haidang.accounts.actions import close_account

    person = _person(args.username)
    close_account(SYSTEM, person)
    print(f"Đã đóng tài khoản {person.user.username}. Việc đã làm vẫn còn trong nhật ký.")


def _reopen(args: argparse.Namespace) -> None:
    from haidang.accounts.actions import reopen_account

    person = _person(args.username)
    reopen_account(SYSTEM, person)
    print(f"Đã mở lại tài khoản {person.user.username}, với mật khẩu và vai trò như trước.")


def _person(username: str) -> Person:
    from haidang.accounts.queries import account_named
    from haidang.agencies.people import person_of

    user = account_named(SYSTEM, username)
    if user is None:
        raise UsageError(f"Không có tài khoản “{username}”. Chạy “haidang accounts list” để xem các tài khoản.")
    return person_of(user, clock.today())


def _role(word: str) -> Role:
    try:
        return Role(word)
    except ValueError:
        known = ", ".join(f"{role.value} ({ROLE_NAMES[role]})" for role in Role)
        raise UsageError(f"Không có vai trò “{word}”. Các vai trò: {known}.") from None


def _agency(code: str) -> Agency:
    from haidang.agencies.queries import agency_by_code, in_force_on

    agency = agency_by_code(code)
    if agency is None:
        raise UsageError(
            f"Cơ sở dữ liệu không có cơ quan mang mã “{code}”. Xem mã bằng “haidang agencies --area”, "
            "nạp danh mục bằng “haidang register load --province”."
        )
    if not in_force_on(agency, clock.today()):
        until = f" đến {short_date(agency.valid_to)}" if agency.valid_to else ""
        raise UsageError(
            f"{agency.name} (mã “{code}”) chỉ có hiệu lực{until}. Xem cơ quan hiện nay bằng “haidang agencies --area”."
        )
    return agency


def _asked_password(args: argparse.Namespace) -> str:
    """The password from the standard input, or typed twice at the terminal."""
    if args.password_stdin:
        return sys.stdin.readline(4096).rstrip("\r\n")
    if not sys.stdin.isatty():
        raise UsageError("Không có màn hình để hỏi mật khẩu. Thêm --password-stdin và đưa mật khẩu qua đầu vào chuẩn.")
    first = getpass.getpass("Mật khẩu: ")
    if getpass.getpass("Nhập lại mật khẩu: ") != first:
        raise UsageError("Hai lần nhập mật khẩu chưa giống nhau. Chạy lại lệnh và nhập lại.")
    return first


def _document(person: Person) -> dict[str, Any]:
    user = person.user
    return {
        "username": user.username,
        "name": user.display_name,
        "open": user.is_active,
        "must_change_password": user.must_change_password,
        "roles": [{"agency": seat.agency_name, "role": seat.role.value} for seat in person.seats],
    }
