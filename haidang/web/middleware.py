"""Every request carries its actor; a page is closed unless it says that it is open; a refusal explains itself."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from haidang.accounts.actors import NOBODY, Refused
from haidang.agencies.queries import actor_for
from haidang.kernel import clock

OPEN_PREFIXES = ("/accounts/", "/static/", "/ics/")
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

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A refusal by a policy becomes a 403 page with the policy's reason."""
        if not isinstance(exception, Refused):
            return None
        match = request.resolver_match
        log.info("refused: user %s, %s", getattr(request.user, "pk", None), match.view_name if match else "no view")
        return render(request, "web/refused.html", {"reason": str(exception)}, status=403)
