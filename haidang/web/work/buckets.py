"""What my agency owes, as the first page shows it: reports and tasks in four buckets, urgent ones first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from haidang.accounts.actors import Actor
from haidang.filings.policies import may_enter
from haidang.filings.queries import Owed
from haidang.filings.rules import FilingState, Letter
from haidang.kernel.dates import near_date, short_date
from haidang.kernel.numbers import format_number
from haidang.plans.board import MyTask
from haidang.plans.following import Turn
from haidang.plans.progress import Bucket
from haidang.plans.rules import WindowState, window_words
from haidang.web.plans.buckets import SHOWN, bucket_links, share_words

SOON = 30  # days
DONE = (Bucket.DONE, Bucket.DONE_LATE)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list: what, by when, why it is mine, its bucket and state, and the one thing to do.

    `delay` is how late it was done, or is. `due` is the date in few words ("trước 12/6"), `last_day` the day itself,
    `days_left` how far it is. `lapsed` is a task of a plan whose years are over. `turn` is the key of one turn of a
    task that comes round. `correcting` is a report that was received and is open again: nothing is owed, but what was
    put right is not sent yet.
    """

    title: str
    why: str
    address: str
    due: str
    last_day: date
    days_left: int
    delay: int
    bucket: Bucket
    state: str
    letter: str
    icon: str
    words: str
    action: str
    main: bool
    lapsed: bool = False
    turn: str = ""
    correcting: bool = False

    @property
    def done(self) -> bool:
        """Whether nothing is left to do for the agency."""
        return self.bucket in DONE

    @property
    def urgent(self) -> bool:
        """Overdue or returned."""
        return self.bucket is Bucket.OVERDUE or self.letter == Letter.RETURNED


ACTIONS = {
    FilingState.DRAFT: "Nhập số liệu",
    FilingState.RETURNED: "Sửa và gửi lại",
    FilingState.SUBMITTED: "Xem bản đã gửi",
    FilingState.ACCEPTED: "Xem bản đã gửi",
}


def due_mark(owed: Owed, today: date) -> str:
    """The due date in few words: "trước 12/6" as written; the last day itself once it was extended."""
    due = owed.obligation.due
    if owed.last_day != due.last_day:
        return f"đến {near_date(owed.last_day, today)}"
    return f"{'trước' if due.strict else 'đến'} {near_date(due.on, today)}"


def report_name(label: str) -> str:
    """What is to be filed in a cycle: "Báo cáo quý I/2025"."""
    words = f"{label[:1].lower()}{label[1:]}"
    return label if words.startswith("báo cáo") else f"Báo cáo {words}"


def why_mine(owed: Owed) -> str:
    """Why this agency owes it: the agency, the plan, the due date as written, an extension or a return."""
    obligation, cycle = owed.obligation, owed.obligation.cycle
    due = f"{'trước' if cycle.strict else 'chậm nhất'} ngày {short_date(obligation.due.on)}"
    words = f"{obligation.agency.name} phải nộp theo {cycle.asked_by} ({due})."
    if obligation.waived_reason:
        words += f" Được miễn: {obligation.waived_reason}"
    elif obligation.extended_to:
        words += f" Gia hạn đến {short_date(obligation.extended_to)}."
    if obligation.provisional:
        words += " Hạn nộp trước ngày chốt số liệu: số tạm tính."
    return words


def _bucket(owed: Owed) -> Bucket:
    """Done when waived, or received and not returned, also while it is corrected; late or not by its letter.

    What is not done is open in time, or overdue by the day.
    """
    letter = owed.standing.letter
    received = owed.filing.received_at is not None and owed.filing.state != FilingState.RETURNED
    if letter == Letter.OFF or received:
        return Bucket.DONE_LATE if letter == Letter.LATE else Bucket.DONE
    return Bucket.OVERDUE if owed.days_left < 0 else Bucket.OPEN


def entry_of(actor: Actor, owed: Owed, today: date) -> Entry:
    """How one obligation is listed: who only looks on is offered to look."""
    bucket = _bucket(owed)
    letter = owed.standing.letter
    if letter == Letter.NOT_DUE:
        state, words = "due", "Đang làm, trong hạn" if owed.filing.revision else "Chưa đến hạn"
    else:
        state, words = owed.standing.css.removeprefix("s-"), owed.standing.words
    if letter == Letter.OVERDUE:
        words = "Quá hạn, chưa nộp"  # the days stand beside the date
    correcting = bucket in DONE and letter != Letter.OFF and owed.filing.state == FilingState.DRAFT
    if correcting:
        words = "Đang sửa, chưa gửi lại"
    action = ACTIONS[FilingState(owed.filing.state)]
    if owed.filing.state == FilingState.DRAFT and owed.filing.revision:
        action = "Nhập tiếp"
    enters = bool(may_enter(actor, owed.obligation))
    return Entry(
        title=report_name(owed.obligation.cycle.label),
        why=why_mine(owed),
        address=reverse("filings:filing", args=[owed.obligation.pk]),
        due=due_mark(owed, today),
        last_day=owed.last_day,
        days_left=owed.days_left,
        delay=owed.standing.days if bucket is Bucket.DONE_LATE else -owed.days_left,
        bucket=bucket,
        state=state,
        letter=letter,
        icon="half",
        words=words[:1].upper() + words[1:],
        action=action if enters else "Xem",
        main=enters and bucket is Bucket.OVERDUE,
        correcting=correcting,
    )


def reports_words(reports: Sequence[Entry]) -> str:
    """How many reports there are and how many of them are still to be filed; "" without any."""
    if not reports:
        return ""
    owed = sum(not entry.done for entry in reports)
    if owed == 0:
        return f"{format_number(len(reports))} báo cáo, không còn báo cáo nào phải nộp"
    return f"{format_number(owed)} báo cáo còn phải nộp trong {format_number(len(reports))}"


def task_entries(tasks: Sequence[MyTask], today: date) -> list[Entry]:
    """The tasks that the agency leads and that have a last day, as lines of the list.

    A task that comes round has a line for its current turn and one for each that was missed.
    """
    entries: list[Entry] = []
    for row in tasks:
        stand = row.stand
        if stand is None or stand.last_day is None:
            continue
        if not stand.turns:
            work = _Work(stand.last_day, stand.extended, stand.bucket, stand.days, stand.state == "not_started")
            entries.append(_task_entry(row, work, today))
            continue
        shown = [*stand.missed, *(turn for turn in stand.turns[-1:] if not turn.missed)]
        entries += [_task_entry(row, _work_of(turn), today) for turn in shown]
    return entries


@dataclass(frozen=True, slots=True)
class _Work:
    """What is to be done by a day: a task, or one turn of it."""

    last_day: date
    extended: bool
    bucket: Bucket
    days: int
    untouched: bool
    turn: str = ""
    turn_words: str = ""


def _work_of(turn: Turn) -> _Work:
    untouched = turn.said is None or turn.said.state == "not_started"
    return _Work(
        turn.last_day, turn.extended, turn.bucket, turn.days, untouched, turn.occurrence.key, turn.occurrence.words
    )


def _task_entry(row: MyTask, work: _Work, today: date) -> Entry:
    stand, task = row.stand, row.task
    assert stand is not None
    look = SHOWN[work.bucket]
    words = look.words
    if work.untouched:
        words = "Chưa đến kỳ" if row.state is WindowState.AHEAD else words.replace("Đang làm", "Chưa bắt đầu")
    extended = f" Gia hạn đến {short_date(work.last_day)}." if work.extended else ""
    when = (
        f"kỳ {work.turn_words}"
        if work.turn
        else window_words(task.window_from, task.window_to, task.window_strict).lower()
    )
    address = reverse("plans:task", args=[task.plan_id, task.pk])
    title = f"{task.text[:1].upper()}{task.text[1:]}"
    return Entry(
        title=f"{title} ({work.turn_words})" if work.turn else title,
        why=f"{stand.agency.name} chủ trì ({row.phrase}) theo {task.section} {task.plan.number or task.plan.heading}: "
        f"{when}.{extended}",
        address=f"{address}?ky={work.turn}" if work.turn else address,
        due=f"đến {near_date(work.last_day, today)}",
        last_day=work.last_day,
        days_left=(work.last_day - today).days,
        delay=work.days,
        bucket=work.bucket,
        state=look.state,
        letter="",
        icon=look.icon,
        words=words,
        action="Xem" if work.bucket in DONE else "Ghi tiến độ",
        main=False,
        lapsed=task.plan.year_to is not None and task.plan.year_to < today.year,
        turn=work.turn,
    )


def by_bucket(entries: Sequence[Entry]) -> dict[Bucket, list[Entry]]:
    """The entries of each bucket, empty ones included."""
    return {bucket: [entry for entry in entries if entry.bucket is bucket] for bucket in Bucket}


def _detail(bucket: Bucket, entries: Sequence[Entry], total: int) -> str:
    """The small line under a bucket: a share, the longest delay, the nearest date."""
    if not entries or bucket is Bucket.DONE:
        return share_words(len(entries), total)
    if bucket is Bucket.OPEN:
        return f"gần nhất: {min(entries, key=lambda entry: entry.last_day).due}"
    words = "trễ nhất" if bucket is Bucket.DONE_LATE else "lâu nhất"
    return f"{words} {max(entry.delay for entry in entries)} ngày"


def shown_buckets(groups: Mapping[Bucket, Sequence[Entry]], chosen: Bucket | None) -> list[dict[str, object]]:
    """The four buckets for ui/parts/buckets.html; the chosen one leads back to all."""
    total = sum(len(entries) for entries in groups.values())
    counts = {bucket: len(entries) for bucket, entries in groups.items()}
    details = {bucket: _detail(bucket, entries, total) for bucket, entries in groups.items()}
    return bucket_links(counts, details, chosen, lambda bucket: f"/?nhom={bucket}" if bucket else "/")


def split_by_time(entries: Sequence[Entry], chosen: Bucket | None) -> list[tuple[str, str, list[Entry]]]:
    """[heading, remark, entries]: at once, within 30 days, later, left over; or one bucket alone when it is chosen."""
    in_order = sorted(entries, key=lambda entry: (entry.last_day, entry.title))
    if chosen:
        mine = [entry for entry in in_order if entry.bucket is chosen]
        return [(SHOWN[chosen].words, f"{len(mine)} việc", mine)]
    left = [entry for entry in in_order if not entry.done]
    correcting = [entry for entry in in_order if entry.correcting]
    lapsed = [entry for entry in left if entry.lapsed and entry.urgent]
    urgent = [entry for entry in left if entry.urgent and not entry.lapsed]
    soon = [entry for entry in left if not entry.urgent and entry.days_left <= SOON]
    later = [entry for entry in left if not entry.urgent and entry.days_left > SOON]
    overdue = sum(entry.bucket is Bucket.OVERDUE for entry in urgent)
    returned = sum(entry.letter == Letter.RETURNED for entry in urgent)
    remark = " · ".join(
        words for count, words in ((overdue, f"{overdue} quá hạn"), (returned, f"{returned} bị trả lại")) if count
    )
    groups = [
        ("Cần làm ngay", remark, urgent),
        ("Đang sửa, chưa gửi lại", f"{len(correcting)} báo cáo đã nhận", correcting),
        ("Trong 30 ngày tới", f"{len(soon)} việc", soon),
        ("Sau đó", f"{len(later)} việc", later),
        ("Kế hoạch đã hết năm, chưa ghi kết quả", f"{len(lapsed)} nhiệm vụ", lapsed[::-1]),
    ]
    return [group for group in groups if group[2]]
