"""What becomes of the cycles of a plan that a newer version replaced: they go on under the new one, as they stand."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef

from haidang.accounts.actors import Actor, Refused, require
from haidang.filings.actions.common import note
from haidang.filings.models import Cycle, FilingState, Obligation
from haidang.filings.policies import may_open_cycles
from haidang.plans.amending import comparison
from haidang.plans.models import Plan
from haidang.plans.rules import Kind


def open_cycles_of(plan: Plan) -> list[Cycle]:
    """The cycles of a plan that somebody still owes something for: neither accepted nor waived."""
    owed = Obligation.objects.filter(cycle=OuterRef("pk"), waived_reason="").exclude(filing__state=FilingState.ACCEPTED)
    return list(plan.cycles.filter(Exists(owed)))


@transaction.atomic
def move_open_cycles(actor: Actor, old: Plan, new: Plan) -> list[Cycle]:
    """Let the open cycles of a replaced plan go on under the plan that replaced it, with all that was filed for them.

    Due dates stay: they were told. Each cycle follows its duty where the new plan has the same one, perhaps changed.
    Refused when the new plan does not replace the old one, or has a cycle of the same name already.
    """
    new = Plan.objects.select_for_update(of=("self",)).select_related("area").get(pk=new.pk)
    require(may_open_cycles(actor, new))
    if new.replaces_id != old.pk:
        raise Refused("Kỳ báo cáo chỉ chuyển được sang bản đã thay thế kế hoạch này.")
    cycles = open_cycles_of(old)
    taken = set(new.cycles.values_list("label", flat=True)) & {cycle.label for cycle in cycles}
    if taken:
        raise Refused(f"Bản mới đã mở kỳ {', '.join(sorted(taken))}. Đóng một trong hai kỳ trước khi chuyển.")
    duties = {
        pair.old.pk: pair.new.pk
        for pair in comparison(old, new)
        if pair.old and pair.new and pair.new.kind == Kind.DUTY
    }
    for cycle in cycles:
        cycle.plan, cycle.duty_id = new, duties.get(cycle.duty_id) if cycle.duty_id else None
        cycle.save(update_fields=["plan", "duty"])
        note(actor, "cycle_moved", cycle, label=cycle.label, old_plan=old.pk, new_plan=new.pk)
    return cycles
