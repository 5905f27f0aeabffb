"""Moving the people of dissolved agencies to the ones that took over: first who would go where, then doing it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from haidang.accounts.actors import Actor, Refused
from haidang.agencies.moving import members_left_behind, move_members
from haidang.kernel import clock


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest) -> HttpResponse:
    """Who has a role at an agency that is gone, and where it goes; on POST move them, all or none."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    today = clock.today()
    left = members_left_behind(actor, today)
    if request.method == "POST":
        try:
            done = move_members(actor, today)
        except (Refused, ValueError) as problem:
            messages.error(request, f"Chưa chuyển vai trò nào. {problem}")
        else:
            messages.success(request, f"Đã chuyển {len(done.moved)} vai trò sang cơ quan kế thừa.")
            return HttpResponseRedirect(reverse("people:list"))
    return render(request, "people/moving.html", {"left": left}, status=200 if request.method == "GET" else 422)
