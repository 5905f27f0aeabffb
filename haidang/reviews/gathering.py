"""From the database to the material of a report: figures, accepted contributions, forms with totals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from haidang.accounts.actors import Actor
from haidang.agencies.models import Area, Level
from haidang.catalogue.forms import FormSpec, forms_in_force
from haidang.catalogue.outlines import AnnexSpec, FigureSpec, Outline, Section
from haidang.filings.models import Ruling, Version
from haidang.kernel.cells import BLANK, Cell, CellState
from haidang.plans.models import Plan
from haidang.reviews.content import (
    Contribution,
    FilingCount,
    FormColumn,
    FormRow,
    FormTotals,
    Issue,
    Material,
    Nature,
    Slice,
    YearSeries,
)
from haidang.reviews.letterhead import head_of
from haidang.reviews.models import Review
from haidang.statistics import figures as statistics
from haidang.statistics.queries import window_totals, year_series

_NATURES = {"stock_open": Nature.STOCK, "stock_close": Nature.STOCK, "rate": Nature.RATE}
_YEAR_NOTE = "Năm không trọn:"  # told by the stars
_MISSING_NOTES = ("Còn ", "Được miễn ", "Cơ quan kế thừa ")
NOT_ISSUED = Issue()
_DEPTH = {level: depth for depth, level in enumerate(Level)}


def gather(
    actor: Actor, review: Review, outline: Outline, *, with_annexes: bool = True, issue: Issue = NOT_ISSUED
) -> Material:
    """All that the report needs, from what has been accepted so far. Raises Refused as the figures room does."""
    series = figure_series(actor, review, outline)
    forms = {form.code: form for form in forms_in_force(review.window.end)}
    wanted = [(annex, forms[annex.form]) for annex in outline.annexes if annex.form in forms] if with_annexes else []
    return Material(
        head=head_of(review, issue),
        window=review.window,
        baseline=review.baseline or outline.baseline,
        figures=series,
        contributions=contributions(review, outline),
        texts={code: text for code, text in review.texts.items() if isinstance(text, str)},
        annexes=annex_totals(actor, review, wanted),
        filing_counts=filing_counts(outline, series, forms),
    )


def figure_series(actor: Actor, review: Review, outline: Outline) -> dict[str, YearSeries]:
    """Every figure of the outline, by its code in the outline, from the cycles of the review's own plan."""
    cells = [figure.cell for figure in outline.figures]
    found = year_series(actor, cells, review.window, review.baseline, review.plan.area, plan_id=review.plan_id)
    return {figure.code: _series(figure, found[figure.cell], review, outline) for figure in outline.figures}


def contributions(review: Review, outline: Outline) -> tuple[Contribution, ...]:
    """What agencies wrote for sections of the outline, from the latest accepted version of each of their filings.

    In a section the standing agency speaks first, then the organs of the area, then district by district and commune
    by commune; at each level in the order in which the outline names their functions. An agency that wrote in several
    cycles is named with the cycle.
    """
    pieces = [
        (section, version)
        for version in _latest_accepted(review.plan)
        for section in outline.sections
        if _words(version, section.code)
    ]
    times = Counter((section.code, version.filing.obligation.agency_id) for section, version in pieces)
    pieces.sort(key=lambda piece: _place(*piece))
    return tuple(_contribution(section, version, times, review.plan.area) for section, version in pieces)


def annex_totals(actor: Actor, review: Review, forms: Sequence[tuple[AnnexSpec, FormSpec]]) -> tuple[FormTotals, ...]:
    """Whole forms with the total of each cell over the window, all of them asked for at once."""
    codes = [f"{form.code}.{cell}" for _annex, form in forms for cell in _number_cells(form)]
    found = window_totals(actor, codes, review.window, review.plan.area, plan_id=review.plan_id) if codes else {}
    return tuple(_form_totals(annex, form, found) for annex, form in forms)


def _number_cells(form: FormSpec) -> list[str]:
    return [cell for cell, (_row, column) in form.cells.items() if not column.is_text]


def _form_totals(annex: AnnexSpec, form: FormSpec, found: Mapping[str, statistics.Slice]) -> FormTotals:
    cells = _number_cells(form)
    values = {cell: _cell(found[f"{form.code}.{cell}"]) for cell in cells}
    coverage = found[f"{form.code}.{cells[0]}"].coverage
    columns = [column for column in form.columns if not column.is_text]
    return FormTotals(
        code=form.code,
        title=form.title,
        mark=form.mark,
        unit=form.unit,
        columns=tuple(FormColumn(column.code, column.group, column.name) for column in columns),
        rows=tuple(
            FormRow(
                name=row.name,
                indent=row.indent,
                strong=row.formula is not None,
                cells={
                    column.code: values[f"{row.code}.{column.code}"]
                    for column in columns
                    if f"{row.code}.{column.code}" in values
                },
            )
            for row in form.rows
        ),
        received=coverage.received,
        expected=coverage.expected,
        note=form.note,
        landscape=annex.landscape,
    )


def filing_counts(
    outline: Outline, series: Mapping[str, YearSeries], forms: Mapping[str, FormSpec]
) -> tuple[FilingCount, ...]:
    """Of each form in each year, how many filings were accepted of those due; every figure of a form knows it."""
    by_form = {figure.form: series[figure.code] for figure in reversed(outline.figures)}
    return tuple(
        FilingCount(code, forms[code].title, each.label, each.received, each.expected)
        for code in sorted(by_form)
        for each in by_form[code].slices
    )


def _series(figure: FigureSpec, found: statistics.Figure, review: Review, outline: Outline) -> YearSeries:
    baseline = found.baseline
    missing = tuple(note for note in found.notes if note.startswith(_MISSING_NOTES))
    notes = (note for note in found.notes if note not in missing and not note.startswith(_YEAR_NOTE))
    return YearSeries(
        code=figure.code,
        name=figure.name,
        unit=figure.unit,
        nature=_NATURES.get(outline.figure_column(figure.code).flow, Nature.FLOW),
        window=review.window,
        slices=tuple(
            Slice(each.window, _cell(each), each.coverage.received, each.coverage.expected) for each in found.slices
        ),
        total=_cell(found.total),
        baseline_window=review.baseline or outline.baseline,
        baseline=_cell(baseline) if baseline else BLANK,
        version_ids=tuple(sorted({*found.version_ids, *(baseline.version_ids if baseline else ())})),
        note=" ".join(notes),
        missing=missing,
    )


def _cell(piece: statistics.Slice) -> Cell:
    return Cell(piece.state, piece.value if piece.state is CellState.NUMBER else None)


def _latest_accepted(plan: Plan) -> list[Version]:
    """The version of each filing that was accepted last."""
    rulings = (
        Ruling.objects.filter(outcome="accepted", version__filing__obligation__cycle__plan=plan)
        .select_related("version__filing__obligation__agency__area", "version__filing__obligation__cycle")
        .defer("version__cells", "version__filing__cells", "version__filing__sections")
        .order_by("version__number")
    )
    return list({ruling.version.filing_id: ruling.version for ruling in rulings}.values())


def _words(version: Version, code: str) -> str:
    text = version.sections.get(code)
    return text.strip() if isinstance(text, str) else ""


def _contribution(section: Section, version: Version, times: Counter[tuple[str, int]], area: Area) -> Contribution:
    agency = version.filing.obligation.agency
    return Contribution(
        section=section.code,
        agency=_author(section, version, times),
        submission=version.number,
        text=_words(version, section.code),
        unit=agency.name,
        level=agency.level,
        below=_DEPTH[Level(agency.level)] > _DEPTH[Level(area.level)],
    )


def _author(section: Section, version: Version, times: Counter[tuple[str, int]]) -> str:
    obligation = version.filing.obligation
    several = times[section.code, obligation.agency_id] > 1
    return f"{obligation.agency.name}, kỳ {obligation.cycle.label}" if several else obligation.agency.name


def _place(section: Section, version: Version) -> tuple[Any, ...]:
    """Where a contribution stands in its section: by level, then in the outline's order, then by place and window."""
    agency = version.filing.obligation.agency
    path = agency.area.path if agency.area else ""
    asked = section.contributors
    order = asked.index(agency.function) if agency.function in asked else len(asked)
    level = -1 if agency.standing else _DEPTH[Level(agency.level)]
    return (section.code, level, order, path, agency.code, version.filing.obligation.cycle.window)
