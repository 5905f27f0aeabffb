"""Take in filled workbooks, many at once. Each file is taken whole or not at all; the others go on.

Whose a workbook is, and for which cycle, stands in the signed identity that it carries, not in its name. What was
changed in a file since it was handed out becomes the draft of its filing; nothing is submitted. What was typed on
screen meanwhile stays where the file has not touched it; a cell changed in both is refused, with its file. Exit status
0 when every file was taken in, 1 when some were refused: each is listed with what to put right; 2 when nothing could
be done.

The command has the rights of the system itself, over the filings of every agency; drafts and returned filings take
workbooks, no others. The record says that the system took each in.

Of what was taken in, the points are counted that its numbers leave to put right and to explain before it is submitted
(within the file; its page compares with earlier cycles as well). Many files are read and checked by as many processes
as there are processors, and saved by one, some dozens of files in a transaction.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice, repeat
from pathlib import Path
from typing import TYPE_CHECKING

from haidang.cli import UsageError
from haidang.cli.django_setup import require_tables, start_django
from haidang.cli.workbook_files import MOST_PROCESSES, FileRead, files_read
from haidang.kernel.numbers import format_number

if TYPE_CHECKING:
    from haidang.filings.actions import Saved
    from haidang.filings.actions.workbooks import NotTaken
    from haidang.filings.workbooks.addressed import AddressedWorkbook

MOST_SHOWN = 20
# Committing takes as long as saving several files; for longer than this nobody should wait who works in the same base.
_SAVED_AT_ONCE = 40
_LONGEST_CAUSE = 120


@dataclass(frozen=True, slots=True)
class Problem:
    """One cell to put right; `cell` is "" when the whole sheet is meant."""

    sheet: str
    cell: str
    problem: str
    proposal: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: taken in (how many values are now different), or why not.

    `agency` and `cycle` are whose it says it is: "" where it has no identity of ours. `blocking` and `to_explain` count
    what is left to put right and to explain within it before it is submitted.
    """

    file: str
    taken: bool
    agency: str = ""
    cycle: str = ""
    changed: int = 0
    blocking: int = 0
    to_explain: int = 0
    refusal: str = ""
    problems: tuple[Problem, ...] = ()


def register(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="filled workbooks (.xlsx)")
    parser.add_argument("--json", action="store_true", help="print what became of each file as JSON")
    parser.add_argument(
        "--processes", metavar="N", type=int, help="processes that read (default: as many as processors)"
    )


def run(args: argparse.Namespace) -> int:
    """Take in every file that can be; say what became of each."""
    if args.processes is not None and not 1 <= args.processes <= MOST_PROCESSES:
        raise UsageError(f"--processes là số từ 1 đến {MOST_PROCESSES}, không phải {args.processes}.")
    start_django()
    with files_read(args.files, args.processes) as read:
        require_tables()
        taken_in: set[int] = set()
        outcomes = [outcome for portion in _in_portions(read) for outcome in _take_in(portion, taken_in)]
    refused = sum(not outcome.taken for outcome in outcomes)
    if args.json:
        told = {"taken": len(outcomes) - refused, "refused": refused, "files": [asdict(one) for one in outcomes]}
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for outcome in outcomes:
            _tell(outcome)
        print(f"Đã nhận {format_number(len(outcomes) - refused)} tệp, từ chối {format_number(refused)} tệp.")
    return 1 if refused else 0


def _take_in(files: Sequence[FileRead], taken_in: set[int]) -> list[Outcome]:
    from django.db import DatabaseError

    from haidang.accounts.actors import SYSTEM
    from haidang.filings.actions import import_addressed_workbooks

    workbooks = [file.workbook for file in files if file.workbook is not None]
    try:
        results: Iterator[Saved | NotTaken | str] = iter(import_addressed_workbooks(SYSTEM, workbooks, taken_in))
    except DatabaseError as error:
        # What was taken in before stays, and is told with the rest.
        results = repeat(f"Cơ sở dữ liệu không ghi được ({str(error)[:_LONGEST_CAUSE]}). Nạp lại tệp này.")
    return [
        _outcome(str(file.path), file.workbook, next(results))
        if file.workbook
        else Outcome(str(file.path), False, refusal=file.refusal)
        for file in files
    ]


def _outcome(name: str, workbook: AddressedWorkbook, result: Saved | NotTaken | str) -> Outcome:
    from haidang.filings.actions import Saved, WorkbookRefused

    if isinstance(result, Saved):
        agency, cycle = result.filing.obligation.agency, result.filing.obligation.cycle
        return Outcome(
            name, True, agency.name, cycle.label, len(result.changed), workbook.blocking, workbook.to_explain
        )
    problems: tuple[Problem, ...] = ()
    refusal = str(result)
    if isinstance(result, WorkbookRefused):
        problems = tuple(Problem(one.sheet, one.cell, one.problem, one.proposal) for one in result.problems)
        refusal = f"{format_number(len(problems))} chỗ phải sửa."
    whose, when = str(workbook.said["agency_name"]), str(workbook.said["cycle_label"])
    return Outcome(name, False, whose, when, refusal=refusal, problems=problems)


def _in_portions(files: Iterable[FileRead]) -> Iterator[list[FileRead]]:
    left = iter(files)
    while portion := list(islice(left, _SAVED_AT_ONCE)):
        yield portion


def _tell(outcome: Outcome) -> None:
    if outcome.taken:
        changed, left = format_number(outcome.changed), _left(outcome)
        print(f"{outcome.file}: {outcome.agency}, {outcome.cycle}: {changed} ô thay đổi{left}")
        return
    whose = f" ({outcome.agency}, {outcome.cycle})" if outcome.agency else ""
    print(f"{outcome.file}{whose}: chưa nhận. {outcome.refusal}")
    for one in outcome.problems[:MOST_SHOWN]:
        place = f"{one.sheet}, ô {one.cell}" if one.cell else one.sheet
        print(f"  {place}: {one.problem} {one.proposal}")
    if len(outcome.problems) > MOST_SHOWN:
        print(f"  còn {format_number(len(outcome.problems) - MOST_SHOWN)} chỗ nữa; --json liệt kê đủ")


def _left(outcome: Outcome) -> str:
    """What is left to do before the filing is submitted, in words; "" when nothing is."""
    counted = ((outcome.blocking, "điểm phải sửa"), (outcome.to_explain, "điểm cần giải trình"))
    told = [f"{format_number(count)} {what}" for count, what in counted if count]
    return f"; trước khi gửi còn {', '.join(told)}" if told else ""
