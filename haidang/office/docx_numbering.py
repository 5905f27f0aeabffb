"""Automatic numbering of a .docx: the label that Word shows before a paragraph."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from lxml import etree

from haidang.office.list_numbers import letters, roman

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEVELS = 9
_MOST_BASES = 20  # styles based on each other


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level of a list is shown: Word's number format, the pattern ("%1.%2."), the first number."""

    kind: str
    pattern: str
    start: int
    legal: bool = False  # the levels above are shown in figures too


class Numbering:
    """Counts the numbered paragraphs of one document, in the order they are asked for."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}  # by list
        self._counters: dict[str, list[int | None]] = {}  # by abstract list, as Word counts
        self._abstract: dict[str, str] = {}
        self._of_style: dict[str, tuple[str, int]] = {}
        self._level_of_style: dict[tuple[str, str], int] = {}  # of a list, a paragraph style
        if numbering is not None:
            self._read(numbering)
        if styles is not None:
            self._read_styles(styles)

    def label_of(self, paragraph: etree._Element) -> str:
        """The label shown before the paragraph, "" when it has none. Counts it."""
        place = self._place(paragraph)
        if place is None:
            return ""
        number, at = place
        levels = self._levels.get(number, {})
        if at not in levels:
            return ""
        counters = self._counters.setdefault(self._abstract.get(number, number), [None] * _LEVELS)
        level = levels[at]
        current = counters[at]
        counters[at] = level.start if current is None else current + 1
        counters[at + 1 :] = [None] * (_LEVELS - at - 1)
        if level.kind == "none":
            return ""
        if level.kind == "bullet":
            return "-" if level.pattern.strip() not in ("+", "•", "*") else level.pattern.strip()

        def shown(match: re.Match[str]) -> str:
            return _shown(levels, counters, int(match[1]) - 1, level.legal)

        return re.sub(r"%([1-9])", shown, level.pattern)

    def _place(self, paragraph: etree._Element) -> tuple[str, int] | None:
        """The list and level of a paragraph: its own, or those of its style."""
        properties = paragraph.find(_W + "pPr")
        if properties is None:
            return None
        own = properties.find(_W + "numPr")
        if own is not None:
            number = _value(own.find(_W + "numId"))
            if number is not None:
                level = _value(own.find(_W + "ilvl")) or "0"
                return None if number == "0" else (number, _level(level))
        style = _value(properties.find(_W + "pStyle"))
        return self._of_style.get(style or "")

    def _read(self, numbering: etree._Element) -> None:
        abstracts = {
            element.get(_W + "abstractNumId", ""): element for element in numbering.findall(_W + "abstractNum")
        }
        defined = {  # a list that only names a list style: the list that defines this style
            _value(element.find(_W + "styleLink")): element
            for element in abstracts.values()
            if element.find(_W + "styleLink") is not None
        }
        for number in numbering.findall(_W + "num"):
            key = number.get(_W + "numId", "")
            abstract = _value(number.find(_W + "abstractNumId")) or ""
            self._abstract[key] = abstract
            element = abstracts.get(abstract)
            if element is not None:
                element = defined.get(_value(element.find(_W + "numStyleLink")), element)
                self._levels[key] = self._read_levels(key, element)
            for override in number.findall(_W + "lvlOverride"):
                self._override(key, abstract, override)

    def _read_levels(self, key: str, abstract: etree._Element) -> dict[int, _Level]:
        levels: dict[int, _Level] = {}
        for level in abstract.findall(_W + "lvl"):
            at = _level(level.get(_W + "ilvl", "0"))
            levels[at] = _level_format(level)
            if style := _value(level.find(_W + "pStyle")):
                self._level_of_style[key, style] = at
        return levels

    def _override(self, key: str, abstract: str, override: etree._Element) -> None:
        """A list that shares its levels with others but for one; a restarted list counts by itself."""
        at = _level(override.get(_W + "ilvl", "0"))
        levels = self._levels.setdefault(key, {})
        own = override.find(_W + "lvl")
        if own is not None:
            levels[at] = _level_format(own)
        start = _value(override.find(_W + "startOverride"))
        if start and start.isdecimal():
            self._abstract[key] = f"{abstract}/{key}"
            if at in levels:
                levels[at] = replace(levels[at], start=int(start[:6]))

    def _read_styles(self, styles: etree._Element) -> None:
        """The list and level of each paragraph style, taken from the style it is based on where it says nothing."""
        found = {style.get(_W + "styleId", ""): style for style in styles.findall(_W + "style")}
        for key in found:
            number, level = _inherited(found, key)
            if number and number != "0":
                at = self._level_of_style.get((number, key), 0) if level is None else _level(level)
                self._of_style[key] = (number, at)


def _inherited(styles: dict[str, etree._Element], key: str) -> tuple[str | None, str | None]:
    """The list and the level that a style gives, its own before those of the styles below it."""
    level: str | None = None
    for _ in range(_MOST_BASES):
        style = styles.get(key)
        if style is None:
            break
        own = style.find(f"{_W}pPr/{_W}numPr")
        if own is not None:
            level = level or _value(own.find(_W + "ilvl"))
            if number := _value(own.find(_W + "numId")):
                return number, level
        key = _value(style.find(_W + "basedOn")) or ""
    return None, level


def _shown(levels: dict[int, _Level], counters: list[int | None], at: int, legal: bool) -> str:
    level = levels.get(at, _Level("decimal", "", 1))
    value = counters[at]
    return formatted(level.start if value is None else value, "decimal" if legal else level.kind)


def formatted(value: int, kind: str) -> str:
    """A number in one of Word's formats."""
    if kind in ("upperRoman", "lowerRoman"):
        return roman(value) if kind == "upperRoman" else roman(value).lower()
    if kind in ("lowerLetter", "upperLetter"):
        return letters(value) if kind == "lowerLetter" else letters(value).upper()
    return f"{value:02d}" if kind == "decimalZero" else str(value)


def _level_format(level: etree._Element) -> _Level:
    start = _value(level.find(_W + "start")) or "1"
    kind = _value(level.find(_W + "numFmt")) or "decimal"
    pattern = _value(level.find(_W + "lvlText")) or ""
    legal = level.find(_W + "isLgl") is not None
    return _Level(kind, pattern, int(start[:6]) if start.isdecimal() else 1, legal)


def _level(text: str) -> int:
    return min(int(text), _LEVELS - 1) if text.isdecimal() else 0


def _value(element: etree._Element | None) -> str | None:
    return None if element is None else element.get(_W + "val")
