"""Targets: the numbers, and directions without a number, in the objective sections of a plan."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from haidang.kernel.text import fold
from haidang.reading.confidence import confidence_of
from haidang.reading.letters import compiled
from haidang.reading.vocabulary import ReadingVocabulary

_NUMBER = r"\d{1,3}(?:\.\d{3}){1,4}(?:,\d{1,4})?|\d{1,12}(?:,\d{1,4})?(?:\.\d{1,4})?"
_PERCENT = compiled(rf"(?<![\w/.,])(?:(?P<sign>[≥≤<>])\s*)?(?P<value>{_NUMBER})\s*%")
_COUNT = compiled(
    rf"(?<![\w/.,(\-–])(?:(?P<sign>[≥≤<>])\s*)?(?:(?P<word>một|hai|ba|bốn|năm|sáu|bảy|tám|chín"
    rf"|mười)\s+)?\(?(?P<value>{_NUMBER})\)?(?:/(?P<of>\d+))?(?![\d/.,%]*[\d%])\s+"
    r"(?:(?P<scale>nghìn|ngàn|triệu|tỷ)\s+)?(?P<quote>[“\"])?(?P<noun>[^\W\d_]+)",
    re.IGNORECASE,
)
_SCALES = {"nghìn": 1_000, "ngàn": 1_000, "triệu": 1_000_000, "tỷ": 1_000_000_000}  # "1,5 triệu lượt khách"
_RATE = compiled(
    rf"(?<![\w/.,])(?:(?P<sign>[≥≤<>])\s*)?(?P<value>{_NUMBER})(?P<unit>\s?/\s?(?:10|100|1[.]?000|10[.]?000|100[.]?000)"
    r"\s+(?:trẻ em|trẻ|dân|người dân|người|ca|trường hợp|hộ|phụ nữ|bà mẹ|học sinh)[^,;.:()]{0,30}?)"
    r"(?=\s*(?:[,;.:()]|$|và\s|so với|đến năm|vào năm|trong))"
)  # "dưới 20/1.000 trẻ em": a rate
_CLAUSE_END = compiled(r"[;!?]|\.(?=\s+[[:upper:]]|\s*$)|…")
_MISREAD_ONE = re.compile(r"(?<!\w)[lI](?=\d)")  # "l00%": a scan's 1
_LATER = compiled(r"\s*(?:vào|đến|trong)\s+(?:cuối\s+)?năm\s+\d{4}", re.IGNORECASE)  # the same, for a later year
_AND = compiled(r"(?:,|và|;)\s+$", re.IGNORECASE)
_LEADING = compiled(
    r"^[\s,:+\-–]*(?:(?:phấn đấu|bảo đảm|đảm bảo|kiềm chế|kiểm chế|kìm chế|từng bước|tiếp tục|trong đó"
    r"|đồng thời|và|có|để|nhằm|mục tiêu|là|hằng năm|hàng năm"
    r"|(?:trong |đến |vào )?(?:cuối )?năm \d{4}|khoảng|đến hết năm \d{4}|cụ thể)(?:[,:]?\s+|\s*:\s*))+",
    re.IGNORECASE,
)
# What a share is of: "xã, phường, thị trấn", "cơ quan, đơn vị, doanh nghiệp"; its commas part no figures.
_HOLDER = (
    r"(?:xã|phường|thị trấn|đặc khu|huyện|quận|thị xã|thành phố|tỉnh|thôn|xóm|làng|ấp|bản|buôn|khóm|khu phố|khu dân cư"
    r"|tổ dân phố|tổ chức|sở|ban|ngành|đoàn thể|hội|địa phương|cơ quan|đơn vị|doanh nghiệp|hợp tác xã|cơ sở|trường học"
    r"|trường|nhà trường|trạm|bệnh viện|chi bộ|chi hội|chi đoàn|cán bộ|công chức|viên chức|chiến sĩ|đảng viên|hội viên"
    r"|đoàn viên|học sinh|sinh viên|giáo viên|người lao động|người dân|hộ gia đình|hộ dân|cá nhân|tập thể)"
)
_HOLDERS = compiled(rf"(?<!\w){_HOLDER}(?!\w)(?:(?:\s*,\s*|\s+và\s+)(?:các\s+)?{_HOLDER}(?!\w))+", re.IGNORECASE)
_HELD = compiled(rf"\s+(?:(?:tổng\s+)?số\s+)?(?:các\s+)?{_HOLDER}(?!\w)", re.IGNORECASE)
_AT_LEAST = r"ít nhất|tối thiểu|đạt và vượt|từ|không dưới|không thấp hơn|≥"
_AT_MOST = r"không để(?: xảy ra)? (?:trên|hơn|quá)|không quá|không vượt quá|dưới|tối đa|không nhiều hơn|thấp hơn|≤"
_MORE = r"trên|hơn|vượt|cao hơn"
_WORDS_BEFORE = compiled(rf"(?P<word>(?<!\w)(?:{_AT_LEAST}|{_AT_MOST}|{_MORE}))\s*(?:đạt\s+|từ\s+)?$", re.IGNORECASE)
_CHANGE = compiled(
    r"(?<!\w)(?:kéo giảm|làm giảm|giảm|tăng)(?!\w)(?:\s+(?!tội|nguy)[^\W\d_]+){0,7}\s*(?:[≥≤<>]\s*)?$", re.IGNORECASE
)
# "giảm ... xuống còn 40%", "tăng ... lên trên 85%": the level to be reached, not the size of the change
_REACHED = re.compile(
    r"(?<!\w)(xuống(?: còn)?|còn|lên(?: đến| tới)?)\s*(?:dưới|trên|ít nhất|tối thiểu|mức|đạt)?\s*$", re.IGNORECASE
)
_FROM = re.compile(r"(?<!\w)từ\s+$", re.IGNORECASE)
_RANGE_BEFORE = re.compile(rf"(?:giảm|tăng)(?: thêm)? từ {_NUMBER}\s?%?\s?(?:đến|tới|-|–)\s?$", re.IGNORECASE)
_OR_MORE = compiled(r"\s*(?:\([^)]*\)\s*)?(?:(?!từ\s)[^\W\d_]+\s+){0,8}trở lên", re.IGNORECASE)
_SPELLED = compiled(
    r"(?:(?:một|hai|ba|bốn|tư|năm|lăm|sáu|bảy|tám|chín|mười|mươi|mốt|trăm|phẩy|linh|lẻ)\s+){1,6}phần trăm\s*\(\s*$",
    re.IGNORECASE,
)  # "chín mươi phần trăm (90%)"
_DIRECTION = compiled(
    r"(?<!\w)(?:(?P<verb>kéo giảm|làm giảm|giảm dần|giảm mạnh|giảm thiểu|giảm)|(?P<up>tăng(?! cường)))"
    r"(?:\s+(?:cơ bản|đáng kể|dần|tối đa|về|cả|mạnh|sâu|rõ rệt|(?:đến )?mức thấp nhất|thấp nhất"
    r"|tới mức thấp nhất))*\s+(?=(?:số\s+(?!hóa|liệu|lượng lớn)|sự gia tăng"
    r"|tỷ lệ|tỉ lệ|các vụ|tình trạng gia tăng|(?:ba |03 |3 )?(?:tiêu chí|mặt)(?!\w)))",
    re.IGNORECASE,
)
_AVOIDED = re.compile(r"(?:không (?:để|làm)|hạn chế|tránh|ngăn)(?: xảy ra| làm| gia)?\s*$", re.IGNORECASE)
_ASKS_FOR = compiled(
    r"(?:đạt|có|xây dựng|tổ chức|thành lập|duy trì|hỗ trợ|đào tạo|tập huấn|mở|phát|đăng"
    r"|mỗi\s+[^,;]{1,40}?|ít nhất|tối thiểu|tối đa|trên|hơn|dưới|không quá|không vượt quá|không dưới|vượt"
    r"|huy động|vận động|thu hút|chuyển hóa|thành công|hoàn thành|nâng|tổng số|triệt xóa|triệt phá|khám phá"
    r"|xây mới|xóa|sửa chữa|trồng mới|trồng|lắp đặt|tặng|trao|cấp|tư vấn|giới thiệu|kết nạp|tiêm|bồi dưỡng"
    r"|công nhận|tu bổ"
    r"|phát hiện|giải cứu|bóc gỡ|(?:duy trì|bảo đảm) hoạt động của"
    r"|giảm|tăng|từ|còn|xuống|lên|khoảng|đủ|nhân rộng|ra mắt|triển khai|biên soạn|tiếp cận|kiện toàn|phấn đấu"
    r"|cho)\s*(?:được\s+|thêm\s+|mới\s+|có\s+)*$",
    re.IGNORECASE,
)
_NOT_COUNTED = {
    "năm",
    "tháng",
    "ngày",
    "quý",
    "giờ",
    "phút",
    "tuần",
    "tuổi",
    "và",
    "của",
    "về",
    "đến",
    "trong",
    "giai",
    "tại",
    "khoản",
    "điều",
    "hoặc",
    "là",
    "theo",
    "cấp",
    "trở",
}
_TIME_LIMITS = {"ngày", "giờ", "phút", "tuần", "tháng"}
_LIMITED = compiled(
    r"(?:không quá|không vượt quá|tối đa|dưới|ít nhất|tối thiểu|≤|≥)\s*\(?\d[\d.,]*\)?\s*$", re.IGNORECASE
)
_NOT_A_COUNT = compiled(
    r"(?:số|điều|khoản|điểm|mục|năm|tháng|ngày|quý|giai đoạn|nghị định|luật|thông tư|đề án|chỉ đạo|thứ"
    r"|khóa|nhiệm kỳ|lần thứ|bảng|biểu|phụ lục|cấp|độ|-|–|/)\s*$",
    re.IGNORECASE,
)
# a word of comparison beside a figure that was read as exact: something was not understood
_COMPARES = compiled(
    r"(?<!\w)(?:trở lên|trở xuống|trở đi|không quá|ít nhất|tối thiểu|tối đa|giảm|tăng)(?!\w)", re.IGNORECASE
)
MOST_FIGURES = 100  # of one clause
_WORD_SIGNS = {"≥": ">=", "≤": "<=", ">": ">", "<": "<="}


@dataclass(frozen=True, slots=True)
class Target:
    """A target in text[start:end] of an item."""

    start: int
    end: int
    comparator: str
    value: float | None
    unit: str | None
    rule: str
    confidence: float


@dataclass(frozen=True, slots=True)
class _Figure:
    start: int
    end: int
    value: float
    unit: str
    sign: str | None
    rule: str


def targets_in(text: str, vocabulary: ReadingVocabulary) -> list[Target]:
    """The targets of one item, in order."""
    found: list[Target] = []
    text = _MISREAD_ONE.sub("1", text)
    for start, end in _clauses(text):
        clause = text[start:end]
        figures = _figures(clause, vocabulary)
        found += [_shifted(target, start) for target in _numeric(clause, figures)]
        found += [_shifted(target, start) for target in _directional(clause, figures)]
    return sorted(found, key=lambda target: target.start)


def number_in(written: str) -> float:
    """ "97,5" is 97.5 and "1.200" is 1200."""
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", written):
        written = written.replace(".", "")
    return float(written.replace(",", "."))


def comparator_of(  # noqa: PLR0911 (one case, one return)
    text: str, at: int, after: str, sign: str | None = None
) -> str:
    """The comparator of the figure that begins at `at` and is followed by `after`."""
    before = _SPELLED.sub("", text[max(0, at - 200) : at])
    change = _CHANGE.search(before)
    reached = _REACHED.search(before)
    if change and not reached:
        return "increase" if change.group().lower().startswith("tăng") else "reduce"
    if sign:
        return _WORD_SIGNS[sign]
    if _OR_MORE.match(after):
        return ">="
    if re.match(r"\s*trở xuống", after):
        return "<="
    word = _WORDS_BEFORE.search(before)
    if not word:
        return {"x": "<=", "c": "<=", "l": ">="}[reached[1][0].lower()] if reached else "="
    said = word["word"].lower()
    if re.fullmatch(_AT_MOST, said):
        return "<="
    if re.fullmatch(_MORE, said):
        return ">=" if re.search(r"đạt và vượt\s*$", before, re.IGNORECASE) else ">"
    return ">="


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _CLAUSE_END.finditer(text):
        if text.count("(", start, match.start()) > text.count(")", start, match.start()):
            continue
        yield start, match.start()
        start = match.end()
    if start < len(text):
        yield start, len(text)


def _figures(clause: str, vocabulary: ReadingVocabulary) -> list[_Figure]:
    """Percentages, and counts of a noun that the clause asks for; a parenthesis after a figure only explains it."""
    found: list[_Figure] = []
    for match in _PERCENT.finditer(clause):
        found.append(
            _Figure(match.start(), match.end(), number_in(match["value"]), "%", match["sign"], "target.percent")
        )
    for match in _COUNT.finditer(clause):
        noun = _noun(clause, match.start("noun"), vocabulary)
        if noun and _is_count(clause, match, noun, vocabulary):
            start = match.start("word") if match["word"] else match.start("value")
            value = number_in(match["value"]) * _SCALES.get((match["scale"] or "").lower(), 1)
            found.append(_Figure(start, match.end("value"), value, noun, match["sign"], "target.count"))
    for match in _RATE.finditer(clause):
        value, sign = number_in(match["value"]), match["sign"]
        found.append(_Figure(match.start("value"), match.end(), value, match["unit"], sign, "target.count"))
    found = sorted(found, key=lambda figure: figure.start)[:MOST_FIGURES]
    return [
        figure
        for figure in found
        if not _explains(clause, figure, found) and not _starts_from(clause, figure) and not _ends_range(clause, figure)
    ]


def _ends_range(clause: str, figure: _Figure) -> bool:
    """Whether the figure is only the upper end of a change: "giảm từ 5% đến 10% số vụ" is reached at 5%."""
    return bool(_RANGE_BEFORE.search(clause[: figure.start]))


def _starts_from(clause: str, figure: _Figure) -> bool:
    """Whether the figure is only where a change starts: "từ 45% xuống còn 40%"."""
    changes = re.match(r"[^,;]{0,40}?(?<!trở)\s(?:xuống|lên)(?!\w)", clause[figure.end :])
    return bool(changes and _FROM.search(clause[: figure.start]))


def _explains(clause: str, figure: _Figure, all_figures: list[_Figure]) -> bool:
    opening = clause.rfind("(", 0, figure.start)
    if opening < 0 or ")" in clause[opening : figure.start]:
        return False
    return (
        figure.start - opening > 1 or not clause[:opening].strip() or any(other.end <= opening for other in all_figures)
    )


def _noun(clause: str, at: int, vocabulary: ReadingVocabulary) -> str | None:
    words = re.split(r"[\s/]+", clause[at : at + 60].strip())
    folded = [fold(word.strip(".,;:()")) for word in words]
    if folded and folded[0] in _TIME_LIMITS and _LIMITED.search(clause[:at]):  # "không quá 45 ngày"
        return words[0].strip(".,;:()")
    if not folded or folded[0] in _NOT_COUNTED:
        return None
    length = vocabulary.counted_phrases.length_at(folded, 0)
    return " ".join(words[: max(length, 1)]).strip(".,;:()")


def _is_count(clause: str, match: re.Match[str], noun: str, vocabulary: ReadingVocabulary) -> bool:
    at = match.start("word") if match["word"] else match.start("value")
    before = clause[max(0, at - 120) : at].rstrip("( ")
    if _NOT_A_COUNT.search(before + " ") and not _ASKS_FOR.search(before + " "):
        return False
    if fold(noun) in _TIME_LIMITS:  # only taken as a noun where it is a limit
        return True
    known = bool(match["quote"]) or (
        vocabulary.counted_phrases.length_at([fold(word) for word in noun.split()], 0) > 0
    )  # a model's name in quotation marks is counted like a model
    value = number_in(match["value"])
    if 1900 <= value <= 2100 and not known:
        return False
    first = not clause[:at].strip(" (")
    return known and (
        first or bool(match["of"]) or bool(_ASKS_FOR.search(before + " ")) or bool(_CHANGE.search(before + " "))
    )


def _numeric(clause: str, figures: list[_Figure]) -> Iterator[Target]:
    previous_end = 0
    change = ""  # the direction of the figure before: "giảm 10% ... năm 2027 và 20% vào năm 2030"
    for index, figure in enumerate(figures):
        following = figures[index + 1] if index + 1 < len(figures) else None
        comparator = comparator_of(clause, figure.start, clause[figure.end :], figure.sign)
        if comparator == "=" and change and _LATER.match(clause, figure.end) and _AND.search(clause[: figure.start]):
            comparator = change
        change = comparator if comparator in ("reduce", "increase") else ""
        start = _start(clause, figure, previous_end, comparator)
        end = _start(clause, following, figure.end, "=") if following else len(clause)
        span = clause[start:end].rstrip(" ,;.:") if end > figure.end else clause[start : figure.end]
        span = re.sub(r"[\s,]+(?:và|phấn đấu|trong đó|đồng thời|có)$", "", span)
        span = re.sub(r"\s+và\s+(?:đến|vào|trong)\s+(?:cuối\s+)?năm\s+\d{4}$", "", span)
        previous_end = start + len(span)
        said = _COMPARES.search(clause[start:previous_end]) if comparator == "=" else None
        rule = over_all(figure.rule, comparator, figure.value, figure.unit)
        confidence = confidence_of(figure.rule, doubted=said is not None or rule != figure.rule)
        yield Target(start, previous_end, comparator, figure.value, figure.unit, rule, confidence)


def over_all(rule: str, comparator: str, value: float, unit: str | None) -> str:
    """The rule of a level, which says so where it is a share of more than all: "109%" is often a misread "100%".

    A growth may well be more than all there was.
    """
    return f"{rule}.over" if unit == "%" and value > 100 and comparator != "increase" else rule


def _start(clause: str, figure: _Figure, floor: int, comparator: str) -> int:
    """Where a target's span starts: at giảm / tăng, at the indicator's noun phrase, or at the figure."""
    before = clause[floor : figure.start]
    change = list(re.finditer(r"(?<!\w)(?:kéo giảm|làm giảm|giảm|tăng(?! cường))(?!\w)", before, re.IGNORECASE))
    if comparator in ("reduce", "increase") and change:
        return floor + change[-1].start()
    if floor and _AND.search(before):  # "... năm 2027 và 20% vào năm 2030": nothing of the first is said of the second
        return figure.start
    whole = _HOLDERS.sub(lambda match: match.group().replace(",", " "), before)  # a list of holders is not parted
    if floor and _HELD.match(whole) and not re.search(r"[,:]\s", whole):  # "100% xã, phường mở ít nhất 02 lớp"
        said = _WORDS_BEFORE.search(before)
        return floor + (said.start() if said else len(before))
    before = whole
    cut = max(
        (
            match.end()
            for match in re.finditer(
                r",\s+(?=(?:tỷ lệ|tỉ lệ|phấn đấu|trên|ít nhất|tối thiểu|đạt|trong đó|có|số)(?!\w))|:\s+|\)\s*,\s+",
                before,
                re.IGNORECASE,
            )
        ),
        default=None,
    )
    if cut is None:
        cut = before.rfind(", ") + 2 if floor and ", " in before else 0
    phrase = before[cut:]
    leading = _LEADING.match(phrase)
    start = floor + cut + (leading.end() if leading else len(phrase) - len(phrase.lstrip(" ,;:")))
    return min(start, figure.start)


def _directional(clause: str, figures: list[_Figure]) -> Iterator[Target]:
    """ "kéo giảm số vụ ...": a direction without a figure. "giảm nguy cơ" and bare "kiềm chế" are none."""
    for match in _DIRECTION.finditer(clause):
        until = re.search(r"[,:](?!\d)", clause[match.end() :])
        end = match.end() + until.start() if until else len(clause)
        if any(_is_figure_of(clause, figure, match.start(), end) for figure in figures):
            continue
        if _AVOIDED.search(clause[: match.start()]):
            continue
        if match["up"] and not re.match(r"(?:số|tỷ lệ|tỉ lệ)", clause[match.end() :], re.IGNORECASE):
            continue
        comparator = "increase" if match["up"] else "reduce"
        yield Target(match.start(), end, comparator, None, None, "target.direction", confidence_of("target.direction"))


def _is_figure_of(clause: str, figure: _Figure, start: int, end: int) -> bool:
    """Whether the figure says how much the direction in clause[start:end] is to change."""
    if start <= figure.start < end:
        return True
    changes = comparator_of(clause, figure.start, "") in ("reduce", "increase")
    return changes and end <= figure.start < end + 40


def _shifted(target: Target, by: int) -> Target:
    return Target(
        target.start + by, target.end + by, target.comparator, target.value, target.unit, target.rule, target.confidence
    )
