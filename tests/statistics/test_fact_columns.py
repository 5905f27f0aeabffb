"""Quicker ways to the same: facts as columns, and answers that are kept."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from haidang.accounts.actors import SYSTEM
from haidang.engine.facts import facts_table
from haidang.filings.models import Version
from haidang.kernel.windows import Window
from haidang.statistics import store
from haidang.statistics.actions import rebuild_facts
from haidang.statistics.facts import accepted_versions, columns_of, facts_of
from haidang.statistics.queries import figures

from .conftest import Province, accept, reports

WINDOW = Window(date(2024, 1, 1), date(2025, 6, 15))


def test_columns_hold_the_facts_of_each_version(province: Province) -> None:
    accept(
        province.filings["police", "2024"], {**reports(5), "B1.d151.c6": "nd", "B1.d152.c3": "na", "B1.d153.c3": 2.5}
    )
    accept(province.filings["police", "2024"], reports(7))
    accept(province.filings["border", "2025"], {"B1.d150.c2": 4, "B7.meeting.c16": "ở chợ", "B1.d154.c3": True})
    every = list(Version.objects.values_list("pk", flat=True))
    told = facts_table(fact for one in accepted_versions(every) for fact in facts_of(one))
    assert told.num_rows == 11
    assert columns_of(accepted_versions(every)).equals(told)


def test_no_versions_give_no_facts(province: Province) -> None:
    assert columns_of([]).num_rows == 0
    assert columns_of([]).schema == facts_table([]).schema


def test_a_number_too_large_to_add_exactly_is_refused(province: Province) -> None:
    accept(province.filings["police", "2024"], {"B1.d150.c3": 10**12})
    with pytest.raises(ValueError, match=r"B1\.d150\.c3"):
        rebuild_facts(SYSTEM)


def test_what_the_files_answered_is_not_asked_twice(province: Province, monkeypatch: pytest.MonkeyPatch) -> None:
    accept(province.filings["police", "2024"], reports(5))
    rebuild_facts(SYSTEM)
    first = figures(SYSTEM, ["B1.core.c2"], WINDOW)
    monkeypatch.setattr(store, "answer", _no_answer)
    assert figures(SYSTEM, ["B1.core.c2"], WINDOW) == first
    with pytest.raises(AssertionError):
        figures(SYSTEM, ["B1.core.c2"], Window(date(2024, 1, 1), date(2024, 12, 31)))


def test_kept_answers_give_way_to_what_is_accepted_or_rebuilt(province: Province) -> None:
    accept(province.filings["police", "2024"], reports(5))
    rebuild_facts(SYSTEM)
    assert _value() == 5
    accept(province.filings["border", "2024"], reports(3))
    assert _value() == 8
    accept(province.filings["police", "2024"], reports(6))
    assert _value() == 9
    rebuild_facts(SYSTEM)
    assert _value() == 9


def _value() -> Any:
    return figures(SYSTEM, ["B1.core.c2"], WINDOW)[0].value


def _no_answer(*_: object) -> None:
    raise AssertionError("the engine was asked again")
