"""What follows from a plan's words alone: the day it speaks of, whether it is a review, what still needs a person.

Pure: no row is read or written here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from haidang.kernel.calendars import Period
from haidang.kernel.dates import short_date
from haidang.kernel.text import fold, squeeze

LOW_CONFIDENCE = 0.60
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
KIND_WORDS = {Kind.TARGET: "chỉ tiêu", Kind.TASK: "nhiệm vụ", Kind.DUTY: "chế độ báo cáo"}
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


class WindowState(StrEnum):
    """Where a task's window stands on a day; nothing is said here of whether the task is done."""

    OPEN = "open"  # no window: all year round
    AHEAD = "ahead"
    RUNNING = "running"
    PAST = "past"


def window_state(window_from: date | None, window_to: date | None, on: date) -> WindowState:
    """Where `on` lies: before the window, in it, after it; a task without dates is open all the time."""
    if window_to is None and window_from is None:
        return WindowState.OPEN
    if window_to is not None and on > window_to:
        return WindowState.PAST
    if window_from is not None and on < window_from:
        return WindowState.AHEAD
    return WindowState.RUNNING


@dataclass(frozen=True, slots=True)
class Concern:
    """Something to look at before a plan is accepted: how many items, in words, and the first of them."""

    count: int
    words: str
    kind: Kind | None = None
    pk: int | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One target, task or duty as the review screen lists it. `leads` counts a task's lead phrases."""

    kind: Kind
    pk: int
    position: int
    section: str
    text: str
    span: tuple[int, int] | None
    rule: str
    confidence: float
    checked: bool
    leads: int = 0

    @property
    def key(self) -> str:
        """Names the item in addresses and anchors: "task-12"."""
        return f"{self.kind}-{self.pk}"

    @property
    def letter(self) -> str:
        """C, N or H, as the design marks the three kinds."""
        return KIND_LETTERS[self.kind]


def concerns_of(items: Sequence[Item], issued_on: date | None, as_of: date) -> list[Concern]:
    """What a person should look at before accepting; none of it forbids, all of it is said beside the button."""
    without_lead = [item for item in items if item.kind is Kind.TASK and not item.leads]
    doubtful = [item for item in items if item.confidence < LOW_CONFIDENCE and not item.checked]
    duties = [item for item in items if item.kind is Kind.DUTY]
    found = [
        _concern(doubtful, "mục có độ tin cậy thấp chưa ai xem"),
        _concern(without_lead, "nhiệm vụ chưa rõ cơ quan chủ trì"),
    ]
    if not duties:
        found.append(Concern(1, "chế độ báo cáo chưa có: sẽ không mở được kỳ báo cáo nào"))
    if issued_on is None:
        found.append(Concern(1, f"ngày ban hành để trống: cơ quan được tìm theo ngày {as_of:%d/%m/%Y}"))
    return [concern for concern in found if concern.count]


def _concern(items: Sequence[Item], words: str) -> Concern:
    first = items[0] if items else None
    return Concern(len(items), words, first.kind if first else None, first.pk if first else None)


def low_first(items: Iterable[Item]) -> list[Item]:
    """Unchecked items before checked ones, the least certain first, then in the order of the text."""
    return sorted(items, key=lambda item: (item.checked, item.confidence, item.position))


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a plan's text: plain, or the innermost item it belongs to; `first` where that item begins."""

    text: str
    key: str = ""
    first: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the source, as pieces."""

    pieces: tuple[Piece, ...]
    heading: bool = False


def source_paragraphs(text: str, paragraphs: Iterable[Sequence[int]], items: Iterable[Item]) -> list[Paragraph]:
    """The text cut into its paragraphs ([offset, heading] each), and these where spans of items begin and end.

    Where spans overlap the one that began last counts. Spans outside the text are cut to it: the pieces joined always
    give the text back.
    """
    spans = sorted(
        (item.span[0], item.span[1], item.key) for item in items if item.span and item.span[0] < item.span[1]
    )
    starts = {int(start): bool(heading) for start, heading in paragraphs if 0 < start < len(text)}
    edges = sorted({0, len(text), *starts, *(min(max(edge, 0), len(text)) for span in spans for edge in span[:2])})
    made: list[tuple[bool, list[Piece]]] = [(any(start == 0 and heading for start, heading in paragraphs), [])]
    open_spans: list[tuple[int, int, str]] = []
    upcoming = 0
    for start, end in pairwise(edges):
        open_spans = [span for span in open_spans if span[1] > start]
        begun = False
        while upcoming < len(spans) and spans[upcoming][0] <= start:
            open_spans.append(spans[upcoming])
            upcoming += 1
            begun = True
        if start in starts:
            made.append((starts[start], []))
        key = open_spans[-1][2] if open_spans else ""
        made[-1][1].append(Piece(text[start:end], key, begun and bool(key)))
    return [Paragraph(tuple(pieces), heading) for heading, pieces in made if pieces]


def window_words(window_from: date | None, window_to: date | None) -> str:
    """When a task is to be done, in words; a task without dates is done all year."""
    if window_from and window_to:
        if window_from == window_to:
            return f"Ngày {short_date(window_to)}"
        return f"Từ {short_date(window_from)} đến hết {short_date(window_to)}"
    if window_to:
        return f"Hạn {short_date(window_to)}"
    return f"Từ {short_date(window_from)}" if window_from else "Thường xuyên"
