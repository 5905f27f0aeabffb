"""A small invented province: its police stand for the committee, its border guard files; one review plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.test import Client

from haidang.accounts.actors import Actor, Role
from haidang.accounts.models import User
from haidang.agencies.models import Agency, Area, Membership
from haidang.agencies.queries import actor_for
from haidang.catalogue.forms import form
from haidang.filings import actions
from haidang.filings.models import Cycle, Filing, Obligation
from haidang.filings.rules import CycleSpec
from haidang.kernel import clock
from haidang.kernel.calendars import Regime
from haidang.kernel.windows import Window
from haidang.plans.models import Plan, PlanState

PASSWORD = "mật khẩu thử nghiệm"


@dataclass
class World:
    """Everything a screen test needs, by name."""

    province: Area
    police: Agency
    guard: Agency
    plan: Plan
    cycles: list[Cycle]
    users: dict[str, User]

    def actor(self, name: str) -> Actor:
        return actor_for(self.users[name], clock.today())

    def obligation(self, agency: Agency, at: int = 0) -> Obligation:
        return Obligation.objects.get(agency=agency, cycle=self.cycles[at])

    def filing(self, agency: Agency, at: int = 0) -> Filing:
        filing = self.obligation(agency, at).filing
        filing.refresh_from_db()
        return filing

    @staticmethod
    def filled(code: str, number: int = 0) -> dict[str, Any]:
        return filled(code, number)


def filled(code: str, number: int = 0) -> dict[str, Any]:
    """Every cell to enter of a form at `number`; zero everywhere satisfies every identity."""
    spec = form(code)
    return {f"{code}.{cell}": number for cell in spec.input_cells if not spec.cells[cell][1].is_text}


def build_world(due: date, cycles: int = 2, *, whole: bool = False) -> World:
    """The rows, made through the rooms' own actions. `whole`: every form is asked for, and some agency files each."""
    province = Area.objects.create(code="99", name="Tỉnh Thử Nghiệm", kind="tỉnh", level="province", path="x")
    province.path = str(province.pk)
    province.save()
    other = Area.objects.create(code="98", name="Tỉnh Khác", kind="tỉnh", level="province", path="y")
    other.path = str(other.pk)
    other.save()
    police = Agency.objects.create(
        code="99.ca", name="Công an tỉnh Thử Nghiệm", function="police", level="province", area=province, standing=True
    )
    guard = Agency.objects.create(
        code="99.bp", name="Bộ đội Biên phòng tỉnh Thử Nghiệm", function="border_guard", level="province", area=province
    )
    stranger = Agency.objects.create(
        code="98.bp", name="Bộ đội Biên phòng tỉnh Khác", function="border_guard", level="province", area=other
    )
    for function, name in (("procuracy", "Viện kiểm sát"), ("court", "Tòa án"), ("labour", "Sở Lao động")):
        if whole:
            Agency.objects.create(
                code=f"99.{function}",
                name=f"{name} tỉnh Thử Nghiệm",
                function=function,
                level="province",
                area=province,
            )
    users = {}
    seats = (
        ("clerk", guard, Role.CLERK),
        ("leader", guard, Role.LEADER),
        ("consolidator", police, Role.CONSOLIDATOR),
        ("police_clerk", police, Role.CLERK),
        ("stranger", stranger, Role.CLERK),
    )
    for name, agency, role in seats:
        users[name] = User.objects.create_user(username=name, password=PASSWORD, display_name=f"{name} (mẫu)")
        Membership.objects.create(user=users[name], agency=agency, role=role)
    plan = Plan.objects.create(
        area=province, state=PlanState.ACCEPTED, number="01/KH-TN", title="Kế hoạch tổng kết thử nghiệm",
        issuer="Ủy ban nhân dân tỉnh Thử Nghiệm", is_review=True, fictional=True, file_name="kh.txt",
        file_sha256="0" * 64, text="", reading={}, imported_at=clock.now(),
        data_from=date(2023, 1, 1), data_to=date(2024, 12, 31),
    )  # fmt: skip
    consolidator = actor_for(users["consolidator"], clock.today())
    specs = [
        CycleSpec(
            f"Năm {year}", Window(date(year, 1, 1), date(year, 12, 31)), Regime.PLAN, due, strict=True,
            addressee="Công an tỉnh", forms=() if whole else ("B1", "B2"),
        )
        for year in range(2025 - cycles, 2025)
    ]  # fmt: skip
    opened = actions.open_cycles(consolidator, plan, specs)
    return World(province, police, guard, plan, opened, users)


@pytest.fixture
def world(db: None) -> World:
    return build_world(due=clock.today().replace(day=1))


@pytest.fixture
def whole_world(db: None) -> World:
    return build_world(due=clock.today().replace(day=1), whole=True)


@pytest.fixture
def sign_in(world: World) -> Callable[[str], Client]:
    """A browser's session of one of the world's people, by name."""

    def client_of(name: str) -> Client:
        client = Client()
        client.force_login(world.users[name])
        return client

    return client_of
