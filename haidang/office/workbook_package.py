"""Opening a .xlsx that a stranger may have made: bounded, without macros, links or entities.

What passes is packed anew, uncompressed and with true sizes, and only that is handed to the reader: a size that lies
in the zip directory, a part nobody checked or a cell in the millionth row never reaches it.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from functools import lru_cache
from xml.parsers import expat

from haidang.office.workbook import UnreadableWorkbook

MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED = 40 * 1024 * 1024
MOST_PARTS = 200
MOST_ROWS = 2_000
MOST_COLUMNS = 200
MOST_CELLS = 200_000

_OLD_FORMAT = b"\xd0\xcf\x11\xe0"
_MAIN_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_KEPT = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/(workbook|sharedStrings|styles)\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/worksheets/[\w.-]+\.xml"
)
_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
# A cell within bounds (columns to GZ, rows to 1999), written the way spreadsheet programs write it.
_PLAIN_CELL = re.compile(rb'<c r="[A-G]?[A-Z]1?[0-9]{1,3}"')
_PLAIN_FORMULA = re.compile(rb'<c r="([A-Z]{1,3}[1-9][0-9]{0,6})"[^<>]*><f[ />]')
_PLAIN_MERGE = re.compile(rb'<mergeCell ref="([A-Z0-9:]+)"')
_ANY_CELL = re.compile(rb"<c[\s/>]")
_ANY_FORMULA = re.compile(rb"<f[\s/>]")
# Comments, character data sections and prefixed names: whatever would let a cell hide from the patterns above.
_UNUSUAL = re.compile(rb"<[\w.-]+:(?:c|f|mergeCell)[\s/>]|<mergeCell\s(?!ref=\")")
_SAVE_AGAIN = "Mở tệp mẫu tải từ hệ thống bằng Excel hoặc LibreOffice, lưu lại dạng .xlsx rồi tải lên."


@dataclass
class SheetScan:
    """What the XML of one sheet shows before anything interprets it: where formulas stand, and merged ranges."""

    formulas: set[tuple[int, int]] = field(default_factory=set)
    merged: list[str] = field(default_factory=list)
    cells: int = 0


@dataclass(frozen=True)
class SafePackage:
    """The parts that may be read, packed anew, and the scan of each sheet by its part name."""

    content: bytes
    parts: dict[str, bytes]
    scans: dict[str, SheetScan]


def open_package(content: bytes) -> SafePackage:
    """The checked package; UnreadableWorkbook, with the reason and what to do, for anything that is not plain .xlsx."""
    _check_outside(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = _unpack(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise UnreadableWorkbook(f"Tệp bị hỏng hoặc chưa tải hết. {_SAVE_AGAIN}") from error
    _check_type(parts)
    scans = {name: _scan(data) for name, data in parts.items() if name.startswith("xl/worksheets/")}
    return SafePackage(_pack(parts), parts, scans)


@lru_cache(maxsize=4096)
def split_address(address: str) -> tuple[int, int]:
    """Zero-based row and column of "C7"; ValueError for anything else."""
    match = _ADDRESS.fullmatch(address)
    if match is None:
        raise ValueError(f"not a cell address: {address!r}")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, column - 1


def _check_outside(content: bytes) -> None:
    if not content:
        raise UnreadableWorkbook("Tệp rỗng. Chọn lại tệp bảng tính đã nhập số liệu.")
    if len(content) > MOST_BYTES:
        raise UnreadableWorkbook(
            f"Tệp lớn hơn {MOST_BYTES // 1024 // 1024} MB nên không phải bảng tính của hệ thống. Tải mẫu và nhập lại."
        )
    if content.startswith(_OLD_FORMAT):
        raise UnreadableWorkbook(
            "Tệp là Excel dạng cũ (.xls) hoặc có đặt mật khẩu. Mở bằng Excel, bỏ mật khẩu, lưu dạng .xlsx rồi tải lên."
        )
    if not content.startswith(b"PK\x03\x04"):
        raise UnreadableWorkbook(f"Tệp không phải bảng tính .xlsx. {_SAVE_AGAIN}")


def _unpack(archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if len(entries) > MOST_PARTS or len(set(names)) != len(names):
        raise UnreadableWorkbook(f"Tệp có cấu trúc lạ, không phải do Excel hay LibreOffice lưu. {_SAVE_AGAIN}")
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnreadableWorkbook("Tệp có đặt mật khẩu. Bỏ mật khẩu rồi tải lên lại.")
    if any("vbaproject" in name.lower() or name.lower().startswith("xl/macrosheets") for name in names):
        raise UnreadableWorkbook("Tệp có chứa macro nên không được nhận. Lưu lại dạng .xlsx (không macro) rồi tải lên.")
    if any(name.lower().startswith("xl/externallinks") for name in names):
        raise UnreadableWorkbook("Tệp có liên kết tới tệp khác. Thay bằng số đã tính, bỏ liên kết rồi tải lên lại.")
    parts: dict[str, bytes] = {}
    room = MOST_UNPACKED
    for entry in entries:
        if _KEPT.fullmatch(entry.filename):
            with archive.open(entry) as stream:
                data = stream.read(room + 1)
            room -= len(data)
            if room < 0:
                raise UnreadableWorkbook(
                    "Nội dung tệp khi giải nén quá lớn nên bị từ chối. Tải lại mẫu từ hệ thống và nhập lại."
                )
            parts[entry.filename] = data
    return parts


def _check_type(parts: dict[str, bytes]) -> None:
    types = parts.get("[Content_Types].xml", b"")
    if b"macroEnabled" in types or b"vbaProject" in types:
        raise UnreadableWorkbook("Tệp có chứa macro nên không được nhận. Lưu lại dạng .xlsx (không macro) rồi tải lên.")
    if _MAIN_TYPE not in types or "xl/workbook.xml" not in parts:
        raise UnreadableWorkbook(f"Tệp không phải bảng tính .xlsx. {_SAVE_AGAIN}")
    if any(b"<!DOCTYPE" in data or b"<!ENTITY" in data for data in parts.values()):
        raise UnreadableWorkbook(f"Tệp có khai báo XML không được phép. {_SAVE_AGAIN}")


def _pack(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return buffer.getvalue()


def _scan(data: bytes) -> SheetScan:
    """Cells with a formula and merged ranges of one sheet; refuses a sheet larger than any form.

    The sheets that Excel, LibreOffice and we ourselves write are plain enough for patterns, which is ten times as quick
    as a parser; as soon as anything is written otherwise, the parser decides.
    """
    cells = len(_PLAIN_CELL.findall(data))
    formulas = _PLAIN_FORMULA.findall(data)
    plain = (
        cells == len(_ANY_CELL.findall(data))
        and len(formulas) == len(_ANY_FORMULA.findall(data))
        and b"<!" not in data
        and not _UNUSUAL.search(data)
    )
    if not plain:
        return _scan_by_parser(data)
    _check_bounds("A1", cells)
    merged = [ref.decode() for ref in _PLAIN_MERGE.findall(data)] if b"<mergeCell" in data else []
    return SheetScan({split_address(address.decode()) for address in formulas}, merged, cells)


def _scan_by_parser(data: bytes) -> SheetScan:
    scan = SheetScan()
    here = ""

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal here
        name = tag.rpartition(":")[2]
        if name == "c":
            here = attributes.get("r", "")
            scan.cells += 1
            _check_bounds(here, scan.cells)
        elif name == "f":
            scan.formulas.add(split_address(here))
        elif name == "mergeCell":
            scan.merged.append(attributes.get("ref", ""))

    def refuse(*_: object) -> None:
        raise UnreadableWorkbook(f"Tệp có khai báo XML không được phép. {_SAVE_AGAIN}")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError) as error:
        raise UnreadableWorkbook(f"Tệp bị hỏng: có trang tính không đọc được. {_SAVE_AGAIN}") from error
    return scan


def _check_bounds(address: str, cells: int) -> None:
    row, column = split_address(address)
    if row >= MOST_ROWS or column >= MOST_COLUMNS or cells > MOST_CELLS:
        raise UnreadableWorkbook(
            f"Có ô {address} nằm ngoài vùng của biểu ({MOST_ROWS} dòng, {MOST_COLUMNS} cột). "
            "Xoá các dòng, cột thừa rồi tải lên lại."
        )
