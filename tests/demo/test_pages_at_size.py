"""Pages of a whole simulated province cost as many queries for three quarters as for one."""

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
PAGES = ("/", "/bao-cao/", "/bao-cao/don-doc/", "/so-lieu/", "/ke-hoach/")
MOST = 20  # of any of them


def _queries(quarters: int) -> tuple[int, dict[str, int]]:
    """How much is owed, and what each page costs; nothing of it stays."""
    with clock.fixed_at(TODAY), transaction.atomic():
        made = simulate(quarters, lambda line: None, province="04", forms=("B1",))
        user = User.objects.get(username=made.accounts[0])
        client = Client()
        client.force_login(user)
        told = {page: _cost(client, page) for page in PAGES}
        cycle = Cycle.objects.order_by("due_on").first()
        assert cycle is not None
        actor = actor_for(user, clock.today())
        with CaptureQueriesContext(connection) as asked:
            coverage(actor, cycle, clock.today())
        told["coverage"] = len(asked)
        owed = Obligation.objects.count()
        transaction.set_rollback(True)
    return owed, told


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
    # What waits, or was dissolved, is asked for by one query more where there is any, however many there are.
    assert all(more[page] <= few[page] + 1 for page in few)
    assert max(more.values()) <= MOST
    assert min(more.values()) >= 1
