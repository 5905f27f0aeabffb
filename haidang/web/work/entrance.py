"""Coming in and going out: allauth's own views, in our words and on our pages."""

from __future__ import annotations

import json
from typing import Any

from allauth.account.views import LoginView, LogoutView
from django.conf import settings
from django.contrib.messages import get_messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponseBase

PROBLEMS = {
    "too_many_login_attempts": (
        "Sai quá 5 lần nên tài khoản tạm khoá 15 phút. Thử lại sau, hoặc đề nghị quản trị của đơn vị cấp lại mật khẩu."
    ),
    "account_inactive": "Tài khoản đã ngừng dùng. Quản trị của đơn vị mở lại được.",
    "required": "Nhập cả tài khoản và mật khẩu.",
}
MISMATCH = "Tài khoản hoặc mật khẩu chưa đúng. Sai 5 lần trong 15 phút thì tài khoản tạm khoá 15 phút."


def sign_in_problem(form: BaseForm) -> str:
    """What was wrong with a sign-in, in one sentence; empty when the form was not sent or was right."""
    codes = [error.code for errors in form.errors.as_data().values() for error in errors]
    return PROBLEMS.get(codes[0] or "", MISMATCH) if codes else ""


def demo_accounts() -> dict[str, Any]:
    """The demo's `accounts`, and the `password` of all of them: for its own sign-in page only."""
    if not settings.DEMO:
        return {}
    try:
        made = json.loads((settings.VAR / "demo.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return (
        {"accounts": made.get("accounts", []), "password": made.get("password", "")} if isinstance(made, dict) else {}
    )


class Quiet:
    """Drops allauth's own messages ("Successfully signed in …"): the next page shows who is signed in."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer as allauth does, and keep its messages to ourselves."""
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        if request.method == "POST":
            list(get_messages(request))
        return response


class SignIn(Quiet, LoginView):
    """The sign-in page; errors say what to do, never whether the account exists."""

    template_name = "ui/sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Allauth's context with the problem in words and, in the demo, its accounts."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"problem": sign_in_problem(context["form"]), "demo_accounts": demo_accounts()}


class SignOut(Quiet, LogoutView):
    """Asks on GET, signs out on POST."""

    template_name = "ui/sign_out.html"
