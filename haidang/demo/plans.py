"""Importing plans for the demo: each into its own province, read, accepted, and its cycles opened."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from haidang.accounts.actors import Actor
from haidang.agencies.models import Agency, Area, Level
from haidang.agencies.queries import actor_for, agencies_under, area_by_code, standing_agency
from haidang.agencies.records import AreaRecord
from haidang.agencies.register import Register
from haidang.catalogue.locations import SPECS
from haidang.catalogue.outlines import outline
from haidang.catalogue.vocabulary import reading_vocabulary
from haidang.demo import province
from haidang.demo.people import create_consolidator
from haidang.filings.actions import open_cycles
from haidang.filings.cycles.proposals import proposed_cycles
from haidang.filings.rules import CycleSpec
from haidang.kernel import clock
from haidang.kernel.text import fold
from haidang.office.document_text import UnreadableDocument, extract_text
from haidang.plans.actions import NotImported, accept_plan, correct_header, import_plan
from haidang.plans.models import Plan
from haidang.plans.questions import gate_of
from haidang.plans.rules import is_review_title
from haidang.reading.model import PlanReading
from haidang.reading.reader import read_plan
from haidang.reviews.actions import CLOSING

SAMPLES = SPECS.parent / "samples" / "plans"
SUFFIXES = (".txt", ".md", ".docx", ".odt", ".pdf")
MOST_FILES = 50
DAYS_TO_ACCEPT = 4
DAYS_BEFORE_DUE = 60
QUARTERLY_FORMS = ("B1", "B2", "B3", "B4", "B5")
VICTIM_FORMS = ("B5", "B6")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Found:
    """A file that holds a plan, and the province it belongs to."""

    path: Path
    reading: PlanReading
    area: AreaRecord
    placed: bool = True  # whether the document itself says which province it belongs to

    @property
    def is_review(self) -> bool:
        """Whether it announces a closing review."""
        return is_review_title(self.reading.title)

    @property
    def fit(self) -> tuple[bool, int]:
        """How well a review fits the outline of the closing report: the very window of its data, then the longest."""
        window = self.reading.data_window
        return window == outline(CLOSING).window, window.days if window else 0

    @property
    def issued_on(self) -> date:
        """The day of issue; where the document has none, two months before its report is due, or early in its year."""
        due = [duty.due for duty in self.reading.reporting if duty.due and _ISO.fullmatch(duty.due)]
        if self.reading.issued_on or not due:
            return self.reading.issued_on or date(self.reading.year_to or clock.today().year, 1, 15)
        return date.fromisoformat(min(due)) - timedelta(days=DAYS_BEFORE_DUE)

    @property
    def fictional(self) -> bool:
        """Whether it is of the invented province."""
        return self.placed and self.area.code == province.CODE


def plan_files(folder: Path) -> list[Path]:
    """The files of a folder that may be plans, by name."""
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)[:MOST_FILES]


def find_plans(files: Iterable[Path], register: Register, tell: Tell) -> list[Found]:
    """The files that hold plans of a province that is known; the others are named in a line each."""
    found = []
    for path in files:
        try:
            reading = read_plan(extract_text(path).text, reading_vocabulary())
        except UnreadableDocument as problem:
            tell(f"Bỏ qua {path.name}: {problem}")
            continue
        if not reading.is_plan:
            tell(f"Bỏ qua {path.name}: không phải kế hoạch.")
        elif area := province_of(reading, register):
            found.append(Found(path, reading, area))
        else:
            tell(f"{path.name} không nêu tên tỉnh nào: nạp vào {province.NAME}, chưa mở kỳ báo cáo.")
            found.append(Found(path, reading, register.area(province.CODE, clock.today()), placed=False))
    return found


def samples_needed(found: Iterable[Found]) -> list[Found]:
    """Of the sample plans: the main review and the latest plan of a year, all that the invented province needs."""
    own = [item for item in found if item.fictional]
    yearly = [item for item in own if not item.is_review]
    return [
        *main_reviews(own).values(),
        *sorted(yearly, key=lambda item: item.reading.year_to or 0)[-1:],
    ]


def main_reviews(found: Iterable[Found]) -> dict[str, Found]:
    """By code of the province, the review that best fits the outline: it alone asks for every form."""
    chief: dict[str, Found] = {}
    for item in found:
        known = chief.get(item.area.code)
        if item.is_review and (known is None or item.fit > known.fit):
            chief[item.area.code] = item
    return chief


def province_of(reading: PlanReading, register: Register) -> AreaRecord | None:
    """The province that issued a plan: the one its place or issuer names on the day of issue."""
    on = reading.issued_on or (date(reading.year_to, 1, 1) if reading.year_to else clock.today())
    for name in (reading.place, reading.issuer):
        if name and province.PLACE in name:
            return register.area(province.CODE, on)
        if name and (area := register.area_named(name, on)):
            return area
    return _most_named(reading, register.areas_on(on, "province"))


def _most_named(reading: PlanReading, provinces: Iterable[AreaRecord]) -> AreaRecord | None:
    """The province that the issuer, or else the text, names most often; None when none or two do alike."""
    for text in (fold(reading.issuer or ""), fold(reading.text)):
        named = [(text.count(fold(area.place)), area) for area in provinces]
        named = sorted(((count, area) for count, area in named if count), key=lambda pair: -pair[0])
        if named and (len(named) == 1 or named[0][0] > named[1][0]):
            return named[0][1]
    return None


@dataclass(frozen=True, slots=True)
class Imported:
    """An accepted plan, and whether it is the review of its province that the closing report is for."""

    plan: Plan
    main_review: bool


def import_all(found: Sequence[Found], consolidators: dict[str, Actor], tell: Tell) -> list[Imported]:
    """Import and accept each plan as the consolidator of its province, on the days after its issue."""
    done = []
    chief = main_reviews(found)
    for number, item in enumerate(sorted(found, key=lambda item: item.issued_on), start=1):
        area = area_by_code(item.area.code, item.issued_on)
        actor = consolidators.get(item.area.code) or _consolidator(area, item.issued_on, number)
        consolidators[item.area.code] = actor
        imported = _import(item, area, actor, tell, main=chief.get(item.area.code) is item)
        if imported:
            done.append(imported)
    return done


def _import(item: Found, area: Area, actor: Actor, tell: Tell, *, main: bool) -> Imported | None:
    with clock.fixed_at(item.issued_on + timedelta(days=DAYS_TO_ACCEPT - 1)):
        try:
            plan = import_plan(actor, area, item.path.name, item.path.read_bytes(), fictional=item.fictional)
        except NotImported as problem:
            tell(f"Bỏ qua {item.path.name}: {problem}")
            return None
        if item.fictional and plan.issued_on is None:  # what a document leaves out, the person who checks it fills in
            plan = correct_header(actor, plan, {"issued_on": item.issued_on})
    with clock.fixed_at(item.issued_on + timedelta(days=DAYS_TO_ACCEPT)):
        plan = accept_as_it_stands(actor, plan)
        specs = _cycles(plan, main=main) if item.placed else []
        cycles = open_cycles(actor, plan, [spec for spec in specs if spec.due_on], _reporting(plan))
    undated = sum(spec.due_on is None for spec in specs)
    tell(
        f"Kế hoạch {plan.number or item.path.name} ({area.name}): {plan.targets.count()} chỉ tiêu, "
        f"{plan.tasks.count()} nhiệm vụ, {plan.duties.count()} chế độ báo cáo, mở {len(cycles)} kỳ"
        + (f", {undated} kỳ chờ nhập hạn nộp" if undated else "")
    )
    return Imported(plan, main)


def accept_as_it_stands(actor: Actor, plan: Plan) -> Plan:
    """Accept as the plan stands: each question with the first answer that goes on, and why tasks lack a known lead."""
    answers = {
        question.code: next(choice.code for choice in question.choices if not choice.leads_to)
        for question in gate_of(plan).questions
    }
    waiver = "Bản mẫu: giao như văn bản, cơ quan thường trực theo dõi cho tới khi rõ cơ quan chủ trì."
    return accept_plan(actor, plan, answers=answers, waiver=waiver)


def _cycles(plan: Plan, *, main: bool) -> list[CycleSpec]:
    """The cycles a plan calls for. The main review asks for every form, others for victims, a year's for cases too."""
    forms = VICTIM_FORMS if plan.is_review else QUARTERLY_FORMS
    return [spec if main else replace(spec, forms=forms) for spec in proposed_cycles(plan)]


def _reporting(plan: Plan) -> list[Agency]:
    """Who reports to the province: its own agencies and the districts; communes report to their district."""
    on = plan.data_to or plan.issued_on or clock.today()
    return [agency for agency in agencies_under(plan.area, on) if agency.level != Level.COMMUNE]


def _consolidator(area: Area, on: date, number: int) -> Actor:
    agency = standing_agency(area, on)
    if agency is None:
        raise LookupError(f"{area.name} không có cơ quan thường trực ngày {on.isoformat()}")
    return actor_for(create_consolidator(agency, number), on)
