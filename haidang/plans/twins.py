"""Whether two plans are one document that was imported twice, perhaps from files of different kinds. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from haidang.kernel.text import bare

SAME = 0.6  # of the word groups in common: a scan of a text keeps about 0.8, next year's plan of an office about 0.4
RUN = 3  # words that make a group
LEAST_GROUPS = 20  # of a text that can be told apart at all
_WORD = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Marks:
    """What names a document; empty where it was not read."""

    number: str
    issued_on: date | None
    issuer: str


def likely(one: Marks, other: Marks) -> bool | None:
    """True for the same number, date and issuer; False where one of them differs; None where the text must tell.

    A number that differs by a single sign may have been recognised wrongly, and an issuer in any of its words.
    """
    numbers = _signs(one.number), _signs(other.number)
    if one.issued_on and other.issued_on and one.issued_on != other.issued_on:
        return False
    if all(numbers) and numbers[0] != numbers[1]:
        return None if _nearly(*numbers) else False
    issuers = _signs(one.issuer), _signs(other.issuer)
    alike = not all(issuers) or issuers[0] == issuers[1]
    return True if all(numbers) and one.issued_on and one.issued_on == other.issued_on and alike else None


def same_text(one: str, other: str) -> bool:
    """Whether two texts are the same but for what a change of format or recognising letters does to them."""
    groups, others = _groups(one), _groups(other)
    least, most = sorted((len(groups), len(others)))
    return least >= LEAST_GROUPS and 2 * least >= most and len(groups & others) >= SAME * least


def _signs(text: str) -> str:
    """The letters and figures of a number or name, without marks."""
    return "".join(_WORD.findall(bare(text)))


def _nearly(one: str, other: str) -> bool:
    """Whether two strings differ in one sign: replaced, left out or put in."""
    if abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    at = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return short[at + (len(short) == len(long)) :] == long[at + 1 :]


def _groups(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(bare(text))
    return {tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}
