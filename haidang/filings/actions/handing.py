"""Handing over: what a dissolved agency still owed goes to the one that took over from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q

from haidang.accounts.actors import Actor, Refused, require
from haidang.agencies.models import Agency
from haidang.agencies.queries import heirs_of, stood_over
from haidang.catalogue.formulas import number_cell
from haidang.filings.actions.common import locked_filing, locked_obligation, note
from haidang.filings.actions.drafts import Saved, save_cells
from haidang.filings.content import forms_for
from haidang.filings.earlier import added_up
from haidang.filings.models import Filing, FilingState, Obligation
from haidang.filings.policies import may_chase, may_edit
from haidang.filings.rules import forms_asked, still_owed
from haidang.kernel import clock
from haidang.kernel.dates import short_date
from haidang.plans.models import Plan


@dataclass(slots=True)
class HandedOver:
    """What a hand-over did, or would do: obligations handed, each with its heir, and those that a person must decide,
    each with the agencies that come into question (none: the register knows no heir in force).
    """

    day: date
    handed: list[tuple[Obligation, Agency]] = field(default_factory=list)
    undecided: list[tuple[Obligation, tuple[Agency, ...]]] = field(default_factory=list)


@transaction.atomic
def hand_over_all(actor: Actor, on: date, *, plan: Plan | None = None, dry_run: bool = False) -> HandedOver:
    """Hand over, in the areas the actor stands over, whatever agencies that are gone by `on` still owe (of one plan).

    Each goes to the only agency that took its place; where several did, nothing is done and the obligation is listed.
    Doing it again does nothing more.
    """
    if not actor.system and not any(seat.standing for seat in actor.seats):
        raise Refused("Chỉ cơ quan thường trực bàn giao nghĩa vụ báo cáo được. Đề nghị cơ quan thường trực làm.")
    done = HandedOver(on)
    heirs: dict[int, list[Agency]] = {}
    for row in _left_behind(actor, on, plan):
        if row.agency_id not in heirs:
            heirs[row.agency_id] = heirs_of(row.agency, on)
        able = [heir for heir in heirs[row.agency_id] if _files_some(heir, row)]
        if len(able) != 1:
            done.undecided.append((row, tuple(able or heirs[row.agency_id])))
            continue
        if not dry_run:
            hand_over(actor, row, able[0], on)
        done.handed.append((row, able[0]))
    return done


def _left_behind(actor: Actor, on: date, plan: Plan | None) -> list[Obligation]:
    unsettled = Q(filing__received_at__isnull=True) | Q(filing__state=FilingState.RETURNED)
    rows = Obligation.objects.filter(unsettled, agency__valid_to__lt=on, waived_reason="").filter(
        stood_over(actor, "agency__area")
    )
    if plan is not None:
        rows = rows.filter(cycle__plan=plan)
    return list(rows.select_related("cycle", "agency__area", "filing").order_by("agency__code", "cycle__due_on", "pk"))


def _files_some(agency: Agency, row: Obligation) -> bool:
    return bool(forms_asked(agency.function, agency.level, row.cycle.forms, row.cycle.due.last_day))


@transaction.atomic
def hand_over(actor: Actor, obligation: Obligation, heir: Agency, on: date) -> Obligation:
    """Hand one obligation of a dissolved agency to `heir`; returns the heir's, which it may have had already.

    Refused while the agency is in force, when nothing is owed any more, and for an heir that is not in force or files
    none of the forms. The heir owes it by the same day; what the old agency entered stays to be read and taken over.
    """
    row = locked_obligation(obligation.pk)
    require(may_chase(actor, row))
    filing = Filing.objects.select_for_update().get(obligation=row)
    if row.agency.valid_to is None or row.agency.valid_to >= on:
        raise Refused(f"{row.agency.name} còn hoạt động vào ngày {short_date(on)}, chưa có gì phải bàn giao.")
    if not still_owed(filing.state, received=filing.received_at is not None, waived=bool(row.waived_reason)):
        raise Refused(f"{row.agency.name} không còn nợ báo cáo này. Báo cáo đã gửi thì giữ nguyên tên cơ quan cũ.")
    if heir.pk not in {one.pk for one in heirs_of(row.agency, on)} or not _files_some(heir, row):
        raise Refused(f"{heir.name} không phải cơ quan kế thừa nộp được báo cáo này. Chọn cơ quan khác.")
    taken, made = Obligation.objects.get_or_create(
        cycle=row.cycle,
        agency=heir,
        defaults={
            "due_on": row.due_on, "extended_to": row.extended_to, "extension_reason": row.extension_reason,
        },
    )  # fmt: skip
    if made:
        Filing.objects.create(obligation=taken, changed_at=clock.now())
    row.handed_to, row.handed_on = taken, on
    row.waived_reason = f"Đã bàn giao cho {heir.name}"[:300]
    row.save(update_fields=["handed_to", "handed_on", "waived_reason"])
    note(actor, "handed_over", row, to=heir.code, on=on, obligation=taken.pk)
    return taken


@transaction.atomic
def adopt(actor: Actor, filing: Filing) -> Saved:
    """Enter into an empty draft what the agencies that handed this obligation over had entered, added up.

    Refused when they entered nothing, and when something was entered here already: nothing is ever overwritten.
    """
    filing = locked_filing(filing.pk)
    require(may_edit(actor, filing))
    if filing.cells or filing.sections:
        raise Refused("Báo cáo này đã có số, không ghi đè. Số của cơ quan cũ xem ở trang của cơ quan cũ.")
    entered = [one.cells for one in Filing.objects.filter(obligation__handed_to=filing.obligation_id) if one.cells]
    if not entered:
        raise Refused("Cơ quan bàn giao chưa nhập số nào nên không có gì để lấy. Nhập số như mọi kỳ.")
    forms = forms_for(filing.obligation)
    whole = entered[0] if len(entered) == 1 else added_up(forms, entered)
    inputs = {f"{form.code}.{cell}" for form in forms for cell in form.input_cells}
    found = {code: value for code, value in whole.items() if code in inputs and _kept(value)}
    if not found:
        raise Refused("Số của cơ quan cũ không thuộc biểu mà cơ quan mình nộp. Nhập số như mọi kỳ.")
    saved = save_cells(actor, filing, found, filing.revision)
    note(actor, "adopted", filing.obligation, cells=len(found))
    return saved


def _kept(value: Any) -> bool:
    return number_cell(value).state != "blank"


def undecided_words(rows: Iterable[tuple[Obligation, tuple[Agency, ...]]]) -> list[str]:
    """One line for each obligation that a person must decide: whose, which, and who comes into question."""
    return [
        f"{row.agency.name}, {row.cycle.label}: "
        + ("; ".join(heir.name for heir in heirs) if heirs else "danh mục chưa có cơ quan kế thừa")
        for row, heirs in rows
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
