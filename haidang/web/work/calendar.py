"""What an agency still owes as a calendar (.ics): for the person who is signed in, and as a feed to subscribe to."""

from __future__ import annotations

from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST, require_safe

from haidang.accounts.actors import Actor
from haidang.filings.queries import my_obligations
from haidang.kernel import clock
from haidang.office.calendar_feed import Event, calendar_text
from haidang.plans.board import my_tasks
from haidang.plans.feeds import LONGEST_KEY, end_key, feeds_of, holder_of, make_key, seat_for
from haidang.web.work.buckets import Entry, entry_of, task_entries

HOUR = 3600
MOST_READS = 60  # of one feed in an hour; calendars ask a few times a day
MOST_MISSES = 30  # of keys that nobody has, from one address in an hour


@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """What my agency still owes, each report and each task it leads on its last day, as a file."""
    actor = request.actor  # type: ignore[attr-defined]
    answer = _answer(request, actor)
    answer["Content-Disposition"] = 'attachment; filename="viec-cua-toi.ics"'
    return answer


@require_safe
def feed(request: HttpRequest, key: str) -> HttpResponse:
    """The same for whoever holds the address of a feed, without signing in; 404 for a key that works no more."""
    address = request.META.get("REMOTE_ADDR", "")
    if _over(f"lich-sai-{address}", MOST_MISSES, count=False) or _over(f"lich-{key[:LONGEST_KEY]}", MOST_READS):
        return HttpResponse("Hỏi quá nhiều lần. Thử lại sau một giờ.", status=429, headers={"Retry-After": str(HOUR)})
    actor = holder_of(key)
    if actor is None:
        _over(f"lich-sai-{address}", MOST_MISSES)
        raise Http404
    answer = _answer(request, actor)
    answer["Cache-Control"] = f"private, max-age={HOUR}"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _over(name: str, most: int, *, count: bool = True) -> bool:
    """Whether something happened more often than it may in this hour; it is counted unless only asked."""
    if not count:
        return int(cache.get(name, 0)) >= most
    cache.add(name, 0, HOUR)
    try:
        return cache.incr(name) > most
    except ValueError:  # it ended between the two
        return False


def _answer(request: HttpRequest, actor: Actor) -> HttpResponse:
    name = f"Việc của {actor.agency_name}" if actor.agency_name else "Việc của tôi"
    text = calendar_text(name, [_event(request, entry) for entry in entries_left(actor)], clock.now())
    return HttpResponse(text, content_type="text/calendar; charset=utf-8")


def entries_left(actor: Actor) -> list[Entry]:
    """What the actor's agencies still have to do: reports and the tasks they lead."""
    today = clock.today()
    entries = [entry_of(actor, owed, today) for owed in my_obligations(actor, today)]
    entries += task_entries(my_tasks(actor, today), today)
    return [entry for entry in entries if not entry.done]


def _event(request: HttpRequest, entry: Entry) -> Event:
    """One entry on its last day; its identity is its address, and its turn where it comes round."""
    place = "-".join(part for part in (*entry.address.partition("?")[0].split("/"), entry.turn) if part)
    return Event(
        uid=f"{place}@{request.get_host()}",
        on=entry.last_day,
        summary=f"Hạn: {entry.title}"[:250],
        description=entry.why,
        url=request.build_absolute_uri(entry.address),
    )


@require_GET
def feeds(request: HttpRequest) -> HttpResponse:
    """The actor's seats with their feeds."""
    actor = request.actor  # type: ignore[attr-defined]
    return render(request, "web/work/feeds.html", {"feeds": feeds_of(actor)})


@require_POST
def feed_make(request: HttpRequest, membership_pk: int) -> HttpResponse:
    """A fresh address for a seat, shown here and never again; the one before works no more."""
    actor = request.actor  # type: ignore[attr-defined]
    membership = seat_for(actor, membership_pk)
    if membership is None:
        raise Http404
    address = request.build_absolute_uri(reverse("work:feed", args=[make_key(actor, membership)]))
    messages.success(request, f"Đã tạo địa chỉ lịch của {membership.agency.name}. Sao chép ngay: chỉ hiện một lần.")
    fresh = {"seat": membership.pk, "address": address}
    answer = render(request, "web/work/feeds.html", {"feeds": feeds_of(actor), "fresh": fresh})
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
def feed_end(request: HttpRequest, membership_pk: int) -> HttpResponse:
    """End the feed of a seat."""
    actor = request.actor  # type: ignore[attr-defined]
    membership = seat_for(actor, membership_pk)
    if membership is None:
        raise Http404
    if end_key(actor, membership):
        messages.success(request, f"Đã thu hồi địa chỉ lịch của {membership.agency.name}.")
    return redirect("work:feeds")
