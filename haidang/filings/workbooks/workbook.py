"""The workbook of one filing: which sheets it has, whom it is for, and what an uploaded one says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from django.core import signing

from haidang.catalogue.forms import FormSpec
from haidang.filings import content
from haidang.filings.models import Filing, Obligation
from haidang.filings.workbooks.formulas import spreadsheet_formula
from haidang.kernel import clock
from haidang.kernel.clock import VIET_NAM
from haidang.kernel.dates import short_date, window_text
from haidang.office.workbook import (
    CellProblem,
    UnreadableWorkbook,
    WorkbookCells,
    WorkCell,
    WorkColumn,
    WorkRow,
    WorkSheet,
    cell_address,
    cell_places,
)
from haidang.office.workbook_reading import OpenedWorkbook, open_workbook, read_cells
from haidang.office.workbook_writing import write_workbook

_SALT = "haidang.filings.workbook"
_LONGEST_TOKEN = 20_000


def workbook_bytes(filing: Filing) -> bytes:
    """The .xlsx that the agency of this filing downloads: its forms, filled with the draft as it stands."""
    forms = content.forms_for(filing.obligation)
    sheets = [sheet for form in forms for sheet in _sheets_of(form, filing)]
    return write_workbook(
        sheets,
        token=identity_token(filing.obligation, forms, filing.revision),
        instructions=_instructions(filing.obligation, forms, [one.name for one in sheets if one.numbers_only]),
        made_at=clock.now(),
    )


def workbook_name(filing: Filing) -> str:
    """The file name to offer: agency code, window, .xlsx."""
    obligation = filing.obligation
    window = obligation.cycle.window
    return f"{obligation.agency.code}-{window.start:%Y%m%d}-{window.end:%Y%m%d}.xlsx".replace("/", "-")


def identity_token(obligation: Obligation, forms: content.Forms, revision: int | None = None) -> str:
    """Whom the workbook is for, which form versions it holds and which revision of the draft, signed by us."""
    payload = {
        "obligation": obligation.pk,
        "agency": obligation.agency_id,
        "agency_name": obligation.agency.name,
        "cycle": obligation.cycle_id,
        "cycle_label": obligation.cycle.label,
        "forms": {form.code: [form.version, form.sha256] for form in forms},
        "revision": revision,
    }
    return signing.dumps(payload, salt=_SALT, compress=True)


@dataclass(frozen=True)
class ReadWorkbook:
    """An uploaded workbook that is this filing's own: every entry cell's value (None for blank), and its problems.

    `typed` are the totals of the agency's own paper, by computed cell, of the forms whose sheet for them is there.
    `revision` is that of the draft it was handed out with; None where it does not say.
    """

    entries: dict[str, Any]
    problems: list[CellProblem]
    typed: dict[str, Any] = field(default_factory=dict)
    revision: int | None = None


def read_filing_workbook(filing: Filing, uploaded: bytes) -> ReadWorkbook:
    """What the file says of this filing's cells; UnreadableWorkbook when it is no workbook, or not this filing's."""
    opened = open_workbook(uploaded)
    forms = content.forms_for(filing.obligation)
    said = identity_of(opened)
    check_identity(filing.obligation, forms, said)
    return read_forms(forms, opened, said)


def read_forms(forms: content.Forms, opened: OpenedWorkbook, said: Mapping[str, Any]) -> ReadWorkbook:
    """What an open workbook with this identity says of the cells of these forms, whoever's it is."""
    with_totals = tuple(form for form in forms if form.total_cells and _totals_name(form) in opened.sheets)
    found = read_cells(opened, [*map(_blank_sheet, forms), *map(_blank_totals_sheet, with_totals)])
    typed, not_numbers = _typed_totals(with_totals, found)
    entries = _blank_entries(forms) | found.values | found.texts
    problems = found.problems + not_numbers + _typed_over(forms, entries, found)
    return ReadWorkbook(entries, problems, typed, said.get("revision"))


def _typed_totals(forms: content.Forms, found: WorkbookCells) -> tuple[dict[str, Any], list[CellProblem]]:
    """The totals on these forms' sheets for them, taken out of the values found; words stand for none of them."""
    typed: dict[str, Any] = {}
    problems = []
    for form in forms:
        for cell in form.total_cells:
            value = found.values.pop(f"{_totals_name(form)}.{cell}", None)
            if isinstance(value, str):
                told = ("Ô này ghi số tổng trên giấy, không ghi KTCN, CCSL.", "Nhập số, hoặc để trống.")
                problems.append(CellProblem(*typed_place_of(form, cell), *told))
            typed[f"{form.code}.{cell}"] = value
    return typed, problems


def _sheets_of(form: FormSpec, filing: Filing) -> list[WorkSheet]:
    """The sheet of the form and, where totals are wanted or were typed, the one for the totals on paper."""
    held = {cell: filing.typed.get(f"{form.code}.{cell}") for cell in form.total_cells}
    wanted = form.typed_totals or any(value is not None for value in held.values())
    sheet = sheet_of(form, filing)
    return [sheet, _totals_sheet(form, sheet, held)] if wanted else [sheet]


def _totals_sheet(form: FormSpec, sheet: WorkSheet, held: Mapping[str, Any]) -> WorkSheet:
    """The lines and columns of the form that have a total, open where they do."""
    lines, columns = (frozenset(codes) for codes in zip(*(cell.split(".") for cell in form.total_cells), strict=True))
    return replace(
        sheet,
        name=_totals_name(form),
        title=f"{sheet.title}: số tổng trên giấy",
        columns=tuple(column for column in sheet.columns if column.code in columns),
        rows=tuple(row for row in sheet.rows if row.code in lines),
        cells={cell: WorkCell(held.get(cell)) for cell in form.total_cells},
        numbers_only=True,
    )


def _totals_name(form: FormSpec) -> str:
    return f"{form.code} trên giấy"


def place_of(form: FormSpec, cell: str) -> tuple[str, str]:
    """The sheet and the address at which a cell of the form is entered."""
    return form.code, cell_address(*_blank_sheet(form).places[cell])


def typed_place_of(form: FormSpec, cell: str) -> tuple[str, str]:
    """The sheet and the address at which the paper's total beside a computed cell is typed."""
    return _totals_name(form), cell_address(*_blank_totals_sheet(form).places[cell])


def sheet_of(form: FormSpec, filing: Filing) -> WorkSheet:
    """One form as a sheet, filled with what the draft holds."""
    obligation = filing.obligation
    held = content.document_of(form, filing.cells, filing.sections)
    columns, rows, formulas = _layout(form)
    unit = f" · Đơn vị tính: {form.unit}" if form.unit else ""
    return WorkSheet(
        name=form.code,
        title=_title(form),
        mark=form.mark,
        facts=f"{obligation.agency.name} · {obligation.cycle.label} ({window_text(obligation.cycle.window)}){unit}",
        columns=columns,
        rows=rows,
        cells={cell: WorkCell(held.get(cell), formulas.get(cell)) for cell in form.cells},
    )


def _title(form: FormSpec) -> str:
    return f"Biểu {form.code}. {form.title}"


@lru_cache(maxsize=64)
def _blank_sheet(form: FormSpec) -> WorkSheet:
    """The form as a sheet that is only read: it says where each cell stands, not what it holds nor whose it is."""
    columns, rows, formulas = _layout(form)
    cells = {cell: WorkCell(None, formulas.get(cell)) for cell in form.cells}
    return WorkSheet(form.code, _title(form), form.mark, facts="", columns=columns, rows=rows, cells=cells)


@lru_cache(maxsize=64)
def _blank_totals_sheet(form: FormSpec) -> WorkSheet:
    return _totals_sheet(form, _blank_sheet(form), {})


@lru_cache(maxsize=256)
def _blank_entries(forms: content.Forms) -> dict[str, Any]:
    """Every cell to fill in by its whole code, blank."""
    return {f"{form.code}.{cell}": None for form in forms for cell in form.input_cells}


@lru_cache(maxsize=64)
def _layout(form: FormSpec) -> tuple[tuple[WorkColumn, ...], tuple[WorkRow, ...], Mapping[str, str]]:
    """The columns, lines and spreadsheet formulas of a form; the same for every agency."""
    places = cell_places(tuple(row.code for row in form.rows), tuple(column.code for column in form.columns))
    addresses = {cell: cell_address(*places[cell]) for cell in form.cells}
    return (
        tuple(WorkColumn(column.code, column.name, column.type, column.group) for column in form.columns),
        tuple(WorkRow(row.code, row.name, row.indent) for row in form.rows),
        {
            cell: spreadsheet_formula(tree, addresses, percent=form.cells[cell][1].type == "percent")
            for cell, tree in form.formulas.items()
        },
    )


def identity_of(opened: OpenedWorkbook) -> dict[str, Any]:
    """What the signed token says; UnreadableWorkbook when there is none, or it is not ours."""
    token = opened.token
    if not token or len(token) > _LONGEST_TOKEN:
        raise UnreadableWorkbook(
            "Tệp không có mã nhận dạng của hệ thống. Tải mẫu của đơn vị từ trang báo cáo, nhập vào đó rồi tải lên."
        )
    try:
        return dict(signing.loads(token, salt=_SALT))
    except signing.BadSignature:
        raise UnreadableWorkbook(
            "Mã nhận dạng trong tệp đã bị sửa hoặc do hệ thống khác cấp. Tải lại mẫu từ trang báo cáo này."
        ) from None


def check_identity(obligation: Obligation, forms: content.Forms, said: Mapping[str, Any]) -> None:
    """UnreadableWorkbook unless what the token says is this obligation, with these versions of its forms."""
    if said["agency"] != obligation.agency_id:
        raise UnreadableWorkbook(
            f"Tệp này của {said['agency_name']}, không phải của {obligation.agency.name}. Chọn đúng tệp của đơn vị."
        )
    if said["cycle"] != obligation.cycle_id or said["obligation"] != obligation.pk:
        raise UnreadableWorkbook(
            f"Tệp này là mẫu của kỳ “{said['cycle_label']}”, không phải kỳ “{obligation.cycle.label}”. Chọn đúng tệp."
        )
    if said["forms"].keys() != {form.code for form in forms}:
        raise UnreadableWorkbook(
            f"Tệp này gồm biểu {', '.join(said['forms'])}; kỳ này đơn vị báo cáo biểu "
            f"{', '.join(form.code for form in forms)}. Tải mẫu mới, chép số liệu sang rồi tải lên lại."
        )
    if said["forms"] != {form.code: [form.version, form.sha256] for form in forms}:
        raise UnreadableWorkbook(
            "Biểu mẫu đã có phiên bản mới từ khi tải tệp này. Tải mẫu mới, chép số liệu sang rồi tải lên lại."
        )


def _typed_over(forms: content.Forms, entries: Mapping[str, Any], found: WorkbookCells) -> list[CellProblem]:
    """Totals typed over a formula, where they differ from what the form computes."""
    problems: list[CellProblem] = []
    for form in forms:
        mine = {code: item for code, item in found.typed.items() if code.startswith(f"{form.code}.")}
        if not mine:
            continue
        computed = content.with_computed((form,), {code: value for code, value in entries.items() if value is not None})
        problems += [problem for code, (problem, typed) in mine.items() if not _is_computed(typed, computed.get(code))]
    return problems


def _is_computed(typed: object, computed: object) -> bool:
    """Whether what was typed over a formula is what the form computes, which has six decimals."""
    numbers = isinstance(typed, int | float) and isinstance(computed, int | float)
    return abs(typed - computed) < 1e-5 if numbers else typed == computed  # type: ignore[operator]


def _instructions(obligation: Obligation, forms: content.Forms, for_totals: Sequence[str]) -> list[str]:
    cycle = obligation.cycle
    due = "trước ngày" if cycle.strict else "chậm nhất ngày"
    return [
        f"Phiếu số liệu của {obligation.agency.name}",
        f"Kỳ: {cycle.label}, số liệu {window_text(cycle.window)}. Nộp {due} {short_date(obligation.due.on)}.",
        f"Tải về lúc {clock.now().astimezone(VIET_NAM):%H:%M ngày %d/%m/%Y}, gồm số liệu đã lưu tới lúc đó.",
        "Biểu trong tệp: " + "; ".join(f"{form.code}. {form.title}" for form in forms) + ".",
        *dict.fromkeys(f"Lưu ý: biểu {form.mark}." for form in forms if form.mark),
        "Nhập số vào ô trắng. Ô xám in đậm tự tính, không gõ đè. Ô xám đặc: biểu không có ô này.",
        "Bốn điều khác nhau: để trống là chưa nhập; 0 là không phát sinh; KTCN là không thuộc chức năng; "
        "CCSL là chưa có số liệu.",
        "Số đếm là số nguyên không âm. Không gõ dấu chấm phân cách hàng nghìn, không gõ công thức.",
        *[
            f"Trang “{name}”: ghi số tổng trên sổ hoặc báo cáo giấy của đơn vị để đối chiếu với tổng tự tính; hai số "
            "khác nhau thì giải trình khi gửi."
            for name in for_totals
        ],
        "Không chèn, xoá, gộp hay sắp xếp dòng, cột; không đổi tên trang tính; không thêm trang tính.",
        "Nhập xong, lưu dạng .xlsx rồi tải lên ở trang báo cáo. Hệ thống liệt kê từng ô cần sửa, cho xem những ô sẽ "
        "đổi và chưa lưu gì cho tới khi được xác nhận.",
        *[f"Ghi chú {form.code}: {form.note}" for form in forms if form.note],
    ]
