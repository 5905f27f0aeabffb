"""Making accounts, passwords, closing and reopening. No password ever reaches the audit trail or a log."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from haidang.accounts.actors import Actor, require
from haidang.accounts.models import User
from haidang.accounts.people import Person
from haidang.accounts.policies import may_administer, may_change_own_password, may_open_accounts
from haidang.accounts.rules import MOST_PASSWORD, AccountProblem, account_name, generated_password, person_name
from haidang.audit.actions import record


@transaction.atomic
def open_account(actor: Actor, username: str, name: str, password: str, *, must_change: bool) -> User:
    """A new account without any role. Raises Refused; AccountProblem when an entry is wrong or the name is taken."""
    require(may_open_accounts(actor))
    refuse_unfit_entries(username, name)
    user = User(username=account_name(username), display_name=person_name(name), must_change_password=must_change)
    check_password_rules(password, user)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError:  # somebody made the same one since we looked
        raise _taken(user.username) from None
    _note(actor, "account.opened", user, username=user.username)
    return user


def reset_password(actor: Actor, person: Person) -> str:
    """Give the person a generated password, to be changed at the next sign-in; returned once, kept nowhere."""
    password = generated_password()
    set_password(actor, person, password, must_change=True)
    return password


@transaction.atomic
def set_password(actor: Actor, person: Person, password: str, *, must_change: bool) -> None:
    """Set somebody's password; whoever is signed in with the old one is signed out. Raises Refused, AccountProblem."""
    require(may_administer(actor, person.user.pk, person.seats))
    check_password_rules(password, person.user)
    person.user.set_password(password)
    person.user.must_change_password = must_change
    person.user.save(update_fields=["password", "must_change_password"])
    _note(actor, "password.reset", person.user, username=person.user.username)


@transaction.atomic
def change_own_password(actor: Actor, user: User, current: str, fresh: str, again: str) -> None:
    """A person's own change: the present password, then the new one twice. Raises Refused, AccountProblem."""
    require(may_change_own_password(actor, user.pk))
    if not user.check_password(current[:MOST_PASSWORD]):
        raise AccountProblem("current", "Mật khẩu đang dùng chưa đúng. Kiểm tra bộ gõ tiếng Việt và phím Caps Lock.")
    if fresh != again:
        raise AccountProblem("again", "Hai lần nhập mật khẩu mới chưa giống nhau. Nhập lại cả hai ô.")
    if fresh == current:
        raise AccountProblem("password", "Mật khẩu mới phải khác mật khẩu đang dùng. Chọn mật khẩu khác.")
    check_password_rules(fresh, user)
    user.set_password(fresh)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    _note(actor, "password.changed", user, username=user.username)


def close_account(actor: Actor, person: Person) -> None:
    """The person no longer signs in, at once; what they did stays. Raises Refused, AccountProblem."""
    _switch(actor, person, active=False)


def reopen_account(actor: Actor, person: Person) -> None:
    """The person signs in again, with the password and the roles they had. Raises Refused, AccountProblem."""
    _switch(actor, person, active=True)


@transaction.atomic
def _switch(actor: Actor, person: Person, *, active: bool) -> None:
    require(may_administer(actor, person.user.pk, person.seats))
    user = User.objects.select_for_update().get(pk=person.user.pk)
    if user.is_active == active:
        raise AccountProblem("account", f"Tài khoản {user.username} {'đang mở' if active else 'đã đóng'} từ trước.")
    user.is_active = person.user.is_active = active
    user.save(update_fields=["is_active"])
    _note(actor, "account.reopened" if active else "account.closed", user, username=user.username)


def refuse_unfit_entries(username: str, name: str) -> None:
    """AccountProblem when the account name or the person's name will not do, or the account is there already."""
    wanted = account_name(username)
    person_name(name)
    if User.objects.filter(username__iexact=wanted).exists():
        raise _taken(wanted)


def check_password_rules(password: str, user: User) -> None:
    """Ask Django's validators (settings); AccountProblem with all that they object to, in Vietnamese."""
    if len(password) > MOST_PASSWORD:
        raise AccountProblem("password", f"Mật khẩu dài quá {MOST_PASSWORD} ký tự. Chọn mật khẩu ngắn hơn.")
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise AccountProblem("password", " ".join(_in_vietnamese(one) for one in error.error_list)) from None


def _in_vietnamese(error: ValidationError) -> str:
    """One objection of a validator of Django's; those we have no words for keep Django's own."""
    if error.code == "password_too_short":
        least = (error.params or {}).get("min_length", "")
        return f"Mật khẩu phải có ít nhất {least} ký tự. Ghép vài từ không liên quan cho dễ nhớ."
    known = {
        "password_too_common": "Mật khẩu này nhiều người dùng, dễ đoán. Chọn mật khẩu khác.",
        "password_entirely_numeric": "Mật khẩu chỉ có chữ số, dễ đoán. Thêm chữ.",
        "password_too_similar": "Mật khẩu gần giống tên tài khoản hoặc họ tên. Chọn mật khẩu khác.",
    }
    return known.get(error.code or "") or " ".join(error.messages)


def _taken(username: str) -> AccountProblem:
    return AccountProblem("account", f"Đã có tài khoản {username}. Chọn tên khác, hoặc giao vai trò cho tài khoản đó.")


def _note(actor: Actor, action: str, user: User, **details: object) -> None:
    record(
        f"accounts.{action}", user, actor_id=actor.user_id, actor=actor.name, agency=actor.agency_name[:120], **details
    )  # fmt: skip
