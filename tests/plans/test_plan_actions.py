"""Importing, correcting, accepting and discarding plans, and what each refuses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from haidang.accounts.actors import SYSTEM, Refused
from haidang.audit.models import Entry
from haidang.kernel import clock
from haidang.plans.actions import (
    NotImported,
    correct_duty,
    correct_header,
    correct_target,
    correct_task,
    discard_plan,
    ignore_item,
    import_plan,
    merge_task,
    split_task,
)
from haidang.plans.drafting import paragraphs_of
from haidang.plans.models import Duty, Plan, PlanState, Target, Task
from haidang.plans.rules import Kind
from haidang.reading.normal_form import normal_form
from tests.plans.conftest import accept_plan

SAMPLE = """UBND TỈNH BẾN SƯƠNG
Số: 12/KH-UBND
Bến Sương, ngày 10 tháng 02 năm 2025

KẾ HOẠCH
Phòng, chống mua bán người năm 2025

Thực hiện chương trình chung, Ủy ban nhân dân tỉnh Bến Sương xây dựng kế hoạch như sau:

I. MỤC TIÊU
1. Phấn đấu 92% số tin báo về mua bán người được giải quyết đúng hạn.

II. NHIỆM VỤ
1. Công tác phòng ngừa
- Mở lớp tập huấn cho cán bộ các bến tàu về dấu hiệu nhận biết nạn nhân (Công an tỉnh chủ trì, phối hợp Sở Y tế).
- Xây dựng tờ rơi hướng dẫn người lao động đi xa (Sở Tư pháp chủ trì).

III. TỔ CHỨC THỰC HIỆN
1. Định kỳ hàng quý (trước ngày 12/3, 12/6, 12/9 và 12/12), các sở, ngành báo cáo kết quả về Công an tỉnh.

Nơi nhận:
- Các sở, ban, ngành;
- Lưu: VT.
TM. ỦY BAN NHÂN DÂN
KT. CHỦ TỊCH
PHÓ CHỦ TỊCH
Lò Văn Sao
"""


def whole_task(task: Task, **changes: object) -> dict:
    values = {
        "section": task.section, "text": task.text, "lead": "", "coordinating": "",
        "window_from": None, "window_to": None,
    }  # fmt: skip
    return values | changes


# import


@pytest.fixture
def imported(place) -> Plan:
    return import_plan(place.actor(place.bao), place.area, "ke-hoach.txt", SAMPLE.encode())


def test_a_file_becomes_a_draft_with_its_items_and_an_audit_row(imported, place):
    assert imported.state == PlanState.DRAFT
    assert imported.number == "12/KH-UBND"
    assert imported.issued_on == date(2025, 2, 10)
    assert (imported.year_from, imported.year_to, imported.is_review) == (2025, 2025, False)
    assert [target.value for target in imported.targets.all()] == [Decimal(92)]
    assert imported.tasks.count() == 2
    assert [duty.due for duty in imported.duties.all()] == ["12/3", "12/6", "12/9", "12/12"]
    first = imported.tasks.first()
    assert [row.phrase for row in first.assignments.filter(role="lead")] == ["Công an tỉnh"]
    assert imported.text[first.span_start : first.span_end].startswith("Mở lớp tập huấn")
    entry = Entry.objects.get(action="plan.imported")
    assert (entry.actor_id, entry.subject_id, entry.details["tasks"]) == (place.bao.pk, str(imported.pk), 2)


def test_paragraphs_of_the_source_begin_inside_its_text(imported):
    starts = [start for start, _ in imported.paragraphs]
    assert starts == sorted(starts)
    assert starts[0] == 0
    assert starts[-1] < len(imported.text)


def test_a_hard_wrapped_line_that_begins_with_a_number_goes_on():
    source = (
        "Phấn đấu giải quyết trên\n90% số vụ trong năm\n2025 tại địa bàn.\n2. Việc hai\n2.1. Việc ba\n15 lớp tập huấn."
    )
    starts = [start for start, _heading in paragraphs_of(source)]
    assert [normal_form(source).text[start:][:8] for start in starts] == ["Phấn đấu", "2. Việc ", "2.1. Việ"]


def test_the_same_file_again_leads_to_the_plan_that_has_it(imported, place):
    with pytest.raises(NotImported, match="đã được nạp") as refusal:
        import_plan(place.actor(place.bao), place.area, "ten-khac.txt", SAMPLE.encode())
    assert refusal.value.existing == imported


def test_a_file_name_loses_folders_and_what_cannot_be_seen(place):
    plan = import_plan(place.actor(place.bao), place.area, "C:\\nhap\\ke\u202e\x01hoach.txt", SAMPLE.encode())
    assert plan.file_name == "kehoach.txt"


def test_a_text_that_is_no_plan_is_refused_and_leaves_nothing(place):
    with pytest.raises(NotImported, match="Không thấy kế hoạch trong tệp"):
        import_plan(place.actor(place.bao), place.area, "thu.txt", "Thư mời họp lúc 8 giờ.".encode())
    assert not Plan.objects.exists()


def test_a_broken_file_is_refused_with_the_readers_sentence(place):
    with pytest.raises(NotImported) as refusal:
        import_plan(place.actor(place.bao), place.area, "hong.docx", b"PK\x03\x04 khong phai docx")
    assert str(refusal.value).endswith(".")
    assert not Plan.objects.exists()


@pytest.mark.parametrize("who", ["ha", "lam", "tam", "nobody"])
def test_only_the_consolidator_of_the_standing_agency_imports(place, who):
    with pytest.raises(Refused, match="Bến Sương"):
        import_plan(place.actor(getattr(place, who)), place.area, "ke-hoach.txt", SAMPLE.encode())


# correct


def test_a_corrected_header_keeps_what_was_and_became(place, draft):
    corrected = correct_header(place.actor(place.bao), draft, {"number": "8/KH-UBND", "title": draft.title})
    assert corrected.number == "8/KH-UBND"
    assert Entry.objects.get(action="plan.header_corrected").details == {
        "changes": {"number": ["7/KH-UBND", "8/KH-UBND"]}
    }


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"year_from": 2026}, "year_to"),
        ({"data_from": date(2025, 6, 1), "data_to": date(2025, 5, 1)}, "data_to"),
        ({"number": "x" * 61}, "number"),
    ],
)
def test_a_header_that_contradicts_itself_is_refused(place, draft, values, field):
    with pytest.raises(ValidationError) as refusal:
        correct_header(place.actor(place.bao), draft, values)
    assert list(refusal.value.error_dict) == [field]
    draft.refresh_from_db()
    assert draft.number == "7/KH-UBND"


def test_a_task_takes_its_agencies_one_a_line_and_counts_as_checked(place, draft):
    task = draft.tasks.get(position=1)
    values = whole_task(task, lead="Sở Y tế\nSở Tư pháp", window_to=date(2025, 9, 30))
    correct_task(place.actor(place.bao), draft, task.pk, **values)
    task.refresh_from_db()
    assert task.checked
    assert [(row.role, row.phrase) for row in task.assignments.all()] == [("lead", "Sở Y tế"), ("lead", "Sở Tư pháp")]
    changes = Entry.objects.get(action="plan.item_corrected").details["changes"]
    assert changes == {"lead": [[], ["Sở Y tế", "Sở Tư pháp"]], "window_to": [None, "2025-09-30"]}


def test_saving_an_item_as_it_was_read_confirms_it(place, draft):
    task = draft.tasks.get(position=0)
    correct_task(
        place.actor(place.bao), draft, task.pk,
        **whole_task(task, lead="Công an tỉnh", coordinating="Sở Y tế", window_to=task.window_to),
    )  # fmt: skip
    assert Entry.objects.get().action == "plan.item_confirmed"


def test_a_task_cannot_end_before_it_starts(place, draft):
    task = draft.tasks.first()
    values = whole_task(task, window_from=date(2025, 5, 2), window_to=date(2025, 5, 1))
    with pytest.raises(ValidationError, match="Hạn trước ngày bắt đầu"):
        correct_task(place.actor(place.bao), draft, task.pk, **values)


def test_a_target_may_be_added_and_only_a_direction_does_without_a_number(place, draft):
    actor = place.actor(place.bao)
    added = correct_target(actor, draft, None, text="giảm số vụ", comparator="reduce", value=None, unit="")
    assert (added.position, added.rule, added.confidence, added.checked) == (1, "person", 1.0, True)
    with pytest.raises(ValidationError, match="phải ghi con số"):
        correct_target(actor, draft, None, text="số vụ", comparator=">=", value=None, unit="vụ")


def test_a_duty_without_a_date_is_neither_strict_nor_not(place, draft):
    actor = place.actor(place.bao)
    duty = correct_duty(actor, draft, None, period="year", due="", strict=True, addressee="", owed_by="Sở Y tế")
    assert (duty.strict, duty.owed_by, duty.position) == (None, ["Sở Y tế"], 2)
    with pytest.raises(ValidationError, match="Không có ngày 31/6"):
        correct_duty(actor, draft, None, period="year", due="31/6", strict=True, addressee="", owed_by="")


def test_a_task_is_split_at_blank_lines_and_its_parts_keep_agencies_and_window(place, draft):
    task = draft.tasks.get(position=0)
    parts = split_task(place.actor(place.bao), draft, task.pk, "Tuyên truyền tại\r\n\r\n các bến tàu ")
    assert [(row.text, row.position) for row in draft.tasks.all()] == [
        ("Tuyên truyền tại", 0), ("các bến tàu", 1), ("Hỗ trợ nạn nhân trở về.", 2),
    ]  # fmt: skip
    for part in parts:
        assert draft.text[part.span_start : part.span_end] == part.text
        assert [row.phrase for row in part.assignments.all()] == ["Công an tỉnh", "Sở Y tế"]
        assert (part.window_to, part.checked, part.section) == (date(2025, 6, 30), False, "II.1")
    assert Entry.objects.get(action="plan.task_split").details["into"] == [part.pk for part in parts]


def test_a_task_without_a_blank_line_is_not_split(place, draft):
    with pytest.raises(ValidationError, match="Để một dòng trống"):
        split_task(place.actor(place.bao), draft, draft.tasks.first().pk, "Một việc\nmột đoạn")
    assert draft.tasks.count() == 2


def test_a_task_joins_the_one_before_it(place, draft):
    second = draft.tasks.get(position=1)
    second.assignments.create(role="lead", position=0, phrase="Sở Y tế")
    joined = merge_task(place.actor(place.bao), draft, second.pk)
    assert draft.tasks.get() == joined
    assert joined.text == "Tuyên truyền tại các bến tàu (Công an tỉnh chủ trì). Hỗ trợ nạn nhân trở về."
    assert [(row.role, row.phrase) for row in joined.assignments.all()] == [
        ("lead", "Công an tỉnh"), ("lead", "Sở Y tế"), ("coordinating", "Sở Y tế"),
    ]  # fmt: skip
    assert draft.text[joined.span_start : joined.span_end].endswith("trở về.")


def test_the_first_task_has_none_before_it(place, draft):
    with pytest.raises(ValidationError, match="nhiệm vụ đầu tiên"):
        merge_task(place.actor(place.bao), draft, draft.tasks.get(position=0).pk)


def test_an_item_of_another_plan_is_out_of_reach(place, draft):
    other = Plan.objects.create(
        area=place.area, file_name="b.txt", file_sha256="1" * 64, text="", reading={}, imported_at=clock.now()
    )
    with pytest.raises(Task.DoesNotExist):
        ignore_item(place.actor(place.bao), other, Kind.TASK, draft.tasks.first().pk)


def test_an_ignored_item_waits_for_nobody_and_goes_when_the_plan_is_accepted(place, draft):
    actor = place.actor(place.bao)
    ignore_item(actor, draft, Kind.DUTY, draft.duties.first().pk)
    assert [duty.ignored for duty in draft.duties.all()] == [True, False]
    assert Entry.objects.get(action="plan.item_ignored").details["text"] == "Báo cáo quý: trước 12/3"
    accept_plan(actor, draft)
    assert [duty.due for duty in draft.duties.all()] == ["12/6"]
    assert Entry.objects.get(action="plan.accepted").details["items_ignored"] == 1


def test_an_ignored_item_is_taken_back(place, draft):
    actor, pk = place.actor(place.bao), draft.duties.first().pk
    ignore_item(actor, draft, Kind.DUTY, pk)
    ignore_item(actor, draft, Kind.DUTY, pk, ignored=False)
    assert not draft.duties.filter(ignored=True).exists()


@pytest.mark.parametrize("who", ["ha", "lam", "tam", "nobody"])
def test_others_change_nothing(place, draft, who):
    actor = place.actor(getattr(place, who))
    task = draft.tasks.first()
    for change in (
        lambda: correct_header(actor, draft, {"number": "x"}),
        lambda: correct_task(actor, draft, task.pk, **whole_task(task)),
        lambda: ignore_item(actor, draft, Kind.TASK, task.pk),
        lambda: split_task(actor, draft, task.pk, "a\n\nb"),
        lambda: merge_task(actor, draft, task.pk),
        lambda: accept_plan(actor, draft),
        lambda: discard_plan(actor, draft),
    ):
        with pytest.raises(Refused):
            change()
    draft.refresh_from_db()
    assert (draft.number, draft.state, draft.tasks.count()) == ("7/KH-UBND", PlanState.DRAFT, 2)
    assert not Entry.objects.exists()


# accept and discard


def test_accepting_joins_phrases_to_the_agencies_in_force(place, draft):
    accepted = accept_plan(place.actor(place.bao), draft)
    assert accepted.state == PlanState.ACCEPTED
    assert accepted.accepted_by == place.bao
    task = draft.tasks.get(position=0)
    named = {row.role: [agency.name for agency in row.agencies.all()] for row in task.assignments.all()}
    assert named == {"lead": ["Công an tỉnh Bến Sương"], "coordinating": ["Sở Y tế tỉnh Bến Sương"]}
    assert Entry.objects.get(action="plan.accepted").details == {
        "as_of": "2025-02-10", "agencies": 2, "phrases_without_agency": [], "waiver": "Giao như văn bản.",
        "tasks_without_lead": [draft.tasks.get(position=1).pk],
    }  # fmt: skip


def test_a_phrase_that_names_no_agency_is_kept_and_said(place, draft):
    task = draft.tasks.get(position=1)
    correct_task(place.actor(place.bao), draft, task.pk, **whole_task(task, lead="Câu lạc bộ Hoa Sim"))
    accept_plan(place.actor(place.bao), draft)
    assert Entry.objects.get(action="plan.accepted").details["phrases_without_agency"] == ["Câu lạc bộ Hoa Sim"]
    assert task.assignments.get().agencies.count() == 0


def test_an_accepted_plan_is_locked(place, draft):
    actor = place.actor(place.bao)
    accept_plan(actor, draft)
    with pytest.raises(Refused, match="đã được chấp nhận"):
        correct_header(actor, draft, {"number": "x"})
    with pytest.raises(Refused, match="đã được chấp nhận"):
        accept_plan(actor, draft)
    with pytest.raises(Refused, match="đã được chấp nhận"):
        discard_plan(actor, draft)


def test_a_draft_can_be_thrown_away_and_the_trail_keeps_it(place, draft):
    discard_plan(place.actor(place.bao), draft)
    assert not Plan.objects.exists()
    assert not (Target.objects.exists() or Task.objects.exists() or Duty.objects.exists())
    assert Entry.objects.get(action="plan.discarded").details["file"] == "ke-hoach.txt"


def test_the_system_itself_may_accept(draft):
    assert accept_plan(SYSTEM, draft).accepted_by is None
