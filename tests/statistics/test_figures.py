"""Figures counted by hand: three agencies, two years."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from haidang.accounts.actors import NOBODY, SYSTEM, Refused, Role
from haidang.kernel.cells import CellState
from haidang.kernel.numbers import NO_BREAK_SPACE
from haidang.kernel.windows import Window
from haidang.statistics.actions import rebuild_facts
from haidang.statistics.measures import UnknownMeasure
from haidang.statistics.queries import figures, lineage, window_totals, year_series

from .conftest import Province, accept, agency, area, cycle, owe, reports

WINDOW = Window(date(2024, 1, 1), date(2025, 6, 15))
NEW, TOTAL, LEFT, RATE = "B1.core.c2", "B1.core.c10", "B1.core.c15", "B1.core.c17"


@pytest.fixture
def filed(province: Province) -> Province:
    """2024: 5 + 3 + 1 new; 2025: 2 + 4 new, the district has not filed. The police carry 1 over, then 4."""
    accept(province.filings["police", "2024"], reports(5, opening=1, opened=2))
    accept(province.filings["border", "2024"], reports(3, opened=3))
    accept(province.filings["local", "2024"], reports(1))
    accept(province.filings["police", "2025"], reports(2, opening=4, opened=1))
    accept(province.filings["border", "2025"], reports(4))
    return province


def one(code: str, **more: Any) -> Any:
    found = figures(SYSTEM, [code], more.pop("window", WINDOW), **more)
    assert len(found) == 1
    return found[0]


def test_sums_by_year_and_in_total_with_coverage(filed: Province) -> None:
    figure = one(NEW)
    assert [(s.label, s.value, str(s.coverage)) for s in figure.slices] == [("2024", 9, "3/3"), ("2025", 6, "2/3")]
    assert figure.value == 15
    assert str(figure.coverage) == "5/6"
    assert any("Còn 1 báo cáo chưa được tiếp nhận: Công an huyện Sông Con (Năm 2025)" in note for note in figure.notes)


def test_part_years_are_marked_and_named(filed: Province) -> None:
    figure = one(NEW)
    assert [piece.partial for piece in figure.slices] == [False, True]
    assert "Năm không trọn: 2025 từ 01/01/2025 đến 15/6/2025." in figure.notes


def test_an_opening_counts_once_and_a_total_is_worked_out_anew(filed: Province) -> None:
    # carried over: 1 of the police in 2024 (not the 4 of 2025); new 15; so 16 to resolve, of which 2 + 3 + 1 resolved
    assert one(TOTAL).value == 16
    assert one(RATE).value == pytest.approx(6 / 16 * 100)


def test_a_closing_is_that_of_the_last_exercise_of_each_agency(filed: Province) -> None:
    # police 4 + 2 - 1 = 5 and border 4 at the end of 2025; the district last filed for 2024: 1
    assert one(LEFT).value == 10
    assert [piece.value for piece in one(LEFT).slices] == [4 + 0 + 1, 5 + 4]


def test_an_indicator_is_asked_by_its_code(filed: Province) -> None:
    figure = one("reports_new")
    assert (figure.value, figure.measure.unit) == (15, "tin")


def test_comparison_with_a_baseline_tells_unlike_lengths(filed: Province) -> None:
    base = cycle(filed.plan, "2016-2020", date(2016, 1, 1), date(2020, 12, 31), baseline=True)
    accept(owe(base, filed.police), reports(12))
    figure = one(NEW, baseline=Window(date(2016, 1, 1), date(2020, 12, 31)))
    assert figure.comparison is not None and figure.baseline is not None
    assert (figure.baseline.value, figure.baseline.label) == (12, "Cả kỳ")
    assert (figure.comparison.difference, figure.comparison.percent) == (3, 25.0)
    assert figure.comparison.text == f"tăng 25{NO_BREAK_SPACE}%"
    assert "hai khoảng dài ngắn khác nhau" in figure.comparison.note


@pytest.mark.parametrize("base", [0, None])
def test_nothing_compares_with_a_base_of_zero_or_none(filed: Province, base: int | None) -> None:
    if base is not None:
        row = cycle(filed.plan, "2016-2020", date(2016, 1, 1), date(2020, 12, 31), baseline=True)
        accept(owe(row, filed.police), reports(base))
    figure = one(NEW, baseline=Window(date(2016, 1, 1), date(2020, 12, 31)))
    assert figure.comparison is not None
    assert (figure.comparison.percent, figure.comparison.text) == (None, "không so sánh được")


def test_lineage_names_every_version_and_adds_up(filed: Province) -> None:
    sources = lineage(SYSTEM, NEW, WINDOW)
    assert sum(source.value or 0 for source in sources) == one(NEW).value
    assert {source.version_id for source in sources} == set(one(NEW).version_ids)
    first = sources[0]
    assert (first.agency, first.cycle, first.version_number, first.value) == (
        "Bộ đội Biên phòng tỉnh Hải Minh", "Năm 2024", 1, 3,
    )  # fmt: skip


def test_a_correction_supersedes_and_the_first_report_can_still_be_asked(filed: Province) -> None:
    later = datetime(2025, 6, 27, 5, tzinfo=UTC)
    accept(
        filed.filings["police", "2024"], reports(7, opening=1), later, reason="Đếm thiếu 2 tin", document_number="9/BC"
    )
    assert one(NEW).value == 17
    assert one(NEW, versions="first").value == 15
    assert one(NEW, versions=date(2025, 6, 26)).value == 15
    assert one(NEW, versions=date(2025, 6, 27)).value == 17
    corrected = next(s for s in lineage(SYSTEM, NEW, WINDOW) if s.version_number == 2)
    assert (corrected.reason, corrected.document_number, corrected.value) == ("Đếm thiếu 2 tin", "9/BC", 7)


def test_what_is_accepted_after_a_rebuild_is_seen_at_once(filed: Province) -> None:
    rebuild_facts(SYSTEM)
    assert one(NEW).value == 15
    accept(filed.filings["local", "2025"], reports(10))
    assert one(NEW).value == 25
    assert str(one(NEW).coverage) == "6/6"
    rebuild_facts(SYSTEM)
    assert one(NEW).value == 25


def test_blank_na_and_nd_are_no_zeros(province: Province) -> None:
    assert (one(NEW).value, one(NEW).total.state) == (None, CellState.BLANK)
    accept(province.filings["border", "2024"], {"B1.d150.c6": "na"})
    assert (one("B1.d150.c6").value, one("B1.d150.c6").total.state) == (None, CellState.NOT_APPLICABLE)
    accept(province.filings["police", "2024"], {"B1.d150.c6": "nd"})
    assert (one("B1.d150.c6").value, one("B1.d150.c6").total.state) == (None, CellState.NOT_AVAILABLE)
    accept(province.filings["local", "2024"], {"B1.d150.c6": 0})
    figure = one("B1.d150.c6")
    assert (figure.value, figure.total.without) == (0, 1)
    assert any("chưa có số liệu" in note for note in figure.notes)


def test_a_waived_filing_is_not_expected_and_is_named(filed: Province) -> None:
    obligation = filed.filings["local", "2025"].obligation
    obligation.waived_reason = "Giải thể"
    obligation.save()
    figure = one(NEW)
    assert (str(figure.coverage), figure.coverage.waived, figure.coverage.complete) == ("5/5", 1, True)
    assert "Được miễn 1 báo cáo: Công an huyện Sông Con (Năm 2025; lý do: Giải thể)." in figure.notes


def test_what_an_heir_owes_in_its_place_is_expected_once_and_named(filed: Province) -> None:
    obligation = filed.filings["local", "2025"].obligation
    obligation.handed_to = filed.filings["police", "2025"].obligation
    obligation.waived_reason = "Đã bàn giao cho Công an tỉnh"
    obligation.save()
    figure = one(NEW)
    assert str(figure.coverage) == "5/5"
    assert any(note.startswith("Cơ quan kế thừa nộp thay 1 báo cáo của: Công an huyện Sông") for note in figure.notes)
    assert not any(note.startswith("Được miễn") for note in figure.notes)


def test_figures_due_before_their_data_closes_are_provisional_where_one_level_owes_earlier(filed: Province) -> None:
    assert not any("số liệu ước" in note for note in one(NEW).notes)
    obligation = filed.filings["police", "2025"].obligation
    obligation.due_on = date(2025, 6, 12)
    obligation.save()
    assert one(NEW).total.provisional


def test_quarters_and_the_half_year_over_them_are_not_added(filed: Province) -> None:
    plan = filed.plan
    for label, start, end in (
        ("Quý I", date(2025, 1, 1), date(2025, 3, 31)),
        ("Quý II", date(2025, 4, 1), date(2025, 6, 15)),
    ):
        accept(owe(cycle(plan, label, start, end), filed.police), reports(1))
    assert one(NEW).value == 15
    quarter = one(NEW, window=Window(date(2025, 1, 1), date(2025, 3, 31)))
    assert (quarter.value, str(quarter.coverage)) == (1, "1/1")


def test_an_exercise_that_the_window_cuts_is_left_out_and_named(filed: Province) -> None:
    figure = one(NEW, window=Window(date(2024, 1, 1), date(2025, 3, 31)))
    assert figure.value == 9
    assert "Không tính kỳ chỉ trùng một phần với khoảng đã chọn: Năm 2025." in figure.notes


def test_by_agency_and_by_area(filed: Province) -> None:
    by_agency = {f.group.name: f.value for f in figures(SYSTEM, [NEW], WINDOW, by="agency")}
    assert by_agency == {
        "Công an tỉnh Hải Minh": 7, "Bộ đội Biên phòng tỉnh Hải Minh": 7, "Công an huyện Sông Con": 1,
    }  # fmt: skip
    by_area = {f.group.name: f.value for f in figures(SYSTEM, [NEW], WINDOW, filed.area, by="area")}
    assert by_area == {"Tỉnh Hải Minh (giả định)": 14, "Huyện Sông Con": 1}


def test_a_report_that_holds_those_below_is_not_added_to_them_but_they_stand_by_themselves(filed: Province) -> None:
    """The police of the province correct 2024 to hold the district's 1 as well: 5 + 1 = 6."""
    accept(filed.filings["police", "2024"], reports(6, opening=1, opened=2), whole=True)
    year = Window(date(2024, 1, 1), date(2024, 12, 31))
    figure = one(NEW, window=year)
    assert (figure.value, str(figure.coverage)) == (6 + 3, "2/2")
    assert "Đã gồm các đơn vị cùng ngành bên dưới, không cộng thêm: Công an tỉnh Hải Minh (Năm 2024)." in figure.notes
    by_agency = {f.group.name: f.value for f in figures(SYSTEM, [NEW], year, by="agency")}
    assert by_agency["Công an huyện Sông Con"] == 1
    assert by_agency["Công an tỉnh Hải Minh"] == 6
    by_area = {f.group.name: f.value for f in figures(SYSTEM, [NEW], year, filed.area, by="area")}
    assert by_area == {"Tỉnh Hải Minh (giả định)": 9, "Huyện Sông Con": 1}
    assert {source.agency for source in lineage(SYSTEM, NEW, year)} == {
        "Công an tỉnh Hải Minh", "Bộ đội Biên phòng tỉnh Hải Minh",
    }  # fmt: skip
    assert one(NEW, window=year, area=filed.district).value == 1


def test_a_figure_of_an_area_leaves_the_rest_out(filed: Province) -> None:
    assert one(NEW, area=filed.district).value == 1


def test_a_report_counts_only_the_cycles_of_its_own_plan(filed: Province) -> None:
    other = filed.plan.__class__.objects.get(pk=filed.plan.pk)
    other.pk, other.file_sha256 = None, "1" * 64
    other.save()
    long = cycle(other, "Hai năm", date(2024, 1, 1), date(2025, 6, 15))
    accept(owe(long, filed.police), reports(100))
    series = year_series(filed.ha, [NEW], WINDOW, None, filed.area, plan_id=filed.plan.pk)
    assert series[NEW].value == 15


def test_totals_of_many_cells_are_those_of_the_figures(filed: Province) -> None:
    codes = [NEW, TOTAL, LEFT, RATE, "B1.d150.c6"]
    totals = window_totals(filed.ha, codes, WINDOW, filed.area, plan_id=filed.plan.pk)
    assert list(totals) == codes
    for figure in figures(SYSTEM, codes, WINDOW, filed.area):
        assert (totals[figure.code].value, totals[figure.code].coverage) == (figure.value, figure.coverage)


def test_a_standing_agency_sees_its_area_and_a_member_their_own_agency(filed: Province) -> None:
    assert figures(filed.ha, [NEW], WINDOW, filed.area)[0].value == 15
    own = figures(filed.bien, [NEW], WINDOW)[0]
    assert (own.value, str(own.coverage)) == (7, "2/2")
    local = filed.sitting(filed.district_police, Role.CLERK)
    assert figures(local, [NEW], WINDOW)[0].value == 1


def test_a_stranger_is_refused_and_sees_nothing(filed: Province) -> None:
    far = area("S8", "Tỉnh Bình Giang (giả định)", "province")
    stranger = filed.sitting(agency("bg-police", "Công an tỉnh Bình Giang", "police", far, standing=True), *Role)
    for actor in (stranger, filed.bien, NOBODY):
        with pytest.raises(Refused, match="cơ quan thường trực"):
            figures(actor, [NEW], WINDOW, filed.area)
    assert figures(stranger, [NEW], WINDOW)[0].value is None
    assert lineage(stranger, NEW, WINDOW) == []


@pytest.mark.parametrize("code", ["B1.core", "B99.t.c1", "", "B1.core.c2; DROP TABLE x", "B7.media.c16"])
def test_an_unknown_code_is_refused_with_an_example(filed: Province, code: str) -> None:
    with pytest.raises(UnknownMeasure):
        figures(SYSTEM, [code], WINDOW)
