"""Statistical forms as data: rows x columns, versioned and hashed, read from specs/forms/*.toml.

The eight forms shipped are a reconstruction and carry that mark; an office puts its official ones in as files.
A cell is addressed "row.col" within its form and "B1.row.col" across forms.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

from haidang.catalogue.formulas import (
    Comparison,
    Expression,
    FormulaError,
    parse_check,
    parse_formula,
    references,
    rename,
    rename_check,
)
from haidang.catalogue.locations import SPECS
from haidang.catalogue.specfiles import SpecError, content_hash, read_spec
from haidang.kernel.windows import validity_covers

FORMS = SPECS / "forms"
CROSS_FILE = "cross.toml"
_COLUMN = re.compile(r"c\d+")

ColumnType = Literal["count", "amount", "percent", "average", "text"]
Flow = Literal["stock_open", "flow_in", "flow_out", "stock_close", "total", "resolved", "rate", "none"]
Level = Literal["block", "explain"]
Dims = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FilerSpec:
    """Who files a form: the agencies with this function, at these levels."""

    function: str
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DimensionSpec:
    """A way to break a count down (sex, offence, ...); `values` are (code, name) in order."""

    code: str
    name: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RowSpec:
    """One line; `formula` adds up other lines of the form, column by column."""

    code: str
    name: str
    group: str
    indent: int = 0
    formula: str | None = None
    unit: str | None = None
    dims: Dims = ()


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """One column; `applies` names the row groups that have it (all when empty).

    `type`: count (whole, not negative), amount (not negative), percent (92.6 means 92,6 %), average, text.
    `flow` says how the column adds over time: an opening is that of the first window, a closing that of the last,
    flows and resolved add, a total and a rate are worked out anew. `carried_from` is the column of the cycle before
    whose value this one must repeat. `dims` are dimension values.
    """

    code: str
    name: str
    type: ColumnType
    flow: Flow
    group: str = ""
    unit: str | None = None
    formula: str | None = None
    applies: tuple[str, ...] = ()
    carried_from: str | None = None
    dims: Dims = ()

    @property
    def adds_up(self) -> bool:
        """Whether lines may be summed in this column."""
        return self.type in ("count", "amount")

    @property
    def is_text(self) -> bool:
        """Whether the column holds words."""
        return self.type == "text"


@dataclass(frozen=True, slots=True)
class CheckSpec:
    """A comparison that must hold ("block") or be explained ("explain").

    The message may name {row}, {column}, {left} and {right}.
    """

    code: str
    level: Level
    check: str
    message: str
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BoundCheck:
    """A check at one place of the form: the row or the column it runs over, and whole cell codes."""

    spec: CheckSpec
    row: str | None
    column: str | None
    tree: Comparison


@dataclass(frozen=True, eq=False)
class FormSpec:
    """One version of one form. Two specs are the same form exactly when their `sha256` agree."""

    code: str
    version: int
    valid_from: date
    valid_to: date | None
    title: str
    mark: str
    unit: str
    note: str
    functions: tuple[FilerSpec, ...]
    dimensions: tuple[DimensionSpec, ...]
    rows: tuple[RowSpec, ...]
    columns: tuple[ColumnSpec, ...]
    checks: tuple[CheckSpec, ...]
    sha256: str
    path: Path

    @cached_property
    def rows_by_code(self) -> dict[str, RowSpec]:
        """Lines by code."""
        return {row.code: row for row in self.rows}

    @cached_property
    def columns_by_code(self) -> dict[str, ColumnSpec]:
        """Columns by code."""
        return {column.code: column for column in self.columns}

    def row(self, code: str) -> RowSpec:
        """The line with this code; KeyError when there is none."""
        return self.rows_by_code[code]

    def column(self, code: str) -> ColumnSpec:
        """The column with this code; KeyError when there is none."""
        return self.columns_by_code[code]

    @cached_property
    def cells(self) -> dict[str, tuple[RowSpec, ColumnSpec]]:
        """Every cell that exists ("row.col"), row by row; where a column does not apply there is no cell."""
        return {
            f"{row.code}.{column.code}": (row, column)
            for row in self.rows
            for column in self.columns
            if not column.applies or row.group in column.applies
        }

    def has_cell(self, row: str, column: str) -> bool:
        """Whether this column applies to this line."""
        return f"{row}.{column}" in self.cells

    @cached_property
    def formulas(self) -> dict[str, Expression]:
        """The formula of every computed cell, with whole cell codes, each after those it needs."""
        return _in_order(self, {cell: tree for cell in self.cells if (tree := _formula(self, cell)) is not None})

    def is_computed(self, cell: str) -> bool:
        """Whether the cell ("row.col") is worked out by the form and not entered."""
        return cell in self.formulas

    @cached_property
    def input_cells(self) -> tuple[str, ...]:
        """The cells an agency fills, row by row."""
        return tuple(cell for cell in self.cells if cell not in self.formulas)

    @cached_property
    def bound_checks(self) -> tuple[BoundCheck, ...]:
        """Every check at every place it runs."""
        return tuple(bound for index, check in enumerate(self.checks) for bound in _bind(self, check, index))

    def parts_of(self, row: str) -> frozenset[str]:
        """The lines that a total line adds up, through every level; empty for a line that is entered."""
        formula = self.row(row).formula
        direct = references(parse_formula(formula)) if formula else ()
        return frozenset(direct).union(*(self.parts_of(part) for part in direct if part in self.rows_by_code))

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """The row groups in order."""
        return tuple(dict.fromkeys(row.group for row in self.rows))

    def filed_by(self, function: str, level: str) -> bool:
        """Whether agencies with this function at this level file the form."""
        return any(filer.function == function and level in filer.levels for filer in self.functions)

    def cell_name(self, cell: str) -> str:
        """The cell in words: "dòng Tổng số, cột c10 (Tổng số phải giải quyết)"."""
        row, column = self.cells[cell]
        heading = f"{column.group}: {column.name}" if column.group else column.name
        return f"dòng {row.name}, cột {column.code} ({heading})"


def load_form(path: Path) -> FormSpec:
    """The form in one file, wholly checked: schema, codes, references, cycles. SpecError names file and key."""
    document = read_spec(path, "form")
    form = FormSpec(
        code=document["code"],
        version=document["version"],
        valid_from=_day(path, document, "valid_from"),
        valid_to=_day(path, document, "valid_to") if "valid_to" in document else None,
        title=document["title"],
        mark=document["mark"],
        unit=document["unit"],
        note=document.get("note", ""),
        functions=tuple(FilerSpec(item["function"], tuple(item["levels"])) for item in document["functions"]),
        dimensions=tuple(_dimension(item) for item in document.get("dimensions", [])),
        rows=tuple(RowSpec(**_with_dims(item)) for item in document["rows"]),
        columns=tuple(_column(item) for item in document["columns"]),
        checks=tuple(CheckSpec(**_tupled(item, "groups")) for item in document.get("checks", [])),
        sha256=content_hash(document),
        path=path,
    )
    _verify(form)
    return form


def all_forms(folder: Path = FORMS) -> tuple[FormSpec, ...]:
    """Every version of every form in the folder, by code and version; read once."""
    return _all_forms(folder)


def form(code: str, version: int | None = None, folder: Path = FORMS) -> FormSpec:
    """The form with this code, the newest version unless one is named; KeyError when there is none."""
    found = [spec for spec in all_forms(folder) if spec.code == code and version in (None, spec.version)]
    if not found:
        raise KeyError(f"không có biểu {code}" + (f" phiên bản {version}" if version is not None else ""))
    return found[-1]


def forms_in_force(on: date, folder: Path = FORMS) -> tuple[FormSpec, ...]:
    """The newest version in force on the day of each form, by code."""
    newest = {spec.code: spec for spec in all_forms(folder) if validity_covers(spec.valid_from, spec.valid_to, on)}
    return tuple(newest.values())


def forms_of(function: str, level: str, on: date, folder: Path = FORMS) -> tuple[FormSpec, ...]:
    """The forms in force on the day that agencies with this function at this level file."""
    return tuple(spec for spec in forms_in_force(on, folder) if spec.filed_by(function, level))


@lru_cache
def _all_forms(folder: Path) -> tuple[FormSpec, ...]:
    specs = [load_form(path) for path in sorted(folder.glob("*.toml")) if path.name != CROSS_FILE]
    specs.sort(key=lambda spec: (len(spec.code), spec.code, spec.version))
    for before, after in pairwise(specs):
        if (before.code, before.version) == (after.code, after.version):
            raise SpecError(after.path, "version", f"biểu {after.code} phiên bản {after.version} có hai tệp")
    return tuple(specs)


def _day(path: Path, document: Mapping[str, Any], key: str) -> date:
    try:
        return date.fromisoformat(str(document[key]))
    except ValueError as error:
        raise SpecError(path, key, f"{document[key]} không phải một ngày có thật") from error


def _dimension(item: Mapping[str, Any]) -> DimensionSpec:
    return DimensionSpec(item["code"], item["name"], tuple((value["code"], value["name"]) for value in item["values"]))


def _with_dims(item: Mapping[str, Any]) -> dict[str, Any]:
    return {**item, "dims": tuple(sorted(item.get("dims", {}).items()))}


def _tupled(item: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {**item, key: tuple(item.get(key, ()))}


def _column(item: Mapping[str, Any]) -> ColumnSpec:
    return ColumnSpec(**_with_dims(_tupled(item, "applies")))


def _formula(form: FormSpec, cell: str) -> Expression | None:
    """The formula of one cell: that of its line where lines add up, else that of its column."""
    row, column = form.cells[cell]
    if row.formula is not None and column.adds_up:
        return rename(parse_formula(row.formula), lambda code: code if "." in code else f"{code}.{column.code}")
    if column.formula is not None:
        return rename(parse_formula(column.formula), lambda code: code if "." in code else f"{row.code}.{code}")
    return None


def _in_order(form: FormSpec, formulas: Mapping[str, Expression]) -> dict[str, Expression]:
    ordered: dict[str, Expression] = {}
    under_way: set[str] = set()

    def visit(cell: str) -> None:
        if cell in ordered or cell not in formulas:
            return
        if cell in under_way:
            raise SpecError(form.path, _formula_key(form, cell), f"công thức của ô {cell} quay vòng về chính nó")
        under_way.add(cell)
        for needed in references(formulas[cell]):
            visit(needed)
        ordered[cell] = formulas[cell]

    for cell in formulas:
        visit(cell)
    return ordered


def _formula_key(form: FormSpec, cell: str) -> str:
    row, column = form.cells[cell]
    if row.formula is not None and column.adds_up:
        return f"rows[{form.rows.index(row)}].formula"
    return f"columns[{form.columns.index(column)}].formula"


def _bind(form: FormSpec, check: CheckSpec, index: int) -> Iterable[BoundCheck]:
    tree = parse_check(check.check)
    bare = [code for code in references(tree) if "." not in code]
    if not bare:
        yield BoundCheck(check, None, None, tree)
        return
    by_row = all(_COLUMN.fullmatch(code) for code in bare)
    if not by_row and any(_COLUMN.fullmatch(code) for code in bare):
        raise SpecError(form.path, f"checks[{index}].check", "không trộn mã dòng với mã cột; ghi đủ dòng.cột")
    places = (
        [row.code for row in form.rows if not check.groups or row.group in check.groups]
        if by_row
        else [column.code for column in form.columns if column.adds_up]
    )
    for place in places:
        code_of = _completion(place, by_row)
        if all(code_of(code) in form.cells for code in bare):
            yield BoundCheck(check, place if by_row else None, None if by_row else place, rename_check(tree, code_of))


def _completion(place: str, by_row: bool) -> Callable[[str], str]:
    def code_of(code: str) -> str:
        if "." in code:
            return code
        return f"{place}.{code}" if by_row else f"{code}.{place}"

    return code_of


def _verify(form: FormSpec) -> None:
    _verify_codes(form)
    _verify_groups(form)
    _verify_dims(form)
    _verify_formulas(form)
    _verify_checks(form)


def _verify_codes(form: FormSpec) -> None:
    if form.valid_to is not None and form.valid_to < form.valid_from:
        raise SpecError(form.path, "valid_to", "ngày hết hiệu lực trước ngày có hiệu lực")
    codes = {
        "rows": [row.code for row in form.rows],
        "columns": [column.code for column in form.columns],
        "checks": [check.code for check in form.checks],
        "dimensions": [dimension.code for dimension in form.dimensions],
    }
    for key, used in codes.items():
        for index, code in enumerate(used):
            if code in used[:index]:
                raise SpecError(form.path, f"{key}[{index}].code", f"mã {code} đã dùng ở trên")
    for index, row in enumerate(form.rows):
        if _COLUMN.fullmatch(row.code):
            raise SpecError(form.path, f"rows[{index}].code", f"mã dòng {row.code} lẫn với mã cột; đặt mã khác")


def _verify_groups(form: FormSpec) -> None:
    groups = set(form.groups)
    named = [(f"columns[{index}].applies", column.applies) for index, column in enumerate(form.columns)]
    named += [(f"checks[{index}].groups", check.groups) for index, check in enumerate(form.checks)]
    for key, used in named:
        for group in used:
            if group not in groups:
                raise SpecError(form.path, key, f"không có nhóm dòng {group}; các nhóm: {', '.join(form.groups)}")


def _verify_dims(form: FormSpec) -> None:
    known = {dimension.code: {code for code, _ in dimension.values} for dimension in form.dimensions}
    places: list[tuple[str, Dims]] = [(f"rows[{index}].dims", row.dims) for index, row in enumerate(form.rows)]
    places += [(f"columns[{index}].dims", column.dims) for index, column in enumerate(form.columns)]
    for key, dims in places:
        for dimension, value in dims:
            if value not in known.get(dimension, ()):
                raise SpecError(form.path, key, f"chiều {dimension} không có giá trị {value} trong dimensions")


def _verify_formulas(form: FormSpec) -> None:
    for index, row in enumerate(form.rows):
        _parse(form, f"rows[{index}].formula", row.formula)
    for index, column in enumerate(form.columns):
        _parse(form, f"columns[{index}].formula", column.formula)
        if column.type in ("percent", "average") and column.formula is None:
            raise SpecError(form.path, f"columns[{index}]", "cột tỷ lệ, bình quân phải có công thức (formula)")
        if column.type == "text" and column.formula is not None:
            raise SpecError(form.path, f"columns[{index}].formula", "cột chữ không có công thức")
        if column.carried_from is not None and column.carried_from not in form.columns_by_code:
            raise SpecError(form.path, f"columns[{index}].carried_from", f"không có cột {column.carried_from}")
    for cell, tree in form.formulas.items():
        for code in references(tree):
            _verify_reference(form, _formula_key(form, cell), code)


def _parse(form: FormSpec, key: str, text: str | None) -> None:
    try:
        if text is not None:
            parse_formula(text)
    except FormulaError as error:
        raise SpecError(form.path, key, str(error)) from error


def _verify_reference(form: FormSpec, key: str, code: str) -> None:
    if code not in form.cells:
        raise SpecError(form.path, key, f"ô {code} không có trong biểu {form.code}")
    if form.cells[code][1].is_text:
        raise SpecError(form.path, key, f"ô {code} là ô chữ, không tính được")


def _verify_checks(form: FormSpec) -> None:
    for index, check in enumerate(form.checks):
        key = f"checks[{index}]"
        try:
            bound = list(_bind(form, check, index))
            check.message.format(row="", column="", left="", right="")
        except FormulaError as error:
            raise SpecError(form.path, f"{key}.check", str(error)) from error
        except (KeyError, IndexError, ValueError) as error:
            if isinstance(error, SpecError):
                raise
            raise SpecError(form.path, f"{key}.message", "chỉ dùng {row}, {column}, {left}, {right}") from error
        if not bound:
            raise SpecError(form.path, f"{key}.check", "phép kiểm tra không áp dụng được vào dòng, cột nào của biểu")
        for one in bound:
            for code in references(one.tree):
                _verify_reference(form, f"{key}.check", code)
