"""Whether a form hangs together: codes, groups, dimensions, formulas and checks refer to what exists."""

from __future__ import annotations

from haidang.catalogue.formspec import COLUMN_CODE, Dims, FormSpec, bind, formula_key
from haidang.catalogue.formulas import FormulaError, parse_formula, references
from haidang.catalogue.specfiles import SpecError


def verify_form(form: FormSpec) -> None:
    """SpecError for the first thing wrong, with the key where it stands."""
    _verify_codes(form)
    _verify_groups(form)
    _verify_dims(form)
    _verify_formulas(form)
    _verify_totals(form)
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
        if COLUMN_CODE.fullmatch(row.code):
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
        for code in references(parse_formula(row.formula)) if row.formula else ():
            if code not in form.rows_by_code:
                raise SpecError(form.path, f"rows[{index}].formula", f"không có dòng {code} trong biểu {form.code}")
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
            _verify_reference(form, formula_key(form, cell), code)


def _verify_totals(form: FormSpec) -> None:
    if form.typed_totals and not form.total_cells:
        raise SpecError(form.path, "typed_totals", "biểu không có ô tổng nào để ghi số trên giấy; bỏ khoá này")


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
            bound = list(bind(form, check, index))
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
