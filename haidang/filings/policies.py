"""Who may see, fill, send, rule on, waive and open: always from the actor and the row, never from a screen.

Functions take an obligation or filing whose cycle, agency and area are loaded, so that a decision costs no query.
"""

from __future__ import annotations

from haidang.accounts.actors import ALLOWED, Actor, Decision, Role, refused
from haidang.agencies.models import Agency
from haidang.filings.models import Filing, FilingState, Obligation, Version
from haidang.filings.rules import EDITABLE, LOCKED_BECAUSE, Move, after, still_owed, why_not
from haidang.plans.models import Plan, PlanState

_ENTERING = (Role.CLERK, Role.APPROVER)


def area_path_of(agency: Agency) -> str:
    """The path of the agency's area; "" for a central one."""
    return agency.area.path if agency.area else ""


def may_view(actor: Actor, obligation: Obligation) -> Decision:
    """Own agency, or a standing agency over its area."""
    agency = obligation.agency
    if agency.pk in actor.agency_ids or actor.standing_over(area_path_of(agency)):
        return ALLOWED
    return refused(f"Báo cáo này của {agency.name}. Cần xem thì gửi đề nghị tới cơ quan thường trực.")


def may_comment(actor: Actor, obligation: Obligation) -> Decision:
    """Whoever sees the filing may say something about a cell, whatever its state: asking is not changing."""
    return may_view(actor, obligation)


def may_edit(actor: Actor, filing: Filing) -> Decision:
    """Clerks and approvers of the agency itself, while the filing is a draft or was returned."""
    decision = may_enter(actor, filing.obligation)
    if not decision:
        return decision
    if filing.obligation.waived_reason:
        return refused("Đơn vị được miễn báo cáo kỳ này nên báo cáo bị khoá. Cơ quan thường trực bỏ miễn được.")
    if filing.state not in EDITABLE:
        return refused(LOCKED_BECAUSE[filing.state])  # type: ignore[index]
    return ALLOWED


def may_submit(actor: Actor, filing: Filing) -> Decision:
    """Clerks and approvers of the agency itself, while there is something to submit."""
    if filing.obligation.waived_reason and may_enter(actor, filing.obligation):
        return refused("Đơn vị được miễn báo cáo kỳ này. Muốn gửi thì đề nghị cơ quan thường trực bỏ miễn.")
    return _may_make(actor, filing, Move.SUBMIT)


def may_correct(actor: Actor, filing: Filing) -> Decision:
    """Clerks and approvers of the agency itself may reopen what was accepted, to file the next version."""
    return _may_make(actor, filing, Move.CORRECT)


def may_keep(actor: Actor, filing: Filing) -> Decision:
    """Clerks and approvers of the agency itself give up a correction that they opened and did not send."""
    return _may_make(actor, filing, Move.KEEP)


def may_withdraw(actor: Actor, filing: Filing) -> Decision:
    """Clerks and approvers of the agency itself take back what they sent, while nobody has ruled on it."""
    return _may_make(actor, filing, Move.WITHDRAW)


def _may_make(actor: Actor, filing: Filing, move: Move) -> Decision:
    """Whether the agency's own people may make this move, from where the filing stands."""
    decision = may_enter(actor, filing.obligation)
    if not decision or after(filing.state, move) is not None:
        return decision
    return refused(why_not(filing.state, move))


def may_reopen(actor: Actor, filing: Filing) -> Decision:
    """A consolidator of the standing agency over the area opens what was accepted again."""
    if not actor.standing_over(area_path_of(filing.obligation.agency), Role.CONSOLIDATOR):
        return refused("Chỉ cán bộ tổng hợp của cơ quan thường trực mở lại báo cáo đã tiếp nhận được.")
    if after(filing.state, Move.REOPEN) is None:
        return refused(why_not(filing.state, Move.REOPEN))
    return _from_above(actor, filing.obligation, "mở lại")


def may_rule(actor: Actor, version: Version, move: Move) -> Decision:
    """A consolidator of the standing agency over the area, who did not submit the version, while it waits."""
    filing = version.filing
    if not actor.standing_over(area_path_of(filing.obligation.agency), Role.CONSOLIDATOR):
        return refused("Chỉ cán bộ tổng hợp của cơ quan thường trực tiếp nhận hoặc trả lại báo cáo được.")
    if actor.user_id is not None and actor.user_id == version.submitted_by_id:
        return refused("Người gửi báo cáo không tự tiếp nhận hoặc trả lại. Nhờ cán bộ tổng hợp khác kiểm tra.")
    if after(filing.state, move) is None:
        return refused(why_not(filing.state, move))
    if filing.obligation.waived_reason and move is Move.ACCEPT:
        return refused("Đơn vị đang được miễn báo cáo kỳ này. Bỏ miễn trước, rồi tiếp nhận báo cáo.")
    return _from_above(actor, filing.obligation, "tiếp nhận, trả lại")


def _from_above(actor: Actor, obligation: Obligation, doing: str) -> Decision:
    """What is owed under the plan of a higher level is decided there, not by the standing agency that owes it.

    The plan is looked up only where somebody decides on their own agency's obligation.
    """
    agency, path = obligation.agency, area_path_of(obligation.agency)
    over = [seat for seat in actor.seats if seat.standing and seat.role is Role.CONSOLIDATOR and seat.reaches(path)]
    if actor.system or any(seat.agency_id != agency.pk for seat in over):
        return ALLOWED
    above = obligation.cycle.plan.area
    if any(seat.reaches(above.path) for seat in over):
        return ALLOWED
    return refused(
        f"Đây là báo cáo của {agency.name} theo kế hoạch của cấp trên ({above.name}), không tự {doing} được. "
        "Cơ quan thường trực cấp trên quyết định; trao đổi bằng ghi chú ở ô của báo cáo."
    )


def may_waive(actor: Actor, filing: Filing) -> Decision:
    """Whoever may chase, while nothing of it was accepted or waits: what is counted cannot be excused as well."""
    decision = may_unwaive(actor, filing.obligation)
    if not decision or filing.received_at is None:
        return decision
    if filing.state == FilingState.SUBMITTED:
        return refused("Báo cáo đã gửi, đang chờ kiểm tra nên không miễn được. Tiếp nhận, hoặc trả lại rồi miễn.")
    return refused(
        "Báo cáo đã được tiếp nhận, số đang dùng để tổng hợp nên không miễn được. "
        "Số sai thì mở lại để cơ quan đính chính."
    )


def may_unwaive(actor: Actor, obligation: Obligation) -> Decision:
    """Whoever may decide on it; what was handed over to an heir stays off."""
    decision = may_decide(actor, obligation)
    if decision and obligation.handed_to_id is not None:
        return refused(f"{obligation.waived_reason}. Đôn đốc ở nghĩa vụ của cơ quan nhận bàn giao.")
    return decision


def may_extend(actor: Actor, filing: Filing) -> Decision:
    """Whoever may decide on it, while it is still owed: what came late does not become timely afterwards."""
    obligation = filing.obligation
    decision = may_decide(actor, obligation)
    if not decision:
        return decision
    if obligation.waived_reason:
        return refused("Đơn vị được miễn báo cáo kỳ này nên không có hạn để gia. Bỏ miễn trước, rồi gia hạn.")
    if not still_owed(filing.state, received=filing.received_at is not None, waived=False):
        return refused("Báo cáo đã nhận, không còn nợ nên không gia hạn. Số phải sửa thì trả lại hoặc mở lại.")
    return ALLOWED


def may_decide(actor: Actor, obligation: Obligation) -> Decision:
    """Waive or extend: whoever may chase, but for the standing agency itself under a plan from above."""
    return may_chase(actor, obligation) and _from_above(actor, obligation, "miễn, gia hạn")


def may_chase(actor: Actor, obligation: Obligation) -> Decision:
    """Waive, extend, remind: consolidators of the standing agency over the area."""
    if actor.standing_over(area_path_of(obligation.agency), Role.CONSOLIDATOR):
        return ALLOWED
    return refused("Chỉ cán bộ tổng hợp của cơ quan thường trực nhắc, gia hạn hoặc miễn báo cáo được.")


def may_oversee(actor: Actor) -> Decision:
    """Whoever sits in a standing agency sees the chasing board and the consolidated page of its area."""
    if actor.system or any(seat.standing for seat in actor.seats):
        return ALLOWED
    return refused("Bảng đôn đốc dành cho cơ quan thường trực. Báo cáo của cơ quan mình ở trang Báo cáo, biểu mẫu.")


def may_open_cycles(actor: Actor, plan: Plan) -> Decision:
    """Consolidators of the standing agency over the plan's area, once a person has accepted the plan."""
    if not actor.standing_over(plan.area.path, Role.CONSOLIDATOR):
        return refused("Chỉ cán bộ tổng hợp của cơ quan thường trực mở kỳ báo cáo được.")
    if plan.state != PlanState.ACCEPTED:
        return refused("Kế hoạch chưa được chấp nhận. Rà soát và chấp nhận kế hoạch trước khi mở kỳ báo cáo.")
    return ALLOWED


def may_enter(actor: Actor, obligation: Obligation) -> Decision:
    """Whether the actor enters and sends figures for this agency at all, whatever the state of the filing."""
    agency = obligation.agency
    if actor.system or actor.holds(*_ENTERING, agency_id=agency.pk):
        return ALLOWED
    if agency.pk in actor.agency_ids:
        return refused(f"Tài khoản chỉ được xem báo cáo của {agency.name}. Cán bộ nhập liệu hoặc người duyệt sửa được.")
    return refused(f"Báo cáo này của {agency.name}; chỉ người của cơ quan đó nhập và gửi được.")
