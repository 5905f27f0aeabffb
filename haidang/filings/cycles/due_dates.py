"""When a cycle must be filed: the due date as written, moved on or not where it is not worked, and earlier below. Pure.

"Trước ngày" is strict: the day before is the last one on time, and it is that last day that a move and the steps of the
levels count from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

from haidang.filings.rules import CycleSpec
from haidang.kernel.calendars import DueDate
from haidang.kernel.dates import sentence_date, short_date
from haidang.kernel.windows import Window
from haidang.kernel.workdays import WorkCalendar

LEVEL_WORDS = {"central": "trung ương", "province": "cấp tỉnh", "district": "cấp huyện", "commune": "cấp xã"}
# From the top down: who owes earlier stands below. Working days.
LEVELS = tuple(LEVEL_WORDS)


def written_due(spec: CycleSpec) -> DueDate:
    """The due date as the document writes it. The cycle must have one."""
    assert spec.due_on is not None
    return DueDate(spec.due_on, spec.strict)


def due_of(spec: CycleSpec, calendar: WorkCalendar) -> DueDate:
    """The due date that counts: the written one, or with `shift` the next working day where its last day is not one."""
    written = written_due(spec)
    if not spec.shift:
        return written
    return DueDate.ending(calendar.next_working(written.last_day), written.strict)


def step_of(level: str, steps: Mapping[str, int]) -> int:
    """By how many working days a level owes earlier: its own number, else that of the nearest level above with one."""
    upward = reversed(LEVELS[: LEVELS.index(level) + 1])
    return next((steps[one] for one in upward if one in steps), 0)


def due_at(due: DueDate, level: str, steps: Mapping[str, int], calendar: WorkCalendar) -> DueDate:
    """The due date of agencies of a level: its step of working days before that of the cycle."""
    back = step_of(level, steps)
    return DueDate.ending(calendar.back(due.last_day, back), due.strict) if back else due


def steps_problem(steps: Mapping[str, int]) -> str:
    """What is wrong with the steps of the levels, as a sentence, or "": a level below never owes later than above."""
    wrong = [level for level, step in steps.items() if level not in LEVEL_WORDS or not 0 <= step <= 30]
    if wrong:
        return "Số ngày nộp sớm của mỗi cấp phải từ 0 đến 30 ngày làm việc."
    given = [(level, steps[level]) for level in LEVELS if level in steps]
    for (above, more), (below, less) in pairwise(given):
        if less < more:
            return (
                f"{LEVEL_WORDS[below].capitalize()} phải nộp không muộn hơn {LEVEL_WORDS[above]}. Sửa số ngày nộp sớm."
            )
    return ""


def due_problem(spec: CycleSpec, calendar: WorkCalendar) -> str:
    """Why the cycle cannot be due when it is, as a sentence, or "": no level can report before the data starts."""
    if spec.due_on is None:
        return ""
    for level, due in _dues_of(spec, calendar):
        if due.last_day < spec.window.start:
            return (
                f"Kỳ “{spec.label}”: hạn nộp{_whose(level)} ({short_date(due.last_day)}) trước ngày bắt đầu số liệu "
                f"({short_date(spec.window.start)}). Sửa hạn nộp, số ngày nộp sớm hoặc khoảng số liệu."
            )
    return ""


def _dues_of(spec: CycleSpec, calendar: WorkCalendar) -> list[tuple[str, DueDate]]:
    """The due date of the cycle (level ""), then those of the asked levels that have a step of their own."""
    due, steps = due_of(spec, calendar), dict(spec.steps)
    earlier = [level for level in LEVELS if steps.get(level) and (not spec.levels or level in spec.levels)]
    return [("", due), *((level, due_at(due, level, steps, calendar)) for level in earlier)]


def _whose(level: str) -> str:
    return f" của {LEVEL_WORDS[level]}" if level else ""


def move_words(spec: CycleSpec, calendar: WorkCalendar) -> str:
    """What became, or could become, of a last day that is not worked: "" when it is worked."""
    last = written_due(spec).last_day
    why = calendar.why_off(last)
    if not why:
        return ""
    fallen = sentence_date(last) if why in ("Thứ Bảy", "Chủ Nhật") else f"{sentence_date(last)} ({why})"
    to = sentence_date(calendar.next_working(last))
    guess = "" if calendar.is_decided(last.year) else " Lịch nghỉ năm đó chưa có trong hệ thống, ngày nghỉ là ước tính."
    if spec.shift:
        return f"Ngày cuối được nộp rơi vào {fallen}; đã chuyển sang {to}.{guess}"
    return f"Ngày cuối được nộp rơi vào {fallen}; đang giữ nguyên, có thể chuyển sang {to}.{guess}"


def warnings_of(spec: CycleSpec, calendar: WorkCalendar, today: date) -> list[str]:
    """What whoever opens the cycle today should know of its dates; none of it forbids. It must have its due date."""
    dues = _dues_of(spec, calendar)
    told = [_passed_words(dues, today), move_words(spec, calendar)]
    told += [_closing_words(spec.window, due.last_day, level, calendar) for level, due in dues]
    return [words for words in told if words]


def _passed_words(dues: Sequence[tuple[str, DueDate]], today: date) -> str:
    """That a due date has passed: of several, the one of the highest level."""
    passed = [(level, due.last_day) for level, due in dues if due.last_day < today]
    if not passed:
        return ""
    level, last = passed[0]
    return (
        f"Ngày cuối được nộp{_whose(level)} ({short_date(last)}) đã qua {(today - last).days} ngày: mở xong là quá hạn "
        "ngay. Sửa hạn nếu còn cho thời gian nộp."
    )


def _closing_words(window: Window, last: date, level: str, calendar: WorkCalendar) -> str:
    if last <= window.end:
        return (
            f"Ngày cuối được nộp{_whose(level)} ({short_date(last)}) không sau ngày chốt số liệu "
            f"({short_date(window.end)}): số liệu là tạm tính, phần còn lại báo vào kỳ sau."
        )
    if not calendar.between(window.end, last):
        return (
            f"Từ ngày chốt số liệu ({short_date(window.end)}) đến ngày cuối được nộp{_whose(level)} "
            f"({short_date(last)}) không có ngày làm việc nào. Cân nhắc lùi hạn hoặc chuyển hạn sang ngày làm việc."
        )
    return ""
