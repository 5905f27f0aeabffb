"""The normal form of a text, with a map back to the source and the lines it came from.

Dropped: emphasis and heading marks, `<sup>`, table rules and a literal backslash-r-backslash-n; every run of white
space, line breaks included, becomes one space. Spans of a reading are offsets in this form. The lines keep what the
form forgets: where lines broke, which were blank, bold or headings, and which began with a markdown bullet.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from haidang.reading.letters import compiled
from haidang.reading.markers import marker_of

_MARK = compiled(r"\*+|</?su[bp]>|<br\s*/?>|\\r\\n|[\u200b\u200c\u200d\ufeff\u00ad]", re.IGNORECASE)
_TABLE_RULE = compiled(r"^\s*\|?(?:\s*:?-{2,}:?\s*\|)+\s*(?::?-{2,}:?\s*)?\|?\s*$")
_BREAKS = r"\n\v\f\x1c-\x1e\x85\u2028\u2029"
_LINE = compiled(rf"[^\r{_BREAKS}]+|(?<=[\r{_BREAKS}])(?=[\r{_BREAKS}])(?<!\r(?=\n))")
_COLUMN_GAP = re.compile(r"(?<=\S)(?: {6,}|[ \xa0]*\t[ \xa0]*\t\s*)(?=\S)")  # two columns side by side in typed text
_LEFT_BLANK = re.compile(r"(?:ngày|tháng|năm|[Ss]ố\s?:?)[.…_]*$")  # a date or number still to be written in
_LAYOUT = re.compile(r"CỘNG H|Nơi nhận|NƠI NHẬN|Độc lập|(?:TM|KT|TL|TUQ)\s?\. ?[A-ZĐÀ-Ỹ]{2}")
_HASHES = compiled(r"\s*(#{1,6})(?=\s|\*|\w)")
_STAR_BULLET = compiled(r"\s*\*(?=[ \t]+\S)")
_BOLD_LINE = compiled(r"\s*(?:#{1,6}\s*)?\*{2,3}(?!\s).*\*{2,3}[\s.:;,]*$")
# Two headings printed without a break between them: "I. MỤC TIÊU 1. Mục tiêu chung".
_GLUED = compiled(
    r"^(?:(?:[IVX]{1,5}\s?[.)]|PHẦN [IVX]+)[^[:lower:]]{6,}?(?=(?:I|1)\s?\.\s?[[:upper:]][[:lower:][:upper:]])"
    r"|[[:upper:]][[:upper:],\s]{6,90}?(?=1\s?\.\s?[[:upper:]][[:lower:]]))"  # the number of the first one lost
)

_LONE_MARK = compiled(
    r"[-–+•]|(?:\d{1,2}\.){1,3}|\d{1,2}\)|\((?:\d{1,2}|[a-zđ])\)\.?|(?:[IVX]{1,4}|[a-zđ])[.)]"
)  # on a line of its own: its text is below


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the source as it stands in the normal form: text[start:end], never blank."""

    text: str
    start: int
    end: int
    blank_before: int  # how many blank lines came before it
    bold: bool
    heading: int  # the number of leading "#", 0 for none
    star: bool  # began with a markdown "*" bullet, which the normal form drops


@dataclass(frozen=True, slots=True)
class NormalForm:
    """The text, for each of its characters the offset in the source, and its lines."""

    text: str
    origins: tuple[int, ...]
    lines: tuple[Line, ...]


@dataclass(slots=True)
class _Draft:
    chars: list[str]
    origins: list[int]
    spaced: bool = True  # whether white space stood since the last character

    def add(self, text: str, origins: list[int]) -> tuple[int, int]:
        """Append with collapsed white space; the span that the visible part takes."""
        start = -1
        for char, origin in zip(text, origins, strict=True):
            if char.isspace():
                self.spaced = True
                continue
            if self.spaced and self.chars:
                self.chars.append(" ")
                self.origins.append(origin)
            self.spaced = False
            if start < 0:
                start = len(self.chars)
            self.chars.append(char)
            self.origins.append(origin)
        return (start, len(self.chars)) if start >= 0 else (0, 0)


def normal_form(source: str) -> NormalForm:
    """The normal form of any text. Characters come out in Unicode NFC, whichever form the source used."""
    text, offsets = _composed(source)
    draft = _Draft([], [])
    lines: list[Line] = []
    blank = 0
    matches = list(_LINE.finditer(text))
    layout = _layout_rows([match.group() for match in matches])
    for index, match in enumerate(matches):
        draft.spaced = True
        raw = match.group()
        added = _add_line(draft, raw, offsets[match.start() : match.end()], blank, index in layout)
        if added:
            lines += added
            blank = 0
        elif match.start() == match.end() or not _TABLE_RULE.match(raw):
            blank += 1
    full = "".join(draft.chars)
    return NormalForm(full, tuple(draft.origins), tuple(_with_their_text(lines)))


def _with_their_text(lines: Sequence[Line]) -> list[Line]:
    """The lines, a mark that stands on a line of its own put before the line below it."""
    joined: list[Line] = []
    for line in lines:
        above = joined[-1] if joined else None
        marked = above is not None and _LONE_MARK.fullmatch(above.text) and line.start <= above.end + 1
        if above and marked and line.text[0] != "|" and marker_of(line.text) is None:
            text = f"{above.text} {line.text}"
            joined[-1] = replace(above, text=text, end=line.end, bold=line.bold, heading=line.heading)
        else:
            joined.append(line)
    return joined


def _composed(source: str) -> tuple[str, list[int]]:
    """The source in NFC and, for each character, its offset in the source."""
    if unicodedata.is_normalized("NFC", source):
        return source, list(range(len(source)))
    chars: list[str] = []
    offsets: list[int] = []
    start = 0
    for index in range(1, len(source) + 1):
        if index < len(source) and unicodedata.combining(source[index]):
            continue
        cluster = unicodedata.normalize("NFC", source[start:index])
        chars.append(cluster)
        offsets += [start] * len(cluster)
        start = index
    return "".join(chars), offsets


def _layout_rows(raws: list[str]) -> set[int]:
    """Which lines are rows of a table that only lays out a letterhead or signature in columns."""
    found: set[int] = set()
    group: list[int] = []
    for index, raw in enumerate([*raws, ""]):
        if raw.lstrip().startswith("|"):
            group.append(index)
        else:
            narrow = all(raws[row].count("|") <= 4 for row in group)
            if group and narrow and any(_LAYOUT.search(raws[row]) for row in group):
                found.update(group)
            group = []
    return found


def _add_line(draft: _Draft, raw: str, offsets: list[int], blank: int, layout: bool) -> list[Line]:
    if _TABLE_RULE.match(raw) and "|" in raw:
        return []
    hashes = _HASHES.match(raw)
    heading = len(hashes[1]) if hashes else 0
    first = hashes.end() if hashes else 0
    star = bool(_STAR_BULLET.match(raw, first))
    bold = bool(_BOLD_LINE.match(raw))
    lines: list[Line] = []
    for start, end in _segments(raw, first, layout):
        kept, origins = _without_marks(raw, start, end, offsets)
        place = draft.add(kept, origins)
        if place[0] < place[1]:
            text = "".join(draft.chars[place[0] : place[1]])
            if text == "|" and layout:
                continue
            later = bool(lines)
            lines.append(Line(text, *place, 0 if later else blank, bold, heading, star and not later))
    return [part for line in lines for part in _unglued(line)]


def _segments(raw: str, first: int, layout: bool) -> list[tuple[int, int]]:
    """Where the line breaks inside: at `<br>` outside tables, a literal "\\r\\n", between bold runs or columns."""
    table = raw.lstrip().startswith("|") and not layout
    cuts = [first]
    if layout:
        cuts += [edge for match in re.finditer(r"\|", raw) for edge in match.span() if edge > first]
    for match in _MARK.finditer(raw, first):
        mark = match.group().lower()
        between = mark == "****" and match.start() > 0 and match.end() < len(raw)
        if mark.startswith("\\r") or (mark.startswith("<br") and not table) or (between and not table):
            cuts.append(match.start())
    if not table:
        gaps = _COLUMN_GAP.finditer(raw, first)
        cuts += [match.end() for match in gaps if not _LEFT_BLANK.search(raw, first, match.start())]
    cuts = sorted(set(cuts))
    return list(zip(cuts, [*cuts[1:], len(raw)], strict=True))


def _without_marks(raw: str, start: int, end: int, offsets: list[int]) -> tuple[str, list[int]]:
    kept: list[str] = []
    origins: list[int] = []
    position = start
    for match in _MARK.finditer(raw, start, end):
        kept.append(raw[position : match.start()])
        origins += offsets[position : match.start()]
        if match.group()[0] in "\\" or match.group().lower().startswith("<br"):
            kept.append(" ")
            origins.append(offsets[match.start()])
        position = match.end()
    kept.append(raw[position:end])
    origins += offsets[position:end]
    return "".join(kept), origins


def _unglued(line: Line) -> list[Line]:
    """A line that carries two headings, as two lines."""
    match = _GLUED.match(line.text)
    if not match:
        return [line]
    cut = match.end()
    left = line.text[:cut].rstrip()
    first = Line(left, line.start, line.start + len(left), line.blank_before, True, line.heading, line.star)
    second = Line(line.text[cut:], line.start + cut, line.end, 0, line.bold, line.heading, False)
    return [first, second]
