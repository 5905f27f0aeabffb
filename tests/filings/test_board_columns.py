"""The columns of the board: one a due date, shared by plans that ask for the same, split where one agency owes both."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from haidang.accounts.actors import SYSTEM
from haidang.filings.actions import extend, open_cycles
from haidang.filings.actions.chasing import remind_all
from haidang.filings.chasing.chosen import board_in_pieces, chosen_obligations, count_on_board
from haidang.filings.chasing.columns import columns_of
from haidang.filings.chasing.details import chased_among
from haidang.filings.models import Cycle, Obligation
from haidang.filings.queries import board
from haidang.filings.rules import CycleSpec
from haidang.kernel import clock
from haidang.kernel.calendars import Regime, nd09_quarter
from haidang.plans.models import Plan, PlanState

from .conftest import Cast, make_agency, make_area

DUE, TODAY = date(2025, 3, 12), date(2025, 3, 20)
SITE = "http://hai-dang.invalid"


def plan_of(area: Any, number: str) -> Plan:
    return Plan.objects.create(
        area=area, state=PlanState.ACCEPTED, number=number, file_name="k.txt", file_sha256=number[1] * 64, text="",
        reading={}, imported_at=clock.now(),
    )  # fmt: skip


def quarter(plan: Plan, label: str = "Quý I/2025", due_on: date = DUE, strict: bool = True) -> Cycle:
    spec = CycleSpec(label, nd09_quarter(2025, 1), Regime.ND09, due_on, strict, forms=("B1",))
    return open_cycles(SYSTEM, plan, [spec])[0]


@pytest.fixture
def two_provinces(cast: Cast) -> list[Cycle]:
    """The same quarter by the same day under a plan of each of two provinces; the second has a police of its own."""
    other = make_area("97", "Tỉnh Nam Hồ", "province")
    make_agency("nh-police", "Công an tỉnh Nam Hồ", "police", other)
    return [quarter(cast.plan), quarter(plan_of(other, "02/KH"))]


def test_plans_that_ask_for_the_same_by_the_same_day_share_a_column(two_provinces: list[Cycle]) -> None:
    rows = board(SYSTEM, two_provinces, TODAY)
    (column,) = columns_of(two_provinces, rows)
    assert (column.due_on, column.label, len(column.cycles)) == (DUE, "Quý I/2025", 2)
    found = [place for row in rows if (place := column.of(row))]
    assert {square.cycle for square, _ in found} == set(two_provinces)
    assert len(found) == len(rows) == Obligation.objects.count(), "each agency has its own square"


@pytest.mark.parametrize("other", [{"label": "Quý I/2025 (bổ sung)"}, {"due_on": date(2025, 3, 13)}, {"strict": False}])
def test_what_is_called_otherwise_or_due_otherwise_has_its_own_column(cast: Cast, other: dict[str, Any]) -> None:
    cycles = [quarter(cast.plan), quarter(plan_of(cast.province, "03/KH"), **other)]
    assert [column.cycles for column in columns_of(cycles)] == [(one,) for one in cycles]


def test_an_agency_that_owes_the_same_under_two_plans_has_a_column_for_each(cast: Cast) -> None:
    cycles = [quarter(cast.plan), quarter(plan_of(cast.province, "04/KH")), quarter(plan_of(cast.province, "05/KH"))]
    rows = board(SYSTEM, cycles, TODAY)
    columns = columns_of(cycles, rows)
    assert [column.cycles for column in columns] == [(one,) for one in cycles]
    squares = [square.pk for row in rows for column in columns if (place := column.of(row)) for square, _ in [place]]
    assert sorted(squares) == sorted(Obligation.objects.values_list("pk", flat=True)), "none is hidden by another"
    (whole,) = columns_of(cycles)
    assert [len(whole.all_of(row)) for row in rows] == [3] * len(rows), "without the rows they are told together"


def test_columns_keep_the_order_of_their_cycles(cast: Cast, two_provinces: list[Cycle]) -> None:
    later = quarter(cast.plan, "Quý II/2025", date(2025, 6, 12))
    cycles = [*two_provinces, later]
    assert [column.due_on for column in columns_of(cycles)] == [DUE, date(2025, 6, 12)]


def test_the_board_in_pieces_is_the_board(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("haidang.filings.chasing.chosen.AT_ONCE", 1)
    cycles = [cast.cycle()]
    ids = [cast.people.pk, cast.police.pk, cast.health.pk]
    assert list(board_in_pieces(cast.ha, cycles, TODAY, ids)) == board(cast.ha, cycles, TODAY, ids)
    assert count_on_board(cast.ha, cycles, ids) == 3 == count_on_board(cast.ha, cycles, None)
    assert count_on_board(cast.stranger, cycles, None) == 0


def test_how_often_an_agency_was_chased_is_counted_by_letter_not_by_reader(cast: Cast) -> None:
    cycle = cast.cycle()
    owed = Obligation.objects.get(cycle=cycle, agency=cast.health)
    assert chased_among([cast.health.pk], [cycle]) == {}
    for day in (date(2025, 3, 20), date(2025, 3, 22)):
        with clock.fixed_at(day):
            remind_all(cast.ha, chosen_obligations(cast.ha, [owed.pk], day), f"Gửi sớm ({day}).", SITE)
    first = owed.reminders.earliest("sent_at")
    for person in (cast.lan, cast.minh):
        owed.reminders.create(
            kind="digest", recipient_id=person.user_id, sent_at=first.sent_at, words="", sent_by_id=None
        )
    told = chased_among([cast.health.pk, cast.people.pk], [cycle])
    assert {pk: one.words for pk, one in told.items()} == {
        owed.pk: "bản tin tự động 1 lần, lời nhắc 2 lần; gần nhất 22/3/2025"
    }
    with clock.fixed_at(TODAY):
        extend(cast.ha, owed, date(2025, 4, 1), "Lũ.")
    assert chased_among([cast.health.pk], [cycle]) == told, "a decision is no reminder"
