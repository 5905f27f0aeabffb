"""How far the invented agencies are with their tasks, and by which figures the targets of a year are measured."""

from __future__ import annotations

import io
import random
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import docx

from haidang.accounts.actors import Actor
from haidang.agencies.models import Level
from haidang.demo.texts import MARK
from haidang.kernel import clock
from haidang.kernel.text import fold
from haidang.plans.following import Stand, stands_of, turns_of
from haidang.plans.measuring import add_basis
from haidang.plans.models import Plan, Task, WorkState
from haidang.plans.progress import Occurrence
from haidang.plans.recording import ask_extension, record_progress

MOST_AGENCIES = 3  # of one task: a group of thirty says the same thirty times
MOST_TURNS = 8  # of a task that comes round
TURNS_DONE = 0.8
SAID = {
    WorkState.DOING: f"Đang triển khai theo kế hoạch công tác của đơn vị, đã xong khoảng một nửa khối lượng. {MARK}",
    WorkState.DONE: f"Đã hoàn thành và báo cáo kết quả về cơ quan thường trực. {MARK}",
}
# Words of a target, and the figures that it is measured by: several when the words allow several readings.
BASES: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = (
    ("kéo giảm số vụ", (("cases_initiated", "", "vụ khởi tố mới"),)),
    ("tỷ lệ giải quyết", (("reports_resolved", "reports_total", "trên tổng phải giải quyết"),)),
    (
        "khám phá",
        (
            ("cases_proposed", "cases_initiated", "đề nghị truy tố trên khởi tố mới"),
            ("cases_prosecuted", "cases_initiated", "truy tố trên khởi tố mới"),
        ),
    ),
    ("nạn nhân có nhu cầu", (("victims_supported", "victims_identified", "được hỗ trợ trên được xác định"),)),
)


def follow(plans: Iterable[Plan], actor_on: Actor, seed: int) -> int:
    """Say of the tasks of accepted plans how far they are, measure what can be measured; how many notes were made."""
    draw = random.Random(seed)  # noqa: S311  invented progress, no secret
    notes = 0
    for plan in plans:
        for task in plan.tasks.select_related("plan__area").order_by("position"):
            notes += _tell(task, actor_on, draw)
        _measure(plan, actor_on)
    return notes


def _tell(task: Task, actor: Actor, draw: random.Random) -> int:
    if turns := turns_of([task]).get(task.pk):
        return sum(_tell_turn(task, turn, actor, draw) for turn in turns[-MOST_TURNS:])
    issued = task.plan.issued_on or clock.today()
    last = task.last_day or date(task.plan.year_to or issued.year, 12, 20)
    half = issued + (last - issued) / 2
    told = 0
    for stand in _provincial(task, half):
        course = draw.choices(("done", "late", "doing", "nothing"), weights=(60, 8, 22, 10))[0]
        if course == "nothing":
            continue
        _note(task, stand, actor, WorkState.DOING, half)
        done_on = {"done": last - timedelta(days=3), "late": last + timedelta(days=9)}.get(course)
        if done_on and done_on <= clock.today():
            _note(task, stand, actor, WorkState.DONE, max(done_on, half))
        told += 1
    return told


def _tell_turn(task: Task, turn: Occurrence, actor: Actor, draw: random.Random) -> int:
    """Most agencies do a turn of a task that comes round in time; some miss it."""
    on = turn.last - timedelta(days=3)
    told = 0
    for stand in _provincial(task, on) if turn.first <= on <= clock.today() else ():
        if draw.random() < TURNS_DONE:
            with clock.fixed_at(on):
                record_progress(
                    actor, task, stand.agency, state=WorkState.DONE, on=on, text=SAID[WorkState.DONE],
                    occurrence=turn.key,
                )  # fmt: skip
            told += 1
    return told


def _provincial(task: Task, on: date) -> Iterator[Stand]:
    """The first few organs of the plan's own level or of the province that carry a task on a day."""
    levels = (Level.PROVINCE, task.plan.area.level)
    with clock.fixed_at(on):
        stands = [stand for stand in stands_of([task], on)[task.pk] if stand.agency.level in levels]
    yield from stands[:MOST_AGENCIES]


def _note(task: Task, stand: Stand, actor: Actor, state: WorkState, on: date) -> None:
    files = [("bao-cao-ket-qua.docx", _evidence())] if state is WorkState.DONE and task.window_to else []
    with clock.fixed_at(on):
        if all(other.agency.pk != stand.agency.pk for other in stands_of([task], on)[task.pk]):
            return  # by then its tasks had passed to another agency
        record_progress(actor, task, stand.agency, state=state, on=on, text=SAID[state], files=files)
        if state is WorkState.DOING and task.window_to and not task.extensions.exists():
            wanted = max(task.window_to, on) + timedelta(days=30)
            ask_extension(actor, task, stand.agency, wanted, f"Chờ dự toán bổ sung được duyệt. {MARK}")


def _evidence() -> bytes:
    document = docx.Document()
    document.add_paragraph(f"Kết quả thực hiện nhiệm vụ. {MARK}")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _measure(plan: Plan, actor: Actor) -> None:
    for target in plan.targets.all():
        words = fold(target.text)
        for about, bases in BASES:
            if fold(about) in words:
                for numerator, denominator, label in bases:
                    add_basis(actor, target, numerator=numerator, denominator=denominator, label=label)
