"""Who may see, import, correct and accept plans. Deny by default; each refusal says why and who can help."""

from __future__ import annotations

from haidang.accounts.actors import ALLOWED, Actor, Decision, Role, refused
from haidang.agencies.models import Agency, Area
from haidang.plans.models import Plan, PlanState


def may_import(actor: Actor, area: Area) -> Decision:
    """The consolidator of the committee's standing agency over the area."""
    if actor.standing_over(area.path, Role.CONSOLIDATOR):
        return ALLOWED
    return refused(
        f"Chỉ cán bộ tổng hợp của cơ quan thường trực Ban Chỉ đạo 138 tại {area.name} "
        "nạp được kế hoạch của địa bàn này."
    )


def may_import_somewhere(actor: Actor) -> Decision:
    """Whether there is any area at all that the actor imports plans for."""
    if actor.system or any(seat.standing and seat.role is Role.CONSOLIDATOR for seat in actor.seats):
        return ALLOWED
    return refused(
        "Chỉ cán bộ tổng hợp của cơ quan thường trực Ban Chỉ đạo 138 nạp được kế hoạch. "
        "Cần nạp thì gửi văn bản cho cơ quan thường trực của địa bàn."
    )


def may_correct(actor: Actor, plan: Plan) -> Decision:
    """The standing agency's consolidator, while the plan is a draft."""
    if not (decision := may_import(actor, plan.area)):
        return refused(decision.reason.replace("nạp được kế hoạch", "sửa được kế hoạch"))
    if plan.state != PlanState.DRAFT:
        return refused(
            "Kế hoạch đã được chấp nhận nên bản đọc bị khoá: nhiệm vụ và kỳ báo cáo đã giao theo bản này. "
            "Kế hoạch thay đổi thì nạp văn bản sửa đổi."
        )
    return ALLOWED


def may_accept(actor: Actor, plan: Plan) -> Decision:
    """As for corrections: a draft, by the standing agency's consolidator."""
    return may_correct(actor, plan)


def may_replace(actor: Actor, plan: Plan, older: Plan) -> Decision:
    """As for acceptance; the older version is one of the same area that is followed now."""
    if older.pk == plan.pk or older.area.path != plan.area.path:
        return refused("Chỉ thay thế được một kế hoạch khác của cùng địa bàn. Chọn lại kế hoạch bị thay thế.")
    if older.state != PlanState.ACCEPTED:
        return refused(
            f"Kế hoạch {older.number or older.heading} {older.get_state_display()} nên không thay thế được. "
            "Chọn kế hoạch đang theo dõi."
        )
    return may_accept(actor, plan)


def may_discard(actor: Actor, plan: Plan) -> Decision:
    """As for corrections: only a draft can go; an accepted plan stays."""
    return may_correct(actor, plan)


_WORKING = (Role.CLERK, Role.APPROVER, Role.CONSOLIDATOR)


def may_record(actor: Actor, plan: Plan, agency: Agency) -> Decision:
    """Whoever works for the agency; the standing agency's consolidator writes down what others told it."""
    if plan.state == PlanState.REPLACED:
        return refused("Kế hoạch này đã được thay thế. Ghi tiến độ ở bản đang theo dõi.")
    if plan.state != PlanState.ACCEPTED:
        return refused("Kế hoạch chưa được chấp nhận nên chưa giao việc. Chấp nhận kế hoạch trước khi ghi tiến độ.")
    if actor.holds(*_WORKING, agency_id=agency.pk) or actor.standing_over(plan.area.path, Role.CONSOLIDATOR):
        return ALLOWED
    if agency.pk in actor.agency_ids:
        return refused(f"Tài khoản chỉ được xem việc của {agency.name}. Cán bộ nhập liệu hoặc người duyệt ghi được.")
    return refused(f"Việc này của {agency.name}; người của cơ quan đó hoặc cơ quan thường trực ghi tiến độ được.")


def may_excuse(actor: Actor, plan: Plan) -> Decision:
    """The standing agency's consolidator says that an agency need not do a task."""
    if actor.standing_over(plan.area.path, Role.CONSOLIDATOR):
        return ALLOWED
    return refused("Chỉ cán bộ tổng hợp của cơ quan thường trực ghi được cơ quan không phải thực hiện nhiệm vụ.")


def may_set_recurrence(actor: Actor, plan: Plan) -> Decision:
    """The standing agency's consolidator says how often a task of a plan that is followed comes round."""
    if plan.state != PlanState.ACCEPTED:
        return refused("Kế hoạch này không được theo dõi nên không đặt chu kỳ. Mở kế hoạch đang theo dõi.")
    if actor.standing_over(plan.area.path, Role.CONSOLIDATOR):
        return ALLOWED
    return refused("Chỉ cán bộ tổng hợp của cơ quan thường trực đặt được chu kỳ của nhiệm vụ.")


def may_decide_extension(actor: Actor, plan: Plan) -> Decision:
    """The standing agency's consolidator or leader grants or refuses more time."""
    if actor.standing_over(plan.area.path, Role.CONSOLIDATOR, Role.LEADER):
        return ALLOWED
    return refused("Chỉ cán bộ tổng hợp hoặc lãnh đạo của cơ quan thường trực quyết định gia hạn được.")


def may_see_evidence(actor: Actor, plan: Plan, involved: frozenset[int]) -> Decision:
    """The standing agency, and the agencies of the task: files may name people, so not everybody who sees the plan."""
    if actor.standing_over(plan.area.path) or actor.agency_ids & involved:
        return ALLOWED
    return refused("Tệp minh chứng chỉ các cơ quan của nhiệm vụ và cơ quan thường trực mở được.")


def may_measure(actor: Actor, plan: Plan) -> Decision:
    """The standing agency's consolidator chooses how the targets of an accepted plan are measured."""
    if plan.state != PlanState.ACCEPTED:
        return refused("Kế hoạch chưa được chấp nhận. Chấp nhận kế hoạch trước khi chọn cách tính chỉ tiêu.")
    if actor.standing_over(plan.area.path, Role.CONSOLIDATOR):
        return ALLOWED
    return refused("Chỉ cán bộ tổng hợp của cơ quan thường trực chọn được cách tính chỉ tiêu.")


def may_link(actor: Actor, child: Plan, parent: Plan) -> Decision:
    """The consolidator of a standing agency over either plan says whether one carries out the other."""
    if PlanState.DRAFT in {child.state, parent.state}:
        return refused("Bản nháp chưa gắn được vào kế hoạch nào. Chấp nhận kế hoạch trước.")
    if any(actor.standing_over(plan.area.path, Role.CONSOLIDATOR) for plan in (child, parent)):
        return ALLOWED
    return refused(
        f"Chỉ cán bộ tổng hợp của cơ quan thường trực tại {child.area.name} hoặc {parent.area.name} "
        "gắn và đối chiếu được hai kế hoạch này."
    )


def may_ask_for_plans(actor: Actor, plan: Plan) -> Decision:
    """The standing agency's consolidator says which clauses of a plan ask agencies for plans of their own."""
    if plan.state != PlanState.ACCEPTED:
        return refused("Kế hoạch này không được theo dõi. Mở kế hoạch đang theo dõi.")
    if actor.standing_over(plan.area.path, Role.CONSOLIDATOR):
        return ALLOWED
    return refused("Chỉ cán bộ tổng hợp của cơ quan thường trực ghi được ai phải ban hành kế hoạch của mình.")
