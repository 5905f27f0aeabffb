"""From a declared question to one Ibis expression, and from its result to figures.

The expression first settles, on the small table of versions, which versions speak for which window; only then are
their cells read. What is asked (terms, slices, area, day) comes in as small tables, so the expression depends on the
kind of question alone: it is compiled once, and any other Ibis backend can compile it too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import repeat
from typing import Any

import ibis
import pyarrow as pa
from ibis import _

from haidang.engine.facts import FactsTable, stored_schema, versions_schema
from haidang.engine.question import FigureQuestion, FigureRow, Measure, Pick
from haidang.kernel.windows import Window

_EXACT, _SUM = "decimal(18, 6)", "decimal(38, 6)"
_OVER = ("area", "agency", "cell")
_TERMS = {
    "measure": pa.int32(),
    "part": pa.int32(),
    "form": pa.string(),
    "cell": pa.string(),
    "sign": pa.int32(),
    "pick": pa.string(),
}
_SLICES = {"slice": pa.int32(), "slice_from": pa.date32(), "slice_to": pa.date32()}
# With more cells than this, joining them is cheaper than looking each one up while the files are read.
_MOST_LISTED = 200
# How a version stands to a slice, beside which slice it is.
_MARKS = ("inside", "overlapping", "provisional", "first", "last")
# A window as one whole number: both ends as days since 1970.
_DAYS, _DAY_0 = 1_000_000, date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Shape:
    """What an expression depends on.

    `single`: every measure is one added cell, so nothing is counted twice. `picks`: some cell counts from the first or
    the last window only.
    """

    by: tuple[str, ...]
    area_depth: int | None
    rule: str
    lineage: bool
    single: bool
    picks: bool

    @property
    def by_agency(self) -> tuple[str, ...]:
        """What figures are broken down by that the version tells, not the cell."""
        return tuple(name for name in self.by if name != "cell")

    @classmethod
    def of(cls, question: FigureQuestion) -> Shape:
        """The shape of a question."""
        over = tuple(name for name in _OVER if name in question.by)
        single = all(
            len(measure.numerator) == 1 and not measure.denominator and measure.numerator[0].sign > 0
            for measure in question.measures
        )
        terms = (term for measure in question.measures for term in (*measure.numerator, *measure.denominator))
        return cls(
            by=over,
            area_depth=question.area_depth if "area" in over else None,
            rule=question.versions.rule,
            lineage=question.lineage,
            single=single,
            picks=any(term.pick is not Pick.ALL for term in terms),
        )


@lru_cache(maxsize=256)
def compile_shape(shape: Shape) -> tuple[ibis.Table, ibis.Table]:
    """The expressions for all questions of one shape, over the tables that `asked_tables` and `asked_views` name.

    First which versions speak for which slice; then the figures, over that result under the name of "asked_speaking".
    """
    terms = _unbound("asked_terms", _TERMS)
    speaking = _speaking_versions(shape, terms)
    if shape.single:
        speaking = _grouped(shape, speaking)
    known = ibis.table(speaking.schema(), name="asked_speaking")
    facts = _unbound("asked_facts", {field.name: field.type for field in stored_schema()})
    cells = facts.select("sheet", "version_id", "cell", "state", "value")
    if shape.single:
        return speaking, _of_single_cells(shape, cells, known, terms)
    joined = cells.join(terms.drop("form"), "cell").join(known, "sheet").mutate(counts=_counts())
    return speaking, _in_two_steps(shape, joined)


def asked_tables(question: FigureQuestion) -> dict[str, pa.Table]:
    """The small tables of one question, by name."""
    slices = [
        {"slice": number, "slice_from": window.start, "slice_to": window.end}
        for number, window in enumerate(question.windows)
    ]
    return {
        "asked_terms": pa.Table.from_pylist(_terms(question), schema=pa.schema(list(_TERMS.items()))),
        "asked_slices": pa.Table.from_pylist(slices, schema=pa.schema(list(_SLICES.items()))),
    }


def asked_views(question: FigureQuestion, table: FactsTable) -> dict[str, ibis.Table]:
    """The facts and the versions that can matter to one question, by name, so that little of the files is read."""
    facts, versions = table.facts, table.versions
    cells = {term.cell for measure in question.measures for term in (*measure.numerator, *measure.denominator)}
    if len(cells) <= _MOST_LISTED:
        facts = facts.filter(_.cell.isin(sorted(cells)))
    inside = [_.window_from <= question.window.end, _.window_to >= question.window.start]
    if question.under is not None:
        # Everything under "p1" sorts from "p1" up to "p1" and the character after "/".
        inside += [_.area_path >= question.under, _.area_path < question.under + "0"]
        versions = versions.filter((_.area_path == question.under) | _.area_path.startswith(question.under + "/"))
    if question.versions.on is not None:
        next_day = datetime.combine(question.versions.on + timedelta(days=1), time())
        versions = versions.filter(_.accepted_at < ibis.literal(next_day))
    return {"asked_facts": facts.filter(inside), "asked_versions": versions.filter(inside)}


def run_question(question: FigureQuestion, table: FactsTable) -> list[FigureRow]:
    """The figures of `haidang.engine.question.answer`."""
    if not question.measures:
        return []
    rows = _rows(question, _told(question, table))
    if set(question.by) - {"year"}:
        return rows
    known = {(row.measure, row.window): row for row in rows}
    return [
        known.get((measure.code, window)) or FigureRow(measure.code, window, None, None, None, 0)
        for measure in question.measures
        for window in question.windows
    ]


def _told(question: FigureQuestion, table: FactsTable) -> pa.Table:
    """What the database says, in the order of `answer`."""
    speaking, figures = _statements(Shape.of(question))
    tables, views = asked_tables(question), asked_views(question, table)
    with table.lock:
        connection = table.connection.con
        for name, view in views.items():
            # What `create_view` does, but for reading the view's columns back, which costs more than the figures.
            table.connection._register_in_memory_tables(view)
            connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {table.connection.compile(view)}")
        for name, asked in tables.items():
            # As a table of its own DuckDB knows how small it is, and joins the large one to it, not it to the large.
            connection.register("incoming", asked)
            connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS FROM incoming")
            connection.unregister("incoming")
        connection.execute(f"CREATE OR REPLACE TEMP TABLE asked_speaking AS {speaking}")
        told = connection.sql(figures).to_arrow_table()
    keys = ["measure", "slice", *(name for name in _OVER if name in question.by)]
    return told.sort_by([(key, "ascending") for key in keys])


@lru_cache(maxsize=256)
def _statements(shape: Shape) -> tuple[str, str]:
    speaking, figures = compile_shape(shape)
    return str(ibis.to_sql(speaking, dialect="duckdb")), str(ibis.to_sql(figures, dialect="duckdb"))


def _unbound(name: str, columns: Mapping[str, pa.DataType]) -> ibis.Table:
    return ibis.table(ibis.Schema.from_pyarrow(pa.schema(list(columns.items()))), name=name)


def _terms(question: FigureQuestion) -> list[dict[str, Any]]:
    return [
        {
            "measure": number,
            "part": part,
            "form": term.cell.partition(".")[0],
            "cell": term.cell,
            "sign": term.sign,
            "pick": str(term.pick),
        }
        for number, measure in enumerate(question.measures)
        for part, terms in enumerate((measure.numerator, measure.denominator))
        for term in terms
    ]


def _speaking_versions(shape: Shape, terms: ibis.Table) -> ibis.Table:
    """Versions x slices that matter, with how each one stands to the slice.

    `inside`: its window lies in the slice, and no longer window of the same agency and form covers it. `first`, `last`:
    the earliest and latest of the agency's inside windows. `answer`: a number for agency x window.
    """
    kinds = {field.name: field.type for field in versions_schema()}
    versions = _unbound("asked_versions", kinds).semi_join(terms, "form")
    placed = _one_version_each(shape, versions).cross_join(_unbound("asked_slices", _SLICES))
    placed = placed.filter(_.window_from <= _.slice_to, _.window_to >= _.slice_from)
    placed = placed.mutate(inside=(_.window_from >= _.slice_from) & (_.window_to <= _.slice_to))
    return _first_and_last(shape, _without_covered(placed))


def _one_version_each(shape: Shape, versions: ibis.Table) -> ibis.Table:
    """One version per agency, form and window, by the rule.

    A superseded version is never the latest, even where the later one left the whole form blank.
    """
    if shape.rule == "latest":
        versions = versions.filter(~_.superseded)
    order = [versions.accepted_at, versions.version_number, versions.version_id]
    if shape.rule != "as_first_reported":
        order = [ibis.desc(column) for column in order]
    filing = ibis.window(group_by=["agency", "form", "window_from", "window_to"], order_by=order)
    return versions.mutate(place=ibis.row_number().over(filing)).filter(_.place == 0)


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
    return placed.filter(~(_.inside & covered)).mutate(overlapping=_.inside & overlapping)


def _first_and_last(shape: Shape, placed: ibis.Table) -> ibis.Table:
    keys = ["slice", "agency", "form", "inside"]
    early = ibis.window(group_by=keys, order_by=[placed.window_from, placed.window_to])
    late = ibis.window(group_by=keys, order_by=[ibis.desc(placed.window_to), ibis.desc(placed.window_from)])
    columns = {
        "first": ibis.row_number().over(early) == 0 if shape.picks else ibis.literal(value=False),
        "last": ibis.row_number().over(late) == 0 if shape.picks else ibis.literal(value=False),
        "area": _area(shape),
    }
    if not shape.single:
        answers = ibis.window(order_by=["agency", "window_from", "window_to"])
        columns["answer"] = ibis.dense_rank().over(answers).cast("int64")
    if shape.lineage:
        columns["ends"] = placed.window_from.epoch_days() * _DAYS + placed.window_to.epoch_days()
    return placed.select("sheet", "slice", "agency", "inside", "overlapping", "provisional", **columns)


def _area(shape: Shape) -> Any:
    if shape.area_depth is None:
        return _.area_path
    if shape.area_depth == 1:
        # As below, without a list for each of many thousand versions.
        return _.area_path.left((_.area_path + "/").find("/"))
    return _.area_path.split("/")[: shape.area_depth].join("/")


def _counts() -> Any:
    picked = (_.pick == "all") | ((_.pick == "first") & _.first) | ((_.pick == "last") & _.last)
    return _.inside & picked


def _grouped(shape: Shape, speaking: ibis.Table) -> ibis.Table:
    """Versions with a whole number for each group of those alike in standing and in what figures are broken down by."""
    placed = speaking.mutate(standing=_packed(speaking))
    group = ibis.dense_rank().over(order_by=_alike(shape)).cast("int32")
    return placed.select("sheet", *_alike(shape), group=group)


def _alike(shape: Shape) -> list[str]:
    return ["standing", *shape.by_agency, *(["ends"] if shape.lineage else [])]


def _of_single_cells(shape: Shape, cells: ibis.Table, speaking: ibis.Table, terms: ibis.Table) -> ibis.Table:
    """The figures where each row of facts is an answer of its own: rows are counted.

    The many rows of facts are first added up by cell and group of versions; what the terms and the breakdown make of
    that is worked out on the few sums.
    """
    columns = {"total": _.value.cast(_EXACT).sum(), "rows": _.count()}
    if shape.lineage:
        columns["ids"] = _.version_id.collect()
    sums = cells.join(speaking.select("sheet", "group"), "sheet").group_by(["cell", "state", "group"])
    groups = speaking.select("group", *_alike(shape)).distinct()
    told = sums.aggregate(**columns).join(groups, "group").join(terms.drop("form"), "cell")
    told = told.mutate(slice=(_.standing // 2 ** len(_MARKS)).cast("int32"))
    told = told.mutate(**{mark: _marked(number) for number, mark in enumerate(_MARKS)}).mutate(counts=_counts())
    return _added_up(shape, told)


def _added_up(shape: Shape, told: ibis.Table) -> ibis.Table:
    number = told.counts & (told.state == "number")
    gave = told.counts & told.state.isin(["number", "na"])
    columns = {
        "numerator": told.total.sum(where=number),
        "denominator": ibis.null(_SUM),
        "received": told.rows.sum(where=gave).fill_null(0),
        "straddling": told.rows.sum(where=~told.inside).fill_null(0),
        "overlapping": told.rows.sum(where=told.counts & told.overlapping).fill_null(0),
        "provisional": (told.provisional & number).any(),
    }
    if shape.lineage:
        columns["version_ids"] = told.ids.collect(where=number).flatten()
        columns["windows"] = told.ends.collect(where=number, distinct=True)
    return told.group_by(["measure", "slice", *shape.by]).aggregate(**columns)


def _packed(speaking: ibis.Table) -> Any:
    """The slice and the marks of a version as one whole number: grouping by one number is quicker than by six."""
    marks = sum(speaking[mark].cast("int64") * 2**number for number, mark in enumerate(_MARKS))
    return speaking.slice.cast("int64") * 2 ** len(_MARKS) + marks


def _marked(number: int) -> Any:
    return _.standing // 2**number % 2 == 1


def _in_two_steps(shape: Shape, joined: ibis.Table) -> ibis.Table:
    """The figures of sums of cells: first within each agency x window, so that its cells count as one answer.

    There is no figure where only what is taken away was reported, unless figures are broken down by cell.
    """
    number = joined.counts & (joined.state == "number")
    above, below = number & (joined.part == 0), number & (joined.part == 1)
    columns = {
        "above": _signed(joined).sum(where=above),
        "below": _signed(joined).sum(where=below),
        "above_sign": joined.sign.max(where=above),
        "below_sign": joined.sign.max(where=below),
        "gave": (joined.counts & joined.state.isin(["number", "na"])).any(),
        "outside": (~joined.inside).any(),
        "double": (joined.counts & joined.overlapping).any(),
        "early": (joined.provisional & number).any(),
    }
    if shape.lineage:
        columns["ids"] = joined.version_id.collect(where=number, distinct=True)
        columns["ends"] = joined.ends.collect(where=number, distinct=True)
    keys = ["measure", "slice", *shape.by]
    answers = joined.group_by([*keys, "answer"]).aggregate(**columns)
    figures = {
        "numerator": _unless_only_less(shape, answers.above.sum(), answers.above_sign),
        "denominator": _unless_only_less(shape, answers.below.sum(), answers.below_sign),
        "received": answers.count(where=answers.gave),
        "straddling": answers.count(where=answers.outside),
        "overlapping": answers.count(where=answers.double),
        "provisional": answers.early.any(),
    }
    if shape.lineage:
        figures |= {"version_ids": answers.ids.collect().flatten(), "windows": answers.ends.collect().flatten()}
    return answers.group_by(keys).aggregate(**figures)


def _unless_only_less(shape: Shape, total: Any, sign: Any) -> Any:
    return total if "cell" in shape.by else (sign.max() > 0).ifelse(total, ibis.null(_SUM))


def _signed(joined: ibis.Table) -> Any:
    return (joined.sign > 0).ifelse(joined.value, -joined.value).cast(_EXACT)


def _rows(question: FigureQuestion, told: pa.Table) -> list[FigureRow]:
    """The figures, a row of the table each. National tables have tens of thousands: columns are read as columns."""
    measures, windows = question.measures, question.windows
    over = (_listed(told, name) if name in question.by else repeat(None) for name in _OVER)
    exact = zip(_listed(told, "numerator"), _listed(told, "denominator"), strict=True) if _any_ratio(question) else None
    rows = []
    for number, at, above, below, received, straddling, overlapping, provisional, *places, ends, ids in zip(
        _listed(told, "measure"),
        _listed(told, "slice"),
        _plain_column(told["numerator"]),
        _plain_column(told["denominator"]),
        _listed(told, "received"),
        _listed(told, "straddling"),
        _listed(told, "overlapping"),
        _listed(told, "provisional"),
        *over,
        _listed(told, "windows") if question.lineage else repeat(()),
        _listed(told, "version_ids") if question.lineage else repeat(()),
        strict=False,
    ):
        measure, value = measures[number], above
        if exact is not None:
            parts = next(exact)
            value = _ratio(measure, *parts) if measure.is_ratio else above
        area, agency, cell = places
        row = FigureRow(
            measure=measure.code,
            window=windows[at],
            value=value,
            numerator=above,
            denominator=below if measure.is_ratio else None,
            received=received,
            straddling=straddling,
            overlapping=overlapping,
            provisional=bool(provisional),
            area=area,
            agency=agency,
            cell=cell,
            windows=tuple(sorted({_window(days) for days in ends})) if ends else (),
            version_ids=tuple(sorted(set(ids))) if ids else (),
        )
        rows.append(row)
    return rows


def _listed(table: pa.Table, name: str) -> list[Any]:
    found: list[Any] = table[name].to_pylist()
    return found


def _any_ratio(question: FigureQuestion) -> bool:
    return any(measure.is_ratio for measure in question.measures)


def _ratio(measure: Measure, above: Decimal | None, below: Decimal | None) -> float | None:
    return None if above is None or not below else float(Decimal(above) * measure.scale / Decimal(below))


def _plain_column(exact: pa.ChunkedArray) -> list[float | int | None]:
    """The decimals as whole numbers where they are whole, else as the nearest binary fractions."""
    try:
        whole = exact.cast(pa.int64())
    except pa.ArrowInvalid:
        return [_plain(one) for one in exact.to_pylist()]
    found: list[float | int | None] = whole.to_pylist()
    return found


def _plain(exact: Decimal | None) -> float | int | None:
    if exact is None:
        return None
    return int(exact) if exact == exact.to_integral_value() else float(exact)


@lru_cache(maxsize=4096)
def _window(ends: int) -> Window:
    start, end = divmod(ends, _DAYS)
    return Window(date.fromordinal(_DAY_0 + start), date.fromordinal(_DAY_0 + end))
