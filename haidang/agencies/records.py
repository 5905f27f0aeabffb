"""Areas and agencies as plain values: what the specs say, before and without a database.

Validity is by whole days, both ends included; None is an open end ("since before the record", "until further notice").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from haidang.agencies.rules import common_span


@dataclass(frozen=True, slots=True)
class AreaRecord:
    """A territory under one name, kind and parent code, for a time. `level` is province, district or commune."""

    code: str
    name: str
    kind: str
    level: str
    valid_from: date | None
    valid_to: date | None
    parent_code: str
    established_by: str = ""
    abolished_by: str = ""

    @property
    def key(self) -> str:
        """Unlike the code, never reused: "24" (Bắc Giang), "24-20250701" (Bắc Ninh)."""
        return f"{self.code}-{self.valid_from:%Y%m%d}" if self.valid_from else self.code

    @property
    def place(self) -> str:
        """The name without its kind: "Bắc Giang"; numbered ones keep it: "Phường 1", "Quận 3"."""
        bare = self.name[len(self.kind) + 1 :]
        return self.name if bare.isdigit() else bare

    @property
    def spoken(self) -> str:
        """The name as it stands inside another name: "tỉnh Bắc Giang"."""
        return self.name[:1].lower() + self.name[1:]

    def in_force(self, on: date) -> bool:
        """Whether the area exists, in this row, on that day."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class AreaEdge:
    """On `on` the area `old` (in force until the day before) went into `new`, whole or in part."""

    old: str
    new: str
    kind: str
    whole: bool
    instrument: str
    on: date


@dataclass(frozen=True, slots=True)
class Pass:
    """From `on` these functions of an organ are with the organs `to` (codes), by an instrument."""

    functions: tuple[str, ...]
    to: tuple[str, ...]
    on: date
    instrument: str


@dataclass(frozen=True, slots=True)
class Organ:
    """A kind of agency that each area of a level has: its name pattern, functions, groups and successors.

    In `name`, {area} is "tỉnh Bắc Giang", {place} "Bắc Giang", {kind} "tỉnh"; `names` are exceptions by area code.
    `trait` limits it to areas that have the trait; `without` leaves out those that have one. `varies`: some provinces
    have it, others not, and no list is at hand. `heads` are the words that name it before a list of units ("UBND các
    huyện"). `numbered`: an area may have several, counted in the trait table of that name.
    """

    code: str
    level: str
    name: str
    function: str
    functions: tuple[str, ...]
    groups: tuple[str, ...]
    valid_from: date | None
    valid_to: date | None
    short_name: str = ""
    aliases: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    names: Mapping[str, str] | None = None
    trait: str = ""
    without: str = ""
    numbered: str = ""
    varies: bool = False
    standing: bool = False
    instrument: str = ""
    passes: tuple[Pass, ...] = ()


@dataclass(frozen=True, slots=True)
class Trait:
    """Areas (by code, within a time) that have something: a border guard, a tourism department, so many courts."""

    name: str
    codes: frozenset[str]
    valid_from: date | None
    valid_to: date | None
    counts: Mapping[str, int] | None = None

    def holds(self, area: AreaRecord) -> bool:
        """Whether the trait's time meets the area's and its code is listed."""
        shared = common_span((self.valid_from, self.valid_to), (area.valid_from, area.valid_to))
        return area.code in self.codes and shared is not None


@dataclass(frozen=True, slots=True)
class AgencyRecord:
    """One organ of one area, for a time. `function` is the main one; `area` is None for the centre."""

    code: str
    name: str
    short_name: str
    function: str
    level: str
    area: AreaRecord | None
    valid_from: date | None
    valid_to: date | None
    organ: str
    standing: bool = False
    varies: bool = False
    established_by: str = ""

    def in_force(self, on: date) -> bool:
        """Whether the agency exists on that day."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Succession:
    """One function of an agency passed to another one."""

    function: str
    agency: AgencyRecord
    on: date
    instrument: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of group expressions: noun to group, abbreviations, the words that only qualify."""

    functions: Mapping[str, str]
    groups: Mapping[str, tuple[str, ...]]
    abbreviations: Mapping[str, str]
    selective: tuple[str, ...]
    fillers: tuple[str, ...]
    prefixes: tuple[str, ...] = ()
