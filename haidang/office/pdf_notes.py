"""Footnotes of a PDF: small print at the foot of a page that begins with a number raised in the text above it."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence

from haidang.office.document_notes import Notes
from haidang.office.page_layout import Run
from haidang.office.pdf_edges import LaidOut

SMALL = 0.86  # of the height of the page's other letters
MOST_ROWS = 15
RAISED_DIGITS = dict(zip("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True))
_PLAIN = {raised: ord(digit) for digit, raised in RAISED_DIGITS.items()}
_RAISED = re.compile(f"[{''.join(_PLAIN)}]{{1,3}}")
_NUMBERED = re.compile(rf"\s*([{''.join(_PLAIN)}]{{1,3}}|\d{{1,3}}[.)]?)\s*(?=\D)")
_NUMBER_ALONE = re.compile(r"\W*\d{1,4}\W*")


def take_notes(page: LaidOut, notes: Notes) -> None:
    """Move the footnotes of a page out of its text into the list, each with the words before its raised number."""
    found = _note_runs(page)
    if not found:
        return
    texts = _numbered(found)
    below = {id(run) for run in found}
    body = [run for run in page.runs if id(run) not in below]
    places = {match[0]: (run, match) for run in body for match in _RAISED.finditer(run.text)}
    if not all(number in places for number in texts):
        return  # small print of another kind
    for number, text in texts.items():
        run, match = places[number]
        notes.add(_before(body, run, match.start()), [text])
    for number in texts:
        run, _match = places[number]
        run.text = run.text.replace(number, "", 1)
    page.runs = body


def _note_runs(page: LaidOut) -> list[Run]:
    """The small runs at the foot of the page, from the top; none when they do not begin with a number."""
    free = [run for run in page.runs if not any(grid.holds(run.left, run.middle) for grid in page.grids)]
    if not free:
        return []
    usual = statistics.median(run.height for run in free for _ in range(max(1, len(run.text) // 10)))
    foot: list[Run] = []
    for run in sorted(free, key=lambda each: each.middle):
        if not foot and _NUMBER_ALONE.fullmatch(run.text):
            continue
        if run.height >= SMALL * usual or run.middle > page.height / 2 or len(foot) > MOST_ROWS:
            break
        foot.append(run)
    foot.sort(key=lambda run: (-round(run.middle), run.left))
    return foot if foot and _NUMBERED.match(foot[0].text) else []


def _numbered(runs: Sequence[Run]) -> dict[str, str]:
    """The notes by their raised numbers, their lines joined."""
    found: dict[str, str] = {}
    number = ""
    for run in runs:
        match = _NUMBERED.match(run.text)
        plain = (
            match[1].translate({ord(raised): digit for raised, digit in _PLAIN.items()}).rstrip(".)") if match else ""
        )
        if match and (not number or int(plain) == _value(number) + 1):
            number = "".join(RAISED_DIGITS[digit] for digit in plain)
            found[number] = run.text[match.end() :].strip()
        else:
            found[number] += " " + run.text.strip()
    return found


def _value(raised: str) -> int:
    return int(raised.translate({ord(sign): digit for sign, digit in _PLAIN.items()}))


def _before(body: Sequence[Run], run: Run, at: int) -> str:
    """The words before a place in a run, with those of the line above it where these are few."""
    above = [each for each in body if 0 < each.middle - run.middle < 3 * max(run.height, 1.0)]
    nearest = min(above, key=lambda each: each.middle, default=None)
    return f"{nearest.text if nearest else ''} {run.text[:at]}"
