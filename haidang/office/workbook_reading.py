"""Reading a filled workbook back: every cell judged, every problem named with its place and a proposal."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from unicodedata import normalize
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook

from haidang.kernel.numbers import format_number
from haidang.kernel.text import squeeze
from haidang.office.workbook import (
    CODE_ROW,
    FIRST_COLUMN,
    FIRST_ROW,
    IDENTITY_SHEET,
    INSTRUCTIONS_SHEET,
    TITLE_ROW,
    CellProblem,
    UnreadableWorkbook,
    WorkbookCells,
    WorkSheet,
    cell_address,
)
from haidang.office.workbook_package import (
    MOST_COLUMNS,
    MOST_ROWS,
    SAVE_AGAIN,
    SafePackage,
    open_package,
    split_address,
)
from haidang.office.workbook_sheets import (
    LARGEST_KEPT,
    CellError,
    SheetContent,
    Strings,
    may_hold_dates,
    plain_strings,
    read_plainly,
    refuse_doctype,
    scan,
)
from haidang.office.workbook_values import LARGEST, NotAValue, as_shown, read_value, shortened

LONGEST_TEXT = 20_000
# Whoever has this many places to put right starts anew.
MOST_PROBLEMS = 1_000

Row = list[object]
_TITLE = cell_address(TITLE_ROW, 0)


@dataclass(frozen=True)
class OpenedWorkbook:
    """A workbook that passed the checks of its package; sheets are read on demand. `sheets` maps names to parts."""

    package: SafePackage
    sheets: Mapping[str, str]

    @cached_property
    def token(self) -> str:
        """The signed identity on the hidden sheet; "" when the workbook carries none."""
        if IDENTITY_SHEET not in self.sheets:
            return ""
        values = self.sheet(IDENTITY_SHEET).values
        return "".join(str(text) for address, text in values.items() if address[0] == "A" and address[1:].isdecimal())

    def sheet(self, name: str) -> SheetContent:
        """What stands on a sheet: read by patterns where it is plain, else by the library."""
        part = self.sheets.get(name, "")
        if part not in self.package.parts:
            raise UnreadableWorkbook(f"Không đọc được trang tính “{name}”. Tải lại mẫu từ hệ thống và nhập lại.")
        strings = self._strings
        plain = read_plainly(self.package.parts[part], strings) if strings is not None else None
        return plain or self._slowly(name, part)

    def rows_of(self, name: str) -> list[Row]:
        """The values of a sheet from A1 on as a library reads them, those of formulas too; blank cells are ""."""
        try:
            return self._book.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=MOST_ROWS)  # type: ignore[return-value]
        except CalamineError as error:
            raise UnreadableWorkbook(f"Không đọc được trang tính “{name}”. Lưu lại tệp rồi tải lên.") from error

    def _slowly(self, name: str, part: str) -> SheetContent:
        found = scan(self.package.parts[part])
        for down, row in enumerate(self.rows_of(name)):
            for across, raw in enumerate(row):
                if raw != "" and (address := cell_address(down, across)) not in found.formulas:
                    found.values[address] = raw
        return found

    @cached_property
    def _strings(self) -> Strings | None:
        """The shared texts; None when the workbook is to be left to the library."""
        if may_hold_dates(self.package.parts.get("xl/styles.xml", b"")):
            return None
        return plain_strings(self.package.parts.get("xl/sharedStrings.xml", b""))

    @cached_property
    def _book(self) -> CalamineWorkbook:
        # The library makes room for every cell up to the last one: no sheet may reach beyond any form.
        for part in self.sheets.values():
            if part in self.package.parts:
                scan(self.package.parts[part])
        try:
            return CalamineWorkbook.from_filelike(io.BytesIO(self.package.packed))
        except (CalamineError, OSError, ValueError) as error:
            raise UnreadableWorkbook(
                "Không đọc được bảng tính trong tệp. Mở bằng Excel hoặc LibreOffice, lưu lại dạng .xlsx rồi tải lên."
            ) from error


def open_workbook(content: bytes) -> OpenedWorkbook:
    """The workbook in an uploaded file; UnreadableWorkbook when it is not a plain, bounded .xlsx."""
    package = open_package(content)
    return OpenedWorkbook(package, _sheet_parts(package))


def read_cells(opened: OpenedWorkbook, sheets: Sequence[WorkSheet]) -> WorkbookCells:
    """The values of every entry cell of these forms, and every problem; a sheet that was restructured is not read."""
    found = WorkbookCells()
    expected = {sheet.name for sheet in sheets} | {IDENTITY_SHEET, INSTRUCTIONS_SHEET}
    found.problems.extend(
        CellProblem(name, "", "Trang tính này không có trong mẫu.", "Xoá hoặc đổi lại đúng tên, rồi tải lên lại.")
        for name in opened.sheets
        if name not in expected
    )
    for sheet in sheets:
        _read_sheet(opened, sheet, found)
    if len(found.problems) > MOST_PROBLEMS:
        more = CellProblem(found.problems[-1].sheet, "", "Còn nhiều chỗ sai nữa.", "Tải mẫu mới và nhập lại.")
        found.problems[MOST_PROBLEMS:] = [more]
    return found


def _read_sheet(opened: OpenedWorkbook, sheet: WorkSheet, found: WorkbookCells) -> None:
    if sheet.name not in opened.sheets:
        found.problems.append(
            CellProblem(sheet.name, "", "Thiếu trang tính này (đã xoá hoặc đổi tên).", "Đặt lại đúng tên như mẫu.")
        )
        return
    there = opened.sheet(sheet.name)
    restructured = _structure_problems(sheet, there)
    if restructured:
        found.problems.extend(restructured)
        return
    _read_formulas(opened, sheet, there, found)
    numbers, quiet, typed = sheet.number_cells, sheet.quiet, there.values
    # Nearly all are plain counts, for which nothing is to be asked.
    counts = {at: raw for at in numbers if type(raw := typed.get(at)) is int and 0 <= raw <= LARGEST}
    found.values.update((numbers[at], raw) for at, raw in counts.items())
    for address in [at for at in typed if at not in counts and at not in quiet]:
        if len(found.problems) > MOST_PROBLEMS:
            return
        if typed[address] != "":
            _read_entry(sheet, address, typed[address], found)


def _read_entry(sheet: WorkSheet, address: str, raw: object, found: WorkbookCells) -> None:
    """One value, whatever it is and wherever it stands."""
    code = sheet.codes.get(address)
    cell = sheet.cells.get(code) if code else None
    if cell is None or code is None:
        down, across = split_address(address)
        inside_rows = down < FIRST_ROW + len(sheet.rows)
        if down >= FIRST_ROW and not (across < FIRST_COLUMN and inside_rows):
            found.problems.append(_stray(sheet, address, raw, inside=code is not None))
    elif cell.formula is None:
        _take(sheet, code, address, raw, found)
    else:
        problem = CellProblem(
            sheet.name,
            address,
            "Ô này hệ thống tự tính nhưng đã bị gõ đè.",
            "Xoá số đã gõ; sửa ở các ô thành phần.",
        )
        found.typed[f"{sheet.name}.{code}"] = (problem, raw)


def _read_formulas(opened: OpenedWorkbook, sheet: WorkSheet, there: SheetContent, found: WorkbookCells) -> None:
    """Formulas are the form's own; in an entry cell, or where the form has none, they are a problem."""
    if there.formulas <= sheet.formula_cells:
        return
    rows = opened.rows_of(sheet.name)
    for down, across in sorted(split_address(address) for address in there.formulas - sheet.formula_cells):
        raw = _at(rows, down, across)
        proposal = f"Thay bằng số {as_shown(raw)}." if isinstance(raw, int | float) else "Thay bằng số đã tính."
        where = cell_address(down, across)
        found.problems.append(CellProblem(sheet.name, where, "Ô này đang chứa công thức.", proposal))


def _stray(sheet: WorkSheet, address: str, raw: object, *, inside: bool) -> CellProblem:
    """A value outside the form, or where the form has no cell: somebody meant it, so it is not passed over."""
    why = "Biểu không có ô này" if inside else "Ô này nằm ngoài biểu"
    return CellProblem(sheet.name, address, f"{why} nhưng đang có “{shortened(as_shown(raw))}”.", "Xoá.")


def _take(sheet: WorkSheet, code: str, address: str, raw: object, found: WorkbookCells) -> None:
    full, kind = f"{sheet.name}.{code}", sheet.kinds[code.rpartition(".")[2]]
    if kind == "text":
        if isinstance(raw, CellError):
            found.problems.append(CellProblem(sheet.name, address, f"Ô đang báo lỗi {raw}.", "Nhập lại nội dung."))
            return
        text = normalize("NFC", as_shown(raw)).replace("\r\n", "\n").replace("\r", "\n").strip()
        if len(text) > LONGEST_TEXT:
            too_long = f"Dài hơn {format_number(LONGEST_TEXT)} ký tự."
            found.problems.append(CellProblem(sheet.name, address, too_long, "Rút gọn nội dung."))
        elif text:
            found.texts[full] = text
        return
    try:
        value = read_value(raw, whole=kind == "count")
    except NotAValue as error:
        found.problems.append(CellProblem(sheet.name, address, error.problem, error.proposal))
        return
    if value is not None:
        found.values[full] = value


def _structure_problems(sheet: WorkSheet, there: SheetContent) -> list[CellProblem]:
    """The first sign, if any, that rows or columns are not where they were: nothing there can be trusted then."""
    down_to, across_to = FIRST_ROW + len(sheet.rows), FIRST_COLUMN + len(sheet.columns)
    for merged in there.merged:
        (top, left), (bottom, _right) = _corners(merged)
        # Nothing is read above the codes.
        if bottom >= CODE_ROW and top < down_to and left < across_to:
            return [CellProblem(sheet.name, merged, "Có ô bị gộp (merge).", "Bỏ gộp ô, hoặc nhập lại trên mẫu mới.")]
    if not sheet.printed_codes.items() <= there.values.items():
        for address, code in sheet.printed_codes.items():
            shown = there.values.get(address, "")
            if shown != code and squeeze(as_shown(shown)) != code:
                kind = "cột" if split_address(address)[0] == CODE_ROW else "dòng"
                return [_moved(sheet, address, kind, code, squeeze(as_shown(shown)))]
    title = squeeze(as_shown(there.values.get(_TITLE, "")))
    return [] if title == squeeze(sheet.title) else [_other_form(sheet, title)]


def _other_form(sheet: WorkSheet, title: str) -> CellProblem:
    """Two forms may have the same lines and columns: the title tells which one a sheet is of."""
    seen = f"đang là “{shortened(title)}”" if title else "đang trống"
    return CellProblem(
        sheet.name,
        _TITLE,
        f"Tiêu đề phải là “{shortened(squeeze(sheet.title))}”, {seen}: trang này có thể của biểu khác.",
        "Đặt lại đúng tên và tiêu đề của trang, hoặc tải mẫu mới và nhập lại.",
    )


def _moved(sheet: WorkSheet, address: str, kind: str, expected: str, there: str) -> CellProblem:
    seen = f"đang là “{shortened(there)}”" if there else "đang trống"
    return CellProblem(
        sheet.name,
        address,
        f"Chỗ này phải là mã {kind} {expected}, {seen}: có {kind} bị chèn, xoá hoặc sắp xếp lại.",
        f"Đưa {kind} về đúng thứ tự của mẫu, hoặc tải mẫu mới và nhập lại.",
    )


def _corners(merged: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """The first and the last cell of a range; the whole sheet for what is no range."""
    first, _, last = merged.partition(":")
    try:
        return split_address(first), split_address(last or first)
    except ValueError:
        return (0, 0), (MOST_ROWS, MOST_COLUMNS)


def _at(rows: list[Row], down: int, across: int) -> object:
    if down >= len(rows) or across >= len(rows[down]):
        return ""
    return rows[down][across]


def _sheet_parts(package: SafePackage) -> Mapping[str, str]:
    """The part that holds each sheet, by the sheet's name."""
    relations, book = package.parts.get("xl/_rels/workbook.xml.rels", b""), package.parts["xl/workbook.xml"]
    known = len(relations) + len(book) <= LARGEST_KEPT
    return _parts_named(relations, book) if known else _parts_named.__wrapped__(relations, book)


@lru_cache(maxsize=64)
def _parts_named(relations: bytes, book: bytes) -> Mapping[str, str]:
    targets = {item.get("Id", ""): item.get("Target", "") for item in _elements(relations, "Relationship")}
    sheets: dict[str, str] = {}
    for item in _elements(book, "sheet"):
        if item.get("name", "") in sheets:
            raise UnreadableWorkbook(f"Tệp có hai trang tính cùng tên. {SAVE_AGAIN}")
        relation = next((value for key, value in item.items() if key.rpartition(":")[2] == "id"), "")
        target = targets.get(relation, "")
        sheets[item.get("name", "")] = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return sheets


def _elements(data: bytes, wanted: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == wanted:
            found.append(attributes)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse_doctype
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise UnreadableWorkbook("Tệp bị hỏng. Lưu lại bằng Excel hoặc LibreOffice rồi tải lên.") from error
    return found
