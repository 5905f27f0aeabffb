"""Statistical forms as data: rows x columns, versioned and hashed, read from specs/forms/*.toml.

The eight forms shipped are a reconstruction and carry that mark; an office puts its official ones in as files.
A cell is addressed "row.col" within its form and "B1.row.col" across forms.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from haidang.catalogue.agency_functions import charged_besides
from haidang.catalogue.formspec import CheckSpec, ColumnSpec, DimensionSpec, FilerSpec, FormSpec, RowSpec
from haidang.catalogue.formverify import verify_form
from haidang.catalogue.locations import SPECS
from haidang.catalogue.specfiles import SpecError, content_hash, read_spec
from haidang.kernel.windows import validity_covers

FORMS = SPECS / "forms"
CROSS_FILE = "cross.toml"

__all__ = [
    "CROSS_FILE",
    "FORMS",
    "CheckSpec",
    "ColumnSpec",
    "DimensionSpec",
    "FilerSpec",
    "FormSpec",
    "RowSpec",
    "all_forms",
    "files",
    "form",
    "forms_in_force",
    "forms_of",
    "load_form",
]


def load_form(path: Path) -> FormSpec:
    """The form in one file, wholly checked: schema, codes, references, cycles. SpecError names file and key."""
    document = read_spec(path, "form")
    form = FormSpec(
        code=document["code"],
        version=document["version"],
        valid_from=_day(path, document, "valid_from"),
        valid_to=_day(path, document, "valid_to") if "valid_to" in document else None,
        title=document["title"],
        mark=document["mark"],
        unit=document["unit"],
        note=document.get("note", ""),
        functions=tuple(FilerSpec(item["function"], tuple(item["levels"])) for item in document["functions"]),
        dimensions=tuple(_dimension(item) for item in document.get("dimensions", [])),
        rows=tuple(RowSpec(**_with_dims(item)) for item in document["rows"]),
        columns=tuple(_column(item) for item in document["columns"]),
        checks=tuple(CheckSpec(**_tupled(item, "groups")) for item in document.get("checks", [])),
        sha256=content_hash(document),
        path=path,
        typed_totals=document.get("typed_totals", False),
    )
    verify_form(form)
    return form


def all_forms(folder: Path = FORMS) -> tuple[FormSpec, ...]:
    """Every version of every form in the folder, by code and version; read once."""
    return _all_forms(folder)


def form(code: str, version: int | None = None, folder: Path = FORMS) -> FormSpec:
    """The form with this code, the newest version unless one is named; KeyError when there is none."""
    found = [spec for spec in all_forms(folder) if spec.code == code and version in (None, spec.version)]
    if not found:
        raise KeyError(f"không có biểu {code}" + (f" phiên bản {version}" if version is not None else ""))
    return found[-1]


def forms_in_force(on: date, folder: Path = FORMS) -> tuple[FormSpec, ...]:
    """The newest version in force on the day of each form, by code."""
    newest = {spec.code: spec for spec in all_forms(folder) if validity_covers(spec.valid_from, spec.valid_to, on)}
    return tuple(newest.values())


def forms_of(function: str, level: str, on: date, folder: Path = FORMS) -> tuple[FormSpec, ...]:
    """The forms in force on the day that agencies with this main function at this level file."""
    return tuple(spec for spec in forms_in_force(on, folder) if files(spec, function, level, on))


def files(spec: FormSpec, function: str, level: str, on: date) -> bool:
    """Whether agencies with this main function at this level file the form on a day.

    It is filed by those of a function that it names; where it names one that is no agency's main one (victim support),
    by those that are charged with it on the day.
    """
    if spec.filed_by(function, level):
        return True
    besides = charged_besides(function, level, on)
    return bool(besides) and any(filer.function in besides and level in filer.levels for filer in spec.functions)


@lru_cache
def _all_forms(folder: Path) -> tuple[FormSpec, ...]:
    specs = [load_form(path) for path in sorted(folder.glob("*.toml")) if path.name != CROSS_FILE]
    specs.sort(key=lambda spec: (len(spec.code), spec.code, spec.version))
    for before, after in pairwise(specs):
        if (before.code, before.version) == (after.code, after.version):
            raise SpecError(after.path, "version", f"biểu {after.code} phiên bản {after.version} có hai tệp")
    return tuple(specs)


def _day(path: Path, document: Mapping[str, Any], key: str) -> date:
    try:
        return date.fromisoformat(str(document[key]))
    except ValueError as error:
        raise SpecError(path, key, f"{document[key]} không phải một ngày có thật") from error


def _dimension(item: Mapping[str, Any]) -> DimensionSpec:
    return DimensionSpec(item["code"], item["name"], tuple((value["code"], value["name"]) for value in item["values"]))


def _with_dims(item: Mapping[str, Any]) -> dict[str, Any]:
    return {**item, "dims": tuple(sorted(item.get("dims", {}).items()))}


def _tupled(item: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {**item, key: tuple(item.get(key, ()))}


def _column(item: Mapping[str, Any]) -> ColumnSpec:
    return ColumnSpec(**_with_dims(_tupled(item, "applies")))
