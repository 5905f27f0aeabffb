"""Invented figures satisfy every check that blocks, whatever the chance, and hang together over cycles."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haidang.catalogue.checks import check_filing, check_form
from haidang.catalogue.forms import all_forms, form, forms_of
from haidang.catalogue.outlines import outline
from haidang.demo import province, sizes
from haidang.demo.constraints import Linear
from haidang.demo.filling import Filler, binomial, poisson
from haidang.demo.series import Exercise, invent
from haidang.demo.texts import MARK, contributions
from haidang.kernel.calendars import nd09_half, nd09_quarter
from haidang.kernel.windows import Window

FUNCTIONS = ("police", "border_guard", "procuracy", "court", "health", "justice", "womens_union")
SETS = [tuple(spec.code for spec in forms_of(function, "province", date(2025, 6, 19))) for function in FUNCTIONS]
ALL = frozenset(spec.code for spec in all_forms())


def documents(cells: dict[str, Any]) -> dict[str, dict[str, Any]]:
    split: dict[str, dict[str, Any]] = defaultdict(dict)
    for code, value in cells.items():
        form_code, _, cell = code.partition(".")
        split[form_code][cell] = value
    return split


@pytest.mark.parametrize("codes", SETS, ids="-".join)
@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10**6), mean=st.sampled_from([0.05, 1.0, 40.0]))
def test_a_fill_enters_every_cell_and_breaks_no_check(codes: tuple[str, ...], seed: int, mean: float) -> None:
    linear = Linear(form(code) for code in codes)
    cells = Filler(linear).fill(random.Random(seed), lambda _code: mean, {})
    assert set(cells) == set(linear.inputs)
    for code, document in documents(cells).items():
        assert [f.message for f in check_form(form(code), document) if f.level == "block"] == []
    assert [f for f in check_filing([form(code) for code in codes], documents(cells)) if f.level == "block"] == []


def test_given_cells_are_kept() -> None:
    given_cells = {"B3.d150.c1": 3, "B3.d150.c3": 5, "B3.d150.c4": 9}
    cells = Filler(Linear([form("B3")])).fill(random.Random(1), lambda _code: 1.0, given_cells)
    assert {code: cells[code] for code in given_cells} == given_cells


def agency(pk: int, function: str) -> Any:
    return SimpleNamespace(pk=pk, code=f"a{pk}", function=function, level="province")


def test_what_is_concluded_charged_and_tried_hangs_together() -> None:
    agencies = (agency(1, "police"), agency(2, "procuracy"), agency(3, "court"))
    year = Exercise("2024", Window(date(2024, 1, 1), date(2024, 12, 31)), ALL, agencies)
    cells = invent([year], seed=1)
    for row in ("d150", "d151"):
        assert cells["2024", 2][f"B3.{row}.c3"] == cells["2024", 1][f"B2.{row}.c15"]
        assert cells["2024", 3][f"B4.{row}.c3"] == cells["2024", 2][f"B3.{row}.c13"]


def test_a_half_year_holds_its_first_quarter() -> None:
    who = (agency(1, "police"),)
    forms = frozenset({"B1", "B2"})
    quarter = Exercise("quý I", nd09_quarter(2025, 1), forms, who)
    half = Exercise("06 tháng", nd09_half(2025, 1), forms, who)
    cells = invent([quarter, half], seed=3)
    first, whole = cells["quý I", 1], cells["06 tháng", 1]
    assert whole["B1.d150.c1"] == first["B1.d150.c1"]
    assert all(whole[code] >= first[code] for code in whole if code.endswith((".c3", ".c4", ".c11")))
    for code, document in documents(whole).items():
        assert [f.message for f in check_form(form(code), document) if f.level == "block"] == []


def test_the_same_seed_gives_the_same_figures_and_another_one_others() -> None:
    year = Exercise("2024", Window(date(2024, 1, 1), date(2024, 12, 31)), ALL, (agency(1, "police"),))
    assert invent([year], seed=1) == invent([year], seed=1)
    assert invent([year], seed=1) != invent([year], seed=2)


def test_counts_are_as_small_as_in_a_province() -> None:
    years = [
        Exercise(str(y), Window(date(y, 1, 1), date(y, 12, 31)), ALL, (agency(1, "police"),)) for y in range(2021, 2025)
    ]
    cells = invent(years, seed=138)
    opened = [sum(cells[str(y), 1][f"B2.{row}.c3"] for row in ("d150", "d151")) for y in range(2021, 2025)]
    assert 4 <= sum(opened) <= 80


@pytest.mark.parametrize("mean", [0.2, 3.0, 80.0])
def test_chance_has_the_mean_it_is_given(mean: float) -> None:
    draw = random.Random(7)
    assert sum(poisson(draw, mean) for _ in range(4000)) / 4000 == pytest.approx(mean, rel=0.12)
    assert all(0 <= binomial(draw, 250, 0.3) <= 250 for _ in range(100))
    assert binomial(draw, 0, 0.5) == 0


def test_the_invented_province_has_codes_that_no_real_one_has_and_says_that_it_is_invented() -> None:
    records = province.areas()
    assert len({record.code for record in records}) == len(records)
    assert all(record.code.startswith("S") for record in records)
    assert "(giả định)" in records[0].name
    assert sum(record.level == "district" for record in records) == 8
    assert sum(record.level == "commune" and record.valid_to is not None for record in records) == 40
    ended = {record.code for record in records if record.level == "commune" and record.valid_to}
    assert {edge.old for edge in province.lineage()} == ended


def test_contributions_are_marked_and_only_for_sections_the_function_is_asked_for() -> None:
    outlined = outline("closing-2021-2025")
    told = contributions(outlined, "police", "province", "Công an tỉnh", random.Random(1))
    assert told
    for code, text in told.items():
        assert text.endswith(MARK)
        assert "police" in outlined.sections_by_code[code].contributors


def test_a_longer_window_is_expected_to_hold_more() -> None:
    spec = form("B1")
    five = sizes.expected(spec, "d150.c3", "province", Window(date(2016, 1, 1), date(2020, 12, 31)))
    one = sizes.expected(spec, "d150.c3", "province", Window(date(2016, 1, 1), date(2016, 12, 31)))
    assert five == pytest.approx(5 * one, rel=0.01)
    assert sizes.expected(spec, "d150.c3", "district", Window(date(2016, 1, 1), date(2016, 12, 31))) < one
