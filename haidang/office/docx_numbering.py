"""Automatic numbering of a .docx: the label that Word shows before a paragraph."""

from __future__ import annotations

import re

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEVELS = 9
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ROMAN = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)


class Numbering:
    """Counts the numbered paragraphs of one document, in the order they are asked for."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}  # list -> level -> (format, pattern, start)
        self._counters: dict[str, list[int | None]] = {}  # by abstract list, as Word counts
        self._abstract: dict[str, str] = {}
        self._of_style: dict[str, tuple[str, int]] = {}
        if numbering is not None:
            self._read(numbering)
        if styles is not None:
            self._read_styles(styles)

    def label_of(self, paragraph: etree._Element) -> str:
        """The label shown before the paragraph, "" when it has none. Counts it."""
        place = self._place(paragraph)
        if place is None:
            return ""
        number, level = place
        levels = self._levels.get(number, {})
        if level not in levels:
            return ""
        counters = self._counters.setdefault(self._abstract.get(number, number), [None] * _LEVELS)
        kind, pattern, start = levels[level]
        current = counters[level]
        counters[level] = start if current is None else current + 1
        counters[level + 1 :] = [None] * (_LEVELS - level - 1)
        if kind == "none":
            return ""
        if kind == "bullet":
            return "-" if pattern.strip() not in ("+", "•", "*") else pattern.strip()
        return re.sub(r"%([1-9])", lambda match: self._shown(levels, counters, int(match[1]) - 1), pattern)

    def _shown(self, levels: dict[int, tuple[str, str, int]], counters: list[int | None], level: int) -> str:
        kind, _, start = levels.get(level, ("decimal", "", 1))
        value = counters[level]
        return formatted(start if value is None else value, kind)

    def _place(self, paragraph: etree._Element) -> tuple[str, int] | None:
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
        for number in numbering.findall(_W + "num"):
            key = number.get(_W + "numId", "")
            abstract = _value(number.find(_W + "abstractNumId")) or ""
            self._abstract[key] = abstract
            levels: dict[int, tuple[str, str, int]] = {}
            if abstract in abstracts:
                for level in abstracts[abstract].findall(_W + "lvl"):
                    levels[_level(level.get(_W + "ilvl", "0"))] = _level_format(level)
            for override in number.findall(_W + "lvlOverride"):
                at = _level(override.get(_W + "ilvl", "0"))
                start = _value(override.find(_W + "startOverride"))
                self._abstract[key] = f"{abstract}/{key}"  # a restarted list counts by itself
                if start and start.isdigit() and at in levels:
                    levels[at] = (*levels[at][:2], int(start))
            self._levels[key] = levels

    def _read_styles(self, styles: etree._Element) -> None:
        for style in styles.findall(_W + "style"):
            own = style.find(f"{_W}pPr/{_W}numPr")
            if own is None:
                continue
            number = _value(own.find(_W + "numId"))
            if number and number != "0":
                level = _value(own.find(_W + "ilvl")) or "0"
                self._of_style[style.get(_W + "styleId", "")] = (number, _level(level))


def formatted(value: int, kind: str) -> str:
    """A number in one of Word's formats."""
    if kind in ("upperRoman", "lowerRoman"):
        roman = _roman(value)
        return roman if kind == "upperRoman" else roman.lower()
    if kind in ("lowerLetter", "upperLetter"):
        letter = _LETTERS[(value - 1) % len(_LETTERS)] if value > 0 else "a"
        return letter if kind == "lowerLetter" else letter.upper()
    if kind == "decimalZero":
        return f"{value:02d}"
    return str(value)


def _roman(value: int) -> str:
    shown = ""
    for size, letters in _ROMAN:
        count, value = divmod(max(0, min(value, 5000)), size)
        shown += letters * count
    return shown


def _level_format(level: etree._Element) -> tuple[str, str, int]:
    start = _value(level.find(_W + "start")) or "1"
    kind = _value(level.find(_W + "numFmt")) or "decimal"
    pattern = _value(level.find(_W + "lvlText")) or ""
    return kind, pattern, int(start) if start.isdigit() else 1


def _level(text: str) -> int:
    return min(int(text), _LEVELS - 1) if text.isdigit() else 0


def _value(element: etree._Element | None) -> str | None:
    return None if element is None else element.get(_W + "val")
