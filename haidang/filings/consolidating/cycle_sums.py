"""The figures of a cycle as a standing agency puts them together: its own beside those of the agencies below it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from haidang.accounts.actors import Actor, require
from haidang.catalogue.forms import FormSpec, forms_in_force
from haidang.filings.consolidating.below import Place, without_contained
from haidang.filings.consolidating.sums import Total, summed
from haidang.filings.content import document_of, forms_for
from haidang.filings.models import Cycle, FilingState, Obligation, Version
from haidang.filings.policies import area_path_of, may_oversee
from haidang.filings.queries import visible_obligations


@dataclass(frozen=True, slots=True)
class Part:
    """One agency of the cycle and the version that counts for it; None: nothing received that counts yet.

    `waiting`: the version was sent and nobody has ruled on it. `changing`: it was accepted and is being corrected.
    """

    obligation: Obligation
    version: Version | None
    waiting: bool = False
    changing: bool = False

    @property
    def provisional(self) -> bool:
        """Whether the figures may still change."""
        return self.waiting or self.changing


@dataclass(frozen=True, slots=True)
class Consolidation:
    """A cycle put together: the standing agencies' own parts, and those of everybody else in their areas."""

    cycle: Cycle
    own: tuple[Part, ...]
    children: tuple[Part, ...]

    @property
    def missing(self) -> tuple[Part, ...]:
        """Expected and not received; the standing agency's own report among them."""
        return tuple(part for part in self._expected if part.version is None)

    @property
    def provisional(self) -> tuple[Part, ...]:
        """Counted, and may still change."""
        return tuple(part for part in self._expected if part.provisional)

    @property
    def waived(self) -> tuple[Part, ...]:
        """Not expected, each with its reason; footnoted."""
        return tuple(part for part in (*self.own, *self.children) if part.obligation.waived_reason)

    @property
    def whole(self) -> tuple[Part, ...]:
        """Counted, and holding the numbers of others below already, which are therefore not added."""
        received = [part for part in self._expected if part.version]
        return tuple(
            part for part in received if any(_place(part).holds(_place(other)) for other in received if other != part)
        )

    @property
    def _expected(self) -> tuple[Part, ...]:
        return tuple(part for part in (*self.own, *self.children) if not part.obligation.waived_reason)

    @property
    def forms(self) -> tuple[FormSpec, ...]:
        """The forms that the cycle asks for, in the versions in force on its due date."""
        return tuple(form for form in forms_in_force(self.cycle.due.last_day) if form.code in self.cycle.forms)


def consolidation(actor: Actor, cycle_id: int, *, with_waiting: bool) -> Consolidation:
    """The parts of a cycle in the areas that the actor stands over; `with_waiting` also counts what waits for a ruling.

    Refused outside standing agencies; Cycle.DoesNotExist when nothing of the cycle lies in those areas. Two queries.
    """
    require(may_oversee(actor))
    rows = [
        row
        for row in visible_obligations(actor)
        .filter(cycle_id=cycle_id)
        .defer("cycle__plan__text", "cycle__plan__reading", "filing__cells", "filing__sections", "filing__explanations")
        .order_by("agency__area__path", "agency__code", "agency_id")
        if actor.standing_over(area_path_of(row.agency))
    ]
    if not rows:
        raise Cycle.DoesNotExist
    versions = _counting({row.filing.pk for row in rows}, with_waiting)
    parts = [_part(row, versions.get(row.filing.pk)) for row in rows]
    seats = {seat.agency_id for seat in actor.seats if seat.standing}
    return Consolidation(
        rows[0].cycle,
        tuple(part for part in parts if part.obligation.agency_id in seats),
        tuple(part for part in parts if part.obligation.agency_id not in seats),
    )


def _counting(filing_ids: Iterable[int], with_waiting: bool) -> dict[int, Version]:
    """The latest version of each filing that was accepted, or still waits when that counts too."""
    counts = Q(ruling__outcome="accepted")
    if with_waiting:
        counts |= Q(ruling__isnull=True)
    rows = (
        Version.objects.filter(counts, filing_id__in=list(filing_ids))
        .select_related("ruling")
        .defer("sections", "explanations")
        .order_by("filing_id", "number")
    )
    return {version.filing_id: version for version in rows}


def _part(row: Obligation, version: Version | None) -> Part:
    if version is None or row.waived_reason:
        return Part(row, None)
    waiting = getattr(version, "ruling", None) is None
    return Part(row, version, waiting, not waiting and row.filing.state != FilingState.ACCEPTED)


@dataclass(frozen=True, slots=True)
class FormTotals:
    """One form of a consolidation, by cell: what the others add up to, the own figures, and both together."""

    form: FormSpec
    children: Mapping[str, Total]
    own: Mapping[str, Total]
    both: Mapping[str, Total]
    received: int
    expected: int


def totals_of(found: Consolidation, form: FormSpec) -> FormTotals:
    """Add a form up over the agencies that file it. Pure, once the consolidation is loaded."""
    children = [part for part in found.children if _files(part, form)]
    own = [part for part in found.own if _files(part, form)]
    parts = [*children, *own]
    documents = {id(part): document_of(form, part.version.cells, {}) for part in parts if part.version}
    below, held, both = (
        summed(form, [documents[id(part)] for part in without_contained(filter(_received, some), _place)])
        for some in (children, own, parts)
    )
    return FormTotals(form, below, held, both, received=len(documents), expected=len(parts))


def _received(part: Part) -> bool:
    return part.version is not None


def _place(part: Part) -> Place:
    agency = part.obligation.agency
    return Place(agency.function, area_path_of(agency), bool(part.version and part.version.whole))


@dataclass(frozen=True, slots=True)
class TypedTotal:
    """A total on an agency's own paper beside what its form works out (whole code), and what it says to that."""

    part: Part
    code: str
    typed: Any
    computed: Any
    explanation: str


def typed_totals(found: Consolidation, form: FormSpec) -> list[TypedTotal]:
    """The typed totals of one form that differ from the computed ones; one query where there are any."""
    differing = [
        (part, part.version, code)
        for part in (*found.own, *found.children)
        if part.version
        for code, typed in part.version.typed.items()
        if code.startswith(f"{form.code}.") and typed != part.version.cells.get(code)
    ]
    ids = {version.pk for _, version, _ in differing}
    rows = Version.objects.filter(pk__in=ids).values_list("pk", "explanations") if ids else ()
    told = dict(rows)
    return [
        TypedTotal(
            part, code, version.typed[code], version.cells.get(code),
            told[version.pk].get(f"{form.code}.typed_total:{code.removeprefix(f'{form.code}.')}", ""),
        )
        for part, version, code in differing
    ]  # fmt: skip


def _files(part: Part, form: FormSpec) -> bool:
    return not part.obligation.waived_reason and any(one.code == form.code for one in forms_for(part.obligation))
