"""How wide the columns of a table must be, and in which size it is set, so that no number is broken over two lines."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from haidang.office.nd30_styles import TWIPS_PER_CM, estimated_width_cm, twips

# The decree fixes sizes for the components of a document, none for what stands in the cells of a table.
SIZES: Final = (12.0, 11.0, 10.0, 9.0, 8.0)
LEAST_TEXT_CM: Final = 3.2
_MANY_COLUMNS: Final = 8
_SIDE_CM, _TIGHT_SIDE_CM = 0.15, 0.1
_BORDER_CM: Final = 0.06
_LINE: Final = 1.15  # height of a line of Times New Roman against its size
_ROW_POINTS: Final = 4.5  # spacing above and below the words of a row, and its border


@dataclass(frozen=True, slots=True)
class Fit:
    """A size in points, the widths of the columns and the margin at both sides of a cell, in twentieths of a point."""

    size: float
    widths: tuple[int, ...]
    side: int


@dataclass(frozen=True, slots=True)
class ColumnTexts:
    """What stands in one column: its heading, its cells, its wanted share of the width, whether cells may wrap."""

    heading: str
    cells: tuple[str, ...]
    share: float
    wraps: bool

    def least_cm(self, size: float) -> float:
        """The narrowest that breaks no word of the heading and no number."""
        whole = (word for cell in self.cells for word in (cell.split() if self.wraps else cell.split("\n")))
        return max((estimated_width_cm(text, size) for text in (*self.heading.split(), *whole)), default=0.0)


def fitted(columns: Sequence[ColumnTexts], width_cm: float) -> Fit:
    """The largest size in which every number stands on one line, with `width_cm` shared among the columns.

    A table of many columns begins one size smaller. When even the smallest size is too large, the columns are
    narrowed alike; a caller who cannot rule that out cuts the table (`number_column_cm` tells beforehand).
    """
    many = len(columns) > _MANY_COLUMNS
    side = _TIGHT_SIDE_CM if many else _SIDE_CM
    for size in SIZES[1:] if many else SIZES:
        least = _least_widths(columns, size, side)
        if sum(least) <= width_cm:
            break
    return Fit(size, _in_twips(_shared([column.share for column in columns], least, width_cm), width_cm), twips(side))


def height_cm(columns: Sequence[ColumnTexts], fit: Fit) -> float:
    """About how high the table is, its headings included."""
    rooms = [(width - 2 * fit.side) / TWIPS_PER_CM for width in fit.widths]
    rows = zip(*(column.cells for column in columns), strict=True)
    lines = max(_lines(column.heading, room, fit.size) for column, room in zip(columns, rooms, strict=True))
    for row in rows:
        lines += max(_lines(text, room, fit.size) for text, room in zip(row, rooms, strict=True))
    count = len(columns[0].cells) + 1
    return (lines * fit.size * _LINE + count * _ROW_POINTS) / 72 * 2.54


def _lines(text: str, room: float, size: float) -> int:
    return sum(max(1, math.ceil(estimated_width_cm(line, size) / room)) for line in text.split("\n"))


def number_column_cm(heading: str, cells: Iterable[str], size: float = 10.0) -> float:
    """The narrowest column of numbers in a table of many columns, its margins included."""
    return ColumnTexts(heading, tuple(cells), 1.0, wraps=False).least_cm(size) + 2 * _TIGHT_SIDE_CM + _BORDER_CM


def _least_widths(columns: Sequence[ColumnTexts], size: float, side: float) -> list[float]:
    bare = [column.least_cm(size) + 2 * side + _BORDER_CM for column in columns]
    return [max(least, LEAST_TEXT_CM) if column.wraps else least for column, least in zip(columns, bare, strict=True)]


def _shared(shares: Sequence[float], least: Sequence[float], width: float) -> list[float]:
    """By shares, but none below its least: columns that would be too narrow get their least, the others the rest."""
    if sum(least) >= width:
        return [one * width / sum(least) for one in least]
    held: set[int] = set()
    while True:
        free = [place for place in range(len(shares)) if place not in held]
        scale = (width - sum(least[place] for place in held)) / (sum(shares[place] for place in free) or 1)
        short = {place for place in free if shares[place] * scale < least[place]}
        if not short:
            return [least[place] if place in held else shares[place] * scale for place in range(len(shares))]
        held |= short


def _in_twips(widths: Sequence[float], whole_cm: float) -> tuple[int, ...]:
    rounded = [int(width / whole_cm * twips(whole_cm)) for width in widths]
    rounded[0] += twips(whole_cm) - sum(rounded)
    return tuple(rounded)
