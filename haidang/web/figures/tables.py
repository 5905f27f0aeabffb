"""Figures as rows to show: years across, the whole, the baseline, the change; every number leads to its source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from haidang.engine.question import Pick
from haidang.kernel.numbers import format_change, format_number, format_percent
from haidang.kernel.windows import Window
from haidang.statistics.figures import Figure, Measure, Slice
from haidang.web.figures.chart import MOST_BARS, Bar, Chart, draw

YEAR_DAYS = 365.25


@dataclass(frozen=True, slots=True)
class Pointer:
    """What a number is: its measure, its window, its group. Names its lineage."""

    code: str
    window: Window
    group: str


@dataclass(frozen=True, slots=True)
class TableCell:
    """One number as shown; `pointer` is None where there is nothing to open."""

    text: str
    pointer: Pointer | None = None
    total: bool = False


@dataclass(frozen=True, slots=True)
class TableRow:
    """One line: what it is of, and its numbers."""

    name: str
    cells: tuple[TableCell, ...]
    strong: bool


@dataclass(frozen=True, slots=True)
class Table:
    """The whole table with its heads and the notes to print under it."""

    heads: tuple[str, ...]
    rows: tuple[TableRow, ...]
    notes: tuple[str, ...]


def number_text(measure: Measure, value: float | int | None) -> str:
    """A number with its percent sign; a missing one is a dash, never a zero."""
    if value is None:
        return "–"
    return format_percent(value) if measure.unit == "%" else format_number(value)


def table_of(figures: Sequence[Figure], *, named_by_group: bool) -> Table:
    """The table of these figures; the rows are measures, or groups when broken down by area or agency."""
    labels = _labels(figures)
    partial = {piece.label for figure in figures for piece in figure.slices if piece.partial}
    base = next((figure.baseline for figure in figures if figure.baseline), None)
    heads = [
        "Địa bàn, cơ quan" if named_by_group else "Chỉ tiêu",
        *(f"{one}{'*' * (one in partial)}" for one in labels),
    ]
    heads += ["Cả kỳ", "Đã nhận"] + ([base_words(base.window), "Tăng, giảm", "So sánh"] if base else [])
    rows = tuple(_row(figure, labels, named_by_group=named_by_group) for figure in figures)
    return Table(tuple(heads), rows, _notes(figures))


def base_words(window: Window) -> str:
    """ "2016 - 2020" for whole years, else the two days."""
    if (window.start.month, window.start.day, window.end.month, window.end.day) == (1, 1, 12, 31):
        return (
            f"{window.start.year} - {window.end.year}" if window.start.year != window.end.year else str(window.end.year)
        )
    return f"{window.start:%d/%m/%Y} - {window.end:%d/%m/%Y}"


def _labels(figures: Iterable[Figure]) -> list[str]:
    """The slices of all figures in order of time."""
    first: dict[str, Window] = {}
    for figure in figures:
        for piece in figure.slices:
            first.setdefault(piece.label, piece.window)
    return sorted(first, key=lambda label: first[label])


def _row(figure: Figure, labels: Sequence[str], *, named_by_group: bool) -> TableRow:
    by_label = {piece.label: piece for piece in figure.slices}
    cells = [_cell(figure, by_label.get(label)) for label in labels]
    cells.append(_cell(figure, figure.total, total=True))
    cells.append(TableCell(str(figure.coverage)))
    if figure.baseline is not None:
        cells.append(_cell(figure, figure.baseline))
    if (change := figure.comparison) is not None:
        cells += [
            TableCell("–" if change.difference is None else format_change(change.difference)),
            TableCell(change.text),
        ]
    unit = f" ({figure.measure.unit})"
    name = figure.group.name if named_by_group else figure.measure.name + unit
    return TableRow(name, tuple(cells), strong=False)


def _cell(figure: Figure, piece: Slice | None, *, total: bool = False) -> TableCell:
    if piece is None:
        return TableCell("–")
    text = number_text(figure.measure, piece.value) + ("ᵘ" if piece.provisional and piece.value is not None else "")
    group = "" if figure.group.kind == "all" else f"{figure.group.kind}:{figure.group.key}"
    pointer = Pointer(figure.code, piece.window, group) if piece.version_ids else None
    return TableCell(text, pointer, total)


def _notes(figures: Sequence[Figure]) -> tuple[str, ...]:
    notes = dict.fromkeys(note for figure in figures for note in figure.notes)
    notes |= dict.fromkeys(one.comparison.note for one in figures if one.comparison and one.comparison.note)
    if any(piece.provisional for figure in figures for piece in (*figure.slices, figure.total)):
        notes["ᵘ Số ước: hạn nộp đến trước ngày khoá số liệu."] = None
    if any(piece.value is None for figure in figures for piece in (*figure.slices, figure.total)):
        notes["– là chưa có số, không phải số 0."] = None
    return tuple(notes)


def chart_of(title: str, figures: Sequence[Figure], *, by_group: bool) -> Chart | None:
    """Years of the first figure, with the yearly average of the baseline; or the totals of the groups."""
    if not figures:
        return None
    if by_group:
        return draw(title, [Bar(_short(one.group.name), one.total.value) for one in figures[:MOST_BARS]])
    figure = figures[0]
    bars = [Bar(piece.label, piece.value, piece.partial) for piece in figure.slices]
    average = _yearly(figure)
    words = (
        f"bình quân {base_words(figure.baseline.window)}: {number_text(figure.measure, average)}"
        if (average is not None and figure.baseline)
        else ""
    )
    return draw(title, bars, average, words)


def _yearly(figure: Figure) -> float | None:
    """The baseline as one bar among years: its yearly average where years add up, itself where it is a rate."""
    base = figure.baseline
    if base is None or not base.value:
        return None
    if figure.measure.rate:
        return round(base.value, 1)
    terms = figure.measure.asked.numerator
    if any(term.pick is not Pick.ALL for term in terms):
        return None
    return round(base.value * YEAR_DAYS / base.window.days, 1)


def _short(name: str) -> str:
    """A name that fits under a bar."""
    return name if len(name) <= 14 else name[:13].rstrip() + "…"
