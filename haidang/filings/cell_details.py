"""Everything there is to know about one cell of a filing: where its number comes from, what it was, who said what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from haidang.catalogue.checks import cross_checks
from haidang.catalogue.forms import FormSpec
from haidang.catalogue.formspec import CheckSpec
from haidang.catalogue.formulas import Comparison, evaluate, holds, number_cell, references, rename_check
from haidang.filings import content
from haidang.filings.consolidating.sums import Total
from haidang.filings.earlier import EarlierFiling, earlier_filings, earlier_words
from haidang.filings.expectations import MOST_PAST, Expectations, comparable, expectations_of, findings_on
from haidang.filings.models import CellComment, Filing
from haidang.filings.queries import CellEvent, cell_history
from haidang.filings.reasons import reason_key


@dataclass(frozen=True, slots=True)
class CellPart:
    """A cell that another one rests on or feeds: its whole code, its words and what it holds."""

    code: str
    name: str
    value: Any


@dataclass(frozen=True, slots=True)
class EarlierValue:
    """The cell in an earlier cycle; `comparable` when that cycle is about as long as this one."""

    label: str
    value: Any
    comparable: bool


@dataclass(frozen=True, slots=True)
class FiledValue:
    """The cell in one submitted version."""

    number: int
    at: datetime
    value: Any


@dataclass(frozen=True, slots=True)
class CellCheck:
    """A check that rests on the cell; `state` is "failed", "passed" or "waiting" (a number is still missing)."""

    text: str
    blocks: bool
    state: str
    message: str


@dataclass(frozen=True)
class CellDetails:
    """One cell, opened. `formula` is "" for a cell that is entered; `parts` are what it adds up, `feeds` its totals.

    `typed` is the total on the agency's own paper, None when nobody typed one; `below` what the agencies below have.
    """

    code: str
    form: FormSpec
    value: Any
    formula: str
    parts: tuple[CellPart, ...]
    feeds: tuple[CellPart, ...]
    earlier: tuple[EarlierValue, ...]
    events: tuple[CellEvent, ...]
    filed: tuple[FiledValue, ...]
    comments: tuple[CellComment, ...]
    checks: tuple[CellCheck, ...]
    reason: str
    typed: Any
    below: Total | None


def cell_details(filing: Filing, code: str) -> CellDetails:
    """The cell with this whole code; KeyError when the filing has none. A fixed number of queries."""
    forms = content.forms_for(filing.obligation)
    form_code, _, cell = code.partition(".")
    form = next((one for one in forms if one.code == form_code and cell in one.cells), None)
    if form is None:
        raise KeyError(code)
    past = earlier_filings(filing.obligation)
    expected = expectations_of(filing.obligation, past)
    tree = form.formulas.get(cell)
    held = {**filing.sections, **filing.cells}
    told = earlier_words(filing.obligation, code) if form.cells[cell][1].is_text else past
    return CellDetails(
        code=code,
        form=form,
        value=held.get(code),
        formula=_formula_text(form, cell),
        parts=_parts(form, references(tree) if tree else (), held),
        feeds=_parts(form, (one for one, other in form.formulas.items() if cell in references(other)), held),
        earlier=_earlier(filing, told, code),
        events=tuple(cell_history(filing, code)),
        filed=_filed(filing, code),
        comments=tuple(filing.comments.filter(code=code).select_related("written_by")),
        checks=_checks(filing, forms, form, cell, expected),
        below=expected.below.sums.get(code) if expected.below else None,
        typed=filing.typed.get(code),
        reason=filing.explanations.get(reason_key(code), "") if held.get(code) == "na" else "",
    )


def comments_of(filing: Filing) -> list[CellComment]:
    """What was said about any cell of the filing, the latest first; one query."""
    return list(filing.comments.select_related("written_by").order_by("-written_at", "-pk"))


def _formula_text(form: FormSpec, cell: str) -> str:
    """The formula as the form writes it; "" where the cell is entered."""
    if not form.is_computed(cell):
        return ""
    row, column = form.cells[cell]
    return (row.formula if row.formula is not None and column.adds_up else column.formula) or ""


def _parts(form: FormSpec, cells: Iterable[str], held: dict[str, Any]) -> tuple[CellPart, ...]:
    codes = ((cell, f"{form.code}.{cell}") for cell in cells)
    return tuple(CellPart(code, form.cell_name(cell), held.get(code)) for cell, code in codes)


def _earlier(filing: Filing, past: list[EarlierFiling], code: str) -> tuple[EarlierValue, ...]:
    """The same cell over the cycles before this one, the oldest first."""
    window = filing.obligation.cycle.window
    return tuple(
        EarlierValue(one.label, one.cells.get(code), comparable(one, window)) for one in reversed(past[:MOST_PAST])
    )


def _filed(filing: Filing, code: str) -> tuple[FiledValue, ...]:
    rows = filing.versions.order_by("-number").values_list("number", "submitted_at", "cells", "sections")
    return tuple(FiledValue(number, at, {**sections, **cells}.get(code)) for number, at, cells, sections in rows)


def _checks(
    filing: Filing, forms: content.Forms, form: FormSpec, cell: str, expected: Expectations
) -> tuple[CellCheck, ...]:
    """The checks on the cell or on a total of its line that it goes into, and findings against earlier cycles."""
    findings = findings_on(filing, expected)
    code = f"{form.code}.{cell}"
    reach = _reach(form, cell)
    rules: list[tuple[CheckSpec, Comparison]] = [
        (bound.spec, _whole(form, bound.tree))
        for bound in form.bound_checks
        if not reach.isdisjoint(references(bound.tree))
    ]
    whole = {f"{form.code}.{one}" for one in reach}
    rules += [(spec, tree) for spec, tree in cross_checks() if not whole.isdisjoint(references(tree))]
    told = tuple(_check(filing, spec, tree, findings) for spec, tree in rules)
    shown = {one.message for one in told}
    rest = (one for one in findings if code in one.cells and one.message not in shown)
    return told + tuple(CellCheck("", one.level == "block", "failed", one.message) for one in rest)


def _reach(form: FormSpec, cell: str) -> set[str]:
    """The cell and the totals of its own line that it goes into, at whatever remove."""
    row, reached = form.cells[cell][0], {cell}
    for total, tree in form.formulas.items():  # each after those it needs
        if form.cells[total][0] == row and not reached.isdisjoint(references(tree)):
            reached.add(total)
    return reached


def _whole(form: FormSpec, tree: Comparison) -> Comparison:
    return rename_check(tree, lambda one: f"{form.code}.{one}")


def _check(filing: Filing, spec: CheckSpec, tree: Comparison, findings: list[content.FilingFinding]) -> CellCheck:
    failed = next((one for one in findings if f".{spec.code}" in one.key and one.cells == references(tree)), None)
    left, right = (evaluate(side, lambda code: number_cell(filing.cells.get(code))) for side in (tree.left, tree.right))
    passed = left.complete and right.complete and holds(tree.sign, left.number or 0, right.number or 0)
    state = "failed" if failed else "passed" if passed else "waiting"
    return CellCheck(spec.check, spec.level == "block", state, failed.message if failed else "")
