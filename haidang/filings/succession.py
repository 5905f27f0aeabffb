"""Who stands for whom over time: areas and agencies joined by lineage, as the filings need it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet

from haidang.agencies.models import Agency, AgencyLineage, Area, AreaLineage
from haidang.agencies.queries import agencies_by_id
from haidang.filings.cycles.due_dates import LEVELS
from haidang.filings.models import Obligation
from haidang.filings.rules import forms_asked
from haidang.plans.carrying import heirs_of


def area_paths_after(area: Area) -> list[str]:
    """The paths of the area and of all that it went into, step by step.

    An area that ended and went into nothing itself, as a district, goes on in what its parts went into.
    """
    paths = _paths([area], "old_id", "new")
    if area.valid_to is None or AreaLineage.objects.filter(old=area).exists():
        return paths
    parts = Area.objects.filter(path__startswith=f"{area.path}/", valid_to=area.valid_to)
    inside = f"{area.path}/"
    return [*paths, *(path for path in _paths(parts, "old_id", "new") if not path.startswith(inside))]


def area_paths_akin(area: Area) -> list[str]:
    """The paths of the area, of what it went into, and of all areas of its level of which something went into these."""
    heirs = list(Area.objects.filter(path__in=area_paths_after(area)))
    depth = area.path.count("/") + 1
    before = {"/".join(path.split("/")[:depth]) for path in _paths(heirs, "new_id", "old")}
    return sorted({area.path, *before, *(heir.path for heir in heirs)})


def _paths(areas: Iterable[Area], here: str, there: str) -> list[str]:
    paths: dict[str, None] = {}
    frontier, seen = list(areas), set()
    while frontier:
        paths |= dict.fromkeys(area.path for area in frontier)
        seen |= {area.pk for area in frontier}
        edges = AreaLineage.objects.filter(**{f"{here}__in": [area.pk for area in frontier]}).select_related(there)
        frontier = list({getattr(e, there).pk: getattr(e, there) for e in edges.order_by("pk")}.values())
        frontier = [area for area in frontier if area.pk not in seen]
    return list(paths)


def with_heirs(agency_ids: Iterable[int]) -> set[int]:
    """These agencies and all that took over a function of theirs, step by step, whenever they are in force."""
    found = set(agency_ids)
    frontier = found
    while frontier:
        taken = AgencyLineage.objects.filter(old_id__in=frontier).values_list("new_id", flat=True)
        frontier = set(taken) - found
        found = found | frontier
    return found


def ancestry_of(agency_id: int) -> dict[int, list[int]]:
    """For the agency and those it was made from, step by step, the agencies that went whole into each.

    Those that took over a share of an agency that was split are left out: what they were made from is not known. One
    query a step; whoever was always there was made from nobody and is not asked about.
    """
    found: dict[int, list[int]] = {}
    frontier = [agency_id]
    while frontier:
        heirs, made = _heirs_of_predecessors(frontier)
        fresh = {pk: parts for pk, parts in _wholly(frontier, heirs).items() if pk not in found}
        found |= fresh
        frontier = [old for parts in fresh.values() for old in parts if old in made]
    return found


def whole_predecessors(agency_ids: Iterable[int]) -> dict[int, list[int]]:
    """For each agency the ones that went whole into it, one step back: in their main function, and into no other.

    An agency that went into several cannot be divided: those that took over a share of one are left out. One query.
    """
    ids = list(agency_ids)
    return _wholly(ids, _heirs_of_predecessors(ids)[0])


def _wholly(ids: Sequence[int], heirs: Mapping[int, Set[int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    shared: set[int] = set()
    for old, news in sorted(heirs.items(), key=lambda pair: pair[0]):
        if len(news) == 1:
            found[next(iter(news))].append(old)
        else:
            shared |= news
    return {pk: found[pk] for pk in ids if pk in found and pk not in shared}


def _heirs_of_predecessors(agency_ids: Iterable[int]) -> tuple[dict[int, set[int]], set[int]]:
    """For each agency of the same level that passed its main function to one of these: all that it passed it to; and
    which of them were made themselves, instead of being always there.
    """
    direct = _main_edges().filter(new_id__in=list(agency_ids)).values("old_id")
    heirs: dict[int, set[int]] = defaultdict(set)
    made: set[int] = set()
    edges = _main_edges().filter(old_id__in=direct)
    for old, new, since in edges.values_list("old_id", "new_id", "old__valid_from"):
        heirs[old].add(new)
        if since is not None:
            made.add(old)
    return heirs, made


def _main_edges() -> QuerySet[AgencyLineage]:
    return AgencyLineage.objects.filter(function=F("old__function"), old__level=F("new__level"))


def inherited_by(agency_ids: Iterable[int]) -> Q:
    """The obligations of agencies that these stand in for: handed to them, or of one that went into them."""
    ids = list(agency_ids)
    gone = Obligation.objects.order_by().filter(agency_id__in=gone_into(ids))
    return Q(pk__in=gone.values("pk").union(handed_to(ids).values("pk")))


def handed_to(agency_ids: Iterable[int]) -> QuerySet[Obligation]:
    """The obligations of dissolved agencies that were handed to these."""
    taken_over = Obligation.objects.order_by().filter(agency_id__in=list(agency_ids))
    return Obligation.objects.order_by().filter(handed_to__in=taken_over.values("pk"))


def gone_into(agency_ids: Iterable[int]) -> QuerySet[Any, Any]:
    """The ids of the agencies that passed their main function to one of these, at the same level."""
    return _main_edges().filter(new_id__in=list(agency_ids)).values("old_id")


def inherited_sources(obligation: Obligation) -> list[Obligation]:
    """What agencies that this one stands in for filed, or had begun to, for days of the same window: handed over to it,
    or their own; with agency, cycle and the state of the filing. One query, none for an agency that was always there.
    """
    if obligation.agency.valid_from is None:
        return []
    window = obligation.cycle.window
    rows = Obligation.objects.filter(
        inherited_by([obligation.agency_id]),
        cycle__window_from__lte=window.end,
        cycle__window_to__gte=window.start,
        cycle__baseline=obligation.cycle.baseline,
    )
    rows = rows.filter(Q(handed_to=obligation) | Q(handed_to__isnull=True)).select_related("agency", "cycle", "filing")
    heavy = ("filing__cells", "filing__sections", "filing__explanations")
    return list(rows.defer(*heavy).order_by("agency__code", "cycle__window_from", "pk").distinct())


@dataclass(frozen=True, slots=True)
class Heirs:
    """Who could answer for an obligation of an agency that is gone.

    `likely` are those that took over what the obligation is about; one alone takes it without being asked. `able` are
    all that took over anything and file one of its forms, the likely ones first; `known` all that took over anything.
    """

    likely: tuple[Agency, ...] = ()
    able: tuple[Agency, ...] = ()
    known: tuple[Agency, ...] = ()


def heirs_for(rows: Sequence[Obligation], on: date) -> dict[int, Heirs]:
    """By obligation (loaded with agency and cycle) who could answer for it on a day; nobody for an agency in force.

    Likely are the heirs of the agency's main function where they file every form that it filed; else whoever else does:
    the forms on victims of a department of labour went to health, not with its main function to home affairs. A few
    queries for each step of lineage, whatever the number of rows.
    """
    gone = [row for row in rows if row.agency.valid_to is not None and row.agency.valid_to < on]
    passed = heirs_of({row.agency_id for row in gone}, on)
    agencies = {agency.pk: agency for agency in agencies_by_id(pk for found in passed.values() for pk in found)}
    found: dict[int, Heirs] = {}
    for row in gone:
        heirs = {pk: functions for pk, functions in passed.get(row.agency_id, {}).items() if pk != row.agency_id}
        found[row.pk] = _heirs(row, [(agencies[pk], row.agency.function in heirs[pk]) for pk in sorted(heirs)])
    return found


def _heirs(row: Obligation, heirs: Sequence[tuple[Agency, bool]]) -> Heirs:
    """`heirs` come with whether they took over the main function."""
    asked = _forms_of(row.agency, row)
    covered = {agency.pk: asked & _forms_of(agency, row) for agency, _main in heirs}
    able = [agency for agency, _main in heirs if covered[agency.pk]]
    whole = [agency for agency in able if covered[agency.pk] == asked]
    main = {agency.pk for agency, main in heirs if main}
    likely = _answering([agency for agency in whole if agency.pk in main] or whole or able, row.agency.level)
    rest = [agency for agency in able if agency not in likely]
    return Heirs(tuple(likely), (*likely, *rest), tuple(agency for agency, _main in heirs))


def _forms_of(agency: Agency, row: Obligation) -> frozenset[str]:
    on = row.cycle.due.last_day
    return frozenset(form.code for form in forms_asked(agency.function, agency.level, row.cycle.forms, on))


def _answering(heirs: Sequence[Agency], level: str) -> list[Agency]:
    """Of heirs at several levels those of the agency's own, else those of the highest: a district's police went to the
    province and to its communes, and only the province can answer for the whole.
    """
    own = [heir for heir in heirs if heir.level == level]
    highest = min((LEVELS.index(heir.level) for heir in heirs), default=0)
    return own or [heir for heir in heirs if LEVELS.index(heir.level) == highest]
