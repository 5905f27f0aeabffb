"""The real plans' own citations join them to an invented parent of the centre that bears the number they cite."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from haidang.catalogue.vocabulary import reading_vocabulary
from haidang.plans.family import HEAD, Citation, Sheet, citations_of, family_of, number_key, own_numbers
from haidang.reading.own_plans import own_plan_clauses
from haidang.reading.reader import read_plan

pytestmark = pytest.mark.real_plans


def test_those_that_cite_the_same_document_become_its_children(real_plans: Path) -> None:
    readings = [read_plan(path.read_text(), reading_vocabulary()) for path in sorted(real_plans.glob("*.txt"))]
    cited = [citations_of(reading.legal_bases, reading.text[:HEAD]) for reading in readings]
    assert all(cited), "every real plan cites something"
    number, times = Counter(one.key for cites in cited for one in cites).most_common(1)[0]
    assert times >= 2
    named: Citation = next(one for cites in cited for one in cites if one.key == number)
    parent = Sheet(0, frozenset({number}), named.on, named.issuer, "TW", 0)
    children = [
        Sheet(pk, own_numbers(reading.number or "", reading.text[:HEAD]), reading.issued_on, reading.issuer or "",
              f"X{pk}", 1, cites)
        for pk, (reading, cites) in enumerate(zip(readings, cited, strict=True), start=1)
    ]  # fmt: skip
    family = family_of([parent, *children], {})
    expected = {child.pk for child in children if number in {one.key for one in child.cites}}
    assert {edge.child for edge in family.children(0)} == expected
    assert {one.citation.key for one in family.open}.isdisjoint({number_key(named.number)})


def test_some_of_them_ask_their_agencies_for_plans_of_their_own(real_plans: Path) -> None:
    asked = 0
    for path in sorted(real_plans.glob("*.txt")):
        reading = read_plan(path.read_text(), reading_vocabulary())
        for clause in own_plan_clauses(reading.text, reading_vocabulary(), reading.year_to):
            asked += 1
            assert clause.who
            assert (
                "kế hoạch" in reading.text[clause.start : clause.end].lower()
                or "văn bản" in reading.text[clause.start : clause.end].lower()
            )
    assert asked >= 3
