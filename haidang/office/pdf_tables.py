"""Ruled tables of a PDF page: grids of thin lines, and the text of their cells."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

_THIN = 2.5  # points: a path no wider is a rule
_NEAR = 3.0  # rules this near are one
_MOST_PATHS = 20_000


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's columns (`xs`, left to right) and rows (`ys`, top to bottom), in points."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]

    @property
    def top(self) -> float:
        """The upper edge."""
        return self.ys[0]

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.ys[-1]

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in the table."""
        return self.xs[0] - _NEAR <= x <= self.xs[-1] and self.bottom <= y <= self.top

    def rows(self, pieces: Sequence[tuple[str, float, float]]) -> list[str]:
        """The rows "| a | b |" from pieces of text with the left end and height of each."""
        cells: dict[tuple[int, int], list[tuple[float, float, str]]] = {}
        for text, x, y in pieces:
            column = max((i for i, edge in enumerate(self.xs[:-1]) if edge - _NEAR <= x), default=0)
            row = max((i for i, edge in enumerate(self.ys[:-1]) if y <= edge), default=0)
            cells.setdefault((row, column), []).append((-y, x, text.strip()))
        width = len(self.xs) - 1
        lines = []
        for row in range(len(self.ys) - 1):
            texts = [" ".join(text for _, _, text in sorted(cells.get((row, column), []))) for column in range(width)]
            if any(texts):
                lines.append("| " + " | ".join(text.replace("|", "/") for text in texts) + " |")
        return lines


def grids_of(page: pypdfium2.PdfPage) -> list[Grid]:
    """The ruled tables of a page: at least two columns and two rows of lines that meet."""
    vertical: list[tuple[float, float, float]] = []  # x, bottom, top
    horizontal: list[tuple[float, float, float]] = []  # y, left, right
    for index, thing in enumerate(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=3)):
        if index >= _MOST_PATHS:
            break
        edges = [ctypes.c_float() for _ in range(4)]
        if not pdfium.FPDFPageObj_GetBounds(thing.raw, *(ctypes.byref(edge) for edge in edges)):
            continue
        left, bottom, right, top = (edge.value for edge in edges)
        if right - left <= _THIN < top - bottom:
            vertical.append(((left + right) / 2, bottom, top))
        elif top - bottom <= _THIN < right - left:
            horizontal.append(((top + bottom) / 2, left, right))
        elif right - left > _THIN and top - bottom > _THIN:
            vertical += [(left, bottom, top), (right, bottom, top)]
            horizontal += [(bottom, left, right), (top, left, right)]
    return grids_from(vertical, horizontal)


def grids_from(
    vertical: Sequence[tuple[float, float, float]], horizontal: Sequence[tuple[float, float, float]]
) -> list[Grid]:
    """The tables that rules make: vertical ones as (x, bottom, top), horizontal ones as (y, left, right), in points."""
    return [grid for stretch in _stretches(vertical) if (grid := _grid(stretch, vertical, horizontal))]


def _stretches(vertical: Sequence[tuple[float, float, float]]) -> list[tuple[float, float]]:
    """The heights over which vertical rules run without a break."""
    joined: list[tuple[float, float]] = []
    for _, bottom, top in sorted(vertical, key=lambda rule: -rule[2]):
        if joined and top >= joined[-1][0] - _NEAR:
            joined[-1] = (min(joined[-1][0], bottom), joined[-1][1])
        else:
            joined.append((bottom, top))
    return joined


def _grid(
    stretch: tuple[float, float],
    vertical: Sequence[tuple[float, float, float]],
    horizontal: Sequence[tuple[float, float, float]],
) -> Grid | None:
    bottom, top = stretch
    xs = _distinct([x for x, low, high in vertical if low >= bottom - _NEAR and high <= top + _NEAR])
    if len(xs) < 3 or top - bottom < 10:
        return None
    wide = 0.25 * (xs[-1] - xs[0])
    ys = _distinct(
        [y for y, left, right in horizontal if bottom - _NEAR <= y <= top + _NEAR and left < xs[-1] and right > xs[0]]
    )
    reach = {y: sum(right - left for at, left, right in horizontal if abs(at - y) <= _NEAR) for y in ys}
    ys = [y for y in ys if reach[y] >= wide]
    return Grid(tuple(xs), tuple(reversed(ys))) if len(ys) >= 3 else None


def _distinct(values: Sequence[float]) -> list[float]:
    kept: list[float] = []
    for value in sorted(values):
        if not kept or value - kept[-1] > _NEAR:
            kept.append(value)
    return kept
