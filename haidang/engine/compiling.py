"""From a declared question to one Ibis expression, and from its result to figures.

The expression first settles, on the small table of versions, which versions speak for which window; only then are
their cells read. Nothing here is DuckDB's own, so another Ibis backend can run it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import ibis
import pyarrow as pa
from ibis import _

from haidang.engine.facts import FactsTable
from haidang.engine.question import FigureQuestion, FigureRow, Measure, Versions
from haidang.kernel.windows import Window

_EXACT, _SUM = "decimal(18, 6)", "decimal(38, 6)"
_OVER = {"area": "area", "agency": "agency", "cell": "cell"}


def compile_question(question: FigureQuestion, table: FactsTable) -> ibis.Table:
    """The expression that answers the question: one row per figure, parts of ratios side by side."""
    speaking = _speaking_versions(question, table.versions)
    terms = ibis.memtable(_terms(question))
    cells = table.facts.filter(_.cell.isin(sorted(_cells(question))))
    if question.under is not None:
        cells = cells.filter(_under(_.area_path, question.under))
    joined = (
        cells.select("version_id", "form", "cell", "state", "value")
        .join(terms, "cell")
        .join(speaking, ["version_id", "form"])
        .mutate(counts=_counts())
    )
    return _aggregate(question, joined)


def run_question(question: FigureQuestion, table: FactsTable) -> list[FigureRow]:
    """The figures of `haidang.engine.question.answer`."""
    if not question.measures:
        return []
    expression = compile_question(question, table)
    with table.lock:
        records = table.connection.to_pyarrow(expression).to_pylist()
    rows = dict(_keyed(question, record) for record in records)
    if not set(question.by) - {"year"}:
        for number, measure in enumerate(question.measures):
            for slice_number, window in enumerate(question.windows):
                empty = FigureRow(measure.code, window, None, None, None, 0)
                rows.setdefault((number, slice_number, "", "", ""), empty)
    return [rows[key] for key in sorted(rows)]


def _cells(question: FigureQuestion) -> set[str]:
    return {term.cell for measure in question.measures for term in (*measure.numerator, *measure.denominator)}


def _terms(question: FigureQuestion) -> pa.Table:
    records = [
        {"measure": number, "part": part, "cell": term.cell, "sign": term.sign, "pick": str(term.pick)}
        for number, measure in enumerate(question.measures)
        for part, terms in enumerate((measure.numerator, measure.denominator))
        for term in terms
    ]
    kinds = {"measure": pa.int32(), "part": pa.int32(), "cell": pa.string(), "sign": pa.int32(), "pick": pa.string()}
    return pa.Table.from_pylist(records, schema=pa.schema(list(kinds.items())))


def _slices(question: FigureQuestion) -> pa.Table:
    records = [
        {"slice": number, "slice_from": window.start, "slice_to": window.end}
        for number, window in enumerate(question.windows)
    ]
    kinds = {"slice": pa.int32(), "slice_from": pa.date32(), "slice_to": pa.date32()}
    return pa.Table.from_pylist(records, schema=pa.schema(list(kinds.items())))


def _under(path: Any, prefix: str) -> Any:
    return (path == prefix) | path.startswith(prefix + "/")


def _speaking_versions(question: FigureQuestion, versions: ibis.Table) -> ibis.Table:
    """Versions x slices that matter, with how each one stands to the slice.

    `inside`: its window lies in the slice, and no longer window of the same agency and form covers it. `first`, `last`:
    the earliest and latest of the agency's inside windows. `answer`: a number for agency x window.
    """
    forms = sorted({cell.partition(".")[0] for cell in _cells(question)})
    versions = versions.filter(
        _.form.isin(forms), _.window_from <= question.window.end, _.window_to >= question.window.start
    )
    if question.under is not None:
        versions = versions.filter(_under(_.area_path, question.under))
    versions = _one_version_each(question.versions, versions)
    placed = versions.cross_join(ibis.memtable(_slices(question))).filter(
        _.window_from <= _.slice_to, _.window_to >= _.slice_from
    )
    placed = placed.mutate(inside=(_.window_from >= _.slice_from) & (_.window_to <= _.slice_to))
    placed = placed.mutate(area=_area(question), answer=_answer_number())
    return _first_and_last(_without_covered(placed))


def _one_version_each(rule: Versions, versions: ibis.Table) -> ibis.Table:
    """One version per agency, form and window, by the rule.

    A superseded version is never the latest, even where the later one left the whole form blank.
    """
    if rule.rule == "latest":
        versions = versions.filter(~_.superseded)
    if rule.on is not None:
        next_day = datetime.combine(rule.on + timedelta(days=1), time())
        versions = versions.filter(_.accepted_at < ibis.literal(next_day))
    order = [versions.accepted_at, versions.version_number, versions.version_id]
    if rule.rule != "as_first_reported":
        order = [ibis.desc(column) for column in order]
    filing = ibis.window(group_by=["agency", "form", "window_from", "window_to"], order_by=order)
    return versions.mutate(place=ibis.row_number().over(filing)).filter(_.place == 0).drop("place")


def _area(question: FigureQuestion) -> Any:
    if question.area_depth is None:
        return _.area_path
    return _.area_path.split("/")[: question.area_depth].join("/")


def _answer_number() -> Any:
    return ibis.dense_rank().over(ibis.window(order_by=["agency", "window_from", "window_to"])).cast("int64")


def _without_covered(placed: ibis.Table) -> ibis.Table:
    """Without the inside windows that a longer inside window of the same agency and form covers (quarters in a year).

    `overlapping` marks windows that share days with an earlier one without being covered.
    """
    before = ibis.window(
        group_by=["slice", "agency", "form", "inside"],
        order_by=[placed.window_from, ibis.desc(placed.window_to)],
        preceding=(None, 1),
    )
    placed = placed.mutate(reach=placed.window_to.max().over(before))
    covered = (_.reach >= _.window_to).fill_null(False)
    overlapping = (_.reach >= _.window_from).fill_null(False)
    return placed.filter(~(_.inside & covered)).mutate(overlapping=_.inside & overlapping).drop("reach")


def _first_and_last(placed: ibis.Table) -> ibis.Table:
    keys = ["slice", "agency", "form", "inside"]
    early = ibis.window(group_by=keys, order_by=[placed.window_from, placed.window_to])
    late = ibis.window(group_by=keys, order_by=[ibis.desc(placed.window_to), ibis.desc(placed.window_from)])
    return placed.select(
        "version_id",
        "form",
        "slice",
        "agency",
        "area",
        "answer",
        "inside",
        "overlapping",
        "provisional",
        "window_from",
        "window_to",
        first=ibis.row_number().over(early) == 0,
        last=ibis.row_number().over(late) == 0,
    )


def _counts() -> Any:
    picked = (_.pick == "all") | ((_.pick == "first") & _.first) | ((_.pick == "last") & _.last)
    return _.inside & picked


def _aggregate(question: FigureQuestion, joined: ibis.Table) -> ibis.Table:
    number = joined.counts & (joined.state == "number")
    columns = {
        "numerator": _sum(question, joined, number & (joined.part == 0)),
        "denominator": _sum(question, joined, number & (joined.part == 1)),
        "received": joined.answer.nunique(where=joined.counts & joined.state.isin(["number", "na"])),
        "straddling": joined.version_id.nunique(where=~joined.inside),
        "overlapping": joined.version_id.nunique(where=joined.counts & joined.overlapping),
        "provisional": (joined.provisional & number).any(),
    }
    if question.lineage:
        ends = joined.window_from.cast("string") + "/" + joined.window_to.cast("string")
        columns["version_ids"] = joined.version_id.collect(where=number, distinct=True)
        columns["windows"] = ends.collect(where=number, distinct=True)
    keys = ["measure", "slice", *(name for name in _OVER if name in question.by)]
    return joined.group_by(keys).aggregate(**columns)


def _sum(question: FigureQuestion, joined: ibis.Table, where: Any) -> Any:
    """The exact sum; nothing where only what is taken away was reported (a single cell may stand alone)."""
    signed = (joined.sign > 0).ifelse(joined.value, -joined.value).cast(_EXACT).sum(where=where)
    if "cell" in question.by:
        return signed
    return (joined.sign.max(where=where) > 0).ifelse(signed, ibis.null(_SUM))


def _keyed(question: FigureQuestion, record: Mapping[str, Any]) -> tuple[tuple[Any, ...], FigureRow]:
    measure = question.measures[record["measure"]]
    over = {name: record.get(name) for name in _OVER}
    parts = _Parts.of(measure, record)
    row = FigureRow(
        measure=measure.code,
        window=question.windows[record["slice"]],
        value=parts.value,
        numerator=parts.numerator,
        denominator=parts.denominator,
        received=record["received"],
        straddling=record["straddling"],
        overlapping=record["overlapping"],
        provisional=bool(record["provisional"]),
        windows=tuple(sorted(_window(text) for text in record.get("windows") or ())),
        version_ids=tuple(sorted(record.get("version_ids") or ())),
        **over,
    )
    return (record["measure"], record["slice"], *(value or "" for value in over.values())), row


@dataclass(frozen=True, slots=True)
class _Parts:
    value: float | int | None
    numerator: float | int | None
    denominator: float | int | None

    @classmethod
    def of(cls, measure: Measure, record: Mapping[str, Any]) -> _Parts:
        above, below = record["numerator"], record["denominator"]
        numerator, denominator = _plain(above), _plain(below)
        if not measure.is_ratio:
            return cls(numerator, numerator, None)
        if above is None or not below:
            return cls(None, numerator, denominator)
        return cls(float(Decimal(above) * measure.scale / Decimal(below)), numerator, denominator)


def _plain(exact: Decimal | None) -> float | int | None:
    if exact is None:
        return None
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def _window(text: str) -> Window:
    start, _slash, end = text.partition("/")
    return Window(date.fromisoformat(start[:10]), date.fromisoformat(end[:10]))
