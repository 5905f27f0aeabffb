"""The items of a draft as the review lists them, in which order, and where they stand in the source.

Pure: no row is read or written here.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from haidang.plans.rules import KIND_LETTERS, Kind

LOW_CONFIDENCE = 0.60
SURE = 0.90  # from here on items may be confirmed together, without a look at each


@dataclass(frozen=True, slots=True)
class Concern:
    """Something to look at before a plan is accepted: how many items, in words, and the first of them."""

    count: int
    words: str
    kind: Kind | None = None
    pk: int | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One target, task or duty as the review screen lists it. `leads` counts a task's lead phrases."""

    kind: Kind
    pk: int
    position: int
    section: str
    text: str
    span: tuple[int, int] | None
    rule: str
    confidence: float
    checked: bool
    leads: int = 0
    ignored: bool = False
    phrases: tuple[tuple[str, str], ...] = ()  # of a task: role and words of each agency phrase

    @property
    def sure(self) -> bool:
        """Whether it may be confirmed with others like it: the reader is sure, and a task says who leads it."""
        return self.confidence >= SURE and (self.kind is not Kind.TASK or self.leads > 0)

    @property
    def settled(self) -> bool:
        """Whether a person is done with it: read beside its source, or set aside."""
        return self.checked or self.ignored

    @property
    def key(self) -> str:
        """Names the item in addresses and anchors: "task-12"."""
        return f"{self.kind}-{self.pk}"

    @property
    def letter(self) -> str:
        """C, N or H, as the design marks the three kinds."""
        return KIND_LETTERS[self.kind]


def concerns_of(items: Sequence[Item], issued_on: date | None, as_of: date) -> list[Concern]:
    """What a person should look at before accepting; none of it forbids, all of it is said beside the button."""
    items = [item for item in items if not item.ignored]
    without_lead = [item for item in items if item.kind is Kind.TASK and not item.leads]
    doubtful = [item for item in items if item.confidence < LOW_CONFIDENCE and not item.checked]
    duties = [item for item in items if item.kind is Kind.DUTY]
    found = [
        _concern(doubtful, "mục có độ tin cậy thấp chưa ai xem"),
        _concern(without_lead, "nhiệm vụ chưa rõ cơ quan chủ trì"),
    ]
    if not any(item.kind is Kind.TASK for item in items):
        found.append(Concern(1, "không đọc được nhiệm vụ nào: đối chiếu văn bản gốc, thêm nhiệm vụ bằng tay"))
    if not duties:
        found.append(Concern(1, "hạn báo cáo chưa có: sẽ không mở được kỳ báo cáo nào"))
    if issued_on is None:
        found.append(Concern(1, f"ngày ban hành để trống: cơ quan được tìm theo ngày {as_of:%d/%m/%Y}"))
    return [concern for concern in found if concern.count]


def _concern(items: Sequence[Item], words: str) -> Concern:
    first = items[0] if items else None
    return Concern(len(items), words, first.kind if first else None, first.pk if first else None)


def low_first(items: Iterable[Item]) -> list[Item]:
    """Items that wait for a person before the others, the least certain first, then in the order of the text."""
    return sorted(items, key=lambda item: (item.settled, item.confidence, *in_text(item)))


def in_text(item: Item) -> tuple[int, int, int]:
    """The place of an item in its document: by its span; one without a span behind them all."""
    return item.span[0] if item.span else sys.maxsize, list(Kind).index(item.kind), item.position


@dataclass(frozen=True, slots=True)
class Group:
    """Items under a heading, in the order of the list; `waiting` are those of them that can be confirmed together."""

    words: str
    items: tuple[Item, ...]

    @property
    def waiting(self) -> list[Item]:
        """The sure ones that nobody looked at."""
        return [item for item in self.items if item.sure and not item.settled]


def by_confidence(items: Iterable[Item]) -> list[Group]:
    """What needs a look first, least certain first; then what is sure, what was checked, what is ignored."""
    ranked = low_first(items)
    groups = [
        ("Chưa chắc, xem từng mục", [item for item in ranked if not item.settled and not item.sure]),
        ("Chắc từ 90 %", [item for item in ranked if not item.settled and item.sure]),
        ("Đã rà soát", [item for item in ranked if item.checked and not item.ignored]),
        ("Bỏ qua", [item for item in ranked if item.ignored]),
    ]
    return [Group(words, tuple(group)) for words, group in groups if group]


def by_text(items: Iterable[Item]) -> list[Group]:
    """As the document runs, under the headings of its tasks."""
    groups: dict[str, list[Item]] = {}
    for item in sorted(items, key=in_text):
        words = {Kind.TARGET: "Chỉ tiêu", Kind.DUTY: "Hạn báo cáo"}.get(item.kind) or _heading(item.section)
        groups.setdefault(words, []).append(item)
    return [Group(words, tuple(group)) for words, group in groups.items()]


def _heading(section: str) -> str:
    """The headings above a task: "II.2" for "II.2.1"."""
    above = section.rpartition(".")[0] or section
    return f"Nhiệm vụ mục {above}" if above else "Nhiệm vụ"


def next_waiting(before: Sequence[Group], key: str, after: Iterable[Item]) -> Item | None:
    """The item to look at once the one called `key` is done: the next in the list as it was that still waits.

    Behind the last one the list begins anew. None when nothing waits.
    """
    waiting = {item.key: item for item in after if not item.settled}
    keys = [item.key for group in before for item in group.items]
    here = keys.index(key) if key in keys else -1
    ahead = [one for one in (*keys[here + 1 :], *keys[: here + 1]) if one in waiting]
    return waiting[ahead[0]] if ahead else next(iter(waiting.values()), None)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a plan's text: plain, or the innermost item it belongs to; `first` where that item begins.

    `role` says that it names an agency of that item, as its lead or as one that helps.
    """

    text: str
    key: str = ""
    first: bool = False
    role: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the source, as pieces; it begins at `start` of the text."""

    pieces: tuple[Piece, ...]
    heading: bool = False
    start: int = 0


@dataclass(frozen=True, slots=True)
class _Named:
    """Where an agency phrase of an item stands in the text."""

    start: int
    end: int
    key: str
    role: str


def source_paragraphs(text: str, paragraphs: Iterable[Sequence[int]], items: Iterable[Item]) -> list[Paragraph]:
    """The text cut into its paragraphs ([offset, heading] each), and these where spans of items and agencies end.

    Where spans overlap the one that began last counts. Spans outside the text are cut to it: the pieces joined always
    give the text back.
    """
    shown = [item for item in items if not item.ignored]
    spans = sorted(
        (item.span[0], item.span[1], item.key) for item in shown if item.span and item.span[0] < item.span[1]
    )
    starts = {int(start): bool(heading) for start, heading in paragraphs if 0 < start < len(text)}
    named = list(_names_in(text, sorted(starts), shown))
    marks = [*(edge for span in spans for edge in span[:2]), *(edge for one in named for edge in (one.start, one.end))]
    edges = sorted({0, len(text), *starts, *(min(max(edge, 0), len(text)) for edge in marks)})
    first = any(start == 0 and heading for start, heading in paragraphs)
    made: list[tuple[bool, int, list[Piece]]] = [(first, 0, [])]
    open_spans: list[tuple[int, int, str]] = []
    upcoming = 0
    for start, end in pairwise(edges):
        open_spans = [span for span in open_spans if span[1] > start]
        begun = False
        while upcoming < len(spans) and spans[upcoming][0] <= start:
            open_spans.append(spans[upcoming])
            upcoming += 1
            begun = True
        if start in starts:
            made.append((starts[start], start, []))
        key = open_spans[-1][2] if open_spans else ""
        who = next((one for one in named if one.start <= start < one.end and key in ("", one.key)), None)
        piece = Piece(text[start:end], who.key if who else key, begun and bool(key), who.role if who else "")
        made[-1][2].append(piece)
    return [Paragraph(tuple(pieces), heading, start) for heading, start, pieces in made if pieces]


def _names_in(text: str, starts: Sequence[int], items: Iterable[Item]) -> Iterator[_Named]:
    """Where tasks name their agencies: in the span, or behind it to the end of the paragraph; case is no matter."""
    small = text.lower()
    if len(small) != len(text):  # a letter whose small form is longer would shift what follows
        small = text
    for item in items:
        if not item.span or not item.phrases:
            continue
        begin, end = max(item.span[0], 0), min(item.span[1], len(text))
        reach = next((start for start in starts if start >= end), len(text))
        for role, phrase in item.phrases:
            at = small.find(phrase.lower(), begin, reach)
            if at >= 0 and phrase:
                yield _Named(at, at + len(phrase), item.key, role)
