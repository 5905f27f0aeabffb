"""Whoever was given a password by somebody else chooses their own before anything else."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from haidang.web.middleware import OPEN_PREFIXES


class OwnPasswordFirst:
    """Sends such a person to "Đổi mật khẩu" from every page but that one, the choice of theme and signing out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or send to the change page."""
        if getattr(request.user, "must_change_password", False) and not self._is_open(request.path):
            return HttpResponseRedirect(reverse("people:password"))
        return self.get_response(request)

    @staticmethod
    def _is_open(path: str) -> bool:
        return path.startswith((*OPEN_PREFIXES, reverse("people:password"), reverse("work:theme")))
