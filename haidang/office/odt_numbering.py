"""The labels of lists and headings in an OpenDocument text (ODF 1.3, part 3, sections 5.3 and 16.30)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from haidang.office.list_numbers import letters, roman

OUTLINE = "\x00outline"  # the list that numbered headings make, which has no name
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_PATTERN = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}num-list-format"
_LISTS = {
    _TEXT + "list-style": _TEXT + "list-level-style-number",
    _TEXT + "outline-style": _TEXT + "outline-level-style",
}
MOST_LEVELS = 10


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level of a list is numbered; `shown` is the number of levels that its label names."""

    kind: str
    prefix: str
    suffix: str
    pattern: str
    shown: int
    start: int


class ListStyles:
    """The labels of numbered lists and headings, counted as they come."""

    def __init__(self, roots: list[etree._Element]) -> None:
        self._levels: dict[tuple[str, int], _Level] = {}
        self._counts: dict[tuple[str, int], int] = {}  # of a list or list style, by level
        for root in roots:
            for kind, numbered in _LISTS.items():
                for style in root.iter(kind):
                    name = OUTLINE if kind == _TEXT + "outline-style" else style.get(_STYLE + "name", "")
                    self._levels.update(((name, count_of(level.get(_TEXT + "level"), 1)), _level(level))
                                        for level in style if level.tag == numbered)  # fmt: skip

    def begin(self, style: str, depth: int, element: etree._Element) -> None:
        """A list begins at a depth: its numbers start again unless it says that it goes on."""
        continues = element.get(_TEXT + "continue-numbering") == "true" or element.get(_TEXT + "continue-list")
        if not continues:
            self._forget(style, depth)

    def _forget(self, style: str, depth: int) -> None:
        for level in range(depth, MOST_LEVELS + 1):
            self._counts.pop((style, level), None)

    def label(self, style: str, depth: int, start: str | None = None, bullet: str = "-") -> str:
        """The label of the next item of a list: "1.", "2.1.", "a)", or a dash; `start` is where it counts anew."""
        level = self._levels.get((style, depth))
        if level is None:
            return bullet
        before = self._counts.get((style, depth), level.start - 1)
        self._counts[style, depth] = before + 1 if start is None else count_of(start, 1)
        self._forget(style, depth + 1)
        return self._written(style, depth, level)

    def _written(self, style: str, depth: int, level: _Level) -> str:
        if not level.kind:
            return ""
        if level.pattern:
            return re.sub(r"%(\d{1,2})%", lambda match: self._at(style, int(match[1])), level.pattern)
        first = max(1, depth - level.shown + 1)
        return level.prefix + ".".join(self._at(style, at) for at in range(first, depth + 1)) + level.suffix

    def _at(self, style: str, depth: int) -> str:
        level = self._levels.get((style, depth))
        return "" if level is None else _figure(self._counts.get((style, depth), level.start), level.kind)


def _level(level: etree._Element) -> _Level:
    return _Level(
        level.get(_STYLE + "num-format", ""),
        level.get(_STYLE + "num-prefix", ""),
        level.get(_STYLE + "num-suffix", ""),
        level.get(_PATTERN, ""),
        count_of(level.get(_TEXT + "display-levels"), 1),
        count_of(level.get(_TEXT + "start-value"), 1),
    )


def count_of(written: str | None, default: int) -> int:
    """A count written in an attribute, at most 10 000; the default where none is."""
    return min(int(written[:6]), 10_000) if written and written.isascii() and written.isdigit() else default


def _figure(value: int, kind: str) -> str:
    if kind in ("a", "A"):
        return letters(value) if kind == "a" else letters(value).upper()
    if kind in ("i", "I"):
        return roman(value) if kind == "I" else roman(value).lower()
    return str(value)
