"""What the ladder allows on the page of one filing, and how often its agency was reminded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import template

from haidang.filings.chasing import SinceAcceptance, reminders_of, since_acceptance
from haidang.filings.policies import may_reopen, may_withdraw
from haidang.web.filings.access import Opened

if TYPE_CHECKING:
    from haidang.filings.models import Obligation

register = template.Library()


@dataclass(frozen=True, slots=True)
class Steps:
    """What can be done beyond ruling and correcting, what changed since acceptance, the reminders so far.

    `sections` are those that a return can comment on.
    """

    may_withdraw: bool
    may_reopen: bool
    since: SinceAcceptance | None
    reminders: list[Any]
    sections: tuple[Any, ...]


@register.simple_tag(takes_context=True)
def filing_steps(context: dict[str, Any], obligation: Obligation) -> Steps:
    """The steps for whoever looks at the page; two queries."""
    actor, filing = context["request"].actor, obligation.filing
    filing.obligation = obligation
    return Steps(
        bool(may_withdraw(actor, filing)),
        bool(may_reopen(actor, filing)),
        since_acceptance(filing),
        reminders_of(obligation),
        Opened(actor, obligation, filing).sections,
    )
