"""What a phrase of a draft means that the list of agencies does not know: matched, added as an agency, or let go again.

What is kept holds for the area from then on, in every plan; a phrase of a draft can be let go until it is accepted.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from haidang.accounts.actors import Actor
from haidang.agencies.models import Agency, AgencyAlias
from haidang.agencies.naming import add_agency, drop_alias, keep_alias, take_out_agency, was_added
from haidang.catalogue.agency_functions import national_register
from haidang.kernel.text import squeeze
from haidang.plans.actions.common import opened_draft
from haidang.plans.models import Plan
from haidang.plans.queries import as_of
from haidang.plans.resolving import names_of


@transaction.atomic
def match_phrase(
    actor: Actor, plan: Plan, phrase: str, *, agency: Agency | None = None, expression: str = ""
) -> AgencyAlias:
    """Keep that the phrase means an agency, or an expression; ValidationError when it names none on the plan's day."""
    locked = opened_draft(actor, plan)
    if agency is None and (words := squeeze(expression)):
        (named,) = names_of([words], locked.area, as_of(locked))
        if not named.count or named.unknown:
            raise ValidationError(
                f"“{words}” chưa nêu được cơ quan nào trong danh mục. Ví dụ: các sở, ban, ngành; UBND cấp xã."
            )
    return keep_alias(actor, locked.area, phrase, agency=agency, expression=expression)


@transaction.atomic
def add_named_agency(
    actor: Actor,
    plan: Plan,
    phrase: str,
    *,
    name: str,
    function: str,
    established_by: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Agency:
    """Add the agency that a phrase names to the plan's area, and keep that the phrase means it."""
    locked = opened_draft(actor, plan)
    agency = add_agency(
        actor, locked.area, name, function, national_register().vocabulary.functions, established_by=established_by,
        valid_from=valid_from, valid_to=valid_to,
    )  # fmt: skip
    keep_alias(actor, locked.area, phrase, agency=agency)
    return agency


@transaction.atomic
def unmatch_phrase(actor: Actor, plan: Plan, alias: AgencyAlias) -> None:
    """Let go of what a phrase meant; an agency that was added for it goes too, unless something else hangs on it."""
    locked = opened_draft(actor, plan)
    if alias.area.path != locked.area.path:
        raise ValidationError("Khớp này do địa bàn khác ghi; địa bàn đó bỏ được.")
    agency = alias.agency
    drop_alias(actor, alias)
    if agency is not None and was_added(agency) and not agency.aliases.exists():
        with suppress(ValidationError):  # people, work or reports hang on it: it stays
            take_out_agency(actor, agency)
