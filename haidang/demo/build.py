"""Building the demo: register, people, plans, five years of filings, facts, closing report.

All that goes into the database goes in one transaction: a demo that was broken off leaves nothing behind. Every change
is made through the rooms' own actions, by invented people who are allowed to make it, at its own time.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from haidang.accounts.actors import ROLE_NAMES, SYSTEM, Actor, Role
from haidang.accounts.models import User
from haidang.agencies.actions import load_register
from haidang.agencies.models import Agency, Area, Level
from haidang.agencies.queries import actor_for, agencies_under, area_by_code
from haidang.agencies.register import CENTRE, Register
from haidang.catalogue.agency_functions import national_register
from haidang.catalogue.outlines import outline
from haidang.demo import province
from haidang.demo.family import import_family
from haidang.demo.filing import Course, Work, perform, texts_for
from haidang.demo.following import follow
from haidang.demo.merger import build_merger
from haidang.demo.people import PASSWORD, clerks_of, create_people
from haidang.demo.plans import (
    QUARTERLY_FORMS,
    SAMPLES,
    Found,
    Imported,
    find_plans,
    import_all,
    plan_files,
    samples_needed,
)
from haidang.demo.series import Exercise, invent
from haidang.demo.sizes import FULL, Sizes
from haidang.filings.actions import open_cycles
from haidang.filings.models import Cycle, Filing, Obligation
from haidang.filings.rules import CycleSpec
from haidang.kernel import clock
from haidang.kernel.calendars import Regime, nd09_quarter
from haidang.kernel.windows import Window
from haidang.plans.models import Plan
from haidang.reviews.actions import CLOSING, build_review, open_review
from haidang.statistics.actions import rebuild_facts

REMEMBERED = "demo.json"
Tell = Callable[[str], None]

# What becomes of some obligations of the review, by cycle ("last" slice, year before, baseline) and organ.
REVIEW_COURSES: dict[tuple[str, str], Course] = {
    ("2024", "S1.so-y-te"): Course.CORRECTED,
    ("last", "S1.ldld"): Course.LATE,
    ("last", "S1.hoi-ccb"): Course.RETURNED,
    ("last", "S1.hoi-chu-thap-do"): Course.WAITING,
    ("last", "S1.so-khcn"): Course.DRAFT,
    ("last", "S1.thanh-tra"): Course.NOTHING,
    ("last", "S01.hlhpn-huyen"): Course.WAIVED,
    ("baseline", "S1.bao"): Course.NOTHING,
}
PAST_QUARTER_COURSES: dict[str, Course] = {
    "S1.so-y-te": Course.RETURNED,
    "S1.toa-an": Course.LATE,
    "S1.ban-chi-huy-bien-phong": Course.NOTHING,
    "S1.vks": Course.WAITING,
    "S1.so-tu-phap": Course.NOTHING,
    "S1.hlhpn": Course.NOTHING,
}

CURRENT_FORMS = (*QUARTERLY_FORMS, "B6", "B7")


class AlreadyThere(Exception):
    """The database holds data that the demo did not make; its text says what to do."""


class NoReview(Exception):
    """No plan announces a closing review of the invented province; its text says what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """A demo account as it is printed."""

    username: str
    name: str
    agency: str
    roles: tuple[str, ...]
    note: str


@dataclass(slots=True)
class Demo:
    """What the demo made: counts, accounts, the password of all of them, and where the report lies."""

    province: str
    password: str = PASSWORD
    plans: list[str] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    areas: int = 0
    agencies: int = 0
    cycles: int = 0
    obligations: int = 0
    filings: dict[str, int] = field(default_factory=dict)
    corrected: int = 0
    facts: int = 0
    notes: int = 0
    report: str = ""
    files: list[str] = field(default_factory=list)
    added_sample_review: bool = False
    note: str = "Mọi tên người và con số của tỉnh Sơn Hải là giả định."


def remembered(var: Path) -> dict[str, Any] | None:
    """What an earlier demo made in this folder, as it was printed; None when there was none."""
    try:
        told = json.loads((var / REMEMBERED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) else None


def throw_away(var: Path) -> None:
    """Empty the database and the data folder of what an earlier demo made. Only call it where `remembered` is."""
    call_command("flush", interactive=False, verbosity=0)
    for folder in (settings.FACTS, settings.REPORTS, settings.MEDIA_ROOT):
        shutil.rmtree(folder, ignore_errors=True)
    (var / REMEMBERED).unlink(missing_ok=True)


def build_demo(plans: Path, tell: Tell, sizes: Sizes = FULL) -> Demo:
    """Build everything in an empty database and remember it in the data folder. AlreadyThere when it is not empty."""
    if User.objects.exists() or Area.objects.exists():
        raise AlreadyThere(
            "Cơ sở dữ liệu đã có dữ liệu nên không dựng dữ liệu giả định vào đó. "
            "Đặt HAIDANG_VAR (hoặc HAIDANG_DATABASE) sang nơi khác để dựng."
        )
    demo = Demo(province.NAME, files=[hashlib.sha256(path.read_bytes()).hexdigest() for path in plan_files(plans)])
    with transaction.atomic():
        review = _fill_database(demo, plans, tell, sizes)
    _finish(demo, review, tell)
    return demo


def _fill_database(demo: Demo, plans: Path, tell: Tell, sizes: Sizes) -> Plan:
    register = national_register().extended(
        province.areas(sizes.districts), province.traits(), province.lineage(sizes.districts)
    )
    found = _plans_to_import(plans, register, demo, tell)
    tell("Nạp địa bàn và cơ quan ...")
    load_register(register, provinces=sorted({province.CODE, *(item.area.code for item in found)}))
    demo.areas, demo.agencies = Area.objects.count(), Agency.objects.count()
    demo.accounts = [
        Account(person.username, person.name, agency.name, tuple(ROLE_NAMES[r] for r in person.roles), person.note)
        for person, agency in create_people(province.CODE)
    ]
    tell(f"{demo.areas} địa bàn, {demo.agencies} cơ quan, {len(demo.accounts)} tài khoản. Nạp kế hoạch ...")
    consolidators = {province.CODE: _actor("tonghop")}
    imported = import_all(found, consolidators, tell)
    relatives = import_family([item.plan for item in imported], consolidators, tell)
    demo.accounts += [Account(**account_of(actor)) for code, actor in consolidators.items() if code != province.CODE]
    demo.plans = [
        f"{plan.number or plan.file_name} ({plan.area.name})"
        for plan in (*(item.plan for item in imported), *relatives)
    ]
    own = [item for item in imported if item.plan.area.code == province.CODE and item.plan.fictional]
    review = next((item.plan for item in own if item.main_review), None)
    if review is None:
        raise NoReview(
            f"Không có kế hoạch tổng kết nào của {province.NAME} trong thư mục kế hoạch. Dùng thư mục samples/plans."
        )
    chief = build_merger(national_register(), sizes.seed, tell)
    demo.accounts.append(Account(**account_of(chief)))
    _file(demo, own, review, tell, sizes)
    tell("Ghi tiến độ nhiệm vụ và cách tính chỉ tiêu ...")
    demo.notes = follow([*(item.plan for item in own), *relatives[1:]], _actor("tonghop"), sizes.seed)
    demo.notes += follow(relatives[:1], consolidators[CENTRE], sizes.seed)
    return review


def account_of(actor: Actor) -> dict[str, Any]:
    """The account that imported the plans of another province, and sees them; the fields of an Account."""
    assert actor.user_id is not None, "the system itself imports no plans"
    return {
        "username": User.objects.get(pk=actor.user_id).username,
        "name": actor.name,
        "agency": actor.agency_name,
        "roles": (ROLE_NAMES[Role.CONSOLIDATOR],),
        "note": f"xem kế hoạch đã nạp của {actor.agency_name}",
    }


def _plans_to_import(plans: Path, register: Register, demo: Demo, tell: Tell) -> list[Found]:
    """The plans of the folder; with the sample review beside them when the invented province has none of its own."""
    found = find_plans(plan_files(plans), register, tell)
    if not any(item.fictional and item.is_review for item in found) and plans.resolve() != SAMPLES.resolve():
        extra = samples_needed(find_plans(plan_files(SAMPLES), register, tell))
        found += extra
        demo.added_sample_review = True
        tell(f"Thêm {len(extra)} kế hoạch mẫu của tỉnh giả định, để có báo cáo tổng kết.")
    return found


def _file(demo: Demo, own: Sequence[Imported], review: Plan, tell: Tell, sizes: Sizes) -> None:
    tell("Lập số liệu giả định năm năm và giai đoạn gốc ...")
    works = _review_works(review, sizes)
    for item in own:
        if item.plan.pk != review.pk:
            works += _works(list(item.plan.cycles.all()), lambda cycle, agency: Course.ACCEPTED, sizes)
    tell(f"{len(works)} báo cáo: nhập, gửi, kiểm tra, tiếp nhận ...")
    perform(works, sizes.seed, until=clock.now())
    yearly = max(
        (item.plan for item in own if not item.plan.is_review), key=lambda plan: plan.year_to or 0, default=None
    )
    if yearly is not None:
        perform(_current_works(yearly, sizes), sizes.seed, until=clock.now())
    demo.cycles = Cycle.objects.count()
    demo.obligations = Obligation.objects.count()
    started = Filing.objects.filter(revision__gt=0)
    demo.filings = {str(s): started.filter(state=s).count() for s in sorted({f.state for f in started.only("state")})}
    demo.corrected = Filing.objects.filter(versions__number=2).count()


def _review_works(review: Plan, sizes: Sizes) -> list[Work]:
    cycles = sorted(review.cycles.all(), key=lambda cycle: cycle.window)
    last = max((cycle for cycle in cycles if not cycle.baseline), key=lambda cycle: cycle.window)

    def course(cycle: Cycle, agency: Agency) -> Course:
        names = {str(cycle.window_to.year), "baseline" if cycle.baseline else "", "last" if cycle == last else ""}
        return next((REVIEW_COURSES[name, agency.code] for name in names if (name, agency.code) in REVIEW_COURSES),
                    Course.ACCEPTED)  # fmt: skip

    return _works(cycles, course, sizes, texts_in=last)


def _works(
    cycles: Sequence[Cycle],
    course: Callable[[Cycle, Agency], Course],
    sizes: Sizes,
    texts_in: Cycle | None = None,
) -> list[Work]:
    """What every agency does with every cycle, with figures that hang together over the cycles."""
    filings = list(
        Filing.objects.filter(obligation__cycle__in=cycles)
        .select_related("obligation__cycle", "obligation__agency__area")
        .order_by("obligation__cycle__window_from", "obligation__agency__code")
    )
    in_order = sorted(cycles, key=lambda cycle: (cycle.window.end, cycle.window.start))
    exercises = [_exercise(cycle, filings) for cycle in in_order]
    cells = invent(exercises, sizes.seed)
    clerks = clerks_of(sorted({f.obligation.agency for f in filings}, key=lambda a: a.code), clock.today())
    outlined = outline(CLOSING)
    consolidator = _actor("tonghop")
    return [
        Work(
            filing=filing,
            clerk=clerks[filing.obligation.agency_id],
            consolidator=consolidator,
            cells=cells[filing.obligation.cycle.label, filing.obligation.agency_id],
            course=course(filing.obligation.cycle, filing.obligation.agency),
            texts=texts_for(outlined, filing, sizes.seed) if filing.obligation.cycle == texts_in else {},
        )
        for filing in filings
    ]


def _exercise(cycle: Cycle, filings: Sequence[Filing]) -> Exercise:
    agencies = tuple(f.obligation.agency for f in filings if f.obligation.cycle_id == cycle.pk)
    return Exercise(cycle.label, cycle.window, frozenset(cycle.forms), agencies)


def _current_works(plan: Plan, sizes: Sizes) -> list[Work]:
    """Two quarters around today, so that "Việc của tôi" shows what is open, overdue, returned and waiting."""
    today = clock.today()
    quarter = (today.month - 1) // 3 + 1
    this = nd09_quarter(today.year, quarter)
    before = nd09_quarter(today.year if quarter > 1 else today.year - 1, quarter - 1 or 4)
    specs = [_current_spec(before, today - timedelta(days=6)), _current_spec(this, today + timedelta(days=9))]
    agencies = [agency for agency in agencies_under(area_by_code(province.CODE, today), today)
                if agency.level == Level.PROVINCE]  # fmt: skip
    with clock.fixed_at(today - timedelta(days=40)):
        cycles = open_cycles(_actor("tonghop"), plan, specs, agencies)

    def course(cycle: Cycle, agency: Agency) -> Course:
        if cycle.window == before:
            return PAST_QUARTER_COURSES.get(agency.code, Course.ACCEPTED)
        return Course.DRAFT if agency.code == "S1.cong-an" else Course.NOTHING

    return _works(cycles, course, sizes)


def _current_spec(window: Window, due_on: date) -> CycleSpec:
    number = (window.end.month + 2) // 3
    label = f"Báo cáo bổ sung quý {('I', 'II', 'III', 'IV')[number - 1]}/{window.end.year}"
    return CycleSpec(label, window, Regime.ND09, due_on, strict=False, forms=CURRENT_FORMS)


def _finish(demo: Demo, review: Plan, tell: Tell) -> None:
    tell("Dựng số liệu gốc ...")
    demo.facts = rebuild_facts(SYSTEM).facts
    tell("Dựng báo cáo tổng kết ...")
    actor = _actor("tonghop")
    build = build_review(actor, open_review(actor, review))
    demo.report = build.file_path
    remember = settings.VAR / REMEMBERED
    remember.parent.mkdir(parents=True, exist_ok=True)
    remember.write_text(json.dumps(asdict(demo), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _actor(username: str) -> Actor:
    return actor_for(User.objects.get(username=username), clock.today())
