"""What the standing agency decides about an obligation: waived with a reason, or given more time."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from haidang.accounts.actors import Actor, Refused, require
from haidang.filings.actions.common import held_with_obligations, note
from haidang.filings.content import plain_text
from haidang.filings.models import Obligation
from haidang.filings.policies import may_extend, may_unwaive, may_waive
from haidang.kernel.dates import short_date


@transaction.atomic
def waive(actor: Actor, obligation: Obligation, reason: str) -> Obligation:
    """Free the agency from this obligation; the reason is kept and footnoted where its figure is missing.

    Refused once something was accepted, or waits to be. The same given again changes nothing.
    """
    return _set_waiver(actor, obligation, _reason(reason, "Miễn báo cáo"), "waived")


@transaction.atomic
def unwaive(actor: Actor, obligation: Obligation) -> Obligation:
    """Put the obligation back in force; one that is in force stays so."""
    return _set_waiver(actor, obligation, "", "unwaived")


@transaction.atomic
def extend(actor: Actor, obligation: Obligation, to: date, reason: str) -> Obligation:
    """Give the agency until `to` (the last day on time), which must lie after the present last day.

    The same given again changes nothing. Refused once it was received, and while it is waived.
    """
    # What is sent at this moment is either seen here, or sees what is decided.
    (filing,) = held_with_obligations([obligation.pk])
    obligation = filing.obligation
    require(may_extend(actor, filing))
    last_day = obligation.due.last_day
    if to <= last_day:
        raise Refused(f"Hạn mới phải sau hạn đang áp dụng ({short_date(last_day)}). Chọn ngày muộn hơn.")
    told = _reason(reason, "Gia hạn")
    if (obligation.extended_to, obligation.extension_reason) == (to, told):
        return obligation
    obligation.extended_to, obligation.extension_reason = to, told
    obligation.save(update_fields=["extended_to", "extension_reason"])
    note(actor, "extended", obligation, to=to, reason=obligation.extension_reason)
    return obligation


def _set_waiver(actor: Actor, obligation: Obligation, reason: str, action: str) -> Obligation:
    # What is sent at this moment is either seen here, or sees what is decided.
    (filing,) = held_with_obligations([obligation.pk])
    obligation = filing.obligation
    require(may_waive(actor, filing) if reason else may_unwaive(actor, obligation))
    if obligation.waived_reason == reason:
        return obligation
    obligation.waived_reason = reason
    obligation.save(update_fields=["waived_reason"])
    note(actor, action, obligation, reason=reason)
    return obligation


def _reason(reason: str, what: str) -> str:
    told = plain_text(reason)
    if not told:
        raise Refused(f"{what} phải kèm lý do. Ghi lý do rồi thực hiện lại.")
    if len(told) > 300:
        raise Refused("Lý do dài hơn 300 ký tự. Rút gọn rồi thực hiện lại.")
    return told
