"""Cycles that a person asks for beside those that a plan's duties call for: any regime, a window by years, a request.

Pure: from what was typed, on a screen or a command line, to the cycles to open.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from haidang.filings.rules import CycleSpec, review_slices
from haidang.kernel.calendars import Period, Regime, calendar_window, nd09_window, numbers_in, period_name
from haidang.kernel.dates import short_date
from haidang.kernel.windows import Window

MOST_SLICES = 30
_PERIODS = tuple(period for period in Period if period is not Period.ONCE)


class Kind(StrEnum):
    """What cuts the windows of the cycles."""

    ND09 = "nd09"
    CALENDAR = "calendar"
    PLAN = "plan"
    SLICES = "slices"
    REQUEST = "request"


KIND_WORDS = {
    Kind.ND09: "theo Nghị định 09/2019 (từ ngày 15 đến ngày 14)",
    Kind.CALENDAR: "theo tháng, quý, năm dương lịch",
    Kind.PLAN: "theo khoảng ngày của kế hoạch",
    Kind.SLICES: "tổng kết: khoảng ngày chia theo từng năm",
    Kind.REQUEST: "yêu cầu đột xuất bằng văn bản",
}
BY_PERIOD = (Kind.ND09, Kind.CALENDAR)


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked: of a period of a year (`period`, `year`, `number`), or of a `window`; until when; what; of whom.

    See CycleSpec for the rest. `label` "" takes the name of the period or window; slices have names of their own.
    """

    kind: Kind
    due_on: date
    strict: bool = True
    period: Period | None = None
    year: int = 0
    number: int = 1
    window: Window | None = None
    label: str = ""
    shift: bool = False
    steps: tuple[tuple[str, int], ...] = ()
    forms: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    letter_number: str = ""
    baseline: bool = False


def specs_of(ask: Ask) -> list[CycleSpec]:
    """The cycles to open. ValueError (a sentence in Vietnamese) when something is missing or out of bounds."""
    window = _period_window(ask) if ask.kind in BY_PERIOD else ask.window
    if window is None:
        raise ValueError("Ghi khoảng số liệu: từ ngày và đến ngày.")
    if ask.kind is Kind.REQUEST and not ask.letter_number:
        raise ValueError("Ghi số văn bản yêu cầu báo cáo đột xuất.")
    if ask.kind is Kind.SLICES:
        if window.end.year - window.start.year >= MOST_SLICES:
            raise ValueError(f"Khoảng số liệu dài hơn {MOST_SLICES} năm. Kiểm tra lại từ ngày và đến ngày.")
        specs = review_slices(window, ask.due_on, ask.strict)
        return [_asked(ask, spec) for spec in specs if ask.baseline or not spec.baseline]
    regime = {Kind.ND09: Regime.ND09, Kind.CALENDAR: Regime.CALENDAR, Kind.REQUEST: Regime.REQUEST}.get(ask.kind)
    label = ask.label or _name(ask, window)
    return [_asked(ask, CycleSpec(label, window, regime or Regime.PLAN, ask.due_on, ask.strict))]


def _period_window(ask: Ask) -> Window:
    if ask.period not in _PERIODS or not 2000 <= ask.year <= 2199:
        raise ValueError("Chọn kỳ (tháng, quý, 06 tháng, 09 tháng, năm) và năm từ 2000 đến 2199.")
    most = numbers_in(ask.period)
    if not 1 <= ask.number <= most:
        raise ValueError(f"Số thứ tự của kỳ phải từ 1 đến {most}.")
    cut = nd09_window if ask.kind is Kind.ND09 else calendar_window
    return cut(ask.period, ask.year, ask.number)


def _name(ask: Ask, window: Window) -> str:
    if ask.kind in BY_PERIOD and ask.period is not None:
        return period_name(ask.period, ask.year, ask.number)
    head = f"Theo {ask.letter_number}, số liệu" if ask.kind is Kind.REQUEST else "Số liệu"
    return f"{head} từ {short_date(window.start)} đến {short_date(window.end)}"


def _asked(ask: Ask, spec: CycleSpec) -> CycleSpec:
    return replace(
        spec, shift=ask.shift, steps=ask.steps, forms=ask.forms, levels=ask.levels, letter_number=ask.letter_number
    )
