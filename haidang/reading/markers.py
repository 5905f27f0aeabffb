"""What a line begins with: part, Roman numeral, number, letter, "(1)" or bullet; its label and its rank."""

from __future__ import annotations

import re
from dataclasses import dataclass

from haidang.reading.letters import compiled

PART, CAPITAL, ROMAN, NUMBER, SECOND, THIRD, LOW_NUMBER, LETTER, NESTED, PAREN, LEAD_IN, BULLET = range(12)

_UPPER = "[:upper:]"
_TEXT = rf"(?=[{_UPPER}(“\"]|</?[a-zA-Z])"  # how an item's text begins; a tag left in a text is text like any other
_PART = compiled(
    r"(?:(?:PHẦN|Phần|CHƯƠNG|Chương)\s+(?:(?:THỨ|thứ)\s+(?P<word>\w+)|(?P<number>[IVX]+|\d{1,2}"
    r"|[A-D]))(?![\w/]))\s*[.:\-–]*\s*"
)
_POINT = compiled(r"(?:ĐIỂM|Điểm|MỤC|Mục)\s+(?P<number>[IVX]+|\d{1,2})\s*[.:]\s*")
_ARTICLE = compiled(rf"(?:ĐIỀU|Điều)\s+(?P<number>\d{{1,2}})\s*[.:]\s*{_TEXT}")
_ROMAN = compiled(rf"(?P<number>(?=[IVX])X{{0,3}}(?:IX|IV|V?I{{0,3}}))(?:\s?[./)]\s*|\s?[-–]\s|\s+){_TEXT}")
_DECIMAL = compiled(rf"(?P<number>(?:[IVX]+\.)?\d{{1,2}}(?:\.\d{{1,2}}){{1,3}})(?:\s?[.):/]\s*|\s+){_TEXT}")
_NUMBER = compiled(
    rf"(?P<number>\d{{1,2}})\s?(?P<sign>[.)/:]|[-–](?=\s))(?:\s*{_TEXT}"
    rf"|\s+(?=\d[\d.,]*\s?%))"
)
_LETTER = compiled(r"(?P<number>[a-zđ])(?:\s?[.)]|/|[-–](?=\s))\s*(?=[^\W\d_]|[(“\"\d]|</?[a-zA-Z])")
_NESTED = compiled(rf"(?P<number>[a-zđ]\.\d{{1,2}}(?:\.\d{{1,2}})?)(?:\s?[.):]\s*|\s+){_TEXT}")
_CAPITAL = compiled(rf"(?P<number>[A-HĐ])\s?[.)]\s+(?=[{_UPPER}])")
_PAREN = compiled(r"\(\s?(?P<number>\d{1,2}|[a-zđ])\s?\)(?!\s*[,;)])\s*[.:]?\s*")
_MISREAD = compiled(
    r"(l(?=\s?[.)]\s*[[:upper:]])|(?=[IVXl]*l)[IVXl]{2,4}(?=\s?[.)]\s*[[:upper:]]{2}))"
)  # OCR: l for I or 1
_BULLET = compiled(r"(?P<sign>[-–—+•·▪‣●◦✓√➢❖o*]|[\uf000-\uf0ff])(?:\s+|(?<=[-–+•▪●])(?=[^\W\d_]))")


@dataclass(frozen=True, slots=True)
class Marker:
    """How an item is marked: `label` is None for bullets, `length` is where its text begins."""

    rank: int
    label: str | None
    length: int
    sign: str

    @property
    def number(self) -> int | None:
        """The last number of the label, where it is a number."""
        last = (self.label or "").rsplit(".", 1)[-1]
        return int(last) if last.isdecimal() else None


def marker_of(text: str) -> Marker | None:
    """The marker that `text` begins with, or None. Dates ("15/6 ..."), figures ("90%. ...") and years are none."""
    misread = _MISREAD.match(text)
    if misread:
        text = misread[1].replace("l", "I" if len(misread[1]) > 1 else "1") + text[misread.end(1) :]
    for pattern, rank in _BY_RANK:
        match = pattern.match(text)
        if match and (rank == PART or match.end() < len(text)):
            bare_numeral = pattern is _ROMAN and not re.search(r"[./)\-–]", match.group())
            if bare_numeral and not text.isupper():
                continue
            return _marker(match, rank)
    return None


def _marker(match: re.Match[str], rank: int) -> Marker | None:
    groups = match.groupdict()
    if rank == BULLET:
        return Marker(BULLET, None, match.end(), groups["sign"])
    label = groups.get("word") or groups.get("number") or ""
    if not label:
        return None
    if rank == PART:
        return Marker(PART, label.capitalize() if groups.get("word") else label, match.end(), "part")
    if rank == SECOND:
        rank = THIRD if label.count(".") - (not label[0].isdigit()) > 1 else SECOND
        rank = NUMBER if not label[0].isdigit() and label.count(".") == 1 else rank
    if rank == NUMBER and not label.isdigit():  # "Mục II."
        rank = ROMAN
    return Marker(rank, label, match.end(), groups.get("sign") or ".")


_BY_RANK = (
    (_PART, PART),
    (_ARTICLE, ROMAN),
    (_POINT, NUMBER),
    (_DECIMAL, SECOND),
    (_ROMAN, ROMAN),
    (_NUMBER, NUMBER),
    (_CAPITAL, CAPITAL),
    (_NESTED, NESTED),
    (_LETTER, LETTER),
    (_PAREN, PAREN),
    (_BULLET, BULLET),
)
