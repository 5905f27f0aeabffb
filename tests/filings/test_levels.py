"""How far a report has come, level by level, to whoever looks at it."""

from __future__ import annotations

from typing import Any

import pytest

from haidang.accounts.actors import Role
from haidang.filings import actions
from haidang.filings.levels import Level, levels_of
from haidang.filings.models import Filing, Obligation

from .conftest import Cast, make_actor, make_agency


@pytest.fixture
def commune(cast: Cast) -> Any:
    """The filing of a commune's police, with its clerk."""
    agency = make_agency("hm-st-police", "Công an xã Sơn Trà", "police", cast.commune)
    return cast.filing(cast.cycle(forms=("B1",)), agency), make_actor("xa", agency, Role.CLERK)


def levels(actor: Any, filing: Filing) -> list[Level]:
    rows = Obligation.objects.select_related("agency__area", "cycle", "filing")
    obligation = rows.get(pk=filing.obligation_id)
    obligation.filing.obligation = obligation
    versions = obligation.filing.versions.select_related("ruling__decided_by", "submitted_by").order_by("-number")
    return levels_of(actor, obligation, list(versions))


def test_each_level_says_where_it_stands_and_only_who_may_open_it_learns_by_whom(cast: Cast, commune: Any) -> None:
    filing, clerk = commune
    assert [(one.agency, one.state) for one in levels(clerk, filing)] == [
        ("Công an xã Sơn Trà", "đang nhập"),
        ("Công an tỉnh Hải Minh", "đang nhập"),
    ]
    actions.report_nil(clerk, filing, "B1", 0)
    actions.accept(cast.ha, actions.submit(clerk, Filing.objects.get(pk=filing.pk)))
    above = Filing.objects.get(obligation__agency=cast.police)
    actions.report_nil(cast.son, above, "B1", 0)
    actions.submit(cast.son, Filing.objects.get(pk=above.pk))
    own, province = levels(clerk, filing)
    assert (own.state, own.by) == ("bản 1 đã tiếp nhận", "Ha")
    assert (province.state, province.by, province.obligation_id) == ("bản 1 đã gửi, chờ kiểm tra", "", None)
    assert province.at is not None
    assert levels(cast.ha, filing)[1].by == "Son"


def test_a_correction_a_return_and_a_waiver_show_as_such(cast: Cast, commune: Any) -> None:
    filing, clerk = commune
    actions.waive(cast.ha, Obligation.objects.get(pk=filing.obligation_id), "Không có.")
    assert levels(clerk, filing)[0].state == "được miễn"
    actions.unwaive(cast.ha, Obligation.objects.get(pk=filing.obligation_id))
    actions.report_nil(clerk, filing, "B1", 0)
    version = actions.submit(clerk, Filing.objects.get(pk=filing.pk))
    actions.return_(cast.ha, version, "Xem lại.")
    assert levels(clerk, filing)[0].state == "bản 1 bị trả lại"
    actions.accept(cast.ha, actions.submit(clerk, Filing.objects.get(pk=filing.pk), "Giữ nguyên."))
    actions.correct(clerk, filing)
    assert levels(clerk, filing)[0].state == "bản 2 đã tiếp nhận, đang đính chính"


def test_it_costs_one_query_and_two_where_somebody_stands_above(
    cast: Cast, commune: Any, django_assert_num_queries: Any
) -> None:
    rows = Obligation.objects.select_related("agency__area", "cycle", "filing")
    below = rows.get(pk=commune[0].obligation_id)
    top = rows.get(agency=cast.police)
    with django_assert_num_queries(2):
        levels_of(cast.ha, below, [])
    with django_assert_num_queries(1):
        levels_of(cast.ha, top, [])
