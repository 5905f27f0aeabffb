"""The chasing board as a workbook: the board as it is seen, and every obligation in a line. No formula, no macro."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, time

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from haidang.filings.chasing import rates_of
from haidang.filings.models import Cycle
from haidang.filings.queries import BoardRow
from haidang.filings.rules import Letter, last_day_of
from haidang.kernel.dates import near_date, sentence_date, short_date

INVENTED = "Số liệu giả định, không phải việc thật."
# Fill and pattern of each letter: the letter says it first, the pattern still does on a grey printer.
_LOOKS: dict[Letter, tuple[str, str, int]] = {
    Letter.OFF: ("#E3E6E8", "#9AA5B1", 9),
    Letter.EXTENDED: ("#D6E6F5", "#7FA8CC", 5),
    Letter.RETURNED: ("#E8DDF5", "#A98BCB", 17),
    Letter.OVERDUE: ("#B3261E", "#B3261E", 1),
    Letter.LATE: ("#FBE8C8", "#C79A4B", 7),
    Letter.NIL: ("#EEF0F2", "#EEF0F2", 1),
    Letter.ON_TIME: ("#D9EFDD", "#D9EFDD", 1),
    Letter.NOT_DUE: ("#FFFFFF", "#FFFFFF", 0),
}
_LIST_HEADS = (
    ("Cơ quan", 42), ("Cấp", 18), ("Kế hoạch", 20), ("Báo cáo", 28), ("Ngày cuối được nộp", 14), ("Chữ", 6),
    ("Tình trạng", 30), ("Số ngày trễ", 10), ("Nhận ngày", 14), ("Lý do miễn, gia hạn", 40),
)  # fmt: skip


def board_workbook(rows: Sequence[BoardRow], cycles: Sequence[Cycle], on: date, *, invented: bool) -> bytes:
    """Two sheets: "Bảng đôn đốc" with a letter and days a square, "Danh sách" with a line an obligation.

    The same board on the same day gives the same bytes.
    """
    held = io.BytesIO()
    book = xlsxwriter.Workbook(
        held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties({"title": "Bảng đôn đốc", "created": datetime.combine(on, time(), UTC)})
    looks = {letter: _look(book, letter) for letter in Letter}
    line = {"border": 1, "border_color": "#9AA5B1", "valign": "vcenter", "text_wrap": True}
    head = book.add_format({**line, "bold": True, "align": "center", "bg_color": "#E6ECF2"})
    plain = book.add_format(line)
    _write_board(book, (rows, cycles), on, (head, plain, looks), invented)
    _write_list(book, (rows, cycles), (head, plain))
    book.close()
    return held.getvalue()


def _look(book: Workbook, letter: Letter) -> Format:
    back, front, pattern = _LOOKS[letter]
    made = {"border": 1, "border_color": "#9AA5B1", "align": "center", "bold": True, "valign": "vcenter"}
    if pattern:
        made |= {"pattern": pattern, "bg_color": back, "fg_color": front if pattern > 1 else back}
    if letter is Letter.OVERDUE:
        made["font_color"] = "#FFFFFF"
    return book.add_format(made)


def _write_board(
    book: Workbook,
    table: tuple[Sequence[BoardRow], Sequence[Cycle]],
    on: date,
    formats: tuple[Format, Format, dict[Letter, Format]],
    invented: bool,
) -> None:
    rows, cycles = table
    head, plain, looks = formats
    page = book.add_worksheet("Bảng đôn đốc")
    page.write_string(0, 0, "Đôn đốc nộp báo cáo, biểu mẫu", book.add_format({"bold": True, "font_size": 13}))
    page.write_string(1, 0, f"Tính đến {sentence_date(on)}. {INVENTED if invented else ''}".strip())
    page.write_string(
        2,
        0,
        "Đ đúng hạn; T trễ n ngày; Q quá hạn n ngày, chưa nộp; L bị trả lại; G được gia hạn; K không phát sinh; M miễn",
    )
    titles = [
        "Cơ quan",
        *(f"{near_date(cycle.due_on, on)}\n{cycle.label}" for cycle in cycles),
        "Đúng hạn (%)",
        "Đã nhận",
        "Đến hạn",
    ]
    for column, title in enumerate(titles):
        page.write_string(4, column, title, head)
    for at, row in enumerate(rows, start=5):
        page.write_string(at, 0, row.agency.name, plain)
        for column, place in enumerate(row.places, start=1):
            if place is None:
                page.write_blank(at, column, None, plain)
            else:
                standing = place[1]
                text = f"{standing.letter} {standing.days}" if standing.days else str(standing.letter)
                page.write_string(at, column, text, looks[standing.letter])
        rates = rates_of(row)
        share = rates.on_time_share
        if share is None:
            page.write_blank(at, len(cycles) + 1, None, plain)
        else:
            page.write_number(at, len(cycles) + 1, round(share, 1), plain)
        page.write_number(at, len(cycles) + 2, rates.received, plain)
        page.write_number(at, len(cycles) + 3, rates.counted, plain)
    page.set_column(0, 0, 42)
    page.set_column(1, len(cycles) + 3, 12)
    page.freeze_panes(5, 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(4)


def _write_list(
    book: Workbook, table: tuple[Sequence[BoardRow], Sequence[Cycle]], formats: tuple[Format, Format]
) -> None:
    head, plain = formats
    page = book.add_worksheet("Danh sách")
    for column, (title, width) in enumerate(_LIST_HEADS):
        page.write_string(0, column, title, head)
        page.set_column(column, column, width)
    at = 0
    for row in table[0]:
        for place in filter(None, row.places):
            at += 1
            obligation, standing = place
            cycle, received = obligation.cycle, obligation.received_on
            texts = (
                row.agency.name,
                row.agency.get_level_display(),
                cycle.plan.number or cycle.plan.title,
                cycle.label,
                short_date(last_day_of(obligation.due, obligation.extended_to)),
                str(standing.letter),
                standing.words,
                None,
                short_date(received) if received else "",
                obligation.waived_reason or obligation.extension_reason,
            )
            for column, text in enumerate(texts):
                if text is None:
                    page.write_number(at, column, standing.days, plain)
                else:
                    page.write_string(at, column, text, plain)
    page.autofilter(0, 0, max(at, 1), len(_LIST_HEADS) - 1)
    page.freeze_panes(1, 1)
