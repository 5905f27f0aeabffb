"""Moving the people of dissolved agencies to the ones that took over, so that they go on with their work."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction

from haidang.accounts.actors import Actor, Role, require
from haidang.accounts.policies import may_open_accounts
from haidang.agencies.actions import appoint, end_membership
from haidang.agencies.models import Agency, Membership
from haidang.agencies.people import agencies_within
from haidang.agencies.queries import heirs_of, in_force


@dataclass(slots=True)
class Moved:
    """Roles moved, each with the agency it went to, and those that a person must decide, with whom it could be."""

    day: date
    moved: list[tuple[Membership, Agency]] = field(default_factory=list)
    undecided: list[tuple[Membership, tuple[Agency, ...]]] = field(default_factory=list)


def members_left_behind(actor: Actor, on: date) -> Moved:
    """The roles, in the actor's reach, at agencies that are gone by `on`, and where each would go.

    Refused for who administers nothing. A few queries for each dissolved agency with people.
    """
    require(may_open_accounts(actor))
    gone = agencies_within(actor, Role.ADMINISTRATOR).filter(valid_to__lt=on)
    rows = in_force(Membership.objects.filter(agency__in=gone.order_by()), on)
    found = Moved(on)
    heirs: dict[int, list[Agency]] = {}
    for row in rows.select_related("user", "agency__area").order_by("agency__code", "user_id", "pk"):
        if row.agency_id not in heirs:
            heirs[row.agency_id] = heirs_of(row.agency, on)
        able = heirs[row.agency_id]
        if len(able) == 1:
            found.moved.append((row, able[0]))
        else:
            found.undecided.append((row, tuple(able)))
    return found


@transaction.atomic
def move_members(actor: Actor, on: date) -> Moved:
    """Give everybody with a role at a dissolved agency the same role at the only agency that took over, from `on`, and
    end the old one on its agency's last day. All or none; again does nothing more. Where several took over, nothing is
    done: an administrator gives the role by hand.
    """
    found = members_left_behind(actor, on)
    for row, heir in found.moved:
        held = in_force(Membership.objects.filter(user=row.user, agency=heir, role=row.role), on)
        if not held.exists():
            appoint(actor, row.user, heir, Role(row.role), valid_from=on, valid_to=row.valid_to)
        last = row.agency.valid_to or on - timedelta(days=1)
        end_membership(actor, row, max(last, row.valid_from or last))
    return found
