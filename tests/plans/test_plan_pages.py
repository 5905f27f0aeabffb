"""The plan screens: list, import, review, acceptance, board, cycles; and what strangers get."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from haidang.accounts.actors import SYSTEM
from haidang.agencies.models import Area
from haidang.filings.models import Cycle, Obligation
from haidang.kernel import clock
from haidang.plans.models import Plan, Task
from tests.plans.conftest import accept_plan, make_agency, make_area
from tests.plans.test_plan_actions import SAMPLE

TODAY = date(2025, 4, 1)


@pytest.fixture(autouse=True)
def that_day():
    with clock.fixed_at(TODAY):
        yield


@pytest.fixture
def officer(client, place):
    client.force_login(place.bao)
    return client


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


# list and import


def test_the_list_tells_drafts_from_accepted_plans(officer, draft):
    page = text_of(officer.get("/ke-hoach/"))
    assert "0 kế hoạch đang theo dõi · 1 bản đang rà soát" in page
    assert "đọc được 1 chỉ tiêu, 2 nhiệm vụ, 2 hạn báo cáo · số liệu giả định" in page
    accept_plan(SYSTEM, draft)
    assert "1 kế hoạch đang theo dõi · 0 bản đang rà soát" in text_of(officer.get("/ke-hoach/"))


def test_an_empty_list_says_why_and_offers_the_next_step(officer):
    page = officer.get("/ke-hoach/").content.decode()
    assert "Chưa có kế hoạch nào được chấp nhận" in page
    assert reverse("plans:import") in page


def test_importing_a_file_leads_to_its_review(officer):
    upload = SimpleUploadedFile("ke-hoach.txt", SAMPLE.encode())
    answer = officer.post("/ke-hoach/nap/", {"file": upload}, follow=True)
    plan = Plan.objects.get()
    assert answer.redirect_chain == [(f"/ke-hoach/{plan.pk}/ra-soat/", 302)]
    assert "12/KH-UBND" in text_of(answer)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("thu.txt", "Thư mời họp.".encode(), "Không thấy kế hoạch trong tệp thu.txt"),
        ("anh.gif", b"GIF89a", "không phải .txt, .md, .docx, .odt, .pdf, .png"),
        ("rong.txt", b"", "Tệp này rỗng"),
        ("hong.docx", b"PK\x03\x04", "Chưa nạp được."),
    ],
)
def test_a_file_that_cannot_be_a_plan_is_refused_in_one_sentence(officer, name, content, words):
    answer = officer.post("/ke-hoach/nap/", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert not Plan.objects.exists()


def test_a_plan_with_nothing_to_follow_is_asked_about(officer):
    content = "KẾ HOẠCH\nPhòng ngừa năm 2024\n\nUBND tỉnh ban hành kế hoạch.\n".encode()
    answer = officer.post("/ke-hoach/nap/", {"file": SimpleUploadedFile("bia.txt", content)})
    assert answer.status_code == 422
    assert "Tệp bia.txt là kế hoạch nhưng không đọc được chỉ tiêu" in text_of(answer)
    assert 'name="van-nap"' in answer.content.decode()
    assert not Plan.objects.exists()
    again = {"file": SimpleUploadedFile("bia.txt", content), "van-nap": "on"}
    assert officer.post("/ke-hoach/nap/", again).status_code == 302
    assert Plan.objects.get().tasks.count() == 0


def test_no_file_at_all_is_said(officer):
    assert "Chọn một tệp kế hoạch." in text_of(officer.post("/ke-hoach/nap/", {}))


def test_a_file_name_is_shown_as_text_never_as_markup(officer):
    upload = SimpleUploadedFile("<b>x</b>.txt", SAMPLE.encode())
    page = officer.post("/ke-hoach/nap/", {"file": upload}, follow=True).content.decode()
    assert "<b>x</b>" not in page


def test_the_same_file_again_offers_the_plan_that_has_it(officer):
    for _ in range(2):
        answer = officer.post("/ke-hoach/nap/", {"file": SimpleUploadedFile("k.txt", SAMPLE.encode())})
    assert answer.status_code == 422
    assert f'href="/ke-hoach/{Plan.objects.get().pk}/"' in answer.content.decode()


def test_who_stands_over_two_areas_chooses_one(officer, place):
    second = make_area("X3", "Tỉnh Sông Mây")
    agency = make_agency(second, "cong-an", "Công an tỉnh Sông Mây", "police", standing=True)
    place.bao.memberships.create(agency=agency, role="consolidator")
    assert "Địa bàn" in text_of(officer.get("/ke-hoach/nap/"))
    officer.post("/ke-hoach/nap/", {"file": SimpleUploadedFile("k.txt", SAMPLE.encode()), "area": second.pk})
    assert Plan.objects.get().area == second
    refused = officer.post(
        "/ke-hoach/nap/", {"file": SimpleUploadedFile("k.txt", SAMPLE.encode()), "area": place.next_door.pk}
    )
    assert refused.status_code == 422
    assert Area.objects.get(pk=place.next_door.pk).plans.count() == 0


# review


def test_the_review_starts_with_the_least_certain_item_and_marks_it_in_the_source(officer, draft):
    page = officer.get(f"/ke-hoach/{draft.pk}/ra-soat/").content.decode()
    doubtful = draft.tasks.get(position=1)
    assert f'data-current="task-{doubtful.pk}"' in page
    assert re.search(rf'<a class="span s-over"[^>]*data-key="task-{doubtful.pk}"[^>]*aria-current="true"', page)
    assert "Tin cậy thấp 40\u00a0%" in page
    assert "1</strong> nhiệm vụ chưa rõ cơ quan chủ trì" in page


def test_the_source_keeps_every_word_of_the_text(officer, draft):
    page = officer.get(f"/ke-hoach/{draft.pk}/ra-soat/").content.decode()
    source = re.search(r'<div class="pane-body paper".*?</div>', page, re.DOTALL)[0]
    words = re.sub(r"<[^>]+>", "", source).split()
    assert words == draft.text.split()


def test_an_item_opens_as_a_page_and_as_a_fragment(officer, draft):
    task = draft.tasks.get(position=0)
    address = f"/ke-hoach/{draft.pk}/ra-soat/nhiem-vu/{task.pk}/"
    assert "<html" in officer.get(address).content.decode()
    fragment = officer.get(address, HTTP_HX_REQUEST="true").content.decode()
    assert "<html" not in fragment
    assert 'id="editor"' in fragment
    assert "Công an tỉnh Bến Sương" in fragment


def test_saving_an_item_goes_on_to_the_next_one_that_needs_a_look(officer, draft):
    task = draft.tasks.get(position=1)
    values = {"section": "II.2", "text": task.text, "lead": "Sở Y tế", "coordinating": "", "window_to": "30/9/2025"}
    answer = officer.post(f"/ke-hoach/{draft.pk}/ra-soat/nhiem-vu/{task.pk}/", values, follow=True)
    task.refresh_from_db()
    assert (task.checked, task.window_to) == (True, date(2025, 9, 30))
    following = draft.tasks.get(position=0)
    assert answer.redirect_chain == [(f"/ke-hoach/{draft.pk}/ra-soat/nhiem-vu/{following.pk}/?sap=tin-cay", 302)]
    assert "1 /5 mục đã rà soát" in text_of(answer)


def test_in_the_order_of_the_text_the_next_item_follows(officer, draft):
    target, task = draft.targets.get(), draft.tasks.get(position=0)
    values = {"text": target.text, "comparator": "=", "value": "90", "unit": "%"}
    answer = officer.post(f"/ke-hoach/{draft.pk}/ra-soat/chi-tieu/{target.pk}/?sap=van-ban", values)
    assert answer.headers["Location"] == f"/ke-hoach/{draft.pk}/ra-soat/nhiem-vu/{task.pk}/?sap=van-ban"


@pytest.mark.parametrize(
    ("kind", "values", "words"),
    [
        ("nhiem-vu", {"text": "x", "window_to": "31/6/2025"}, "Không có ngày 31/6/2025 trong lịch"),
        ("nhiem-vu", {"text": "", "lead": "Sở Y tế"}, "Ghi nội dung."),
        ("nhiem-vu", {"text": "x", "window_from": "2/5/2025", "window_to": "1/5/2025"}, "Hạn trước ngày bắt đầu"),
        ("chi-tieu", {"text": "x", "comparator": ">=", "value": "chín mươi"}, "Mức là một con số"),
        ("chi-tieu", {"text": "x", "comparator": ">=", "value": ""}, "phải ghi con số"),
        ("chi-tieu", {"text": "x", "comparator": "~", "value": "1"}, "So sánh: chọn trong danh sách"),
        ("che-do", {"period": "quarter", "due": "31/6"}, "Không có ngày 31/6"),
        ("che-do", {"period": "never", "due": ""}, "Kỳ: chọn trong danh sách"),
    ],
)
def test_a_wrong_value_is_explained_at_its_field_and_nothing_is_saved(officer, draft, kind, values, words):
    row = {"nhiem-vu": draft.tasks, "chi-tieu": draft.targets, "che-do": draft.duties}[kind].first()
    answer = officer.post(f"/ke-hoach/{draft.pk}/ra-soat/{kind}/{row.pk}/", values)
    assert answer.status_code == 422
    assert words in text_of(answer)
    row.refresh_from_db()
    assert not row.checked


def test_decimals_are_typed_with_a_comma(officer, draft):
    target = draft.targets.get()
    values = {"text": target.text, "comparator": ">=", "value": "92,5", "unit": "%"}
    officer.post(f"/ke-hoach/{draft.pk}/ra-soat/chi-tieu/{target.pk}/", values)
    target.refresh_from_db()
    assert str(target.value) == "92.50"
    page = officer.get(f"/ke-hoach/{draft.pk}/ra-soat/chi-tieu/{target.pk}/").content.decode()
    assert 'value="92,50"' in page


def test_an_item_may_be_added_and_taken_out(officer, draft):
    officer.post(f"/ke-hoach/{draft.pk}/ra-soat/che-do/moi/", {"period": "once", "due": "20/6/2025", "strict": "no"})
    added = draft.duties.get(period="once")
    assert (added.due, added.strict) == ("2025-06-20", False)
    page = officer.get(f"/ke-hoach/{draft.pk}/ra-soat/che-do/{added.pk}/").content.decode()
    assert 'value="20/6/2025"' in page
    officer.post(f"/ke-hoach/{draft.pk}/ra-soat/che-do/{added.pk}/bo/")
    assert draft.duties.get(pk=added.pk).ignored
    officer.post(f"/ke-hoach/{draft.pk}/ra-soat/che-do/{added.pk}/lay-lai/")
    assert not draft.duties.get(pk=added.pk).ignored


def test_a_task_is_split_and_joined_again(officer, draft):
    task = draft.tasks.get(position=0)
    address = f"/ke-hoach/{draft.pk}/ra-soat/nhiem-vu/{task.pk}/"
    answer = officer.post(f"{address}tach/", {"text": "Tuyên truyền tại\n\ncác bến tàu"}, follow=True)
    assert "Đã tách nhiệm vụ. Rà từng phần." in text_of(answer)
    assert draft.tasks.count() == 3
    part = draft.tasks.get(position=1)
    answer = officer.post(f"/ke-hoach/{draft.pk}/ra-soat/nhiem-vu/{part.pk}/gop/", follow=True)
    assert "Đã gộp với nhiệm vụ trước." in text_of(answer)
    assert draft.tasks.count() == 2
    refused = officer.post(f"{address}tach/", {"text": "liền một đoạn"})
    assert refused.status_code == 422
    assert "Để một dòng trống ở chỗ cần tách" in text_of(refused)
    first = officer.post(f"{address}gop/")
    assert first.status_code == 422
    assert "không có nhiệm vụ trước để gộp" in text_of(first)


def test_an_item_of_another_plan_is_not_found(officer, place, draft):
    other = Plan.objects.create(
        area=place.area, file_name="b.txt", file_sha256="1" * 64, text="", reading={}, imported_at=clock.now()
    )
    task = draft.tasks.first()
    assert officer.get(f"/ke-hoach/{other.pk}/ra-soat/nhiem-vu/{task.pk}/").status_code == 404
    assert officer.post(f"/ke-hoach/{other.pk}/ra-soat/nhiem-vu/{task.pk}/bo/").status_code == 404


def test_the_head_of_a_plan_is_corrected(officer, draft):
    values = {"number": "9/KH-UBND", "issued_on": "11/2/2025", "title": draft.title, "year_from": 2025, "year_to": 2025}
    officer.post(f"/ke-hoach/{draft.pk}/phan-dau/", values)
    draft.refresh_from_db()
    assert (draft.number, draft.issued_on) == ("9/KH-UBND", date(2025, 2, 11))
    answer = officer.post(f"/ke-hoach/{draft.pk}/phan-dau/", values | {"year_to": 2024})
    assert answer.status_code == 422
    assert "Năm cuối 2024 trước năm đầu 2025" in text_of(answer)


# acceptance, board, cycles


def test_acceptance_is_asked_for_with_its_consequences_and_then_done(officer, draft):
    page = text_of(officer.get(f"/ke-hoach/{draft.pk}/chap-nhan/"))
    assert "2 nhiệm vụ được giao cho các cơ quan đang hoạt động vào ngày 10/02/2025" in page
    assert "1 nhiệm vụ chưa rõ cơ quan chủ trì" in page
    led = draft.tasks.get(position=1)
    sent = {"ly-do": "Văn bản không nêu.", "nhiem-vu": [led.pk]}
    answer = officer.post(f"/ke-hoach/{draft.pk}/chap-nhan/", sent, follow=True)
    draft.refresh_from_db()
    assert draft.state == "accepted"
    assert "Đã chấp nhận kế hoạch" in text_of(answer)
    assert officer.get(f"/ke-hoach/{draft.pk}/chap-nhan/").headers["Location"] == f"/ke-hoach/{draft.pk}/"


def test_the_same_document_from_another_file_is_pointed_out(officer, place, draft):
    twin = Plan.objects.create(
        area=place.area, number=draft.number, issued_on=draft.issued_on, title="Bản quét", file_name="b.pdf",
        file_sha256="2" * 64, text="", reading={}, imported_at=clock.now(),
    )  # fmt: skip
    answer = officer.get(f"/ke-hoach/{draft.pk}/ra-soat/")
    assert "Đã có kế hoạch cùng số, cùng ngày ban hành: 7/KH-UBND Bản quét" in text_of(answer)
    assert f'href="/ke-hoach/{twin.pk}/"' in answer.content.decode()
    twin.delete()
    assert "Đã có kế hoạch" not in text_of(officer.get(f"/ke-hoach/{draft.pk}/ra-soat/"))


def test_the_board_shows_targets_tasks_by_agency_and_duties(officer, draft):
    accept_plan(SYSTEM, draft)
    answer = officer.get(f"/ke-hoach/{draft.pk}/")
    page = text_of(answer)
    assert "Công an tỉnh Bến Sương · 1 nhiệm vụ" in page
    assert "Chưa nêu cơ quan chủ trì · 1 nhiệm vụ" in page
    assert "Hạn 30/6/2025" in page
    assert "90\u00a0%" in answer.content.decode()
    assert "Báo cáo quý: trước 12/3" in page


def test_the_board_may_leave_only_one_bucket(officer, draft):
    accept_plan(SYSTEM, draft)
    Task.objects.filter(position=0).update(window_to=date(2025, 3, 1))
    page = text_of(officer.get(f"/ke-hoach/{draft.pk}/?nhom=dang-qua-han"))
    assert "Tuyên truyền tại các bến tàu" in page
    assert "Hỗ trợ nạn nhân trở về" not in page


def test_an_accepted_plan_is_still_read_beside_its_source_but_not_changed(officer, draft):
    accept_plan(SYSTEM, draft)
    task = draft.tasks.first()
    page = text_of(officer.get(f"/ke-hoach/{draft.pk}/ra-soat/"))
    assert "Chỉ xem." in page
    assert "Chấp nhận A" not in page
    assert officer.post(f"/ke-hoach/{draft.pk}/ra-soat/nhiem-vu/{task.pk}/", {"text": "x"}).status_code == 403
    assert officer.post(f"/ke-hoach/{draft.pk}/bo/").status_code == 403


def test_cycles_are_proposed_with_the_due_dates_of_the_plan_and_opened(officer, place, draft):
    accept_plan(SYSTEM, draft)
    page = officer.get(f"/ke-hoach/{draft.pk}/ky-bao-cao/").content.decode()
    assert 'value="12/3/2025"' in page
    assert 'value="12/6/2025"' in page
    chosen = {"open-0": "on", "due-0": "12/3/2025", "strict-0": "yes"}
    answer = officer.post(f"/ke-hoach/{draft.pk}/ky-bao-cao/", chosen, follow=True)
    assert "Đã mở 1 kỳ báo cáo" in text_of(answer)
    cycle = Cycle.objects.get()
    assert (cycle.due_on, cycle.strict) == (date(2025, 3, 12), True)
    assert place.health.pk in Obligation.objects.values_list("agency_id", flat=True)
    assert 'value="12/3/2025"' not in officer.get(f"/ke-hoach/{draft.pk}/ky-bao-cao/").content.decode()


def test_opening_cycles_says_first_how_many_will_owe_and_what_is_asked_twice(officer, place, draft):
    accept_plan(SYSTEM, draft)
    address = f"/ke-hoach/{draft.pk}/ky-bao-cao/"
    page = officer.get(address)
    first = page.context["lines"][0]
    assert "Trùng khoảng số liệu." not in text_of(page)
    other = Plan.objects.get(pk=draft.pk)
    other.pk, other.number, other.file_sha256 = None, "77/KH-UBND", "7" * 64
    other.save()
    Cycle.objects.create(
        plan=other, label="Quý của kế hoạch khác", window_from=first["spec"].window.start,
        window_to=first["spec"].window.end, regime="nd09", due_on=first["spec"].due_on, strict=True, forms=["B1"],
    )  # fmt: skip
    again = officer.get(address)
    assert "Kỳ của đúng khoảng này đã mở theo 77/KH-UBND." in text_of(again)
    officer.post(address, {"open-0": "on", "due-0": "12/3/2025", "strict-0": "yes"})
    assert Obligation.objects.filter(cycle__plan=draft).count() == first["seen"].agencies > 0


def test_a_due_date_that_the_plan_does_not_name_is_asked_for(officer, draft):
    draft.duties.update(due="", strict=None)
    accept_plan(SYSTEM, draft)
    page = text_of(officer.get(f"/ke-hoach/{draft.pk}/ky-bao-cao/"))
    assert "Kế hoạch không ghi ngày." in page
    answer = officer.post(f"/ke-hoach/{draft.pk}/ky-bao-cao/", {"open-0": "on", "due-0": "", "strict-0": "yes"})
    assert answer.status_code == 422
    assert "Ghi hạn nộp, hoặc bỏ chọn kỳ này." in text_of(answer)
    wrong = officer.post(f"/ke-hoach/{draft.pk}/ky-bao-cao/", {"open-0": "on", "due-0": "31/6/2025"})
    assert "Không có ngày 31/6/2025 trong lịch" in text_of(wrong)
    none = officer.post(f"/ke-hoach/{draft.pk}/ky-bao-cao/", {})
    assert "Chọn ít nhất một kỳ để mở." in text_of(none)
    assert not Cycle.objects.exists()


def test_only_the_agencies_that_the_plan_names_owe_its_reports(officer, place, draft):
    draft.duties.update(owed_by=["Sở Y tế", "Công an tỉnh"])
    accept_plan(SYSTEM, draft)
    assert "cơ quan mà kế hoạch nêu (Công an tỉnh; Sở Y tế)" in text_of(
        officer.get(f"/ke-hoach/{draft.pk}/ky-bao-cao/")
    )
    officer.post(f"/ke-hoach/{draft.pk}/ky-bao-cao/", {"open-0": "on", "due-0": "12/3/2025", "strict-0": "yes"})
    assert set(Obligation.objects.values_list("agency_id", flat=True)) == {place.health.pk, place.police.pk}


def test_a_draft_opens_no_cycles(officer, draft):
    assert officer.get(f"/ke-hoach/{draft.pk}/ky-bao-cao/").status_code == 403


def test_a_draft_is_thrown_away_after_a_question(officer, draft):
    assert "Bỏ bản nháp này?" in text_of(officer.get(f"/ke-hoach/{draft.pk}/bo/"))
    assert officer.post(f"/ke-hoach/{draft.pk}/bo/").headers["Location"] == "/ke-hoach/"
    assert not Plan.objects.exists()


# strangers


def addresses(plan: Plan) -> list[str]:
    task = plan.tasks.first()
    return [
        f"/ke-hoach/{plan.pk}/{tail}"
        for tail in (
            "", "ra-soat/", f"ra-soat/nhiem-vu/{task.pk}/", "ra-soat/nhiem-vu/moi/", "phan-dau/", "chap-nhan/", "bo/",
            "ky-bao-cao/",
        )
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["ha", "tam", "nobody"])
def test_a_draft_does_not_exist_for_others(client, place, draft, who):
    client.force_login(getattr(place, who))
    for address in addresses(draft):
        assert client.get(address).status_code == 404, address
        assert client.post(address).status_code in (404, 405), address
    assert "7/KH-UBND" not in text_of(client.get("/ke-hoach/"))


def test_importing_is_refused_with_a_reason(client, place):
    client.force_login(place.ha)
    answer = client.post("/ke-hoach/nap/", {"file": SimpleUploadedFile("k.txt", SAMPLE.encode())})
    assert answer.status_code == 403
    assert "Chỉ cán bộ tổng hợp của cơ quan thường trực" in text_of(answer)
    assert not Plan.objects.exists()


def test_whoever_works_in_the_area_reads_the_board_and_changes_nothing(client, place, draft):
    accept_plan(SYSTEM, draft)
    client.force_login(place.ha)
    page = client.get(f"/ke-hoach/{draft.pk}/").content.decode()
    assert "Mở kỳ báo cáo</a>" not in page
    assert client.get(f"/ke-hoach/{draft.pk}/ky-bao-cao/").status_code == 403
    assert client.post(f"/ke-hoach/{draft.pk}/ky-bao-cao/", {"open-0": "on"}).status_code == 403


@pytest.mark.parametrize("page", ["list", "review", "board"])
def test_pages_cost_the_same_number_of_queries_however_long_the_plan(
    officer, place, draft, page, django_assert_max_num_queries
):
    if page != "review":
        accept_plan(SYSTEM, draft)
    for number in range(30):
        task = Task.objects.create(plan=draft, position=10 + number, text=f"Việc {number}", confidence=0.95)
        row = task.assignments.create(role="lead", position=0, phrase="Công an tỉnh")
        row.agencies.add(place.police)
    address = {"list": "/ke-hoach/", "review": f"/ke-hoach/{draft.pk}/ra-soat/", "board": f"/ke-hoach/{draft.pk}/"}[
        page
    ]
    with django_assert_max_num_queries(22):
        assert officer.get(address).status_code == 200
