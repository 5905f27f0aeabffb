"""Sentences about figures, in the Vietnamese of official reports.

A figure is told by year, in total, and against the baseline; windows of unlike length are never compared without
saying so, and then by month as well. A base of zero or none is "không so sánh được".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from haidang.kernel.cells import Cell, CellState
from haidang.kernel.dates import short_date, window_text
from haidang.kernel.numbers import format_number, format_percent
from haidang.kernel.windows import Window
from haidang.reviews.content import Nature, Slice, YearSeries

NOT_COMPARABLE = "không so sánh được"
MISSING_TEXT = "(Chưa có nội dung đóng góp)"
NO_NUMBER = "..."
NOT_APPLICABLE = "×"
FICTIONAL_NOTE = (
    "SỐ LIỆU GIẢ ĐỊNH. Mọi con số, tên đơn vị và nội dung trong báo cáo này được tạo ra để minh họa phần mềm, "
    "không phản ánh tình hình thật và không có giá trị sử dụng."
)
FICTIONAL_MARK = "SỐ LIỆU GIẢ ĐỊNH"
_COUNTED = re.compile(r"(Số|Tổng số|Tỷ lệ|Kinh phí|Dự toán|Sức chứa)\b")


def months(window: Window) -> str:
    """Length in months as printed: "52,2" for 09/02/2021-15/6/2025; monthly rates divide by this very number."""
    return format_number(window.months)


def period_name(window: Window) -> str:
    """ "giai đoạn 2016 - 2020" for whole calendar years, otherwise "từ ngày ... đến ngày ..."."""
    whole = (window.start.month, window.start.day, window.end.month, window.end.day) == (1, 1, 12, 31)
    if not whole:
        return window_text(window)
    years = f"{window.start.year} - {window.end.year}"
    return f"giai đoạn {years}" if window.start.year != window.end.year else f"năm {window.end.year}"


def cell_text(cell: Cell, decimals: int | None = None) -> str:
    """A cell as tables print it: a number, "..." where there is none yet, "×" where it does not apply."""
    if cell.value is not None:
        return format_number(cell.value, decimals)
    return NOT_APPLICABLE if cell.state is CellState.NOT_APPLICABLE else NO_NUMBER


def amount(value: float, unit: str) -> str:
    """ "31 vụ", "92,6 %"."""
    return format_percent(value) if unit == "%" else f"{format_number(value)} {unit}"


def told(series: YearSeries, *, first: bool = True) -> str:
    """The sentences about one figure: total, each year, and the comparison.

    Only the first figure of a section repeats the dates of the window.
    """
    when = window_text(series.window) if first else "trong kỳ"
    if series.total.value is None:
        return f"{_capital(when)} chưa có số liệu về {_topic(series)}."
    return f"{_total_sentence(series, series.total.value, when)} {comparison(series)}"


def comparison(series: YearSeries) -> str:
    """ "So với giai đoạn 2016 - 2020 (44 vụ), giảm 13 vụ (29,5 %); ..."."""
    now, base = series.total.value, series.baseline.value
    against = _baseline_name(series)
    if now is None or base is None:
        return f"So với {against}: {NOT_COMPARABLE} vì chưa có số liệu của kỳ trước."
    opening = f"So với {against} ({amount(base, series.unit)})"
    if series.in_points:
        return f"{opening}, {_points(now - base)}."
    if base == 0 and now != 0:
        return f"{opening}: {NOT_COMPARABLE} theo tỷ lệ vì số của kỳ trước bằng 0; tăng {amount(now, series.unit)}."
    return f"{opening}, {_change(now, base, series.unit)}{_by_month(series, now, base)}."


def length_note(window: Window, baseline: Window) -> str:
    """The note that must stand by any comparison of windows that are not equally long; empty when they are."""
    if months(window) == months(baseline):
        return ""
    return (
        f"Kỳ tổng kết dài {months(window)} tháng ({short_date(window.start)} - {short_date(window.end)}), "
        f"{period_name(baseline)} dài {months(baseline)} tháng; tăng, giảm tính trên tổng số của hai kỳ, "
        "chưa quy về cùng độ dài."
    )


def partial_note(slices: Iterable[Slice]) -> str:
    """The note that explains the stars: "* Năm 2021 tính từ 09/02/2021; năm 2025 tính đến 15/6/2025."; or empty."""
    parts = []
    for each in slices:
        starts, ends = each.window.start, each.window.end
        if not each.partial:
            continue
        words = [f"năm {ends.year} tính"]
        if (starts.month, starts.day) != (1, 1):
            words.append(f"từ {short_date(starts)}")
        if (ends.month, ends.day) != (12, 31):
            words.append(f"đến {short_date(ends)}")
        parts.append(" ".join(words))
    return f"* {_capital('; '.join(parts))}." if parts else ""


def coverage_sentence(series: Sequence[YearSeries]) -> str:
    """How many of the agencies that owed have reported, named by year where some have not; empty without figures.

    Figures of several forms are owed by different agencies; then the worst of each year is named.
    """
    by_label: dict[str, set[tuple[int, int]]] = {}
    for part in (part for each in series for part in each.slices):
        by_label.setdefault(part.label, set()).add((part.received, part.expected))
    if not by_label:
        return ""
    worst = {label: min(counts, key=lambda pair: pair[0] - pair[1]) for label, counts in by_label.items()}
    gaps = [f"năm {label}: {got}/{due} đơn vị đã báo cáo" for label, (got, due) in worst.items() if got < due]
    if gaps:
        return f"Số liệu chưa đầy đủ: {'; '.join(gaps)}."
    counts = set().union(*by_label.values())
    if len(counts) == 1:
        got, due = counts.pop()
        return f"Năm nào cũng đủ {got}/{due} đơn vị đã báo cáo."
    if any(len(each) > 1 for each in by_label.values()):
        return "Năm nào các đơn vị phải báo cáo cũng đã báo cáo đủ."
    listed = "; ".join(f"năm {label}: {got}/{due}" for label, (got, due) in worst.items())
    return f"Các đơn vị phải báo cáo đều đã báo cáo ({listed})."


def source_line(agency: str, submission: int) -> str:
    """ "(Nguồn: Công an tỉnh, bản nộp lần 2)"."""
    return f"(Nguồn: {agency}, bản nộp lần {submission})"


def separate_list_sentence(title: str) -> str:
    """Where a list that can identify persons is to be found: never in this document."""
    return (
        f"{title}: lập thành danh sách riêng, gửi và lưu theo quy định về bảo vệ bí mật nhà nước "
        "và dữ liệu cá nhân, không in kèm báo cáo này."
    )


def _total_sentence(series: YearSeries, total: float, when: str) -> str:
    topic, number = _topic(series), amount(total, series.unit)
    if series.nature is Nature.STOCK:
        years = [
            f"cuối năm {each.window.end.year}: {_slice_amount(each, series.unit)}"
            for each in series.slices
            if each.window.end < series.window.end
        ]
        listed = f" ({'; '.join(years)})" if years else ""
        return f"Đến ngày {short_date(series.window.end)}, {topic} là {number}{listed}."
    years = [f"năm {each.label}: {_slice_amount(each, series.unit)}" for each in series.slices]
    listed = f"; trong đó {'; '.join(years)}" if years else ""
    return f"{_capital(when)}, {topic} là {number}{listed}."


def _slice_amount(part: Slice, unit: str) -> str:
    return "chưa có số liệu" if part.cell.value is None else amount(part.cell.value, unit)


def _baseline_name(series: YearSeries) -> str:
    if series.nature is Nature.STOCK:
        return f"thời điểm {short_date(series.baseline_window.end)}"
    return period_name(series.baseline_window)


def _change(now: float, base: float, unit: str) -> str:
    if now == base:
        return "không tăng, không giảm"
    word = "tăng" if now > base else "giảm"
    return f"{word} {amount(abs(_tidy(now - base)), unit)} ({format_percent(abs(now - base) / base * 100)})"


def _points(difference: float) -> str:
    if round(difference, 1) == 0:
        return "không tăng, không giảm"
    return f"{'tăng' if difference > 0 else 'giảm'} {format_number(abs(difference), 1)} điểm phần trăm"


def _by_month(series: YearSeries, now: float, base: float) -> str:
    """The comparison by month, for flows of unlike windows: totals alone would mislead."""
    if series.nature is not Nature.FLOW or months(series.window) == months(series.baseline_window) or base == 0:
        return ""
    rate, base_rate = now / series.window.months, base / series.baseline_window.months
    percent = (rate - base_rate) / base_rate * 100
    unit = series.unit
    if round(percent, 1) == 0:
        return f"; bình quân một tháng không đổi ({format_number(rate, 2)} {unit})"
    words = "tăng từ {} lên {}" if percent > 0 else "giảm từ {} xuống {}"
    change = words.format(format_number(base_rate, 2), f"{format_number(rate, 2)} {unit}")
    return f"; bình quân một tháng {change} ({format_percent(abs(percent))})"


def _topic(series: YearSeries) -> str:
    """The name of a figure inside a sentence: "số vụ án khởi tố mới", "số nạn nhân nữ"."""
    name = series.name.removeprefix("Trong đó: ")
    lowered = name[:1].lower() + name[1:]
    return lowered if _COUNTED.match(series.name) else f"số {lowered}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _tidy(number: float) -> float:
    return round(number, 6)
