"""Vietnamese text: one normal form, and keys for matching and sorting.

Official tables mix both tone styles (Hòa / Hoà) and both Unicode forms; nothing may depend on which one was typed.
"""

from __future__ import annotations

import re
import unicodedata

_OLD_TONES = {
    "òa": "oà", "óa": "oá", "ỏa": "oả", "õa": "oã", "ọa": "oạ",
    "òe": "oè", "óe": "oé", "ỏe": "oẻ", "õe": "oẽ", "ọe": "oẹ",
    "ùy": "uỳ", "úy": "uý", "ủy": "uỷ", "ũy": "uỹ", "ụy": "uỵ",
}  # fmt: skip
_OLD_TONE = re.compile("|".join(_OLD_TONES))
_DASHES = re.compile("[‐‑‒–—−]")
_ALPHABET = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệfghiìỉĩíịjklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvwxyỳỷỹýỵz"
_RANK = {letter: rank for rank, letter in enumerate(_ALPHABET, start=256)}


def squeeze(text: str) -> str:
    """The text in NFC with every run of white space, line breaks included, as one space, and no space at its ends."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def fold(text: str) -> str:
    """A key for loose matching: squeezed, case folded, one tone style, plain hyphens; diacritics stay."""
    folded = _DASHES.sub("-", squeeze(text).casefold())
    return _OLD_TONE.sub(lambda match: _OLD_TONES[match[0]], folded)


def bare(text: str) -> str:
    """A key for matching without diacritics (search boxes, slugs): "Điện Biên" gives "dien bien"."""
    decomposed = unicodedata.normalize("NFD", fold(text).replace("đ", "d"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def slug(text: str) -> str:
    """Lower-case ASCII words joined by hyphens, for codes and file names."""
    return re.sub(r"[^a-z0-9]+", "-", bare(text)).strip("-")


def collation_key(text: str) -> tuple[int, ...]:
    """Sort key in Vietnamese dictionary order: đ after d, and tones in the order ngang huyền hỏi ngã sắc nặng."""
    return tuple(_RANK.get(char, ord(char) if ord(char) < 256 else 1000 + ord(char)) for char in squeeze(text).lower())
