"""The register: all areas and agencies by date, in memory, built from records. Knows neither Django nor the disk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import TypeVar

from haidang.agencies.records import AgencyRecord, AreaEdge, AreaRecord, Organ, Pass, Succession, Trait, Vocabulary
from haidang.agencies.rules import common_span
from haidang.kernel.text import fold

T = TypeVar("T")
CENTRE = "TW"
RECENT_AREAS = 1024  # whose agencies are kept made; the country has some thirteen thousand areas
LEVELS = ("province", "district", "commune")


class UnknownArea(LookupError):
    """No area has this code on this date; the text is the Vietnamese sentence for the person who asked."""


class Register:
    """Areas, lineage and organs, asked by date. Built once, never changed."""

    def __init__(
        self,
        areas: Iterable[AreaRecord],
        edges: Iterable[AreaEdge],
        organs: Iterable[Organ],
        traits: Iterable[Trait],
        vocabulary: Vocabulary,
    ) -> None:
        self.areas = tuple(areas)
        self.edges = tuple(edges)
        self.organs = {organ.code: organ for organ in organs}
        self.traits = tuple(traits)
        self.vocabulary = vocabulary
        self._gains: dict[str, list[Pass]] = defaultdict(list)
        for organ in self.organs.values():
            for passed in organ.passes:
                for code in passed.to:
                    self._gains[code].append(passed)
        self._by_code: dict[str, list[AreaRecord]] = defaultdict(list)
        self._by_parent: dict[str, list[AreaRecord]] = defaultdict(list)
        for area in self.areas:
            self._by_code[area.code].append(area)
            self._by_parent[area.parent_code].append(area)
        self._out: dict[tuple[str, date], list[AreaEdge]] = defaultdict(list)
        self._in: dict[tuple[str, date], list[AreaEdge]] = defaultdict(list)
        for edge in self.edges:
            self._out[edge.old, edge.on].append(edge)
            self._in[edge.new, edge.on].append(edge)
        self._recent = lru_cache(maxsize=RECENT_AREAS)(self._made_for)

    def extended(
        self, areas: Iterable[AreaRecord], traits: Iterable[Trait] = (), edges: Iterable[AreaEdge] = ()
    ) -> Register:
        """A register with further areas (an invented province, say), with their traits and lineage."""
        return Register(
            (*self.areas, *areas),
            (*self.edges, *edges),
            self.organs.values(),
            (*self.traits, *traits),
            self.vocabulary,
        )

    # areas

    def areas_on(self, on: date, level: str | None = None) -> list[AreaRecord]:
        """The areas in force on a day, of one level when given."""
        return [area for area in self.areas if (level is None or area.level == level) and area.in_force(on)]

    def area(self, code: str, on: date) -> AreaRecord:
        """The area that has this code on that day; UnknownArea otherwise."""
        rows = self._by_code.get(code, [])
        for row in rows:
            if row.in_force(on):
                return row
        raise UnknownArea(_no_area(code, on, rows))

    def area_named(self, name: str, on: date, level: str = "province") -> AreaRecord | None:
        """The one area of a level that has this name, with or without its kind, on a day; None when none or several.

        For the place that a plan names: "Điện Biên", "tỉnh Điện Biên", "Thành phố Hà Nội".
        """
        asked = fold(name)
        found = [a for a in self.areas_on(on, level) if asked in (fold(a.name), fold(a.place), f"tp {fold(a.place)}")]
        return found[0] if len(found) == 1 else None

    def history(self, code: str) -> list[AreaRecord]:
        """Every area that ever had this code, oldest first."""
        return sorted(self._by_code.get(code, []), key=lambda area: area.valid_from or date.min)

    def parent(self, area: AreaRecord, on: date | None = None) -> AreaRecord | None:
        """The area above, as it is on `on` (by default on the area's first recorded day, or its last)."""
        if not area.parent_code:
            return None
        return self.area(area.parent_code, on or area.valid_from or area.valid_to or date.max)

    def province_of(self, area: AreaRecord, on: date) -> AreaRecord:
        """The province over an area (itself for a province) on a day."""
        while area.parent_code:
            area = self.area(area.parent_code, on)
        return area

    def below(self, area: AreaRecord, on: date, level: str) -> list[AreaRecord]:
        """The areas of a level in force under `area` on a day, `area` excluded."""
        found: list[AreaRecord] = []
        for child in self._by_parent.get(area.code, []):
            if child.in_force(on):
                found += [child] if child.level == level else self.below(child, on, level)
        return found

    def next_areas(self, area: AreaRecord) -> list[tuple[AreaEdge, AreaRecord]]:
        """What the area went into on the day after its last one, with the edges."""
        if area.valid_to is None:
            return []
        on = area.valid_to + timedelta(days=1)
        return [(edge, self.area(edge.new, on)) for edge in self._out.get((area.code, on), [])]

    def earlier_areas(self, area: AreaRecord) -> list[tuple[AreaEdge, AreaRecord]]:
        """What the area was made from on its first day, with the edges."""
        if area.valid_from is None:
            return []
        eve = area.valid_from - timedelta(days=1)
        return [(edge, self.area(edge.old, eve)) for edge in self._in.get((area.code, area.valid_from), [])]

    def areas_now(self, area: AreaRecord, on: date) -> list[AreaRecord]:
        """What stands on the territory of `area` on a later day: itself, or what it went into, step by step.

        An ended area without edges (a district) gives what its own parts went into.
        """
        if area.in_force(on) or area.valid_to is None or on <= area.valid_to:
            return [area]
        onward = [new for _edge, new in self.next_areas(area)]
        if not onward:
            parts = [child for child in self._by_parent.get(area.code, []) if child.in_force(area.valid_to)]
            onward = [new for part in parts for _edge, new in self.next_areas(part)]
        return unique(now for new in onward for now in self.areas_now(new, on))

    # agencies

    def agencies_of(self, area: AreaRecord | None, on: date) -> list[AgencyRecord]:
        """The agencies of one area (None: of the centre) in force on a day; those of areas below are not among them."""
        return [agency for agency in self.all_agencies_of(area) if agency.in_force(on)]

    def all_agencies_of(self, area: AreaRecord | None) -> list[AgencyRecord]:
        """The agencies that one area (None: the centre) has had, in the order of the specs."""
        return list(self._recent(area))

    def _made_for(self, area: AreaRecord | None) -> tuple[AgencyRecord, ...]:
        level = area.level if area else "central"
        organs = (organ for organ in self.organs.values() if organ.level == level)
        return tuple(agency for organ in organs for agency in self._of_organ(organ, area))

    def functions_of(self, agency: AgencyRecord, on: date) -> frozenset[str]:
        """What the agency is charged with on a day: its own functions, plus those gained, less those passed on."""
        organ = self.organs[agency.organ]
        gained = {f for p in self._gains[organ.code] if p.on <= on for f in p.functions}
        lost = {f for p in organ.passes if p.on <= on for f in p.functions}
        return frozenset((set(organ.functions) | gained) - lost)

    def agencies_with(self, function: str, area: AreaRecord | None, on: date) -> list[AgencyRecord]:
        """The agencies of an area that are charged with a function on a day."""
        return [agency for agency in self.agencies_of(area, on) if function in self.functions_of(agency, on)]

    def successions(self, agency: AgencyRecord) -> list[Succession]:
        """Who took over which function of the agency, when, by which instrument."""
        found = [s for p in self.organs[agency.organ].passes for s in self._passed(agency, p.functions, p.to, p.on,
                 p.instrument)]  # fmt: skip
        if agency.area and agency.area.valid_to and agency.valid_to == agency.area.valid_to:
            found += self._moved(agency, agency.area)
        return unique(found)

    def fits(self, organ: Organ, area: AreaRecord) -> bool:
        """Whether areas like this one have the organ at all, whatever the day."""
        return organ.level == area.level and self._has(organ, area)

    def named(self, organ: Organ, area: AreaRecord | None) -> tuple[str, ...]:
        """The name and the short name that the organ has, or would have, in an area (None: at the centre)."""
        agency = _agency(organ, area, (None, None), 0)
        return tuple(unique([agency.name, agency.short_name]))

    def ever_below(self, area: AreaRecord) -> list[AreaRecord]:
        """The areas that are or ever were under `area` or under what it was made from, all levels."""
        found: list[AreaRecord] = []
        for above in (area, *(old for _edge, old in self.earlier_areas(area))):
            for child in self._by_parent.get(above.code, []):
                span = common_span((child.valid_from, child.valid_to), (above.valid_from, above.valid_to))
                if span is not None:
                    found += [child, *(self.ever_below(child) if child.level == "district" else [])]
        return unique(found)

    def _of_organ(self, organ: Organ, area: AreaRecord | None) -> list[AgencyRecord]:
        span = common_span(
            (organ.valid_from, organ.valid_to), (area.valid_from, area.valid_to) if area else (None, None)
        )
        if span is None or (area and not self._has(organ, area)):
            return []
        count = self._count(organ, area) if area else 0
        return [_agency(organ, area, span, number) for number in (range(1, count + 1) if count else (0,))]

    def _has(self, organ: Organ, area: AreaRecord) -> bool:
        held = {trait.name for trait in self.traits if trait.holds(area)}
        return (not organ.trait or organ.trait in held) and (not organ.without or organ.without not in held)

    def _count(self, organ: Organ, area: AreaRecord) -> int:
        counted = (trait.counts for trait in self.traits if trait.name == organ.numbered and trait.holds(area))
        return next((counts[area.code] for counts in counted if counts), 0)

    def _passed(
        self, agency: AgencyRecord, functions: Sequence[str], to: Sequence[str], on: date, instrument: str
    ) -> list[Succession]:
        """Successions from a pass of functions between organs, on the areas of the target's level."""
        eve = on - timedelta(days=1)
        if not agency.in_force(eve):
            return []
        new = [a for code in to for area in self._targets(agency.area, self.organs[code], eve, on)
               for a in self._of_organ(self.organs[code], area) if a.in_force(on)]  # fmt: skip
        return [Succession(function, a, on, instrument) for function in functions for a in new]

    def _targets(self, area: AreaRecord | None, organ: Organ, eve: date, on: date) -> list[AreaRecord | None]:
        """The areas where an organ takes over, on `on`, from an agency of `area`."""
        if area is None or organ.level == "central":
            return [None]
        if organ.level == area.level:
            return list(self.areas_now(area, on))
        if LEVELS.index(organ.level) < LEVELS.index(area.level):
            above = self.province_of(area, eve) if organ.level == "province" else self.parent(area, eve)
            return list(self.areas_now(above, on)) if above else []
        parts = self.below(area, eve, organ.level)
        return list(unique(now for part in parts for now in self.areas_now(part, on)))

    def _moved(self, agency: AgencyRecord, area: AreaRecord) -> list[Succession]:
        """Successions because the area itself went into others: the same organ there keeps the functions."""
        organ = self.organs[agency.organ]
        found = []
        for edge, new in self.next_areas(area):
            for successor in self._of_organ(organ, new):
                if successor.in_force(edge.on):
                    kept = self.functions_of(successor, edge.on)
                    found += [Succession(f, successor, edge.on, edge.instrument) for f in sorted(kept)]
        return found


def unique(items: Iterable[T]) -> list[T]:
    """The items without repeats, in order."""
    return list(dict.fromkeys(items))


def _agency(organ: Organ, area: AreaRecord | None, span: tuple[date | None, date | None], number: int) -> AgencyRecord:
    pattern = (organ.names or {}).get(area.code, organ.name) if area else organ.name
    words = _words(area, number) if area else {}
    if organ.numbered and not number:
        pattern = "Các " + pattern.replace(" {number}", "")
    name = pattern.format(**words)
    short = pattern if area and organ.names and area.code in organ.names else (organ.short_name or organ.name)
    short = short if number else short.replace(" {number}", "")
    tail = f"-{number}" if number else ""
    return AgencyRecord(
        code=f"{area.key if area else CENTRE}.{organ.code}{tail}",
        name=name,
        short_name=short.format(**words),
        function=organ.function,
        level=organ.level,
        area=area,
        valid_from=span[0],
        valid_to=span[1],
        organ=organ.code,
        standing=organ.standing,
        varies=organ.varies,
        established_by=organ.instrument or (area.established_by if area else ""),
    )


def _words(area: AreaRecord, number: int) -> dict[str, object]:
    """What the name patterns of the specs may mention."""
    kind = area.kind.lower()
    committee = "Thành ủy" if kind == "thành phố" else "Tỉnh ủy"
    return {"area": area.spoken, "place": area.place, "kind": kind, "committee": committee, "number": number}


def _no_area(code: str, on: date, rows: list[AreaRecord]) -> str:
    day = f"{on.day}/{on.month}/{on.year}"
    if not rows:
        return f"Không có địa bàn nào mang mã “{code}”. Chạy “haidang areas --on {on}” để xem các mã."
    spans = "; ".join(f"{row.name}: {_span(row)}" for row in rows)
    return f"Ngày {day} không có địa bàn mang mã “{code}”. Mã này từng là {spans}."


def _span(row: AreaRecord) -> str:
    start = f"từ {row.valid_from.day}/{row.valid_from.month}/{row.valid_from.year} " if row.valid_from else ""
    end = f"đến {row.valid_to.day}/{row.valid_to.month}/{row.valid_to.year}" if row.valid_to else ""
    return (start + end).strip() or "không giới hạn"
