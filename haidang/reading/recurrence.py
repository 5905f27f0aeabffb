"""Tasks that come round: "hằng tháng", "định kỳ 6 tháng", "02 lần/năm" in the text of a task.

Only what is to be done again and again counts: a clause that merely reports is a duty of its own, and "kế hoạch hằng
năm" names a paper. Nothing here changes what the reader proposes; a person may say otherwise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from haidang.kernel.calendars import Period
from haidang.reading.letters import compiled

SURE = 0.9
LIKELY = 0.8
UNSURE = 0.65
LONGEST = 20_000  # characters of one task that are looked at

_ONCE_IN = r"(?:một|01|1)\s+lần"
_CYCLES: tuple[tuple[Period, str], ...] = (
    (Period.MONTH, rf"(?:hằng|hàng|mỗi|từng)\s+tháng|(?:một|01|1)\s+tháng\s+{_ONCE_IN}"),
    (
        Period.HALF_YEAR,
        rf"(?:định kỳ|cứ|mỗi|hằng|hàng)\s+(?:0?6|sáu)\s+tháng|(?:0?6|sáu)\s+tháng\s*(?:/\s*lần|{_ONCE_IN})"
        r"|(?:hằng|hàng|mỗi)\s+nửa năm",
    ),
    (Period.QUARTER, rf"(?:hằng|hàng|mỗi|từng)\s+quý|(?:0?3|ba)\s+tháng\s*(?:/\s*lần|{_ONCE_IN})"),
    (Period.YEAR, rf"(?:hằng|hàng|mỗi|từng)\s+năm|thường niên|(?:một|01|1)\s+năm\s+{_ONCE_IN}"),
)
_CUE = compiled(
    "|".join(f"(?P<{period.name}>(?<!\\w)(?:{pattern})(?!\\w))" for period, pattern in _CYCLES), re.IGNORECASE
)
_TIMES = compiled(
    r"(?<![\w/])(?P<times>\d{1,2}|một|hai|ba|bốn)\s+(?:lần|đợt|buổi|cuộc|kỳ)\s*/\s*(?:0?1\s*)?(?P<of>tháng|quý|năm)(?!\w)",
    re.IGNORECASE,
)
_WORDED_TIMES = {"một": 1, "hai": 2, "ba": 3, "bốn": 4}
_MONTHS_OF = {"tháng": 1, "quý": 3, "năm": 12}
_CLAUSE_END = compiled(r"[;:]|\.(?=\s+[[:upper:]]|\s*$)|\n")
_REPORTS = compiled(
    r"báo cáo|gửi\s+(?:số liệu|kết quả)|thông tin,? báo cáo|thống kê,? tổng hợp|(?:sơ|tổng)\s+kết", re.IGNORECASE
)
# A paper or a sum that is called after its period: no rhythm of the work.
_NOUN_BEFORE = compiled(
    r"(?:kế hoạch|chương trình|dự toán|ngân sách|kinh phí|chỉ tiêu|số liệu|thống kê|số vụ|số lượng|tỷ lệ|nhiệm kỳ|vốn"
    r"|báo cáo|tiêu chí|danh mục)(?:\s+[[:lower:]]+){0,4}\s*$"
)
_DIVIDED = compiled(r"(?:theo|trong|của|qua|từng)\s*$", re.IGNORECASE)  # "kết quả theo từng năm"
_EARLIER_OR_LATER = compiled(r"(?:so với|tăng|giảm|kéo giảm)(?:\s+[[:lower:]\d%]+){0,4}\s*$")


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How often a task comes round, where its text says so, by which rule and how surely."""

    period: Period
    start: int
    end: int
    rule: str
    confidence: float


def recurrence_in(text: str) -> Recurrence | None:
    """The rhythm of a task, or None. Of several the shortest counts: "hằng quý, hằng năm" is done every quarter."""
    found = [*_by_words(text[:LONGEST]), *_by_times(text[:LONGEST])]
    return min(found, key=lambda one: (_MONTHS[one.period], -one.confidence, one.start), default=None)


_MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.HALF_YEAR: 6, Period.YEAR: 12}


def _by_words(text: str) -> list[Recurrence]:
    found = []
    for match in _CUE.finditer(text):
        start, end = _clause(text, match.start())
        before, after = text[start : match.start()], text[match.end() : end]
        if _NOUN_BEFORE.search(before) or _EARLIER_OR_LATER.search(before) or _DIVIDED.search(before):
            continue
        if _merely_reports(before, after):
            continue
        rule, confidence = _how_sure(before, after, match.group())
        found.append(Recurrence(Period[match.lastgroup or "YEAR"], match.start(), match.end(), rule, confidence))
    return found


def _how_sure(before: str, after: str, cue: str) -> tuple[str, float]:
    """Sure where the clause begins with it or says "định kỳ"; less inside a clause, where it may belong to a noun."""
    if not before.strip(" -–+*•(") or re.search(r"định kỳ\s*[(,]?\s*$", before + cue[:7].lower(), re.IGNORECASE):
        return "recurrence.lead", SURE
    if re.search(r"định kỳ\s*\W*$", before, re.IGNORECASE) or cue.lower().startswith("định kỳ"):
        return "recurrence.lead", SURE
    if re.search(r"[,(]\s*$", before) or not after.strip(" .)/") or re.match(r"\s*[,(]", after):
        return "recurrence.aside", LIKELY
    return "recurrence.inside", UNSURE


def _merely_reports(before: str, after: str) -> bool:
    """Whether the clause with the rhythm does nothing but report: "định kỳ hằng quý tổng hợp, báo cáo kết quả"."""
    after = re.sub(r"\([^()]*\)", " ", after)
    report = _REPORTS.search(after[:300])
    if report:
        work = re.sub(
            r"(?:tổng hợp|đánh giá|có trách nhiệm|trước ngày|\d[\d/]*|và|,|\W)+", " ", after[: report.start()]
        )
        return len(work.split()) < 6
    return bool(_REPORTS.search(before[-60:]))


def _by_times(text: str) -> list[Recurrence]:
    found = []
    for match in _TIMES.finditer(text):
        start, end = _clause(text, match.start())
        if _merely_reports(text[start : match.start()], text[match.end() : end]):
            continue
        times = _WORDED_TIMES.get(match["times"].lower()) or int(match["times"])
        if period := _shared_out(times, _MONTHS_OF[match["of"].lower()]):
            found.append(Recurrence(period, match.start(), match.end(), "recurrence.times", SURE))
    return found


def _shared_out(times: int, months: int) -> Period | None:
    """The period of work done `times` in so many months: twice a year is every half-year; none for less than once.

    What does not come out even takes the next longer period: three times a year is at least once every half-year.
    """
    if times < 1:
        return None
    each = months / times
    return next((period for period in reversed(_MONTHS) if _MONTHS[period] <= each), Period.MONTH)


def _clause(text: str, at: int) -> tuple[int, int]:
    """The clause around a place: from the last full stop, colon or semicolon to the next one."""
    start = max((match.end() for match in _CLAUSE_END.finditer(text, max(0, at - 600), at)), default=max(0, at - 600))
    following = _CLAUSE_END.search(text, at)
    return start, following.start() if following else len(text)
