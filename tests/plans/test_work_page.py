""" "Việc của tôi": what my agency owes, why it is mine, what waits for my ruling, and my tasks."""

from __future__ import annotations

import re
from datetime import date, datetime

import pytest

from haidang.accounts.actors import SYSTEM
from haidang.filings.actions import open_cycles
from haidang.filings.models import Filing, FilingState, Obligation, Ruling, Version
from haidang.filings.rules import CycleSpec
from haidang.kernel import clock
from haidang.kernel.calendars import Regime, nd09_quarter
from haidang.plans.models import Extension
from haidang.plans.recording import ask_extension
from tests.plans.conftest import accept_plan

TODAY = date(2025, 7, 10)


@pytest.fixture
def cycles(place, draft):
    """Two cycles: due before 12/6 (past) and before 12/9 (ahead)."""
    plan = accept_plan(SYSTEM, draft)
    return open_cycles(
        SYSTEM,
        plan,
        [
            CycleSpec("Quý II/2025", nd09_quarter(2025, 2), Regime.ND09, date(2025, 6, 12), True),
            CycleSpec("Quý III/2025", nd09_quarter(2025, 3), Regime.ND09, date(2025, 9, 12), True),
        ],
    )


@pytest.fixture
def health(client, place):
    client.force_login(place.ha)
    return client


def shown(client, address: str = "/") -> str:
    with clock.fixed_at(TODAY):
        page = client.get(address).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def filing_of(place, cycle) -> Filing:
    return Filing.objects.get(obligation__cycle=cycle, obligation__agency=place.health)


def send(filing: Filing, day: date, *, state: str = FilingState.SUBMITTED) -> Version:
    moment = datetime(day.year, day.month, day.day, 12, tzinfo=clock.VIET_NAM)
    Filing.objects.filter(pk=filing.pk).update(state=state, received_at=moment, revision=1)
    return Version.objects.create(filing=filing, number=1, cells={}, forms={}, submitted_at=moment, sha256="0" * 64)


def test_what_is_overdue_comes_first_with_its_distance_and_its_reason(health, cycles):
    page = shown(health)
    assert (
        page.index("Cần làm ngay")
        < page.index("Báo cáo quý II/2025")
        < page.index("Sau đó")
        < page.index("Báo cáo quý III/2025")
    )
    assert "trước 12/6 quá 29 ngày" in page
    assert "trước 12/9 còn 63 ngày" in page
    assert "Sở Y tế tỉnh Bến Sương phải nộp theo 7/KH-UBND (trước ngày 12/6/2025)." in page
    assert "Q Quá hạn, chưa nộp" in page


def test_each_line_has_one_button_to_its_filing(health, place, cycles):
    with clock.fixed_at(TODAY):
        page = health.get("/").content.decode()
    for obligation in Obligation.objects.filter(agency=place.health):
        assert len(re.findall(rf'<a class="btn[^"]*" href="/bao-cao/{obligation.pk}/"', page)) == 1


def test_the_four_buckets_count_everything_and_open_one_by_one(health, place, cycles):
    send(filing_of(place, cycles[0]), date(2025, 6, 15))
    page = shown(health)
    assert re.search(
        r"0 Xong đúng hạn .*1 Xong quá hạn trễ nhất 4 ngày 1 Đang làm, trong hạn .*0 Đang làm, quá hạn", page
    )
    late = shown(health, "/?nhom=qua-han")
    assert "quý II/2025" in late
    assert "quý III/2025" not in late
    assert "Nhóm này không có việc nào" in shown(health, "/?nhom=dang-qua-han")
    assert "quý III/2025" in shown(health, "/?nhom=khong-co-nhom-nay")


def test_a_returned_filing_is_urgent_even_before_its_date(health, place, cycles):
    filing = filing_of(place, cycles[1])
    version = send(filing, date(2025, 7, 1), state=FilingState.RETURNED)
    Filing.objects.filter(pk=filing.pk).update(received_at=None)
    Ruling.objects.create(version=version, outcome="returned", comment="Sửa dòng 1", decided_at=clock.now())
    page = shown(health)
    assert "1 quá hạn · 1 bị trả lại" in page
    assert "L Bị trả lại" in page
    assert "Sửa và gửi lại" in page


def test_an_extension_shows_its_new_date_and_no_delay(health, place, cycles):
    obligation = filing_of(place, cycles[0]).obligation
    Obligation.objects.filter(pk=obligation.pk).update(extended_to=date(2025, 7, 25), extension_reason="bão")
    page = shown(health)
    assert "đến 25/7 còn 15 ngày" in page
    assert "Gia hạn đến 25/7/2025." in page
    assert "G Được gia hạn" in page


def test_a_waived_obligation_is_done(health, place, cycles):
    Obligation.objects.filter(agency=place.health).update(waived_reason="Đã sắp xếp.")
    page = shown(health)
    assert "2 báo cáo, không còn báo cáo nào phải nộp" in page
    assert "2 Xong đúng hạn" in page


def test_the_heading_counts_what_is_still_to_be_filed(health, place, cycles):
    assert "2 báo cáo còn phải nộp trong 2" in shown(health)
    send(filing_of(place, cycles[0]), date(2025, 6, 15))
    assert "1 báo cáo còn phải nộp trong 2" in shown(health)


def test_a_due_date_of_another_year_has_its_year(health, place, cycles):
    with clock.fixed_at(date(2026, 1, 5)):
        page = health.get("/").content.decode()
    assert "trước 12/6/2025" in page


def test_an_early_due_date_says_that_figures_are_provisional(health, cycles):
    assert "Hạn nộp trước ngày chốt số liệu: số tạm tính." in shown(health)


def test_the_standing_agency_sees_what_waits_for_its_ruling(client, place, cycles):
    send(filing_of(place, cycles[0]), date(2025, 6, 10))
    client.force_login(place.bao)
    page = shown(client)
    assert "Chờ bạn kiểm tra 1 báo cáo" in page
    assert "Sở Y tế tỉnh Bến Sương: Báo cáo quý II/2025" in page
    client.force_login(place.ha)
    assert "Chờ bạn kiểm tra" not in shown(client)


def test_a_leader_sees_what_waits_for_others_to_check(client, place, cycles):
    send(filing_of(place, cycles[0]), date(2025, 6, 10))
    place.bao.memberships.update(role="leader")
    client.force_login(place.bao)
    page = shown(client)
    assert "Chờ cán bộ tổng hợp kiểm tra 1 báo cáo" in page
    assert "Chờ bạn kiểm tra" not in page
    assert " Kiểm tra " not in page


def test_a_request_says_by_which_letter_it_is_owed(health, place, cycles):
    cycles[0].letter_number = "88/CV-CAT"
    cycles[0].save()
    assert "phải nộp theo văn bản 88/CV-CAT (" in shown(health)


def test_who_does_not_enter_figures_is_offered_to_look(client, place, cycles):
    client.force_login(place.lam)
    page = shown(client)
    assert "Xem" in page
    assert "Nhập số liệu" not in page


def test_tasks_of_the_agency_say_its_part_and_when(health, cycles):
    page = shown(health)
    assert "Tuyên truyền tại các bến tàu" in page
    assert "Phối hợp · Hạn 30/6/2025, đã qua hạn · II.1 7/KH-UBND" in page


def test_drafts_under_review_are_shown_to_the_standing_agency_alone(client, place, draft):
    client.force_login(place.bao)
    assert "Kế hoạch đang rà soát" in shown(client)
    client.force_login(place.ha)
    assert "Kế hoạch đang rà soát" not in shown(client)


def test_an_empty_page_says_why(client, place):
    client.force_login(place.ha)
    assert "Chưa có kỳ báo cáo nào mở cho cơ quan của bạn" in shown(client)
    client.force_login(place.nobody)
    assert "Tài khoản chưa được giao cho cơ quan nào" in shown(client)


def test_nobody_sees_what_others_owe(client, place, cycles):
    client.force_login(place.tam)
    page = shown(client)
    assert "quý II/2025" not in page
    assert "Bến Sương" not in page


def test_the_page_costs_the_same_number_of_queries_however_much_is_owed(
    health, place, cycles, django_assert_max_num_queries
):
    specs = [
        CycleSpec(f"Kỳ {number}", nd09_quarter(2025, 3), Regime.ND09, date(2025, 10, 1 + number), True)
        for number in range(20)
    ]
    open_cycles(SYSTEM, cycles[0].plan, specs)
    with clock.fixed_at(TODAY), django_assert_max_num_queries(17):
        assert health.get("/").status_code == 200


def test_requests_for_more_time_stand_by_the_day_asked_for_with_the_year_where_it_is_another(client, place, draft):
    task = accept_plan(SYSTEM, draft).tasks.get(position=0)
    with clock.fixed_at(TODAY):
        ask_extension(SYSTEM, task, place.police, date(2026, 1, 15), "Mưa bão.")
        other = Extension.objects.get()
        other.pk, other.wanted_to, other.reason, other.agency = None, date(2025, 9, 1), "Lũ quét.", place.health
        other.save()
    client.force_login(place.bao)
    page = shown(client)
    assert "1/9 xin lùi đến" in page
    assert "15/01/2026 xin lùi đến" in page
    assert page.index("Lũ quét.") < page.index("Mưa bão.")
