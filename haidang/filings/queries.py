"""Reading what is owed and filed. The actor comes first, and sees only own agencies and what it stands over.

Each function costs a fixed number of queries, whatever the number of rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import CharField, F, Func, Q, QuerySet

from haidang.accounts.actors import Actor
from haidang.agencies.models import Agency
from haidang.agencies.queries import stood_over
from haidang.filings import content
from haidang.filings.cycles.proposals import proposed_cycles
from haidang.filings.expectations import expectations_of, findings_on
from haidang.filings.models import Cycle, Filing, FilingState, Obligation, Version
from haidang.filings.rules import ON_TIME, Standing, changed_codes, last_day_of, standing_of
from haidang.filings.succession import gone_into, handed_to
from haidang.kernel.calendars import DueDate
from haidang.kernel.clock import VIET_NAM

__all__ = [
    "BoardRow",
    "CellChange",
    "CellEvent",
    "Coverage",
    "Owed",
    "Square",
    "board",
    "cell_history",
    "coverage",
    "cycles_of",
    "difference",
    "filing_findings",
    "filing_for",
    "filings_awaiting",
    "first_awaiting",
    "my_obligations",
    "obligation_for",
    "owed",
    "proposed_cycles",
    "standing",
    "version_for",
    "versions_of",
    "visible_obligations",
]

MOST_EVENTS = 100
_HEAVY_PLAN = ("cycle__plan__text", "cycle__plan__reading")
_HEAVY_VERSION = ("cells", "sections", "explanations", "typed", "files", "tasks", "forms")
_HEAVY_FILING = ("filing__cells", "filing__sections", "filing__explanations")


@dataclass(frozen=True, slots=True)
class Owed:
    """One obligation as a list shows it: where it stands on the day, its last day on time, and why it is owed."""

    obligation: Obligation
    filing: Filing
    standing: Standing
    last_day: date
    days_left: int
    why: str


def visible_obligations(actor: Actor, among: Q | None = None) -> QuerySet[Obligation]:
    """The obligations the actor may see: own agencies', those of agencies that went into them or handed them over, and
    those in the areas of the standing agencies it sits in; only `among` these, when given.
    """
    rows = _with_all_around()
    rows = rows.filter(among) if among is not None else rows
    if actor.system or "" in actor.standing_paths():
        return rows
    # One list of rows, put together from parts that an index leads to each: conditions joined by "or" would be tried on
    # every obligation of the country.
    own, every = actor.agency_ids, Agency.objects.order_by()
    agencies = every.filter(pk__in=own).values("pk").union(every.filter(stood_over(actor)).values("pk"), gone_into(own))
    owed, handed = Obligation.objects.order_by().filter(agency_id__in=agencies), handed_to(own)
    if among is not None:
        owed, handed = owed.filter(among), handed.filter(among)
    return rows.filter(pk__in=owed.values("pk").union(handed.values("pk")))


def _with_all_around() -> QuerySet[Obligation]:
    return Obligation.objects.select_related("cycle__plan", "agency__area", "filing").defer(*_HEAVY_PLAN)


def obligation_for(actor: Actor, pk: int) -> Obligation:
    """The obligation with its filing; Obligation.DoesNotExist when there is none or the actor may not see it."""
    obligation = _with_all_around().get(pk=pk)
    agency = obligation.agency
    own = agency.pk in actor.agency_ids or actor.standing_over(agency.area.path if agency.area else "")
    # Nearly everybody opens what is theirs, which the row itself tells; only for the others the register is asked.
    return obligation if own else visible_obligations(actor, Q(pk=pk)).get()


def filing_for(actor: Actor, pk: int) -> Filing:
    """The filing with its obligation; Filing.DoesNotExist when there is none or the actor may not see it."""
    try:
        obligation = visible_obligations(actor, Q(filing__pk=pk)).get()
    except Obligation.DoesNotExist:
        raise Filing.DoesNotExist from None
    return _filing_of(obligation)


def version_for(actor: Actor, pk: int) -> Version:
    """The version with its filing; Version.DoesNotExist when there is none or the actor may not see it."""
    version = Version.objects.select_related("submitted_by", "ruling__decided_by").get(pk=pk)
    try:
        version.filing = filing_for(actor, version.filing_id)
    except Filing.DoesNotExist:
        raise Version.DoesNotExist from None
    return version


def my_obligations(actor: Actor, on: date) -> list[Owed]:
    """What the actor's own agencies owe, by last day on time; one query."""
    mine = Q(agency_id__in=actor.agency_ids)
    rows = visible_obligations(actor, mine).select_related("cycle__duty").defer(*_HEAVY_PLAN, *_HEAVY_FILING)
    return sorted((owed(row, on) for row in rows), key=lambda one: (one.last_day, one.obligation.pk))


def owed(obligation: Obligation, on: date) -> Owed:
    """The obligation as it stands on the day."""
    filing, cycle = _filing_of(obligation), obligation.cycle
    last_day = last_day_of(obligation.due, obligation.extended_to)
    why = f"{cycle.asked_by}: {cycle.label}"
    return Owed(obligation, filing, standing(obligation, on), last_day, (last_day - on).days, why)


def standing(obligation: Obligation, on: date) -> Standing:
    """The state letter of one obligation (loaded with its cycle and filing) on the day."""
    filing = _filing_of(obligation)
    found = standing_of(
        obligation.due,
        on,
        state=filing.state,
        received_on=filing.received_at.astimezone(VIET_NAM).date() if filing.received_at else None,
        nil=filing.nil,
        waived=bool(obligation.waived_reason),
        extended_to=obligation.extended_to,
    )
    return replace(found, note=obligation.waived_reason) if obligation.handed_to_id else found


def filings_awaiting(actor: Actor) -> list[Version]:
    """The versions that wait for a ruling by the standing agencies of this actor, oldest first; three queries."""
    return first_awaiting(actor, None)[1]


def first_awaiting(actor: Actor, most: int | None) -> tuple[int, list[Version]]:
    """How many versions wait so, and the first of them (`most`; None: all), oldest first; three queries."""
    if not actor.system and not any(seat.standing for seat in actor.seats):
        return 0, []
    rows = Filing.objects.filter(stood_over(actor, "obligation__agency__area"), state=FilingState.SUBMITTED)
    # Step by step: with all in one, a database may begin with every version that was ever sent.
    waiting = list(rows.order_by().values_list("pk", flat=True))
    unruled = Version.objects.filter(ruling__isnull=True, filing_id__in=waiting).order_by("submitted_at", "pk")
    first = list(unruled.values_list("pk", flat=True)[:most])
    versions = Version.objects.select_related(
        "submitted_by", "filing__obligation__cycle__plan", "filing__obligation__agency__area"
    ).defer(*_HEAVY_VERSION, *(f"filing__obligation__{name}" for name in _HEAVY_PLAN), *_HEAVY_FILING)
    return len(waiting), list(versions.filter(pk__in=first).order_by("submitted_at", "pk"))


@dataclass(frozen=True)
class Coverage:
    """How much of a cycle has come in. Waived obligations are not expected; rates never pass 100 %."""

    expected: int
    received: int
    accepted: int
    on_time: int
    waived: tuple[tuple[Agency, str], ...]
    missing: tuple[Agency, ...]

    @property
    def received_share(self) -> float | None:
        """Per cent received of those expected; None when nothing is expected."""
        return 100 * self.received / self.expected if self.expected else None


def coverage(actor: Actor, cycle: Cycle, on: date) -> Coverage:
    """The coverage of a cycle among the obligations the actor may see; one query."""
    rows = list(visible_obligations(actor).filter(cycle=cycle).defer(*_HEAVY_PLAN, *_HEAVY_FILING))
    due = [row for row in rows if not row.waived_reason]
    received = [row for row in due if _filing_of(row).received_at]
    return Coverage(
        expected=len(due),
        received=len(received),
        accepted=sum(_filing_of(row).state == FilingState.ACCEPTED for row in due),
        on_time=sum(standing(row, on).letter in ON_TIME for row in received),
        waived=tuple((row.agency, row.waived_reason) for row in rows if row.waived_reason),
        missing=tuple(row.agency for row in due if not _filing_of(row).received_at),
    )


@dataclass(frozen=True, slots=True)
class Square:
    """One obligation as the board shows it: what of it and its filing says where it stands."""

    pk: int
    agency_id: int
    cycle: Cycle
    due: DueDate
    extended_to: date | None
    received_on: date | None
    waived_reason: str
    extension_reason: str


@dataclass(frozen=True)
class BoardRow:
    """One agency of the chasing board: its obligation and state in each cycle; None where it owes nothing."""

    agency: Agency
    places: tuple[tuple[Square, Standing] | None, ...]


def board(actor: Actor, cycles: Sequence[Cycle], on: date, agency_ids: Sequence[int] | None = None) -> list[BoardRow]:
    """Agencies against cycles in the order given: those named, in their order; else all, by area and code. Two queries.

    A province has thousands of squares, so no row of theirs is made: only what is shown is read.
    """
    rows = visible_obligations(actor, None if agency_ids is None else Q(agency_id__in=agency_ids))
    rows = rows.filter(cycle__in=cycles)
    read = list(rows.order_by().values_list(*_SQUARE, RECEIVED_DAY))
    agencies = _shared_agencies({values[2] for values in read})
    at = {cycle.pk: place for place, cycle in enumerate(cycles)}
    lines: dict[int, list[tuple[Square, Standing] | None]] = {pk: [None] * len(at) for pk in agencies}
    standings: dict[Any, Standing] = {}
    for values in read:
        place = at[values[1]]
        lines[values[2]][place] = _square(values, cycles[place], standings, on)
    order = agencies if agency_ids is None else [pk for pk in agency_ids if pk in agencies]
    return [BoardRow(agencies[pk], tuple(lines[pk])) for pk in order]


_SQUARE = (
    "pk", "cycle_id", "agency_id", "due_on", "extended_to", "waived_reason", "extension_reason", "handed_to_id",
    "filing__state", "filing__nil",
)  # fmt: skip


class DayInVietNam(Func):
    """The day in Viet Nam of a moment, as the text "2025-06-30".

    The database works it out, so that rows can be counted by day and no moment is made for each row of a long list.
    """

    output_field = CharField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """SQLite keeps moments as text in UTC."""
        return self.as_sql(compiler, connection, template="date(%(expressions)s, '+7 hours')", **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """PostgreSQL keeps moments; in UTC they lose their zone, not their time."""
        template = "to_char((%(expressions)s AT TIME ZONE 'UTC') + interval '7 hours', 'YYYY-MM-DD')"
        return self.as_sql(compiler, connection, template=template, **extra)


RECEIVED_DAY = DayInVietNam(F("filing__received_at"))


@lru_cache(maxsize=8192)
def day_received(text: str | None) -> date | None:
    """The day that was read as RECEIVED_DAY."""
    return date.fromisoformat(text) if text else None


def _square(values: tuple[Any, ...], cycle: Cycle, standings: dict[Any, Standing], on: date) -> tuple[Square, Standing]:
    """One square with its standing; few differ, and each is worked out once."""
    pk, _cycle, agency_id, due_on, extended_to, waived, why_extended, handed_to, state, nil, received = values
    received_on = day_received(received)
    note = waived if handed_to else ""
    alike = (cycle.pk, due_on, extended_to, bool(waived), note, state, received_on, nil)
    due = DueDate(due_on or cycle.due_on, cycle.strict)
    found = standings.get(alike)
    if found is None:
        plain = standing_of(
            due, on, state=state, received_on=received_on, nil=nil, waived=bool(waived), extended_to=extended_to
        )
        found = standings[alike] = replace(plain, note=note)
    return Square(pk, agency_id, cycle, due, extended_to, received_on, waived, why_extended), found


def _shared_agencies(ids: Iterable[int]) -> dict[int, Agency]:
    """These agencies, each once, by area and code."""
    owing = Agency.objects.filter(pk__in=list(ids)).select_related("area")
    return {agency.pk: agency for agency in owing.order_by("area__path", "code", "pk")}


def cycles_of(actor: Actor, plan_id: int) -> list[Cycle]:
    """The cycles of a plan in which the actor may see at least one obligation, by due date and window."""
    seen = visible_obligations(actor).filter(cycle__plan_id=plan_id).order_by().values("cycle_id")
    return list(Cycle.objects.filter(pk__in=seen))


def filing_findings(filing: Filing) -> list[content.FilingFinding]:
    """Everything in the draft to put right or explain, earlier cycles and agencies below considered."""
    return findings_on(filing, expectations_of(filing.obligation))


def versions_of(filing: Filing) -> list[Version]:
    """The versions of a filing with who sent and who ruled, oldest first; content is loaded on demand."""
    return list(
        Version.objects.filter(filing=filing)
        .select_related("submitted_by", "ruling__decided_by")
        .defer("cells", "sections", "explanations")
    )


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell or section that differs: its code, its name in words, what it was and is (None: blank)."""

    code: str
    name: str
    before: Any
    after: Any


def difference(before: Version | Filing, after: Version | Filing, forms: Iterable[Any]) -> list[CellChange]:
    """What differs between two versions, or a version and the draft, in the order of the forms, then sections."""
    was = {**before.cells, **before.sections}
    now = {**after.cells, **after.sections}
    names = {
        f"{form.code}.{cell}": f"Biểu {form.code}, {form.cell_name(cell)}" for form in forms for cell in form.cells
    }
    differing = changed_codes(was, now)
    ordered = [code for code in names if code in differing] + sorted(differing - names.keys())
    cells = [CellChange(code, names.get(code, f"mục {code}"), was.get(code), now.get(code)) for code in ordered]
    typed = [
        CellChange(f"Σ {code}", f"{names.get(code, code)}, số ghi", before.typed.get(code), after.typed.get(code))
        for code in sorted(changed_codes(before.typed, after.typed))
    ]
    return cells + typed + _scope_change(before, after)


def _scope_change(before: Version | Filing, after: Version | Filing) -> list[CellChange]:
    """Whether the numbers hold those of the agencies below, where that changed."""
    if before.whole == after.whole:
        return []
    words = {True: "gồm cả cấp dưới", False: "số riêng"}
    return [CellChange("phạm vi", "Phạm vi của số liệu", words[before.whole], words[after.whole])]


@dataclass(frozen=True, slots=True)
class CellEvent:
    """One change of one cell within its draft."""

    at: datetime
    by: str
    before: Any
    after: Any
    source: str


def cell_history(filing: Filing, code: str) -> list[CellEvent]:
    """Who changed the cell or section, from what to what, latest first (MOST_EVENTS at most); one query."""
    edits = filing.edits.select_related("edited_by").filter(changes__has_key=code).order_by("-revision")
    return [
        CellEvent(
            at=edit.edited_at,
            by=str(edit.edited_by or "hệ thống"),
            before=edit.changes[code][0],
            after=edit.changes[code][1],
            source=edit.get_source_display(),
        )
        for edit in edits[:MOST_EVENTS]
    ]


def _filing_of(obligation: Obligation) -> Filing:
    filing = obligation.filing
    filing.obligation = obligation
    return filing
