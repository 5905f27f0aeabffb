"""A newer version of a plan that is followed: which one it replaces, how they differ, and what goes on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db.models import Q

from haidang.kernel.text import fold
from haidang.plans.comparing import Change, Entry, Pair, compare
from haidang.plans.models import Assignment, Plan, PlanState, Target, TargetBasis, Task
from haidang.plans.queries import HEAVY, as_of, duty_words
from haidang.plans.rules import Kind, window_words
from haidang.plans.territory import limit

_AMENDING = ("sửa đổi", "thay thế", "điều chỉnh", "bổ sung")


def replaceable(plan: Plan) -> list[Plan]:
    """The accepted plans of the same area that the draft may be a newer version of: same number, or years in common."""
    rows = Plan.objects.filter(area__path=plan.area.path, state=PlanState.ACCEPTED, is_review=plan.is_review)
    shared = Q(number=plan.number) & ~Q(number="")
    if plan.year_from or plan.year_to:
        first, last = plan.year_from or plan.year_to, plan.year_to or plan.year_from
        shared |= Q(year_from__lte=last, year_to__gte=first)
    return list(rows.filter(shared).exclude(pk=plan.pk).select_related("area").defer(*HEAVY).order_by("-issued_on"))


def suggested(plan: Plan, candidates: Iterable[Plan]) -> Plan | None:
    """The plan that the draft says it changes: it has the same number, or cites it and speaks of a change."""
    cites = fold(" ".join([plan.title, *plan.legal_bases]))
    speaks = any(word in fold(plan.title) for word in _AMENDING)
    for one in candidates:
        if one.number and (one.number == plan.number or (speaks and fold(one.number) in cites)):
            return one
    return None


def entries_of(plan: Plan) -> list[Entry]:
    """The items of a plan for a comparison; three queries and one for the agencies."""
    found = [
        Entry(Kind.TARGET, row.pk, row.text, (("mức", f"{row.comparator} {row.value} {row.unit}"),))
        for row in plan.targets.filter(ignored=False)
    ]
    for task in plan.tasks.filter(ignored=False).prefetch_related("assignments"):
        phrases: dict[str, list[str]] = {"lead": [], "coordinating": []}
        for row in task.assignments.all():
            phrases[row.role].append(row.phrase)
        facts = (
            ("cơ quan chủ trì", "; ".join(sorted(phrases["lead"]))),
            ("cơ quan phối hợp", "; ".join(sorted(phrases["coordinating"]))),
            ("thời gian", window_words(task.window_from, task.window_to, task.window_strict)),
        )
        found.append(Entry(Kind.TASK, task.pk, task.text, facts))
    duties = plan.duties.filter(ignored=False)
    return [*found, *(Entry(Kind.DUTY, duty.pk, duty_words(duty), (("gửi về", duty.addressee),)) for duty in duties)]


def comparison(old: Plan, new: Plan) -> list[Pair]:
    """What stayed, changed, came and went between two plans."""
    return compare(entries_of(old), entries_of(new))


def carry_over(old: Plan, new: Plan) -> int:
    """Let what did not change go on: tasks keep their notes, extensions, the recurrence that a person set and the
    territory of their agencies; targets keep their bases. How many tasks did.

    Called by the acceptance, in its transaction. What changed in any way starts anew: a person decides what of the
    older note still holds.
    """
    same = [pair for pair in comparison(old, new) if pair.change is Change.SAME and pair.old and pair.new]
    tasks = {p.old.pk: p.new.pk for p in same if p.new and p.old and p.new.kind == Kind.TASK}
    _continue_tasks(tasks)
    _keep_territories(tasks, as_of(new))
    targets = {p.old.pk: p.new.pk for p in same if p.new and p.old and p.new.kind == Kind.TARGET}
    bases = list(TargetBasis.objects.filter(target__in=targets))
    TargetBasis.objects.bulk_create([_copied(basis, targets[basis.target_id]) for basis in bases])
    return len(tasks)


def _continue_tasks(new_of: Mapping[int, int]) -> None:
    """Join each task to the one it continues (new ids by old ones); how often it comes round goes with it."""
    recurrences = dict(Task.objects.filter(pk__in=new_of).values_list("pk", "recurrence"))
    tasks = [Task(pk=new, continues_id=old, recurrence=recurrences[old]) for old, new in new_of.items()]
    Task.objects.bulk_update(tasks, ["continues", "recurrence"], batch_size=200)


def _keep_territories(new_of: Mapping[int, int], on: date) -> None:
    """Limit the agencies of continued tasks as they were, where the newer text no longer says it beside them."""
    earlier = {
        (new_of[row.task_id], row.role, fold(row.phrase)): row.territory
        for row in Assignment.objects.filter(task__in=new_of).exclude(territory="")
    }
    for row in Assignment.objects.filter(task__in=[task for task, _role, _phrase in earlier], territory=""):
        if territory := earlier.get((row.task_id, row.role, fold(row.phrase))):
            limit(row, territory, on)


def _copied(basis: TargetBasis, target_id: int) -> TargetBasis:
    return TargetBasis(
        target=Target(pk=target_id), label=basis.label, numerator=basis.numerator, denominator=basis.denominator,
        baseline_from=basis.baseline_from, baseline_to=basis.baseline_to, chosen_by_id=basis.chosen_by_id,
        chosen_at=basis.chosen_at,
    )  # fmt: skip


def earlier_tasks(ids: Sequence[int]) -> dict[int, int]:
    """For tasks and those they continue, by id, the one of `ids` that what was said of them counts for."""
    newest = {pk: pk for pk in ids}
    frontier = list(ids)
    while frontier:
        rows = []
        for start in range(0, len(frontier), 500):
            chosen = Task.objects.filter(pk__in=frontier[start : start + 500], continues__isnull=False)
            rows += list(chosen.values_list("pk", "continues_id"))
        found = {before: newest[pk] for pk, before in rows if before not in newest}
        newest |= found
        frontier = list(found)
    return newest
