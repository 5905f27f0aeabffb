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
# A cell with something in it: address, style and type, whether a value or a formula comes first, and that value.
_FILLED = re.compile(r'<c r="([A-Z]{1,3}[1-9][0-9]{0,6})"([^<>]*)><([vf])>?([^<]*)')
_LONGEST = 32
# Parts that are the same in many workbooks are understood once; one larger than this is not kept for that.
LARGEST_KEPT = 64 * 1024
_NUMBER = re.compile(r"[-+.0-9eE]{1,32}")
_STYLE = re.compile(r'(?: s="[0-9]+")?(?: t="[ns]")?')
_MERGE = re.compile(rb'<mergeCell ref="([A-Z0-9:]+)"')
_STRING = re.compile(r'<si><t(?: xml:space="preserve")?>([^<]*)</t></si>')
# A character written by its number, as spreadsheets do in shared texts; "_x" alone is in one of ten identities.
_ESCAPED = re.compile(rb"&#|<!|_x[0-9A-Fa-f]{4}_")
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
    found = _FILLED.findall(body)
    formulas = {address for address, _style, kind, _text in found if kind == "f"}
    merged = _merged(data[end:])
    if merged is None or not _is_plain(body, len(found), len(formulas)):
        return None
    if len(found) > MOST_CELLS:
        raise beyond_bounds("A1")
    try:
        values = _values(found, strings)
    except (ValueError, IndexError):
        return None
    return SheetContent(values, formulas, merged)


def _is_plain(body: str, filled: int, formulas: int) -> bool:
    """Whether the cells found are all there are with a value or formula: nothing is commented out, quoted or nested."""
    return (
        "!" not in body
        and "inlineStr" not in body
        and body.count("<f") == formulas
        and body.count("<v") == filled - formulas + body.count("</f><v>")
    )


def _values(found: list[tuple[str, str, str, str]], strings: Strings) -> dict[str, object]:
    """What was typed, by address. ValueError or IndexError for what is no plain number or shared text."""
    typed = [cell for cell in found if cell[2] == "v"]
    styles = {cell[1] for cell in typed}
    if not all(_STYLE.fullmatch(style) for style in styles):
        raise ValueError("a type of its own")
    shared = {style for style in styles if style.endswith('t="s"')}
    texts = [cell[3] for cell in typed]
    # Mostly there is not one fraction: then all are looked at together.
    if "".join(texts).isdecimal() and len(max(texts, key=len)) <= _LONGEST:
        return {address: strings[int(text)] if style in shared else int(text) for address, style, _kind, text in typed}
    return {
        address: strings[_count(text)] if style in shared else _number(text) for address, style, _kind, text in typed
    }


def _count(text: str) -> int:
    if not text.isdecimal() or len(text) > _LONGEST:
        raise ValueError(text)
    return int(text)


def _number(text: str) -> int | float:
    if text.isdecimal() and len(text) <= _LONGEST:
        return int(text)
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    return float(text)


def plain_strings(data: bytes) -> Strings | None:
    """The shared texts of a workbook by patterns; None when one of them is written in several styles, or escaped."""
    if not data:
        return ()
    if not _UTF_8.match(data) or data.count(_MAIN) != 1 or _ESCAPED.search(data):
        return None
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    found = _STRING.findall(text)
    if len(found) != text.count("<si"):
        return None
    return tuple(unescape(one, _ENTITIES) if "&" in one else one for one in found)


def may_hold_dates(styles: bytes) -> bool:
    """Whether a style of the workbook shows numbers as days or times: patterns would take those for counts."""
    return _holds_dates(styles) if len(styles) <= LARGEST_KEPT else _holds_dates.__wrapped__(styles)


@lru_cache(maxsize=32)
def _holds_dates(styles: bytes) -> bool:
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
        and b'xmlns="' + _MAIN + b'"' in head
        and data.count(_MAIN) == 1
        and data.endswith(b"</worksheet>")
        and b"<!" not in head
        and b"<!" not in data[end:]
    )


def _merged(tail: bytes) -> list[str] | None:
    if b"mergeCell" not in tail:
        return []
    found = [ref.decode() for ref in _MERGE.findall(tail)]
    return found if len(found) == len(re.findall(rb"<mergeCell[\s/>]", tail)) else None
