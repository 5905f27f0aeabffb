"""Saying what a family of plans is: edges, what takes up what, who owes a plan and who issued it. Each is audited."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from haidang.accounts.actors import Actor, require
from haidang.agencies.models import Agency
from haidang.audit.actions import record
from haidang.kernel import clock
from haidang.kernel.dates import short_date
from haidang.kernel.text import squeeze
from haidang.plans import policies
from haidang.plans.family import Edge, Why, closes_circle
from haidang.plans.family_owing import Ask, asks_of, owing_of
from haidang.plans.family_tree import kin_of
from haidang.plans.models import (
    OwnPlanAsk,
    OwnPlanIssued,
    Plan,
    PlanLink,
    Target,
    TargetTakenUp,
    Task,
    TaskTakenUp,
)
from haidang.plans.rules import MOST_PHRASES, Kind, clip

LONGEST_REASON = 300


def _audit(actor: Actor, action: str, plan: Plan, **details: Any) -> None:
    record(action, plan, actor_id=actor.user_id, actor=actor.name, agency=actor.agency_name[:120], **details)


def _locked(pk: int) -> Plan:
    """The plan's row, locked until the transaction ends: what is said of a family is said in one order."""
    return Plan.objects.select_related("area").select_for_update(of=("self",)).get(pk=pk)


def _reason(reason: str) -> str:
    words = squeeze(reason)
    if not words:
        raise ValidationError({"reason": "Ghi lý do, để người sau biết vì sao gắn hoặc bỏ gắn."})
    if len(words) > LONGEST_REASON:
        raise ValidationError({"reason": f"Dài {len(words)} ký tự; nhiều nhất {LONGEST_REASON}. Rút gọn lại."})
    return words


# edges


@transaction.atomic
def say_link(actor: Actor, child: Plan, parent: Plan, *, stands: bool, reason: str) -> PlanLink:
    """Say that a plan carries out another one, or that it does not, whatever its legal bases cite.

    ValidationError for an edge that would make a plan stand above itself, or without a reason.
    """
    below, above = _locked(child.pk), _locked(parent.pk)
    require(policies.may_link(actor, below, above))
    words = _reason(reason)
    if stands and closes_circle(_other_edges(below, above), below.pk, above.pk):
        raise ValidationError(
            f"Không gắn được: {above.number or above.heading} đang ở dưới {below.number or below.heading} trong cây kế "
            "hoạch, gắn thêm thì thành vòng. Bỏ quan hệ kia trước."
        )
    row, _made = PlanLink.objects.update_or_create(
        child=below, parent=above,
        defaults={"stands": stands, "reason": words, "said_by_id": actor.user_id, "said_at": clock.now()},
    )  # fmt: skip
    _audit(actor, "plan.linked" if stands else "plan.unlinked", below, parent=above.pk, reason=words)
    return row


def _other_edges(child: Plan, parent: Plan) -> list[Edge]:
    """All edges around both plans, but not those between them."""
    edges = {*kin_of(child).family.edges, *kin_of(parent).family.edges}
    return [edge for edge in edges if {edge.child, edge.parent} != {child.pk, parent.pk} or edge.why is not Why.SAID]


@transaction.atomic
def forget_link(actor: Actor, child: Plan, parent: Plan) -> None:
    """Take back what was said of two plans: the legal bases count again. PlanLink.DoesNotExist when nothing was."""
    below, above = _locked(child.pk), _locked(parent.pk)
    require(policies.may_link(actor, below, above))
    row = PlanLink.objects.get(child=below, parent=above)
    _audit(actor, "plan.link_forgotten", below, parent=above.pk, stood=row.stands)
    row.delete()


# coverage


@transaction.atomic
def say_taken_up(actor: Actor, kind: Kind, above: int, below: int, stands: bool | None) -> None:
    """Say that an item of a plan is, or is not, taken up by one of a plan right below; None takes back what was said.

    ValidationError when the items are not those of a plan and of one right below it.
    """
    rows, model = (Target, TargetTakenUp) if kind is Kind.TARGET else (Task, TaskTakenUp)
    found = {
        row.pk: row
        for row in rows._default_manager.select_related("plan__area").defer("plan__text").filter(pk__in=(above, below))
    }
    if len(found) < 2:
        raise ValidationError("Không còn mục này. Mở lại trang đối chiếu.")
    upper, lower = found[above].plan, found[below].plan
    require(policies.may_link(actor, lower, upper))
    if not any(edge.parent == upper.pk for edge in kin_of(lower).family.parents(lower.pk)):
        raise ValidationError("Hai mục không thuộc hai kế hoạch trên dưới nhau. Mở lại trang đối chiếu.")
    if stands is None:
        model._default_manager.filter(above_id=above, below_id=below).delete()
    else:
        model._default_manager.update_or_create(
            above_id=above, below_id=below,
            defaults={"stands": stands, "said_by_id": actor.user_id, "said_at": clock.now()},
        )  # fmt: skip
    _audit(actor, "plan.coverage_said", lower, kind=kind, above=above, below=below, stands=stands)


# own plans


@transaction.atomic
def keep_ask(
    actor: Actor, plan: Plan, key: str, *, phrases: Iterable[str], addressee: str, last_day: date | None
) -> OwnPlanAsk:
    """Keep, with these words, a clause that asks for plans (`key` of the page), or add one (`key` empty).

    ValidationError, by field, without anybody who is asked.
    """
    locked = _locked(plan.pk)
    require(policies.may_ask_for_plans(actor, locked))
    who = [clip(phrase, 300) for phrase in phrases if squeeze(phrase)]
    if not who:
        raise ValidationError(
            {"phrases": "Ghi cơ quan phải ban hành kế hoạch, mỗi dòng một cơ quan hoặc nhóm cơ quan."}
        )
    if len(who) > MOST_PHRASES:
        raise ValidationError({"phrases": f"Có {len(who)} dòng cơ quan; ghi nhiều nhất {MOST_PHRASES} dòng."})
    row = _row(locked, key)
    row.phrases, row.addressee, row.last_day, row.dropped = who, clip(addressee, 300), last_day, False
    return _save(actor, row, "plan.own_plans_asked", phrases=who, last_day=last_day)


@transaction.atomic
def drop_ask(actor: Actor, plan: Plan, key: str) -> None:
    """Say that a clause asks for no plan; what a person added goes away."""
    locked = _locked(plan.pk)
    require(policies.may_ask_for_plans(actor, locked))
    row = _row(locked, key)
    if row.span_start is None:
        _audit(actor, "plan.own_plans_ask_removed", locked, phrases=row.phrases)
        row.delete()
        return
    row.dropped = True
    _save(actor, row, "plan.own_plans_ask_dropped", phrases=row.phrases)


@transaction.atomic
def take_back_ask(actor: Actor, plan: Plan, row_pk: int) -> None:
    """Forget what a person said of a clause: what the reader found counts again. OwnPlanAsk.DoesNotExist: not there."""
    locked = _locked(plan.pk)
    require(policies.may_ask_for_plans(actor, locked))
    row = locked.own_plan_asks.get(pk=row_pk)
    _audit(actor, "plan.own_plans_ask_forgotten", locked, phrases=row.phrases)
    row.delete()


def _row(plan: Plan, key: str) -> OwnPlanAsk:
    """The row of a clause: its own, or a fresh one at its place; for no key one that a person adds."""
    if not key:
        return OwnPlanAsk(plan=plan)
    ask = _ask(plan, key)
    if ask.row is not None:
        return ask.row
    start, end = ask.span or (None, None)
    return OwnPlanAsk(plan=plan, span_start=start, span_end=end, phrases=list(ask.phrases))


def _ask(plan: Plan, key: str) -> Ask:
    found = next((ask for ask in asks_of(plan) if ask.key == key), None)
    if found is None:
        raise ValidationError("Không còn đoạn này: có người vừa sửa. Mở lại trang.")
    return found


def _save(actor: Actor, row: OwnPlanAsk, action: str, **details: Any) -> OwnPlanAsk:
    row.said_by_id, row.said_at = actor.user_id, clock.now()
    row.save()
    _audit(actor, action, row.plan, span=row.span_start, **details)
    return row


@transaction.atomic
def say_issued(actor: Actor, plan: Plan, agency: Agency, number: str, issued_on: date | None) -> OwnPlanIssued:
    """Write down that an agency issued its own plan, by number and day.

    ValidationError, by field, when the agency owes none or number or day are missing, ahead, or before the plan.
    """
    locked = _locked(plan.pk)
    require(policies.may_record(actor, locked, agency))
    if all(row.agency.pk != agency.pk for row in owing_of(locked, kin_of(locked), asks_of(locked), clock.today()).rows):
        raise ValidationError(f"Kế hoạch này không yêu cầu {agency.name} ban hành kế hoạch riêng.")
    words = squeeze(number)
    if not words or len(words) > 60:
        raise ValidationError({"number": "Ghi số, ký hiệu của kế hoạch, nhiều nhất 60 ký tự. Ví dụ: 15/KH-SYT."})
    if issued_on is None or issued_on > clock.today():
        raise ValidationError({"issued_on": "Ghi ngày ban hành, không sau hôm nay."})
    if locked.issued_on and issued_on < locked.issued_on:
        raise ValidationError(
            {"issued_on": f"Ngày này trước ngày của kế hoạch cấp trên ({short_date(locked.issued_on)})."}
        )
    row, _made = OwnPlanIssued.objects.update_or_create(
        plan=locked, agency=agency,
        defaults={"number": words, "issued_on": issued_on, "said_by_id": actor.user_id, "said_at": clock.now()},
    )  # fmt: skip
    _audit(actor, "plan.own_plan_said", locked, of_agency=agency.code, number=words, issued_on=issued_on)
    return row
