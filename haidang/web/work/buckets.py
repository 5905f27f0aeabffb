"""What my agency owes, as the first page shows it: four buckets, and what is urgent before what is far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from haidang.accounts.actors import Actor
from haidang.filings.policies import may_enter
from haidang.filings.queries import Owed
from haidang.filings.rules import FilingState, Letter
from haidang.kernel.dates import day_month

SOON = 30  # days


@dataclass(frozen=True, slots=True)
class Bucket:
    """One of the four states of a piece of work (the design's buckets)."""

    code: str
    state: str
    icon: str
    words: str


BUCKETS = {
    bucket.code: bucket
    for bucket in (
        Bucket("dung-han", "ok", "check", "Xong đúng hạn"),
        Bucket("qua-han", "late", "check", "Xong quá hạn"),
        Bucket("dang-lam", "due", "half", "Đang làm, trong hạn"),
        Bucket("dang-qua-han", "over", "alert", "Đang làm, quá hạn"),
    )
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One obligation on the list: its bucket, its state class, letter and words, and the one thing to do."""

    owed: Owed
    bucket: str
    state: str
    letter: str
    words: str
    action: str
    main: bool

    @property
    def done(self) -> bool:
        """Whether nothing is left to do for the agency."""
        return self.bucket in ("dung-han", "qua-han")

    @property
    def urgent(self) -> bool:
        """Overdue or returned."""
        return self.bucket == "dang-qua-han" or self.letter == Letter.RETURNED


ACTIONS = {
    FilingState.DRAFT: "Nhập số liệu",
    FilingState.RETURNED: "Sửa và gửi lại",
    FilingState.SUBMITTED: "Xem bản đã gửi",
    FilingState.ACCEPTED: "Xem bản đã gửi",
}


def due_mark(owed: Owed) -> str:
    """The due date in few words: "trước 12/6" as written; the last day itself once it was extended."""
    cycle = owed.obligation.cycle
    if owed.last_day != cycle.due.last_day:
        return f"đến {day_month(owed.last_day)}"
    return f"trước {day_month(cycle.due_on)}" if cycle.strict else f"đến {day_month(cycle.due_on)}"


def _bucket(owed: Owed) -> str:
    """Done when waived or received and not returned; late or not by its letter; open in time or overdue by the day."""
    letter = owed.standing.letter
    received = owed.filing.state in (FilingState.SUBMITTED, FilingState.ACCEPTED)
    if letter == Letter.OFF or received:
        return "qua-han" if letter == Letter.LATE else "dung-han"
    return "dang-qua-han" if owed.days_left < 0 else "dang-lam"


def entry_of(actor: Actor, owed: Owed) -> Entry:
    """How one obligation is listed: who only looks on is offered to look."""
    bucket = _bucket(owed)
    letter = owed.standing.letter
    if letter == Letter.NOT_DUE:
        state, words = "due", "Đang làm, trong hạn" if owed.filing.revision else "Chưa đến hạn"
    else:
        state, words = owed.standing.css.removeprefix("s-"), owed.standing.words
    if letter == Letter.OVERDUE:
        words = "Quá hạn, chưa nộp"  # the days stand beside the date
    action = ACTIONS[FilingState(owed.filing.state)]
    if owed.filing.state == FilingState.DRAFT and owed.filing.revision:
        action = "Nhập tiếp"
    enters = bool(may_enter(actor, owed.obligation))
    main = enters and bucket == "dang-qua-han"
    return Entry(owed, bucket, state, letter, words[:1].upper() + words[1:], action if enters else "Xem", main)


def by_bucket(entries: Sequence[Entry]) -> dict[str, list[Entry]]:
    """The entries of each bucket, empty ones included."""
    return {code: [entry for entry in entries if entry.bucket == code] for code in BUCKETS}


def chosen_bucket(code: str) -> str:
    """The bucket that an address asks for; "" for all or an unknown one."""
    return code if code in BUCKETS else ""


def _detail(code: str, entries: Sequence[Entry], total: int) -> str:
    """The small line under a bucket: a share, the longest delay, the nearest date."""
    if not entries:
        return "không có việc nào"
    if code == "dung-han":
        return f"{round(100 * len(entries) / total)} % của {total} việc"
    if code == "qua-han":
        return f"trễ nhất {max(entry.owed.standing.days for entry in entries)} ngày"
    if code == "dang-lam":
        return f"gần nhất: {due_mark(min(entries, key=lambda entry: entry.owed.last_day).owed)}"
    return f"lâu nhất: {max(-entry.owed.days_left for entry in entries)} ngày"


def shown_buckets(groups: Mapping[str, Sequence[Entry]], chosen: str) -> list[dict[str, object]]:
    """The four buckets for ui/parts/buckets.html; the chosen one leads back to all."""
    total = sum(len(entries) for entries in groups.values())
    return [
        {
            "state": bucket.state,
            "icon": bucket.icon,
            "words": bucket.words,
            "count": len(groups[code]),
            "detail": _detail(code, groups[code], total),
            "address": "/" if code == chosen else f"/?nhom={code}",
            "current": code == chosen,
        }
        for code, bucket in BUCKETS.items()
    ]


def split_by_time(entries: Sequence[Entry], chosen: str) -> list[tuple[str, str, list[Entry]]]:
    """[heading, remark, entries]: at once, within 30 days, later; or one bucket alone when it is chosen."""
    if chosen:
        mine = [entry for entry in entries if entry.bucket == chosen]
        return [(BUCKETS[chosen].words, f"{len(mine)} việc", mine)]
    left = [entry for entry in entries if not entry.done]
    urgent = [entry for entry in left if entry.urgent]
    soon = [entry for entry in left if not entry.urgent and entry.owed.days_left <= SOON]
    later = [entry for entry in left if not entry.urgent and entry.owed.days_left > SOON]
    overdue = sum(entry.bucket == "dang-qua-han" for entry in urgent)
    returned = sum(entry.letter == Letter.RETURNED for entry in urgent)
    remark = " · ".join(
        words for count, words in ((overdue, f"{overdue} quá hạn"), (returned, f"{returned} bị trả lại")) if count
    )
    groups = [
        ("Cần làm ngay", remark, urgent),
        ("Trong 30 ngày tới", f"{len(soon)} việc", soon),
        ("Sau đó", f"{len(later)} việc", later),
    ]
    return [group for group in groups if group[2]]
