"""Facts on disk: reproducible to the byte, refused when they contradict themselves, kept when written again."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haidang.engine.facts import FACTS_FILE, VERSIONS_FILE, FactsTable, facts_table, write_facts, write_facts_table
from haidang.kernel.windows import Window


def test_the_same_facts_in_another_order_give_the_same_bytes(tmp_path, fact, year):
    facts = [fact(f"a{n}", f"B1.d150.c{c}", n * c, year(2021), n) for n in range(1, 6) for c in (1, 3, 9)]
    first = write_facts(facts, tmp_path / "one")
    second = write_facts(reversed(facts), tmp_path / "two")
    assert first == second
    assert (first.facts, first.versions) == (15, 5)
    for name in (FACTS_FILE, VERSIONS_FILE):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.randoms())
def test_any_order_gives_the_same_hash(tmp_path, fact, year, random):
    facts = [
        fact(f"a{n}", f"B{n % 3 + 1}.d150.c3", "na" if n % 4 == 0 else n / 8, year(2020 + n % 2), n) for n in range(12)
    ]
    sorted_hash = write_facts(facts, tmp_path / "sorted").sha256
    random.shuffle(facts)
    assert write_facts(facts, tmp_path / "shuffled").sha256 == sorted_hash


def test_writing_again_replaces_what_was_there_and_leaves_nothing_behind(tmp_path, fact, year):
    write_facts([fact("a", "B1.d150.c3", 1, year(2021), 1)], tmp_path)
    assert write_facts([], tmp_path).facts == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [FACTS_FILE, VERSIONS_FILE]


def test_facts_come_back_as_they_were(tmp_path, fact, year):
    facts = [fact("a", "B1.d150.c3", 1.25, year(2021), 7), fact("a", "B1.d150.c4", "nd", year(2021), 7)]
    write_facts(facts, tmp_path)
    with FactsTable(tmp_path) as table:
        records = table.connection.to_pyarrow(table.facts.order_by("cell")).to_pylist()
    assert [(r["cell"], r["state"], r["value"], r["version_id"]) for r in records] == [
        ("B1.d150.c3", "number", 1.25, 7),
        ("B1.d150.c4", "nd", None, 7),
    ]
    assert records[0]["window_from"] == date(2021, 1, 1)
    assert records[0]["accepted_at"] == datetime(2026, 1, 5, 10)


def test_one_version_may_hold_several_forms(tmp_path, fact, year):
    facts = [fact("a", f"B{n}.d150.c3", n, year(2021), 1) for n in (1, 2)]
    assert write_facts(facts, tmp_path).versions == 2


def test_a_cell_twice_in_one_version_is_refused(tmp_path, fact, year):
    twice = [fact("a", "B1.d150.c3", 1, year(2021), 1), fact("a", "B1.d150.c3", 2, year(2021), 1)]
    with pytest.raises(ValueError, match="twice"):
        write_facts(twice, tmp_path)


def test_a_version_of_two_agencies_is_refused(tmp_path, fact, year):
    with pytest.raises(ValueError, match="disagree"):
        write_facts([fact("a", "B1.d150.c3", 1, year(2021), 1), fact("b", "B1.d150.c4", 1, year(2021), 1)], tmp_path)


@pytest.mark.parametrize("value", [1e12, float("nan"), float("inf"), -1e12])
def test_a_value_that_cannot_be_summed_exactly_is_refused(fact, year, value):
    with pytest.raises(ValueError, match=r"B1\.d150\.c3"):
        fact("a", "B1.d150.c3", value, year(2021), 1)


def test_a_number_without_value_and_a_moment_without_zone_are_refused(fact, year):
    with pytest.raises(ValueError, match="exactly when"):
        fact("a", "B1.d150.c3", 1, year(2021), 1, value=None)
    with pytest.raises(ValueError, match="time zone"):
        facts_table([fact("a", "B1.d150.c3", 1, year(2021), 1, accepted_at=datetime(2026, 1, 1))])


def test_columns_may_be_given_at_once(tmp_path, fact, year):
    facts = [fact("a", "B1.d150.c3", 1, Window(date(2021, 2, 9), date(2021, 12, 14)), 1)]
    by_columns = write_facts_table(facts_table(facts), tmp_path / "columns")
    assert by_columns == write_facts(facts, tmp_path / "rows")


def test_the_moment_of_acceptance_is_vietnamese_clock_time(fact, year):
    late = fact("a", "B1.d150.c3", 1, year(2021), 1, accepted_at=datetime(2025, 6, 30, 17, 30, tzinfo=UTC))
    assert facts_table([late])["accepted_at"].to_pylist() == [datetime(2025, 7, 1, 0, 30)]


def test_the_database_fetches_no_extension(tmp_path):
    with FactsTable(tmp_path) as table:
        settings_off = (
            "SELECT current_setting('autoinstall_known_extensions'), current_setting('autoload_known_extensions')"
        )
        assert table.connection.con.execute(settings_off).fetchone() == (False, False)
