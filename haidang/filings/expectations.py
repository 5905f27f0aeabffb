"""What a filing is held against beyond its own forms: its past, the agencies below it, and what was explained before.

Every finding on a filing comes from `findings_on`, so that entry, submission and review see the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

from haidang.catalogue.forms import FormSpec, RowSpec
from haidang.filings import content
from haidang.filings.consolidating.below import Below, below_of
from haidang.filings.consolidating.sums import Total
from haidang.filings.content import Cells, Earlier, FilingFinding
from haidang.filings.earlier import EarlierFiling, choose_earlier, earlier_filings, notable_change, the_one_before
from haidang.filings.models import Filing, Obligation
from haidang.kernel.numbers import format_number, format_percent
from haidang.kernel.windows import Window

MOST_PAST = 12
# Windows whose lengths differ by more than this share are not the same kind of cycle: a quarter is no year.
_LENGTH_APART = 0.2
# An entered figure is asked about when, against at least LEAST_PAST earlier figures of its own, it lies further from
# their median than SPREADS times their usual distance from it (the median absolute deviation, in units of a standard
# deviation), half of the median, and LEAST_DISTANCE. A choice of this product, not a rule of law.
LEAST_PAST, SPREADS, LEAST_DISTANCE = 5, 5, 10
_DEVIATION = 1.4826
_MOST_NAMED = 4
# Own figures that repeat the sum of those below in at least this many cells are most likely that sum.
_LEAST_REPEATED = 5


@dataclass(frozen=True)
class Expectations:
    """What is known around a filing. `past` are its latest comparable cycles; `below` None: nobody stands below.

    `alike` is the cycle before where it is about as long as this one: only then its figures may stand beside these.
    """

    earlier: Earlier = content.NOTHING_EARLIER
    past: tuple[Cells, ...] = ()
    below: Below | None = None
    alike: Cells | None = None


def expectations_of(obligation: Obligation, filings: list[EarlierFiling] | None = None) -> Expectations:
    """Everything that the filing of this obligation is held against; one query, and those of `below_of`.

    `filings` are its earlier ones, when they are loaded already.
    """
    filings = earlier_filings(obligation) if filings is None else filings
    before = the_one_before(obligation.cycle.window, filings)
    return Expectations(
        choose_earlier(obligation, filings),
        _past(obligation, filings),
        below_of(obligation),
        before.cells if before is not None and comparable(before, obligation.cycle.window) else None,
    )


def _past(obligation: Obligation, filings: Iterable[EarlierFiling]) -> tuple[Cells, ...]:
    return tuple(one.cells for one in filings if comparable(one, obligation.cycle.window))[:MOST_PAST]


def comparable(earlier: EarlierFiling, window: Window) -> bool:
    """Whether an earlier cycle is about as long as this window."""
    return abs(earlier.days - window.days) <= _LENGTH_APART * window.days


def findings_on(filing: Filing, expected: Expectations) -> list[FilingFinding]:
    """Everything to put right or to explain in a filing; an explanation given for other numbers is asked for again."""
    forms = content.forms_for(filing.obligation)
    cells = {**filing.cells, **filing.typed}
    found = content.findings_of(forms, cells, filing.sections, filing.explanations, expected.earlier)
    found += content.missing_totals(forms, filing.cells, filing.typed)
    for form in forms:
        odd = [one for one in found if one.form == form.code and ".magnitude:" in one.key]
        found += _beyond(form, filing, expected, {code for one in odd for code in one.cells})
    if filing.whole and expected.below is not None and expected.below.missing:
        found.append(_missing_below(filing, expected.below))
    return [_still_explained(one, filing, cells) for one in found]


def findings_to_send(filing: Filing, expected: Expectations) -> list[FilingFinding]:
    """What stands against sending the filing as it is: its findings, and what is wrong when its blanks stay blank."""
    left = content.wrong_with_blanks(content.forms_for(filing.obligation), filing.cells)
    return [*(one for one in left if one.blocks), *findings_on(filing, expected)]


def mark_of(finding: FilingFinding, cells: Cells) -> str:
    """A mark of what a finding says of which numbers: another as soon as one of them changes."""
    told = json.dumps([finding.message, [cells.get(code) for code in finding.cells]], ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _still_explained(finding: FilingFinding, filing: Filing, cells: Cells) -> FilingFinding:
    given_for = filing.explained.get(finding.key)
    if not finding.explanation or given_for in (None, mark_of(finding, cells)):
        return finding
    return replace(finding, explanation="")


def offered_words(finding: FilingFinding, filing: Filing) -> str:
    """What was said for other numbers, to be taken over or written anew; "" where nothing was."""
    return "" if finding.explanation else filing.explanations.get(finding.key, "")


def _beyond(form: FormSpec, filing: Filing, expected: Expectations, asked: set[str]) -> list[FilingFinding]:
    """Changes over a year, figures far from the agency's own past, and the agencies below. One finding a line each.

    A line that is already asked about for one reason of the past is not asked again for another.
    """
    rows = {code.rpartition(".")[0] for code in asked}
    found: list[FilingFinding] = []
    for check, told in (
        ("change", _changes(form, filing.cells, expected.earlier.last_year)),
        ("outlier", _outliers(form, filing.cells, expected.past)),
    ):
        for row, cells, message in told:
            whole = f"{form.code}.{row.code}"
            if whole not in rows:
                rows.add(whole)
                found.append(_finding(filing, f"{form.code}.{check}:{row.code}", cells, message))
    if expected.below is not None:
        found += _against_below(form, filing, expected.below)
    return found


def _finding(filing: Filing, key: str, cells: tuple[str, ...], message: str) -> FilingFinding:
    """Something to explain; `key` is "B1.check:place"."""
    return FilingFinding(key, key.partition(".")[0], "explain", cells, message, filing.explanations.get(key, ""))


_Told = tuple[RowSpec, tuple[str, ...], str]


def _changes(form: FormSpec, cells: Cells, last_year: Cells | None) -> Iterator[_Told]:
    """Lines whose totals moved far since the same cycle a year before; a total line is not asked for its parts."""
    if last_year is None:
        return
    totals = total_columns(form)
    moved: dict[str, _Told] = {}
    for row in form.rows:
        codes = [f"{form.code}.{row.code}.{column}" for column in totals if form.has_cell(row.code, column)]
        changes = {code: notable_change(cells.get(code), last_year.get(code)) for code in codes}
        far = {code: percent for code, percent in changes.items() if percent is not None}
        if far:
            words = [
                f"{_column(code)} {'tăng' if percent > 0 else 'giảm'} {format_percent(abs(percent), 0)} "
                f"({_number(cells[code])}, cùng kỳ {_number(last_year[code])})"
                for code, percent in far.items()
            ]
            moved[row.code] = (row, tuple(far), f"{row.name}: {_listed(words)} so với cùng kỳ năm trước. Giải trình.")
    yield from (told for code, told in moved.items() if form.parts_of(code).isdisjoint(moved))


def total_columns(form: FormSpec) -> tuple[str, ...]:
    """The columns by which a form is compared over time: worked-out counts; a form without any: its first count."""
    totals = tuple(column.code for column in form.columns if column.formula and column.adds_up)
    return totals or tuple(column.code for column in form.columns if column.adds_up)[:1]


def _outliers(form: FormSpec, cells: Cells, past: tuple[Cells, ...]) -> Iterator[_Told]:
    """Lines with entered figures far from what the agency itself filed before."""
    if len(past) < LEAST_PAST:
        return
    far: dict[str, list[tuple[str, str]]] = {}
    for local in form.input_cells:
        row, column = form.cells[local]
        code = f"{form.code}.{local}"
        if column.adds_up and (words := _far_from(cells.get(code), [one.get(code) for one in past])):
            far.setdefault(row.code, []).append((code, f"{column.code} = {words}"))
    for row_code, told in far.items():
        row = form.row(row_code)
        words = _listed([text for _, text in told])
        message = f"{row.name}: khác xa các kỳ trước của cơ quan: {words}. Kiểm tra lại; nếu đúng thì giải trình."
        yield row, tuple(code for code, _ in told), message


def _far_from(now: Any, past: list[Any]) -> str:
    """How far a figure lies from earlier ones, in words; "" when it does not, or too little is known."""
    numbers = [value for value in past if isinstance(value, int | float)]
    if not isinstance(now, int | float) or len(numbers) < LEAST_PAST:
        return ""
    middle = median(numbers)
    spread = _DEVIATION * median(abs(value - middle) for value in numbers)
    if abs(now - middle) <= max(LEAST_DISTANCE, SPREADS * spread, middle / 2):
        return ""
    return (
        f"{_number(now)} ({len(numbers)} kỳ trước từ {_number(min(numbers))} đến {_number(max(numbers))}, "
        f"giữa là {_number(middle)})"
    )


def _against_below(form: FormSpec, filing: Filing, below: Below) -> list[FilingFinding]:
    if not below.received:
        return []
    pairs = {
        code: (filing.cells.get(code), below.sums[code])
        for local in form.input_cells
        if form.cells[local][1].adds_up and (code := f"{form.code}.{local}") in below.sums
    }
    return _unlike_below(form, filing, below, pairs) if filing.whole else _repeats_below(form, filing, pairs)


def _unlike_below(
    form: FormSpec, filing: Filing, below: Below, pairs: Mapping[str, tuple[Any, Total]]
) -> list[FilingFinding]:
    """A filing that holds the numbers below: lines that differ from their sum."""
    missing = f" (còn thiếu {len(below.missing)})" if below.missing else ""
    lines: dict[str, list[str]] = {}
    for code, (own, total) in pairs.items():
        if _is_number(own) and _is_number(total.value) and own != total.value:
            lines.setdefault(code.split(".")[1], []).append(code)
    found = []
    for row, codes in lines.items():
        words = [f"{_column(one)} = {_number(pairs[one][0])}, cấp dưới {_number(pairs[one][1].value)}" for one in codes]
        message = (
            f"{form.row(row).name}: khác tổng của {below.received}/{below.expected} đơn vị cấp dưới{missing}: "
            f"{_listed(words)}. Sửa lại hoặc giải trình."
        )
        found.append(_finding(filing, f"{form.code}.below:{row}", tuple(codes), message))
    return found


def _repeats_below(form: FormSpec, filing: Filing, pairs: Mapping[str, tuple[Any, Total]]) -> list[FilingFinding]:
    """A filing of own numbers that are, cell by cell, the sum of those below: they would be counted twice."""
    both = {code: (own, total.value) for code, (own, total) in pairs.items() if own or total.value}
    if len(both) < _LEAST_REPEATED or any(own != total for own, total in both.values()):
        return []
    message = (
        f"Biểu {form.number}: mọi số trùng với tổng của các đơn vị cấp dưới, nên sẽ bị cộng hai lần. Nếu số đã gồm "
        "cấp dưới thì chọn “Gồm cả cấp dưới”; nếu là số riêng thì giải trình."
    )
    return [_finding(filing, f"{form.code}.repeats", tuple(both)[:_MOST_NAMED], message)]


def _missing_below(filing: Filing, below: Below) -> FilingFinding:
    """A filing that is to hold the numbers below while some are not there: waived, or said why all the same."""
    key = f"{content.CROSS}.missing_below"
    names = [one.agency.name for one in below.missing]
    rest = len(names) - _MOST_NAMED
    listed = ", ".join(names[:_MOST_NAMED]) + (f" và {rest} đơn vị nữa" if rest > 0 else "")
    message = (
        f"Số gồm cả cấp dưới nhưng còn thiếu {len(names)} đơn vị chưa được tiếp nhận: {listed}. Giải trình, hoặc đề "
        "nghị cơ quan thường trực miễn báo cáo cho đơn vị."
    )
    return FilingFinding(key, "", "explain", (), message, filing.explanations.get(key, ""))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _column(code: str) -> str:
    return code.rpartition(".")[2]


def _number(value: Any) -> str:
    return format_number(value)


def _listed(words: list[str]) -> str:
    rest = len(words) - _MOST_NAMED
    return "; ".join(words[:_MOST_NAMED]) + (f"; và {rest} cột nữa" if rest > 0 else "")
