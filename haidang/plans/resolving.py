"""From the agency phrases of a plan to the agencies in force: the one place that asks the agencies room.

The register of the specs knows the country; an area that only the database has (an invented province, say) is added to
it from its rows, with the organs that were loaded for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db.models import Q

from haidang.agencies.expressions import Resolution, resolve_expression
from haidang.agencies.models import Agency, Area, AreaLineage, Level
from haidang.agencies.queries import in_force, rows_of
from haidang.agencies.records import AreaEdge, AreaRecord, Trait
from haidang.agencies.register import Register
from haidang.catalogue.agency_functions import national_register

SHOWN_NAMES = 3


@dataclass(frozen=True, slots=True)
class Named:
    """What one phrase names: how many agencies, the first ones by name, and remarks of the register."""

    phrase: str
    count: int
    names: tuple[str, ...]
    notes: tuple[str, ...] = ()


def agencies_named(phrases: Iterable[str], area: Area, on: date) -> dict[str, tuple[int, ...]]:
    """For each phrase the ids of the agencies that it names in the area on that day; none for unknown words."""
    found = {phrase: answer.agencies for phrase, answer in _resolved(phrases, area, on)}
    codes = {agency.code: agency for agencies in found.values() for agency in agencies}
    ids = {row.code: row.pk for row in rows_of(codes.values())}
    return {
        phrase: tuple(ids[agency.code] for agency in agencies if agency.code in ids)
        for phrase, agencies in found.items()
    }


def names_of(phrases: Iterable[str], area: Area, on: date) -> list[Named]:
    """What each phrase names, for the person who checks it."""
    return [
        Named(phrase, len(found.agencies), tuple(agency.name for agency in found.agencies[:SHOWN_NAMES]), found.notes)
        for phrase, found in _resolved(phrases, area, on)
    ]


def _resolved(phrases: Iterable[str], area: Area, on: date) -> list[tuple[str, Resolution]]:
    """Each phrase with what it means there and then; two or four queries, whatever the number of phrases."""
    row, day = _as_it_was(area, on)
    register = _register_with(row)
    return [(phrase, resolve_expression(phrase, row.code, day, register)) for phrase in dict.fromkeys(phrases)]


def _as_it_was(area: Area, on: date) -> tuple[Area, date]:
    """The row of the area in force on the day, under whatever name; else the area on its day nearest to it.

    Outside an area's validity its code may mean another area.
    """
    if row := in_force(Area.objects.filter(path=area.path, level=area.level), on).first():
        return row, on
    return area, area.valid_to if area.valid_to and on > area.valid_to else (area.valid_from or on)


def _register_with(area: Area) -> Register:
    """The national register, or that with the area and all below it as the database has them.

    The centre names all provinces, those too that only the database has.
    """
    if area.level == Level.CENTRAL:
        tops = [row.path for row in Area.objects.filter(level=Level.PROVINCE) if not _is_national(row)]
    else:
        tops = [] if _is_national(area) else [area.path.split("/")[0]]
    if not tops:
        return national_register()
    inside = Q(path__in=tops)
    for top in tops:
        inside |= Q(path__startswith=top + "/")
    rows = list(Area.objects.filter(inside).select_related("parent").order_by("path", "pk"))
    edges = AreaLineage.objects.filter(old__in=rows).select_related("old", "new").order_by("pk")
    return _extended(
        tuple(_record(row) for row in rows),
        tuple(AreaEdge(e.old.code, e.new.code, e.kind, e.whole, e.instrument, e.on) for e in edges),
        tuple(Agency.objects.filter(area__in=rows).order_by("pk").values_list("code", "area__code")),
    )


def _is_national(area: Area) -> bool:
    """Whether the national register knows this very row."""
    history = national_register().history(area.code)
    return any(known.valid_from == area.valid_from and known.name == area.name for known in history)


def _record(row: Area) -> AreaRecord:
    return AreaRecord(
        row.code, row.name, row.kind, row.level, row.valid_from, row.valid_to, row.parent.code if row.parent else "",
        row.established_by, row.abolished_by,
    )  # fmt: skip


@lru_cache(maxsize=4)
def _extended(
    areas: tuple[AreaRecord, ...], edges: tuple[AreaEdge, ...], agencies: tuple[tuple[str, str], ...]
) -> Register:
    """The national register with further areas; `agencies` are [code, area code] of those loaded for them."""
    national = national_register()
    present: dict[str, set[str]] = {}
    for code, area_code in agencies:
        organ = code.partition(".")[2]
        present.setdefault(organ if organ in national.organs else organ.rpartition("-")[0], set()).add(area_code)
    traits = [
        Trait(organ.trait, frozenset(present[organ.code]), None, None)
        for organ in national.organs.values()
        if organ.trait and organ.code in present
    ]
    counted = [
        Trait(organ.numbered, frozenset(counts), None, None, counts)
        for organ in national.organs.values()
        if organ.numbered and (counts := _counts(organ.code, agencies))
    ]
    return national.extended(areas, [*traits, *counted], edges)


def _counts(organ: str, agencies: Iterable[tuple[str, str]]) -> dict[str, int]:
    """How many numbered agencies of an organ each area has."""
    counts: dict[str, int] = {}
    for code, area_code in agencies:
        name, _, number = code.partition(".")[2].rpartition("-")
        if name == organ and number.isdigit():
            counts[area_code] = counts.get(area_code, 0) + 1
    return counts
