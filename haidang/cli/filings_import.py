"""Take in filled workbooks, many at once. Each file is taken whole or not at all; the others go on.

Whose a workbook is, and for which cycle, stands in the signed identity that it carries, not in its name. What a file
would change replaces the draft of its filing; nothing is submitted. Exit status 0 when every file was taken in, 1 when
some were refused: each is listed with the cells to put right.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from haidang.cli.django_setup import require_tables, start_django
from haidang.kernel.numbers import format_number

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Problem:
    """One cell to put right; `cell` is "" when the whole sheet is meant."""

    sheet: str
    cell: str
    problem: str
    proposal: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: taken in (whose, for which cycle, how many values are now different), or why not."""

    file: str
    taken: bool
    agency: str = ""
    cycle: str = ""
    changed: int = 0
    refusal: str = ""
    problems: tuple[Problem, ...] = ()


def register(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="filled workbooks (.xlsx)")
    parser.add_argument("--json", action="store_true", help="print what became of each file as JSON")


def run(args: argparse.Namespace) -> int:
    """Take in every file that can be; say what became of each."""
    start_django()
    require_tables()
    outcomes = [_take_in(path) for path in args.files]
    refused = sum(not outcome.taken for outcome in outcomes)
    if args.json:
        told = {"taken": len(outcomes) - refused, "refused": refused, "files": [asdict(one) for one in outcomes]}
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for outcome in outcomes:
            _tell(outcome)
        print(f"Đã nhận {format_number(len(outcomes) - refused)} tệp, từ chối {format_number(refused)} tệp.")
    return 1 if refused else 0


def _take_in(path: Path) -> Outcome:
    from haidang.accounts.actors import SYSTEM, Refused
    from haidang.filings.actions import StaleCells, WorkbookRefused, import_addressed_workbook
    from haidang.office.workbook import UnreadableWorkbook

    try:
        saved = import_addressed_workbook(SYSTEM, _read(path))
    except WorkbookRefused as refused:
        problems = tuple(Problem(one.sheet, one.cell, one.problem, one.proposal) for one in refused.problems)
        return Outcome(str(path), False, refusal=f"{format_number(len(problems))} ô phải sửa.", problems=problems)
    except OSError as error:
        return Outcome(str(path), False, refusal=f"Không mở được tệp: {error.strerror}. Kiểm tra đường dẫn.")
    except (UnreadableWorkbook, Refused, StaleCells) as refusal:
        return Outcome(str(path), False, refusal=str(refusal))
    obligation = saved.filing.obligation
    return Outcome(str(path), True, obligation.agency.name, obligation.cycle.label, len(saved.changed))


def _read(path: Path) -> bytes:
    """The file, and no more of it than shows that it is too large to be a workbook of ours."""
    from haidang.office.workbook_package import MOST_BYTES

    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def _tell(outcome: Outcome) -> None:
    if outcome.taken:
        print(f"{outcome.file}: {outcome.agency}, {outcome.cycle}: {format_number(outcome.changed)} ô thay đổi")
        return
    print(f"{outcome.file}: chưa nhận. {outcome.refusal}")
    for one in outcome.problems[:MOST_SHOWN]:
        place = f"{one.sheet}, ô {one.cell}" if one.cell else one.sheet
        print(f"  {place}: {one.problem} {one.proposal}")
    if len(outcome.problems) > MOST_SHOWN:
        print(f"  còn {format_number(len(outcome.problems) - MOST_SHOWN)} ô nữa; --json liệt kê đủ")
