"""The numbers behind a question over one window: the engine's rows, joined with what was expected and received."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

from haidang.engine.question import AS_FIRST_REPORTED, Break, FigureQuestion, FigureRow
from haidang.kernel.cells import CellState
from haidang.kernel.windows import Window
from haidang.statistics.figures import Coverage, Group, Measure, Slice
from haidang.statistics.rules import Exercise, spanning
from haidang.statistics.selection import Owed, Scope
from haidang.statistics.store import ask

WHOLE = Group("all", "", "toàn bộ")
TOTAL = "Cả kỳ"
YEAR_DAYS = 365
LabelOf = Callable[[Exercise], str]


def by_year(exercise: Exercise) -> str:
    """Slices of time are years, or a longer exercise by itself."""
    return exercise.slice_label


class Grouping:
    """What figures are broken down by: nothing, areas of one depth, or agencies."""

    def __init__(self, by: Break | None, depth: int | None, names: dict[str, str]) -> None:
        self.by = by
        self.depth = depth
        self._names = names

    def of_owed(self, owed: Owed) -> Group:
        """The group that an obligation belongs to."""
        if self.by == "agency":
            return Group("agency", owed.agency_code, owed.agency_name)
        return self._of_area(self._cut(owed.area_path)) if self.by == "area" else WHOLE

    def of_row(self, row: FigureRow) -> str:
        """The key of the group that a row of the engine belongs to."""
        if self.by == "agency":
            return row.agency or ""
        return (row.area or "") if self.by == "area" else WHOLE.key

    def _cut(self, area_path: str) -> str:
        return "/".join(area_path.split("/")[: self.depth])

    def _of_area(self, path: str) -> Group:
        return Group("area", path, self._names.get(path, "trung ương"))


class Answer:
    """The figures of some measures over one window, by group and by slices of time: two questions to the engine."""

    def __init__(
        self,
        scope: Scope,
        measures: Sequence[Measure],
        *,
        window: Window,
        grouping: Grouping,
        label_of: LabelOf | None = by_year,
        one_figure: bool = False,
    ) -> None:
        """`label_of` names the slice of an exercise; None asks for the total only.

        `one_figure`: the groups are the parts of one figure, so that none may hold the numbers of another.
        """
        part_of = (lambda _owed: WHOLE) if one_figure else grouping.of_owed
        self.window = window
        self._grouping = grouping
        self._measures = tuple(measures)
        self._label_of = label_of
        forms = dict.fromkeys(form for one in measures for form in one.forms)
        self.selections = {form: scope.selections(form, window) for form in forms}
        self.owed = [owed for form in forms for owed in scope.answering(form, self.selections[form], part_of)]
        self._by_group: dict[Group, dict[str, list[Owed]]] = {}
        for owed in self.owed:
            by_form = self._by_group.setdefault(grouping.of_owed(owed), {})
            by_form.setdefault(owed.form, []).append(owed)
        self._known_shares: dict[Any, tuple[dict[str, _Share], _Share]] = {}
        self._spans = self._spans_by_label(label_of) if label_of else {}
        self._rows = {(row.measure, grouping.of_row(row), row.window): row for rows in self._ask() for row in rows}

    def groups(self, one: Measure) -> list[Group]:
        """The groups with anything expected of a measure; the whole when nobody owes its forms."""
        return [group for group in self._by_group if self._of(one, group)] or [WHOLE]

    def slices(self, one: Measure, group: Group) -> tuple[Slice, ...]:
        """Slice by slice, in order of time."""
        pieces = (
            self._piece(one, group, label, share=share, full_days=YEAR_DAYS if label.isdigit() else 0)
            for label, share in self._shares(one.forms, group)[0].items()
        )
        return tuple(sorted(pieces, key=lambda piece: piece.window))

    def total(self, one: Measure, group: Group) -> Slice:
        """Over the whole window."""
        share = self._shares(one.forms, group)[1]
        return self._piece(one, group, TOTAL, share=share, full_days=self.window.days)

    def missing(self, one: Measure, group: Group) -> list[Owed]:
        """What was expected and neither accepted nor waived; each obligation once."""
        return _once(owed for owed in self._of(one, group) if not owed.received and not owed.waived)

    def waived(self, one: Measure, group: Group) -> list[Owed]:
        """What was waived and never came; each obligation once. What was handed to another agency is not among it."""
        return _once(owed for owed in self._of(one, group) if owed.off and not owed.handed_over)

    def handed_over(self, one: Measure, group: Group) -> list[Owed]:
        """What a dissolved agency owed and its heir owes in its place; each obligation once."""
        return _once(owed for owed in self._of(one, group) if owed.off and owed.handed_over)

    def whole(self, one: Measure, group: Group) -> list[Owed]:
        """What was accepted and holds the numbers of the agencies below already; each obligation once."""
        return _once(owed for owed in self._of(one, group) if owed.received and owed.received.whole)

    def cut(self, one: Measure) -> list[str]:
        """Labels of the exercises that the window cuts through."""
        chosen = (selection for form in one.forms for selection in self.selections[form].values())
        return sorted({exercise.label for selection in chosen for exercise in selection.cut})

    def _of(self, one: Measure, group: Group) -> list[Owed]:
        by_form = self._by_group.get(group, {})
        return [owed for form in one.forms for owed in by_form.get(form, ())]

    def _shares(self, forms: Iterable[str], group: Group) -> tuple[dict[str, _Share], _Share]:
        """What was owed of these forms, by slice and in all; counted once, however many measures rest on them."""
        known = self._known_shares.get((tuple(forms), group))
        if known is not None:
            return known
        label_of = lru_cache(maxsize=None)(self._label_of or by_year)
        by_label: dict[str, list[Owed]] = {}
        owed = [owed for form in forms for owed in self._by_group.get(group, {}).get(form, ())]
        for one in owed:
            by_label.setdefault(label_of(one.exercise), []).append(one)
        shares = {label: _Share.of(some, self._spans.get(label)) for label, some in by_label.items()}
        return self._known_shares.setdefault((tuple(forms), group), (shares, _Share.of(owed, self.window)))

    def _spans_by_label(self, label_of: LabelOf) -> dict[str, Window]:
        labelled: dict[str, set[Window]] = {}
        for owed in self.owed:
            labelled.setdefault(label_of(owed.exercise), set()).add(owed.exercise.window)
        return {label: spanning(windows) for label, windows in labelled.items()}

    def _ask(self) -> Iterator[list[FigureRow]]:
        """The engine's answers: over the whole window, then by slices."""
        if not any(owed.received for owed in self.owed):
            return
        spans = sorted(self._spans.values())
        if spans and not any(one.overlaps(other) for one, other in pairwise(spans)):
            yield self._answers(self.owed, self._question(self.window), self._question(self.window, tuple(spans)))
            return
        yield self._answers(self.owed, self._question(self.window))
        # Plans that cut the year differently (15/12 and 01/01) share no slices: one question a slice.
        for label, span in self._spans.items():
            owed = [item for item in self.owed if self._label_of and self._label_of(item.exercise) == label]
            if any(item.received for item in owed):
                yield self._answers(owed, self._question(span))

    def _answers(self, owed: Iterable[Owed], *questions: FigureQuestion) -> list[FigureRow]:
        received = {(item.form, item.received.version_id): item.received for item in owed if item.received}
        cells = frozenset().union(*(one.cells for one in self._measures))
        return ask(questions, [(form, one) for (form, _), one in received.items()], cells)

    def _question(self, window: Window, slices: tuple[Window, ...] = ()) -> FigureQuestion:
        broken: tuple[Break, ...] = (
            *(("year",) if slices else ()),
            *((self._grouping.by,) if self._grouping.by else ()),
        )
        measures = tuple(one.asked for one in self._measures)
        # One version of each filing was chosen already; the marks in the files may be older than that choice.
        return FigureQuestion(
            measures,
            window,
            by=broken,
            slices=slices,
            versions=AS_FIRST_REPORTED,
            area_depth=self._grouping.depth,
        )

    def _piece(self, one: Measure, group: Group, label: str, *, share: _Share, full_days: int) -> Slice:
        assert share.asked is not None
        row = self._rows.get((one.code, group.key, share.asked))
        value = row.value if row else None
        return Slice(
            label=label,
            window=share.window or share.asked,
            value=value,
            state=_state(value, row, share.coverage),
            coverage=share.coverage,
            version_ids=row.version_ids if row else (),
            partial=share.days < full_days,
            provisional=bool(row and row.provisional),
            without=_without(one, row, share.coverage),
        )


@dataclass(frozen=True, slots=True)
class _Share:
    """What was owed over one slice: the window asked about, that of the exercises, their days, and what came."""

    asked: Window | None
    window: Window | None
    days: int
    coverage: Coverage

    @classmethod
    def of(cls, owed: Sequence[Owed], asked: Window | None) -> _Share:
        exercises = {item.exercise.cycle_id: item.exercise.window for item in owed}
        return cls(asked, spanning(set(exercises.values())) if owed else None, _days(owed), _coverage(owed))


def _days(owed: Iterable[Owed]) -> int:
    """Days covered where most are: the exercises of one province and form never overlap."""
    exercises: dict[tuple[str, str], dict[int, Window]] = {}
    for item in owed:
        exercises.setdefault((item.root, item.form), {})[item.exercise.cycle_id] = item.exercise.window
    return max((sum(window.days for window in found.values()) for found in exercises.values()), default=0)


def _coverage(owed: Sequence[Owed]) -> Coverage:
    received, off = sum(item.received is not None for item in owed), sum(item.off for item in owed)
    return Coverage(received, len(owed) - off, off)


def _state(value: float | int | None, row: FigureRow | None, coverage: Coverage) -> CellState:
    """Why there is no number: all say it is not their function, or some have none yet, or nothing came."""
    if value is not None:
        return CellState.NUMBER
    if row is None or not coverage.received:
        return CellState.BLANK
    return (
        CellState.NOT_AVAILABLE
        if row.received < coverage.received or row.denominator is not None
        else (CellState.NOT_APPLICABLE)
    )


def _without(one: Measure, row: FigureRow | None, coverage: Coverage) -> int:
    """How many accepted filings give no number where a flow needs one; stocks are read from one exercise only."""
    if row is None or not any(term.pick == "all" for term in one.asked.numerator):
        return 0
    return max(0, coverage.received - row.received)


def _once(owed: Iterable[Owed]) -> list[Owed]:
    return list({item.obligation_id: item for item in owed}.values())
