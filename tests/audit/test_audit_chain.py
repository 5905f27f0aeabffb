"""The audit trail: rows are added, each is chained to the one before, and tampering shows."""

from __future__ import annotations

import pytest

from haidang.accounts.models import User
from haidang.audit.actions import record
from haidang.audit.models import Entry
from haidang.audit.queries import first_broken_entry, history_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return User.objects.create(username="can-bo-mau")


def test_every_event_is_one_row_in_order(person: User) -> None:
    record("account.created", person, actor="quản trị mẫu")
    record("account.changed", person, actor="quản trị mẫu", role="clerk")
    assert [entry.action for entry in history_of(person)] == ["account.created", "account.changed"]
    assert first_broken_entry() is None


def test_a_changed_row_breaks_the_chain(person: User) -> None:
    first = record("account.created", person)
    record("account.changed", person)
    Entry.objects.filter(pk=first.pk).update(actor="người khác")
    assert first_broken_entry() == first


def test_a_removed_row_breaks_the_chain(person: User) -> None:
    first = record("account.created", person)
    second = record("account.changed", person)
    Entry.objects.filter(pk=first.pk).delete()
    assert first_broken_entry() == second
