"""A closed report says why, since when, who can open it and how to ask, to each person who looks at it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from haidang.accounts.actors import Actor
from haidang.agencies.models import Agency
from haidang.filings import actions
from haidang.filings.locks import Lock, lock_of, standing_over
from haidang.filings.models import Filing, Obligation
from haidang.filings.talk import waiting_for
from haidang.kernel import clock

from .conftest import Cast, make_actor, make_area

AT = datetime(2025, 3, 10, 3, 41, tzinfo=UTC)


@pytest.fixture
def ready(cast: Cast) -> Any:
    """The health department's filing of B5, entered whole."""
    return actions.report_nil(cast.lan, cast.filing(cast.cycle(), cast.health), "B5", 0).filing


def lock(actor: Actor, filing: Filing) -> Lock | None:
    """The lock as the page of the filing asks for it."""
    row = Filing.objects.select_related("obligation__cycle__plan__area", "obligation__agency__area").get(pk=filing.pk)
    versions = row.versions.select_related("ruling__decided_by", "submitted_by").order_by("-number")
    return lock_of(actor, row, list(versions))


def told(actor: Actor, filing: Filing) -> str:
    found = lock(actor, filing)
    assert found is not None
    return found.words


def test_what_may_be_edited_is_not_locked(cast: Cast, ready: Any, django_assert_num_queries: Any) -> None:
    assert lock(cast.lan, ready) is None
    filing = Filing.objects.select_related("obligation__agency__area").get(pk=ready.pk)
    with django_assert_num_queries(0):
        assert lock_of(cast.lan, filing, []) is None


def test_what_waits_says_since_when_and_who_takes_it_back(cast: Cast, ready: Any) -> None:
    with clock.fixed_at(AT):
        actions.submit(cast.minh, ready)
    assert told(cast.lan, ready) == (
        "Bản 1 đã gửi, đang chờ kiểm tra nên báo cáo bị khoá. Khoá từ 10:41 ngày 10/3/2025, Minh. "
        "Khi chưa ai kiểm tra, Sở Y tế tỉnh Hải Minh rút lại được; Công an tỉnh Hải Minh trả lại được. "
        "Cần sửa: mục Rút lại trên trang này, ghi lý do."
    )
    assert told(cast.ha, ready).endswith("mục Kiểm tra trên trang này, trả lại kèm ý kiến.")


def test_what_was_accepted_says_by_whom_and_which_of_the_two_ways_is_open(cast: Cast, ready: Any) -> None:
    with clock.fixed_at(AT):
        actions.accept(cast.ha, actions.submit(cast.minh, ready))
    words = told(cast.minh, ready)
    assert "Khoá từ 10:41 ngày 10/3/2025, Ha." in words
    assert "Sở Y tế tỉnh Hải Minh mở đính chính được, Công an tỉnh Hải Minh mở lại được." in words
    assert words.endswith("mục Đính chính trên trang này; khi gửi phải ghi lý do và số văn bản.")
    viewer = make_actor("xem", cast.health)
    seat = type(cast.lan.seats[0])("leader", cast.health.pk, cast.health.name, cast.province.path)  # type: ignore[arg-type]
    assert told(Actor(viewer.user_id, "Xem", (seat,)), ready).endswith(
        "nhờ cán bộ nhập liệu hoặc người duyệt của cơ quan."
    )


def test_what_was_waived_says_since_when_and_how_to_ask(cast: Cast, ready: Any) -> None:
    with clock.fixed_at(AT):
        actions.waive(cast.ha, Obligation.objects.get(pk=ready.obligation_id), "Không phát sinh.")
    words = told(cast.lan, ready)
    assert "được miễn báo cáo kỳ này nên báo cáo bị khoá. Khoá từ 10:41 ngày 10/3/2025, Ha." in words
    assert "Công an tỉnh Hải Minh bỏ miễn được." in words
    assert "ghi chú ở ô của báo cáo, Công an tỉnh Hải Minh thấy ngay" in words


def test_another_agency_s_draft_is_simply_not_one_s_own(cast: Cast, ready: Any) -> None:
    assert told(cast.ha, ready) == (
        "Báo cáo này của Sở Y tế tỉnh Hải Minh; chỉ người của cơ quan đó nhập và gửi được. Cần họ sửa: ghi chú ở ô."
    )


def test_who_decides_is_the_nearest_standing_agency_and_for_a_plan_from_above_the_one_above(cast: Cast) -> None:
    ministry = Agency.objects.create(code="bca", name="Bộ Công an", function="police", level="central", standing=True)
    assert ministry.area_id is None
    cycle = cast.cycle(forms=("B1",))
    own = Obligation.objects.get(cycle=cycle, agency=cast.police)
    assert standing_over(own) == "Công an tỉnh Hải Minh"
    cast.plan.area = make_area("TW", "Trung ương", "central")
    cast.plan.save()
    assert standing_over(Obligation.objects.get(pk=own.pk)) == "Bộ Công an"


def test_who_asks_at_a_cell_of_a_closed_report_is_heard(cast: Cast, ready: Any) -> None:
    """The way that the lock names works: the question waits for the standing agency until it answers."""
    filing = Filing.objects.get(pk=ready.pk)
    actions.comment_cell(cast.lan, filing, "B5.t.c1", "Hỏi trước khi tiếp nhận.")
    actions.accept(cast.ha, actions.submit(cast.minh, filing))
    assert waiting_for(cast.ha) == [], "what was accepted since is settled"
    actions.comment_cell(cast.lan, filing, "B5.t.c1", "Đề nghị mở lại: sót một nạn nhân.")
    (asked,) = waiting_for(cast.ha)
    assert (asked.code, asked.text) == ("B5.t.c1", "Đề nghị mở lại: sót một nạn nhân.")
    assert waiting_for(cast.lan) == []
    actions.comment_cell(cast.ha, filing, "B5.t.c1", "Đã mở lại.")
    assert waiting_for(cast.ha) == []
    (answer,) = waiting_for(cast.lan)
    assert answer.text == "Đã mở lại."
