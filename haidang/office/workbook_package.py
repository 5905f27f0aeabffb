"""Opening a .xlsx that a stranger may have made: bounded, without macros, links or entities.

What passes is kept part by part; a library gets it packed anew, uncompressed and with true sizes. A size that lies in
the zip directory or a part nobody checked never reaches it.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from functools import cached_property, lru_cache

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
SAVE_AGAIN = "Mở tệp mẫu tải từ hệ thống bằng Excel hoặc LibreOffice, lưu lại dạng .xlsx rồi tải lên."


@dataclass(frozen=True)
class SafePackage:
    """The parts that may be read, by name."""

    parts: dict[str, bytes]

    @cached_property
    def packed(self) -> bytes:
        """The same parts as a package of their own, for a library to read."""
        return _pack(self.parts)


def open_package(content: bytes) -> SafePackage:
    """The checked package; UnreadableWorkbook, with the reason and what to do, for anything that is not plain .xlsx."""
    _check_outside(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = _unpack(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise UnreadableWorkbook(f"Tệp bị hỏng hoặc chưa tải hết. {SAVE_AGAIN}") from error
    _check_type(parts)
    return SafePackage(parts)


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
        raise UnreadableWorkbook(f"Tệp không phải bảng tính .xlsx. {SAVE_AGAIN}")


def _unpack(archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if len(entries) > MOST_PARTS or len(set(names)) != len(names):
        raise UnreadableWorkbook(f"Tệp có cấu trúc lạ, không phải do Excel hay LibreOffice lưu. {SAVE_AGAIN}")
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
        raise UnreadableWorkbook(f"Tệp không phải bảng tính .xlsx. {SAVE_AGAIN}")
    # Entities can be declared in a document type only.
    if any(b"<!DOCTYPE" in data for data in parts.values()):
        raise UnreadableWorkbook(f"Tệp có khai báo XML không được phép. {SAVE_AGAIN}")


def _pack(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return buffer.getvalue()
