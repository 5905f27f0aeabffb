"""Numbers as lists show them: figures, Roman figures, letters."""

from __future__ import annotations

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_MOST_LETTERS = 10
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


def roman(value: int) -> str:
    """A number up to 5000 in Roman capitals."""
    shown = ""
    for size, letters in _ROMAN:
        count, value = divmod(max(0, min(value, 5000)), size)
        shown += letters * count
    return shown


def letters(value: int) -> str:
    """A number as small letters: a to z, then aa, bb."""
    turns, place = divmod(max(0, value - 1), len(_LETTERS))
    return _LETTERS[place] * min(turns + 1, _MOST_LETTERS)
