"""Which plan carries out which: from the numbers that legal bases cite, and from what people said.

Pure: plans come as sheets (number, day, issuer, area, what they cite), edges go out. A plan stands below the one whose
number it cites; where several have that number, the day and the issuer beside the citation decide. A decision that
wraps a plan counts as its number too.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from haidang.kernel.text import bare, fold, squeeze
from haidang.reading.dates import DAY, written_day
from haidang.reading.letters import compiled

HEAD = 6000  # characters of a plan in which it says what it carries out
BESIDE = 160  # characters after a cited number in which its day and issuer stand
_NUMBER = compiled(r"(?<![\w/])\d{1,5}[a-zđ]?\s*/\s*(?:\d{4}\s*/\s*)?[[:upper:]]\w*(?:\s?[-–]\s?[[:upper:]]\w*)+")
_WRAP = compiled(
    r"\(\s*(?:Ban hành\s+)?[Kk]èm theo\s+(?:Quyết định|Công văn|Tờ trình|Thông báo|Nghị quyết)\s+(?:số\s*:?\s*)?"
    r"(?P<number>[^\s,;()]+(?:\s?/\s?[^\s,;()]+)?)",
)
_DATED = compiled(rf"ngày\s+(?P<day>{DAY})", re.IGNORECASE)
_OF = compiled(
    r"\bcủa\s+(?P<issuer>[[:upper:]][^.;()“\"]{2,110}?)"
    r"(?=\s+(?:về|ban hành|phê duyệt|thực hiện|triển khai|và\s+[[:upper:]])\b|,\s*(?:[[:upper:]]|ngày|$)|[.;()“\"]|$)"
)
_BASIS = compiled(r"(?:Căn cứ|Thực hiện|Triển khai|Theo|Tiếp tục thực hiện|Thi hành|Xét)\b")
_FIRST_PART = compiled(r"(?:^|\s)(?:I|A|1|Phần (?:thứ nhất|I))\s?[.)/-]\s*(?=[[:upper:]])")


class Why(StrEnum):
    """What an edge rests on."""

    NUMBER = "number"  # the child cites the parent's number
    DATED = "dated"  # and its day or issuer, which told it from others of that number
    SAID = "said"  # a person said so


@dataclass(frozen=True, slots=True)
class Citation:
    """A document that a plan cites: its number as written, and the day and issuer that stand beside it."""

    number: str
    on: date | None = None
    issuer: str = ""

    @property
    def key(self) -> str:
        """The number as it is compared."""
        return number_key(self.number)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a family needs of a plan. `numbers` are keys: its own, and that of the decision it came with.

    `path` is its area's path; `rank` is 0 for the centre, 1 for a province, 2 for a district, 3 for a commune;
    `earlier` are the days of the versions that it replaced, by which it may be cited too.
    """

    pk: int
    numbers: frozenset[str]
    issued_on: date | None
    issuer: str
    path: str
    rank: int
    cites: tuple[Citation, ...] = ()
    earlier: frozenset[date] = frozenset()

    @property
    def days(self) -> frozenset[date]:
        """The days by which it may be cited."""
        return self.earlier | {self.issued_on} if self.issued_on else self.earlier


@dataclass(frozen=True, slots=True)
class Edge:
    """A plan stands below another one, and why."""

    child: int
    parent: int
    why: Why


@dataclass(frozen=True, slots=True)
class Open:
    """A citation without an edge: of nothing that is imported (no candidates), or of several documents alike."""

    child: int
    citation: Citation
    candidates: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Family:
    """All edges between some plans, and the citations that led to none."""

    edges: tuple[Edge, ...]
    open: tuple[Open, ...]

    def parents(self, pk: int) -> list[Edge]:
        """The edges up from a plan."""
        return [edge for edge in self.edges if edge.child == pk]

    def children(self, pk: int) -> list[Edge]:
        """The edges down from a plan."""
        return [edge for edge in self.edges if edge.parent == pk]


def number_key(number: str) -> str:
    """A number as it is compared: without spaces, leading zeros, diacritics; "017 /KH-BCĐ" and "17/KH–BCD" are one."""
    plain = re.sub(r"\s+", "", bare(number)).replace("–", "-")
    return re.sub(r"^0+(?=\d)", "", plain)


def own_numbers(number: str, head: str) -> frozenset[str]:
    """The keys a plan goes by: its number, and the number of the decision or letter that it was issued with.

    "(Ban hành kèm theo Quyết định số 15/QĐ-UBND ...)" right under the title is its own; behind the name of another
    document it is that one's.
    """
    keys = {number_key(number)} if number.strip() else set()
    opening = _FIRST_PART.search(head)
    for match in _WRAP.finditer(head[: opening.start() if opening else None]):
        before = head[: match.start()]
        basis = max((found.start() for found in _BASIS.finditer(before)), default=-1)
        if basis < 0 and _NUMBER.match(match["number"]):
            keys.add(number_key(match["number"]))
    return frozenset(keys)


def citations_of(legal_bases: Iterable[str], head: str) -> tuple[Citation, ...]:
    """What a plan cites: its legal bases, each with the day and the issuer that stand beside it in `head`.

    `head` is the beginning of its normal form; a number that does not stand there has neither day nor issuer.
    """
    found: dict[str, Citation] = {}
    for number in legal_bases:
        match = _anywhere(number).search(head)
        found.setdefault(number_key(number), _citation(number, head[match.end() :][:BESIDE] if match else ""))
    return tuple(found.values())


def _anywhere(number: str) -> re.Pattern[str]:
    """A number however it is spaced and dashed."""
    letters = [r"[-–]" if char in "-–" else re.escape(char) for char in number if not char.isspace()]
    return re.compile(r"(?<!\d)0*" + r"\s?".join(letters) + r"(?!\w)", re.IGNORECASE)


def _citation(number: str, after: str) -> Citation:
    """A cited number with the day and the issuer that follow it, up to the next number."""
    following = _NUMBER.search(after)
    beside = after[: following.start()] if following else after
    dated, issuer = _DATED.match(beside.lstrip(" ,")), _OF.search(beside)
    written = written_day(dated["day"]) if dated else None
    return Citation(number, written.on(None) if written else None, squeeze(issuer["issuer"]) if issuer else "")


def family_of(sheets: Sequence[Sheet], said: Mapping[tuple[int, int], bool]) -> Family:
    """The edges between these plans. `said` maps (child, parent) to what a person said: it stands, or it does not.

    No edge closes a circle: a plan never stands above itself; what a person said goes first, then the older parent.
    """
    by_number: dict[str, list[Sheet]] = defaultdict(list)
    for sheet in sheets:
        for key in sheet.numbers:
            by_number[key].append(sheet)
    known = {sheet.pk for sheet in sheets}
    edges = [Edge(*pair, Why.SAID) for pair, stands in said.items() if stands and known.issuperset(pair)]
    loose: list[Open] = []
    for sheet in sheets:
        for citation in sheet.cites:
            found, doubtful = _meant(sheet, citation, by_number.get(citation.key, ()))
            if found and (sheet.pk, found[0].pk) not in said:
                edges.append(Edge(sheet.pk, found[0].pk, Why.DATED if doubtful else Why.NUMBER))
            elif not found:
                loose.append(Open(sheet.pk, citation, tuple(one.pk for one in doubtful)))
    return Family(tuple(_without_circles(edges)), tuple(loose))


def _meant(child: Sheet, citation: Citation, fitting: Sequence[Sheet]) -> tuple[list[Sheet], list[Sheet]]:
    """The one plan that a citation means (none when several are left), and the others that were in doubt."""
    above = [one for one in fitting if one.pk != child.pk and _may_stand_above(one, child, citation)]
    sure = [one for one in above if not _contradicts(citation, one)]
    if len(sure) <= 1:
        return sure, [one for one in above if one not in sure] if sure else []
    closest = [one for one in sure if _agrees(citation, one)]
    if len(closest) == 1:
        return closest, [one for one in sure if one not in closest]
    own = [one for one in closest or sure if one.path == child.path]
    return (own, sure) if len(own) == 1 and not closest else ([], closest or sure)


def _may_stand_above(parent: Sheet, child: Sheet, citation: Citation) -> bool:
    """An area above, the same area or the centre; issued no later, unless the citation names the parent's very day."""
    inside = parent.rank == 0 or child.path == parent.path or child.path.startswith(parent.path + "/")
    in_order = not parent.days or child.issued_on is None or min(parent.days) <= child.issued_on
    return inside and (in_order or citation.on in parent.days)


def _contradicts(citation: Citation, sheet: Sheet) -> bool:
    """Whether day or issuer beside the number speak of another document."""
    if citation.on and sheet.days:
        return citation.on not in sheet.days
    central = _central(citation.issuer)
    return central is not None and central != (sheet.rank == 0)


def _agrees(citation: Citation, sheet: Sheet) -> bool:
    if citation.on and sheet.days:
        return citation.on in sheet.days
    words, own = set(fold(citation.issuer).split()), set(fold(sheet.issuer).split())
    return bool(words) and len(words & own) >= 0.6 * min(len(words), len(own) or 99)


def _central(issuer: str) -> bool | None:
    """Whether an issuer is one of the centre; None when its words do not tell."""
    words = fold(issuer)
    if re.search(r"chính phủ|/cp|trung ương|thủ tướng|quốc hội|(?<!\w)bộ (?!chỉ huy)", words):
        return True
    local = r"(?<!\w)(?:tỉnh|thành phố|huyện|quận|thị xã|thị trấn|phường|xã|đặc khu|sở|ubnd|uỷ ban nhân dân)(?!\w)"
    return False if re.search(local, words) else None


def _without_circles(edges: Iterable[Edge]) -> Iterable[Edge]:
    """The edges in their order, each once, without those that would close a circle."""
    above: dict[int, set[int]] = defaultdict(set)
    kept: set[tuple[int, int]] = set()
    for edge in edges:
        pair = (edge.child, edge.parent)
        if pair in kept or edge.child == edge.parent or edge.child in _ancestors(edge.parent, above):
            continue
        kept.add(pair)
        above[edge.child].add(edge.parent)
        yield edge


def _ancestors(pk: int, above: Mapping[int, set[int]]) -> set[int]:
    """Everything above a plan by these edges."""
    found: set[int] = set()
    frontier = [pk]
    while frontier:
        fresh = above.get(frontier.pop(), set()) - found
        found |= fresh
        frontier += fresh
    return found


def closes_circle(edges: Iterable[Edge], child: int, parent: int) -> bool:
    """Whether an edge from `child` up to `parent` would make a plan stand above itself."""
    above: dict[int, set[int]] = defaultdict(set)
    for edge in edges:
        above[edge.child].add(edge.parent)
    return child == parent or child in _ancestors(parent, above)
