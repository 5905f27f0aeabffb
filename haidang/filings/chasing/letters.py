"""The urging letter ("công văn đôn đốc"): who still owes which report, in the layout of NĐ 30/2020/NĐ-CP."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from haidang.agencies.models import Agency, Level
from haidang.agencies.queries import standing_agency
from haidang.filings.chasing.reminders import is_owed
from haidang.filings.queries import Owed
from haidang.filings.rules import FilingState
from haidang.kernel.dates import short_date
from haidang.kernel.numbers import format_number
from haidang.office.nd30 import Letterhead, OfficialDocument, Signature
from haidang.office.nd30_tables import Column, Table

SUBJECT = "đôn đốc gửi báo cáo, biểu mẫu về phòng, chống mua bán người"
INVENTED = "Số liệu giả định"
MOST_NAMED = 8
MOST_PLANS = 4
_TERRITORY = re.compile(r"^(tỉnh|thành phố|huyện|quận|thị xã|xã|phường|đặc khu)\s+", re.IGNORECASE)
_REMARK = re.compile(r"\s*\([^)]*\)\s*$")
_COLUMNS = (
    Column("STT", 0.7, "center"),
    Column("Cơ quan", 3.2, "left"),
    Column("Báo cáo, biểu mẫu", 3.6, "left"),
    Column("Hạn nộp", 1.6, "center"),
    Column("Tình trạng", 2.2, "left"),
    Column("Số ngày quá hạn", 1.1),
)


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """What the officer decides about a letter; `number` and `dated` None are left open for the clerk of documents.

    `reply_by` is the last day asked for. `authority` is the post of the signer, as it stands above the signature.
    """

    issuing_body: str
    parent_body: str
    symbol: str
    place: str
    reply_by: date
    authority: str
    signer: str = ""
    number: int | None = None
    dated: date | None = None


def default_facts(agency: Agency, on: date, reply_by: date) -> LetterFacts:
    """What the letter of a standing agency says about itself unless somebody says otherwise. At most one query."""
    name = _REMARK.sub("", agency.name)
    place = _TERRITORY.sub("", _REMARK.sub("", agency.area.name)) if agency.area else "Hà Nội"
    organ = name.removesuffix(place).strip()
    letters = "".join(word[0].upper() for word in organ.split() if word[0].isalpha())
    police = agency.function == "police"
    post = "Thủ trưởng cơ quan"
    if police:
        post = {Level.CENTRAL: "Bộ trưởng", Level.PROVINCE: "Giám đốc"}.get(Level(agency.level), "Trưởng công an")
    return LetterFacts(name, _parent_of(agency, on), f"{letters}-BCĐ138", place, reply_by, post)


def _parent_of(agency: Agency, on: date) -> str:
    """The organ above: the Ministry above the police of a province, the standing agency one level up otherwise."""
    if agency.area is None:
        return ""
    if agency.area.parent is None:
        return "Bộ Công an" if agency.function == "police" else ""
    above = standing_agency(agency.area.parent, on)
    return _REMARK.sub("", above.name) if above else ""


def is_late(one: Owed) -> bool:
    """Whether an agency is urged by letter: what it still owes is overdue, or was returned."""
    return is_owed(one) and (one.days_left < 0 or one.filing.state == FilingState.RETURNED)


def letter_bytes(
    facts: LetterFacts, rows: Sequence[Owed], on: date, heirs: Mapping[int, str], *, invented: bool
) -> bytes:
    """The letter as .docx: letterhead, whom it urges, what is asked for and until when, and the list as an annex.

    `rows` must be sorted by agency; `heirs` names who took over from agencies that are gone; `invented` prints on every
    page that nothing in it is real.
    """
    called = {one.obligation.agency_id: _called(one.obligation.agency, heirs) for one in rows}
    agencies = list(called.values())
    document = OfficialDocument(
        title=f"Công văn {SUBJECT}", author=facts.issuing_body, dated=facts.dated or on, mark=INVENTED * invented
    )
    document.letterhead(_letterhead(facts, on))
    document.addressed_to(agencies if len(agencies) <= MOST_NAMED else ["Các cơ quan, đơn vị có tên trong danh sách"])
    for text in _body(facts, rows, on):
        document.paragraph(text)
    document.signature(
        Signature(
            (facts.authority,),
            facts.signer or "(Họ và tên)",
            ("Như trên", "Trưởng Ban Chỉ đạo 138 (để báo cáo)"),
        )
    )
    number = "" if facts.number is None else f"{facts.number:02d}"
    document.annex(
        "Phụ lục",
        "Danh sách cơ quan chưa gửi báo cáo, biểu mẫu",
        f"Kèm theo Công văn số {number or '     '}/{facts.symbol} của {facts.issuing_body}",
    )
    document.table(_list(rows, called, on))
    return document.to_bytes()


def _called(agency: Agency, heirs: Mapping[int, str]) -> str:
    """Its name; whoever took over answers for an agency that is gone."""
    return f"{heirs[agency.pk]} (kế thừa {agency.name})" if agency.pk in heirs else agency.name


def _letterhead(facts: LetterFacts, on: date) -> Letterhead:
    return Letterhead(
        issuing_body=facts.issuing_body,
        parent_body=facts.parent_body,
        symbol=facts.symbol,
        place=facts.place,
        number=facts.number,
        dated=facts.dated,
        month_year=f"tháng {on.month:02d} năm {on.year}" if on.month <= 2 else f"tháng {on.month} năm {on.year}",
        about=SUBJECT,
    )


def _body(facts: LetterFacts, rows: Sequence[Owed], on: date) -> list[str]:
    agencies = len({one.obligation.agency_id for one in rows})
    worst = max(_days_late(one, on) for one in rows)
    late = f"; báo cáo quá hạn lâu nhất là {format_number(worst)} ngày" if worst else ""
    return [
        f"Thực hiện {_plans_words(rows)}, các cơ quan, đơn vị có trách nhiệm gửi báo cáo và biểu mẫu thống kê về "
        f"{facts.issuing_body} để tổng hợp.",
        f"Tính đến ngày {short_date(on)}, còn {format_number(agencies)} cơ quan, đơn vị chưa gửi hoặc chưa gửi lại "
        f"{format_number(len(rows))} báo cáo{late} (có danh sách kèm theo).",
        f"{facts.issuing_body} đề nghị các cơ quan, đơn vị nêu trên hoàn thành và gửi báo cáo chậm nhất hết ngày "
        f"{short_date(facts.reply_by)}. Kỳ không phát sinh số liệu thì vẫn gửi báo cáo không phát sinh. Báo cáo bị trả "
        "lại thì sửa theo ý kiến đã ghi trên hệ thống rồi gửi lại.",
        f"Có khó khăn, vướng mắc, đề nghị phản ánh về {facts.issuing_body} trước thời hạn trên để thống nhất cách "
        "giải quyết./.",
    ]


def _plans_words(rows: Sequence[Owed]) -> str:
    plans = list(dict.fromkeys(_plan_words(one) for one in rows))
    if len(plans) > MOST_PLANS:
        return f"{format_number(len(plans))} kế hoạch về phòng, chống mua bán người nêu trong danh sách kèm theo"
    return "; ".join(plans)


def _plan_words(one: Owed) -> str:
    plan = one.obligation.cycle.plan
    title = plan.title.removeprefix("Kế hoạch").strip()
    words = f"Kế hoạch số {plan.number}" if plan.number else f"Kế hoạch {title[:1].lower()}{title[1:]}".strip()
    if plan.issued_on:
        words += f" ngày {short_date(plan.issued_on)}"
    if plan.issuer:
        words += f" của {_REMARK.sub('', plan.issuer)}"
    letter = one.obligation.cycle.letter_number
    return f"Văn bản số {letter} ({words[:1].lower()}{words[1:]})" if letter else words


def _list(rows: Sequence[Owed], called: Mapping[int, str], on: date) -> Table:
    lines: list[tuple[str, ...]] = []
    for number, (agency_id, owed) in enumerate(groupby(rows, key=lambda one: one.obligation.agency_id), start=1):
        for place, one in enumerate(owed):
            head = (str(number), called[agency_id]) if place == 0 else ("", "")
            lines.append((*head, *_line(one, on)))
    total = ("", f"Cộng: {format_number(len(called))} cơ quan", f"{format_number(len(rows))} báo cáo", "", "", "")
    return Table("", _COLUMNS, (*lines, total), strong_rows=frozenset({len(lines)}))


def _line(one: Owed, on: date) -> tuple[str, ...]:
    late = _days_late(one, on)
    state = "bị trả lại" if one.filing.state == FilingState.RETURNED else "chưa gửi"
    return (one.why, short_date(one.last_day), state, format_number(late) if late else "")


def _days_late(one: Owed, on: date) -> int:
    return max(0, (on - one.last_day).days)
