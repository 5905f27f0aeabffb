"""Keys for the names of agencies as plans write them: short forms opened, punctuation and "và" gone, place cut."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping

from haidang.agencies.records import Vocabulary
from haidang.kernel.text import bare, fold

UNIT_KINDS = ("thị trấn", "thị xã", "thành phố", "đặc khu", "tỉnh", "huyện", "quận", "phường", "xã")
_BRACKETS = re.compile(r"\([^()]*\)")
_MARKS = re.compile(r"[^\w\s]+")
_BETWEEN = re.compile(r"\s*[;,:]\s*|\s+và\s+", re.IGNORECASE)


def opened(text: str, vocabulary: Vocabulary) -> str:
    """Folded, short forms opened, without punctuation, brackets and "và": the form in which names are compared."""
    return _open(_words(text), vocabulary)


def key(phrase: str, vocabulary: Vocabulary) -> str:
    """The opened phrase less words like "lãnh đạo", "thường trực" before the name.

    "Sở LĐ-TB&XH" and "Sở Lao động - Thương binh và Xã hội" give the same.
    """
    return without_prefix(_open(without_prefix(_words(phrase), vocabulary), vocabulary), vocabulary)


def _words(text: str) -> str:
    return " ".join(_MARKS.sub(" ", fold(_BRACKETS.sub(" ", text))).split())


def _open(text: str, vocabulary: Vocabulary) -> str:
    words = " ".join(vocabulary.abbreviations.get(word, word) for word in text.split())
    return " ".join(word for word in words.split() if word != "và")


def without_prefix(text: str, vocabulary: Vocabulary) -> str:
    """The text without the words of the vocabulary that may stand before a name."""
    for word in ("và", *vocabulary.prefixes):
        if text.startswith(word + " "):
            return without_prefix(text[len(word) + 1 :], vocabulary)
    return text


def without_place(text: str, places: Iterable[str]) -> str:
    """The key without the area at its end: "công an tỉnh bắc giang", "công an tỉnh" and "công an" give "công an".

    `places` are opened names; the words for kinds of units go as well.
    """
    for tail in (*places, *UNIT_KINDS):
        cut = text.removesuffix(" " + tail)
        if cut:
            text = cut
    return text


def without_words(text: str, words: Iterable[str]) -> str:
    """The key less these words (whole words, longest first)."""
    for word in sorted(words, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", " ", text)
    return " ".join(text.split())


def found_words(text: str, words: Mapping[str, tuple[str, ...]] | Iterable[str]) -> tuple[list[str], str]:
    """Which of the words the key has (longest first, each stretch of text used once), and what is left of it."""
    found = []
    for word in sorted(words, key=len, reverse=True):
        pattern = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
        if pattern.search(text):
            found.append(word)
            text = pattern.sub(" ", text)
    return found, " ".join(text.split())


def tight(text: str) -> str:
    """Without diacritics and spaces, for what an optical reader made of a name."""
    return bare(text).replace(" ", "")


def atoms(phrase: str) -> list[tuple[int, int]]:
    """Where the pieces between commas, colons, semicolons and "và" stand in the phrase; brackets are not opened."""
    flat = _BRACKETS.sub(lambda match: "\0" * len(match[0]), phrase)
    marks = [(0, 0), *(match.span() for match in _BETWEEN.finditer(flat)), (len(flat), len(flat))]
    ends = [(before[1], after[0]) for before, after in itertools.pairwise(marks)]
    return [(start, end) for start, end in ends if flat[start:end].strip(" .\0")]
