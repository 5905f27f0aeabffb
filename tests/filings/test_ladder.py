"""Submit, accept, return, correct: what each promises, and each refusal."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from haidang.accounts.actors import SYSTEM, Refused
from haidang.audit.models import Entry
from haidang.audit.queries import first_broken_entry
from haidang.filings import queries
from haidang.filings.actions import (
    CannotSubmit,
    accept,
    correct,
    explain,
    report_nil,
    return_,
    save_cells,
    submit,
)
from haidang.filings.actions.submissions import version_sha256
from haidang.filings.chasing.chosen import since_acceptance
from haidang.filings.models import Filing, FilingState, Version
from haidang.kernel import clock

from .conftest import Cast, filled


@pytest.fixture
def ready(cast: Cast) -> Any:
    """The health department's filing of B5, entered whole as "nothing happened", and not yet sent."""
    filing = cast.filing(cast.cycle(), cast.health)
    return report_nil(cast.lan, filing, "B5", 0).filing


def test_submitting_makes_an_immutable_version_of_the_draft(cast: Cast, ready: Any) -> None:
    version = submit(cast.minh, ready)
    ready.refresh_from_db()
    assert (version.number, ready.state) == (1, FilingState.SUBMITTED)
    assert version.cells == ready.cells
    assert version.sha256 == version_sha256(Version.objects.get(pk=version.pk))
    assert version.forms["B5"]["version"] == 1


def test_a_version_remembers_who_sent_it_and_when(cast: Cast, ready: Any) -> None:
    with clock.fixed_at(date(2025, 3, 10)):
        version = submit(cast.minh, ready)
    assert version.submitted_by_id == cast.minh.user_id
    assert version.submitted_at.date() == date(2025, 3, 10)
    assert Entry.objects.filter(action="filings.submitted", actor="Minh").count() == 1


def test_every_step_leaves_its_entry_in_an_unbroken_audit_trail(cast: Cast, ready: Any) -> None:
    return_(cast.ha, submit(cast.minh, ready), "Xem lại.")
    accept(cast.ha, submit(cast.minh, ready, reason="Giữ nguyên."))
    correct(cast.minh, ready)
    actions = list(Entry.objects.filter(subject_type="filings.filing").values_list("action", flat=True))
    steps = ["saved", "submitted", "returned", "submitted", "accepted", "correcting"]
    assert actions == [f"filings.{step}" for step in steps]
    assert first_broken_entry() is None


def test_sending_again_what_was_just_sent_gives_the_same_version(cast: Cast, ready: Any) -> None:
    assert submit(cast.minh, ready).pk == submit(cast.minh, ready).pk
    assert Version.objects.count() == 1


def test_submitting_costs_a_fixed_handful_of_queries(
    cast: Cast, ready: Any, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(15):
        submit(cast.minh, ready)


def test_a_form_without_any_entry_is_not_sent(cast: Cast) -> None:
    filing = cast.filing(cast.cycle(), cast.health)
    with pytest.raises(CannotSubmit, match="Biểu B5 chưa nhập ô nào"):
        submit(cast.minh, filing)
    assert not Version.objects.exists()


def test_a_blocking_finding_refuses_and_is_listed(cast: Cast) -> None:
    filing = cast.filing(cast.cycle(forms=("B1",)), cast.police)
    cells = filled("B1") | {"B1.d150.c3": 2, "B1.d150.c6": 5}
    save_cells(cast.son, filing, cells, 0)
    with pytest.raises(CannotSubmit) as caught:
        submit(cast.son, filing)
    assert [finding.key for finding in caught.value.findings] == ["B1.hotline:d150.c6"]
    assert "1 lỗi phải sửa" in str(caught.value)


def test_what_must_be_explained_is_sent_once_it_is_explained(cast: Cast) -> None:
    filing = cast.filing(cast.cycle(forms=("B1",)), cast.police)
    save_cells(cast.son, filing, filled("B1") | {"B1.d150.c3": 2, "B1.d150.c16": 1}, 0)
    with pytest.raises(CannotSubmit, match="1 điểm cần giải trình") as caught:
        submit(cast.son, filing)
    explain(cast.son, filing, caught.value.findings[0].key, "Chờ kết quả giám định.")
    assert submit(cast.son, filing).explanations == {caught.value.findings[0].key: "Chờ kết quả giám định."}


def test_an_opening_that_differs_from_the_closing_before_must_be_explained(cast: Cast) -> None:
    from haidang.kernel.calendars import nd09_quarter

    first = cast.filing(cast.cycle(forms=("B1",)), cast.police)
    save_cells(cast.son, first, filled("B1") | {"B1.d150.c3": 4, "B1.d150.c11": 1}, 0)
    second = cast.filing(
        cast.cycle("Quý II/2025", ("B1",), window=nd09_quarter(2025, 2), due_on=date(2025, 6, 12)), cast.police
    )
    save_cells(cast.son, second, filled("B1") | {"B1.d150.c1": 2}, 0)
    with pytest.raises(CannotSubmit, match="khác số còn lại cuối"):
        submit(cast.son, second)
    save_cells(cast.son, second, {"B1.d150.c1": 3}, 1)
    assert submit(cast.son, second).number == 1


def test_a_filing_that_changed_since_it_was_read_is_checked_again(cast: Cast) -> None:
    filing = cast.filing(cast.cycle(forms=("B1",)), cast.police)
    save_cells(cast.son, filing, filled("B1"), 0)
    before = Filing.objects.get(pk=filing.pk)
    save_cells(cast.son, filing, {"B1.d150.c6": 5}, 1)
    with pytest.raises(CannotSubmit, match="Tổng đài 111"):
        submit(cast.son, before)


def test_accepting_closes_the_filing_to_its_agency(cast: Cast, ready: Any) -> None:
    accept(cast.ha, submit(cast.minh, ready))
    ready.refresh_from_db()
    assert ready.state == FilingState.ACCEPTED
    with pytest.raises(Refused, match="đã được tiếp nhận nên bị khoá"):
        save_cells(cast.lan, ready, {"B5.d.c1": 1}, 1)


def test_returning_needs_a_comment_and_opens_the_filing_again(cast: Cast, ready: Any) -> None:
    version = submit(cast.minh, ready)
    with pytest.raises(Refused, match="phải kèm ý kiến"):
        return_(cast.ha, version, "  ")
    cell = next(code for code in ready.cells if code.startswith("B5."))
    ruling = return_(cast.ha, version, "Đối chiếu lại số nạn nhân.", {cell: "So với danh sách."})
    ready.refresh_from_db()
    assert (ready.state, ready.received_at) == (FilingState.RETURNED, None)
    assert ruling.notes == {cell: "So với danh sách."}


def test_a_note_stands_at_a_cell_of_the_filing(cast: Cast, ready: Any) -> None:
    with pytest.raises(Refused, match=r"Không có ô hoặc mục “B1\.d150\.c1”"):
        return_(cast.ha, submit(cast.minh, ready), "Xem lại.", {"B1.d150.c1": "Chỗ này."})


def test_a_returned_filing_sent_unchanged_is_refused_unless_a_reason_is_given(cast: Cast, ready: Any) -> None:
    return_(cast.ha, submit(cast.minh, ready), "Đối chiếu lại.")
    with pytest.raises(Refused, match="chưa thay đổi gì so với lần gửi thứ 1"):
        submit(cast.minh, ready)
    assert submit(cast.minh, ready, reason="Đã đối chiếu, số liệu đúng.").number == 2


def test_a_correction_is_the_next_version_with_reason_and_document_number(cast: Cast, ready: Any) -> None:
    first = submit(cast.minh, ready)
    accept(cast.ha, first)
    correct(cast.minh, ready)
    cell = next(code for code in filled("B5"))
    save_cells(cast.lan, ready, {cell: 3}, 1)
    with pytest.raises(Refused, match="lý do và số văn bản đính chính"):
        submit(cast.minh, ready, reason="Cộng thiếu.")
    ready.refresh_from_db()
    since = since_acceptance(ready)
    assert since is not None
    assert (since.number, cell in {change.code for change in since.changes}) == (1, True)
    try:
        second = submit(cast.minh, ready, reason="Cộng thiếu.", document_number="12/SYT")
    except CannotSubmit as error:
        for finding in error.findings:
            assert finding.level == "explain", finding
            explain(cast.minh, ready, finding.key, "Đã kiểm tra.")
        second = submit(cast.minh, ready, reason="Cộng thiếu.", document_number="12/SYT")
    assert (second.number, second.reason, second.document_number) == (2, "Cộng thiếu.", "12/SYT")
    assert Version.objects.get(pk=first.pk).cells[cell] == 0


def test_a_correction_does_not_make_a_timely_filing_late(cast: Cast, ready: Any) -> None:
    with clock.fixed_at(date(2025, 3, 11)):
        accept(cast.ha, submit(cast.minh, ready))
    correct(cast.minh, ready)
    obligation = queries.obligation_for(cast.lan, ready.obligation_id)
    assert queries.standing(obligation, date(2025, 5, 1)).letter == "K"


def test_who_sent_a_version_does_not_rule_on_it(cast: Cast) -> None:
    filing = cast.filing(cast.cycle(forms=("B1",)), cast.police)
    report_nil(cast.son, filing, "B1", 0)
    version = submit(cast.son, filing)
    with pytest.raises(Refused, match="không tự tiếp nhận"):
        accept(cast.son, version)
    assert accept(cast.ha, version).outcome == "accepted"


def test_only_the_standing_agency_over_the_area_rules(cast: Cast, ready: Any) -> None:
    version = submit(cast.minh, ready)
    for actor in (cast.lan, cast.minh, cast.stranger):
        with pytest.raises(Refused, match="Chỉ cán bộ tổng hợp của cơ quan thường trực"):
            accept(actor, version)


def test_a_version_is_ruled_on_once_and_only_the_latest(cast: Cast, ready: Any) -> None:
    first = submit(cast.minh, ready)
    return_(cast.ha, first, "Xem lại.")
    with pytest.raises(Refused, match="bị trả lại"):
        accept(cast.ha, first)
    submit(cast.minh, ready, reason="Giữ nguyên.")
    with pytest.raises(Refused, match="đã gửi lần thứ 2"):
        accept(cast.ha, first)


def test_an_approver_of_another_agency_cannot_submit(cast: Cast, ready: Any) -> None:
    with pytest.raises(Refused, match="chỉ người của cơ quan đó"):
        submit(cast.stranger, ready)
    reader = replace(cast.lan, seats=(replace(cast.lan.seats[0], role="leader"),))  # type: ignore[arg-type]
    with pytest.raises(Refused, match="chỉ được xem"):
        submit(reader, ready)


def test_what_is_not_accepted_cannot_be_corrected(cast: Cast, ready: Any) -> None:
    with pytest.raises(Refused, match="Chỉ mở đính chính được báo cáo đã tiếp nhận"):
        correct(cast.minh, ready)


def test_the_difference_between_versions_names_each_cell(cast: Cast) -> None:
    filing = cast.filing(cast.cycle(forms=("B1",)), cast.police)
    save_cells(cast.son, filing, filled("B1") | {"B1.d150.c3": 1}, 0)
    first = submit(cast.son, filing)
    return_(cast.ha, first, "Thiếu một tin.")
    save_cells(cast.son, filing, {"B1.d150.c3": 2}, 1)
    second = submit(cast.son, filing)
    from haidang.filings.content import forms_for

    changes = {change.code: change for change in queries.difference(first, second, forms_for(filing.obligation))}
    assert (changes["B1.d150.c3"].before, changes["B1.d150.c3"].after) == (1, 2)
    assert "Điều 150" in changes["B1.d150.c3"].name
    assert (changes["B1.t.c10"].before, changes["B1.t.c10"].after) == (1, 2)


def test_a_version_holds_plain_json(cast: Cast, ready: Any) -> None:
    version = submit(SYSTEM, ready)
    assert json.loads(json.dumps(version.cells)) == version.cells


def test_with_blanks_left_a_part_above_the_total_as_it_stands_is_not_sent(cast: Cast) -> None:
    filing = save_cells(cast.lan, cast.filing(cast.cycle(), cast.health), {"B5.domestic.c3": 7}, 0).filing
    filing = save_cells(cast.lan, filing, {"B5.domestic.c6": 1000}, 1).filing
    with pytest.raises(CannotSubmit, match=r"c5 - c7 cộng lại 1\.000") as refused:
        submit(cast.lan, filing)
    assert [(one.key, one.level) for one in refused.value.findings] == [("B5.received_age:domestic.c5", "block")]
    filing = save_cells(cast.lan, filing, {"B5.domestic.c4": 993}, 2).filing
    assert submit(cast.lan, filing).number == 1
