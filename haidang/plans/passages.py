"""What a passage says as a target, a task or a duty to report: the reader's rules on a passage that a person marked."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from haidang.catalogue.vocabulary import reading_vocabulary
from haidang.kernel.calendars import Period
from haidang.kernel.text import fold
from haidang.plans.drafting import LARGEST_VALUE
from haidang.plans.rules import Kind, clip
from haidang.reading.assignments import Assigner
from haidang.reading.dates import strict_in, window_in
from haidang.reading.duties import duties_in
from haidang.reading.targets import targets_in

LONGEST_PASSAGE = 4000


def values_of(kind: Kind, text: str, year: int | None) -> tuple[dict[str, Any], dict[str, tuple[str, ...]]]:
    """The columns of an item of this kind that the text makes, and for a task its agency phrases by role."""
    if kind is Kind.TARGET:
        return _target(text), {}
    if kind is Kind.DUTY:
        return _duty(text), {}
    return _task(text, year)


def _target(text: str) -> dict[str, Any]:
    """The first figure or direction in the text; a text with neither asks for more or, if it says so, for less."""
    found = next(iter(targets_in(text, reading_vocabulary())), None)
    if found is None:
        return {"text": text, "comparator": "reduce" if "giảm" in fold(text) else "increase", "value": None, "unit": ""}
    value = None if found.value is None else Decimal(str(found.value)).quantize(Decimal("0.01"))
    if value is not None and abs(value) >= LARGEST_VALUE:
        value = None
    return {"text": text, "comparator": found.comparator, "value": value, "unit": clip(found.unit, 60)}


def _task(text: str, year: int | None) -> tuple[dict[str, Any], dict[str, tuple[str, ...]]]:
    assigner = Assigner(reading_vocabulary())
    bracket = next(iter(assigner.brackets(text)), None)
    roles = bracket.roles if bracket else assigner.explicit(text) or assigner.subject(text)
    start, end = window_in(text, year) or (None, None)
    named = {"lead": roles.lead, "coordinating": roles.coordinating} if roles else {}
    begin = start if start and end and start <= end else None
    strict = strict_in(text, year, (start, end)) if end else None
    return {"text": text, "window_from": begin, "window_to": end, "window_strict": strict}, named


def _duty(text: str) -> dict[str, Any]:
    assigner = Assigner(reading_vocabulary())
    found = next(iter(duties_in(text, assigner, organising=True, monthly=True)), None)
    if found is None:
        return {"period": Period.ONCE.value, "due": "", "strict": None, "addressee": "", "owed_by": []}
    return {
        "period": found.period.value, "due": clip(found.due, 60), "strict": found.strict,
        "addressee": clip(found.to, 300), "owed_by": [clip(phrase, 300) for phrase in found.by],
    }  # fmt: skip
