"""Who stands for whom over time: areas and agencies joined by lineage, as the filings need it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import F, Q, QuerySet

from haidang.agencies.models import AgencyLineage, Area, AreaLineage
from haidang.filings.models import Obligation


def area_paths_after(area: Area) -> list[str]:
    """The paths of the area and of all that it went into, step by step."""
    return _paths([area], "old_id", "new")


def area_paths_akin(area: Area) -> list[str]:
    """The paths of the area, of what it went into, and of all else that went into these."""
    heirs = list(Area.objects.filter(path__in=area_paths_after(area), level=area.level))
    return sorted({*_paths(heirs, "new_id", "old"), *(heir.path for heir in heirs)})


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


def whole_predecessors(agency_ids: Iterable[int]) -> dict[int, list[int]]:
    """For each agency the ones that went whole into it, one step back: in their main function, and into no other.

    An agency that went into several cannot be divided: those that took over a share of one are left out. One query.
    """
    ids = list(agency_ids)
    found: dict[int, list[int]] = defaultdict(list)
    shared: set[int] = set()
    for old, news in sorted(_heirs_of_predecessors(ids).items()):
        if len(news) == 1:
            found[next(iter(news))].append(old)
        else:
            shared |= news
    return {pk: found[pk] for pk in ids if pk in found and pk not in shared}


def _heirs_of_predecessors(agency_ids: Iterable[int]) -> dict[int, set[int]]:
    """For each agency of the same level that passed its main function to one of these: all that it passed it to."""
    direct = _main_edges().filter(new_id__in=list(agency_ids)).values("old_id")
    heirs: dict[int, set[int]] = defaultdict(set)
    for old, new in _main_edges().filter(old_id__in=direct).values_list("old_id", "new_id"):
        heirs[old].add(new)
    return heirs


def _main_edges() -> QuerySet[AgencyLineage]:
    return AgencyLineage.objects.filter(function=F("old__function"), old__level=F("new__level"))


def inherited_by(agency_ids: Iterable[int]) -> Q:
    """The obligations of agencies that these stand in for: handed to them, or of one that went into them."""
    ids = list(agency_ids)
    gone = _main_edges().filter(new_id__in=ids)
    handed = Obligation.objects.filter(agency_id__in=ids).values("pk")
    return Q(handed_to__in=handed) | Q(agency_id__in=gone.values("old_id"))


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
