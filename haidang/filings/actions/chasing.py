"""What the standing agency does to many obligations at once: remind, extend, waive, write to those who are late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.core.mail import get_connection
from django.db import transaction

from haidang.accounts.actors import Actor, Refused, Role, require
from haidang.accounts.models import User
from haidang.agencies.models import Agency
from haidang.filings.actions.common import note
from haidang.filings.actions.obligations import extend, waive
from haidang.filings.actions.reminders import NOT_DELIVERED, any_invented, deliver, writers_of
from haidang.filings.content import plain_text
from haidang.filings.letters import LetterFacts, letter_bytes
from haidang.filings.models import Obligation, Reminder
from haidang.filings.policies import area_path_of, may_chase
from haidang.filings.queries import Owed
from haidang.filings.reminders import chasing_message, given_time, is_owed
from haidang.kernel import clock
from haidang.kernel.dates import short_date

LONGEST_MESSAGE = 1000
AGAIN_AFTER = timedelta(minutes=1)  # a second click is no second reminder


@transaction.atomic
def extend_all(actor: Actor, rows: Sequence[Owed], to: date, reason: str) -> int:
    """Give all of them until `to`; all or none: a refusal names the obligation that it is about."""
    return _each(rows, lambda obligation: extend(actor, obligation, to, reason))


@transaction.atomic
def waive_all(actor: Actor, rows: Sequence[Owed], reason: str) -> int:
    """Free all of these agencies from these obligations, for one reason; all or none."""
    return _each(rows, lambda obligation: waive(actor, obligation, reason))


def _each(rows: Sequence[Owed], act: Callable[[Obligation], object]) -> int:
    for one in rows:
        try:
            act(one.obligation)
        except Refused as refusal:
            raise Refused(
                f"Chưa ghi nghĩa vụ nào. {one.obligation.agency.name}, {one.obligation.cycle.label}: {refusal}"
            ) from refusal
    return len(rows)


@dataclass(frozen=True, slots=True)
class Reminded:
    """What reminding did: obligations reminded of, e-mails that went out, agencies that none reached."""

    obligations: int
    mails: int
    unreached: tuple[str, ...]


def remind_all(actor: Actor, rows: Sequence[Owed], words: str, site: str) -> Reminded:
    """Remind the agencies of what they still owe: one e-mail a person with everything chosen, and a line in each
    history, which the agency sees on the page of its report even when nobody there has an address.
    """
    told = plain_text(words)
    if not told:
        raise Refused("Chưa có lời nhắc. Ghi lời nhắc rồi gửi.")
    if len(told) > LONGEST_MESSAGE:
        raise Refused(f"Lời nhắc dài hơn {LONGEST_MESSAGE} ký tự. Rút gọn rồi gửi.")
    chased = _still_owed(actor, rows)
    claimed = _claim(actor, chased, "message", told)
    if not claimed:
        return Reminded(len(chased), 0, ())
    chased = [one for one in chased if one.obligation.pk in claimed]
    reached = _mail(actor, chased, told, site)
    _keep_reached(claimed, chased, reached)
    unreached = {one.obligation.agency.name: None for one in chased if not reached[one.obligation.agency_id]}
    mails = len({person.pk for people in reached.values() for person in people})
    return Reminded(len(chased), mails, tuple(unreached))


@transaction.atomic
def write_letter(actor: Actor, rows: Sequence[Owed], facts: LetterFacts, on: date) -> bytes:
    """The urging letter (.docx) about what other agencies still owe of these rows, kept in the history of each."""
    issuer = issuing_agency(actor, rows)
    others = [one for one in _still_owed(actor, rows) if one.obligation.agency_id != issuer.pk]
    chased = [one for one in others if not given_time(one)]
    if others and not chased:
        raise Refused("Báo cáo đã chọn đều được gia hạn và chưa quá hạn mới. Chọn báo cáo khác rồi soạn công văn.")
    if not chased:
        raise Refused(
            f"Phần đã chọn chỉ gồm báo cáo của chính {issuer.name}. Chọn thêm cơ quan khác rồi soạn công văn."
        )
    if facts.reply_by < on:
        raise Refused(f"Hạn gửi trong công văn ({short_date(facts.reply_by)}) đã qua. Chọn ngày từ hôm nay trở đi.")
    number = "chưa ghi số" if facts.number is None else f"số {facts.number:02d}"
    words = f"Công văn {number}/{facts.symbol}, đề nghị gửi chậm nhất hết ngày {short_date(facts.reply_by)}"
    _claim(actor, chased, "letter", words)
    return letter_bytes(facts, chased, on, invented=any_invented(chased))


def issuing_agency(actor: Actor, rows: Sequence[Owed]) -> Agency:
    """The standing agency in whose name the actor writes: one over all of these rows. Refused when there is none."""
    for one in rows:
        require(may_chase(actor, one.obligation))
    for seat in actor.seats:
        alone = replace(actor, seats=(seat,))
        if all(alone.standing_over(area_path_of(one.obligation.agency), Role.CONSOLIDATOR) for one in rows):
            return Agency.objects.select_related("area__parent").get(pk=seat.agency_id)
    raise Refused("Các nghĩa vụ đã chọn thuộc nhiều địa bàn khác nhau. Chọn theo từng địa bàn rồi soạn từng công văn.")


def _still_owed(actor: Actor, rows: Sequence[Owed]) -> list[Owed]:
    for one in rows:
        require(may_chase(actor, one.obligation))
    chased = [one for one in rows if is_owed(one)]
    if not chased:
        raise Refused("Không nghĩa vụ nào đã chọn còn phải nộp. Chọn nghĩa vụ quá hạn, bị trả lại hoặc chưa nộp.")
    return chased


def _mail(actor: Actor, rows: Sequence[Owed], words: str, site: str) -> dict[int, list[User]]:
    """Send one e-mail to each person who enters or approves for these agencies; who got it, by agency."""
    reached: dict[int, list[User]] = defaultdict(list)
    agencies_of: dict[int, set[int]] = defaultdict(set)
    people: dict[int, User] = {}
    for membership in writers_of([one.obligation.agency_id for one in rows], clock.today()):
        if membership.user.email:
            people[membership.user_id] = membership.user
            agencies_of[membership.user_id].add(membership.agency_id)
    connection = get_connection()
    for pk, person in people.items():
        theirs = [one for one in rows if one.obligation.agency_id in agencies_of[pk]]
        message = chasing_message(words, actor.agency_name or actor.name, theirs, site, any_invented(theirs))
        try:
            deliver(person, message, connection)
        except NOT_DELIVERED:
            continue
        for agency_id in agencies_of[pk]:
            reached[agency_id].append(person)
    return reached


@transaction.atomic
def _claim(actor: Actor, rows: Sequence[Owed], kind: str, words: str) -> dict[int, Reminder]:
    """A line in the history of each obligation, before anything goes out: of two clicks at once only one makes it.

    By obligation; those that the same person told the same within AGAIN_AFTER are left out.
    """
    ids = [one.obligation.pk for one in rows]
    list(Obligation.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk").values_list("pk"))
    at = clock.now()
    same = Reminder.objects.filter(
        obligation_id__in=ids, kind=kind, words=words, sent_by_id=actor.user_id, sent_at__gt=at - AGAIN_AFTER
    )
    told = set(same.values_list("obligation_id", flat=True))
    fresh = [one.obligation for one in rows if one.obligation.pk not in told]
    made = [Reminder(obligation=one, kind=kind, words=words, sent_by_id=actor.user_id, sent_at=at) for one in fresh]
    for one in fresh:
        note(actor, "reminded", one, kind=kind, words=words[:500])
    return {one.obligation_id: one for one in Reminder.objects.bulk_create(made)}


@transaction.atomic
def _keep_reached(claimed: dict[int, Reminder], rows: Sequence[Owed], reached: dict[int, list[User]]) -> None:
    """One line for each person reached: the first takes the line that was claimed."""
    more = []
    for one in rows:
        line = claimed[one.obligation.pk]
        for place, person in enumerate(reached.get(one.obligation.agency_id, ())):
            if place == 0:
                line.recipient = person
                line.save(update_fields=["recipient"])
                continue
            more.append(
                Reminder(
                    obligation=one.obligation, kind=line.kind, words=line.words, recipient=person,
                    sent_by_id=line.sent_by_id, sent_at=line.sent_at,
                )
            )  # fmt: skip
    Reminder.objects.bulk_create(more)
