"""Who may see, fill, send, rule on, waive and open: always from the actor and the row, never from a screen.

Functions take an obligation or filing whose cycle, agency and area are loaded, so that a decision costs no query.
"""

from __future__ import annotations

from haidang.accounts.actors import ALLOWED, Actor, Decision, Role, refused
from haidang.agencies.models import Agency
from haidang.filings.models import Filing, Obligation, Version
from haidang.filings.rules import EDITABLE, LOCKED_BECAUSE, Move, after, why_not
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
    decision = may_enter(actor, filing.obligation)
    if not decision:
        return decision
    if filing.obligation.waived_reason:
        return refused("Đơn vị được miễn báo cáo kỳ này. Muốn gửi thì đề nghị cơ quan thường trực bỏ miễn.")
    if after(filing.state, Move.SUBMIT) is None:
        return refused(why_not(filing.state, Move.SUBMIT))
    return ALLOWED


def may_correct(actor: Actor, filing: Filing) -> Decision:
    """Clerks and approvers of the agency itself may reopen what was accepted, to file the next version."""
    decision = may_enter(actor, filing.obligation)
    if not decision:
        return decision
    if after(filing.state, Move.CORRECT) is None:
        return refused(why_not(filing.state, Move.CORRECT))
    return ALLOWED


def may_withdraw(actor: Actor, filing: Filing) -> Decision:
    """Clerks and approvers of the agency itself take back what they sent, while nobody has ruled on it."""
    decision = may_enter(actor, filing.obligation)
    if not decision:
        return decision
    if after(filing.state, Move.WITHDRAW) is None:
        return refused(why_not(filing.state, Move.WITHDRAW))
    return ALLOWED


def may_reopen(actor: Actor, filing: Filing) -> Decision:
    """A consolidator of the standing agency over the area opens what was accepted again."""
    if not actor.standing_over(area_path_of(filing.obligation.agency), Role.CONSOLIDATOR):
        return refused("Chỉ cán bộ tổng hợp của cơ quan thường trực mở lại báo cáo đã tiếp nhận được.")
    if after(filing.state, Move.REOPEN) is None:
        return refused(why_not(filing.state, Move.REOPEN))
    return ALLOWED


def may_rule(actor: Actor, version: Version, move: Move) -> Decision:
    """A consolidator of the standing agency over the area, who did not submit the version, while it waits."""
    filing = version.filing
    if not actor.standing_over(area_path_of(filing.obligation.agency), Role.CONSOLIDATOR):
        return refused("Chỉ cán bộ tổng hợp của cơ quan thường trực tiếp nhận hoặc trả lại báo cáo được.")
    if actor.user_id is not None and actor.user_id == version.submitted_by_id:
        return refused("Người gửi báo cáo không tự tiếp nhận hoặc trả lại. Nhờ cán bộ tổng hợp khác kiểm tra.")
    if after(filing.state, move) is None:
        return refused(why_not(filing.state, move))
    return ALLOWED


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
