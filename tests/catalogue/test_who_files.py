"""Who files a form: agencies by their main function, and by one that they are charged with for a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from haidang.catalogue.agency_functions import charged_besides, read_organs
from haidang.catalogue.forms import all_forms, files, form
from haidang.catalogue.formspec import FilerSpec

BEFORE, AFTER, COMMUNES = date(2025, 2, 28), date(2025, 3, 1), date(2025, 7, 1)


def filers(function: str, *levels: str) -> object:
    return replace(form("B5"), functions=(FilerSpec(function, levels),))


def test_the_support_of_victims_went_from_labour_to_health_and_to_the_communes() -> None:
    victims = filers("victim_support", "province", "commune")
    filed = {
        on: {
            (organ.function, organ.level)
            for organ in read_organs()
            if files(victims, organ.function, organ.level, on)  # type: ignore[arg-type]
        }
        for on in (BEFORE, AFTER, COMMUNES)
    }
    assert filed == {
        BEFORE: {("labour", "province")},
        AFTER: {("health", "province")},
        COMMUNES: {("health", "province"), ("government", "commune")},
    }


def test_a_main_function_of_some_agency_is_that_agencys_alone() -> None:
    """Home affairs are charged with labour since 3/2025; a form of the labour departments is not theirs."""
    labour = filers("labour", "province")
    assert files(labour, "labour", "province", BEFORE)  # type: ignore[arg-type]
    assert not files(labour, "home_affairs", "province", AFTER)  # type: ignore[arg-type]
    assert "labour" not in charged_besides("home_affairs", "province", AFTER)


@pytest.mark.parametrize("on", [date(2017, 1, 1), BEFORE, AFTER, COMMUNES])
def test_forms_that_name_main_functions_are_filed_as_they_were(on: date) -> None:
    for organ in read_organs():
        for spec in all_forms():
            assert files(spec, organ.function, organ.level, on) == spec.filed_by(organ.function, organ.level)


def test_an_agency_of_no_known_kind_is_charged_with_nothing_besides() -> None:
    assert charged_besides("victim_support", "province", AFTER) == frozenset()
    assert charged_besides("astrology", "planet", AFTER) == frozenset()
