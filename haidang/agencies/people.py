"""People as their administrators see them: who is in reach, with which roles, and what they did. The actor comes first.

In reach are the agencies where the actor sits in one of the roles that count, and for a standing agency those of its
area and of the areas below.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.db.models.functions import Left

from haidang.accounts.actors import Actor, Role, require
from haidang.accounts.models import User
from haidang.accounts.people import Person
from haidang.accounts.policies import may_open_accounts
from haidang.agencies.models import Agency, Membership
from haidang.agencies.policies import JOURNAL_ROLES, may_read_journal
from haidang.agencies.queries import in_force, seat_of, stood_over
from haidang.audit.models import Entry
from haidang.audit.queries import newest_first
from haidang.kernel.text import bare, collation_key


@dataclass(frozen=True, slots=True)
class Listed:
    """A person in reach: with the roles held, past ones too, at agencies in reach (`seen`), and those of them that have
    not ended (`lasting`).
    """

    person: Person
    seen: list[Membership]
    lasting: list[Membership]


def agencies_within(actor: Actor, *roles: Role) -> QuerySet[Agency]:
    """The agencies, in force or not, that these seats of the actor reach: their own; for a standing agency, its area's
    and those below. None without such a seat.
    """
    if actor.system:
        return Agency.objects.all()
    seats = [seat for seat in actor.seats if seat.role in roles]
    below = Q(area__isnull=False) & stood_over(actor, "area", *roles)
    return Agency.objects.filter(Q(pk__in=[seat.agency_id for seat in seats]) | below)


def person_of(user: User, on: date) -> Person:
    """The person with the seats that count for who administers the account (see Person)."""
    held = list(Membership.objects.filter(user=user).select_related("agency__area").order_by("pk"))
    return _person(user, held, on)


def people_of(users: QuerySet[User], on: date) -> list[Person]:
    """These people, in their order, each with the seats held today (none, when all have ended); two queries."""
    listed = list(users)
    rows = in_force(Membership.objects.filter(user__in=users.order_by()), on).select_related("agency__area")
    seats: dict[int, list[Membership]] = {}
    for row in rows.order_by("pk"):
        seats.setdefault(row.user_id, []).append(row)
    return [Person(user, tuple(seat_of(row) for row in seats.get(user.pk, []))) for user in listed]


def people_within(actor: Actor, search: str = "") -> list[int]:
    """The numbers of the accounts with a seat, past ones too, that the actor administers; by name.

    `search` finds names and account names, with or without diacritics. Refused for who administers nothing.
    """
    require(may_open_accounts(actor))
    members = Membership.objects.filter(agency__in=agencies_within(actor, Role.ADMINISTRATOR)).values("user_id")
    rows = User.objects.filter(pk__in=members).values_list("pk", "display_name", "username")
    found = [row for row in rows if _is_sought(search, row[1], row[2])]
    return [pk for pk, _name, _account in sorted(found, key=lambda row: (collation_key(row[1]), row[2]))]


def people_listed(actor: Actor, numbers: Collection[int], on: date) -> list[Listed]:
    """These people of `people_within`, in its order, each with the memberships that the actor may see."""
    users = User.objects.in_bulk(list(numbers))
    reach = set(
        agencies_within(actor, Role.ADMINISTRATOR).filter(memberships__user__in=users).values_list("pk", flat=True)
    )
    held: dict[int, list[Membership]] = {pk: [] for pk in users}
    for row in Membership.objects.filter(user__in=users).select_related("agency__area").order_by("agency__name", "pk"):
        held[row.user_id].append(row)
    return [_listed(users[pk], held[pk], reach, on) for pk in numbers if pk in users]


def person_within(actor: Actor, pk: int, on: date) -> Listed | None:
    """One person whom the actor administers at some agency; None for everybody else's people. Raises Refused."""
    require(may_open_accounts(actor))
    reach = agencies_within(actor, Role.ADMINISTRATOR)
    inside = Membership.objects.filter(user_id=pk, agency__in=reach).exists()
    return next(iter(people_listed(actor, [pk], on)), None) if inside else None


def administered_areas(actor: Actor, on: date) -> list[tuple[int, str]]:
    """The areas, in force, of the agencies where the actor gives roles, as (number, name), from the top down."""
    agencies = in_force(agencies_within(actor, Role.ADMINISTRATOR).filter(area__isnull=False), on)
    rows = agencies.values_list("area__path", "area_id", "area__name", "area__valid_to").order_by().distinct()
    return [(pk, name) for path, pk, name, end in sorted(rows) if end is None or end >= on]


def administered_agencies(actor: Actor, on: date, area_pk: int | None) -> list[Agency]:
    """The agencies in force of one area (None: all that have no area) where the actor gives roles, by name."""
    placed = Q(area__isnull=True) if area_pk is None else Q(area_id=area_pk)
    rows = in_force(agencies_within(actor, Role.ADMINISTRATOR).filter(placed), on)
    return sorted(rows.select_related("area"), key=lambda agency: (not agency.standing, collation_key(agency.name)))


def journal(actor: Actor, person: str = "") -> QuerySet[Entry]:
    """The audit entries of the people and agencies in reach, newest first; of who is called so, when given.

    By agency and by person: agencies of other areas may bear the same name. Refused for everybody but administrators
    and leaders.
    """
    require(may_read_journal(actor))
    reach = agencies_within(actor, *JOURNAL_ROLES)
    members = User.objects.filter(memberships__agency__in=reach).distinct()
    rows = newest_first()
    if person:
        named = members.values_list("pk", "display_name", "username")
        rows = rows.filter(actor_id__in=[pk for pk, name, account in named if _is_sought(person, name, account)])
    if actor.system:
        return rows
    names = reach.annotate(kept=Left("name", 120)).order_by().values("kept")
    return rows.filter(agency__in=names, actor_id__in=members.values("pk"))


def _is_sought(search: str, *names: str) -> bool:
    """Whether one of the names has the words, diacritics aside; no words find everybody."""
    sought = bare(search)
    return not sought or any(sought in bare(name) for name in names)


def _listed(user: User, held: list[Membership], reach: set[int], on: date) -> Listed:
    inside = [row for row in held if row.agency_id in reach]
    return Listed(
        _person(user, held, on), inside, [row for row in inside if row.valid_to is None or row.valid_to >= on]
    )


def _person(user: User, held: list[Membership], on: date) -> Person:
    lasting = [row for row in held if row.valid_to is None or row.valid_to >= on]
    return Person(user, tuple(seat_of(row) for row in lasting or held))
