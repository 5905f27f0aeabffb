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

from haidang.kernel.calendars import Period, nd09_half, nd09_nine_months, nd09_quarter, nd09_year
from haidang.kernel.windows import Window
from haidang.reading.dates import written_day
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
    """The numbers of the periods in a year that the duty speaks of, with the due date of each."""
    rule = _rule_of(duty.due)
    if duty.period is Period.QUARTER:
        if rule is not None:
            yield from ((quarter, _rule_day(rule, year, quarter * 3)) for quarter in range(1, 5))
        elif duty.due is None:
            yield from ((quarter, None) for quarter in range(1, 5))
        else:
            day = _day(duty.due, year)
            yield (_quarter_of(day), _in_or_after(duty.due, year, day)) if day else (1, None)
        return
    if duty.period is Period.HALF_YEAR:
        day = _rule_day(rule, year, 6) if rule is not None else _day(duty.due, year)
        number = 2 if day and (day.month >= 11 or day.month == 1) else 1
        yield number, _in_or_after(duty.due, year, day) if number == 2 else day
        return
    last = 9 if duty.period is Period.NINE_MONTHS else 12
    day = _rule_day(rule, year, last) if rule is not None else _day(duty.due, year)
    yield 1, _in_or_after(duty.due, year, day) if duty.period is Period.YEAR else day


def _cycle(period: Period, year: int, number: int) -> tuple[str, Window]:
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


def _rule_of(due: str | None) -> int | None:
    """The day of "15 của tháng cuối quý"."""
    match = re.match(r"(\d{1,2})\s+(?:của\s+|hằng\s+|hàng\s+)?(?:các\s+)?tháng\s+cuối", due or "", re.IGNORECASE)
    return int(match[1]) if match else None


def _rule_day(day: int, year: int, month: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
