"""Who must issue a plan of its own, and by when: "ban hành văn bản triển khai thực hiện, gửi về ... trước ngày ...".

The scored reading has no such item; this rule reads the text beside it. A clause counts when somebody is told to
issue or draw up a plan (or a document that puts this one into practice) at its own place, and the clause says by when
or to whom it is sent, or stands among what all agencies are told ("căn cứ kế hoạch này ..."). A plan that is a task of
one agency for everybody's use ("xây dựng kế hoạch kiểm tra liên ngành") is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise

from haidang.reading.addressees import addressee_in
from haidang.reading.assignments import Assigner
from haidang.reading.dates import DAY, written_day
from haidang.reading.duties import sentences
from haidang.reading.letters import compiled
from haidang.reading.vocabulary import ReadingVocabulary

LONGEST = 400_000  # characters of a plan that are looked at
MOST = 12  # such clauses of one plan
SURE, LIKELY, UNSURE = 0.9, 0.75, 0.55

_ISSUES = r"(?:xây dựng(?:\s+(?:và\s+)?(?:xong|ban hành|hoàn thành))?|ban hành|lập|cụ thể\s+ho[áà])"
_PAPER = (
    r"(?:(?:các\s+)?(?:kế hoạch|văn bản|chương trình|công văn|hướng dẫn)"
    r"(?:\s*(?:,|/|và|hoặc)\s*(?:kế hoạch|văn bản|chương trình|công văn|hướng dẫn))*)"
)
_ASK = compiled(rf"(?<!\w){_ISSUES}\s+(?:(?:xong|ngay|và|cụ thể)\s+)*{_PAPER}(?P<what>[^.;:]*)", re.IGNORECASE)
_PUTS_INTO_PRACTICE = compiled(
    r"(?:để\s+)?(?:tổ chức\s+)?(?:triển khai|thực hiện|cụ thể|chỉ đạo|tổng kết|phòng,? chống"
    r"|của\s+(?:cơ quan|đơn vị|ngành|địa phương|mình|cấp)|ở\s+(?:cơ quan|đơn vị|địa phương)"
    r"|tại\s+(?:cơ quan|đơn vị|địa phương)|phù hợp)",
    re.IGNORECASE,
)
_SPECIAL = compiled(
    r"^\s*(?:kiểm tra|thanh tra|giám sát|phối hợp|liên ngành|truyền thông|tuyên truyền|tập huấn|bồi dưỡng|đào tạo"
    r"|nghiệp vụ|điều tra|xác minh|giải cứu|hợp tác"
    r"|cao điểm|tuần tra|vốn|tài chính|kinh phí|sản xuất|hội nghị|hỗ trợ nạn nhân)",
    re.IGNORECASE,
)
_OF_THIS_PLAN = compiled(
    r"(?:căn cứ|trên cơ sở|theo|từ)\s+(?:các\s+)?(?:nội dung\s+)?(?:của\s+)?(?:bản\s+)?(?:kế hoạch|chương trình"
    r"|văn bản)\s+này|nội dung(?:\s+của)?\s+kế hoạch này|chức năng,\s*nhiệm vụ|tình hình thực tế",
    re.IGNORECASE,
)
_DUE = compiled(
    rf"(?P<word>trước|chậm nhất(?:\s+là)?(?:\s+(?:vào|đến|trước))?|muộn nhất(?:\s+là)?|xong trước|hạn)\s*(?:hết\s+)?"
    rf"(?:ngày\s+)?(?P<day>{DAY})",
    re.IGNORECASE,
)
_WITHIN = compiled(
    r"(?:trong(?:\s+(?:thời hạn|vòng))?|chậm nhất(?:\s+là)?|sau)\s+(?P<days>\d{1,3})\s+ngày(?P<working>\s+làm việc)?"
    r"(?:[^.;]{0,40}?(?:kể từ|từ)\s+(?:khi|ngày|lúc))",
    re.IGNORECASE,
)
_SENDS = compiled(r"gửi|nộp|báo cáo\s+(?:về|cho|UBND|Ủy ban|Công an)", re.IGNORECASE)
# "Công an tỉnh tham mưu UBND tỉnh ban hành kế hoạch": drawn up for somebody else.
_FOR_ANOTHER = compiled(r"(?:tham mưu|giúp|trình|đề xuất)(?:[^.;,]{0,60})$", re.IGNORECASE)
_PREAMBLE_END = compiled(r"(?:^|\s)(?:I|A|1)\s?[.)-]\s*(?=[[:upper:]])")
_COLLECTIVE = compiled(r"(?<!\w)(?:các|những|mọi|từng)\s|thành viên|địa phương", re.IGNORECASE)
_ASKED = compiled(r"^\s*(?:(?:kính\s+)?đề nghị|yêu cầu|giao|mời)\s+", re.IGNORECASE)
_ITEM = compiled(r"(?<=[.;:)])\s+(?=(?:\(?\d{1,2}[.)]\s?|[a-zđ][.)]\s|[-–+•]\s)\(?[[:upper:]])")
_OTHER_ACT = compiled(
    r"(?:định kỳ|(?:hằng|hàng)\s+(?:tháng|quý|năm))[^.;]{0,60}?báo cáo|(?:gửi|nộp)\s+báo cáo"
    r"|báo cáo\s+(?:kết quả|tình hình|tổng kết|sơ kết)",
    re.IGNORECASE,
)
_TOLD = compiled(r"(?:gửi(?:\s+về)?|về|cho|tham mưu|giúp|trình|với)\s*$", re.IGNORECASE)
_NOBODY = compiled(r"tập thể|cá nhân|đồng chí|Nhân dân", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OwnPlanClause:
    """One clause that asks for plans: who (as written), to whom, by when; `text[start:end]` is its sentence.

    `due_on` is a day; `within_days` a number of days after the issue (`working`: working days) where the text says so.
    `strict` is true for "trước ngày": the day before is the last.
    """

    who: tuple[str, ...]
    addressee: str
    due_on: date | None
    strict: bool
    within_days: int | None
    working: bool
    start: int
    end: int
    rule: str
    confidence: float


def own_plan_clauses(
    text: str, vocabulary: ReadingVocabulary, year: int | None = None, paragraphs: Iterable[int] = ()
) -> list[OwnPlanClause]:
    """The clauses of a plan that ask agencies for plans of their own, in the order of the text.

    `text` is the normal form of the whole plan, `paragraphs` where its paragraphs begin in it; `year` completes dates
    that have none. What two sentences ask of the same agencies is one clause: the surer one.
    """
    assigner = _assigner(vocabulary)
    whole = text[:LONGEST]
    begin = _PREAMBLE_END.search(whole)
    found = []
    for start, end in _sentences(whole, paragraphs):
        if begin and end <= begin.start():
            continue
        sentence = whole[start:end]
        if (clause := _clause_in(sentence, start, assigner, year)) is not None:
            found.append(clause)
    return _merged(found)[:MOST]


def _sentences(text: str, paragraphs: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The sentences of each paragraph; where an item begins inside one ("... . (2) Các sở"), a new one begins."""
    edges = {0, len(text), *(at for at in paragraphs if 0 < at < len(text))}
    edges |= {match.end() for match in _ITEM.finditer(text)}
    for start, end in pairwise(sorted(edges)):
        yield from ((start + first, start + last) for first, last in sentences(text[start:end]))


@lru_cache(maxsize=2)
def _assigner(vocabulary: ReadingVocabulary) -> Assigner:
    return Assigner(vocabulary)


def _clause_in(sentence: str, start: int, assigner: Assigner, year: int | None) -> OwnPlanClause | None:
    ask = next((match for match in _ASK.finditer(sentence) if _asks(sentence, match)), None)
    if ask is None:
        return None
    who, at = _who(sentence, ask.start(), assigner)
    if not who:
        return None
    other = _OTHER_ACT.search(sentence, ask.start())
    tail = sentence[ask.start() : other.start() if other else None]
    due_on, strict, named = _due_in(tail, year)
    within = _WITHIN.search(tail) if not named else None
    addressee = (addressee_in(tail, assigner) or "") if _SENDS.search(tail) else ""
    own = bool(_OF_THIS_PLAN.search(sentence)) or bool(_COLLECTIVE.search(" ".join(who)))
    if not (own or (addressee and (named or within))):
        return None
    rule, confidence = _how_sure(own=own, dated=named or within is not None, sent=bool(addressee))
    return OwnPlanClause(
        who, addressee, due_on, strict, int(within["days"]) if within else None,
        bool(within and within["working"]), start + at, start + len(sentence), rule, confidence,
    )  # fmt: skip


def _asks(sentence: str, match: re.Match[str]) -> bool:
    """Whether the words ask for a plan of one's own: not the plan's own preamble, nor one about something special."""
    what, before = match["what"], sentence[: match.start()]
    if _SPECIAL.match(what) or _FOR_ANOTHER.search(before[-90:]):
        return False
    if re.search(r"như sau\s*:?\s*$|sau đây\s*:?\s*$", sentence[match.start() :].strip(), re.IGNORECASE):
        return False
    return (
        bool(_PUTS_INTO_PRACTICE.match(what.lstrip(" ,")))
        or bool(_OF_THIS_PLAN.search(before))
        or bool(_DUE.search(what) or _SENDS.search(what))
    )


def _who(sentence: str, at: int, assigner: Assigner) -> tuple[tuple[str, ...], int]:
    """The agencies that are told, as written, and where what they are told begins.

    The names right before the words ("hướng dẫn UBND cấp xã xây dựng kế hoạch"), else who the clause between
    semicolons begins with, else who the sentence begins with, else the first names in it.
    """
    reader = assigner.reader(sentence)
    adjacent = next(reader.lists_before(at), None)
    if adjacent and not _TOLD.search(sentence[: adjacent.names[0].start]):
        return _bare(adjacent.texts), adjacent.names[0].start
    clause = sentence.rfind(";", 0, at) + 1
    of_clause, (of_sentence, start) = _subject(sentence[clause:], assigner), _first_named(sentence, at, assigner)
    if of_clause and not set(of_clause) <= set(of_sentence):  # else the semicolon stands inside a list of names
        return of_clause, clause
    return of_sentence, start


def _first_named(sentence: str, at: int, assigner: Assigner) -> tuple[tuple[str, ...], int]:
    """Who a sentence begins with, else the first names in it before `at`, and where they stand."""
    if names := _subject(sentence, assigner):
        return names, 0
    reader = assigner.reader(sentence)
    for match in re.finditer(r"(?<!\w)(?=[^\W\d_])", sentence[:at]):
        found = reader.list_at(match.start())
        if found and found.end <= at and (names := _bare(found.texts)):
            return names, found.names[0].start
    return (), 0


def _subject(text: str, assigner: Assigner) -> tuple[str, ...]:
    subject = assigner.subject(text)
    return _bare(subject.lead) if subject else ()


def _bare(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names without "đề nghị" before them; people are nobody here."""
    bare = (_ASKED.sub("", name).strip() for name in names)
    return tuple(name for name in bare if name and not _NOBODY.search(name))


def _due_in(text: str, year: int | None) -> tuple[date | None, bool, bool]:
    """The last day as written, whether "trước" makes it strict, and whether any day is named."""
    for match in _DUE.finditer(text):
        written = written_day(match["day"])
        day = written.on(year) if written else None
        if written is not None:
            return day, match["word"].lower().endswith("trước"), True
    return None, False, False


def _how_sure(*, own: bool, dated: bool, sent: bool) -> tuple[str, float]:
    if dated and sent:
        return "own-plan.dated-sent", SURE
    if dated or sent:
        return "own-plan.dated" if dated else "own-plan.sent", LIKELY
    return "own-plan.bare", UNSURE if own else 0.4


def _merged(clauses: list[OwnPlanClause]) -> list[OwnPlanClause]:
    """Of clauses about the very same agencies the surest: a first mention and a dated one ask for one plan."""
    best: dict[frozenset[str], OwnPlanClause] = {}
    for clause in clauses:
        key = frozenset(name.casefold() for name in clause.who)
        known = best.get(key)
        if known is None or clause.confidence > known.confidence:
            best[key] = clause
    return sorted(best.values(), key=lambda clause: clause.start)
