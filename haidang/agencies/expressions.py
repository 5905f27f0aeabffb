"""What a phrase of a plan means at a place on a day: one agency, or a group of them. Knows neither Django nor the disk.

"Công an tỉnh", "Sở LĐTBXH", "các sở, ban, ngành, đoàn thể tỉnh", "UBND các huyện, thị xã, thành phố": the answer holds
only agencies in force on the day. An organ that is gone is answered by those that have its functions then, a district
by the communes on its territory. What is not understood is handed back, never guessed away.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from haidang.agencies import wording
from haidang.agencies.records import AgencyRecord, AreaRecord, Organ
from haidang.agencies.register import CENTRE, Register, unique
from haidang.kernel.dates import short_date

LONGEST = 600
LONGEST_RUN = 12
DISTRICT_KINDS = ("huyện", "quận", "thị xã", "thành phố")
COMMUNE_KINDS = ("xã", "phường", "thị trấn", "đặc khu")
_LEVEL_WORDS = {"cấp huyện": "district", "cấp xã": "commune", "cơ sở": "commune"}
_EVERY_LEVEL = "các cấp"
_LEVELS_BELOW = ("district", "commune")
_PROVINCES = ("tỉnh", "thành phố", "địa phương", "cấp tỉnh")
_PROVINCE_FILLERS = ("các", "trực thuộc trung ương", "trung ương", "trong cả nước", "trên cả nước", "toàn quốc", "cấp")
_UNIT_FILLERS = ("các", "cấp", "tỉnh", "trên địa bàn", "địa bàn", "thuộc", "trong", "ở", "trực thuộc")
_CLOSE = 0.88
_ARCHIVE = re.compile(r"lưu\s*[:;]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Resolution:
    """The agencies a phrase means. `matched`/`unmatched`: pieces of the phrase; `selective`: a person must choose among
    the agencies ("… có liên quan"); `notes`: Vietnamese sentences about what was replaced or read loosely."""

    agencies: tuple[AgencyRecord, ...] = ()
    matched: tuple[str, ...] = ()
    unmatched: tuple[str, ...] = ()
    selective: bool = False
    notes: tuple[str, ...] = ()


def resolve_expression(phrase: str, area_code: str, on: date, register: Register) -> Resolution:
    """The agencies that `phrase` means for the area with this code (TW: the centre) on that day.

    UnknownArea when no area has the code then. Phrases over 600 characters are handed back unmatched.
    """
    area = None if area_code == CENTRE else register.area(area_code, on)
    if len(phrase) > LONGEST:
        return Resolution(unmatched=(phrase[:80] + "…",), notes=("Cụm từ quá dài; tách thành từng cơ quan.",))
    phrase = phrase.strip(" .;,")
    if _ARCHIVE.match(phrase):
        return Resolution(unmatched=(phrase,))
    scope = _Scope(register, area, on)
    if whole := scope.meaning(phrase):
        return whole
    return _joined(_greedy(scope, phrase, wording.atoms(phrase)))


def _greedy(scope: _Scope, phrase: str, pieces: list[tuple[int, int]]) -> Iterator[Resolution]:
    """The phrase piece by piece, each time the longest run of neighbouring pieces that means something."""
    start = 0
    while start < len(pieces):
        for end in range(min(len(pieces), start + LONGEST_RUN), start, -1):
            run = phrase[pieces[start][0] : pieces[end - 1][1]]
            if found := scope.meaning(run, loosely=end == start + 1):
                yield found
                break
        else:
            end = start + 1
            yield Resolution(unmatched=(phrase[slice(*pieces[start])],))
        start = end


def _joined(parts: Iterable[Resolution]) -> Resolution:
    answers = list(parts)
    return Resolution(
        agencies=tuple(unique(agency for part in answers for agency in part.agencies)),
        matched=tuple(piece for part in answers for piece in part.matched),
        unmatched=tuple(piece for part in answers for piece in part.unmatched),
        selective=any(part.selective for part in answers),
        notes=tuple(unique(note for part in answers for note in part.notes)),
    )


@dataclass(frozen=True, slots=True)
class _Scope:
    """One place on one day, with what is needed to read phrases there."""

    register: Register
    area: AreaRecord | None
    on: date

    def meaning(self, phrase: str, *, loosely: bool = True) -> Resolution | None:
        """What the whole phrase means, or None: one organ, a list of units, a group; at last a near spelling."""
        text = wording.key(phrase, self.register.vocabulary)
        if not text:
            return None
        found = self.one_organ(text) or self.units(text) or self.one_unit(text) or self.group(text)
        if found is None and loosely:
            found = self.near(text)
        return replace(found, matched=(phrase,)) if found else None

    # one organ

    def one_organ(self, text: str) -> Resolution | None:
        """An organ of the area, or of the centre, by name, short name or alias."""
        for area in unique([self.area, None]):
            codes = _names(self.register, area).get(wording.without_place(text, _places(self.register, area)))
            if codes:
                return self.holders(codes, area)
        return None

    def holders(self, codes: tuple[str, ...], area: AreaRecord | None) -> Resolution | None:
        """The agencies in force of these organs; of an organ that is gone or to come, those with its functions."""
        organs = [self.register.organs[code] for code in codes]
        present = [agency for agency in self.register.agencies_of(area, self.on) if agency.organ in codes]
        if present:
            return Resolution(agencies=tuple(present))
        wanted = unique(code for organ in organs for code in self.stand_ins(organ))
        heirs = [agency for agency in self.register.agencies_of(area, self.on) if agency.organ in wanted]
        if not heirs:
            return None
        names = ", ".join(agency.short_name for agency in heirs)
        gone = organs[0].short_name or organs[0].name.replace(" {area}", "")
        note = f"Ngày {short_date(self.on)} không có {_plain(gone)}; chức năng do {names} đảm nhiệm."
        return Resolution(agencies=tuple(heirs), notes=(note,))

    def stand_ins(self, organ: Organ) -> list[str]:
        """Codes of the organs that have the functions of `organ` on the day: successors, or those before it."""
        if organ.valid_to and organ.valid_to < self.on:
            later = [code for p in organ.passes if p.on <= self.on for code in p.to]
            return unique(code for heir in later for code in (heir, *self.stand_ins(self.register.organs[heir])))
        return [
            other.code for other in self.register.organs.values()
            if any(organ.code in p.to and p.on > self.on for p in other.passes)
        ]  # fmt: skip

    # units below

    def units(self, text: str) -> Resolution | None:
        """A list of units below: "ubnd các huyện, thị xã, thành phố", "công an cấp xã", "các địa phương"."""
        if self.area is None:
            return self.provinces(text)
        head, rest = self.head(text)
        selective, rest = wording.found_words(rest, self.register.vocabulary.selective)
        if head and _of_every_level(rest, _places(self.register, self.area)):
            return self.every_level(head, selective=bool(selective))
        levels, kinds, left = _units_named(rest, _places(self.register, self.area))
        if left or not (levels or kinds) or not (head or rest.startswith("các ") or rest in _LEVEL_WORDS):
            return None
        areas = self.areas_named(levels, kinds)
        agencies, notes = self.of_units(head or "uỷ ban nhân dân", areas)
        asked_district = "district" in levels or any(kind in DISTRICT_KINDS for kind in kinds)
        if asked_district and self.area.level == "province" and all(area.level == "commune" for area in areas):
            notes = (f"Ngày {short_date(self.on)} không còn cấp huyện; lấy cấp xã trên địa bàn.",)
        return Resolution(tuple(agencies), selective=bool(selective), notes=notes) if agencies else None

    def every_level(self, head: str, *, selective: bool) -> Resolution | None:
        """The area's own organ of this head and those of all units below: "hội liên hiệp phụ nữ các cấp"."""
        if self.area is None:
            return None
        own = self.one_organ(head)
        own_agencies = own.agencies if own else tuple(self.with_head(head, [self.area]))
        below = [area for level in _LEVELS_BELOW for area in self.register.below(self.area, self.on, level)]
        agencies = unique([*own_agencies, *self.with_head(head, below)])
        return Resolution(tuple(agencies), selective=selective) if agencies else None

    def provinces(self, text: str) -> Resolution | None:
        """What the centre calls the provinces: "ubnd các tỉnh, thành phố trực thuộc trung ương", "công an cấp tỉnh"."""
        head, rest = self.head(text)
        selective, rest = wording.found_words(rest, self.register.vocabulary.selective)
        named, left = wording.found_words(rest, _PROVINCES)
        if head and _of_every_level(rest, _places(self.register, None)):
            named, left = ["cấp tỉnh"], ""
            rest = "các cấp"
        if not named or wording.without_words(left, _PROVINCE_FILLERS) or not (head or rest.startswith("các ")):
            return None
        found = self.of_provinces(head or "uỷ ban nhân dân")
        return replace(found, selective=bool(selective)) if found else None

    def of_provinces(self, head: str) -> Resolution | None:
        """The agencies with this head of every province; of organs that are gone, those with their functions."""
        areas = self.register.areas_on(self.on, "province")
        if agencies := self.with_head(head, areas):
            return Resolution(tuple(agencies))
        organs = self.register.organs.values()
        codes = tuple(organ.code for organ in organs if organ.level == "province" and head in organ.heads)
        heirs = [found for area in areas if (found := self.holders(codes, area))] if codes else []
        return replace(_joined(heirs), matched=()) if heirs else None

    def head(self, text: str) -> tuple[str, str]:
        """The organ's words before the units ("uỷ ban nhân dân"), and the rest of the key."""
        heads = {head for organ in self.register.organs.values() for head in organ.heads}
        for head in sorted(heads, key=len, reverse=True):
            if text.startswith(head + " "):
                return head, text[len(head) + 1 :]
        return "", text

    def areas_named(self, levels: set[str], kinds: list[str]) -> list[AreaRecord]:
        """The units of these levels and kinds, in force. Two kinds of a level mean the level; one means the kind.

        Where the district level is gone, the communes.
        """
        if self.area is None:
            return []
        found: list[AreaRecord] = []
        for level, level_kinds in (("district", DISTRICT_KINDS), ("commune", COMMUNE_KINDS)):
            named = [kind for kind in kinds if kind in level_kinds]
            if level not in levels and not named:
                continue
            below = self.register.below(self.area, self.on, level)
            if below and level not in levels and len(named) == 1:
                below = [area for area in below if area.kind.lower() in named]
            if not below and level == "district" and self.area.level == "province":
                below = self.register.below(self.area, self.on, "commune")
            found += below
        return unique(found)

    def of_units(self, head: str, areas: list[AreaRecord]) -> tuple[list[AgencyRecord], tuple[str, ...]]:
        """The agencies with this head of the units, or of the communes in them when the units have none any more."""
        found = self.with_head(head, areas)
        if not found:
            parts = [part for area in areas for part in self.register.below(area, self.on, "commune")]
            found = self.with_head(head, parts)
            if found:
                return found, (
                    f"Ngày {short_date(self.on)} cơ quan này không còn ở cấp huyện; lấy cấp xã trên địa bàn.",
                )
        return found, ()

    def with_head(self, head: str, areas: list[AreaRecord]) -> list[AgencyRecord]:
        """The agencies in force of these areas whose organs go by this head."""
        organs = {organ.code for organ in self.register.organs.values() if head in organ.heads}
        return [
            agency for area in areas for agency in self.register.agencies_of(area, self.on) if agency.organ in organs
        ]  # fmt: skip

    def one_unit(self, text: str) -> Resolution | None:
        """An organ of a named unit below ("công an huyện sơn động"); of one that is gone, those on its territory."""
        if self.area is None or self.area.level == "commune":
            return None
        head, rest = self.head(text)
        if not head:
            return None
        named = _units_by_name(self.register, self.area).get(rest, ())
        now = unique(
            area for unit in named for area in self.register.areas_now(unit, self.on) if area.in_force(self.on)
        )
        agencies, notes = self.of_units(head, now)
        gone = [unit.name for unit in named if not unit.in_force(self.on)]
        if gone:
            notes = (f"{gone[0]} không còn vào ngày {short_date(self.on)}; lấy đơn vị trên địa bàn đó.", *notes)
        return Resolution(tuple(agencies), notes=notes) if agencies else None

    # groups

    def group(self, text: str) -> Resolution | None:
        """A group of the area's organs ("các sở, ban, ngành, đoàn thể tỉnh"), or of the centre's ("các bộ, ngành")."""
        vocabulary = self.register.vocabulary
        selective, rest = wording.found_words(text, vocabulary.selective)
        words, left = wording.found_words(rest, vocabulary.groups)
        places = [*_places(self.register, self.area), self.area.kind.lower()] if self.area else []
        if not words or wording.without_words(left, [*vocabulary.fillers, *places]):
            return None
        tags = {tag for word in words for tag in vocabulary.groups[word]}
        central = self.area is None or any(vocabulary.groups[word][0] == "ministry" for word in words)
        agencies = [
            agency for agency in self.register.agencies_of(None if central else self.area, self.on)
            if tags & set(self.register.organs[agency.organ].groups)
        ]  # fmt: skip
        if "locality" in tags and self.area is not None:
            agencies += self.with_head("uỷ ban nhân dân", self.areas_named({self.level_below()}, []))
        return Resolution(agencies=tuple(agencies), selective=bool(selective)) if agencies else None

    def level_below(self) -> str:
        """The level right below the area on the day."""
        return "district" if self.area and self.register.below(self.area, self.on, "district") else "commune"

    # loose spelling

    def near(self, text: str) -> Resolution | None:
        """The one organ whose name is nearly this (lost diacritics and spaces, a wrong letter), with a note."""
        names = _names(self.register, self.area)
        tails = ["", self.area.kind, self.area.name] if self.area else [""]
        by_tight = {wording.tight(f"{name} {tail}"): name for tail in tails for name in names if len(name) >= 5}
        asked = wording.tight(text)
        close = difflib.get_close_matches(asked, by_tight, n=1, cutoff=_CLOSE) if len(asked) >= 5 else []
        if not close:
            return None
        found = self.holders(names[by_tight[close[0]]], self.area)
        if found is None:
            return None
        note = f"Đọc gần đúng “{text}” là {found.agencies[0].short_name}." if close[0] != asked else ""
        return replace(found, notes=(*found.notes, note) if note else found.notes)


def _of_every_level(text: str, places: tuple[str, ...]) -> bool:
    """Whether the words after an organ's mean that organ of the area and of all units below it: "các cấp"."""
    named, left = wording.found_words(text, [_EVERY_LEVEL])
    return bool(named) and not wording.without_words(left, [*_UNIT_FILLERS, *places])


def _units_named(text: str, places: tuple[str, ...]) -> tuple[set[str], list[str], str]:
    """Levels and kinds of units that a key lists, and what is left of it; an area's name at its end does not count."""
    candidates = (text, *(text.removesuffix(f" {kind} {place}") for place in places for kind in ("tỉnh", "thành phố")))
    for candidate in candidates:
        levels, rest = wording.found_words(candidate, _LEVEL_WORDS)
        localities, rest = wording.found_words(rest, ["địa phương"])
        kinds, rest = wording.found_words(rest, [*DISTRICT_KINDS, *COMMUNE_KINDS])
        named = {_LEVEL_WORDS[word] for word in levels} | ({"district"} if localities else set())
        if "cấp" in rest.split() or levels:
            named |= {"district" if kind in DISTRICT_KINDS else "commune" for kind in kinds}
        if not wording.without_words(rest, _UNIT_FILLERS):
            return named, kinds, ""
    return set(), [], text


@lru_cache(maxsize=256)
def _places(register: Register, area: AreaRecord | None) -> tuple[str, ...]:
    """The opened names by which a phrase may end for an area: its own, and those of the areas it was made from."""
    if area is None:
        return ("việt nam",)
    earlier = [old for _edge, old in register.earlier_areas(area)]
    places = (area.place, *(old.place for old in earlier))
    return tuple(unique(wording.opened(place, register.vocabulary) for place in places))


@lru_cache(maxsize=256)
def _names(register: Register, area: AreaRecord | None) -> dict[str, tuple[str, ...]]:
    """Key without place to the codes of the organs that go by it, for one area (None: the centre).

    An own name wins over another organ's alias.
    """
    level = area.level if area else "central"
    organs = [organ for organ in register.organs.values() if organ.level == level]
    if area:
        organs = [organ for organ in organs if register.fits(organ, area)]
    own: dict[str, list[str]] = {}
    other: dict[str, list[str]] = {}
    for organ in organs:
        named = register.named(organ, area)
        for name in named:
            own.setdefault(_place_free(name, register, area), []).append(organ.code)
        for alias in organ.aliases:
            other.setdefault(_place_free(alias, register, area), []).append(organ.code)
    return {name: tuple(unique(codes)) for name, codes in {**other, **own}.items() if name}


def _place_free(name: str, register: Register, area: AreaRecord | None) -> str:
    return wording.without_place(wording.key(name, register.vocabulary), _places(register, area))


@lru_cache(maxsize=64)
def _units_by_name(register: Register, area: AreaRecord) -> dict[str, tuple[AreaRecord, ...]]:
    """Key of a unit's name, with and without its kind, to the units of that name that are or were under the area."""
    found: dict[str, list[AreaRecord]] = {}
    for unit in register.ever_below(area):
        for name in {wording.opened(text, register.vocabulary) for text in (unit.name, unit.place)}:
            found.setdefault(name, []).append(unit)
    return {name: tuple(units) for name, units in found.items()}


def _plain(pattern: str) -> str:
    """A name pattern without its placeholders."""
    return " ".join(word for word in pattern.split() if not word.startswith("{"))
