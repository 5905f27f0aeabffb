"""The reporting calendar that a plan's duties make: one entry per cycle, with its window of data and its due date.

Windows come from NĐ 09/2019 Điều 12 (data closes on the 14th), or from the plan where it names one (closing reviews).
A plan that names no date gives entries without a due date: it is asked for, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from haidang.kernel.calendars import Period, nd09_half, nd09_month, nd09_nine_months, nd09_quarter, nd09_year
from haidang.kernel.windows import Window
from haidang.reading.dates import written_day
from haidang.reading.letters import compiled
from haidang.reading.model import DutyReading, PlanReading

_MOST_YEARS = 15
_QUARTERS = ("I", "II", "III", "IV")


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One cycle of one duty. `due_on` is the date as written; `strict`: the day before is the last one on time."""

    cycle: str
    period: Period
    window: Window | None
    due_on: date | None
    strict: bool | None
    to: str | None

    def to_json(self) -> dict[str, Any]:
        """The entry as a JSON object with ISO dates."""
        return {
            "cycle": self.cycle,
            "window_from": self.window.start.isoformat() if self.window else None,
            "window_to": self.window.end.isoformat() if self.window else None,
            "due_on": self.due_on.isoformat() if self.due_on else None,
            "strict": self.strict,
            "to": self.to,
        }


def reporting_calendar(reading: PlanReading) -> list[CalendarEntry]:
    """All cycles of the plan's duties, by end of window and due date; those without either come last.

    An annual plan gives one year of cycles, a plan for a period its years; a plan without any year gives none for its
    periodic duties, since their windows cannot be known.
    """
    entries = [entry for duty in reading.reporting for entry in _entries(duty, reading)]
    entries = list(dict.fromkeys(entries))
    return sorted(entries, key=lambda entry: (entry.window.end if entry.window else date.max, entry.due_on or date.max))


def _entries(duty: DutyReading, reading: PlanReading) -> Iterator[CalendarEntry]:
    if duty.period is Period.ONCE:
        yield _once(duty, reading)
        return
    for year in _years(reading, duty):
        yield from _periodic(duty, year)


def _years(reading: PlanReading, duty: DutyReading) -> list[int]:
    written = re.fullmatch(r"(\d{4})-\d\d-\d\d", duty.due or "")
    if written:
        due = date.fromisoformat(duty.due or "")
        return [due.year - 1 if due.month == 1 else due.year]
    if reading.year_from and reading.year_to:
        first = max(reading.year_from, reading.issued_on.year if reading.issued_on else reading.year_from)
        first = min(first, reading.year_to)
        return list(range(first, min(reading.year_to, first + _MOST_YEARS) + 1))
    return [reading.issued_on.year] if reading.issued_on else []


def _once(duty: DutyReading, reading: PlanReading) -> CalendarEntry:
    """One report: the window is the plan's own, where it names one."""
    window = reading.data_window
    if window:
        cycle = (
            f"tổng kết {window.start.year} - {window.end.year}"
            if window.start.year < window.end.year
            else f"một lần, năm {window.end.year}"
        )
    elif reading.year_from and reading.year_to and reading.year_from < reading.year_to:
        cycle = f"tổng kết {reading.year_from} - {reading.year_to}"
    else:
        cycle = f"một lần, năm {reading.year_to}" if reading.year_to else "một lần"
    year = (
        reading.year_to
        if reading.year_from == reading.year_to
        else reading.issued_on.year
        if reading.issued_on
        else reading.year_to
    )
    return CalendarEntry(cycle, duty.period, window, _day(duty.due, year), duty.strict, duty.to)


def _periodic(duty: DutyReading, year: int) -> Iterator[CalendarEntry]:
    for number, due_on in _numbered_dates(duty, year):
        cycle, window = _cycle(duty.period, year, number)
        yield CalendarEntry(cycle, duty.period, window, due_on, duty.strict if due_on else None, duty.to)


def _numbered_dates(duty: DutyReading, year: int) -> Iterator[tuple[int, date | None]]:
    """The numbers of the periods in a year that the duty speaks of, with the due date of each.

    A rule ("ngày 15 của tháng cuối quý") gives every period its date; words that are no rule known here give every
    period without one, to be asked for.
    """
    rule, day = _rule_of(duty), _day(duty.due, year)
    months = {Period.MONTH: 1, Period.QUARTER: 3}.get(duty.period)
    if months is None:
        yield from _once_a_year(duty, year, rule, day)
    elif rule is None and day is not None:
        number = day.month if duty.period is Period.MONTH else _quarter_of(day)
        yield number, day if duty.period is Period.MONTH else _in_or_after(duty.due, year, day)
    else:
        last = 12 // months
        yield from ((one, _rule_day(rule, year, one * months) if rule else None) for one in range(1, last + 1))


def _once_a_year(
    duty: DutyReading, year: int, rule: tuple[int, int] | None, day: date | None
) -> Iterator[tuple[int, date | None]]:
    """Half-years (the second where the date says so), nine months and years."""
    last = {Period.HALF_YEAR: 6, Period.NINE_MONTHS: 9}.get(duty.period, 12)
    due = _rule_day(rule, year, last) if rule else day
    if duty.period is Period.HALF_YEAR:
        number = 2 if due and (due.month >= 11 or due.month == 1) else 1
        yield number, _in_or_after(duty.due, year, due) if number == 2 else due
    else:
        yield 1, _in_or_after(duty.due, year, due) if duty.period is Period.YEAR and not rule else due


def _cycle(period: Period, year: int, number: int) -> tuple[str, Window]:
    if period is Period.MONTH:
        return f"tháng {number}/{year}", nd09_month(year, number)
    if period is Period.QUARTER:
        return f"quý {_QUARTERS[number - 1]}/{year}", nd09_quarter(year, number)
    if period is Period.HALF_YEAR:
        label = "06 tháng" if number == 1 else "06 tháng cuối năm"
        return f"{label}/{year}" if number == 1 else f"{label} {year}", nd09_half(year, number)
    if period is Period.NINE_MONTHS:
        return f"09 tháng/{year}", nd09_nine_months(year)
    return f"năm {year}", nd09_year(year)


def _quarter_of(due: date) -> int:
    """The quarter that a report due on that day is for: due in January it is the fourth, in April the first."""
    return {1: 4, 2: 1, 3: 1, 4: 1, 5: 2, 6: 2, 7: 2, 8: 3, 9: 3, 10: 3, 11: 4, 12: 4}[due.month]


def _in_or_after(due: str | None, year: int, day: date | None) -> date | None:
    """A due date in January belongs to the year before."""
    if day is not None and day.month == 1 and due is not None and not re.match(r"\d{4}-", due):
        return _day(due, year + 1)
    return day


def _day(due: str | None, year: int | None) -> date | None:
    if due is None:
        return None
    if re.fullmatch(r"\d{4}-\d\d-\d\d", due):
        return date.fromisoformat(due)
    written = written_day(due)
    return written.on(year) if written else None


_LAST_MONTH = compiled(r"(?P<day>\d{1,2})\s+(?:của\s+|hằng\s+|hàng\s+)?(?:các\s+)?tháng\s+cuối", re.IGNORECASE)
_NEXT_MONTH = compiled(
    r"(?P<day>\d{1,2})\s+(?:của\s+)?(?:các\s+)?tháng\s+(?:tiếp theo|kế tiếp|liền kề|sau"
    r"|(?:đầu|thứ nhất)\s+(?:của\s+)?(?:quý|kỳ|năm)\s+(?:sau|tiếp theo|kế tiếp|liền kề))",
    re.IGNORECASE,
)
_EACH_MONTH = compiled(r"(?P<day>\d{1,2})(?:\s+(?:của\s+)?(?:hằng|hàng|mỗi|từng)\s+tháng)?\s*$", re.IGNORECASE)


def _rule_of(duty: DutyReading) -> tuple[int, int] | None:
    """The day of a rule, and how many months after the last one of the period it lies: "15 của tháng cuối quý" is
    (15, 0), "05 của tháng đầu quý sau" (5, 1), and of a monthly duty "20 hằng tháng" (20, 0).
    """
    text = duty.due or ""
    if match := _LAST_MONTH.match(text):
        return int(match["day"]), 0
    if match := _NEXT_MONTH.match(text):
        return int(match["day"]), 1
    match = _EACH_MONTH.match(text) if duty.period is Period.MONTH else None
    return (int(match["day"]), 0) if match else None


def _rule_day(rule: tuple[int, int], year: int, month: int) -> date | None:
    """The day of a rule for the period that ends in a month of the year."""
    day, months = rule[0], month - 1 + rule[1]
    try:
        return date(year + months // 12, months % 12 + 1, day)
    except ValueError:
        return None
