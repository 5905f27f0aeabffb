"""What one sheet of a checked .xlsx holds: values, where formulas stand, merged ranges.

Spreadsheet programs write sheets plainly enough for patterns, which read them ten times as quickly as a library that
makes every cell an object. Whatever is written otherwise (text inside the sheet, dates, prefixes, comments, cells
without an address) is not read by pattern at all: then a parser bounds it and the library reads it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from xml.parsers import expat
from xml.sax.saxutils import unescape

from haidang.office.workbook import UnreadableWorkbook
from haidang.office.workbook_package import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, SAVE_AGAIN, split_address

Strings = tuple[str, ...]

_MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_UTF_8 = re.compile(
    rb"""\s*(<\?xml(?:(?!encoding)[^>])*(encoding=["'](?i:utf-8)["'][^>]*)?\?>\s*)?<(worksheet|sst)[\s>]"""
)
_VALUE = re.compile(r'<c r="([A-Z]{1,3}[1-9][0-9]{0,6})"(?: s="[0-9]+")?(?: t="([ns])")?><v>([-+.0-9eE]{1,32})</v>')
_MERGE = re.compile(rb'<mergeCell ref="([A-Z0-9:]+)"')
_STRING = re.compile(r'<si><t(?: xml:space="preserve")?>([^<]*)</t></si>')
# What would let a cell, a formula or a value escape the patterns.
_UNUSUAL = ("<is>", "<is ", "<v ", "<f/", "<f\n", "<f\r", "<f\t", "/><v>", "xmlns")
_ENTITIES = {"&quot;": '"', "&apos;": "'"}
_DATES = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59), *range(71, 82)])


@dataclass(slots=True)
class SheetContent:
    """One sheet, by address ("C7"): what was typed (blank cells are absent), and which cells have a formula."""

    values: dict[str, object] = field(default_factory=dict)
    formulas: set[str] = field(default_factory=set)
    merged: list[str] = field(default_factory=list)


def read_plainly(data: bytes, strings: Strings) -> SheetContent | None:
    """The sheet by patterns; None when anything in it is written otherwise. UnreadableWorkbook out of bounds."""
    start, end = data.find(b"<sheetData>"), data.rfind(b"</sheetData>")
    if start < 0 or end < start or not _is_plain_outside(data, start, end):
        return None
    body = data[start:end].decode("latin-1")
    found = _VALUE.findall(body)
    if body.count("<v>") != len(found) + body.count("</f><v>") or any(odd in body for odd in _UNUSUAL):
        return None
    formulas = _formulas(body)
    merged = _merged(data[end:])
    if formulas is None or merged is None:
        return None
    if len(found) + len(formulas) > MOST_CELLS:
        raise beyond_bounds("A1")
    values: dict[str, object] = {}
    for address, kind, written in found:
        if kind == "s":
            if not written.isdecimal() or int(written) >= len(strings):
                return None
            if text := strings[int(written)]:
                values[address] = text
        else:
            try:
                values[address] = int(written) if written.isdecimal() else float(written)
            except ValueError:
                return None
    return SheetContent(values, formulas, merged)


def plain_strings(data: bytes) -> Strings | None:
    """The shared texts of a workbook by patterns; None when one of them is written in several styles, or escaped."""
    if not data:
        return ()
    if not _UTF_8.match(data) or data.count(_MAIN) != 1 or b"<!" in data or b"&#" in data or b"_x" in data:
        return None
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    found = _STRING.findall(text)
    if len(found) != text.count("<si"):
        return None
    return tuple(unescape(one, _ENTITIES) if "&" in one else one for one in found)


@lru_cache(maxsize=32)
def may_hold_dates(styles: bytes) -> bool:
    """Whether a style of the workbook shows numbers as days or times: patterns would take those for counts."""
    custom = {
        int(number)
        for number, code in re.findall(rb'<numFmt numFmtId="(\d{1,9})" formatCode="([^"]*)"', styles)
        if re.search(rb"[dmyhsDMYHS]", re.sub(rb"&quot;.*?&quot;|\[[^\]]*\]|\\.|General", b"", code))
    }
    plain = styles.count(b"<numFmt ") == len(re.findall(rb'<numFmt numFmtId="\d{1,9}" formatCode="', styles))
    used = {int(number) for number in re.findall(rb'<xf [^>]*?numFmtId="(\d{1,9})"', styles)}
    return not plain or bool(used & (_DATES | custom)) or styles.count(b"<xf ") == 0


def scan(data: bytes) -> SheetContent:
    """Formula cells and merged ranges by a parser, without values; refuses a sheet larger than any form."""
    found = SheetContent()
    here, cells = "", 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal here, cells
        name = tag.rpartition(":")[2]
        if name == "c":
            here, cells = attributes.get("r", ""), cells + 1
            _check_bounds(here, cells)
        elif name == "f":
            found.formulas.add(here)
        elif name == "mergeCell":
            found.merged.append(attributes.get("ref", ""))

    def refuse(*_: object) -> None:
        raise UnreadableWorkbook(f"Tệp có khai báo XML không được phép. {SAVE_AGAIN}")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError) as error:
        raise UnreadableWorkbook(f"Tệp bị hỏng: có trang tính không đọc được. {SAVE_AGAIN}") from error
    return found


def beyond_bounds(address: str) -> UnreadableWorkbook:
    """The refusal of a sheet with something at an address that no form reaches."""
    return UnreadableWorkbook(
        f"Có ô {address} nằm ngoài vùng của biểu ({MOST_ROWS} dòng, {MOST_COLUMNS} cột). "
        "Xoá các dòng, cột thừa rồi tải lên lại."
    )


def _check_bounds(address: str, cells: int) -> None:
    row, column = split_address(address)
    if row >= MOST_ROWS or column >= MOST_COLUMNS or cells > MOST_CELLS:
        raise beyond_bounds(address)


def _is_plain_outside(data: bytes, start: int, end: int) -> bool:
    head = data[:start]
    return (
        _UTF_8.match(head) is not None
        and head.count(_MAIN) == 1
        and b'xmlns="' + _MAIN + b'"' in head
        and data.rstrip().endswith(b"</worksheet>")
        and b"<!" not in data
        and _MAIN not in data[end:]
    )


def _formulas(body: str) -> set[str] | None:
    """The addresses of the cells with a formula; None when one does not stand directly in its cell."""
    pieces = body.replace("<f ", "<f>").split("<f>")
    found: set[str] = set()
    for piece in pieces[:-1]:
        at = piece.rfind("<")
        if not piece.startswith('<c r="', at) or not piece.endswith(">") or piece.endswith("/>"):
            return None
        found.add(piece[at + 6 : piece.index('"', at + 6)])
    return found


def _merged(tail: bytes) -> list[str] | None:
    if b"mergeCell" not in tail:
        return []
    found = [ref.decode() for ref in _MERGE.findall(tail)]
    return found if len(found) == len(re.findall(rb"<mergeCell[\s/>]", tail)) else None
