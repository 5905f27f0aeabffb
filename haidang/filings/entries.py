"""What a person types into a cell of the grid, as the value to keep."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from haidang.catalogue.forms import FormSpec
from haidang.filings import content
from haidang.kernel.numbers import parse_number
from haidang.kernel.text import bare, squeeze

_STATES = {
    "-": "na",
    "ktcn": "na",
    "na": "na",
    "khong thuoc chuc nang": "na",
    "...": "nd",
    "ccsl": "nd",
    "nd": "nd",
    "chua co so lieu": "nd",
}


MOST_REASON = 300
_PLAIN_DIGITS = 15  # of a count as nearly every cell holds one; what is longer or marked is read with care
NIL_WORDS = "Không phát sinh"


def nil_entries(form: FormSpec) -> dict[str, Any]:
    """What a form with nothing to report holds, by whole code: 0 in every number, words where it has words alone."""
    numbers = {f"{form.code}.{cell}": 0 for cell in form.input_cells if not form.cells[cell][1].is_text}
    return numbers or {f"{form.code}.{cell}": NIL_WORDS for cell in form.input_cells}


def stands_nil(form: FormSpec, held: Mapping[str, Any]) -> bool:
    """Whether the form says that there is nothing to report, and nothing else."""
    entered = {code: held[code] for cell in form.input_cells if (code := f"{form.code}.{cell}") in held}
    return entered == nil_entries(form)


def stands_blank(form: FormSpec, held: Mapping[str, Any]) -> bool:
    """Whether nothing at all was entered in the form."""
    return not any(f"{form.code}.{cell}" in held for cell in form.input_cells)


class NotAnEntry(ValueError):
    """The text is no value; its own text says what may be typed (Vietnamese)."""


def read_entry(text: str) -> int | float | str | None:
    """A number ("1.234,5", "12 %"), "na" ("-", "KTCN"), "nd" ("…", "CCSL") or None for blank. NotAnEntry otherwise.

    "KTCN: lý do" is "na" as well; `read_reasons` tells the reason.
    """
    if text.isascii() and text.isdecimal() and len(text) <= _PLAIN_DIGITS:
        return int(text)
    typed, reason = _with_reason(text)
    if len(reason) > MOST_REASON:
        raise NotAnEntry(f"Lý do dài hơn {MOST_REASON} ký tự. Rút gọn lý do không thuộc chức năng.")
    if not typed:
        return None
    if state := _STATES.get(bare(typed)):
        return state
    try:
        return parse_number(re.sub(r"\s*%$", "", typed))
    except ValueError:
        raise NotAnEntry(
            f"“{typed[:40]}” không phải số. Nhập số như 1.234,5; gõ - nếu không thuộc chức năng, … nếu chưa có số liệu."
        ) from None


def _with_reason(text: str) -> tuple[str, str]:
    """What was typed, and the reason behind it where "không thuộc chức năng" was typed with one after a colon."""
    if text.isascii() and text.isdecimal():
        return text, ""
    typed = squeeze(text).replace("…", "...")
    head, colon, tail = typed.partition(":")
    if colon and _STATES.get(bare(squeeze(head))) == "na":
        return head, squeeze(tail)
    return typed, ""


def read_reasons(forms: content.Forms, typed: dict[str, str]) -> dict[str, str]:
    """The reasons given for "không thuộc chức năng" in what was typed, by whole code."""
    given = {code: _with_reason(text)[1] for code, text in typed.items() if not content.is_text_cell(forms, code)}
    return {code: reason for code, reason in given.items() if reason}


def read_entries(forms: content.Forms, typed: dict[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """What was typed, by whole code: the values to save, and the sentence for each text that is none."""
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for code, text in typed.items():
        if content.is_text_cell(forms, code):
            values[code] = text.strip() or None
            continue
        try:
            values[code] = read_entry(text)
        except NotAnEntry as error:
            problems[code] = str(error)
    return values, problems
