"""Charts for documents: a Vega-Lite spec filled with rows becomes a PNG or an SVG, on this machine alone.

A spec is a template of `specs/charts/` with the data named "figures". Colours differ in lightness, so that a chart
printed in grey still reads; labels come as text already written the Vietnamese way.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import vl_convert

# Liberation Serif stands last: the copy that Debian installs first (1.07) lacks most Vietnamese letters.
FONTS: Final = "Tinos, Noto Serif, DejaVu Serif, Times New Roman, Liberation Serif, serif"
DATA_NAME: Final = "figures"
_MAX_ROWS: Final = 5_000
_VEGA_LITE: Final = "6.1"
_NUMBERS: Final = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " đ"], "minus": "−"}
_CONFIG: Final = {
    "font": FONTS,
    "background": "white",
    "view": {"stroke": None},
    "axis": {"labelFont": FONTS, "titleFont": FONTS, "labelFontSize": 14, "labelColor": "#000"},
    "legend": {"labelFont": FONTS, "titleFont": FONTS, "labelFontSize": 14, "labelColor": "#000"},
    "text": {"font": FONTS},
}

Row = Mapping[str, str | int | float | bool | None]


class ChartError(ValueError):
    """A spec or rows that give no chart; the text says which."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG with its size in pixels."""

    png: bytes
    width: int
    height: int


def filled(spec: Mapping[str, Any], rows: Sequence[Row]) -> dict[str, Any]:
    """The spec with its data: nothing is fetched, so a spec that names any other data is refused."""
    if not rows or len(rows) > _MAX_ROWS:
        raise ChartError(f"a chart takes 1 to {_MAX_ROWS} rows, got {len(rows)}")
    if spec.get("data") != {"name": DATA_NAME}:
        raise ChartError(f'the chart spec must take its data as {{"name": "{DATA_NAME}"}}')
    if _addresses(spec):
        raise ChartError("the chart spec must not name an address")
    return {**spec, "data": {"name": DATA_NAME, "values": [dict(row) for row in rows]}}


def render_png(spec: Mapping[str, Any], rows: Sequence[Row], *, scale: float = 3.0) -> Picture:
    """The chart as a picture; `scale` 3 gives about 220 dots an inch at 15 cm."""
    png = vl_convert.vegalite_to_png(
        filled(spec, rows),
        vl_version=_VEGA_LITE,
        scale=scale,
        config=_CONFIG,
        allowed_base_urls=[],
        format_locale=_NUMBERS,
    )
    width, height = struct.unpack(">II", png[16:24])
    return Picture(png, width, height)


def render_svg(spec: Mapping[str, Any], rows: Sequence[Row]) -> str:
    """The chart as SVG, for the screen; its text stays text."""
    svg: str = vl_convert.vegalite_to_svg(
        filled(spec, rows),
        vl_version=_VEGA_LITE,
        config=_CONFIG,
        allowed_base_urls=[],
        format_locale=_NUMBERS,
    )
    return svg


def _addresses(node: object) -> bool:
    """Whether a "url" occurs anywhere in the spec."""
    if isinstance(node, Mapping):
        return "url" in node or any(_addresses(value) for value in node.values())
    return isinstance(node, Sequence) and not isinstance(node, str) and any(_addresses(value) for value in node)
