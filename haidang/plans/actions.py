"""Changing plans: import, correct, accept, discard. Each checks its policy, changes, and leaves an audit row."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F

from haidang.accounts.actors import Actor, require
from haidang.agencies.models import Area
from haidang.audit.actions import record
from haidang.catalogue.vocabulary import reading_vocabulary
from haidang.kernel import clock
from haidang.kernel.text import squeeze
from haidang.office.document_text import UnreadableDocument, text_of_bytes
from haidang.plans import policies
from haidang.plans.amending import carry_over
from haidang.plans.drafting import assignments_of, header_of, paragraphs_of, rows_of
from haidang.plans.evidence import shown_name
from haidang.plans.models import Assignment, Duty, Plan, PlanState, Target, Task
from haidang.plans.queries import as_of
from haidang.plans.resolving import agencies_named
from haidang.plans.rules import Kind, clip, due_problem, parts_of, phrases_from, spans_of
from haidang.reading.reader import read_plan

HEADER_FIELDS = (
    "number", "issued_on", "issuer", "place", "title", "year_from", "year_to", "signer",
    "is_review", "data_from", "data_to",
)  # fmt: skip
MODELS: dict[Kind, type[Target] | type[Task] | type[Duty]] = {
    Kind.TARGET: Target,
    Kind.TASK: Task,
    Kind.DUTY: Duty,
}


class NotImported(Exception):
    """Nothing was imported; the text says why and what to do. `existing` is the plan that has the same file."""

    def __init__(self, reason: str, existing: Plan | None = None) -> None:
        super().__init__(reason)
        self.existing = existing


def _audit(actor: Actor, action: str, plan: Plan, **details: Any) -> None:
    record(action, plan, actor_id=actor.user_id, actor=actor.name, agency=actor.agency_name[:120], **details)


# import


def _text_of(name: str, content: bytes) -> str:
    try:
        return text_of_bytes(content, name).text
    except UnreadableDocument as problem:
        raise NotImported(str(problem)) from problem


def import_plan(actor: Actor, area: Area, file_name: str, content: bytes, *, fictional: bool = False) -> Plan:
    """Read a plan's file and keep what was read as a draft of the area, with all its items.

    NotImported, with the sentence for the person, when the file cannot be read, is not a plan, or is here already.
    `fictional` marks a sample whose people and figures are invented.
    """
    require(policies.may_import(actor, area))
    name = shown_name(file_name)
    sha256 = hashlib.sha256(content).hexdigest()
    _refuse_repeated(area, sha256)
    source = _text_of(name, content)
    reading = read_plan(source, reading_vocabulary())
    if not reading.is_plan:
        raise NotImported(
            f"Không thấy kế hoạch trong tệp {name}: không có tên loại văn bản, mục và nhiệm vụ như một kế hoạch. "
            "Chọn lại tệp, hoặc nạp bản toàn văn có chữ (không phải ảnh chụp)."
        )
    plan = Plan(
        area=area, file_name=name, file_sha256=sha256, paragraphs=paragraphs_of(source), fictional=fictional,
        imported_by_id=actor.user_id, imported_at=clock.now(), **header_of(reading),
    )  # fmt: skip
    try:
        with transaction.atomic():
            plan.save(force_insert=True)
            rows = rows_of(plan, reading)
            Target.objects.bulk_create(rows.targets)
            Task.objects.bulk_create(rows.tasks)
            Assignment.objects.bulk_create([row for group in rows.assignments for row in group])
            Duty.objects.bulk_create(rows.duties)
            _audit(
                actor, "plan.imported", plan, file=name, sha256=sha256, area=area.code,
                targets=len(rows.targets), tasks=len(rows.tasks), duties=len(rows.duties),
            )  # fmt: skip
    except IntegrityError as clash:  # somebody imported the same file a moment ago
        _refuse_repeated(area, sha256)
        raise clash
    return plan


def _refuse_repeated(area: Area, sha256: str) -> None:
    if existing := Plan.objects.filter(area=area, file_sha256=sha256).first():
        raise NotImported(
            f"Tệp này đã được nạp ngày {existing.imported_at.astimezone(clock.VIET_NAM):%d/%m/%Y} "
            f"({existing.get_state_display()}). Mở kế hoạch đó để tiếp tục, hoặc bỏ bản nháp cũ rồi nạp lại.",
            existing,
        )


def discard_plan(actor: Actor, plan: Plan) -> None:
    """Throw a draft away, with its items; the audit trail keeps that it was there."""
    with transaction.atomic():
        locked = _locked(plan)
        require(policies.may_discard(actor, locked))
        _audit(actor, "plan.discarded", locked, file=locked.file_name, sha256=locked.file_sha256)
        locked.delete()


# correct


def _locked(plan: Plan) -> Plan:
    """The plan's row as it is now, locked until the transaction ends."""
    return Plan.objects.select_related("area").select_for_update(of=("self",)).get(pk=plan.pk)


def _opened(actor: Actor, plan: Plan) -> Plan:
    """The locked plan, when the actor may correct it."""
    locked = _locked(plan)
    require(policies.may_correct(actor, locked))
    return locked


@transaction.atomic
def correct_header(actor: Actor, plan: Plan, values: Mapping[str, Any]) -> Plan:
    """Set header columns (of HEADER_FIELDS). ValidationError, by column and in Vietnamese, when they do not fit."""
    locked = _opened(actor, plan)
    changed = {}
    for name in HEADER_FIELDS:
        if name in values and values[name] != getattr(locked, name):
            changed[name] = [getattr(locked, name), values[name]]
            setattr(locked, name, values[name])
    if locked.year_from and locked.year_to and locked.year_from > locked.year_to:
        raise ValidationError({"year_to": f"Năm cuối {locked.year_to} trước năm đầu {locked.year_from}."})
    if locked.data_from and locked.data_to and locked.data_from > locked.data_to:
        raise ValidationError({"data_to": "Khoảng số liệu kết thúc trước khi bắt đầu. Sửa một trong hai ngày."})
    if changed:
        _check_fields(locked, HEADER_FIELDS)
        locked.save(update_fields=list(changed))
        _audit(actor, "plan.header_corrected", locked, changes=changed)
    return locked


def _check_fields(row: Any, names: Iterable[str]) -> None:
    """ValidationError, by column, when one of these columns cannot hold its value."""
    kept = {name for name in names if getattr(row, name) is not None or not row._meta.get_field(name).null}
    row.clean_fields(exclude={column.name for column in row._meta.fields if column.name not in kept})


def _item(plan: Plan, kind: Kind, pk: int | None) -> Any:
    """The plan's item, or an unsaved one behind the last."""
    model = MODELS[kind]
    if pk is not None:
        return model._default_manager.get(plan=plan, pk=pk)
    last = model._default_manager.filter(plan=plan).order_by("-position").values_list("position", flat=True).first()
    return model(plan=plan, position=0 if last is None else last + 1)


def _keep(
    actor: Actor,
    plan: Plan,
    row: Any,
    values: Mapping[str, Any],
    beside: Mapping[str, list[Any]] | None = None,
) -> None:
    """Save an item with these values as checked by a person; the audit row has what changed.

    `beside` are changes, as [before, after], of what stands in other rows. Without any change the item is confirmed.
    """
    added = row.pk is None
    changes = {name: [None if added else getattr(row, name), value] for name, value in values.items()}
    changes.update(beside or {})
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    for name, value in values.items():
        setattr(row, name, value)
    row.checked = True
    _check_fields(row, values)
    row.save()
    action = "added" if added else "corrected" if changes else "confirmed"
    _audit(actor, f"plan.item_{action}", plan, kind=row._meta.model_name, item=row.pk, changes=changes)


@transaction.atomic
def correct_target(
    actor: Actor, plan: Plan, pk: int | None, *, text: str, comparator: str, value: Decimal | None, unit: str
) -> Target:
    """Change a target, or add one (`pk` None). Only a direction (reduce, increase) may do without a value."""
    locked = _opened(actor, plan)
    if value is None and comparator not in ("reduce", "increase"):
        raise ValidationError({"value": "Chỉ tiêu có mức phải ghi con số. Chỉ có hướng thì chọn “giảm” hoặc “tăng”."})
    row: Target = _item(locked, Kind.TARGET, pk)
    values = {"text": squeeze(text), "comparator": comparator, "value": value, "unit": squeeze(unit)}
    _keep(actor, locked, row, values)
    return row


@transaction.atomic
def correct_task(
    actor: Actor,
    plan: Plan,
    pk: int | None,
    *,
    section: str,
    text: str,
    lead: str,
    coordinating: str,
    window_from: date | None,
    window_to: date | None,
) -> Task:
    """Change a task, or add one (`pk` None). `lead` and `coordinating` are agency phrases, one a line."""
    locked = _opened(actor, plan)
    if window_from and window_to and window_from > window_to:
        raise ValidationError({"window_to": "Hạn trước ngày bắt đầu. Sửa một trong hai ngày."})
    phrases = {"lead": _phrases("lead", lead), "coordinating": _phrases("coordinating", coordinating)}
    row: Task = _item(locked, Kind.TASK, pk)
    values = {
        "section": squeeze(section), "text": squeeze(text), "window_from": window_from, "window_to": window_to,
    }  # fmt: skip
    before: dict[str, list[str]] = {"lead": [], "coordinating": []}
    for assignment in row.assignments.all() if row.pk else ():
        before[assignment.role].append(assignment.phrase)
    beside = {role: [before[role], list(phrases[role])] for role in before}
    _keep(actor, locked, row, values, beside)
    row.assignments.all().delete()
    Assignment.objects.bulk_create(assignments_of(row, phrases["lead"], phrases["coordinating"]))
    return row


def _phrases(name: str, lines: str) -> tuple[str, ...]:
    try:
        return phrases_from(lines)
    except ValueError as problem:
        raise ValidationError({name: str(problem)}) from problem


@transaction.atomic
def correct_duty(
    actor: Actor,
    plan: Plan,
    pk: int | None,
    *,
    period: str,
    due: str,
    strict: bool | None,
    addressee: str,
    owed_by: str,
) -> Duty:
    """Change a duty to report, or add one (`pk` None).

    `due` is "12/3", an ISO date, a rule in words, or empty; `owed_by` are agency phrases, one a line.
    """
    locked = _opened(actor, plan)
    if problem := due_problem(due):
        raise ValidationError({"due": problem})
    row: Duty = _item(locked, Kind.DUTY, pk)
    values = {
        "period": period,
        "due": squeeze(due).replace(" / ", "/"),
        "strict": strict if due.strip() else None,
        "addressee": squeeze(addressee),
        "owed_by": list(_phrases("owed_by", owed_by)),
    }
    _keep(actor, locked, row, values)
    return row


@transaction.atomic
def split_task(actor: Actor, plan: Plan, pk: int, text: str) -> list[Task]:
    """Make one task out of each paragraph of `text` (parted by blank lines); agencies and window go to every part.

    ValidationError when there is nothing to part. The parts stand where the task stood, unchecked.
    """
    locked = _opened(actor, plan)
    parts = parts_of(text)
    if len(parts) < 2:
        raise ValidationError({"text": "Để một dòng trống ở chỗ cần tách, rồi bấm Tách."})
    task: Task = _item(locked, Kind.TASK, pk)
    behind = Task.objects.filter(plan=locked, position__gt=task.position)
    behind.update(position=F("position") + len(parts) - 1)
    assignments = list(task.assignments.all())
    spans = spans_of(parts, locked.text, task.span_start, task.span_end)
    made = []
    for number, (part, span) in enumerate(zip(parts, spans, strict=True)):
        row = task if number == 0 else Task(plan=locked, position=task.position + number, section=task.section)
        row.text, (row.span_start, row.span_end), row.checked = part, span, False
        row.window_from, row.window_to = task.window_from, task.window_to
        row.rule, row.confidence = task.rule, task.confidence
        row.save()
        if number:
            copies = [Assignment(task=row, role=a.role, position=a.position, phrase=a.phrase) for a in assignments]
            Assignment.objects.bulk_create(copies)
        made.append(row)
    _audit(actor, "plan.task_split", locked, item=pk, into=[row.pk for row in made])
    return made


@transaction.atomic
def merge_task(actor: Actor, plan: Plan, pk: int) -> Task:
    """Join a task to the one before it: texts one after the other, agencies and windows of both.

    ValidationError for the first task, which has none before it.
    """
    locked = _opened(actor, plan)
    task: Task = _item(locked, Kind.TASK, pk)
    before = Task.objects.filter(plan=locked, position__lt=task.position).order_by("-position", "-pk").first()
    if before is None:
        raise ValidationError({"text": "Đây là nhiệm vụ đầu tiên, không có nhiệm vụ trước để gộp."})
    phrases = {
        role: [*before.assignments.filter(role=role), *task.assignments.filter(role=role)]
        for role in ("lead", "coordinating")
    }
    joined = {role: [row.phrase for row in rows] for role, rows in phrases.items()}
    before.text = f"{before.text} {task.text}"
    before.window_from = min(filter(None, (before.window_from, task.window_from)), default=None)
    before.window_to = max(filter(None, (before.window_to, task.window_to)), default=None)
    if before.span_start is not None and task.span_end is not None and task.span_end > before.span_start:
        before.span_end = task.span_end
    before.checked = False
    before.save()
    before.assignments.all().delete()
    task.delete()
    Assignment.objects.bulk_create(assignments_of(before, joined["lead"], joined["coordinating"]))
    _audit(actor, "plan.task_merged", locked, item=pk, into=before.pk)
    return before


@transaction.atomic
def remove_item(actor: Actor, plan: Plan, kind: Kind, pk: int) -> None:
    """Take an item out of a draft: the reader took something for a target, task or duty that is none."""
    locked = _opened(actor, plan)
    row = _item(locked, kind, pk)
    text = getattr(row, "text", "") or getattr(row, "due", "")
    row.delete()
    _audit(actor, "plan.item_removed", locked, kind=kind, item=pk, text=clip(text, 200))


# accept


@transaction.atomic
def accept_plan(actor: Actor, plan: Plan, *, replaces: Plan | None = None, answers: Sequence[str] = ()) -> Plan:
    """Make a draft the plan that is followed: its agency phrases become the agencies in force as of the plan's day.

    `replaces` is the older version, followed no more from now on; what did not change keeps its progress. `answers`
    are the questions that the person was asked and said yes to: they go into the audit trail.
    """
    locked = _locked(plan)
    require(policies.may_accept(actor, locked))
    named, unknown = _assign(locked)
    kept = _replace(actor, locked, replaces) if replaces else 0
    locked.state = PlanState.ACCEPTED
    locked.accepted_by_id = actor.user_id
    locked.accepted_at = clock.now()
    locked.save(update_fields=["state", "accepted_by", "accepted_at", "replaces"])
    more: dict[str, Any] = {"replaces": locked.replaces_id, "tasks_kept": kept} if replaces else {}
    if answers:
        more["answers"] = list(answers)
    _audit(actor, "plan.accepted", locked, as_of=as_of(locked), agencies=named, phrases_without_agency=unknown, **more)
    return locked


def _replace(actor: Actor, plan: Plan, older: Plan) -> int:
    """End the following of the older version; how many of its tasks go on unchanged in the new one."""
    old = _locked(older)
    require(policies.may_replace(actor, plan, old))
    old.state = PlanState.REPLACED
    old.save(update_fields=["state"])
    plan.replaces = old
    _audit(actor, "plan.replaced", old, by=plan.pk)
    return carry_over(old, plan)


def _assign(plan: Plan) -> tuple[int, list[str]]:
    """Join each agency phrase to its agencies; how many agencies were named, and the phrases that name none."""
    rows: Sequence[Assignment] = list(Assignment.objects.filter(task__plan=plan))
    found = agencies_named({row.phrase for row in rows}, plan.area, as_of(plan))
    through = Assignment.agencies.through
    through.objects.filter(assignment__task__plan=plan).delete()
    through.objects.bulk_create(
        [through(assignment_id=row.pk, agency_id=agency_id) for row in rows for agency_id in found[row.phrase]],
        batch_size=500,
    )
    named = {agency_id for ids in found.values() for agency_id in ids}
    return len(named), sorted(phrase for phrase, ids in found.items() if not ids)
