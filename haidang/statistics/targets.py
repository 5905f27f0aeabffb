"""Where the targets of a plan stand: accepted figures of its cycles against each level, with their coverage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from haidang.accounts.actors import Actor
from haidang.catalogue.indicators import indicator
from haidang.filings.queries import cycles_of
from haidang.kernel.windows import Window
from haidang.plans.measuring import basis_words, measured_targets
from haidang.plans.models import Plan, Target, TargetBasis
from haidang.plans.targets import DIRECTIONS, Finding, Verdict, finding_of
from haidang.statistics.figures import Coverage, Number, Slice
from haidang.statistics.policies import may_see_figures
from haidang.statistics.queries import window_totals
from haidang.statistics.rules import spanning

PERCENT = "%"


@dataclass(frozen=True, slots=True)
class Standing:
    """A target by one of its bases. `value` is a percentage where `unit` is "%", else a count.

    `numerator` and `denominator` are the counts behind a share; `baseline` is what a direction is compared with, over
    `baseline_window`. `coverage` is that of the figure with fewer filings; `codes` are the figures it came from.
    """

    basis: TargetBasis
    words: str
    unit: str
    value: float | None
    numerator: Number | None
    denominator: Number | None
    coverage: Coverage
    window: Window
    finding: Finding
    provisional: bool = False
    baseline: float | None = None
    baseline_window: Window | None = None
    baseline_coverage: Coverage | None = None

    @property
    def complete(self) -> bool:
        """Whether a verdict can be told: there are figures, and every filing expected so far is in."""
        return self.coverage.received > 0 and self.coverage.complete

    @property
    def verdict(self) -> Verdict:
        """What the figures say; nothing while filings are missing."""
        return self.finding.verdict if self.complete else Verdict.UNKNOWN


def window_of(actor: Actor, plan: Plan) -> Window | None:
    """The days that the plan's own cycles ask for; None when none is open.

    Left aside are the baseline, and cycles that were added for a year the plan does not speak of.
    """
    first, last = plan.year_from or plan.year_to or 0, plan.year_to or plan.year_from or 9999
    windows = [
        cycle.window
        for cycle in cycles_of(actor, plan.pk)
        if not cycle.baseline and first <= cycle.window_to.year <= last
    ]
    return spanning(windows) if windows else None


def target_standings(actor: Actor, plan: Plan) -> dict[int, list[Standing]]:
    """By target id, where each measured target stands by each of its bases; empty when the actor may not see figures.

    One question to the engine for the plan's window, and one for each baseline period.
    """
    if not may_see_figures(actor, plan.area):
        return {}
    targets = [target for target in measured_targets(plan) if target.bases.all()]
    window = window_of(actor, plan) if targets else None
    if window is None:
        return {}
    pairs = [(target, basis) for target in targets for basis in target.bases.all()]
    now = window_totals(actor, _codes(basis for _t, basis in pairs), window, plan.area, plan_id=plan.pk)
    earlier = _baselines(actor, plan, pairs, now)
    found: dict[int, list[Standing]] = {}
    for target, basis in pairs:
        found.setdefault(target.pk, []).append(_standing(target, basis, now, earlier.get(basis.pk)))
    return found


def _codes(bases: Iterable[TargetBasis]) -> list[str]:
    return list(dict.fromkeys(code for basis in bases for code in (basis.numerator, basis.denominator) if code))


@dataclass(frozen=True, slots=True)
class _Earlier:
    """The figures of a baseline period."""

    window: Window
    figures: Mapping[str, Slice]


def _baselines(
    actor: Actor, plan: Plan, pairs: Sequence[tuple[Target, TargetBasis]], now: Mapping[str, Slice]
) -> dict[int, _Earlier]:
    """By basis of a direction, the figures it is compared with, from whatever plan asked for them."""
    wanted: dict[Window, list[TargetBasis]] = {}
    for target, basis in pairs:
        if target.comparator in DIRECTIONS:
            wanted.setdefault(_baseline_window(basis, now[basis.numerator]), []).append(basis)
    return {
        basis.pk: _Earlier(window, figures)
        for window, bases in wanted.items()
        for figures in [window_totals(actor, _codes(bases), window, plan.area)]
        for basis in bases
    }


def _baseline_window(basis: TargetBasis, now: Slice) -> Window:
    """As chosen; else the same days of the year before, as far as this year's figures go."""
    if basis.baseline_from and basis.baseline_to:
        return Window(basis.baseline_from, basis.baseline_to)
    return Window(_year_before(now.window.start), _year_before(now.window.end))


def _year_before(day: date) -> date:
    return date(day.year - 1, day.month, min(day.day, 28) if day.month == 2 else day.day)


def _value(basis: TargetBasis, figures: Mapping[str, Slice]) -> float | None:
    """A count or a ready-made rate; a numerator over its denominator as a percentage; None where it cannot be told."""
    above = figures[basis.numerator].value
    if not basis.denominator:
        return above
    below = figures[basis.denominator].value
    return 100 * above / below if above is not None and below else None


def _standing(target: Target, basis: TargetBasis, now: Mapping[str, Slice], earlier: _Earlier | None) -> Standing:
    above = now[basis.numerator]
    below = now[basis.denominator] if basis.denominator else None
    value = _value(basis, now)
    baseline = _value(basis, earlier.figures) if earlier else None
    return Standing(
        basis=basis,
        words=basis_words(basis),
        unit=PERCENT if basis.denominator else indicator(basis.numerator).unit,
        value=value,
        numerator=above.value if below else None,
        denominator=below.value if below else None,
        coverage=_coverage(basis, now),
        window=above.window,
        finding=finding_of(target.comparator, target.value, target.unit, value, baseline),
        provisional=above.provisional or bool(below and below.provisional),
        baseline=baseline,
        baseline_window=earlier.window if earlier else None,
        baseline_coverage=_coverage(basis, earlier.figures) if earlier else None,
    )


def _coverage(basis: TargetBasis, figures: Mapping[str, Slice]) -> Coverage:
    """That of the figure which fewer of those expected have sent."""
    return min((figures[code].coverage for code in (basis.numerator, basis.denominator) if code), key=_share)


def _share(coverage: Coverage) -> float:
    return coverage.received / coverage.expected if coverage.expected else 0.0
