"""What follows from a plan's words alone: the day it speaks of, whether it is a review, what still needs a person.

Pure: no row is read or written here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from haidang.kernel.calendars import Period
from haidang.kernel.dates import short_date
from haidang.kernel.text import fold, squeeze

MOST_PHRASES = 60
LONGEST_PHRASE = 300
_DAY_MONTH = re.compile(r"(\d{1,2})\s*/\s*(\d{1,2})")


class Kind(StrEnum):
    """The three kinds of items of a plan."""

    TARGET = "target"
    TASK = "task"
    DUTY = "duty"


# How a target compares with its level, and how often a duty comes round: stored value, Vietnamese words.
COMPARATORS = [
    (">", "trên"), (">=", "ít nhất"), ("=", "bằng"), ("<=", "không quá"), ("reduce", "giảm"), ("increase", "tăng"),
]  # fmt: skip
PERIODS = [
    (Period.MONTH.value, "tháng"), (Period.QUARTER.value, "quý"), (Period.HALF_YEAR.value, "06 tháng"),
    (Period.NINE_MONTHS.value, "09 tháng"), (Period.YEAR.value, "năm"), (Period.ONCE.value, "một lần"),
]  # fmt: skip
# How often a task comes round, as a person sets it.
RECURRENCES = [
    ("auto", "theo câu chữ của nhiệm vụ"), ("none", "làm một lần"), (Period.MONTH.value, "hằng tháng"),
    (Period.QUARTER.value, "hằng quý"), (Period.HALF_YEAR.value, "6 tháng một lần"), (Period.YEAR.value, "hằng năm"),
]  # fmt: skip
KIND_WORDS = {Kind.TARGET: "chỉ tiêu", Kind.TASK: "nhiệm vụ", Kind.DUTY: "hạn báo cáo"}
KIND_LETTERS = {Kind.TARGET: "C", Kind.TASK: "N", Kind.DUTY: "H"}


def is_review_title(title: str | None) -> bool:
    """Whether a title announces a closing review ("tổng kết") and not a plan of work."""
    return "tổng kết" in fold(title or "")


def speaks_of(
    issued_on: date | None, data_to: date | None, year_from: int | None, year_to: int | None, otherwise: date
) -> date:
    """The day as of which a plan names agencies: its issue; else the end of its figures; else its first year.

    A plan of several years without any date is taken as of the first day of its last year, so that a review names the
    agencies that write it.
    """
    if issued_on or data_to:
        return issued_on or data_to or otherwise
    year = year_to or year_from
    return date(year, 1, 1) if year else otherwise


def clip(text: str | None, most: int) -> str:
    """Text that fits a column, cut with an ellipsis; the reading itself keeps the whole."""
    squeezed = squeeze(text or "")
    return squeezed if len(squeezed) <= most else squeezed[: most - 1] + "…"


def phrases_from(lines: str) -> tuple[str, ...]:
    """Agency phrases typed one a line, without blank and repeated ones. ValueError, in Vietnamese, when too many."""
    phrases = tuple(dict.fromkeys(squeeze(line) for line in lines.splitlines() if line.strip()))
    if len(phrases) > MOST_PHRASES:
        raise ValueError(f"Có {len(phrases)} dòng cơ quan; mỗi nhiệm vụ ghi nhiều nhất {MOST_PHRASES} dòng.")
    for phrase in phrases:
        if len(phrase) > LONGEST_PHRASE:
            raise ValueError(f"Dòng “{phrase[:40]}…” dài {len(phrase)} ký tự; nhiều nhất {LONGEST_PHRASE}.")
    return phrases


def parts_of(text: str) -> list[str]:
    """The paragraphs of a text that somebody parted by blank lines, each on one line."""
    return [squeezed for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if (squeezed := squeeze(part))]


def spans_of(
    parts: Sequence[str], text: str, start: int | None, end: int | None
) -> list[tuple[int | None, int | None]]:
    """Where each part stands between `start` and `end` of the text, in order; a part changed by hand has the whole."""
    if start is None or end is None:
        return [(None, None)] * len(parts)
    found: list[tuple[int | None, int | None]] = []
    after = start
    for part in parts:
        at = text.find(part, after, end)
        found.append((at, at + len(part)) if at >= 0 else (start, end))
        after = at + len(part) if at >= 0 else after
    return found


def due_problem(due: str) -> str:
    """What is wrong with a due date as typed ("12/3", "2025-06-20" or a rule in words); empty when nothing is."""
    text = due.strip()
    if match := _DAY_MONTH.fullmatch(text):
        day, month = int(match[1]), int(match[2])
        try:
            date(2024, month, day)  # a leap year: 29/2 is a day
        except ValueError:
            return f"Không có ngày {day}/{month} trong lịch. Ví dụ: 12/6."
        return ""
    if re.fullmatch(r"[\d\s./-]+", text):
        try:
            date.fromisoformat(text)
        except ValueError:
            return f"“{text}” không phải là ngày. Viết 12/6, 2025-06-20, hoặc bằng lời."
    return ""


def due_text(due: str) -> str:
    """A due date as a person reads it: an ISO date, as the reader gives it, as "10/6/2025"; all else as it stands."""
    try:
        return short_date(date.fromisoformat(due))
    except ValueError:
        return due


@dataclass(frozen=True, slots=True)
class DutyDate:
    """A duty to report as far as its due date goes; `words` is the whole of it as a person reads it."""

    period: str
    due: str
    strict: bool | None
    addressee: str
    owed_by: tuple[str, ...]
    words: str


def conflicting_duties(duties: Sequence[DutyDate]) -> list[tuple[DutyDate, DutyDate]]:
    """The pairs that ask the same agencies for the same report, to the same addressee, by different days.

    A quarterly duty has a day in each quarter, a half-yearly one in each half, a monthly one in each month: these are
    no conflict. An addressee or agencies that are not named may be anybody.
    """
    return [
        (one, other)
        for place, one in enumerate(duties)
        for other in duties[place + 1 :]
        if one.period == other.period
        and _may_be_same((one.addressee,), (other.addressee,))
        and _may_be_same(one.owed_by, other.owed_by)
        and (slot := _slot(one)) is not None
        and slot == _slot(other)
        and (one.due, one.strict) != (other.due, other.strict)
    ]


def _may_be_same(one: Sequence[str], other: Sequence[str]) -> bool:
    first, second = ({fold(words) for words in side if words} for side in (one, other))
    return not first or not second or first == second


def _slot(duty: DutyDate) -> tuple[int, int] | None:
    """Which report of a year a due date is for, as [year or 0, number]; None for a date in words, which is no day."""
    if match := _DAY_MONTH.fullmatch(duty.due.strip()):
        year, month = 0, int(match[2])
    else:
        try:
            day = date.fromisoformat(duty.due)
        except ValueError:
            return None
        year, month = day.year, day.month
    if duty.period == Period.ONCE:
        return 0, 0
    length = {Period.MONTH.value: 1, Period.QUARTER.value: 3, Period.HALF_YEAR.value: 6}.get(duty.period, 12)
    return year, (month - 1) // length


class WindowState(StrEnum):
    """Where a task's window stands on a day; nothing is said here of whether the task is done."""

    OPEN = "open"  # no window: all year round
    AHEAD = "ahead"
    RUNNING = "running"
    PAST = "past"


def last_day_in_time(window_to: date | None, strict: bool | None) -> date | None:
    """The last day in time of a window that ends on a day as written; strict ("trước ngày"): the day before."""
    return window_to - timedelta(days=1) if window_to and strict else window_to


def window_state(window_from: date | None, last_day: date | None, on: date) -> WindowState:
    """Where `on` lies: before the window, in it, after it; a task without dates is open all the time."""
    if last_day is None and window_from is None:
        return WindowState.OPEN
    if last_day is not None and on > last_day:
        return WindowState.PAST
    if window_from is not None and on < window_from:
        return WindowState.AHEAD
    return WindowState.RUNNING


def window_words(window_from: date | None, window_to: date | None, strict: bool | None = None) -> str:
    """When a task is to be done, in words; a task without dates is done all year."""
    if window_to and strict:
        begin = f"Từ {short_date(window_from)} đến trước" if window_from else "Trước"
        return f"{begin} {short_date(window_to)}"
    if window_from and window_to:
        if window_from == window_to:
            return f"Ngày {short_date(window_to)}"
        return f"Từ {short_date(window_from)} đến hết {short_date(window_to)}"
    if window_to:
        return f"Hạn {short_date(window_to)}"
    return f"Từ {short_date(window_from)}" if window_from else "Thường xuyên"
