"""The zones of an issued plan: letterhead, title, opening, body, signature and recipients, annexes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from haidang.kernel.text import bare
from haidang.reading.blocks import is_capitals, is_page_number, is_section_title, running_lines
from haidang.reading.letters import compiled
from haidang.reading.markers import NUMBER, marker_of
from haidang.reading.normal_form import Line
from haidang.reading.vocabulary import ReadingVocabulary

_TITLE = compiled(
    r"(?P<word>K\s?Ế\s?\s?H\s?O\s?Ạ\s?C\s?H|C\s?H\s?Ư\s?Ơ\s?N\s?G\s+T\s?R\s?Ì\s?N\s?H|ĐỀ ÁN"
    r"|PHƯƠNG ÁN)(?P<rest>$|\s.*$|[[:upper:]]{2}.*$)",
    re.DOTALL,
)
_OTHER_KIND = compiled(
    r"(?:BÁO CÁO|THÔNG BÁO|TỜ TRÌNH|NGHỊ QUYẾT|BIÊN BẢN|HỢP ĐỒNG|GIẤY MỜI|CÔNG VĂN|CÔNG ĐIỆN|QUY CHẾ"
    r"|QUY ĐỊNH|HƯỚNG DẪN|THÔNG TƯ|NGHỊ ĐỊNH|LUẬT)\s*$"
)
_DECISION = compiled(r"QUYẾT ĐỊNH\s*:?\s*$")
_END = compiled(r"(?:Nơi nhận|NƠI NHẬN)|(?:TM|KT|TL|TUQ|Q)\s?\.\s*[[:upper:]]{2}")
_SIGNING_POST = compiled(
    r"(?:(?:PHÓ |KT\. ?)?(?:CHỦ TỊCH|GIÁM ĐỐC|TRƯỞNG BAN|BỘ TRƯỞNG|THỨ TRƯỞNG|CỤC TRƯỞNG|VIỆN TRƯỞNG"
    r"|CHÁNH ÁN|CHÁNH VĂN PHÒNG|TRƯỞNG PHÒNG"
    r"|HIỆU TRƯỞNG|CHỈ HUY TRƯỞNG|THỦ TƯỚNG|TRƯỞNG CÔNG AN|TỔNG GIÁM ĐỐC|THỦ TRƯỞNG))(?:\s[[:upper:]\s]{0,40})?$"
)
_ANNEX = compiled(r"(?:PHỤ LỤC|Phụ lục|ĐỀ CƯƠNG|Đề cương|BIỂU|MẪU|Mẫu|DANH MỤC|DANH SÁCH|BẢNG)(?:\s|$|:)")
_OPENING = compiled(
    r"(?:Căn cứ|Thực hiện|Triển khai|Nhằm|Để|Tiếp tục|Trên cơ sở|Quán triệt|Hưởng ứng|Theo|Phát huy"
    r"|Trong|Ngày|Xét|UBND|Ủy ban|Uỷ ban|Ban Chỉ đạo|Sở|Công an|Năm \d|Với|Qua|Chấp hành|Bộ)(?=\s)"
)
_CAPTION = compiled(r"\(.*\)?$|[-–—_*.=\s]{2,}$")
_PLAN_SYMBOL = compiled(r"/\s*(?:KH|CTr|CTR|ĐA|PA)(?![[:lower:]])")
MOST_CAPTION = 6  # lines
MOST_LOOSE = 3  # words that a broken paragraph may leave on its first line
_REVIEWABLE = compiled(r"mục đích|mục tiêu|yêu cầu|nội dung|nhiệm vụ|tổ chức thực hiện", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Zones:
    """Lines by zone; page numbers are in none. `decision` holds a wrapping decision, from its title to the plan's."""

    is_plan: bool
    head: tuple[Line, ...]
    decision: tuple[Line, ...]
    title: tuple[str, ...]
    opening: tuple[Line, ...]
    body: tuple[Line, ...]
    tail: tuple[Line, ...]  # from "Nơi nhận" or the signature on


def zones_of(lines: Sequence[Line], vocabulary: ReadingVocabulary) -> Zones:
    """The zones of a document; for a document that is no plan all but the head are empty."""
    running = running_lines(lines)
    kept = [line for index, line in enumerate(lines) if index not in running and not is_page_number(line)]
    first = _title_at(kept)
    if first is None:
        first = _lost_title_at(kept, vocabulary)
        word_lost = True
    else:
        word_lost = False
    if first is None:
        first = _untitled_at(kept, vocabulary)
        untitled = first is not None
    else:
        untitled = False
    if first is None:
        return Zones(False, tuple(kept), (), (), (), (), ())
    decision = next((i for i, line in enumerate(kept[:first]) if _DECISION.match(line.text)), None)
    if decision is not None:  # its grounds may stand above its title: law sites lose the first of the two titles
        decision = next((i for i, line in enumerate(kept[:decision]) if line.text.startswith("Căn cứ")), decision)
    head_end = decision if decision is not None else first
    section = _first_section(kept, first + (0 if word_lost else 1), vocabulary)
    title, opening_at = ([], first) if untitled else _title_lines(kept, first, section, word_lost)
    end = next((i for i in range(section, len(kept)) if _ends_body(kept, i, vocabulary)), len(kept))
    unsigned = end == len(kept)
    annexes = (i for i in range(section + 1, end) if _is_annex(kept[i]) and (unsigned or _closed(kept[i - 1].text)))
    body_end = next(annexes, end)
    return Zones(
        True,
        tuple(kept[:head_end]),
        tuple(kept[head_end:first]) if decision is not None else (),
        tuple(title),
        tuple(kept[opening_at:section]),
        tuple(kept[section:body_end]),
        tuple(kept[body_end:]),
    )


def _ends_body(lines: Sequence[Line], index: int, vocabulary: ReadingVocabulary) -> bool:
    """Whether the recipients or the signature begin here; a post in capitals may also go on with a heading above."""
    text = vocabulary.mended(lines[index].text)
    heading_above = index > 0 and is_capitals(lines[index - 1].text) and marker_of(lines[index - 1].text) is not None
    return bool(_END.match(text)) or bool(_SIGNING_POST.match(text) and not heading_above)


def _closed(text: str) -> bool:
    """Whether a plan's text ends here: "./."."""
    return text.rstrip(" *)").endswith("./.")


def tail_parts(tail: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The signature block with the recipients, and the annexes after it."""
    cut = next((i for i, line in enumerate(tail) if i and (_is_annex(line) or line.text.startswith("|"))), len(tail))
    return list(tail[:cut]), list(tail[cut:])


def _is_annex(line: Line) -> bool:
    return (
        bool(_ANNEX.match(line.text))
        and (is_capitals(line.text) or line.bold or len(line.text) < 40)
        and not line.text.endswith(";")
    )


def _title_at(lines: Sequence[Line]) -> int | None:
    """Where the plan's title stands; below the articles of a decision that wraps it."""
    articles = next((i for i, line in enumerate(lines[:400]) if re.match(r"Điều 1\s*[.:]", line.text)), None)
    wrapped = articles is not None and any(_DECISION.match(line.text) for line in lines[:articles])
    begin = articles or 0
    if wrapped and (found := _title_from(lines, begin)) is not None:
        return found
    return _title_from(lines, 0)


def _title_from(lines: Sequence[Line], begin: int) -> int | None:
    for index, line in enumerate(lines[: begin + 400]):
        if index < begin:
            continue
        if marker_of(line.text) is not None and index > 40:
            continue
        if _OTHER_KIND.match(line.text) and not any(_DECISION.match(other.text) for other in lines[:index]):
            return None
        match = _TITLE.match(line.text)
        if _misread_title(line.text):
            return index
        if match and (
            not match["rest"].strip()
            or is_capitals(match["rest"])
            or line.bold
            or line.heading
            or _titled(match["rest"])
        ):
            return index
    return None


def _misread_title(text: str) -> bool:
    """ "KÉ HOẠCH", "KẾ. HOẠCH", "KẾ H0ẠCH": the word misread, on a line of its own."""
    letters = re.sub(r"[\W\d_]", "", bare(text.replace("0", "O")))
    return letters == "kehoach" and is_capitals(text) and marker_of(text) is None


def _titled(rest: str) -> bool:
    """Whether what follows the word on its line can be the title: a capital first, no sentence."""
    rest = rest.strip()
    return rest[:1].isupper() and len(rest) < 250 and not rest.startswith("Số")


def _lost_title_at(lines: Sequence[Line], vocabulary: ReadingVocabulary) -> int | None:
    """Where a title stands whose word KẾ HOẠCH was lost: the first line of capitals before the opening paragraph."""
    section = _first_section(lines, 0, vocabulary)
    symbol = any(_PLAN_SYMBOL.search(line.text) for line in lines[: min(section, 30)])
    headings = sum(bool(_REVIEWABLE.search(line.text)) and is_capitals(line.text) for line in lines)
    if section >= len(lines) or not (symbol or headings >= 2):
        return None
    for index in range(min(section, 60)):
        text = lines[index].text
        letterhead = re.match(
            r"(?:CỘNG H|ĐỘC LẬP|ỦY BAN|UỶ BAN|UBND|HĐND|TỈNH|THÀNH PHỐ|HUYỆN|BAN CHỈ ĐẠO|SỞ|BỘ|CÔNG AN|XÃ"
            r"|PHƯỜNG|QUẬN)",
            text,
        )
        if is_capitals(text) and not letterhead and marker_of(text) is None and not re.match(r"Số\s*:", text):
            return None if _OTHER_KIND.match(text) else index
    return None


def _untitled_at(lines: Sequence[Line], vocabulary: ReadingVocabulary) -> int | None:
    """Where the opening of a plan begins that lost its title altogether but bears a plan's symbol and has sections."""
    section = _first_section(lines, 0, vocabulary)
    symbol = next((i for i, line in enumerate(lines[: min(section, 30)]) if _PLAN_SYMBOL.search(line.text)), None)
    if symbol is None or section >= len(lines):
        return None
    return next((i for i in range(symbol + 1, section) if _OPENING.match(lines[i].text)), None)


def _first_section(lines: Sequence[Line], start: int, vocabulary: ReadingVocabulary) -> int:
    for index in range(start, len(lines)):
        marker = marker_of(lines[index].text)
        if marker is not None and marker.rank <= NUMBER and marker.label in ("I", "1", "A", "Nhất", "01"):
            return index
        if marker is None and is_section_title(lines[index], vocabulary):
            return index
    markers = ((index, marker_of(lines[index].text)) for index in range(start, len(lines)))
    return next((index for index, marker in markers if marker is not None and marker.rank <= NUMBER), len(lines))


def _title_lines(lines: Sequence[Line], first: int, section: int, word_lost: bool) -> tuple[list[str], int]:
    """The lines of the title, and where the opening paragraph begins."""
    title: list[str] = []
    if word_lost:
        title.append(lines[first].text)
    else:
        match = None if _misread_title(lines[first].text) else _TITLE.match(lines[first].text)
        rest = match["rest"].strip() if match else ""
        if rest:
            title.append(rest)
    index = first + 1
    while index < section:
        line = lines[index]
        caption = _caption_end(lines, index, section)
        if caption > index:
            index = caption
            continue
        short = len(line.text.split()) <= MOST_LOOSE and index + 1 < section
        whole = f"{line.text} {lines[index + 1].text}" if short else line.text  # "Thực / hiện Quyết định số ..."
        if title and (_opens(whole, line) or not _in_title(title, lines[index - 1], line)):
            break
        title.append(line.text)
        index += 1
    return title, index


def _caption_end(lines: Sequence[Line], index: int, section: int) -> int:
    """The line after a caption in brackets or a rule that begins at `index`; `index` itself when none does."""
    if not _CAPTION.match(lines[index].text):
        return index
    text = ""
    for at in range(index, min(index + MOST_CAPTION, section)):
        text += lines[at].text
        if text.count("(") <= text.count(")"):
            return at + 1
    return index + 1


def _opens(text: str, line: Line) -> bool:
    """Whether the opening paragraph begins with the text, which may be `line` with the one after it."""
    if is_capitals(line.text) or not _OPENING.match(text):
        return False
    cites = re.search(r"\d+/|số\s|ban hành|kế hoạch", text, re.IGNORECASE)
    return bool(cites) or len(text) > 60 or line.blank_before > 0


def _in_title(title: Sequence[str], above: Line, line: Line) -> bool:
    text = line.text
    if len(text) > 250 or len(title) >= 8:
        return False
    if re.match(r"[-–]?\s*(?:19|20)\d\d(?!\d)", text):  # "... GIAI ĐOẠN 2023 / - 2025"
        return True
    if all(is_capitals(part) for part in title):
        return is_capitals(text)
    if text[0].islower() or (text[0].isdigit() and marker_of(text) is None):
        return True
    styled = above.bold or bool(above.heading)
    return (styled and (line.bold or bool(line.heading))) or (
        not styled and not line.blank_before and len(text) < 90 and not text.endswith((".", ":"))
    )
