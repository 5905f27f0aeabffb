"""Opening cycles with their consequences told: who owes them, until when at each level, and what to mind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from haidang.accounts.actors import Actor, require
from haidang.agencies.models import Agency
from haidang.catalogue.holidays import work_calendar
from haidang.filings.actions.cycles import check_owed, check_specs, open_cycles
from haidang.filings.actions.handing import HandedOver, hand_over_all
from haidang.filings.cycles.due_dates import due_of, due_problem, warnings_of
from haidang.filings.cycles.owing import (
    Owing,
    asked_elsewhere,
    candidates_of,
    owed_by,
    same_window_words,
    unfiled_words,
)
from haidang.filings.models import Cycle
from haidang.filings.policies import may_open_cycles
from haidang.filings.rules import CycleSpec
from haidang.kernel import clock
from haidang.kernel.calendars import DueDate
from haidang.plans.models import Plan
from haidang.plans.queries import owing_agencies


@dataclass(frozen=True, slots=True)
class Opened:
    """A cycle that was, or would be, opened: its due date, who owes it, what to mind; `cycle` None in a preview."""

    spec: CycleSpec
    due: DueDate
    owing: tuple[Owing, ...]
    forms: tuple[str, ...]
    asked_elsewhere: int
    warnings: tuple[str, ...]
    cycle: Cycle | None = None

    @property
    def agencies(self) -> int:
        """How many agencies owe it."""
        return len(self.owing)

    @property
    def by_level(self) -> list[tuple[str, int, DueDate]]:
        """For each level that owes it, from the top down: the level, how many agencies, and by when."""
        levels: dict[str, list[Owing]] = {}
        for one in self.owing:
            levels.setdefault(one.agency.level, []).append(one)
        order = ("central", "province", "district", "commune")
        return [(level, len(levels[level]), levels[level][0].due) for level in order if level in levels]

    def to_json(self) -> dict[str, Any]:
        """The same for programs."""
        return {
            "cycle": self.cycle.pk if self.cycle else None,
            "label": self.spec.label,
            "from": self.spec.window.start.isoformat(),
            "to": self.spec.window.end.isoformat(),
            "due_on": self.due.on.isoformat(),
            "strict": self.due.strict,
            "last_day_by_level": {level: due.last_day.isoformat() for level, _count, due in self.by_level},
            "agencies": self.agencies,
            "asked_elsewhere": self.asked_elsewhere,
            "forms": list(self.forms),
            "warnings": list(self.warnings),
        }


@dataclass(frozen=True, slots=True)
class Opening:
    """The cycles that were, or would be, opened together, and what was handed over with them."""

    cycles: tuple[Opened, ...]
    handing: HandedOver


def preview_cycle(plan: Plan, spec: CycleSpec, agencies: Iterable[Agency] | None = None) -> Opened:
    """What opening the cycle would do; `agencies` as in open_cycles, by default those that the plan's duties name."""
    calendar = work_calendar()
    due = due_of(spec, calendar)
    told = [due_problem(spec, calendar), *warnings_of(spec, calendar, clock.today())]
    named = agencies if agencies is not None else owing_agencies(plan, due.last_day)
    codes, owing = owed_by(spec, candidates_of(plan, named))
    twice = asked_elsewhere(plan, spec, codes)
    kept = tuple(one for one in owing if one.agency.pk not in twice)
    told.append(unfiled_words(spec, owing))
    return Opened(spec, due, kept, tuple(codes), len(owing) - len(kept), tuple(filter(None, told)))


@transaction.atomic
def open_or_preview(
    actor: Actor,
    plan: Plan,
    specs: Sequence[CycleSpec],
    agencies: Sequence[Agency] | None = None,
    *,
    dry_run: bool = False,
) -> Opening:
    """Open the cycles, all or none, each for the agencies that owe it on its last day on time; refused as open_cycles.

    What dissolved agencies still owe of the plan's earlier cycles goes to their heirs with it. In a dry run nothing is
    opened, and the same is told and refused.
    """
    require(may_open_cycles(actor, plan))
    check_specs(plan, specs)
    twins = same_window_words(plan, specs)
    handing = hand_over_all(actor, clock.today(), plan=plan, dry_run=dry_run)
    told = []
    for spec in specs:
        seen = preview_cycle(plan, spec, agencies)
        seen = replace(seen, warnings=(*seen.warnings, *filter(None, [twins[spec.label]])))
        check_owed(spec, bool(seen.agencies or seen.asked_elsewhere), bool(seen.agencies))
        if dry_run:
            told.append(seen)
            continue
        named = agencies if agencies is not None else owing_agencies(plan, seen.due.last_day)
        (cycle,) = open_cycles(actor, plan, [spec], named)
        told.append(replace(seen, cycle=cycle))
    return Opening(tuple(told), handing)
