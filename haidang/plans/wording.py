"""Titles and the reader's rules as the screen shows them. The stored title stays as the document prints it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from haidang.kernel.text import squeeze

# Proper names that titles of plans use; the names of a plan's own area and place come with the plan.
_NAMES = (
    "Việt Nam", "Chính phủ", "Thủ tướng", "Quốc hội", "Hội đồng nhân dân", "Ủy ban nhân dân", "Uỷ ban nhân dân",
    "Ban Chỉ đạo", "Bộ Công an", "Công an", "Bộ đội Biên phòng", "Luật Phòng", "Nghị quyết", "Nghị định", "Quyết định",
    "Chỉ thị", "Ngày toàn dân", "Liên hợp quốc", "Lào", "Campuchia", "Trung Quốc", "Thái Lan",
)  # fmt: skip
_ABBREVIATIONS = frozenset(("UBND", "HĐND", "UBMTTQ", "ASEAN", "BCA", "BCĐ", "BLĐTBXH", "IOM", "UNODC", "ANTT"))
_KINDS = ("Thành phố", "Tỉnh", "Huyện", "Quận", "Thị xã", "Xã", "Phường", "Đặc khu")
_VOWEL = re.compile(r"[aeiouyăâêôơư]", re.IGNORECASE)
_NUMERAL = re.compile(r"\b(quý|phần|lần|đợt|giai đoạn) ([ivx]+)\b")

# By which mark the reader found an item, and how it knew the agencies of a task.
_FOUND_AS = {
    "task.bullet": "ý gạch đầu dòng", "task.item": "mục đánh số", "task.paragraph": "đoạn văn", "task.row": "dòng bảng",
    "target.percent": "tỷ lệ phần trăm", "target.count": "số đếm", "target.direction": "hướng tăng, giảm",
    "target.percent.over": "tỷ lệ vượt 100 %, đối chiếu con số với bản gốc",
    "target.table.over": "dòng bảng chỉ tiêu có tỷ lệ vượt 100 %, đối chiếu con số với bản gốc",
    "target.table": "dòng bảng chỉ tiêu", "duty.period": "kỳ báo cáo, không ngày", "duty.once": "báo cáo một lần",
    "duty.period.date": "kỳ báo cáo có ngày", "duty.table": "bảng thời hạn", "duty.two-dates": "hai ngày trong một câu",
    "duty.four-dates": "bốn ngày trong một câu", "person": "cán bộ ghi",
}  # fmt: skip
_AGENCIES_BY = {
    "bracket": "theo ngoặc cuối ý", "bracket.names": "theo tên cơ quan trong ngoặc",
    "bracket.alone": "theo ngoặc đứng riêng sau các ý", "label": "theo nhãn chủ trì, phối hợp",
    "block": "theo phần phân công trách nhiệm", "lead-in": "theo câu dẫn phía trên", "chairs": "theo “… chủ trì”",
    "given": "theo “giao …”", "subject.chairs": "theo chủ ngữ chủ trì", "subject": "theo chủ ngữ của câu",
    "table": "theo cột của bảng", "none": "không thấy cơ quan chủ trì",
}  # fmt: skip


def rule_words(rule: str) -> str:
    """What found an item, in words: "ý gạch đầu dòng, theo ngoặc cuối ý"; a rule without words shows its own name."""
    found, _, agencies = rule.partition("+")
    words = [_FOUND_AS.get(found, found)]
    if agencies:
        words.append(_AGENCIES_BY.get(agencies, agencies))
    return ", ".join(words)


def shown_title(title: str, names: Iterable[str] = ()) -> str:
    """The title in sentence case when it has no small letter at all; else as it is, beginning with a capital.

    `names` are proper names to keep ("Tỉnh Bến Sương"); codes and abbreviations stay as they stand.
    """
    text = squeeze(title)
    if any(char.islower() for char in text):
        return text[:1].upper() + text[1:]
    shown = " ".join(word if _stays(word) else word.lower() for word in text.split(" "))
    shown = _NUMERAL.sub(lambda match: f"{match[1]} {match[2].upper()}", shown)
    for name in sorted({*_NAMES, *_within(names)}, key=len):
        shown = _restored(shown, name)
    return shown[:1].upper() + shown[1:]


def _restored(text: str, name: str) -> str:
    """The text with a name written as it should be wherever it stands as whole words."""
    return re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", lambda _match: name, text, flags=re.IGNORECASE)


def _stays(word: str) -> bool:
    """Whether a word in capitals is a code ("138/CP") or an abbreviation ("UBND", "PCMBN")."""
    letters = re.sub(r"[^\w/-]", "", word)
    has_letter = any(char.isalpha() for char in letters)
    return has_letter and (
        letters in _ABBREVIATIONS or any(char.isdigit() for char in letters) or not _VOWEL.search(_plain(letters))
    )


def _plain(letters: str) -> str:
    """Letters without marks, so that every vowel is found."""
    return unicodedata.normalize("NFD", letters)


def _within(names: Iterable[str]) -> Iterable[str]:
    """The part of each area's name that keeps its capitals: "Bến Sương" of "Tỉnh Bến Sương"."""
    for name in names:
        bare = squeeze(name.partition("(")[0])
        kind = next((kind for kind in _KINDS if bare.startswith(kind + " ")), "")
        if own := bare[len(kind) :].strip():
            yield own
