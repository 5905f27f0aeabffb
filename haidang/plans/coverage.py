"""Whether a plan's targets and tasks are taken up by the plans below it: by the terms that their texts share.

Pure, and the same each time: a term is a pair of neighbouring syllables (most Vietnamese words have two), it weighs
the more the fewer items of the family use it, and two texts are as near as the weight of what they share. The shared
terms are told, so that a person can see why; what a person says of a pair counts before any nearness.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from haidang.kernel.text import fold

TAKEN_UP = 0.42  # from this nearness on, a text below takes up the one above
PERHAPS = 0.22  # from this on, a person should look
SHOWN_TERMS = 6
LONGEST = 4000  # characters of an item that are compared
_SYLLABLE = re.compile(r"[^\W_]+")
# What joins words, and what every item of such plans says.
_JOINING_WORDS = (
    "và các của cho với về theo trên trong tại ở từ đến được là có để bị do khi nếu như này đó những một mỗi mọi",
    "cùng không đã sẽ hoặc cũng ngay",
)
_JOINING = frozenset(word for line in _JOINING_WORDS for word in line.split())
_EMPTY_WORDS = (
    "việc công tác thực hiện tổ chức triển khai phối hợp tăng cường đẩy mạnh tiếp tục nâng cao bảo đảm chủ trì",
    "liên quan cơ quan đơn vị địa phương sở ban ngành đoàn thể tỉnh huyện xã phường thành phố ubnd uỷ nhân dân năm",
    "giai đoạn kế hoạch nội dung hiệu quả hình thức phù hợp chức năng nhiệm vụ",
)
_EMPTY = frozenset(word for line in _EMPTY_WORDS for word in line.split())
_FIGURE = re.compile(r"\d[\d.,]*\s*%?")
_WHO = re.compile(r"\([^()]*(?:chủ trì|thực hiện|phối hợp|tham mưu)[^()]*\)", re.IGNORECASE)  # who does it, not what


class Taken(StrEnum):
    """What became of an item in a plan below, or in all of them together."""

    YES = "taken"
    PERHAPS = "perhaps"
    NO = "open"


class Level(StrEnum):
    """How a target below compares with the one above."""

    SAME = "same"
    HIGHER = "higher"
    LOWER = "lower"
    UNKNOWN = "unknown"  # no levels, other units, or a direction against a level


@dataclass(frozen=True, slots=True)
class Item:
    """A target or a task as far as coverage cares; `comparator`, `value` and `unit` are those of a target."""

    pk: int
    plan: int
    text: str
    section: str = ""
    comparator: str = ""
    value: Decimal | None = None
    unit: str = ""

    @property
    def words(self) -> str:
        """The text that is compared; the numbers of a target are compared by themselves."""
        return _FIGURE.sub(" ", self.text) if self.comparator else self.text


@dataclass(frozen=True, slots=True)
class Match:
    """An item below beside the one above: how near (0-1), what they share, what a person said (None: nothing yet)."""

    above: int
    below: int
    plan: int
    nearness: float
    terms: tuple[str, ...] = ()
    said: bool | None = None
    level: Level = Level.UNKNOWN

    @property
    def taken(self) -> Taken:
        """What the pair means: what a person said, else by its nearness."""
        if self.said is not None:
            return Taken.YES if self.said else Taken.NO
        return Taken.YES if self.nearness >= TAKEN_UP else Taken.PERHAPS if self.nearness >= PERHAPS else Taken.NO


@lru_cache(maxsize=8192)
def terms_of(text: str) -> tuple[str, ...]:
    """The terms of a text: pairs of neighbouring syllables, whatever the punctuation.

    None of them is a joining word, and not both are words that every such plan is full of.
    """
    words = _SYLLABLE.findall(fold(_WHO.sub(" ", text[:LONGEST])))
    kept = ((a, b) for a, b in pairwise(words) if a not in _JOINING and b not in _JOINING)
    pairs = (f"{a} {b}" for a, b in kept if not (a in _EMPTY and b in _EMPTY))
    return tuple(pairs)


def matches_of(
    above: Sequence[Item], below: Sequence[Item], said: Mapping[tuple[int, int], bool]
) -> dict[int, list[Match]]:
    """For each item above the best match in every plan below that has any, and all that a person spoke of; best first.

    `said` maps (above, below) to what a person said. Among targets only those of the same direction or unit are near.
    """
    texts = _Texts(above, below)
    return {
        item.pk: _best(item, texts, {down: ok for (up, down), ok in said.items() if up == item.pk}) for item in above
    }


class _Texts:
    """The texts of a family, weighed: how near any item is to all items below, by the terms they share."""

    def __init__(self, above: Sequence[Item], below: Sequence[Item]) -> None:
        self.weights = _weights([*above, *below])
        self.below = {item.pk: item for item in below}
        self._vectors = {item.pk: self.vector(item.words) for item in below}
        self._users: dict[str, list[int]] = defaultdict(list)
        for pk, vector in self._vectors.items():
            for term in vector:
                self._users[term].append(pk)

    def vector(self, text: str) -> dict[str, float]:
        """The terms of a text with their weights, of length one."""
        raw = {term: self.weights[term] for term in set(terms_of(text))}
        length = math.sqrt(sum(weight * weight for weight in raw.values()))
        return {term: weight / length for term, weight in raw.items()} if length else {}

    def nearness(self, item: Item) -> dict[int, float]:
        """How near the items below are that share any term and may be the same thing, by id."""
        scores: dict[int, float] = defaultdict(float)
        for term, weight in self.vector(item.words).items():
            for pk in self._users.get(term, ()):
                scores[pk] += weight * self._vectors[pk][term]
        return {pk: score for pk, score in scores.items() if _comparable(item, self.below[pk])}

    def match(self, item: Item, pk: int, near: float, said: bool | None) -> Match:
        """An item beside one below."""
        other = self.below[pk]
        return Match(
            item.pk, pk, other.plan, round(near, 3), _shared(item.words, other.words, self.weights), said,
            level_of(item, other),
        )  # fmt: skip


def _best(item: Item, texts: _Texts, ruled: Mapping[int, bool]) -> list[Match]:
    """The nearest item of each plan below, and all that a person spoke of."""
    scores = texts.nearness(item)
    best: dict[int, tuple[float, int]] = {}
    for pk, near in scores.items():
        if near >= PERHAPS and pk not in ruled:
            plan = texts.below[pk].plan
            best[plan] = max(best.get(plan, (0.0, 0)), (near, -pk))
    made = [texts.match(item, -negative, near, None) for near, negative in best.values()]
    made += [texts.match(item, pk, scores.get(pk, 0.0), ok) for pk, ok in ruled.items() if pk in texts.below]
    return sorted(made, key=lambda match: (match.said is not True, -match.nearness, match.below))


def _weights(items: Sequence[Item]) -> dict[str, float]:
    """What each term weighs: the rarer among the items, the more."""
    seen: Counter[str] = Counter()
    for item in items:
        seen.update(set(terms_of(item.words)))
    return {term: 1 + math.log((1 + len(items)) / (1 + count)) for term, count in seen.items()}


def _shared(above: str, below: str, weights: Mapping[str, float]) -> tuple[str, ...]:
    """The terms that two texts share, the weightiest of them, neighbouring ones joined: "đường dây nóng"."""
    both = set(terms_of(above)) & set(terms_of(below))
    chosen = set(sorted(both, key=lambda term: (-weights[term], term))[: 2 * SHOWN_TERMS])
    joined: list[str] = []
    for term in terms_of(below):
        if term not in chosen:
            continue
        chosen.discard(term)
        if joined and joined[-1].split()[-1] == term.split()[0]:
            joined[-1] = f"{joined[-1]} {term.split()[1]}"
        else:
            joined.append(term)
    return tuple(joined[:SHOWN_TERMS])


_DIRECTIONS = ("reduce", "increase")


def _comparable(above: Item, below: Item) -> bool:
    """Whether two items may be the same thing: two tasks; or targets of one direction, or with levels of one unit."""
    if not above.comparator:
        return True
    if above.comparator in _DIRECTIONS or below.comparator in _DIRECTIONS:
        return above.comparator == below.comparator
    return (above.comparator == "<=") == (below.comparator == "<=")


def level_of(above: Item, below: Item) -> Level:
    """Whether the target below asks for as much as the one above: for more, for less, or it cannot be told."""
    if not above.comparator or above.value is None or below.value is None or fold(above.unit) != fold(below.unit):
        return Level.UNKNOWN
    if not _comparable(above, below):
        return Level.UNKNOWN
    if above.value == below.value:
        if above.comparator == ">" and below.comparator in (">=", "="):
            return Level.LOWER
        return Level.HIGHER if below.comparator == ">" and above.comparator in (">=", "=") else Level.SAME
    asks_more = below.value > above.value
    return Level.HIGHER if asks_more != (above.comparator == "<=") else Level.LOWER


def whole(matches: Iterable[Match]) -> Taken:
    """What became of an item: taken up when any plan below takes it up, else perhaps, else not."""
    found = {match.taken for match in matches}
    return next((one for one in (Taken.YES, Taken.PERHAPS) if one in found), Taken.NO)
