"""Dates, quarters, months and stretches of time as plans write them."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from haidang.reading.letters import compiled
from haidang.reading.misreadings import with_digits

_ROMAN_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
DAY = (
    r"(?:(?<!\d)\d{1,2}\s?/\s?\d{1,2}(?:\s?/\s?\d{4})?(?![\d/]|\s?%)"
    r"|(?<!\d)\d{1,2}\s?-\s?\d{1,2}\s?-\s?\d{4}(?!\d)"
    r"|(?<!\d)\d{1,2}\.\d{1,2}\.\d{4}(?!\d)"
    r"|\d{1,2}\s+tháng\s+\d{1,2}(?:\s+năm\s+\d{4})?(?!\d))"
)
_NUMERIC = compiled(r"(\d{1,2})\s?[/.-]\s?(\d{1,2})(?:\s?[/.-]\s?(\d{4}))?$")
_WORDED = compiled(r"(\d{1,2})\s+tháng\s+(\d{1,2})(?:\s+năm\s+(\d{4}))?$")
_UNTIL = r"(?:từ nay\s+)?đến(?=\s+hết)"
_BEFORE = (
    rf"(?P<before>trước|{_UNTIL}|từ nay\s+đến|chậm nhất(?:\s+là)?(?:\s+(?:vào|đến|trước))?|không quá"
    rf"|muộn nhất(?:\s+là)?"
    r"|xong trước|xong trong|hoàn thành trong|hạn(?: cuối)?(?: là)?:?)"
)
_DONE_IN = r"(?:thời (?:gian|hạn)\s+)?hoàn thành(?:\s+(?:trong|vào|trước))?\s*:?"
_BY_END = (
    r"(?:chậm nhất(?:\s+là)?\s+)?(?:từ nay\s+)?(?:(?:đến|vào|trong)\s+)?hết|chậm nhất(?:\s+là)?(?:\s+(?:trong|vào))?"
)
_RANGE = compiled(
    rf"từ\s+(?:hết\s+)?(?:ngày\s*)?(?P<from>{DAY}|\d{{1,2}}(?=\s*(?:đến|tới|-|–)))\s*(?:đến|tới|-|–)"
    rf"\s*(?:hết\s+)?(?:ngày\s*)?(?P<to>{DAY})",
    re.IGNORECASE,
)
_DEADLINE_DAY = compiled(
    rf"{_BEFORE}\s+(?:hết\s+)?(?:ngày\s*)?(?P<day>{DAY})|(?:hoàn thành|xong"
    rf"|kết thúc)(?:\s+(?:vào\s+)?ngày\s+|\s*:\s*(?:ngày\s*)?)(?P<done>{DAY})",
    re.IGNORECASE,
)
_QUARTERS = compiled(
    rf"(?<!\w)(?P<before>{_BY_END}|trước|trong|xong trong|{_DONE_IN})?\s*quý\s+(?P<from>IV|I{{1,3}}|[1-4])"
    r"(?:\s*(?:/|năm)\s*(?P<middle>\d{4}))?(?:\s*(?:đến|tới|-|–|và|,)\s*(?:hết\s+)?(?:quý\s+)?"
    r"(?P<to>IV|I{1,3}|[1-4]))?(?:\s*(?:/|năm)\s*(?P<year>\d{4}))?(?!\w)",
    re.IGNORECASE,
)
_MONTHS = compiled(
    rf"(?<!\w)(?<!\d\s)(?P<before>{_BY_END}|trước|trong|từ|vào|xong trong"
    rf"|{_DONE_IN})?\s*(?:các\s+)?tháng\s+(?P<from>\d{{1,2}})"
    r"(?:\s*(?:/|năm)\s*(?P<middle>\d{4}))?(?:(?:\s*,\s*\d{1,2}(?![\d/]))*\s*(?:đến|tới|-|–|và"
    r"|,)\s*(?:hết\s+)?(?:tháng\s+)?(?P<to>\d{1,2}))?"
    r"(?:\s*(?:/|năm)\s*(?P<year>\d{4}))?(?![\d/])",
    re.IGNORECASE,
)
_ONE_DAY = compiled(
    rf"(?:(?:tổ chức|thực hiện|tiến hành|ra quân|phát động|diễn ra|dự kiến|vào)\s+(?:vào\s+|trong\s+)?"
    rf"|\d\s*(?:giờ|h)\s?(?:\d{{1,2}})?(?:\s*phút)?\s*,?\s*|(?:sáng"
    rf"|chiều|tối|đêm)\s+)ngày\s*(?P<day>{DAY})",
    re.IGNORECASE,
)
# "ngày 27/6/2025": a day with its year, after nothing that makes it a deadline, a beginning or the date of a paper
_DATED_DAY = compiled(
    rf"(?<!từ )(?<!hết )(?<!đến )(?<!trước )(?<!sau )(?<!kể từ )ngày\s*(?P<day>{DAY})(?!\s*(?:đến|tới|-|–|của))"
)
_BARE_DAY = compiled(rf"\s*(?:ngày\s*)?(?P<day>{DAY})\s*[.;]?\s*$", re.IGNORECASE)
_DAY_IN_CELL = compiled(rf"(?<!trước )ngày\s*(?P<day>{DAY})", re.IGNORECASE)
_IN_YEAR = compiled(r"(?:xong|hoàn thành)\s+trong\s+(?:năm(?:\s+(?P<year>\d{4}))?)", re.IGNORECASE)
_NOT_A_WINDOW = compiled(
    r"(?:[Ss]ố liệu|[Tt]hống kê(?! người| đối tượng| danh sách)|[Tt]ính"
    r"|Quyết định|Kế hoạch|Chỉ thị|Công văn|Nghị quyết|Thông tư|Nghị định|Luật"
    r"|giai đoạn|so với|Thông báo|Chương trình)"
    r"[^.;()]{0,60}$",
)
_SETS_TIME = compiled(r"(?:thời gian|thời hạn|tiến độ)(?:\s+(?:thực hiện|tổ chức|triển khai))?\s*:?\s*$", re.IGNORECASE)
_SOME_TIME = compiled(
    r"(?:ngày\s*)?(?<![\d/])\d{1,2}\s?/\s?\d{1,2}\s?/\s?\d{4}|(?<!\w)(?:tháng\s+\d{1,2}|quý\s+(?:IV|I{1,3}"
    r"|[1-4]))(?!\w)"
)
_DATED_PAPER = compiled(r"(?:số\s+)?\d+[\w/-]*/[[:upper:]][\w/-]*[^.;]{0,12}$")
_PERIODIC = compiled(
    r"định kỳ|(?:hằng|hàng) (?:quý|tháng|tuần)|báo cáo (?:quý|năm|tháng|6 tháng|06 tháng|9 tháng)|của tháng cuối quý",
    re.IGNORECASE,
)
_EVERY = compiled(r"(?:hằng|hàng) năm|hằng(?!\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WrittenDay:
    """A day as written; `year` is None where none is given."""

    day: int
    month: int
    year: int | None

    def on(self, year: int | None) -> date | None:
        """The date, in `year` unless it has its own; None without a year or when no such day exists."""
        try:
            return date(self.year or year or 0, self.month, self.day)
        except ValueError:
            return None

    @property
    def as_due(self) -> str | None:
        """ "12/3" without a year, ISO with one; None when no such day exists."""
        if self.year:
            day = self.on(None)
            return day.isoformat() if day else None
        return f"{self.day}/{self.month}" if self.on(2024) else None


def written_day(text: str) -> WrittenDay | None:
    """The day in "12/3", "09/02/2021" or "15 tháng 12 năm 2025"."""
    match = _NUMERIC.match(text.strip()) or _WORDED.match(text.strip())
    return WrittenDay(int(match[1]), int(match[2]), int(match[3]) if match[3] else None) if match else None


@dataclass(frozen=True, slots=True)
class TaskWindow:
    """When a task is to be done; `start` is None for a deadline."""

    start: date | None
    end: date
    at: int  # where in the text it was found


def window_in(text: str, year: int | None) -> tuple[date | None, date] | None:
    """The window or deadline of a task, from its text; a missing year is `year`.

    Dates of papers, of figures, in the names of days ("30/7") and in periodic reporting give none.
    """
    text = with_digits(text)
    found = [window for window in _windows(text, year) if window is not None]
    if not found:
        return None
    best = min(found, key=lambda window: (window.start is None, window.at))
    return best.start, best.end


def strict_in(text: str, year: int | None, window: tuple[date | None, date]) -> bool | None:
    """Whether "trước" makes the day before the last in time of a deadline that was found in the text.

    False for "chậm nhất" and the like; None for a window with a beginning, and where the text does not tell.
    """
    if window[0] is not None:
        return None
    text = with_digits(text)
    for match in _DEADLINE_DAY.finditer(text):
        written = written_day(match["day"] or match["done"])
        if written and written.on(year) == window[1]:
            before = text[match.start() : match.start("day")] if match["day"] else ""
            return re.search(r"trước\s+(?:ngày\s*)?$", before, re.IGNORECASE) is not None
    for match in (*_QUARTERS.finditer(text), *_MONTHS.finditer(text)):
        if (match["before"] or "").lower().strip(" :").endswith("trước") and window[1].day == 1:
            return True
    return None


def speaks_of_time(text: str, year: int | None) -> bool:
    """Whether a date with its year, a month or a quarter stands in the text, other than the date of a paper."""
    dated = (match for match in _SOME_TIME.finditer(text) if not _not_a_window(text, match.start()))
    return year is not None and any(not _periodic(text, match.start(), True) for match in dated)


def window_in_cell(text: str, year: int | None, finishing: bool) -> tuple[date | None, date] | None:
    """The window in a cell under "Thời gian"; under "Hoàn thành" it is a deadline at its last day."""
    window = window_in(text, year)
    bare = _BARE_DAY.match(text)
    if window is None and bare:
        written = written_day(bare["day"])
        day = written.on(year) if written else None
        window = (day, day) if day else None
    day_in = _DAY_IN_CELL.search(text) if window is None else None
    if day_in:
        written = written_day(day_in["day"])
        day = written.on(year) if written else None
        window = (day, day) if day else None
    month = re.match(r"\s*(?:tháng\s+)?(\d{1,2})\s*/\s*(\d{4})\s*[.;]?\s*$", text, re.IGNORECASE)
    if window is None and month and 1 <= int(month[1]) <= 12:
        window = _month_span(int(month[1]), int(month[1]), int(month[2]))
    if window is not None and finishing:
        return None, window[1]
    return window


def _ends(match: re.Match[str]) -> tuple[WrittenDay | None, WrittenDay | None]:
    """Both ends of a range; "từ ngày 25 đến ngày 30/7" begins in the month it ends in."""
    end = written_day(match["to"])
    if end is not None and match["from"].isdigit():
        return WrittenDay(int(match["from"]), end.month, end.year), end
    return written_day(match["from"]), end


def data_window_in(text: str) -> tuple[date, date] | None:
    """The window of figures that the text names: "số liệu ... từ ngày A đến ngày B"."""
    for match in _RANGE.finditer(text):
        if re.search(r"số liệu|thống kê|báo cáo", text[max(0, match.start() - 80) : match.start()], re.IGNORECASE):
            start, end = _ends(match)
            last = end.on(None) if end else None
            first = start.on(last.year if last else None) if start else None
            if first and last and first <= last:
                return first, last
    return None


def _windows(text: str, year: int | None) -> list[TaskWindow | None]:
    found: list[TaskWindow | None] = []
    for match in _RANGE.finditer(text):
        if not _not_a_window(text, match.start()):
            start, end = _ends(match)
            last = end.on(year) if end else None
            first = start.on(last.year if last else year) if start else None
            found.append(TaskWindow(first, last, match.start()) if first and last and first <= last else None)
    for match in _DEADLINE_DAY.finditer(text):
        written = written_day(match["day"] or match["done"])
        if not _periodic(text, match.start(), bool(written and written.year)):
            day = written.on(year) if written else None
            found.append(TaskWindow(None, day, match.start()) if day else None)
    for match in _ONE_DAY.finditer(text):
        written = written_day(match["day"])
        day = written.on(year) if written else None
        found.append(TaskWindow(day, day, match.start()) if day and not _not_a_window(text, match.start()) else None)
    for match in _DATED_DAY.finditer(text):
        written = written_day(match["day"])
        day = written.on(None) if written else None
        if day and year and day.year >= year and not found and not _not_a_window(text, match.start()):
            found.append(TaskWindow(day, day, match.start()))
    for match in _IN_YEAR.finditer(text):
        goal = int(match["year"]) if match["year"] else year
        found.append(TaskWindow(None, date(goal, 12, 31), match.start()) if goal and 1 <= goal <= 9999 else None)
    return found + _stretches(text, year)


def _stretches(text: str, year: int | None) -> list[TaskWindow | None]:
    """Quarters and months."""
    found: list[TaskWindow | None] = []
    for match in _QUARTERS.finditer(text):
        if not _periodic(text, match.start(), bool(match["year"])) and not _not_a_window(text, match.start()):
            first = _ROMAN_QUARTERS[match["from"].lower()]
            last = _ROMAN_QUARTERS[(match["to"] or match["from"]).lower()]
            found.append(_placed(_months_of(match, first * 3 - 2, last * 3, year), match))
    for match in _MONTHS.finditer(text):
        if (
            re.search(r"\d\s*$", text[max(0, match.start() - 10) : match.start()])
            or _periodic(text, match.start(), bool(match["year"]))
            or _not_a_window(text, match.start())
        ):
            continue
        if re.search(r"ngày\s*$", text[max(0, match.start() - 10) : match.start()]):
            continue
        last = int(match["to"] or match["from"])
        found.append(_placed(_months_of(match, int(match["from"]), last, year), match))
    return found


def _placed(span: tuple[date, date] | None, match: re.Match[str]) -> TaskWindow | None:
    if span is None:
        return None
    word = (match["before"] or "").lower()
    if word.strip(" :").endswith("trước"):
        return TaskWindow(None, span[0], match.start())
    deadline = re.search(r"xong|hoàn thành|hết|chậm nhất", word) is not None
    return TaskWindow(None if deadline else span[0], span[1], match.start())


def _months_of(match: re.Match[str], first: int, last: int, year: int | None) -> tuple[date, date] | None:
    """The span of months of a match that may write a year after each end: "quý III/2022 đến quý IV/2023"."""
    ending = match["year"] or match["middle"]
    beginning = match["middle"] or match["year"]
    return _month_span(first, last, int(ending) if ending else year, int(beginning) if beginning else year)


def _month_span(first: int, last: int, year: int | None, from_year: int | None = None) -> tuple[date, date] | None:
    """From the first day of a month to the last of another one, by default of the same year."""
    if not year or not (1 <= first <= 12 and 1 <= last <= 12 and 1 <= year <= 9999):
        return None
    start = date(from_year or year, first, 1)
    end = date(year, last, monthrange(year, last)[1])
    return (start, end) if start <= end else None


def _not_a_window(text: str, at: int) -> bool:
    before = text[max(0, at - 80) : at]
    if _SETS_TIME.search(before):
        return False
    return bool(_NOT_A_WINDOW.search(before[-80:]) or _DATED_PAPER.search(before[-40:]))


def _periodic(text: str, at: int, with_year: bool = False) -> bool:
    """Whether the sentence around `at` speaks of what comes back; a date `with_year` comes but once."""
    start = max(text.rfind(". ", max(0, at - 400), at), text.rfind(";", max(0, at - 400), at), at - 400) + 1
    stop = re.search(r"[.;]\s", text[at : at + 40])
    sentence = text[start : at + (stop.start() if stop else 40)]
    return bool(_PERIODIC.search(sentence) or (not with_year and _EVERY.search(sentence)))
