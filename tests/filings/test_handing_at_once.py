"""Handing over while the agency that is gone sends its report after all, on real threads and a real database."""

from __future__ import annotations

from datetime import date

import pytest

from haidang.accounts.actors import SYSTEM
from haidang.agencies.models import AgencyLineage
from haidang.audit.queries import first_broken_entry
from haidang.filings.actions import report_nil, submit
from haidang.filings.actions.handing import HandedOver, hand_over_all
from haidang.filings.models import Obligation, Version

from .conftest import Cast, make_agency
from .test_filing_concurrency import at_once, committed  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.mark.parametrize("again", range(3))
def test_what_is_sent_and_handed_over_at_once_becomes_one_of_both(committed: Cast, again: int) -> None:  # noqa: F811
    old, on = committed.health, date(2025, 4, 1)
    filings = []
    for number in range(6):
        filing = committed.filing(committed.cycle(f"Kỳ {number}", ("B5",)), old)
        report_nil(SYSTEM, filing, "B5", 0)
        filings.append(filing)
    old.valid_to = date(2025, 3, 31)
    old.save()
    heir = make_agency("hm-new", "Sở Y tế (mới)", "health", committed.province, valid_from=on)
    AgencyLineage.objects.create(old=old, new=heir, function="health", on=on, instrument="giả định")
    sending = [lambda filing=filing: submit(SYSTEM, filing) for filing in filings]  # type: ignore[misc]
    *_sent, first, second = at_once([*sending, *[lambda: hand_over_all(SYSTEM, on)] * 2])
    assert isinstance(first, HandedOver) and isinstance(second, HandedOver)
    rows = Obligation.objects.filter(agency=old).select_related("filing")
    sent = {row.pk for row in rows if Version.objects.filter(filing=row.filing)}
    handed = {row.pk for row in rows if row.handed_to_id is not None}
    assert sent.isdisjoint(handed) and sent | handed == {row.pk for row in rows}
    assert Obligation.objects.filter(agency=heir).count() == len(handed) == len(first.handed) + len(second.handed)
    assert first_broken_entry() is None
