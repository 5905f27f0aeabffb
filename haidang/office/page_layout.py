"""The lines of a page from pieces of text and where they stand: from the top, columns one by one, tables as rows.

Used for the characters of a PDF and for the words that are recognised on a scan.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from haidang.office.pdf_tables import Grid

_MARKER = re.compile(r"\s*(?:[-–+•*]|\(?[\w.]{1,7}[.)/]?)\s*")  # what a tab may follow: a bullet or a number
_MARKER_GAP = 60.0
MOST_ROWS = 140  # of two columns beside each other: a page of small print
_PAGE_NUMBER = re.compile(r"[-–\s]*(?:Trang\s+)?\d{1,4}(?:\s*/\s*\d{1,4})?[-–\s]*", re.IGNORECASE)
_ANNEX = re.compile(r"\s*(?:PHỤ LỤC|ĐỀ CƯƠNG|BIỂU|MẪU|DANH )")


@dataclass(slots=True)
class Run:
    """Characters that stand next to each other on one line, in points from the page's lower left corner."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    order: int = 0  # its place in the order of drawing

    @property
    def height(self) -> float:
        """The height of the letters."""
        return self.top - self.bottom

    @property
    def middle(self) -> float:
        """Where the line stands."""
        return (self.top + self.bottom) / 2


def lines_of(runs: Sequence[Run], width: float, grids: Sequence[Grid]) -> Iterator[str]:
    """Lines of text from the top down, with a blank line where the page leaves a wide gap."""
    free = [run for run in runs if not any(grid.holds(run.left, run.middle) for grid in grids)]
    pieces: list[tuple[float, float, list[str]]] = []
    for rows in _regions(_rows(free), width):
        pieces += _flowing(rows)
    for grid in grids:
        inside = [run for run in runs if grid.holds(run.left, run.middle)]
        pieces.append((grid.top, grid.bottom, grid.rows([(run.text, run.left, run.middle) for run in inside])))
    pieces.sort(key=lambda piece: -piece[0])
    pitch = _pitch(pieces)
    below: float | None = None
    for top, bottom, lines in pieces:
        if below is not None and pitch and below - top > 1.7 * pitch:
            yield ""
        yield from lines
        below = bottom


def _pitch(pieces: Sequence[tuple[float, float, list[str]]]) -> float:
    steps = [first[1] - second[0] for first, second in pairwise(pieces) if first[1] - second[0] > 2]
    return statistics.median(steps) if len(steps) > 3 else 0.0


def _rows(runs: Sequence[Run]) -> list[list[Run]]:
    """Runs that stand at the same height, from the top down, each row from left to right."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda each: -each.middle):
        row = rows[-1] if rows else None
        if row and abs(row[0].middle - run.middle) < 0.45 * max(row[0].height, run.height, 6.0):
            row.append(run)
        else:
            rows.append([run])
    for row in rows:
        row.sort(key=lambda each: each.left)
    return [_closed_up(row) for row in rows]


def _closed_up(row: list[Run]) -> list[Run]:
    """Neighbouring runs joined; a wide gap keeps two columns apart."""
    joined = [row[0]]
    for run in row[1:]:
        last = joined[-1]
        gap = run.left - last.right
        follows = run.order == last.order + 1
        wide = max(2.2 * max(last.height, run.height), 18.0) if follows else 4.0
        if gap < (_MARKER_GAP if follows and _MARKER.fullmatch(last.text) else wide):
            last.order = run.order
            last.text = last.text.rstrip() + (" " if gap > 1.0 or last.text.endswith(" ") else "") + run.text
            last.right = max(last.right, run.right)
        else:
            joined.append(run)
    return joined


def _regions(rows: Sequence[list[Run]], width: float) -> Iterator[list[list[Run]]]:
    """Stretches of rows: two columns side by side (letterhead, signature block), or one row by itself."""
    index = 0
    while index < len(rows):
        if len(rows[index]) < 2:
            yield [rows[index]]
            index += 1
            continue
        last = index
        for at in range(index + 1, min(len(rows), index + MOST_ROWS)):
            if len(rows[at]) >= 2:
                last = at
            elif rows[at][0].right - rows[at][0].left > 0.58 * width:
                break
        split = _split_of(rows[index : last + 1])
        signing = any(run.text.startswith("Nơi nhận") for row in rows[index : last + 1] for run in row)
        while last + 1 < len(rows) and _one_sided(rows[last + 1], split, width, signing):
            last += 1
        yield list(rows[index : last + 1])
        index = last + 1


def _split_of(rows: Sequence[Sequence[Run]]) -> float:
    """Where the right column of a two-column stretch begins."""
    return min(row[1].left for row in rows if len(row) >= 2) - 1.0


def _one_sided(row: Sequence[Run], split: float, width: float, signing: bool) -> bool:
    """Whether a row below a two-column stretch goes on with one of its columns: a recipient, or the signer's name."""
    run = row[0]
    narrow = run.right - run.left < 0.5 * width
    return (
        len(row) == 1
        and narrow
        and (run.left > split or (run.right < split and signing and not _ANNEX.match(run.text)))
    )


def _flowing(rows: Sequence[list[Run]]) -> list[tuple[float, float, list[str]]]:
    """One row as a line; a two-column stretch as its left lines, then its right lines."""
    if len(rows) == 1 and len(rows[0]) == 1:
        run = rows[0][0]
        return [(run.middle, run.middle, [run.text.strip()])]
    split = _split_of(rows)
    left = [run.text.strip() for row in rows for run in row if run.left < split]
    right = [run.text.strip() for row in rows for run in row if run.left >= split]
    return [(rows[0][0].middle, rows[-1][0].middle, [*left, *right])]


def without_page_number(lines: list[str]) -> list[str]:
    """The lines of a page without blank ones and a page number at its upper and lower edge."""
    kept = list(lines)
    for edge in (0, -1):
        while kept and not kept[edge].strip():
            kept.pop(edge)
        if kept and _PAGE_NUMBER.fullmatch(kept[edge]):
            kept.pop(edge)
    return kept
