"""The programs that read scans, run under limits of time and memory; nothing of them is needed for other files."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

LANGUAGE = "vie"
MOST_MEGABYTES = 1_500
MOST_SECONDS_A_PAGE = 90
# The limits hold for the program and everything it starts; without a shell that knows them, nothing is run.
_LIMITED = 'ulimit -v "$1" && ulimit -t "$2" && shift 2 && exec "$@"'


class ScanFailed(Exception):
    """A program ended with an error, or met a limit of time or memory."""


@functools.cache
def recogniser() -> str | None:
    """The path of tesseract when it is installed here and reads Vietnamese."""
    found = shutil.which("tesseract")
    if found is None or shutil.which("sh") is None:
        return None
    try:
        listed = _run([found, "--list-langs"], seconds=20)
    except ScanFailed:
        return None
    return found if LANGUAGE in listed.decode("utf-8", "replace").split() else None


def missing_words() -> str:
    """What is not installed, and what to do instead, as the rest of a sentence."""
    return (
        "mà máy chủ chưa cài chương trình nhận dạng chữ tesseract với tiếng Việt; hãy nạp tệp .docx hoặc .pdf có chữ, "
        "hoặc đề nghị quản trị máy chủ cài hai gói tesseract-ocr và tesseract-ocr-vie."
    )


def recognise(image: Path, *, seconds: int, with_pdf: bool = False) -> tuple[str, Path]:
    """The words of an image file as tesseract's table (TSV); the path of a PDF of it where one is asked for."""
    program = recogniser()
    if program is None:
        raise ScanFailed("tesseract is not installed")
    target = image.with_suffix("")
    _run([program, str(image), str(target), "-l", LANGUAGE, "tsv", *(["pdf"] if with_pdf else [])], seconds=seconds)
    return target.with_suffix(".tsv").read_text("utf-8", "replace"), target.with_suffix(".pdf")


def render(document: Path, page: int, short_edge: int, target: Path) -> None:
    """Draw a page (from 0) of a PDF into a grey picture (PGM), in a process of its own."""
    command = [sys.executable, "-m", "haidang.office.scan_rendering", str(document), str(page), str(short_edge)]
    _run([*command, str(target)], seconds=MOST_SECONDS_A_PAGE)


def _run(command: Sequence[str], *, seconds: int) -> bytes:
    """Standard output of a program that may use so many seconds; ScanFailed when it fails."""
    limits = ["sh", "-c", _LIMITED, "sh", str(MOST_MEGABYTES * 1024), str(seconds)]
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}  # pages run beside each other, not inside
    try:
        done = subprocess.run(  # noqa: S603 (fixed programs, paths of our own)
            [*limits, *command], capture_output=True, timeout=seconds, check=False, env=environment,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise ScanFailed(str(problem)) from problem
    if done.returncode != 0:
        raise ScanFailed(done.stderr[-500:].decode("utf-8", "replace"))
    return done.stdout
