"""What the chasing board tells of its rows and squares beyond their letters: heirs, receipts, contacts, kept views.

Reads for the rows that are shown; each costs one query.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, F, Max

from haidang.accounts.actors import Actor
from haidang.agencies.models import Agency, AgencyLineage, Area
from haidang.filings.chasing.addressees import writers_of
from haidang.filings.models import BoardView, Cycle, Reminder, Version
from haidang.filings.queries import DayInVietNam
from haidang.filings.succession import with_heirs
from haidang.kernel.dates import short_date
from haidang.plans.models import Assignment

if TYPE_CHECKING:
    from haidang.filings.chasing.chosen import BoardAgency


MOST_HEIRS = 2  # of one agency that are named; more are counted


@dataclass(frozen=True, slots=True)
class Heir:
    """An agency that took over from another."""

    pk: int
    name: str
    level: str


def heirs_named(agencies: Iterable[Agency], on: date) -> dict[int, list[Heir]]:
    """For each agency that is gone by the day: who took over its main function, at its own level when anybody did."""
    gone = {agency.pk: agency.level for agency in agencies if agency.valid_to is not None and agency.valid_to < on}
    if not gone:
        return {}
    edges = AgencyLineage.objects.filter(old_id__in=gone, function=F("old__function"))
    found: dict[int, list[Heir]] = defaultdict(list)
    rows = edges.order_by("new__area__path", "new_id").values_list("old_id", "new_id", "new__name", "new__level")
    for old, new, name, level in rows:
        found[old].append(Heir(new, name, level))
    return {pk: [new for new in news if new.level == gone[pk]] or news for pk, news in found.items()}


def named(heirs: Sequence[Heir]) -> str:
    """The names of those that took over, MOST_HEIRS at most; more are counted."""
    more = f" và {len(heirs) - MOST_HEIRS} cơ quan khác" if len(heirs) > MOST_HEIRS else ""
    return ", ".join(one.name for one in heirs[:MOST_HEIRS]) + more


@dataclass(frozen=True, slots=True)
class Receipt:
    """The latest version that came in for an obligation: its number, who sent it and on which day."""

    number: int
    by: str
    on: date


def receipts_of(agency_ids: Iterable[int], cycles: Iterable[Cycle]) -> dict[int, Receipt]:
    """By obligation of these agencies in these cycles, the latest version sent."""
    rows = Version.objects.filter(
        filing__obligation__agency_id__in=list(agency_ids), filing__obligation__cycle__in=list(cycles)
    ).order_by("number")
    return {
        pk: Receipt(number, name or account or "hệ thống", date.fromisoformat(day))
        for pk, number, name, account, day in rows.values_list(
            "filing__obligation_id",
            "number",
            "submitted_by__display_name",
            "submitted_by__username",
            DayInVietNam(F("submitted_at")),
        )
    }


@dataclass(frozen=True, slots=True)
class Chased:
    """How often an agency was chased about an obligation, by kind in words, and on which day last."""

    times: tuple[tuple[str, int], ...]
    last: date

    @property
    def words(self) -> str:
        """ "bản tin tự động 3 lần, công văn đôn đốc 1 lần; gần nhất 20/6/2025"."""
        told = ", ".join(f"{kind} {count} lần" for kind, count in self.times)
        return f"{told}; gần nhất {short_date(self.last)}"


def chased_among(agency_ids: Iterable[int], cycles: Iterable[Cycle]) -> dict[int, Chased]:
    """By obligation of these agencies in these cycles, how often it was chased; who never was is left out.

    What went to several people at once counts once.
    """
    rows = Reminder.objects.filter(obligation__agency_id__in=list(agency_ids), obligation__cycle__in=list(cycles))
    counted = rows.order_by().values_list("obligation_id", "kind").annotate(Count("sent_at", distinct=True))
    found: dict[int, dict[str, tuple[int, str]]] = defaultdict(dict)
    for pk, kind, count, last in counted.annotate(last=Max(DayInVietNam(F("sent_at")))):
        found[pk][kind] = (count, last)
    return {
        pk: Chased(
            tuple((words, kinds[kind][0]) for kind, words in Reminder.KINDS if kind in kinds),
            date.fromisoformat(max(last for _, last in kinds.values())),
        )
        for pk, kinds in found.items()
    }


def contacts_of(agency_ids: Iterable[int], on: date) -> dict[int, str]:
    """By agency, the people who enter or approve for it on the day, with their e-mail address where there is one."""
    found: dict[int, dict[str, None]] = defaultdict(dict)
    for membership in writers_of(agency_ids, on):
        user = membership.user
        found[membership.agency_id][f"{user} ({user.email})" if user.email else str(user)] = None
    return {pk: "; ".join(people) for pk, people in found.items()}


def agencies_in_role(plan_ids: Iterable[int], role: str) -> set[int]:
    """The agencies that lead ("lead") or help with ("coordinating") a task of these plans, and all that took over."""
    rows = Assignment.objects.filter(task__plan_id__in=list(plan_ids), task__ignored=False, role=role)
    named_in = rows.order_by().values_list("agencies", flat=True).distinct()
    return with_heirs(pk for pk in named_in if pk is not None)


def top_areas_of(agencies: Iterable[BoardAgency]) -> list[Area]:
    """The provinces that these agencies lie in, by name, when there are several."""
    paths = {agency.top_path for agency in agencies if agency.area_path}
    return list(Area.objects.filter(path__in=paths).order_by("name", "-valid_from")) if len(paths) > 1 else []


def views_of(actor: Actor) -> list[BoardView]:
    """The views of the board that the person has kept, by name."""
    return list(BoardView.objects.filter(person_id=actor.user_id)) if actor.user_id else []
