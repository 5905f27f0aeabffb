"""From the agency phrases of a plan to the agencies in force: the one place that asks the agencies room.

The register of the specs knows the country; an area that only the database has (an invented province, say) is added to
it from its rows, with the organs that were loaded for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from django.db.models import Q

from haidang.agencies.aliases import alias_key, aliases_on
from haidang.agencies.expressions import Resolution, resolve_expression
from haidang.agencies.models import Agency, AgencyAlias, Area, AreaLineage, Level
from haidang.agencies.queries import heirs_on, in_force, rows_of
from haidang.agencies.records import AreaEdge, AreaRecord, Trait
from haidang.agencies.register import Register, unique
from haidang.catalogue.agency_functions import national_register

SHOWN_NAMES = 3


@dataclass(frozen=True, slots=True)
class Named:
    """What one phrase names: how many agencies, the first ones by name, and remarks of the register."""

    phrase: str
    count: int
    names: tuple[str, ...]
    notes: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()  # the pieces that mean nothing here
    aliases: tuple[AgencyAlias, ...] = ()  # what people of the area said that it means


@dataclass(slots=True)
class _Meaning:
    """What one phrase means: agencies of the register, further rows that an alias names, and the rest."""

    resolved: Resolution
    rows: list[Agency] = field(default_factory=list)
    aliases: list[AgencyAlias] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """The names of all agencies meant."""
        return [*(agency.name for agency in self.resolved.agencies), *(agency.name for agency in self.rows)]


def agencies_named(phrases: Iterable[str], area: Area, on: date) -> dict[str, tuple[int, ...]]:
    """For each phrase the ids of the agencies that it names in the area on that day; none for unknown words."""
    found = _resolved(phrases, area, on)
    codes = {agency.code: agency for meaning in found.values() for agency in meaning.resolved.agencies}
    ids = {row.code: row.pk for row in rows_of(codes.values())}
    return {
        phrase: tuple(
            dict.fromkeys(
                [ids[agency.code] for agency in meaning.resolved.agencies if agency.code in ids]
                + [agency.pk for agency in meaning.rows]
            )
        )
        for phrase, meaning in found.items()
    }


def names_of(phrases: Iterable[str], area: Area, on: date) -> list[Named]:
    """What each phrase names, for the person who checks it."""
    return [
        Named(
            phrase, len(found.names), tuple(found.names[:SHOWN_NAMES]), found.resolved.notes, found.resolved.unmatched,
            tuple(found.aliases),
        )
        for phrase, found in _resolved(phrases, area, on).items()
    ]  # fmt: skip


def _resolved(phrases: Iterable[str], area: Area, on: date) -> dict[str, _Meaning]:
    """Each phrase with what it means there and then; a few queries, whatever the number of phrases.

    What people of the area keep for a phrase, or for a piece of it that means nothing, comes before the register.
    """
    row, day = _as_it_was(area, on)
    register = _register_with(row)
    aliases = aliases_on(area, on)
    return {phrase: _meaning(phrase, aliases, row.code, day, register) for phrase in dict.fromkeys(phrases)}


def _meaning(phrase: str, aliases: Mapping[str, AgencyAlias], area_code: str, on: date, register: Register) -> _Meaning:
    if whole := aliases.get(alias_key(phrase)):
        return _joined(Resolution(), [whole], area_code, on, register)
    found = resolve_expression(phrase, area_code, on, register)
    kept = {piece: aliases[alias_key(piece)] for piece in found.unmatched if alias_key(piece) in aliases}
    left = tuple(piece for piece in found.unmatched if piece not in kept)
    return _joined(replace(found, unmatched=left), list(kept.values()), area_code, on, register)


def _joined(
    found: Resolution, aliases: Sequence[AgencyAlias], area_code: str, on: date, register: Register
) -> _Meaning:
    """What was found, and what the aliases add; an agency that is gone is answered by those that took over."""
    meaning = _Meaning(found, aliases=list(aliases))
    for alias in aliases:
        if alias.agency is not None:
            meaning.rows += heirs_on(alias.agency, on)
            continue
        more = resolve_expression(alias.expression, area_code, on, register)
        agencies = unique([*meaning.resolved.agencies, *more.agencies])
        notes = (*meaning.resolved.notes, *more.notes)
        meaning.resolved = replace(meaning.resolved, agencies=tuple(agencies), notes=notes)
    return meaning


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
