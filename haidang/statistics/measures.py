"""From a code to what it measures: an indicator of the catalogue, or one cell of a form."""

from __future__ import annotations

from haidang.catalogue.forms import form
from haidang.catalogue.indicators import IndicatorSpec, all_indicators, indicator_measure
from haidang.catalogue.measures import cell_measure, cells_of
from haidang.statistics.figures import Measure


class UnknownMeasure(LookupError):
    """A code names neither an indicator nor a number cell; its text says so in Vietnamese."""


def measure(code: str) -> Measure:
    """The measure with this code: "cases_initiated" or "B2.core.c3". UnknownMeasure otherwise."""
    for spec in all_indicators():
        if spec.code == code:
            return _of_indicator(spec)
    return _of_cell(code)


def _of_indicator(spec: IndicatorSpec) -> Measure:
    asked = indicator_measure(spec)
    return Measure(spec.code, spec.name, spec.unit, spec.forms, asked, frozenset(cells_of(asked)))


def _of_cell(code: str) -> Measure:
    form_code, _, cell = code.partition(".")
    try:
        spec = form(form_code)
        row, column = spec.cells[cell]
    except KeyError:
        raise UnknownMeasure(
            f"Không có chỉ số hoặc ô nào mang mã “{code}”. Mã ô có dạng biểu.dòng.cột, ví dụ B2.core.c3."
        ) from None
    if column.is_text:
        raise UnknownMeasure(f"Ô {code} ghi chữ, không tính thành số tổng hợp được.")
    heading = f"{column.group}: {column.name}" if column.group else column.name
    asked = cell_measure(spec, cell)
    unit = column.unit or row.unit or spec.unit
    return Measure(code, f"{row.name} - {heading}", unit, (form_code,), asked, frozenset(cells_of(asked)))
