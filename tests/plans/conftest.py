"""An invented province with four agencies, its people, and a draft plan of two tasks, one target and two duties."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest

from haidang.accounts.actors import Actor, Role
from haidang.accounts.models import User
from haidang.agencies.models import Agency, Area, Membership
from haidang.agencies.queries import actor_for
from haidang.plans import actions
from haidang.plans.models import Assignment, Duty, Plan, Target, Task
from haidang.plans.questions import gate_of

TEXT = (
    "KẾ HOẠCH Phòng, chống mua bán người năm 2025 I. MỤC TIÊU 1. Phấn đấu 90% số tin báo được giải quyết. "
    "II. NHIỆM VỤ 1. Tuyên truyền tại các bến tàu (Công an tỉnh chủ trì). 2. Hỗ trợ nạn nhân trở về. "
    "III. TỔ CHỨC THỰC HIỆN 1. Báo cáo quý trước ngày 12/3, trước ngày 12/6."
)


def make_area(code: str, name: str, level: str = "province", parent: Area | None = None, **more: Any) -> Area:
    path = f"{parent.path}/{code}" if parent else code
    kind = name.partition(" ")[0]
    return Area.objects.create(code=code, name=name, kind=kind, level=level, parent=parent, path=path, **more)


def make_agency(area: Area, organ: str, name: str, function: str, **more: Any) -> Agency:
    return Agency.objects.create(
        code=f"{area.code}.{organ}", name=name, function=function, level=area.level, area=area, **more
    )


def make_person(name: str, agency: Agency, role: Role) -> User:
    user = User.objects.create(username=name.lower(), display_name=f"{name} (mẫu)")
    Membership.objects.create(user=user, agency=agency, role=role.value)
    return user


def accept_plan(actor: Actor, plan: Plan, *, replaces: Plan | None = None) -> Plan:
    """Accept a plan as it stands: every question with the first answer that goes on, leads waived."""
    answers = {
        question.code: next(choice.code for choice in question.choices if not choice.leads_to)
        for question in gate_of(plan, replaces).questions
    }
    return actions.accept_plan(actor, plan, replaces=replaces, answers=answers, waiver="Giao như văn bản.")


def span_of(words: str) -> dict[str, int]:
    start = TEXT.index(words)
    return {"span_start": start, "span_end": start + len(words)}


@dataclass
class Place:
    """The province X1, its standing agency and others, and a province next door."""

    area: Area
    police: Agency
    health: Agency
    justice: Agency
    next_door: Area
    bao: User  # consolidator of the standing agency
    lam: User  # leader there
    ha: User  # clerk at the health department
    tam: User  # consolidator of the standing agency next door
    nobody: User  # no seat at all

    def actor(self, user: User) -> Actor:
        return actor_for(user, date(2025, 4, 1))


@pytest.fixture
def place(db: None) -> Place:
    area = make_area("X1", "Tỉnh Bến Sương")
    next_door = make_area("X2", "Tỉnh Đồi Gió")
    police = make_agency(area, "cong-an", "Công an tỉnh Bến Sương", "police", standing=True)
    health = make_agency(area, "so-y-te", "Sở Y tế tỉnh Bến Sương", "health")
    justice = make_agency(area, "so-tu-phap", "Sở Tư pháp tỉnh Bến Sương", "justice")
    other_police = make_agency(next_door, "cong-an", "Công an tỉnh Đồi Gió", "police", standing=True)
    return Place(
        area, police, health, justice, next_door,
        make_person("Bao", police, Role.CONSOLIDATOR),
        make_person("Lam", police, Role.LEADER),
        make_person("Ha", health, Role.CLERK),
        make_person("Tam", other_police, Role.CONSOLIDATOR),
        User.objects.create(username="khong-ai"),
    )  # fmt: skip


@pytest.fixture
def draft(place: Place) -> Plan:
    plan = Plan.objects.create(
        area=place.area, number="7/KH-UBND", issued_on=date(2025, 2, 10), issuer="UBND tỉnh Bến Sương",
        title="Phòng, chống mua bán người năm 2025", year_from=2025, year_to=2025, file_name="ke-hoach.txt",
        file_sha256="0" * 64, text=TEXT, paragraphs=[[0, 1], [TEXT.index("II."), 1], [TEXT.index("III."), 1]],
        reading={}, imported_by=place.bao, imported_at=datetime(2025, 4, 1, 3, tzinfo=UTC), fictional=True,
    )  # fmt: skip
    Target.objects.create(
        plan=plan, position=0, text="90% số tin báo được giải quyết", comparator="=", value=90, unit="%",
        rule="target.percent", confidence=0.95, **span_of("90% số tin báo được giải quyết"),
    )  # fmt: skip
    spread = Task.objects.create(
        plan=plan, position=0, section="II.1", text="Tuyên truyền tại các bến tàu (Công an tỉnh chủ trì).",
        window_to=date(2025, 6, 30), rule="task.item", confidence=0.9,
        **span_of("Tuyên truyền tại các bến tàu (Công an tỉnh chủ trì)."),
    )  # fmt: skip
    Task.objects.create(
        plan=plan, position=1, section="II.2", text="Hỗ trợ nạn nhân trở về.",
        rule="task.item", confidence=0.4, **span_of("Hỗ trợ nạn nhân trở về."),
    )  # fmt: skip
    Assignment.objects.create(task=spread, role="lead", position=0, phrase="Công an tỉnh")
    Assignment.objects.create(task=spread, role="coordinating", position=0, phrase="Sở Y tế")
    for position, due in enumerate(("12/3", "12/6")):
        Duty.objects.create(
            plan=plan, position=position, period="quarter", due=due, strict=True, addressee="Công an tỉnh",
            rule="duty.period.date", confidence=0.95, **span_of(f"trước ngày {due}"),
        )  # fmt: skip
    return plan
