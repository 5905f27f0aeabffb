"""What the ladder allows on the page of one filing, and how often its agency was reminded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import template

from haidang.filings.chasing.chosen import SinceAcceptance, reminders_of, since_acceptance
from haidang.filings.consolidating.below import Holding, held_by
from haidang.filings.levels import Level, levels_of
from haidang.filings.locks import Lock, lock_of
from haidang.filings.policies import may_decide, may_extend, may_keep, may_reopen, may_unwaive, may_waive, may_withdraw
from haidang.filings.rules import FilingState
from haidang.web.filings.access import Opened

if TYPE_CHECKING:
    from haidang.filings.models import Obligation, Version

register = template.Library()


@dataclass(frozen=True, slots=True)
class Steps:
    """What can be done beyond ruling and correcting, what changed since acceptance, the reminders so far.

    `sections` are those that a return can comment on, each with what was typed for it.
    `holding` is the accepted report above that keeps this one shut; `levels` are this report and those above it.
    """

    may_withdraw: bool
    may_reopen: bool
    may_waive: bool
    may_unwaive: bool
    may_extend: bool
    may_keep: bool
    why_not_decided: str
    holding: Holding | None
    since: SinceAcceptance | None
    reminders: list[Any]
    sections: tuple[Any, ...]
    levels: list[Level]


@register.simple_tag(takes_context=True)
def filing_steps(context: dict[str, Any], obligation: Obligation) -> Steps:
    """The steps for whoever looks at the page; three queries, at most three more where others stand above."""
    actor, filing = context["request"].actor, obligation.filing
    filing.obligation = obligation
    typed, versions = context.get("typed") or {}, context["page"].versions
    noted = Opened(actor, obligation, filing).sections if context["page"].may_rule else ()
    holding = held_by(obligation) if filing.state == FilingState.ACCEPTED else None
    return Steps(
        bool(may_withdraw(actor, filing)),
        bool(may_reopen(actor, filing)) and holding is None,
        bool(may_waive(actor, filing)) and not obligation.waived_reason,
        bool(may_unwaive(actor, obligation)) and bool(obligation.waived_reason),
        bool(may_extend(actor, filing)),
        bool(may_keep(actor, filing)),
        may_decide(actor, obligation).reason or may_waive(actor, filing).reason,
        holding,
        since_acceptance(filing) if versions else None,
        reminders_of(obligation),
        tuple((one, typed.get(f"note:{one.code}", "")) for one in noted),
        levels_of(actor, obligation, versions),
    )


@register.simple_tag(takes_context=True)
def filing_lock(context: dict[str, Any], obligation: Obligation, versions: list[Version]) -> Lock | None:
    """Why the report is closed to whoever looks at it; see `lock_of`. `versions`: the latest first."""
    filing = obligation.filing
    filing.obligation = obligation
    return lock_of(context["request"].actor, filing, versions)
