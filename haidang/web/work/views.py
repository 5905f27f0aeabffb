"""The first page ("Việc của tôi"), and the choice of theme."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from haidang.accounts.actors import Role
from haidang.filings.queries import first_awaiting, my_obligations
from haidang.kernel import clock
from haidang.plans.board import my_tasks
from haidang.plans.following import extensions_waiting
from haidang.plans.queries import drafts_under_review
from haidang.web.plans.buckets import chosen_bucket
from haidang.web.work.buckets import by_bucket, entry_of, reports_words, shown_buckets, split_by_time, task_entries

THEMES = ("light", "dark")
YEAR = 365 * 24 * 3600
SHOWN_TASKS = 12
SHOWN_ENTRIES = 15
SHOWN_AWAITING = 20


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What my agency owes, reports and tasks, by due date; what waits for my ruling; the tasks it only takes part in.

    `?nhom=` leaves one of the four buckets. The number of queries does not depend on how much is owed.
    """
    actor = request.actor  # type: ignore[attr-defined]
    today = clock.today()
    reports = [entry_of(actor, owed, today) for owed in my_obligations(actor, today)]
    tasks = my_tasks(actor, today)
    led = task_entries(tasks, today)
    others = [row for row in tasks if row.stand is None or row.stand.last_day is None]
    entries = [*reports, *led]
    bucket = chosen_bucket(request.GET.get("nhom", ""))
    every_task = request.GET.get("nhiem-vu") == "tat-ca"
    sections = split_by_time(entries, bucket)
    awaiting_count, awaiting = first_awaiting(actor, SHOWN_AWAITING)
    context = {
        "buckets": shown_buckets(by_bucket(entries), bucket),
        "bucket": bucket,
        "sections": [(*section, None if bucket else SHOWN_ENTRIES) for section in sections],
        "entries": entries,
        "reports_words": reports_words(reports),
        "led_count": len(led),
        "awaiting": awaiting,
        "awaiting_count": awaiting_count,
        "rules": any(seat.standing and seat.role is Role.CONSOLIDATOR for seat in actor.seats),
        "extensions": extensions_waiting(actor),
        "tasks": others if every_task else others[:SHOWN_TASKS],
        "task_count": len(others),
        "drafts": drafts_under_review(actor) if any(seat.standing for seat in actor.seats) else [],
    }
    return render(request, "web/work/home.html", context)


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the chosen theme in a cookie (an empty choice: as the device has it), and go back."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=settings.HTTPS):
        target = "/"
    response = HttpResponseRedirect(target)
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie("theme", chosen, max_age=YEAR, samesite="Lax", secure=settings.HTTPS, httponly=True)
    else:
        response.delete_cookie("theme")
    return response
