"""Charts: drawn from our own rows only, the Vietnamese way, the same each time."""

from __future__ import annotations

import pytest

from haidang.catalogue.outlines import chart_template
from haidang.office.charts import ChartError, render_png, render_svg

ROWS = [
    {"year": year, "year_order": place, "series": "Số vụ", "series_order": 0, "value": 1500 * (place + 1),
     "label": f"{place + 1}.500", "partial": year.endswith("*")}
    for place, year in enumerate(("2021*", "2022"))
]  # fmt: skip


def test_a_chart_is_a_picture_with_its_size_and_the_same_each_time() -> None:
    picture = render_png(chart_template("yearly-bars"), ROWS)
    assert picture.png.startswith(b"\x89PNG")
    assert picture.width > 1500 and picture.height > 600
    assert render_png(chart_template("yearly-bars"), ROWS) == picture


def test_text_of_the_svg_is_text_and_numbers_use_the_vietnamese_point() -> None:
    svg = render_svg(chart_template("yearly-bars"), ROWS)
    assert "2021*" in svg and "1.500" in svg and "Số vụ" in svg
    assert "1,500" not in svg


def test_a_part_year_is_drawn_dashed() -> None:
    dashed = render_svg(chart_template("yearly-bars"), ROWS)
    whole = render_svg(chart_template("yearly-bars"), [{**row, "partial": False} for row in ROWS])
    assert 'stroke-dasharray="4,3"' in dashed
    assert 'stroke-dasharray="4,3"' not in whole


def test_long_names_break_into_lines() -> None:
    rows = [{"indicator": "Số nạn nhân\nđược xác định", "indicator_order": 0, "period": "2016 - 2020",
             "period_order": 0, "value": 1.5, "label": "1,5"}]  # fmt: skip
    svg = render_svg(chart_template("period-bars"), rows)
    assert "Số nạn nhân<" in svg and "được xác định<" in svg


@pytest.mark.parametrize(
    ("spec", "rows", "words"),
    [
        ({"data": {"name": "figures"}}, [], "1 to"),
        ({"data": {"url": "http://example.invalid/x.csv"}}, ROWS, "must take its data"),
        ({"data": {"name": "figures"}, "layer": [{"data": {"url": "file:///etc/passwd"}}]}, ROWS, "address"),
    ],
)
def test_a_spec_that_fetches_or_has_nothing_to_draw_is_refused(spec: dict, rows: list, words: str) -> None:
    with pytest.raises(ChartError, match=words):
        render_png(spec, rows)
