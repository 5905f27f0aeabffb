"""Mending what recognition usually gets wrong where a plan's outline hangs on it: dirt, bullets, numbers of headings.

Only what the order of the numbers proves is changed ("I, II, II" is "I, II, III"); words stay as they were recognised.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product

from haidang.office.list_numbers import roman

_DIRT = re.compile(r"^[\s|_`´~\\¡!'‘’\"“”.,:;°•*^=<>«»—-]*[A-Za-zÀ-ỹ]?[\s|_`´~\\¡!'‘’\"“”.,:;°•*^=<>«»—-]*$")
_BULLET = re.compile(r"^[|_`´~\\'‘’.,\s]{0,3}([-–—=~»+•*])[\s.,]{0,2}(?=[\w“\"(])")
_EDGE_DIRT = re.compile(r"\s[|_`´~\\¡]+$|\s[-–]$|^[|_`´~\\¡]+\s+")
_PART = re.compile(r"^(PHẦN|CHƯƠNG|MỤC)\s?([IVX]{1,5})$")
_RESTARTS = re.compile(r"^(?:PHẦN|CHƯƠNG|PHỤ LỤC|ĐỀ CƯƠNG|[A-E]\.\s)")
_HEADING = re.compile(r"^([IVXLHlÏÍ1|]{1,6})(?:(\s?[.,])\s?|\s)(?=[A-ZĐÀ-Ỹ])")
_STROKES = {"H": ("II",), "L": ("I", ""), "V": ("V",), "X": ("X",)}  # every other sign is one stroke
_NUMBER = re.compile(r"^(\d{1,2})?\s?\.\s(?=[A-ZĐÀ-Ỹ])")
_MOST = 40
_ROMAN = {roman(value): value for value in range(1, _MOST)}


def mended(lines: Sequence[str]) -> list[str]:
    """The lines of a whole document without dirt, with bullets and the numbers of headings as they must have stood."""
    clean = [text for line in lines if (text := _cleaned(line)) is not None]
    return _with_numbers(list(_with_roman(clean)))


def _cleaned(line: str) -> str | None:
    """A line without stains at its edges; None for a line of stains."""
    if line.startswith("|") or not line.strip():
        return line if line.count("|") != 1 or len(line) > 3 else None
    if _DIRT.match(line):
        return None
    bullet = _BULLET.match(line)
    if bullet:
        sign = bullet[1] if bullet[1] in "+•*" else "-"
        line = f"{sign} {line[bullet.end() :]}"
    return _PART.sub(r"\1 \2", _EDGE_DIRT.sub("", line))


def _with_roman(lines: Sequence[str]) -> Iterator[str]:
    last = 0
    for index, line in enumerate(lines):
        if _RESTARTS.match(line):
            last = 0
        heading = _HEADING.match(line)
        if heading is None or not _is_heading(heading, line, lines[index + 1 :], last):
            yield line
            continue
        last = _value(heading[1], last)
        yield f"{roman(last)}. {line[heading.end() :]}" if last else line


def _is_heading(heading: re.Match[str], line: str, below: Sequence[str], last: int) -> bool:
    """Whether the line begins with a Roman number; a "1" is one only where Roman numbers go on after it."""
    rest = [char for char in line[heading.end() :] if char.isalpha()]
    capitals = len(rest) >= 4 and sum(char.isupper() for char in rest) >= 0.8 * len(rest)
    if heading[1] == "1":
        following = (each for each in below if re.match(r"(?:2|[IVX]{1,4}|H|IL)\s?[.,]?\s[A-ZĐÀ-Ỹ]{3}", each))
        return capitals and last == 0 and not next(following, "2").startswith("2")
    return capitals or (heading[2] is not None and set(heading[1]) <= set("IVXHL"))


def _value(token: str, last: int) -> int:
    """What number the token is: the next one where it can be read so, or so with one stroke that was lost."""
    readings = {"".join(parts) for parts in product(*(_STROKES.get(char, ("I",)) for char in token))}
    values = sorted(_ROMAN[each] for each in readings if each in _ROMAN)
    lost_stroke = roman(last + 1) in {each + "I" for each in readings}
    if last + 1 in values or (lost_stroke and last in values and last):
        return last + 1
    return values[0] if values else 0


def _with_numbers(lines: list[str]) -> list[str]:
    """A number between its neighbours ("4, 8, 6", "4, ., 6") is the one that is missing there; a 5 may look like a 9.

    A dot that is no number's is what is left of a dash.
    """
    found = [(index, match) for index, line in enumerate(lines) if (match := _NUMBER.match(line))]
    kept = list(lines)
    for place, (index, match) in enumerate(found):
        before = found[place - 1][1][1] if place else None
        after = found[place + 1][1][1] if place + 1 < len(found) else None
        wanted = int(before) + 1 if before else 0
        between = bool(wanted and after and int(after) == wanted + 1) and match[1] not in ("1", str(wanted))
        if between or (wanted == 5 and match[1] == "9" and after != "10"):
            kept[index] = f"{wanted}. {lines[index][match.end() :]}"
        elif match[1] is None:
            kept[index] = f"- {lines[index][match.end() :]}"
    return kept
