"""Handing over: what a dissolved agency still owed goes to the one that took over from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from haidang.accounts.actors import Actor, Refused, require
from haidang.agencies.models import Agency
from haidang.agencies.queries import stood_over
from haidang.audit.actions import record_all
from haidang.catalogue.checks import MOST_TEXT
from haidang.catalogue.forms import FormSpec, all_forms
from haidang.catalogue.formulas import number_cell
from haidang.filings.actions.common import event_of, locked_filing, locked_obligation, note
from haidang.filings.actions.drafts import save_cells, save_section
from haidang.filings.content import forms_for
from haidang.filings.earlier import added_up
from haidang.filings.models import Filing, FilingState, Obligation, Ruling
from haidang.filings.policies import may_chase, may_edit
from haidang.filings.rules import EDITABLE, last_day_of, still_owed
from haidang.filings.succession import Heirs, heirs_for
from haidang.kernel import clock
from haidang.kernel.dates import short_date
from haidang.plans.models import Plan


@dataclass(frozen=True, slots=True)
class Undecided:
    """An obligation that a person must decide on: who comes into question, and why it was not handed over by itself."""

    obligation: Obligation
    heirs: tuple[Agency, ...]
    why: str


@dataclass(slots=True)
class HandedOver:
    """What a hand-over did, or would do: obligations handed, each with its heir, and what a person must decide."""

    day: date
    handed: list[tuple[Obligation, Agency]] = field(default_factory=list)
    undecided: list[Undecided] = field(default_factory=list)


@transaction.atomic
def hand_over_all(actor: Actor, on: date, *, plan: Plan | None = None, dry_run: bool = False) -> HandedOver:
    """Hand over, in the areas the actor stands over, whatever agencies that are gone by `on` still owe (of one plan).

    Each goes to the only agency that took over what it is about; where several did, or that one has sent its own report
    or is excused from it, nothing is done and the obligation is listed. Doing it again does nothing more. Only a dry
    run looks at a day to come.
    """
    if not actor.system and not any(seat.standing for seat in actor.seats):
        raise Refused("Chỉ cơ quan thường trực bàn giao nghĩa vụ báo cáo được. Đề nghị cơ quan thường trực làm.")
    if on > clock.today() and not dry_run:
        raise Refused(f"Ngày {short_date(on)} chưa tới: cơ quan còn hoạt động vẫn phải nộp. Bàn giao từ ngày đó.")
    done = HandedOver(on)
    rows = _left_behind(actor, on, plan, lock=not dry_run)
    heirs = heirs_for(rows, on)
    taken = _heirs_obligations(rows, heirs)
    for row in rows:
        answering = heirs[row.pk]
        why = _why_undecided(answering)
        if not why:
            own = taken.get((row.cycle_id, answering.likely[0].pk))
            why = "" if own is None else _why_not_into(own)
        if why:
            done.undecided.append(Undecided(row, answering.likely or answering.known, why))
        else:
            done.handed.append((row, answering.likely[0]))
    if not dry_run:
        _hand(actor, done.handed, taken, on)
    return done


def _left_behind(actor: Actor, on: date, plan: Plan | None, *, lock: bool) -> list[Obligation]:
    """What is owed by agencies that are gone; what was ever accepted stays with the agency that filed it.

    Held with `lock`: what is being sent at this moment is either seen here, or sees that it was handed over.
    """
    unsettled = Q(received_at__isnull=True) | Q(state=FilingState.RETURNED)
    accepted = Ruling.objects.filter(outcome="accepted", version__filing=OuterRef("pk"))
    filings = Filing.objects.filter(
        unsettled, ~Exists(accepted), stood_over(actor, "obligation__agency__area"),
        obligation__agency__valid_to__lt=on, obligation__waived_reason="",
    )  # fmt: skip
    if plan is not None:
        filings = filings.filter(obligation__cycle__plan=plan)
    if lock:
        filings = filings.select_for_update(of=("self", "obligation"))
    filings = filings.select_related("obligation__cycle", "obligation__agency").defer(
        "cells", "sections", "explanations"
    )
    # Held in the order of their keys, as every step on many rows does it: two of them never wait for each other.
    rows = [filing.obligation for filing in filings.order_by("pk")]
    return sorted(rows, key=lambda row: (row.agency.code, row.cycle.due_on, row.pk))


def _heirs_obligations(rows: Iterable[Obligation], heirs: Mapping[int, Heirs]) -> dict[tuple[int, int], Obligation]:
    """What the likely heirs owe of the same cycles themselves, by cycle and agency; one query."""
    cycles = {row.cycle_id for row in rows}
    agencies = {agency.pk for found in heirs.values() for agency in found.likely}
    found = Obligation.objects.filter(cycle_id__in=cycles, agency_id__in=agencies).select_related("agency", "filing")
    return {(one.cycle_id, one.agency_id): one for one in found}


def _why_undecided(heirs: Heirs) -> str:
    if not heirs.known:
        return "danh mục chưa có cơ quan kế thừa"
    if not heirs.able:
        return "cơ quan kế thừa không nộp biểu nào của kỳ này; miễn kèm lý do"
    return "" if len(heirs.likely) == 1 else "nhiều cơ quan kế thừa"


def _why_not_into(own: Obligation) -> str:
    """Why nothing can be handed into what the heir owes itself: it would be lost there. "" when it can."""
    if own.waived_reason:
        return f"{own.agency.name} đang được miễn kỳ này; bỏ miễn trước"
    if own.filing.state not in EDITABLE:
        return f"{own.agency.name} đã gửi báo cáo của mình kỳ này; trả lại hoặc mở lại báo cáo đó trước"
    return ""


@transaction.atomic
def hand_over(actor: Actor, obligation: Obligation, heir: Agency, on: date) -> Obligation:
    """Hand one obligation of a dissolved agency to `heir`; returns the heir's, which it may have had already.

    Refused while the agency is in force, when nothing is owed any more or something was accepted, for an heir that took
    nothing over or files none of the forms, and for one that is excused or has sent its own report: what is handed over
    would be lost there. The heir owes it by the same day; what the old agency entered stays to be read and taken over.
    """
    row = locked_obligation(obligation.pk)
    require(may_chase(actor, row))
    filing = Filing.objects.select_for_update().get(obligation=row)
    if row.agency.valid_to is None or row.agency.valid_to >= on:
        raise Refused(f"{row.agency.name} còn hoạt động vào ngày {short_date(on)}, chưa có gì phải bàn giao.")
    owed = still_owed(filing.state, received=filing.received_at is not None, waived=bool(row.waived_reason))
    if not owed or Ruling.objects.filter(outcome="accepted", version__filing=filing).exists():
        raise Refused(
            f"{row.agency.name} không còn nợ báo cáo này, hoặc đã có bản được tiếp nhận và đang dùng để tổng hợp. "
            "Báo cáo đã gửi thì giữ nguyên tên cơ quan cũ."
        )
    if heir not in heirs_for([row], on)[row.pk].able:
        raise Refused(f"{heir.name} không phải cơ quan kế thừa nộp được báo cáo này. Chọn cơ quan khác.")
    own = Obligation.objects.filter(cycle=row.cycle, agency=heir).select_related("agency", "filing").first()
    if own is not None and (why := _why_not_into(own)):
        raise Refused(f"Chưa bàn giao được: {why}.")
    known = {} if own is None else {(row.cycle_id, heir.pk): own}
    _hand(actor, [(row, heir)], known, on)
    assert row.handed_to is not None
    return row.handed_to


def _hand(
    actor: Actor, pairs: Sequence[tuple[Obligation, Agency]], known: dict[tuple[int, int], Obligation], on: date
) -> None:
    """Hand each obligation to its heir; `known` are those that the heirs have, by cycle and agency. A few queries for
    any number of them.
    """
    latest = sorted(pairs, key=lambda pair: last_day_of(pair[0].due, pair[0].extended_to))
    missing = {(row.cycle_id, heir.pk): (row, heir) for row, heir in latest}
    made = Obligation.objects.bulk_create(
        Obligation(
            cycle=row.cycle, agency=heir, due_on=row.due_on, extended_to=row.extended_to,
            extension_reason=row.extension_reason,
        )
        for key, (row, heir) in missing.items()
        if key not in known
    )  # fmt: skip
    now = clock.now()
    Filing.objects.bulk_create(Filing(obligation=one, changed_at=now) for one in made)
    taken = {**known, **{(one.cycle_id, one.agency_id): one for one in made}}
    for row, heir in pairs:
        row.handed_to, row.handed_on = taken[row.cycle_id, heir.pk], on
        row.waived_reason = f"Đã bàn giao cho {heir.name}"[:300]
    rows = [row for row, _heir in pairs]
    Obligation.objects.bulk_update(rows, ["handed_to", "handed_on", "waived_reason"], batch_size=500)
    record_all(
        [event_of(actor, "handed_over", row, to=heir.code, on=on, obligation=row.handed_to_id) for row, heir in pairs]
    )


@dataclass(frozen=True, slots=True)
class Adopted:
    """What was taken over from agencies that are gone: how many cells and sections, and who of them had entered nothing
    (names): their share is missing from the numbers.
    """

    cells: int
    sections: int
    silent: tuple[str, ...]


@transaction.atomic
def adopt(actor: Actor, filing: Filing) -> Adopted:
    """Enter into an empty draft what the agencies that handed this obligation over had entered: numbers added up, words
    of several one after the other, each under the name of its agency.

    Refused when they entered nothing, and when something was entered here already: nothing is ever overwritten.
    """
    filing = locked_filing(filing.pk)
    require(may_edit(actor, filing))
    if filing.cells or filing.sections:
        raise Refused("Báo cáo này đã có số, không ghi đè. Số của cơ quan cũ xem ở trang của cơ quan cũ.")
    handed = Filing.objects.filter(obligation__handed_to=filing.obligation_id).select_related("obligation__agency")
    olds = list(handed.order_by("obligation__agency__code"))
    entered = [one for one in olds if one.cells or one.sections]
    if not entered:
        raise Refused("Cơ quan bàn giao chưa nhập số nào nên không có gì để lấy. Nhập số như mọi kỳ.")
    forms = forms_for(filing.obligation)
    numbers, words = _numbers_of(forms, entered), _words_of(forms, entered)
    in_cells = {code: text for code, text in words.items() if code in _inputs(forms)}
    if not numbers and not words:
        raise Refused("Số của cơ quan cũ không thuộc biểu mà cơ quan mình nộp. Nhập số như mọi kỳ.")
    revision = save_cells(actor, filing, {**numbers, **in_cells}, filing.revision).revision
    sections = {code: text for code, text in words.items() if code not in in_cells}
    for code, text in sections.items():
        revision = save_section(actor, filing, code, text, revision).revision
    silent = tuple(one.obligation.agency.name for one in olds if one not in entered)
    note(actor, "adopted", filing.obligation, cells=len(numbers) + len(in_cells), sections=len(sections))
    return Adopted(len(numbers) + len(in_cells), len(sections), silent)


def _inputs(forms: Iterable[FormSpec]) -> set[str]:
    return {f"{form.code}.{cell}" for form in forms for cell in form.input_cells}


def _numbers_of(forms: Sequence[FormSpec], entered: Sequence[Filing]) -> dict[str, Any]:
    given = [one.cells for one in entered if one.cells]
    whole = given[0] if len(given) == 1 else added_up(forms, given)
    inputs = _inputs(forms)
    return {code: value for code, value in whole.items() if code in inputs and _kept(value)}


def _words_of(forms: Sequence[FormSpec], entered: Sequence[Filing]) -> dict[str, str]:
    """The words in text cells of these forms and in sections of the outline, by code; too long ones are left out."""
    inputs, all_codes = _inputs(forms), {form.code for form in all_forms()}
    told: dict[str, list[str]] = {}
    for one in entered:
        for code, text in one.sections.items():
            if isinstance(text, str) and (code in inputs or code.partition(".")[0] not in all_codes):
                name = f"{one.obligation.agency.name}: " if len(entered) > 1 else ""
                told.setdefault(code, []).append(f"{name}{text}")
    joined = {code: "\n".join(texts) for code, texts in told.items()}
    return {code: text for code, text in joined.items() if len(text) <= MOST_TEXT}


def _kept(value: Any) -> bool:
    return number_cell(value).state != "blank"


def undecided_words(rows: Iterable[Undecided]) -> list[str]:
    """One line for each obligation that a person must decide: whose, which, and why or between whom."""
    return [
        f"{one.obligation.agency.name}, {one.obligation.cycle.label}: "
        + ("; ".join(heir.name for heir in one.heirs) if len(one.heirs) > 1 else one.why)
        for one in rows
    ]


def handing_words(done: HandedOver, *, dry_run: bool = False) -> str:
    """What a hand-over did, or would do, in one or two sentences; "" where nothing was left with dissolved agencies."""
    told = []
    if done.handed:
        verb = "Sẽ bàn giao" if dry_run else "Đã bàn giao"
        told.append(f"{verb} {len(done.handed)} nghĩa vụ của cơ quan không còn hoạt động sang cơ quan kế thừa.")
    if done.undecided:
        told.append(
            f"{len(done.undecided)} nghĩa vụ của cơ quan không còn hoạt động chưa rõ cơ quan nhận; "
            "chọn cơ quan nhận ở trang từng báo cáo."
        )
    return " ".join(told)
