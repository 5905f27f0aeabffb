"""A whole cycle by keyboard alone: a province's standing agency, a commune and two departments, each in a browser.

Nothing is clicked: a guard fails the test as soon as a pointer reaches a page, and at each stop of the Tab key the
focus must show and must not be covered. The figures at the end are counted by hand.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from openpyxl import load_workbook

from haidang.filings.models import Obligation

if TYPE_CHECKING:
    from .conftest import Calendar, Person, Province

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SitsDown = Callable[[str], "Person"]

# What the commune's police count, line by line: columns c1, c3 to c9, c11 to c13, c16 of Điều 150.
TYPED = ("2", "1", "3", "0", "1", "0", "0", "1", "2", "1", "0", "1")
# Điều 151 to Điều 154, copied out of a spreadsheet with its columns of sums: one carried over, one new, one resolved.
COPIED = [[1, 9, 0, 1, 0, 0, 0, 0, 0, 9, 1, 0, 0, 9, 9, 0], *([0] * 16 for _ in range(4))]


def test_a_whole_cycle_by_keyboard_alone(
    province: Province, calendar: Calendar, sits_down: SitsDown, tmp_path: Path
) -> None:
    chief = sits_down("tonghop")
    open_the_cycle(chief)
    assert sorted(_obligations(province)) == sorted(province.agencies)

    commune = sits_down("bunglac")
    see_what_is_owed(commune)
    type_paste_and_undo(commune)
    explain(commune, "Điều 150. Mua bán người: còn 1 tin quá hạn", "Chờ kết luận giám định")
    for form in "678":
        report_nothing(commune, form)
    write_a_section(commune, "Tuyên truyền tại chợ phiên, bến đò.")
    send(commune)

    justice = sits_down("tuphap")
    open_own_report(justice)
    report_nothing(justice)
    send(justice)

    calendar.day = date(2026, 3, 6)
    return_with_a_word_on_a_cell(chief, "Công an xã Bưng Lác")
    calendar.day = date(2026, 3, 9)
    correct_what_came_back(commune)
    for agency in "Sở Tư pháp", "Công an xã Bưng Lác":
        accept(chief, agency)

    calendar.day = date(2026, 3, 18)
    police = sits_down("congan")
    enter_own_figures(police)
    accept(chief, "Công an tỉnh")

    calendar.day = date(2026, 3, 24)
    school = sits_down("giaoduc")
    send_a_workbook(school, tmp_path)
    accept(chief, "Sở Giáo dục")

    chase(chief)
    assert [sent.to for sent in mail.outbox] == [["dulich@vamsay.example"]]
    assert letters(chief) == BOARD
    assert summary(chief) == "Đã nhận, cả 6 đầu mối 4/5 60 % 4/5 5 ngày"

    consolidate(chief)
    correct_after_acceptance(commune)
    accept(chief, "Công an xã Bưng Lác")
    open_the_board(chief)
    assert letters(chief) == BOARD, "a correction makes nobody late"
    trace_the_figure(chief)
    assert_what_is_kept(province)
    tell(chief, commune, justice, police, school)


def tell(*people: Person) -> None:
    """The keys of each, for whoever runs this with -s; and nothing may have gone wrong on the way."""
    sys.stdout.write("\n" + "\n".join(f"{one.username}: {one.keys} keys" for one in people) + "\n")
    assert [line for one in people for line in one.trouble] == []


def _obligations(province: Province) -> dict[str, Obligation]:
    rows = Obligation.objects.select_related("agency")
    return {row.agency.code.partition(".")[2]: row for row in rows}


# ---- opening -----------------------------------------------------------------------------------------------------
def open_the_cycle(chief: Person) -> None:
    chief.menu("Kế hoạch")
    chief.follow("Tổng kết phòng")
    chief.follow("Mở kỳ báo cáo", "a")
    chief.to("Mở kỳ Giai đoạn", "input")
    chief.press("Space")  # the baseline is not asked for this time
    chief.follow("Mở kỳ báo cáo", "button")
    assert "Đã mở 1 kỳ báo cáo" in chief.text()


def open_own_report(person: Person) -> None:
    person.menu("Việc của tôi")
    person.follow("Báo cáo năm 2025", "a")


# ---- entering ----------------------------------------------------------------------------------------------------
def see_what_is_owed(commune: Person) -> None:
    listed = commune.text()
    assert "trước 20/3 còn 17 ngày Báo cáo năm 2025" in listed
    assert "Công an xã Bưng Lác phải nộp theo 08/KH-UBND (trước ngày 20/3/2026)." in listed
    open_own_report(commune)


def into_the_grid(person: Person, form: str = "B") -> None:
    person.to("", "input", code=form)


def type_paste_and_undo(commune: Person) -> None:
    into_the_grid(commune, "B1")
    for value in TYPED:
        commune.type(value)
        commune.press("ArrowRight" if value == "3" else "Tab")
    assert commune.here().code == "B1.d151.c1", "Tab leads on to the next line"
    commune.copied("\n".join("\t".join(map(str, row)) for row in COPIED))
    paste_the_block(commune)
    commune.press("Control+z")
    commune.saved()
    assert (commune.cell("B1.d151.c4"), commune.cell("B1.t.c10")) == ("", "5"), "the whole block at once"
    paste_the_block(commune)
    assert commune.cell("B1.d151.c2") == "1", "worked out, whatever the spreadsheet said"
    commune.press("ArrowUp", "ArrowRight", "ArrowLeft", "End", "Enter", "Shift+Enter")
    assert commune.here().code == "B1.d150.c16"


def paste_the_block(commune: Person) -> None:
    """What would change is shown first, and the question keeps the focus until it is answered."""
    commune.press("Control+v")
    commune.wait("#paste-box[open]")
    assert "48 ô thay đổi, 32 ô tính hoặc ô khoá được bỏ qua" in commune.text("#paste-box")
    for key in "Tab", "Tab", "Tab", "Shift+Tab", "Shift+Tab":
        commune.press(key)
        assert commune.focus() is None or commune.inside("#paste-box")
    commune.to("Dán 48 ô", "button", most=6)
    commune.press("Enter")
    commune.saved()
    assert (commune.here().code, commune.cell("B1.t.c10")) == ("B1.d151.c1", "7")


def explain(commune: Person, finding: str, reason: str) -> None:
    commune.press("Alt+n")
    if finding not in commune.here().name:
        commune.press("Alt+n")
    assert finding in commune.here().name
    commune.type(reason)
    commune.press("Tab")
    commune.wait("#findings .note:has-text('Đã giải trình.')")
    assert commune.inside("#findings-panel, #savebar, aside"), "the focus is not lost when the findings are shown anew"


def report_nothing(person: Person, form: str = "") -> None:
    """Nothing happened: zero in one form, or in the whole report."""
    if form and f"Biểu {form}" not in person.page.inner_text(".tabs a[aria-current]"):
        person.follow(f"Biểu {form}", "a")
    person.follow("Không phát sinh cả biểu" if form else "Không phát sinh cả báo cáo", "button")
    assert "Đã ghi không phát sinh: " + (f"biểu {form}" if form else "mọi biểu") in person.text()


def write_a_section(person: Person, words: str) -> None:
    person.follow("Lời văn", "a")
    person.to("", "textarea")
    person.type(words)
    person.press("Tab")
    person.saved()


def to_the_strip(person: Person) -> None:
    """Enter in the last cell leads to the strip, and sends nothing yet."""
    if person.page.locator(".ngrid").count():
        if not person.inside(".ngrid"):
            into_the_grid(person)
        person.press("Control+End", "Enter")
        assert person.inside("#savebar")
    else:
        person.to("Gửi", "a")


def send(person: Person) -> None:
    to_the_strip(person)
    assert "Gửi" in person.here().name
    person.leave("Enter")
    person.follow("Gửi", "button")
    assert "Đã gửi bản" in person.text()


def enter_own_figures(police: Person) -> None:
    """Own figures over zeros: five carried over, three new ones."""
    open_own_report(police)
    report_nothing(police)
    into_the_grid(police, "B1")
    for value in "5", "1", "2":
        police.type(value)
        police.press("Tab")
    police.saved()
    send(police)


def send_a_workbook(school: Person, folder: Path) -> None:
    """Late by five days: the workbook is downloaded, filled elsewhere, and comes back."""
    open_own_report(school)
    school.to("Tải bảng tính", "a")
    with school.page.expect_download() as download:
        school.press("Enter")
    path = folder / "bang-tinh.xlsx"
    download.value.save_as(path)
    fill(path)
    school.follow("Nộp bảng tính đã điền", "a")
    school.to("Bảng tính .xlsx", "input")
    with school.page.expect_file_chooser() as chooser:
        school.press("Space")
    chooser.value.set_files(path)
    school.follow("Kiểm tra tệp", "button")
    assert "ô sẽ thay đổi" in school.text()
    school.follow("ô vào báo cáo", "button")
    send(school)


def fill(path: Path) -> None:
    """Four meetings with 320 people, 300 of them pupils; zero in every other number."""
    book = load_workbook(path)
    for form, last in (("B7", 17), ("B8", 14)):
        sheet = book[form]
        head = next(row[2].row for row in sheet.iter_rows(max_col=3) if row[2].value == "c1")
        for row in sheet.iter_rows(min_row=head + 1, min_col=3, max_col=last):
            for cell in row:
                if not cell.protection.locked:
                    cell.value = 0
    meetings = next(row[0].row for row in book["B7"].iter_rows(max_col=1) if row[0].value == "meeting")
    for column, value in ((3, 4), (5, 320), (6, 300)):
        book["B7"].cell(meetings, column).value = value
    book.save(path)


# ---- checking ----------------------------------------------------------------------------------------------------
def open_what_waits(chief: Person, agency: str) -> None:
    chief.menu("Việc của tôi")
    chief.follow(f"{agency}", "a")


def return_with_a_word_on_a_cell(chief: Person, agency: str) -> None:
    open_what_waits(chief, agency)
    into_the_grid(chief, "B1")
    chief.press("ArrowRight", "ArrowRight")
    assert chief.here().code == "B1.d150.c4"
    chief.press("Control+;")
    chief.wait("#comment-form")
    assert chief.here().name == "Ghi chú về ô này"
    chief.type("Sổ tiếp nhận ghi 4 tin báo.")
    chief.to("Gửi ghi chú", "button", most=2)
    chief.press("Enter")
    chief.wait("#cell-details li:has-text('Sổ tiếp nhận')")
    assert chief.inside("#cell-panel"), "the focus is not lost when the panel is filled anew"
    chief.press("Escape")
    assert chief.here().code == "B1.d150.c4"
    chief.to("Ý kiến khi trả lại", "textarea", most=4)
    chief.type("Sửa c4 theo sổ tiếp nhận rồi gửi lại.")
    chief.to("Ghi chú từng ô", "summary", most=2)
    chief.press("Enter")
    chief.to("Ghi chú từng ô", "textarea", most=1)
    chief.type("B1.d150.c4: đối chiếu sổ tiếp nhận")
    chief.follow("Trả lại để sửa", "button")
    assert "Đã trả lại bản 1" in chief.text()


def correct_what_came_back(commune: Person) -> None:
    commune.menu("Việc của tôi")
    assert "1 bị trả lại" in commune.text()
    commune.follow("Báo cáo năm 2025", "a")
    assert "Sửa c4 theo sổ tiếp nhận rồi gửi lại." in commune.text()
    commune.to("Điều 150. Mua bán người, c4", "a")
    commune.press("Enter")
    assert commune.here().code == "B1.d150.c4"
    assert "Sổ tiếp nhận ghi 4 tin báo." in commune.text()
    commune.type("4")
    commune.press("Enter")
    commune.saved()
    send(commune)


def accept(chief: Person, agency: str) -> None:
    open_what_waits(chief, agency)
    chief.follow("Tiếp nhận báo cáo", "button")
    assert "Đã tiếp nhận bản" in chief.text()


# ---- chasing -----------------------------------------------------------------------------------------------------
def open_the_board(chief: Person) -> None:
    chief.menu("Báo cáo")
    chief.follow("Bảng đôn đốc", "a")


def chase(chief: Person) -> None:
    """One agency is let off, another is reminded and gets more time."""
    open_the_board(chief)
    choose(chief, "Công an xã Rạch Gỗ", "Miễn")
    chief.to("Lý do", "input")
    chief.type("Xã mới lập, chưa có vụ việc")
    chief.follow("Miễn báo cáo", "button")
    assert "Đã miễn 1 nghĩa vụ" in chief.text()
    choose(chief, "Sở Du lịch", "Nhắc")
    chief.follow("Gửi lời nhắc", "button")
    assert "Đã nhắc 1 nghĩa vụ, gửi 1 thư" in chief.text()
    choose(chief, "Sở Du lịch", "Gia hạn")
    chief.to("Ngày cuối được nộp", "input")
    chief.type("31/3/2026")
    chief.to("Lý do", "input", most=1)
    chief.type("Thay cán bộ phụ trách")
    chief.follow("Gia hạn", "button")
    assert "Đã gia hạn 1 nghĩa vụ đến hết 31/3/2026" in chief.text()


def choose(chief: Person, agency: str, what: str) -> None:
    """The squares of the board are one stop; the arrows go on from there."""
    chief.to("Chọn ", "input")
    if agency not in chief.here().name:
        chief.to(agency, "input", key="ArrowDown", most=len(BOARD))
    chief.press("Space")
    chief.follow(what, "button")


BOARD = {
    "Công an tỉnh": "Đ",
    "Sở Du lịch": "G",
    "Sở Giáo dục": "T 5",
    "Sở Tư pháp": "K",
    "Công an xã Bưng Lác": "Đ",
    "Công an xã Rạch Gỗ": "M",
}


def letters(chief: Person) -> dict[str, str]:
    """What the board says of each agency."""
    rows = chief.page.locator("table.heat tbody tr:has(a.ob)")
    told = {}
    for at in range(rows.count()):
        agency = rows.nth(at).locator("th").inner_text()
        short = next(name for name in BOARD if agency.startswith(name))
        told[short] = " ".join(rows.nth(at).locator("a.ob").inner_text().split())
    return told


def summary(chief: Person) -> str:
    return " ".join(chief.page.inner_text("table.heat tfoot").split())


def consolidate(chief: Person) -> None:
    """Those below beside the own figures: Điều 150, newly received, five of the commune and three of the province."""
    chief.follow("Năm 2025", "a")
    told = chief.text()
    assert "có số của 4/5 cơ quan" in told
    assert "Còn thiếu 1 cơ quan" in told
    assert "Công an xã Rạch Gỗ được miễn: Xã mới lập, chưa có vụ việc" in told
    line = chief.page.locator("table.sums tbody tr", has_text="Điều 150. Mua bán người").first
    told = [" ".join(text.split()) for text in line.locator("td").all_inner_texts()]
    # c1 carried over, c2 newly received = c3 + c4 + c5, ..., c9 given away, c10 = c1 + c2 + c7 + c8 - c9
    assert told[:10] == ["7 2 · 5", "8 5 · 3", "2 1 · 1", "6 4 · 2", "0 0 · 0", "1 1 · 0", "0 0 · 0", "0 0 · 0",
                         "1 1 · 0", "14 6 · 8"]  # fmt: skip


# ---- after acceptance --------------------------------------------------------------------------------------------
def correct_after_acceptance(commune: Person) -> None:
    """One denunciation more, as version 3, with its reason and the number of the letter."""
    commune.menu("Việc của tôi")
    commune.follow("Xong đúng hạn", "a")
    commune.follow("Báo cáo năm 2025", "a")
    commune.follow("Mở đính chính", "button")
    into_the_grid(commune, "B1")
    commune.press("ArrowRight")
    assert commune.here().code == "B1.d150.c3"
    commune.type("2")
    commune.press("Enter")
    commune.saved()
    to_the_strip(commune)
    commune.leave("Enter")
    commune.to("Lý do đính chính", "textarea")
    commune.type("Bỏ sót một tố giác")
    commune.to("Số văn bản", "input", most=1)
    commune.type("12/CV-CAX")
    commune.follow("Gửi bản đính chính", "button")
    assert "Đã gửi bản 3" in commune.text()


def trace_the_figure(chief: Person) -> None:
    """Ten newly received in all: seven of the commune after its correction, three of the province itself."""
    chief.menu("Số liệu")
    chief.to("Chỉ tiêu", "select")
    chief.press("ArrowDown")
    chief.follow("Xem số liệu", "button")
    assert "Tố giác, tin báo, kiến nghị khởi tố tiếp nhận mới" in chief.page.inner_text("h1")
    chief.follow("10: Tố giác, tin báo, kiến nghị khởi tố tiếp nhận mới (tin), Cả kỳ", "a")
    assert "Nguồn của con số 10" in chief.text()
    told = chief.text("aside")
    assert "Công an xã Bưng Lác Năm 2025, tiếp nhận 24/3/2026 7 3" in told
    assert "Công an tỉnh Vàm Sậy (giả định) Năm 2025, tiếp nhận 18/3/2026 3 1" in told
    assert "Bỏ sót một tố giác (văn bản 12/CV-CAX)" in told


def assert_what_is_kept(province: Province) -> None:
    """The rows behind the screens: versions as they were sent, and what was ruled of each."""
    rows = _obligations(province)
    sent = {
        short: [(one.number, one.ruling.outcome) for one in row.filing.versions.order_by("number")]
        for short, row in rows.items()
    }
    assert sent == {
        "cong-an": [(1, "accepted")], "so-tu-phap": [(1, "accepted")], "so-gddt": [(1, "accepted")],
        "so-du-lich": [], "xa-rach-go": [], "xa-bung-lac": [(1, "returned"), (2, "accepted"), (3, "accepted")],
    }  # fmt: skip
    versions = list(rows["xa-bung-lac"].filing.versions.order_by("number"))
    assert [one.cells["B1.core.c2"] for one in versions] == [5, 6, 7]
    assert [one.cells["B1.core.c10"] for one in versions] == [7, 8, 9]
    assert set(versions[0].sections.values()) == {"Tuyên truyền tại chợ phiên, bến đò."}
    assert list(versions[0].explanations.values()) == ["Chờ kết luận giám định"]
    assert rows["so-gddt"].filing.versions.get().cells["B7.media.c3"] == 320
    assert [one.kind for one in rows["so-du-lich"].reminders.all()] == ["message"]
