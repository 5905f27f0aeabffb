"""Facts can be thrown away: the same filings give the same bytes, and a stale folder is never believed."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from haidang.accounts.actors import SYSTEM, Refused, Role
from haidang.filings.models import Ruling
from haidang.kernel.windows import Window
from haidang.statistics import actions
from haidang.statistics.actions import rebuild_facts
from haidang.statistics.queries import figures
from haidang.statistics.snapshots import MANIFEST, current_snapshot

from .conftest import Province, accept, reports

WINDOW = Window(date(2024, 1, 1), date(2025, 6, 15))


def new() -> Any:
    return figures(SYSTEM, ["B1.core.c2"], WINDOW)[0].value


def bytes_under(folder: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


def test_a_rebuild_is_the_same_to_the_byte(province: Province, settings: Any) -> None:
    accept(province.filings["police", "2024"], reports(5))
    accept(province.filings["border", "2024"], {**reports(3), "B1.d151.c6": "nd"})
    first = rebuild_facts(SYSTEM)
    held = bytes_under(first.folder)
    shutil.rmtree(settings.FACTS)
    again = rebuild_facts(SYSTEM)
    assert (again.sha256, again.facts, again.versions) == (first.sha256, 9, 2)
    assert bytes_under(again.folder) == held


def test_a_province_from_which_nothing_changed_is_taken_over(
    province: Province, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    accept(province.filings["police", "2024"], reports(5))
    first = rebuild_facts(SYSTEM)
    held = bytes_under(first.folder)
    with monkeypatch.context() as patched:
        patched.setattr(actions, "columns_of", _no_deriving)
        assert rebuild_facts(SYSTEM).sha256 == first.sha256
        assert bytes_under(first.folder) == held
        accept(province.filings["border", "2024"], reports(3))
        with pytest.raises(AssertionError, match="derived"):
            rebuild_facts(SYSTEM)
    assert new() == 8
    grown = rebuild_facts(SYSTEM)
    shutil.rmtree(settings.FACTS)
    assert rebuild_facts(SYSTEM) == grown


def test_a_window_that_was_corrected_is_derived_anew(province: Province) -> None:
    accept(province.filings["police", "2024"], reports(5))
    first = rebuild_facts(SYSTEM)
    cycle = province.filings["police", "2024"].obligation.cycle
    cycle.window_from = cycle.window_from + timedelta(days=1)
    cycle.save()
    assert rebuild_facts(SYSTEM).sha256 != first.sha256


def _no_deriving(*_: object) -> None:
    raise AssertionError("the facts were derived again")


def test_a_rebuild_replaces_the_facts_and_keeps_only_the_ones_before(province: Province, settings: Any) -> None:
    for label in ("2024", "2025"):
        accept(province.filings["police", label], reports(1))
        rebuild_facts(SYSTEM)
    accept(province.filings["border", "2024"], reports(1))
    rebuild_facts(SYSTEM)
    assert new() == 3
    assert len(list(settings.FACTS.glob("facts-*"))) == 2
    assert not list(settings.FACTS.glob("building-*"))


def test_computed_cells_and_words_are_no_facts(province: Province) -> None:
    accept(
        province.filings["police", "2024"], {"B1.d150.c3": 5, "B1.d150.c2": 5, "B7.meeting.c16": "ở chợ", "B1.x.c3": 1}
    )
    assert rebuild_facts(SYSTEM).facts == 1


def test_without_facts_on_disk_figures_are_right(province: Province) -> None:
    accept(province.filings["police", "2024"], reports(5))
    assert new() == 5


@pytest.mark.parametrize("damage", ["{", "[]", '{"folder": "facts-0"}'])
def test_a_torn_manifest_counts_as_none(province: Province, settings: Any, damage: str) -> None:
    accept(province.filings["police", "2024"], reports(5))
    rebuild_facts(SYSTEM)
    (settings.FACTS / MANIFEST).write_text(damage, encoding="utf-8")
    assert current_snapshot(settings.FACTS) is None
    assert new() == 5


def test_facts_of_another_database_are_not_believed(province: Province) -> None:
    accept(province.filings["police", "2024"], reports(5))
    rebuild_facts(SYSTEM)
    Ruling.objects.all().delete()
    accept(province.filings["border", "2024"], reports(2))
    assert new() == 2


def test_only_the_standing_agency_rebuilds(province: Province) -> None:
    assert rebuild_facts(province.ha).facts == 0
    for actor in (province.bien, province.sitting(province.police, Role.CLERK)):
        with pytest.raises(Refused):
            rebuild_facts(actor)
