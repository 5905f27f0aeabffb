"""What the actions on plans share: the lock, the audit row, the kinds of items."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from haidang.accounts.actors import Actor, require
from haidang.audit.actions import record
from haidang.plans import policies
from haidang.plans.models import Duty, Plan, Target, Task
from haidang.plans.rules import Kind

MODELS: dict[Kind, type[Target] | type[Task] | type[Duty]] = {
    Kind.TARGET: Target,
    Kind.TASK: Task,
    Kind.DUTY: Duty,
}


def audit(actor: Actor, action: str, plan: Plan, **details: Any) -> None:
    """Append what the actor did to the plan to the audit trail."""
    record(action, plan, actor_id=actor.user_id, actor=actor.name, agency=actor.agency_name[:120], **details)


def locked_plan(plan: Plan) -> Plan:
    """The plan's row as it is now, locked until the transaction ends."""
    return Plan.objects.select_related("area").select_for_update(of=("self",)).get(pk=plan.pk)


def opened_draft(actor: Actor, plan: Plan) -> Plan:
    """The locked plan, when the actor may correct it; Refused otherwise."""
    locked = locked_plan(plan)
    require(policies.may_correct(actor, locked))
    return locked


def item_of(plan: Plan, kind: Kind, pk: int | None) -> Any:
    """The plan's item, or an unsaved one behind the last. DoesNotExist for an item of another plan."""
    model = MODELS[kind]
    if pk is not None:
        return model._default_manager.get(plan=plan, pk=pk)
    return model(plan=plan, position=position_behind(plan, kind))


def position_behind(plan: Plan, kind: Kind) -> int:
    """The position behind the last item of a kind."""
    rows = MODELS[kind]._default_manager.filter(plan=plan).order_by("-position")
    last = rows.values_list("position", flat=True).first()
    return 0 if last is None else last + 1


def check_fields(row: Any, names: Iterable[str]) -> None:
    """ValidationError, by column, when one of these columns cannot hold its value."""
    kept = {name for name in names if getattr(row, name) is not None or not row._meta.get_field(name).null}
    row.clean_fields(exclude={column.name for column in row._meta.fields if column.name not in kept})
