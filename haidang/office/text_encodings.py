"""Bytes and text in old Vietnamese encodings, told by what they say and turned into Unicode.

Plans typed before 2005, or copied out of them, come in TCVN3 (TCVN 5712:1993, the ".VnTime" fonts: one code per letter)
or VNI (a base letter and a code for its marks). Opened as Latin text they show "KÕ ho¹ch" and "Keá hoaïch".
Common Vietnamese words tell which one a text is: the reading with most of them wins.
"""

from __future__ import annotations

import re
import unicodedata

LEAST_WORDS = 6  # common words that a conversion must show before it is believed
MANY_WORDS = 40  # of a page: Vietnamese has marks on two words of three
MOST_PASTED = 20  # one in so many letters beyond ASCII may be of another encoding
LARGEST_PASTE = 500
SAMPLE = 40_000  # characters looked at to tell the encoding

_TCVN3 = dict(
    zip(
        "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊË®ÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\xadõö÷øùúûüýþ¡¢§£¤¥¦",
        "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂĐÊÔƠƯ",
        strict=True,
    )
)
_GRAVE, _ACUTE, _TILDE, _HOOK, _DOT, _BREVE, _ROOF = "\u0300\u0301\u0303\u0309\u0323\u0306\u0302"
_VNI_MARKS = {
    "ø": _GRAVE, "ù": _ACUTE, "õ": _TILDE, "û": _HOOK, "ï": _DOT,
    "ê": _BREVE, "è": _BREVE + _GRAVE, "é": _BREVE + _ACUTE, "ü": _BREVE + _TILDE, "ú": _BREVE + _HOOK,
    "ë": _BREVE + _DOT,
    "â": _ROOF, "à": _ROOF + _GRAVE, "á": _ROOF + _ACUTE, "ã": _ROOF + _TILDE, "å": _ROOF + _HOOK, "ä": _ROOF + _DOT,
}  # fmt: skip
_VNI_LETTERS = {"ô": "ơ", "ö": "ư", "ñ": "đ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI_LETTERS |= {code.upper(): letter.upper() for code, letter in _VNI_LETTERS.items()}
_VNI_MARKED = re.compile(f"([AEOUYaeouyÔôÖö])([{''.join(_VNI_MARKS)}{''.join(_VNI_MARKS).upper()}])")
# Signs of the font Symbol, which Word stores in the private area at U+F000: those that plans use; others are bullets.
SIGNS = dict.fromkeys(range(0xF000, 0xF100), "•")
SIGNS |= {0xF000 + code: chr(code) for code in (*range(0x20, 0x40), 0x5B, 0x5D)}
SIGNS |= {0xF000 + code: sign for code, sign in ((0xA3, "≤"), (0xB0, "°"), (0xB1, "±"), (0xB3, "≥"), (0xB4, "×"),
                                                 (0xB9, "≠"), (0xA5, "∞"), (0xAE, "→"), (0xDE, "⇒"))}  # fmt: skip
_COMMON = frozenset(
    word
    for line in (
        "và của các kế hoạch công được thực hiện tỉnh huyện phòng chống ủy nhân dân năm với về xã đối tội phạm người",
        "trên địa bàn chủ trì phối hợp báo cáo đơn vị thành phố từ đến cơ sở những không số ngày tháng chức tổ vụ",
    )
    for word in line.split()
)
_RAISED, _LOWERED = "\ue000", "\ue001"
_IN_CAPITALS = re.compile(f"{_RAISED}([^{_RAISED}{_LOWERED}]*){_LOWERED}")
# UTF-8 that was taken for Latin text and stored once more: "Káº¿ hoáº¡ch".
_TWICE = re.compile(
    "(?:[\u00c3\u00c4\u00c6][\u0080-\u00bf\u0152-\u2122]|\u00e1[\u00ba\u00bb][\u0080-\u00bf\u0152-\u2122])"
)
_WORD = re.compile(r"[^\W\d_]+")
_SEEN_IN_OLD = re.compile(r"[\u00a1-\u00ff]")


def decoded(content: bytes) -> str | None:
    """The text of bytes in UTF-8, UTF-16 (marked or not), TCVN3, VNI or Windows-1258; None for none of them."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strictly(content, "utf-16")
    wide = _utf16_without_mark(content)
    text = _strictly(content, wide or "utf-8-sig")
    if text is not None or wide:
        return text
    if (mixed := _mixed(content)) is not None:
        return mixed
    readings = [convert(content.decode("latin-1")) for convert in (from_tcvn3, from_vni)]
    windows = _strictly(content, "cp1258")
    readings += [unicodedata.normalize("NFC", windows)] if windows is not None else []
    best = max(readings, key=_common_words)
    return best if _common_words(best) >= LEAST_WORDS else None


def in_unicode(text: str) -> str:
    """The text itself, or its conversion where it is TCVN3 or VNI shown as Latin letters ("KÕ ho¹ch")."""
    if len(_SEEN_IN_OLD.findall(text[:SAMPLE])) < LEAST_WORDS:
        return text
    if len(_TWICE.findall(text[:SAMPLE])) >= LEAST_WORDS:
        text = _once(text)
    best = max((from_tcvn3(text), from_vni(text)), key=_common_words)
    return best if _common_words(best) >= max(LEAST_WORDS, 2 * _common_words(text) + 1) else text


def from_tcvn3(text: str) -> str:
    """Latin letters that stand for TCVN3 codes as Unicode; words in capitals get their marked letters in capitals.

    TCVN3 has no codes for marked capitals: they were printed by fonts whose small letters look like capitals.
    """
    converted = "".join(_TCVN3.get(char, char) for char in text)
    return "\n".join(_in_capitals(line) for line in converted.split("\n"))


def from_vni(text: str) -> str:
    """Latin letters that stand for VNI codes as Unicode."""

    def letter(match: re.Match[str]) -> str:
        base = _VNI_LETTERS.get(match[1], match[1])
        return unicodedata.normalize("NFC", base + _VNI_MARKS[match[2].lower()])

    # Marked letters first; what they became is told apart from codes still to be turned by turning both in one pass.
    parts, at = [], 0
    for match in _VNI_MARKED.finditer(text):
        parts += ["".join(_VNI_LETTERS.get(char, char) for char in text[at : match.start()]), letter(match)]
        at = match.end()
    return "".join(parts) + "".join(_VNI_LETTERS.get(char, char) for char in text[at:])


def _in_capitals(line: str) -> str:
    """The line with the marked letters of capitalised words in capitals ("KẾ HOạCH" is "KẾ HOẠCH")."""
    words = _WORD.findall(line)
    shouting = sum(_plain_capitals(word) and len(word) > 1 for word in words) * 2 > len(words)

    def raised(match: re.Match[str]) -> str:
        word = match.group()
        plain = [char for char in word if char.isascii()]
        capital = _plain_capitals(word) and (len(plain) > 1 or shouting)
        return word.upper() if capital or (shouting and not plain) else word

    return _WORD.sub(raised, line)


def _plain_capitals(word: str) -> bool:
    plain = [char for char in word if char.isascii()]
    return bool(plain) and all(char.isupper() for char in plain)


def _common_words(text: str) -> int:
    return sum(word in _COMMON for word in _WORD.findall(text[:SAMPLE].lower()))


def in_capitals(text: str) -> str:
    """The text to be shown in capitals, whatever its letters: marked, because old encodings are turned first."""
    return f"{_RAISED}{text}{_LOWERED}"


def raised(text: str) -> str:
    """The text with what in_capitals marked in capitals, and without the marks."""
    shown = _IN_CAPITALS.sub(lambda match: match[1].upper(), text) if _RAISED in text else text
    return shown.replace(_RAISED, "").replace(_LOWERED, "")


def says_something(text: str) -> bool:
    """Whether a page's text is Vietnamese, or too short or too plain to tell; garbage behind a scan is not."""
    words = [word.lower() for word in _WORD.findall(unicodedata.normalize("NFC", text[:SAMPLE])) if len(word) > 1]
    marked = sum(not word.isascii() for word in words)
    return len(words) < MANY_WORDS or marked * 5 > len(words)


def _mixed(content: bytes) -> str | None:
    """UTF-8 into which a few letters of Windows-1252 were pasted ("“", "–"); None for anything else."""
    pieces: list[str] = []
    at = foreign = 0
    while at < len(content):
        try:
            pieces.append(content[at:].decode("utf-8-sig" if not at else "utf-8"))
            break
        except UnicodeDecodeError as problem:
            foreign += 1
            if foreign > LARGEST_PASTE:
                return None
            after = at + problem.start
            pieces += [content[at:after].decode(), content[after : after + 1].decode("cp1252", "replace")]
            at = after + 1
    text = "".join(pieces)
    beyond = sum(not char.isascii() for char in text)
    return text if foreign <= beyond // MOST_PASTED else None


def _once(text: str) -> str:
    """The text that was encoded twice, decoded; as it is where that fails."""
    try:
        return b"".join(_as_byte(char) for char in text).decode()
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text


def _as_byte(char: str) -> bytes:
    """The byte that Windows-1252 shows as this letter; codes it leaves free stand for themselves."""
    return char.encode("latin-1") if ord(char) < 0x100 else char.encode("cp1252")


def _strictly(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _utf16_without_mark(content: bytes) -> str | None:
    """ "utf-16-le" or "utf-16-be" where every other byte is mostly zero, as plain letters are in UTF-16."""
    sample = content[: SAMPLE * 2]
    half = len(sample) // 2
    if len(content) % 2 or not half:
        return None
    high, low = sample[1::2].count(0) / half, sample[0::2].count(0) / half
    if high > 0.3 and low * 4 < high:  # a mark of its own may end in a zero, too: U+0300
        return "utf-16-le"
    return "utf-16-be" if low > 0.3 and high * 4 < low else None
