"""The cast: one invented province with its police (standing agency), health department, court, and one commune."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from haidang.accounts.actors import SYSTEM, Actor, Role, Seat
from haidang.accounts.models import User
from haidang.agencies.models import Agency, Area
from haidang.catalogue.forms import form
from haidang.filings.actions import open_cycles
from haidang.filings.models import Cycle, Filing, Obligation
from haidang.filings.rules import CycleSpec
from haidang.kernel import clock
from haidang.kernel.calendars import Regime, nd09_quarter
from haidang.plans.models import Plan, PlanState


def make_area(code: str, name: str, level: str, parent: Area | None = None) -> Area:
    area = Area.objects.create(code=code, name=name, kind="", level=level, parent=parent)
    area.path = f"{parent.path}/{area.pk}" if parent else str(area.pk)
    area.save()
    return area


def make_agency(code: str, name: str, function: str, area: Area, **more: Any) -> Agency:
    return Agency.objects.create(code=code, name=name, function=function, level=area.level, area=area, **more)


def make_actor(username: str, agency: Agency, *roles: Role) -> Actor:
    user = User.objects.create(username=username, display_name=username.title())
    assert agency.area is not None
    seats = tuple(Seat(role, agency.pk, agency.name, agency.area.path, agency.standing) for role in roles)
    return Actor(user.pk, str(user), seats)


@dataclass
class Cast:
    """Everybody and everything a test of filings needs."""

    province: Area
    commune: Area
    police: Agency
    health: Agency
    court: Agency
    people: Agency
    plan: Plan
    lan: Actor
    minh: Actor
    ha: Actor
    son: Actor
    stranger: Actor

    def cycle(self, label: str = "Quý I/2025", forms: tuple[str, ...] = ("B1", "B5"), **more: Any) -> Cycle:
        spec = CycleSpec(
            label=label,
            window=more.pop("window", nd09_quarter(2025, 1)),
            regime=Regime.ND09,
            due_on=more.pop("due_on", date(2025, 3, 12)),
            strict=True,
            forms=forms,
            **more,
        )
        return open_cycles(SYSTEM, self.plan, [spec])[0]

    def filing(self, cycle: Cycle, agency: Agency) -> Filing:
        return Obligation.objects.get(cycle=cycle, agency=agency).filing


@pytest.fixture
def cast(db: None) -> Cast:
    """The cast, in a test's own transaction."""
    return build_cast()


def build_cast() -> Cast:
    """Tỉnh Hải Minh (giả định): Lan enters and Minh approves for health, Sơn enters and Hà consolidates for police."""
    province = make_area("98", "Tỉnh Hải Minh", "province")
    commune = make_area("98001", "Xã Sơn Trà", "commune", province)
    other = make_area("99", "Tỉnh Bình Giang", "province")
    police = make_agency("hm-police", "Công an tỉnh Hải Minh", "police", province, standing=True)
    health = make_agency("hm-health", "Sở Y tế tỉnh Hải Minh", "health", province)
    court = make_agency("hm-court", "Tòa án nhân dân tỉnh Hải Minh", "court", province)
    people = make_agency("hm-st-people", "Ủy ban nhân dân xã Sơn Trà", "government", commune)
    elsewhere = make_agency("bg-police", "Công an tỉnh Bình Giang", "police", other, standing=True)
    plan = Plan.objects.create(
        area=province,
        state=PlanState.ACCEPTED,
        number="01/KH-BCĐ",
        file_name="plan.txt",
        file_sha256="0" * 64,
        text="",
        reading={},
        imported_at=clock.now(),
    )
    return Cast(
        province, commune, police, health, court, people, plan,
        lan=make_actor("lan", health, Role.CLERK),
        minh=make_actor("minh", health, Role.APPROVER),
        ha=make_actor("ha", police, Role.CONSOLIDATOR),
        son=make_actor("son", police, Role.CLERK, Role.CONSOLIDATOR),
        stranger=make_actor("binh", elsewhere, Role.CLERK, Role.CONSOLIDATOR),
    )  # fmt: skip


def filled(form_code: str, value: int = 0) -> dict[str, int]:
    """Every number of a form entered with the same value."""
    spec = form(form_code)
    return {f"{form_code}.{cell}": value for cell in spec.input_cells if not spec.cells[cell][1].is_text}
