"""What the standing agency does to many obligations at once: remind, extend, waive, write to those who are late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.db import transaction

from haidang.accounts.actors import Actor, Refused, Role, require
from haidang.accounts.models import User
from haidang.agencies.models import Agency
from haidang.filings.actions.common import held_with_obligations, note
from haidang.filings.actions.mailing import PostOffice
from haidang.filings.actions.obligations import extend, waive
from haidang.filings.actions.reminders import any_invented
from haidang.filings.chasing.addressees import writers_for
from haidang.filings.chasing.details import heirs_named, named
from haidang.filings.chasing.letters import LetterFacts, is_late, letter_bytes
from haidang.filings.chasing.reminders import chasing_message, given_time, is_owed
from haidang.filings.content import plain_text
from haidang.filings.models import Obligation, Reminder
from haidang.filings.policies import area_path_of, may_chase
from haidang.filings.queries import Owed
from haidang.kernel import clock
from haidang.kernel.dates import short_date
from haidang.kernel.numbers import format_number

LONGEST_MESSAGE = 1000
AGAIN_AFTER = timedelta(minutes=1)  # a second click is no second reminder


@transaction.atomic
def extend_all(actor: Actor, rows: Sequence[Owed], to: date, reason: str) -> int:
    """Give all of them until `to`; all or none: SomeRefused names each that cannot be.

    Refused for a day that is past: it would only hide how long they have been late.
    """
    if to < clock.today():
        raise Refused(f"Hạn mới ({short_date(to)}) đã qua. Chọn ngày từ hôm nay trở đi.")
    return _each(actor, rows, lambda obligation: extend(actor, obligation, to, reason))


@transaction.atomic
def waive_all(actor: Actor, rows: Sequence[Owed], reason: str) -> int:
    """Free all of these agencies from these obligations, for one reason; all or none."""
    return _each(actor, rows, lambda obligation: waive(actor, obligation, reason))


class SomeRefused(Refused):
    """Nothing was done because some of what was chosen cannot be: `reasons` by obligation."""

    def __init__(self, message: str, reasons: Mapping[int, str]) -> None:
        """The sentence for all of them, and the reason of each."""
        super().__init__(message)
        self.reasons = reasons


def _each(actor: Actor, rows: Sequence[Owed], act: Callable[[Obligation], object]) -> int:
    for one in rows:
        require(may_chase(actor, one.obligation))
    held_with_obligations(one.obligation.pk for one in rows)
    reasons = {}
    for one in rows:
        try:
            act(one.obligation)
        except Refused as refusal:
            reasons[one.obligation.pk] = str(refusal)
    if reasons:
        raise all_refused("Chưa ghi nghĩa vụ nào", rows, reasons)
    return len(rows)


def all_refused(words: str, rows: Sequence[Owed], reasons: Mapping[int, str], hint: str = "") -> SomeRefused:
    """Why nothing was done: of the obligation itself where one is refused (`hint`: what to do), else how many are."""
    refused = [one.obligation for one in rows if one.obligation.pk in reasons]
    if len(refused) == 1:
        (one,) = refused
        return SomeRefused(f"{words}. {one.agency.name}, {one.cycle.label}: {reasons[one.pk]}{hint}", reasons)
    count = f"{format_number(len(refused))} trong {format_number(len(rows))} nghĩa vụ"
    return SomeRefused(
        f"{words}: {count} không làm được, lý do ở từng dòng. Các dòng ấy đã bỏ chọn; phần còn đánh dấu làm lại được.",
        reasons,
    )


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
    claimed = claim(actor, chased, Told("message", told))
    if not claimed:
        return Reminded(len(chased), 0, ())
    chased = [one for one in chased if one.obligation.pk in claimed]
    reached = _mail(actor, chased, told, site)
    keep_reached(claimed, {one.obligation.pk: reached[one.obligation.agency_id] for one in chased})
    unreached = {one.obligation.agency.name: None for one in chased if not reached[one.obligation.agency_id]}
    mails = len({person.pk for people in reached.values() for person in people})
    return Reminded(len(chased), mails, tuple(unreached))


@transaction.atomic
def write_letter(actor: Actor, rows: Sequence[Owed], facts: LetterFacts, on: date) -> bytes:
    """The urging letter (.docx) about what other agencies are late with of these rows, kept in the history of each.

    What is not due yet, or was given more time, is left out.
    """
    issuer = issuing_agency(actor, rows)
    others = [one for one in _still_owed(actor, rows) if one.obligation.agency_id != issuer.pk]
    chased = [one for one in others if is_late(one)]
    if others and all(given_time(one) for one in others):
        raise Refused("Báo cáo đã chọn đều được gia hạn và chưa quá hạn mới. Chọn báo cáo khác rồi soạn công văn.")
    if not others:
        raise Refused(
            f"Phần đã chọn chỉ gồm báo cáo của chính {issuer.name}. Chọn thêm cơ quan khác rồi soạn công văn."
        )
    if not chased:
        raise Refused("Báo cáo đã chọn chưa đến hạn nên chưa đôn đốc bằng công văn. Chọn báo cáo quá hạn, bị trả lại.")
    if facts.reply_by < on:
        raise Refused(f"Hạn gửi trong công văn ({short_date(facts.reply_by)}) đã qua. Chọn ngày từ hôm nay trở đi.")
    if facts.dated is not None and facts.dated > facts.reply_by:
        told = f"Ngày công văn ({short_date(facts.dated)}) sau hạn gửi ({short_date(facts.reply_by)})"
        raise Refused(f"{told}. Sửa một trong hai ngày.")
    number = "chưa ghi số" if facts.number is None else f"số {facts.number:02d}"
    words = f"Công văn {number}/{facts.symbol}, đề nghị gửi chậm nhất hết ngày {short_date(facts.reply_by)}"
    claim(actor, chased, Told("letter", words))
    return letter_bytes(facts, chased, on, _heir_names(chased, on), invented=any_invented(chased))


def _heir_names(rows: Sequence[Owed], on: date) -> dict[int, str]:
    """By agency that is gone, who took over from it."""
    heirs = heirs_named((one.obligation.agency for one in rows), on)
    return {pk: named(found) for pk, found in heirs.items()}


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
    for agency_id, writers in writers_for({one.obligation.agency_id for one in rows}, clock.today()).items():
        for membership in writers:
            if membership.user.email:
                people[membership.user_id] = membership.user
                agencies_of[membership.user_id].add(agency_id)
    with PostOffice() as post:
        for pk, person in people.items():
            theirs = [one for one in rows if one.obligation.agency_id in agencies_of[pk]]
            message = chasing_message(words, actor.agency_name or actor.name, theirs, site, any_invented(theirs))
            if post.send(person, message):
                continue
            for agency_id in agencies_of[pk]:
                reached[agency_id].append(person)
    return reached


@dataclass(frozen=True, slots=True)
class Told:
    """What a line of the history says: how an agency was chased, in which words, and to whom it was told instead."""

    kind: str
    words: str
    to: Agency | None = None


@transaction.atomic
def claim(actor: Actor, rows: Sequence[Owed], told: Told) -> dict[int, Reminder]:
    """A line in the history of each obligation, before anything goes out: of two clicks at once only one makes it.

    By obligation. Left out are those that the same person told the same within AGAIN_AFTER, and those that anybody told
    the same agency above on the same day.
    """
    ids = [one.obligation.pk for one in rows]
    list(Obligation.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk").values_list("pk"))
    at = clock.now()
    before = Reminder.objects.filter(obligation_id__in=ids, kind=told.kind)
    if told.to is None:
        same = before.filter(words=told.words, sent_by_id=actor.user_id, sent_at__gt=at - AGAIN_AFTER)
    else:
        same = before.filter(told_to=told.to, sent_at__gte=_start_of_today())
    done = set(same.values_list("obligation_id", flat=True))
    fresh = [one.obligation for one in rows if one.obligation.pk not in done]
    for one in fresh:
        if told.to is None:
            note(actor, "reminded", one, kind=told.kind, words=told.words[:500])
        else:
            note(actor, "escalated", one, to=told.to.code, words=told.words[:500])
    made = [
        Reminder(
            obligation=one, kind=told.kind, words=told.words, sent_by_id=actor.user_id, sent_at=at, told_to=told.to
        )
        for one in fresh
    ]  # fmt: skip
    return {one.obligation_id: one for one in Reminder.objects.bulk_create(made)}


def _start_of_today() -> datetime:
    return datetime.combine(clock.today(), time(), clock.VIET_NAM)


@transaction.atomic
def keep_reached(claimed: Mapping[int, Reminder], reached: Mapping[int, Sequence[User]]) -> None:
    """One line for each person reached about an obligation: the first takes the line that was claimed."""
    more = []
    for pk, line in claimed.items():
        for place, person in enumerate(reached.get(pk, ())):
            if place == 0:
                line.recipient = person
                line.save(update_fields=["recipient"])
                continue
            more.append(
                Reminder(
                    obligation_id=pk, kind=line.kind, words=line.words, recipient=person, sent_by_id=line.sent_by_id,
                    sent_at=line.sent_at, told_to_id=line.told_to_id,
                )
            )  # fmt: skip
    Reminder.objects.bulk_create(more)
