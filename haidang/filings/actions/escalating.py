"""Telling those above of agencies that still owe after they were reminded: leaders, or the standing agency above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.mail import get_connection
from django.db import transaction
from django.db.models import Max

from haidang.accounts.actors import Actor, Refused, Role, require
from haidang.accounts.models import User
from haidang.agencies.models import Agency, Membership
from haidang.agencies.queries import agencies_of, in_force, standing_agency
from haidang.filings.actions.chasing import AGAIN_AFTER, LONGEST_MESSAGE, issuing_agency
from haidang.filings.actions.common import note
from haidang.filings.actions.reminders import NOT_DELIVERED, any_invented, deliver
from haidang.filings.content import plain_text
from haidang.filings.models import Reminder
from haidang.filings.policies import may_chase
from haidang.filings.queries import Owed
from haidang.filings.reminders import escalation_message, is_owed
from haidang.filings.rules import why_not_escalated
from haidang.kernel import clock
from haidang.kernel.clock import VIET_NAM


@dataclass(frozen=True, slots=True)
class Escalated:
    """What telling those above did: obligations, agency told, e-mails that went out."""

    obligations: int
    told: Agency
    mails: int


def agencies_above(actor: Actor, rows: Sequence[Owed], on: date) -> list[Agency]:
    """Who can be told: the leaders of the standing agency in whose name the actor acts, and the standing agency above
    it (the Ministry above a province). Refused as issuing_agency.
    """
    own = issuing_agency(actor, rows)
    if own.area is None:
        return [own]
    above = standing_agency(own.area.parent, on) if own.area.parent else None
    above = above or agencies_of(None, on).filter(standing=True).first()
    return [own, above] if above is not None and above.pk != own.pk else [own]


def not_yet(rows: Sequence[Owed], on: date) -> dict[int, str]:
    """By obligation, why it cannot be told to those above yet; obligations that can are left out. One query."""
    ids = [one.obligation.pk for one in rows]
    told = Reminder.objects.filter(obligation_id__in=ids).exclude(kind="escalation").order_by()
    last = dict(told.values_list("obligation_id").annotate(Max("sent_at")))
    found = {}
    for one in rows:
        reminded = last.get(one.obligation.pk)
        why = why_not_escalated(
            max(0, -one.days_left) if is_owed(one) else 0,
            reminded.astimezone(VIET_NAM).date() if reminded else None,
            on,
        )
        if why:
            found[one.obligation.pk] = why
    return found


def escalate_all(actor: Actor, rows: Sequence[Owed], to: Agency, words: str, site: str) -> Escalated:
    """Tell the leaders of `to` what these agencies still owe, all or none; a line in the history of each.

    Refused without words, for an agency that is not above, and for what is not overdue or not reminded long enough:
    the sentence names the first such obligation.
    """
    today = clock.today()
    for one in rows:
        require(may_chase(actor, one.obligation))
    told = plain_text(words)
    if not told or len(told) > LONGEST_MESSAGE:
        raise Refused(f"Ghi nội dung báo cáo, nhiều nhất {LONGEST_MESSAGE} ký tự.")
    if to.pk not in {agency.pk for agency in agencies_above(actor, rows, today)}:
        raise Refused("Cơ quan này không phải cấp trên của cơ quan thường trực. Chọn lại nơi nhận báo cáo.")
    blocked = not_yet(rows, today)
    for one in rows:
        if why := blocked.get(one.obligation.pk):
            name, label = one.obligation.agency.name, one.obligation.cycle.label
            raise Refused(f"Chưa báo cáo nghĩa vụ nào. {name}, {label}: {why}. Bỏ chọn hoặc nhắc trước.")
    again = Reminder.objects.filter(
        obligation_id__in=[one.obligation.pk for one in rows], kind="escalation", words=told, told_to=to,
        sent_by_id=actor.user_id, sent_at__gt=clock.now() - AGAIN_AFTER,
    )  # fmt: skip
    done = set(again.values_list("obligation_id", flat=True))
    rows = [one for one in rows if one.obligation.pk not in done]
    if not rows:
        return Escalated(len(done), to, 0)
    people = _leaders(to, today)
    mailed = _mail(actor, people, rows, told, site)
    _keep(actor, rows, to, told, mailed)
    return Escalated(len(rows), to, len(mailed))


def _leaders(agency: Agency, on: date) -> list[User]:
    seats = in_force(Membership.objects.filter(agency=agency, role=Role.LEADER, user__is_active=True), on)
    return list({seat.user_id: seat.user for seat in seats.select_related("user").order_by("user_id")}.values())


def _mail(actor: Actor, people: Sequence[User], rows: Sequence[Owed], words: str, site: str) -> list[User]:
    message = escalation_message(words, actor.agency_name or actor.name, rows, site, any_invented(rows))
    connection = get_connection()
    reached = []
    for person in people:
        if not person.email:
            continue
        try:
            deliver(person, message, connection)
        except NOT_DELIVERED:
            continue
        reached.append(person)
    return reached


@transaction.atomic
def _keep(actor: Actor, rows: Sequence[Owed], to: Agency, words: str, mailed: Sequence[User]) -> None:
    at = clock.now()
    recipients: list[User | None] = [*mailed] or [None]
    Reminder.objects.bulk_create(
        Reminder(
            obligation=one.obligation, kind="escalation", words=words, recipient=person, sent_by_id=actor.user_id,
            sent_at=at, told_to=to,
        )
        for one in rows
        for person in recipients
    )  # fmt: skip
    for one in rows:
        note(actor, "escalated", one.obligation, to=to.code, words=words[:500])
