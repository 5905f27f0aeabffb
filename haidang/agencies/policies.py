"""Who may change the register and the memberships."""

from __future__ import annotations

from haidang.accounts.actors import ALLOWED, Actor, Decision, Role, refused
from haidang.agencies.models import Agency


def may_load_register(actor: Actor) -> Decision:
    """Areas and agencies come from the specs; the system or an administrator loads them."""
    if actor.system or actor.holds(Role.ADMINISTRATOR):
        return ALLOWED
    return refused(
        "Chỉ người quản trị được nạp danh mục địa bàn và cơ quan. Liên hệ người quản trị của cơ quan thường trực."
    )


def may_appoint(actor: Actor, agency: Agency) -> Decision:
    """The agency's own administrator, or one of a standing agency over its area, gives and ends roles there."""
    area_path = agency.area.path if agency.area else ""
    if (
        actor.system
        or actor.holds(Role.ADMINISTRATOR, agency_id=agency.pk)
        or (area_path and actor.standing_over(area_path, Role.ADMINISTRATOR))
    ):
        return ALLOWED
    return refused(
        f"Chỉ người quản trị của {agency.name} hoặc của cơ quan thường trực cấp trên được giao vai trò ở đây."
    )
