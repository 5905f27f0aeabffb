"""From the database to the material of a report: figures, accepted contributions, forms with totals, letterhead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from haidang.accounts.actors import Actor
from haidang.catalogue.forms import FormSpec, forms_in_force
from haidang.catalogue.outlines import AnnexSpec, FigureSpec, Outline, Section
from haidang.filings.models import Ruling, Version
from haidang.kernel.cells import BLANK, Cell, CellState
from haidang.kernel.dates import short_date
from haidang.kernel.windows import Window
from haidang.office.nd30 import Letterhead, Signature
from haidang.plans.models import Plan
from haidang.reviews.content import (
    Contribution,
    FilingCount,
    FormColumn,
    FormRow,
    FormTotals,
    Head,
    Material,
    Nature,
    Slice,
    YearSeries,
)
from haidang.reviews.models import Review
from haidang.statistics import figures as statistics
from haidang.statistics.queries import year_series

_NATURES = {"stock_open": Nature.STOCK, "stock_close": Nature.STOCK, "rate": Nature.RATE}
_YEAR_NOTE = "Năm không trọn:"  # told by the stars
_MISSING_NOTES = ("Còn ", "Được miễn ")
ISSUER = "Ban Chỉ đạo 138"
ADDRESSEES = ("Ban Chỉ đạo 138/CP", "Bộ Công an")


def gather(actor: Actor, review: Review, outline: Outline, *, with_annexes: bool = True) -> Material:
    """All that the report needs, from what has been accepted so far. Raises Refused as the figures room does."""
    series = figure_series(actor, review, outline)
    forms = {form.code: form for form in forms_in_force(review.window.end)}
    wanted = [(annex, forms[annex.form]) for annex in outline.annexes if annex.form in forms] if with_annexes else []
    return Material(
        head=head_of(review),
        window=review.window,
        baseline=review.baseline or outline.baseline,
        figures=series,
        contributions=contributions(review, outline),
        texts={code: text for code, text in review.texts.items() if isinstance(text, str)},
        annexes=tuple(form_totals(actor, review, annex, form) for annex, form in wanted),
        filing_counts=filing_counts(outline, series, forms),
    )


def figure_series(actor: Actor, review: Review, outline: Outline) -> dict[str, YearSeries]:
    """Every figure of the outline, by its code in the outline, from the cycles of the review's own plan."""
    cells = [figure.cell for figure in outline.figures]
    found = year_series(actor, cells, review.window, review.baseline, review.plan.area, plan_id=review.plan_id)
    return {figure.code: _series(figure, found[figure.cell], review, outline) for figure in outline.figures}


def contributions(review: Review, outline: Outline) -> tuple[Contribution, ...]:
    """What agencies wrote for sections of the outline, from the latest accepted version of each of their filings.

    In a section the province speaks before its districts and communes, and agencies in the order the outline names
    them. An agency that wrote in several cycles is named with the cycle.
    """
    pieces = [
        (section, version)
        for version in _latest_accepted(review.plan)
        for section in outline.sections
        if _words(version, section.code)
    ]
    times = Counter((section.code, version.filing.obligation.agency_id) for section, version in pieces)
    pieces.sort(key=lambda piece: _place(*piece))
    return tuple(
        Contribution(section.code, _author(section, version, times), version.number, _words(version, section.code))
        for section, version in pieces
    )


def form_totals(actor: Actor, review: Review, annex: AnnexSpec, form: FormSpec) -> FormTotals:
    """One form with the total of each cell over the window."""
    cells = [cell for cell, (_row, column) in form.cells.items() if not column.is_text]
    codes = [f"{form.code}.{cell}" for cell in cells]
    found = year_series(actor, codes, review.window, None, review.plan.area, plan_id=review.plan_id)
    values = {cell: _cell(found[code].total) for cell, code in zip(cells, codes, strict=True)}
    coverage = found[codes[0]].total.coverage
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


def head_of(review: Review) -> Head:
    """The letterhead: number, day and name of the signer are left open, for those who issue the report.

    On a demonstration every report is marked as invented, whatever plan it is for.
    """
    plan = review.plan
    return Head(
        letterhead=Letterhead(
            issuing_body=ISSUER,
            parent_body=f"Ủy ban nhân dân {_lowered(plan.area.name)}",
            symbol="BC-BCĐ138",
            place=plan.place or _bare_name(plan),
            month_year=f"tháng {_padded_month(review.window)} năm {review.window.end.year}",
        ),
        kind="Báo cáo",
        subject=_broken(review.title.removeprefix("Báo cáo ").strip()),
        addressees=ADDRESSEES,
        signature=Signature(
            authority=("Trưởng ban", f"Chủ tịch Ủy ban nhân dân\n{_lowered(plan.area.name)}"),
            signer="(Họ và tên)",
            recipients=("Như trên", "Thành viên Ban Chỉ đạo 138", "Cơ quan thường trực Ban Chỉ đạo 138"),
        ),
        mandate=_mandate(plan),
        fictional=plan.fictional or settings.DEMO,
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


def _author(section: Section, version: Version, times: Counter[tuple[str, int]]) -> str:
    obligation = version.filing.obligation
    several = times[section.code, obligation.agency_id] > 1
    return f"{obligation.agency.name}, kỳ {obligation.cycle.label}" if several else obligation.agency.name


def _place(section: Section, version: Version) -> tuple[Any, ...]:
    """Where a contribution stands in its section: level by level, then in the outline's order, then by window."""
    agency = version.filing.obligation.agency
    path = agency.area.path if agency.area else ""
    asked = section.contributors
    order = asked.index(agency.function) if agency.function in asked else len(asked)
    return (section.code, path.count("/"), order, path, agency.code, version.filing.obligation.cycle.window)


def _mandate(plan: Plan) -> str:
    words = ["Kế hoạch"]
    if plan.number:
        words.append(f"số {plan.number}")
    if plan.issued_on:
        words.append(f"ngày {short_date(plan.issued_on)}")
    if plan.issuer:
        words.append(f"của {plan.issuer}")
    return " ".join(words)


def _broken(subject: str) -> str:
    """The subject with a line break before its period, where it is long."""
    return subject.replace(" giai đoạn", "\ngiai đoạn", 1) if len(subject) > 60 else subject


def _lowered(name: str) -> str:
    """ "Tỉnh Sơn Hải" inside a name: "tỉnh Sơn Hải"."""
    return name[:1].lower() + name[1:]


def _bare_name(plan: Plan) -> str:
    """ "Sơn Hải" of "Tỉnh Sơn Hải (giả định)": the place of the date line."""
    name = plan.area.name.removeprefix(plan.area.kind).strip() or plan.area.name
    return name.partition(" (")[0]


def _padded_month(window: Window) -> str:
    month = window.end.month
    return f"{month:02d}" if month <= 2 else str(month)
