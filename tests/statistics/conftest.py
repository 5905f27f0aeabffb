"""The cast: an invented province whose police, border guard and one district police file B1 for two part-years."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest

from haidang.accounts.actors import Actor, Role, Seat
from haidang.agencies.models import Agency, Area
from haidang.filings.models import Cycle, Filing, FilingState, Obligation, Ruling, Version
from haidang.kernel.calendars import Regime
from haidang.plans.models import Plan, PlanState

NOON = datetime(2025, 6, 20, 5, tzinfo=UTC)
YEARS = {"2024": (date(2024, 1, 1), date(2024, 12, 31)), "2025": (date(2025, 1, 1), date(2025, 6, 15))}


def area(code: str, name: str, level: str, parent: Area | None = None) -> Area:
    row = Area.objects.create(code=code, name=name, kind="", level=level, parent=parent)
    row.path = f"{parent.path}/{row.pk}" if parent else str(row.pk)
    row.save()
    return row


def agency(code: str, name: str, function: str, where: Area, **more: Any) -> Agency:
    return Agency.objects.create(code=code, name=name, function=function, level=where.level, area=where, **more)


def cycle(plan: Plan, label: str, start: date, end: date, **more: Any) -> Cycle:
    values = {"due_on": date(2025, 6, 20), "strict": True, "regime": Regime.PLAN, "forms": ["B1"], **more}
    return Cycle.objects.create(plan=plan, label=label, window_from=start, window_to=end, **values)


def owe(one: Cycle, who: Agency, waived: str = "") -> Filing:
    obligation = Obligation.objects.create(cycle=one, agency=who, waived_reason=waived)
    return Filing.objects.create(obligation=obligation, changed_at=NOON)


def accept(filing: Filing, cells: dict[str, Any], at: datetime = NOON, **more: Any) -> Version:
    """The next version of the filing, accepted."""
    number = filing.versions.count() + 1
    version = Version.objects.create(
        filing=filing, number=number, cells=cells, forms={}, submitted_at=at, sha256=f"{filing.pk}-{number}", **more
    )
    Ruling.objects.create(version=version, outcome="accepted", decided_at=at)
    filing.state = FilingState.ACCEPTED
    filing.save()
    return version


def reports(denunciations: int, opening: int = 0, opened: int = 0) -> dict[str, int]:
    """B1 with figures only on the line of Điều 150: new, carried over, and those that became cases."""
    return {"B1.d150.c3": denunciations, "B1.d150.c1": opening, "B1.d150.c11": opened, "B1.d151.c3": 0}


@dataclass
class Province:
    """Three agencies, two years, six filings; figures are named in the tests that count them."""

    area: Area
    district: Area
    police: Agency
    border: Agency
    district_police: Agency
    plan: Plan
    cycles: dict[str, Cycle]
    filings: dict[tuple[str, str], Filing]

    def sitting(self, who: Agency, *roles: Role) -> Actor:
        assert who.area is not None
        seats = tuple(Seat(role, who.pk, who.name, who.area.path, who.standing) for role in roles)
        return Actor(1, "Hà", seats)

    @property
    def ha(self) -> Actor:
        """Consolidates at the standing agency."""
        return self.sitting(self.police, Role.CONSOLIDATOR)

    @property
    def bien(self) -> Actor:
        """Enters figures at the border guard; stands over nothing."""
        return self.sitting(self.border, Role.CLERK)


@pytest.fixture
def province(db: None) -> Province:
    where = area("S9", "Tỉnh Hải Minh (giả định)", "province")
    district = area("S91", "Huyện Sông Con", "district", where)
    police = agency("hm-police", "Công an tỉnh Hải Minh", "police", where, standing=True)
    border = agency("hm-border", "Bộ đội Biên phòng tỉnh Hải Minh", "border_guard", where)
    local = agency("hm-sc-police", "Công an huyện Sông Con", "police", district)
    agency("hm-health", "Sở Y tế tỉnh Hải Minh", "health", where)  # files no B1
    plan = Plan.objects.create(
        area=where, state=PlanState.ACCEPTED, file_name="plan.txt", file_sha256="0" * 64, text="", reading={},
        imported_at=NOON, is_review=True,
    )  # fmt: skip
    cycles = {label: cycle(plan, f"Năm {label}", *window) for label, window in YEARS.items()}
    agencies = {"police": police, "border": border, "local": local}
    filings = {(name, label): owe(cycles[label], who) for name, who in agencies.items() for label in cycles}
    return Province(where, district, police, border, local, plan, cycles, filings)
