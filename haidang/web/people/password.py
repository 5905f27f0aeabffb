"""Everybody changes their own password here."""

from __future__ import annotations

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from haidang.accounts.actions import change_own_password
from haidang.accounts.rules import AccountProblem

LEAST = 12
TOO_MANY = "Đã thử nhiều lần trong một phút. Đợi một phút rồi thử lại."


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    """Ask for the present password and the new one twice; other devices of the person are signed out."""
    problem: AccountProblem | None = None
    if request.method == "POST":
        try:
            _change(request)
        except AccountProblem as found:
            problem = found
        else:
            update_session_auth_hash(request, request.user)  # type: ignore[arg-type]
            messages.success(request, "Đã đổi mật khẩu. Các máy khác đang dùng tài khoản này phải đăng nhập lại.")
            return HttpResponseRedirect(reverse("work:home"))
    page = {"forced": request.user.must_change_password, "problem": problem, "least": LEAST}  # type: ignore[union-attr]
    return render(request, "people/password.html", page, status=422 if problem else 200)


def _change(request: HttpRequest) -> None:
    """Change it as typed, five tries a minute: an unattended machine must not serve to guess the present password."""
    if not ratelimit.consume(request, action="change_password", user=request.user):
        raise AccountProblem("current", TOO_MANY)
    typed = (request.POST.get(name, "") for name in ("current", "password", "again"))
    change_own_password(request.actor, request.user, *typed)  # type: ignore[attr-defined,arg-type]
