"""Accounts administration through the browser: who sees whom, what is refused, passwords shown once, the journal."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from haidang.accounts.actors import SYSTEM, Role
from haidang.accounts.models import User
from haidang.agencies.actions import appoint, end_membership
from haidang.agencies.models import Agency, Area, Membership
from haidang.audit.actions import record
from haidang.audit.models import Entry
from haidang.kernel import clock

pytestmark = pytest.mark.django_db
PASSWORD = "mật khẩu thử nghiệm"
SINCE = date(2025, 1, 1)


@dataclass
class Office:
    """Two provinces; in the first the police stand for the committee, over the health department and a commune."""

    police: Agency
    health: Agency
    commune: Agency
    elsewhere: Agency
    users: dict[str, User] = field(default_factory=dict)

    def add(self, name: str, agency: Agency, *roles: Role) -> User:
        self.users[name] = User.objects.create_user(name, password=PASSWORD, display_name=f"{name} (mẫu)")
        for role in roles:
            appoint(SYSTEM, self.users[name], agency, role, valid_from=SINCE)
        return self.users[name]


def agency(code: str, name: str, area: Area, *, standing: bool = False) -> Agency:
    return Agency.objects.create(
        code=code, name=name, function="police", level=area.level, area=area, standing=standing
    )  # fmt: skip


@pytest.fixture
def office() -> Office:
    cache.clear()
    province = Area.objects.create(code="99", name="Tỉnh Một", kind="tỉnh", level="province", path="99")
    commune = Area.objects.create(
        code="99001", name="Xã Hai", kind="xã", level="commune", path="99/99001", parent=province
    )
    other = Area.objects.create(code="98", name="Tỉnh Khác", kind="tỉnh", level="province", path="98")
    office = Office(
        police=agency("99.ca", "Công an tỉnh Một", province, standing=True),
        health=agency("99.yt", "Sở Y tế tỉnh Một", province),
        commune=agency("99001.ub", "Ủy ban nhân dân xã Hai", commune),
        elsewhere=agency("98.ca", "Công an tỉnh Khác", other, standing=True),
    )
    office.add("chief", office.police, Role.ADMINISTRATOR)
    office.add("keeper", office.health, Role.ADMINISTRATOR)
    office.add("clerk", office.health, Role.CLERK)
    office.add("leader", office.health, Role.LEADER)
    office.add("villager", office.commune, Role.CLERK)
    office.add("stranger", office.elsewhere, Role.CLERK, Role.ADMINISTRATOR)
    return office


@pytest.fixture
def sign_in(office: Office) -> Callable[[str], Client]:
    def client_of(name: str) -> Client:
        client = Client()
        client.force_login(office.users[name])
        return client

    return client_of


SignIn = Callable[[str], Client]


def shown(response: Any) -> str:
    """The page's words within its main part."""
    return html.unescape(response.content.decode().partition("<main")[2])


def page_of(office: Office, name: str, kind: str = "person", *more: int) -> str:
    return reverse(f"people:{kind}", args=[office.users[name].pk, *more])


def password_on(response: Any) -> str:
    found = re.search(r"<dt>Mật khẩu</dt><dd><code>([^<]+)</code>", response.content.decode())
    assert found
    return found[1]


def seat_of(office: Office, name: str, role: Role) -> Membership:
    return Membership.objects.get(user=office.users[name], role=role.value)


# ---- who sees whom --------------------------------------------------------------------------------------------------


def test_an_agencys_administrator_sees_its_own_people_only(office: Office, sign_in: SignIn) -> None:
    page = shown(sign_in("keeper").get("/nguoi-dung/"))
    assert "clerk (mẫu)" in page
    assert "leader (mẫu)" in page
    for name in ("chief", "villager", "stranger"):
        assert f"{name} (mẫu)" not in page


def test_a_standing_agencys_administrator_sees_its_area_and_below(office: Office, sign_in: SignIn) -> None:
    page = shown(sign_in("chief").get("/nguoi-dung/"))
    for name in ("chief", "keeper", "clerk", "leader", "villager"):
        assert f"{name} (mẫu)" in page
    assert "stranger (mẫu)" not in page


@pytest.mark.parametrize("name", ["clerk", "leader"])
def test_others_are_told_who_can_help(office: Office, sign_in: SignIn, name: str) -> None:
    client = sign_in(name)
    for address in ("/nguoi-dung/", "/nguoi-dung/them/", page_of(office, "clerk")):
        response = client.get(address)
        assert response.status_code == 403
        assert "đề nghị quản trị của đơn vị" in response.content.decode()
    assert "Người dùng</a>" not in client.get("/").content.decode()


@pytest.mark.parametrize("kind", ["person", "give", "reset", "close", "reopen"])
def test_people_out_of_reach_are_not_there(office: Office, sign_in: SignIn, kind: str) -> None:
    before = User.objects.get(username="stranger").password
    client = sign_in("chief")
    response = (
        client.get(page_of(office, "stranger")) if kind == "person" else client.post(page_of(office, "stranger", kind))
    )
    assert response.status_code == 404
    assert User.objects.get(username="stranger").password == before
    assert User.objects.get(username="stranger").is_active


def test_the_menu_offers_the_pages_to_those_who_may(office: Office, sign_in: SignIn) -> None:
    assert 'href="/nguoi-dung/">Người dùng</a>' in sign_in("keeper").get("/").content.decode()
    assert 'href="/nguoi-dung/nhat-ky/">Nhật ký</a>' in sign_in("leader").get("/").content.decode()
    plain = sign_in("clerk").get("/").content.decode()
    assert "Nhật ký</a>" not in plain
    assert "Đổi mật khẩu</a>" in plain


def test_people_are_found_without_diacritics(office: Office, sign_in: SignIn) -> None:
    User.objects.filter(username="clerk").update(display_name="Đỗ Thị Ánh (mẫu)")
    page = shown(sign_in("keeper").get("/nguoi-dung/?tim=do+thi"))
    assert "Đỗ Thị Ánh" in page
    assert "leader (mẫu)" not in page
    assert "Không thấy ai khớp" in shown(sign_in("keeper").get("/nguoi-dung/?tim=zzz"))


def test_fifty_to_a_page_and_no_more_queries_for_more_people(
    office: Office, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    for number in range(60):
        office.add(f"p{number:02d}", office.health, Role.CLERK)
    client = sign_in("keeper")
    with django_assert_max_num_queries(9):
        page = client.get("/nguoi-dung/").content.decode()
    assert page.count('<th scope="row">') == 50
    assert "Trang 1 / 2" in page
    assert client.get("/nguoi-dung/?trang=2").content.decode().count('<th scope="row">') == 13
    assert client.get("/nguoi-dung/?trang=chín").status_code == 200


# ---- adding a person ------------------------------------------------------------------------------------------------


def new(office: Office, **changed: Any) -> dict[str, Any]:
    return {
        "account": "Lan.Moi", "name": " Lan  Mới (mẫu)", "agency": office.health.pk, "roles": ["clerk", "approver"],
    } | changed  # fmt: skip


def test_a_person_is_added_with_a_password_shown_once_and_changed_first(office: Office, sign_in: SignIn) -> None:
    response = sign_in("keeper").post("/nguoi-dung/them/", new(office))
    password = password_on(response)
    assert response["Cache-Control"].startswith("max-age=0")
    user = User.objects.get(username="lan.moi")
    assert user.display_name == "Lan Mới (mẫu)"
    assert {row.role for row in user.memberships.all()} == {"clerk", "approver"}
    assert password not in sign_in("keeper").get(reverse("people:person", args=[user.pk])).content.decode()

    client = Client()
    assert client.login(username="lan.moi", password=password)
    for address in ("/", "/ke-hoach/", "/nguoi-dung/"):
        assert client.get(address).headers["Location"] == "/nguoi-dung/mat-khau/"
    assert "Mật khẩu này do quản trị cấp" in shown(client.get("/nguoi-dung/mat-khau/"))
    changed = {"current": password, "password": "ngon hải đăng cũ", "again": "ngon hải đăng cũ"}
    assert client.post("/nguoi-dung/mat-khau/", changed).headers["Location"] == "/"
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"account": "CLERK"}, "Đã có tài khoản clerk"),
        ({"account": "lan mới"}, "chỉ gồm chữ không dấu"),
        ({"account": ""}, "Ghi tên tài khoản."),
        ({"name": ""}, "Ghi họ và tên."),
        ({"roles": []}, "Chọn ít nhất một vai trò."),
        ({"roles": ["boss"]}, "Vai trò này không có"),
        ({"agency": "999999"}, "Cơ quan này không có trong danh sách"),
    ],
)
def test_a_wrong_entry_adds_nobody(office: Office, sign_in: SignIn, changed: dict[str, Any], sentence: str) -> None:
    before = User.objects.count()
    response = sign_in("keeper").post("/nguoi-dung/them/", new(office, **changed))
    assert response.status_code == 422
    assert sentence in shown(response)
    assert User.objects.count() == before


def test_nobody_is_added_at_an_agency_out_of_reach(office: Office, sign_in: SignIn) -> None:
    for name, target in (("keeper", office.police), ("chief", office.elsewhere)):
        response = sign_in(name).post("/nguoi-dung/them/", new(office, agency=target.pk))
        assert response.status_code == 422
        assert target.name not in shown(response)
    assert not User.objects.filter(username="lan.moi").exists()


def test_the_standing_agency_adds_people_of_a_commune(office: Office, sign_in: SignIn) -> None:
    client = sign_in("chief")
    place = office.commune.area_id
    page = shown(client.get(f"/nguoi-dung/them/?dia-ban={place}"))
    assert "Ủy ban nhân dân xã Hai</option>" in page
    assert "Sở Y tế tỉnh Một</option>" not in page
    response = client.post(f"/nguoi-dung/them/?dia-ban={place}", new(office, agency=office.commune.pk))
    assert password_on(response)
    assert "Tỉnh Khác" not in page


# ---- roles ----------------------------------------------------------------------------------------------------------


def test_a_role_is_given_for_a_time_and_ended(office: Office, sign_in: SignIn) -> None:
    client = sign_in("keeper")
    given = {"agency": office.health.pk, "role": "approver", "valid_from": "1/3/2025", "valid_to": "31/12/2099"}
    assert client.post(page_of(office, "clerk", "give"), given).status_code == 302
    row = seat_of(office, "clerk", Role.APPROVER)
    assert (row.valid_from, row.valid_to) == (date(2025, 3, 1), date(2099, 12, 31))
    client.post(page_of(office, "clerk", "end", row.pk), {"last_day": "30/6/2025"})
    row.refresh_from_db()
    assert row.valid_to == date(2025, 6, 30)
    assert "1 vai trò đã kết thúc" in shown(client.get(page_of(office, "clerk")))
    assert [entry.action for entry in Entry.objects.filter(actor_id=office.users["keeper"].pk)] == [
        "agencies.membership.given", "agencies.membership.ended",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"valid_from": ""}, "Ghi ngày bắt đầu."),
        ({"valid_from": "31/6/2025"}, "Không có ngày 31/6/2025"),
        ({"valid_to": "1/1/2024"}, "Ngày cuối của vai trò trước ngày bắt đầu"),
        ({"role": "clerk"}, "đã giữ vai trò này"),
        ({"role": "boss"}, "Vai trò này không có"),
    ],
)
def test_a_wrong_role_gives_nothing(office: Office, sign_in: SignIn, changed: dict[str, Any], sentence: str) -> None:
    before = Membership.objects.count()
    given = {"agency": office.health.pk, "role": "approver", "valid_from": "1/3/2025", "valid_to": ""} | changed
    response = sign_in("keeper").post(page_of(office, "clerk", "give"), given)
    assert response.status_code == 422
    assert sentence in shown(response)
    assert Membership.objects.count() == before


def test_no_role_is_given_at_an_agency_out_of_reach(office: Office, sign_in: SignIn) -> None:
    given = {"agency": office.police.pk, "role": "administrator", "valid_from": "1/3/2025"}
    assert sign_in("keeper").post(page_of(office, "keeper", "give"), given).status_code == 422
    assert not Membership.objects.filter(user=office.users["keeper"], agency=office.police).exists()


def test_no_administrator_gives_up_their_own_last_seat(office: Office, sign_in: SignIn) -> None:
    own = seat_of(office, "keeper", Role.ADMINISTRATOR)
    client = sign_in("keeper")
    refusal = client.post(page_of(office, "keeper", "end", own.pk), {"last_day": "30/6/2099"})
    assert refusal.status_code == 403
    assert "vai trò quản trị cuối cùng của chính bạn" in refusal.content.decode()
    own.refresh_from_db()
    assert own.valid_to is None
    assert sign_in("chief").post(page_of(office, "keeper", "end", own.pk), {"last_day": "30/6/2025"}).status_code == 302
    assert client.get("/nguoi-dung/").status_code == 403


def test_a_seat_out_of_reach_is_neither_shown_nor_ended(office: Office, sign_in: SignIn) -> None:
    appoint(SYSTEM, office.users["clerk"], office.elsewhere, Role.LEADER, valid_from=SINCE)
    foreign = seat_of(office, "clerk", Role.LEADER)
    client = sign_in("keeper")
    page = shown(client.get(page_of(office, "clerk")))
    assert "Công an tỉnh Khác" not in page
    assert client.post(page_of(office, "clerk", "end", foreign.pk), {"last_day": "1/7/2025"}).status_code == 404
    other_person = seat_of(office, "leader", Role.LEADER)
    assert client.post(page_of(office, "clerk", "end", other_person.pk), {"last_day": "1/7/2025"}).status_code == 404


# ---- accounts -------------------------------------------------------------------------------------------------------


def test_a_reset_password_is_shown_once_and_signs_the_person_out(office: Office, sign_in: SignIn) -> None:
    person = sign_in("clerk")
    response = sign_in("keeper").post(page_of(office, "clerk", "reset"))
    password = password_on(response)
    user = User.objects.get(username="clerk")
    assert user.check_password(password)
    assert user.must_change_password
    assert person.get("/").headers["Location"].startswith("/accounts/login/")
    trail = json.dumps([entry.details for entry in Entry.objects.all()])
    assert Entry.objects.filter(action="accounts.password.reset").count() == 1
    assert password not in trail


def test_two_generated_passwords_differ(office: Office, sign_in: SignIn) -> None:
    client = sign_in("keeper")
    made = {password_on(client.post(page_of(office, "clerk", "reset"))) for _ in range(5)}
    assert len(made) == 5
    assert all(re.fullmatch(r"([a-z2-9]{4}-){3}[a-z2-9]{4}", password) for password in made)


def test_who_also_works_out_of_reach_is_not_taken_over(office: Office, sign_in: SignIn) -> None:
    """Otherwise the health department's administrator could become the police's consolidator by a new password."""
    appoint(SYSTEM, office.users["clerk"], office.police, Role.CONSOLIDATOR, valid_from=SINCE)
    before = User.objects.get(username="clerk").password
    client = sign_in("keeper")
    assert "ngoài phạm vi của bạn" in shown(client.get(page_of(office, "clerk")))
    assert client.post(page_of(office, "clerk", "reset")).status_code == 403
    assert client.post(page_of(office, "clerk", "close")).status_code == 403
    given = {"agency": office.health.pk, "role": "approver", "valid_from": "1/3/2025"}
    assert client.post(page_of(office, "clerk", "give"), given).status_code == 403
    user = User.objects.get(username="clerk")
    assert (user.password, user.is_active) == (before, True)
    assert sign_in("chief").post(page_of(office, "clerk", "reset")).status_code == 200


def test_when_every_seat_has_ended_those_who_gave_them_still_look_after_the_account(
    office: Office, sign_in: SignIn
) -> None:
    end_membership(SYSTEM, seat_of(office, "clerk", Role.CLERK), clock.today() - timedelta(days=1))
    client = sign_in("keeper")
    assert "không còn vai trò nào" in shown(client.get("/nguoi-dung/"))
    assert client.post(page_of(office, "clerk", "close")).status_code == 302
    assert not User.objects.get(username="clerk").is_active


def test_a_seat_that_ended_elsewhere_no_longer_counts(office: Office, sign_in: SignIn) -> None:
    appoint(SYSTEM, office.users["clerk"], office.police, Role.CLERK, valid_from=SINCE, valid_to=date(2025, 6, 30))
    assert sign_in("keeper").post(page_of(office, "clerk", "reset")).status_code == 200


def test_a_closed_account_is_out_at_once_and_comes_back(office: Office, sign_in: SignIn) -> None:
    person, client = sign_in("clerk"), sign_in("keeper")
    page = client.post(page_of(office, "clerk", "close"), follow=True)
    assert "Đã đóng tài khoản clerk" in shown(page)
    assert person.get("/").headers["Location"].startswith("/accounts/login/")
    assert not Client().login(username="clerk", password=PASSWORD)
    assert "đã đóng từ trước" in shown(client.post(page_of(office, "clerk", "close"), follow=True))
    client.post(page_of(office, "clerk", "reopen"))
    assert Client().login(username="clerk", password=PASSWORD)
    assert [entry.action for entry in Entry.objects.filter(subject_type="accounts.user")] == [
        "accounts.account.closed", "accounts.account.reopened",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["reset", "close"])
def test_nobody_resets_or_closes_their_own_account(office: Office, sign_in: SignIn, kind: str) -> None:
    response = sign_in("keeper").post(page_of(office, "keeper", kind))
    assert response.status_code == 403
    assert "tài khoản của chính bạn" in response.content.decode()
    assert User.objects.get(username="keeper").is_active


# ---- one's own password ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("current", "fresh", "again", "sentence"),
    [
        ("sai", "ngon hải đăng cũ", "ngon hải đăng cũ", "Mật khẩu đang dùng chưa đúng"),
        (PASSWORD, "ngon hải đăng cũ", "ngon hải đăng", "chưa giống nhau"),
        (PASSWORD, "ngắn", "ngắn", "ít nhất 12 ký tự"),
        (PASSWORD, "q1w2e3r4t5y6", "q1w2e3r4t5y6", "dễ đoán"),
        (PASSWORD, PASSWORD, PASSWORD, "phải khác mật khẩu đang dùng"),
        (PASSWORD, "x" * 300, "x" * 300, "dài quá 256 ký tự"),
    ],
)
def test_a_password_that_will_not_do_changes_nothing(
    office: Office, sign_in: SignIn, current: str, fresh: str, again: str, sentence: str
) -> None:
    response = sign_in("clerk").post(
        "/nguoi-dung/mat-khau/", {"current": current, "password": fresh, "again": again}
    )  # fmt: skip
    assert response.status_code == 422
    assert sentence in shown(response)
    assert User.objects.get(username="clerk").check_password(PASSWORD)


def test_changing_ones_password_keeps_this_session_and_ends_the_others(office: Office, sign_in: SignIn) -> None:
    here, there = sign_in("clerk"), sign_in("clerk")
    sent = {"current": PASSWORD, "password": "ngon hải đăng cũ", "again": "ngon hải đăng cũ"}
    assert "Đã đổi mật khẩu" in shown(here.post("/nguoi-dung/mat-khau/", sent, follow=True))
    assert there.get("/").status_code == 302
    entry = Entry.objects.get(action="accounts.password.changed")
    assert "ngon hải đăng cũ" not in json.dumps(entry.details, ensure_ascii=False)


def test_the_present_password_is_not_guessed_from_an_open_session(office: Office, sign_in: SignIn) -> None:
    client = sign_in("clerk")
    for _ in range(5):
        client.post("/nguoi-dung/mat-khau/", {"current": "sai", "password": "ngon hải đăng cũ", "again": "x"})
    sent = {"current": PASSWORD, "password": "ngon hải đăng cũ", "again": "ngon hải đăng cũ"}
    assert "Đợi một phút" in shown(client.post("/nguoi-dung/mat-khau/", sent))
    assert User.objects.get(username="clerk").check_password(PASSWORD)


# ---- the journal ----------------------------------------------------------------------------------------------------


def told(office: Office, name: str, where: Agency, action: str = "filings.submitted", **details: Any) -> Entry:
    user = office.users[name]
    return record(action, user, actor_id=user.pk, actor=str(user), agency=where.name, **details)


def test_the_journal_shows_what_the_people_in_reach_did(office: Office, sign_in: SignIn) -> None:
    told(office, "clerk", office.health)
    told(office, "villager", office.commune, "filings.saved")
    told(office, "stranger", office.elsewhere, "plan.accepted")
    own = shown(sign_in("leader").get("/nguoi-dung/nhat-ky/"))
    assert "<b>Gửi báo cáo</b>" in own
    assert "villager (mẫu)" not in own
    whole = shown(sign_in("chief").get("/nguoi-dung/nhat-ky/"))
    assert "<b>Lưu số liệu đang nhập</b>" in whole
    assert "stranger (mẫu)" not in whole
    assert whole.index("villager (mẫu)") < whole.index("clerk (mẫu)"), "newest first"


def test_an_agency_of_the_same_name_elsewhere_stays_hidden(office: Office, sign_in: SignIn) -> None:
    Agency.objects.filter(pk=office.elsewhere.pk).update(name=office.health.name)
    office.elsewhere.refresh_from_db()
    told(office, "stranger", office.elsewhere, "plan.accepted")
    assert "stranger (mẫu)" not in shown(sign_in("chief").get("/nguoi-dung/nhat-ky/"))


def test_what_somebody_did_for_an_agency_out_of_reach_stays_hidden(office: Office, sign_in: SignIn) -> None:
    appoint(SYSTEM, office.users["clerk"], office.elsewhere, Role.CLERK, valid_from=SINCE)
    told(office, "clerk", office.elsewhere, "plan.accepted")
    assert "<b>Chấp nhận kế hoạch</b>" not in shown(sign_in("keeper").get("/nguoi-dung/nhat-ky/"))


def test_the_journal_is_filtered_by_person_action_and_day(office: Office, sign_in: SignIn) -> None:
    with clock.fixed_at(date(2025, 3, 1)):
        told(office, "clerk", office.health, "filings.saved")
    with clock.fixed_at(date(2025, 3, 2)):
        told(office, "leader", office.health, "filings.accepted", comment="đúng mẫu")
    client = sign_in("keeper")

    def found(query: str) -> list[str]:
        page = shown(client.get(f"/nguoi-dung/nhat-ky/?{query}"))
        return [name for name in ("clerk", "leader") if f"<td>{name} (mẫu)" in page]

    assert found("") == ["clerk", "leader"]
    assert found("nguoi=Clerk") == ["clerk"]
    assert found("viec=filings.accepted") == ["leader"]
    assert found("tu=2/3/2025") == ["leader"]
    assert found("den=1/3/2025") == ["clerk"]
    assert found("tu=1/3/2025&den=2/3/2025&nguoi=leader") == ["leader"]
    assert "ý kiến: đúng mẫu" in shown(client.get("/nguoi-dung/nhat-ky/"))


@pytest.mark.parametrize("day", ["31/6/2025", "hôm qua", "1/1/0001", "31/12/9999"])
def test_a_day_that_is_none_is_said_to_be_none(office: Office, sign_in: SignIn, day: str) -> None:
    response = sign_in("keeper").get("/nguoi-dung/nhat-ky/", {"tu": day})
    assert response.status_code == 422
    assert "Chưa lọc được" in shown(response)


def test_an_unknown_action_is_shown_as_it_is_and_escaped(office: Office, sign_in: SignIn) -> None:
    told(office, "clerk", office.health, "later.<b>invented</b>")
    page = sign_in("keeper").get("/nguoi-dung/nhat-ky/").content.decode()
    assert "later.&lt;b&gt;invented" in page


@pytest.mark.parametrize("address", ["/nguoi-dung/nhat-ky/", "/nguoi-dung/nhat-ky/kiem-tra/"])
def test_a_clerk_does_not_read_the_journal(office: Office, sign_in: SignIn, address: str) -> None:
    client = sign_in("clerk")
    response = client.post(address) if "kiem-tra" in address else client.get(address)
    assert response.status_code == 403


def test_the_journal_tells_whether_its_chain_is_whole(office: Office, sign_in: SignIn) -> None:
    client = sign_in("keeper")
    assert "chưa được kiểm tra" in shown(client.get("/nguoi-dung/nhat-ky/"))
    assert "Nhật ký còn nguyên" in shown(client.post("/nguoi-dung/nhat-ky/kiem-tra/", follow=True))
    second = Entry.objects.order_by("pk")[1]
    Entry.objects.filter(pk=second.pk).update(details={})
    page = shown(client.post("/nguoi-dung/nhat-ky/kiem-tra/", follow=True))
    assert f"Dòng {second.pk} không khớp dòng trước" in page


def test_the_journal_takes_the_same_queries_however_long_it_is(
    office: Office, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    for _ in range(60):
        told(office, "clerk", office.health)
    client = sign_in("chief")
    with django_assert_max_num_queries(6):
        page = client.get("/nguoi-dung/nhat-ky/").content.decode()
    assert page.count('<th scope="row"') == 50
