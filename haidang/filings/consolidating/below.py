"""The agencies below the one that files: same function, inside its area, same cycle; and what they add up to.

A filing tells the numbers of its own agency alone, which are added to those of the agencies below; or it is marked as
holding theirs already (`whole`), and then theirs are compared with it and never added to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from django.db.models import Q

from haidang.accounts.actors import ALLOWED, Decision, refused
from haidang.catalogue.forms import FormSpec, form
from haidang.filings import content
from haidang.filings.consolidating.sums import Total, summed
from haidang.filings.models import Filing, FilingState, Obligation, Ruling, Version
from haidang.kernel.clock import VIET_NAM
from haidang.kernel.dates import short_date

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a received report stands: the function and area of its agency ("": a central one), and if it is whole."""

    function: str
    path: str
    whole: bool

    def holds(self, other: Place) -> bool:
        """Whether the numbers of the other report are already in this one."""
        return self.whole and self.function == other.function and lies_below(other.path, self.path)


def lies_below(path: str, above: str) -> bool:
    """Whether an area lies strictly inside another; every area lies inside the country ("")."""
    return path != above and (not above or path.startswith(f"{above}/"))


def without_contained(rows: Iterable[T], place_of: Callable[[T], Place]) -> list[T]:
    """The rows to add up: without those whose numbers another of them already holds."""
    placed = [(row, place_of(row)) for row in rows]
    wholes = [place for _, place in placed if place.whole]
    return [row for row, place in placed if not any(whole.holds(place) for whole in wholes)]


@dataclass(frozen=True, slots=True)
class Below:
    """What the agencies below have: their sums by whole code, who is missing, whose figures may still change, and who
    was waived (each with its reason; nobody waits for them).
    """

    sums: Mapping[str, Total] = field(default_factory=dict)
    received: int = 0
    missing: tuple[Obligation, ...] = ()
    provisional: tuple[Obligation, ...] = ()
    waived: tuple[Obligation, ...] = ()

    @property
    def expected(self) -> int:
        """How many reports there should be."""
        return self.received + len(self.missing)


def below_of(obligation: Obligation) -> Below | None:
    """What is accepted of the agencies below; None where there are none. Two queries, three when sums are made anew.

    The obligation must have its agency with area, and its cycle.
    """
    below = list(_rows_below(obligation))
    if not below:
        return None
    rows = [row for row in below if not row.waived_reason]
    accepted = _accepted({row.filing.pk for row in rows})
    received = [row for row in rows if row.filing.pk in accepted]
    counted = without_contained(
        received, lambda row: Place(row.agency.function, _path(row), accepted[row.filing.pk].whole)
    )
    forms = tuple((one.code, one.version) for one in content.forms_for(obligation))
    sums = _sums(
        tuple(sorted((accepted[row.filing.pk].sha256, accepted[row.filing.pk].version) for row in counted)), forms
    )
    return Below(
        sums=sums,
        received=len(received),
        missing=tuple(row for row in rows if row.filing.pk not in accepted),
        provisional=tuple(row for row in received if row.filing.state != "accepted"),
        waived=tuple(row for row in below if row.waived_reason and row.handed_to_id is None),
    )


def _rows_below(obligation: Obligation) -> Iterable[Obligation]:
    agency = obligation.agency
    if agency.level == "commune":
        return ()
    path = _path(obligation)
    inside = Q(agency__area__path__startswith=f"{path}/") if path else Q(agency__area__isnull=False)
    return (
        Obligation.objects.filter(inside, cycle_id=obligation.cycle_id, agency__function=agency.function)
        .exclude(agency_id=agency.pk)
        .select_related("agency__area", "filing")
        .only(
            "id",
            "cycle_id",
            "waived_reason",
            "handed_to_id",
            "agency__name",
            "agency__function",
            "agency__area__path",
            "filing__state",
        )
        .order_by("agency__area__path", "agency_id")
    )


@dataclass(frozen=True, slots=True)
class Holding:
    """The accepted report above that holds the numbers of an obligation's report already, and since when."""

    obligation: Obligation
    since: datetime

    @property
    def why(self) -> str:
        """Why the report below is closed, and since when."""
        on = short_date(self.since.astimezone(VIET_NAM).date())
        name = self.obligation.agency.name
        return f"Số của báo cáo này đã nằm trong báo cáo gồm cả cấp dưới của {name}, được tiếp nhận ngày {on}."

    @property
    def who(self) -> str:
        """Who opens it, and what first."""
        return f"Cơ quan thường trực mở lại báo cáo của {self.obligation.agency.name} trước."


def held_by(obligation: Obligation) -> Holding | None:
    """The report above (same function, same cycle) that is accepted and holds these numbers; None without one.

    At most two queries; none for the centre.
    """
    found = next((one for one in filings_above(obligation) if one.whole and one.state == FilingState.ACCEPTED), None)
    if found is None:
        return None
    ruling = Ruling.objects.filter(version__filing=found.pk, outcome="accepted").latest("version__number")
    return Holding(found.obligation, ruling.decided_at)


def filings_above(obligation: Obligation) -> list[Filing]:
    """The reports above (same function, same cycle), the nearest first, without their content; one query.

    Nothing stands above the centre, which has no area.
    """
    path = _path(obligation)
    if not path:
        return []
    parts = path.split("/")
    above = ["/".join(parts[:depth]) for depth in range(1, len(parts))]
    rows = (
        Filing.objects.filter(
            Q(obligation__agency__area__path__in=above) | Q(obligation__agency__area__isnull=True),
            obligation__cycle_id=obligation.cycle_id,
            obligation__agency__function=obligation.agency.function,
        )
        .select_related("obligation__agency__area")
        .defer("cells", "sections", "explanations", "explained", "typed")
    )
    return sorted(rows, key=lambda one: -len(_path(one.obligation)))


def not_held(obligation: Obligation, doing: str) -> Decision:
    """Whether what was accepted of this obligation may still change: no accepted report above holds it."""
    holding = held_by(obligation)
    return ALLOWED if holding is None else refused(f"Chưa {doing} được. {holding.why} {holding.who}")


@dataclass(frozen=True, slots=True)
class _Accepted:
    version: int
    sha256: str
    whole: bool


def _accepted(filing_ids: Iterable[int]) -> dict[int, _Accepted]:
    """The version accepted last of each filing."""
    rows = Ruling.objects.filter(outcome="accepted", version__filing_id__in=list(filing_ids)).order_by(
        "version__number"
    )
    return {
        filing: _Accepted(pk, sha256, whole)
        for filing, pk, sha256, whole in rows.values_list(
            "version__filing_id", "version_id", "version__sha256", "version__whole"
        )
    }


@lru_cache(maxsize=128)
def _sums(versions: tuple[tuple[str, int], ...], forms: tuple[tuple[str, int], ...]) -> Mapping[str, Total]:
    """The sums over these versions (hash and id), so that a cell saved above need not add them up again."""
    ids = [pk for _, pk in versions]
    cells: list[dict[str, Any]] = list(Version.objects.filter(pk__in=ids).values_list("cells", flat=True))
    found: dict[str, Total] = {}
    for code, number in forms:
        spec: FormSpec = form(code, number)
        documents = [document for one in cells if (document := content.document_of(spec, one, {}))]
        found |= {f"{code}.{cell}": total for cell, total in summed(spec, documents).items()}
    return found


def _path(obligation: Obligation) -> str:
    return obligation.agency.area.path if obligation.agency.area else ""
