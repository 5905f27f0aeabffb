"""Files of filled workbooks, read and checked by several processes; one file that is no workbook stops none of them.

The readers never ask the database anything. They are started before it is first asked: no connection is shared.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from haidang.cli.django_setup import start_django

if TYPE_CHECKING:
    from haidang.filings.workbooks.addressed import AddressedWorkbook

MOST_PROCESSES = 64
# Starting processes takes longer than reading this many files.
FEWEST_FILES = 24
_AT_ONCE = 8  # files handed to a process at a time
_OBJECTS_BETWEEN = 50_000
_AHEAD = 4  # portions that wait, for each process: what is read but not saved yet stays bounded


@dataclass(frozen=True, slots=True)
class FileRead:
    """One file: the workbook in it, or why there is none (Vietnamese)."""

    path: Path
    workbook: AddressedWorkbook | None
    refusal: str = ""


@contextmanager
def files_read(paths: Sequence[Path], processes: int | None = None) -> Iterator[Iterator[FileRead]]:
    """What stands in these files, in their order, read ahead by so many processes (None: one for each processor).

    A few files are read as they are asked for, by this process.
    """
    count = min(processes or processors(), MOST_PROCESSES)
    if count == 1 or len(paths) < FEWEST_FILES:
        yield map(read_file, paths)
        return
    from haidang.filings.workbooks.addressed import make_ready

    make_ready()
    with ProcessPoolExecutor(count, mp_context=_way_to_start(), initializer=_start) as pool:
        yield _read_ahead(pool, [paths[at : at + _AT_ONCE] for at in range(0, len(paths), _AT_ONCE)], count * _AHEAD)


def read_file(path: Path) -> FileRead:
    """The workbook in one file, or why there is none."""
    from haidang.filings.workbooks.addressed import read_addressed
    from haidang.office.workbook import UnreadableWorkbook

    try:
        return FileRead(path, read_addressed(_content(path)))
    except OSError as error:
        return FileRead(path, None, f"Không mở được tệp: {_why(error)}. Kiểm tra đường dẫn.")
    except UnreadableWorkbook as refusal:
        return FileRead(path, None, str(refusal))


def _why(error: OSError) -> str:
    told = {
        FileNotFoundError: "không có tệp này",
        IsADirectoryError: "đây là thư mục",
        PermissionError: "không có quyền đọc",
    }
    return told.get(type(error), error.strerror or "lỗi đọc")


def _read_ahead(pool: ProcessPoolExecutor, portions: Sequence[Sequence[Path]], ahead: int) -> Iterator[FileRead]:
    """The portions in order, so many of them under way at any time."""
    waiting: deque[tuple[Sequence[Path], Future[list[FileRead]]]] = deque()
    left = iter(portions)
    # The first are handed over at once, before the caller asks for any.
    for portion in _first(left, ahead):
        waiting.append((portion, _submitted(pool, portion)))
    return _in_order(pool, waiting, left)


def _submitted(pool: ProcessPoolExecutor, portion: Sequence[Path]) -> Future[list[FileRead]]:
    """The portion under way; where the readers are ended already, that is what comes of it."""
    try:
        return pool.submit(_read_portion, portion)
    except BrokenProcessPool as ended:
        none: Future[list[FileRead]] = Future()
        none.set_exception(ended)
        return none


def _first(portions: Iterator[Sequence[Path]], count: int) -> Iterator[Sequence[Path]]:
    for _, portion in zip(range(count), portions, strict=False):
        yield portion


def _in_order(
    pool: ProcessPoolExecutor,
    waiting: deque[tuple[Sequence[Path], Future[list[FileRead]]]],
    left: Iterator[Sequence[Path]],
) -> Iterator[FileRead]:
    while waiting:
        portion, future = waiting.popleft()
        try:
            yield from future.result()
            for following in _first(left, 1):
                waiting.append((following, _submitted(pool, following)))
        except BrokenProcessPool:
            # A reader was ended from outside, most often for want of memory.
            refusal = "Tiến trình đọc tệp bị ngắt giữa chừng nên chưa đọc tệp này. Chạy lại với --processes 1."
            yield from (FileRead(path, None, refusal) for path in [*portion, *_rest(waiting, left)])
            return


def _rest(
    waiting: deque[tuple[Sequence[Path], Future[list[FileRead]]]], left: Iterator[Sequence[Path]]
) -> Iterator[Path]:
    for portion, _future in waiting:
        yield from portion
    for portion in left:
        yield from portion


def _start() -> None:
    """Make a reader ready; what it inherited already is not done again."""
    start_django()
    from haidang.filings.workbooks.addressed import make_ready

    make_ready()
    # What it inherited is never garbage, and its pages stay shared while nobody looks through them. Of workbooks come
    # many small objects and no cycles.
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN)


def _read_portion(paths: Sequence[Path]) -> list[FileRead]:
    return [read_file(path) for path in paths]


def _content(path: Path) -> bytes:
    """The file, and no more of it than shows that it is too large to be a workbook of ours."""
    from haidang.office.workbook_package import MOST_BYTES

    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _way_to_start() -> multiprocessing.context.BaseContext:
    """A copy of this process where that is sound (it has no threads and no connection yet), else a fresh one."""
    return multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
