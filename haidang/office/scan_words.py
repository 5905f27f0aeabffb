"""Words that tesseract found on a page, set upright, as lines of text.

A page may lie on its side, stand on its head or be a little turned: which way its lines run says how far. Sizes are
then told in points, as if the shorter edge were that of A4, so that what holds for the pages of a PDF holds here.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from haidang.office.page_layout import Run, lines_of
from haidang.office.pdf_tables import Grid, grids_from
from haidang.office.scan_rules import Rule

A4_SHORT_EDGE = 595.0  # points
SURE = 40.0  # of 100: signs without letters or figures that are less sure are dirt, unless they begin a line
_COLUMNS = 12
_WORD = "5"


@dataclass(frozen=True, slots=True)
class Word:
    """A word and its box in pixels from the upper left corner; `line` tells the line it stands on."""

    text: str
    line: tuple[int, int, int]
    left: float
    top: float
    width: float
    height: float

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of the box."""
        return self.left + self.width / 2, self.top + self.height / 2


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """The words and rules of one page of so many pixels."""

    width: float
    height: float
    words: tuple[Word, ...]
    rules: tuple[Rule, ...] = ()


def pages_of(table: str) -> list[ScannedPage]:
    """The pages in tesseract's table (TSV)."""
    rows = [row for line in table.splitlines()[1:] if len(row := line.split("\t")) == _COLUMNS]
    pages = []
    for _number, group in groupby(rows, key=lambda row: row[1]):
        page, *inside = group
        words = tuple(_words(inside))
        pages.append(ScannedPage(float(page[8]), float(page[9]), words))
    return pages


def _words(rows: Iterable[Sequence[str]]) -> Iterator[Word]:
    for row in rows:
        text = row[11].strip()
        doubtful = float(row[10]) < SURE and row[5] != "1" and not any(char.isalnum() for char in text)
        if row[0] == _WORD and text.strip("|") and not doubtful:  # a "|" is a rule of a table
            line = (int(row[2]), int(row[3]), int(row[4]))
            yield Word(text, line, *(float(side) for side in row[6:10]))


@dataclass(frozen=True, slots=True)
class _Upright:
    """Turns points of a picture so that its lines run to the right, and tells them in points from below."""

    cos: float
    sin: float
    left: float
    bottom: float
    scale: float
    width: float

    def at(self, x: float, y: float) -> tuple[float, float]:
        across, down = x * self.cos + y * self.sin, y * self.cos - x * self.sin
        return (across - self.left) * self.scale, (self.bottom - down) * self.scale


def page_lines(page: ScannedPage) -> list[str]:
    """The text of a page, line by line, tables as rows."""
    if not page.words:
        return []
    upright = _upright(page)
    grids = _grids(page.rules, upright)
    runs = [run for _line, words in _by_line(page.words) for run in _runs(words, upright, grids)]
    return list(lines_of(_in_order(runs), upright.width, grids))


def _by_line(words: Sequence[Word]) -> Iterator[tuple[tuple[int, int, int], list[Word]]]:
    return ((line, list(group)) for line, group in groupby(words, key=lambda word: word.line))


def _upright(page: ScannedPage) -> _Upright:
    """How the page must be turned, from where its lines lead, long ones counting more."""
    right = down = 0.0
    for _line, words in _by_line(page.words):
        (x1, y1), (x2, y2) = words[0].middle, words[-1].middle
        right, down = right + x2 - x1, down + y2 - y1
    length = math.hypot(right, down)
    cos, sin = (right / length, down / length) if length else (1.0, 0.0)
    corners = [(x, y) for x in (0.0, page.width) for y in (0.0, page.height)]
    across = [x * cos + y * sin for x, y in corners]
    downs = [y * cos - x * sin for x, y in corners]
    scale = A4_SHORT_EDGE / max(1.0, min(page.width, page.height))
    return _Upright(cos, sin, min(across), max(downs), scale, (max(across) - min(across)) * scale)


def _runs(words: Sequence[Word], upright: _Upright, grids: Sequence[Grid]) -> list[Run]:
    """The words of one line; wide gaps and the rules of tables part them."""
    sideways = abs(upright.sin) > abs(upright.cos)
    placed = []
    for word in words:
        x, y = upright.at(*word.middle)
        long, high = (word.height, word.width) if sideways else (word.width, word.height)
        placed.append((x - long * upright.scale / 2, x + long * upright.scale / 2, y, high * upright.scale, word.text))
    middle = statistics.median(y for _l, _r, y, _h, _t in placed)
    high = min(30.0, statistics.median(high for _l, _r, _y, high, _t in placed))
    runs: list[Run] = []
    for left, right, _y, _high, text in sorted(placed):
        last = runs[-1] if runs else None
        if last is not None and left - last.right <= max(1.6 * high, 12.0) and not _parted(last, left, grids):
            last.text += " " + text
            last.right = max(last.right, right)
        else:
            runs.append(Run(text, left, middle - high / 2, right, middle + high / 2))
    return runs


def _parted(run: Run, left: float, grids: Sequence[Grid]) -> bool:
    """Whether a rule of a table stands between a run and the word to its right."""
    return any(
        run.right - 2.0 <= edge <= left + 2.0 for grid in grids if grid.holds(left, run.middle) for edge in grid.xs
    )


def _in_order(runs: list[Run]) -> list[Run]:
    """The runs numbered from the top, those of one height from the left: neighbours follow each other."""
    runs.sort(key=lambda run: -run.middle)
    rows: list[list[Run]] = []
    for run in runs:
        if rows and rows[-1][0].middle - run.middle < 0.45 * max(rows[-1][0].height, run.height, 6.0):
            rows[-1].append(run)
        else:
            rows.append([run])
    ordered = [run for row in rows for run in sorted(row, key=lambda each: each.left)]
    for order, run in enumerate(ordered):
        run.order = order
    return ordered


def _grids(rules: Iterable[Rule], upright: _Upright) -> list[Grid]:
    vertical: list[tuple[float, float, float]] = []
    horizontal: list[tuple[float, float, float]] = []
    for rule in rules:
        (x1, y1), (x2, y2) = upright.at(rule.x1, rule.y1), upright.at(rule.x2, rule.y2)
        if abs(x2 - x1) > abs(y2 - y1):
            horizontal.append(((y1 + y2) / 2, min(x1, x2), max(x1, x2)))
        else:
            vertical.append(((x1 + x2) / 2, min(y1, y2), max(y1, y2)))
    return grids_from(vertical, horizontal)
