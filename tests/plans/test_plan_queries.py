"""Who sees which plans, and how tasks are read back."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from haidang.accounts.actors import SYSTEM, Role
from haidang.agencies.models import Agency, AgencyLineage, AreaLineage
from haidang.agencies.queries import actor_for
from haidang.plans.board import my_tasks, tasks_by_agency
from haidang.plans.models import Assignment, Plan, Task
from haidang.plans.queries import (
    areas_to_import_for,
    items_of,
    plan_for,
    plans_visible,
)
from tests.plans.conftest import accept_plan, make_agency, make_area, make_person


@pytest.mark.parametrize(
    ("who", "seen"), [("bao", True), ("lam", True), ("ha", False), ("tam", False), ("nobody", False)]
)
def test_a_draft_is_for_the_standing_agency(place, draft, who, seen):
    actor = place.actor(getattr(place, who))
    assert plans_visible(actor).exists() is seen


@pytest.mark.parametrize(("who", "seen"), [("bao", True), ("ha", True), ("tam", False), ("nobody", False)])
def test_an_accepted_plan_is_for_everyone_in_its_area(place, draft, who, seen):
    accept_plan(place.actor(place.bao), draft)
    assert plans_visible(place.actor(getattr(place, who))).exists() is seen


def test_a_commune_sees_the_plan_of_its_province_and_not_of_its_neighbour(place, draft):
    accept_plan(SYSTEM, draft)
    commune = make_area("X101", "Xã Bãi Cát", "commune", place.area)
    office = make_agency(commune, "ubnd-xa", "UBND xã Bãi Cát", "government")
    actor = actor_for(make_person("Mo", office, Role.CLERK), date(2025, 4, 1))
    assert list(plans_visible(actor)) == [draft]
    Plan.objects.update(area=place.next_door)
    assert not plans_visible(actor).exists()


def test_everyone_of_the_area_that_the_plans_area_went_whole_into_sees_it(place, draft):
    accept_plan(SYSTEM, draft)
    merged = make_area("X9", "Tỉnh Hợp Nhất", valid_from=date(2025, 7, 1))
    office = make_agency(merged, "so-y-te", "Sở Y tế", "health", valid_from=date(2025, 7, 1))
    actor = actor_for(make_person("Na", office, Role.CLERK), date(2025, 8, 1))
    assert not plans_visible(actor).exists()
    step = AreaLineage.objects.create(
        old=place.area, new=merged, kind="merged", whole=True, on=date(2025, 7, 1), instrument="giả định"
    )
    assert list(plans_visible(actor)) == [draft]
    AreaLineage.objects.filter(pk=step.pk).update(whole=False)
    assert not plans_visible(actor).exists(), "of a divided area nobody can say which part the plan speaks of"


def test_a_plan_out_of_sight_does_not_exist(place, draft):
    with pytest.raises(Plan.DoesNotExist):
        plan_for(place.actor(place.ha), draft.pk)


def test_plans_carry_their_counts(draft):
    plan = plan_for(SYSTEM, draft.pk)
    assert (plan.n_targets, plan.n_tasks, plan.n_duties) == (1, 2, 2)


def test_plans_are_imported_for_the_areas_one_consolidates(place):
    assert list(areas_to_import_for(place.actor(place.bao))) == [place.area]
    assert not areas_to_import_for(place.actor(place.lam)).exists()
    assert not areas_to_import_for(place.actor(place.ha)).exists()


def test_the_review_lists_all_items_with_their_leads(draft):
    items = items_of(draft)
    assert [(item.kind.value, item.leads) for item in items] == [
        ("target", 0), ("task", 1), ("task", 0), ("duty", 0), ("duty", 0),
    ]  # fmt: skip
    assert items[3].text == "Báo cáo quý: trước 12/3"
    assert draft.text[slice(*items[1].span)].startswith("Tuyên truyền")


def test_tasks_stand_under_who_leads_them_and_collectives_after_single_agencies(place, draft):
    both = Task.objects.create(plan=draft, position=2, text="Việc chung")
    Assignment.objects.create(task=both, role="lead", position=0, phrase="các sở, ban, ngành")
    Assignment.objects.create(task=both, role="lead", position=1, phrase="Công an tỉnh")
    accept_plan(SYSTEM, draft)
    groups = tasks_by_agency(draft, date(2025, 7, 10))
    assert [(group.words, group.agencies, [row.task.position for row in group.tasks]) for group in groups] == [
        ("Công an tỉnh Bến Sương", 1, [0, 2]),
        ("Các sở, ban, ngành", 3, [2]),
        ("Chưa nêu cơ quan chủ trì", 0, [1]),
    ]
    assert groups[0].tasks[0].state == "past"


def test_my_tasks_say_whether_i_lead(place, draft):
    accept_plan(SYSTEM, draft)
    (mine,) = my_tasks(place.actor(place.ha), date(2025, 4, 1))
    assert (mine.lead, mine.phrase, mine.state) == (False, "Sở Y tế", "running")
    (led,) = my_tasks(place.actor(place.bao), date(2025, 4, 1))
    assert led.lead
    assert my_tasks(place.actor(place.nobody), date(2025, 4, 1)) == []


def test_my_tasks_begin_with_what_is_overdue_then_what_runs(place, draft):
    for position, (text, end) in enumerate(
        [("sau", date(2025, 9, 1)), ("trước", date(2025, 5, 1)), ("cũ", date(2025, 2, 1)), ("cũ hơn", date(2025, 1, 5))]
    ):
        task = Task.objects.create(plan=draft, position=5 + position, text=text, window_to=end)
        task.assignments.create(role="lead", position=0, phrase="Sở Tư pháp")
    always = Task.objects.create(plan=draft, position=9, text="cả năm")
    always.assignments.create(role="lead", position=0, phrase="Sở Tư pháp")
    accept_plan(SYSTEM, draft)
    actor = actor_for(make_person("Thu", place.justice, Role.CLERK), date(2025, 4, 1))
    assert [row.task.text for row in my_tasks(actor, date(2025, 4, 1))] == ["cũ", "cũ hơn", "trước", "sau", "cả năm"]
    assert {row.state for row in my_tasks(actor, date(2026, 1, 1))} == {"past"}


def test_a_draft_gives_nobody_tasks(place, draft):
    Assignment.objects.get(phrase="Sở Y tế").agencies.add(place.health)
    assert my_tasks(place.actor(place.ha)) == []


def test_tasks_of_an_agency_that_is_gone_are_its_successors(place, draft):
    accept_plan(SYSTEM, draft)
    heir = make_agency(place.area, "so-moi", "Sở Y tế và Dân số", "health")
    Agency.objects.filter(pk=place.health.pk).update(valid_to=date(2025, 2, 28))
    AgencyLineage.objects.create(
        old=place.health, new=heir, function="health", on=date(2025, 3, 1), instrument="giả định"
    )
    actor = actor_for(make_person("Nhi", heir, Role.CLERK), date(2025, 4, 1))
    assert [row.phrase for row in my_tasks(actor, date(2025, 4, 1))] == ["Sở Y tế"]


def _queries(read) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        read()
    return len(seen)


@pytest.mark.parametrize("read", ["board", "mine", "items", "list"])
def test_reading_costs_the_same_number_of_queries_however_long_the_plan(place, draft, read):
    accept_plan(SYSTEM, draft)
    actor = place.actor(place.bao)
    reads = {
        "board": lambda: tasks_by_agency(draft),
        "mine": lambda: my_tasks(actor),
        "items": lambda: items_of(draft),
        "list": lambda: list(plans_visible(actor)),
    }
    before = _queries(reads[read])
    for number in range(10):
        task = Task.objects.create(plan=draft, position=10 + number, text=f"Việc {number}")
        row = Assignment.objects.create(task=task, role="lead", position=0, phrase="Công an tỉnh")
        row.agencies.add(place.police)
    assert _queries(reads[read]) == before
