"""Everybody changes their own password here."""

from __future__ import annotations

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


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    """Ask for the present password and the new one twice; other devices of the person are signed out."""
    problem: AccountProblem | None = None
    if request.method == "POST":
        typed = (request.POST.get(name, "") for name in ("current", "password", "again"))
        try:
            change_own_password(request.actor, request.user, *typed)  # type: ignore[attr-defined,arg-type]
        except AccountProblem as found:
            problem = found
        else:
            update_session_auth_hash(request, request.user)  # type: ignore[arg-type]
            messages.success(request, "Đã đổi mật khẩu. Các máy khác đang dùng tài khoản này phải đăng nhập lại.")
            return HttpResponseRedirect(reverse("work:home"))
    page = {"forced": request.user.must_change_password, "problem": problem, "least": LEAST}  # type: ignore[union-attr]
    return render(request, "people/password.html", page, status=422 if problem else 200)
