"""The figures of a report as they are kept with each document built from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from haidang.catalogue.outlines import Outline
from haidang.reviews.content import YearSeries


def frozen_figures(outline: Outline, figures: Mapping[str, YearSeries]) -> dict[str, Any]:
    """The figures as the document prints them, each with its cell and the filings that made it."""
    return {code: _frozen(outline.figures_by_code[code].cell, series) for code, series in figures.items()}


def _frozen(cell: str, series: YearSeries) -> dict[str, Any]:
    return {
        "cell": cell,
        "name": series.name,
        "unit": series.unit,
        "years": {each.label: each.cell.to_json() for each in series.slices},
        "total": series.total.to_json(),
        "baseline": series.baseline.to_json(),
        "version_ids": list(series.version_ids),
    }


def version_ids_of(series: Iterable[YearSeries]) -> list[int]:
    """The filings behind all these figures, each once, in order."""
    return sorted({pk for each in series for pk in each.version_ids})
