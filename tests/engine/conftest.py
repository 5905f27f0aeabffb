"""Small facts, written in one line each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from haidang.engine.facts import Fact, FactsTable, write_facts
from haidang.kernel.windows import Window

ACCEPTED = datetime(2026, 1, 5, 3, tzinfo=UTC)


@pytest.fixture
def year() -> Callable[[int], Window]:
    return lambda number: Window(date(number, 1, 1), date(number, 12, 31))


@pytest.fixture
def fact() -> Callable[..., Fact]:
    def make(agency: str, cell: str, raw: float | str, window: Window, version: int, **given: object) -> Fact:
        form, row, column = cell.split(".")
        state, value = (raw, None) if isinstance(raw, str) else ("number", raw)
        plain = {
            "agency": agency,
            "area_key": agency,
            "area_path": f"p1/{agency}",
            "form": form,
            "row": row,
            "column": column,
            "state": state,
            "value": value,
            "window": window,
            "version_id": version,
            "version_number": 1,
            "accepted_at": ACCEPTED,
            "superseded": False,
            "provisional": False,
        }
        return Fact(**{**plain, **given})  # type: ignore[arg-type]

    return make


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., FactsTable]]:
    tables: list[FactsTable] = []

    def write_and_open(*facts: Fact, fresh: tuple[Fact, ...] = ()) -> FactsTable:
        write_facts(facts, tmp_path)
        tables.append(FactsTable(tmp_path, fresh))
        return tables[-1]

    yield write_and_open
    for table in tables:
        table.close()
