"""On the page of a filing: what was inherited from dissolved agencies, and to whom a dissolved one's is handed over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from haidang.filings.policies import may_chase, may_enter
from haidang.filings.queries import standing
from haidang.filings.rules import still_owed
from haidang.filings.succession import heirs_for, inherited_sources
from haidang.kernel import clock

if TYPE_CHECKING:
    from haidang.filings.models import Obligation

register = template.Library()


@register.inclusion_tag("filings/_handing.html", takes_context=True)
def handing(context: dict[str, Any], obligation: Obligation) -> dict[str, Any]:
    """The two panels; no query for an agency that has always been there and still is.

    `heirs` None: the actor does not hand over; those who do are told of no heir (none) that can take it.
    """
    actor, filing, today = context["request"].actor, obligation.filing, clock.today()
    sources = inherited_sources(obligation)
    owed = still_owed(filing.state, received=filing.received_at is not None, waived=bool(obligation.waived_reason))
    gone = obligation.agency.valid_to is not None and obligation.agency.valid_to < today
    decides = bool(may_chase(actor, obligation))
    empty = not filing.cells and not filing.sections
    return {
        "obligation": obligation,
        "sources": [(one, standing(one, today)) for one in sources],
        "may_take": empty and any(one.handed_to_id for one in sources) and bool(may_enter(actor, obligation)),
        "heirs": heirs_for([obligation], today)[obligation.pk].able if gone and owed and decides else None,
        "gone": gone and owed,
        "csrf_token": context.get("csrf_token"),
    }
