"""Opening cycles on screen: dates that are not worked, levels that owe earlier, other periods, requests by letter."""

from __future__ import annotations

from datetime import date

import pytest

from haidang.accounts.actors import SYSTEM
from haidang.filings.models import Cycle, Obligation

from .conftest import accept_plan, make_agency, make_area
from .test_plan_pages import text_of


@pytest.fixture
def officer(client, place):
    client.force_login(place.bao)
    return client


@pytest.fixture
def address(draft, place) -> str:
    commune = make_area("X101", "Xã Bến Nứa", "commune", place.area)
    make_agency(commune, "ubnd-xa", "Ủy ban nhân dân xã Bến Nứa", "government")
    accept_plan(SYSTEM, draft)
    return f"/ke-hoach/{draft.pk}/ky-bao-cao/"


def test_the_dates_are_worked_out_again_before_anything_is_opened(officer, address):
    typed = {"open-0": "on", "due-0": "15/6/2025", "strict-0": "no", "step-commune": "3", "xem": "1"}
    page = officer.post(address, typed)
    assert page.status_code == 200
    words = text_of(page)
    assert "Ngày cuối được nộp rơi vào Chủ Nhật, 15/6/2025; đang giữ nguyên" in words
    assert "cấp xã" in words and "đến hết 11/6/2025" in words
    assert not Cycle.objects.exists()
    assert "đã chuyển sang Thứ Hai, 16/6/2025" in text_of(officer.post(address, typed | {"shift": "yes"}))


def test_what_was_chosen_is_kept_with_the_cycle(officer, address):
    typed = {"open-0": "on", "due-0": "15/6/2025", "strict-0": "no", "step-commune": "3", "shift": "yes"}
    assert officer.post(address, typed).status_code == 302
    cycle = Cycle.objects.get()
    assert (cycle.due_on, cycle.written_due_on, cycle.steps) == (date(2025, 6, 16), date(2025, 6, 15), {"commune": 3})


def test_what_is_open_already_under_another_name_is_not_chosen_again(officer, address, draft):
    proposed = officer.get(address).context["lines"]
    spec = proposed[0]["spec"]
    assert [line["chosen"] for line in proposed] == [True] * len(proposed)
    typed = {
        "kind": "plan", "from": f"{spec.window.start:%d/%m/%Y}", "to": f"{spec.window.end:%d/%m/%Y}",
        "label": "Tên khác", "due": "20/6/2027", "mo": "1",
    }  # fmt: skip
    assert officer.post(address + "khac/", typed).status_code == 302
    page = officer.get(address)
    assert "đã mở theo kế hoạch này với tên “Tên khác”" in text_of(page)
    assert not page.context["lines"][0]["chosen"]


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        ({"step-commune": "ba"}, "Số ngày làm việc nộp sớm của cấp xã phải là số"),
        ({"step-commune": "99"}, "từ 0 đến 30"),
        ({"step-district": "3", "step-commune": "1"}, "không muộn hơn"),
    ],
)
def test_steps_that_cannot_be_are_refused(officer, address, steps, sentence):
    page = officer.post(address, {"open-0": "on", "due-0": "15/6/2025", "strict-0": "no", **steps})
    assert page.status_code == 422
    assert sentence in text_of(page)
    assert not Cycle.objects.exists()


def test_any_period_is_shown_first_and_then_opened(officer, address):
    typed = {
        "kind": "calendar",
        "period": "half_year",
        "number": "1",
        "year": "2025",
        "due": "20/7/2025",
        "strict": "no",
    }
    page = officer.post(address + "khac/", typed)
    assert "06 tháng đầu năm 2025" in text_of(page)
    assert "Mở 1 kỳ báo cáo" in text_of(page)
    assert not Cycle.objects.exists()
    done = officer.post(address + "khac/", typed | {"mo": "1"}, follow=True)
    assert "Đã mở 1 kỳ báo cáo" in text_of(done)
    cycle = Cycle.objects.get()
    assert (cycle.window_from, cycle.window_to, cycle.regime) == (date(2025, 1, 1), date(2025, 6, 30), "calendar")


def test_what_is_opened_is_what_was_shown(officer, address):
    typed = {"kind": "nd09", "period": "quarter", "number": "1", "year": "2025", "due": "20/3/2025", "strict": "no"}
    shown = officer.post(address + "khac/", typed)
    seen = {"mo": "1", "seen": shown.context["mark"]}
    for change in (
        {"due": "21/3/2025"},
        {"number": "2", "due": "20/6/2025"},
        {"named": "Sở Y tế"},
        {"levels": "commune"},
    ):
        again = officer.post(address + "khac/", typed | seen | change)
        assert again.status_code == 422
        assert "Nội dung đã sửa sau lần xem trước nên chưa mở" in text_of(again)
        assert again.context["told"] and again.context["mark"] != shown.context["mark"]
    assert not Cycle.objects.exists()
    assert officer.post(address + "khac/", typed | seen).status_code == 302
    assert Cycle.objects.get().due_on == date(2025, 3, 20)


def test_who_would_owe_is_named_before_anything_is_opened(officer, place, address):
    typed = {"kind": "nd09", "period": "quarter", "number": "1", "year": "2025", "due": "20/3/2025", "strict": "no"}
    words = text_of(officer.post(address + "khac/", typed | {"forms": ["B5"]}))
    assert f"Xem tên cơ quan {place.health.name}" in words


def test_a_window_is_cut_by_years(officer, address):
    typed = {"kind": "slices", "from": "09/02/2021", "to": "15/6/2025", "due": "20/6/2025", "baseline": "on", "mo": "1"}
    officer.post(address + "khac/", typed)
    assert Cycle.objects.count() == 6
    assert Cycle.objects.filter(baseline=True).count() == 1


def test_a_request_names_its_letter_forms_and_agencies(officer, place, address):
    typed = {
        "kind": "request", "from": "01/01/2025", "to": "20/02/2025", "due": "28/02/2025", "strict": "no",
        "forms": ["B5"], "named": "Sở Y tế",
    }  # fmt: skip
    refused = officer.post(address + "khac/", typed)
    assert refused.status_code == 422
    assert "Ghi số văn bản yêu cầu" in text_of(refused)
    officer.post(address + "khac/", typed | {"letter": "88/CV-CAT", "mo": "1"})
    cycle = Cycle.objects.get()
    assert (cycle.letter_number, cycle.forms, cycle.regime) == ("88/CV-CAT", ["B5"], "request")
    assert list(Obligation.objects.values_list("agency_id", flat=True)) == [place.health.pk]
    row = Obligation.objects.select_related("agency", "cycle__plan").get()
    assert "theo văn bản 88/CV-CAT" in text_of(officer.get(f"/ke-hoach/{row.cycle.plan_id}/"))
    assert f"theo văn bản 88/CV-CAT ({row.cycle.plan.number})" in text_of(officer.get(f"/bao-cao/{row.pk}/"))
    officer.force_login(place.ha)
    assert f"phải nộp theo văn bản 88/CV-CAT ({row.cycle.plan.number})" in text_of(officer.get("/"))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Chọn cách cắt kỳ"),
        ({"kind": "nd09", "due": "20/6/2025"}, "Chọn kỳ"),
        ({"kind": "plan", "from": "mai", "to": "20/6/2025", "due": "20/6/2025"}, "Từ ngày chưa đúng"),
        ({"kind": "plan", "from": "20/6/2025", "to": "19/6/2025", "due": "20/6/2025"}, "Đến ngày phải sau từ ngày"),
        ({"kind": "plan", "from": "01/6/2025", "to": "19/6/2025", "due": ""}, "Hạn nộp chưa đúng"),
        (
            {"kind": "plan", "from": "01/6/2025", "to": "19/6/2025", "due": "20/6/2025", "named": "Hội Trăng Rằm"},
            "Chưa tìm được cơ quan: Hội Trăng Rằm",
        ),
    ],
)
def test_what_is_wrong_is_named_and_what_was_typed_stays(officer, address, typed, sentence):
    page = officer.post(address + "khac/", typed | {"label": "Kỳ riêng của tỉnh", "mo": "1"})
    assert page.status_code == 422
    assert sentence in text_of(page)
    assert "Kỳ riêng của tỉnh" in page.content.decode()
    assert not Cycle.objects.exists()


def test_only_the_standing_agency_asks(client, place, address):
    client.force_login(place.ha)
    assert client.get(address + "khac/").status_code == 403


def test_a_plan_without_a_number_is_called_by_its_title_on_the_way_back(officer, address, draft):
    draft.refresh_from_db()
    draft.number = ""
    draft.save()
    for page in (officer.get(address), officer.get(f"{address}khac/")):
        assert f"Kế hoạch › {draft.heading[:40]}" in text_of(page)
