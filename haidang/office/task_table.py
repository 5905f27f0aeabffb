"""The table of a plan's tasks as a workbook (.xlsx) and as an annex in the layout of NĐ 30/2020 (.docx)."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, date, datetime

import xlsxwriter

from haidang.office.nd30 import OfficialDocument
from haidang.office.nd30_tables import Column, Table

COLUMNS = ("TT", "Mục", "Nhiệm vụ", "Chủ trì", "Phối hợp", "Thời gian", "Tình trạng", "Hạn")
_WIDTHS = (5, 9, 60, 30, 30, 22, 26, 12)


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task, in words."""

    section: str
    text: str
    lead: str
    coordinating: str
    window: str
    state: str
    last_day: str = ""


@dataclass(frozen=True, slots=True)
class TaskTable:
    """A plan's tasks on a day. `plan` names the plan with number and date; `mark` says that figures are invented."""

    title: str
    plan: str
    author: str
    on: date
    as_of: str
    lines: tuple[TaskLine, ...]
    mark: str = ""


def _cells(number: int, line: TaskLine) -> tuple[str, ...]:
    return (
        str(number), line.section, line.text, line.lead, line.coordinating, line.window, line.state, line.last_day,
    )  # fmt: skip


def task_workbook(table: TaskTable) -> bytes:
    """The .xlsx: text cells only, no formula whatever a text begins with; the same table gives the same bytes."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        made = datetime(table.on.year, table.on.month, table.on.day, tzinfo=UTC).replace(tzinfo=None)
        book.set_properties({"title": table.title, "author": table.author, "created": made})
        page = book.add_worksheet("Nhiệm vụ")
        bold = book.add_format({"bold": True, "font_size": 13})
        head = book.add_format({"bold": True, "border": 1, "text_wrap": True, "align": "center", "bg_color": "#E6ECF2"})
        cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        page.write_string(0, 0, table.title, bold)
        page.write_string(1, 0, " · ".join(filter(None, (table.plan, table.as_of, table.mark))))
        for column, (name, width) in enumerate(zip(COLUMNS, _WIDTHS, strict=True)):
            page.write_string(3, column, name, head)
            page.set_column(column, column, width)
        for number, line in enumerate(table.lines, start=1):
            for column, text in enumerate(_cells(number, line)):
                page.write_string(3 + number, column, text[:32_000], cell)
        page.freeze_panes(4, 3)
        page.autofilter(3, 0, 3 + len(table.lines), len(COLUMNS) - 1)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(3)
    return buffer.getvalue()


def task_annex(table: TaskTable) -> bytes:
    """The .docx: "Phụ lục", its title, what it goes with, and who does what by when; progress is left out."""
    document = OfficialDocument(title=table.title, author=table.author, dated=table.on, mark=table.mark)
    document.title("Phụ lục", f"{table.title}\n(Kèm theo {table.plan})")
    columns = (
        Column("TT", 1, "center"), Column("Nhiệm vụ", 9, "left"), Column("Chủ trì", 5, "left"),
        Column("Phối hợp", 5, "left"), Column("Thời gian", 4, "left"),
    )  # fmt: skip
    rows = tuple(
        (str(number), line.text, line.lead, line.coordinating, line.window)
        for number, line in enumerate(table.lines, start=1)
    )
    document.table(Table(caption="", columns=columns, rows=rows))
    return document.to_bytes()
