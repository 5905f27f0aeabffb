"""Pure arithmetic of figures: which exercises answer a question, and how two periods compare."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from haidang.kernel.dates import window_text
from haidang.kernel.numbers import format_number, format_percent
from haidang.kernel.windows import Window

NOT_COMPARABLE = "không so sánh được"
# Two windows whose lengths differ by more than this share are compared with a note, never silently.
LENGTH_TOLERANCE = 0.02


@dataclass(frozen=True, slots=True)
class Exercise:
    """One cycle, as far as counting cares: whose data, asked for by which plan, due when."""

    cycle_id: int
    label: str
    window: Window
    due_on: date

    @property
    def slice_label(self) -> str:
        """ "2023", or "2016–2020" for a cycle longer than a reporting year.

        The year is that of the last day: under NĐ 09/2019 a reporting year begins in December of the year before.
        """
        if self.window.days <= 366:
            return str(self.window.end.year)
        return f"{self.window.start.year}–{self.window.end.year}"


@dataclass(frozen=True, slots=True)
class Selection:
    """The exercises that answer a question without counting a day twice, and those that the window cuts through."""

    chosen: tuple[Exercise, ...]
    cut: tuple[Exercise, ...]

    @property
    def days(self) -> int:
        """Days covered by the chosen exercises."""
        return sum(exercise.window.days for exercise in self.chosen)


def select_exercises(exercises: Iterable[Exercise], asked: Window) -> Selection:
    """The exercises inside `asked` that together cover most days and never overlap.

    Quarterly, half-yearly and yearly cycles of one year hold the same events; adding them all would count each three
    times. Among equals the fewest exercises win (the year before its quarters), then those due last. An exercise that
    only reaches into the window is never divided: it is left out and named in `cut` when its days stay uncovered.
    """
    known = list(exercises)
    inside = sorted((e for e in known if asked.contains(e.window)), key=lambda e: (e.window.end, e.due_on, e.cycle_id))
    chosen = _heaviest_chain(inside)
    cut = tuple(
        e for e in known if e.window.overlaps(asked) and not asked.contains(e.window) and not _covered(e, asked, chosen)
    )
    return Selection(chosen, cut)


def _heaviest_chain(by_end: Sequence[Exercise]) -> tuple[Exercise, ...]:
    """Weighted interval scheduling: the weight is days, then fewer exercises, then the latest due dates."""
    best: list[tuple[int, int, int, tuple[Exercise, ...]]] = [(0, 0, 0, ())]
    for at, exercise in enumerate(by_end):
        before = max(
            (k for k in range(at) if by_end[k].window.end < exercise.window.start),
            default=-1,
        )
        days, minus_count, due, chain = best[before + 1]
        taken = (
            days + exercise.window.days,
            minus_count - 1,
            due + exercise.due_on.toordinal(),
            (*chain, exercise),
        )
        left = best[at]
        best.append(taken if taken[:3] >= left[:3] else left)
    return best[-1][3]


def spanning(windows: Iterable[Window]) -> Window:
    """From the first day of any to the last day of any; there must be one."""
    known = list(windows)
    return Window(min(window.start for window in known), max(window.end for window in known))


def _covered(exercise: Exercise, asked: Window, chosen: Iterable[Exercise]) -> bool:
    shared = Window(max(exercise.window.start, asked.start), min(exercise.window.end, asked.end))
    days = 0
    for other in chosen:
        if other.window.overlaps(shared):
            days += Window(max(other.window.start, shared.start), min(other.window.end, shared.end)).days
    return days == shared.days


@dataclass(frozen=True, slots=True)
class Comparison:
    """A value against its baseline: difference and percent, or the words for why there is none."""

    window: Window
    value: float | int | None
    difference: float | int | None
    percent: float | None
    text: str
    note: str = ""


def compare(
    value: float | int | None, base: float | int | None, window: Window, base_window: Window, *, rate: bool = False
) -> Comparison:
    """`value` over `window` against `base` over `base_window`.

    A base of zero or none gives "không so sánh được" and never an infinite percentage. Windows of unlike length are
    compared as totals, with a note. A rate is compared in percentage points only.
    """
    note = "" if rate else length_note(window, base_window)
    if value is None or base is None:
        return Comparison(base_window, base, None, None, NOT_COMPARABLE, note)
    difference = _tidy(value - base)
    if rate:
        return Comparison(base_window, base, difference, None, _points_text(difference), note)
    if base == 0:
        return Comparison(base_window, base, difference, None, NOT_COMPARABLE, note)
    percent = difference / base * 100
    return Comparison(base_window, base, difference, percent, change_text(percent), note)


def change_text(percent: float) -> str:
    """ "tăng 12,5 %", "giảm 8 %", "không thay đổi"."""
    if round(percent, 1) == 0:
        return "không thay đổi"
    return ("tăng " if percent > 0 else "giảm ") + format_percent(abs(percent))


def _points_text(difference: float) -> str:
    if round(difference, 1) == 0:
        return "không thay đổi"
    return ("tăng " if difference > 0 else "giảm ") + format_percent(abs(difference)).replace("%", "điểm %")


def length_note(window: Window, base_window: Window) -> str:
    """The sentence that windows of unlike length are being compared; empty when they are as good as equal."""
    if abs(window.days - base_window.days) <= LENGTH_TOLERANCE * max(window.days, base_window.days):
        return ""
    return (
        f"So sánh tổng {window_text(window)} ({_months(window)} tháng) với tổng {window_text(base_window)} "
        f"({_months(base_window)} tháng): hai khoảng dài ngắn khác nhau."
    )


def _months(window: Window) -> str:
    return format_number(window.months)


def _tidy(number: float | int) -> float | int:
    """Differences of decimals without the dust of binary fractions."""
    return number if isinstance(number, int) else round(number, 6)
