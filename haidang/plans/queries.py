"""Reading plans. The actor comes first: what they may not see is not there."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from haidang.accounts.actors import Actor, Role
from haidang.agencies.models import Agency, AgencyLineage, Area, AreaLineage
from haidang.agencies.queries import in_force, stood_over
from haidang.agencies.register import CENTRE
from haidang.kernel import clock
from haidang.plans import twins
from haidang.plans.listing import Item
from haidang.plans.models import Answer, Assignment, Duty, LeadWaiver, Plan, PlanState, Target, Task
from haidang.plans.resolving import agencies_named
from haidang.plans.rules import Kind, due_text, speaks_of

HEAVY = ("text", "paragraphs", "reading")  # columns that lists do without
_HEAVY_BESIDE = tuple(f"{other}__{name}" for other in ("replaces", "replaced_by") for name in HEAVY)


def _count(model: type[Target] | type[Task] | type[Duty]) -> Coalesce:
    rows: Any = model._default_manager.filter(plan=OuterRef("pk")).order_by().values("plan")
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), Value(0))


def _areas_above(actor: Actor) -> list[str]:
    """The paths of the areas that the actor's seats lie in: the centre, the province, and on to the seat's own."""
    paths: set[str] = {CENTRE} if actor.seats else set()
    for seat in actor.seats:
        ids = seat.area_path.split("/")
        paths |= {"/".join(ids[:depth]) for depth in range(1, len(ids) + 1) if seat.area_path}
    return sorted(paths)


def own_agencies(actor: Actor) -> set[int]:
    """The actor's agencies and those that are gone and passed functions to them: what these were given is theirs."""
    found = set(actor.agency_ids)
    newest = found
    while newest:
        gone = AgencyLineage.objects.filter(new_id__in=newest, old__valid_to__lt=clock.today())
        earlier = gone.values_list("old_id", flat=True)
        newest = set(earlier) - found
        found |= newest
    return found


def plans_visible(actor: Actor) -> QuerySet[Plan]:
    """The plans an actor may see, with the number of targets, tasks and duties as n_targets, n_tasks, n_duties.

    Drafts: the standing agency over the area. Accepted plans: whoever works in the area, in the one that it went whole
    into, or below it, and every agency that a task names. Texts and readings stay in the database until asked for.
    """
    plans = (
        Plan.objects.select_related("area", "accepted_by")
        .defer(*HEAVY, *_HEAVY_BESIDE)
        .annotate(n_targets=_count(Target), n_tasks=_count(Task), n_duties=_count(Duty))
    )
    if actor.system:
        return plans
    named = Exists(
        Assignment.agencies.through.objects.filter(
            assignment__task__plan=OuterRef("pk"), agency_id__in=own_agencies(actor)
        )
    )
    paths = _areas_above(actor)
    went_whole = AreaLineage.objects.filter(whole=True, new__path__in=paths).values("old_id")
    around = Q(area__path__in=paths) | Q(area_id__in=went_whole)
    accepted = ~Q(state=PlanState.DRAFT) & (around | named)
    return plans.filter(stood_over(actor) | accepted)


def drafts_under_review(actor: Actor) -> QuerySet[Plan]:
    """The drafts that the actor's standing agencies review, without texts and counts; one query."""
    return Plan.objects.filter(stood_over(actor), state=PlanState.DRAFT).select_related("area").defer(*HEAVY)


def plan_for(actor: Actor, pk: int) -> Plan:
    """One plan that the actor may see; Plan.DoesNotExist otherwise, whether or not it exists.

    `scanned` are its pages whose letters were recognised from pictures, or None.
    """
    plans = plans_visible(actor).annotate(scanned=F("reading__scanned"))
    return plans.defer(None).defer("reading", *_HEAVY_BESIDE).get(pk=pk)


def areas_to_import_for(actor: Actor) -> QuerySet[Area]:
    """The areas whose standing agency the actor consolidates for: where a plan can be imported."""
    paths = [seat.area_path or CENTRE for seat in actor.seats if seat.standing and seat.role is Role.CONSOLIDATOR]
    return in_force(Area.objects.filter(path__in=paths), clock.today()).order_by("path")


def as_of(plan: Plan) -> date:
    """The day as of which the plan names agencies."""
    return speaks_of(plan.issued_on, plan.data_to, plan.year_from, plan.year_to, clock.today())


def _span(row: Target | Task | Duty) -> tuple[int, int] | None:
    return None if row.span_start is None or row.span_end is None else (row.span_start, row.span_end)


def duty_words(duty: Duty) -> str:
    """A duty in one line: "Báo cáo quý: trước 12/3", "Báo cáo một lần: trước 10/6/2025"."""
    words = f"Báo cáo {duty.get_period_display()}"
    if not duty.due:
        return words + ": chưa nêu ngày"
    before = {True: "trước", False: "chậm nhất", None: "hạn"}[duty.strict]
    return f"{words}: {before} {due_text(duty.due)}"


def same_document(plan: Plan) -> Plan | None:
    """Another plan of the area that is most likely the same document, perhaps from a file of another kind.

    It has the same number, date and issuer; or nothing of these that speaks against it, and nearly the same text.
    """
    others = Plan.objects.filter(area__path=plan.area.path).exclude(pk=plan.pk)
    if plan.issued_on:
        others = others.filter(Q(issued_on=plan.issued_on) | Q(issued_on=None))
    doubtful = []
    for other in others.defer(*HEAVY).order_by("-state", "pk"):
        same = twins.likely(_marks(plan), _marks(other))
        if same:
            return other
        doubtful += [other] if same is None else []
    return next((other for other in doubtful if twins.same_text(plan.text, other.text)), None)


def _marks(plan: Plan) -> twins.Marks:
    return twins.Marks(plan.number, plan.issued_on, plan.issuer)


def items_of(plan: Plan) -> list[Item]:
    """Targets, tasks and duties of a plan as the review lists them: four queries, whatever their number."""
    items = [
        Item(
            Kind.TARGET, row.pk, row.position, "", row.text, _span(row), row.rule, row.confidence, row.checked,
            ignored=row.ignored,
        )
        for row in plan.targets.all()
    ]  # fmt: skip
    items += [_task_item(row) for row in plan.tasks.prefetch_related("assignments")]
    items += [
        Item(
            Kind.DUTY, row.pk, row.position, "", duty_words(row), _span(row), row.rule, row.confidence, row.checked,
            ignored=row.ignored,
        )
        for row in plan.duties.all()
    ]  # fmt: skip
    return items


def _task_item(row: Task) -> Item:
    phrases = tuple((one.role, one.phrase) for one in row.assignments.all())
    return Item(
        Kind.TASK, row.pk, row.position, row.section, row.text, _span(row), row.rule, row.confidence, row.checked,
        sum(role == "lead" for role, _phrase in phrases), row.ignored, phrases,
    )  # fmt: skip


def answers_of(plan: Plan) -> list[Answer]:
    """What was answered when the plan was accepted."""
    return list(plan.answers.select_related("answered_by"))


def waiver_of(plan: Plan) -> LeadWaiver | None:
    """Why tasks of the plan went out with nobody known to lead them, if any did."""
    return LeadWaiver.objects.filter(plan=plan).select_related("waived_by").first()


def item_row(plan: Plan, kind: Kind, pk: int) -> Target | Task | Duty | None:
    """One item of this plan with what its form needs; None when the plan has no such item."""
    if kind is Kind.TARGET:
        return plan.targets.filter(pk=pk).first()
    if kind is Kind.DUTY:
        return plan.duties.filter(pk=pk).first()
    return plan.tasks.filter(pk=pk).prefetch_related("assignments").first()


def owing_agencies(plan: Plan, on: date) -> list[Agency] | None:
    """The agencies in force on a day that the plan's duties name as owing reports; None when they name nobody.

    What stands for an organ or a level that is gone by then reports in its place.
    """
    phrases = {phrase for duty in plan.duties.all() for phrase in duty.owed_by}
    named = {pk for ids in agencies_named(phrases, plan.area, on).values() for pk in ids} if phrases else set()
    return list(Agency.objects.filter(pk__in=named).select_related("area")) or None
