"""Pages of a whole simulated province cost as many queries for three quarters as for one, at the centre too."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from haidang.accounts.models import User
from haidang.agencies.queries import actor_for
from haidang.demo.simulate import simulate
from haidang.filings.models import Cycle, Obligation
from haidang.filings.queries import coverage
from haidang.kernel import clock
from haidang.kernel.clock import VIET_NAM

TODAY = datetime(2025, 6, 30, 9, tzinfo=VIET_NAM)
BOARD = "/bao-cao/don-doc/"
PAGES = (
    "/", "/bao-cao/", "/bao-cao/?trang-thai=qua-han", "/bao-cao/?trang-thai=dung-han", BOARD, f"{BOARD}?loc=tre",
    "/so-lieu/", "/ke-hoach/",
)  # fmt: skip
OF_THE_CENTRE = (*PAGES, f"{BOARD}?cap=province", f"{BOARD}?cap=commune&loc=tre")
MOST = 20  # of any of them


def _queries(quarters: int) -> tuple[int, dict[str, int]]:
    """How much is owed, and what each page costs; nothing of it stays."""
    with clock.fixed_at(TODAY), transaction.atomic():
        made = simulate(quarters, lambda line: None, province="04", forms=("B1",))
        user, of_the_centre = (User.objects.get(username=made.accounts[at]) for at in (0, -1))
        client = _signed_in(user)
        told = {page: _cost(client, page) for page in PAGES}
        told["filing"] = _cost(client, f"/bao-cao/{Obligation.objects.latest('pk').pk}/")
        client = _signed_in(of_the_centre)
        told |= {f"centre {page}": _cost(client, page) for page in OF_THE_CENTRE}
        cycle = Cycle.objects.order_by("due_on").first()
        assert cycle is not None
        actor = actor_for(user, clock.today())
        with CaptureQueriesContext(connection) as asked:
            coverage(actor, cycle, clock.today())
        told["coverage"] = len(asked)
        owed = Obligation.objects.count()
        transaction.set_rollback(True)
    return owed, told


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _cost(client: Client, page: str) -> int:
    assert client.get(page).status_code == 200
    with CaptureQueriesContext(connection) as asked:
        assert client.get(page).status_code == 200
    return len(asked)


@pytest.mark.django_db
def test_queries_do_not_grow_with_what_a_province_owes() -> None:
    little, few = _queries(1)
    much, more = _queries(3)
    assert much > 2.9 * little > 300
    # What waits, or was dissolved, is asked for by two queries more where there is any, however many there are.
    assert {page: (few[page], more[page]) for page in few if more[page] > few[page] + 2} == {}
    assert {page: cost for page, cost in more.items() if cost > MOST} == {}
    assert min(more.values()) >= 1
