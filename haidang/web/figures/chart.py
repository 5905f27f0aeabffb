"""The geometry of a bar chart: numbers to SVG coordinates, so that the template only writes attributes (no style)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log10

from haidang.kernel.numbers import format_number

WIDTH, TOP, BOTTOM = 600, 24, 180
LEFT, RIGHT = 52, 590
MOST_BARS = 40
_STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True, slots=True)
class Bar:
    """One value to draw; `part` says that it covers only part of a year (hatched, marked *)."""

    label: str
    value: float | None
    part: bool = False


@dataclass(frozen=True, slots=True)
class DrawnBar:
    """A bar with its place: `middle` is where its labels stand."""

    label: str
    text: str
    part: bool
    x: str
    y: str
    width: str
    height: str
    middle: str
    text_y: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid with its number."""

    y: str
    text_y: str
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """All that the template draws; `words` is the sentence for those who cannot see it."""

    bars: tuple[DrawnBar, ...]
    ticks: tuple[Tick, ...]
    words: str
    base_y: str = ""
    base_words: str = ""


def draw(title: str, bars: Sequence[Bar], base: float | None = None, base_words: str = "") -> Chart | None:
    """The chart of these bars, with a line at `base`; None when no bar has a number to draw."""
    numbers = [bar.value for bar in bars if bar.value is not None]
    if not numbers or len(bars) > MOST_BARS:
        return None
    top = _nice_top(max([*numbers, base or 0, 0]))
    step = (RIGHT - LEFT) / len(bars)
    drawn = tuple(_drawn(bar, LEFT + step * (at + 0.5), min(56, step * 0.7), top) for at, bar in enumerate(bars))
    ticks = tuple(_tick(top * share / 4, top) for share in range(5))
    words = f"{title}: " + ", ".join(f"{bar.label} {_said(bar.value)}" for bar in bars)
    if base is None:
        return Chart(drawn, ticks, words)
    y = _y(base, top)
    return Chart(drawn, ticks, f"{words}; {base_words}", _n(y), base_words)


def _drawn(bar: Bar, middle: float, width: float, top: float) -> DrawnBar:
    y = _y(max(bar.value or 0, 0), top)
    return DrawnBar(
        label=bar.label + ("*" if bar.part else ""),
        text=_said(bar.value),
        part=bar.part,
        x=_n(middle - width / 2),
        y=_n(y),
        width=_n(width),
        height=_n(BOTTOM - y),
        middle=_n(middle),
        text_y=_n(y - 6),
    )


def _tick(value: float, top: float) -> Tick:
    y = _y(value, top)
    return Tick(_n(y), _n(y + 4), format_number(value))


def _y(value: float, top: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * value / top


def _nice_top(largest: float) -> float:
    """The smallest round number not below `largest` whose quarters are round too."""
    if largest <= 0:
        return 4
    quarter = largest / 4
    power = 10.0 ** (ceil(log10(quarter)) - 1)
    unit = next(step for step in _STEPS if step * power >= quarter - 1e-12)
    return 4 * max(unit * power, 1 if largest >= 1 and float(largest).is_integer() else 0)


def _said(value: float | None) -> str:
    return "chưa có số" if value is None else format_number(value)


def _n(number: float) -> str:
    """A coordinate with one decimal and a point, whatever the language of the page."""
    return f"{number:.1f}"
