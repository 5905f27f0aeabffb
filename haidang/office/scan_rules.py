"""The ruled lines of a scanned page, found in its grey picture."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DARK = 150  # of 255
SHARE = 30  # a rule is at least this part of the shorter edge: seven millimetres of A4, more than a letter
_HEAD = re.compile(rb"P5\s(\d{1,6})\s(\d{1,6})\s255\s")
_IS_DARK = bytes(1 if shade < DARK else 0 for shade in range(256))


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line between two points, in pixels from the upper left corner."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(slots=True)
class _Growing:
    """A rule that is followed from one row of pixels to the next."""

    first: int
    last: int
    start: int
    end: int


def rules_of(picture: Path) -> list[Rule]:
    """The horizontal and vertical rules of a binary PGM; a slightly turned line is one rule all the same."""
    content = picture.read_bytes()
    head = _HEAD.match(content)
    if head is None:
        raise ValueError(f"{picture.name} is no binary PGM")
    width, height = int(head[1]), int(head[2])
    dark = content[head.end() :].translate(_IS_DARK)
    least = max(10, min(width, height) // SHARE)
    lying = _followed((dark[y * width : (y + 1) * width] for y in range(height)), least)
    standing = _followed((dark[x::width] for x in range(width)), least)
    return [
        *(Rule(run.start, (run.first + run.last) / 2, run.end, (run.first + run.last) / 2) for run in lying),
        *(Rule((run.first + run.last) / 2, run.start, (run.first + run.last) / 2, run.end) for run in standing),
    ]


def _followed(rows: Iterator[bytes], least: int) -> list[_Growing]:
    """Long dark runs, those of neighbouring rows that overlap as one; thick ones are no rules but bars and pictures."""
    pattern = re.compile(rb"\x01{%d,}" % least)
    done: list[_Growing] = []
    growing: list[_Growing] = []
    for index, row in enumerate(rows):
        closed = row.replace(b"\x01\x00\x01", b"\x01\x01\x01").replace(b"\x01\x00\x00\x01", b"\x01\x01\x01\x01")
        for run in pattern.finditer(closed):
            start, end = run.span()
            above = next((one for one in growing if one.start <= end and start <= one.end), None)
            if above is None:
                growing.append(_Growing(index, index, start, end))
            else:
                above.last, above.start, above.end = index, min(above.start, start), max(above.end, end)
        done += [one for one in growing if one.last < index - 1]
        growing = [one for one in growing if one.last >= index - 1]
    return [one for one in (*done, *growing) if (one.last - one.first) * 4 < one.end - one.start]
