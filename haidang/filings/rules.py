"""Who files what, where an obligation stands, how late it is, and which moves the ladder allows. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from haidang.catalogue.forms import FormSpec, forms_of
from haidang.filings.models import FilingState
from haidang.kernel.calendars import DueDate, Regime
from haidang.kernel.windows import Window

BASELINE = Window(date(2016, 1, 1), date(2020, 12, 31))
BASELINE_LABEL = "Giai đoạn 2016 - 2020"


@dataclass(frozen=True, slots=True)
class CycleSpec:
    """A cycle to open. `due_on` None means that the plan names no date and a person must give it.

    `forms` are codes; empty means every form in force on the due date. `duty_id` is the duty it comes from, if any.
    `regime` is the code of one of the specs, or of Regime.
    `shift` moves a last day that is not worked to the next one that is. `steps` are (level, working days) by which a
    level owes earlier. `levels` and `functions` limit who is asked; empty means everybody who files the forms.
    """

    label: str
    window: Window
    regime: str
    due_on: date | None
    strict: bool
    addressee: str = ""
    forms: tuple[str, ...] = ()
    baseline: bool = False
    duty_id: int | None = None
    shift: bool = False
    steps: tuple[tuple[str, int], ...] = ()
    levels: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    letter_number: str = ""


def review_slices(data_window: Window, due_on: date | None, strict: bool, addressee: str = "") -> list[CycleSpec]:
    """The cycles of a closing review: the data window by calendar year, part-years as such, then the baseline."""
    slices = [
        CycleSpec(_slice_label(part), part, Regime.PLAN, due_on, strict, addressee)
        for part in data_window.by_calendar_year()
    ]
    baseline = CycleSpec(BASELINE_LABEL, BASELINE, Regime.CALENDAR, due_on, strict, addressee, baseline=True)
    return [*slices, baseline]


def _slice_label(part: Window) -> str:
    if part.is_full_calendar_year():
        return f"Năm {part.start.year}"
    return f"Năm {part.start.year} (từ {part.start:%d/%m} đến {part.end:%d/%m})"


def forms_asked(function: str, level: str, asked: Iterable[str], on: date) -> tuple[FormSpec, ...]:
    """The forms, in the version in force on the day, that a cycle asks and agencies of this kind file."""
    wanted = frozenset(asked)
    return tuple(form for form in forms_of(function, level, on) if form.code in wanted)


class Letter(StrEnum):
    """State of one obligation for display, by its letter; NOT_DUE has none."""

    OFF = "M"
    EXTENDED = "G"
    RETURNED = "L"
    OVERDUE = "Q"
    LATE = "T"
    NIL = "K"
    ON_TIME = "Đ"
    NOT_DUE = ""


# What was received under one of these came in time.
ON_TIME = (Letter.ON_TIME, Letter.NIL, Letter.EXTENDED)

LETTER_CLASSES = {
    Letter.OFF: "s-off",
    Letter.EXTENDED: "s-ext",
    Letter.RETURNED: "s-back",
    Letter.OVERDUE: "s-over",
    Letter.LATE: "s-late",
    Letter.NIL: "s-nil",
    Letter.ON_TIME: "s-ok",
    Letter.NOT_DUE: "s-none",
}

LETTER_WORDS = {
    Letter.OFF: "miễn, đã sắp xếp",
    Letter.EXTENDED: "được gia hạn",
    Letter.RETURNED: "bị trả lại",
    Letter.OVERDUE: "quá hạn {days} ngày, chưa nộp",
    Letter.LATE: "trễ {days} ngày",
    Letter.NIL: "không phát sinh",
    Letter.ON_TIME: "đúng hạn",
    Letter.NOT_DUE: "chưa đến hạn",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an obligation stands on a day: its letter, its days (late or overdue; 0 otherwise), and in words.

    `note` says more than the words of the letter and stands in their place: to whom it was handed over. `early`: it was
    given more time, was not received, and its due date as it was is still to come.
    """

    letter: Letter
    days: int = 0
    note: str = ""
    early: bool = False

    @property
    def css(self) -> str:
        """The state class of the design system."""
        return LETTER_CLASSES[self.letter]

    @property
    def words(self) -> str:
        """The state as a person reads it."""
        return self.note or LETTER_WORDS[self.letter].format(days=self.days)


def standing_of(
    due: DueDate,
    on: date,
    *,
    state: str,
    received_on: date | None = None,
    nil: bool = False,
    waived: bool = False,
    extended_to: date | None = None,
) -> Standing:
    """The state to show on the day `on`. When several apply: M, G, L, Q, T, K, Đ.

    An extension shows while it matters: until what was extended is received on time or the new date passes.
    """
    if waived:
        return Standing(Letter.OFF)
    settled = received_on or on
    extended = extended_to is not None and due.last_day < extended_to and settled <= extended_to
    if extended and (received_on is None or received_on > due.last_day):
        return Standing(Letter.EXTENDED, early=received_on is None and on <= due.last_day)
    if state == FilingState.RETURNED:
        return Standing(Letter.RETURNED)
    late = days_late(due, settled, extended_to)
    if received_on is None:
        return Standing(Letter.OVERDUE, late) if late else Standing(Letter.NOT_DUE)
    if late:
        return Standing(Letter.LATE, late)
    return Standing(Letter.NIL if nil else Letter.ON_TIME)


def last_day_of(due: DueDate, extended_to: date | None) -> date:
    """The last day on time: that of the due date, or of an extension that goes beyond it."""
    return max(due.last_day, extended_to) if extended_to is not None else due.last_day


def days_late(due: DueDate, day: date, extended_to: date | None = None) -> int:
    """Calendar days after the last day on time; 0 when on time."""
    return max(0, (day - last_day_of(due, extended_to)).days)


def still_owed(state: str, *, received: bool, waived: bool) -> bool:
    """Whether the agency has something to send: nothing received yet, or what it sent was returned."""
    return not waived and (not received or state == FilingState.RETURNED)


# When what an agency owes may be told to those above it: this many days overdue, and reminded this many days ago.
ESCALATED_WHEN_OVERDUE, ESCALATED_AFTER_REMINDER = 3, 2


def why_not_escalated(days_overdue: int, reminded_on: date | None, on: date) -> str:
    """Why an obligation is not told to those above yet, as a sentence, or "" when it may be."""
    if days_overdue < ESCALATED_WHEN_OVERDUE:
        return f"chưa quá hạn {ESCALATED_WHEN_OVERDUE} ngày"
    if reminded_on is None:
        return "chưa được nhắc lần nào"
    if (on - reminded_on).days < ESCALATED_AFTER_REMINDER:
        return f"mới được nhắc ngày {reminded_on:%d/%m/%Y}, chưa đủ {ESCALATED_AFTER_REMINDER} ngày"
    return ""


class Move(StrEnum):
    """What can be done to a filing as a whole."""

    SUBMIT = "submit"
    ACCEPT = "accept"
    RETURN = "return"
    CORRECT = "correct"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"
    KEEP = "keep"


TRANSITIONS: Mapping[tuple[str, Move], FilingState] = {
    (FilingState.DRAFT, Move.SUBMIT): FilingState.SUBMITTED,
    (FilingState.RETURNED, Move.SUBMIT): FilingState.SUBMITTED,
    (FilingState.SUBMITTED, Move.ACCEPT): FilingState.ACCEPTED,
    (FilingState.SUBMITTED, Move.RETURN): FilingState.RETURNED,
    (FilingState.SUBMITTED, Move.WITHDRAW): FilingState.DRAFT,
    (FilingState.ACCEPTED, Move.CORRECT): FilingState.DRAFT,
    (FilingState.ACCEPTED, Move.REOPEN): FilingState.DRAFT,
    (FilingState.DRAFT, Move.KEEP): FilingState.ACCEPTED,
}
EDITABLE = (FilingState.DRAFT, FilingState.RETURNED)

LOCKED_BECAUSE = {
    FilingState.SUBMITTED: "Báo cáo đã gửi, đang chờ cơ quan thường trực kiểm tra. Cần sửa thì rút lại bản đã gửi.",
    FilingState.ACCEPTED: "Báo cáo đã được tiếp nhận nên bị khoá. Cần sửa thì mở đính chính.",
}
_CANNOT = {
    Move.SUBMIT: "Chỉ gửi được báo cáo đang nhập hoặc bị trả lại; báo cáo này {state}.",
    Move.ACCEPT: "Chỉ tiếp nhận được báo cáo đã gửi và đang chờ kiểm tra; báo cáo này {state}.",
    Move.RETURN: "Chỉ trả lại được báo cáo đã gửi và đang chờ kiểm tra; báo cáo này {state}.",
    Move.CORRECT: "Chỉ mở đính chính được báo cáo đã tiếp nhận; báo cáo này {state}.",
    Move.WITHDRAW: "Chỉ rút lại được bản đã gửi và đang chờ kiểm tra; báo cáo này {state}.",
    Move.REOPEN: "Chỉ mở lại được báo cáo đã tiếp nhận; báo cáo này {state}.",
    Move.KEEP: "Chỉ thôi được bản đính chính chưa gửi; báo cáo này {state}.",
}


def after(state: str, move: Move) -> FilingState | None:
    """The state that the move leads to; None when the ladder does not allow it from here."""
    return TRANSITIONS.get((state, move))


def why_not(state: str, move: Move) -> str:
    """The sentence for a move that the ladder does not allow from this state."""
    return _CANNOT[move].format(state=FilingState(state).label)


def content_sha256(content: Mapping[str, Any]) -> str:
    """SHA-256 of the content of a version in canonical JSON (keys sorted, no spaces)."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def changed_codes(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    """The codes whose value differs; a blank cell is absent, which differs from 0."""
    return {code for code in before.keys() | after.keys() if before.get(code) != after.get(code)}


def is_nil(cells: Mapping[str, Any]) -> bool:
    """Whether something was entered and every number is zero: nothing to report, which is not the same as blank."""
    numbers = [value for value in cells.values() if isinstance(value, int | float)]
    return bool(numbers) and not any(numbers)
