"""Reading a filled workbook back: every cell judged, every problem named with its place and a proposal."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cached_property, lru_cache
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook

from haidang.kernel.numbers import format_number, parse_number
from haidang.kernel.text import bare, squeeze
from haidang.office.workbook import (
    CODE_ROW,
    FIRST_COLUMN,
    FIRST_ROW,
    IDENTITY_SHEET,
    INSTRUCTIONS_SHEET,
    NOT_APPLICABLE_WORD,
    NOT_AVAILABLE_WORD,
    CellProblem,
    UnreadableWorkbook,
    WorkbookCells,
    WorkSheet,
    cell_address,
)
from haidang.office.workbook_package import MOST_COLUMNS, MOST_ROWS, SafePackage, open_package, split_address
from haidang.office.workbook_sheets import (
    LARGEST_KEPT,
    CellError,
    SheetContent,
    Strings,
    may_hold_dates,
    plain_strings,
    read_plainly,
    scan,
)

LARGEST = 10**12
LONGEST_TEXT = 20_000
_WORDS = {
    "ktcn": "na",
    "khong thuoc chuc nang": "na",
    "na": "na",
    "ccsl": "nd",
    "chua co so lieu": "nd",
    "nd": "nd",
}
_NOTHING = frozenset({"khong", "khong co", "khong phat sinh", "khong co phat sinh"})
_THOUSANDS_BY_COMMA = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+")
_NUMBER_AND_WORDS = re.compile(r"([0-9][0-9., ]*?) ?[^\W\d_].*")
# How far a whole number worked out in binary fractions lies from itself at most.
_BINARY_REST = 1e-9
_LOOKALIKES = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1"})
_STATES = f"{NOT_APPLICABLE_WORD} (không thuộc chức năng), {NOT_AVAILABLE_WORD} (chưa có số liệu), hoặc để trống"

Row = list[object]


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
    for name in opened.sheets:
        if name not in expected:
            found.problems.append(
                CellProblem(
                    name, "", "Trang tính này không có trong mẫu.", "Xoá hoặc đổi lại đúng tên, rồi tải lên lại."
                )
            )
    for sheet in sheets:
        _read_sheet(opened, sheet, found)
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
        proposal = f"Thay bằng số {_shown(raw)}." if isinstance(raw, int | float) else "Thay bằng số đã tính."
        where = cell_address(down, across)
        found.problems.append(CellProblem(sheet.name, where, "Ô nhập số đang chứa công thức.", proposal))


def _stray(sheet: WorkSheet, address: str, raw: object, *, inside: bool) -> CellProblem:
    """A value outside the form, or where the form has no cell: somebody meant it, so it is not passed over."""
    why = "Biểu không có ô này" if inside else "Ô này nằm ngoài biểu"
    return CellProblem(sheet.name, address, f"{why} nhưng đang có “{_short(_shown(raw))}”.", "Xoá.")


def _take(sheet: WorkSheet, code: str, address: str, raw: object, found: WorkbookCells) -> None:
    full, kind = f"{sheet.name}.{code}", sheet.kinds[code.rpartition(".")[2]]
    if kind == "text":
        if isinstance(raw, CellError):
            found.problems.append(CellProblem(sheet.name, address, f"Ô đang báo lỗi {raw}.", "Nhập lại nội dung."))
            return
        text = _shown(raw).replace("\r\n", "\n").replace("\r", "\n").strip()
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


class NotAValue(ValueError):
    """What stands in a cell cannot be its value; `problem` and `proposal` are for the person who filled it."""

    def __init__(self, problem: str, proposal: str) -> None:
        super().__init__(f"{problem} {proposal}")
        self.problem = problem
        self.proposal = proposal


def read_value(raw: object, *, whole: bool) -> int | float | str | None:
    """The value of one entry: a number not below 0 (`whole`: a count), "na", "nd", or None for blank; else NotAValue.

    Digits typed as text are taken; a text with separators is not, because a point may mean either thing.
    """
    if isinstance(raw, bool):
        raise NotAValue("Ô chứa TRUE/FALSE, không phải số.", f"Nhập số, {_STATES}.")
    if isinstance(raw, int | float):
        return check_number(raw, whole=whole)
    if isinstance(raw, CellError):
        raise NotAValue(f"Ô đang báo lỗi {raw}.", f"Xoá, rồi nhập số, {_STATES}.")
    if isinstance(raw, date | time | timedelta):
        raise NotAValue(f"Ô đã bị đổi thành ngày giờ ({raw}).", "Đặt định dạng ô là Số (Number) rồi nhập lại số.")
    return _read_words(str(raw), whole=whole)


def check_number(number: float | int, *, whole: bool) -> int | float:
    """The number, as an integer when it is whole; NotAValue when negative, too large, or a fraction in a count."""
    if isinstance(number, float) and not math.isfinite(number):
        raise NotAValue("Ô chứa một số không xác định.", "Nhập lại số.")
    if number < 0:
        raise NotAValue(f"Số âm ({_shown(number)}).", f"Nhập số không âm: {_shown(abs(number))} hoặc để trống.")
    if number > LARGEST:
        raise NotAValue("Số quá lớn.", f"Số lớn nhất nhận được là {format_number(LARGEST)}; kiểm tra đơn vị tính.")
    if number == int(number):
        return int(number)
    if whole and abs(number - round(number)) <= _BINARY_REST * number:
        return round(number)
    if whole:
        raise NotAValue(f"Số lẻ ({_shown(number)}) trong ô đếm.", "Nhập số nguyên.")
    return number


def _read_words(text: str, *, whole: bool) -> int | float | str | None:
    words = squeeze(text)
    if not words:
        return None
    if state := _WORDS.get(bare(words)):
        return state
    if re.fullmatch(r"[0-9]+", words):
        return check_number(int(words) if len(words) <= 15 else math.inf, whole=whole)
    if re.fullmatch(r"[-–—−]+|[.…]+|[xX]", words):
        raise NotAValue(f"Dấu “{words}” chưa rõ nghĩa.", f"Nhập 0 nếu không phát sinh; {_STATES} nếu chưa nhập.")
    raise _not_a_number(words, whole=whole)


def _not_a_number(words: str, *, whole: bool) -> NotAValue:
    """What to say of words in a number cell; what is proposed would be taken."""
    shown = f"“{_short(words)}”"
    if bare(words) in _NOTHING:
        return NotAValue(f"{shown} là chữ, không phải số.", f"Nhập 0 nếu không phát sinh; {_STATES} nếu chưa nhập.")
    if _THOUSANDS_BY_COMMA.fullmatch(words):
        thousands = f"Nhập lại dạng số: {words.replace(',', '')} nếu dấu phẩy phân cách hàng nghìn."
        return NotAValue(f"{shown} là chữ, không phải số.", thousands)
    if (number := _parsed(words)) is not None:
        return NotAValue(f"{shown} là chữ, không phải số.", _proposed("Nhập lại dạng số: {}.", number, whole=whole))
    if (number := _parsed(words.translate(_LOOKALIKES))) is not None:
        proposal = _proposed("Có phải là {}? Nhập lại số.", number, whole=whole)
        return NotAValue(f"{shown} có chữ cái lẫn trong số.", proposal)
    beside = _NUMBER_AND_WORDS.fullmatch(words)
    if beside and (number := _parsed(beside[1])) is not None:
        return NotAValue(f"{shown} có chữ đi kèm số.", _proposed("Chỉ nhập số: {}.", number, whole=whole))
    return NotAValue(f"Không hiểu {shown}.", f"Nhập số, {_STATES}.")


def _parsed(words: str) -> int | float | None:
    try:
        return parse_number(words)
    except ValueError:
        return None


def _proposed(sentence: str, number: int | float, *, whole: bool) -> str:
    """The sentence with the number, or what to do where it would be refused as well."""
    try:
        return sentence.format(_plain(check_number(number, whole=whole)))
    except NotAValue as error:
        return f"{error.problem} {error.proposal}"


def _structure_problems(sheet: WorkSheet, there: SheetContent) -> list[CellProblem]:
    """The first sign, if any, that rows or columns are not where they were: nothing there can be trusted then."""
    down_to, across_to = FIRST_ROW + len(sheet.rows), FIRST_COLUMN + len(sheet.columns)
    for merged in there.merged:
        (top, left), (bottom, _right) = _corners(merged)
        # Nothing is read above the codes.
        if bottom >= CODE_ROW and top < down_to and left < across_to:
            return [CellProblem(sheet.name, merged, "Có ô bị gộp (merge).", "Bỏ gộp ô, hoặc nhập lại trên mẫu mới.")]
    if sheet.printed_codes.items() <= there.values.items():
        return []
    for address, code in sheet.printed_codes.items():
        shown = there.values.get(address, "")
        if shown != code and squeeze(_shown(shown)) != code:
            kind = "cột" if split_address(address)[0] == CODE_ROW else "dòng"
            return [_moved(sheet, address, kind, code, squeeze(_shown(shown)))]
    return []


def _moved(sheet: WorkSheet, address: str, kind: str, expected: str, there: str) -> CellProblem:
    seen = f"đang là “{_short(there)}”" if there else "đang trống"
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


def _shown(raw: object) -> str:
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return _plain(raw)
    if isinstance(raw, date):
        return f"{raw:%d/%m/%Y}"
    return str(raw)


def _plain(number: float | int) -> str:
    """The number as it is typed into a cell: no thousands separator, a comma for decimals."""
    if isinstance(number, float) and number.is_integer() and abs(number) < LARGEST * 1000:
        number = int(number)
    return str(number).replace(".", ",")


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"


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
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise UnreadableWorkbook("Tệp bị hỏng. Lưu lại bằng Excel hoặc LibreOffice rồi tải lên.") from error
    return found
