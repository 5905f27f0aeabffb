"""Invented people: those who can sign in and try the roles, and a clerk without password for every other agency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from haidang.accounts.actors import SYSTEM, Actor, Role
from haidang.accounts.models import User
from haidang.agencies.actions import appoint
from haidang.agencies.models import Agency
from haidang.agencies.queries import actor_for

PASSWORD = "haidang-demo-2025"  # noqa: S105  only ever set by the demo, which prints it
MARK = "(mẫu)"


@dataclass(frozen=True, slots=True)
class Person:
    """A demo account: who, where ("cong-an" is an organ of the province, "S01.ubnd-huyen" one of a district), roles."""

    username: str
    name: str
    agency: str
    roles: tuple[Role, ...]
    note: str


PEOPLE = (
    Person("tonghop", "Trần Thu Hà", "cong-an", (Role.CONSOLIDATOR,), "nạp kế hoạch, mở kỳ, tiếp nhận, dựng báo cáo"),
    Person("quantri", "Lê Quang Minh", "cong-an", (Role.ADMINISTRATOR,), "giao vai trò, dựng lại số liệu gốc"),
    Person("lanhdao", "Phạm Văn Sơn", "cong-an", (Role.LEADER,), "xem toàn tỉnh"),
    Person("nhaplieu", "Nguyễn Thị Lan", "so-y-te", (Role.CLERK,), "nhập và gửi biểu của Sở Y tế"),
    Person("duyet", "Đỗ Minh Tâm", "so-y-te", (Role.APPROVER,), "duyệt và gửi báo cáo của Sở Y tế"),
    Person("congan", "Vũ Đức Long", "cong-an", (Role.CLERK,), "nhập và gửi biểu của Công an tỉnh"),
    Person("bienphong", "Hoàng Văn Biên", "bo-chi-huy-bien-phong", (Role.CLERK,), "nhập và gửi biểu của Biên phòng"),
    Person("phunu", "Bùi Thị Ngọc", "hlhpn", (Role.CLERK, Role.APPROVER), "nhập và gửi báo cáo của Hội Phụ nữ"),
    Person("huyen", "Đinh Công Thành", "S01.ubnd-huyen", (Role.CLERK, Role.APPROVER), "nhập và gửi của một huyện"),
    Person("nguoila", "Trịnh Văn Lạ", "S01.vks-huyen", (Role.CLERK,), "cơ quan khác: không xem được báo cáo của ai"),
)


def address_of(username: str) -> str:
    """The e-mail address of an invented person, under a name that belongs to nobody (RFC 2606)."""
    return f"{username}@hai-dang.example"


def create_people(province: str) -> list[tuple[Person, Agency]]:
    """The accounts that can sign in, with their roles at agencies of the province (by area code)."""
    made = []
    for person in PEOPLE:
        organ = person.agency if "." in person.agency else f"{province}.{person.agency}"
        agency = Agency.objects.get(code=organ)
        user = User.objects.create_user(
            person.username, address_of(person.username), PASSWORD, display_name=f"{person.name} {MARK}"
        )
        for role in person.roles:
            appoint(SYSTEM, user, agency, role)
        made.append((person, agency))
    return made


def create_consolidator(agency: Agency, number: int) -> User:
    """Who imports the plans of another province for its standing agency; made once, with the demo password."""
    username = f"tonghop-{agency.code.partition('.')[0].lower()}"
    if known := User.objects.filter(username=username).first():
        return known
    name = f"Cán bộ tổng hợp {number} {MARK}"
    user = User.objects.create_user(username, address_of(username), PASSWORD, display_name=name)
    appoint(SYSTEM, user, agency, Role.CONSOLIDATOR)
    return user


def clerks_of(agencies: Sequence[Agency], on: date) -> dict[int, Actor]:
    """Somebody who enters and sends the figures of each agency; made, without a password, where nobody does yet."""
    return {agency.pk: _clerk(agency, on) for agency in agencies}


def _clerk(agency: Agency, on: date) -> Actor:
    seated = agency.memberships.filter(role__in=[Role.CLERK, Role.APPROVER]).select_related("user").first()
    if seated is None:
        username = f"clerk-{agency.pk}"
        name = f"Cán bộ nhập liệu số {agency.pk} {MARK}"
        user = User(username=username, email=address_of(username), display_name=name)
        user.set_unusable_password()
        user.save()
        appoint(SYSTEM, user, agency, Role.CLERK)
    else:
        user = seated.user
    return actor_for(user, on)
