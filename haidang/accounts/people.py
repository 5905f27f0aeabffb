"""A person as those see them who administer accounts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from haidang.accounts.actors import Seat

if TYPE_CHECKING:
    from haidang.accounts.models import User


@dataclass(frozen=True, slots=True)
class Person:
    """An account with the seats that decide who administers it: those not ended yet, or, when all have, every one held.

    The agencies room makes it (`agencies.queries.person_of`), as it knows the seats.
    """

    user: User
    seats: tuple[Seat, ...]
