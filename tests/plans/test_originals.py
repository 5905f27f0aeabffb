"""The file that a plan was imported from is kept as it came in, and goes to whoever sees the plan, on record."""

from __future__ import annotations

from pathlib import Path

import pytest

from haidang.audit.models import Entry
from haidang.plans import originals
from haidang.plans.actions import discard_plan, import_plan
from haidang.plans.models import Plan

SAMPLE = (Path(__file__).resolve().parents[2] / "samples" / "plans" / "2-ke-hoach-nam-2025.txt").read_bytes()


@pytest.fixture
def plan(place):
    return import_plan(place.actor(place.bao), place.area, "kế hoạch 2025.txt", SAMPLE)


def test_the_file_comes_back_as_it_was_under_its_name_and_never_opens_in_the_browser(client, place, plan):
    client.force_login(place.bao)
    assert f'href="/ke-hoach/{plan.pk}/van-ban-goc/"' in client.get(f"/ke-hoach/{plan.pk}/ra-soat/").content.decode()
    answer = client.get(f"/ke-hoach/{plan.pk}/van-ban-goc/")
    assert b"".join(answer.streaming_content) == SAMPLE
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "k%E1%BA%BF%20ho%E1%BA%A1ch%202025.txt" in answer.headers["Content-Disposition"]
    entry = Entry.objects.get(action="plan.original_opened")
    assert entry.details["sha256"] == plan.file_sha256


def test_whoever_may_not_see_the_plan_gets_no_file_and_a_clerk_only_once_it_is_accepted(client, place, plan):
    for person in (place.ha, place.tam, place.nobody):
        client.force_login(person)
        assert client.get(f"/ke-hoach/{plan.pk}/van-ban-goc/").status_code in {403, 404}
    Plan.objects.filter(pk=plan.pk).update(state="accepted")
    client.force_login(place.ha)
    assert client.get(f"/ke-hoach/{plan.pk}/van-ban-goc/").status_code == 200
    assert "Văn bản gốc" in client.get(f"/ke-hoach/{plan.pk}/").content.decode()


def test_a_plan_imported_before_files_were_kept_offers_none(client, place, draft):
    client.force_login(place.bao)
    assert "van-ban-goc" not in client.get(f"/ke-hoach/{draft.pk}/ra-soat/").content.decode()
    assert client.get(f"/ke-hoach/{draft.pk}/van-ban-goc/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_discarded_draft_takes_its_file_along_unless_another_plan_has_it(place):
    plan = import_plan(place.actor(place.bao), place.area, "a.txt", SAMPLE)
    other = import_plan(place.actor(place.tam), place.next_door, "b.txt", SAMPLE)
    assert len([path for path in originals.folder().rglob("*") if path.is_file()]) == 1
    discard_plan(place.actor(place.bao), plan)
    assert originals.is_kept(other)
    discard_plan(place.actor(place.tam), other)
    assert not originals.is_kept(other)
