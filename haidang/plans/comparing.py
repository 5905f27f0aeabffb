"""A newer version of a plan against an older one: what stayed, changed, came and went. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from haidang.kernel.text import fold

ALIKE = 0.6  # from this share of common words on, two texts are versions of one item
_WORD = re.compile(r"\w+")


class Change(StrEnum):
    """What became of an item."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Entry:
    """An item as far as a comparison cares: `facts` are [name, value] beside its text, both as a person reads them."""

    kind: str
    pk: int
    text: str
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the text, whatever its punctuation and letters."""
        return tuple(_WORD.findall(fold(self.text)))


@dataclass(frozen=True, slots=True)
class Pair:
    """An item of one version, or the two that belong together; `what` names what changed."""

    change: Change
    old: Entry | None
    new: Entry | None
    what: tuple[str, ...] = ()


def compare(old: Sequence[Entry], new: Sequence[Entry]) -> list[Pair]:
    """Every item of both versions exactly once: those of the new one in its order, then what went.

    Equal texts belong together first, then the most alike of what is left, never two kinds.
    """
    partner = _equal(old, new)
    partner |= _alike(
        [one for one in old if one not in set(partner.values())], [one for one in new if one not in partner]
    )
    pairs = [_pair(partner.get(one), one) for one in new]
    kept = set(partner.values())
    return [*pairs, *(Pair(Change.REMOVED, one, None) for one in old if one not in kept)]


def _equal(old: Iterable[Entry], new: Iterable[Entry]) -> dict[Entry, Entry]:
    """New to old of equal words; where a text stands several times, in order."""
    waiting: dict[tuple[str, tuple[str, ...]], list[Entry]] = {}
    for one in old:
        waiting.setdefault((one.kind, one.words), []).append(one)
    partner = {}
    for one in new:
        if found := waiting.get((one.kind, one.words)):
            partner[one] = found.pop(0)
    return partner


def _alike(old: Sequence[Entry], new: Sequence[Entry]) -> dict[Entry, Entry]:
    scored = sorted(
        ((_likeness(before, after), -i, -j) for i, before in enumerate(old) for j, after in enumerate(new)),
        reverse=True,
    )
    partner: dict[Entry, Entry] = {}
    taken: set[Entry] = set()
    for score, i, j in scored:
        if score < ALIKE:
            break
        before, after = old[-i], new[-j]
        if before not in taken and after not in partner:
            partner[after] = before
            taken.add(before)
    return partner


def _likeness(a: Entry, b: Entry) -> float:
    """Share of words in common and in order, 0-1; nothing between two kinds."""
    first, second = a.words, b.words
    shared = len(set(first) & set(second))
    if a.kind != b.kind or not first or not second or 2 * shared < ALIKE * (len(set(first)) + len(set(second))):
        return 0.0
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def _pair(old: Entry | None, new: Entry) -> Pair:
    if old is None:
        return Pair(Change.ADDED, None, new)
    before = dict(old.facts)
    what = [] if old.words == new.words else ["nội dung"]
    what += [name for name, value in new.facts if fold(before.get(name, "")) != fold(value)]
    return Pair(Change.CHANGED if what else Change.SAME, old, new, tuple(what))
