"""What the address of the chasing board asks for: which agencies and due dates, which page, what is marked at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from haidang.filings.cycles.due_dates import LEVEL_WORDS
from haidang.kernel.numbers import count_in


@dataclass(frozen=True, slots=True)
class Role:
    """What an agency is in the tasks of the plans: the code of an assignment, and in words."""

    code: str
    words: str


ROLES = {"chu-tri": Role("lead", "Chủ trì nhiệm vụ"), "phoi-hop": Role("coordinating", "Phối hợp nhiệm vụ")}


@dataclass(frozen=True, slots=True)
class Asked:
    """One plan, level, province, role in tasks and form, only agencies with something late, what is marked at once, up
    to which due date.

    Agencies come a page at a time; what is marked at once is what the page shows.
    """

    plan: int | None
    late_only: bool
    mark_late: bool
    page: int
    level: str = ""
    area: int | None = None
    form: str = ""
    until: date | None = None
    role: str = ""

    def query(self, **changed: Any) -> str:
        """The address's query with some of it changed."""
        wanted = {"ke-hoach": self.plan, "cap": self.level, "tinh": self.area, "bieu": self.form}
        wanted |= {"vai-tro": self.role}
        wanted |= {"loc": "tre" * self.late_only, "chon": "tre" * self.mark_late}
        wanted |= {"den": self.until.isoformat() if self.until else None}
        wanted |= {"trang": self.page if self.page > 1 else None} | changed
        return urlencode({key: value for key, value in wanted.items() if value})

    @property
    def filtered(self) -> bool:
        """Whether anything but the page and the due dates is asked for."""
        return bool(self.plan or self.late_only or self.level or self.area or self.form or self.role)


def asked_of(given: QueryDict) -> Asked:
    """What the query of an address asks for; what makes no sense is left out."""
    level, form, role = given.get("cap", ""), given.get("bieu", ""), given.get("vai-tro", "")
    return Asked(
        plan=count_in(given.get("ke-hoach", "")),
        late_only=given.get("loc") == "tre",
        mark_late=given.get("chon") == "tre",
        page=count_in(given.get("trang", ""), digits=8) or 1,
        level=level if level in LEVEL_WORDS else "",
        area=count_in(given.get("tinh", "")),
        form=form if form.isalnum() and len(form) < 20 else "",
        until=_day_in(given.get("den", "")),
        role=role if role in ROLES else "",
    )


def asked_again(query: str) -> Asked:
    """What a page that came from the board was told of it: the same as asked_of."""
    return asked_of(QueryDict(query[:500]))


def _day_in(text: str) -> date | None:
    """The day that a text like "2025-06-25" names; None for anything else."""
    try:
        return date.fromisoformat(text) if len(text) == len("2025-06-25") else None
    except ValueError:
        return None
