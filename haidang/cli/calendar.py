"""List the reporting dates of a plan, from its file alone: cycle, window of data, due date, addressee.

  haidang calendar ke-hoach.docx --json

Windows follow NĐ 09/2019/NĐ-CP Điều 12, or the plan's own window where it names one. `due_on` is the date as written;
`strict` is true for "trước ngày" (the day before is the last one on time). Where the plan names no date, it is null.
Without --json, dates by which the data is not closed yet are marked.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from haidang.cli.read import read_file
from haidang.kernel.calendars import DueDate

if TYPE_CHECKING:
    from haidang.reading.calendar import CalendarEntry


def register(parser: argparse.ArgumentParser) -> None:
    """The arguments of `haidang calendar`."""
    parser.add_argument("file", type=Path, help="the issued plan: .docx, .odt, .pdf, .txt, .md, .png, .jpg or .tif")
    parser.add_argument("--json", action="store_true", help="print a JSON list")


def run(args: argparse.Namespace) -> int:
    """Read the file and print its calendar."""
    from haidang.reading.calendar import reporting_calendar

    reading = read_file(args.file)
    entries = reporting_calendar(reading)
    if args.json:
        print(json.dumps([entry.to_json() for entry in entries], ensure_ascii=False, indent=1))
    elif reading.is_plan:
        print("\n".join(map(_line, entries)) or "Kế hoạch không đặt chế độ báo cáo nào.")
    return 0


def _line(entry: CalendarEntry) -> str:
    window = f"{entry.window.start:%d/%m/%Y} - {entry.window.end:%d/%m/%Y}" if entry.window else "(chưa nêu)"
    word = "trước ngày" if entry.strict else "chậm nhất ngày"
    due = f"{word} {entry.due_on:%d/%m/%Y}" if entry.due_on else "hạn chưa nêu"
    early = entry.window and entry.due_on and DueDate(entry.due_on, bool(entry.strict)).precedes_close_of(entry.window)
    flag = "  [hạn không sau ngày chốt số liệu: số tạm tính]" if early else ""
    return f"{entry.cycle:<24} số liệu {window:<24} {due:<28} gửi {entry.to or '(chưa nêu)'}{flag}"
