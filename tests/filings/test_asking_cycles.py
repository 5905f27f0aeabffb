"""Cycles that a person asks for: every regime, by the command, with what to mind."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from haidang.cli import main
from haidang.filings.cycles.asking import Ask, Kind, specs_of
from haidang.filings.models import Cycle, Obligation
from haidang.kernel.calendars import Period, Regime
from haidang.kernel.windows import Window

from .conftest import Cast

DUE = date(2025, 6, 20)


def test_a_period_of_the_decree_and_of_the_calendar() -> None:
    (decree,) = specs_of(Ask(Regime.ND09, DUE, period=Period.QUARTER, year=2025, number=2))
    assert (decree.label, decree.window, decree.regime) == (
        "Quý II/2025",
        Window(date(2025, 3, 15), date(2025, 6, 14)),
        Regime.ND09,
    )
    (calendar,) = specs_of(Ask(Regime.CALENDAR, DUE, period=Period.HALF_YEAR, year=2025, number=1))
    assert (calendar.label, calendar.window) == ("06 tháng đầu năm 2025", Window(date(2025, 1, 1), date(2025, 6, 30)))


def test_a_review_window_is_cut_by_calendar_year() -> None:
    ask = Ask(Kind.SLICES, DUE, window=Window(date(2021, 2, 9), date(2025, 6, 15)))
    assert [spec.label for spec in specs_of(ask)] == [
        "Năm 2021 (từ 09/02 đến 31/12)", "Năm 2022", "Năm 2023", "Năm 2024", "Năm 2025 (từ 01/01 đến 15/06)",
    ]  # fmt: skip
    assert specs_of(replace(ask, baseline=True))[-1].baseline


def test_what_was_asked_goes_with_each_cycle() -> None:
    ask = Ask(Kind.REQUEST, DUE, strict=False, window=Window(date(2025, 1, 1), date(2025, 2, 20)), letter_number="8/CV",
              forms=("B1",), levels=("province",), steps=(("commune", 2),), shift=True)  # fmt: skip
    (spec,) = specs_of(ask)
    assert spec.label == "Theo 8/CV, số liệu từ 01/01/2025 đến 20/02/2025"
    assert (spec.forms, spec.levels, spec.steps, spec.shift, spec.letter_number) == (
        ("B1",), ("province",), (("commune", 2),), True, "8/CV",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (Ask(Regime.ND09, DUE), "Chọn kỳ"),
        (Ask(Regime.ND09, DUE, period=Period.ONCE, year=2025), "Chọn kỳ"),
        (Ask(Regime.ND09, DUE, period=Period.QUARTER, year=1, number=1), "năm từ 2000"),
        (Ask(Regime.CALENDAR, DUE, period=Period.QUARTER, year=2025, number=5), "từ 1 đến 4"),
        (Ask(Kind.PLAN, DUE), "Ghi khoảng số liệu"),
        (Ask(Kind.SLICES, DUE, window=Window(date(1990, 1, 1), date(2025, 1, 1))), "dài hơn 30 năm"),
        (Ask(Kind.REQUEST, DUE, window=Window(DUE, DUE)), "Ghi số văn bản"),
    ],
)
def test_what_is_missing_is_named(ask: Ask, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        specs_of(ask)


def opened(capsys: Any, *more: str) -> tuple[int, Any]:
    status = main(["filings", "open", "--plan", "01/KH-BCĐ", "--json", *more])
    return status, json.loads(capsys.readouterr().out or "null")


def test_the_command_opens_a_cycle_and_says_who_owes_it_until_when(cast: Cast, capsys: Any) -> None:
    asked = (
        "--period",
        "half_year",
        "--year",
        "2025",
        "--due",
        "15/6/2025",
        "--step",
        "commune=3",
        "--forms",
        "B1",
        "B5",
    )
    status, (told,) = opened(capsys, *asked, "--dry-run")
    assert status == 0 and told["cycle"] is None and not Cycle.objects.exists()
    status, (told,) = opened(capsys, *asked)
    assert told["last_day_by_level"] == {"province": "2025-06-15", "commune": "2025-06-11"}
    assert told["agencies"] == Obligation.objects.filter(cycle_id=told["cycle"]).count() == 3
    assert any("Chủ Nhật, 15/6/2025" in words for words in told["warnings"])
    assert any("tạm tính" in words for words in told["warnings"])


def test_the_command_opens_a_request_by_letter(cast: Cast, capsys: Any) -> None:
    status, (told,) = opened(
        capsys, "--regime", "request", "--letter", "88/CV-CAT", "--from", "01/01/2025", "--to", "20/02/2025",
        "--due", "28/02/2025", "--forms", "B4",
    )  # fmt: skip
    cycle = Cycle.objects.get(pk=told["cycle"])
    assert (status, cycle.regime, cycle.letter_number) == (0, "request", "88/CV-CAT")
    assert list(cycle.obligations.values_list("agency__code", flat=True)) == ["hm-court"]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (("--period", "quarter", "--year", "2025", "--due", "mai"), "--due"),
        (("--period", "quarter", "--year", "2025", "--due", "20/6/2025", "--step", "xa=3"), "--step"),
        (
            ("--period", "year", "--year", "2025", "--due", "20/6/2025", "--step", "commune=2", "commune=5"),
            "--step ghi một cấp hai lần",
        ),
        (("--regime", "plan", "--from", "01/01/2025", "--due", "20/6/2025"), "Ghi cả --from và --to"),
        (("--regime", "plan", "--from", "02/01/2025", "--to", "01/01/2025", "--due", "20/6/2025"), "--to trước --from"),
        (("--regime", "plan", "--due", "20/6/2025"), "Ghi khoảng số liệu"),
        (("--period", "year", "--year", "2025", "--due", "20/6/2025", "--forms", "B99"), "B99"),
    ],
)
def test_bad_input_is_one_sentence(cast: Cast, capsys: Any, more: tuple[str, ...], sentence: str) -> None:
    assert main(["filings", "open", "--plan", "01/KH-BCĐ", *more]) == 2
    assert sentence in capsys.readouterr().err


def test_an_unknown_plan_is_named(cast: Cast, capsys: Any) -> None:
    assert main(["filings", "open", "--plan", "99/KH", "--period", "year", "--year", "2025", "--due", "20/6/2025"]) == 2
    assert "Không có kế hoạch số “99/KH”" in capsys.readouterr().err


def test_handing_over_by_the_command(cast: Cast, capsys: Any) -> None:
    cycle = cast.cycle(forms=("B4",))
    cast.court.valid_to = date(2025, 6, 30)
    cast.court.save()
    assert main(["filings", "hand-over", "--on", "01/7/2025", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["handed_over"] == []
    assert told["undecided"] == [f"{cast.court.name}, {cycle.label}: danh mục chưa có cơ quan kế thừa"]
    assert main(["filings", "hand-over", "--on", "30/6/2025"]) == 0
    assert "Đã bàn giao 0 nghĩa vụ" in capsys.readouterr().out
    assert main(["filings", "hand-over", "--on", "hôm nay"]) == 2


def test_any_regime_of_the_specs_cuts_a_cycle_and_stays_with_it(cast: Cast, capsys: Any) -> None:
    status, (told,) = opened(
        capsys, "--regime", "vks", "--period", "quarter", "--number", "1", "--year", "2025", "--due", "20/3/2025"
    )
    assert (status, told["from"], told["to"]) == (0, "2024-12-01", "2025-02-28")
    assert Cycle.objects.get().regime == "vks"


def test_a_regime_that_the_specs_do_not_have_is_named(cast: Cast, capsys: Any) -> None:
    assert main(["filings", "open", "--plan", "01/KH-BCĐ", "--regime", "tuan", "--due", "20/3/2025"]) == 2
    assert "--regime tuan: không có cách cắt kỳ này. Có: nd09, calendar" in capsys.readouterr().err


def test_slices_may_have_a_name_before_their_own(cast: Cast) -> None:
    """So a plan can ask for the same years twice: of its review, and of what a letter asked for on the way."""
    window = Window(date(2022, 1, 1), date(2023, 6, 30))
    specs = specs_of(Ask(Kind.SLICES, DUE, window=window, label="Sơ kết"))
    assert [spec.label for spec in specs] == ["Sơ kết: năm 2022", "Sơ kết: năm 2023 (từ 01/01 đến 30/06)"]


def test_a_request_by_a_letter_with_a_long_number_is_called_by_the_number_alone() -> None:
    letter = "1234/" + "X" * 55
    (spec,) = specs_of(Ask(Kind.REQUEST, DUE, window=Window(date(2025, 1, 1), DUE), letter_number=letter))
    assert spec.label == f"Theo {letter}"
    (own,) = specs_of(Ask(Kind.PLAN, DUE, window=Window(date(2025, 1, 1), DUE)))
    assert own.label == "Số liệu từ 01/01/2025 đến 20/6/2025"
