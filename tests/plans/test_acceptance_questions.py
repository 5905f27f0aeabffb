"""What stands before the acceptance of a draft: questions with explicit answers, tasks without a known lead, cycles."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from haidang.accounts.actors import SYSTEM, Refused
from haidang.agencies.models import AgencyLineage
from haidang.filings.actions.replaced_plans import move_open_cycles, open_cycles_of
from haidang.filings.models import Cycle, Filing, FilingState, Obligation
from haidang.kernel import clock
from haidang.plans.actions import NotAccepted, accept_plan, correct_task, ignore_item
from haidang.plans.models import Assignment, Duty, LeadWaiver, Plan, PlanState, Task
from haidang.plans.questions import Question, gate_of
from haidang.plans.rules import DutyDate, Kind, conflicting_duties
from tests.plans.conftest import accept_plan as accept_as_it_stands
from tests.plans.conftest import make_agency, make_area

WAIVER = "Văn bản không nêu."


@pytest.fixture(autouse=True)
def that_day():
    with clock.fixed_at(date(2025, 4, 1)):
        yield


@pytest.fixture
def led(draft: Plan) -> Plan:
    """The draft with every task led by somebody who is known."""
    Assignment.objects.create(task=draft.tasks.get(position=1), role="lead", position=0, phrase="Sở Y tế")
    return draft


def kinds(plan: Plan, replaces: Plan | None = None) -> list[str]:
    return [question.kind for question in gate_of(plan, replaces).questions]


def the_question(plan: Plan, kind: str) -> Question:
    (found,) = [question for question in gate_of(plan).questions if question.kind == kind]
    return found


def another(plan: Plan, **more) -> Plan:
    """A further draft of the area, with one task led by the police."""
    values = {
        "area": plan.area, "number": "9/KH-UBND", "issued_on": date(2025, 3, 1), "issuer": plan.issuer,
        "title": "Kế hoạch khác", "file_name": "khac.txt", "file_sha256": "5" * 64, "text": "", "reading": {},
        "imported_at": datetime(2025, 3, 2, tzinfo=UTC),
    }  # fmt: skip
    made = Plan.objects.create(**{**values, **more})
    task = Task.objects.create(plan=made, position=0, text="Một việc riêng")
    Assignment.objects.create(task=task, role="lead", position=0, phrase="Công an tỉnh")
    return made


# tasks without a known lead


def test_a_plan_whose_tasks_are_all_led_needs_no_words(place, led):
    gate = gate_of(led)
    assert (gate.questions, gate.unresolved) == ((), ())
    assert accept_plan(place.actor(place.bao), led).state == PlanState.ACCEPTED
    assert not LeadWaiver.objects.exists()


@pytest.mark.parametrize("reason", ["", "  ", "a" * 501])
def test_tasks_without_a_known_lead_are_not_published_without_a_reason(place, draft, reason):
    with pytest.raises(NotAccepted, match="1 nhiệm vụ chưa rõ cơ quan chủ trì") as refusal:
        accept_plan(place.actor(place.bao), draft, waiver=reason)
    assert list(refusal.value.unresolved) == [draft.tasks.get(position=1)]
    draft.refresh_from_db()
    assert draft.is_draft


def test_a_lead_that_the_list_does_not_know_counts_as_none(place, draft):
    task = draft.tasks.get(position=1)
    Assignment.objects.create(task=task, role="lead", position=0, phrase="Sở Y tế")
    Assignment.objects.create(task=task, role="lead", position=1, phrase="Câu lạc bộ Hoa Sim")
    with pytest.raises(NotAccepted):
        accept_plan(place.actor(place.bao), draft)
    assert accept_plan(place.actor(place.bao), draft, waiver=WAIVER).state == PlanState.ACCEPTED


def test_the_reason_is_kept_with_who_gave_it_and_for_which_tasks(place, draft):
    task = draft.tasks.get(position=1)
    accept_plan(place.actor(place.bao), draft, waiver=WAIVER, waived=[task.pk])
    waiver = draft.lead_waiver
    assert (waiver.tasks, waiver.reason, waiver.waived_by_id) == ([task.pk], WAIVER, place.bao.pk)


def test_a_waiver_does_not_cover_a_task_that_the_person_did_not_see(place, draft):
    with pytest.raises(NotAccepted):
        accept_plan(place.actor(place.bao), draft, waiver=WAIVER, waived=[])


def test_an_ignored_task_needs_no_lead(place, draft):
    ignore_item(place.actor(place.bao), draft, Kind.TASK, draft.tasks.get(position=1).pk)
    accept_plan(place.actor(place.bao), draft)
    assert draft.tasks.count() == 1


def test_what_was_ignored_is_listed_with_a_way_back_before_the_acceptance(client, place, draft):
    row = draft.tasks.get(position=1)
    client.force_login(place.bao)
    address = f"/ke-hoach/{draft.pk}/ra-soat/nhiem-vu/{row.pk}/"
    answer = client.post(f"{address}bo/")
    assert answer.headers["Location"].startswith(address)
    page = client.get(f"/ke-hoach/{draft.pk}/chap-nhan/").content.decode()
    assert "1 mục bỏ qua" in page
    assert f'<a href="{address}">' in page


def test_the_plan_page_shows_the_reason(client, place, draft):
    accept_plan(place.actor(place.bao), draft, waiver=WAIVER)
    client.force_login(place.lam)
    page = client.get(f"/ke-hoach/{draft.pk}/").content.decode()
    assert "1 nhiệm vụ được giao khi chưa rõ cơ quan chủ trì" in page
    assert f"Lý do: {WAIVER} · Bao (mẫu)" in page


# questions


def test_a_question_needs_an_answer_that_goes_on(place, led):
    Plan.objects.filter(pk=led.pk).update(issuer="UBND tỉnh Đồi Gió", place="Đồi Gió")
    led.refresh_from_db()
    code = the_question(led, "province").code
    for answers in ({}, {code: "discard"}, {code: "không có"}, {"province-00000000": "here"}):
        with pytest.raises(NotAccepted, match="1 câu hỏi"):
            accept_plan(place.actor(place.bao), led, answers=answers)
    accept_plan(place.actor(place.bao), led, answers={code: "here"})
    answer = led.answers.get()
    assert (answer.choice, answer.answered_by_id) == ("here", place.bao.pk)
    assert "Đồi Gió" in answer.question


@pytest.mark.parametrize(
    ("issuer", "named"),
    [
        ("UBND tỉnh Hồ Sen", "tỉnh Hồ Sen"),
        ("ỦY BAN NHÂN DÂN THÀNH PHỐ HỒ SEN", "thành phố HỒ SEN"),
        ("Sở Y tế tỉnh Hồ Sen", "tỉnh Hồ Sen"),
        ("UBND tỉnh", ""),
        ("UBND tỉnh Sở Y tế", ""),
        ("UBND tỉnh Bến Sương", ""),
        ("UBND thành phố Bãi Ngao", ""),
    ],
)
def test_a_province_that_no_list_has_is_asked_about_unless_it_lies_below(place, led, issuer, named):
    make_area("X1-c1", "Thành phố Bãi Ngao", "district", place.area)
    Plan.objects.filter(pk=led.pk).update(issuer=issuer, place="")
    led.refresh_from_db()
    asked = [one.words for one in gate_of(led).questions if one.kind == "province"]
    assert [f"thuộc {named};" in words for words in asked] == ([True] if named else [])


def test_the_system_itself_must_answer_too(led):
    Plan.objects.filter(pk=led.pk).update(issuer="UBND tỉnh Đồi Gió", place="Đồi Gió")
    with pytest.raises(NotAccepted):
        accept_plan(SYSTEM, Plan.objects.select_related("area").get(pk=led.pk))


def test_an_answer_holds_only_for_the_words_it_was_given_to(place, led):
    Plan.objects.filter(pk=led.pk).update(issuer="UBND tỉnh Đồi Gió", place="Đồi Gió")
    led.refresh_from_db()
    code = the_question(led, "province").code
    Plan.objects.filter(pk=led.pk).update(issuer="Công an tỉnh Đồi Gió")
    with pytest.raises(NotAccepted):
        accept_plan(place.actor(place.bao), led, answers={code: "here"})


def test_a_file_without_anything_in_it_is_asked_about(place, led):
    for rows in (led.tasks, led.targets, led.duties):
        rows.update(ignored=True)
    question = the_question(led, "nothing")
    assert "Không đọc được chỉ tiêu, nhiệm vụ hay hạn báo cáo nào trong tệp ke-hoach.txt" in question.words
    assert [choice.leads_to for choice in question.choices] == ["discard", ""]


def test_an_older_version_than_the_one_that_is_followed_is_asked_about(place, led):
    newer = another(led, number="9/KH-UBND", title="Sửa đổi Kế hoạch số 7/KH-UBND", year_from=2025, year_to=2025)
    accept_plan(SYSTEM, newer)
    question = the_question(led, "outdated")
    assert "Bản này cũ hơn 9/KH-UBND ngày 01/3/2025" in question.words
    assert question.plan == newer


def test_a_version_that_changes_the_one_followed_is_asked_about_unless_it_replaces_it(place, led):
    older = accept_plan(SYSTEM, led)
    newer = another(led, title="Sửa đổi Kế hoạch số 7/KH-UBND", year_from=2025, year_to=2025)
    assert kinds(newer) == ["amends"]
    assert [choice.leads_to for choice in the_question(newer, "amends").choices] == ["replace", ""]
    assert kinds(newer, older) == []


def test_two_dates_for_one_report_are_asked_about(led):
    assert kinds(led) == []
    Duty.objects.create(plan=led, position=9, period="quarter", due="20/6", strict=False, addressee="Công an tỉnh")
    question = the_question(led, "two-dates")
    assert "“Báo cáo quý: trước 12/6” và “Báo cáo quý: chậm nhất 20/6”" in question.words


def due(period: str, day: str, *, strict: bool = True, to: str = "", by: tuple[str, ...] = ()) -> DutyDate:
    return DutyDate(period, day, strict, to, by, f"{period} {day}")


@pytest.mark.parametrize(
    ("one", "other", "conflict"),
    [
        (due("quarter", "12/3"), due("quarter", "12/6"), False),  # two quarters
        (due("quarter", "12/3"), due("quarter", "15/3"), True),
        (due("quarter", "12/3"), due("quarter", "12/3", strict=False), True),
        (due("quarter", "12/3"), due("quarter", "12/3"), False),  # said twice
        (due("half_year", "12/6"), due("half_year", "12/12"), False),
        (due("year", "12/12"), due("year", "30/11"), True),
        (due("year", "12/12", by=("Sở Y tế",)), due("year", "30/11", by=("Sở Tư pháp",)), False),
        (due("year", "12/12", by=("Sở Y tế",)), due("year", "30/11"), True),  # the second asks everybody
        (due("year", "12/12", to="Công an tỉnh"), due("year", "30/11", to="Bộ Công an"), False),
        (due("month", "5/3"), due("month", "5/4"), False),
        (due("once", "2025-06-10"), due("once", "2025-06-20"), True),
        (due("year", "2024-12-12"), due("year", "2025-12-10"), False),
        (due("quarter", "15 của tháng cuối quý"), due("quarter", "12/3"), False),  # words are no day
        (due("quarter", "12/6"), due("half_year", "20/6"), False),
    ],
)
def test_which_duties_ask_for_one_report_by_two_days(one, other, conflict):
    assert bool(conflicting_duties([one, other])) is conflict
    assert bool(conflicting_duties([other, one])) is conflict


def test_many_agencies_that_end_cost_no_further_queries(place, led, django_assert_max_num_queries):
    heir = make_agency(place.area, "moi", "Cơ quan mới", "police", valid_from=date(2025, 6, 1))
    for agency in (place.police, place.health, place.justice):
        type(agency).objects.filter(pk=agency.pk).update(valid_to=date(2025, 5, 31))
        AgencyLineage.objects.create(old=agency, new=heir, function="police", on=date(2025, 6, 1), instrument="x")
    with django_assert_max_num_queries(32):
        (question,) = gate_of(led).questions
    assert question.words.count("Cơ quan mới") == 2


def test_the_page_costs_a_bounded_number_of_queries(client, place, led, django_assert_max_num_queries):
    for number in range(30):
        task = Task.objects.create(plan=led, position=10 + number, text=f"Việc {number}")
        Assignment.objects.create(task=task, role="lead", position=0, phrase=f"Câu lạc bộ {number}")
    client.force_login(place.bao)
    with django_assert_max_num_queries(40):
        assert client.get(f"/ke-hoach/{led.pk}/chap-nhan/").status_code == 200


# cycles of the version that is replaced


def open_cycle(plan: Plan, duty: Duty | None, label: str, *agencies, state: str = FilingState.DRAFT) -> Cycle:
    cycle = Cycle.objects.create(
        plan=plan, duty=duty, label=label, window_from=date(2025, 1, 1), window_to=date(2025, 3, 14), regime="nd09",
        due_on=date(2025, 3, 12), strict=True, forms=["B1"],
    )  # fmt: skip
    for agency in agencies:
        obligation = Obligation.objects.create(cycle=cycle, agency=agency)
        Filing.objects.create(obligation=obligation, state=state, changed_at=clock.now())
    return cycle


@pytest.fixture
def replaced(place, led) -> tuple[Plan, Plan]:
    """An accepted plan with one open and one finished cycle, and a draft that will replace it."""
    old = accept_plan(SYSTEM, led)
    open_cycle(old, old.duties.first(), "Quý I/2025", place.health)
    open_cycle(old, old.duties.last(), "Quý II/2025", place.health, state=FilingState.ACCEPTED)
    new = another(led, number=led.number)
    Duty.objects.create(plan=new, position=0, period="quarter", due="12/3", strict=True, addressee="Công an tỉnh")
    return old, new


def test_open_cycles_go_on_under_the_new_version_with_what_was_filed(place, replaced):
    old, new = replaced
    assert [cycle.label for cycle in open_cycles_of(old)] == ["Quý I/2025"]
    accept_as_it_stands(SYSTEM, new, replaces=old)
    (moved,) = move_open_cycles(place.actor(place.bao), old, new)
    assert (moved.plan, moved.duty, moved.due_on) == (new, new.duties.get(), date(2025, 3, 12))
    assert moved.obligations.get().agency == place.health
    assert [cycle.label for cycle in old.cycles.all()] == ["Quý II/2025"]


def test_cycles_go_only_to_the_plan_that_replaced_theirs_and_never_twice(place, replaced):
    old, new = replaced
    with pytest.raises(Refused):
        move_open_cycles(place.actor(place.bao), old, new)
    accept_as_it_stands(SYSTEM, new, replaces=old)
    with pytest.raises(Refused, match="cán bộ tổng hợp"):
        move_open_cycles(place.actor(place.ha), old, new)
    open_cycle(new, None, "Quý I/2025", place.health)
    with pytest.raises(Refused, match="Bản mới đã mở kỳ Quý I/2025"):
        move_open_cycles(place.actor(place.bao), old, new)


def test_acceptance_asks_what_becomes_of_the_open_cycles(client, place, replaced):
    old, new = replaced
    client.force_login(place.bao)
    page = f"/ke-hoach/{new.pk}/chap-nhan/"
    assert "còn 1 kỳ báo cáo đang mở: Quý I/2025" in client.get(f"{page}?thay={old.pk}").content.decode()
    refused = client.post(page, {"thay": old.pk})
    assert refused.status_code == 422
    assert "Chọn việc làm với các kỳ báo cáo đang mở." in refused.content.decode()
    client.post(page, {"thay": old.pk, "ky": "chuyen"})
    assert [cycle.plan_id for cycle in Cycle.objects.order_by("label")] == [new.pk, old.pk]


def test_open_cycles_may_stay_with_the_old_version(client, place, replaced):
    old, new = replaced
    client.force_login(place.bao)
    client.post(f"/ke-hoach/{new.pk}/chap-nhan/", {"thay": old.pk, "ky": "giu"})
    new.refresh_from_db()
    assert (new.state, old.cycles.count()) == (PlanState.ACCEPTED, 2)


def test_a_refused_move_accepts_nothing(client, place, replaced):
    old, new = replaced
    open_cycle(new, None, "Quý I/2025", place.health)
    client.force_login(place.bao)
    answer = client.post(f"/ke-hoach/{new.pk}/chap-nhan/", {"thay": old.pk, "ky": "chuyen"})
    assert answer.status_code == 422
    new.refresh_from_db()
    assert new.is_draft


def test_a_correction_after_the_page_was_shown_counts(place, draft):
    """The gate is looked at again when the plan is accepted, not when its page was shown."""
    task = draft.tasks.get(position=0)
    actor = place.actor(place.bao)
    seen = [one.pk for one in gate_of(draft).unresolved]
    values = {"section": "", "text": task.text, "coordinating": "", "window_from": None, "window_to": None}
    correct_task(actor, draft, task.pk, lead="", **values)
    with pytest.raises(NotAccepted, match="2 nhiệm vụ"):
        accept_plan(actor, draft, waiver=WAIVER, waived=seen)
