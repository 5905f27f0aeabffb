"""Who may administer accounts. Pure: over actors and seats, so that no room above is needed."""

from __future__ import annotations

from collections.abc import Iterable

from haidang.accounts.actors import ALLOWED, Actor, Decision, Role, Seat, refused


def administers(actor: Actor, agency_id: int, area_path: str) -> bool:
    """Whether the actor is an administrator of this agency, or of a standing agency over its area."""
    return (
        actor.system
        or actor.holds(Role.ADMINISTRATOR, agency_id=agency_id)
        or bool(area_path and actor.standing_over(area_path, Role.ADMINISTRATOR))
    )


def may_open_accounts(actor: Actor) -> Decision:
    """The system and administrators see the people of their reach and make accounts."""
    if actor.system or actor.holds(Role.ADMINISTRATOR):
        return ALLOWED
    return refused(
        "Chỉ người quản trị xem và lập tài khoản. Cần thêm người hoặc đổi vai trò thì đề nghị quản trị của đơn vị."
    )


def may_administer(actor: Actor, user_id: int | None, seats: Iterable[Seat]) -> Decision:
    """Reset the password, close or reopen: whoever administers every agency where the person counts.

    One agency out of reach is enough to refuse: otherwise an administrator of one office could take over the account
    of somebody who also works for another. Nobody does it to their own account.
    """
    if actor.system:
        return ALLOWED
    if actor.user_id is not None and actor.user_id == user_id:
        return refused(
            "Đây là tài khoản của chính bạn. Đổi mật khẩu ở trang Đổi mật khẩu; "
            "việc đóng tài khoản do một người quản trị khác làm."
        )
    held = list(seats)
    outside = [seat for seat in held if not administers(actor, seat.agency_id, seat.area_path)]
    if held and not outside:
        return ALLOWED
    return refused(
        "Người này còn có vai trò ở cơ quan ngoài phạm vi của bạn. "
        "Đề nghị quản trị của cơ quan thường trực cấp trên làm việc này."
    )


def may_change_own_password(actor: Actor, user_id: int) -> Decision:
    """Everybody changes their own password; nobody another's this way."""
    if actor.user_id is not None and actor.user_id == user_id:
        return ALLOWED
    return refused("Mỗi người tự đổi mật khẩu của mình. Cần cấp lại mật khẩu thì đề nghị quản trị của đơn vị.")
