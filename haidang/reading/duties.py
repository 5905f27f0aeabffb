"""Duties to report: how often, by when, to whom, from sentences and lists of the plan."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from haidang.kernel.calendars import Period
from haidang.reading.addressees import REPORTS, addressee_in
from haidang.reading.assignments import Assigner
from haidang.reading.dates import DAY, written_day
from haidang.reading.letters import compiled
from haidang.reading.misreadings import with_digits
from haidang.reading.model import Span

_PLAN_SENT = compiled(r"(?:xây dựng|ban hành|gửi)\s+(?:\w+\s+){0,4}?kế hoạch", re.IGNORECASE)
_PERIODS = (
    (
        Period.MONTH,
        r"(?:hằng|hàng|từng|mỗi|theo)\s+tháng|báo cáo\s+(?:công tác\s+)?tháng(?!\s*\d)|(?:hằng"
        r"|hàng)\s+tuần|tháng(?=,\s*(?:hàng |hằng )?quý)|\d+\s+lần/tháng",
    ),
    (Period.NINE_MONTHS, r"(?:0?9|chín)\s+tháng(?:\s+đầu năm)?"),
    (
        Period.HALF_YEAR,
        r"(?:0?6|sáu)\s+tháng(?:\s*(?:đầu|cuối)\s+năm)?(?:\s*/?\s*\d{4})?|nửa năm|bán niên"
        r"|học kỳ(?:\s+(?:II|I|[12])(?!\w))?",
    ),
    (
        Period.QUARTER,
        r"(?:(?:hằng|hàng|từng|mỗi|theo|các|báo cáo|và)\s+)?(?:(?:0?3|ba)\s+tháng(?!\s*(?:đầu|cuối)|/)"
        r"|quý)(?:\s+(?:IV|I{1,3}|[1-4])(?:\s*(?:,"
        r"|và)\s*(?:quý\s+)?(?:IV|I{1,3}|[1-4])(?!\w))*)?(?!\s*(?:vị|báu|cơ quan|đơn vị|hiếm|ông"
        r"|bà))(?!\w)",
    ),
    (
        Period.YEAR,
        r"(?:hằng|hàng|mỗi|từng|cả|cuối|(?:0?1|một))\s+năm|(?:báo cáo|tổng kết|cuối|kết thúc)\s+năm học"
        r"|(?:báo cáo|và|,|hoặc|tổng kết"
        r"|\("
        r"|báo cáo(?:\s+(?:kết quả|tình hình|công tác|tổng kết|thực hiện|định kỳ)){1,3})"
        r"\s+năm(?=\s*(?:[()]|,|;|\.|:|trước|gửi|về|chậm|hoặc|báo cáo|$|\d{4}))|thường niên",
    ),
    (
        Period.ONCE,
        r"(?:sơ kết|tổng kết)(?:\s+(?:(?:cả|toàn)\s+)?giai đoạn|(?=\s+trước\s+(?:ngày\s*)?\d{1,2}/\d{1,2}/\d{4}))",
    ),
)
_PERIOD = compiled(
    "|".join(f"(?P<{period.name}>(?:(?<!\\w)|(?=,))(?:{pattern}))" for period, pattern in _PERIODS), re.IGNORECASE
)
_DUE = compiled(
    rf"(?P<word>trước|chậm nhất(?:\s+là)?(?:\s+(?:vào|đến|trước))?"
    rf"|muộn nhất(?:\s+là)?)?\s*(?:hết\s+)?(?:vào\s+)?(?:ngày\s*)?(?:(?P<day>{DAY})"
    r"|(?P<rule>(?!0?[69]\s+tháng\s+(?:đầu|cuối)\s+năm)\d{1,2}\s+(?:của\s+|hằng\s+"
    r"|hàng\s+)?(?:(?:các\s+)?tháng\s+(?:cuối|đầu|thứ|tiếp|sau"
    r"|giữa)(?:\s+\w+){0,3}?\s+(?:quý|năm|kỳ|tháng)(?!\w)(?:\s+(?:(?:hằng|hàng|mỗi)\s+năm|sau|tiếp theo|kế tiếp))?"
    r"|(?:các\s+)?tháng\s+(?:tiếp theo|kế tiếp|sau|6|12)(?:[^,;.)]{0,20}(?:quý|năm|kỳ|tháng))?|cuối quý)))",
    re.IGNORECASE,
)
_DUE_BEFORE = compiled(
    rf"(?:trước|chậm nhất|vào\s+(?:các\s+)?ngày)[^.;]{{0,200}}{DAY}\s*(?:\([^()]*\)\s*)?"
    r"(?:,|và|;|hoặc)\s*(?:ngày\s*)?$",
    re.IGNORECASE,
)
_SENTENCE = compiled(
    r"(?<=[^\W\d_])[.](?:\s+(?=[[:upper:]])|$)|(?<=\))[.](?:\s+(?=[[:upper:]])|$)"
    r"|(?<=\d{4})[.](?:\s+(?=[[:upper:]])|$)"
)
_PAPER = compiled(
    r"(?:Quyết định|Kế hoạch|Chỉ thị|Công văn|Thông báo|Nghị quyết|Thông tư|Nghị định|Chương trình"
    r"|/[[:upper:]][\w-]*)[^.;]{0,40}$"
)
MOST_DATES = 40  # of one sentence
_CLAUSE = compiled(r"(;|(?<=\d)\s*,?\s+(?:và|đồng thời)\s+(?=(?:gửi |nộp )?báo cáo))", re.IGNORECASE)
_PLAN_MADE = compiled(r"(?:xây dựng|ban hành|lập)\s+(?:(?!báo cáo)\w+\s+){0,3}?kế hoạch", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty found in text[start:end] of an item."""

    period: Period
    due: str | None
    to: str | None
    strict: bool | None
    by: tuple[str, ...]
    start: int
    end: int
    rule: str


@dataclass(frozen=True, slots=True)
class _Due:
    written: str | None
    strict: bool | None
    month: int | None
    has_year: bool


def sentences(text: str) -> list[Span]:
    """The sentences of a text as spans; abbreviations and numbers do not end one."""
    spans, start = [], 0
    for match in _SENTENCE.finditer(text):
        spans.append((start, match.start() + 1))
        start = match.end()
    if start < len(text):
        spans.append((start, len(text)))
    return spans


def duties_in(
    text: str, assigner: Assigner, organising: bool, context: str = "", above: str = "", *, monthly: bool = False
) -> list[Duty]:
    """The duties in one item; those owed every month only when `monthly`, because no plan's schedule takes them.

    `organising`: the item stands in the organisation section or a schedule, where a period alone makes a duty;
    elsewhere a duty needs both a date and an addressee. `context` is the lead-in that the item goes on with; `above`
    the heading, which may name the agency that owes the report.
    """
    found: list[Duty] = []
    addressee: str | None = None
    for start, end in sentences(text):
        printed = _without_plans(text[start:end])
        sentence = with_digits(assigner.vocabulary.mended(printed))
        reporting = REPORTS.search(sentence) or (REPORTS.search(context) and _DUE.search(sentence))
        if not reporting or _only_plan(sentence):
            continue
        whole = text[start:end]
        addressee = (
            addressee_in(printed, assigner)
            or addressee_in(whole, assigner)
            or addressee_in(context, assigner)
            or addressee
        )
        for period, due, rule in _periods_and_dates(sentence, context):
            if period is Period.MONTH and not monthly:
                continue
            dated = due.written is not None
            if (dated and addressee) or (organising and (dated or rule != "duty.once")):
                subject = assigner.subject(whole) or assigner.subject(context or above)
                found.append(
                    Duty(period, due.written, addressee, due.strict, subject.lead if subject else (), start, end, rule)
                )
    return _distinct([duty if duty.to else replace(duty, to=addressee) for duty in found])


def _without_plans(sentence: str) -> str:
    """The sentence with the clauses that send a plan, and no report, blanked out: their dates are not a duty's."""
    parts = _CLAUSE.split(sentence)
    return "".join(
        " " * len(part) if _PLAN_SENT.search(part) and not re.search("báo cáo", part, re.IGNORECASE) else part
        for part in parts
    )


def only_reports(text: str, assigner: Assigner) -> bool:
    """Whether every sentence of the item does nothing but report or send what is reported."""
    text = assigner.vocabulary.mended(text)
    parts = [text[start:end] for start, end in sentences(text)]
    return bool(parts) and all(_merely_reports(part, assigner) for part in parts)


_FIRST_ACT = compiled(
    r"^[\s,:]*(?:có trách nhiệm\s+|tiến hành\s+|thực hiện\s+(?:nghiêm\s+|nghiêm túc\s+"
    r"|đầy đủ\s+)?(?=chế độ)|(?:tổng hợp|đánh giá|thống kê)(?:\s+(?:tình hình|kết quả|số liệu"
    r"|chung))*(?:\s*,\s*(?:kết quả|tình hình)(?:\s+[\w-]+){0,6}?)?\s*(?:,|và)?\s*)*"
    r"(?:định kỳ\s+[^,]{0,60},?\s*)?(?:gửi\s+(?:các\s+)?(?:báo cáo|kết quả|số liệu)|báo cáo"
    r"|chế độ\s+(?:thông tin\s*,?\s*)?báo cáo|nộp báo cáo|gửi về|thông tin,? báo cáo)",
    re.IGNORECASE,
)
_TIME_LEAD = compiled(
    r"^(?:[\s,;:]|\([^)]*\)|\b(?:định kỳ|hằng|hàng|theo|quý|tháng|năm|tuần|ngày|trước|chậm nhất|vào|và"
    r"|hoặc|đột xuất|cuối|đầu|kỳ|của|I{1,3}|IV"
    r"|khi có yêu cầu|\d[\d/.]*)\b)+(?=\W|$)",
    re.IGNORECASE,
)
_HEADED = compiled(
    r"^\s*(?:Chế độ (?:thông tin,? )?báo cáo|Về chế độ báo cáo|Báo cáo|Thông tin,? báo cáo)\s*[:.]?", re.IGNORECASE
)


def _merely_reports(sentence: str, assigner: Assigner) -> bool:
    if _HEADED.match(sentence):
        return True
    if _PLAN_MADE.search(sentence):
        return False
    subject = assigner.subject(sentence)
    rest = sentence
    if subject:
        reader_end = _end_of(subject.lead[-1], sentence)
        rest = sentence[reader_end:]
    rest = re.sub(r"^\s*\([^)]*\)", "", rest)
    rest = _TIME_LEAD.sub("", rest)
    while re.match(
        r"\s*(?:định kỳ|hằng|hàng|trước|chậm nhất|theo chức năng|căn cứ)", rest, re.IGNORECASE
    ) and re.search(r"[,)]\s", rest):
        stripped = re.sub(r"^[^,()]*(?:\([^)]*\)[^,()]*)*[,]\s*", "", rest, count=1)
        if stripped == rest:
            break
        rest = stripped
    rest = re.sub(
        r"^\s*(?:định kỳ|hằng|hàng)\s(?:(?!báo cáo).){0,80}?(?=\s(?:tổng hợp|báo cáo|gửi|có trách nhiệm))",
        "",
        rest,
        flags=re.IGNORECASE,
    )
    return bool(_FIRST_ACT.match(rest))


def _end_of(name: str, sentence: str) -> int:
    at = sentence.find(name)
    return at + len(name) if at >= 0 else 0


def _only_plan(sentence: str) -> bool:
    """Whether the sentence sends a plan, not a report."""
    reports = re.search(
        r"(?:gửi|nộp)\s+(?:\w+\s+){0,3}?báo cáo|báo cáo\s+(?:kết quả|tình hình|tổng kết|sơ kết|định kỳ|quý"
        r"|năm|6|06|về|UBND)",
        sentence,
        re.IGNORECASE,
    )
    return bool(_PLAN_SENT.search(sentence)) and not reports


def _periods_and_dates(sentence: str, context: str) -> Iterator[tuple[Period, _Due, str]]:
    periods = [match for match in _PERIOD.finditer(sentence) if _speaks_of_reporting(sentence, match)][:MOST_DATES]
    dues = [(match, _due(match)) for match in _DUE.finditer(sentence) if _is_due(sentence, match)][:MOST_DATES]
    dues = [(match, due) for match, due in dues if due.written]
    if not periods:
        yield from _undeclared([due for _, due in dues], context)
        return
    paired = _paired(periods, dues)
    if [period for period, _ in paired] == [Period.YEAR] and len(paired[0][1]) in (2, 4):  # "10/6 và 10/12 hằng năm"
        yield from _undeclared(paired[0][1], sentence)
        return
    for period, found in paired:
        if period is Period.ONCE and not found:
            continue
        for due in found or [_Due(None, None, None, False)]:
            yield period, due, "duty.period.date" if due.written else "duty.period"


def _speaks_of_reporting(sentence: str, match: re.Match[str]) -> bool:
    """A period of the report, not "kế hoạch năm 2025", "quý III/2025" as a time of work, or a word of a date."""
    before = sentence[max(0, match.start() - 300) : match.start()]
    if re.search(r"tháng\s+cuối\s*$|cuối\s*$", before) and match.lastgroup == "QUARTER":
        return False
    if match.lastgroup == "YEAR" and re.match(r"(?:hằng|hàng|mỗi|từng)\s", match.group(), re.IGNORECASE):
        return True
    listed = match.group().startswith((",", "(")) or re.match(r"(?:và|hoặc)\s", match.group(), re.IGNORECASE)
    if match.lastgroup == "YEAR" and not listed and re.search(r"tháng\s*\d*\s*$|tháng cuối\s*$|tháng đầu\s*$", before):
        return False
    if match.lastgroup == "YEAR" and match.group().lower().startswith("cuối") and re.search(r"tháng\s*$", before):
        return False
    inside_date = re.search(r"\d\s*$", before) and match.lastgroup == "MONTH"
    return not inside_date


def _is_due(sentence: str, match: re.Match[str]) -> bool:
    if match["word"]:
        return True
    before = sentence[max(0, match.start() - 300) : match.start()]
    if _PAPER.search(before) or re.search(r"(?:từ|đến|tính|Ngày [^.;]{0,60})\s*(?:ngày\s*)?$", before):
        return False
    listed = _DUE_BEFORE.search(before)
    dated = match.group().strip().lower().startswith("ngày") or re.search(r"(?:ngày|vào)\s*$", before)
    return bool(listed or dated or match["rule"])


def _due(match: re.Match[str]) -> _Due:
    word = (match["word"] or "trước").lower()
    strict = word.startswith("trước") or word.endswith("trước")
    if match["rule"]:
        return _Due(re.sub(r"\s+", " ", match["rule"]).strip(), strict, None, False)
    day = written_day(match["day"])
    return _Due(day.as_due if day else None, strict, day.month if day else None, bool(day and day.year))


def _paired(
    periods: Sequence[re.Match[str]], dues: Sequence[tuple[re.Match[str], _Due]]
) -> list[tuple[Period, list[_Due]]]:
    """Each period with the dates that follow it, up to the next period; or precede it, where dates come first."""
    dates_first = (
        bool(dues)
        and dues[0][0].start() < periods[0].start()
        and (len(periods) == len(dues) or dues[-1][0].start() < periods[0].start())
    )
    named = [Period[match.lastgroup or "ONCE"] for match in periods]
    groups: list[list[_Due]] = [[] for _ in periods]
    for match, due in dues:
        at = match.start()
        if dates_first:
            index = next((i for i, period in enumerate(periods) if period.start() > at), len(periods) - 1)
        else:
            index = max((i for i, period in enumerate(periods) if period.start() < at), default=0)
        groups[index].append(due)
    merged: dict[Period, list[_Due]] = {}
    for period, group in zip(named, groups, strict=True):
        merged.setdefault(period, []).extend(group)
    _share_last(merged, dates_first)
    return list(merged.items())


def _share_last(merged: dict[Period, list[_Due]], dates_first: bool) -> None:
    """ "quý, 6 tháng, năm (trước ngày 15/3, 15/6, 15/9, 15/12)": dates after the last period are dealt out by month."""
    if dates_first or len(merged) < 2:
        return
    *earlier, last = merged
    if last is Period.ONCE:  # the date of a closing report is its own
        return
    pool = merged[last]
    if any(merged[period] for period in earlier) or len(pool) < 2 or any(due.month is None for due in pool):
        return
    for period in merged:
        merged[period] = []
    months = [due.month or 12 for due in pool]
    if len(pool) == len(merged) and months == sorted(months):  # "6 tháng, năm: trước 25/5 và 25/11": in that order
        merged.update({period: [due] for period, due in zip(merged, pool, strict=True)})
        return
    for due in pool:
        merged[_fitting(due.month or 12, merged)].append(due)


def _fitting(month: int, named: dict[Period, list[_Due]]) -> Period:
    wishes = {
        6: (Period.HALF_YEAR,),
        7: (Period.HALF_YEAR,),
        12: (Period.YEAR,),
        1: (Period.YEAR,),
        11: (Period.YEAR,),
        9: (Period.NINE_MONTHS,),
    }
    for wish in (*wishes.get(month, ()), Period.QUARTER, Period.HALF_YEAR, Period.YEAR):
        if wish in named:
            return wish
    return next(reversed(named))


def _undeclared(dues: Sequence[_Due], context: str) -> Iterator[tuple[Period, _Due, str]]:
    """Dates without a word for the period: four over the year are quarters, June and December half-year and year."""
    months = [due.month for due in dues]
    of_quarters = [due for due in dues if due.written and re.search(r"quý", due.written)]
    if of_quarters:
        yield from ((Period.QUARTER, due, "duty.period.date") for due in of_quarters)
    elif len(dues) == 4:
        yield from ((Period.QUARTER, due, "duty.four-dates") for due in dues)
    elif len(dues) == 2 and months[0] in (5, 6, 7) and months[1] in (11, 12, 1):
        yield Period.HALF_YEAR, dues[0], "duty.two-dates"
        yield Period.YEAR, dues[1], "duty.two-dates"
    else:
        declared = _PERIOD.search(context)
        period = Period[declared.lastgroup or "ONCE"] if declared else Period.ONCE
        yield from ((period, due, "duty.once") for due in dues)


def _distinct(duties: Sequence[Duty]) -> list[Duty]:
    seen: dict[tuple[Period, str | None, str | None], Duty] = {}
    for duty in duties:
        seen.setdefault((duty.period, duty.due, duty.to), duty)
    return list(seen.values())
