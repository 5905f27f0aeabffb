"""The header of a plan: number, date, issuer, place, title, years, legal bases."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from haidang.kernel.text import fold
from haidang.reading.assignments import Assigner
from haidang.reading.blocks import is_capitals
from haidang.reading.letters import compiled
from haidang.reading.normal_form import Line
from haidang.reading.zones import Zones

_SYMBOL = r"[[:upper:]][\w&]*(?:\s?[-–]\s?[[:upper:]0-9][\w&]*|\s?/\s?[[:upper:]][\w&]*)*"
_NUMBER_LINE = compiled(rf"(?:^|\s|\|)Số\s*[:.]?\s*(?P<digits>\d[\d\s]*?[a-z]?)?\s*/\s*(?P<symbol>{_SYMBOL})")
_PARTY_PAPER = compiled(
    r"(?<![\d/-])\d{1,4}\s?[-–]\s?[[:upper:]][[:upper:][:lower:]]{1,4}/[[:upper:]]{2,6}(?:-[[:upper:]]{1,6})*(?!\w)"
)
_PAPER = compiled(rf"(?<![\d/])(?P<digits>\d{{1,5}}[a-z]?(?:\s?/\s?\d{{4}})?)\s?/\s?(?P<symbol>{_SYMBOL})")
_DATE_LINE = compiled(
    r"(?P<place>[[:upper:]][^,;|:()\d]{1,40}?)\s*,\s*[Nn]gày\s*(?P<day>[\d\s]*"
    r"|[.…_]+)\s*tháng\s*(?P<month>[\d\s]*|[.…_]+)\s*năm\s*(?P<year>\d\s?\d\s?\d\s?\d|[.…_]*)"
)
_SHORT_DATE_LINE = compiled(
    r"(?P<place>[[:upper:]][^,;|:()\d]{1,40}?)\s*,\s*[Nn]gày\s*(?P<day>\d{1,2})\s?/\s?(?P<month>\d{1,2})"
    r"\s?/\s?(?P<year>\d{4})"
)
_ARTICLE = re.compile(r"Điều\s+\d")
_HALF_PLACE = compiled(
    r"(?:(?:Thành phố|TP\.?) )?[[:upper:]][[:lower:]]+(?: [[:upper:]][[:lower:]]+)?"
)  # "Sơn" / "Hải, ngày ..."
MOST_OPENING = 6_000
MOST_BASES = 60_000
_CAPITALISED = compiled(r"(?:^|(?<=[\s(]))(?=[[:upper:]])")
_LEVELS = r"tỉnh|thành phố|Thành phố|TP\.?|huyện|quận|thị xã|xã|phường|thị trấn|đặc khu"
_NAME = (
    r"[[:upper:]](?:\w|[’'ʼ](?=\w))*(?:[ -](?:[[:upper:]](?:\w|[’'ʼ](?=\w))*"
    r"|[1-9]\d?(?![\d/.%-]|\s*(?:tháng|năm|quý|ngày|tuần|đợt)(?!\w))))*"
)
_MOTTO = compiled(r"^.*(?:Hạnh phúc|HẠNH PHÚC)\s+(?=[[:upper:]])")
_NAMED = compiled(rf"(?<!\w)(?:{_LEVELS}|khu vực|liên huyện)\s+(?P<name>{_NAME})$")
_TERRITORY = compiled(
    rf"(?P<own>(?:địa bàn|UBND|HĐND|[ỦU]ỷ? ?ban nhân dân|Ủy ban nhân dân|Hội đồng nhân dân|Công an"
    rf"|Đảng bộ|Tỉnh ủy|Chủ tịch|Toà án nhân dân|Tòa án nhân dân)\s+(?:của\s+)?)?"
    rf"(?<!\w)(?P<level>{_LEVELS})\s+(?P<name>{_NAME})"
)
_PAPER_TERRITORY = compiled(rf"(?<!\w)(?:Báo|Đài Phát thanh và Truyền hình|Đài PT&TH)\s+(?!cáo|chí)(?P<name>{_NAME})")
_SAYS_ITS_LEVEL = compiled(r"(?:[Tt]ỉnh|[Tt]hành|[Hh]uyện|[Qq]uận|[Tt]hị|[Xx]ã|[Pp]hường) (?:đoàn|ủy)$")  # "Tỉnh đoàn"
_ISSUES = compiled(
    r"\s*(?:\([^)]*\)\s*)?(?:,\s*)?(?:tiếp tục\s+)?(?:ban hành|xây dựng|triển khai|tổ chức|đề ra"
    r"|yêu cầu|lập)\s*(?:và\s+\w+\s+\w+\s+)?(?:thực hiện\s+)?(?:[Kk]ế hoạch|thực hiện|như sau|với"
    r"|triển khai|tổng kết|công tác)?"
)
# Several organs that issue one plan: "A, B (sau đây gọi là hai ngành) thống nhất ban hành ..."
_TOGETHER = compiled(
    r"\s*(?:\(\s*(?:sau đây|gọi)[^)]*\)\s*)?,?\s*(?:cùng\s+)?(?:thống nhất|liên tịch|phối hợp|cùng)\s+(?:cùng\s+)?"
    r"(?:ban hành|xây dựng|ký|triển khai|lập)"
)
_PERIOD = compiled(
    r"(?:giai đoạn|thời kỳ|các năm|từ năm|năm)?\s*(?<!\d)(?P<from>(?:19|20)\d{2})\s*(?:-|–|—"
    r"|đến(?: năm)?|tới)\s*(?:năm\s+)?(?P<to>(?:19|20)\d{2})(?!\d)",
    re.IGNORECASE,
)
_YEAR = compiled(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_ORIENTATION = compiled(
    r"[,;(]?\s*(?:và\s+)?(?:định hướng|tầm nhìn|hướng tới|hướng đến)[^,;]*?(?:19|20)\d{2}\)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Header:
    """What stands above the first section."""

    number: str | None
    issued_on: date | None
    issuer: str | None
    place: str | None
    title: str | None
    year_from: int | None
    year_to: int | None
    legal_bases: tuple[str, ...]


def header_of(zones: Zones, full_text: str, assigner: Assigner) -> Header:
    """The header, from the zones and the whole text (for the territory, which may be named anywhere)."""
    below = [text for text in zones.title if _DATE_LINE.fullmatch(text) or _SHORT_DATE_LINE.fullmatch(text)]
    head = [*(line.text for line in zones.head), *below]  # a date line may stand below the title
    title = " ".join(" ".join(text for text in zones.title if text not in below).split()) or None
    year_from, year_to = years_in(title or "")
    dated_place, issued_on = _date_line(head)
    organ = _organ(zones, head, full_text, assigner)
    issuer, own_place = _with_territory(organ, _Places(title or "", full_text, head, dated_place), assigner)
    articles = next((i for i, line in enumerate(zones.decision) if _ARTICLE.match(line.text)), len(zones.decision))
    opening = [line.text for line in (*zones.decision[:articles], *zones.opening)]
    return Header(
        _number(head),
        issued_on,
        issuer,
        dated_place or own_place,
        title,
        year_from,
        year_to,
        papers_in(" ".join(opening)[:MOST_BASES]),
    )


def years_in(title: str) -> tuple[int | None, int | None]:
    """The year or period that a title names; orientations and visions do not extend it."""
    title = _ORIENTATION.sub(" ", title)
    period = _PERIOD.search(title)
    if period and int(period["from"]) <= int(period["to"]):
        return int(period["from"]), int(period["to"])
    years = [int(year) for year in _YEAR.findall(title)]
    return (years[0], years[0]) if years else (None, None)


def papers_in(text: str) -> tuple[str, ...]:
    """Numbers of cited papers, inner spaces removed, once each, in order: "719/QĐ-TTg"."""
    found = [
        (match.start(), re.sub(r"\s", "", match["digits"]) + "/" + _plain(match["symbol"]))
        for match in _PAPER.finditer(text)
        if _is_paper(match, text)
    ]
    found += [(match.start(), _plain(match.group())) for match in _PARTY_PAPER.finditer(text)]
    return tuple(dict.fromkeys(number for _, number in sorted(found)))


def _is_paper(match: re.Match[str], text: str) -> bool:
    """A number with a symbol such as "QĐ-TTg" or "2024/QH15"; not the name of a committee ("Ban Chỉ đạo 138/CP")."""
    before = text[max(0, match.start() - 20) : match.start()]
    if re.search(r"(?:đạo|BCĐ|BCD|Đề án|Tổ|Chương trình)\s*$", before, re.IGNORECASE):
        return False
    return (
        "-" in _plain(match["symbol"])
        or "/" in match["digits"]
        or bool(re.search(r"số\s*:?\s*$", before, re.IGNORECASE))
    )


def _plain(symbol: str) -> str:
    return re.sub(r"[–—]", "-", re.sub(r"\s", "", symbol))


def _number(head: Sequence[str]) -> str | None:
    for text in [*head, " ".join(head)]:  # the letterhead may break its lines anywhere
        match = _NUMBER_LINE.search(text)
        if match:
            digits = re.sub(r"\s", "", match["digits"] or "")
            return f"{digits}/{_plain(match['symbol'])}" if digits else None
        party = _PARTY_PAPER.search(text) if re.match(r"\s*Số", text) else None
        if party:
            return _plain(party.group())
    return None


def _date_line(head: Sequence[str]) -> tuple[str | None, date | None]:
    """The place and date of the date line; the place stands even where day or month is blank."""
    found: str | None = None
    for index, text in enumerate([*head, " ".join(head)]):
        match = _DATE_LINE.search(text) or _SHORT_DATE_LINE.search(text)
        if match:
            if match.start() == 0 and 0 < index < len(head) and _HALF_PLACE.fullmatch(head[index - 1]):
                match = _DATE_LINE.search(f"{head[index - 1]} {text}") or match
            place = _clean_place(match["place"])
            digits = [re.sub(r"\D", "", match[part]) for part in ("year", "month", "day")]
            try:
                day = date(*(int(part) for part in digits)) if all(digits) else None
            except ValueError:
                day = None
            found = found or place
            if day is not None or index == len(head):
                return found, day
    return found, None


def _clean_place(place: str) -> str:
    """The place alone, without the symbol or motto that a two-column letterhead left before it."""
    words = _MOTTO.sub("", place).split()
    while words and (
        is_capitals(words[0])
        or (len(words[0]) > 1 and words[0].isupper())
        or re.search(r"[/\d]", words[0])
        or words[0] in ("phúc", "Hạnh", "do", "-")
    ):
        words.pop(0)
    return re.sub(rf"^(?:{_LEVELS})\s+", "", " ".join(words)) or place


def _organ(zones: Zones, head: Sequence[str], full_text: str, assigner: Assigner) -> str | None:
    """The issuing organ: who issues it in the opening, else the letterhead, else the signature."""
    opening = " ".join(line.text for line in zones.opening)[:MOST_OPENING]
    return _issuing(opening, assigner) or _in_sentence_case(_letterhead(head) or _signed_for(zones.tail), full_text)


def _in_sentence_case(organ: str | None, text: str) -> str | None:
    """An organ known from capitals, written as the text writes it where the text does: "Thủ tướng Chính phủ"."""
    printed = re.finditer(rf"{re.escape(organ)}(?!\w)", text, re.IGNORECASE) if organ else ()
    return next((match.group() for match in printed if not is_capitals(match.group())), organ)


def _issuing(opening: str, assigner: Assigner) -> str | None:
    """The organ before "ban hành", "xây dựng kế hoạch" in the opening; the last such one."""
    opening = re.sub(r"(Ủy ban nhân dân|Uỷ ban nhân dân)\s*\(UBND\)", r"\1", opening)
    reader = assigner.reader(opening)
    found, covered = None, 0
    for match in _CAPITALISED.finditer(opening):
        names = reader.list_at(match.start())
        before = opening[: match.start()].rstrip()
        if names is None or match.start() < covered or re.search(r"(?:của|do|từ|và)$", before):
            continue
        several = len(names.names) > 1
        together = _TOGETHER.match(opening, names.end) if several else None
        if together or (not several and _ISSUES.match(opening[names.end :])):
            found, covered = opening[names.names[0].start : names.names[-1].end], names.end
    return found


def _letterhead(head: Sequence[str]) -> str | None:
    """The issuing organ of a letterhead: the last organ line in capitals before the number."""
    organ: list[str] = []
    for text in head:
        clean = re.split(r"\s{2,}|CỘNG H", text)[0].strip(" *_-|")
        if re.match(r"(?:CỘNG H|Độc lập|ĐỘC LẬP|Số)", clean):
            continue
        if re.match(
            r"(?:ỦY BAN|UỶ BAN|UBND|BAN|SỞ|BỘ|CÔNG AN|HỘI|CHÍNH PHỦ|THỦ TƯỚNG|VIỆN|TÒA|TOÀ|CỤC|TỔNG CỤC|PHÒNG"
            r"|ĐẢNG ỦY|TRƯỜNG)",
            clean,
        ) and is_capitals(clean):
            organ = [clean]
        elif (
            organ
            and is_capitals(clean)
            and re.match(r"(?:TỈNH|THÀNH PHỐ|HUYỆN|QUẬN|THỊ XÃ|XÃ|PHƯỜNG|THỊ TRẤN|ĐẶC KHU|PHÒNG, CHỐNG|VỀ|\d)", clean)
        ):
            organ.append(clean)
    return _from_capitals(" ".join(organ)) if organ else None


def _from_capitals(organ: str) -> str:
    """ "ỦY BAN NHÂN DÂN TỈNH SƠN HẢI" as written in a sentence: "Ủy ban nhân dân tỉnh Sơn Hải"."""
    levels = re.split(r"\b(TỈNH|THÀNH PHỐ|HUYỆN|QUẬN|THỊ XÃ|XÃ(?! HỘI)|PHƯỜNG|THỊ TRẤN|ĐẶC KHU)\b", organ, maxsplit=1)
    named = levels[0].strip()
    named = "UBND" if fold(named) in ("ủy ban nhân dân", "ubnd", fold("uỷ ban nhân dân")) else named.capitalize()
    if len(levels) == 1:
        return named
    return f"{named} {levels[1].lower()} {levels[2].strip().title()}".strip()


def _signed_for(tail: Sequence[Line]) -> str | None:
    for line in tail:
        match = re.match(r"TM\s?\.\s*(?P<organ>[^,;]+)$", line.text)
        if match:
            return _from_capitals(match["organ"].strip())
    return None


@dataclass(frozen=True, slots=True)
class _Places:
    """Where a place may be named."""

    title: str
    full_text: str
    head: Sequence[str]
    dated: str | None


def _with_territory(organ: str | None, places: _Places, assigner: Assigner) -> tuple[str | None, str | None]:
    """The organ with its level and place, and that place, as far as the text names its own territory."""
    if organ is None:
        return None, _own_name(places.title, places.full_text, None, paper=False)
    organ = re.sub(r"^(?:[ỦU][ỷy] ban nhân dân|Uỷ ban nhân dân)", "UBND", organ)
    bare = re.sub(r"\s*\([^()]*\)$", "", organ)
    named = _NAMED.search(organ) or _NAMED.search(bare)  # a remark in brackets behind the name is none of it
    if named:
        dated = places.dated or ""
        whole = dated if re.match(rf"{re.escape(named['name'])} [-–] ", dated) else named["name"]
        return organ[: named.start("name")] + whole, whole
    if _is_national(organ, assigner):
        return organ, None
    level_match = re.search(rf"(?<!\w)(?P<level>{_LEVELS})$", organ, re.IGNORECASE)
    level = level_match["level"].lower() if level_match else None
    if level_match and level:  # "UBND Tỉnh" is written "UBND tỉnh Sơn Hải"
        organ = organ[: level_match.start()] + level
    own = _own_name(places.title, places.full_text, level, paper=places.dated is None)
    if own and places.dated and re.match(rf"{re.escape(own)} [-–] ", places.dated):  # "Bãi Ốc - Hòn Mê" is one place
        own = places.dated
    name = own or (places.dated if level in (None, "tỉnh", "thành phố", "huyện", "xã", "phường") else None)
    if name is None:
        return organ, None
    if level is None and not _SAYS_ITS_LEVEL.search(organ):
        level = _level_of(name, places.full_text) or _level_of_head(places.head)
        return (f"{organ} {level} {name}" if level else organ), name
    return f"{organ} {name}", name


def _is_national(organ: str, assigner: Assigner) -> bool:
    folded = fold(organ)
    for national in assigner.vocabulary.national_organs:
        if folded == national or (
            folded.startswith(national + " ") and not folded.startswith(("bộ chỉ huy", "bộ đội"))
        ):
            return True
        if folded.endswith(" của " + national):
            return True
    return folded.endswith((" quốc gia", " việt nam", " trung ương", " nhà nước"))


def _level_of(name: str, full_text: str) -> str | None:
    levels = Counter(match["level"].lower() for match in _TERRITORY.finditer(full_text) if match["name"] == name)
    return levels.most_common(1)[0][0] if levels else None


def _level_of_head(head: Sequence[str]) -> str | None:
    """The level that the letterhead prints, of the organ or the one above it."""
    found = re.search(r"(?<!\w)(TỈNH|THÀNH PHỐ|HUYỆN|QUẬN|THỊ XÃ|XÃ(?! HỘI)|PHƯỜNG|ĐẶC KHU)(?!\w)", " ".join(head))
    return found[1].lower() if found else None


def _own_name(title: str, full_text: str, level: str | None, *, paper: bool) -> str | None:
    """The name of the plan's own territory: in the title, "trên địa bàn tỉnh X", "UBND tỉnh X"; if `paper`, "Báo X"."""
    for text, owned in ((title, False), (full_text, True)):
        counts: Counter[str] = Counter()
        for match in _TERRITORY.finditer(text):
            fits = level is None or fold(match["level"]) == fold(level)
            if fits and (match["own"] or not owned):
                counts[_trimmed(match["name"])] += 1
        if counts:
            return counts.most_common(1)[0][0]
    named = _PAPER_TERRITORY.search(full_text) if paper and level in ("tỉnh", "thành phố") else None
    return _trimmed(named["name"]) if named else None


def _trimmed(name: str) -> str:
    """A name without a following word that only begins the next sentence or heading."""
    return re.sub(r"\s(?:Phần|Mục|Số|Nơi|Các|Trên|Về|Căn)$", "", name)
