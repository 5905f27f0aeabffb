"""A newer version of a plan: the comparison, what goes on; and the questions asked before a draft is accepted."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.accounts.actors import SYSTEM, Refused
from haidang.agencies.models import Agency, AgencyLineage
from haidang.audit.models import Entry as AuditEntry
from haidang.kernel import clock
from haidang.plans.amending import comparison, replaceable, suggested
from haidang.plans.board import my_tasks
from haidang.plans.comparing import Change, Entry, compare
from haidang.plans.following import history_of, progress_of, stands_of
from haidang.plans.measuring import add_basis
from haidang.plans.models import Assignment, Plan, Target, Task
from haidang.plans.progress import Bucket
from haidang.plans.questions import gate_of, other_province
from haidang.plans.recording import ask_extension, decide_extension, record_progress, set_recurrence
from tests.plans.conftest import accept_plan, make_agency

TODAY = date(2025, 7, 10)


@pytest.fixture(autouse=True)
def that_day():
    with clock.fixed_at(TODAY):
        yield


# the comparison


def item(pk: int, text: str, lead: str = "", kind: str = "task") -> Entry:
    return Entry(kind, pk, text, (("cơ quan chủ trì", lead),))


def test_what_stayed_changed_came_and_went():
    old = [
        item(1, "Mở lớp tập huấn cho cán bộ."),
        item(2, "Phát tờ rơi ở bến tàu", "Sở Y tế"),
        item(3, "Làm phim ngắn"),
    ]
    new = [
        item(4, "mở lớp tập huấn, cho cán bộ"),
        item(5, "Phát tờ rơi ở bến tàu", "Sở Tư pháp"),
        item(6, "Lập đường dây nóng"),
    ]
    assert [
        (pair.change, pair.old and pair.old.pk, pair.new and pair.new.pk, pair.what) for pair in compare(old, new)
    ] == [
        (Change.SAME, 1, 4, ()),
        (Change.CHANGED, 2, 5, ("cơ quan chủ trì",)),
        (Change.ADDED, None, 6, ()),
        (Change.REMOVED, 3, None, ()),
    ]


def test_a_text_that_changed_in_part_is_the_same_item():
    (pair,) = compare([item(1, "Mở hai lớp tập huấn cho cán bộ xã")], [item(2, "Mở bốn lớp tập huấn cho cán bộ xã")])
    assert (pair.change, pair.what) == (Change.CHANGED, ("nội dung",))


def test_two_kinds_never_belong_together():
    pairs = compare([item(1, "Giảm số vụ", kind="target")], [item(1, "Giảm số vụ")])
    assert [pair.change for pair in pairs] == [Change.ADDED, Change.REMOVED]


TEXTS = st.lists(st.sampled_from(["a b c", "a b c d", "x y", "x y z", "một hai ba", ""]), max_size=8)


@given(TEXTS, TEXTS)
def test_every_item_of_both_versions_stands_once(old, new):
    before = [item(n, text) for n, text in enumerate(old)]
    after = [item(n, text) for n, text in enumerate(new)]
    pairs = compare(before, after)
    assert sorted(pair.old.pk for pair in pairs if pair.old) == list(range(len(old)))
    assert [pair.new.pk for pair in pairs if pair.new] == list(range(len(new)))


@given(TEXTS)
def test_a_version_beside_itself_has_no_change(texts):
    entries = [item(n, text) for n, text in enumerate(texts)]
    assert {pair.change for pair in compare(entries, entries)} <= {Change.SAME}


# replacing


def newer(draft: Plan, **more) -> Plan:
    """A second draft of the same number: one task unchanged, one changed, one new."""
    values = {
        "area": draft.area, "number": draft.number, "issued_on": date(2025, 6, 1), "issuer": draft.issuer,
        "title": "Phòng, chống mua bán người năm 2025 (sửa đổi)", "year_from": 2025, "year_to": 2025,
        "file_name": "sua-doi.txt", "file_sha256": "9" * 64, "text": "", "reading": {},
        "imported_at": datetime(2025, 6, 2, 3, tzinfo=UTC),
    }  # fmt: skip
    plan = Plan.objects.create(**{**values, **more})
    same = Task.objects.create(
        plan=plan, position=0, section="II.1", text="Tuyên truyền tại các bến tàu (Công an tỉnh chủ trì).",
        window_to=date(2025, 6, 30),
    )  # fmt: skip
    Assignment.objects.create(task=same, role="lead", position=0, phrase="Công an tỉnh")
    Assignment.objects.create(task=same, role="coordinating", position=0, phrase="Sở Y tế")
    Task.objects.create(plan=plan, position=1, section="II.2", text="Hỗ trợ nạn nhân trở về, cấp giấy tờ.")
    Task.objects.create(plan=plan, position=2, section="II.3", text="Lập đường dây nóng.")
    Target.objects.create(
        plan=plan, position=0, text="90% số tin báo được giải quyết", comparator="=", value=90, unit="%"
    )
    return plan


@pytest.fixture
def older(place, draft) -> Plan:
    return accept_plan(SYSTEM, draft)


def test_what_did_not_change_keeps_its_progress_and_the_old_version_is_followed_no_more(place, older):
    task = older.tasks.get(position=0)
    record_progress(SYSTEM, task, place.police, state="doing", on=date(2025, 5, 1), text="Đợt một.")
    decide_extension(
        SYSTEM, ask_extension(SYSTEM, task, place.police, date(2025, 8, 1), "Bão."),
        granted_to=date(2025, 8, 1), ruling="",
    )  # fmt: skip
    add_basis(SYSTEM, older.targets.get(), numerator="reports_resolution_rate")
    plan = accept_plan(place.actor(place.bao), newer(older), replaces=older)
    older.refresh_from_db()
    assert (older.state, plan.replaces) == ("replaced", older)
    kept, changed, added = plan.tasks.all()
    (stand,) = stands_of([kept], TODAY)[kept.pk]
    assert (stand.state, stand.last_day, stand.bucket) == ("doing", date(2025, 8, 1), Bucket.OPEN)
    assert [note.text for note in history_of(kept)] == ["Đợt một."]
    assert (changed.continues, added.continues) == (None, None)
    assert plan.targets.get().bases.get().numerator == "reports_resolution_rate"
    assert {row.task.plan_id for row in my_tasks(place.actor(place.bao))} == {plan.pk}
    record_progress(SYSTEM, kept, place.police, state="done", on=TODAY, text="Xong.")
    assert progress_of([kept], TODAY)[kept.pk].bucket is Bucket.DONE
    with pytest.raises(Refused, match="đã được thay thế"):
        record_progress(SYSTEM, task, place.police, state="done", on=TODAY, text="x")


def test_how_often_a_task_comes_round_and_where_its_agencies_work_goes_on(place, older):
    task = older.tasks.get(position=0)
    set_recurrence(SYSTEM, task, "quarter")
    task.assignments.filter(role="lead").update(territory="border")
    plan = accept_plan(place.actor(place.bao), newer(older), replaces=older)
    kept, changed, _added = plan.tasks.all()
    assert (kept.recurrence, changed.recurrence) == ("quarter", "auto")
    (lead,) = kept.assignments.filter(role="lead")
    assert (lead.territory, lead.agencies.get()) == ("border", place.police)
    assert {row.territory for row in kept.assignments.filter(role="coordinating")} == {""}


def test_progress_goes_on_through_several_versions(place, older):
    record_progress(SYSTEM, older.tasks.get(position=0), place.police, state="doing", on=TODAY, text="Đợt một.")
    second = accept_plan(SYSTEM, newer(older), replaces=older)
    third = accept_plan(SYSTEM, newer(older, file_sha256="8" * 64), replaces=second)
    assert [note.text for note in history_of(third.tasks.get(position=0))] == ["Đợt một."]


def test_only_a_followed_plan_of_the_same_area_can_be_replaced(place, older):
    second = accept_plan(SYSTEM, newer(older), replaces=older)
    draft = newer(older, file_sha256="8" * 64)
    with pytest.raises(Refused, match="đã được thay thế"):
        accept_plan(SYSTEM, draft, replaces=older)
    Plan.objects.filter(pk=second.pk).update(area=place.next_door)
    with pytest.raises(Refused, match="cùng địa bàn"):
        accept_plan(SYSTEM, draft, replaces=second)
    draft.refresh_from_db()
    assert draft.is_draft


def test_the_version_that_is_replaced_is_suggested_by_number_or_by_what_the_text_cites(older):
    draft = newer(older)
    assert suggested(draft, replaceable(draft)) == older
    cites = newer(
        older, file_sha256="7" * 64, number="9/KH-UBND", title="Sửa đổi Kế hoạch số 7/KH-UBND", issued_on=None
    )
    assert suggested(cites, replaceable(cites)) == older
    other = newer(older, file_sha256="6" * 64, number="9/KH-UBND", title="Kế hoạch khác")
    assert replaceable(other) == [older]
    assert suggested(other, replaceable(other)) is None


# questions


def test_a_plan_of_another_province_is_asked_about(place):
    on = date(2025, 3, 1)
    assert other_province(place.area, "Đồi Gió", "UBND tỉnh Đồi Gió", on) == "Tỉnh Đồi Gió"
    assert other_province(place.area, "Bến Sương", "UBND tỉnh Bến Sương", on) == ""
    assert other_province(place.area, "", "", on) == ""
    assert other_province(place.area, "", "Ban Chỉ đạo 138", on) == ""


def test_an_agency_that_ends_before_the_last_day_is_named_with_who_carries_on(place, draft):
    Agency.objects.filter(pk=place.police.pk).update(valid_to=date(2025, 5, 31))
    (question,) = gate_of(draft).questions
    assert "Công an tỉnh Bến Sương (1 nhiệm vụ, kết thúc hoạt động ngày 31/5/2025)" in question.words
    assert "chưa ghi cơ quan nào tiếp nhận" in question.words
    heir = make_agency(place.area, "moi", "Cơ quan mới", "police", valid_from=date(2025, 6, 1))
    AgencyLineage.objects.create(old=place.police, new=heir, function="police", on=date(2025, 6, 1), instrument="x")
    (question,) = gate_of(draft).questions
    assert "kết thúc hoạt động ngày 31/5/2025): Cơ quan mới." in question.words
    Agency.objects.filter(pk=place.police.pk).update(valid_to=date(2025, 6, 30))
    assert gate_of(draft).questions == ()


# screens


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def officer(client, place):
    client.force_login(place.bao)
    return client


def test_a_question_must_be_answered_and_the_answer_is_kept(officer, place, draft):
    Plan.objects.filter(pk=draft.pk).update(issuer="UBND tỉnh Đồi Gió", place="Đồi Gió")
    page = f"/ke-hoach/{draft.pk}/chap-nhan/"
    assert "thuộc Tỉnh Đồi Gió; địa bàn đã chọn là Tỉnh Bến Sương" in text_of(officer.get(page))
    waived = {"ly-do": "Giao như văn bản.", "nhiem-vu": [task.pk for task in draft.tasks.all()]}
    refused = officer.post(page, waived)
    assert refused.status_code == 422
    assert "Còn 1 câu hỏi chưa có trả lời" in text_of(refused)
    draft.refresh_from_db()
    (question,) = gate_of(draft).questions
    elsewhere = officer.post(
        page,
        {
            f"cau-{question.code}": "discard",
            "ly-do": "Giao như văn bản.",
            "nhiem-vu": [task.pk for task in draft.tasks.all()],
        },
    )
    assert elsewhere.headers["Location"] == f"/ke-hoach/{draft.pk}/bo/"
    officer.post(
        page,
        {
            f"cau-{question.code}": "here",
            "ly-do": "Giao như văn bản.",
            "nhiem-vu": [task.pk for task in draft.tasks.all()],
        },
    )
    draft.refresh_from_db()
    assert not draft.is_draft
    assert "Tỉnh Đồi Gió" in AuditEntry.objects.get(action="plan.accepted").details["answers"][0]
    answer = draft.answers.get()
    assert (answer.choice, answer.answered_by_id) == ("here", place.bao.pk)
    assert "Trả lời: Đúng là kế hoạch theo dõi tại Tỉnh Bến Sương" in text_of(officer.get(f"/ke-hoach/{draft.pk}/"))


def test_the_same_document_again_is_a_question(officer, older):
    twin = newer(older, issued_on=older.issued_on)
    page = f"/ke-hoach/{twin.pk}/chap-nhan/"
    assert "Đã có kế hoạch cùng số 7/KH-UBND, cùng ngày và cơ quan ban hành" in text_of(officer.get(page))
    assert officer.post(page).status_code == 422
    assert "Đã có kế hoạch cùng số" not in text_of(officer.get(f"{page}?thay={older.pk}"))


def test_from_the_comparison_to_the_replacement(officer, place, older):
    plan = newer(older)
    page = text_of(officer.get(f"/ke-hoach/{plan.pk}/chap-nhan/"))
    assert "Văn bản này sửa đổi 7/KH-UBND, đang được theo dõi?" in page
    shown = text_of(officer.get(f"/ke-hoach/{plan.pk}/so-sanh/{older.pk}/"))
    assert "Lập đường dây nóng." in shown
    assert [pair.change for pair in comparison(older, plan)].count(Change.SAME) == 2
    assert "Chấp nhận và thay thế" in text_of(officer.get(f"/ke-hoach/{plan.pk}/chap-nhan/?thay={older.pk}"))
    sent = {"thay": older.pk, "ly-do": "Giao như văn bản.", "nhiem-vu": [task.pk for task in plan.tasks.all()]}
    officer.post(f"/ke-hoach/{plan.pk}/chap-nhan/", sent)
    assert "Kế hoạch này đã được thay thế" in text_of(officer.get(f"/ke-hoach/{older.pk}/"))
    assert "nhiệm vụ không đổi giữ nguyên tiến độ" in text_of(officer.get(f"/ke-hoach/{plan.pk}/"))
    assert officer.get(f"/ke-hoach/{older.pk}/nhiem-vu/{older.tasks.first().pk}/").status_code == 200
    listed = text_of(officer.get("/ke-hoach/"))
    assert "1 kế hoạch đang theo dõi" in listed
    assert "Đã được thay thế" in listed


def test_what_cannot_be_replaced_is_not_found(officer, place, draft):
    assert officer.get(f"/ke-hoach/{draft.pk}/chap-nhan/?thay=abc").status_code == 404
    assert officer.post(f"/ke-hoach/{draft.pk}/chap-nhan/", {"thay": draft.pk}).status_code == 404
