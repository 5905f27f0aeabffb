"""Loading the register into the database, and giving people their roles."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import transaction
from django.db.models import Model, QuerySet

from haidang.accounts.actions import open_account
from haidang.accounts.actors import SYSTEM, Actor, Role, require
from haidang.accounts.rules import AccountProblem
from haidang.agencies import policies
from haidang.agencies.models import Agency, AgencyLineage, Area, AreaLineage, Level, Membership
from haidang.agencies.people import person_of
from haidang.agencies.queries import in_force
from haidang.agencies.records import AgencyRecord, AreaRecord
from haidang.agencies.register import CENTRE, Register, UnknownArea, unique
from haidang.agencies.rules import common_span
from haidang.audit.actions import record
from haidang.kernel import clock
from haidang.kernel.dates import short_date

if TYPE_CHECKING:
    from haidang.accounts.models import User

Row = TypeVar("Row", bound=Model)
BATCH = 400
_AREA_FIELDS = ["name", "kind", "valid_to", "established_by", "abolished_by", "parent_id", "path"]
_AGENCY_FIELDS = ["name", "short_name", "function", "level", "area_id", "standing", "valid_to", "established_by"]


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows a load added or changed."""

    areas: int = 0
    area_edges: int = 0
    agencies: int = 0
    agency_edges: int = 0


@transaction.atomic
def load_register(
    register: Register,
    *,
    actor: Actor = SYSTEM,
    provinces: Collection[str] | None = None,
    levels: Collection[str] = ("province", "district", "commune"),
) -> Loaded:
    """Bring areas, agencies and both lineages from the register into the database; again is safe and changes nothing.

    `provinces` are codes: those provinces, at all times, with what they were made from or went into, and all below them
    (None: the whole country). `levels` limits whose agencies are loaded; central organs always are. One audit entry a
    load that changed something. UnknownArea when no province has one of the codes.
    """
    require(policies.may_load_register(actor))
    records = _chosen(register, provinces)
    area_rows, areas = _load_areas(register, records)
    area_edges = _load_area_lineage(register, records, area_rows)
    holders: list[AreaRecord | None] = [None, *(area for area in records if area.level in levels)]
    agencies = [agency for holder in holders for agency in register.all_agencies_of(holder)]
    agency_rows, changed = _load_agencies(agencies, area_rows)
    agency_edges = _load_agency_lineage(register, agencies, agency_rows)
    loaded = Loaded(areas, area_edges, changed, agency_edges)
    if loaded != Loaded() and records:
        record(
            "agencies.register.loaded", area_rows[records[0].key], actor_id=actor.user_id, actor=actor.name,
            agency=actor.agency_name[:120], areas=areas, agencies=changed,
        )  # fmt: skip
    return loaded


@transaction.atomic
def appoint(
    actor: Actor,
    user: User,
    agency: Agency,
    role: Role,
    *,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Membership:
    """Give a person a role at an agency for a time; the same again changes nothing.

    Refused for an agency or a person out of the actor's reach. ValueError (Vietnamese) when the days are out of order,
    or the person has the role there on some of these days.
    """
    require(policies.may_appoint(actor, agency))
    if not actor.system:
        require(policies.may_seat(actor, person_of(user, clock.today()).seats))
    if valid_from and valid_to and valid_to < valid_from:
        raise ValueError("Ngày cuối của vai trò trước ngày bắt đầu; chọn lại hai ngày.")
    for held in Membership.objects.filter(user=user, agency=agency, role=role.value).exclude(valid_from=valid_from):
        if common_span((held.valid_from, held.valid_to), (valid_from, valid_to)):
            raise ValueError(
                f"{user} đã giữ vai trò này ở {agency.name} trong thời gian đó; kết thúc vai trò cũ trước."
            )
    membership, made = Membership.objects.get_or_create(
        user=user, agency=agency, role=role.value, valid_from=valid_from, defaults={"valid_to": valid_to}
    )
    if made:
        _audit("agencies.membership.given", membership, actor, role=role.value, agency_code=agency.code)
    return membership


@transaction.atomic
def add_person(
    actor: Actor,
    username: str,
    name: str,
    agency: Agency,
    roles: Collection[Role],
    *,
    password: str,
    must_change: bool = True,
    valid_from: date | None = None,
) -> User:
    """An account with its first roles at one agency, all or nothing.

    Refused for an agency out of the actor's reach; AccountProblem (a ValueError in Vietnamese) for a wrong entry.
    """
    require(policies.may_appoint(actor, agency))
    if not roles:
        raise AccountProblem("roles", "Chọn ít nhất một vai trò.")
    user = open_account(actor, username, name, password, must_change=must_change)
    for role in dict.fromkeys(roles):
        appoint(actor, user, agency, role, valid_from=valid_from)
    return user


@transaction.atomic
def end_membership(actor: Actor, membership: Membership, last_day: date) -> Membership:
    """End a role after `last_day`; the row stays, so that what the person did keeps its reason.

    Refused for an agency out of the actor's reach, and for an administrator's own last administrator role. ValueError
    (Vietnamese) when the day comes before the role begins.
    """
    others = Membership.objects.filter(user_id=membership.user_id, role=Role.ADMINISTRATOR.value, valid_to__isnull=True)
    stays = in_force(others.exclude(pk=membership.pk), clock.today()).exists()
    require(policies.may_end(actor, membership, stays_administrator=stays))
    if membership.valid_from and last_day < membership.valid_from:
        raise ValueError(f"Vai trò bắt đầu ngày {short_date(membership.valid_from)}; chọn ngày cuối từ ngày đó trở đi.")
    membership.valid_to = last_day
    membership.save(update_fields=["valid_to"])
    _audit(
        "agencies.membership.ended", membership, actor, role=membership.role, agency_code=membership.agency.code,
        last_day=last_day.isoformat(),
    )  # fmt: skip
    return membership


def _audit(action: str, membership: Membership, actor: Actor, **details: object) -> None:
    record(
        action, membership, actor_id=actor.user_id, actor=actor.name, agency=actor.agency_name[:120],
        username=membership.user.username, **details,
    )  # fmt: skip


def _chosen(register: Register, provinces: Collection[str] | None) -> list[AreaRecord]:
    """The areas to load, provinces first, then districts, then communes."""
    if provinces is None:
        chosen: Iterable[AreaRecord] = register.areas
    else:
        roots = [row for code in provinces for row in _province_rows(register, code)]
        kin = _kin(register, roots)
        chosen = unique(area for root in kin for area in (root, *register.ever_below(root)))
    order = {"province": 0, "district": 1, "commune": 2}
    return sorted(chosen, key=lambda area: (order[area.level], area.valid_from or date.min, area.code))


def _province_rows(register: Register, code: str) -> list[AreaRecord]:
    rows = [row for row in register.history(code) if row.level == "province"]
    if not rows:
        raise UnknownArea(f"Không có tỉnh, thành phố nào mang mã “{code}”.")
    return rows


def _kin(register: Register, roots: list[AreaRecord]) -> list[AreaRecord]:
    """The provinces joined to these by lineage, forward and then backward, so that every edge has both its ends."""
    found: list[AreaRecord] = []
    frontier = list(roots)
    while frontier:
        area = frontier.pop()
        if area not in found:
            found.append(area)
            frontier += [new for _edge, new in register.next_areas(area)]
            frontier += [old for _edge, old in register.earlier_areas(area)]
    return found


def _load_areas(register: Register, records: list[AreaRecord]) -> tuple[dict[str, Area], int]:
    """Rows by register key, and how many were added or changed."""
    known = {(row.level, row.code, row.valid_from): row for row in Area.objects.all()}
    rows: dict[str, Area] = {}
    changed = 0
    paths = area_paths(register, records)
    for level in ("province", "district", "commune"):
        fresh, stale = [], []
        for area in (area for area in records if area.level == level):
            above = register.parent(area)
            values = {
                "name": area.name, "kind": area.kind, "valid_to": area.valid_to, "path": paths[area.key],
                "established_by": area.established_by, "abolished_by": area.abolished_by,
                "parent_id": rows[above.key].pk if above else None,
            }  # fmt: skip
            row = known.get((area.level, area.code, area.valid_from))
            if row is None:
                row = Area(code=area.code, level=area.level, valid_from=area.valid_from, **values)
                fresh.append(row)
            elif _differs(row, values):
                stale.append(row)
            rows[area.key] = row
        Area.objects.bulk_create(fresh, batch_size=BATCH)
        Area.objects.bulk_update(stale, _AREA_FIELDS, batch_size=BATCH)
        changed += len(fresh) + len(stale)
    _ensure_central_area()
    return rows, changed


def _ensure_central_area() -> None:
    """The row that plans of the centre belong to; provinces do not lie below its path, its agencies have no area."""
    Area.objects.get_or_create(
        level=Level.CENTRAL, code=CENTRE, valid_from=None, defaults={"name": "Trung ương", "kind": "", "path": CENTRE}
    )


def area_paths(register: Register, records: Iterable[AreaRecord]) -> dict[str, str]:
    """Register key to path, for areas given from the province down: the keys from the province to the area.

    An area that only changed name or kind under the same area above keeps its path, so that whoever looks after
    "Tỉnh Đồng Nai" goes on looking after its communes as "Thành phố Đồng Nai".
    """
    paths: dict[str, str] = {}
    for area in records:
        above = register.parent(area)
        stem = paths[above.key] + "/" if above else ""
        own = stem + area.key
        before = register.earlier_areas(area)
        if len(before) == 1 and before[0][0].whole and before[0][0].kind != "merged":
            inherited = paths.get(before[0][1].key, own)
            if inherited.rpartition("/")[0] == stem.rstrip("/"):
                own = inherited
        paths[area.key] = own
    return paths


def _load_area_lineage(register: Register, records: list[AreaRecord], rows: dict[str, Area]) -> int:
    edges = [
        AreaLineage(old=rows[area.key], new=rows[new.key], kind=edge.kind, whole=edge.whole, on=edge.on,
                    instrument=edge.instrument)
        for area in records for edge, new in register.next_areas(area)
    ]  # fmt: skip
    return _add_missing(AreaLineage.objects.all(), edges, lambda edge: (edge.old_id, edge.new_id))


def _load_agencies(agencies: list[AgencyRecord], areas: dict[str, Area]) -> tuple[dict[str, Agency], int]:
    known = {row.code: row for row in Agency.objects.all()}
    rows: dict[str, Agency] = {}
    fresh, stale = [], []
    for agency in agencies:
        values = {
            "name": agency.name[:200], "short_name": agency.short_name[:120], "function": agency.function,
            "level": agency.level, "area_id": areas[agency.area.key].pk if agency.area else None,
            "standing": agency.standing, "valid_to": agency.valid_to, "established_by": agency.established_by[:200],
        }  # fmt: skip
        row = known.get(agency.code)
        if row is None:
            row = Agency(code=agency.code, valid_from=agency.valid_from, **values)
            fresh.append(row)
        elif _differs(row, values):
            stale.append(row)
        rows[agency.code] = row
    Agency.objects.bulk_create(fresh, batch_size=BATCH)
    Agency.objects.bulk_update(stale, _AGENCY_FIELDS, batch_size=BATCH)
    return rows, len(fresh) + len(stale)


def _load_agency_lineage(register: Register, agencies: list[AgencyRecord], rows: dict[str, Agency]) -> int:
    edges = [
        AgencyLineage(old=rows[agency.code], new=rows[s.agency.code], function=s.function, on=s.on,
                      instrument=s.instrument[:200])
        for agency in agencies for s in register.successions(agency) if s.agency.code in rows
    ]  # fmt: skip
    return _add_missing(AgencyLineage.objects.all(), edges, lambda edge: (edge.old_id, edge.new_id, edge.function))


def _add_missing(present: QuerySet[Row], edges: list[Row], key: Callable[[Row], tuple[object, ...]]) -> int:
    """Add the edges that the database lacks; returns how many."""
    known = {key(edge) for edge in present}
    fresh = {key(edge): edge for edge in edges if key(edge) not in known}
    present.model._default_manager.bulk_create(fresh.values(), batch_size=BATCH)
    return len(fresh)


def _differs(row: Model, values: dict[str, Any]) -> bool:
    """Set the values on the row; whether any of them is another than before."""
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    return bool(different)
