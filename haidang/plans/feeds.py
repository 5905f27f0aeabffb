"""Calendar feeds: a secret address for each seat, which whoever holds it reads without signing in.

Only the hash of a key is kept. A key works while its membership, its agency and its account do; a new key ends the one
before, and ending one is at once. Each step is audited; the key itself is never written anywhere.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from django.db import transaction

from haidang.accounts.actors import ALLOWED, Actor, Decision, refused, require
from haidang.agencies.models import Membership
from haidang.agencies.queries import in_force, seat_of
from haidang.audit.actions import record
from haidang.kernel import clock
from haidang.plans.models import FeedKey

KEY_BYTES = 32
LONGEST_KEY = 64


@dataclass(frozen=True, slots=True)
class SeatFeed:
    """A seat of the actor, with its key when it has one."""

    membership: Membership
    key: FeedKey | None


def may_keep_feed(actor: Actor, membership: Membership) -> Decision:
    """Only the person who holds the seat makes or ends its feed."""
    if actor.user_id is not None and membership.user_id == actor.user_id:
        return ALLOWED
    return refused("Địa chỉ lịch do chính người giữ vai trò tạo và thu hồi.")


def feeds_of(actor: Actor) -> list[SeatFeed]:
    """The actor's seats, one for each agency, each with its living key; two queries."""
    if actor.user_id is None:
        return []
    held = in_force(Membership.objects.filter(user_id=actor.user_id), clock.today())
    first: dict[int, Membership] = {}
    for row in held.select_related("agency").order_by("pk"):
        first.setdefault(row.agency_id, row)
    rows = FeedKey.objects.filter(membership__in=first.values(), ended_at=None)
    keys = {row.membership_id: row for row in rows}
    return [SeatFeed(row, keys.get(row.pk)) for row in first.values()]


def seat_for(actor: Actor, pk: int) -> Membership | None:
    """One of the actor's seats; None for anybody else's."""
    return next((feed.membership for feed in feeds_of(actor) if feed.membership.pk == pk), None)


@transaction.atomic
def make_key(actor: Actor, membership: Membership) -> str:
    """A fresh key for a seat; the one before it works no more. The key is told once, here."""
    row = Membership.objects.select_for_update().get(pk=membership.pk)
    require(may_keep_feed(actor, row))
    ended = _end(row)
    key = secrets.token_urlsafe(KEY_BYTES)
    FeedKey.objects.create(membership=row, digest=_digest(key), made_at=clock.now())
    _audit(actor, "calendar.key_renewed" if ended else "calendar.key_made", row)
    return key


@transaction.atomic
def end_key(actor: Actor, membership: Membership) -> bool:
    """End the feed of a seat; whether there was one."""
    row = Membership.objects.select_for_update().get(pk=membership.pk)
    require(may_keep_feed(actor, row))
    ended = _end(row)
    if ended:
        _audit(actor, "calendar.key_ended", row)
    return ended


def holder_of(key: str) -> Actor | None:
    """Who reads with this key: its seat and nothing else of the person; None when it works no more or never did."""
    if not key or len(key) > LONGEST_KEY:
        return None
    row = (
        FeedKey.objects.filter(digest=_digest(key), ended_at=None, membership__user__is_active=True)
        .select_related("membership__agency__area")
        .first()
    )
    if row is None or not in_force(Membership.objects.filter(pk=row.membership_id), clock.today()).exists():
        return None
    return Actor(user_id=None, name="", seats=(seat_of(row.membership),))


def _end(membership: Membership) -> bool:
    return bool(FeedKey.objects.filter(membership=membership, ended_at=None).update(ended_at=clock.now()))


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _audit(actor: Actor, action: str, membership: Membership) -> None:
    record(action, membership, actor_id=actor.user_id, actor=actor.name, agency=actor.agency_name[:120])
