"""Leads by territory: what the words give each lead, and whom they leave out."""

from __future__ import annotations

from datetime import date

import pytest

from haidang.accounts.actors import SYSTEM
from haidang.agencies.actions import load_register
from haidang.agencies.models import Agency
from haidang.catalogue.agency_functions import national_register
from haidang.plans.actions import accept_plan
from haidang.plans.board import tasks_by_agency
from haidang.plans.models import Assignment, Task
from haidang.plans.territory import has_border, territory_of

POLICE, GUARD = "Công an tỉnh", "Bộ Chỉ huy Bộ đội Biên phòng tỉnh"


@pytest.mark.parametrize(
    ("gloss", "territory"),
    [
        ("(khu vực nội địa)", "inland"),
        ("(địa bàn nội địa)", "inland"),
        ("(khu vực biên giới)", "border"),
        ("(trên tuyến biên giới, biển)", "border"),
        ("(cơ quan thường trực)", ""),
        ("", ""),
    ],
)
def test_the_gloss_beside_a_lead_gives_its_territory(gloss, territory):
    assert territory_of(POLICE, f"{POLICE} {gloss} chủ trì kiểm tra nhà trọ.", "") == territory


def test_lines_below_that_hand_tasks_out_give_it_too():
    after = (
        f" b) Phân công - {POLICE} chủ trì thực hiện các việc trên trong khu vực nội địa. - {GUARD} chủ trì các việc "
        f"nêu trên tại khu vực biên giới. II. VIỆC KHÁC {POLICE} chủ trì."
    )
    assert territory_of(POLICE, "Kiểm tra nhà trọ.", after) == "inland"
    assert territory_of(GUARD, "Kiểm tra nhà trọ.", after) == "border"
    assert territory_of("Sở Y tế", "Kiểm tra nhà trọ.", after) == ""


def test_a_line_of_a_later_part_gives_nothing():
    after = f" II. VIỆC KHÁC - {POLICE} chủ trì các việc trên trong khu vực nội địa."
    assert territory_of(POLICE, "Kiểm tra nhà trọ.", after) == ""


def test_acceptance_keeps_it_and_the_board_shows_it(place, draft):
    words = "Tuyên truyền tại các bến tàu (Công an tỉnh chủ trì)."
    glossed = "Công an tỉnh (khu vực nội địa), Sở Y tế (khu vực biên giới) tuyên truyền ở bến."
    Task.objects.filter(plan=draft, text=words).update(text=glossed)
    task = draft.tasks.get(text=glossed)
    Assignment.objects.create(task=task, role="lead", position=1, phrase="Sở Y tế")
    plan = accept_plan(SYSTEM, draft, waiver="mẫu")
    told = dict(Assignment.objects.filter(task=task, role="lead").values_list("phrase", "territory"))
    assert told == {"Công an tỉnh": "inland", "Sở Y tế": "border"}
    leads = {lead for group in tasks_by_agency(plan, date(2025, 4, 1)) for row in group.tasks for lead in row.leads}
    assert "Công an tỉnh (khu vực nội địa)" in leads


def test_a_border_is_known_of_provinces_and_never_guessed_below_them(db, place):
    load_register(national_register(), provinces=["24", "20"], levels=("province", "district", "commune"))
    on = date(2024, 6, 1)
    inland = Agency.objects.get(area__code="24", function="police", level="province", valid_from=None)
    border = Agency.objects.get(area__code="20", function="police", level="province", valid_to=None)
    assert has_border(inland, on) is False
    assert has_border(border, on) is True
    below = Agency.objects.filter(level="commune", area__path__startswith=border.area.path + "/").first()
    assert below is not None and has_border(below, on) is None
    assert has_border(place.police, on) is None
    assert has_border(Agency.objects.get(area=None, standing=True), on) is None
