"""The steps of a review: each change of a draft is kept with what was there before, undone and done again.

Everybody undoes their own steps, newest first. A step is put back only while what it changed is as it left it, so
nobody loses what another person did meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from haidang.accounts.actors import Actor
from haidang.kernel import clock
from haidang.plans.actions.common import audit, opened_draft
from haidang.plans.models import Duty, Plan, ReviewStep, Target, Task
from haidang.plans.reviewing import (
    VERBS,
    changed_words,
    differences,
    disturbed,
    last_number,
    last_step_on,
    put_back,
    redoable,
    seen_of,
    state_of,
    undoable,
)

ONE_EDIT = timedelta(minutes=2)  # saves of one item, one after the other, within this time are one step


class Stale(Exception):
    """Somebody else changed the item since the person saw it; nothing was saved. The text says who and what."""


def check_seen(plan: Plan, row: Target | Task | Duty | Plan, seen: str | None) -> None:
    """Stale when the item is not as the person saw it; `seen` None asks nothing."""
    if seen is None or seen == seen_of(row):
        return
    step = last_step_on(plan, "plan" if isinstance(row, Plan) else f"{row._meta.model_name}-{row.pk}")
    if step is None:
        raise Stale("Mục này đã đổi sau khi mở. Xem lại bản đang lưu, rồi ghi lại phần của mình.")
    key = "plan" if isinstance(row, Plan) else f"{row._meta.model_name}-{row.pk}"
    raise Stale(
        f"{step.by or 'Hệ thống'} đã thay đổi mục này lúc {_hour(step)} ({changed_words(step, key)}) sau khi bạn mở. "
        "Chưa lưu gì đè lên; xem bản đang lưu, rồi ghi lại phần của mình."
    )


def check_unchanged(actor: Actor, plan: Plan, keys: Collection[str], since: int | None) -> None:
    """Stale when others changed any of these items in a step after number `since`; None asks nothing."""
    if since is None:
        return
    for one in plan.steps.filter(number__gt=since).exclude(by=actor.user_id).select_related("by"):
        if touched := set(keys) & set(one.changes):
            raise Stale(
                f"{one.by or 'Hệ thống'} đã thay đổi {len(touched)} mục trong nhóm này lúc {_hour(one)} sau khi bạn "
                "mở. Chưa chấp nhận mục nào; xem lại nhóm rồi chấp nhận lại."
            )


def _hour(step: ReviewStep) -> str:
    return f"{step.at.astimezone(clock.VIET_NAM):%H:%M}"


@contextmanager
def step(actor: Actor, plan: Plan, verb: str) -> Iterator[None]:
    """Keep what is changed inside as one step; without any change there is none. The plan must be locked."""
    before = state_of(plan)
    yield
    changes = differences(before, state_of(plan))
    if not changes:
        return
    last = plan.steps.filter(undone_at__isnull=True).order_by("-number").first()
    if verb == "edit" and last and _goes_on(last, actor, changes):
        (key,) = changes
        old, new = last.changes[key]
        last.changes = {key: [changes[key][0] | old, new | changes[key][1]]}  # type: ignore[operator]
        last.at = clock.now()
        last.save(update_fields=["changes", "at"])
        return
    ReviewStep.objects.create(
        plan=plan, number=last_number(plan) + 1, verb=verb, changes=changes, by_id=actor.user_id, at=clock.now()
    )


def _goes_on(last: ReviewStep, actor: Actor, changes: dict[str, Any]) -> bool:
    """Whether a save goes on with the step before it: same person, same item, a moment later."""
    return (
        last.verb == "edit"
        and last.by_id == actor.user_id
        and list(last.changes) == list(changes)
        and clock.now() - last.at < ONE_EDIT
        and not last.plan.steps.filter(number__gt=last.number).exists()
    )


@transaction.atomic
def undo_step(actor: Actor, plan: Plan) -> ReviewStep:
    """Put back what the actor's newest step changed. ValidationError when there is none, or others went on from it."""
    locked = opened_draft(actor, plan)
    found = undoable(locked, actor.user_id)
    if found is None:
        raise ValidationError("Không còn bước nào của bạn để hoàn tác.")
    _put(actor, locked, found, side=0)
    found.undone_at = clock.now()
    found.save(update_fields=["undone_at"])
    audit(actor, "plan.step_undone", locked, number=found.number, verb=found.verb)
    return found


@transaction.atomic
def redo_step(actor: Actor, plan: Plan) -> ReviewStep:
    """Do again what the actor undid last. ValidationError when there is nothing, or others went on meanwhile."""
    locked = opened_draft(actor, plan)
    found = redoable(locked, actor.user_id)
    if found is None:
        raise ValidationError("Không có bước nào để làm lại.")
    _put(actor, locked, found, side=1)
    found.undone_at = None
    found.save(update_fields=["undone_at"])
    audit(actor, "plan.step_redone", locked, number=found.number, verb=found.verb)
    return found


def _put(actor: Actor, plan: Plan, found: ReviewStep, side: int) -> None:
    if keys := disturbed(plan, found.changes, 1 - side):
        other = next((one for key in keys if (one := last_step_on(plan, key)) and one.pk != found.pk), None)
        who = f"{other.by or 'Hệ thống'} đã {VERBS.get(other.verb, other.verb)} lúc {_hour(other)}" if other else ""
        raise ValidationError(
            f"Bước “{VERBS.get(found.verb, found.verb)}” không đổi lại được vì mục đó đã thay đổi sau bước này"
            f"{f' ({who})' if who else ''}. Sửa trực tiếp mục cần đổi."
        )
    put_back(plan, found.changes, side)
