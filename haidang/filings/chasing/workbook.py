"""The chasing board as a workbook: the board as it is seen, and every obligation in a line. No formula, no macro."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from haidang.filings.chasing.chosen import rates_of
from haidang.filings.chasing.columns import Column, columns_of
from haidang.filings.models import Cycle
from haidang.filings.queries import BoardRow, Square
from haidang.filings.rules import Letter, Standing, last_day_of
from haidang.kernel.dates import near_date, sentence_date, short_date

INVENTED = "Số liệu giả định, không phải việc thật."
LEGEND = "Đ đúng hạn; T trễ n ngày; Q quá hạn n ngày, chưa nộp; L bị trả lại; G được gia hạn; K không phát sinh; M miễn"
FIRST_LINE = 5  # of the agencies, from 0
NAME_WIDTH, LINE_HEIGHT, HEAD_HEIGHT = 42, 15.75, 63  # characters, points, points: not every program fits rows itself
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


def board_workbook(lines: Iterable[BoardRow], cycles: Sequence[Cycle], on: date, *, invented: bool) -> bytes:
    """Two sheets: "Bảng đôn đốc" with a letter and days a square, "Danh sách" with a line an obligation.

    Lines are written as they come and not kept; the same board on the same day gives the same bytes.
    """
    held = io.BytesIO()
    plain_words = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(held, {"constant_memory": True, **plain_words})
    book.set_properties({"title": "Bảng đôn đốc", "created": datetime.combine(on, time(), UTC)})
    looks = _Looks.of(book)
    columns = columns_of(cycles)
    squares = _head_of_board(book, columns, on, looks.head, invented)
    listed = _head_of_list(book, looks.head)
    listed_at = 0
    for at, line in enumerate(lines, start=FIRST_LINE):
        _write_line(squares, at, line, columns, looks)
        for square, standing in filter(None, line.places):
            listed_at += 1
            _write_obligation(listed, listed_at, line, (square, standing), looks.plain)
    listed.autofilter(0, 0, max(listed_at, 1), len(_LIST_HEADS) - 1)
    book.close()
    return held.getvalue()


@dataclass(frozen=True, slots=True)
class _Looks:
    """How cells look: heads, plain ones, and squares by letter."""

    head: Format
    plain: Format
    squares: dict[Letter, Format]

    @classmethod
    def of(cls, book: Workbook) -> _Looks:
        line = {"border": 1, "border_color": "#9AA5B1", "valign": "vcenter", "text_wrap": True}
        head = book.add_format({**line, "bold": True, "align": "center", "bg_color": "#E6ECF2"})
        return cls(head, book.add_format(line), {letter: _look(book, letter) for letter in Letter})


def _look(book: Workbook, letter: Letter) -> Format:
    back, front, pattern = _LOOKS[letter]
    made = {"border": 1, "border_color": "#9AA5B1", "align": "center", "bold": True, "valign": "vcenter"}
    if pattern:
        made |= {"pattern": pattern, "bg_color": back, "fg_color": front if pattern > 1 else back}
    if letter is Letter.OVERDUE:
        made["font_color"] = "#FFFFFF"
    return book.add_format(made)


def _head_of_board(book: Workbook, columns: Sequence[Column], on: date, head: Format, invented: bool) -> Worksheet:
    page = book.add_worksheet("Bảng đôn đốc")
    page.set_column(0, 0, NAME_WIDTH)
    page.set_column(1, len(columns) + 3, 12)
    page.freeze_panes(FIRST_LINE, 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(FIRST_LINE - 1)
    page.write_string(0, 0, "Đôn đốc nộp báo cáo, biểu mẫu", book.add_format({"bold": True, "font_size": 13}))
    page.write_string(1, 0, f"Tính đến {sentence_date(on)}. {INVENTED if invented else ''}".strip())
    page.write_string(2, 0, LEGEND)
    dues = (f"{near_date(column.due_on, on)}\n{column.label}" for column in columns)
    page.set_row(FIRST_LINE - 1, HEAD_HEIGHT)
    for at, title in enumerate(("Cơ quan", *dues, "Đúng hạn (%)", "Đã nhận", "Đến hạn")):
        page.write_string(FIRST_LINE - 1, at, title, head)
    return page


def _write_line(page: Worksheet, at: int, row: BoardRow, columns: Sequence[Column], looks: _Looks) -> None:
    page.set_row(at, LINE_HEIGHT * -(-len(row.agency.name) // NAME_WIDTH))
    page.write_string(at, 0, row.agency.name, looks.plain)
    for place, column in enumerate(columns, start=1):
        found = [standing for _, standing in column.all_of(row)]
        if not found:
            page.write_blank(at, place, None, looks.plain)
        else:
            text = "; ".join(f"{one.letter} {one.days}" if one.days else str(one.letter) for one in found)
            page.write_string(at, place, text, looks.squares[found[0].letter])
    rates = rates_of(row)
    share, after = rates.on_time_share, len(columns) + 1
    if share is None:
        page.write_blank(at, after, None, looks.plain)
    else:
        page.write_number(at, after, round(share, 1), looks.plain)
    page.write_number(at, after + 1, rates.received, looks.plain)
    page.write_number(at, after + 2, rates.counted, looks.plain)


def _head_of_list(book: Workbook, head: Format) -> Worksheet:
    page = book.add_worksheet("Danh sách")
    page.freeze_panes(1, 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    for column, (_, width) in enumerate(_LIST_HEADS):
        page.set_column(column, column, width)
    for column, (title, _) in enumerate(_LIST_HEADS):
        page.write_string(0, column, title, head)
    return page


def _write_obligation(page: Worksheet, at: int, row: BoardRow, square: tuple[Square, Standing], plain: Format) -> None:
    obligation, standing = square
    cycle, received = obligation.cycle, obligation.received_on
    texts = (
        row.agency.name,
        row.agency.get_level_display(),
        cycle.asked_by,
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
