"""A whole country, or one province, of invented filings in a few minutes: the size at which speed is measured.

Areas and agencies are those of the register; every figure is invented. What `haidang demo` does by the rooms' actions,
filing by filing, is written here in bulk, with the same content in the same shape: cells with what the forms compute,
the versions' hashes, rulings, arrival, nil reports. What only one agency's hands would leave is left out: no edits of
drafts, no explanations, one audit entry for the whole simulation instead of one a filing, and few persons.

Figures come from a small number of invented histories for each kind of agency (as in the demo, what one cycle leaves
over the next one opens with); each agency takes one of them, by its code and the seed.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import transaction

from haidang.accounts.actors import SYSTEM
from haidang.accounts.models import User
from haidang.agencies.actions import load_register
from haidang.agencies.models import Agency, Area, Level
from haidang.audit.actions import record
from haidang.catalogue.agency_functions import national_register
from haidang.catalogue.forms import FormSpec, all_forms
from haidang.demo.build import REMEMBERED, Account, AlreadyThere, Demo
from haidang.demo.filling import drawing
from haidang.demo.people import PASSWORD, create_consolidator
from haidang.demo.plans import QUARTERLY_FORMS
from haidang.demo.series import Exercise, invent
from haidang.demo.simulate_rows import Rows
from haidang.demo.texts import MARK
from haidang.filings.content import with_computed
from haidang.filings.models import Cycle, Filing, FilingState, Obligation, Ruling, Version
from haidang.filings.rules import content_sha256, forms_asked, is_nil
from haidang.kernel import clock
from haidang.kernel.calendars import Period, Regime, nd09_quarter, period_name
from haidang.kernel.clock import VIET_NAM
from haidang.kernel.windows import Window, validity_covers
from haidang.plans.models import Plan, PlanState
from haidang.statistics.actions import rebuild_facts

MOST_CYCLES = 80
HISTORIES = 6  # of each kind of agency
DUE_AFTER = timedelta(days=11)  # from the close of the data on the 14th to the due date on the 25th
# What becomes of an obligation, in how many of a thousand.
OUTCOMES = {"accepted": 935, "late": 25, "corrected": 10, "returned": 5, "waiting": 10, "nothing": 15}
RETURNED = f"Đối chiếu lại số tổng với số chi tiết. {MARK}"
CORRECTED = f"Bổ sung số liệu của cơ sở gửi chậm. {MARK}"
CORRECTION_DOCUMENT = "12/BC-GĐ"
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Simulated:
    """What was made, in rows; `by_level` counts areas with an obligation in the first and in the last cycle."""

    areas: int
    agencies: int
    cycles: int
    obligations: int
    versions: int
    facts: int
    first_due: date
    last_due: date
    communes_first: int
    communes_last: int
    accounts: tuple[str, ...]
    password: str


@dataclass(frozen=True, slots=True)
class _Exercise:
    """One quarter for the whole country: the label, the window, the due date."""

    label: str
    window: Window
    due_on: date


@dataclass(frozen=True, slots=True)
class _Content:
    """What one version holds, as it is stored."""

    cells: str
    forms: str
    sha256: str
    corrected_sha256: str
    nil: bool


def simulate(
    cycles: int, tell: Tell, *, province: str | None = None, forms: Sequence[str] = QUARTERLY_FORMS, seed: int = 138
) -> Simulated:
    """Fill an empty database with `cycles` quarters of invented filings, the last one just past its due date.

    `province` is the code of the one province to simulate (None: the whole country). AlreadyThere when the database
    holds anything; ValueError for a number of cycles out of 1-80, or a form that does not exist.
    """
    if not 1 <= cycles <= MOST_CYCLES:
        raise ValueError(f"Số kỳ phải từ 1 đến {MOST_CYCLES}.")
    if unknown := sorted(set(forms) - {form.code for form in all_forms()}):
        raise ValueError(f"Không có biểu “{', '.join(unknown)}”. Ghi mã biểu cách nhau bằng dấu phẩy, ví dụ B1,B5.")
    if User.objects.exists() or Area.objects.exists():
        raise AlreadyThere(
            "Cơ sở dữ liệu đã có dữ liệu nên không mô phỏng vào đó. "
            "Đặt HAIDANG_VAR (hoặc HAIDANG_DATABASE) sang nơi khác."
        )
    with transaction.atomic():
        tell("Nạp địa bàn và cơ quan ...")
        load_register(national_register(), provinces=[province] if province else None)
        made = _Country(past_quarters(cycles, clock.today()), tuple(forms), seed, tell).fill()
    tell("Dựng số liệu gốc ...")
    facts = rebuild_facts(SYSTEM).facts
    simulated = Simulated(facts=facts, password=PASSWORD, **made)
    _remember(simulated, province)
    return simulated


def past_quarters(count: int, today: date) -> list[_Exercise]:
    """The last `count` quarters of NĐ 09/2019 whose due dates are past, in order of time."""
    year, number = today.year, 4
    found: list[_Exercise] = []
    while len(found) < count:
        window = nd09_quarter(year, number)
        if window.end + DUE_AFTER < today:
            found.insert(0, _Exercise(period_name(Period.QUARTER, year, number), window, window.end + DUE_AFTER))
        year, number = (year, number - 1) if number > 1 else (year - 1, 4)
    return found


class _Country:
    """The rows of a simulation, quarter by quarter."""

    def __init__(self, exercises: Sequence[_Exercise], forms: tuple[str, ...], seed: int, tell: Tell) -> None:
        self._exercises, self._forms, self._seed, self._tell = exercises, forms, seed, tell
        self._agencies = [
            agency
            for agency in Agency.objects.exclude(area=None).select_related("area").order_by("area__path", "code")
            if forms_asked(agency.function, agency.level, forms, exercises[-1].due_on)
        ]
        self._roots: dict[str, list[Area]] = defaultdict(list)
        for area in Area.objects.filter(level=Level.PROVINCE):
            self._roots[area.path].append(area)
        self._filer = User.objects.create(username="mo-phong", display_name=f"Người gửi {MARK}")
        self._rows = {model: Rows(model) for model in (Obligation, Filing, Version, Ruling)}

    def fill(self) -> dict[str, Any]:
        """Write everything; the counts of `Simulated` but for the facts."""
        kinds = sorted({(agency.function, agency.level) for agency in self._agencies})
        self._tell(f"Lập số liệu giả định của {len(kinds)} loại cơ quan ...")
        contents = histories(self._exercises, kinds, self._forms, self._seed)
        plans = _plans(self._roots)
        seen = []
        for number, exercise in enumerate(self._exercises, start=1):
            owing = [a for a in self._agencies if validity_covers(a.valid_from, a.valid_to, exercise.due_on)]
            self._write(exercise, self._cycles(exercise, plans), owing, contents)
            seen.append(len({a.area_id for a in owing if a.level == Level.COMMUNE}))
            self._tell(f"{number}/{len(self._exercises)} {exercise.label}: {len(owing)} báo cáo")
        for rows in self._rows.values():
            rows.finish()
        accounts = _consolidators(self._exercises[-1].due_on)
        record("demo.simulated", self._filer, cycles=len(self._exercises), versions=self._rows[Version].count)
        return {
            "areas": Area.objects.count(),
            "agencies": Agency.objects.count(),
            "cycles": Cycle.objects.count(),
            "obligations": self._rows[Obligation].count,
            "versions": self._rows[Version].count,
            "first_due": self._exercises[0].due_on,
            "last_due": self._exercises[-1].due_on,
            "communes_first": seen[0],
            "communes_last": seen[-1],
            "accounts": accounts,
        }

    def _cycles(self, exercise: _Exercise, plans: Mapping[str, Plan]) -> dict[str, Cycle]:
        """The quarter's cycle of every province in force on its due date, by the root of the areas' paths."""
        made = {
            root: Cycle(
                plan=plan,
                label=exercise.label,
                window_from=exercise.window.start,
                window_to=exercise.window.end,
                regime=Regime.ND09.value,
                due_on=exercise.due_on,
                strict=False,
                forms=list(self._forms),
            )
            for root, plan in plans.items()
            if any(validity_covers(area.valid_from, area.valid_to, exercise.due_on) for area in self._roots[root])
        }
        Cycle.objects.bulk_create(made.values())
        return made

    def _write(
        self,
        exercise: _Exercise,
        cycles: Mapping[str, Cycle],
        owing: Sequence[Agency],
        contents: Mapping[tuple[str, str, str], Sequence[_Content]],
    ) -> None:
        draw = drawing(self._seed, "outcomes", exercise.label)
        outcomes = draw.choices(list(OUTCOMES), list(OUTCOMES.values()), k=len(owing))
        for agency, outcome in zip(owing, outcomes, strict=True):
            assert agency.area is not None
            known = contents[exercise.label, agency.function, agency.level]
            which = _taken(agency.code, self._seed)
            obligation = self._rows[Obligation].add(
                cycle_id=cycles[agency.area.path.partition("/")[0]].pk, agency_id=agency.pk
            )
            own, other = known[which], known[(which + 1) % len(known)]
            self._file(obligation, exercise, outcome, (own, other))
        for rows in self._rows.values():
            rows.flush()

    def _file(self, obligation: int, exercise: _Exercise, outcome: str, contents: tuple[_Content, _Content]) -> None:
        """The filing of one obligation with its versions and rulings; a correction replaces what was sent first."""
        own, other = contents
        days = 5 if outcome == "late" else -(obligation % 9)
        sent = _moment(exercise.due_on + timedelta(days=days), obligation)
        nothing = outcome == "nothing"
        states = {"nothing": FilingState.DRAFT, "waiting": FilingState.SUBMITTED, "returned": FilingState.RETURNED}
        filing = self._rows[Filing].add(
            obligation_id=obligation,
            state=states.get(outcome, FilingState.ACCEPTED).value,
            cells="{}" if nothing else own.cells,
            revision=0 if nothing else 1,
            changed_at=sent,
            received_at=None if outcome in ("nothing", "returned") else sent,
            nil=not nothing and outcome != "returned" and own.nil,
        )
        if nothing:
            return
        if outcome == "corrected":
            self._version(filing, 1, other, sent, "accepted")
            self._version(filing, 2, own, sent + timedelta(days=9), "accepted")
        else:
            ruled = {"waiting": "", "returned": "returned"}.get(outcome, "accepted")
            self._version(filing, 1, own, sent, ruled)

    def _version(self, filing: int, number: int, content: _Content, sent: datetime, ruled: str) -> None:
        correction = number > 1
        version = self._rows[Version].add(
            filing_id=filing,
            number=number,
            cells=content.cells,
            forms=content.forms,
            reason=CORRECTED if correction else "",
            document_number=CORRECTION_DOCUMENT if correction else "",
            submitted_by_id=self._filer.pk,
            submitted_at=sent,
            sha256=content.corrected_sha256 if correction else content.sha256,
        )
        if ruled:
            self._rows[Ruling].add(
                version_id=version,
                outcome=ruled,
                comment=RETURNED if ruled == "returned" else "",
                decided_by_id=self._filer.pk,
                decided_at=sent + timedelta(days=2),
            )


def histories(
    exercises: Sequence[_Exercise], kinds: Sequence[tuple[str, str]], forms: Sequence[str], seed: int
) -> dict[tuple[str, str, str], list[_Content]]:
    """By exercise label, function and level: what each of the invented histories says then."""
    invented = [
        Agency(pk=number, code=f"{function}.{level}.{number}", function=function, level=level)
        for number, (function, level) in enumerate((kind for kind in kinds for _ in range(HISTORIES)), start=1)
    ]
    asked = [Exercise(one.label, one.window, frozenset(forms), tuple(invented)) for one in exercises]
    cells = invent(asked, seed)
    found: dict[tuple[str, str, str], list[_Content]] = defaultdict(list)
    for exercise in exercises:
        for agency in invented:
            specs = forms_asked(agency.function, agency.level, list(forms), exercise.due_on)
            content = _content(specs, cells[exercise.label, agency.pk])
            found[exercise.label, agency.function, agency.level].append(content)
    return found


def _content(specs: Sequence[FormSpec], cells: Mapping[str, Any]) -> _Content:
    held = with_computed(specs, cells)
    checked = {spec.code: {"version": spec.version, "sha256": spec.sha256} for spec in specs}
    whole = {"cells": held, "sections": {}, "explanations": {}, "forms": checked}
    return _Content(
        cells=json.dumps(held),
        forms=json.dumps(checked),
        sha256=content_sha256({**whole, "reason": "", "document_number": ""}),
        corrected_sha256=content_sha256({**whole, "reason": CORRECTED, "document_number": CORRECTION_DOCUMENT}),
        nil=is_nil(held),
    )


def _taken(code: str, seed: int) -> int:
    """Which history an agency takes: always the same for the same code and seed."""
    return int.from_bytes(sha256(f"{seed} {code}".encode()).digest()[:4]) % HISTORIES


def _moment(day: date, number: int) -> datetime:
    return datetime.combine(day, time(8 + number % 9, number % 60), tzinfo=VIET_NAM)


def _plans(roots: Mapping[str, list[Area]]) -> dict[str, Plan]:
    """One invented plan a province, old and new, by the root of the areas' paths.

    A province that only changed its kind keeps its path: the plan of its first row stands for it as long as it lasts.
    """
    plans: dict[str, Plan] = {}
    now = clock.now()
    for path, rows in roots.items():
        area = min(rows, key=lambda row: row.valid_from or date.min)
        text = f"KẾ HOẠCH (giả định)\nBáo cáo số liệu hằng quý của {area.name}."
        plans[path] = Plan(
            area=area,
            state=PlanState.ACCEPTED,
            number=f"{area.code}/KH-GĐ",
            issuer=f"UBND {area.name}",
            title=f"Báo cáo số liệu hằng quý của {area.name} {MARK}",
            fictional=True,
            file_name="mo-phong.txt",
            file_sha256=sha256(text.encode()).hexdigest(),
            text=text,
            reading={},
            imported_at=now,
            accepted_at=now,
        )
    Plan.objects.bulk_create(plans.values())
    return plans


def _consolidators(on: date) -> tuple[str, ...]:
    """One account at the standing agency of each province in force, and then one at that of the centre."""
    agencies = Agency.objects.filter(standing=True).select_related("area").order_by("code")
    standing = [
        agency
        for level in (Level.PROVINCE, Level.CENTRAL)
        for agency in agencies.filter(level=level)
        if validity_covers(agency.valid_from, agency.valid_to, on)
    ]
    return tuple(create_consolidator(agency, number).username for number, agency in enumerate(standing, start=1))


def _remember(simulated: Simulated, province: str | None) -> None:
    """Mark the data folder as holding invented data, in the words of the demo, so that every page says so."""
    told = Demo(
        province=f"Mô phỏng tỉnh mã {province}" if province else "Mô phỏng cả nước",
        plans=["Kế hoạch giả định của từng tỉnh, thành phố"],
        accounts=[Account(name, "Cán bộ tổng hợp", "", ("cán bộ tổng hợp",), MARK) for name in simulated.accounts],
        areas=simulated.areas,
        agencies=simulated.agencies,
        cycles=simulated.cycles,
        obligations=simulated.obligations,
        facts=simulated.facts,
        note="Mọi con số là giả định; tên địa bàn và cơ quan lấy từ danh mục.",
    )
    text = json.dumps(asdict(told), ensure_ascii=False, indent=2)
    (settings.VAR / REMEMBERED).write_text(text + "\n", encoding="utf-8")
