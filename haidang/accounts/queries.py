"""Reading accounts."""

from __future__ import annotations

from django.db.models import QuerySet

from haidang.accounts.actors import Actor, require
from haidang.accounts.models import User
from haidang.accounts.policies import may_open_accounts


def account_named(actor: Actor, username: str) -> User | None:
    """The account of this name, whatever the case of its letters; None when there is none. Raises Refused."""
    require(may_open_accounts(actor))
    return User.objects.filter(username__iexact=username.strip()).first()


def all_accounts(actor: Actor) -> QuerySet[User]:
    """Every account, by name; for the server's own commands only: nobody else sees any."""
    rows = User.objects.order_by("username")
    return rows if actor.system else rows.none()
