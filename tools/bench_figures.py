"""Figures over facts: the engine against hand-written SQL over the same Parquet file, with the answers compared.

2.66 million facts: 3,321 communes of 34 provinces, 40 cells, 20 quarters; `large` has ten times the cells.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from bench_timing import Figure, in_turns

from haidang.engine.facts import FACTS_FILE, FactsTable, facts_schema, write_facts_table
from haidang.engine.question import FigureQuestion, FigureRow, Measure, Term, answer
from haidang.kernel.windows import Window

PROVINCES, COMMUNES, QUARTERS, CELLS = 34, 3_321, 20, 40
FIRST_YEAR = 2021
LAST_QUARTER = Window(date(2025, 10, 1), date(2025, 12, 31))
WHOLE = Window(date(2021, 1, 1), date(2025, 12, 31))


def figures(*, large: bool) -> list[Figure]:
    """The national table by province and year, and one province's quarter."""
    cells = CELLS * (10 if large else 1)
    with tempfile.TemporaryDirectory(prefix="haidang-bench-") as folder:
        table = facts(cells)
        count = table.num_rows
        write_facts_table(table, Path(folder))
        del table
        with FactsTable(Path(folder)) as opened:
            return _figures(opened, Path(folder) / FACTS_FILE, cells, f"{count / 1e6:.1f} M facts")


def _figures(opened: FactsTable, path: Path, cells: int, size: str) -> list[Figure]:
    by_hand = duckdb.connect(":memory:")
    measures = tuple(Measure(code, (Term(code),)) for code in _codes(cells))
    national = FigureQuestion(measures, WHOLE, by=("year", "area"), area_depth=1, lineage=False)
    province = FigureQuestion(measures[:CELLS], LAST_QUARTER, under="p05", lineage=False)
    nation_sql = f"""
        SELECT cell, year(window_to), split_part(area_path, '/', 1),
               sum(CASE WHEN state = 'number' THEN value::DECIMAL(18, 6) END), count(*)
        FROM read_parquet('{path}') WHERE NOT superseded GROUP BY ALL"""  # noqa: S608
    listed = ", ".join(f"'{measure.code}'" for measure in province.measures)
    province_sql = f"""
        SELECT cell, sum(CASE WHEN state = 'number' THEN value::DECIMAL(18, 6) END), count(*)
        FROM read_parquet('{path}')
        WHERE NOT superseded AND window_from >= DATE '2025-10-01' AND window_to <= DATE '2025-12-31'
          AND area_path >= 'p05/' AND area_path < 'p050' AND cell IN ({listed})
        GROUP BY ALL"""  # noqa: S608
    return [
        _pair(f"National table, {size}: {cells} cells × 34 provinces × 5 years", opened, national,
              lambda: by_hand.sql(nation_sql).fetchall(), aim=1.3),
        _pair(f"One province, one quarter, {size}: {CELLS} cells", opened, province,
              lambda: by_hand.sql(province_sql).fetchall(), aim_ms=50),
    ]  # fmt: skip


def _pair(
    what: str, opened: FactsTable, question: FigureQuestion, sql: Callable[[], list[Any]], **aims: float
) -> Figure:
    mine: list[FigureRow] = answer(question, opened)
    theirs = sql()
    # The same answers, or the times mean nothing.
    if len(mine) != len(theirs) or sum(row.value or 0 for row in mine) != sum(row[-2] or 0 for row in theirs):
        raise SystemExit(f"{what}: the engine and the hand-written SQL disagree")
    ours, by_hand = in_turns(lambda: answer(question, opened), sql)
    return Figure(what, ours, "hand-written DuckDB SQL over the same file", by_hand, **aims)  # type: ignore[arg-type]


def _codes(cells: int) -> list[str]:
    return [f"B1.r{cell // 10:02d}.c{cell % 10}" for cell in range(cells)]


def facts(cells: int) -> pa.Table:
    """Invented facts, one form a commune and quarter; one fact in fifty says that there is no figure."""
    random = np.random.default_rng(138)
    count = COMMUNES * QUARTERS * cells
    number = np.arange(count)
    version, commune = number // cells, number // (cells * QUARTERS)
    quarter = version % QUARTERS
    absent = random.random(count) < 0.02
    codes = _codes(cells)
    paths = [f"p{one * PROVINCES // COMMUNES:02d}/c{one:04d}" for one in range(COMMUNES)]
    starts = [date(FIRST_YEAR + q // 4, q % 4 * 3 + 1, 1) for q in range(QUARTERS)]
    ends = [date(FIRST_YEAR + q // 4, q % 4 * 3 + 3, 31 if q % 4 in (0, 3) else 30) for q in range(QUARTERS)]
    rows = _taken([code.split(".")[1] for code in codes], number % cells)
    columns = {
        "agency": _taken([path.rpartition("/")[2] for path in paths], commune),
        "area_key": _taken([path.rpartition("/")[2] for path in paths], commune),
        "area_path": _taken(paths, commune),
        "form": _taken(["B1"], np.zeros(count, np.int32)),
        "row": rows,
        "column": _taken([code.split(".")[2] for code in codes], number % cells),
        "cell": _taken(codes, number % cells),
        "state": _taken(["number", "nd"], absent.astype(np.int32)),
        "value": pa.array(random.poisson(2, count).astype(float), mask=absent),
        "window_from": pa.array(starts, pa.date32()).take(pa.array(quarter)),
        "window_to": pa.array(ends, pa.date32()).take(pa.array(quarter)),
        "version_id": pa.array(version),
        "version_number": pa.array(np.ones(count, np.int32)),
        "accepted_at": pa.array(np.full(count, datetime(2026, 1, 5, 10), "datetime64[us]")),
        "superseded": pa.array(np.zeros(count, bool)),
        "provisional": pa.array(np.zeros(count, bool)),
    }
    return pa.table({name: columns[name] for name in facts_schema().names})


def _taken(words: list[str], which: Any) -> pa.Array:
    return pa.array(words).take(pa.array(which))
