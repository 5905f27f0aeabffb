"""The engine against a few lines of plain Python that say the same rules, over random filings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haidang.engine.facts import Fact, FactsTable, write_facts
from haidang.engine.question import (
    AS_FIRST_REPORTED,
    LATEST,
    FigureQuestion,
    Measure,
    Pick,
    Term,
    Versions,
    answer,
    as_accepted_on,
)
from haidang.kernel.windows import Window

CELLS = ("B1.d150.c1", "B1.d150.c3", "B1.d150.c9", "B1.d150.c16", "B2.d150.c3")
WINDOWS = [
    Window(date(2021, 1, 1), date(2021, 3, 31)),
    Window(date(2021, 4, 1), date(2021, 6, 30)),
    Window(date(2021, 1, 1), date(2021, 6, 30)),
    Window(date(2021, 1, 1), date(2021, 12, 31)),
    Window(date(2021, 12, 15), date(2022, 12, 14)),
    Window(date(2022, 1, 1), date(2022, 12, 31)),
]
MEASURES = (
    Measure("flow", (Term("B1.d150.c3"),)),
    Measure("total", (Term("B1.d150.c1", 1, Pick.FIRST), Term("B1.d150.c3"), Term("B1.d150.c9", -1))),
    Measure("closing", (Term("B1.d150.c16", 1, Pick.LAST),)),
    Measure("ratio", (Term("B2.d150.c3"), Term("B1.d150.c9")), (Term("B1.d150.c3"),), 100),
)
FILINGS = st.dictionaries(
    st.tuples(st.sampled_from(["a", "b"]), st.sampled_from(WINDOWS), st.integers(1, 2)),
    st.dictionaries(st.sampled_from(CELLS), st.integers(0, 99) | st.sampled_from(["na", "nd"]), min_size=1),
    max_size=8,
)
ASKED = [*WINDOWS, Window(date(2021, 1, 1), date(2022, 12, 31))]
RULES = [LATEST, AS_FIRST_REPORTED, as_accepted_on(date(2023, 1, 1)), as_accepted_on(date(2022, 12, 31))]


def facts_of(filings: dict[tuple[str, Window, int], dict[str, int | str]]) -> list[Fact]:
    facts = []
    for version_id, ((agency, window, number), cells) in enumerate(filings.items(), start=1):
        for cell, raw in cells.items():
            form, row, column = cell.split(".")
            facts.append(
                Fact(
                    agency=agency,
                    area_key=agency,
                    area_path=f"p/{agency}",
                    form=form,
                    row=row,
                    column=column,
                    state=raw if isinstance(raw, str) else "number",  # type: ignore[arg-type]
                    value=None if isinstance(raw, str) else raw,
                    window=window,
                    version_id=version_id,
                    version_number=number,
                    accepted_at=datetime(2023, 1, number, tzinfo=UTC),
                    superseded=False,
                    provisional=False,
                )
            )
    return facts


def chosen(facts: Iterable[Fact], rule: Versions, window: Window) -> list[Fact]:
    """The facts that speak for the window, by the rules of the question's docstrings."""
    day_end = datetime(rule.on.year, rule.on.month, rule.on.day, 17, tzinfo=UTC) if rule.on else None
    seen = [fact for fact in facts if day_end is None or fact.accepted_at < day_end]
    best: dict[tuple[str, str, Window], int] = {}
    for fact in seen:
        key = (fact.agency, fact.form, fact.window)
        pick = min if rule.rule == "as_first_reported" else max
        best[key] = pick(best.get(key, fact.version_number), fact.version_number)
    seen = [fact for fact in seen if best[fact.agency, fact.form, fact.window] == fact.version_number]
    inside = [fact for fact in seen if window.contains(fact.window)]
    filed = {(fact.agency, fact.form, fact.window) for fact in inside}
    return [
        fact
        for fact in inside
        if not any(
            agency == fact.agency and form == fact.form and other != fact.window and other.contains(fact.window)
            for agency, form, other in filed
        )
    ]


def counted(facts: list[Fact], term: Term) -> list[Fact]:
    """The facts that one term adds up."""
    form = term.cell.partition(".")[0]
    kept = []
    for fact in facts:
        windows = [other.window for other in facts if (other.agency, other.form) == (fact.agency, form)]
        edge = {Pick.FIRST: min(windows, default=None), Pick.LAST: max(windows, default=None, key=lambda w: w.end)}
        if fact.cell == term.cell and (term.pick is Pick.ALL or edge[term.pick] == fact.window):
            kept.append(fact)
    return kept


def summed(facts: list[Fact], terms: tuple[Term, ...]) -> Fraction | None:
    found = [(term.sign, fact.value) for term in terms for fact in counted(facts, term) if fact.state == "number"]
    if not any(sign > 0 for sign, _value in found):
        return None
    return sum((Fraction(sign * value) for sign, value in found if value is not None), Fraction(0))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    filings=FILINGS,
    rule=st.sampled_from(RULES),
    window=st.sampled_from(ASKED),
)
def test_the_engine_says_what_plain_python_says(tmp_path, filings, rule, window):
    facts = facts_of(filings)
    write_facts(facts, tmp_path)
    with FactsTable(tmp_path) as table:
        rows = answer(FigureQuestion(MEASURES, window, versions=rule), table)
    speaking = chosen(facts, rule, window)
    for row, measure in zip(rows, MEASURES, strict=True):
        above, below = summed(speaking, measure.numerator), summed(speaking, measure.denominator)
        if not measure.denominator:
            assert row.value == above, measure.code
        elif above is None or not below:
            assert row.value is None, measure.code
        else:
            assert row.value == float(100 * above / below), measure.code
        used = [fact for term in (*measure.numerator, *measure.denominator) for fact in counted(speaking, term)]
        assert set(row.version_ids) == {fact.version_id for fact in used if fact.state == "number"}
        assert row.received == len({(fact.agency, fact.window) for fact in used if fact.state in ("number", "na")})
