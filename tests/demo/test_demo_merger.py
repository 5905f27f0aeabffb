"""The invented merger: both half-years on one board, obligations handed over, people moved."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client

from haidang.accounts.actors import Actor
from haidang.accounts.models import User
from haidang.agencies.models import Agency
from haidang.catalogue.agency_functions import national_register
from haidang.demo.merger import FIRST, SECOND, WHOLE, build_merger
from haidang.filings.chasing.chosen import rates_of
from haidang.filings.earlier import earlier_filings
from haidang.filings.models import Cycle, FilingState, Obligation
from haidang.filings.queries import board
from haidang.kernel import clock


@pytest.fixture
def chief(db: None) -> Actor:
    return build_merger(national_register(), 138, lambda _line: None)


def test_the_year_goes_on_over_the_merger(chief: Actor) -> None:
    firsts, second = Cycle.objects.filter(label=FIRST.label), Cycle.objects.get(label=SECOND.label)
    assert {cycle.plan.area.name for cycle in firsts} == {"Tỉnh Đông Khê (giả định)", "Tỉnh Tây Khê (giả định)"}
    assert {cycle.due_on for cycle in firsts} == {date(2025, 6, 20)}
    # Before 20/12/2025, a Saturday: its last day, a Friday, is worked and stays.
    assert (second.due_on, second.written_due_on) == (date(2025, 12, 20), None)
    levels = set(Obligation.objects.filter(cycle=second).values_list("agency__level", flat=True))
    assert levels == {"province", "commune"}
    assert all(row.agency.area and row.agency.area.path.startswith("K1-20250701")
               for row in Obligation.objects.filter(cycle=second).select_related("agency__area"))  # fmt: skip
    assert second.obligations.filter(filing__state=FilingState.ACCEPTED).exists()


def test_one_board_shows_both_halves_with_what_became_of_the_old_agencies(chief: Actor, client: Client) -> None:
    cycles = list(Cycle.objects.all())
    rows = board(chief, cycles, clock.today())
    assert {row.agency.level for row in rows} == {"province", "district", "commune"}
    assert all((rates_of(row).on_time_share or 0) <= 100 for row in rows)
    client.force_login(User.objects.get(pk=chief.user_id))
    page = client.get("/bao-cao/don-doc/").content.decode()
    police = Agency.objects.get(area__name=WHOLE, standing=True)
    assert re.search(rf'Công an tỉnh Tây Khê[^<]*<small><a href="#a-{police.pk}">nay là {re.escape(police.name)}', page)
    assert "Đã bàn giao cho" in page
    (first_half,) = re.findall(rf"<b>20/6/2025</b>{FIRST.label}(.*?)</th>", page)
    plans = {cycle.plan.number for cycle in cycles if cycle.label == FIRST.label}
    assert set(re.findall(r'">([^<]+)</a></small>', first_half)) == plans, "both old provinces stand in one column"
    assert "nay là Ủy ban nhân dân xã Bãi Soi (lập mới từ 01/7/2025)" in page


def test_the_new_police_see_the_sum_of_both_old_ones(chief: Actor) -> None:
    police = Agency.objects.get(area__name=WHOLE, standing=True)
    owed = Obligation.objects.select_related("agency", "cycle").get(cycle__label=SECOND.label, agency=police)
    (before,) = earlier_filings(owed)
    assert before.label.endswith("(2 cơ quan trước sắp xếp)")
    old = Obligation.objects.filter(cycle__label=FIRST.label, agency__code__in=["K1.cong-an", "K2.cong-an"])
    code = "B1.d150.c3"
    assert before.cells[code] == sum(row.filing.cells[code] for row in old.select_related("filing"))
