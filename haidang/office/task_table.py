"""The table of a plan's tasks as a workbook (.xlsx) and as an annex in the layout of NĐ 30/2020 (.docx)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from haidang.office.nd30 import OfficialDocument
from haidang.office.nd30_tables import Column, Table
from haidang.office.text_tables import TextSheet, text_workbook

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
    sheet = TextSheet(
        name="Nhiệm vụ",
        title=table.title,
        remark=" · ".join(filter(None, (table.plan, table.as_of, table.mark))),
        columns=tuple(zip(COLUMNS, _WIDTHS, strict=True)),
        rows=tuple(_cells(number, line) for number, line in enumerate(table.lines, start=1)),
        frozen=3,
    )
    return text_workbook([sheet], title=table.title, author=table.author, made_on=table.on)


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
