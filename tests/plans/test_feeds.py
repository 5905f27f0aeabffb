"""Calendar feeds: a secret address for a seat; who may make and end it, and when it works no more."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.core.cache import cache

from haidang.accounts.actors import Refused, Role
from haidang.agencies.models import Membership
from haidang.audit.models import Entry
from haidang.kernel import clock
from haidang.plans.feeds import end_key, feeds_of, holder_of, make_key, seat_for
from haidang.plans.models import FeedKey, PlanState
from haidang.web.work import calendar
from tests.plans.conftest import make_person

TODAY = date(2025, 6, 20)


@pytest.fixture(autouse=True)
def that_day(settings, tmp_path):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    with clock.fixed_at(TODAY):
        yield


@pytest.fixture
def led(place, draft):
    """A task that the police lead until 30/6/2025, in a plan that is followed."""
    draft.state = PlanState.ACCEPTED
    draft.save()
    task = draft.tasks.get(position=0)
    task.assignments.get(role="lead").agencies.add(place.police)
    return task


def key_for(place) -> str:
    actor = place.actor(place.bao)
    return make_key(actor, feeds_of(actor)[0].membership)


def unfolded(answer) -> list[str]:
    return answer.content.decode().replace("\r\n ", "").split("\r\n")


def test_whoever_has_the_address_reads_without_signing_in(client, place, led):
    answer = client.get(f"/ics/{key_for(place)}.ics")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" not in answer["Cache-Control"]
    lines = unfolded(answer)
    assert "DTSTART;VALUE=DATE:20250630" in lines
    assert any(line.startswith("SUMMARY:Hạn: Tuyên truyền tại các bến tàu") for line in lines)
    assert "X-WR-CALNAME:Việc của Công an tỉnh Bến Sương" in lines


def test_the_feed_keeps_to_rfc_5545(client, place, led):
    raw = client.get(f"/ics/{key_for(place)}.ics").content
    assert raw.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75
    lines = unfolded(client.get(f"/ics/{key_for(place)}.ics"))
    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") > 0
    for required in ("UID:", "DTSTAMP:", "DTSTART;VALUE=DATE:"):
        assert sum(line.startswith(required) for line in lines) == lines.count("BEGIN:VEVENT")
    uids = [line for line in lines if line.startswith("UID:")]
    assert len(set(uids)) == len(uids)


def test_it_says_nothing_of_the_person(client, place, led):
    text = client.get(f"/ics/{key_for(place)}.ics").content.decode()
    assert "Bao" not in text
    assert "bao" not in text.casefold().replace("báo", "")


def test_a_new_address_ends_the_one_before_and_both_steps_are_audited(client, place):
    first, second = key_for(place), key_for(place)
    assert client.get(f"/ics/{first}.ics").status_code == 404
    assert client.get(f"/ics/{second}.ics").status_code == 200
    actions = list(Entry.objects.filter(action__startswith="calendar.").order_by("pk").values_list("action", flat=True))
    assert actions == ["calendar.key_made", "calendar.key_renewed"]
    assert not any(key in str(entry.__dict__) for entry in Entry.objects.all() for key in (first, second))


def test_only_the_hash_of_a_key_is_kept(place):
    key = key_for(place)
    row = FeedKey.objects.get(ended_at=None)
    assert key not in row.digest
    assert len(row.digest) == 64


def test_ending_it_is_at_once(client, place):
    key = key_for(place)
    actor = place.actor(place.bao)
    assert end_key(actor, feeds_of(actor)[0].membership)
    assert client.get(f"/ics/{key}.ics").status_code == 404
    assert not end_key(actor, feeds_of(actor)[0].membership)


def test_it_ends_with_the_membership_and_with_the_account(client, place):
    key = key_for(place)
    Membership.objects.filter(user=place.bao).update(valid_to=TODAY - timedelta(days=1))
    assert holder_of(key) is None
    Membership.objects.filter(user=place.bao).update(valid_to=None)
    assert holder_of(key) is not None
    place.bao.is_active = False
    place.bao.save()
    assert client.get(f"/ics/{key}.ics").status_code == 404


def test_it_reads_one_seat_and_not_the_others_of_the_person(place):
    Membership.objects.create(user=place.bao, agency=place.health, role=Role.CLERK.value)
    holder = holder_of(key_for(place))
    assert holder is not None
    assert holder.agency_ids == {place.police.pk}
    assert holder.user_id is None


@pytest.mark.parametrize("key", ["", "khong-co", "x" * 500, "a/../b"])
def test_a_key_that_nobody_has_opens_nothing(place, key):
    assert holder_of(key) is None


def test_nobody_makes_or_ends_the_feed_of_another(place, client):
    seat = feeds_of(place.actor(place.bao))[0].membership
    for act in (make_key, end_key):
        with pytest.raises(Refused):
            act(place.actor(place.lam), seat)
    assert seat_for(place.actor(place.lam), seat.pk) is None
    client.force_login(place.lam)
    assert client.post(f"/lich/{seat.pk}/tao/").status_code == 404
    assert client.post(f"/lich/{seat.pk}/thu-hoi/").status_code == 404
    assert not FeedKey.objects.exists()


def test_the_page_shows_an_address_once_and_ends_it(client, place):
    client.force_login(place.bao)
    seat = feeds_of(place.actor(place.bao))[0].membership
    made = client.post(f"/lich/{seat.pk}/tao/")
    address = re.search(r"http://testserver(/ics/[^\"]+)", made.content.decode())[1]
    assert made["Cache-Control"] == "no-store"
    assert address not in client.get("/lich/").content.decode()
    client.logout()
    assert client.get(address).status_code == 200
    client.force_login(place.bao)
    assert "Đã thu hồi" in client.post(f"/lich/{seat.pk}/thu-hoi/", follow=True).content.decode()
    assert client.get(address).status_code == 404


def test_without_a_seat_there_is_nothing_to_subscribe_to(client, place):
    client.force_login(place.nobody)
    assert "chưa được giao cho cơ quan nào" in client.get("/lich/").content.decode()
    assert feeds_of(calendar.Actor(user_id=None, name="")) == []


def test_too_many_reads_of_one_feed_wait_an_hour(client, place, monkeypatch):
    monkeypatch.setattr(calendar, "MOST_READS", 2)
    address = f"/ics/{key_for(place)}.ics"
    assert [client.get(address).status_code for _ in range(3)] == [200, 200, 429]
    assert client.get(address)["Retry-After"] == "3600"


def test_who_tries_keys_is_stopped(client, place, monkeypatch):
    monkeypatch.setattr(calendar, "MOST_MISSES", 3)
    assert [client.get(f"/ics/thu-{n}.ics").status_code for n in range(4)] == [404, 404, 404, 429]


def test_two_people_of_one_agency_have_an_address_each(place):
    other = make_person("Vinh", place.police, Role.CLERK)
    first = key_for(place)
    actor = place.actor(other)
    assert holder_of(make_key(actor, feeds_of(actor)[0].membership)) is not None
    assert holder_of(first) is not None
