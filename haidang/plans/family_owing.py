"""Which agencies owe a plan of their own under a plan, by when, and whether they issued it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from haidang.agencies import wording
from haidang.agencies.models import Agency, Area
from haidang.catalogue.agency_functions import national_register
from haidang.catalogue.holidays import work_calendar
from haidang.catalogue.vocabulary import reading_vocabulary
from haidang.kernel.dates import short_date
from haidang.kernel.text import collation_key, squeeze
from haidang.plans.family_tree import Kin
from haidang.plans.models import OwnPlanAsk, OwnPlanIssued, Plan
from haidang.plans.queries import as_of
from haidang.plans.resolving import agencies_named
from haidang.reading.own_plans import OwnPlanClause, own_plan_clauses

_COMMITTEES = ("ban chỉ đạo", "bcđ")


@dataclass(frozen=True, slots=True)
class Ask:
    """A clause that asks agencies for plans: who, to whom, until which day, and where it stands in the text.

    `row` is its row once a person kept or dropped it; before that it is what the reader found, with its confidence.
    """

    phrases: tuple[str, ...]
    addressee: str
    last_day: date | None
    sentence: str
    span: tuple[int, int] | None
    rule: str
    confidence: float
    row: OwnPlanAsk | None = None

    @property
    def kept(self) -> bool:
        """Whether a person said so."""
        return self.row is not None

    @property
    def key(self) -> str:
        """Names the clause in addresses: where it begins, or its row."""
        return str(self.span[0]) if self.span else f"r{self.row.pk if self.row else 0}"


def asks_of(plan: Plan) -> list[Ask]:
    """The clauses of a plan that ask for plans, in the order of its text; those that a person dropped are left out.

    What a person kept stands in place of what the reader found at that place.
    """
    rows = list(plan.own_plan_asks.order_by("span_start", "pk"))
    spoken = {row.span_start for row in rows if row.span_start is not None}
    found = [_kept(plan, row) for row in rows if not row.dropped]
    found += [_proposed(plan, clause) for clause in _clauses(plan) if clause.start not in spoken]
    return sorted(found, key=lambda ask: (ask.span is None, ask.span or (0, 0)))


def dropped_asks(plan: Plan) -> list[OwnPlanAsk]:
    """The clauses that a person said ask for no plan, so that they can be taken back."""
    return [row for row in plan.own_plan_asks.order_by("span_start", "pk") if row.dropped]


def _clauses(plan: Plan) -> list[OwnPlanClause]:
    year = plan.issued_on.year if plan.issued_on else plan.year_to
    starts = (int(start) for start, _heading in plan.paragraphs)
    return own_plan_clauses(plan.text, reading_vocabulary(), year, starts)


def _proposed(plan: Plan, clause: OwnPlanClause) -> Ask:
    return Ask(
        clause.who, clause.addressee, _last_day(plan, clause), squeeze(plan.text[clause.start : clause.end]),
        (clause.start, clause.end), clause.rule, clause.confidence,
    )  # fmt: skip


def _last_day(plan: Plan, clause: OwnPlanClause) -> date | None:
    """The last day on time: "trước ngày" ends the day before; a number of days is counted from the plan's issue."""
    if clause.due_on:
        return clause.due_on - timedelta(days=1) if clause.strict else clause.due_on
    if clause.within_days is None or plan.issued_on is None:
        return None
    return (
        _working_days_after(plan.issued_on, clause.within_days)
        if clause.working
        else (plan.issued_on + timedelta(days=clause.within_days))
    )


def _working_days_after(day: date, count: int) -> date:
    """The day so many working days later."""
    calendar = work_calendar()
    while count:
        day += timedelta(days=1)
        count -= calendar.is_working(day)
    return day


def _kept(plan: Plan, row: OwnPlanAsk) -> Ask:
    span = (row.span_start, row.span_end) if row.span_start is not None and row.span_end is not None else None
    sentence = squeeze(plan.text[span[0] : span[1]]) if span else ""
    return Ask(tuple(row.phrases), row.addressee, row.last_day, sentence, span, "person", 1.0, row)


# who owes


class OwnState(StrEnum):
    """Whether an agency issued its own plan."""

    IMPORTED = "imported"  # it is in the system, below this one
    SAID = "said"  # its number was written down
    OPEN = "open"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Owed:
    """One agency's own plan: what was asked of it, by when, and what became of it."""

    agency: Agency
    ask: Ask
    state: OwnState
    plan: Plan | None = None
    issued: OwnPlanIssued | None = None
    days: int = 0

    @property
    def last_day(self) -> date | None:
        """The last day on time; None where the text names none."""
        return self.ask.last_day

    @property
    def late(self) -> bool:
        """Whether it was issued after the last day."""
        on = self.issued_on
        return bool(on and self.last_day and on > self.last_day)

    @property
    def issued_on(self) -> date | None:
        """The day of the agency's own plan, when there is one."""
        if self.plan:
            return self.plan.issued_on
        return self.issued.issued_on if self.issued else None

    @property
    def words(self) -> str:
        """What became of it, in words."""
        late = " (muộn)" if self.late else ""
        if self.plan:
            return f"đã ban hành {self.plan.number or self.plan.heading}{late}"
        if self.issued:
            return f"đã ban hành {self.issued.number} ngày {short_date(self.issued.issued_on)}{late}"
        return f"quá hạn {self.days} ngày" if self.state is OwnState.OVERDUE else "chưa ban hành"


@dataclass(frozen=True, slots=True)
class Owing:
    """All own plans that a plan asks for, by agency; `unmatched` are phrases that name no agency of the register."""

    rows: tuple[Owed, ...]
    unmatched: tuple[str, ...]

    def count(self, *states: OwnState) -> int:
        """How many stand in one of these states."""
        return sum(row.state in states for row in self.rows)


def owing_of(plan: Plan, kin: Kin, asks: Iterable[Ask], on: date) -> Owing:
    """Who owes a plan of its own, as of the plan's day, and where each stands on a day.

    An agency that two clauses ask owes one plan, by the earlier day. Its plan is found by the graph (a plan below that
    it issued), else by the number that somebody wrote down.
    """
    asked = list(asks)
    named = agencies_named({phrase for ask in asked for phrase in ask.phrases}, plan.area, as_of(plan)) if asked else {}
    of_agency: dict[int, Ask] = {}
    for ask in sorted(asked, key=lambda one: one.last_day or date.max):
        for phrase in ask.phrases:
            for pk in named.get(phrase, ()):
                of_agency.setdefault(pk, ask)
    agencies = Agency.objects.select_related("area").in_bulk(list(of_agency))
    issued = {row.agency_id: row for row in plan.own_plans_issued.all()}
    below = _Issuers(kin.below(plan.pk))
    rows = [_owed(agencies[pk], of_agency[pk], below.plan_of(agencies[pk]), issued.get(pk), on) for pk in agencies]
    unmatched = tuple(dict.fromkeys(phrase for phrase, ids in named.items() if not ids))
    return Owing(tuple(sorted(rows, key=_place)), unmatched)


def _owed(agency: Agency, ask: Ask, plan: Plan | None, issued: OwnPlanIssued | None, on: date) -> Owed:
    if plan or issued:
        return Owed(agency, ask, OwnState.IMPORTED if plan else OwnState.SAID, plan, None if plan else issued)
    days = (on - ask.last_day).days if ask.last_day else 0
    return Owed(agency, ask, OwnState.OVERDUE if days > 0 else OwnState.OPEN, days=max(days, 0))


_ORDER = {OwnState.OVERDUE: 0, OwnState.OPEN: 1, OwnState.SAID: 2, OwnState.IMPORTED: 3}


def _place(row: Owed) -> tuple[int, str, tuple[int, ...]]:
    return _ORDER[row.state], row.agency.area.path if row.agency.area else "", collation_key(row.agency.name)


class _Issuers:
    """The plans below one, by who issued them."""

    def __init__(self, plans: Iterable[Plan]) -> None:
        self._by_name: dict[str, Plan] = {}
        self._by_area: dict[tuple[str, str], Plan] = {}
        for plan in plans:
            self._by_name.setdefault(_key(plan.issuer), plan)
            self._by_area.setdefault((plan.area.path, self._head(plan.issuer, plan.area)), plan)

    def plan_of(self, agency: Agency) -> Plan | None:
        """The plan that an agency issued: by its full name anywhere, by its name without the place in its own area."""
        if found := self._by_name.get(_key(agency.name)):
            return found
        if agency.area is None:
            return None
        return self._by_area.get((agency.area.path, self._head(agency.name, agency.area)))

    def _head(self, name: str, area: Area) -> str:
        """A name without its place; a steering committee speaks for the people's committee of its area."""
        key = _key(name)
        if key.startswith(_COMMITTEES):
            return "uỷ ban nhân dân"
        place = area.name.partition("(")[0].strip().removeprefix(f"{area.kind} ")
        return wording.without_place(key, [wording.opened(place, national_register().vocabulary)])


def _key(name: str) -> str:
    return wording.key(name, national_register().vocabulary)
