"""The family of a plan from the database to the screen: tree, what is taken up, own plans; who may say what."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime

import openpyxl
import pytest
from django.core.exceptions import ValidationError

from haidang.accounts.actors import SYSTEM, Refused, Role
from haidang.agencies.models import Agency, Area
from haidang.agencies.queries import actor_for
from haidang.audit.models import Entry
from haidang.kernel import clock
from haidang.plans import queries
from haidang.plans.coverage import Taken
from haidang.plans.coverage_report import coverage_of
from haidang.plans.family_owing import OwnState, asks_of, owing_of
from haidang.plans.family_saying import (
    drop_ask,
    forget_link,
    keep_ask,
    say_issued,
    say_link,
    say_taken_up,
    take_back_ask,
)
from haidang.plans.family_tree import kin_of, to_link, tree_of
from haidang.plans.models import Plan, PlanLink, PlanState, Target, Task
from haidang.plans.rules import Kind
from tests.plans.conftest import make_area, make_person

TODAY = date(2025, 7, 10)
ASKS = (
    "KẾ HOẠCH Phòng ngừa năm 2025 Ủy ban nhân dân tỉnh ban hành kế hoạch như sau: I. NHIỆM VỤ 1. Lắp biển cảnh báo. "
    "II. TỔ CHỨC THỰC HIỆN 1. Sở Y tế, Sở Tư pháp căn cứ kế hoạch này xây dựng kế hoạch thực hiện, gửi về Công an tỉnh "
    "trước ngày 15/3/2025."
)
CITES = "KẾ HOẠCH Thực hiện Kế hoạch số 7/KH-UBND ngày 10/2/2025 của UBND tỉnh I. A"


@pytest.fixture(autouse=True)
def that_day():
    with clock.fixed_at(TODAY):
        yield


def make_plan(area: Area, number: str, text: str, *cites: str, on=date(2025, 2, 10), **more) -> Plan:
    return Plan.objects.create(
        area=area, number=number, issued_on=on, title=f"Kế hoạch {number}", year_from=2025, year_to=2025, text=text,
        legal_bases=list(cites), reading={}, state=PlanState.ACCEPTED, file_name="a.txt",
        file_sha256=f"{number}{area.pk}".ljust(64, "0")[:64], imported_at=datetime(2025, 4, 1, tzinfo=UTC),
        accepted_at=datetime(2025, 4, 2, tzinfo=UTC), **more,
    )  # fmt: skip


@pytest.fixture
def centre(db):
    return Area.objects.create(code="TW", name="Trung ương", kind="", level="central", path="TW")


@pytest.fixture
def family(place, centre):
    """A plan of the centre, the province's below it, the health department's below that, and one next door."""
    top = make_plan(centre, "1/KH-BCĐ138CP", "KẾ HOẠCH I. A", on=date(2025, 1, 5), issuer="Ban Chỉ đạo 138/CP")
    Target.objects.create(
        plan=top, position=0, text="Ít nhất 70% số bến đò có biển", comparator=">=", value=70, unit="%"
    )
    Task.objects.create(plan=top, position=0, section="I.1", text="Lắp biển cảnh báo ở bến đò.")
    Task.objects.create(plan=top, position=1, section="I.2", text="Dạy tiếng Lào cho cán bộ trạm.")
    province = make_plan(
        place.area, "7/KH-UBND", ASKS, "01/KH-BCĐ138CP", "9/ĐA-UBND", "5/2024/QH15", issuer="UBND tỉnh"
    )
    Target.objects.create(
        plan=province, position=0, text="Ít nhất 60% số bến đò có biển", comparator=">=", value=60, unit="%"
    )
    Task.objects.create(plan=province, position=0, section="I.1", text="Lắp biển cảnh báo ở bến đò, chợ huyện.")
    health = make_plan(
        place.area, "2/KH-SYT", CITES, "7/KH-UBND",
        on=date(2025, 3, 20), issuer="Sở Y tế",
    )  # fmt: skip
    other = make_plan(place.next_door, "7/KH-UBND", "KẾ HOẠCH I. A", "1/KH-BCĐ138CP", issuer="UBND tỉnh")
    return top, province, health, other


@pytest.fixture
def central(centre):
    ministry = Agency.objects.create(
        code="TW.bo", name="Bộ Công an", function="police", level="central", area=None, standing=True
    )
    return actor_for(make_person("Trung", ministry, Role.CONSOLIDATOR), TODAY)


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


# the tree


def test_legal_bases_make_the_graph(family):
    top, province, health, other = family
    kin = kin_of(top)
    assert [plan.pk for plan in kin.children(top.pk)] == [province.pk, other.pk]
    assert [plan.pk for plan in kin.below(top.pk)] == [province.pk, other.pk, health.pk]
    assert kin_of(health).parents(health.pk) == [province]


def test_a_province_sees_its_own_branch_and_how_many_others_there_are(place, family):
    top, province, health, _other = family
    missing, root = tree_of(place.actor(place.bao), province, kin_of(province))
    assert (missing.citation.number, missing.plan) == ("9/ĐA-UBND", None)
    assert (root.plan, root.hidden) == (top, 0)
    assert [node.plan for node in root.walk()] == [top, province, health]
    assert [node.current for node in root.walk()] == [False, True, False]


def test_a_replaced_plan_lends_its_number_to_the_newer_one(place, family):
    _top, province, health, _other = family
    newer = make_plan(place.area, "8/KH-UBND", "KẾ HOẠCH I. A", on=date(2025, 3, 1), replaces=province)
    Plan.objects.filter(pk=province.pk).update(state=PlanState.REPLACED)
    assert kin_of(health).parents(health.pk) == [newer]


def test_a_central_plan_is_imported_by_the_centre_and_seen_by_every_province(place, family, central):
    top, province, *_ = family
    assert [area.code for area in queries.areas_to_import_for(central)] == ["TW"]
    assert set(queries.plans_visible(central)) >= set(family)
    assert top in queries.plans_visible(place.actor(place.ha))
    assert top not in queries.plans_visible(place.actor(place.nobody))
    assert province not in queries.plans_visible(place.actor(place.tam))


def test_the_page_of_the_tree(client, place, family):
    top, province, _health, other = family
    client.force_login(place.bao)
    page = text_of(client.get(f"/ke-hoach/{province.pk}/gia-dinh/"))
    for words in (
        "1/KH-BCĐ138CP",
        "2/KH-SYT",
        "9/ĐA-UBND",
        "chưa có trong hệ thống",
        "5/2024/QH15",
        "1 kế hoạch cấp dưới",
    ):
        assert words in page
    assert client.get(f"/ke-hoach/{other.pk}/gia-dinh/").status_code == 404
    client.force_login(place.tam)
    seen = text_of(client.get(f"/ke-hoach/{top.pk}/gia-dinh/"))
    assert "và 1 kế hoạch khác" in seen
    assert "Bến Sương" not in re.sub(r"^.*Trên và dưới", "", seen)


def test_a_draft_has_no_family(client, place, draft):
    client.force_login(place.bao)
    for page in ("gia-dinh", "do-phu", "ke-hoach-rieng"):
        assert client.get(f"/ke-hoach/{draft.pk}/{page}/").status_code == 404


# what people say of edges


def test_a_person_sets_an_edge_takes_it_back_and_both_are_audited(place, family):
    top, _province, health, _other = family
    actor = place.actor(place.bao)
    say_link(actor, health, top, stands=True, reason="Bản ký ghi thiếu.")
    assert {plan.pk for plan in kin_of(health).parents(health.pk)} == {top.pk, _province.pk}
    forget_link(actor, health, top)
    assert kin_of(health).parents(health.pk) == [_province]
    assert [e.action for e in Entry.objects.filter(action__startswith="plan.link").order_by("pk")] == [
        "plan.linked", "plan.link_forgotten",
    ]  # fmt: skip


def test_a_person_denies_an_edge(place, family):
    _top, province, health, _other = family
    say_link(place.actor(place.bao), health, province, stands=False, reason="Trùng số.")
    assert kin_of(health).parents(health.pk) == []


def test_no_edge_closes_a_circle_and_none_goes_without_a_reason(place, family):
    _top, province, health, _other = family
    with pytest.raises(ValidationError, match="thành vòng"):
        say_link(place.actor(place.bao), province, health, stands=True, reason="Nhầm.")
    with pytest.raises(ValidationError, match="Ghi lý do"):
        say_link(place.actor(place.bao), health, province, stands=False, reason="  ")
    assert not PlanLink.objects.exists()


def test_only_consolidators_over_one_of_the_plans_say_so(place, family):
    _top, province, health, _other = family
    for user in (place.ha, place.lam, place.tam, place.nobody):
        with pytest.raises(Refused):
            say_link(place.actor(user), health, province, stands=False, reason="x")


def test_an_edge_is_set_on_the_page_from_what_may_stand_above(client, place, family):
    top, province, health, other = family
    actor = place.actor(place.bao)
    choices = {plan.pk for plan in to_link(actor, health, kin_of(health))}
    assert choices == {top.pk}
    client.force_login(place.bao)
    page = f"/ke-hoach/{health.pk}/gia-dinh/"
    assert client.post(f"{page}gan/", {"parent": other.pk, "reason": "x"}).status_code == 422
    answer = client.post(f"{page}gan/", {"parent": top.pk, "reason": "Theo chỉ đạo."}, follow=True)
    assert "Đã gắn vào 1/KH-BCĐ138CP" in text_of(answer)
    assert "do cán bộ gắn" in text_of(answer)
    answer = client.post(f"{page}gan/{top.pk}/", follow=True)
    assert "theo văn bản căn cứ" in text_of(answer)
    assert client.post(f"{page}gan/{top.pk}/").status_code == 404
    client.post(f"{page}gan/", {"parent": province.pk, "reason": "Trùng số.", "bo": "1"})
    assert "đã bỏ gắn" in text_of(client.get(page))


# coverage


def test_coverage_tells_what_nobody_took_up_and_which_level_is_lower(place, family, central):
    top, province, _health, other = family
    coverage = coverage_of(central, top, kin_of(top))
    (target,), (signs, lao) = coverage.of(Kind.TARGET), coverage.of(Kind.TASK)
    assert (target.taken, target.plans, target.lower) == (Taken.YES, 1, 1)
    assert signs.taken is not Taken.NO
    assert (lao.taken, lao.matches) == (Taken.NO, ())
    told = {row.plan: (row.targets, row.lower) for row in coverage.children}
    assert told == {province: (1, 1), other: (0, 0)}
    assert [row.plan for row in coverage_of(place.actor(place.bao), top, kin_of(top)).children] == [province]


def test_a_person_confirms_and_denies_a_pair(place, family):
    top, province, *_ = family
    lao, below = top.tasks.get(position=1), province.tasks.get()
    actor = place.actor(place.bao)
    say_taken_up(actor, Kind.TASK, lao.pk, below.pk, True)
    assert coverage_of(SYSTEM, top, kin_of(top)).of(Kind.TASK)[1].taken is Taken.YES
    say_taken_up(actor, Kind.TASK, lao.pk, below.pk, False)
    assert coverage_of(SYSTEM, top, kin_of(top)).of(Kind.TASK)[1].taken is Taken.NO
    say_taken_up(actor, Kind.TASK, lao.pk, below.pk, None)
    assert Entry.objects.filter(action="plan.coverage_said").count() == 3
    with pytest.raises(Refused):
        say_taken_up(place.actor(place.tam), Kind.TASK, lao.pk, below.pk, True)


def test_only_items_of_a_plan_and_of_one_right_below_it_are_paired(place, family):
    top, _province, health, _other = family
    far = Task.objects.create(plan=health, position=0, text="Lắp biển.")
    with pytest.raises(ValidationError, match="trên dưới"):
        say_taken_up(SYSTEM, Kind.TASK, top.tasks.first().pk, far.pk, True)
    with pytest.raises(ValidationError, match="Không còn mục"):
        say_taken_up(SYSTEM, Kind.TASK, top.tasks.first().pk, 0, True)


def test_the_page_of_coverage_and_its_buttons(client, place, family):
    top, province, *_ = family
    client.force_login(place.bao)
    page = f"/ke-hoach/{top.pk}/do-phu/"
    assert "1 chỉ tiêu thấp hơn cấp trên" in text_of(client.get(page))
    shown = text_of(client.get(f"{page}?con={province.pk}"))
    assert "thấp hơn chỉ tiêu của cấp trên" in shown
    assert "cùng nói:" in shown
    assert "Không nêu" in shown
    pair = {"tren": top.tasks.first().pk, "duoi": province.tasks.get().pk}
    values = {"con": province.pk, "loai": "task", "y-kien": "khong", **pair}
    answer = client.post(f"{page}doi-chieu/", values, follow=True)
    assert "cán bộ bác bỏ" in text_of(answer)
    assert client.post(f"{page}doi-chieu/", values | {"y-kien": "x"}).status_code == 404
    assert "Chưa có kế hoạch nào ngay dưới" in text_of(client.get(f"/ke-hoach/{family[2].pk}/do-phu/"))


def test_the_comparison_as_a_workbook_holds_no_formula(client, place, family):
    _top, province, *_ = family
    Task.objects.filter(plan=province).update(text="=1+1 lắp biển")
    client.force_login(place.bao)
    answer = client.get(f"/ke-hoach/{province.pk}/do-phu.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["Đối chiếu", "Kế hoạch cấp dưới", "Kế hoạch riêng"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert any(cell.value == "=1+1 lắp biển" for cell in cells)


def test_the_pages_cost_the_same_number_of_queries_however_many_plans_there_are(
    client, place, family, django_assert_max_num_queries
):
    _top, province, *_ = family
    for number in range(20, 40):
        below = make_plan(place.area, f"{number}/KH-X", "KẾ HOẠCH I. A", "7/KH-UBND", on=date(2025, 3, 1), issuer="Sở")
        Task.objects.create(plan=below, position=0, text="Lắp biển cảnh báo.")
    client.force_login(place.bao)
    for page, most in (("gia-dinh", 24), ("do-phu", 20), ("ke-hoach-rieng", 22)):
        client.get(f"/ke-hoach/{province.pk}/{page}/")
        with django_assert_max_num_queries(most):
            assert client.get(f"/ke-hoach/{province.pk}/{page}/").status_code == 200


# own plans


def owing(plan: Plan):
    return owing_of(plan, kin_of(plan), asks_of(plan), clock.today())


def test_who_owes_a_plan_of_its_own_and_what_became_of_it(place, family):
    _top, province, health, _other = family
    told = {row.agency: (row.state, row.last_day, row.late, row.plan) for row in owing(province).rows}
    assert told == {
        place.health: (OwnState.IMPORTED, date(2025, 3, 14), True, health),
        place.justice: (OwnState.OVERDUE, date(2025, 3, 14), False, None),
    }
    assert next(row for row in owing(province).rows if row.agency == place.justice).days == 118


def test_a_plan_that_is_not_imported_is_said_by_its_number(place, family):
    _top, province, *_ = family
    say_issued(place.actor(place.bao), province, place.justice, "4/KH-STP", date(2025, 3, 12))
    row = next(row for row in owing(province).rows if row.agency == place.justice)
    assert (row.state, row.late, row.words) == (OwnState.SAID, False, "đã ban hành 4/KH-STP ngày 12/3/2025")


@pytest.mark.parametrize(
    ("number", "on", "field"),
    [("", date(2025, 3, 1), "number"), ("x" * 61, date(2025, 3, 1), "number"), ("4/KH", None, "issued_on"),
     ("4/KH", date(2025, 7, 11), "issued_on"), ("4/KH", date(2025, 2, 9), "issued_on")],
)  # fmt: skip
def test_a_wrong_number_or_day_is_refused_at_its_field(place, family, number, on, field):
    with pytest.raises(ValidationError) as caught:
        say_issued(SYSTEM, family[1], place.justice, number, on)
    assert field in caught.value.message_dict


def test_who_owes_none_says_none_and_others_are_refused(place, family):
    with pytest.raises(ValidationError, match="không yêu cầu"):
        say_issued(SYSTEM, family[1], place.police, "4/KH", date(2025, 3, 1))
    with pytest.raises(Refused):
        say_issued(place.actor(place.ha), family[1], place.justice, "4/KH", date(2025, 3, 1))


def test_a_clause_is_kept_corrected_dropped_and_taken_back(place, family):
    _top, province, *_ = family
    actor = place.actor(place.bao)
    (ask,) = asks_of(province)
    assert (ask.kept, ask.addressee) == (False, "Công an tỉnh")
    keep_ask(actor, province, ask.key, phrases=["Sở Tư pháp"], addressee="Công an tỉnh", last_day=date(2025, 4, 1))
    (ask,) = asks_of(province)
    assert (ask.kept, ask.phrases, ask.last_day) == (True, ("Sở Tư pháp",), date(2025, 4, 1))
    assert [row.agency for row in owing(province).rows] == [place.justice]
    drop_ask(actor, province, ask.key)
    assert owing(province).rows == ()
    take_back_ask(actor, province, province.own_plan_asks.get().pk)
    assert len(owing(province).rows) == 2
    assert Entry.objects.filter(action__startswith="plan.own_plans").count() == 3


def test_a_person_adds_a_clause_that_the_reader_missed(place, family):
    top, *_ = family
    keep_ask(SYSTEM, top, "", phrases=["Bộ Y tế"], addressee="", last_day=None)
    (ask,) = asks_of(top)
    assert (ask.phrases, ask.span) == (("Bộ Y tế",), None)
    drop_ask(SYSTEM, top, ask.key)
    assert asks_of(top) == []


def test_only_the_standing_consolidator_says_who_is_asked(place, family):
    for user in (place.ha, place.lam, place.tam):
        with pytest.raises(Refused):
            keep_ask(place.actor(user), family[1], "", phrases=["Sở Y tế"], addressee="", last_day=None)
    with pytest.raises(ValidationError, match="Ghi cơ quan"):
        keep_ask(SYSTEM, family[1], "", phrases=[" "], addressee="", last_day=None)
    with pytest.raises(ValidationError, match="Không còn đoạn"):
        keep_ask(SYSTEM, family[1], "999", phrases=["Sở Y tế"], addressee="", last_day=None)


def test_the_page_of_own_plans(client, place, family):
    _top, province, *_ = family
    page = f"/ke-hoach/{province.pk}/ke-hoach-rieng/"
    client.force_login(place.bao)
    shown = text_of(client.get(page))
    assert "Sở Tư pháp tỉnh Bến Sương" in shown
    assert "Quá hạn 118 ngày" in shown
    assert "máy đọc, chưa ai xem" in shown
    assert "Ghi đã ban hành" in shown
    answer = client.post(f"{page}{place.justice.pk}/", {"number": "4/KH-STP", "issued_on": "12/3/2025"}, follow=True)
    assert "Đã ghi kế hoạch của Sở Tư pháp" in text_of(answer)
    wrong = client.post(f"{page}{place.justice.pk}/", {"number": "", "issued_on": "31/2/2025"})
    assert wrong.status_code == 422
    assert client.post(f"{page}{place.police.pk}/", {}).status_code == 404
    (ask,) = asks_of(province)
    kept = {"doan": ask.key, "phrases": "Sở Tư pháp", "addressee": "", "last_day": "1/4/2025"}
    assert "Đã ghi nhận." in text_of(client.post(f"{page}doan/", kept, follow=True))
    assert client.post(f"{page}doan/", kept | {"phrases": ""}).status_code == 422
    assert "Đã bỏ đoạn này." in text_of(client.post(f"{page}doan/", {"doan": ask.key, "viec": "bo"}, follow=True))
    row = province.own_plan_asks.get()
    assert "Đã lấy lại" in text_of(client.post(f"{page}doan/", {"doan": row.pk, "viec": "lay-lai"}, follow=True))
    assert client.post(f"{page}doan/", {"doan": row.pk, "viec": "lay-lai"}).status_code == 404
    client.force_login(place.ha)
    assert "Xem và ghi nhận" not in text_of(client.get(page))
    assert client.post(f"{page}doan/", kept).status_code == 403


def test_a_commune_below_a_district_owes_it_too(place, family):
    district = make_area("X11", "Huyện Cồn Cỏ", "district", place.area)
    Agency.objects.create(
        code="X11.ubnd-huyen",
        name="Ủy ban nhân dân huyện Cồn Cỏ",
        function="government",
        level="district",
        area=district,
    )
    plan = make_plan(
        place.area,
        "30/KH-UBND",
        ASKS.replace("Sở Y tế, Sở Tư pháp", "UBND các huyện, thị xã, thành phố"),
        issuer="UBND tỉnh",
    )
    made = make_plan(district, "3/KH-UBND", "KẾ HOẠCH I. A", "30/KH-UBND", on=date(2025, 3, 10), issuer="UBND huyện")
    (row,) = owing(plan).rows
    assert (row.agency.area, row.state, row.plan) == (district, OwnState.IMPORTED, made)
