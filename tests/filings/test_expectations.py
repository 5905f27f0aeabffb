"""What a filing is held against: typed totals, its own past, the agencies below; and explanations of numbers gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.accounts.actors import SYSTEM, Actor, Refused, Role
from haidang.catalogue.forms import form as catalogue_form
from haidang.filings import content
from haidang.filings.actions import (
    CannotSubmit,
    InvalidEntries,
    StaleCells,
    accept,
    explain,
    explain_all,
    save_cells,
    set_whole,
    submit,
    waive,
)
from haidang.filings.actions.submissions import version_sha256
from haidang.filings.cell_details import cell_details
from haidang.filings.consolidating.below import Place, below_of, without_contained
from haidang.filings.consolidating.cycle_sums import consolidation, totals_of, typed_totals
from haidang.filings.expectations import expectations_of, findings_on, offered_words
from haidang.filings.models import Filing, Obligation, Version
from haidang.filings.queries import difference, filing_findings
from haidang.kernel.calendars import nd09_quarter
from haidang.kernel.windows import Window
from haidang.statistics.selection import scope_of

from .conftest import Cast, filled, make_actor, make_agency


def found(filing: Filing, check: str) -> list[Any]:
    """The findings of one check."""
    filing.refresh_from_db()
    return [one for one in filing_findings(filing) if f".{check}" in one.key]


# ---- typed totals


@pytest.fixture
def filing(cast: Cast) -> Filing:
    """The police's filing of B1 with three denunciations and two notices: five received."""
    filing = cast.filing(cast.cycle(forms=("B1",)), cast.police)
    return save_cells(cast.son, filing, {"B1.d150.c3": 3, "B1.d150.c4": 2}, 0).filing


def test_a_typed_total_stands_beside_the_computed_one_and_must_be_explained(cast: Cast, filing: Filing) -> None:
    save_cells(cast.son, filing, {}, 1, typed={"B1.d150.c2": 6})
    (finding,) = found(filing, "typed_total")
    assert filing.cells["B1.d150.c2"] == 5, "what is typed never replaces what is computed"
    assert filing.typed == {"B1.d150.c2": 6}
    assert (finding.level, finding.cells) == ("explain", ("B1.d150.c2",))
    assert "số ghi 6 khác số máy tính 5" in finding.message
    explain(cast.son, filing, finding.key, "Sổ tính cả một tin trùng.")
    assert not found(filing, "typed_total")[0].blocks


@pytest.fixture
def wanting(monkeypatch: pytest.MonkeyPatch) -> None:
    """B1 as an office may load it: whoever files it must type the totals of the own paper."""
    form = replace(catalogue_form("B1"), typed_totals=True)
    monkeypatch.setattr(content, "forms_for", lambda obligation: (form,))


def test_a_form_that_wants_typed_totals_is_not_submitted_without_them(
    cast: Cast, filing: Filing, wanting: None
) -> None:
    missing = found(filing, "total_missing")
    assert {one.level for one in missing} == {"block"}
    with pytest.raises(CannotSubmit):
        submit(cast.son, filing)
    wanted = {code: filing.cells[code] for one in missing for code in one.cells}
    assert wanted["B1.d150.c2"] == 5
    save_cells(cast.son, filing, {}, 1, typed=wanted)
    assert found(filing, "total_missing") == found(filing, "typed_total") == []


def test_a_report_of_nothing_needs_no_typed_totals(cast: Cast, filing: Filing, wanting: None) -> None:
    save_cells(cast.son, filing, filled("B1"), 1)
    assert found(filing, "total_missing") == []


def test_a_typed_total_that_agrees_needs_no_word_and_an_empty_one_goes(cast: Cast, filing: Filing) -> None:
    save_cells(cast.son, filing, {}, 1, typed={"B1.d150.c2": 5})
    assert found(filing, "typed_total") == []
    save_cells(cast.son, filing, {}, 2, typed={"B1.d150.c2": None})
    filing.refresh_from_db()
    assert filing.typed == {}


@pytest.mark.parametrize(
    ("code", "value", "told"),
    [
        ("B1.d150.c3", 4, "không phải ô tính"),
        ("B9.x.c1", 4, "không phải ô tính"),
        ("B1.d150.c2", "na", "phải là một số"),
        ("B1.d150.c17", 50, "không phải ô tính tổng"),
        ("B1.d150.c2", 10**16, "quá lớn"),
    ],
)
def test_only_worked_out_cells_have_a_typed_total_and_it_is_a_number(
    cast: Cast, filing: Filing, code: str, value: Any, told: str
) -> None:
    with pytest.raises(InvalidEntries, match=told):
        save_cells(cast.son, filing, {}, 1, typed={code: value})


def test_two_people_who_type_the_same_total_meet_a_question(cast: Cast, filing: Filing) -> None:
    save_cells(cast.son, filing, {}, 1, typed={"B1.d150.c2": 6})
    with pytest.raises(StaleCells) as stale:
        save_cells(cast.son, filing, {}, 1, typed={"B1.d150.c2": 7})
    assert (stale.value.conflicts[0].theirs, stale.value.conflicts[0].mine) == (6, 7)


def test_a_version_keeps_typed_totals_and_shows_when_they_change(cast: Cast) -> None:
    filing = cast.filing(cast.cycle(forms=("B1",)), cast.police)
    save_cells(cast.son, filing, filled("B1"), 0, typed={"B1.t.c2": 1})
    explain_all(cast.son, filing, {one.key: "Đã đối chiếu." for one in found(filing, "typed_total")})
    version = submit(cast.son, filing)
    version.refresh_from_db()
    assert version.typed == {"B1.t.c2": 1}
    assert version.sha256 == version_sha256(version)
    version.typed = {}
    assert version.sha256 != version_sha256(version), "the hash covers what was typed"
    accept(cast.ha, version)
    (told,) = typed_totals(consolidation(cast.ha, filing.obligation.cycle_id, with_waiting=False), forms_of(filing)[0])
    assert (told.code, told.typed, told.computed, told.explanation) == ("B1.t.c2", 1, 0, "Đã đối chiếu.")
    filing.refresh_from_db()
    filing.typed = {"B1.t.c2": 0}
    version.refresh_from_db()
    assert [(one.code, one.before, one.after) for one in difference(version, filing, ())] == [("Σ B1.t.c2", 1, 0)]


def forms_of(filing: Filing) -> Any:
    from haidang.filings.content import forms_for

    return forms_for(filing.obligation)


# ---- explanations of numbers that changed


def test_an_explanation_stands_for_its_numbers_only_and_is_offered_for_others(cast: Cast, filing: Filing) -> None:
    save_cells(cast.son, filing, {}, 1, typed={"B1.d150.c2": 6})
    key = found(filing, "typed_total")[0].key
    explain(cast.son, filing, key, "Một tin trùng.")
    save_cells(cast.son, filing, {}, 2, typed={"B1.d150.c2": 9})
    (asked,) = found(filing, "typed_total")
    assert asked.blocks, "nine is not what was explained"
    assert offered_words(asked, filing) == "Một tin trùng."
    explain(cast.son, filing, key, "Một tin trùng.")
    assert not found(filing, "typed_total")[0].blocks, "said again for the new number"
    save_cells(cast.son, filing, {}, 3, typed={"B1.d150.c2": 6})
    assert found(filing, "typed_total")[0].blocks, "and not for the old one any more"


def test_what_is_not_asked_cannot_be_explained(cast: Cast, filing: Filing) -> None:
    with pytest.raises(Refused, match="không còn"):
        explain(cast.son, filing, "B1.typed_total:d150.c2", "Vì sao nhỉ")
    explain(cast.son, filing, "B1.typed_total:d150.c2", "")  # taking away what is not there changes nothing


def test_a_stale_explanation_keeps_a_filing_from_being_sent(cast: Cast) -> None:
    filing = cast.filing(cast.cycle(forms=("B1",)), cast.police)
    save_cells(cast.son, filing, filled("B1"), 0, typed={"B1.t.c2": 1})
    explain(cast.son, filing, "B1.typed_total:t.c2", "Sổ ghi nhầm.")
    save_cells(cast.son, filing, {}, 1, typed={"B1.t.c2": 2})
    with pytest.raises(CannotSubmit, match="1 điểm cần giải trình"):
        submit(cast.son, filing)


# ---- the agency's own past


def quarters(cast: Cast, values: list[int], code: str = "B1.d150.c3") -> Filing:
    """One filing a quarter from 2022 on with these values in one cell; the last of them."""
    filing = None
    for at, value in enumerate(values):
        year, quarter = 2022 + at // 4, 1 + at % 4
        window = nd09_quarter(year, quarter)
        cycle = cast.cycle(f"Quý {quarter}/{year}", ("B1",), window=window, due_on=date(2025, 12, 30))
        filing = cast.filing(cycle, cast.police)
        save_cells(cast.son, filing, {code: value}, 0)
    assert filing is not None
    return filing


def test_a_figure_far_from_its_own_past_is_asked_about_in_words(cast: Cast) -> None:
    filing = quarters(cast, [3, 5, 4, 6, 5, 90])
    asked = [one for check in ("magnitude", "change", "outlier") for one in found(filing, check)]
    assert [one.key for one in asked] == ["B1.magnitude:d150.c3"], "a line is asked about once, whatever the reason"
    filing = quarters_without_year(cast)
    (asked_now,) = found(filing, "outlier")
    assert "c3 = 90 (5 kỳ trước từ 3 đến 6, giữa là 5)" in asked_now.message
    assert asked_now.cells == ("B1.d150.c3",)


def quarters_without_year(cast: Cast) -> Filing:
    """Six windows of equal length, none of them a year before the last, so that only the spread can speak."""
    filing = None
    for at, value in enumerate([3, 5, 4, 6, 5, 90]):
        start = date(2019, 1, 1 + at * 5)
        window = Window(start, date(2019, 1, 5 + at * 5))
        cycle = cast.cycle(f"Đợt {at}", ("B1",), window=window, due_on=date(2025, 12, 30))
        filing = cast.filing(cycle, cast.police)
        save_cells(cast.son, filing, {"B1.d150.c3": value}, 0)
    assert filing is not None
    return filing


@pytest.mark.parametrize("last", [0, 6, 15])
def test_a_figure_within_its_usual_range_is_not(cast: Cast, last: int) -> None:
    assert found(quarters(cast, [3, 5, 4, 6, 5, last]), "outlier") == []


def test_four_earlier_figures_are_too_few_to_know_what_is_usual(cast: Cast) -> None:
    assert found(quarters(cast, [3, 5, 4, 6, 90]), "outlier") == []


def test_a_total_that_moved_far_in_a_year_must_be_explained(cast: Cast) -> None:
    filing = quarters(cast, [40, 0, 0, 0, 100])
    (asked,) = found(filing, "change")
    assert asked.level == "explain"
    assert "c2 tăng 150\u00a0% (100, cùng kỳ 40)" in asked.message
    assert found(quarters_again(cast, filing, 55), "change") == []


def quarters_again(cast: Cast, filing: Filing, value: int) -> Filing:
    save_cells(cast.son, filing, {"B1.d150.c3": value}, filing.revision)
    return filing


# ---- the agencies below


@pytest.fixture
def commune(cast: Cast) -> Actor:
    """Somebody who enters for the police of the commune, below the province's police."""
    agency = make_agency("hm-st-police", "Công an xã Sơn Trà", "police", cast.commune)
    return make_actor("tu", agency, Role.CLERK)


def below(cast: Cast, commune: Actor, cells: dict[str, Any]) -> tuple[Filing, Filing]:
    """The filings of province and commune for one cycle; the commune's is accepted with these cells."""
    cycle = cast.cycle(forms=("B1",))
    theirs = Obligation.objects.get(cycle=cycle, agency_id__in=commune.agency_ids).filing
    save_cells(commune, theirs, filled("B1") | cells, 0)
    explain_all(commune, theirs, {one.key: "Đúng." for one in filing_findings(theirs) if one.level == "explain"})
    accept(cast.ha, submit(commune, theirs))
    return cast.filing(cycle, cast.police), theirs


def test_the_sum_of_those_below_is_of_accepted_reports_and_names_who_is_missing(cast: Cast, commune: Actor) -> None:
    other = make_agency("hm-other", "Công an xã khác", "police", cast.commune)
    own, _ = below(cast, commune, {"B1.d150.c3": 7})
    known = below_of(own.obligation)
    assert known is not None
    assert (known.received, known.expected) == (1, 2)
    assert [one.agency for one in known.missing] == [other]
    assert known.sums["B1.d150.c3"].value == 7
    assert known.sums["B1.t.c2"].value == 7, "worked out anew"
    assert cell_details(own, "B1.d150.c3").below.value == 7  # type: ignore[union-attr]


def test_nobody_stands_below_a_commune_or_a_department_alone(cast: Cast, commune: Actor) -> None:
    cycle = cast.cycle()
    assert below_of(cast.filing(cycle, cast.health).obligation) is None
    theirs = Obligation.objects.get(cycle=cycle, agency_id__in=commune.agency_ids)
    assert below_of(theirs) is None
    with pytest.raises(Refused, match="không có đơn vị cấp dưới"):
        set_whole(cast.lan, cast.filing(cycle, cast.health), True, 0)


def test_a_report_that_holds_those_below_is_compared_with_them(cast: Cast, commune: Actor) -> None:
    own, _ = below(cast, commune, {"B1.d150.c3": 7, "B1.d150.c4": 1})
    save_cells(cast.son, own, {"B1.d150.c3": 9, "B1.d150.c4": 1}, 0)
    assert found(own, "below") == [], "own numbers need not be theirs"
    set_whole(cast.son, own, True, own.revision)
    (asked,) = found(own, "below")
    assert asked.cells == ("B1.d150.c3",)
    assert "khác tổng của 1/1 đơn vị cấp dưới: c3 = 9, cấp dưới 7" in asked.message
    with pytest.raises(StaleCells):
        set_whole(cast.son, own, False, 0)


def test_whoever_is_missing_from_a_report_that_holds_those_below_is_waived_or_explained(
    cast: Cast, commune: Actor
) -> None:
    other = make_agency("hm-other", "Công an xã khác", "police", cast.commune)
    own, _ = below(cast, commune, {})
    assert found(own, "missing_below") == [], "own numbers miss nobody"
    set_whole(cast.son, own, True, own.revision)
    (asked,) = found(own, "missing_below")
    assert asked.blocks
    assert "còn thiếu 1 đơn vị chưa được tiếp nhận: Công an xã khác" in asked.message
    explain(cast.son, own, asked.key, "Đơn vị mới lập.")
    assert not found(own, "missing_below")[0].blocks
    waive(cast.ha, Obligation.objects.get(agency=other, cycle=own.obligation.cycle), "Mới thành lập")
    assert found(own, "missing_below") == []


def test_own_numbers_that_repeat_those_below_are_asked_about(cast: Cast, commune: Actor) -> None:
    same = {"B1.d150.c3": 7, "B1.d150.c4": 2, "B1.d150.c11": 1, "B1.d151.c3": 4, "B1.d151.c12": 3}
    own, _ = below(cast, commune, same)
    save_cells(cast.son, own, filled("B1") | same, 0)
    (asked,) = found(own, "repeats")
    assert "cộng hai lần" in asked.message
    save_cells(cast.son, own, {"B1.d150.c3": 8}, own.revision)
    assert found(own, "repeats") == []


@pytest.mark.parametrize("whole", [False, True])
def test_what_a_report_holds_already_is_never_added_to_it(cast: Cast, commune: Actor, whole: bool) -> None:
    own, _ = below(cast, commune, {"B1.d150.c3": 7})
    save_cells(cast.son, own, filled("B1") | {"B1.d150.c3": 7}, 0)
    if whole:
        own.refresh_from_db()
        set_whole(cast.son, own, True, own.revision)
    own.refresh_from_db()
    explain_all(cast.son, own, {one.key: "Đúng." for one in filing_findings(own) if one.level == "explain"})
    accept(cast.ha, submit(cast.son, own))
    assert Version.objects.get(filing=own).whole is whole
    put_together = consolidation(cast.ha, own.obligation.cycle_id, with_waiting=False)
    totals = totals_of(put_together, put_together.forms[0])
    assert totals.children["d150.c3"].value == 7
    assert totals.own["d150.c3"].value == 7
    assert totals.both["d150.c3"].value == (7 if whole else 14)
    scope = scope_of(SYSTEM, [own.obligation.cycle.window], cast.province)
    answering = scope.answering("B1", scope.selections("B1", own.obligation.cycle.window), lambda _one: "all")
    assert sum(1 for one in answering if one.received) == (1 if whole else 2)


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["", "1", "1/2", "1/2/3", "4"]), st.booleans())))
def test_of_what_is_added_up_nothing_holds_anything_else(places: list[tuple[str, str, bool]]) -> None:
    rows = [Place(*one) for one in places]
    kept = without_contained(rows, lambda row: row)
    assert not any(one.holds(other) for one in kept for other in kept)
    assert all(any(one.holds(row) for one in rows) for row in rows if row not in kept)


def test_everything_known_around_a_filing_costs_a_fixed_number_of_queries(
    cast: Cast, commune: Actor, django_assert_max_num_queries: Any
) -> None:
    own, _ = below(cast, commune, {})
    with django_assert_max_num_queries(8):
        findings_on(own, expectations_of(own.obligation))
