"""Who asks: roles, the actor that every query, policy and action takes, and the decision that a policy gives.

Deny by default: an actor without memberships may do nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What a membership lets a person do for its agency."""

    CLERK = "clerk"
    APPROVER = "approver"
    CONSOLIDATOR = "consolidator"
    LEADER = "leader"
    ADMINISTRATOR = "administrator"


ROLE_NAMES = {
    Role.CLERK: "cán bộ nhập liệu",
    Role.APPROVER: "người duyệt",
    Role.CONSOLIDATOR: "cán bộ tổng hợp",
    Role.LEADER: "lãnh đạo",
    Role.ADMINISTRATOR: "quản trị",
}


@dataclass(frozen=True, slots=True)
class Seat:
    """One membership in force: a role at an agency. `standing` says that the agency is the committee's standing one.

    `area_path` is the agency's area as register keys, "24-20250701/07330-20250701"; a standing agency sees its area and
    what lies below it, and likewise the areas of earlier days that went whole into it (`inherited`, as paths). The
    standing agency at the centre has the path "" and sees the whole country.
    """

    role: Role
    agency_id: int
    agency_name: str
    area_path: str
    standing: bool = False
    inherited: tuple[str, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """The areas that a standing agency sees, each with what lies below it; "" is the whole country."""
        return (self.area_path, *self.inherited)

    def reaches(self, area_path: str) -> bool:
        """Whether the area is one of those, or lies below one."""
        return any(not path or area_path == path or area_path.startswith(path + "/") for path in self.paths)


@dataclass(frozen=True, slots=True)
class Actor:
    """The person and the seats they hold today. `user_id` None is the system itself (commands on the server)."""

    user_id: int | None
    name: str
    seats: tuple[Seat, ...] = field(default=())
    system: bool = False

    @property
    def agency_ids(self) -> frozenset[int]:
        """The agencies this actor belongs to."""
        return frozenset(seat.agency_id for seat in self.seats)

    @property
    def agency_name(self) -> str:
        """The first seat's agency, for the shell and the audit trail."""
        return self.seats[0].agency_name if self.seats else ""

    def holds(self, *roles: Role, agency_id: int | None = None) -> bool:
        """Whether the actor has one of these roles (at this agency, when given)."""
        return any(s.role in roles and (agency_id is None or s.agency_id == agency_id) for s in self.seats)

    def standing_over(self, area_path: str, *roles: Role) -> bool:
        """Whether the actor sits, in one of `roles` (any when none given), at a standing agency over this area."""
        return self.system or any(
            seat.standing and (not roles or seat.role in roles) and seat.reaches(area_path) for seat in self.seats
        )

    def standing_paths(self, *roles: Role) -> frozenset[str]:
        """The areas that the actor's standing seats, in one of `roles` (any when none given), see; see Seat.paths."""
        seats = (seat for seat in self.seats if seat.standing and (not roles or seat.role in roles))
        return frozenset(path for seat in seats for path in seat.paths)


SYSTEM = Actor(user_id=None, name="hệ thống", system=True)
NOBODY = Actor(user_id=None, name="")


@dataclass(frozen=True, slots=True)
class Decision:
    """What a policy says; `reason` is the Vietnamese sentence for a refusal: why, and who can help."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Decision(True)


def refused(reason: str) -> Decision:
    """A refusal that explains itself."""
    return Decision(False, reason)


class Refused(Exception):
    """Raised by an action whose policy refuses; its text is the reason."""


def require(decision: Decision) -> None:
    """Go on only when allowed; otherwise raise Refused with the policy's reason."""
    if not decision:
        raise Refused(decision.reason)
