"""Common words of plans whose marks a scan misread ("phổi hợp", "thực hiên"), put right for matching only.

The mended text has the same length as the text, so that what is found in it stands at the same place in the text; what
is shown is always the text as printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from haidang.kernel.text import bare, fold

_MISREAD_DIGIT = re.compile(
    r"(?<=\d)[oO](?=\s?/\s?\d)|(?<=/)[oO](?=\d)|(?<![\w/])[oO](?=\d\s?/\s?\d)|(?<!\w)l(?=\d\s?/\s?\d)"
)


def with_digits(text: str) -> str:
    """The text, of the same length, with the letters put right that a scan read in dates: "2O/6", "l2/6"."""
    return _MISREAD_DIGIT.sub(lambda match: "1" if match.group() == "l" else "0", text)


class Mender:
    """Puts right the marks of given phrases. Each must mean nothing else with other marks ("chỉ tiêu" would)."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._right = {bare(phrase): phrase for phrase in phrases}
        longest_first = sorted(self._right, key=len, reverse=True)
        self._any = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)")
        self.mended = lru_cache(maxsize=2048)(self._mended)  # the same item is asked for several things in turn

    def _mended(self, text: str) -> str:
        parts, at = [], 0
        for match in self._any.finditer("".join(map(_letter, text))) if self._right else ():
            said, right = text[match.start() : match.end()], self._right[match.group()]
            cased = said[1:].islower() or said.isupper()  # "Báo Cao ..." is a name, no misread "Báo cáo"
            if cased and fold(said) != fold(right):
                parts += [text[at : match.start()], _in_case_of(said, right)]
                at = match.end()
        return "".join([*parts, text[at:]])


@lru_cache(maxsize=4096)
def _letter(char: str) -> str:
    """The letter in lower case without its marks; a sign as it is."""
    plain = bare(char) if char.isalpha() else char
    return plain if len(plain) == 1 else char


def _in_case_of(said: str, right: str) -> str:
    return "".join(letter.upper() if char.isupper() else letter for char, letter in zip(said, right, strict=True))
