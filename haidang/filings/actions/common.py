"""What the actions share: the row to change, held for the length of the transaction, and the audit entry."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from haidang.accounts.actors import Actor
from haidang.audit.actions import Event, record_all
from haidang.filings.models import Filing, Obligation


def current_filing(pk: int) -> Filing:
    """The filing as it stands now, with what policies need."""
    return Filing.objects.select_related("obligation__cycle", "obligation__agency__area").get(pk=pk)


def locked_filing(pk: int) -> Filing:
    """The same, and nobody else changes it before the transaction ends."""
    rows = Filing.objects.select_related("obligation__cycle", "obligation__agency__area")
    return rows.select_for_update(of=("self",)).get(pk=pk)


def locked_filings(keys: Iterable[int]) -> list[Filing]:
    """Several, held likewise, always in the same order: two who want the same ones do not wait for each other."""
    rows = Filing.objects.select_related("obligation__cycle", "obligation__agency__area")
    return list(rows.select_for_update(of=("self",)).filter(pk__in=list(keys)).order_by("pk"))


def held_with_obligations(obligation_ids: Iterable[int]) -> list[Filing]:
    """The filings of these obligations without their content, both held, in order.

    Whoever decides on several holds them all before the first entry of the audit trail: its one writer at a time
    would otherwise wait for somebody who waits for the trail.
    """
    rows = Filing.objects.select_related("obligation__cycle", "obligation__agency__area")
    held = rows.select_for_update(of=("self", "obligation")).filter(obligation__in=list(obligation_ids))
    return list(held.defer("cells", "sections", "explanations", "explained", "typed").order_by("pk"))


def locked_obligation(pk: int) -> Obligation:
    """The obligation as it stands now, held likewise."""
    return Obligation.objects.select_for_update(of=("self",)).select_related("cycle", "agency__area").get(pk=pk)


def event_of(actor: Actor, action: str, subject: Any, **details: Any) -> Event:
    """What this actor did, for the audit trail."""
    return Event(f"filings.{action}", subject, actor.user_id, actor.name, actor.agency_name[:120], details)


def note(actor: Actor, action: str, subject: Any, **details: Any) -> None:
    """Write the audit entry of this actor."""
    record_all([event_of(actor, action, subject, **details)])
