"""Who may see a closing report, write in it and build it: the standing agency over the plan's area."""

from __future__ import annotations

from haidang.accounts.actors import ALLOWED, Actor, Decision, Role, refused
from haidang.plans.models import Plan, PlanState
from haidang.reviews.models import Review


def may_view(actor: Actor, review: Review) -> Decision:
    """Whoever sits at a standing agency over the plan's area."""
    if actor.standing_over(review.plan.area.path):
        return ALLOWED
    return refused(
        f"Báo cáo tổng kết của {review.plan.area.name} đang soạn, chỉ cơ quan thường trực xem được. "
        "Cơ quan khác gửi nội dung qua báo cáo của mình."
    )


def may_open(actor: Actor, plan: Plan) -> Decision:
    """A consolidator of the standing agency, once the plan is accepted."""
    if not actor.standing_over(plan.area.path, Role.CONSOLIDATOR):
        return refused("Chỉ cán bộ tổng hợp của cơ quan thường trực lập báo cáo tổng kết được.")
    if plan.state != PlanState.ACCEPTED:
        return refused("Kế hoạch chưa được chấp nhận. Rà soát và chấp nhận kế hoạch trước khi lập báo cáo tổng kết.")
    return ALLOWED


def may_write(actor: Actor, review: Review) -> Decision:
    """A consolidator of the standing agency over the plan's area."""
    if actor.standing_over(review.plan.area.path, Role.CONSOLIDATOR):
        return ALLOWED
    return refused("Chỉ cán bộ tổng hợp của cơ quan thường trực soạn báo cáo tổng kết được.")


def may_build(actor: Actor, review: Review) -> Decision:
    """Whoever may write it, and its leaders, who read what was built."""
    if actor.standing_over(review.plan.area.path, Role.CONSOLIDATOR, Role.LEADER):
        return ALLOWED
    return refused("Chỉ cán bộ tổng hợp hoặc lãnh đạo cơ quan thường trực xuất báo cáo tổng kết được.")
