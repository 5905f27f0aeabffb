"""Reading specs/agencies: functions, organs by level, traits of provinces, words of group expressions.

Knows no database. `national_register` joins them with the areas.
"""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from haidang.agencies.records import Organ, Pass, Trait, Vocabulary
from haidang.agencies.register import Register
from haidang.catalogue.areas import read_areas, read_lineage
from haidang.catalogue.locations import SPECS
from haidang.catalogue.specfiles import SpecError, read_spec
from haidang.kernel.windows import validity_covers

AGENCIES = SPECS / "agencies"
FILES = ("central", "province", "district", "commune")


@cache
def national_register() -> Register:
    """All areas and agencies of the country, by date, from the specs. SpecError when a file is wrong."""
    return Register(read_areas(), read_lineage(), read_organs(), read_traits(), read_vocabulary())


@cache
def read_organs(folder: Path = AGENCIES) -> tuple[Organ, ...]:
    """The organs of all levels, in the order of the files, with their codes, functions and passes checked."""
    organs = tuple(
        _organ(row) for name in FILES for row in read_spec(folder / f"{name}.toml", "agencies")["organ"]
    )  # fmt: skip
    _check(organs, read_vocabulary(folder), folder)
    return organs


@lru_cache(maxsize=4096)
def charged_besides(function: str, level: str, on: date) -> frozenset[str]:
    """What the organs of a level with this main function are charged with on a day besides it: from the start, or
    passed to them by then, and not passed on yet. Functions that are some organ's main one at the level are left out:
    those are that organ's.
    """
    organs = read_organs()
    kept: set[str] = set()
    for organ in organs:
        in_force = validity_covers(organ.valid_from, organ.valid_to, on)
        if (organ.level, organ.function) == (level, function) and in_force:
            came = [one for other in organs for one in other.passes if organ.code in one.to and one.on <= on]
            gone = [one for one in organ.passes if one.on <= on]
            held = {*organ.functions, *(f for one in came for f in one.functions)}
            kept |= held - {f for one in gone for f in one.functions}
    return frozenset(kept - {organ.function for organ in organs if organ.level == level})


@cache
def read_traits(folder: Path = AGENCIES) -> tuple[Trait, ...]:
    """Which provinces have what, with the time of their codes."""
    rows = _toml(folder / "traits.toml")["trait"]
    return tuple(
        Trait(row["name"], frozenset(row["codes"]), row.get("from"), row.get("until"), row.get("counts"))
        for row in rows
    )  # fmt: skip


@cache
def read_vocabulary(folder: Path = AGENCIES) -> Vocabulary:
    """Functions with their Vietnamese names, and the words of group expressions."""
    document = _toml(folder / "functions.toml")
    return Vocabulary(
        functions=document["functions"],
        groups={word: tuple(groups) for word, groups in document["group_words"].items()},
        abbreviations=document["abbreviations"],
        selective=tuple(document["selective"]["words"]),
        fillers=tuple(document["fillers"]["words"]),
        prefixes=tuple(document["prefixes"]["words"]),
    )


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SpecError(path, "", f"không đọc được tệp ({error})") from error


def _organ(row: dict[str, Any]) -> Organ:
    passes = tuple(
        Pass(tuple(part["functions"]), tuple(part["to"]), part["on"], part["instrument"])
        for part in row.get("passes", ())
    )  # fmt: skip
    return Organ(
        code=row["code"],
        level=row["level"],
        name=row["name"],
        function=row["function"],
        functions=tuple(row.get("functions", (row["function"],))),
        groups=tuple(row.get("groups", ())),
        valid_from=row.get("from"),
        valid_to=row.get("until"),
        short_name=row.get("short", ""),
        aliases=tuple(row.get("aliases", ())),
        heads=tuple(row.get("heads", ())),
        names=row.get("names"),
        trait=row.get("trait", ""),
        without=row.get("without", ""),
        numbered=row.get("numbered", ""),
        varies=row.get("varies", False),
        standing=row.get("standing", False),
        instrument=row.get("instrument", ""),
        passes=passes,
    )


def _check(organs: tuple[Organ, ...], vocabulary: Vocabulary, folder: Path) -> None:
    """Codes are unique; every function is known; every pass goes to an organ in force on its day."""
    by_code = {organ.code: organ for organ in organs}
    if len(by_code) != len(organs):
        twice = sorted({organ.code for organ in organs if by_code[organ.code] is not organ})
        raise SpecError(folder, "code", f"mã dùng hai lần: {', '.join(twice)}")
    for organ in organs:
        named = {organ.function, *organ.functions, *(f for p in organ.passes for f in p.functions)}
        if unknown := named - vocabulary.functions.keys():
            raise SpecError(folder, organ.code, f"chức năng chưa khai báo: {', '.join(sorted(unknown))}")
        for code in {code for p in organ.passes for code in p.to}:
            if code not in by_code:
                raise SpecError(folder, organ.code, f"cơ quan kế thừa “{code}” không có trong danh mục")
