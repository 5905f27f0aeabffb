"""Two invented provinces that become one on 01/7/2025: how a year of reporting goes on over a merger.

The first half-year is filed by the agencies of both old provinces, their districts and communes; what dissolved
agencies still owed is handed over, their people move, and the second half-year is filed by the new province. The new
one takes the code of one of the old, as real ones did.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from haidang.accounts.actors import SYSTEM, Actor, Role
from haidang.accounts.models import User
from haidang.agencies.actions import appoint, load_register
from haidang.agencies.models import Agency
from haidang.agencies.moving import move_members
from haidang.agencies.queries import actor_for, area_by_code, standing_agency
from haidang.agencies.records import AreaEdge, AreaRecord
from haidang.agencies.register import Register
from haidang.demo.filing import Course, Work, perform
from haidang.demo.people import MARK, PASSWORD, clerks_of, create_consolidator
from haidang.demo.plans import DAYS_TO_ACCEPT, SAMPLES, Tell, accept_as_it_stands
from haidang.demo.province import INSTRUMENT, LAST_DISTRICT_DAY, REFORM
from haidang.demo.series import Exercise, invent
from haidang.filings.actions import open_cycles
from haidang.filings.actions.handing import hand_over_all
from haidang.filings.models import Cycle, Filing
from haidang.filings.rules import CycleSpec
from haidang.kernel import clock
from haidang.kernel.calendars import Regime, nd09_half
from haidang.plans.actions import import_plan
from haidang.plans.models import Plan

FOLDER = SAMPLES / "sap-xep"
EAST, WEST = "K1", "K2"
NAMES = {EAST: "Tỉnh Đông Khê (giả định)", WEST: "Tỉnh Tây Khê (giả định)"}
WHOLE = "Tỉnh Song Khê (giả định)"
# Old province, district, its communes; and the commune of the new province that these went into.
DISTRICTS = (
    (EAST, "K11", "Huyện Bãi Soi", (("K1101", "Xã Bãi Soi"), ("K1102", "Xã Đò Trăng")), ("K1151", "Xã Bãi Soi")),
    (EAST, "K12", "Huyện Cồn Lau", (("K1201", "Xã Cồn Lau"), ("K1202", "Xã Bến Sậy")), ("K1251", "Xã Cồn Lau")),
    (WEST, "K21", "Huyện Đèo Gió", (("K2101", "Xã Đèo Gió"), ("K2102", "Xã Suối Nứa")), ("K2151", "Xã Đèo Gió")),
)  # fmt: skip
PLANS = ((EAST, "1-dong-khe-2025.txt", date(2025, 1, 20)), (WEST, "2-tay-khe-2025.txt", date(2025, 2, 6)))
STEPS = (("district", 1), ("commune", 3))
FORMS = ("B1", "B5")
FIRST = CycleSpec(
    "06 tháng đầu năm 2025", nd09_half(2025, 1), Regime.ND09, date(2025, 6, 20), True, forms=FORMS, steps=STEPS
)
SECOND = replace(
    FIRST, label="06 tháng cuối năm 2025", window=nd09_half(2025, 2), due_on=date(2025, 12, 20), shift=True
)

# What becomes of some obligations: of the first half-year by agency, of the second by organ.
FIRST_COURSES = {
    "K1.so-y-te": Course.NOTHING,
    "K2.so-y-te": Course.LATE,
    "K2.bo-chi-huy-bien-phong": Course.NOTHING,
    "K12.ubnd-huyen": Course.NOTHING,
    "K1102.ubnd-xa": Course.LATE,
}
SECOND_COURSES = {"so-y-te": Course.LATE, "cong-an-xa": Course.RETURNED}


def register_with_merger(national: Register) -> Register:
    """The register with both old provinces, the new one, and what lies in them."""
    areas = [_old(code, name, "Tỉnh", "province", "") for code, name in NAMES.items()]
    areas.append(AreaRecord(EAST, WHOLE, "Tỉnh", "province", REFORM, None, "", established_by=INSTRUMENT))
    edges = [AreaEdge(code, EAST, "merged", True, INSTRUMENT, REFORM) for code in NAMES]
    for province, code, name, communes, (after, after_name) in DISTRICTS:
        areas.append(_old(code, name, "Huyện", "district", province))
        areas += [_old(commune, spoken, "Xã", "commune", code) for commune, spoken in communes]
        areas.append(AreaRecord(after, after_name, "Xã", "commune", REFORM, None, EAST, established_by=INSTRUMENT))
        edges += [AreaEdge(commune, after, "merged", True, INSTRUMENT, REFORM) for commune, _spoken in communes]
    return national.extended(areas, (), edges)


def _old(code: str, name: str, kind: str, level: str, parent: str) -> AreaRecord:
    return AreaRecord(code, name, kind, level, None, LAST_DISTRICT_DAY, parent, abolished_by=INSTRUMENT)


def build_merger(national: Register, seed: int, tell: Tell) -> Actor:
    """Load the provinces, import their plans, and file the year; the consolidator of the new province."""
    tell("Dựng hai tỉnh giả định được sắp xếp ngày 01/7/2025 ...")
    load_register(register_with_merger(national), provinces=[EAST, WEST])
    chiefs = {code: _chief(code, number) for number, code in enumerate(NAMES, start=1)}
    plans = [_plan(chiefs[code], code, name, issued) for code, name, issued in PLANS]
    firsts = [_file(plan, FIRST, chiefs[code], seed) for plan, (code, _name, _issued) in zip(plans, PLANS, strict=True)]
    with clock.fixed_at(REFORM):
        moved = move_members(_administrator(), REFORM)
        chief = _again(chiefs[EAST])
        done = hand_over_all(chief, REFORM)
    chief = _again(chief)
    second = _file(plans[0], SECOND, chief, seed)
    owed = sum(cycle.obligations.count() for cycle in (*firsts, second))
    tell(
        f"{WHOLE}: 3 kỳ, {owed} nghĩa vụ; bàn giao {len(done.handed)} nghĩa vụ, chuyển {len(moved.moved)} vai trò, "
        f"{len(done.undecided)} nghĩa vụ chờ chọn cơ quan nhận."
    )
    return chief


def _chief(code: str, number: int) -> Actor:
    before = REFORM - timedelta(days=1)
    agency = standing_agency(area_by_code(code, before), before)
    assert agency is not None, "every province of the register has its police"
    return actor_for(create_consolidator(agency, number), before)


def _administrator() -> Actor:
    """Who moves the people of both old provinces: an administrator of the new one."""
    agency = standing_agency(area_by_code(EAST, REFORM), REFORM)
    assert agency is not None, "every province of the register has its police"
    user = User.objects.create_user("quantri-k1", password=PASSWORD, display_name=f"Người quản trị Song Khê {MARK}")
    appoint(SYSTEM, user, agency, Role.ADMINISTRATOR, valid_from=REFORM)
    return actor_for(user, REFORM)


def _again(chief: Actor) -> Actor:
    """The same person with the seats of today."""
    assert chief.user_id is not None, "the system itself imports no plans"
    return actor_for(User.objects.get(pk=chief.user_id), clock.today())


def _plan(chief: Actor, code: str, name: str, issued_on: date) -> Plan:
    area = area_by_code(code, issued_on)
    with clock.fixed_at(issued_on + timedelta(days=DAYS_TO_ACCEPT)):
        plan = import_plan(chief, area, name, (FOLDER / name).read_bytes(), fictional=True)
        return accept_as_it_stands(chief, plan)


def _file(plan: Plan, spec: CycleSpec, chief: Actor, seed: int) -> Cycle:
    """Open the cycle of a plan six weeks before it is due, and let its agencies file it."""
    assert spec.due_on is not None
    with clock.fixed_at(spec.due_on - timedelta(days=42)):
        (cycle,) = open_cycles(chief, plan, [spec])
    perform(_works(cycle, chief, seed), seed, until=clock.now())
    return cycle


def _works(cycle: Cycle, chief: Actor, seed: int) -> list[Work]:
    filings = list(
        Filing.objects.filter(obligation__cycle=cycle)
        .select_related("obligation__cycle", "obligation__agency__area")
        .order_by("obligation__agency__code")
    )
    agencies = [filing.obligation.agency for filing in filings]
    # Two plans have a cycle of this name: their areas tell them apart.
    key = f"{cycle.label} {cycle.plan.area.path}"
    cells = invent([Exercise(key, cycle.window, frozenset(cycle.forms), tuple(agencies))], seed)
    clerks = clerks_of(agencies, cycle.due_on)
    return [
        Work(
            filing, clerks[filing.obligation.agency_id], chief, cells[key, filing.obligation.agency_id],
            _course(filing.obligation.agency, cycle), {},
        )
        for filing in filings
    ]  # fmt: skip


def _course(agency: Agency, cycle: Cycle) -> Course:
    if cycle.label == FIRST.label:
        return FIRST_COURSES.get(agency.code, Course.ACCEPTED)
    return SECOND_COURSES.get(agency.code.partition(".")[2], Course.ACCEPTED)
