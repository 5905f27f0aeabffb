"""Writing down how far tasks are: notes with evidence, requests for more time, and what is decided on them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from haidang.accounts.actors import Actor, require
from haidang.agencies.models import Agency
from haidang.audit.actions import record
from haidang.kernel import clock
from haidang.kernel.dates import short_date
from haidang.kernel.text import squeeze
from haidang.plans import evidence, policies
from haidang.plans.following import Stand, Turn, evidence_of, involved_in, stands_of
from haidang.plans.models import Evidence, Extension, ProgressNote, Task, WorkState
from haidang.plans.rules import RECURRENCES

LONGEST_NOTE = 4000
LONGEST_REASON = 500


def _audit(actor: Actor, action: str, task: Task, agency: Agency, **details: Any) -> None:
    record(
        action, task, actor_id=actor.user_id, actor=actor.name, agency=actor.agency_name[:120],
        plan=task.plan_id, of_agency=agency.code, **details,
    )  # fmt: skip


def _locked(task: Task) -> Task:
    """The task's row, locked until the transaction ends: what is said of a task is said in one order."""
    return Task.objects.select_related("plan__area").select_for_update(of=("self",)).get(pk=task.pk)


def _stand(task: Task, agency: Agency) -> Stand:
    """Where the agency stands with the task today. ValidationError when it does not carry it."""
    for stand in stands_of([task], clock.today())[task.pk]:
        if stand.agency.pk == agency.pk:
            return stand
    raise ValidationError(
        f"{agency.name} không chủ trì nhiệm vụ này vào hôm nay. Mở lại trang nhiệm vụ để xem ai chủ trì."
    )


def _turn(stand: Stand, occurrence: str) -> Turn | None:
    """The turn of a task that comes round that somebody speaks of (none named: the current one); else None.

    ValidationError for a turn that has not begun or that the task does not have.
    """
    if not stand.turns:
        return None
    for turn in stand.turns:
        if turn.occurrence.key == occurrence:
            return turn
    if occurrence:
        raise ValidationError(
            {"occurrence": "Nhiệm vụ không có kỳ này, hoặc kỳ chưa bắt đầu. Chọn kỳ trong danh sách."}
        )
    return stand.turns[-1]


def _words(name: str, text: str, most: int, missing: str) -> str:
    """Typed words on one line. ValidationError, under the field's name, when there are none or too many."""
    words = squeeze(text) if most == LONGEST_REASON else text.strip().replace("\r\n", "\n")
    if not words:
        raise ValidationError({name: missing})
    if len(words) > most:
        raise ValidationError({name: f"Dài {len(words)} ký tự; nhiều nhất {most}. Rút gọn lại."})
    return words


def _check_day(task: Task, on: date) -> None:
    """A note speaks of a day between the plan's issue and today."""
    if on > clock.today():
        raise ValidationError({"on": f"Ngày {short_date(on)} chưa đến. Ghi ngày hôm nay hoặc ngày trước đó."})
    issued = task.plan.issued_on
    if issued and on < issued:
        raise ValidationError({"on": f"Ngày {short_date(on)} trước ngày ban hành kế hoạch ({short_date(issued)})."})


def _check_files(files: Iterable[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    found = [(evidence.shown_name(name), content) for name, content in files]
    if len(found) > evidence.MOST_FILES:
        raise ValidationError(
            {"evidence": f"Chọn {len(found)} tệp; mỗi lần ghi đính kèm nhiều nhất {evidence.MOST_FILES}."}
        )
    problems = [problem for name, content in found if (problem := evidence.problem_with(name, content))]
    if problems:
        raise ValidationError({"evidence": problems})
    return found


def _key(turn: Turn | None) -> str:
    return turn.occurrence.key if turn else ""


def _last_day(stand: Stand, occurrence: str) -> date:
    """The last day of what an extension speaks of; the first day of all where there is none."""
    turn = next((turn for turn in stand.turns if turn.occurrence.key == occurrence), None)
    return (turn.last_day if turn else stand.last_day) or date.min


@transaction.atomic
def record_progress(
    actor: Actor,
    task: Task,
    agency: Agency,
    *,
    state: str,
    on: date,
    text: str,
    document_number: str = "",
    occurrence: str = "",
    files: Iterable[tuple[str, bytes]] = (),
) -> ProgressNote:
    """Write down how far an agency is with its task on a day, with a document's number and files ([name, bytes] each).

    `state` is one of not_started, doing, done; `occurrence` is the turn of a task that comes round (its key; none: the
    current one). ValidationError, by field and in Vietnamese, when something is wrong.
    """
    locked = _locked(task)
    require(policies.may_record(actor, locked.plan, agency))
    if state not in (WorkState.NOT_STARTED, WorkState.DOING, WorkState.DONE):
        raise ValidationError({"state": "Chọn chưa bắt đầu, đang làm hoặc xong."})
    stand = _stand(locked, agency)
    if stand.excused and not policies.may_excuse(actor, locked.plan):
        raise ValidationError(
            f"Cơ quan thường trực đã ghi {agency.name} không phải thực hiện nhiệm vụ này. "
            "Cần làm tiếp thì đề nghị cơ quan thường trực ghi lại."
        )
    turn = _turn(stand, occurrence)
    words = _words("text", text, LONGEST_NOTE, "Ghi đã làm được gì.")
    _check_day(locked, on)
    if len(number := squeeze(document_number)) > 60:
        raise ValidationError({"document_number": "Số, ký hiệu dài quá 60 ký tự. Rút gọn lại."})
    checked = _check_files(files)
    note = ProgressNote.objects.create(
        task=locked, agency=agency, occurrence=_key(turn), state=state, on=on, text=words, document_number=number,
        written_by_id=actor.user_id, written_at=clock.now(),
    )  # fmt: skip
    kept = {evidence.keep(content): (name, len(content)) for name, content in checked}
    Evidence.objects.bulk_create(
        [Evidence(note=note, name=name, size=size, sha256=sha256) for sha256, (name, size) in kept.items()]
    )
    _audit(
        actor, "task.progress", locked, agency, state=state, on=on, turn=note.occurrence, document=number,
        files=sorted(kept),
    )  # fmt: skip
    if state == WorkState.DONE:
        _close_requests(actor, note, stand)
    return note


def _close_requests(actor: Actor, note: ProgressNote, stand: Stand) -> None:
    """Nobody need decide on more time for what is done: the requests that wait for it are closed."""
    waiting = Extension.objects.filter(
        task=note.task, agency__in=stand.carrier.named, occurrence=note.occurrence, outcome=""
    )
    for row in waiting.select_related("agency"):
        row.outcome, row.decided_by_id, row.decided_at = "moot", actor.user_id, clock.now()
        row.save()
        _audit(actor, "task.extension_moot", note.task, row.agency, granted_to=None, ruling="")


@transaction.atomic
def excuse_agency(actor: Actor, task: Task, agency: Agency, reason: str) -> ProgressNote:
    """Say that an agency need not do a task after all (its functions have nothing to do with it), with the reason.

    It stops counting. Any later note of progress takes it back.
    """
    locked = _locked(task)
    require(policies.may_excuse(actor, locked.plan))
    if _stand(locked, agency).excused:
        raise ValidationError(f"{agency.name} đã được ghi là không phải thực hiện nhiệm vụ này.")
    words = _words("reason", reason, LONGEST_REASON, "Ghi lý do cơ quan này không phải thực hiện.")
    note = ProgressNote.objects.create(
        task=locked, agency=agency, state=WorkState.EXCUSED, on=clock.today(), text=words,
        written_by_id=actor.user_id, written_at=clock.now(),
    )  # fmt: skip
    _audit(actor, "task.excused", locked, agency, reason=words)
    return note


@transaction.atomic
def ask_extension(
    actor: Actor, task: Task, agency: Agency, wanted_to: date | None, reason: str, *, occurrence: str = ""
) -> Extension:
    """Ask the standing agency for more time, for one turn where the task comes round (none named: the current one).

    ValidationError when there is nothing to extend or a request waits.
    """
    locked = _locked(task)
    require(policies.may_record(actor, locked.plan, agency))
    stand = _stand(locked, agency)
    turn = _turn(stand, occurrence)
    last_day = turn.last_day if turn else stand.last_day
    if (turn.done if turn else stand.state is WorkState.DONE) or stand.excused or last_day is None:
        raise ValidationError(
            "Nhiệm vụ này không còn hạn nào để lùi: đã xong, không phải thực hiện, hoặc không có hạn."
        )
    words = _words("reason", reason, LONGEST_REASON, "Ghi lý do xin gia hạn.")
    if wanted_to is None or wanted_to <= max(last_day, clock.today()):
        after = max(last_day, clock.today())
        raise ValidationError({"wanted_to": f"Ghi một ngày sau {short_date(after)}."})
    if Extension.objects.filter(task=locked, agency=agency, occurrence=_key(turn), outcome="").exists():
        raise ValidationError("Đã có đề nghị gia hạn đang chờ quyết định. Chờ cơ quan thường trực trả lời đề nghị đó.")
    made = Extension.objects.create(
        task=locked, agency=agency, occurrence=_key(turn), wanted_to=wanted_to, reason=words,
        asked_by_id=actor.user_id, asked_at=clock.now(),
    )  # fmt: skip
    _audit(actor, "task.extension_asked", locked, agency, wanted_to=wanted_to, turn=made.occurrence, reason=words)
    return made


@transaction.atomic
def decide_extension(actor: Actor, extension: Extension, *, granted_to: date | None, ruling: str) -> Extension:
    """Grant more time, to a day, or refuse it (`granted_to` None); a refusal says why."""
    task = _locked(extension.task)
    require(policies.may_decide_extension(actor, task.plan))
    row = Extension.objects.select_related("agency").get(pk=extension.pk)
    if row.outcome:
        raise ValidationError(
            f"Đề nghị này đã có quyết định: {row.get_outcome_display()}. Mở lại trang nhiệm vụ để xem."
        )
    words = squeeze(ruling)
    if granted_to is None:
        words = _words("ruling", ruling, LONGEST_REASON, "Ghi lý do không gia hạn.")
    elif granted_to <= (before := _last_day(_stand(task, row.agency), row.occurrence)):
        raise ValidationError({"granted_to": f"Ngày gia hạn phải sau hạn đang có ({short_date(before)})."})
    row.outcome = "granted" if granted_to else "refused"
    row.granted_to, row.ruling = granted_to, words[:LONGEST_REASON]
    row.decided_by_id, row.decided_at = actor.user_id, clock.now()
    row.save()
    _audit(actor, f"task.extension_{row.outcome}", task, row.agency, granted_to=granted_to, ruling=row.ruling)
    return row


@transaction.atomic
def open_evidence(actor: Actor, task: Task, pk: int) -> tuple[Evidence, Path] | None:
    """One file of a task and where its bytes lie; the opening is audited. None when the task has no such file."""
    require(policies.may_see_evidence(actor, task.plan, involved_in(task, clock.today())))
    row = evidence_of(task, pk)
    if row is None or not (path := evidence.path_of(row.sha256)).is_file():
        return None
    _audit(actor, "task.evidence_opened", task, row.note.agency, file=row.sha256)
    return row, path


@transaction.atomic
def set_recurrence(actor: Actor, task: Task, recurrence: str) -> Task:
    """Say how often a task comes round ("auto": as its text says, "none": once, or a period).

    What was noted stays: notes of turns that are no more count for the turn that their day lies in.
    """
    locked = _locked(task)
    require(policies.may_set_recurrence(actor, locked.plan))
    if recurrence not in dict(RECURRENCES):
        raise ValidationError({"recurrence": "Chọn chu kỳ trong danh sách."})
    if recurrence != locked.recurrence:
        before, locked.recurrence = locked.recurrence, recurrence
        locked.save(update_fields=["recurrence"])
        record(
            "task.recurrence_set", locked, actor_id=actor.user_id, actor=actor.name, agency=actor.agency_name[:120],
            plan=locked.plan_id, before=before, after=recurrence,
        )  # fmt: skip
    return locked
