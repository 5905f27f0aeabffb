"""What one sheet of a checked .xlsx holds: values, where formulas stand, merged ranges.

Spreadsheet programs write sheets plainly enough for patterns, which read them ten times as quickly as a library that
makes every cell an object. Whatever is written otherwise (text inside the sheet, dates, prefixes, comments, cells
without an address) is not read by pattern at all: then a parser bounds it and the library reads it.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple
from xml.parsers import expat
from xml.sax.saxutils import unescape

from haidang.office.workbook import UnreadableWorkbook
from haidang.office.workbook_package import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, SAVE_AGAIN, split_address

Strings = tuple[str, ...]

_MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_UTF_8 = re.compile(
    rb"""\s*(<\?xml(?:(?!encoding)[^>])*(encoding=["'](?i:utf-8)["'][^>]*)?\?>\s*)?<(worksheet|sst)[\s>]"""
)
_CELL = rb'<c r="([A-Z]{1,3}[1-9][0-9]{0,6})"'
_FORMULA = rb"<f(?:[ ][^<>]*)?(?:/>|>[^<]*</f>)"
# What stands between two values: the end of one cell, lines, cells without a value, the start of the next cell.
_BETWEEN = re.compile(
    rb"(?:<sheetData>|/</c>)(?:\s|</?row(?: [^<>]*)?>|%(cell)s[^<>]*/>|%(cell)s[^<>]*>(?:%(formula)s)?</c>)*"
    rb"(?:%(cell)s([^<>/]*)>(%(formula)s)?)?" % {b"cell": _CELL, b"formula": _FORMULA}
)
_FORMULA_CELL = re.compile(_CELL + rb"[^<>]*><f[ />]")
_LONGEST = 32
# Parts that are the same in many workbooks are understood once; one larger than this is not kept for that.
LARGEST_KEPT = 64 * 1024
# So are the stretches between values, which the blank cells of a form make a little different each time.
MOST_KEPT, LONGEST_KEPT = 16 * 1024, 2 * 1024
_NUMBER = re.compile(rb"[-+.0-9eE]{1,32}")
_STYLE = re.compile(rb'(?: s="[0-9]+")?(?: t="([ns])")?')
_MERGE = re.compile(rb'<mergeCell ref="([A-Z0-9:]+)"')
_STRING = re.compile(r'<si><t(?: xml:space="preserve")?>([^<]*)</t></si>')
# A character written by its number, as spreadsheets do in shared texts; "_x" alone is in one of ten identities.
_ESCAPED = re.compile(rb"_x[0-9A-Fa-f]{4}_")
_ENTITIES = {"&quot;": '"', "&apos;": "'"}
_DATES = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59), *range(71, 82)])


class CellError:
    """What stands in a cell in which a spreadsheet program could not work something out: "#REF!", "#N/A"."""

    def __init__(self, shown: str) -> None:
        self.shown = shown[:_LONGEST]

    def __str__(self) -> str:
        return self.shown


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
    # Values stand at every second place then. The stroke keeps the end of one from being taken for the start of one.
    pieces = data[start:end].replace(b"</v>", b"<v>/").split(b"<v>")
    between, typed = _all_understood(pieces[::2]), pieces[1::2]
    merged = _merged(data[end:])
    if between is None or merged is None or len(between) == len(typed):
        return None
    formulas = {address for _at, _kind, addresses in between if addresses for address in addresses}
    if len(typed) + len(formulas) > MOST_CELLS:
        raise beyond_bounds("A1")
    try:
        values = _values(between, typed, strings)
    except (ValueError, IndexError):
        return None
    return SheetContent(values, formulas, merged)


class _Between(NamedTuple):
    """What stands between two values: the cell that the second is in ("" after the last), and its kind.

    `kind` is "n" for a number, "s" for a shared text, "f" for what a formula came to; `formulas` are the cells that
    have one, there or before.
    """

    address: str
    kind: str
    formulas: tuple[str, ...]


def _all_understood(pieces: list[bytes]) -> list[_Between] | None:
    """The pieces understood; None when one is not."""
    understand = _between if len(max(pieces, key=len)) <= LONGEST_KEPT else _between.__wrapped__
    found = list(map(understand, pieces))
    return None if None in found else found  # type: ignore[return-value]


@lru_cache(maxsize=MOST_KEPT)
def _between(piece: bytes) -> _Between | None:
    """The piece understood; None when anything is in it but cells as spreadsheet programs write them."""
    whole = _BETWEEN.fullmatch(piece)
    if whole is None:
        return None
    formulas = tuple(address.decode() for address in _FORMULA_CELL.findall(piece))
    address, style, formula = whole.groups()[-3:]
    if address is None:
        return _Between("", "", formulas)
    if formula:
        return _Between(address.decode(), "f", formulas)
    plain = _STYLE.fullmatch(style)
    return _Between(address.decode(), (plain[1] or b"n").decode(), formulas) if plain else None


def _values(places: list[_Between], typed: list[bytes], strings: Strings) -> dict[str, object]:
    """What was typed, by address. ValueError or IndexError for what is no plain number or shared text."""
    joined = b"".join(typed)
    # Mostly there is nothing but whole numbers, and fractions that formulas came to: then nobody looks at each.
    if typed and not joined.translate(None, b".0123456789") and len(max(typed, key=len)) <= _LONGEST:
        with suppress(ValueError):
            return {
                at: int(text) if kind == "n" else strings[int(text)]
                for (at, kind, _), text in zip(places, typed, strict=False)
                if kind != "f"
            }
    if b"<" in joined:
        raise ValueError("not a value alone")
    return {
        at: _number(text) if kind == "n" else strings[_count(text)]
        for (at, kind, _), text in zip(places, typed, strict=False)
        if kind != "f"
    }


def _count(text: bytes) -> int:
    if not text.isdigit() or len(text) > _LONGEST:
        raise ValueError(text)
    return int(text)


def _number(text: bytes) -> int | float:
    if text.isdigit() and len(text) <= _LONGEST:
        return int(text)
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    return float(text)


def plain_strings(data: bytes) -> Strings | None:
    """The shared texts of a workbook by patterns; None when one of them is written in several styles, or escaped."""
    if not data:
        return ()
    if not _UTF_8.match(data) or data.count(_MAIN) != 1 or _is_escaped(data):
        return None
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    found = _STRING.findall(text)
    if len(found) != text.count("<si"):
        return None
    return tuple(unescape(one, _ENTITIES) if "&" in one else one for one in found)


def _is_escaped(data: bytes) -> bool:
    return b"&#" in data or b"<!" in data or (b"_x" in data and _ESCAPED.search(data) is not None)


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
    """Formula cells, merged ranges and errors by a parser, no other values; refuses a sheet larger than any form."""
    found = SheetContent()
    here, cells = "", 0
    errors: dict[str, str] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal here, cells
        name = tag.rpartition(":")[2]
        if name == "c":
            here, cells = attributes.get("r", ""), cells + 1
            _check_bounds(here, cells)
            if attributes.get("t") == "e":
                errors[here] = ""
        elif name == "f":
            found.formulas.add(here)
        elif name == "mergeCell":
            found.merged.append(attributes.get("ref", ""))

    def text(piece: str) -> None:
        if here in errors and here not in found.formulas:
            errors[here] += piece.strip()

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse_doctype
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError) as error:
        raise UnreadableWorkbook(f"Tệp bị hỏng: có trang tính không đọc được. {SAVE_AGAIN}") from error
    found.values = {address: CellError(shown) for address, shown in errors.items() if address not in found.formulas}
    return found


def refuse_doctype(*_: object) -> None:
    """What a parser calls at a document type: entities can be declared there, whatever the encoding."""
    raise UnreadableWorkbook(f"Tệp có khai báo XML không được phép. {SAVE_AGAIN}")


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
