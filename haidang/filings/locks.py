"""Why a report is closed to whoever looks at it, since when, who can open it, and how to ask. Reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from haidang.accounts.actors import Actor
from haidang.agencies.models import Agency, Level
from haidang.agencies.queries import in_force
from haidang.filings.chasing.chosen import decisions_on
from haidang.filings.consolidating.below import held_by
from haidang.filings.models import Filing, FilingState, Obligation, Version
from haidang.filings.policies import area_path_of, may_edit, may_enter, may_rule
from haidang.filings.rules import Move
from haidang.kernel import clock
from haidang.kernel.dates import short_date

STANDING = "cơ quan thường trực"


@dataclass(frozen=True, slots=True)
class Lock:
    """Four sentences; `since` is the moment it was closed and `by` who closed it (None, "": it never was open here)."""

    why: str
    who: str
    how: str
    since: datetime | None = None
    by: str = ""

    @property
    def words(self) -> str:
        """All of it, in one line."""
        return " ".join(filter(None, (self.why, self.since_words, self.who, self.how)))

    @property
    def since_words(self) -> str:
        """ "Khoá từ 10:41 ngày 10/7/2025, Trần Thu Hà."; "" where nobody closed it."""
        if self.since is None:
            return ""
        at = self.since.astimezone(clock.VIET_NAM)
        return f"Khoá từ {at:%H:%M} ngày {short_date(at.date())}{f', {self.by}' if self.by else ''}."


def lock_of(actor: Actor, filing: Filing, versions: Sequence[Version]) -> Lock | None:
    """Why the filing is closed to this actor; None where they may edit it. At most four queries, none where open.

    `versions` are those sent, the latest first, with their rulings and people.
    """
    if may_edit(actor, filing):
        return None
    obligation = filing.obligation
    if obligation.handed_to_id is not None:
        return _handed(obligation)
    if obligation.waived_reason:
        return _waived(actor, obligation)
    if filing.state == FilingState.ACCEPTED:
        return _accepted(actor, filing, versions)
    if filing.state == FilingState.SUBMITTED and versions:
        return _waiting(actor, filing, versions[0])
    return _not_yours(actor, obligation)


def _handed(obligation: Obligation) -> Lock:
    return Lock(
        f"{obligation.waived_reason}.",
        "Báo cáo của cơ quan cũ không mở lại được.",
        "Nhập và gửi ở báo cáo của cơ quan nhận bàn giao.",
    )


def _waived(actor: Actor, obligation: Obligation) -> Lock:
    event = next((one for one in decisions_on(obligation) if one.words.startswith("Miễn")), None)
    standing = standing_over(obligation)
    return Lock(
        "Đơn vị được miễn báo cáo kỳ này nên báo cáo bị khoá.",
        f"{_capital(standing)} bỏ miễn được.",
        _ask(actor, obligation, standing, "Muốn báo cáo"),
        event.at if event else None,
        event.by if event else "",
    )


def _accepted(actor: Actor, filing: Filing, versions: Sequence[Version]) -> Lock:
    obligation, name = filing.obligation, filing.obligation.agency.name
    version = next((one for one in versions if _outcome(one) == "accepted"), None)
    since, by = (version.ruling.decided_at, str(version.ruling.decided_by or "hệ thống")) if version else (None, "")
    standing = standing_over(obligation)
    holding = held_by(obligation)
    if holding is not None:
        return Lock(holding.why, holding.who, _ask(actor, obligation, standing, "Cần sửa"), since, by)
    if may_enter(actor, obligation):
        how = "Cần sửa: mục Đính chính trên trang này; khi gửi phải ghi lý do và số văn bản."
    elif obligation.agency_id in actor.agency_ids:
        how = "Cần sửa: nhờ cán bộ nhập liệu hoặc người duyệt của cơ quan."
    else:
        how = "Cần họ sửa: ghi chú ở ô, hoặc mở lại kèm lý do nếu được giao tổng hợp."
    why = f"Bản {version.number if version else 1} đã được tiếp nhận, số đang dùng để tổng hợp nên báo cáo bị khoá."
    return Lock(why, f"{name} mở đính chính được, {standing} mở lại được.", how, since, by)


def _waiting(actor: Actor, filing: Filing, version: Version) -> Lock:
    obligation, name = filing.obligation, filing.obligation.agency.name
    version.filing = filing
    if may_enter(actor, obligation):
        how = "Cần sửa: mục Rút lại trên trang này, ghi lý do."
    elif obligation.agency_id in actor.agency_ids:
        how = "Cần sửa: nhờ cán bộ nhập liệu hoặc người duyệt của cơ quan rút lại."
    elif may_rule(actor, version, Move.RETURN):
        how = "Cần họ sửa: mục Kiểm tra trên trang này, trả lại kèm ý kiến."
    else:
        how = "Cần họ sửa: ghi chú ở ô."
    return Lock(
        f"Bản {version.number} đã gửi, đang chờ kiểm tra nên báo cáo bị khoá.",
        f"Khi chưa ai kiểm tra, {name} rút lại được; {standing_over(obligation)} trả lại được.",
        how,
        version.submitted_at,
        str(version.submitted_by or "hệ thống"),
    )


def _not_yours(actor: Actor, obligation: Obligation) -> Lock:
    name = obligation.agency.name
    if obligation.agency_id in actor.agency_ids:
        return Lock(
            f"Tài khoản này chỉ được xem báo cáo của {name}.",
            "Cán bộ nhập liệu hoặc người duyệt của cơ quan sửa được.",
            "Cần sửa thì đề nghị quản trị giao thêm vai trò, hoặc ghi chú ở ô.",
        )
    return Lock(f"Báo cáo này của {name}; chỉ người của cơ quan đó nhập và gửi được.", "", "Cần họ sửa: ghi chú ở ô.")


def _ask(actor: Actor, obligation: Obligation, standing: str, wish: str) -> str:
    """How somebody of the agency asks its standing agency; who stands over it decides on this page."""
    if obligation.agency_id in actor.agency_ids:
        return f"{wish}: ghi chú ở ô của báo cáo, {standing} thấy ngay; hoặc gửi văn bản đề nghị."
    return ""


def standing_over(obligation: Obligation) -> str:
    """The name of the standing agency that decides on the obligation: the nearest one over its area, today; one query.

    What a standing agency itself owes under a plan from above is decided above it.
    """
    path = area_path_of(obligation.agency)
    parts = path.split("/") if path else []
    over = Q(area__isnull=True) | Q(area__path__in=["/".join(parts[: depth + 1]) for depth in range(len(parts))])
    rows = in_force(Agency.objects.filter(over, standing=True).select_related("area"), clock.today())
    found = sorted(rows, key=lambda one: len(area_path_of(one)), reverse=True)
    if found and found[0].pk == obligation.agency_id and obligation.cycle.plan.area.level == Level.CENTRAL:
        found = found[1:]
    return found[0].name if found else STANDING


def _outcome(version: Version) -> str:
    ruling = getattr(version, "ruling", None)
    return ruling.outcome if ruling is not None else ""


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
