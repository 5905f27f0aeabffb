"""Who sees what, and what the lists and the board show."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from haidang.accounts.actors import NOBODY, SYSTEM
from haidang.filings import queries
from haidang.filings.actions import accept, extend, report_nil, return_, submit, waive
from haidang.filings.models import Filing, Obligation, Version
from haidang.kernel import clock

from .conftest import Cast


def test_an_agency_sees_its_own_and_the_standing_agency_its_area(cast: Cast) -> None:
    cycle = cast.cycle()
    seen = {
        name: {row.agency.code for row in queries.visible_obligations(actor).filter(cycle=cycle)}
        for name, actor in {"lan": cast.lan, "ha": cast.ha, "stranger": cast.stranger, "nobody": NOBODY}.items()
    }
    assert seen["lan"] == {"hm-health"}
    assert seen["ha"] == {"hm-police", "hm-health", "hm-st-people"}
    assert seen["stranger"] == seen["nobody"] == set()


def test_what_may_not_be_seen_does_not_exist(cast: Cast) -> None:
    filing = cast.filing(cast.cycle(), cast.health)
    report_nil(cast.lan, filing, "B5", 0)
    version = submit(cast.lan, filing)
    assert queries.filing_for(cast.ha, filing.pk) == filing
    assert queries.version_for(cast.ha, version.pk) == version
    with pytest.raises(Obligation.DoesNotExist):
        queries.obligation_for(cast.stranger, filing.obligation_id)
    with pytest.raises(Filing.DoesNotExist):
        queries.filing_for(cast.stranger, filing.pk)
    with pytest.raises(Version.DoesNotExist):
        queries.version_for(cast.stranger, version.pk)


def test_my_obligations_are_by_last_day_and_say_why(cast: Cast) -> None:
    cast.cycle("Quý II/2025", ("B5",), due_on=date(2025, 6, 12))
    cast.cycle("Quý I/2025", ("B5",))
    owed = queries.my_obligations(cast.lan, date(2025, 3, 14))
    assert [(one.last_day, one.days_left, one.standing.letter) for one in owed] == [
        (date(2025, 3, 11), -3, "Q"),
        (date(2025, 6, 11), 89, ""),
    ]
    assert owed[0].why == "01/KH-BCĐ: Quý I/2025"
    assert owed[0].standing.words == "quá hạn 3 ngày, chưa nộp"


def test_the_number_of_queries_does_not_grow_with_what_is_owed(cast: Cast, django_assert_num_queries: Any) -> None:
    for number in range(6):
        cast.cycle(f"Kỳ {number}", ("B1", "B5"))
    with django_assert_num_queries(1):
        assert len(queries.my_obligations(cast.lan, date(2025, 3, 1))) == 6
    cycles = queries.cycles_of(cast.ha, cast.plan.pk)
    with django_assert_num_queries(2):
        rows = queries.board(cast.ha, cycles, date(2025, 3, 1))
    assert [len(row.places) for row in rows] == [6, 6, 6]


def test_the_board_shows_each_state_by_its_letter(cast: Cast) -> None:
    cycle = cast.cycle(due_on=date(2025, 3, 12))
    with clock.fixed_at(date(2025, 3, 14)):
        report_nil(cast.son, cast.filing(cycle, cast.police), "B1", 0)
        submit(cast.son, cast.filing(cycle, cast.police))
    waive(SYSTEM, cast.filing(cycle, cast.people).obligation, "Mới sắp xếp.")
    extend(SYSTEM, cast.filing(cycle, cast.health).obligation, date(2025, 3, 20), "Chờ số liệu.")
    letters = {
        row.agency.code: row.places[0][1] for row in queries.board(cast.ha, [cycle], date(2025, 3, 15)) if row.places[0]
    }
    assert {code: (one.letter, one.days) for code, one in letters.items()} == {
        "hm-police": ("T", 3),
        "hm-st-people": ("M", 0),
        "hm-health": ("G", 0),
    }
    later = queries.standing(
        queries.obligation_for(cast.ha, cast.filing(cycle, cast.health).obligation_id), date(2025, 3, 22)
    )
    assert (later.letter, later.days) == ("Q", 2)


def test_waiting_versions_are_listed_for_the_standing_agency_only(cast: Cast) -> None:
    filing = cast.filing(cast.cycle(), cast.health)
    report_nil(cast.lan, filing, "B5", 0)
    first = submit(cast.lan, filing)
    assert queries.filings_awaiting(cast.ha) == [first]
    assert queries.filings_awaiting(cast.lan) == queries.filings_awaiting(cast.stranger) == []
    return_(cast.ha, first, "Xem lại.")
    assert queries.filings_awaiting(cast.ha) == []
    second = submit(cast.lan, filing, reason="Giữ nguyên.")
    assert queries.filings_awaiting(cast.ha) == [second]
    assert [version.number for version in queries.versions_of(filing)] == [1, 2]


def test_coverage_counts_what_is_expected_and_never_passes_a_hundred(cast: Cast) -> None:
    cycle = cast.cycle()
    with clock.fixed_at(date(2025, 3, 11)):
        report_nil(cast.lan, cast.filing(cycle, cast.health), "B5", 0)
        accept(cast.ha, submit(cast.lan, cast.filing(cycle, cast.health)))
    waive(SYSTEM, cast.filing(cycle, cast.people).obligation, "Mới sắp xếp.")
    covered = queries.coverage(cast.ha, cycle, date(2025, 3, 20))
    assert (covered.expected, covered.received, covered.accepted, covered.on_time) == (2, 1, 1, 1)
    assert covered.missing == (cast.police,)
    assert covered.waived == ((cast.people, "Mới sắp xếp."),)
    assert covered.received_share == 50


def test_a_square_knows_the_day_in_viet_nam_on_which_it_was_received(cast: Cast) -> None:
    cycle = cast.cycle(forms=("B1",))
    filing = cast.filing(cycle, cast.police)
    # Half past midnight in Viet Nam is still the day before in UTC.
    Filing.objects.filter(pk=filing.pk).update(state="submitted", received_at=datetime(2025, 3, 11, 17, 30, tzinfo=UTC))
    (row,) = [row for row in queries.board(cast.ha, [cycle], date(2025, 3, 15)) if row.agency == cast.police]
    assert row.places[0] is not None
    square, _ = row.places[0]
    assert square.received_on == date(2025, 3, 12)
