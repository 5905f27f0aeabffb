"""Reading a plan: text in, PlanReading out. Pure: no disk, no database, no clock; the vocabulary is passed in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from haidang.kernel.calendars import Period
from haidang.kernel.windows import Window
from haidang.reading.addressees import addressee_in
from haidang.reading.assignments import Assigner
from haidang.reading.blocks import blocks_of
from haidang.reading.confidence import DOUBTED, confidence_of
from haidang.reading.dates import data_window_in
from haidang.reading.duties import duties_in
from haidang.reading.header import header_of
from haidang.reading.model import DutyReading, PlanReading, TargetReading
from haidang.reading.normal_form import Line, NormalForm, normal_form
from haidang.reading.outline import Node, outline_of
from haidang.reading.sections import Kind, is_organising, kind_of
from haidang.reading.signature import recipients_of, signer_of
from haidang.reading.tables import indicator_rows, span_of, task_rows
from haidang.reading.targets import comparator_of, number_in, over_all, targets_in
from haidang.reading.tasks import TaskFinder
from haidang.reading.vocabulary import ReadingVocabulary
from haidang.reading.zones import tail_parts, zones_of

MOST_BELOW = 20  # how many lines below a duty are asked for its addressee


def read_plan(text: str, vocabulary: ReadingVocabulary, *, recognised: bool = False) -> PlanReading:
    """Read an issued plan from its text. Never raises on any text; a text that is no plan gives `is_plan` False.

    `recognised` says that letters of the text were recognised from pictures: then no item is more than doubted.
    """
    reading = _read(text, vocabulary)
    return reading.at_most(DOUBTED) if recognised else reading


def _read(text: str, vocabulary: ReadingVocabulary) -> PlanReading:
    form = normal_form(text)
    zones = zones_of(form.lines, vocabulary)
    if not zones.is_plan:
        return PlanReading(False, text=form.text)
    assigner = Assigner(vocabulary)
    header = header_of(zones, form.text, assigner)
    signature, annex = tail_parts(zones.tail)
    root = outline_of(blocks_of(zones.body, vocabulary))
    finder = TaskFinder(
        assigner, header.year_from if header.year_from == header.year_to else _year_of(header.issued_on, header.year_to)
    )
    tasks = finder.find(root)
    tasks += finder.annex_rows(_tables(annex, vocabulary))
    return PlanReading(
        True,
        header.number,
        header.issued_on,
        header.issuer,
        header.place,
        header.title,
        header.year_from,
        header.year_to,
        header.legal_bases,
        tuple(_targets(root, vocabulary)),
        tuple(tasks),
        tuple(_duties(root, assigner)),
        recipients_of(zones.decision, vocabulary) or recipients_of(signature, vocabulary),
        signer_of(zones.decision, vocabulary) or signer_of(signature, vocabulary),
        _data_window(form),
        form.text,
    )


def _year_of(issued_on: object, year_to: int | None) -> int | None:
    year = getattr(issued_on, "year", None)
    return year or year_to


def _tables(lines: Sequence[Line], vocabulary: ReadingVocabulary) -> list[Node]:
    """The tables among the lines after the signature."""
    return [node for node in outline_of(blocks_of(lines, vocabulary)).walk() if node.is_table]


def _data_window(form: NormalForm) -> Window | None:
    found = data_window_in(form.text)
    return Window(*found) if found else None


def _targets(root: Node, vocabulary: ReadingVocabulary) -> list[TargetReading]:
    found: list[TargetReading] = []
    for node in root.walk():
        if node.block is None or kind_of(node) is not Kind.OBJECTIVES:
            continue
        if node.is_table:
            found += _table_targets(node)
            continue
        for target in targets_in(node.text, vocabulary):
            span = node.block.span(target.start, target.end)
            text = node.text[target.start : target.end]
            found.append(
                TargetReading(text, target.comparator, target.value, target.unit, span, target.rule, target.confidence)
            )
    return found


def _table_targets(node: Node) -> list[TargetReading]:
    found = []
    for row in indicator_rows(node.rows):
        figure = re.search(r"\d[\d.,]*", row.cell.text)
        if figure is None:
            continue
        value = number_in(figure.group().rstrip(".,"))
        unit = "%" if "%" in row.cell.text else row.unit or None
        lead = f"{row.name} {row.cell.text}"
        at = len(row.name) + 1 + figure.start()
        sign = re.search(r"[≥≤<>]", row.cell.text)
        comparator = comparator_of(lead, at, row.cell.text[figure.end() :].lstrip("% "), sign[0] if sign else None)
        rule = over_all("target.table", comparator, value, unit)
        confidence = confidence_of("target.table", doubted=rule != "target.table")
        span = span_of(row.block, row.cell)
        found.append(TargetReading(row.cell.text, comparator, value, unit, span, rule, confidence))
    return found


def _duties(root: Node, assigner: Assigner) -> list[DutyReading]:
    found: dict[tuple[object, ...], DutyReading] = {}
    for node in root.walk():
        kind = kind_of(node)
        if node.block is None or kind in (Kind.OBJECTIVES, Kind.NOTHING):
            continue
        organising = is_organising(node) or kind is Kind.REPORTING
        context = (
            node.parent.text
            if (node.parent and node.parent.text.rstrip().endswith(":")) or (kind is Kind.REPORTING and node.parent)
            else ""
        )
        if node.is_table:
            _add_new(found, _table_duties(node, assigner, kind))
            continue
        duties = duties_in(node.text, assigner, organising, context, node.parent.text if node.parent else "")
        yearly = sum(duty.period is Period.YEAR and duty.due is not None for duty in duties)
        for duty in duties:
            to = duty.to or _addressee_below(node, assigner)
            span = node.block.span(duty.start, duty.end)
            confidence = confidence_of(duty.rule, doubted=yearly > 1 or to is None)
            reading = DutyReading(duty.period, duty.due, to, duty.strict, duty.by, span, duty.rule, confidence)
            _add_new(found, [reading])
    return list(found.values())


def _addressee_below(node: Node, assigner: Assigner) -> str | None:
    """To whom all reports of a list go, where a line after the list says so: "Các báo cáo gửi về UBND tỉnh"."""
    after = node.parent.children[node.place + 1 : node.place + 1 + MOST_BELOW] if node.parent else []
    texts = (each.text for each in after if not each.is_table and re.search("báo cáo", each.text, re.IGNORECASE))
    return next((found for text in texts if (found := addressee_in(text, assigner))), None)


def _add_new(found: dict[tuple[object, ...], DutyReading], duties: Iterable[DutyReading]) -> None:
    for duty in duties:
        found.setdefault((duty.period, duty.due, duty.to), duty)


def _table_duties(node: Node, assigner: Assigner, kind: Kind) -> Iterator[DutyReading]:
    """Duties in a schedule written as a table ("Báo cáo 6 tháng | trước ngày 10/6"); tables of tasks give none."""
    heading = node.parent.text if node.parent else ""
    about_reports = kind is Kind.REPORTING or "báo cáo" in heading.lower()
    if not about_reports or next(task_rows(node.rows, assigner), None) is not None:
        return
    for row in node.rows:
        text = row.text.replace("|", " ")
        for duty in duties_in(text, assigner, True, heading):
            span = row.span(duty.start, duty.end)
            yield DutyReading(
                duty.period, duty.due, duty.to, duty.strict, duty.by, span, "duty.table", confidence_of("duty.table")
            )
