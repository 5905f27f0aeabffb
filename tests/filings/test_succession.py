"""Two real provinces that became one on 01/7/2025: who owes the half-years before and after, and who answers for whom.

The provinces, districts and communes are those of the register; people, plans and figures are invented.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace

import pytest
from django.db.models import Count
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from haidang.accounts.actors import SYSTEM, Actor, Refused, Role
from haidang.accounts.models import User
from haidang.agencies.actions import appoint, load_register
from haidang.agencies.models import Agency, AgencyLineage, Area, AreaLineage
from haidang.agencies.queries import actor_for, heirs_of
from haidang.audit.checking import check_chain
from haidang.catalogue.agency_functions import national_register
from haidang.filings.actions import accept, correct, extend, open_cycles, return_, save_cells, submit, unwaive, waive
from haidang.filings.actions.drafts import save_section
from haidang.filings.actions.handing import Adopted, adopt, hand_over, hand_over_all, handing_words
from haidang.filings.chasing.chosen import rates, rates_of
from haidang.filings.cycles.opening import open_or_preview
from haidang.filings.earlier import earlier_cells, earlier_filings
from haidang.filings.models import Cycle, Filing, Obligation
from haidang.filings.queries import board, coverage, standing, visible_obligations
from haidang.filings.rules import CycleSpec, Letter, Standing
from haidang.filings.succession import whole_predecessors
from haidang.kernel import clock
from haidang.kernel.calendars import Regime, nd09_half, nd09_quarter, nd09_year
from haidang.plans.models import Plan, PlanState

from .conftest import Cast, filled, make_agency

BEFORE, AFTER = date(2025, 6, 20), date(2025, 12, 20)
FIRST = CycleSpec(
    "06 tháng đầu năm 2025", nd09_half(2025, 1), Regime.ND09, date(2025, 6, 20), False, forms=("B1", "B5")
)
SECOND = CycleSpec(
    "06 tháng cuối năm 2025", nd09_half(2025, 2), Regime.ND09, date(2025, 12, 20), False, forms=("B1", "B5")
)


@dataclass
class Merger:
    """Two provinces, the one they became, a plan of each old one."""

    west: Area
    east: Area
    whole: Area
    plan: Plan
    other_plan: Plan

    def agency(self, area: Area, organ: str) -> Agency:
        return Agency.objects.select_related("area").get(area=area, code__endswith=f".{organ}")


def plan_of(area: Area, number: str) -> Plan:
    return Plan.objects.create(
        area=area, state=PlanState.ACCEPTED, number=number, file_name="plan.txt", file_sha256=number[:2] * 32, text="",
        reading={}, imported_at=clock.now(),
    )  # fmt: skip


@pytest.fixture
def merger(db: None) -> Merger:
    """Kon Tum (62) and Quảng Ngãi (51) became Quảng Ngãi (51)."""
    load_register(national_register(), provinces=["62"])
    west = Area.objects.get(level="province", code="62")
    east = Area.objects.get(level="province", code="51", valid_to=date(2025, 6, 30))
    whole = Area.objects.get(level="province", code="51", valid_from=date(2025, 7, 1))
    return Merger(west, east, whole, plan_of(west, "01/KH"), plan_of(east, "02/KH"))


def seated(agency: Agency, *roles: Role, on: date = AFTER) -> Actor:
    user, _ = User.objects.get_or_create(username=f"u{agency.pk}")
    for role in roles:
        appoint(SYSTEM, user, agency, role)
    return actor_for(user, on)


def owing(cycle: Cycle) -> dict[str, int]:
    """How many agencies owe the cycle, by level."""
    rows = Obligation.objects.filter(cycle=cycle).values_list("agency__level").annotate(Count("pk"))
    return dict(rows.order_by())


def file(cycle: Cycle, agency: Agency, value: int) -> Filing:
    filing = Obligation.objects.get(cycle=cycle, agency=agency).filing
    codes = [form for form in ("B1", "B5") if any(f.code == form for f in forms_of(filing))]
    cells = {code: number for form in codes for code, number in filled(form, value).items()}
    save_cells(SYSTEM, filing, cells, filing.revision)
    filing.refresh_from_db()
    return filing


def forms_of(filing: Filing):  # type: ignore[no-untyped-def]
    from haidang.filings.content import forms_for

    return forms_for(filing.obligation)


def test_the_second_half_year_is_owed_by_what_became_of_the_province(merger: Merger) -> None:
    first, second = open_cycles(SYSTEM, merger.plan, [FIRST, SECOND])
    before, after = owing(first), owing(second)
    assert before["district"] > 0 and before["commune"] > 0
    assert "district" not in after and after["commune"] > 0
    assert set(Obligation.objects.filter(cycle=first).values_list("agency__area__path", flat=True).distinct()) <= {
        area.path for area in Area.objects.filter(path__startswith=merger.west.path)
    }
    paths = Obligation.objects.filter(cycle=second).values_list("agency__area__path", flat=True)
    assert all(path.split("/")[0] == merger.whole.path for path in paths)


def test_agencies_that_follow_two_provinces_owe_one_filing(merger: Merger) -> None:
    (second,) = open_cycles(SYSTEM, merger.plan, [SECOND])
    with pytest.raises(Refused, match="Không giao lần hai"):
        open_cycles(SYSTEM, merger.other_plan, [SECOND])
    assert Obligation.objects.filter(agency=merger.agency(merger.whole, "cong-an")).count() == 1
    # The first half-year is of different territories: each old province owes its own.
    open_cycles(SYSTEM, merger.other_plan, [FIRST])
    open_cycles(SYSTEM, merger.plan, [FIRST])
    assert Obligation.objects.filter(agency=merger.agency(merger.east, "cong-an")).count() == 1
    assert second.obligations.exists()


def test_the_standing_agency_of_the_new_province_sees_both_halves_on_one_board(merger: Merger) -> None:
    first, second = open_cycles(SYSTEM, merger.plan, [FIRST, SECOND])
    chief = seated(merger.agency(merger.whole, "cong-an"), Role.CONSOLIDATOR)
    rows = board(chief, [first, second], AFTER)
    assert {row.agency.area.path.split("/")[0] for row in rows if row.agency.area} == {
        merger.west.path,
        merger.whole.path,
    }
    for row in rows:
        places = [place is not None for place in row.places]
        old = row.agency.valid_to is not None and row.agency.valid_to < date(2025, 7, 1)
        assert places == ([True, False] if old else [False, True]), row.agency
        assert (rates_of(row).on_time_share or 0) <= 100
    assert chief.standing_over(merger.west.path) and chief.standing_over(merger.east.path)


def test_rates_count_the_obligations_in_force_only(merger: Merger) -> None:
    (first,) = open_cycles(SYSTEM, merger.plan, [FIRST])
    chief = seated(merger.agency(merger.whole, "cong-an"), Role.CONSOLIDATOR)
    police = merger.agency(merger.west, "cong-an")
    all_of_them = coverage(chief, first, BEFORE).expected
    filing = file(first, police, 0)
    with clock.fixed_at(date(2025, 6, 18)):
        accept(SYSTEM, submit(SYSTEM, filing))
    hand_over_all(SYSTEM, date(2025, 7, 1))
    after = coverage(chief, first, AFTER)
    assert after.received == 1
    assert after.received_share is not None and after.received_share <= 100
    assert after.expected <= all_of_them


def test_what_a_dissolved_agency_still_owes_goes_to_its_heir_once(merger: Merger) -> None:
    (first,) = open_cycles(SYSTEM, merger.plan, [FIRST])
    police, heir = merger.agency(merger.west, "cong-an"), merger.agency(merger.whole, "cong-an")
    chief = seated(heir, Role.CONSOLIDATOR)
    done = hand_over_all(chief, date(2025, 7, 1))
    handed = {row.agency.code: to.code for row, to in done.handed}
    assert handed[police.code] == heir.code
    left = Obligation.objects.select_related("cycle", "agency", "filing").get(cycle=first, agency=police)
    assert left.handed_to is not None and left.handed_to.agency == heir
    shown = standing(left, AFTER)
    assert (shown.letter, shown.words) == (Letter.OFF, f"Đã bàn giao cho {heir.name}")
    assert Obligation.objects.filter(cycle=first, agency=heir).count() == 1
    again = hand_over_all(chief, date(2025, 7, 1))
    assert again.handed == []
    assert [one.obligation.pk for one in again.undecided] == [one.obligation.pk for one in done.undecided]


def test_a_district_that_went_into_several_communes_waits_for_a_person(merger: Merger) -> None:
    (first,) = open_cycles(SYSTEM, merger.plan, [FIRST])
    row = Obligation.objects.filter(cycle=first, agency__level="district", agency__function="government").first()
    assert row is not None
    assert len(heirs_of(row.agency, date(2025, 7, 1))) > 1
    done = hand_over_all(SYSTEM, date(2025, 7, 1), dry_run=True)
    assert not Obligation.objects.filter(handed_to__isnull=False).exists()
    candidates = {one.obligation.pk: one.heirs for one in done.undecided}[row.pk]
    taken = hand_over(SYSTEM, row, candidates[0], date(2025, 7, 1))
    assert taken.agency == candidates[0]


def test_an_agency_in_force_hands_nothing_over(merger: Merger) -> None:
    (first,) = open_cycles(SYSTEM, merger.plan, [FIRST])
    police = Obligation.objects.get(cycle=first, agency=merger.agency(merger.west, "cong-an"))
    with pytest.raises(Refused, match="còn hoạt động vào ngày 30/6/2025"):
        hand_over(SYSTEM, police, merger.agency(merger.whole, "cong-an"), date(2025, 6, 30))
    with pytest.raises(Refused, match="không phải cơ quan kế thừa"):
        hand_over(SYSTEM, police, merger.agency(merger.whole, "so-y-te"), date(2025, 7, 1))


def test_the_heir_takes_over_what_was_entered_and_never_overwrites(merger: Merger) -> None:
    (first,) = open_cycles(SYSTEM, merger.plan, [FIRST])
    police, heir = merger.agency(merger.west, "cong-an"), merger.agency(merger.whole, "cong-an")
    file(first, police, 2)
    hand_over_all(SYSTEM, date(2025, 7, 1))
    clerk = seated(heir, Role.CLERK)
    mine = Obligation.objects.get(cycle=first, agency=heir).filing
    assert visible_obligations(clerk).filter(agency=police).exists()
    adopt(clerk, mine)
    mine.refresh_from_db()
    entered = [value for code, value in mine.cells.items() if code in filled("B1", 2)]
    assert entered and set(entered) == {2}
    with pytest.raises(Refused, match="không ghi đè"):
        adopt(clerk, mine)


def test_the_half_year_before_is_the_sum_of_the_provinces_that_merged(merger: Merger) -> None:
    (west_first,) = open_cycles(SYSTEM, merger.plan, [FIRST])
    (east_first,) = open_cycles(SYSTEM, merger.other_plan, [FIRST])
    (second,) = open_cycles(SYSTEM, merger.plan, [SECOND])
    heir = merger.agency(merger.whole, "cong-an")
    west, east = merger.agency(merger.west, "cong-an"), merger.agency(merger.east, "cong-an")
    assert sorted(whole_predecessors([heir.pk])[heir.pk]) == sorted([west.pk, east.pk])
    owed = Obligation.objects.select_related("agency", "cycle").get(cycle=second, agency=heir)
    file(west_first, west, 2)
    assert earlier_filings(owed) == []  # one half of the whole says nothing of the whole
    file(east_first, east, 3)
    (before,) = earlier_filings(owed)
    assert before.label == "06 tháng đầu năm 2025 (2 cơ quan trước sắp xếp)"
    assert {before.cells[code] for code in filled("B1", 5) if code in before.cells} == {5}
    assert earlier_cells(owed).before == before.cells


def test_strangers_hand_nothing_over(merger: Merger) -> None:
    open_cycles(SYSTEM, merger.plan, [FIRST])
    stranger = seated(merger.agency(merger.whole, "so-y-te"), Role.CLERK)
    with pytest.raises(Refused, match="Chỉ cơ quan thường trực"):
        hand_over_all(stranger, date(2025, 7, 1))


def test_the_page_of_a_dissolved_agency_hands_over_and_the_heir_takes_what_was_entered(
    merger: Merger, client: Client
) -> None:
    (first,) = open_cycles(SYSTEM, merger.plan, [FIRST])
    police, heir = merger.agency(merger.west, "cong-an"), merger.agency(merger.whole, "cong-an")
    file(first, police, 2)
    row = Obligation.objects.get(cycle=first, agency=police)
    chief = User.objects.get(pk=seated(heir, Role.CONSOLIDATOR, Role.CLERK).user_id)
    client.force_login(chief)
    page = client.get(f"/bao-cao/{row.pk}/").content.decode()
    assert "không còn hoạt động từ sau 30/6/2025" in page
    assert f'<option value="{heir.pk}">{heir.name}</option>' in page
    nobody = client.post(f"/bao-cao/{row.pk}/ban-giao/", {"heir": "0"}, follow=True).content.decode()
    assert "Chọn cơ quan nhận bàn giao" in nobody
    done = client.post(f"/bao-cao/{row.pk}/ban-giao/", {"heir": heir.pk}, follow=True).content.decode()
    assert f"Đã bàn giao cho {heir.name}" in done
    assert "Số liệu cùng khoảng của cơ quan trước sắp xếp" in done and police.name in done
    assert "Lấy số mà cơ quan cũ đã nhập" in done
    mine = Obligation.objects.get(cycle=first, agency=heir)
    taken = client.post(f"/bao-cao/{mine.pk}/ke-thua/", follow=True).content.decode()
    assert "ô của cơ quan cũ" in taken
    assert "Lấy số mà cơ quan cũ đã nhập" not in taken
    old = client.get(f"/bao-cao/{row.pk}/").content.decode()
    assert "Xem nghĩa vụ của cơ quan nhận" in old
    assert "<td>đã bàn giao</td>" in re.sub(r"<td[^>]*>\s*", "<td>", client.get("/bao-cao/").content.decode())


def test_who_only_sees_the_page_hands_nothing_over(merger: Merger, client: Client) -> None:
    (first,) = open_cycles(SYSTEM, merger.plan, [FIRST])
    row = Obligation.objects.get(cycle=first, agency=merger.agency(merger.west, "cong-an"))
    heir = merger.agency(merger.whole, "cong-an")
    client.force_login(User.objects.get(pk=seated(heir, Role.LEADER).user_id))
    assert "<select" not in client.get(f"/bao-cao/{row.pk}/").content.decode().split("<main", 1)[1].split("<nav", 1)[0]
    assert client.post(f"/bao-cao/{row.pk}/ban-giao/", {"heir": heir.pk}).status_code == 403


@given(st.lists(st.tuples(st.sampled_from(list(Letter)), st.booleans()), max_size=30))
def test_a_rate_is_never_above_a_hundred_per_cent(states: list[tuple[Letter, bool]]) -> None:
    """Whatever was handed over, waived, late or received: what counts as on time is part of what is counted."""
    places = [(SimpleNamespace(received_on=received or None), Standing(letter)) for letter, received in states]
    found = rates(places)  # type: ignore[arg-type]
    assert 0 <= found.on_time <= found.received <= found.counted
    assert found.on_time_share is None or 0 <= found.on_time_share <= 100


def test_opening_a_cycle_hands_over_what_the_plan_still_has_with_dissolved_agencies(merger: Merger) -> None:
    (first,) = open_cycles(SYSTEM, merger.plan, [FIRST])
    (other,) = open_cycles(SYSTEM, merger.other_plan, [FIRST])
    chief = seated(merger.agency(merger.whole, "cong-an"), Role.CONSOLIDATOR)
    with clock.fixed_at(AFTER):
        before = open_or_preview(chief, merger.plan, [SECOND], dry_run=True)
        assert not Obligation.objects.filter(handed_to__isnull=False).exists()
        opening = open_or_preview(chief, merger.plan, [SECOND])
    (told,) = opening.cycles
    assert told.cycle is not None and told.agencies == told.cycle.obligations.count() > 0
    handed = Obligation.objects.filter(handed_to__isnull=False)
    assert handed.filter(cycle=first, agency=merger.agency(merger.west, "cong-an")).exists()
    assert not handed.filter(cycle=other).exists()
    count = handed.count()
    assert handing_words(before.handing, dry_run=True).startswith(f"Sẽ bàn giao {count} nghĩa vụ của cơ quan không còn")
    assert handing_words(opening.handing).startswith(f"Đã bàn giao {count} nghĩa vụ của cơ quan không còn")


def test_the_screen_says_what_opening_a_cycle_handed_over(merger: Merger, client: Client) -> None:
    open_cycles(SYSTEM, merger.plan, [FIRST])
    chief = seated(merger.agency(merger.whole, "cong-an"), Role.CONSOLIDATOR)
    client.force_login(User.objects.get(pk=chief.user_id))
    typed = {"kind": "nd09", "period": "half_year", "year": "2025", "number": "2", "due": "20/12/2025", "strict": "no"}
    with clock.fixed_at(AFTER):
        asked = client.post(f"/ke-hoach/{merger.plan.pk}/ky-bao-cao/khac/", typed)
        assert "Sẽ bàn giao" in asked.content.decode()
        done = client.post(f"/ke-hoach/{merger.plan.pk}/ky-bao-cao/khac/", typed | {"mo": "1"}, follow=True)
    assert "nghĩa vụ của cơ quan không còn hoạt động sang cơ quan kế thừa" in done.content.decode()


def test_the_standing_agency_at_the_centre_sees_what_every_province_owes(merger: Merger) -> None:
    open_cycles(SYSTEM, merger.plan, [FIRST, SECOND])
    ministry = Agency.objects.get(level="central", standing=True)
    chief = seated(ministry, Role.CONSOLIDATOR)
    assert visible_obligations(chief).count() == Obligation.objects.count() > 0
    other = Agency.objects.filter(level="central", standing=False, valid_to=None).first()
    assert other is not None
    assert not visible_obligations(seated(other, Role.CONSOLIDATOR)).exists()


def test_what_a_divided_agency_filed_is_known_to_none_of_its_heirs(cast: Cast) -> None:
    """Its figures cannot be divided; and an heir of a part knows nothing of what went whole into it either."""
    old = cast.filing(cast.cycle(forms=("B4",), window=nd09_quarter(2025, 1)), cast.court)
    save_cells(SYSTEM, old, filled("B4", 1), 0)
    on = date(2025, 7, 1)
    heirs = [make_agency(f"hm-court-{n}", f"Tòa án {n}", "court", cast.province, valid_from=on) for n in (1, 2)]
    AgencyLineage.objects.create(old=cast.court, new=heirs[0], function="court", on=on, instrument="giả định")
    cast.court.valid_to = date(2025, 6, 30)
    cast.court.save()
    quarter = cast.cycle("Quý III/2025", ("B4",), window=nd09_quarter(2025, 3), due_on=date(2025, 9, 20))
    owed = Obligation.objects.select_related("agency", "cycle").get(cycle=quarter, agency=heirs[0])
    assert [one.label for one in earlier_filings(owed)] == ["Quý I/2025 (1 cơ quan trước sắp xếp)"]
    AgencyLineage.objects.create(old=cast.court, new=heirs[1], function="court", on=on, instrument="giả định")
    assert earlier_filings(owed) == []


def gone_and_heirs(cast: Cast, *heirs: Agency, function: str = "health") -> None:
    """Sở Y tế ended with March 2025 and passed a function to each of these."""
    cast.health.valid_to = date(2025, 3, 31)
    cast.health.save()
    for heir in heirs:
        AgencyLineage.objects.create(
            old=cast.health, new=heir, function=function, on=date(2025, 4, 1), instrument="giả định"
        )


def heir_of_health(cast: Cast, function: str = "health", code: str = "hm-new", **more: object) -> Agency:
    return make_agency(code, f"Sở {code}", function, cast.province, **more)


APRIL = date(2025, 4, 2)


def test_an_obligation_goes_to_whoever_files_its_forms_now(db: None) -> None:
    """Sở LĐTBXH passed labour, its main function, to Sở Nội vụ, and victims, whose form it owes, to Sở Y tế."""
    load_register(national_register(), provinces=["38"])
    plan = plan_of(Area.objects.get(level="province", code="38"), "01/KH")
    due = date(2025, 2, 20)
    victims = CycleSpec("Nạn nhân", nd09_year(2024), Regime.ND09, due, False, forms=("B1", "B5"))
    teaching = CycleSpec("Truyền thông", nd09_year(2024), Regime.ND09, due, False, forms=("B7",))
    open_cycles(SYSTEM, plan, [victims, teaching])
    done = hand_over_all(SYSTEM, date(2025, 3, 2), plan=plan)
    to = {
        row.cycle.label: heir.code.partition(".")[2]
        for row, heir in done.handed
        if row.agency.code.endswith(".so-ldtbxh")
    }
    assert to == {"Nạn nhân": "so-y-te", "Truyền thông": "so-noi-vu"}


def test_whoever_took_over_but_files_none_of_the_forms_is_not_offered(cast: Cast) -> None:
    cycle = cast.cycle(forms=("B5",), due_on=date(2025, 3, 25))
    court = heir_of_health(cast, "court")
    gone_and_heirs(cast, court)
    row = Obligation.objects.get(cycle=cycle, agency=cast.health)
    (left,) = hand_over_all(SYSTEM, APRIL).undecided
    assert left.why == "cơ quan kế thừa không nộp biểu nào của kỳ này; miễn kèm lý do"
    with pytest.raises(Refused, match="không phải cơ quan kế thừa nộp được"):
        hand_over(SYSTEM, row, court, APRIL)


def test_what_was_accepted_is_never_handed_over(cast: Cast) -> None:
    """Its accepted version counts on: the heir would report the same numbers a second time."""
    cycle = cast.cycle(forms=("B5",), due_on=date(2025, 3, 25))
    filing = cast.filing(cycle, cast.health)
    with clock.fixed_at(date(2025, 3, 20)):
        save_cells(cast.lan, filing, filled("B5"), 0)
        accept(cast.ha, submit(cast.minh, filing))
        correct(cast.minh, filing)
        return_(cast.ha, submit(cast.minh, filing, "Rà soát lại", "12/BC"), "Đối chiếu lại")
    gone_and_heirs(cast, heir_of_health(cast, valid_from=date(2025, 4, 1)))
    done = hand_over_all(SYSTEM, APRIL)
    assert done.handed == [] and done.undecided == []
    with pytest.raises(Refused, match="đã có bản được tiếp nhận"):
        hand_over(SYSTEM, filing.obligation, Agency.objects.get(code="hm-new"), APRIL)


def test_nothing_is_handed_into_a_report_that_was_sent_or_excused(cast: Cast) -> None:
    heir = heir_of_health(cast)
    cycle = cast.cycle(forms=("B5",), due_on=date(2025, 3, 25))
    gone_and_heirs(cast, heir)
    row, own = (Obligation.objects.get(cycle=cycle, agency=agency) for agency in (cast.health, heir))
    waive(cast.ha, own, "Sắp xếp")
    (left,) = hand_over_all(SYSTEM, APRIL).undecided
    assert left.why == "Sở hm-new đang được miễn kỳ này; bỏ miễn trước"
    unwaive(cast.ha, own)
    save_cells(SYSTEM, own.filing, filled("B5"), 0)
    version = submit(SYSTEM, Filing.objects.get(obligation=own))
    with pytest.raises(Refused, match="Sở hm-new đã gửi báo cáo của mình kỳ này"):
        hand_over(SYSTEM, row, heir, APRIL)
    return_(cast.ha, version, "Cộng thêm số của cơ quan cũ")
    ((handed, to),) = hand_over_all(SYSTEM, APRIL).handed
    assert (handed, to) == (row, heir)


def test_two_agencies_that_became_one_hand_over_into_one_report(cast: Cast) -> None:
    second = heir_of_health(cast, code="hm-second")
    cycle = cast.cycle(forms=("B5",), due_on=date(2025, 3, 25))
    heir = heir_of_health(cast, valid_from=date(2025, 4, 1))
    gone_and_heirs(cast, heir)
    second.valid_to = date(2025, 3, 31)
    second.save()
    AgencyLineage.objects.create(old=second, new=heir, function="health", on=date(2025, 4, 1), instrument="giả định")
    for agency, value in ((cast.health, 2), (second, 3)):
        save_cells(SYSTEM, cast.filing(cycle, agency), filled("B5", value), 0)
    draft = cast.filing(cycle, cast.health)
    save_section(SYSTEM, draft, "III.1", "Đã tiếp nhận 2 người.", draft.revision)
    assert len(hand_over_all(SYSTEM, APRIL).handed) == 2
    mine = Obligation.objects.get(cycle=cycle, agency=heir).filing
    taken = adopt(SYSTEM, mine)
    mine.refresh_from_db()
    assert {mine.cells[code] for code in filled("B5") if code in mine.cells} == {5}
    assert mine.sections == {"III.1": "Sở Y tế tỉnh Hải Minh: Đã tiếp nhận 2 người."}
    assert (taken.sections, taken.silent) == (1, ())


def test_whoever_handed_over_without_a_number_is_named(cast: Cast) -> None:
    second = heir_of_health(cast, code="hm-second")
    cycle = cast.cycle(forms=("B5",), due_on=date(2025, 3, 25))
    heir = heir_of_health(cast, valid_from=date(2025, 4, 1))
    gone_and_heirs(cast, heir)
    second.valid_to = date(2025, 3, 31)
    second.save()
    AgencyLineage.objects.create(old=second, new=heir, function="health", on=date(2025, 4, 1), instrument="giả định")
    draft = cast.filing(cycle, cast.health)
    save_section(SYSTEM, draft, "III.1", "Không có nạn nhân.", 0)
    hand_over_all(SYSTEM, APRIL)
    mine = Obligation.objects.get(cycle=cycle, agency=heir).filing
    assert adopt(SYSTEM, mine) == Adopted(0, 1, ("Sở hm-second",))
    mine.refresh_from_db()
    assert mine.sections == {"III.1": "Không có nạn nhân."}


def test_nothing_is_handed_over_before_its_day(cast: Cast) -> None:
    cycle = cast.cycle(forms=("B5",), due_on=date(2025, 3, 25))
    gone_and_heirs(cast, heir_of_health(cast))
    with clock.fixed_at(date(2025, 3, 26)):
        with pytest.raises(Refused, match="Ngày 02/4/2025 chưa tới"):
            hand_over_all(SYSTEM, APRIL)
        assert len(hand_over_all(SYSTEM, APRIL, dry_run=True).handed) == 1
    assert not Obligation.objects.filter(cycle=cycle, handed_to__isnull=False).exists()


def test_looking_for_heirs_costs_a_fixed_number_of_queries(
    merger: Merger, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    open_cycles(SYSTEM, merger.plan, [FIRST])
    with django_assert_max_num_queries(12):
        seen = hand_over_all(SYSTEM, date(2025, 7, 1), dry_run=True)
    with django_assert_max_num_queries(30):
        done = hand_over_all(SYSTEM, date(2025, 7, 1))
    assert len(done.handed) == len(seen.handed) > 100
    assert check_chain().whole


def test_an_heir_of_several_owes_by_the_latest_of_their_days(cast: Cast) -> None:
    second = heir_of_health(cast, code="hm-second")
    cycle = cast.cycle(forms=("B5",), due_on=date(2025, 3, 25))
    with clock.fixed_at(date(2025, 3, 20)):
        extend(cast.ha, Obligation.objects.get(cycle=cycle, agency=second), date(2025, 4, 10), "Sắp xếp bộ máy")
    heir = heir_of_health(cast, valid_from=date(2025, 4, 1))
    gone_and_heirs(cast, heir)
    second.valid_to = date(2025, 3, 31)
    second.save()
    AgencyLineage.objects.create(old=second, new=heir, function="health", on=date(2025, 4, 1), instrument="giả định")
    hand_over_all(SYSTEM, APRIL)
    mine = Obligation.objects.get(cycle=cycle, agency=heir)
    assert (mine.extended_to, mine.extension_reason) == (date(2025, 4, 10), "Sắp xếp bộ máy")


def test_the_plan_of_a_district_goes_on_in_what_its_communes_became(merger: Merger) -> None:
    district = Area.objects.filter(level="district", path__startswith=f"{merger.west.path}/").order_by("code")[0]
    first, second = open_cycles(SYSTEM, plan_of(district, "03/KH"), [FIRST, SECOND])
    assert set(owing(first)) == {"district", "commune"} and set(owing(second)) == {"commune"}
    communes = Area.objects.filter(path__startswith=f"{district.path}/", level="commune")
    became = set(AreaLineage.objects.filter(old__in=communes).values_list("new_id", flat=True))
    asked = set(Obligation.objects.filter(cycle=second).values_list("agency__area_id", flat=True))
    assert asked and asked <= became
    assert set(Area.objects.filter(pk__in=became, valid_to=None).values_list("pk", flat=True)) <= asked


def test_a_commune_made_of_parts_of_two_districts_owes_once(merger: Merger) -> None:
    """Each district had its plan; what their communes became follows both."""
    for new in Area.objects.filter(level="commune", valid_from=date(2025, 7, 1)):
        olds = Area.objects.filter(pk__in=AreaLineage.objects.filter(new=new).values("old"))
        parents = sorted({old.path.rpartition("/")[0] for old in olds})
        if len(parents) > 1:
            break
    else:
        pytest.fail("no commune was made of parts of two districts")
    plans = [plan_of(Area.objects.get(path=path, level="district"), f"1{n}/KH") for n, path in enumerate(parents[:2])]
    for plan in plans:
        open_cycles(SYSTEM, plan, [SECOND])
    asked = Obligation.objects.filter(agency__area=new).values_list("agency_id").annotate(Count("pk")).order_by()
    assert asked and {count for _agency, count in asked} == {1}


def test_one_of_several_heirs_is_chosen_by_a_person_never_by_the_page(merger: Merger, client: Client) -> None:
    (first,) = open_cycles(SYSTEM, merger.plan, [FIRST])
    row = Obligation.objects.filter(cycle=first, agency__level="district", agency__function="government").first()
    assert row is not None
    chief = seated(merger.agency(merger.whole, "cong-an"), Role.CONSOLIDATOR)
    client.force_login(User.objects.get(pk=chief.user_id))
    page = client.get(f"/bao-cao/{row.pk}/").content.decode()
    assert '<option value="">Chọn cơ quan nhận</option>' in page
    client.post(f"/bao-cao/{row.pk}/ban-giao/", {"heir": ""})
    assert not Obligation.objects.filter(handed_to__isnull=False).exists()
