"""Account names, passwords that we make, and who administers whom."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.accounts.actors import NOBODY, SYSTEM, Actor, Role, Seat
from haidang.accounts.policies import administers, may_administer, may_change_own_password, may_open_accounts
from haidang.accounts.rules import AccountProblem, account_name, generated_password, person_name

HEALTH = Seat(Role.CLERK, 10, "Sở mẫu", "99")
COMMUNE = Seat(Role.CLERK, 30, "Ủy ban nhân dân xã mẫu", "99/99001")
ELSEWHERE = Seat(Role.CLERK, 40, "Sở mẫu của tỉnh khác", "98")
OWN = Actor(1, "quản trị sở", (Seat(Role.ADMINISTRATOR, 10, "Sở mẫu", "99"),))
STANDING = Actor(2, "quản trị tỉnh", (Seat(Role.ADMINISTRATOR, 20, "Công an tỉnh mẫu", "99", standing=True),))
CONSOLIDATOR = Actor(3, "tổng hợp", (Seat(Role.CONSOLIDATOR, 20, "Công an tỉnh mẫu", "99", standing=True),))


@pytest.mark.parametrize("typed", ["lan", " Lan.Nguyen ", "1a-b_c@d+e"])
def test_a_fit_account_name_is_kept_in_small_letters(typed: str) -> None:
    assert account_name(typed) == typed.strip().lower()


@pytest.mark.parametrize("typed", ["", "ab", "lán", "a b c", ".lan", "a" * 151, "lan\n../x", "lan<b>"])
def test_an_unfit_account_name_is_refused(typed: str) -> None:
    with pytest.raises(AccountProblem, match="chữ không dấu") as refusal:
        account_name(typed)
    assert refusal.value.field == "account"


@given(st.text(max_size=200))
def test_whatever_is_typed_becomes_an_account_name_or_a_sentence(typed: str) -> None:
    try:
        name = account_name(typed)
    except AccountProblem:
        return
    assert name == account_name(name)
    assert name.isascii()
    assert 3 <= len(name) <= 150


def test_a_name_loses_its_needless_spaces_and_must_be_there() -> None:
    assert person_name("  Nguyễn \n Thị  Lan ") == "Nguyễn Thị Lan"
    for typed in ("", "  ", "x" * 121):
        with pytest.raises(AccountProblem):
            person_name(typed)


def test_made_passwords_are_long_and_without_letters_that_look_alike() -> None:
    made = {generated_password() for _ in range(200)}
    assert len(made) == 200
    assert all(len(password) == 19 and not set(password) & set("0o1liI") for password in made)


def test_an_administrator_looks_after_its_own_agency_a_standing_one_after_its_area() -> None:
    assert administers(OWN, 10, "99")
    assert not administers(OWN, 20, "99")
    assert administers(STANDING, 10, "99")
    assert administers(STANDING, 30, "99/99001")
    assert not administers(STANDING, 40, "98")
    assert not administers(STANDING, 50, "")
    assert not administers(CONSOLIDATOR, 20, "99")


def test_one_seat_out_of_reach_is_enough_to_refuse() -> None:
    assert may_administer(OWN, 9, [HEALTH])
    assert not may_administer(OWN, 9, [HEALTH, COMMUNE])
    assert may_administer(STANDING, 9, [HEALTH, COMMUNE])
    assert not may_administer(STANDING, 9, [HEALTH, ELSEWHERE])


def test_an_account_without_any_seat_belongs_to_the_server() -> None:
    assert not may_administer(STANDING, 9, [])
    assert may_administer(SYSTEM, 9, [])


def test_nobody_administers_themselves_and_everybody_changes_their_own_password() -> None:
    assert not may_administer(OWN, OWN.user_id, [HEALTH])
    assert may_change_own_password(CONSOLIDATOR, 3)
    assert not may_change_own_password(CONSOLIDATOR, 4)
    assert not may_change_own_password(SYSTEM, 4)


def test_accounts_are_opened_by_administrators_and_the_server_only() -> None:
    assert may_open_accounts(OWN)
    assert may_open_accounts(SYSTEM)
    assert not may_open_accounts(CONSOLIDATOR)
    assert not may_open_accounts(NOBODY)
