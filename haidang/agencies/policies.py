"""Who may change the register and the memberships, and read the journal."""

from __future__ import annotations

from collections.abc import Iterable

from haidang.accounts.actors import ALLOWED, Actor, Decision, Role, Seat, refused
from haidang.accounts.policies import administers
from haidang.agencies.models import Agency, Area, Membership

JOURNAL_ROLES = (Role.ADMINISTRATOR, Role.LEADER)


def may_load_register(actor: Actor) -> Decision:
    """Areas and agencies come from the specs; the system or an administrator loads them."""
    if actor.system or actor.holds(Role.ADMINISTRATOR):
        return ALLOWED
    return refused(
        "Chỉ người quản trị được nạp danh mục địa bàn và cơ quan. Liên hệ người quản trị của cơ quan thường trực."
    )


def may_appoint(actor: Actor, agency: Agency) -> Decision:
    """The agency's own administrator, or one of a standing agency over its area, gives and ends roles there."""
    if administers(actor, agency.pk, agency.area.path if agency.area else ""):
        return ALLOWED
    return refused(
        f"Chỉ người quản trị của {agency.name} hoặc của cơ quan thường trực cấp trên được giao vai trò ở đây."
    )


def may_seat(actor: Actor, seats: Iterable[Seat]) -> Decision:
    """Who gets a role: nobody out of the actor's reach. `seats` are the person's; a fresh account has none."""
    if all(administers(actor, seat.agency_id, seat.area_path) for seat in seats):
        return ALLOWED
    return refused(
        "Người này còn có vai trò ở cơ quan ngoài phạm vi của bạn. "
        "Đề nghị quản trị của cơ quan thường trực cấp trên giao vai trò."
    )


def may_end(actor: Actor, membership: Membership, *, stays_administrator: bool) -> Decision:
    """As may_appoint; and no administrators lock themselves out by ending their own last administrator role.

    `stays_administrator`: the member keeps another administrator role that has no end.
    """
    allowed = may_appoint(actor, membership.agency)
    own = actor.user_id is not None and membership.user_id == actor.user_id
    if not allowed or not own or membership.role != Role.ADMINISTRATOR or stays_administrator:
        return allowed
    return refused(
        "Đây là vai trò quản trị cuối cùng của chính bạn; kết thúc rồi thì bạn không tự lấy lại được. "
        "Giao quản trị cho người khác, rồi nhờ người đó kết thúc vai trò này."
    )


def may_name_agencies(actor: Actor, area: Area) -> Decision:
    """The standing agency's consolidator says what phrases mean in the area, and adds agencies that are missing."""
    if actor.standing_over(area.path, Role.CONSOLIDATOR):
        return ALLOWED
    return refused(
        f"Chỉ cán bộ tổng hợp của cơ quan thường trực Ban Chỉ đạo 138 tại {area.name} khớp và thêm được cơ quan ở đây."
    )


def may_read_journal(actor: Actor) -> Decision:
    """Administrators and leaders read what was done by the people of their reach."""
    if actor.system or actor.holds(*JOURNAL_ROLES):
        return ALLOWED
    return refused(
        "Nhật ký do quản trị và lãnh đạo của đơn vị xem. Cần tra một việc đã làm thì đề nghị quản trị của đơn vị."
    )
