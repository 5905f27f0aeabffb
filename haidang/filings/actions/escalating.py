"""Telling those above of agencies that still owe after they were reminded: leaders, or the standing agency above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Max, Q

from haidang.accounts.actors import Actor, Refused, Role, require
from haidang.accounts.models import User
from haidang.agencies.models import Agency, Membership
from haidang.agencies.queries import agencies_of, in_force, standing_agency
from haidang.filings.actions.chasing import LONGEST_MESSAGE, Told, all_refused, claim, issuing_agency, keep_reached
from haidang.filings.actions.mailing import PostOffice
from haidang.filings.actions.reminders import any_invented
from haidang.filings.chasing.reminders import escalation_message, is_owed
from haidang.filings.content import plain_text
from haidang.filings.models import Reminder
from haidang.filings.policies import may_chase
from haidang.filings.queries import Owed
from haidang.filings.rules import ESCALATED_AFTER_REMINDER, why_not_escalated
from haidang.kernel import clock
from haidang.kernel.clock import VIET_NAM


@dataclass(frozen=True, slots=True)
class Escalated:
    """What telling those above did: obligations told of, agency told, e-mails that went out, leaders that none reached.

    `repeated` are those that the agency had been told of on the same day; it is not told of them again.
    """

    obligations: int
    told: Agency
    mails: int
    unreached: tuple[str, ...] = ()
    repeated: int = 0


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
    """By obligation, why it cannot be told to those above yet; obligations that can are left out. One query.

    The daily digest reminds as well: what counts is that some reminder is old enough, not that the last one is.
    """
    ids = [one.obligation.pk for one in rows]
    enough = datetime.combine(on - timedelta(days=ESCALATED_AFTER_REMINDER - 1), time.min, VIET_NAM)
    told = Reminder.objects.filter(obligation_id__in=ids).exclude(kind="escalation").order_by()
    old = Max("sent_at", filter=Q(sent_at__lt=enough))
    latest = told.values_list("obligation_id").annotate(newest=Max("sent_at"), old=old)
    last = {pk: old or newest for pk, newest, old in latest}
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

    Refused without words, for an agency that is not above; SomeRefused for what is not overdue or not reminded long
    enough. What the agency was told of on the same day is left out, whoever told it.
    """
    today = clock.today()
    for one in rows:
        require(may_chase(actor, one.obligation))
    told = plain_text(words)
    if not told or len(told) > LONGEST_MESSAGE:
        raise Refused(f"Ghi nội dung báo cáo, nhiều nhất {LONGEST_MESSAGE} ký tự.")
    if to.pk not in {agency.pk for agency in agencies_above(actor, rows, today)}:
        raise Refused("Cơ quan này không phải cấp trên của cơ quan thường trực. Chọn lại nơi nhận báo cáo.")
    if blocked := not_yet(rows, today):
        raise all_refused("Chưa báo cáo nghĩa vụ nào", rows, blocked, ". Bỏ chọn hoặc nhắc trước.")
    claimed = claim(actor, rows, Told("escalation", told, to))
    fresh = [one for one in rows if one.obligation.pk in claimed]
    if not fresh:
        return Escalated(0, to, 0, repeated=len(rows))
    people = _leaders(to, today)
    reached = _mail(actor, people, fresh, told, site)
    keep_reached(claimed, dict.fromkeys(claimed, reached))
    unreached = tuple(str(person) for person in people if person not in reached)
    return Escalated(len(fresh), to, len(reached), unreached, repeated=len(rows) - len(fresh))


def _leaders(agency: Agency, on: date) -> list[User]:
    seats = in_force(Membership.objects.filter(agency=agency, role=Role.LEADER, user__is_active=True), on)
    return list({seat.user_id: seat.user for seat in seats.select_related("user").order_by("user_id")}.values())


def _mail(actor: Actor, people: Sequence[User], rows: Sequence[Owed], words: str, site: str) -> list[User]:
    message = escalation_message(words, actor.agency_name or actor.name, rows, site, any_invented(rows))
    with PostOffice() as post:
        return [person for person in people if person.email and not post.send(person, message)]
