"""How far a report has come, level by level: its own agency, those above that file for the same cycle, who decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from haidang.accounts.actors import Actor
from haidang.filings.consolidating.below import filings_above
from haidang.filings.models import Filing, FilingState, Obligation, Version
from haidang.filings.policies import may_view


@dataclass(frozen=True, slots=True)
class Level:
    """One level: whose report, where it stands in words, and of its last step the moment, the person and the files.

    `obligation_id` is set, and `by` told, where the actor may open that report.
    """

    agency: str
    state: str
    at: datetime | None = None
    by: str = ""
    files: int = 0
    obligation_id: int | None = None


def levels_of(actor: Actor, obligation: Obligation, versions: Sequence[Version]) -> list[Level]:
    """The report of the obligation and those above it, the lowest first; one query, two where some stand above.

    `versions` are those sent of it, the latest first, with rulings and people. The obligation must have its filing,
    its agency with area, and its cycle.
    """
    above = filings_above(obligation)
    sent = _versions_of([filing.pk for filing in above])
    own = _level(actor, obligation.filing, versions)
    return [own, *(_level(actor, filing, sent.get(filing.pk, [])) for filing in above)]


def _versions_of(filing_ids: Sequence[int]) -> dict[int, list[Version]]:
    """The versions of each filing, the latest first, with their rulings and people."""
    found: dict[int, list[Version]] = {}
    if not filing_ids:
        return found
    rows = Version.objects.filter(filing_id__in=filing_ids).select_related("ruling__decided_by", "submitted_by")
    for version in rows.defer("cells", "sections", "explanations", "typed", "tasks").order_by("-number"):
        found.setdefault(version.filing_id, []).append(version)
    return found


def _level(actor: Actor, filing: Filing, versions: Sequence[Version]) -> Level:
    obligation = filing.obligation
    visible = bool(may_view(actor, obligation))
    state, at, by = _last_step(filing, versions)
    return Level(
        obligation.agency.name,
        "được miễn" if obligation.waived_reason else state,
        at,
        by if visible else "",
        len(versions[0].files) if versions else 0,
        obligation.pk if visible else None,
    )


def _last_step(filing: Filing, versions: Sequence[Version]) -> tuple[str, datetime | None, str]:
    """What was done last, when and by whom."""
    if not versions:
        return "đang nhập", None, ""
    last, ruling = versions[0], getattr(versions[0], "ruling", None)
    if ruling is None:
        return f"bản {last.number} đã gửi, chờ kiểm tra", last.submitted_at, str(last.submitted_by or "hệ thống")
    done = {"accepted": "đã tiếp nhận", "returned": "bị trả lại", "withdrawn": "đã rút lại"}[ruling.outcome]
    words = f"bản {last.number} {done}"
    if filing.state == FilingState.DRAFT and any(_accepted(one) for one in versions):
        words += ", đang đính chính"
    return words, ruling.decided_at, str(ruling.decided_by or "hệ thống")


def _accepted(version: Version) -> bool:
    ruling = getattr(version, "ruling", None)
    return ruling is not None and ruling.outcome == "accepted"
