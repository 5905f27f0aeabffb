"""The workbook: what goes out comes back, and each way of spoiling it is named with its cell."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haidang.catalogue.checks import MOST_TEXT
from haidang.office.workbook import (
    CellProblem,
    UnreadableWorkbook,
    WorkbookCells,
    WorkCell,
    WorkColumn,
    WorkRow,
    WorkSheet,
    cell_address,
    column_letters,
)
from haidang.office.workbook_package import MOST_BYTES, split_address
from haidang.office.workbook_reading import LONGEST_TEXT, MOST_PROBLEMS, open_workbook, read_cells
from haidang.office.workbook_sheets import may_hold_dates, plain_strings, read_plainly, scan
from haidang.office.workbook_values import NotAValue, read_value
from haidang.office.workbook_writing import write_workbook

COLUMNS = (
    WorkColumn("c1", "Vụ", "count", "Số"),
    WorkColumn("c2", "Kinh phí", "amount", "Số"),
    WorkColumn("c3", "Cộng", "count"),
    WorkColumn("c4", "Ghi rõ", "text"),
)
ROWS = (WorkRow("a", "Dòng A"), WorkRow("b", "Dòng B", 1), WorkRow("t", "Tổng"))
TITLE = "Biểu B1. Thử"
MADE = datetime(2025, 3, 1, tzinfo=UTC)


def sheet(values: dict[str, Any] | None = None, name: str = "B1") -> WorkSheet:
    """Three lines by four columns; c3 and the count of "t" are computed, and "t" has no words."""
    values = values or {}
    cells = {
        f"{row.code}.{column.code}": WorkCell(values.get(f"{row.code}.{column.code}"))
        for row in ROWS
        for column in COLUMNS
        if (row.code, column.code) != ("t", "c4")
    }
    for line, row in enumerate(("a", "b", "t"), start=7):
        cells[f"{row}.c3"] = WorkCell(formula=f"C{line}+0")
    cells["t.c1"] = WorkCell(formula="SUM(C7:C8)")
    return WorkSheet(name, TITLE, "dựng lại theo đề cương", "Sở Y tế", COLUMNS, ROWS, cells)


def written(*sheets: WorkSheet, token: str = "dấu") -> bytes:
    return write_workbook(sheets or [sheet()], token=token, instructions=["Đọc trước"], made_at=MADE)


def read(content: bytes, *sheets: WorkSheet) -> WorkbookCells:
    return read_cells(open_workbook(content), sheets or [sheet()])


def patched(content: bytes, changes: dict[str, Any], drop: tuple[str, ...] = ()) -> bytes:
    """The package with parts changed (a function of the text), added (bytes) or dropped."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename in drop:
                continue
            data = old.read(entry)
            change = changes.get(entry.filename)
            new.writestr(entry.filename, change(data.decode()).encode() if change else data)
        for name, added in changes.items():
            if isinstance(added, bytes):
                new.writestr(name, added)
    return buffer.getvalue()


SHEET_1 = "xl/worksheets/sheet2.xml"


def with_cell(address: str, xml: str) -> Any:
    """A change of a sheet's XML that puts another element where the cell stands."""

    def change(text: str) -> str:
        changed, count = re.subn(rf'<c r="{address}"[^>]*?(/>|>.*?</c>)', lambda _: xml, text)
        assert count == 1, f"no cell {address} to change"
        return changed

    return change


def problem_at(content: bytes, address: str) -> CellProblem:
    (found,) = [problem for problem in read(content).problems if problem.cell == address]
    return found


def test_what_is_written_is_read_back() -> None:
    values = {"a.c1": 3, "a.c2": 1.5, "b.c1": "na", "b.c2": "nd", "a.c4": "Tờ rơi"}
    found = read(written(sheet(values)))
    assert found.values == {"B1.a.c1": 3, "B1.a.c2": 1.5, "B1.b.c1": "na", "B1.b.c2": "nd"}
    assert found.texts == {"B1.a.c4": "Tờ rơi"}
    assert found.problems == []
    assert found.typed == {}


ENTRY = st.none() | st.sampled_from(["na", "nd"]) | st.integers(0, 10**9)
AMOUNT = ENTRY | st.floats(0, 10**9, allow_nan=False).map(lambda value: round(value, 2))
WORDS = st.none() | st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=40)


@settings(max_examples=30, deadline=None)
@given(counts=st.tuples(ENTRY, ENTRY), amounts=st.tuples(AMOUNT, AMOUNT, AMOUNT), words=st.tuples(WORDS, WORDS))
def test_any_entries_survive_the_round_trip(counts: Any, amounts: Any, words: Any) -> None:
    values = {
        "a.c1": counts[0], "b.c1": counts[1],
        "a.c2": amounts[0], "b.c2": amounts[1], "t.c2": amounts[2],
        "a.c4": words[0], "b.c4": words[1],
    }  # fmt: skip
    found = read(written(sheet(values)))
    assert found.problems == []
    got = {**found.values, **found.texts}
    import unicodedata

    expected = {f"B1.{code}": value for code, value in values.items() if value is not None}
    expected = {c: unicodedata.normalize("NFC", v) if c.endswith("c4") else v for c, v in expected.items()}
    assert got == expected


def test_the_token_is_on_a_very_hidden_sheet() -> None:
    token = "x" * 70_000
    content = written(token=token)
    assert open_workbook(content).token == token
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert 'name="_haidang" sheetId="3" state="veryHidden"' in package.read("xl/workbook.xml").decode()


def test_only_entry_cells_are_unlocked_and_the_sheet_is_protected() -> None:
    with zipfile.ZipFile(io.BytesIO(written())) as package:
        xml = package.read(SHEET_1).decode()
        styles = package.read("xl/styles.xml").decode()
    assert "<sheetProtection" in xml
    assert "<f>SUM(C7:C8)</f>" in xml
    formats = styles.split("<cellXfs")[1].split("</cellXfs>")[0].split("<xf ")[1:]
    locked = {
        address: 'locked="0"' not in formats[int(style)]
        for address, style in re.findall(r'<c r="(\w+)" s="(\d+)"', xml)
    }
    assert [address for address, is_locked in locked.items() if not is_locked] == [
        "C7",
        "D7",
        "F7",
        "C8",
        "D8",
        "F8",
        "D9",
    ]


def test_counts_take_whole_numbers_and_state_words_only() -> None:
    with zipfile.ZipFile(io.BytesIO(written())) as package:
        xml = package.read(SHEET_1).decode()
    rules = dict(re.findall(r'<dataValidation .*?sqref="([^"]+)".*?<formula1>(.*?)</formula1>', xml))
    assert set(rules) == {"C7:C8", "D7:D9"}
    assert rules["C7:C8"] == 'OR(IF(ISNUMBER(C7),AND(C7&gt;=0,C7=INT(C7))),C7="KTCN",C7="CCSL")'


@pytest.mark.parametrize(
    ("raw", "whole", "value"),
    [
        (3.0, True, 3), (0, True, 0), (2.5, False, 2.5), ("", True, None), ("  ", True, None), ("12", True, 12),
        ("KTCN", True, "na"), ("ktcn ", True, "na"), ("Không thuộc chức năng", True, "na"), ("ccsl", True, "nd"),
        ("chưa có số liệu", False, "nd"), (11.999999999999998, True, 12), (12.000000000000002, True, 12),
    ],
)  # fmt: skip
def test_values_that_are_taken(raw: object, whole: bool, value: object) -> None:
    assert read_value(raw, whole=whole) == value


@pytest.mark.parametrize(
    ("raw", "problem", "proposal"),
    [
        ("1.234,5", "“1.234,5” là chữ, không phải số", "Số lẻ (1234,5) trong ô đếm. Nhập số nguyên."),
        ("1.234", "“1.234” là chữ, không phải số", "1234"),
        ("O", "“O” có chữ cái lẫn trong số", "Có phải là 0?"),
        ("1O2", "“1O2” có chữ cái lẫn trong số", "Có phải là 102?"),
        ("-3", "“-3” là chữ", "Nhập số không âm: 3"),
        ("1,000", "“1,000” là chữ, không phải số", "1000 nếu dấu phẩy phân cách hàng nghìn"),
        ("1,234,567", "“1,234,567” là chữ, không phải số", "1234567 nếu dấu phẩy"),
        ("12 vụ", "“12 vụ” có chữ đi kèm số", "Chỉ nhập số: 12."),
        ("1.234 người", "có chữ đi kèm số", "Chỉ nhập số: 1234."),
        ("-3 vụ", "Không hiểu", "Nhập số"),
        ("không có", "“không có” là chữ", "Nhập 0 nếu không phát sinh"),
        ("Không phát sinh", "là chữ", "Nhập 0 nếu không phát sinh"),
        (-3, "Số âm (-3)", "3 hoặc để trống"),
        (2.5, "Số lẻ (2,5) trong ô đếm", "số nguyên"),
        (10**13, "Số quá lớn", "1.000.000.000.000"),
        ("9" * 400, "số không xác định", "Nhập lại số"),
        (float("nan"), "số không xác định", "Nhập lại số"),
        ("nhiều", "Không hiểu “nhiều”", "KTCN (không thuộc chức năng), CCSL (chưa có số liệu)"),
        ("-", "Dấu “-” chưa rõ nghĩa", "0 nếu không phát sinh"),
        ("x", "Dấu “x” chưa rõ nghĩa", "0 nếu không phát sinh"),
        (True, "TRUE/FALSE", "Nhập số"),
        (date(2025, 3, 12), "đổi thành ngày giờ (2025-03-12)", "định dạng ô là Số"),
        ("#DIV/0!", "Không hiểu “#DIV/0!”", "Nhập số"),
    ],
)  # fmt: skip
def test_values_that_are_refused_with_a_proposal(raw: object, problem: str, proposal: str) -> None:
    with pytest.raises(NotAValue) as caught:
        read_value(raw, whole=True)
    assert problem in caught.value.problem
    assert proposal in caught.value.proposal


@given(st.text(max_size=30))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        value = read_value(text, whole=True)
    except NotAValue as error:
        assert error.problem
        assert error.proposal
    else:
        assert value is None or value in ("na", "nd") or (isinstance(value, int) and value >= 0)


def test_a_formula_in_an_entry_cell_is_refused_with_its_value() -> None:
    content = patched(written(sheet({"a.c1": 1})), {SHEET_1: with_cell("C7", '<c r="C7"><f>2+3</f><v>5</v></c>')})
    problem = problem_at(content, "C7")
    assert (problem.sheet, problem.problem) == ("B1", "Ô này đang chứa công thức.")
    assert problem.proposal == "Thay bằng số 5."


def test_a_total_typed_over_its_formula_is_kept_apart() -> None:
    content = patched(written(), {SHEET_1: with_cell("C9", '<c r="C9"><v>7</v></c>')})
    found = read(content)
    problem, typed = found.typed["B1.t.c1"]
    assert (problem.cell, typed) == ("C9", 7)
    assert found.values == {}


def test_an_inserted_row_is_noticed_by_the_codes() -> None:
    other = WorkSheet("B1", TITLE, "", "", COLUMNS, (ROWS[0], WorkRow("x", "Chèn"), *ROWS[1:]), sheet().cells)
    (problem,) = read(written(other)).problems
    assert problem.cell == "A8"
    assert "mã dòng b, đang là “x”: có dòng bị chèn" in problem.problem


def test_a_moved_column_is_noticed_by_the_codes() -> None:
    other = WorkSheet("B1", "", "", "", (COLUMNS[1], COLUMNS[0], *COLUMNS[2:]), ROWS, sheet().cells)
    (problem,) = read(written(other)).problems
    assert problem.cell == "C6"
    assert "mã cột c1, đang là “c2”" in problem.problem


def test_merged_cells_are_refused() -> None:
    merge = '<mergeCells count="1"><mergeCell ref="C7:C8"/></mergeCells><pageMargins'
    content = patched(written(), {SHEET_1: lambda xml: xml.replace("<pageMargins", merge)})
    (problem,) = read(content).problems
    assert (problem.cell, problem.problem) == ("C7:C8", "Có ô bị gộp (merge).")


@pytest.mark.parametrize("merged", ["A1:H1", "C4:D4", "A5:B5"])
def test_cells_merged_above_the_codes_are_nobodys_harm(merged: str) -> None:
    merge = f'<mergeCells count="1"><mergeCell ref="{merged}"/></mergeCells><pageMargins'
    assert read(patched(written(), {SHEET_1: lambda xml: xml.replace("<pageMargins", merge)})).problems == []


@pytest.mark.parametrize("merged", ["A1:A7", "C4:C6", "B1:D20", "C6:D6"])
def test_cells_merged_down_to_the_codes_are_refused(merged: str) -> None:
    merge = f'<mergeCells count="1"><mergeCell ref="{merged}"/></mergeCells><pageMargins'
    (problem,) = read(patched(written(), {SHEET_1: lambda xml: xml.replace("<pageMargins", merge)})).problems
    assert problem.cell == merged


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#DIV/0!"])
def test_an_error_pasted_as_a_value_is_no_blank(error: str) -> None:
    pasted = {SHEET_1: with_cell("C8", f'<c r="C8" s="1" t="e"><v>{error}</v></c>')}
    problem = problem_at(patched(written(sheet({"a.c1": 1})), pasted), "C8")
    assert problem.problem == f"Ô đang báo lỗi {error}."
    assert "nhập số" in problem.proposal


def test_an_error_in_a_column_of_words_is_said_as_well() -> None:
    pasted = {SHEET_1: with_cell("F8", '<c r="F8" t="e"><v>#NAME?</v></c>')}
    assert "#NAME?" in problem_at(patched(written(), pasted), "F8").problem


def test_an_error_that_a_formula_of_the_form_came_to_is_worked_out_anew() -> None:
    wrong = {
        SHEET_1: lambda xml: re.sub(r'(<c r="C9"[^>]*?)>(<f>.*?</f>)<v>[^<]*</v>', r'\1 t="e">\2<v>#VALUE!</v>', xml)
    }
    content = patched(written(), wrong)
    assert b"#VALUE!" in zipfile.ZipFile(io.BytesIO(content)).read(SHEET_1)
    assert read(content).problems == []


def test_a_text_keeps_its_lines_and_may_be_as_long_as_one_typed_on_screen() -> None:
    words = "Một.\n- Hai;\n\n- ba  bốn " + "chữ " * 4_500
    assert LONGEST_TEXT == MOST_TEXT
    assert read(written(sheet({"a.c4": words}))).texts == {"B1.a.c4": words.strip()}


def test_a_renamed_sheet_is_refused_by_both_names() -> None:
    content = patched(written(), {"xl/workbook.xml": lambda xml: xml.replace('name="B1"', 'name="Biểu 1"')})
    assert [(one.sheet, one.problem[:20]) for one in read(content).problems] == [
        ("Biểu 1", "Trang tính này không"),
        ("B1", "Thiếu trang tính này"),
    ]


def test_an_extra_sheet_is_refused_even_when_hidden() -> None:
    content = written(sheet(), sheet(name="Nháp"))
    hidden = patched(content, {"xl/workbook.xml": lambda xml: xml.replace('name="Nháp"', 'name="Nháp" state="hidden"')})
    for uploaded in (content, hidden):
        assert [(one.sheet, one.cell) for one in read(uploaded).problems] == [("Nháp", "")]


def test_values_outside_the_form_are_not_passed_over() -> None:
    extra = WorkSheet(
        "B1", TITLE, "", "", COLUMNS, (*ROWS, WorkRow("z", "Thêm")), {**sheet().cells, "z.c1": WorkCell(4)}
    )
    problems = read(written(extra)).problems
    assert ("C10", "Ô này nằm ngoài biểu nhưng đang có “4”.") in [(one.cell, one.problem) for one in problems]
    absent = WorkSheet("B1", TITLE, "", "", COLUMNS, ROWS, {**sheet().cells, "t.c4": WorkCell("chữ")})
    assert problem_at(written(absent), "F9").problem.startswith("Biểu không có ô này")


def test_a_blank_cell_far_away_costs_nothing_and_a_number_there_is_named() -> None:
    content = written(sheet({"a.c1": 1}))
    assert read(patched(content, {SHEET_1: with_cell("C8", '<c r="XFD1048576" s="1"/>')})).problems == []
    named = patched(content, {SHEET_1: with_cell("C8", '<c r="XFD1048576"><v>4</v></c>')})
    assert problem_at(named, "XFD1048576").problem == "Ô này nằm ngoài biểu nhưng đang có “4”."


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Tệp rỗng"),
        (b"ma,so\n1,2\n", r"không phải bảng tính \.xlsx"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, r"Excel dạng cũ \(\.xls\) hoặc có đặt mật khẩu"),
        (b"PK\x03\x04" + b"\0" * 100, "Tệp bị hỏng hoặc chưa tải hết"),
        (b"PK\x03\x04" + b"\0" * MOST_BYTES, "lớn hơn 5 MB"),
    ],
)
def test_what_is_no_workbook_gets_one_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableWorkbook, match=sentence):
        open_workbook(content)


def test_half_a_file_is_refused() -> None:
    content = written()
    with pytest.raises(UnreadableWorkbook, match="bị hỏng"):
        open_workbook(content[: len(content) // 2])


def test_another_zip_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("word/document.xml", "<x/>")
    with pytest.raises(UnreadableWorkbook, match=r"không phải bảng tính \.xlsx"):
        open_workbook(buffer.getvalue())


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"xl/vbaProject.bin": b"x"}, "có chứa macro"),
        ({"xl/macrosheets/sheet1.xml": b"x"}, "có chứa macro"),
        (
            {"[Content_Types].xml": lambda xml: xml.replace("sheet.main+xml", "sheet.macroEnabled.main+xml")},
            "có chứa macro",
        ),
        ({"xl/externalLinks/externalLink1.xml": b"<x/>"}, "liên kết tới tệp khác"),
        (
            {SHEET_1: lambda xml: xml.replace("<worksheet", '<!DOCTYPE x [<!ENTITY a "b">]><worksheet', 1)},
            "khai báo XML không được phép",
        ),
        ({SHEET_1: lambda xml: xml.replace("</sheetData>", "")}, "hông đọc được"),
        ({SHEET_1: with_cell("C7", '<c r="XFD7" t="b"><v>1</v></c>')}, "nằm ngoài vùng của biểu"),
        ({SHEET_1: lambda xml: xml.replace('r="C9"', 'r="C1048576"')}, "nằm ngoài vùng của biểu"),
        ({SHEET_1: with_cell("C7", "<c><v>5</v></c>")}, "không đọc được"),
        ({"xl/worksheets/sheet9.xml": b"0" * (41 * 1024 * 1024)}, "khi giải nén quá lớn"),
        ({f"xl/media/{n}.png": b"x" for n in range(201)}, "cấu trúc lạ"),
        ({"xl/workbook.xml": lambda xml: xml.replace("</sheets>", "")}, "Tệp bị hỏng|Không đọc"),
    ],
)
def test_hostile_packages_get_one_sentence(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(UnreadableWorkbook, match=sentence):
        read(patched(written(), changes))


def test_a_sheet_part_that_is_missing_is_refused() -> None:
    with pytest.raises(UnreadableWorkbook, match="trang tính “B1”"):
        read(patched(written(), {}, drop=(SHEET_1,)))


def test_a_size_that_lies_in_the_zip_directory_is_refused() -> None:
    content = bytearray(written())
    at = content.rindex(b"PK\x01\x02", 0, content.rindex(b"xl/worksheets/sheet1.xml"))
    content[at + 24 : at + 28] = (10).to_bytes(4, "little")
    with pytest.raises(UnreadableWorkbook, match=r"bị hỏng|không đọc được"):
        open_workbook(bytes(content))


MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def sheet_xml(cells: str, tail: str = "") -> str:
    return f'<worksheet {MAIN}><sheetData><row r="7">{cells}</row></sheetData>{tail}</worksheet>'


@settings(max_examples=30)
@given(st.sets(st.tuples(st.integers(0, 40), st.integers(0, 30))), st.randoms())
def test_patterns_and_parser_see_the_same_formulas(places: set[tuple[int, int]], chance: Any) -> None:
    cells = "".join(
        f'<c r="{cell_address(*place)}" s="{chance.randint(0, 9)}"><f>A1+1</f><v>1</v></c>' for place in sorted(places)
    )
    plain = sheet_xml(f'<c r="A50"><v>1</v></c>{cells}')
    prefixed = re.sub(r"<(/?)(\w)", r"<\1x:\2", plain).replace(" xmlns=", " xmlns:x=")
    addresses = {cell_address(*place) for place in places}
    read_at_once = read_plainly(plain.encode(), ())
    assert read_at_once is not None
    assert read_at_once.formulas == scan(plain.encode()).formulas == scan(prefixed.encode()).formulas == addresses
    assert read_at_once.values == {"A50": 1}
    assert read_plainly(prefixed.encode(), ()) is None


@pytest.mark.parametrize(
    "cell",
    [
        "<c\tr='C7'><f>1</f></c>",
        '<c s="1" r="C7"><f>1</f></c>',
        '<x:c r="C7" xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:f>1</x:f></x:c>',
        '<c r="C7"><v>1</v><f>1</f></c>',
        '<c r="&#67;7"><f/></c>',
        '<c r="C7"><f /></c>',
        '<!-- <c r="A1"/> --><c r="C7"><f>1</f></c>',
    ],
)
def test_a_formula_cannot_hide_in_unusual_xml(cell: str) -> None:
    xml = sheet_xml(cell).encode()
    plainly = read_plainly(xml, ())
    assert plainly is None or plainly.formulas == {"C7"}
    assert scan(xml).formulas == {"C7"}


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="C7" t="inlineStr"><is><t>5</t></is></c>',
        '<c r="C7" t="b"><v>1</v></c>',
        '<c r="C7" t="e"><v>#DIV/0!</v></c>',
        '<c r="C7" t="d"><v>2025-03-12</v></c>',
        '<c r="C7" t="str"><v>5</v></c>',
        '<c r="C7"><v xml:space="preserve">5</v></c>',
        '<c s="1" r="C7"><v>5</v></c>',
        "<c><v>5</v></c>",
        '<c r="C7"><v>1_000</v></c>',
        '<c r="C7"><v>1e</v></c>',
        '<c r="C7" t="s"><v>3</v></c>',
        '<c r="C7"><extLst/><v>5</v></c>',
        '<c r="C7"></v>5<v></c>',
        '<c r="C7"><f>1</f><v>/</v></c><c r="D7"></v>5<v></c>',
        '<c r="C7"><f>1</f><v><b>1</b></v></c>',
        '<c r="C7"><v>1</v><v>2</v></c>',
        '<c r="C7"><v>1</v></c><!-- <c r="D7"><v>2</v></c> -->',
        '<c r="C7"><v>1</v></c><x><c r="D7"><v>2</v></c></x>',
        '<c r="C7"><v>1</v>',
        '<c r="C7"><v>1</v></c><c r="D7"><v>',
    ],
)
def test_what_is_not_plain_is_left_to_the_library(cell: str) -> None:
    assert read_plainly(sheet_xml(cell).encode(), ("a", "b", "c")) is None


def test_numbers_and_shared_texts_are_read_by_patterns() -> None:
    cells = (
        '<c r="C7"><v>12</v></c><c r="D7" s="4" t="n"><v>1.5E1</v></c><c r="E7" t="s"><v>0</v></c><c r="F7" s="2"/>'
        '<c r="G7" t="str"><f>IF(A1,1,"")</f><v></v></c><c r="H7"><f aca="false">A1</f><v>3</v></c>'
        '<c r="I7"><f t="shared" si="0"/><v>5</v></c><c r="J7"><f>NOW()</f></c></row><row r="8" spans="1:2">'
    )
    found = read_plainly(
        sheet_xml(cells, '<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>').encode(), ("x",)
    )
    assert found is not None
    assert found.values == {"C7": 12, "D7": 15.0, "E7": "x"}
    assert found.formulas == {"G7", "H7", "I7", "J7"}
    assert found.merged == ["A1:B1"]


def test_shared_texts_are_plain_or_left_to_the_library() -> None:
    def texts(items: str) -> bytes:
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<sst {MAIN}>{items}</sst>'.encode()

    assert plain_strings(b"") == ()
    two = texts('<si><t>Hà &lt;1 &amp; 2&gt;</t></si><si><t xml:space="preserve"> x </t></si>')
    assert plain_strings(two) == ("Hà <1 & 2>", " x ")
    for odd in ("<si><r><t>x</t></r></si>", "<si><t>a_x000D_b</t></si>", "<si><t>&#65;</t></si>", "<si/>"):
        assert plain_strings(texts(odd)) is None
    assert plain_strings(texts("<si><t>x</t></si>").replace(b"UTF-8", b"latin1")) is None
    assert plain_strings(texts("<si><t>eJx_x0g-_xyzt_</t></si>")) == ("eJx_x0g-_xyzt_",), "an identity, no escape"


def test_a_day_in_a_number_cell_is_noticed_by_its_style() -> None:
    content = written(sheet({"a.c1": 45000}))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        styles = package.read("xl/styles.xml")
        style = re.search(r'<c r="C7" s="(\d+)"', package.read(SHEET_1).decode())
    assert style is not None
    assert not may_hold_dates(styles)

    def as_day(text: str) -> str:
        head, tail = text.split("<cellXfs")
        parts = tail.split("<xf ")
        parts[int(style[1]) + 1] = re.sub(r'numFmtId="\d+"', 'numFmtId="14"', parts[int(style[1]) + 1])
        return head + "<cellXfs" + "<xf ".join(parts)

    assert "đổi thành ngày giờ (2023-03-15)" in problem_at(patched(content, {"xl/styles.xml": as_day}), "C7").problem


def test_custom_formats_with_letters_of_days_count_as_days() -> None:
    def styles(code: str) -> bytes:
        formats = f'<numFmts count="1"><numFmt numFmtId="164" formatCode="{code}"/></numFmts>'
        return f'<styleSheet>{formats}<cellXfs count="1"><xf numFmtId="164"/></cellXfs></styleSheet>'.encode()

    assert may_hold_dates(styles("dd/mm/yyyy"))
    assert may_hold_dates(styles("[h]:mm"))
    assert not may_hold_dates(styles("#,##0.0"))
    assert not may_hold_dates(styles("#,##0&quot; đồng, ngày&quot;"))
    assert may_hold_dates(b"<styleSheet/>"), "nothing known about the styles"


@given(st.integers(0, 1999), st.integers(0, 18277))
def test_addresses_go_both_ways(row: int, column: int) -> None:
    assert split_address(cell_address(row, column)) == (row, column)


def test_column_letters_carry_after_z() -> None:
    assert [column_letters(number) for number in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


@pytest.mark.parametrize("beside", [1, 0.5, 10**11])
@pytest.mark.parametrize("text", ["", " 3", "1_000", "٣", "0x1F", "+", "9" * 40])
def test_no_number_that_only_a_program_would_take_is_read_by_pattern(text: str, beside: float) -> None:
    two = f'<c r="C7"><v>{beside}</v></c><c r="D7"><v>{text}</v></c>'
    assert read_plainly(sheet_xml(two).encode(), ()) is None


def test_workbooks_of_the_same_names_with_sheets_in_other_parts_are_not_taken_for_each_other() -> None:
    first = written(sheet({"a.c1": 1}), sheet({"a.c1": 2}, name="B2"))
    swapped = patched(
        first,
        {
            "xl/_rels/workbook.xml.rels": lambda text: (
                text.replace("sheet2.xml", "sheetX.xml")
                .replace("sheet3.xml", "sheet2.xml")
                .replace("sheetX.xml", "sheet3.xml")
            )
        },
    )
    both = (sheet(), sheet(name="B2"))
    assert read(first, *both).values == {"B1.a.c1": 1, "B2.a.c1": 2}
    assert read(swapped, *both).values == {"B1.a.c1": 2, "B2.a.c1": 1}


def test_a_sheet_of_another_form_with_the_same_lines_and_columns_is_noticed_by_its_title() -> None:
    other = WorkSheet("B1", "Biểu B2. Khác", "", "", COLUMNS, ROWS, sheet({"a.c1": 4}).cells)
    found = read(written(other))
    assert (found.values, found.problems[0].cell) == ({}, "A1")
    assert "đang là “Biểu B2. Khác”" in found.problems[0].problem


def test_two_sheets_of_one_name_are_refused() -> None:
    twice = {"xl/workbook.xml": lambda xml: xml.replace('name="Hướng dẫn"', 'name="B1"')}
    with pytest.raises(UnreadableWorkbook, match="hai trang tính cùng tên"):
        read(patched(written(), twice))


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels"])
def test_no_encoding_hides_a_document_type(part: str) -> None:
    whole = written()
    plain = zipfile.ZipFile(io.BytesIO(whole)).read(part).decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
    declared = plain.replace("?>", '?>\n<!DOCTYPE x [<!ENTITY a "b">]>', 1).encode("utf-16")
    with pytest.raises(UnreadableWorkbook, match="khai báo XML không được phép"):
        read(patched(patched(whole, {}, drop=(part,)), {part: declared}))


def test_a_sheet_full_of_strays_is_listed_as_far_as_a_person_reads() -> None:
    rows = "".join(f'<row r="{row}">{"".join(stray(row))}</row>' for row in range(20, 220))
    problems = read(
        patched(written(), {SHEET_1: lambda xml: xml.replace("</sheetData>", f"{rows}</sheetData>")})
    ).problems
    assert len(problems) == MOST_PROBLEMS + 1
    assert problems[-1].problem == "Còn nhiều chỗ sai nữa."


def stray(row: int) -> list[str]:
    """Ten numbers where no form is."""
    return [f'<c r="{column_letters(column)}{row}"><v>1</v></c>' for column in range(10)]
