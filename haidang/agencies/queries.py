"""Reading areas, agencies and memberships by date. The lists of areas and agencies are public; they take no actor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from django.db.models import F, Model, Q, QuerySet

from haidang.accounts.actors import NOBODY, Actor, Role, Seat
from haidang.agencies.models import Agency, AgencyLineage, Area, AreaLineage, Level, Membership
from haidang.agencies.records import AgencyRecord

if TYPE_CHECKING:
    from haidang.accounts.models import User

Row = TypeVar("Row", bound=Model)
_RANK = {level: rank for rank, level in enumerate(Level.values)}


def in_force(rows: QuerySet[Row], on: date) -> QuerySet[Row]:
    """The dated rows that are valid on a day."""
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=on)
    not_ended = Q(valid_to__isnull=True) | Q(valid_to__gte=on)
    return rows.filter(begun & not_ended)


def areas_on(on: date, level: str | None = None) -> QuerySet[Area]:
    """The areas in force on a day, of one level when given, by code."""
    rows = in_force(Area.objects.all(), on)
    return rows.filter(level=level) if level else rows


def area_by_code(code: str, on: date) -> Area:
    """The area that has this code on that day; Area.DoesNotExist otherwise."""
    return in_force(Area.objects.filter(code=code), on).get()


def areas_under(area: Area, on: date, level: str | None = None) -> QuerySet[Area]:
    """The areas in force below an area (itself excluded), whatever row its name stands in on that day."""
    rows = in_force(Area.objects.filter(path__startswith=area.path + "/"), on)
    return rows.filter(level=level) if level else rows


def agencies_of(area: Area | None, on: date) -> QuerySet[Agency]:
    """The agencies in force of one area (None or the central area: of the centre), in the order of the specs."""
    area = None if area is not None and area.level == Level.CENTRAL else area
    return in_force(Agency.objects.filter(area=area).select_related("area"), on).order_by("pk")


def agencies_under(area: Area, on: date) -> QuerySet[Agency]:
    """The agencies in force of an area and of all areas below it, by level and area; the central area has them all."""
    below = Q(area__path=area.path) | Q(area__path__startswith=area.path + "/")
    inside = Q() if area.level == Level.CENTRAL else below
    return in_force(Agency.objects.filter(inside).select_related("area"), on).order_by("area__path", "pk")


def agency_by_code(code: str) -> Agency | None:
    """The row of this code that begins last; None when no such agency is loaded."""
    return (
        Agency.objects.filter(code=code).select_related("area").order_by(F("valid_from").desc(nulls_last=True)).first()
    )


def agencies_with(function: str, area: Area | None, on: date) -> QuerySet[Agency]:
    """The agencies of an area charged with a function on a day.

    That is: it is their main one, or they have taken it over by then, or they pass it on later; and they have not
    passed it on yet.
    """
    taken_over = Q(predecessors__function=function, predecessors__on__lte=on)
    to_be_passed = Q(successors__function=function, successors__on__gt=on)
    passed = AgencyLineage.objects.filter(function=function, on__lte=on).values("old")
    charged = agencies_of(area, on).filter(Q(function=function) | taken_over | to_be_passed)
    return charged.exclude(pk__in=passed).distinct()


def standing_agency(area: Area, on: date) -> Agency | None:
    """The committee's standing agency of an area on a day, if there is one."""
    return agencies_of(area, on).filter(standing=True).first()


def rows_of(records: Iterable[AgencyRecord]) -> list[Agency]:
    """The rows of these register entries, in their order; those that are not loaded are left out."""
    codes = [record.code for record in records]
    rows: dict[str, Agency] = {}
    for start in range(0, len(codes), 500):
        found = Agency.objects.filter(code__in=codes[start : start + 500]).select_related("area")
        rows.update({agency.code: agency for agency in found})
    return [rows[code] for code in codes if code in rows]


def agencies_by_id(ids: Iterable[int]) -> list[Agency]:
    """The agencies with these row ids, with their areas, in the order of lists."""
    return list(Agency.objects.filter(pk__in=set(ids)).select_related("area"))


def heirs_on(agency: Agency, on: date, function: str | None = None) -> list[Agency]:
    """Who answers for an agency on a day: itself while in force, else its successors (for one function when given)."""
    seen, frontier, found = {agency.pk}, [agency], []
    while frontier:
        current = frontier.pop(0)
        if in_force_on(current, on):
            found.append(current)
            continue
        passed = current.successors.filter(on__lte=on).select_related("new", "new__area").order_by("pk")
        for edge in passed.filter(function=function) if function else passed:
            if edge.new_id not in seen:
                seen.add(edge.new_id)
                frontier.append(edge.new)
    return found


def heirs_of(agency: Agency, on: date) -> list[Agency]:
    """Who can answer on a day for what the agency owed: the heirs of its main function, else of any; none before.

    Of heirs at several levels those of its own level count, else those of the highest: a district's police went to the
    province and to its communes, and only the province can answer for the whole.
    """
    if agency.valid_to is None or on <= agency.valid_to:
        return []
    heirs = heirs_on(agency, on, agency.function) or heirs_on(agency, on)
    if not heirs:
        return []
    own = [heir for heir in heirs if heir.level == agency.level]
    highest = min(_RANK[heir.level] for heir in heirs)
    return own or [heir for heir in heirs if _RANK[heir.level] == highest]


def memberships_of(user: User, on: date) -> QuerySet[Membership]:
    """A person's roles in force on a day, with agency and area."""
    rows = in_force(Membership.objects.filter(user=user), on)
    return rows.select_related("agency", "agency__area").order_by("pk")


def actor_for(user: User, on: date) -> Actor:
    """The person as an actor with the seats they hold on a day; nobody when the account is closed."""
    if not user.is_authenticated or not user.is_active:
        return NOBODY
    held = list(memberships_of(user, on))
    areas = [membership.agency.area for membership in held if membership.agency.standing]
    inherited = paths_inherited({area.pk: area for area in areas if area})
    seats = tuple(seat_of(membership, inherited.get(membership.agency.area_id, ())) for membership in held)
    return Actor(user_id=user.pk, name=str(user), seats=seats)


def paths_inherited(areas: dict[int, Area]) -> dict[int | None, tuple[str, ...]]:
    """For each of these areas (by row id) the paths of the areas that went whole into it, step by step.

    One query a step of lineage; none for areas that have always been there.
    """
    heirs: dict[int, set[int]] = {pk: {pk} for pk, area in areas.items() if area.valid_from is not None}
    found: dict[int | None, list[str]] = defaultdict(list)
    while heirs:
        edges = AreaLineage.objects.filter(new_id__in=heirs, whole=True).select_related("old").order_by("old__path")
        earlier: dict[int, set[int]] = defaultdict(set)
        for edge in edges:
            for heir in heirs[edge.new_id]:
                if edge.old.path != areas[heir].path and edge.old.path not in found[heir]:
                    found[heir].append(edge.old.path)
            if edge.old.valid_from is not None:
                earlier[edge.old_id] |= heirs[edge.new_id]
        heirs = earlier
    return {heir: tuple(paths) for heir, paths in found.items()}


def stood_over(actor: Actor, area: str = "area", *roles: Role) -> Q:
    """The rows whose area (the name of the relation) the actor's standing seats see; no row without such a seat."""
    paths = actor.standing_paths(*roles)
    if actor.system or "" in paths:
        return ~Q(pk__in=[])
    below = Q(pk__in=[])
    for path in sorted(paths):
        below |= Q(path=path) | Q(path__startswith=f"{path}/")
    # As a list of areas: there are fewer of them than of rows, and an index leads from them to their rows.
    return Q(**{f"{area}__in": Area.objects.filter(below).values("pk")})


def seat_of(membership: Membership, inherited: tuple[str, ...] = ()) -> Seat:
    """The membership as a seat; its agency and the agency's area are best read with it."""
    agency = membership.agency
    return Seat(
        role=Role(membership.role),
        agency_id=agency.pk,
        agency_name=agency.name,
        area_path=agency.area.path if agency.area else "",
        standing=agency.standing,
        inherited=inherited,
    )


def in_force_on(agency: Agency, on: date) -> bool:
    """Whether the agency exists on that day."""
    return (agency.valid_from is None or agency.valid_from <= on) and (agency.valid_to is None or on <= agency.valid_to)
