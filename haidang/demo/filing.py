"""How the invented agencies file: what each does with each cycle, and the days on which it happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from haidang.accounts.actors import Actor
from haidang.catalogue.outlines import Outline
from haidang.demo.filling import drawing
from haidang.demo.series import Cells
from haidang.demo.texts import MARK, contributions
from haidang.filings.actions import (
    CannotSubmit,
    accept,
    correct,
    explain_all,
    return_,
    save_cells,
    save_section,
    submit,
    waive,
)
from haidang.filings.models import Cycle, Filing, Version
from haidang.kernel import clock
from haidang.kernel.clock import VIET_NAM


class Course(StrEnum):
    """What becomes of one obligation."""

    ACCEPTED = "accepted"
    LATE = "late"
    RETURNED = "returned"
    WAITING = "waiting"
    DRAFT = "draft"
    NOTHING = "nothing"
    WAIVED = "waived"
    CORRECTED = "corrected"


EXPLANATION = f"Đã đối chiếu với hồ sơ, số liệu đúng; chênh lệch do thời điểm chốt số của từng ngành. {MARK}"
RETURN_COMMENT = f"Số ở dòng tổng và số chia theo hình thức chưa khớp với báo cáo năm; kiểm tra lại rồi gửi. {MARK}"
WAIVER = f"Đơn vị không phát sinh nhiệm vụ này trong kỳ, đã báo cáo chung với cấp tỉnh. {MARK}"
CORRECTION = f"Bổ sung các cuộc nói chuyện chuyên đề tháng 12 đếm thiếu khi báo lần đầu. {MARK}"
CORRECTION_DOCUMENT = "217/BC-SYT"
CORRECTED_CELLS = {"B7.meeting.c1": 4, "B7.meeting.c3": 260}


@dataclass(order=True, slots=True)
class Event:
    """Something that happens at a moment; events are done in order of time."""

    at: datetime
    number: int
    do: Callable[[], Any] = field(compare=False)


@dataclass(frozen=True, slots=True)
class Work:
    """One obligation to act on: who acts, what is entered, what is written, and what becomes of it."""

    filing: Filing
    clerk: Actor
    consolidator: Actor
    cells: Cells
    course: Course
    texts: Mapping[str, str]


def perform(works: Sequence[Work], seed: int, until: datetime | None = None) -> int:
    """Do everything, each thing at its own time and in order of time; how many things were done."""
    events = sorted(event for number, work in enumerate(works) for event in _Doing(work, seed, number).events())
    done = [event for event in events if until is None or event.at <= until]
    for event in done:
        with clock.fixed_at(event.at):
            event.do()
    return len(done)


def texts_for(outline: Outline, filing: Filing, seed: int) -> dict[str, str]:
    """The sections that the agency of a filing writes."""
    agency = filing.obligation.agency
    draw = drawing(seed, "texts", agency.code)
    return contributions(outline, agency.function, agency.level, agency.short_name or agency.name, draw)


class _Doing:
    """The events of one work."""

    def __init__(self, work: Work, seed: int, number: int) -> None:
        self._work = work
        self._number = number * 10
        self._draw = drawing(seed, "days", work.filing.obligation.cycle.label, work.filing.obligation.agency.code)
        self._filing = work.filing
        self._version: Version | None = None

    def events(self) -> Iterator[Event]:
        work, cycle = self._work, self._work.filing.obligation.cycle
        if work.course is Course.NOTHING:
            return
        if work.course is Course.WAIVED:
            yield self._at(self._work.filing.obligation.due.last_day - timedelta(days=3), self._waive)
            return
        sent = self._day_sent(cycle)
        yield self._at(sent - timedelta(days=self._draw.randint(0, 1)), self._enter)
        if work.course is Course.DRAFT:
            return
        yield self._at(sent, self._send, hour=15)
        if work.course is Course.WAITING:
            return
        ruled = sent + timedelta(days=self._draw.randint(1, 3))
        yield self._at(ruled, self._return if work.course is Course.RETURNED else self._accept)
        if work.course is Course.CORRECTED:
            yield self._at(ruled + timedelta(days=12), self._correct)
            yield self._at(ruled + timedelta(days=13), self._accept)

    def _day_sent(self, cycle: Cycle) -> date:
        """A day on time, after the data closed where the due date allows; a week late for the late one."""
        last = self._work.filing.obligation.due.last_day
        if self._work.course is Course.LATE:
            return last + timedelta(days=7)
        closed = cycle.window_to + timedelta(days=1)
        first = max(closed, last - timedelta(days=25)) if closed < last else last - timedelta(days=2)
        return first + timedelta(days=self._draw.randint(0, max(0, (last - first).days)))

    def _at(self, day: date, do: Callable[[], Any], hour: int = 9) -> Event:
        self._number += 1
        moment = datetime.combine(day, time(hour, self._number % 60), tzinfo=VIET_NAM)
        return Event(moment, self._number, do)

    def _enter(self) -> None:
        work = self._work
        saved = save_cells(work.clerk, work.filing, work.cells, work.filing.revision)
        for code, text in work.texts.items():
            saved = save_section(work.clerk, saved.filing, code, text, saved.revision)
        self._filing = saved.filing

    def _send(self, reason: str = "", document_number: str = "") -> None:
        """Send; when the forms ask for explanations, give them and send again."""
        clerk, filing = self._work.clerk, self._filing
        try:
            self._version = submit(clerk, filing, reason, document_number)
        except CannotSubmit as asked:
            explain_all(clerk, filing, {one.key: EXPLANATION for one in asked.findings if one.level == "explain"})
            self._version = submit(clerk, filing, reason, document_number)

    def _accept(self) -> None:
        assert self._version is not None
        accept(self._work.consolidator, self._version)

    def _return(self) -> None:
        assert self._version is not None
        return_(self._work.consolidator, self._version, RETURN_COMMENT)

    def _waive(self) -> None:
        waive(self._work.consolidator, self._work.filing.obligation, WAIVER)

    def _correct(self) -> None:
        clerk = self._work.clerk
        filing = correct(clerk, self._filing)
        held = filing.cells
        changes = {code: held[code] + more for code, more in CORRECTED_CELLS.items() if isinstance(held.get(code), int)}
        self._filing = save_cells(clerk, filing, changes, filing.revision).filing
        self._send(CORRECTION, CORRECTION_DOCUMENT)
