"""Correcting what was read: the head of a plan, its targets, tasks and duties, one by one; confirming many at once.

`seen` is what the person's screen knew of the item (reviewing.seen_of): when somebody else changed it since, nothing is
saved and Stale says what happened. With `checked` false the values are kept but the item still waits for its check.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from haidang.accounts.actors import Actor
from haidang.kernel.text import squeeze
from haidang.plans.actions.common import MODELS, audit, check_fields, item_of, opened_draft
from haidang.plans.actions.steps import check_seen, check_unchanged, step
from haidang.plans.drafting import assignments_of
from haidang.plans.models import Assignment, Duty, Plan, Target, Task
from haidang.plans.reviewing import HEADER_FIELDS
from haidang.plans.rules import Kind, due_problem, last_day_in_time, phrases_from


@transaction.atomic
def correct_header(actor: Actor, plan: Plan, values: Mapping[str, Any], *, seen: str | None = None) -> Plan:
    """Set header columns (of HEADER_FIELDS). ValidationError, by column and in Vietnamese, when they do not fit."""
    locked = opened_draft(actor, plan)
    check_seen(locked, locked, seen)
    with step(actor, locked, "header"):
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
            check_fields(locked, HEADER_FIELDS)
            locked.save(update_fields=list(changed))
            audit(actor, "plan.header_corrected", locked, changes=changed)
    return locked


def _keep(
    actor: Actor,
    plan: Plan,
    row: Any,
    values: Mapping[str, Any],
    *,
    checked: bool,
    beside: Mapping[str, list[Any]] | None = None,
) -> None:
    """Save an item with these values; the audit row has what changed.

    `beside` are changes, as [before, after], of what stands in other rows. Without any change the item is confirmed.
    """
    added = row.pk is None
    changes = {name: [None if added else getattr(row, name), value] for name, value in values.items()}
    changes.update(beside or {})
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    for name, value in values.items():
        setattr(row, name, value)
    row.checked = checked or row.checked
    row.ignored = row.ignored and not checked
    check_fields(row, values)
    row.save()
    if not (changes or checked):
        return
    action = "added" if added else "corrected" if changes else "confirmed"
    audit(actor, f"plan.item_{action}", plan, kind=row._meta.model_name, item=row.pk, changes=changes)


def _verb(pk: int | None, *, checked: bool) -> str:
    """What the step is called: a new item is added, a checked one accepted, all else an edit."""
    return "add" if pk is None else "accept" if checked else "edit"


@transaction.atomic
def correct_target(
    actor: Actor,
    plan: Plan,
    pk: int | None,
    *,
    text: str,
    comparator: str,
    value: Decimal | None,
    unit: str,
    seen: str | None = None,
    checked: bool = True,
) -> Target:
    """Change a target, or add one (`pk` None). Only a direction (reduce, increase) may do without a value."""
    locked = opened_draft(actor, plan)
    row: Target = item_of(locked, Kind.TARGET, pk)
    check_seen(locked, row, seen)
    if value is None and comparator not in ("reduce", "increase"):
        raise ValidationError({"value": "Chỉ tiêu có mức phải ghi con số. Chỉ có hướng thì chọn “giảm” hoặc “tăng”."})
    values = {"text": squeeze(text), "comparator": comparator, "value": value, "unit": squeeze(unit)}
    with step(actor, locked, _verb(pk, checked=checked)):
        _keep(actor, locked, row, values, checked=checked)
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
    window_strict: bool | None = None,
    seen: str | None = None,
    checked: bool = True,
) -> Task:
    """Change a task, or add one (`pk` None). `lead` and `coordinating` are agency phrases, one a line.

    `window_to` is the date as written; `window_strict` says that the day before is the last in time ("trước ngày").
    """
    locked = opened_draft(actor, plan)
    row: Task = item_of(locked, Kind.TASK, pk)
    check_seen(locked, row, seen)
    last = last_day_in_time(window_to, window_strict)
    if window_from and last and window_from > last:
        raise ValidationError({"window_to": "Hạn trước ngày bắt đầu. Sửa một trong hai ngày."})
    phrases = {"lead": _phrases("lead", lead), "coordinating": _phrases("coordinating", coordinating)}
    values = {
        "section": squeeze(section), "text": squeeze(text), "window_from": window_from, "window_to": window_to,
        "window_strict": window_strict if window_to else None,
    }  # fmt: skip
    before: dict[str, list[str]] = {"lead": [], "coordinating": []}
    for assignment in row.assignments.all() if row.pk else ():
        before[assignment.role].append(assignment.phrase)
    beside = {role: [before[role], list(phrases[role])] for role in before}
    with step(actor, locked, _verb(pk, checked=checked)):
        _keep(actor, locked, row, values, checked=checked, beside=beside)
        if any(pair[0] != pair[1] for pair in beside.values()):
            assign(row, phrases["lead"], phrases["coordinating"])
    return row


def assign(task: Task, lead: Collection[str], coordinating: Collection[str]) -> None:
    """Give a task these agency phrases instead of those it has."""
    task.assignments.all().delete()
    Assignment.objects.bulk_create(assignments_of(task, lead, coordinating))


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
    seen: str | None = None,
    checked: bool = True,
) -> Duty:
    """Change a duty to report, or add one (`pk` None).

    `due` is "12/3", an ISO date, a rule in words, or empty; `owed_by` are agency phrases, one a line.
    """
    locked = opened_draft(actor, plan)
    row: Duty = item_of(locked, Kind.DUTY, pk)
    check_seen(locked, row, seen)
    if problem := due_problem(due):
        raise ValidationError({"due": problem})
    values = {
        "period": period,
        "due": squeeze(due).replace(" / ", "/"),
        "strict": strict if due.strip() else None,
        "addressee": squeeze(addressee),
        "owed_by": list(_phrases("owed_by", owed_by)),
    }
    with step(actor, locked, _verb(pk, checked=checked)):
        _keep(actor, locked, row, values, checked=checked)
    return row


@transaction.atomic
def accept_items(actor: Actor, plan: Plan, items: Collection[tuple[Kind, int]], *, since: int | None = None) -> int:
    """Confirm items as they were read, in one step; how many waited for it. Ignored ones stay ignored.

    `since` is the number of the newest step that the person's screen knew: Stale when others changed one of the items
    in a later one.
    """
    locked = opened_draft(actor, plan)
    check_unchanged(actor, locked, [f"{kind}-{pk}" for kind, pk in items], since)
    done: dict[str, list[int]] = {}
    with step(actor, locked, "accept"):
        for kind, model in MODELS.items():
            asked = [pk for one, pk in items if one is kind]
            rows = model._default_manager.filter(plan=locked, pk__in=asked, checked=False, ignored=False)
            if found := list(rows.values_list("pk", flat=True)):
                done[kind] = found
                rows.update(checked=True)
    if done:
        audit(actor, "plan.items_confirmed", locked, items=done)
    return sum(map(len, done.values()))
