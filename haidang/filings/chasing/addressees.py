"""Who is written to about what an agency owes: its own people, or those of the agency that took over from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import F

from haidang.accounts.actors import Role
from haidang.agencies.models import AgencyLineage, Membership
from haidang.agencies.queries import in_force

WRITING = (Role.CLERK, Role.APPROVER)


def writers_of(agency_ids: Iterable[int], on: date) -> list[Membership]:
    """Who enters or approves for these agencies on the day and has an open account, by agency and person; one query."""
    rows = in_force(Membership.objects.filter(role__in=WRITING, user__is_active=True), on)
    return list(rows.filter(agency_id__in=list(agency_ids)).select_related("user").order_by("agency_id", "user_id"))


def writers_for(agency_ids: Iterable[int], on: date) -> dict[int, list[Membership]]:
    """By agency that owes, who enters or approves for it; for one that is gone, those of its heirs. Two queries.

    Heirs are the agencies of its level that took over its main function: they see what it owed and can take it over.
    """
    owing = sorted(agency_ids)
    heirs = _heirs(owing, on)
    answering = {pk: heirs.get(pk, [pk]) for pk in owing}
    people: dict[int, list[Membership]] = defaultdict(list)
    for membership in writers_of({pk for pks in answering.values() for pk in pks}, on):
        people[membership.agency_id].append(membership)
    return {pk: [one for at in pks for one in people[at]] for pk, pks in answering.items()}


def _heirs(agency_ids: list[int], on: date) -> dict[int, list[int]]:
    edges = AgencyLineage.objects.filter(
        old_id__in=agency_ids, old__valid_to__lt=on, function=F("old__function"), old__level=F("new__level")
    )
    found: dict[int, list[int]] = defaultdict(list)
    for old, new in edges.order_by("new_id").values_list("old_id", "new_id"):
        found[old].append(new)
    return found
