"""One form of a filing as a grid that a template only has to walk through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from haidang.accounts.actors import Actor
from haidang.catalogue.forms import ColumnSpec, FormSpec, RowSpec
from haidang.filings import content
from haidang.filings.earlier import EarlierFiling, choose_earlier, earlier_filings
from haidang.filings.models import Filing
from haidang.filings.policies import may_edit
from haidang.kernel.cells import CellState
from haidang.kernel.numbers import format_number, format_percent

_DASHES = {CellState.NOT_APPLICABLE: "–", CellState.NOT_AVAILABLE: "…"}


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell: its whole code, stored value, the text shown, and what stands around it.

    `state` is "number", "blank", "na", "nd" or "text"; `mark` is "!" when a finding blocks, "?" when one must be
    explained, "" otherwise. `ghost` is the text of the same cell in the cycle before, "" when there is none.
    """

    code: str
    value: Any
    shown: str
    state: str
    type: str
    computed: bool
    editable: bool
    ghost: str
    findings: tuple[content.FilingFinding, ...]

    @property
    def mark(self) -> str:
        """The letter of the worst finding that still stands."""
        if any(finding.level == "block" for finding in self.findings):
            return "!"
        return "?" if any(finding.blocks for finding in self.findings) else ""


@dataclass(frozen=True, slots=True)
class GridRow:
    """One line; None where the form has no cell."""

    spec: RowSpec
    cells: tuple[GridCell | None, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading over `span` columns that stand together; `text` may be ""."""

    text: str
    span: int


@dataclass(frozen=True)
class Grid:
    """One form of one filing. `ghost_label` names the cycle of the ghosts; `locked_because` is "" when it is open."""

    form: FormSpec
    revision: int
    headings: tuple[Heading, ...]
    columns: tuple[ColumnSpec, ...]
    rows: tuple[GridRow, ...]
    findings: tuple[content.FilingFinding, ...]
    ghost_label: str
    locked_because: str
    blank: int


def form_grid(actor: Actor, filing: Filing, form_code: str) -> Grid:
    """The grid of one of the filing's forms; KeyError when the agency does not file it. One query.

    The filing must be one the actor may see (`queries.filing_for`).
    """
    forms = content.forms_for(filing.obligation)
    form = next((form for form in forms if form.code == form_code), None)
    if form is None:
        raise KeyError(form_code)
    past = earlier_filings(filing.obligation)
    earlier = choose_earlier(filing.obligation, past)
    found = content.findings_of(forms, filing.cells, filing.sections, filing.explanations, earlier)
    mine = tuple(one for one in found if one.form == form.code or any(c.startswith(f"{form.code}.") for c in one.cells))
    decision = may_edit(actor, filing)
    ghost = next((one for one in past if any(code.startswith(f"{form.code}.") for code in one.cells)), None)
    rows = _rows(form, filing, mine, ghost, open_=bool(decision))
    return Grid(
        form=form,
        revision=filing.revision,
        headings=_headings(form),
        columns=form.columns,
        rows=rows,
        findings=mine,
        ghost_label=ghost.label if ghost else "",
        locked_because=decision.reason,
        blank=sum(
            cell.state == CellState.BLANK
            for row in rows
            for cell in row.cells
            if cell and not cell.computed and cell.type != "text"
        ),
    )


def shown_value(value: Any, column_type: str) -> str:
    """The text of a stored value: Vietnamese number, "–" không thuộc chức năng, "…" chưa có số liệu, "" blank."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value if column_type == "text" else _DASHES[CellState(value)]
    return format_percent(value) if column_type == "percent" else format_number(value)


def state_of(value: Any, column_type: str) -> str:
    """ "number", "blank", "na", "nd" or "text"."""
    if value is None:
        return CellState.BLANK
    if column_type == "text":
        return "text"
    return CellState(value) if isinstance(value, str) else CellState.NUMBER


def _headings(form: FormSpec) -> tuple[Heading, ...]:
    headings: list[Heading] = []
    for column in form.columns:
        if headings and headings[-1].text == column.group:
            headings[-1] = Heading(column.group, headings[-1].span + 1)
        else:
            headings.append(Heading(column.group, 1))
    return tuple(headings)


def _rows(
    form: FormSpec,
    filing: Filing,
    findings: tuple[content.FilingFinding, ...],
    ghost: EarlierFiling | None,
    *,
    open_: bool,
) -> tuple[GridRow, ...]:
    at: dict[str, list[content.FilingFinding]] = {}
    for finding in findings:
        for code in finding.cells:
            at.setdefault(code, []).append(finding)
    held = {**filing.cells, **filing.sections}
    past: Mapping[str, Any] = ghost.cells if ghost else {}

    def cell_at(row: RowSpec, column: ColumnSpec) -> GridCell | None:
        if not form.has_cell(row.code, column.code):
            return None
        code = f"{form.code}.{row.code}.{column.code}"
        value, computed = held.get(code), form.is_computed(f"{row.code}.{column.code}")
        return GridCell(
            code=code,
            value=value,
            shown=shown_value(value, column.type),
            state=state_of(value, column.type),
            type=column.type,
            computed=computed,
            editable=open_ and not computed,
            ghost=shown_value(past.get(code), column.type),
            findings=tuple(at.get(code, ())),
        )

    return tuple(GridRow(row, tuple(cell_at(row, column) for column in form.columns)) for row in form.rows)
