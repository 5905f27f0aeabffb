"""Targets: the verdict by pure rule; the ways to measure; where they stand by accepted figures; the board."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from haidang.accounts.actors import SYSTEM, Refused
from haidang.catalogue.indicators import indicator, indicator_measure
from haidang.catalogue.measures import cells_of
from haidang.filings.models import Cycle, Filing, FilingState, Obligation, Ruling, Version
from haidang.kernel import clock
from haidang.plans.measuring import add_basis, remove_basis
from haidang.plans.models import Target, TargetBasis
from haidang.plans.targets import Verdict, finding_of
from haidang.statistics.targets import target_standings
from tests.plans.conftest import accept_plan

TODAY = date(2025, 7, 10)


@pytest.fixture(autouse=True)
def that_day():
    with clock.fixed_at(TODAY):
        yield


# the verdict


@pytest.mark.parametrize(
    ("comparator", "level", "unit", "value", "baseline", "verdict", "gap"),
    [
        (">=", 90, "%", 92.6, None, Verdict.REACHED, 0),
        (">=", 90, "%", 83.3, None, Verdict.SHORT, 6.7),
        (">", 90, "%", 90.0, None, Verdict.SHORT, 0),
        ("=", 100, "%", 100.0, None, Verdict.REACHED, 0),
        ("=", 90, "%", 95.0, None, Verdict.REACHED, 0),
        ("<=", 5, "vụ", 6, None, Verdict.SHORT, 1),
        (">=", 90, "%", None, None, Verdict.UNKNOWN, 0),
        ("reduce", None, "", 7, 8, Verdict.REACHED, 0),
        ("reduce", None, "", 8, 8, Verdict.SHORT, 0),
        ("reduce", 10, "%", 90, 100, Verdict.REACHED, 0),
        ("reduce", 10, "%", 91, 100, Verdict.SHORT, 1),
        ("reduce", 3, "vụ", 6, 8, Verdict.SHORT, 1),
        ("increase", 5, "%", 105, 100, Verdict.REACHED, 0),
        ("increase", None, "", 1, 0, Verdict.REACHED, 0),
        ("increase", 5, "%", 1, 0, Verdict.UNKNOWN, 0),
        ("reduce", None, "", 0, 0, Verdict.UNKNOWN, 0),
        ("reduce", None, "", 7, None, Verdict.UNKNOWN, 0),
    ],
)
def test_the_verdict(comparator, level, unit, value, baseline, verdict, gap):
    found = finding_of(comparator, None if level is None else Decimal(level), unit, value, baseline)
    assert found.verdict is verdict
    assert found.gap == pytest.approx(gap)


@given(
    st.sampled_from([">", ">=", "=", "<=", "reduce", "increase"]),
    st.none() | st.integers(0, 200),
    st.sampled_from(["%", "vụ", ""]),
    st.none() | st.integers(0, 1000),
    st.none() | st.integers(0, 1000),
)
def test_a_gap_is_told_only_of_what_falls_short(comparator, level, unit, value, baseline):
    found = finding_of(comparator, None if level is None else Decimal(level), unit, value, baseline)
    assert found.gap >= 0
    assert found.verdict is Verdict.SHORT or found.gap == 0
    assert value is not None or found.verdict is Verdict.UNKNOWN


# choosing


@pytest.fixture
def plan(place, draft):
    return accept_plan(SYSTEM, draft)


@pytest.fixture
def target(plan) -> Target:
    """90 % of something."""
    return plan.targets.get()


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"numerator": "no_such"}, "numerator", "không có chỉ số no_such"),
        ({"numerator": "reports_resolved"}, "denominator", "chọn mẫu số"),
        ({"numerator": "reports_resolution_rate", "denominator": "reports_new"}, "denominator", "không chia tiếp"),
        ({"numerator": "reports_new", "denominator": "reports_new"}, "denominator", "trùng với tử số"),
        (
            {"numerator": "reports_resolution_rate", "baseline_from": date(2024, 1, 1)},
            "baseline_to",
            "cả ngày đầu và ngày cuối",
        ),
        (
            {
                "numerator": "reports_resolution_rate",
                "baseline_from": date(2024, 1, 2),
                "baseline_to": date(2024, 1, 1),
            },
            "baseline_to",
            "trước khi bắt đầu",
        ),
    ],
)
def test_a_basis_that_does_not_fit_is_refused_at_its_field(target, values, field, words):
    with pytest.raises(ValidationError) as caught:
        add_basis(SYSTEM, target, **values)
    assert words in " ".join(caught.value.message_dict[field])


def test_the_same_basis_and_a_fourth_one_are_refused(target):
    add_basis(SYSTEM, target, numerator="reports_resolved", denominator="reports_new")
    with pytest.raises(ValidationError, match="đã có cách tính như vậy"):
        add_basis(SYSTEM, target, numerator="reports_resolved", denominator="reports_new")
    add_basis(SYSTEM, target, numerator="reports_resolved", denominator="reports_total")
    add_basis(SYSTEM, target, numerator="reports_resolution_rate")
    with pytest.raises(ValidationError, match="đã có 3 cách tính"):
        add_basis(SYSTEM, target, numerator="reports_remaining", denominator="reports_total")


def test_only_the_standing_agency_chooses(place, target):
    basis = add_basis(place.actor(place.bao), target, numerator="reports_resolution_rate")
    for user in (place.ha, place.lam, place.tam, place.nobody):
        with pytest.raises(Refused):
            add_basis(place.actor(user), target, numerator="reports_resolution_rate")
        with pytest.raises(Refused):
            remove_basis(place.actor(user), target, basis.pk)
    remove_basis(place.actor(place.bao), target, basis.pk)
    assert not TargetBasis.objects.exists()


# figures


def entered(code: str) -> str:
    """One entered cell that an indicator adds."""
    return next(t.cell for t in indicator_measure(indicator(code)).numerator if t.sign > 0 and t.pick == "all")


def accepted(plan, agency, start: date, end: date, new: int, resolved: int, *, accept: bool = True) -> None:
    """One cycle owed by the agency, with so many new reports and so many resolved ones."""
    label = f"Kỳ {start}"
    cycle, _made = Cycle.objects.get_or_create(
        plan=plan, label=label,
        defaults={
            "window_from": start, "window_to": end, "regime": "plan", "due_on": end, "strict": False, "forms": ["B1"],
        },
    )  # fmt: skip
    obligation = Obligation.objects.create(cycle=cycle, agency=agency)
    filing = Filing.objects.create(obligation=obligation, changed_at=clock.now(), state=FilingState.ACCEPTED)
    if accept:
        cells = dict.fromkeys(cells_of(indicator_measure(indicator("reports_resolution_rate"))), 0)
        cells |= {entered("reports_new"): new, entered("reports_resolved"): resolved}
        version = Version.objects.create(
            filing=filing, number=1, cells=cells, forms={}, submitted_at=clock.now(), sha256=str(filing.pk)
        )
        Ruling.objects.create(version=version, outcome="accepted", decided_at=clock.now())


def test_a_share_is_the_ratio_of_the_sums_with_its_coverage(place, plan, target):
    add_basis(SYSTEM, target, numerator="reports_resolved", denominator="reports_new", label="trên tin mới")
    accepted(plan, place.police, date(2025, 1, 1), date(2025, 3, 31), new=10, resolved=9)
    accepted(plan, place.police, date(2025, 4, 1), date(2025, 6, 30), new=30, resolved=29)
    (one,) = target_standings(place.actor(place.bao), plan)[target.pk]
    assert (one.numerator, one.denominator, one.value, one.unit) == (38, 40, 95.0, "%")
    assert (one.verdict, str(one.coverage)) == (Verdict.REACHED, "2/2")
    assert one.words == "trên tin mới"


def test_while_a_filing_is_missing_there_is_a_value_but_no_verdict(place, plan, target):
    add_basis(SYSTEM, target, numerator="reports_resolved", denominator="reports_new")
    accepted(plan, place.police, date(2025, 1, 1), date(2025, 3, 31), new=10, resolved=5)
    accepted(plan, place.police, date(2025, 4, 1), date(2025, 6, 30), new=0, resolved=0, accept=False)
    (one,) = target_standings(place.actor(place.bao), plan)[target.pk]
    assert (one.value, one.verdict, str(one.coverage)) == (50.0, Verdict.UNKNOWN, "1/2")


def test_a_direction_is_compared_with_the_same_days_of_the_year_before(place, plan, target):
    Target.objects.filter(pk=target.pk).update(comparator="reduce", value=None, unit="")
    add_basis(SYSTEM, target, numerator="reports_new")
    accepted(plan, place.police, date(2025, 1, 1), date(2025, 3, 31), new=8, resolved=0)
    accepted(plan, place.police, date(2024, 1, 1), date(2024, 3, 31), new=10, resolved=0)
    Cycle.objects.filter(window_from=date(2024, 1, 1)).update(baseline=True)
    (one,) = target_standings(place.actor(place.bao), plan)[target.pk]
    assert (one.value, one.baseline, one.verdict) == (8, 10, Verdict.REACHED)
    assert one.baseline_window is not None
    assert one.baseline_window.start == date(2024, 1, 1)


def test_who_may_not_see_the_figures_of_the_area_gets_none(place, plan, target):
    add_basis(SYSTEM, target, numerator="reports_resolution_rate")
    accepted(plan, place.police, date(2025, 1, 1), date(2025, 3, 31), new=10, resolved=9)
    assert target_standings(place.actor(place.ha), plan) == {}


# screens


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())).replace("\u00a0", " ")


def test_the_board_shows_both_bases_of_an_ambiguous_share(client, place, plan, target):
    client.force_login(place.bao)
    board = f"/ke-hoach/{plan.pk}/"
    assert "Chưa chọn cách tính" in text_of(client.get(board))
    page = f"{board}chi-tieu/{target.pk}/"
    client.post(page, {"numerator": "reports_resolved", "denominator": "reports_new", "label": "trên tin mới"})
    answer = client.post(
        page,
        {"numerator": "reports_resolved", "denominator": "reports_total", "label": "trên tổng số tin"},
        follow=True,
    )
    assert "Chỉ tiêu được tính theo: trên tổng số tin." in text_of(answer)
    assert "Chưa mở kỳ báo cáo" in text_of(client.get(board))
    accepted(plan, place.police, date(2025, 1, 1), date(2025, 3, 31), new=10, resolved=8)
    shown = text_of(client.get(board))
    assert re.search(r"trên tin mới .* 80 % 8 / 10 .* Dưới mức 10 điểm", shown)
    assert "trên tổng số tin" in shown
    assert 'class="goal" x1="90.0%"' in client.get(board).content.decode()
    client.force_login(place.ha)
    assert "Cơ quan thường trực theo dõi" in text_of(client.get(board))
    assert client.get(page).status_code == 403


def test_too_few_filings_are_said_with_their_coverage(client, place, plan, target):
    add_basis(SYSTEM, target, numerator="reports_resolved", denominator="reports_new")
    accepted(plan, place.police, date(2025, 1, 1), date(2025, 3, 31), new=0, resolved=0, accept=False)
    client.force_login(place.bao)
    assert "Chưa đủ số liệu (0/1 báo cáo)" in text_of(client.get(f"/ke-hoach/{plan.pk}/"))


def test_a_share_above_the_whole_says_how_that_can_be(client, place, plan, target):
    add_basis(SYSTEM, target, numerator="reports_resolved", denominator="reports_new")
    accepted(plan, place.police, date(2025, 1, 1), date(2025, 3, 31), new=2, resolved=3)
    client.force_login(place.bao)
    shown = text_of(client.get(f"/ke-hoach/{plan.pk}/"))
    assert re.search(r"150 % 3 / 2 .*Đạt Trên 100 %: tử số có vụ, việc của kỳ trước chuyển sang", shown)


def test_a_wrong_choice_is_explained_and_a_basis_may_be_removed(client, place, plan, target):
    client.force_login(place.bao)
    page = f"/ke-hoach/{plan.pk}/chi-tieu/{target.pk}/"
    answer = client.post(page, {"numerator": "reports_resolved"})
    assert answer.status_code == 422
    assert "Chỉ tiêu tính bằng %: chọn mẫu số" in text_of(answer)
    basis = add_basis(SYSTEM, target, numerator="reports_resolution_rate")
    assert "Đã bỏ một cách tính." in text_of(client.post(f"{page}{basis.pk}/bo/", follow=True))
    assert client.post(f"{page}{basis.pk}/bo/").status_code == 404
    assert client.get(f"/ke-hoach/{plan.pk}/chi-tieu/999999/").status_code == 404
