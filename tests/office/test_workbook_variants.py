"""One workbook as different programs write it: what stands in it is read alike."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest

from haidang.office.workbook import IDENTITY_SHEET, WorkCell, WorkColumn, WorkRow, WorkSheet
from haidang.office.workbook_reading import open_workbook, read_cells
from haidang.office.workbook_writing import write_workbook

COLUMNS = (WorkColumn("c1", "Vụ", "count"), WorkColumn("c2", "Cộng", "count"), WorkColumn("c3", "Ghi rõ", "text"))
ROWS = (WorkRow("a", "Dòng A"), WorkRow("b", "Dòng B"))
ENTERED = {"a.c1": 3, "b.c1": "na", "a.c3": "Hai <lớp> & một buổi"}
MAIN, STRICT = (
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    b"http://purl.oclc.org/ooxml/spreadsheetml/main",
)
RELATIONS = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELATIONS = b"http://purl.oclc.org/ooxml/officeDocument/relationships"
FORM, BOOK, STRINGS = "xl/worksheets/sheet2.xml", "xl/workbook.xml", "xl/sharedStrings.xml"

Change = Callable[[bytes], bytes]


def form() -> WorkSheet:
    cells = {
        f"{row.code}.{column.code}": WorkCell(ENTERED.get(f"{row.code}.{column.code}"))
        for row in ROWS
        for column in COLUMNS
    }
    cells |= {"a.c2": WorkCell(formula="C7"), "b.c2": WorkCell(formula="C8")}
    return WorkSheet("B1", "Biểu B1. Thử", "biểu thử", "Cơ quan", columns=COLUMNS, rows=ROWS, cells=cells)


def written() -> bytes:
    return write_workbook([form()], token="dấu", instructions=["Một"], made_at=datetime(2025, 3, 1, tzinfo=UTC))


def rewritten(content: bytes, changes: Mapping[str, Change], names: Callable[[str], str] = str) -> bytes:
    """The package with these parts changed ("*": every one), under other names."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            change = changes.get(entry.filename) or changes.get("*") or bytes
            new.writestr(names(entry.filename), change(old.read(entry)))
    return buffer.getvalue()


def prefixed(data: bytes) -> bytes:
    """Every element with a prefix, as some libraries write them."""
    tagged = re.sub(rb"<(/?)([a-zA-Z]+)(?=[\s/>])", rb"<\1x:\2", data)
    return tagged.replace(b'xmlns="' + MAIN, b'xmlns:x="' + MAIN)


def strict(data: bytes) -> bytes:
    return data.replace(MAIN, STRICT).replace(RELATIONS, STRICT_RELATIONS)


def inline(data: bytes) -> bytes:
    """Words in the cells themselves."""
    return replaced(rb' t="s"><v>%d</v>' % _at(b"KTCN"), b' t="inlineStr"><is><t>KTCN</t></is>')(data)


def _at(text: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(written())) as book:
        return re.findall(rb"<t[^>]*>([^<]*)</t>", book.read(STRINGS)).index(text)


def before_data(xml: bytes) -> Change:
    return lambda data: data.replace(b"<sheetData>", xml + b"<sheetData>")


def after_data(xml: bytes) -> Change:
    return lambda data: data.replace(b"</sheetData>", b"</sheetData>" + xml)


def replaced(pattern: bytes, by: bytes) -> Change:
    def change(data: bytes) -> bytes:
        changed, count = re.subn(pattern, by, data)
        assert count, f"nothing like {pattern!r} to change"
        return changed

    return change


VARIANTS: dict[str, Mapping[str, Change]] = {
    "as it was written": {},
    "strict": {"*": strict},
    "prefixed": {FORM: prefixed},
    "days counted from 1904": {BOOK: replaced(rb"<workbookPr ", b'<workbookPr date1904="1" ')},
    "words in the cells": {FORM: inline},
    "rich text": {STRINGS: replaced(rb"<t>KTCN</t>", b"<r><rPr><b/></rPr><t>KT</t></r><r><t>CN</t></r>")},
    "escaped text": {STRINGS: replaced(rb"<t>KTCN</t>", b"<t>_x004B_TCN</t>")},
    "marked as UTF-8": {FORM: lambda data: b"\xef\xbb\xbf" + data},
    "a line for each element": {FORM: lambda data: data.replace(b"><", b">\r\n<")},
    "filtered": {FORM: after_data(b'<autoFilter ref="A6:E8"/>')},
    "a shared formula": {
        FORM: replaced(rb'(<c r="D7"[^>]*>)<f>[^<]*</f>', rb'\1<f t="shared" ref="D7:D8" si="0">C7</f>')
    },
    "panes not frozen": {FORM: replaced(rb"<pane [^>]*/>", b"")},
    "hidden columns and lines": {FORM: replaced(rb'<col min="3"', b'<col hidden="1" min="3"')},
    "styles for whole columns": {FORM: replaced(rb'<col min="3"', b'<col style="2" min="3"')},
    "number with a power of ten": {FORM: replaced(rb"<v>3</v></c>", b"<v>0.3E1</v></c>")},
    "sheets in another order": {BOOK: replaced(rb"<sheets>(<sheet [^>]*/>)(<sheet [^>]*/>)", rb"<sheets>\2\1")},
    "the form hidden": {BOOK: replaced(rb'<sheet name="B1"', b'<sheet state="veryHidden" name="B1"')},
    "the identity only hidden": {BOOK: replaced(rb"veryHidden", b"hidden")},
    "names for ranges": {BOOK: replaced(rb"</definedNames>", b'<definedName name="x">B1!$A$1</definedName>\\g<0>')},
}  # fmt: skip


@pytest.mark.parametrize("variant", VARIANTS)
def test_what_stands_in_a_workbook_is_read_alike_however_it_is_written(variant: str) -> None:
    opened = open_workbook(rewritten(written(), VARIANTS[variant]))
    found = read_cells(opened, [form()])
    assert found.problems == []
    assert found.values == {"B1.a.c1": 3, "B1.b.c1": "na"}
    assert found.texts == {"B1.a.c3": "Hai <lớp> & một buổi"}
    assert opened.token == "dấu"


def test_parts_of_other_names_are_found_by_their_relations() -> None:
    def renamed(name: str) -> str:
        return name.replace("sheet2.xml", "b1.xml")

    moved = rewritten(written(), {"*": lambda data: data.replace(b"sheet2.xml", b"b1.xml")}, renamed)
    assert read_cells(open_workbook(moved), [form()]).values["B1.a.c1"] == 3


@pytest.mark.parametrize("name", ["Biểu 1", "b1", "B1 ", "B1 (2)"])
def test_a_form_under_another_name_is_missing_and_its_sheet_is_not_of_the_form(name: str) -> None:
    other = rewritten(written(), {BOOK: replaced(rb'name="B1"', f'name="{name}"'.encode())})
    assert [one.sheet for one in read_cells(open_workbook(other), [form()]).problems] == [name, "B1"]


def test_a_copy_of_a_sheet_is_named() -> None:
    copy = b'<sheet name="B1 (2)" sheetId="9" r:id="rId2"/></sheets>'
    copied = rewritten(written(), {BOOK: replaced(rb"</sheets>", copy)})
    (problem,) = read_cells(open_workbook(copied), [form()]).problems
    assert (problem.sheet, problem.problem) == ("B1 (2)", "Trang tính này không có trong mẫu.")


def test_without_the_identity_there_is_none() -> None:
    gone = rewritten(written(), {BOOK: replaced(f'<sheet name="{IDENTITY_SHEET}"[^>]*/>'.encode(), b"")})
    assert open_workbook(gone).token == ""
