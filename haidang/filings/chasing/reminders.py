"""What a reminder says: one e-mail a person, every report of their agencies that is still to be sent. Pure.

Only agencies, cycles, plans, dates and addresses are named: nothing of what was filed, no comment, no person but the
reader, so that an e-mail never carries data about a victim.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from haidang.filings.models import FilingState
from haidang.filings.queries import Owed
from haidang.filings.rules import still_owed
from haidang.filings.talk import Waiting
from haidang.kernel.dates import sentence_date, short_date

DAYS_AHEAD = 14
SIGNED = "Thư này do hệ thống Hải Đăng tự gửi, mỗi ngày nhiều nhất một thư. Không trả lời thư này."


@dataclass(frozen=True, slots=True)
class Message:
    """An e-mail in plain text."""

    subject: str
    body: str


def is_owed(one: Owed) -> bool:
    """Whether the agency still has something to send."""
    obligation, filing = one.obligation, one.filing
    return still_owed(filing.state, received=filing.received_at is not None, waived=bool(obligation.waived_reason))


def given_time(one: Owed) -> bool:
    """Whether the agency was given more time that has not passed: it is not to be urged by letter yet."""
    return one.obligation.extended_to is not None and one.days_left >= 0 and one.filing.state != FilingState.RETURNED


def is_due_soon(one: Owed, ahead: int) -> bool:
    """Whether it belongs into today's digest: overdue, returned, or due within `ahead` days."""
    return is_owed(one) and (one.days_left <= ahead or one.filing.state == FilingState.RETURNED)


def digest_message(
    name: str,
    rows: Sequence[Owed],
    on: date,
    site: str,
    invented: bool,
    *,
    escalated: Sequence[Owed] = (),
    asked: Sequence[Waiting] = (),
) -> Message:
    """The digest of one person: what is late, what was returned, what falls due; `site` is the product's address.

    Leaders are told of what was `escalated` to them and is still owed; `asked` are reports with comments to answer.
    Either may be all that a digest says.
    """
    if not rows and not escalated:
        told = f"Tính đến {sentence_date(on)}, có ghi chú chờ cơ quan trả lời."
        parts = [f"Kính gửi {name},", told, _asked(asked, site), SIGNED]
        return _message(f"Ghi chú chờ trả lời ở {len(asked)} báo cáo", parts, invented)
    if not rows:
        told = f"{len(escalated)} nghĩa vụ đã được báo cáo với cơ quan mà đơn vị vẫn chưa gửi."
        parts = [f"Kính gửi {name},", f"Tính đến {sentence_date(on)}, còn {told}", _escalated(escalated, site)]
        parts += [_asked(asked, site)] * bool(asked) + [SIGNED]
        return _message(f"Còn {len(escalated)} báo cáo quá hạn của đơn vị", parts, invented)
    late = [one for one in rows if one.days_left < 0 and one.filing.state != FilingState.RETURNED]
    back = [one for one in rows if one.filing.state == FilingState.RETURNED]
    coming = [one for one in rows if one not in late and one not in back]
    counted = [f"{len(late)} quá hạn"] * bool(late) + [f"{len(back)} bị trả lại"] * bool(back)
    subject = f"Còn {len(rows)} báo cáo cần gửi" + (f" ({', '.join(counted)})" if counted else "")
    groups = (("Đã quá hạn", late), ("Bị trả lại, cần sửa và gửi lại", back), ("Sắp đến hạn", coming))
    parts = [f"Kính gửi {name},", f"Tính đến {sentence_date(on)}, cơ quan còn {len(rows)} báo cáo cần gửi."]
    parts += [
        f"{words} ({len(group)})\n" + "\n".join(_line(one, site) for one in group) for words, group in groups if group
    ]
    parts += [_escalated(escalated, site)] * bool(escalated) + [_asked(asked, site)] * bool(asked)
    return _message(subject, [*parts, SIGNED], invented)


def _escalated(rows: Sequence[Owed], site: str) -> str:
    return f"Đơn vị quá hạn đã được báo cáo ({len(rows)})\n" + "\n".join(_line(one, site) for one in rows)


def _asked(reports: Sequence[Waiting], site: str) -> str:
    """Reports with comments to answer: how many places, never what was said."""
    lines = [
        f"- {one.obligation.agency.name}, {one.obligation.cycle.label}: {one.places} chỗ\n"
        f"  {site}/bao-cao/{one.obligation.pk}/"
        for one in reports
    ]
    return f"Ghi chú chờ trả lời ({len(reports)})\n" + "\n".join(lines)


def chasing_message(words: str, by: str, rows: Sequence[Owed], site: str, invented: bool) -> Message:
    """A reminder that a person of the standing agency wrote, with everything it is about."""
    listed = "\n".join(_line(one, site) for one in rows)
    return _message(f"{by} nhắc gửi {len(rows)} báo cáo", [words, f"Báo cáo cần gửi:\n{listed}", f"{by}."], invented)


def escalation_message(words: str, by: str, rows: Sequence[Owed], site: str, invented: bool) -> Message:
    """What leaders are told of agencies that still owe after they were reminded."""
    listed = "\n".join(_line(one, site) for one in rows)
    parts = [words, f"Đã nhắc mà chưa gửi:\n{listed}", f"{by}."]
    return _message(f"{by} báo cáo {len(rows)} nghĩa vụ quá hạn", parts, invented)


def _message(subject: str, parts: Sequence[str], invented: bool) -> Message:
    told = [*parts, "Số liệu giả định, không phải việc thật."] if invented else parts
    head = " ".join(subject.split())
    return Message(f"Giả định: {head}" if invented else head, "\n\n".join(told) + "\n")


def _line(one: Owed, site: str) -> str:
    obligation = one.obligation
    days = one.days_left
    distance = f"quá {-days} ngày" if days < 0 else "hôm nay là ngày cuối" if days == 0 else f"còn {days} ngày"
    today = one.last_day - timedelta(days=days)
    gone = obligation.agency.valid_to is not None and obligation.agency.valid_to < today
    heirs = " (đã sắp xếp; cơ quan kế thừa nhận bàn giao rồi gửi)" if gone else ""
    return (
        f"- {obligation.agency.name}{heirs}: {one.why}, chậm nhất hết ngày {short_date(one.last_day)} ({distance})\n"
        f"  {site}/bao-cao/{obligation.pk}/"
    )
