"""Who may see which figures: those of the areas one stands over, and those of one's own agency."""

from __future__ import annotations

from django.db.models import Q

from haidang.accounts.actors import ALLOWED, Actor, Decision, Role, refused
from haidang.agencies.models import Agency, Area
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


def visible_agencies(actor: Actor) -> Q:
    """The condition that an obligation's agency is one whose figures the actor may see."""
    if actor.system or "" in actor.standing_paths():
        return Q()
    # A list of agencies leads to what they owe by an index; conditions on each one's area do not.
    seen = Agency.objects.filter(Q(pk__in=actor.agency_ids) | stood_over(actor))
    return Q(agency_id__in=seen.values("pk"))


def under(area_path: str) -> Q:
    """The condition that an agency sits in the area with this path or below it."""
    inside = Agency.objects.filter(Q(area__path=area_path) | Q(area__path__startswith=area_path + "/"))
    return Q(agency_id__in=inside.values("pk"))
