"""Rows for the chart templates, and each chart's content in words."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from haidang.catalogue.outlines import ChartSpec
from haidang.kernel.numbers import format_number
from haidang.office.charts import Row
from haidang.reviews import sentences
from haidang.reviews.content import Nature, YearSeries
from haidang.reviews.document import Chart

_LABEL_WIDTH = 26


def chart(spec: ChartSpec, series: Sequence[YearSeries], number: int) -> Chart | None:
    """The chart of these figures, or None when there is nothing to draw."""
    drawn = [each for each in series if each.has_numbers]
    rows = _period_rows(drawn) if spec.spec == "period-bars" else _yearly_rows(drawn)
    if not rows:
        return None
    caption = f"Hình {number}. {spec.title}"
    if any(row.get("partial") for row in rows):
        caption += " (* năm chưa đủ 12 tháng)"
    return Chart(spec.spec, rows, caption, f"{spec.title}. {_in_words(rows)}")


def _yearly_rows(series: Sequence[YearSeries]) -> tuple[Row, ...]:
    return tuple(
        {
            "year": part.label,
            "year_order": part.window.start.toordinal(),
            "series": one.name,
            "series_order": order,
            "value": part.cell.value,
            "label": "" if part.cell.value is None else format_number(part.cell.value),
            "partial": part.partial,
        }
        for order, one in enumerate(series)
        for part in one.slices
    )


def _period_rows(series: Sequence[YearSeries]) -> tuple[Row, ...]:
    """By month, so that periods of unlike length can stand side by side; figures without a baseline are left out."""
    rows: list[Row] = []
    comparable = [each for each in series if each.nature is Nature.FLOW and None not in
                  (each.total.value, each.baseline.value)]  # fmt: skip
    for order, one in enumerate(comparable):
        for place, (window, cell) in enumerate(((one.baseline_window, one.baseline), (one.window, one.total))):
            rate = (cell.value or 0) / window.months
            rows.append(
                {
                    "indicator": textwrap.fill(one.name, _LABEL_WIDTH),
                    "indicator_order": order,
                    "period": sentences.period_name(window).replace("giai đoạn", "Giai đoạn").replace("từ", "Từ", 1),
                    "period_order": place,
                    "value": round(rate, 4),
                    "label": format_number(rate, 2),
                }
            )
    return tuple(rows)


def _in_words(rows: Sequence[Row]) -> str:
    """ "Số vụ: 2021* 4, 2022 6; Số bị can: ...": what a reader who cannot see the picture is told."""
    by_series: dict[str, list[str]] = {}
    for row in rows:
        name = str(row.get("series") or row.get("indicator")).replace("\n", " ")
        place = str(row.get("year") or row.get("period"))
        by_series.setdefault(name, []).append(f"{place}: {row['label'] or 'chưa có số liệu'}")
    return "; ".join(f"{name}: {', '.join(values)}" for name, values in by_series.items()) + "."
