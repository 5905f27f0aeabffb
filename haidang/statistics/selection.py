"""Which obligations, exercises and versions answer a question, before any number is read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any, Literal

from django.db.models import Q

from haidang.accounts.actors import Actor, require
from haidang.agencies.models import Area
from haidang.catalogue.forms import FormSpec, files
from haidang.catalogue.forms import form as newest_form
from haidang.filings.consolidating.below import lies_below
from haidang.filings.models import Cycle, Obligation, Ruling
from haidang.kernel import clock
from haidang.kernel.clock import VIET_NAM
from haidang.kernel.windows import Window
from haidang.statistics.policies import may_see_figures, under, visible_agencies
from haidang.statistics.rules import Exercise, Selection, select_exercises

Versions = Literal["latest", "first"] | date


@dataclass(frozen=True, slots=True)
class Received:
    """The version of a filing that a question uses, and the ruling that accepted it.

    `whole`: its numbers hold those of the agencies below already.
    """

    version_id: int
    number: int
    ruling_id: int
    accepted_at: datetime
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Owed:
    """One obligation with what came of it; `form` is set where it answers for one form."""

    obligation_id: int
    agency_id: int
    agency_code: str
    agency_name: str
    function: str
    level: str
    area_path: str
    root: str
    exercise: Exercise
    forms: frozenset[str]
    waived: bool
    received: Received | None
    form: str = ""
    handed_over: bool = False
    waived_reason: str = ""

    @property
    def off(self) -> bool:
        """Whether it is not expected: waived, or handed over, and nothing of it was accepted."""
        return self.waived and self.received is None

    def owes(self, form: FormSpec) -> bool:
        """Whether the cycle asks for the form and agencies of this kind filed it on its due date."""
        return form.code in self.forms and files(form, self.function, self.level, self.exercise.due_on)


@dataclass(frozen=True)
class Scope:
    """The obligations that the actor may see in an area, over the days asked about (and the baseline's)."""

    owed: tuple[Owed, ...]

    @cached_property
    def _by_form(self) -> dict[str, dict[str, list[Exercise]]]:
        """Exercises that count, by form and by the province whose plan asked."""
        heard = {owed.exercise.cycle_id for owed in self.owed if owed.received}
        known: dict[str, dict[str, dict[int, Exercise]]] = defaultdict(lambda: defaultdict(dict))
        for owed in self.owed:
            exercise = owed.exercise
            if exercise.cycle_id in heard or exercise.due_on <= clock.today():
                for form in owed.forms:
                    known[form][owed.root][exercise.cycle_id] = exercise
        return {f: {root: list(found.values()) for root, found in roots.items()} for f, roots in known.items()}

    def selections(self, form: str, window: Window) -> dict[str, Selection]:
        """By province: the exercises that answer for this form over the window."""
        roots = self._by_form.get(form, {})
        return {root: select_exercises(exercises, window) for root, exercises in roots.items()}

    def answering(
        self, form: str, selections: Mapping[str, Selection], part_of: Callable[[Owed], Hashable]
    ) -> Iterator[Owed]:
        """The obligations of the chosen exercises whose agencies owe the form, each marked with it.

        `part_of` names the figure that an obligation is added into: what another report in the same figure holds
        already is left out of it, because adding it counts twice. In a figure of its own it stands.
        """
        spec = newest_form(form)
        chosen = {(root, e.cycle_id) for root, selection in selections.items() for e in selection.chosen}
        for owed in self.owed:
            if (owed.root, owed.exercise.cycle_id) in chosen and owed.owes(spec):
                holders = self._holders.get(owed.obligation_id, ())
                if not any(one.owes(spec) and part_of(one) == part_of(owed) for one in holders):
                    yield replace(owed, form=form)

    @cached_property
    def _holders(self) -> dict[int, list[Owed]]:
        """For obligations whose numbers other reports of the same cycle hold already: those reports."""
        wholes: dict[tuple[int, str], list[Owed]] = defaultdict(list)
        for owed in self.owed:
            if owed.received and owed.received.whole:
                wholes[owed.exercise.cycle_id, owed.function].append(owed)
        return {
            owed.obligation_id: holders
            for owed in (self.owed if wholes else ())
            if (
                holders := [
                    one
                    for one in wholes.get((owed.exercise.cycle_id, owed.function), ())
                    if lies_below(owed.area_path, one.area_path)
                ]
            )
        }


def scope_of(
    actor: Actor,
    windows: Iterable[Window],
    area: Area | None,
    versions: Versions = "latest",
    plan_id: int | None = None,
) -> Scope:
    """What the actor may see: of `area` (Refused when they do not stand over it), else everything open to them.

    `plan_id` keeps to the cycles of one plan, as a closing report must.
    """
    if area is not None:
        require(may_see_figures(actor, area))
    touching = Q()
    for window in windows:
        touching |= Q(cycle__window_from__lte=window.end, cycle__window_to__gte=window.start)
    obligations = Obligation.objects.filter(touching, visible_agencies(actor))
    if area is not None:
        obligations = obligations.filter(under(area.path))
    if plan_id is not None:
        obligations = obligations.filter(cycle__plan_id=plan_id)
    received = _received(obligations.values("id"), versions)
    rows = list(obligations.order_by("cycle_id", "agency_id").values_list(*_COLUMNS))
    cycles = Cycle.objects.select_related("plan__area").only(*_CYCLE_COLUMNS).in_bulk({row[1] for row in rows})
    asked = {pk: _Asked.by(cycle) for pk, cycle in cycles.items()}
    return Scope(tuple(_owed(row, asked[row[1]], received.get(row[0])) for row in rows))


_COLUMNS = (
    "id",
    "cycle_id",
    "waived_reason",
    "handed_to_id",
    "agency_id",
    "agency__code",
    "agency__name",
    "agency__function",
    "agency__level",
    "agency__area__path",
)
_CYCLE_COLUMNS = ("label", "window_from", "window_to", "due_on", "strict", "forms", "plan__area__path")


@dataclass(frozen=True, slots=True)
class _Asked:
    """One cycle as every obligation of it shares it."""

    exercise: Exercise
    forms: frozenset[str]
    root: str

    @classmethod
    def by(cls, cycle: Cycle) -> _Asked:
        exercise = Exercise(cycle.pk, cycle.label, cycle.window, cycle.due.last_day)
        return cls(exercise, frozenset(cycle.forms), cycle.plan.area.path.partition("/")[0])


def _owed(row: tuple[Any, ...], asked: _Asked, received: Received | None) -> Owed:
    pk, _cycle, waived, handed_to, agency_id, code, name, function, level, path = row
    return Owed(
        obligation_id=pk,
        agency_id=agency_id,
        agency_code=code,
        agency_name=name,
        function=function,
        level=level,
        area_path=path or "",
        root=asked.root,
        exercise=asked.exercise,
        forms=asked.forms,
        waived=bool(waived),
        received=received,
        handed_over=handed_to is not None,
        waived_reason=waived,
    )


def _received(obligations: Any, versions: Versions) -> dict[int, Received]:
    """The accepted version to use, by obligation: the first, the latest, or the latest accepted by the end of a day."""
    rulings = Ruling.objects.filter(outcome="accepted", version__filing__obligation__in=obligations)
    if isinstance(versions, date):
        midnight = datetime.combine(versions + timedelta(days=1), time(), tzinfo=VIET_NAM).astimezone(UTC)
        rulings = rulings.filter(decided_at__lt=midnight)
    # Sorted here: asked for in order, the database would walk through every ruling of the country.
    rows = sorted(
        rulings.order_by().values_list(
            "version__filing__obligation_id", "version__number", "version_id", "id", "decided_at", "version__whole"
        ),
        reverse=versions == "first",
    )
    return {
        obligation: Received(version, number, ruling, at, whole)
        for obligation, number, version, ruling, at, whole in rows
    }
