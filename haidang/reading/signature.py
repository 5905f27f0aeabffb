"""Recipients and signer, from the lines after "Nơi nhận" and around the signature."""

from __future__ import annotations

import re
from collections.abc import Sequence

from haidang.kernel.text import fold
from haidang.reading.blocks import is_capitals
from haidang.reading.letters import compiled
from haidang.reading.normal_form import Line
from haidang.reading.vocabulary import ReadingVocabulary

_BEGIN = compiled(r"(?:Nơi nhận|NƠI NHẬN)\s*[:;.]?\s*", re.IGNORECASE)
_SIGNING = compiled(
    r"(?:(?:TM|KT|TL|TUQ|Q)\s?\.\s*[[:upper:]]{2}|(?:PHÓ |TRƯỞNG |CHỦ TỊCH|GIÁM ĐỐC|BỘ TRƯỞNG"
    r"|THỨ TRƯỞNG|CỤC TRƯỞNG|CHÁNH|VIỆN TRƯỞNG|HIỆU TRƯỞNG|CHỈ HUY TRƯỞNG|THỦ TƯỚNG|TỔNG|ỦY VIÊN"
    r"|CHỦ NHIỆM))"
)
_SIGNING_INSIDE = compiled(
    r"\s+(?=(?:TM|KT|TL|TUQ|Q)\s?\.\s*[[:upper:]]{2}|(?:PHÓ )?(?:CHỦ TỊCH|GIÁM ĐỐC|TRƯỞNG BAN"
    r"|BỘ TRƯỞNG|THỨ TRƯỞNG|CHÁNH VĂN PHÒNG|CỤC TRƯỞNG)(?:\s|$))"
)
_STAMP = compiled(r"[(\[]?\s*(?:đã ký|đã kí|daky|ký tên(?:, đóng dấu)?)[^()]{0,30}[)\]]?[.]?", re.IGNORECASE)
_DASH = compiled(r"[-–—+•]\s*")
_PART = r"[[:upper:]](?:[’'ʼ‘`]?[[:upper:]]?[[:lower:]čñ]+|[[:lower:]]*)(?:[’'ʼ‘`][[:lower:]]+)?"  # "H’Yim", "K'đăm"
_SYLLABLE = compiled(rf"{_PART}$|[[:upper:]](?:[’'ʼ‘`]?[[:upper:]]+)+$|{_PART}-{_PART}$")


def recipients_of(lines: Sequence[Line], vocabulary: ReadingVocabulary) -> tuple[str, ...]:
    """The recipients, broken lines joined, without dash and final ";" or "."."""
    begin = next((index for index, line in enumerate(lines) if _BEGIN.match(vocabulary.mended(line.text))), None)
    if begin is None:
        return ()
    found: list[str] = []
    dashed = False
    title = _BEGIN.match(vocabulary.mended(lines[begin].text))
    first = lines[begin].text[title.end() if title else 0 :]
    for line in [first, *(line.text for line in lines[begin + 1 :])]:
        text = _without_signature(line)
        if not any(char.isalnum() for char in text) or re.fullmatch(r"(?:TM|KT|TL|TUQ)\s?\.?", text):
            continue
        dash = _DASH.match(text)
        dashed = dashed or bool(dash)
        if dash:
            found += _split(_without_name(text[dash.end() :], vocabulary))
        elif found and (_name_in(text, vocabulary) or _STAMP.fullmatch(text)):
            continue
        elif found and not _ended(found[-1]) and not _SIGNING.match(text):
            found[-1] = f"{found[-1]} {_without_name(text, vocabulary)}"
        elif found and (dashed or not text.endswith((";", "."))):
            break
        elif text.endswith((";", ".")):
            found += _split(_without_name(text, vocabulary))
    return tuple(cleaned for text in found if (cleaned := re.sub(r"[\s;.]+$", "", text).strip()))


def _split(text: str) -> list[str]:
    """Several recipients on one line: "Bộ Công an; - Chủ tịch UBND"."""
    return re.split(r"(?<=;)\s*[-–]\s+", text)


def _ended(text: str) -> bool:
    return text.rstrip().endswith((";", "."))


def _without_name(text: str, vocabulary: ReadingVocabulary) -> str:
    """A recipient without the signer's name that a two-column layout left after it: "Lưu: VT. Lý Thị Mai"."""
    match = re.search(r"(?<=[.;])\s+(?P<name>[^.;]+)$", text)
    name = _name_in(match["name"], vocabulary) if match else None
    return text[: match.start()] if match and name and len(name.split()) >= 3 else text


def _without_signature(text: str) -> str:
    if _SIGNING.match(text) and is_capitals(text):
        return ""
    return _SIGNING_INSIDE.split(text)[0].strip()


def signer_of(lines: Sequence[Line], vocabulary: ReadingVocabulary) -> str | None:
    """The signer's name without rank: the name below the titles of the signature block, or None."""
    articles = [i for i, line in enumerate(lines) if re.match(r"Điều\s+\d", line.text)]
    lines = lines[articles[-1] :] if articles else lines  # of a decision: what stands below its articles
    begin = next(
        (i for i, line in enumerate(lines) if _SIGNING.match(line.text) or _SIGNING_INSIDE.search(line.text)), None
    )
    if begin is None:
        return None
    for line in lines[begin:]:
        kept = _without_name(line.text, vocabulary)
        name = _name_in(line.text[len(kept) :] if kept != line.text else line.text, vocabulary)
        if name:
            return name
    return None


def _name_in(text: str, vocabulary: ReadingVocabulary) -> str | None:
    words = text.strip(" .;:()").split()
    folded = [fold(word.strip(".,")) for word in words]
    start = 0
    while start < len(words) and (length := vocabulary.rank_phrases.length_at(folded, start)):
        start += length
    words, folded = words[start:], folded[start:]
    if not 2 <= len(words) <= 6 or not all(_SYLLABLE.match(word) for word in words):
        return None
    if any(vocabulary.post_phrases.length_at(folded, index) for index in range(len(folded))) or _DASH.match(text):
        return None
    return " ".join(word.capitalize() for word in words) if is_capitals(text) else " ".join(words)
