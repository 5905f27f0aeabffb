"""What phrases of an area's plans mean beyond the register, as its standing agency keeps it; and finding agencies.

An alias holds for its area and all below it; where both have one, the nearer area's counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from haidang.agencies.models import Agency, AgencyAlias, Area
from haidang.agencies.queries import agencies_of, agencies_under, in_force
from haidang.kernel.text import bare, fold

MOST_FOUND = 12


def alias_key(phrase: str) -> str:
    """The form in which phrases are compared: folded words without punctuation."""
    return " ".join(re.findall(r"\w+", fold(phrase)))


def paths_above(area: Area) -> list[str]:
    """The paths of the area and of those above it, from the province down."""
    parts = area.path.split("/")
    return ["/".join(parts[: depth + 1]) for depth in range(len(parts))]


def aliases_on(area: Area, on: date) -> dict[str, AgencyAlias]:
    """The aliases that hold for an area on a day, by key; one query."""
    rows = in_force(AgencyAlias.objects.filter(area__path__in=paths_above(area)), on).select_related("area", "agency")
    return {row.key: row for row in sorted(rows, key=lambda row: (len(row.area.path), row.pk))}


def aliases_of(area: Area, phrases: Iterable[str]) -> list[AgencyAlias]:
    """The area's own aliases for these phrases, at any time."""
    keys = {alias_key(phrase) for phrase in phrases}
    rows = AgencyAlias.objects.filter(area__path=area.path, key__in=keys).select_related("agency", "area")
    return list(rows.order_by("key", "pk"))


def agencies_like(area: Area, on: date, words: str) -> list[Agency]:
    """The agencies of an area, below it and at the centre, in force on a day, whose name has words that begin so.

    At most MOST_FOUND: the area's own first, then those below it, then the centre's; diacritics and case are no matter.
    """
    wanted = bare(words).split()
    if not wanted:
        return []
    found: dict[int, Agency] = {}
    for rows in (agencies_of(area, on), agencies_under(area, on), agencies_of(None, on)):
        for pk, name, short_name in rows.values_list("pk", "name", "short_name"):
            named = bare(f"{name} {short_name}").split()
            if all(any(one.startswith(word) for one in named) for word in wanted):
                found.setdefault(pk, Agency(pk=pk, name=name, short_name=short_name))
                if len(found) == MOST_FOUND:
                    return list(found.values())
    return list(found.values())


def agency_numbered(pk: int) -> Agency | None:
    """The agency of this row id; the list of agencies is public."""
    return Agency.objects.filter(pk=pk).select_related("area").first()


def alias_named(area: Area, pk: int) -> AgencyAlias | None:
    """The area's own alias of this row id."""
    return AgencyAlias.objects.filter(area__path=area.path, pk=pk).select_related("agency", "area").first()
