"""What the actions share: the row to change, held for the length of the transaction, and the audit entry."""

from __future__ import annotations

from typing import Any

from haidang.accounts.actors import Actor
from haidang.audit.actions import record
from haidang.filings.models import Filing, Obligation


def current_filing(pk: int) -> Filing:
    """The filing as it stands now, with what policies need."""
    return Filing.objects.select_related("obligation__cycle", "obligation__agency__area").get(pk=pk)


def locked_filing(pk: int) -> Filing:
    """The same, and nobody else changes it before the transaction ends."""
    rows = Filing.objects.select_related("obligation__cycle", "obligation__agency__area")
    return rows.select_for_update(of=("self",)).get(pk=pk)


def locked_obligation(pk: int) -> Obligation:
    """The obligation as it stands now, held likewise."""
    return Obligation.objects.select_for_update(of=("self",)).select_related("cycle", "agency__area").get(pk=pk)


def note(actor: Actor, action: str, subject: Any, **details: Any) -> None:
    """Write the audit entry of this actor."""
    record(
        f"filings.{action}",
        subject,
        actor_id=actor.user_id,
        actor=actor.name,
        agency=actor.agency_name[:120],
        **details,
    )
