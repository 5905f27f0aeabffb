"""Changing what the items of a draft are: split, joined, retyped, made from a passage, given agencies, ignored."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from haidang.accounts.actors import Actor
from haidang.kernel.text import squeeze
from haidang.plans.actions.common import MODELS, audit, check_fields, item_of, opened_draft, position_behind
from haidang.plans.actions.correcting import assign
from haidang.plans.actions.steps import check_seen, step
from haidang.plans.models import Assignment, Duty, Plan, Target, Task
from haidang.plans.passages import LONGEST_PASSAGE, values_of
from haidang.plans.queries import duty_words
from haidang.plans.rules import KIND_WORDS, LONGEST_PHRASE, MOST_PHRASES, Kind, clip, parts_of, spans_of


@transaction.atomic
def split_task(actor: Actor, plan: Plan, pk: int, text: str, *, seen: str | None = None) -> list[Task]:
    """Make one task out of each paragraph of `text` (parted by blank lines); agencies and window go to every part.

    ValidationError when there is nothing to part. The parts stand where the task stood, unchecked.
    """
    locked = opened_draft(actor, plan)
    task: Task = item_of(locked, Kind.TASK, pk)
    check_seen(locked, task, seen)
    parts = parts_of(text)
    if len(parts) < 2:
        raise ValidationError({"text": "Để một dòng trống ở chỗ cần tách, rồi bấm Tách."})
    with step(actor, locked, "split"):
        made = _split(locked, task, parts)
    audit(actor, "plan.task_split", locked, item=pk, into=[row.pk for row in made])
    return made


def _split(plan: Plan, task: Task, parts: list[str]) -> list[Task]:
    behind = Task.objects.filter(plan=plan, position__gt=task.position)
    behind.update(position=F("position") + len(parts) - 1)
    assignments = list(task.assignments.all())
    spans = spans_of(parts, plan.text, task.span_start, task.span_end)
    made = []
    for number, (part, span) in enumerate(zip(parts, spans, strict=True)):
        row = task if number == 0 else Task(plan=plan, position=task.position + number, section=task.section)
        row.text, (row.span_start, row.span_end), row.checked = part, span, False
        row.window_from, row.window_to, row.window_strict = task.window_from, task.window_to, task.window_strict
        row.rule, row.confidence = task.rule, task.confidence
        row.save()
        if number:
            copies = [Assignment(task=row, role=a.role, position=a.position, phrase=a.phrase) for a in assignments]
            Assignment.objects.bulk_create(copies)
        made.append(row)
    return made


@transaction.atomic
def merge_task(actor: Actor, plan: Plan, pk: int, *, seen: str | None = None) -> Task:
    """Join a task to the one before it: texts one after the other, agencies and windows of both.

    ValidationError for the first task, which has none before it.
    """
    locked = opened_draft(actor, plan)
    task: Task = item_of(locked, Kind.TASK, pk)
    check_seen(locked, task, seen)
    earlier = Task.objects.filter(plan=locked, position__lt=task.position, ignored=False)
    before = earlier.order_by("-position", "-pk").first()
    if before is None:
        raise ValidationError({"text": "Đây là nhiệm vụ đầu tiên, không có nhiệm vụ trước để gộp."})
    with step(actor, locked, "merge"):
        _merge(before, task)
    audit(actor, "plan.task_merged", locked, item=pk, into=before.pk)
    return before


def _merge(before: Task, task: Task) -> None:
    joined = {
        role: [row.phrase for one in (before, task) for row in one.assignments.filter(role=role)]
        for role in ("lead", "coordinating")
    }
    before.text = f"{before.text} {task.text}"
    before.window_from = min(filter(None, (before.window_from, task.window_from)), default=None)
    later = task if task.last_day and (before.last_day is None or task.last_day > before.last_day) else before
    before.window_to, before.window_strict = later.window_to, later.window_strict
    if before.span_start is not None and task.span_end is not None and task.span_end > before.span_start:
        before.span_end = task.span_end
    before.checked = False
    before.save()
    task.delete()
    assign(before, joined["lead"], joined["coordinating"])


@transaction.atomic
def ignore_item(
    actor: Actor, plan: Plan, kind: Kind, pk: int, *, ignored: bool = True, seen: str | None = None
) -> Target | Task | Duty:
    """Say that what the reader found is no item, or take that back. What is ignored goes when the plan is accepted."""
    locked = opened_draft(actor, plan)
    row: Target | Task | Duty = item_of(locked, kind, pk)
    check_seen(locked, row, seen)
    with step(actor, locked, "ignore" if ignored else "restore"):
        row.ignored, row.checked = ignored, False
        row.save(update_fields=["ignored", "checked"])
    action = "plan.item_ignored" if ignored else "plan.item_restored"
    audit(actor, action, locked, kind=kind, item=pk, text=clip(_words(row), 200))
    return row


def _words(row: Target | Task | Duty) -> str:
    return duty_words(row) if isinstance(row, Duty) else row.text


@transaction.atomic
def retype_item(
    actor: Actor, plan: Plan, kind: Kind, pk: int, to: Kind, *, seen: str | None = None
) -> Target | Task | Duty:
    """Make an item one of another kind, from its own words (a duty: from those of the source); it waits for a check."""
    locked = opened_draft(actor, plan)
    row: Target | Task | Duty = item_of(locked, kind, pk)
    check_seen(locked, row, seen)
    if kind is to:
        raise ValidationError(f"Mục này đã là {KIND_WORDS[to]}.")
    with step(actor, locked, "retype"):
        made = _made(locked, to, _source_words(locked, row), row.span_start, row.span_end)
        row.delete()
    audit(actor, "plan.item_retyped", locked, kind=kind, item=pk, to=to, into=made.pk)
    return made


def _source_words(plan: Plan, row: Target | Task | Duty) -> str:
    if not isinstance(row, Duty):
        return row.text
    if row.span_start is None or row.span_end is None:
        return duty_words(row)
    return squeeze(plan.text[row.span_start : row.span_end]) or duty_words(row)


@transaction.atomic
def add_from_passage(actor: Actor, plan: Plan, kind: Kind, start: int, end: int) -> Target | Task | Duty:
    """Make an item out of text[start:end] of the plan, read as such; it waits for a check.

    ValidationError when the passage is empty, too long or outside the text.
    """
    locked = opened_draft(actor, plan)
    if not 0 <= start < end <= len(locked.text) or not (words := squeeze(locked.text[start:end])):
        raise ValidationError("Chọn một đoạn của văn bản gốc trước.")
    if len(words) > LONGEST_PASSAGE:
        raise ValidationError(
            f"Đoạn chọn dài {len(words)} ký tự; một mục nhiều nhất {LONGEST_PASSAGE}. Chọn đoạn ngắn hơn."
        )
    with step(actor, locked, "add"):
        made = _made(locked, kind, words, start, end)
    audit(actor, "plan.item_added", locked, kind=kind, item=made.pk, changes={"text": [None, clip(words, 200)]})
    return made


def _made(plan: Plan, kind: Kind, words: str, start: int | None, end: int | None) -> Any:
    """A saved item of the kind from these words, at its place among those of the kind."""
    year = plan.year_from if plan.year_from == plan.year_to else None
    values, named = values_of(kind, words, year)
    row = MODELS[kind](plan=plan, span_start=start, span_end=end, position=_place(plan, kind, start), **values)
    if isinstance(row, Task):
        row.section = _section_at(plan, start)
    check_fields(row, values)
    row.save()
    if isinstance(row, Task):
        assign(row, named.get("lead", ()), named.get("coordinating", ()))
    return row


def _place(plan: Plan, kind: Kind, start: int | None) -> int:
    """The position of an item that begins at `start`: before the first one that begins later; those move on by one."""
    rows = MODELS[kind]._default_manager.filter(plan=plan)
    later = rows.filter(span_start__gt=start).order_by("position").first() if start is not None else None
    if later is None:
        return position_behind(plan, kind)
    rows.filter(position__gte=later.position).update(position=F("position") + 1)
    return later.position


def _section_at(plan: Plan, start: int | None) -> str:
    """The section of the task that begins last before `start`."""
    if start is None:
        return ""
    before = Task.objects.filter(plan=plan, span_start__lte=start).order_by("-span_start")
    return before.values_list("section", flat=True).first() or ""


@transaction.atomic
def name_agency(
    actor: Actor, plan: Plan, pk: int, role: str, phrase: str, *, instead: bool = False, seen: str | None = None
) -> Task:
    """Let an agency phrase lead a task or help with it, beside those that do, or `instead` of them.

    A phrase that already has the other role changes over. ValidationError for an empty or too long one.
    """
    locked = opened_draft(actor, plan)
    task: Task = item_of(locked, Kind.TASK, pk)
    check_seen(locked, task, seen)
    words = squeeze(phrase).strip(" .,;:()")
    if not words or role not in ("lead", "coordinating"):
        raise ValidationError("Chọn tên cơ quan trong văn bản, hoặc gõ tên cơ quan.")
    if len(words) > LONGEST_PHRASE:
        raise ValidationError(f"Tên cơ quan dài {len(words)} ký tự; nhiều nhất {LONGEST_PHRASE}. Chọn đoạn ngắn hơn.")
    named: dict[str, list[str]] = {"lead": [], "coordinating": []}
    for row in task.assignments.all():
        if row.phrase != words and not (instead and row.role == role):
            named[row.role].append(row.phrase)
    named[role].append(words)
    if len(named[role]) > MOST_PHRASES:
        raise ValidationError(f"Mỗi nhiệm vụ ghi nhiều nhất {MOST_PHRASES} cơ quan.")
    with step(actor, locked, "agency"):
        assign(task, named["lead"], named["coordinating"])
    audit(actor, "plan.agency_named", locked, item=pk, role=role, phrase=words, instead=instead)
    return task
