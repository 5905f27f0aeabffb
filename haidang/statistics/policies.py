"""Who may see which figures: those of the areas one stands over, and those of one's own agency."""

from __future__ import annotations

from django.db.models import Q

from haidang.accounts.actors import ALLOWED, Actor, Decision, Role, refused
from haidang.agencies.models import Area
from haidang.agencies.queries import stood_over

_REBUILDERS = (Role.ADMINISTRATOR, Role.CONSOLIDATOR)


def may_see_figures(actor: Actor, area: Area) -> Decision:
    """Whether the actor may ask for the figures of the whole area; members of an agency always see their own."""
    if actor.standing_over(area.path):
        return ALLOWED
    return refused(
        f"Số liệu toàn địa bàn {area.name} chỉ cơ quan thường trực của địa bàn này hoặc cấp trên xem được. "
        "Số liệu của cơ quan mình xem khi không chọn địa bàn."
    )


def may_rebuild_facts(actor: Actor) -> Decision:
    """Whether the actor may write the facts anew: the system, or a standing agency's administrator or consolidator."""
    if actor.system or any(seat.standing and seat.role in _REBUILDERS for seat in actor.seats):
        return ALLOWED
    return refused("Chỉ quản trị hoặc cán bộ tổng hợp của cơ quan thường trực được dựng lại số liệu gốc.")


def visible_agencies(actor: Actor, prefix: str = "agency__") -> Q:
    """The condition that an obligation's agency is one whose figures the actor may see."""
    if actor.system:
        return Q()
    seen = Q(**{f"{prefix}id__in": actor.agency_ids})
    return seen | stood_over(actor, f"{prefix}area")


def under(area_path: str, prefix: str = "agency__") -> Q:
    """The condition that an agency sits in the area with this path or below it."""
    return Q(**{f"{prefix}area__path": area_path}) | Q(**{f"{prefix}area__path__startswith": area_path + "/"})
