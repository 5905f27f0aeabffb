"""Opening cycles: who owes what, when, on which forms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from haidang.accounts.actors import SYSTEM, Refused
from haidang.filings.actions import extend, open_cycles, unwaive, waive
from haidang.filings.cycles.opening import open_or_preview
from haidang.filings.models import Cycle, Obligation
from haidang.filings.rules import CycleSpec, review_slices
from haidang.kernel import clock
from haidang.kernel.calendars import Regime, nd09_quarter
from haidang.kernel.windows import Window

from .conftest import Cast, make_agency


def owing(cycle: object) -> set[str]:
    return set(Obligation.objects.filter(cycle=cycle).values_list("agency__code", flat=True))  # type: ignore[misc]


def test_agencies_owe_a_cycle_when_they_file_one_of_its_forms(cast: Cast) -> None:
    assert owing(cast.cycle(forms=("B4",))) == {"hm-court"}
    assert owing(cast.cycle("Quý II/2025", ("B1", "B5"))) == {"hm-police", "hm-health", "hm-st-people"}


def test_agencies_elsewhere_owe_nothing(cast: Cast) -> None:
    assert "bg-police" not in owing(cast.cycle(forms=("B1",)))


def test_the_agencies_are_those_in_force_on_the_last_day_on_time(cast: Cast) -> None:
    make_agency("gone", "Cũ", "court", cast.province, valid_to=date(2025, 3, 10))
    make_agency("there", "Đến hạn", "court", cast.province, valid_to=date(2025, 3, 11))
    make_agency("after", "Mới", "court", cast.province, valid_from=date(2025, 3, 12))
    assert owing(cast.cycle(forms=("B4",), due_on=date(2025, 3, 12))) == {"hm-court", "there"}


def test_a_cycle_can_be_restricted_to_some_agencies(cast: Cast) -> None:
    spec = CycleSpec("Riêng", Window(date(2025, 1, 1), date(2025, 1, 31)), Regime.PLAN, date(2025, 2, 5), False)
    (cycle,) = open_cycles(cast.ha, cast.plan, [spec], agencies=[cast.court])
    assert owing(cycle) == {"hm-court"}
    assert "B4" in cycle.forms


def test_a_review_has_a_cycle_a_calendar_year_and_one_for_the_baseline(cast: Cast) -> None:
    specs = review_slices(Window(date(2021, 2, 9), date(2025, 6, 15)), date(2025, 6, 20), strict=True)
    cycles = open_cycles(cast.ha, cast.plan, specs)
    assert [(c.window_from, c.window_to) for c in cycles] == [
        (date(2021, 2, 9), date(2021, 12, 31)),
        (date(2022, 1, 1), date(2022, 12, 31)),
        (date(2023, 1, 1), date(2023, 12, 31)),
        (date(2024, 1, 1), date(2024, 12, 31)),
        (date(2025, 1, 1), date(2025, 6, 15)),
        (date(2016, 1, 1), date(2020, 12, 31)),
    ]
    assert [c.baseline for c in cycles] == [False] * 5 + [True]
    assert {c.due_on for c in cycles} == {date(2025, 6, 20)}
    assert cycles[0].label == "Năm 2021 (từ 09/02 đến 31/12)"


def test_a_due_date_before_the_data_closes_makes_the_cycle_provisional(cast: Cast) -> None:
    assert cast.cycle(due_on=date(2025, 3, 12)).provisional
    assert not cast.cycle("Khác", due_on=date(2025, 3, 20)).provisional


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"due_on": None}, "chưa có hạn nộp"),
        ({"forms": ("B99",)}, "yêu cầu biểu B99 không có hiệu lực"),
        ({"label": ""}, "từ 1 đến 80 ký tự"),
    ],
)
def test_a_cycle_that_cannot_be_is_refused(cast: Cast, change: dict[str, object], sentence: str) -> None:
    from dataclasses import replace

    spec = CycleSpec("Kỳ", Window(date(2025, 1, 1), date(2025, 1, 31)), Regime.PLAN, date(2025, 2, 5), False)
    with pytest.raises(Refused, match=sentence):
        open_cycles(SYSTEM, cast.plan, [replace(spec, **change)])  # type: ignore[arg-type]
    assert not Obligation.objects.exists()


def test_a_label_is_opened_once(cast: Cast) -> None:
    cast.cycle()
    with pytest.raises(Refused, match="đã mở"):
        cast.cycle()


def test_only_the_standing_agency_opens_cycles_and_only_of_an_accepted_plan(cast: Cast) -> None:
    with pytest.raises(Refused, match="cơ quan thường trực mở kỳ"):
        open_cycles(cast.lan, cast.plan, [])
    with pytest.raises(Refused, match="cơ quan thường trực mở kỳ"):
        open_cycles(cast.stranger, cast.plan, [])
    cast.plan.state = "draft"
    cast.plan.save()
    with pytest.raises(Refused, match="chưa được chấp nhận"):
        open_cycles(cast.ha, cast.plan, [])


def test_a_waiver_needs_a_reason_and_locks_the_filing_until_it_is_lifted(cast: Cast) -> None:
    from haidang.filings.actions import save_cells

    filing = cast.filing(cast.cycle(), cast.health)
    with pytest.raises(Refused, match="phải kèm lý do"):
        waive(cast.ha, filing.obligation, " ")
    with pytest.raises(Refused, match="Chỉ cán bộ tổng hợp"):
        waive(cast.minh, filing.obligation, "Bận.")
    waive(cast.ha, filing.obligation, "Đơn vị vừa sắp xếp lại.")
    with pytest.raises(Refused, match="được miễn"):
        save_cells(cast.lan, filing, {}, 0)
    unwaive(cast.ha, filing.obligation)
    assert save_cells(cast.lan, filing, {}, 0).changed == {}


def test_an_extension_goes_beyond_the_due_date_and_has_a_reason(cast: Cast) -> None:
    obligation = cast.filing(cast.cycle(), cast.health).obligation
    with clock.fixed_at(date(2025, 3, 5)):
        with pytest.raises(Refused, match=r"phải sau hạn đang áp dụng \(11/3/2025\)"):
            extend(cast.ha, obligation, date(2025, 3, 11), "Chờ số.")
        with pytest.raises(Refused, match="Gia hạn phải kèm lý do"):
            extend(cast.ha, obligation, date(2025, 3, 20), "")
        assert extend(cast.ha, obligation, date(2025, 3, 20), "Chờ số.").extended_to == date(2025, 3, 20)


def test_a_cycle_that_nobody_owes_is_not_opened(cast: Cast) -> None:
    with pytest.raises(Refused, match="Không cơ quan nào phải nộp kỳ “Quý I/2025”"):
        cast.cycle(levels=("district",))
    assert not Cycle.objects.exists()


def test_a_form_named_twice_is_asked_once(cast: Cast) -> None:
    assert cast.cycle(forms=("B5", "B1", "B5")).forms == ["B5", "B1"]


def test_a_preview_refuses_what_opening_would(cast: Cast) -> None:
    spec = CycleSpec("Quý I/2025", nd09_quarter(2025, 1), Regime.ND09, date(2025, 3, 20), False, forms=("B1",))
    cast.cycle()
    for change, sentence in (
        ({}, "đã mở"),
        ({"label": "Khác", "levels": ("district",)}, "Không cơ quan nào"),
        ({"label": "Khác", "forms": ("B99",)}, "B99 không có hiệu lực"),
        ({"label": "Khác", "steps": (("province", 2), ("commune", 1))}, "không muộn hơn"),
    ):
        with pytest.raises(Refused, match=sentence):
            open_or_preview(cast.ha, cast.plan, [replace(spec, **change)], dry_run=True)


def test_the_same_days_of_the_same_plan_are_warned_of_under_any_name(cast: Cast) -> None:
    cast.cycle(label="06 tháng đầu năm 2025")
    again = CycleSpec("06 tháng/2025", nd09_quarter(2025, 1), Regime.ND09, date(2027, 3, 22), False, forms=("B1", "B7"))
    (seen,) = open_or_preview(cast.ha, cast.plan, [again], dry_run=True).cycles
    (told,) = seen.warnings
    assert told.startswith("Kỳ của đúng khoảng này đã mở theo kế hoạch này với tên “06 tháng đầu năm 2025”.")
    (other,) = open_or_preview(cast.ha, cast.plan, [replace(again, forms=("B7",))], dry_run=True).cycles
    assert other.warnings == ()


def test_a_form_that_nobody_asked_files_is_told_before_it_is_asked_for(cast: Cast) -> None:
    """B3 is of the prosecution, which the province of the cast has none of."""
    spec = CycleSpec("Quý I/2027", nd09_quarter(2027, 1), Regime.ND09, date(2027, 3, 22), False, forms=("B1", "B3"))
    (seen,) = open_or_preview(cast.ha, cast.plan, [spec], dry_run=True).cycles
    assert seen.warnings == (
        "Không cơ quan nào trong số phải nộp có biểu B3: biểu ghi chức năng và cấp khác. "
        "Bỏ chọn biểu, hoặc xem lại cấp và cơ quan được nêu.",
    )
    (all_forms,) = open_or_preview(cast.ha, cast.plan, [replace(spec, forms=())], dry_run=True).cycles
    assert all_forms.warnings == ()
