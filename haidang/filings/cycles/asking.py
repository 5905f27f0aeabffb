"""Cycles that a person asks for beside those that a plan's duties call for: any regime, a window by years, a request.

Pure: from what was typed, on a screen or a command line, to the cycles to open.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from haidang.catalogue.regimes import RegimeSpec, regimes
from haidang.filings.rules import CycleSpec, review_slices
from haidang.kernel.calendars import Period, Regime, numbers_in, period_name
from haidang.kernel.dates import short_date
from haidang.kernel.windows import Window

MOST_SLICES = 30
LONGEST_LABEL = 80


class Kind(StrEnum):
    """What cuts the windows of the cycles where no regime of the specs does."""

    PLAN = "plan"
    SLICES = "slices"
    REQUEST = "request"


KIND_WORDS = {
    Kind.PLAN: "theo khoảng ngày của kế hoạch",
    Kind.SLICES: "tổng kết: khoảng ngày chia theo từng năm",
    Kind.REQUEST: "yêu cầu đột xuất bằng văn bản",
}
PERIOD_WORDS = {
    Period.MONTH: "tháng",
    Period.QUARTER: "quý",
    Period.HALF_YEAR: "06 tháng",
    Period.NINE_MONTHS: "09 tháng",
    Period.YEAR: "năm",
}


def kinds() -> dict[str, str]:
    """What can cut windows, by code, in words: the regimes of the specs, the default first, then the other kinds."""
    return {**{code: one.name for code, one in regimes().items()}, **{kind.value: KIND_WORDS[kind] for kind in Kind}}


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked: of a period of a year (`period`, `year`, `number`), or of a `window`; until when; what; of whom.

    `kind` is the code of a regime, or a Kind. `label` "" takes the name of the period or window; slices have names of
    their own, which the label comes before. See CycleSpec for the rest.
    """

    kind: str
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
    if ask.kind not in kinds():
        raise ValueError("Chọn cách cắt kỳ.")
    regime = regimes().get(ask.kind)
    window = _period_window(ask, regime) if regime else ask.window
    if window is None:
        raise ValueError("Ghi khoảng số liệu: từ ngày và đến ngày.")
    if ask.kind == Kind.REQUEST and not ask.letter_number:
        raise ValueError("Ghi số văn bản yêu cầu báo cáo đột xuất.")
    if ask.kind == Kind.SLICES:
        if window.end.year - window.start.year >= MOST_SLICES:
            raise ValueError(f"Khoảng số liệu dài hơn {MOST_SLICES} năm. Kiểm tra lại từ ngày và đến ngày.")
        specs = review_slices(window, ask.due_on, ask.strict)
        return [_asked(ask, _named(ask, spec)) for spec in specs if ask.baseline or not spec.baseline]
    code = regime.code if regime else Regime(ask.kind)
    label = ask.label or _name(ask, window)
    return [_asked(ask, CycleSpec(label, window, code, ask.due_on, ask.strict))]


def _period_window(ask: Ask, regime: RegimeSpec) -> Window:
    if ask.period is None or ask.period not in regime.periods or not 2000 <= ask.year <= 2199:
        offered = ", ".join(PERIOD_WORDS[period] for period in regime.periods)
        raise ValueError(f"Chọn kỳ ({offered}) và năm từ 2000 đến 2199.")
    most = numbers_in(ask.period)
    if not 1 <= ask.number <= most:
        only = "Kỳ này mỗi năm chỉ có một, thứ tự là 1." if most == 1 else f"Số thứ tự của kỳ phải từ 1 đến {most}."
        raise ValueError(only)
    return regime.cut.window(ask.period, ask.year, ask.number)


def _named(ask: Ask, spec: CycleSpec) -> CycleSpec:
    """A slice under the name that was typed: "Sơ kết: năm 2022"."""
    if not ask.label:
        return spec
    return replace(spec, label=f"{ask.label}: {spec.label[:1].lower()}{spec.label[1:]}")


def _name(ask: Ask, window: Window) -> str:
    if ask.kind in regimes() and ask.period is not None:
        return period_name(ask.period, ask.year, ask.number)
    days = f"số liệu từ {short_date(window.start)} đến {short_date(window.end)}"
    if ask.kind != Kind.REQUEST:
        return f"{days[:1].upper()}{days[1:]}"
    named = f"Theo {ask.letter_number}, {days}"
    return named if len(named) <= LONGEST_LABEL else f"Theo {ask.letter_number}"


def _asked(ask: Ask, spec: CycleSpec) -> CycleSpec:
    return replace(
        spec, shift=ask.shift, steps=ask.steps, forms=ask.forms, levels=ask.levels, letter_number=ask.letter_number
    )
