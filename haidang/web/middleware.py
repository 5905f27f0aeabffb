"""Every request carries its actor; a page is closed unless it says that it is open; a refusal explains itself.

Whoever opens the address of a button, by a bookmark or after signing in again, is led to the page that has the button.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import Resolver404, resolve

from haidang.accounts.actors import NOBODY, Refused
from haidang.agencies.queries import actor_for
from haidang.kernel import clock

OPEN_PREFIXES = ("/accounts/", "/static/", "/ics/")
LARGEST_KEY = 2**63 - 1
# Nobody is led to these: opening them fetches a file.
NO_PAGES = {"filings:file"}
LED_BACK = "Địa chỉ vừa mở chỉ nhận lệnh từ nút trên trang, nên chưa có gì được ghi. Dùng nút trên trang này."
log = logging.getLogger("haidang.web")


class ActorMiddleware:
    """Sets `request.actor`; whoever is not signed in is sent to sign in first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Find the actor, or send the visitor to sign in."""
        user = request.user
        if isinstance(user, AnonymousUser):
            request.actor = NOBODY  # type: ignore[attr-defined]
            if not request.path.startswith(OPEN_PREFIXES):
                return redirect_to_login(request.get_full_path())
        else:
            request.actor = actor_for(user, clock.today())  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: dict[str, object]) -> None:
        """A number in an address that no row can have is not found, and text that no database takes is refused."""
        if any(isinstance(value, int) and value > LARGEST_KEY for value in kwargs.values()):
            raise Http404("no row has this number")
        if any("\0" in text for sent in (request.GET, request.POST) for _, texts in sent.lists() for text in texts):
            raise BadRequest("a character without meaning in what was sent")

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A refusal by a policy becomes a 403 page with the policy's reason."""
        if not isinstance(exception, Refused):
            return None
        match = request.resolver_match
        log.info("refused: user %s, %s", getattr(request.user, "pk", None), match.view_name if match else "no view")
        return render(request, "web/refused.html", {"reason": str(exception)}, status=403)


class LeadBackMiddleware:
    """A person who opens an address that only takes what is posted is led to the nearest page above it.

    Scripts and programs, which do not ask for a page, get the plain 405.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, or lead back."""
        response = self.get_response(request)
        asks_for_page = request.method in ("GET", "HEAD") and "text/html" in request.headers.get("Accept", "")
        if response.status_code != 405 or not asks_for_page:
            return response
        if LED_BACK not in _told(request):
            messages.info(request, LED_BACK)
        return HttpResponseRedirect(_page_above(request.path))


def _told(request: HttpRequest) -> list[str]:
    """What is already to be said on the next page; looking does not use it up."""
    waiting = messages.get_messages(request)
    told = [str(one) for one in waiting]
    if not isinstance(waiting, list):
        waiting.used = False
    return told


def _page_above(path: str) -> str:
    """The nearest address above this one that there is; it may lead further up itself."""
    while path != "/":
        path = path.rstrip("/").rpartition("/")[0] + "/"
        try:
            match = resolve(path)
        except Resolver404:
            continue
        if match.view_name not in NO_PAGES:
            return path
    return path
