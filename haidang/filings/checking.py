"""What waits to be checked in a cycle, and what is worth a look in each report before it is taken in. Reads."""

from __future__ import annotations

from dataclasses import dataclass

from haidang.accounts.actors import Actor, Decision, require
from haidang.agencies.queries import stood_over
from haidang.filings.models import FilingState, Obligation, Version
from haidang.filings.policies import may_oversee, may_rule
from haidang.filings.queries import standing, visible_obligations
from haidang.filings.reasons import is_reason
from haidang.filings.rules import Letter, Move
from haidang.kernel import clock


@dataclass(frozen=True, slots=True)
class Waiting:
    """A version that nobody has ruled on: whether this actor may take it in, and what is worth a look, in words."""

    version: Version
    obligation: Obligation
    allowed: Decision
    remarks: tuple[str, ...]


def waiting_in(actor: Actor, cycle_id: int) -> list[Waiting]:
    """What waits in a cycle in the areas that the actor stands over, oldest first; two queries."""
    require(may_oversee(actor))
    rows = visible_obligations(actor).filter(
        stood_over(actor, "agency__area"), cycle_id=cycle_id, filing__state=FilingState.SUBMITTED
    )
    obligations = {row.filing.pk: row for row in rows}
    versions = (
        Version.objects.filter(filing_id__in=obligations, ruling__isnull=True)
        .select_related("submitted_by")
        .defer("cells", "sections", "typed", "files", "tasks")
        .order_by("submitted_at", "pk")
    )
    return [_waiting(actor, version, obligations[version.filing_id]) for version in versions]


def _waiting(actor: Actor, version: Version, obligation: Obligation) -> Waiting:
    filing = obligation.filing
    filing.obligation, version.filing = obligation, filing
    return Waiting(version, obligation, may_rule(actor, version, Move.ACCEPT), tuple(_remarks(version, obligation)))


def _remarks(version: Version, obligation: Obligation) -> list[str]:
    stands = standing(obligation, clock.today())
    told = []
    if version.number > 1 and version.reason and version.document_number:
        told.append(f"đính chính theo {version.document_number}: {version.reason}")
    elif version.number > 1:
        told.append(f"gửi lần {version.number}")
    if stands.letter is Letter.LATE:
        told.append(stands.words)
    if explained := [key for key in version.explanations if not is_reason(key)]:
        told.append(f"{len(explained)} điểm có giải trình")
    if version.whole:
        told.append("gồm cả cấp dưới")
    return told
