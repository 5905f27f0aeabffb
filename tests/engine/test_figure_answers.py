"""Figures from facts that can be counted by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haidang.engine.facts import FactsTable, write_facts
from haidang.engine.question import (
    AS_FIRST_REPORTED,
    FigureQuestion,
    Measure,
    Pick,
    Term,
    Versions,
    answer,
    as_accepted_on,
)
from haidang.kernel.windows import Window

NEW = Measure("new", (Term("B1.d150.c3"),))
OPENING = Term("B1.d150.c1", 1, Pick.FIRST)
TOTAL = Measure("total", (OPENING, Term("B1.d150.c3"), Term("B1.d150.c9", -1)))
CLOSING = Measure("closing", (Term("B1.d150.c16", 1, Pick.LAST),))
RATE = Measure("rate", (Term("B1.d150.c11"),), (Term("B1.d150.c3"),), 100)
FIVE_YEARS = Window(date(2021, 1, 1), date(2025, 12, 31))


def one(table, measure, window=FIVE_YEARS, **asked):
    (row,) = answer(FigureQuestion((measure,), window, **asked), table)
    return row


def test_a_flow_adds_over_agencies_and_windows_and_names_its_versions(opened, fact, year):
    table = opened(
        fact("a", "B1.d150.c3", 10, year(2021), 1),
        fact("a", "B1.d150.c3", 7, year(2022), 2),
        fact("b", "B1.d150.c3", 5, year(2021), 3),
        fact("b", "B1.d151.c3", 99, year(2021), 3),
    )
    row = one(table, NEW)
    assert (row.value, row.received) == (22, 3)
    assert row.version_ids == (1, 2, 3)
    assert row.windows == (year(2021), year(2022))


def test_nothing_reported_is_not_zero(opened, fact, year):
    table = opened(fact("a", "B1.d151.c3", 4, year(2021), 1))
    row = one(table, NEW)
    assert (row.value, row.received, row.version_ids) == (None, 0, ())


def test_a_reported_zero_is_zero(opened, fact, year):
    row = one(opened(fact("a", "B1.d150.c3", 0, year(2021), 1)), NEW)
    assert (row.value, row.received) == (0, 1)


def test_outside_the_function_counts_as_received_and_not_available_does_not(opened, fact, year):
    table = opened(
        fact("a", "B1.d150.c3", 4, year(2021), 1),
        fact("b", "B1.d150.c3", "na", year(2021), 2),
        fact("c", "B1.d150.c3", "nd", year(2021), 3),
    )
    row = one(table, NEW)
    assert (row.value, row.received, row.version_ids) == (4, 2, (1,))


def test_an_opening_is_of_the_first_window_and_a_closing_of_the_last(opened, fact, year):
    table = opened(
        fact("a", "B1.d150.c1", 3, year(2021), 1),
        fact("a", "B1.d150.c3", 10, year(2021), 1),
        fact("a", "B1.d150.c16", 6, year(2021), 1),
        fact("a", "B1.d150.c1", 6, year(2022), 2),
        fact("a", "B1.d150.c3", 4, year(2022), 2),
        fact("a", "B1.d150.c9", 2, year(2022), 2),
        fact("a", "B1.d150.c16", 5, year(2022), 2),
        fact("b", "B1.d150.c1", 1, year(2022), 3),
        fact("b", "B1.d150.c16", 1, year(2022), 3),
    )
    assert one(table, TOTAL).value == (3 + 10 + 4 - 2) + 1
    assert one(table, CLOSING).value == 5 + 1


def test_each_year_has_its_own_opening(opened, fact, year):
    table = opened(
        fact("a", "B1.d150.c1", 3, year(2021), 1),
        fact("a", "B1.d150.c3", 10, year(2021), 1),
        fact("a", "B1.d150.c1", 6, year(2022), 2),
        fact("a", "B1.d150.c3", 4, year(2022), 2),
    )
    window = Window(date(2021, 1, 1), date(2022, 12, 31))
    rows = answer(FigureQuestion((TOTAL,), window, by=("year",)), table)
    assert [(row.window, row.value) for row in rows] == [(year(2021), 13), (year(2022), 10)]


def test_what_is_only_taken_away_from_makes_no_figure(opened, fact, year):
    assert one(opened(fact("a", "B1.d150.c9", 2, year(2021), 1)), TOTAL).value is None


def test_a_ratio_is_of_the_sums_and_not_the_mean_of_ratios(opened, fact, year):
    table = opened(
        fact("a", "B1.d150.c11", 1, year(2021), 1),
        fact("a", "B1.d150.c3", 1, year(2021), 1),
        fact("b", "B1.d150.c11", 0, year(2021), 2),
        fact("b", "B1.d150.c3", 3, year(2021), 2),
    )
    row = one(table, RATE)
    assert (row.value, row.numerator, row.denominator, row.received) == (25, 1, 4, 2)


def test_a_ratio_over_zero_or_nothing_has_no_value(opened, fact, year):
    assert one(opened(fact("a", "B1.d150.c11", 2, year(2021), 1)), RATE).value is None
    zero = opened(fact("a", "B1.d150.c11", 2, year(2021), 1), fact("a", "B1.d150.c3", 0, year(2021), 1))
    assert (one(zero, RATE).value, one(zero, RATE).denominator) == (None, 0)


def test_a_window_over_the_edge_is_not_split_but_counted_as_straddling(opened, fact, year):
    across = Window(date(2020, 12, 15), date(2021, 12, 14))
    table = opened(fact("a", "B1.d150.c3", 8, across, 1), fact("b", "B1.d150.c3", 2, year(2021), 2))
    row = one(table, NEW)
    assert (row.value, row.straddling, row.received, row.version_ids) == (2, 1, 1, (2,))


def test_quarters_inside_a_filed_year_are_not_counted_again(opened, fact, year):
    quarter = Window(date(2021, 1, 1), date(2021, 3, 31))
    table = opened(
        fact("a", "B1.d150.c3", 10, year(2021), 1),
        fact("a", "B1.d150.c3", 3, quarter, 2),
        fact("b", "B1.d150.c3", 4, quarter, 3),
    )
    assert one(table, NEW).value == 14
    assert one(table, NEW, window=quarter).value == 7


def test_windows_that_partly_overlap_are_counted_and_said(opened, fact):
    table = opened(
        fact("a", "B1.d150.c3", 3, Window(date(2021, 1, 1), date(2021, 6, 30)), 1),
        fact("a", "B1.d150.c3", 4, Window(date(2021, 6, 15), date(2021, 12, 14)), 2),
    )
    row = one(table, NEW)
    assert (row.value, row.overlapping) == (7, 1)


def test_the_three_ways_to_choose_a_version(opened, fact, year):
    def version(number, value, month):
        moment = datetime(2022, month, 1, 2, tzinfo=UTC)
        return fact(
            "a",
            "B1.d150.c3",
            value,
            year(2021),
            number,
            version_number=number,
            accepted_at=moment,
            superseded=number < 3,
        )

    table = opened(version(1, 10, 1), version(2, 12, 3), version(3, 11, 5))
    assert one(table, NEW).value == 11
    assert one(table, NEW, versions=AS_FIRST_REPORTED).value == 10
    assert one(table, NEW, versions=as_accepted_on(date(2022, 3, 1))).value == 12
    assert one(table, NEW, versions=as_accepted_on(date(2022, 2, 28))).value == 10
    assert one(table, NEW, versions=as_accepted_on(date(2021, 12, 31))).value is None


def test_a_correction_that_empties_a_form_takes_its_figures_away(opened, fact, year):
    table = opened(
        fact("a", "B1.d150.c3", 10, year(2021), 1, superseded=True),
        fact("a", "B2.d150.c3", 2, year(2021), 2, version_number=2),
    )
    assert one(table, NEW).value is None


def test_fresh_versions_speak_before_they_are_written(opened, fact, year):
    newer = fact("a", "B1.d150.c3", 12, year(2021), 2, version_number=2, accepted_at=datetime(2026, 2, 1, tzinfo=UTC))
    table = opened(fact("a", "B1.d150.c3", 10, year(2021), 1), fresh=(newer,))
    assert (one(table, NEW).value, one(table, NEW).version_ids) == (12, (2,))


def test_an_empty_folder_answers_with_nothing(tmp_path, year):
    with FactsTable(tmp_path / "none") as table:
        assert one(table, NEW).value is None


def test_figures_by_area_at_a_chosen_depth(opened, fact, year):
    table = opened(
        fact("a", "B1.d150.c3", 1, year(2021), 1, area_path="p1/d1/c1"),
        fact("b", "B1.d150.c3", 2, year(2021), 2, area_path="p1/d1"),
        fact("c", "B1.d150.c3", 4, year(2021), 3, area_path="p1/d10"),
        fact("d", "B1.d150.c3", 8, year(2021), 4, area_path="p2"),
    )

    def by_area(**asked):
        rows = answer(FigureQuestion((NEW,), FIVE_YEARS, by=("area",), **asked), table)
        return {row.area: row.value for row in rows}

    assert by_area(area_depth=1) == {"p1": 7, "p2": 8}
    assert by_area(under="p1", area_depth=2) == {"p1/d1": 3, "p1/d10": 4}
    assert by_area(under="p1/d1") == {"p1/d1": 2, "p1/d1/c1": 1}
    assert one(table, NEW, under="p1/d1").value == 3


def test_figures_by_agency_year_and_cell(opened, fact, year):
    both = Measure("both", (Term("B1.d150.c3"), Term("B1.d151.c3")))
    table = opened(
        fact("a", "B1.d150.c3", 1, year(2021), 1),
        fact("a", "B1.d151.c3", 2, year(2021), 1),
        fact("b", "B1.d150.c3", 4, year(2022), 2),
    )
    window = Window(date(2021, 1, 1), date(2022, 12, 31))
    by_agency = answer(FigureQuestion((both,), window, by=("agency", "year")), table)
    assert [(row.agency, row.window.start.year, row.value, row.received) for row in by_agency] == [
        ("a", 2021, 3, 1),
        ("b", 2022, 4, 1),
    ]
    by_cell = answer(FigureQuestion((both,), window, by=("cell",)), table)
    assert [(row.cell, row.value) for row in by_cell] == [("B1.d150.c3", 5), ("B1.d151.c3", 2)]


def test_a_cell_on_both_sides_of_a_ratio_is_one_answer(opened, fact, year):
    share = Measure("share", (Term("B1.d150.c3"),), (Term("B1.d150.c3"), Term("B1.d151.c3")), 100)
    table = opened(fact("a", "B1.d150.c3", 1, year(2021), 1), fact("a", "B1.d151.c3", 3, year(2021), 1))
    assert (one(table, share).value, one(table, share).received, one(table, share).version_ids) == (25, 1, (1,))
    by_cell = answer(FigureQuestion((share,), FIVE_YEARS, by=("cell",)), table)
    assert [(row.cell, row.received, row.version_ids) for row in by_cell] == [
        ("B1.d150.c3", 1, (1,)),
        ("B1.d151.c3", 1, (1,)),
    ]


def test_cells_of_several_forms_are_one_answer_of_an_agency(opened, fact, year):
    chain = Measure("chain", (Term("B3.d150.c13"),), (Term("B2.d150.c3"),), 100)
    table = opened(
        fact("a", "B3.d150.c13", 3, year(2021), 1),
        fact("a", "B2.d150.c3", 2, year(2021), 1),
        fact("b", "B2.d150.c3", 2, year(2021), 2),
    )
    row = one(table, chain)
    assert (row.value, row.received, row.version_ids) == (75, 2, (1, 2))


def test_years_of_a_review_window_may_be_partial(opened, fact):
    part = Window(date(2021, 2, 9), date(2021, 12, 31))
    table = opened(fact("a", "B1.d150.c3", 6, part, 1))
    window = Window(date(2021, 2, 9), date(2022, 6, 15))
    rows = answer(FigureQuestion((NEW,), window, by=("year",)), table)
    assert [(row.window, row.value) for row in rows] == [
        (part, 6),
        (Window(date(2022, 1, 1), date(2022, 6, 15)), None),
    ]


def test_without_lineage_the_figures_are_the_same(opened, fact, year):
    row = one(opened(fact("a", "B1.d150.c3", 6, year(2021), 1)), NEW, lineage=False)
    assert (row.value, row.version_ids, row.windows) == (6, (), ())


def test_a_provisional_version_marks_its_figures(opened, fact, year):
    table = opened(
        fact("a", "B1.d150.c3", 6, year(2021), 1, provisional=True), fact("b", "B1.d150.c3", 1, year(2022), 2)
    )
    assert one(table, NEW).provisional is True
    assert one(table, NEW, window=year(2022)).provisional is False


def test_amounts_add_exactly(opened, fact, year):
    money = Measure("money", (Term("B8.local.c7"),))
    table = opened(*(fact(f"a{n}", "B8.local.c7", 0.1, year(2021), n) for n in range(1, 31)))
    assert one(table, money).value == 3


@pytest.mark.parametrize(
    "asked",
    [
        {"measures": (NEW, NEW)},
        {"measures": (Measure("none", ()),)},
        {"slices": (Window(date(2021, 1, 1), date(2021, 12, 31)),)},
        {"by": ("year",), "slices": (Window(date(2020, 1, 1), date(2020, 12, 31)),)},
        {
            "by": ("year",),
            "slices": (Window(date(2021, 1, 1), date(2021, 12, 31)), Window(date(2021, 6, 1), date(2022, 1, 1))),
        },
        {"area_depth": 0},
    ],
)
def test_a_question_that_makes_no_sense_is_refused(asked):
    with pytest.raises(ValueError, match=r"\w"):
        FigureQuestion(**{"measures": (NEW,), "window": FIVE_YEARS, **asked})


def test_a_day_goes_only_with_its_rule():
    with pytest.raises(ValueError, match="day"):
        Versions("latest", date(2021, 1, 1))
    with pytest.raises(ValueError, match="day"):
        Versions("as_accepted_on")


def test_no_measure_no_figure(opened):
    assert answer(FigureQuestion((), FIVE_YEARS), opened()) == []


REPORTS = st.dictionaries(
    st.tuples(st.sampled_from("abcd"), st.integers(2021, 2025)),
    st.integers(0, 10**9) | st.decimals(0, 10**6, places=3).map(float) | st.sampled_from(["na", "nd"]),
    max_size=12,
)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(reports=REPORTS, random=st.randoms())
def test_years_and_agencies_add_up_to_the_total_in_any_order(tmp_path, fact, year, reports, random):
    facts = [
        fact(agency, "B1.d150.c3", raw, year(number), version)
        for version, ((agency, number), raw) in enumerate(reports.items(), start=1)
    ]
    random.shuffle(facts)
    write_facts(facts, tmp_path)
    with FactsTable(tmp_path) as table:
        total = one(table, NEW)
        parts = [
            answer(FigureQuestion((NEW,), FIVE_YEARS, by=by), table)
            for by in [("year",), ("agency",), ("year", "agency")]
        ]
    numbers = [raw for raw in reports.values() if not isinstance(raw, str)]
    assert total.value == (pytest.approx(sum(numbers), abs=1e-6) if numbers else None)
    assert len(total.version_ids) == len(numbers)
    for rows in parts:
        given_values = [row.value for row in rows if row.value is not None]
        assert sum(given_values) == pytest.approx(sum(numbers), abs=1e-6)
        assert sum(row.received for row in rows) == total.received
        assert sorted(version for row in rows for version in row.version_ids) == sorted(total.version_ids)
