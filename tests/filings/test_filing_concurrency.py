"""Several people at the same moment, on real threads and a real database: nothing lost, nothing doubled."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections

from haidang.accounts.actors import SYSTEM, Refused
from haidang.audit.models import Entry
from haidang.audit.queries import first_broken_entry
from haidang.filings.actions import (
    accept,
    correct,
    reopen,
    report_nil,
    return_,
    save_cells,
    submit,
    waive,
    withdraw,
)
from haidang.filings.actions.chasing import extend_all, waive_all
from haidang.filings.actions.escalating import escalate_all
from haidang.filings.chasing.chosen import chosen_obligations
from haidang.filings.models import Edit, Filing, FilingState, Obligation, Reminder, Reopening, Ruling, Version
from haidang.kernel import clock

from .conftest import Cast, build_cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture
def committed(transactional_db: None) -> Cast:
    """The cast in a database that threads share; on SQLite a test database in memory cannot be shared."""
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: the whole suite is run on it a second time")
    return build_cast()


def at_once(jobs: list[Callable[[], Any]]) -> list[Any]:
    """What each job gave, or the exception it raised, when all start together."""
    gate = Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> Any:
        gate.wait()
        try:
            return job()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_a_filing_submitted_by_many_at_once_has_one_version(committed: Cast) -> None:
    filing = committed.filing(committed.cycle(), committed.health)
    report_nil(committed.lan, filing, "B5", 0)
    results = at_once([lambda: submit(committed.minh, filing)] * 8)
    assert {version.pk for version in results} == {Version.objects.get().pk}


def test_many_filings_submitted_at_once_are_all_there_once_in_an_unbroken_trail(committed: Cast) -> None:
    filings = []
    for number in range(8):
        filing = committed.filing(committed.cycle(f"Kỳ {number}", ("B5",)), committed.health)
        report_nil(SYSTEM, filing, "B5", 0)
        filings.append(filing)
    results = at_once([lambda filing=filing: submit(committed.minh, filing) for filing in filings])  # type: ignore[misc]
    assert [type(result) for result in results] == [Version] * 8
    assert Filing.objects.filter(state=FilingState.SUBMITTED).count() == 8
    assert first_broken_entry() is None


def test_cells_saved_at_once_by_several_people_are_all_kept(committed: Cast) -> None:
    filing = committed.filing(committed.cycle(forms=("B1",)), committed.police)
    codes = [f"B1.d150.c{number}" for number in (1, 3, 4, 5, 7, 8)]
    at_once([lambda code=code: save_cells(committed.son, filing, {code: 1}, 0) for code in codes])  # type: ignore[misc]
    filing.refresh_from_db()
    assert {code: filing.cells.get(code) for code in codes} == dict.fromkeys(codes, 1)
    assert list(Edit.objects.values_list("revision", flat=True)) == [1, 2, 3, 4, 5, 6]


def test_of_two_rulings_at_once_one_holds(committed: Cast) -> None:
    filing = committed.filing(committed.cycle(), committed.health)
    report_nil(committed.lan, filing, "B5", 0)
    version = submit(committed.minh, filing)
    results = at_once([lambda: accept(committed.ha, version), lambda: return_(committed.ha, version, "Xem lại.")])
    assert sorted(type(result).__name__ for result in results) == [Refused.__name__, Ruling.__name__]
    assert Ruling.objects.count() == 1


def test_an_acceptance_asked_for_by_many_clicks_at_once_is_one(committed: Cast) -> None:
    filing = committed.filing(committed.cycle(), committed.health)
    report_nil(committed.lan, filing, "B5", 0)
    version = submit(committed.minh, filing)
    results = at_once([lambda: accept(committed.ha, version)] * 6)
    assert {ruling.pk for ruling in results} == {Ruling.objects.get().pk}
    assert Entry.objects.filter(action="filings.accepted").count() == 1


def test_of_taking_back_and_accepting_at_once_one_holds(committed: Cast) -> None:
    filing = committed.filing(committed.cycle(), committed.health)
    report_nil(committed.lan, filing, "B5", 0)
    version = submit(committed.minh, filing)
    results = at_once([lambda: accept(committed.ha, version), lambda: withdraw(committed.lan, version, "Nhầm.")])
    assert sorted(type(result).__name__ for result in results) == [Refused.__name__, Ruling.__name__]
    state = {"accepted": FilingState.ACCEPTED, "withdrawn": FilingState.DRAFT}[Ruling.objects.get().outcome]
    assert Filing.objects.get(pk=filing.pk).state == state


def test_what_is_sent_and_waived_at_once_is_one_or_the_other(committed: Cast) -> None:
    for number in range(6):
        filing = committed.filing(committed.cycle(f"Kỳ {number}", ("B5",)), committed.health)
        report_nil(SYSTEM, filing, "B5", 0)
        results = at_once(
            [
                lambda filing=filing: submit(committed.minh, filing),  # type: ignore[misc]
                lambda filing=filing: waive(committed.ha, filing.obligation, "Không có."),  # type: ignore[misc]
            ]
        )
        kinds = {type(result) for result in results}
        assert kinds in ({Version, Refused}, {Refused, Obligation}), kinds
        row = Filing.objects.select_related("obligation").get(pk=filing.pk)
        assert (row.received_at is None) == bool(row.obligation.waived_reason)


def test_what_is_corrected_and_opened_from_above_at_once_is_opened_once(committed: Cast) -> None:
    filing = committed.filing(committed.cycle(), committed.health)
    report_nil(committed.lan, filing, "B5", 0)
    accept(committed.ha, submit(committed.minh, filing))
    results = at_once([lambda: correct(committed.minh, filing)] * 3 + [lambda: reopen(committed.ha, filing, "Sai.")])
    assert Entry.objects.filter(action__in=("filings.correcting", "filings.reopened")).count() == 1
    assert Filing.objects.get(pk=filing.pk).state == FilingState.DRAFT
    assert Reopening.objects.exists() == isinstance(results[-1], Filing)
    assert first_broken_entry() is None


def test_cycles_opened_twice_at_once_are_opened_once(committed: Cast) -> None:
    results = at_once([committed.cycle] * 3)
    assert sorted(type(result).__name__ for result in results) == ["Cycle", "Refused", "Refused"]


def test_those_above_are_told_once_by_many_clicks_of_several_people_at_once(committed: Cast) -> None:
    owed = committed.filing(committed.cycle(), committed.health).obligation
    at = clock.now() - timedelta(days=9)
    Reminder.objects.create(obligation=owed, kind="message", words="Gửi sớm.", sent_at=at)
    chosen = chosen_obligations(committed.ha, [owed.pk], clock.today())
    tell = [
        lambda who=who: escalate_all(who, chosen, committed.police, "Đề nghị chỉ đạo.", "https://x.invalid")  # type: ignore[misc]
        for who in (committed.ha, committed.son) * 3
    ]
    results = at_once(tell)
    assert sorted((one.obligations, one.repeated) for one in results) == [(0, 1)] * 5 + [(1, 0)]
    assert Reminder.objects.filter(kind="escalation").count() == 1
    assert Entry.objects.filter(action="filings.escalated").count() == 1
    assert first_broken_entry() is None


def test_many_given_time_or_waived_at_once_never_block_those_who_send(committed: Cast) -> None:
    """What is held is held before anything is written in the trail, which one writer holds to the end of its step."""
    filings = []
    for number in range(12):
        filing = committed.filing(committed.cycle(f"Kỳ {number}", ("B5",)), committed.health)
        report_nil(SYSTEM, filing, "B5", 0)
        filings.append(filing)
    ids = [filing.obligation_id for filing in filings]
    rows = chosen_obligations(committed.ha, ids, date(2025, 1, 1))
    jobs: list[Callable[[], Any]] = [lambda: extend_all(committed.ha, rows, date(2090, 1, 1), "Mưa lũ.")]
    jobs += [lambda: waive_all(committed.ha, list(reversed(rows)), "Không có.")]
    jobs += [lambda filing=filing: submit(committed.minh, filing) for filing in filings]  # type: ignore[misc]
    told = at_once(jobs)
    assert all(isinstance(one, int | Version | Refused) for one in told), told
    assert first_broken_entry() is None
