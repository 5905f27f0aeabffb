"""The daily digest: one e-mail a person a day, never empty, never twice, each kept in the history of what it named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q

from haidang.accounts.actors import Actor, Refused, Role
from haidang.agencies.models import Membership
from haidang.agencies.queries import in_force
from haidang.filings.actions.common import note
from haidang.filings.actions.mailing import PostOffice
from haidang.filings.chasing.addressees import writers_for
from haidang.filings.chasing.reminders import DAYS_AHEAD, Message, digest_message, is_due_soon
from haidang.filings.models import Digest, FilingState, Obligation, Reminder
from haidang.filings.queries import Owed, owed
from haidang.filings.talk import Waiting, waiting_by_agency
from haidang.kernel import clock

if TYPE_CHECKING:
    from haidang.accounts.models import User


@dataclass(frozen=True, slots=True)
class Composed:
    """One person's e-mail of the day, what of it their own agencies owe, and what was escalated to them."""

    person: User
    rows: tuple[Owed, ...]
    message: Message
    escalated: tuple[Owed, ...] = ()


@dataclass(slots=True)
class DigestRun:
    """What a run did, by user name; `sent` in a dry run is what would be sent."""

    day: date
    sent: list[Composed] = field(default_factory=list)
    already: list[str] = field(default_factory=list)
    without_address: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)


def send_digests(actor: Actor, *, ahead: int = DAYS_AHEAD, dry_run: bool = False) -> DigestRun:
    """Send today's digests: to everybody who enters or approves for an agency that has something late, returned, due
    within `ahead` days, or comments to answer, and to leaders to whom something late was escalated. Only the system
    sends them. Reading costs at most seven queries, whatever the number of people.
    """
    if not actor.system:
        raise Refused("Bản tin hằng ngày do hệ thống gửi. Muốn nhắc ngay thì chọn nghĩa vụ trên bảng đôn đốc.")
    run = DigestRun(clock.today())
    done = set(Digest.objects.filter(day=run.day).values_list("person_id", flat=True))
    with PostOffice() as post:
        for composed in _composed(run.day, ahead):
            person = composed.person
            if person.pk in done:
                run.already.append(person.username)
            elif not person.email:
                run.without_address.append(person.username)
            elif dry_run:
                run.sent.append(composed)
            else:
                _send(actor, composed, post, run)
    return run


def _composed(day: date, ahead: int) -> list[Composed]:
    rows_of: dict[int, list[Owed]] = defaultdict(list)
    rows = _open_rows(day, ahead)
    for one in rows:
        rows_of[one.obligation.agency_id].append(one)
    asked_of = waiting_by_agency()
    people: dict[int, tuple[User, dict[int, list[Owed]]]] = {}
    asked: dict[int, list[Waiting]] = defaultdict(list)
    for agency_id, writers in writers_for(rows_of.keys() | asked_of.keys(), day).items():
        for membership in writers:
            _, agencies = people.setdefault(membership.user_id, (membership.user, {}))
            if agency_id not in agencies:
                asked[membership.user_id] += asked_of.get(agency_id, [])
            agencies[agency_id] = rows_of.get(agency_id, [])
    escalated = _escalated_to(rows, day)
    for leader, _ in escalated.values():
        people.setdefault(leader.pk, (leader, {}))
    return [
        _compose(person, agencies, day, escalated.get(pk, (person, []))[1], asked[pk])
        for pk, (person, agencies) in people.items()
    ]


def _escalated_to(rows: Sequence[Owed], day: date) -> dict[int, tuple[User, list[Owed]]]:
    """By leader, what was told to their agency, is overdue and still owed; two queries."""
    late = {one.obligation.pk: one for one in rows if one.days_left < 0}
    told = Reminder.objects.filter(kind="escalation", obligation_id__in=late).order_by("obligation_id")
    by_agency: dict[int, dict[int, Owed]] = defaultdict(dict)
    for agency_id, obligation_id in told.values_list("told_to_id", "obligation_id"):
        by_agency[agency_id][obligation_id] = late[obligation_id]
    leaders = in_force(Membership.objects.filter(role=Role.LEADER, user__is_active=True), day)
    found: dict[int, tuple[User, list[Owed]]] = {}
    for seat in leaders.filter(agency_id__in=list(by_agency)).select_related("user").order_by("user_id", "agency_id"):
        found.setdefault(seat.user_id, (seat.user, []))[1].extend(by_agency[seat.agency_id].values())
    return found


def _compose(
    person: User, agencies: dict[int, list[Owed]], day: date, escalated: Sequence[Owed], asked: Sequence[Waiting]
) -> Composed:
    rows = tuple(sorted((one for rows in agencies.values() for one in rows), key=lambda one: one.last_day))
    named = tuple({one.obligation.pk: one for one in escalated}.values())
    fictional = any_invented([*rows, *named]) or any(one.obligation.cycle.plan.fictional for one in asked)
    message = digest_message(str(person), rows, day, settings.SITE, fictional, escalated=named, asked=asked)
    return Composed(person, rows, message, named)


def any_invented(rows: Sequence[Owed]) -> bool:
    """Whether this is a demonstration, or some plan behind these rows is invented."""
    return settings.DEMO or any(one.obligation.cycle.plan.fictional for one in rows)


def _open_rows(day: date, ahead: int) -> list[Owed]:
    until = day + timedelta(days=ahead + 1)
    due = Q(cycle__due_on__lte=until) | Q(due_on__lte=until)
    unsettled = Q(filing__received_at__isnull=True) | Q(filing__state=FilingState.RETURNED)
    rows = (
        Obligation.objects.filter(unsettled, due, waived_reason="")
        .select_related("cycle__plan", "agency", "filing")
        .defer("cycle__plan__text", "cycle__plan__reading", "filing__cells", "filing__sections")
    )
    return [one for one in (owed(row, day) for row in rows) if is_due_soon(one, ahead)]


def _send(actor: Actor, composed: Composed, post: PostOffice, run: DigestRun) -> None:
    """Claim the day first, then send: should the machine stop in between, the person gets none rather than two."""
    name = composed.person.username
    if post.gave_up:
        run.failed.append((name, post.gave_up))
        return
    try:
        with transaction.atomic():
            digest = Digest.objects.create(person=composed.person, day=run.day, claimed_at=clock.now())
    except IntegrityError:
        run.already.append(name)
        return
    if problem := post.send(composed.person, composed.message):
        digest.delete()
        run.failed.append((name, problem))
        return
    _keep(actor, composed, digest)
    run.sent.append(composed)


@transaction.atomic
def _keep(actor: Actor, composed: Composed, digest: Digest) -> None:
    digest.sent_at = clock.now()
    digest.save(update_fields=["sent_at"])
    Reminder.objects.bulk_create(
        Reminder(
            obligation=one.obligation, kind="digest", recipient=composed.person, sent_at=digest.sent_at,
            sent_by_id=actor.user_id,
        )
        for one in composed.rows
    )  # fmt: skip
    note(actor, "digest_sent", digest, obligations=[one.obligation.pk for one in composed.rows])
