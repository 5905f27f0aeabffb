"""What is wrong with the cells of a form, or must be explained before it is submitted; and between forms and cycles."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from haidang.catalogue.bounds import Linear, difference_of, excluded, span, sums_in
from haidang.catalogue.computing import (
    Worked,
    certainly_broken,
    outgrown_when_blank,
    plainly_broken,
    ready,
    work_out,
)
from haidang.catalogue.forms import CROSS_FILE, FORMS, all_forms
from haidang.catalogue.formspec import BoundCheck, CheckSpec, ColumnSpec, FormSpec, Level
from haidang.catalogue.formulas import (
    Comparison,
    Document,
    Expression,
    FormulaError,
    evaluate,
    holds,
    number_cell,
    parse_check,
    references,
    rename,
)
from haidang.catalogue.specfiles import SpecError, read_spec
from haidang.kernel.cells import Cell, CellState
from haidang.kernel.numbers import format_number

MOST_VALUE = 10**10
MOST_TEXT = 20_000
# A count at least this large and ten times that of last year is asked about: most often a slipped digit.
ODD_FROM, ODD_TIMES = 50, 10
_WHATEVER = "Ô còn trống có ghi số nào cũng không khớp được; sửa số đã ghi."
_ENTER = "Ghi nốt ô còn trống của tổng, hoặc chọn chưa có số liệu cho ô đó, rồi gửi."
_REASONS = (CellState.NOT_APPLICABLE, CellState.NOT_AVAILABLE)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: which check, "block" or "explain", the cells it concerns, and what to do (Vietnamese)."""

    check: str
    level: Level
    cells: tuple[str, ...]
    message: str


def check_form(form: FormSpec, cells: Document, worked: Worked | None = None) -> list[Finding]:
    """Everything found in one filled form: values of the wrong kind first, then the form's own checks.

    A check with a cell that has no number yet, be it under a total, fails only when no number there can make it true:
    what is not entered is neither right nor wrong. `worked` is what `work_out` makes of the cells, where
    somebody has it already.
    """
    worked = worked or work_out(form, cells)
    odd = _odd_cells(form, cells, worked)
    found = list(_kinds(form, odd))
    found += _typed_totals(form, odd, worked.document)
    failures: dict[BoundCheck, Finding] = {}
    for check in plainly_broken(form, worked):
        if failed := _bound_failed(form, check.bound, worked):
            failures[check.bound] = failed
    for check in certainly_broken(form, worked):
        if failed := _bound_failed(form, check.bound, worked, partly=True):
            failures[check.bound] = replace(failed, message=f"{failed.message} {_WHATEVER}")
    return found + _without_echoes(form, failures)


def check_left_blank(form: FormSpec, cells: Document, worked: Worked | None = None) -> list[Finding]:
    """What `check_form` leaves open, and is wrong in a form that is sent with its blanks: parts above their whole."""
    worked = worked or work_out(form, cells)
    sure = {check.bound for check in certainly_broken(form, worked)}
    found = []
    for check in outgrown_when_blank(form, worked):
        failed = _bound_failed(form, check.bound, worked, partly=True) if check.bound not in sure else None
        if failed:
            found.append(replace(failed, message=f"{failed.message} {_ENTER}"))
    return found


def check_filing(
    forms: Iterable[FormSpec],
    cells: Mapping[str, Document],
    folder: Path = FORMS,
    worked: Mapping[str, Worked] | None = None,
) -> list[Finding]:
    """What the checks between forms find; `cells` maps a form's code to its document, findings name "B1.row.col".

    A check that names a form which is not among `forms`, or has no document, is passed over; so is one with a cell that
    is missing, as long as some number there can make it true. `worked` is as in `check_form`, by form.
    """
    known = dict(worked or {})
    for form in forms:
        if form.code in cells and form.code not in known:
            known[form.code] = work_out(form, cells[form.code])

    def cell_of(whole: str) -> Cell:
        form, _, cell = whole.partition(".")
        return number_cell(known[form].document.get(cell))

    found = []
    for spec, tree in cross_checks(folder):
        codes = references(tree)
        if any(code.partition(".")[0] not in known for code in codes):
            continue
        open_yet = any(cell in known[form].missing for form, _, cell in (code.partition(".") for code in codes))
        if open_yet and not _excluded_between(tree, folder, known):
            continue
        if failed := _failed(spec, tree, cell_of, "", "", partly=open_yet):
            found.append(replace(failed, message=f"{failed.message} {_WHATEVER}") if open_yet else failed)
    return found


def _excluded_between(tree: Comparison, folder: Path, known: Mapping[str, Worked]) -> bool:
    """Whether no number, from 0 on, in the cells that are missing can make the check true."""
    sums = _difference_between(tree, folder)
    if sums is None:
        return False
    terms = [(code, *code.partition(".")[::2]) for code, _factor in sums.terms]
    numbers = {code: known[form].numbers[cell] for code, form, cell in terms if cell in known[form].numbers}
    missing = {code for code, form, cell in terms if cell in known[form].missing}
    entered = frozenset(code for code, form, cell in terms if cell in _entered_in(folder, form))
    return excluded(tree.sign, span(sums, numbers, missing, entered))


@lru_cache
def _difference_between(tree: Comparison, folder: Path) -> Linear | None:
    """Left less right of a check between forms, over the cells that are filled in, by their whole codes."""
    forms = {form.code: form for form in all_forms(folder)}

    def sum_of(whole: str) -> Expression | None:
        code, _, cell = whole.partition(".")
        formula = sums_in(forms[code])(cell)
        return formula and rename(formula, lambda part: f"{code}.{part}")

    return difference_of(sum_of, tree)


@lru_cache
def _entered_in(folder: Path, code: str) -> frozenset[str]:
    return next(ready(form).entered for form in all_forms(folder) if form.code == code)


def check_carry(form: FormSpec, cells: Document, before: Document, worked: Worked | None = None) -> list[Finding]:
    """Openings of this cycle that differ from the closings of the cycle before; each must be explained."""
    pairs = ready(form).carried
    if not (pairs and before):
        return []
    now, then = worked or work_out(form, cells), work_out(form, before)
    found = []
    for code, closing_code in pairs:
        opening, closing = now.numbers.get(code), then.numbers.get(closing_code)
        if opening is not None and closing is not None and opening != closing:
            row, column = form.cells[code]
            text = (
                f"{row.name}: kỳ trước chuyển sang ({column.code} = {format_number(float(opening))}) khác số còn lại "
                f"cuối kỳ trước ({column.carried_from} = {format_number(float(closing))}). Sửa lại hoặc giải trình."
            )
            found.append(Finding("carried", "explain", (code,), text))
    return found


def check_totals(form: FormSpec, computed: Document, typed: Document) -> list[Finding]:
    """Totals that the form wants typed and nobody typed, one finding a line; none while the computed one is blank or 0.

    `computed` are the cells as the form works them out, `typed` the totals on the agency's own paper.
    """
    missing: dict[str, list[str]] = {}
    for code in form.total_cells if form.typed_totals else ():
        if number_cell(computed.get(code)).value and number_cell(typed.get(code)).value is None:
            missing.setdefault(form.cells[code][0].code, []).append(code)
    return [
        Finding(
            "total_missing",
            "block",
            tuple(codes),
            f"{form.row(row).name}: chưa ghi số tổng trên giấy ở cột "
            f"{', '.join(form.cells[code][1].code for code in codes)}. Ghi vào ô “số ghi” bên cạnh số máy tính.",
        )
        for row, codes in missing.items()
    ]


def check_magnitude(form: FormSpec, cells: Document, last_year: Document) -> list[Finding]:
    """Entered counts ten times those of the same cycle last year or more: most often a digit too many."""
    found: list[Finding] = []
    for code in form.input_cells if last_year else ():
        raw = cells.get(code)
        if type(raw) is int and raw < ODD_FROM:
            continue
        now, then = number_cell(raw).value, number_cell(last_year.get(code)).value
        if now is not None and then and now >= ODD_FROM and now >= ODD_TIMES * then:
            text = (
                f"{_named(form, code)}: {format_number(now)}, cùng kỳ năm trước {format_number(then)}. "
                "Kiểm tra có thừa chữ số không; nếu đúng thì giải trình."
            )
            found.append(Finding("magnitude", "explain", (code,), text))
    return found


def blank_cells(form: FormSpec, cells: Document) -> tuple[str, ...]:
    """The cells still to be entered: no number and no reason; text columns may stay empty."""
    return tuple(code for code in form.input_cells if not form.cells[code][1].is_text and cells.get(code) in (None, ""))


@lru_cache
def cross_checks(folder: Path = FORMS) -> tuple[tuple[CheckSpec, Comparison], ...]:
    """The checks between forms in specs/forms/cross.toml, parsed; SpecError when one names a cell no form has."""
    path = folder / CROSS_FILE
    known = {f"{form.code}.{cell}" for form in all_forms(folder) for cell in form.cells}
    checks = []
    for index, item in enumerate(read_spec(path, "cross")["checks"]):
        spec = CheckSpec(**item)
        try:
            tree = parse_check(spec.check)
            spec.message.format(left="", right="")
        except FormulaError as error:
            raise SpecError(path, f"checks[{index}].check", str(error)) from error
        except (KeyError, IndexError, ValueError) as error:
            raise SpecError(path, f"checks[{index}].message", "chỉ dùng {left}, {right}") from error
        for code in references(tree):
            if code not in known:
                raise SpecError(path, f"checks[{index}].check", f"không biểu nào có ô {code}")
        checks.append((spec, tree))
    return tuple(checks)


def _odd_cells(form: FormSpec, cells: Document, worked: Worked) -> dict[str, Any]:
    """The cells to look at one by one: all but those with a plain count, or with what was worked out for them."""
    document, plan = worked.document, ready(form)
    odd = {
        code: raw
        for code, raw in cells.items()
        if type(raw) is not int or document.get(code) != raw or not 0 <= raw < MOST_VALUE
    }
    return odd | {code: cells[code] for code in plan.inputs - plan.entered if code in cells}


def _bound_failed(form: FormSpec, bound: BoundCheck, worked: Worked, *, partly: bool = False) -> Finding | None:
    row = form.row(bound.row).name if bound.row else ""
    column = form.column(bound.column).name if bound.column else ""
    return _failed(
        bound.spec, bound.tree, lambda code: number_cell(worked.document.get(code)), row, column, partly=partly
    )


def _without_echoes(form: FormSpec, failures: Mapping[BoundCheck, Finding]) -> list[Finding]:
    """The failures without those of a total line that only repeat what failed in one of its parts."""
    failed_at = {(bound.spec.code, bound.row) for bound in failures}
    return [
        finding
        for bound, finding in failures.items()
        if bound.row is None or not any((bound.spec.code, part) in failed_at for part in form.parts_of(bound.row))
    ]


def _failed(
    spec: CheckSpec, tree: Comparison, cell_of: Callable[[str], Cell], row: str, column: str, *, partly: bool = False
) -> Finding | None:
    """The check as a finding, where it is false of the numbers; `partly`: it is false although cells are missing."""
    left, right = evaluate(tree.left, cell_of), evaluate(tree.right, cell_of)
    if left.number is None or right.number is None:
        return None
    if not partly and (not (left.complete and right.complete) or holds(tree.sign, left.number, right.number)):
        return None
    message = spec.message.format(
        row=row, column=column, left=format_number(float(left.number)), right=format_number(float(right.number))
    )
    return Finding(spec.code, spec.level, references(tree), message)


def _kinds(form: FormSpec, cells: Document) -> Iterator[Finding]:
    for code, raw in cells.items():
        if code not in form.cells:
            yield Finding("unknown", "block", (code,), f"Ô {code} không có trong biểu {form.code}. Bỏ ô này.")
            continue
        if form.is_computed(code):
            continue
        problem = _problem(raw, form.cells[code][1])
        if problem:
            yield Finding("kind", "block", (code,), f"{_named(form, code)}: {problem}")


def _typed_totals(form: FormSpec, cells: Document, computed: Document) -> Iterator[Finding]:
    for code, raw in cells.items():
        if code not in form.cells or not form.is_computed(code):
            continue
        typed, worked_out = number_cell(raw).value, number_cell(computed.get(code)).value
        if typed is not None and worked_out is not None and not math.isclose(typed, worked_out, abs_tol=1e-5):
            text = (
                f"{_named(form, code)}: số ghi {format_number(typed)} khác số máy tính {format_number(worked_out)}. "
                "Sửa các ô thành phần hoặc giải trình."
            )
            yield Finding("typed_total", "explain", (code,), text)


def _problem(raw: Any, column: ColumnSpec) -> str | None:
    """What is wrong with one entered value, or None."""
    if column.is_text:
        fits = isinstance(raw, str) and len(raw) <= MOST_TEXT
        return None if fits else f"ô này ghi chữ, nhiều nhất {format_number(MOST_TEXT)} ký tự."
    if raw in _REASONS:
        return None
    if isinstance(raw, bool) or not isinstance(raw, int | float) or (isinstance(raw, float) and math.isnan(raw)):
        return "phải là một số, hoặc chọn không thuộc chức năng, chưa có số liệu."
    return _number_problem(raw, column)


def _number_problem(number: float, column: ColumnSpec) -> str | None:
    if not abs(number) < MOST_VALUE:
        return "số có hơn 10 chữ số; kiểm tra đơn vị tính."
    if number < 0:
        return f"số {format_number(number)} âm; số liệu nhỏ nhất là 0."
    if column.type == "count" and number != int(number):
        return f"{format_number(number)} không phải số nguyên; ô này đếm {column.unit or 'đơn vị'}."
    return None


def _named(form: FormSpec, code: str) -> str:
    name = form.cell_name(code)
    return name[0].upper() + name[1:]
