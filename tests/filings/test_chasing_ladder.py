"""Taking back what was sent, opening again what was accepted, and what has changed since."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from haidang.accounts.actors import Refused
from haidang.audit.models import Entry
from haidang.catalogue.forms import form
from haidang.filings import actions, queries
from haidang.filings.chasing import chosen as chasing
from haidang.filings.models import FilingState, Ruling, Version
from haidang.kernel import clock

from .conftest import Cast, filled


@pytest.fixture
def ready(cast: Cast) -> Any:
    """The health department's filing of B5, entered whole, not yet sent."""
    return actions.report_nil(cast.lan, cast.filing(cast.cycle(), cast.health), "B5", 0).filing


def test_a_version_nobody_ruled_on_is_taken_back_and_stays_in_the_history(cast: Cast, ready: Any) -> None:
    version = actions.submit(cast.minh, ready)
    ruling = actions.withdraw(cast.lan, version, "Gửi nhầm số quý trước.")
    ready.refresh_from_db()
    assert (ready.state, ready.received_at, ready.nil) == (FilingState.DRAFT, None, False)
    assert (ruling.outcome, ruling.comment) == ("withdrawn", "Gửi nhầm số quý trước.")
    assert Version.objects.filter(filing=ready).count() == 1
    assert queries.filings_awaiting(cast.ha) == []
    assert Entry.objects.filter(action="filings.withdrawn", actor="Lan").count() == 1


def test_what_was_taken_back_can_be_sent_again_as_it_is(cast: Cast, ready: Any) -> None:
    actions.withdraw(cast.lan, actions.submit(cast.minh, ready), "Gửi nhầm kỳ.")
    again = actions.submit(cast.minh, ready)
    assert again.number == 2
    assert actions.accept(cast.ha, again).outcome == "accepted"


def test_taking_back_the_correction_leaves_the_accepted_version_in_force(cast: Cast, ready: Any) -> None:
    with clock.fixed_at(date(2025, 3, 10)):
        actions.accept(cast.ha, actions.submit(cast.minh, ready))
    actions.correct(cast.minh, ready)
    correction = actions.submit(cast.minh, ready, "Cộng thiếu.", "12/SYT")
    actions.withdraw(cast.minh, correction, "Còn sót một số.")
    ready.refresh_from_db()
    assert (ready.state, ready.received_at.date()) == (FilingState.DRAFT, date(2025, 3, 10))


@pytest.mark.parametrize("words", ["", "   ", "x" * 501])
def test_taking_back_needs_a_reason_of_reasonable_length(cast: Cast, ready: Any, words: str) -> None:
    version = actions.submit(cast.minh, ready)
    with pytest.raises(Refused, match=r"[Ll]ý do"):
        actions.withdraw(cast.lan, version, words)
    assert not Ruling.objects.exists()


def test_what_was_ruled_on_is_not_taken_back(cast: Cast, ready: Any) -> None:
    version = actions.submit(cast.minh, ready)
    actions.accept(cast.ha, version)
    with pytest.raises(Refused, match="Chỉ rút lại được bản đã gửi và đang chờ kiểm tra"):
        actions.withdraw(cast.lan, version, "Nhầm.")


def test_what_was_taken_back_is_not_accepted(cast: Cast, ready: Any) -> None:
    version = actions.submit(cast.minh, ready)
    actions.withdraw(cast.lan, version, "Nhầm.")
    with pytest.raises(Refused, match="đang nhập"):
        actions.accept(cast.ha, version)


def test_only_the_agency_itself_takes_back(cast: Cast, ready: Any) -> None:
    version = actions.submit(cast.minh, ready)
    for actor in (cast.ha, cast.stranger):
        with pytest.raises(Refused, match="chỉ người của cơ quan đó"):
            actions.withdraw(actor, version, "Nhầm.")


def test_the_standing_agency_opens_an_accepted_filing_again_with_its_reason(cast: Cast, ready: Any) -> None:
    actions.accept(cast.ha, actions.submit(cast.minh, ready))
    actions.reopen(cast.ha, ready, "Số nạn nhân khác sổ theo dõi.")
    ready.refresh_from_db()
    since = chasing.since_acceptance(ready)
    assert ready.state == FilingState.DRAFT
    assert since is not None
    assert (since.number, since.changes, since.reason) == (1, [], "Số nạn nhân khác sổ theo dõi.")
    assert Entry.objects.get(action="filings.reopened").details["version"] == 1


def test_opening_again_is_the_consolidator_s_with_a_reason_and_only_of_what_was_accepted(
    cast: Cast, ready: Any
) -> None:
    version = actions.submit(cast.minh, ready)
    with pytest.raises(Refused, match="Chỉ mở lại được báo cáo đã tiếp nhận"):
        actions.reopen(cast.ha, ready, "Sai.")
    actions.accept(cast.ha, version)
    with pytest.raises(Refused, match="phải kèm lý do"):
        actions.reopen(cast.ha, ready, " ")
    for actor in (cast.lan, cast.minh, cast.stranger):
        with pytest.raises(Refused, match="Chỉ cán bộ tổng hợp của cơ quan thường trực mở lại"):
            actions.reopen(actor, ready, "Sai.")


def test_what_changed_since_acceptance_is_counted_cell_by_cell(cast: Cast, django_assert_num_queries: Any) -> None:
    cycle = cast.cycle(forms=("B1",))
    filing = cast.filing(cycle, cast.police)
    actions.save_cells(cast.son, filing, filled("B1"), 0)
    assert chasing.since_acceptance(filing) is None
    actions.accept(cast.ha, actions.submit(cast.son, filing))
    assert chasing.changed_counts(cast.ha, [cycle]) == {}
    filing = actions.correct(cast.son, filing)
    actions.save_cells(cast.son, filing, {"B1.d150.c11": 3}, 1)
    filing.refresh_from_db()
    since = chasing.since_acceptance(filing)
    assert since is not None
    changed = {change.code for change in since.changes}
    assert {code for code in changed if not form("B1").is_computed(code.removeprefix("B1."))} == {"B1.d150.c11"}
    assert "B1.t.c11" in changed, "totals that follow from it are counted too"
    with django_assert_num_queries(1):
        assert chasing.changed_counts(cast.ha, [cycle]) == {filing.obligation_id: len(changed)}
    assert chasing.changed_counts(cast.ha, [cycle], [cast.health.pk]) == {}
    assert chasing.changed_counts(cast.stranger, [cycle]) == {}
