"""The frame of every page: coming in, going out, the theme, and pages that cannot be shown."""

from __future__ import annotations

import json
import re

import pytest
from django.core.cache import cache
from django.template.loader import render_to_string
from django.test import Client

from haidang.accounts.models import User

PASSWORD = "ngon-hai-dang-2025"


@pytest.fixture
def officer(db):
    cache.clear()
    user = User(username="bao.mau", display_name="Trần Quốc Bảo (mẫu)")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def signed_in(officer, client):
    client.force_login(officer)
    return client


def test_whoever_is_not_signed_in_is_sent_to_the_sign_in_page(client, db):
    answer = client.get("/ke-hoach/")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/accounts/login/?next=/ke-hoach/"


def test_signing_in_leads_to_the_page_asked_for_without_a_foreign_message(client, officer):
    answer = client.post("/accounts/login/", {"login": "bao.mau", "password": PASSWORD, "next": "/"}, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain == [("/", 302)]
    assert "Trần Quốc Bảo (mẫu)" in page
    assert "Successfully" not in page


def test_a_wrong_password_says_what_to_do_and_not_whether_the_account_exists(client, officer):
    wrong = client.post("/accounts/login/", {"login": "bao.mau", "password": "sai"}).content.decode()
    nobody = client.post("/accounts/login/", {"login": "khong.co", "password": "sai"}).content.decode()
    for page in (wrong, nobody):
        assert "Tài khoản hoặc mật khẩu chưa đúng." in page
    assert 'role="alert"' in wrong


def test_five_wrong_passwords_lock_the_account_for_a_while(client, officer):
    for _ in range(5):
        client.post("/accounts/login/", {"login": "bao.mau", "password": "sai"})
    page = client.post("/accounts/login/", {"login": "bao.mau", "password": PASSWORD}).content.decode()
    assert "tạm khoá 15 phút" in page
    assert "Thử lại sau" in page


def test_a_closed_account_does_not_come_in(client, officer):
    User.objects.update(is_active=False)
    page = client.post("/accounts/login/", {"login": "bao.mau", "password": PASSWORD}).content.decode()
    assert "Tài khoản hoặc mật khẩu chưa đúng" in page
    assert client.get("/").status_code == 302
    assert "Quản trị của đơn vị mở lại được" in client.get("/accounts/inactive/").content.decode()


def test_signing_out_is_asked_for_and_then_done_by_post(signed_in):
    assert "Đăng xuất khỏi Hải Đăng?" in signed_in.get("/accounts/logout/").content.decode()
    assert signed_in.post("/accounts/logout/").headers["Location"] == "/accounts/login/"
    assert signed_in.get("/").status_code == 302


def test_demo_accounts_are_listed_in_the_demo_only(client, db, settings, tmp_path):
    (tmp_path / "demo.json").write_text(
        json.dumps({"password": PASSWORD, "accounts": [{"username": "ha.mau", "roles": ["cán bộ nhập liệu"]}]}), "utf-8"
    )
    settings.VAR = tmp_path
    settings.DEMO = True
    page = client.get("/accounts/login/").content.decode()
    assert "ha.mau" in page
    assert PASSWORD in page
    settings.DEMO = False
    assert "ha.mau" not in client.get("/accounts/login/").content.decode()


def test_the_theme_is_kept_in_a_cookie_and_written_by_the_server(signed_in):
    answer = signed_in.post("/giao-dien/", {"theme": "dark", "next": "/giao-dien-nao/"})
    assert answer.headers["Location"] == "/giao-dien-nao/"
    assert '<html lang="vi" data-theme="dark">' in signed_in.get("/").content.decode()
    signed_in.post("/giao-dien/", {"theme": ""})
    assert '<html lang="vi">' in signed_in.get("/").content.decode()


@pytest.mark.parametrize("target", ["https://ke-xau.example/", "//ke-xau.example/", "javascript:alert(1)"])
def test_the_theme_switch_never_leads_to_another_site(signed_in, target):
    assert signed_in.post("/giao-dien/", {"theme": "dark", "next": target}).headers["Location"] == "/"


def test_the_shell_is_whole_without_inline_style_or_script(signed_in):
    answer = signed_in.get("/")
    page = answer.content.decode()
    assert 'aria-current="page">Việc của tôi</a>' in page
    assert "Tới nội dung chính" in page
    assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", page)
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style", page)
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


def test_an_unknown_address_explains_itself(signed_in):
    answer = signed_in.get("/khong-co-trang-nay/")
    assert answer.status_code == 404
    assert "Không có trang này" in answer.content.decode()


def test_a_form_without_its_token_explains_itself(officer):
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/accounts/login/", {"login": "bao.mau", "password": PASSWORD})
    assert answer.status_code == 403
    assert "Tải lại trang rồi gửi lại" in answer.content.decode()


def test_the_page_for_a_failure_needs_nothing_but_itself(db):
    page = render_to_string("500.html")
    assert "Số đã lưu vẫn còn" in page


def test_a_refusal_gives_its_reason(rf, db):
    page = render_to_string("web/refused.html", {"reason": "Biểu này của cơ quan khác."}, request=rf.get("/"))
    assert "Biểu này của cơ quan khác." in page


def test_the_log_of_a_refusal_names_the_page_and_nothing_of_what_was_sent(client, django_user_model, db, caplog):
    client.force_login(django_user_model.objects.create_user("nguoi.la", password=PASSWORD))
    with caplog.at_level("INFO", logger="haidang.web"):
        assert client.get("/nguoi-dung/").status_code == 403
    assert re.fullmatch(r"refused: user \d+, people:\w+", caplog.messages[0])


@pytest.mark.parametrize("address", ["signup", "password/reset", "password/change", "email", "reauthenticate"])
def test_nobody_signs_up_or_resets_a_password_alone(client: Client, address: str) -> None:
    assert client.get(f"/accounts/{address}/").status_code == 404
