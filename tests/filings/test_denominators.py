"""Whatever becomes of obligations, every place counts the same ones, and nothing ever comes to more than all of them.

The places: the rates of the board (line and column), the coverage of a cycle, its consolidated page, and figures.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random

import pytest

from haidang.accounts.actors import SYSTEM, Refused
from haidang.agencies.models import Agency, AgencyLineage
from haidang.filings.actions import (
    CannotSubmit,
    accept,
    correct,
    extend,
    reopen,
    return_,
    save_cells,
    submit,
    unwaive,
    waive,
    withdraw,
)
from haidang.filings.actions.handing import hand_over_all
from haidang.filings.chasing.chosen import rates_of, rates_of_tallies, tallies
from haidang.filings.consolidating.cycle_sums import consolidation, totals_of
from haidang.filings.models import Cycle, Filing, Obligation, Ruling, Version
from haidang.filings.queries import board, coverage, standing, visible_obligations
from haidang.filings.rules import Letter
from haidang.kernel import clock
from haidang.kernel.clock import VIET_NAM
from haidang.statistics.selection import scope_of

from .conftest import Cast, filled, make_agency, make_area

DUE = date(2025, 3, 25)
STEPS = 60


def latest(filing: Filing) -> Version:
    return filing.versions.order_by("-number")[0]


def send(filing: Filing, draw: Random) -> None:
    again = filing.versions.exists()
    cells = filled("B5", draw.randrange(3)) if not again else {}
    if cells:
        filing = save_cells(SYSTEM, filing, cells, filing.revision).filing
    submit(SYSTEM, filing, *(("Rà soát", "12/BC") if again else ()))


MOVES: tuple[Callable[[Filing, Random], object], ...] = (
    send,
    send,
    lambda filing, _draw: accept(SYSTEM, latest(filing)),
    lambda filing, _draw: accept(SYSTEM, latest(filing)),
    lambda filing, _draw: return_(SYSTEM, latest(filing), "Đối chiếu lại"),
    lambda filing, _draw: withdraw(SYSTEM, latest(filing), "Gửi nhầm"),
    lambda filing, _draw: correct(SYSTEM, filing),
    lambda filing, _draw: reopen(SYSTEM, filing, "Số vênh"),
    lambda filing, _draw: waive(SYSTEM, filing.obligation, "Không phát sinh"),
    lambda filing, _draw: unwaive(SYSTEM, filing.obligation),
    lambda filing, draw: extend(SYSTEM, filing.obligation, DUE + timedelta(days=draw.randrange(1, 30)), "Bão lũ"),
)


def dissolve(cast: Cast, old: Agency, on: date) -> None:
    """The agency ends the day before, and another takes its place."""
    heir = make_agency(f"{old.code}-moi", f"{old.name} (mới)", old.function, old.area or cast.province, valid_from=on)
    old.valid_to = on - timedelta(days=1)
    old.save()
    AgencyLineage.objects.create(old=old, new=heir, function=old.function, on=on, instrument="giả định")


def check(cast: Cast, cycle: Cycle, on: date) -> None:
    """What every place says of the cycle on the day."""
    rows = list(visible_obligations(cast.ha).filter(cycle=cycle))
    expected = [row for row in rows if not row.waived_reason]
    found = coverage(cast.ha, cycle, on)
    assert (found.expected, found.received) == (len(expected), sum(bool(row.filing.received_at) for row in expected))
    assert found.on_time <= found.received <= found.expected

    lines = [rates_of(line) for line in board(cast.ha, [cycle], on)]
    column = rates_of_tallies(tallies(cast.ha, [cycle], on))
    due = [row for row in expected if row.filing.received_at or standing(row, on).letter != Letter.NOT_DUE]
    assert column.counted == sum(line.counted for line in lines) <= len(due) <= found.expected
    for one in (*lines, column):
        assert one.on_time <= one.received <= one.counted

    for waiting in (False, True):
        whole = consolidation(cast.ha, cycle.pk, with_waiting=waiting)
        for form in whole.forms:
            totals = totals_of(whole, form)
            assert totals.received <= totals.expected <= found.expected

    owed = scope_of(SYSTEM, [cycle.window], None).owed
    accepted = {row.pk for row in rows if Ruling.objects.filter(version__filing=row.filing, outcome="accepted")}
    assert {one.obligation_id for one in owed if one.received} == accepted
    # What counts in figures is expected there and everywhere else: nothing counted was excused or handed over.
    assert {one.obligation_id for one in owed if not one.off} == {row.pk for row in expected}
    assert accepted <= {row.pk for row in expected}


@pytest.mark.parametrize("seed", range(3))
def test_every_place_counts_the_same_whatever_happens(cast: Cast, seed: int) -> None:
    draw = Random(seed)
    for number in range(3):
        area = make_area(f"98{number}", f"Xã {number}", "commune", cast.province)
        make_agency(f"hm-{number}", f"UBND xã {number}", "government", area)
    with clock.fixed_at(date(2025, 3, 1)):
        cycle = cast.cycle(forms=("B5",), due_on=DUE)
    day, done = date(2025, 3, 1), 0
    for step in range(STEPS):
        day += timedelta(days=draw.randrange(2))
        with clock.fixed_at(datetime(day.year, day.month, day.day, 9, step % 60, tzinfo=VIET_NAM)):
            filing = draw.choice(list(Filing.objects.filter(obligation__cycle=cycle).order_by("pk")))
            filing = Filing.objects.select_related("obligation__cycle", "obligation__agency__area").get(pk=filing.pk)
            if step in (30, 45):
                dissolve(cast, draw.choice(list(Agency.objects.filter(obligations__cycle=cycle, valid_to=None))), day)
                hand_over_all(SYSTEM, day)
            try:
                draw.choice(MOVES)(filing, draw)
                done += 1
            except (Refused, CannotSubmit, IndexError):
                pass
            check(cast, cycle, day)
    assert done > STEPS / 5
    assert Obligation.objects.filter(cycle=cycle).count() >= 5
