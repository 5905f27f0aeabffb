"""Indicators of the closing report: named measures over the cells of the forms, read from specs/indicators/*.toml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from haidang.catalogue.forms import FORMS, FormSpec, form
from haidang.catalogue.formulas import Expression, FormulaError, Quotient, parse_formula, references
from haidang.catalogue.locations import SPECS
from haidang.catalogue.measures import known_cell, measure_of
from haidang.catalogue.specfiles import SpecError, content_hash, read_spec
from haidang.engine.question import Measure

INDICATORS = SPECS / "indicators"


@dataclass(frozen=True, slots=True)
class IndicatorSpec:
    """One indicator. `measure` states what exactly is counted; "%" as unit means a ratio times one hundred.

    `direction`: whether more is better ("up"), less is better ("down") or neither. `part_of` names the indicator this
    one is a part of. `personal`: small counts may point at a person, so they are suppressed in what is published.
    """

    code: str
    version: int
    name: str
    unit: str
    expression: str
    measure: str
    direction: Literal["up", "down", "none"]
    topic: str
    topic_title: str
    sha256: str
    part_of: str | None = None
    personal: bool = False

    @property
    def tree(self) -> Expression:
        """The parsed expression."""
        return parse_formula(self.expression)

    @property
    def is_ratio(self) -> bool:
        """Whether the indicator divides one sum by another."""
        return isinstance(self.tree, Quotient)

    @property
    def forms(self) -> tuple[str, ...]:
        """The codes of the forms it reads."""
        return tuple(dict.fromkeys(code.partition(".")[0] for code in references(self.tree)))


def all_indicators(folder: Path = INDICATORS, forms: Path = FORMS) -> tuple[IndicatorSpec, ...]:
    """Every indicator, topic by topic in the order of the report; read once. SpecError names file and key."""
    return _all_indicators(folder, forms)


def indicator(code: str, folder: Path = INDICATORS, forms: Path = FORMS) -> IndicatorSpec:
    """The indicator with this code; KeyError when there is none."""
    for spec in all_indicators(folder, forms):
        if spec.code == code:
            return spec
    raise KeyError(f"không có chỉ số {code}")


def indicator_measure(spec: IndicatorSpec, forms: Path = FORMS) -> Measure:
    """The indicator as the engine's measure over entered cells, under the indicator's code."""
    return measure_of(spec.code, spec.tree, 100 if spec.unit == "%" else 1, _forms_in(forms))


@lru_cache
def _all_indicators(folder: Path, forms: Path) -> tuple[IndicatorSpec, ...]:
    found: dict[str, IndicatorSpec] = {}
    documents = [(path, read_spec(path, "indicator")) for path in sorted(folder.glob("*.toml"))]
    documents.sort(key=lambda pair: (pair[1].get("order", 0), pair[0].name))
    for path, document in documents:
        for index, item in enumerate(document["indicators"]):
            spec = _indicator(document, item)
            if spec.code in found:
                raise SpecError(path, f"indicators[{index}].code", f"mã {spec.code} đã dùng ở trên")
            _verify(path, f"indicators[{index}]", spec, found, forms)
            found[spec.code] = spec
    return tuple(found.values())


def _indicator(document: dict[str, Any], item: dict[str, Any]) -> IndicatorSpec:
    return IndicatorSpec(**item, topic=document["topic"], topic_title=document["title"], sha256=content_hash(item))


def _verify(path: Path, key: str, spec: IndicatorSpec, before: dict[str, IndicatorSpec], forms: Path) -> None:
    if spec.part_of is not None and spec.part_of not in before:
        raise SpecError(path, f"{key}.part_of", f"không có chỉ số {spec.part_of} ở trên")
    try:
        for code in references(spec.tree):
            known_cell(code, _forms_in(forms))
        measure = indicator_measure(spec, forms)
    except FormulaError as error:
        raise SpecError(path, f"{key}.expression", str(error)) from error
    if (spec.unit == "%") != measure.is_ratio:
        raise SpecError(path, f"{key}.unit", "đơn vị % đi với phép chia, phép chia đi với đơn vị %")


def _forms_in(folder: Path) -> Any:
    def form_of(code: str) -> FormSpec:
        return form(code, None, folder)

    return form_of
