"""Tables of the closing report: figures by year against the baseline, filings received, and whole forms in annexes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from haidang.kernel.cells import BLANK, Cell, CellState
from haidang.kernel.numbers import NO_BREAK_SPACE, format_change, format_number
from haidang.office.nd30_styles import PAGE
from haidang.office.nd30_tables import Column, Table
from haidang.office.nd30_widths import number_column_cm
from haidang.reviews import sentences
from haidang.reviews.content import FilingCount, FormColumn, FormRow, FormTotals, Nature, Slice, YearSeries

_COLUMNS_A_BLOCK = 18
_NAMES_CM, _NAMES_SHARE = 5.0, 4.5
_STEPS = 20
_NO_CHANGE = "–"
_INDENT = NO_BREAK_SPACE * 3


def figures_table(caption: str, series: Sequence[YearSeries]) -> Table:
    """One line a figure: the years, the whole window, the baseline and the change.

    Figures of different forms may have been asked for in different years; the columns are all of those years.
    """
    first, years = series[0], _years(series)
    units = {each.unit for each in series}
    columns = (
        Column("Chỉ tiêu", 3.4, "left"),
        *(Column(year.label, 1.0) for year in years),
        Column("Cả kỳ", 1.0),
        Column(_short_period(first), 1.0),
        Column("Tăng, giảm", 1.0),
        Column("Tăng, giảm (%)", 1.0),
    )
    rows = tuple(_figure_row(each, years, with_unit=len(units) > 1) for each in series)
    return Table(
        caption=caption,
        columns=columns,
        rows=rows,
        unit=units.pop() if len(units) == 1 else "",
        notes=tuple(filter(None, _notes(series))),
    )


def filing_counts_table(caption: str, counts: Sequence[FilingCount], notes: Iterable[str] = ()) -> Table:
    """One line a form, one column a year: filings accepted of filings due; `notes` name who is missing."""
    labels = list(dict.fromkeys(each.label for each in counts))
    by_form = {(each.form, each.label): each for each in counts}
    titles = {each.form: each.title for each in counts}
    rows = []
    for form, title in titles.items():
        found = [by_form.get((form, label)) for label in labels]
        cells = [f"{each.received}/{each.expected}" if each else sentences.NOT_APPLICABLE for each in found]
        known = [each for each in found if each]
        total = f"{sum(each.received for each in known)}/{sum(each.expected for each in known)}"
        rows.append((f"{form}. {title}", *cells, total))
    columns = (Column("Biểu", 3.4, "left"), *(Column(label) for label in labels), Column("Cả kỳ", 1.1))
    unit = "báo cáo đã tiếp nhận/báo cáo phải gửi"
    return Table(caption, columns, tuple(rows), unit, notes=tuple(dict.fromkeys(notes)))


def form_tables(form: FormTotals) -> tuple[Table, ...]:
    """A form in as many tables as its columns need, each repeating the lines that have any of its columns.

    A line that heads others is repeated with them, though it has no number of its own there.
    """
    blocks = _blocks(form)
    tables: list[Table] = []
    for number, columns in enumerate(blocks, start=1):
        kept = _lines_with(form.rows, {column.code for column in columns})
        if not kept:
            continue
        caption = f"Bảng {number}/{len(blocks)}" if len(blocks) > 1 else ""
        tables.append(_form_table(caption, form.unit if not tables else "", columns, kept))
    return tuple(tables)


def _lines_with(rows: Sequence[FormRow], codes: set[str]) -> list[tuple[FormRow, bool]]:
    """The lines that have any of these columns, and those above them; each with whether it heads the next."""
    wanted: list[FormRow] = []
    deepest = 0
    for row in reversed(rows):  # from below: a line is needed when a deeper line under it is
        if codes & row.cells.keys() or row.indent < deepest:
            wanted.insert(0, row)
            deepest = row.indent
    following = [*(row.indent for row in wanted[1:]), 0]
    return [(row, below > row.indent) for row, below in zip(wanted, following, strict=True)]


def _years(series: Sequence[YearSeries]) -> tuple[Slice, ...]:
    """One slice for each year that any of the figures has, in order of time."""
    by_label = {part.label: part for each in series for part in each.slices}
    return tuple(sorted(by_label.values(), key=lambda part: part.window))


def _figure_row(series: YearSeries, years: Sequence[Slice], *, with_unit: bool) -> tuple[str, ...]:
    name = f"{series.name} ({series.unit})" if with_unit else series.name
    decimals = 1 if series.nature is Nature.RATE else None
    known = {part.label: part.cell for part in series.slices}
    cells = (*(known.get(year.label, BLANK) for year in years), series.total, series.baseline)
    return (name, *(sentences.cell_text(cell, decimals) for cell in cells), *_change(series))


def _change(series: YearSeries) -> tuple[str, str]:
    """The change as an amount and as a percentage; percentages change by points, which have no percentage."""
    now, base = series.total.value, series.baseline.value
    if now is None or base is None:
        return _NO_CHANGE, _NO_CHANGE
    difference = round(now - base, 6)
    if series.in_points:
        return format_change(difference, 1), _NO_CHANGE
    if difference == 0:
        return "0", "0"
    share = _NO_CHANGE if base == 0 else format_change(round(difference / base * 100, 1))
    return format_change(difference), share


def _short_period(series: YearSeries) -> str:
    return sentences.period_name(series.baseline_window).removeprefix("giai đoạn ").replace(" - ", "-\n")


def _notes(series: Sequence[YearSeries]) -> Iterable[str]:
    first = series[0]
    yield sentences.partial_note(_years(series))
    if any(each.baseline.value is not None and each.nature is not Nature.RATE for each in series):
        yield sentences.length_note(first.window, first.baseline_window)
    states = {cell.state for each in series for cell in _cells(each)}
    if len({tuple(part.label for part in each.slices) for each in series}) > 1:
        states.add(CellState.BLANK)
    if states & {CellState.BLANK, CellState.NOT_AVAILABLE}:
        yield f"{sentences.NO_NUMBER} Chưa có số liệu."
    if CellState.NOT_APPLICABLE in states:
        yield f"{sentences.NOT_APPLICABLE} Không thuộc chức năng."
    if any(_NO_CHANGE in _change(each) for each in series if not each.in_points):
        yield f"{_NO_CHANGE} Không so sánh được: kỳ trước bằng 0 hoặc chưa có số liệu."
    if any(each.in_points for each in series):
        yield "Chỉ tiêu tính bằng %: tăng, giảm là số điểm phần trăm."
    yield from dict.fromkeys(each.note for each in series if each.note)


def _cells(series: YearSeries) -> Iterable[Cell]:
    return (series.total, series.baseline, *(each.cell for each in series.slices))


def _blocks(form: FormTotals) -> list[list[FormColumn]]:
    """The columns cut into as few blocks as fit a page, about equally wide; a group stays together when it can.

    Columns that no line has in common with the others stand by themselves: side by side they would be half empty.
    """
    widths = {column.code: _column_cm(form, column) for column in form.columns}
    room = PAGE.text_width_cm(form.landscape) - _NAMES_CM
    return [block for columns in _sharing_lines(form) for block in _evenly_cut(columns, widths, room)]


def _sharing_lines(form: FormTotals) -> list[list[FormColumn]]:
    """The columns in sets that share lines, directly or through others, in the order of their first columns."""
    together: list[set[str]] = []
    for codes in (set(row.cells) for row in form.rows if row.cells):
        joined = codes.union(*(found for found in together if found & codes))
        together = [*(found for found in together if not found & codes), joined]
    place = {column.code: number for number, column in enumerate(form.columns)}
    together.sort(key=lambda codes: min(place.get(code, len(place)) for code in codes))
    sets = ([column for column in form.columns if column.code in codes] for codes in together)
    return [columns for columns in sets if columns]


def _evenly_cut(columns: Sequence[FormColumn], widths: Mapping[str, float], room: float) -> list[list[FormColumn]]:
    fewest = _cut(columns, widths, room)
    for step in range(_STEPS, 0, -1):  # the narrowest blocks of which no more are needed
        narrower = _cut(columns, widths, room * step / _STEPS)
        if len(narrower) > len(fewest):
            break
        fewest = narrower
    return fewest


def _column_cm(form: FormTotals, column: FormColumn) -> float:
    return number_column_cm(_heading(column), (_form_cell(row, column.code) for row in form.rows))


def _cut(columns: Sequence[FormColumn], widths: Mapping[str, float], room: float) -> list[list[FormColumn]]:
    blocks: list[list[FormColumn]] = [[]]

    def full(more: Sequence[FormColumn]) -> bool:
        together = [*blocks[-1], *more]
        wide = sum(widths[column.code] for column in together) > room or len(together) > _COLUMNS_A_BLOCK
        return wide and bool(blocks[-1])

    for _, members in groupby(columns, key=lambda column: column.group):
        group = list(members)
        if full(group):
            blocks.append([])
        for column in group:
            if full([column]):
                blocks.append([])
            blocks[-1].append(column)
    return blocks


def _heading(column: FormColumn) -> str:
    return f"{column.name}\n({column.code})"


def _form_table(caption: str, unit: str, columns: Sequence[FormColumn], lines: Sequence[tuple[FormRow, bool]]) -> Table:
    groups = [("", 1), *((name, len(list(members))) for name, members in groupby(columns, key=lambda c: c.group))]
    return Table(
        caption=caption,
        columns=(
            Column("Nội dung", _NAMES_SHARE, "left"),
            *(Column(_heading(column)) for column in columns),
        ),
        rows=tuple(
            (_INDENT * row.indent + row.name, *(_form_cell(row, column.code) for column in columns))
            for row, _heads in lines
        ),
        unit=unit,
        groups=tuple(groups) if any(name for name, _ in groups) else (),
        strong_rows=frozenset(number for number, (row, _heads) in enumerate(lines) if row.strong),
        kept_rows=frozenset(number for number, (_row, heads) in enumerate(lines) if heads),
    )


def _form_cell(row: FormRow, code: str) -> str:
    cell = row.cells.get(code)
    if cell is None:
        return ""
    return format_number(cell.value) if cell.value is not None else sentences.cell_text(cell)
