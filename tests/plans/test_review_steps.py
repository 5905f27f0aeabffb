"""The steps of a review: everything that changes a draft is undone and done again, and nobody loses another's work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.exceptions import MultipleObjectsReturned, ObjectDoesNotExist, ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haidang.accounts.actors import Actor, Refused, Role
from haidang.audit.models import Entry
from haidang.kernel import clock
from haidang.plans.actions import (
    Stale,
    accept_items,
    add_from_passage,
    correct_duty,
    correct_header,
    correct_target,
    correct_task,
    ignore_item,
    merge_task,
    name_agency,
    redo_step,
    retype_item,
    split_task,
    undo_step,
)
from haidang.plans.models import Plan, ReviewStep, Task
from haidang.plans.reviewing import changed_words, seen_of, state_of
from haidang.plans.rules import Kind
from tests.plans.conftest import TEXT, accept_plan, make_person


@pytest.fixture
def bao(place) -> Actor:
    return place.actor(place.bao)


@pytest.fixture
def nga(place) -> Actor:
    return place.actor(make_person("Nga", place.police, Role.CONSOLIDATOR))


def kept(task: Task, **changes: object) -> dict:
    """The values of a task's form as they are, with changes."""
    said = {role: [a.phrase for a in task.assignments.all() if a.role == role] for role in ("lead", "coordinating")}
    values = {
        "section": task.section, "text": task.text, "window_from": task.window_from, "window_to": task.window_to,
        "lead": "\n".join(said["lead"]), "coordinating": "\n".join(said["coordinating"]),
    }  # fmt: skip
    return values | changes


Change = Callable[[Actor, Plan], object]
EVERY_VERB: dict[str, Change] = {
    "accept": lambda actor, plan: correct_task(actor, plan, (row := plan.tasks.first()).pk, **kept(row)),
    "accept-many": lambda actor, plan: accept_items(
        actor, plan, [(Kind.TASK, row.pk) for row in plan.tasks.all()] + [(Kind.TARGET, plan.targets.get().pk)]
    ),
    "edit": lambda actor, plan: correct_task(
        actor, plan, (row := plan.tasks.first()).pk, checked=False,
        **kept(row, text="Việc khác", lead="Sở Y tế\nSở Tư pháp", window_to=date(2025, 9, 30)),
    ),
    "edit-target": lambda actor, plan: correct_target(
        actor, plan, plan.targets.get().pk, text="x", comparator="reduce", value=None, unit=""
    ),
    "edit-duty": lambda actor, plan: correct_duty(
        actor, plan, plan.duties.first().pk, period="year", due="", strict=None, addressee="", owed_by="Sở Y tế"
    ),
    "add": lambda actor, plan: correct_task(
        actor, plan, None, section="", text="Việc thêm", lead="Sở Y tế", coordinating="", window_from=None,
        window_to=None,
    ),
    "split": lambda actor, plan: split_task(actor, plan, plan.tasks.first().pk, "Tuyên truyền\n\ntại các bến tàu"),
    "merge": lambda actor, plan: merge_task(actor, plan, plan.tasks.last().pk),
    "to-target": lambda actor, plan: retype_item(actor, plan, Kind.TASK, plan.tasks.first().pk, Kind.TARGET),
    "to-duty": lambda actor, plan: retype_item(actor, plan, Kind.TARGET, plan.targets.get().pk, Kind.DUTY),
    "to-task": lambda actor, plan: retype_item(actor, plan, Kind.DUTY, plan.duties.first().pk, Kind.TASK),
    "ignore": lambda actor, plan: ignore_item(actor, plan, Kind.TARGET, plan.targets.get().pk),
    "agency": lambda actor, plan: name_agency(actor, plan, plan.tasks.last().pk, "lead", "Sở Y tế"),
    "passage": lambda actor, plan: add_from_passage(actor, plan, Kind.TASK, 0, 8),
    "header": lambda actor, plan: correct_header(actor, plan, {"number": "8/KH", "issued_on": None, "is_review": True}),
}  # fmt: skip


def state(plan: Plan) -> dict:
    plan.refresh_from_db()
    return state_of(plan)


@pytest.mark.parametrize("verb", EVERY_VERB)
def test_every_change_is_undone_and_done_again(bao, draft, verb):
    before = state(draft)
    EVERY_VERB[verb](bao, draft)
    after = state(draft)
    assert after != before
    undo_step(bao, draft)
    assert state(draft) == before
    redo_step(bao, draft)
    assert state(draft) == after
    assert [entry.action for entry in Entry.objects.order_by("-pk")[:2]] == ["plan.step_redone", "plan.step_undone"]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(sorted(EVERY_VERB)), max_size=6))
def test_any_run_of_changes_is_undone_to_the_start_and_done_again_to_the_end(bao, draft, verbs):
    start, done = state(draft), 0
    for verb in verbs:
        try:
            EVERY_VERB[verb](bao, draft)
        except (AttributeError, ValidationError, ObjectDoesNotExist, MultipleObjectsReturned):
            continue  # what the verb takes was changed away, or is there twice, by one before
    end = state(draft)
    while draft.steps.filter(undone_at__isnull=True).exists():
        undo_step(bao, draft)
        done += 1
    assert state(draft) == start
    for _ in range(done):
        redo_step(bao, draft)
    assert state(draft) == end
    while draft.steps.filter(undone_at__isnull=True).exists():
        undo_step(bao, draft)
    draft.steps.all().delete()


def test_a_change_that_changes_nothing_is_no_step(bao, draft):
    row = draft.tasks.first()
    correct_task(bao, draft, row.pk, checked=False, **kept(row))
    assert not draft.steps.exists()
    with pytest.raises(ValidationError, match="Không còn bước nào của bạn"):
        undo_step(bao, draft)


def test_saves_of_one_item_within_a_moment_are_one_step(bao, draft):
    row, begun = draft.tasks.first(), state(draft)
    for text in ("M", "Mở", "Mở lớp"):
        correct_task(bao, draft, row.pk, checked=False, **kept(row, text=text))
    assert draft.steps.count() == 1
    with clock.fixed_at(clock.now() + timedelta(minutes=10)):
        correct_task(bao, draft, row.pk, checked=False, **kept(row, text="Mở lớp học"))
    assert draft.steps.count() == 2
    undo_step(bao, draft)
    assert draft.tasks.first().text == "Mở lớp"
    undo_step(bao, draft)
    assert state(draft) == begun


def test_what_was_undone_cannot_be_done_again_once_one_went_on(bao, draft):
    EVERY_VERB["ignore"](bao, draft)
    undo_step(bao, draft)
    EVERY_VERB["header"](bao, draft)
    with pytest.raises(ValidationError, match="Không có bước nào để làm lại"):
        redo_step(bao, draft)


def test_everybody_undoes_their_own_steps(bao, nga, draft):
    EVERY_VERB["ignore"](bao, draft)
    EVERY_VERB["header"](nga, draft)
    undo_step(bao, draft)
    draft.refresh_from_db()
    assert not draft.targets.get().ignored
    assert draft.number == "8/KH"


def test_a_step_is_not_undone_over_what_somebody_else_did_since(bao, nga, draft):
    row = draft.tasks.last()
    name_agency(bao, draft, row.pk, "lead", "Sở Y tế")
    name_agency(nga, draft, row.pk, "lead", "Sở Tư pháp")
    with pytest.raises(ValidationError, match=r"Nga \(mẫu\) đã gán cơ quan lúc"):
        undo_step(bao, draft)
    assert [one.phrase for one in row.assignments.all()] == ["Sở Y tế", "Sở Tư pháp"]


def test_an_edit_of_what_somebody_else_changed_is_refused_with_what_changed(bao, nga, draft):
    row = draft.tasks.last()
    seen = seen_of(row)
    name_agency(nga, draft, row.pk, "lead", "Sở Y tế")
    with pytest.raises(Stale, match=r"Nga \(mẫu\) đã thay đổi mục này lúc \d\d:\d\d \(cơ quan chủ trì\)"):
        correct_task(bao, draft, row.pk, seen=seen, **kept(row, text="Khác", lead=""))
    for change in (
        lambda: split_task(bao, draft, row.pk, "a\n\nb", seen=seen),
        lambda: merge_task(bao, draft, row.pk, seen=seen),
        lambda: ignore_item(bao, draft, Kind.TASK, row.pk, seen=seen),
        lambda: retype_item(bao, draft, Kind.TASK, row.pk, Kind.TARGET, seen=seen),
        lambda: name_agency(bao, draft, row.pk, "lead", "Sở Tư pháp", seen=seen),
    ):
        with pytest.raises(Stale):
            change()
    assert [one.phrase for one in draft.tasks.last().assignments.all()] == ["Sở Y tế"]


def test_a_head_that_somebody_else_changed_is_not_overwritten(bao, nga, draft):
    seen = seen_of(draft)
    correct_header(nga, draft, {"number": "9/KH-UBND"})
    with pytest.raises(Stale, match="Nga"):
        correct_header(bao, draft, {"number": "8/KH-UBND"}, seen=seen)
    draft.refresh_from_db()
    assert draft.number == "9/KH-UBND"


def test_items_are_not_confirmed_together_when_one_changed_since_the_list_was_shown(bao, nga, draft):
    first, second = draft.tasks.all()
    name_agency(nga, draft, second.pk, "lead", "Sở Y tế")
    with pytest.raises(Stale, match="thay đổi 1 mục trong nhóm"):
        accept_items(bao, draft, [(Kind.TASK, first.pk), (Kind.TASK, second.pk)], since=0)
    assert accept_items(bao, draft, [(Kind.TASK, first.pk)], since=0) == 1


def test_where_an_item_stands_in_the_list_makes_nobodys_screen_stale(bao, nga, draft):
    second = draft.tasks.last()
    seen = seen_of(second)
    split_task(nga, draft, draft.tasks.first().pk, "Tuyên truyền\n\ntại các bến tàu")
    name_agency(bao, draft, second.pk, "lead", "Sở Y tế", seen=seen)


def test_steps_end_with_the_acceptance_and_stay_to_be_read(bao, draft):
    EVERY_VERB["ignore"](bao, draft)
    accept_plan(bao, draft)
    with pytest.raises(Refused, match="đã được chấp nhận"):
        undo_step(bao, draft)
    step = ReviewStep.objects.get()
    assert changed_words(step, next(iter(step.changes))) == "bỏ qua"


# what the verbs make


def test_a_target_is_read_from_the_words_of_the_task_it_was(bao, draft):
    task = draft.tasks.last()
    Task.objects.filter(pk=task.pk).update(text="Phấn đấu đạt trên 85% số vụ được giải quyết")
    made = retype_item(bao, draft, Kind.TASK, task.pk, Kind.TARGET)
    assert (made.comparator, made.value, made.unit, made.checked) == (">", 85, "%", False)


def test_a_duty_is_read_from_a_passage(bao, draft):
    words = "Báo cáo quý trước ngày 12/3, trước ngày 12/6."
    start = TEXT.index(words)
    made = add_from_passage(bao, draft, Kind.DUTY, start, start + len(words))
    assert (made.period, made.due, made.strict) == ("quarter", "12/3", True)


def test_a_task_from_a_passage_has_its_agencies_its_section_and_its_place(bao, draft):
    draft.tasks.first().delete()
    words = "Tuyên truyền tại các bến tàu (Công an tỉnh chủ trì)."
    start = TEXT.index(words)
    made = add_from_passage(bao, draft, Kind.TASK, start, start + len(words))
    assert [row.phrase for row in made.assignments.all()] == ["Công an tỉnh"]
    assert draft.tasks.first() == made


@pytest.mark.parametrize(("start", "end"), [(5, 5), (-1, 4), (0, 10**6), (8, 3)])
def test_a_passage_outside_the_text_is_refused(bao, draft, start, end):
    with pytest.raises(ValidationError, match="Chọn một đoạn"):
        add_from_passage(bao, draft, Kind.TASK, start, end)


def test_a_lead_is_set_instead_of_those_before_or_beside_them(bao, draft):
    task = draft.tasks.first()
    name_agency(bao, draft, task.pk, "lead", "(Sở Tư pháp),")
    assert [row.phrase for row in task.assignments.filter(role="lead")] == ["Công an tỉnh", "Sở Tư pháp"]
    name_agency(bao, draft, task.pk, "lead", "Sở Y tế", instead=True)
    assert [(row.role, row.phrase) for row in task.assignments.all()] == [("lead", "Sở Y tế")]
    with pytest.raises(ValidationError, match="Chọn tên cơ quan"):
        name_agency(bao, draft, task.pk, "lead", " ;")
    with pytest.raises(ValidationError, match="301 ký tự"):
        name_agency(bao, draft, task.pk, "lead", "a" * 301)


def test_an_item_does_not_change_to_the_kind_it_has(bao, draft):
    with pytest.raises(ValidationError, match="đã là nhiệm vụ"):
        retype_item(bao, draft, Kind.TASK, draft.tasks.first().pk, Kind.TASK)
