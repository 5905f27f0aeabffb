"""Making a draft the plan that is followed: every question answered, every task led by somebody or expressly not."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction

from haidang.accounts.actors import Actor, require
from haidang.kernel import clock
from haidang.kernel.text import squeeze
from haidang.plans import policies
from haidang.plans.actions.common import MODELS, audit, locked_plan
from haidang.plans.amending import carry_over
from haidang.plans.models import Answer, Assignment, LeadWaiver, Plan, PlanState, Task
from haidang.plans.queries import as_of
from haidang.plans.questions import Gate, Question, gate_of
from haidang.plans.resolving import agencies_named
from haidang.plans.territory import mark_territories

LONGEST_REASON = 500


class NotAccepted(Exception):
    """Nothing was accepted: `open_questions` lack an answer that goes on, `unresolved` tasks a lead or a waiver."""

    def __init__(self, words: str, open_questions: Sequence[Question] = (), unresolved: Sequence[Task] = ()) -> None:
        super().__init__(words)
        self.open_questions = tuple(open_questions)
        self.unresolved = tuple(unresolved)


@transaction.atomic
def accept_plan(
    actor: Actor,
    plan: Plan,
    *,
    replaces: Plan | None = None,
    answers: Mapping[str, str] | None = None,
    waiver: str = "",
    waived: Collection[int] | None = None,
) -> Plan:
    """Make a draft the plan that is followed: its agency phrases become the agencies in force as of the plan's day.

    `replaces` is the older version, followed no more from now on; what did not change keeps its progress. `answers`
    are the choices by question (questions.Question.code). `waiver` is the reason why tasks go out with nobody known to
    lead them, `waived` are the ids of those that the person saw (None: whichever they are). NotAccepted otherwise.
    """
    locked = locked_plan(plan)
    require(policies.may_accept(actor, locked))
    gate = gate_of(locked, replaces)
    _answer(actor, locked, gate, answers or {})
    _waive(actor, locked, gate, squeeze(waiver), waived)
    ignored = _leave_out(locked)
    named, unknown = _assign(locked)
    mark_territories(locked, as_of(locked))
    kept = _replace(actor, locked, replaces) if replaces else 0
    locked.state = PlanState.ACCEPTED
    locked.accepted_by_id = actor.user_id
    locked.accepted_at = clock.now()
    locked.save(update_fields=["state", "accepted_by", "accepted_at", "replaces"])
    more: dict[str, Any] = {"replaces": locked.replaces_id, "tasks_kept": kept} if replaces else {}
    if gate.questions:
        more["answers"] = [f"{row.question} {row.answer}" for row in locked.answers.all()]
    if ignored:
        more["items_ignored"] = ignored
    if gate.unresolved:
        more |= {"waiver": squeeze(waiver), "tasks_without_lead": [task.pk for task in gate.unresolved]}
    audit(actor, "plan.accepted", locked, as_of=as_of(locked), agencies=named, phrases_without_agency=unknown, **more)
    return locked


def _answer(actor: Actor, plan: Plan, gate: Gate, answers: Mapping[str, str]) -> None:
    """Keep an answer to each question; NotAccepted when one has none, or one that means to do something else first."""
    chosen = [
        (question, next((one for one in question.choices if one.code == answers.get(question.code)), None))
        for question in gate.questions
    ]
    if unsaid := [question for question, choice in chosen if choice is None or choice.leads_to]:
        raise NotAccepted(
            f"Còn {len(unsaid)} câu hỏi chưa có trả lời để chấp nhận. Trả lời từng câu, hoặc quay lại sửa bản đọc.",
            unsaid,
            gate.unresolved,
        )
    Answer.objects.bulk_create(
        Answer(
            plan=plan, code=question.code, question=question.words, choice=choice.code, answer=choice.words,
            answered_by_id=actor.user_id, answered_at=clock.now(),
        )
        for question, choice in chosen
        if choice
    )  # fmt: skip


def _waive(actor: Actor, plan: Plan, gate: Gate, reason: str, waived: Collection[int] | None) -> None:
    """Keep why tasks without a known lead go out; NotAccepted without a reason, or when the person saw fewer tasks."""
    if not gate.unresolved:
        return
    unseen = [] if waived is None else [task for task in gate.unresolved if task.pk not in waived]
    if not reason or len(reason) > LONGEST_REASON or unseen:
        raise NotAccepted(
            f"{len(gate.unresolved)} nhiệm vụ chưa rõ cơ quan chủ trì. Gán cơ quan cho từng nhiệm vụ, hoặc ghi lý do "
            f"vẫn giao (nhiều nhất {LONGEST_REASON} ký tự).",
            (),
            gate.unresolved,
        )
    LeadWaiver.objects.create(
        plan=plan, tasks=[task.pk for task in gate.unresolved], reason=reason, waived_by_id=actor.user_id,
        waived_at=clock.now(),
    )  # fmt: skip


def _leave_out(plan: Plan) -> int:
    """Take out what the review ignored; the steps of the review keep it. How many there were."""
    rows = [model._default_manager.filter(plan=plan, ignored=True) for model in MODELS.values()]
    count = sum(one.count() for one in rows)
    for one in rows:
        one.delete()
    return count


def _replace(actor: Actor, plan: Plan, older: Plan) -> int:
    """End the following of the older version; how many of its tasks go on unchanged in the new one."""
    old = locked_plan(older)
    require(policies.may_replace(actor, plan, old))
    old.state = PlanState.REPLACED
    old.save(update_fields=["state"])
    plan.replaces = old
    audit(actor, "plan.replaced", old, by=plan.pk)
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
