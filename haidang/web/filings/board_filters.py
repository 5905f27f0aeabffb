"""What is left of the chasing board by what its address asks for: due dates, agencies, and what of theirs is late."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from haidang.accounts.actors import Actor
from haidang.filings.chasing.chosen import BoardAgency, agencies_on_board, late_on_board
from haidang.filings.chasing.details import agencies_in_role, top_areas_of
from haidang.filings.chasing.span import Span, span_of
from haidang.filings.cycles.due_dates import LEVEL_WORDS
from haidang.web.filings.board_asked import ROLES, Asked

if TYPE_CHECKING:
    from haidang.agencies.models import Area
    from haidang.filings.models import Cycle

_LEVEL_RANK = {level: rank for rank, level in enumerate(LEVEL_WORDS)}


@dataclass(frozen=True, slots=True)
class Found:
    """Everybody who owes in some cycles, the provinces they lie in, and of them those asked for, by level.

    `late` is where something is late, as the agency and the cycle, when that is asked for.
    """

    everybody: list[BoardAgency]
    areas: list[Area]
    late: Set[tuple[int, int]]
    kept: list[BoardAgency]

    @property
    def whole(self) -> bool:
        """Whether nobody is left out."""
        return len(self.kept) == len(self.everybody)

    @property
    def levels(self) -> list[tuple[str, str]]:
        """The levels there are, with their words, from the top down."""
        there = {agency.level for agency in self.everybody}
        return [(level, words) for level, words in LEVEL_WORDS.items() if level in there]


def span_asked(actor: Actor, visible: Sequence[Cycle], asked: Asked) -> Span:
    """The cycles of the plan and with the form asked for whose due dates are shown at once."""
    of_plan = [cycle for cycle in visible if asked.plan in (None, cycle.plan_id)]
    with_form = [cycle for cycle in of_plan if not asked.form or asked.form in cycle.forms]
    return span_of(actor, with_form, asked.until, level=asked.level, area_id=asked.area)


def agencies_asked(actor: Actor, cycles: Sequence[Cycle], asked: Asked, on: date) -> Found:
    """See Found; two to five queries."""
    everybody = agencies_on_board(actor, cycles)
    areas = top_areas_of(everybody)
    late = late_on_board(actor, cycles, on) if asked.late_only else set()
    kept = _in_place(everybody, asked, areas)
    if asked.role:
        plans = {cycle.plan_id for cycle in cycles}
        theirs = agencies_in_role(plans, ROLES[asked.role].code)
        kept = [agency for agency in kept if agency.pk in theirs]
    if asked.late_only:
        something = {agency for agency, _cycle in late}
        kept = [agency for agency in kept if agency.pk in something]
    return Found(everybody, areas, late, sorted(kept, key=lambda agency: _LEVEL_RANK[agency.level]))


def _in_place(agencies: Iterable[BoardAgency], asked: Asked, areas: Iterable[Area]) -> list[BoardAgency]:
    """Those of the level and of the province (one of `areas`) asked for."""
    kept = [agency for agency in agencies if not asked.level or agency.level == asked.level]
    if asked.area is None:
        return kept
    paths = {area.path for area in areas if area.pk == asked.area}
    return [agency for agency in kept if agency.area_path and agency.top_path in paths]
