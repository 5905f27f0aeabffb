"""Following a task: notes and evidence, heirs of agencies that are gone, more time, excuses; and what each may not."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from haidang.accounts.actors import SYSTEM, Refused, Role
from haidang.agencies.models import Agency, AgencyLineage
from haidang.agencies.queries import actor_for
from haidang.audit.models import Entry
from haidang.kernel import clock
from haidang.plans import evidence
from haidang.plans.following import extensions_waiting, progress_of, stands_of, tallies
from haidang.plans.models import Evidence, Extension, ProgressNote, Task
from haidang.plans.progress import Bucket
from haidang.plans.recording import ask_extension, decide_extension, excuse_agency, record_progress
from tests.plans.conftest import accept_plan, make_agency, make_person

TODAY = date(2025, 7, 10)
PDF = b"%PDF-1.7 minh chung"


@pytest.fixture(autouse=True)
def that_day():
    with clock.fixed_at(TODAY):
        yield


@pytest.fixture
def plan(place, draft):
    return accept_plan(SYSTEM, draft)


@pytest.fixture
def spread(plan) -> Task:
    """Led by the police, due 30/6/2025."""
    return plan.tasks.get(position=0)


def note(place, task, state="doing", on=date(2025, 6, 20), **more):
    values = {"text": "Đã tuyên truyền ba đợt.", **more}
    return record_progress(place.actor(place.bao), task, place.police, state=state, on=on, **values)


def only_stand(task, on=TODAY):
    (stand,) = stands_of([task], on)[task.pk]
    return stand


# buckets


@pytest.mark.parametrize(
    ("state", "on", "bucket", "days"),
    [
        (None, None, Bucket.OVERDUE, 10),
        ("doing", date(2025, 6, 20), Bucket.OVERDUE, 10),
        ("done", date(2025, 6, 30), Bucket.DONE, 0),
        ("done", date(2025, 7, 3), Bucket.DONE_LATE, 3),
    ],
)
def test_the_last_note_decides_the_bucket(place, spread, state, on, bucket, days):
    if state:
        note(place, spread, state, on)
    stand = only_stand(spread)
    assert (stand.bucket, stand.days) == (bucket, days)
    whole = progress_of([spread], TODAY)[spread.pk]
    assert (whole.bucket, whole.days) == (bucket, days)


def test_a_later_note_takes_done_back_and_nothing_is_overwritten(place, spread):
    note(place, spread, "done", date(2025, 6, 1))
    note(place, spread, "doing", date(2025, 7, 1))
    assert only_stand(spread).bucket is Bucket.OVERDUE
    assert ProgressNote.objects.count() == 2


def test_a_task_of_many_agencies_is_done_when_the_last_one_is(place, plan):
    task = Task.objects.create(plan=plan, position=7, text="Việc chung", window_to=date(2025, 6, 30))
    row = task.assignments.create(role="lead", position=0, phrase="các sở")
    row.agencies.add(place.health, place.justice)
    record_progress(SYSTEM, task, place.health, state="done", on=date(2025, 6, 1), text="Xong.")
    whole = progress_of([task], TODAY)[task.pk]
    assert (whole.bucket, whole.done, whole.total) == (Bucket.OVERDUE, 1, 2)
    record_progress(SYSTEM, task, place.justice, state="done", on=date(2025, 7, 2), text="Xong.")
    assert progress_of([task], TODAY)[task.pk].bucket is Bucket.DONE_LATE


def test_who_is_excused_does_not_count_until_a_note_takes_it_back(place, plan):
    task = Task.objects.create(plan=plan, position=7, text="Việc chung", window_to=date(2025, 6, 30))
    task.assignments.create(role="lead", position=0, phrase="các sở").agencies.add(place.health, place.justice)
    record_progress(SYSTEM, task, place.health, state="done", on=date(2025, 6, 1), text="Xong.")
    excuse_agency(place.actor(place.bao), task, place.justice, "Không có chức năng này.")
    assert progress_of([task], TODAY)[task.pk].bucket is Bucket.DONE
    with pytest.raises(ValidationError, match="đã được ghi là không phải thực hiện"):
        excuse_agency(SYSTEM, task, place.justice, "Lần nữa.")
    clerk = actor_for(make_person("Thu", place.justice, Role.CLERK), TODAY)
    with pytest.raises(ValidationError, match="đề nghị cơ quan thường trực"):
        record_progress(clerk, task, place.justice, state="doing", on=TODAY, text="Vẫn làm.")
    record_progress(place.actor(place.bao), task, place.justice, state="doing", on=TODAY, text="Giao lại.")
    assert progress_of([task], TODAY)[task.pk].bucket is Bucket.OVERDUE


def test_a_plan_is_told_in_four_numbers(place, plan, spread):
    note(place, spread, "done", date(2025, 6, 1))
    counts = tallies([plan.pk], TODAY)[plan.pk]
    assert list(counts.values()) == [1, 0, 1, 0]


# who carries on


def test_what_a_gone_agency_led_is_carried_by_all_that_took_over_and_its_notes_count(place, plan, spread):
    note(place, spread, "doing", date(2025, 6, 20))
    heirs = [make_agency(place.area, f"moi-{n}", f"Cơ quan mới {n}", "police") for n in (1, 2)]
    for heir, function in zip(heirs, ("police", "drug"), strict=True):
        AgencyLineage.objects.create(
            old=place.police, new=heir, function=function, on=date(2025, 7, 1), instrument="giả định"
        )
    Agency.objects.filter(pk=place.police.pk).update(valid_to=date(2025, 6, 30))
    stands = stands_of([spread], TODAY)[spread.pk]
    assert [(stand.agency, stand.state, set(stand.carrier.functions)) for stand in stands] == [
        (heirs[0], "doing", {"police"}),
        (heirs[1], "doing", {"drug"}),
    ]
    assert [stand.agency for stand in stands_of([spread], date(2025, 6, 30))[spread.pk]] == [place.police]


def test_what_nobody_took_over_stays_with_the_gone_agency_and_says_so(place, spread):
    Agency.objects.filter(pk=place.police.pk).update(valid_to=date(2025, 6, 30))
    stand = only_stand(spread)
    assert stand.agency == place.police
    assert stand.carrier.gone


def test_a_task_without_a_lead_is_followed_by_the_standing_agency(place, plan):
    assert only_stand(plan.tasks.get(position=1)).agency == place.police


def test_an_agency_that_does_not_carry_the_task_is_told_so(place, spread):
    with pytest.raises(ValidationError, match="không chủ trì nhiệm vụ này"):
        record_progress(SYSTEM, spread, place.health, state="done", on=TODAY, text="Xong.")


# refusals of a note


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"on": date(2025, 7, 11)}, "on", "chưa đến"),
        ({"on": date(2025, 2, 9)}, "on", "trước ngày ban hành"),
        ({"text": "  "}, "text", "Ghi đã làm được gì"),
        ({"text": "x" * 4001}, "text", "nhiều nhất 4000"),
        ({"state": "excused"}, "state", "Chọn chưa bắt đầu"),
        ({"document_number": "9" * 61}, "document_number", "60 ký tự"),
        ({"files": [("a.exe", b"MZ")]}, "evidence", "không phải"),
        ({"files": [("a.pdf", b"MZ")]}, "evidence", "không phải dạng .pdf"),
        ({"files": [("a.pdf", b"")]}, "evidence", "rỗng"),
        ({"files": [("a.docx", b"PK\x03\x04 broken")]}, "evidence", "hỏng"),
        ({"files": [("a.pdf", PDF)] * 6}, "evidence", "nhiều nhất 5"),
    ],
)
def test_a_wrong_note_is_refused_at_its_field(place, spread, values, field, words):
    with pytest.raises(ValidationError) as caught:
        note(place, spread, **values)
    assert words in " ".join(caught.value.message_dict[field])
    assert not ProgressNote.objects.exists()


def test_only_who_works_for_the_agency_or_stands_over_it_writes(place, spread):
    for user in (place.ha, place.lam, place.tam, place.nobody):
        with pytest.raises(Refused):
            record_progress(place.actor(user), spread, place.police, state="done", on=TODAY, text="x")


def test_a_draft_takes_no_notes(place, draft):
    with pytest.raises(Refused, match="chưa được chấp nhận"):
        record_progress(SYSTEM, draft.tasks.first(), place.police, state="done", on=TODAY, text="x")


# evidence


def office_file(*parts: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for part in parts:
            package.writestr(part, "<x/>")
    return made.getvalue()


def test_office_files_are_what_they_say_and_carry_no_macro():
    assert evidence.problem_with("a.docx", office_file("word/document.xml")) == ""
    assert "không đúng đuôi" in evidence.problem_with("a.xlsx", office_file("word/document.xml"))
    assert "macro" in evidence.problem_with("a.docx", office_file("word/document.xml", "word/vbaProject.bin"))


def test_a_file_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(evidence, "MOST_BYTES", 4)
    assert "lớn hơn" in evidence.problem_with("a.pdf", PDF)


@pytest.mark.parametrize(
    ("given", "kept"),
    [("../../etc/passwd.pdf", "passwd.pdf"), ("C:\\a\\b.pdf", "b.pdf"), ("a\u202epdf.exe", "apdf.exe"), ("", "tệp")],
)
def test_a_file_name_is_only_its_last_visible_part(given, kept):
    assert evidence.shown_name(given) == kept


def test_evidence_is_a_download_for_the_agencies_of_the_task_and_each_opening_is_audited(client, place, plan, spread):
    made = note(place, spread, files=[("biên bản.pdf", PDF), ("bản sao.pdf", PDF)])
    file = Evidence.objects.get(note=made)
    address = f"/ke-hoach/{plan.pk}/nhiem-vu/{spread.pk}/tep/{file.pk}/"
    client.force_login(place.ha)  # coordinates
    answer = client.get(address)
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["Content-Type"] == "application/octet-stream"
    assert Entry.objects.filter(action="task.evidence_opened").count() == 1
    client.force_login(make_person("Thu", place.justice, Role.CLERK))
    assert client.get(address).status_code == 403
    client.force_login(place.tam)
    assert client.get(address).status_code == 404
    client.force_login(place.bao)
    other = plan.tasks.get(position=1)
    assert client.get(f"/ke-hoach/{plan.pk}/nhiem-vu/{other.pk}/tep/{file.pk}/").status_code == 404


# more time


def test_more_time_is_asked_for_and_granted(place, spread):
    asked = ask_extension(place.actor(place.bao), spread, place.police, date(2025, 8, 1), "Mưa bão.")
    assert extensions_waiting(place.actor(place.lam)) == [asked]
    assert extensions_waiting(place.actor(place.ha)) == []
    decide_extension(place.actor(place.lam), asked, granted_to=date(2025, 7, 25), ruling="Đồng ý một phần.")
    stand = only_stand(spread)
    assert (stand.bucket, stand.last_day, stand.extended) == (Bucket.OPEN, date(2025, 7, 25), True)
    assert progress_of([spread], TODAY)[spread.pk].bucket is Bucket.OPEN
    assert extensions_waiting(place.actor(place.lam)) == []
    with pytest.raises(ValidationError, match="đã có quyết định"):
        decide_extension(place.actor(place.lam), asked, granted_to=None, ruling="Không.")


def test_a_refusal_needs_a_reason_and_changes_no_date(place, spread):
    asked = ask_extension(SYSTEM, spread, place.police, date(2025, 8, 1), "Mưa bão.")
    with pytest.raises(ValidationError, match="lý do không gia hạn"):
        decide_extension(SYSTEM, asked, granted_to=None, ruling=" ")
    with pytest.raises(ValidationError, match="phải sau hạn đang có"):
        decide_extension(SYSTEM, asked, granted_to=date(2025, 6, 30), ruling="")
    decide_extension(SYSTEM, asked, granted_to=None, ruling="Không thể lùi.")
    assert only_stand(spread).bucket is Bucket.OVERDUE
    ask_extension(SYSTEM, spread, place.police, date(2025, 8, 1), "Xin lại.")
    assert Extension.objects.count() == 2


@pytest.mark.parametrize("wanted", [None, TODAY, date(2025, 6, 30)])
def test_more_time_is_a_day_ahead(place, spread, wanted):
    with pytest.raises(ValidationError, match="Ghi một ngày sau 10/7/2025"):
        ask_extension(SYSTEM, spread, place.police, wanted, "Mưa bão.")


def test_one_request_waits_at_a_time_and_none_when_done(place, spread):
    ask_extension(SYSTEM, spread, place.police, date(2025, 8, 1), "Mưa bão.")
    with pytest.raises(ValidationError, match="đang chờ quyết định"):
        ask_extension(SYSTEM, spread, place.police, date(2025, 8, 2), "Mưa bão.")
    note(place, spread, "done", date(2025, 7, 1))
    with pytest.raises(ValidationError, match="không còn hạn nào"):
        ask_extension(SYSTEM, spread, place.police, date(2025, 8, 2), "Mưa bão.")


def test_only_the_standing_agency_decides(place, spread):
    asked = ask_extension(SYSTEM, spread, place.police, date(2025, 8, 1), "Mưa bão.")
    for user in (place.ha, place.tam, place.nobody):
        with pytest.raises(Refused):
            decide_extension(place.actor(user), asked, granted_to=date(2025, 8, 1), ruling="")
        with pytest.raises(Refused):
            excuse_agency(place.actor(user), spread, place.police, "x")


# screens


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_a_note_is_written_on_the_page_of_the_task_and_moves_the_board(client, place, plan, spread):
    client.force_login(place.bao)
    page = f"/ke-hoach/{plan.pk}/nhiem-vu/{spread.pk}/"
    assert "Chưa bắt đầu, quá hạn 10 ngày" in text_of(client.get(page))
    values = {"state": "done", "on": "28/6/2025", "text": "Đã xong <b>ba</b> đợt.", "document_number": "5/BC-CA"}
    upload = SimpleUploadedFile("ảnh.pdf", PDF)
    answer = client.post(f"{page}tien-do/", values | {"evidence": upload}, follow=True)
    shown = text_of(answer)
    assert "Đã ghi tiến độ của Công an tỉnh Bến Sương." in shown
    assert "Xong đúng hạn" in shown
    assert "văn bản 5/BC-CA" in shown
    assert "&lt;b&gt;ba" in answer.content.decode()
    assert "ảnh.pdf" in shown
    board = text_of(client.get(f"/ke-hoach/{plan.pk}/"))
    assert re.search(r"1 Xong đúng hạn 50 % của 2 việc", board)
    assert "1 xong đúng hạn" in text_of(client.get("/ke-hoach/"))


def test_a_lead_that_fits_no_agency_is_named_beside_who_follows_instead(client, place, plan, spread):
    client.force_login(place.bao)
    page = f"/ke-hoach/{plan.pk}/nhiem-vu/{spread.pk}/"
    assert "Chủ trì chưa khớp" not in text_of(client.get(page))
    lead = spread.assignments.get(role="lead")
    lead.agencies.clear()
    shown = text_of(client.get(page))
    assert f"Chủ trì chưa khớp với cơ quan nào: {lead.phrase}. Cơ quan thường trực theo dõi thay" in shown


def test_a_wrong_note_keeps_what_was_typed(client, place, plan, spread):
    client.force_login(place.bao)
    answer = client.post(
        f"/ke-hoach/{plan.pk}/nhiem-vu/{spread.pk}/tien-do/", {"state": "done", "on": "31/6/2025", "text": "Đã làm."}
    )
    assert answer.status_code == 422
    assert "Không có ngày 31/6/2025 trong lịch" in text_of(answer)
    assert re.search(r'<span class="err" id="\w+_on_error" role="alert">', answer.content.decode())
    assert "Đã làm." in answer.content.decode()


def test_who_only_looks_on_sees_no_forms_and_is_refused(client, place, plan, spread):
    client.force_login(place.ha)
    page = f"/ke-hoach/{plan.pk}/nhiem-vu/{spread.pk}/"
    assert "Ghi tiến độ" not in text_of(client.get(page))
    for step in ("tien-do/", "gia-han/", "mien/"):
        assert client.post(f"{page}{step}", {}).status_code == 403
    client.force_login(place.tam)
    assert client.get(page).status_code == 404


def test_more_time_goes_from_the_page_to_the_leader_and_back(client, place, plan, spread):
    client.force_login(place.bao)
    page = f"/ke-hoach/{plan.pk}/nhiem-vu/{spread.pk}/"
    client.post(f"{page}gia-han/", {"wanted_to": "1/8/2025", "reason": "Mưa bão."})
    client.force_login(place.lam)
    assert "Đề nghị gia hạn chờ quyết định 1 đề nghị" in text_of(client.get("/"))
    row = Extension.objects.get()
    empty = client.post(f"{page}gia-han/{row.pk}/", {"quyet-dinh": "gia-han", "granted_to": "", "ruling": ""})
    assert empty.status_code == 422
    assert "Ghi ngày gia hạn đến." in text_of(empty)
    answer = client.post(f"{page}gia-han/{row.pk}/", {"quyet-dinh": "gia-han", "granted_to": "25/7/2025"}, follow=True)
    assert "Đã gia hạn đến 25/7/2025." in text_of(answer)
    assert "được gia hạn" in text_of(answer)


def test_my_work_lists_the_tasks_that_my_agency_leads_in_the_same_four_buckets(client, place, plan, spread):
    client.force_login(place.bao)
    page = text_of(client.get("/"))
    assert "1 Đang làm, quá hạn lâu nhất 10 ngày" in page
    assert "Công an tỉnh Bến Sương chủ trì (Công an tỉnh) theo II.1 7/KH-UBND: hạn 30/6/2025." in page
    note(place, spread, "done", date(2025, 6, 30))
    assert "1 Xong đúng hạn" in text_of(client.get("/"))
    client.force_login(place.ha)
    assert "Nhiệm vụ phối hợp 1" in text_of(client.get("/"))


def test_a_draft_has_no_pages_of_tasks(client, place, draft):
    client.force_login(place.bao)
    assert client.get(f"/ke-hoach/{draft.pk}/nhiem-vu/{draft.tasks.first().pk}/").status_code == 404


@pytest.mark.parametrize(("strict", "bucket", "days"), [(True, Bucket.DONE_LATE, 1), (False, Bucket.DONE, 0)])
def test_work_asked_for_before_a_day_is_late_when_done_on_it(place, spread, strict, bucket, days):
    spread.window_strict = strict
    spread.save()
    note(place, spread, "done", spread.window_to)
    stand = only_stand(spread)
    assert (stand.bucket, stand.days) == (bucket, days)


def test_a_request_for_more_time_is_closed_once_the_work_is_done(place, spread):
    asked = ask_extension(SYSTEM, spread, place.police, date(2025, 8, 1), "Mưa bão.")
    note(place, spread, "doing", date(2025, 7, 8))
    assert extensions_waiting(SYSTEM) == [asked]
    note(place, spread, "done", date(2025, 7, 9))
    asked.refresh_from_db()
    assert (asked.outcome, asked.decided_by_id) == ("moot", place.bao.pk)
    assert extensions_waiting(SYSTEM) == []
    assert Entry.objects.filter(action="task.extension_moot").count() == 1
    with pytest.raises(ValidationError, match="không cần nữa"):
        decide_extension(SYSTEM, asked, granted_to=date(2025, 8, 1), ruling="")
