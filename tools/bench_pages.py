"""Server time of the main pages, and the facts rebuild, on the database of this process."""

from __future__ import annotations

import json
import shutil
from typing import Any

from bench_timing import Figure, in_turns
from django.conf import settings
from django.test import Client

from haidang.accounts.actors import SYSTEM
from haidang.accounts.models import User
from haidang.filings.models import Filing, Version
from haidang.reviews.models import Review
from haidang.statistics.actions import rebuild_facts

TIMES = 20
PAGES = {
    "/": "Việc của tôi",
    "/ke-hoach/": "Kế hoạch",
    "/bao-cao/": "Báo cáo, biểu mẫu",
    "/bao-cao/don-doc/": "Đôn đốc",
    "/so-lieu/": "Số liệu",
    "/tong-ket/": "Tổng kết",
}


def figures(username: str, where: str) -> list[Figure]:
    """Each page, signed in as this person, against the sign-in page: the shell with hardly anything in it."""
    client, stranger = Client(HTTP_HOST="127.0.0.1"), Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(username=username))
    pages = dict(PAGES)
    longest = Filing.objects.filter(revision__gt=0).order_by("-revision", "pk").first()
    if longest is not None:
        pages[f"/bao-cao/{longest.obligation_id}/"] = "one filing in its grid"
    if (review := Review.objects.first()) is not None:
        pages[f"/tong-ket/{review.pk}/"] = "one review"
    return [_page(client, stranger, address, f"{where}: {words}") for address, words in pages.items()]


def _page(client: Client, stranger: Client, address: str, what: str) -> Figure:
    def ours() -> None:
        answer = client.get(address, follow=True)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"

    mine, shell = in_turns(ours, lambda: stranger.get("/accounts/login/"), times=TIMES)
    return Figure(what, mine, "the sign-in page", shell, aim_ms=150)


def rebuild(where: str) -> Figure:
    """Deriving all facts anew, against reading the accepted versions' cells alone."""
    accepted = Version.objects.filter(ruling__outcome="accepted")
    count = 0

    def theirs() -> None:
        for cells in accepted.values_list("cells", flat=True).iterator(chunk_size=500):
            held: dict[str, Any] = cells if isinstance(cells, dict) else json.loads(cells)
            assert held is not None

    def ours() -> None:
        nonlocal count
        # Nothing to take over: every province is derived anew.
        shutil.rmtree(settings.FACTS, ignore_errors=True)
        count = rebuild_facts(SYSTEM).facts

    mine, reading = in_turns(ours, theirs, times=1)
    what = f"{where}: facts rebuild, {count:,} facts of {accepted.count():,} versions"
    return Figure(what, mine, "reading the versions' cells from the database, nothing more", reading)
