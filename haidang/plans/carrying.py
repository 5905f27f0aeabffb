"""Who carries a task on a day: the agencies that lead it, or those that their functions passed to.

A task names the agencies as they were on the plan's day. When one of them is gone, every agency that took over one of
its functions carries the task on, each saying for itself how far it is; the standing agency excuses those whose
functions have nothing to do with it. What nobody took over stays with the agency that is gone, and shows as such.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from haidang.agencies.models import Agency, AgencyLineage
from haidang.agencies.queries import standing_agency
from haidang.kernel.windows import validity_covers
from haidang.plans.models import Assignment, Task

BATCH = 500


@dataclass(frozen=True, slots=True)
class Carrier:
    """An agency that carries what `named` were told to do: those, itself among them, that it stands for.

    `functions` are the codes of the functions it took over, none when it was named itself; `gone` says that it is not
    in force any more and nobody took its functions over.
    """

    agency: Agency
    named: frozenset[int]
    functions: frozenset[str] = frozenset()
    gone: bool = False


def heirs_of(agency_ids: Iterable[int], on: date) -> dict[int, dict[int, frozenset[str]]]:
    """For each agency, who stands for it on the day: id to the functions that came that way (itself: none).

    The empty answer means that it is gone and nobody took over. A fixed number of queries for each step of lineage.
    """
    rows = _agencies(agency_ids)
    heirs: dict[int, dict[int, frozenset[str]]] = {}
    frontier = {pk: {pk: frozenset[str]()} for pk in rows}
    seen = {pk: {pk} for pk in rows}
    while frontier:
        gone = {here for places in frontier.values() for here in places if not _stands(rows[here], on)}
        edges = _edges(gone, on)
        rows |= _agencies({new for found in edges.values() for new, _function in found} - set(rows))
        ahead: dict[int, dict[int, frozenset[str]]] = {}
        for origin, places in frontier.items():
            for here, functions in places.items():
                if here not in gone:
                    known = heirs.setdefault(origin, {})
                    known[here] = known.get(here, frozenset()) | functions
                    continue
                for new, function in edges.get(here, ()):
                    if new not in seen[origin] or new in ahead.get(origin, ()):
                        seen[origin].add(new)
                        further = ahead.setdefault(origin, {})
                        further[new] = further.get(new, frozenset()) | {function}
        frontier = ahead
    return {pk: heirs.get(pk, {}) for pk in seen}


def carriers_of(tasks: Iterable[Task], on: date, among: frozenset[int] | None = None) -> dict[int, list[Carrier]]:
    """The carriers of each task, by task id, in the order of their areas and codes.

    A task whose plan names no agency to lead it is followed by the standing agency of the plan's area. With `among`
    only these agencies are asked after, and whoever stands for them. The plan and its area must be loaded.
    """
    tasks = list(tasks)
    named = _leads([task.pk for task in tasks], among)
    heirs = heirs_of({pk for ids in named.values() for pk in ids}, on)
    rows = _agencies({pk for found in heirs.values() for pk in found} | set(heirs))
    standing: dict[int, Agency | None] = {}
    answer: dict[int, list[Carrier]] = {}
    for task in tasks:
        if ids := named.get(task.pk):
            answer[task.pk] = _carriers(ids, heirs, rows)
            continue
        if among is not None:
            answer[task.pk] = []
            continue
        area = task.plan.area
        if area.pk not in standing:
            standing[area.pk] = standing_agency(area, on)
        keeper = standing[area.pk]
        answer[task.pk] = [Carrier(keeper, frozenset((keeper.pk,)))] if keeper else []
    return answer


def _carriers(
    ids: Iterable[int], heirs: Mapping[int, Mapping[int, frozenset[str]]], rows: Mapping[int, Agency]
) -> list[Carrier]:
    stands_for: dict[int, set[int]] = defaultdict(set)
    functions: dict[int, frozenset[str]] = {}
    gone = set()
    for origin in ids:
        if not heirs[origin]:
            gone.add(origin)
        for here, passed in (heirs[origin] or {origin: frozenset()}).items():
            stands_for[here] |= {here, origin}
            functions[here] = functions.get(here, frozenset()) | passed
    found = [
        Carrier(rows[pk], frozenset(named), frozenset() if pk in ids else functions[pk], pk in gone)
        for pk, named in stands_for.items()
    ]
    return sorted(found, key=lambda one: (one.agency.area.path if one.agency.area else "", one.agency.code))


def _leads(ids: Sequence[int], among: frozenset[int] | None) -> dict[int, set[int]]:
    named: dict[int, set[int]] = {}
    for start in range(0, len(ids), BATCH):
        rows = Assignment.agencies.through.objects.filter(
            assignment__task__in=ids[start : start + BATCH], assignment__role="lead"
        )
        if among is not None:
            rows = rows.filter(agency_id__in=among)
        for task_id, agency_id in rows.values_list("assignment__task_id", "agency_id"):
            named.setdefault(task_id, set()).add(agency_id)
    return named


def _agencies(ids: Iterable[int]) -> dict[int, Agency]:
    wanted = sorted(ids)
    found: dict[int, Agency] = {}
    for start in range(0, len(wanted), BATCH):
        found |= Agency.objects.select_related("area").in_bulk(wanted[start : start + BATCH])
    return found


def _edges(ids: Iterable[int], on: date) -> dict[int, list[tuple[int, str]]]:
    wanted = sorted(ids)
    edges: dict[int, list[tuple[int, str]]] = {}
    for start in range(0, len(wanted), BATCH):
        rows = AgencyLineage.objects.filter(old_id__in=wanted[start : start + BATCH], on__lte=on).order_by("pk")
        for old, new, function in rows.values_list("old_id", "new_id", "function"):
            edges.setdefault(old, []).append((new, function))
    return edges


def _stands(agency: Agency, on: date) -> bool:
    """Whether it is in force, or will be: a plan may name an agency some days before it begins."""
    return validity_covers(None, agency.valid_to, on)
