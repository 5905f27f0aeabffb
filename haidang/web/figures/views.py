"""The figures explorer and where a number comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from haidang.accounts.actors import Actor, Refused
from haidang.catalogue.indicators import all_indicators
from haidang.filings.sources import (
    area_named,
    areas_stood_over,
    first_area_in_force,
    places_of_versions,
    plans_with_cycles,
)
from haidang.kernel import clock
from haidang.kernel.cells import CellState
from haidang.kernel.dates import parse_date, short_date
from haidang.kernel.numbers import count_in, format_number
from haidang.kernel.windows import Window
from haidang.reviews.plans import windows_of
from haidang.statistics.figures import Figure, Source
from haidang.statistics.measures import UnknownMeasure, measure
from haidang.statistics.queries import By, figures, lineage
from haidang.web.figures.question import TOPIC, Defaults, Question, read_question
from haidang.web.figures.tables import Pointer, Table, chart_of, number_text, table_of

if TYPE_CHECKING:
    from haidang.agencies.models import Area

MOST_AREAS = 400
_NO_AREA = "Không có địa bàn nào như địa chỉ đã ghi. Chọn địa bàn trong danh sách rồi xem lại."
_STATES = {CellState.NOT_APPLICABLE: "không thuộc chức năng", CellState.NOT_AVAILABLE: "chưa có số liệu"}


@require_GET
def explorer(request: HttpRequest) -> HttpResponse:
    """Choose, see, open: a table of figures over any window, a chart, and the sources of the number chosen."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    question = read_question(request.GET.dict(), _defaults(actor))
    context: dict[str, Any] = {
        "question": question,
        "errors": question.errors,
        "indicators": _options(question.indicator),
        "areas": _areas(actor),
        "plans": _plans(actor),
    }
    if question.errors or question.window is None:
        return render(request, "figures/explorer.html", context, status=422)
    area = area_named(question.area)
    if question.area and area is None:
        return render(request, "figures/explorer.html", {**context, "refusal": _NO_AREA}, status=404)
    try:
        found = figures(
            actor, question.codes, question.window, area,
            by=question.split, baseline=question.baseline, versions=question.version_rule,
            plan_id=question.plan,
        )  # fmt: skip
        picked = _picked(request.GET.dict())
        told = _lineage(actor, picked, area, question) if picked is not None else None
    except UnknownMeasure as unknown:
        return render(request, "figures/explorer.html", {**context, "refusal": str(unknown)}, status=404)
    except Refused as refusal:
        return render(request, "figures/explorer.html", {**context, "refusal": str(refusal)}, status=403)
    context |= _shown(question, area, found, picked)
    if told is not None:
        context["lineage"] = told
    return render(request, "figures/explorer.html", context)


def _shown(question: Question, area: Area | None, found: Sequence[Figure], picked: Pointer | None) -> dict[str, Any]:
    by_group = question.split != "year"
    title = _title(question)
    table = table_of(found, named_by_group=by_group)
    chart = chart_of(_chart_title(found), found, by_group=by_group)
    heard = found[0].coverage if found else None
    return {
        "result": {
            "title": title,
            "place": area.name if area else "Các cơ quan tôi được xem",
            "window": question.window,
            "coverage_words": f"đã nhận {heard} báo cáo" if heard else "chưa có báo cáo nào",
            "heads": table.heads,
            "rows": _rows(question, table, picked),
            "notes": table.notes,
        },
        "chart": chart,
        "chart_title": _chart_title(found),
        "chart_has_parts": bool(chart and any(bar.part for bar in chart.bars)),
    }


def _rows(question: Question, table: Table, picked: Pointer | None) -> list[dict[str, Any]]:
    return [
        {
            "name": row.name,
            "total": row.strong,
            "cells": [
                {
                    "text": cell.text,
                    "strong": cell.total,
                    "address": _open(question, cell.pointer) if cell.pointer else "",
                    "picked": cell.pointer is not None and cell.pointer == picked,
                    "spoken": f"{cell.text}: {row.name}, {head}",
                }
                for head, cell in zip(table.heads[1:], row.cells, strict=True)
            ],
        }
        for row in table.rows
    ]


def _open(question: Question, pointer: Pointer) -> str:
    """The same page with this number chosen."""
    start, end = short_date(pointer.window.start), short_date(pointer.window.end)
    chosen = {"nguon": pointer.code, "nguon-tu": start, "nguon-den": end, "nguon-nhom": pointer.group}
    return f"{reverse('figures:explorer')}?{question.address_of(**chosen)}#ln"


def _title(question: Question) -> str:
    if question.indicator.startswith(TOPIC) and question.split == "year":
        topic = question.indicator.removeprefix(TOPIC)
        return next((one.topic_title for one in all_indicators() if one.topic == topic), "Số liệu")
    return measure(question.codes[0]).name


def _chart_title(found: Sequence[Figure]) -> str:
    return f"{found[0].measure.name} ({found[0].measure.unit})" if found else ""


@require_GET
def lineage_page(request: HttpRequest) -> HttpResponse:
    """The sources of one number, on a page of its own: for links from the closing report."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    question = read_question(request.GET.dict(), _defaults(actor))
    area = area_named(question.area)
    if question.errors or question.window is None or (question.area and area is None):
        return explorer(request)
    pointer = _picked(request.GET.dict()) or Pointer(question.indicator, question.window, "")
    try:
        told = _lineage(actor, pointer, area, question)
    except UnknownMeasure as unknown:
        return render(request, "figures/lineage.html", {"refusal": str(unknown), "back": _back(question)}, status=404)
    return render(request, "figures/lineage.html", {"lineage": told, "back": _back(question)})


def _back(question: Question) -> str:
    return f"{reverse('figures:explorer')}?{question.address_of()}"


def _picked(asked: Mapping[str, str]) -> Pointer | None:
    """The number chosen in the address; None when none is, or it cannot be read."""
    try:
        window = Window(parse_date(asked["nguon-tu"]), parse_date(asked["nguon-den"]))
        return Pointer(asked["nguon"], window, asked.get("nguon-nhom", ""))
    except (KeyError, ValueError):
        return None


def _lineage(actor: Actor, pointer: Pointer, area: Area | None, question: Question) -> dict[str, Any]:
    """What the panel shows: the number, how it is worked out, and every version behind it."""
    kind, _, key = pointer.group.partition(":")
    if kind == "area":
        named = count_in(key.rpartition("/")[2])
        area = area if named is None else area_named(named)
    by: By = "agency" if kind == "agency" else "year"
    one = measure(pointer.code)
    found = figures(
        actor, [pointer.code], pointer.window, area, by=by, versions=question.version_rule, plan_id=question.plan
    )
    figure = next((each for each in found if kind != "agency" or each.group.key == key), None)
    sources = lineage(actor, pointer.code, pointer.window, area, versions=question.version_rule, plan_id=question.plan)
    places = _places(actor, sources)
    if kind == "agency":
        sources = [source for source in sources if places[source.version_id][1] == key]
    value = number_text(one, figure.value) if figure else "–"
    return {
        "heading": f"Nguồn của con số {value}",
        "facts": _facts(pointer, area, figure, question),
        "sources": [_source(source, pointer, places) for source in sources],
        "total_words": "Tính lại từ tổng các ô" if one.rate else "Kết quả",
        "total": value,
        "notes": figure.notes if figure else (),
        "missing": "" if figure is None or figure.coverage.complete else f"Mới nhận {figure.coverage} báo cáo phải có.",
        "corrections": [source for source in sources if source.reason],
    }


def _facts(pointer: Pointer, area: Area | None, figure: Figure | None, question: Question) -> list[tuple[str, str]]:
    one = measure(pointer.code)
    indicator = next((each for each in all_indicators() if each.code == pointer.code), None)
    rule = question.version_rule
    facts = [
        ("Chỉ tiêu", one.name),
        ("Đơn vị", one.unit),
        ("Kỳ", f"{short_date(pointer.window.start)} - {short_date(pointer.window.end)}"),
        ("Địa bàn", area.name if area else "các cơ quan tôi được xem"),
        ("Cách tính", f"{indicator.expression}. {indicator.measure}" if indicator else f"ô {pointer.code}"),
        ("Phiên bản", f"tiếp nhận đến {short_date(rule)}" if isinstance(rule, date) else
         "tiếp nhận lần đầu" if rule == "first" else "tiếp nhận mới nhất"),
    ]  # fmt: skip
    return facts + ([("Đã nhận", f"{figure.coverage} báo cáo")] if figure else [])


def _places(actor: Actor, sources: Sequence[Source]) -> dict[int, tuple[str, str]]:
    """For each version: the address of its filing ("" when the actor may not open it), and its agency's code."""
    found = places_of_versions(actor, [source.version_id for source in sources])
    return {
        pk: (
            reverse("filings:version", args=[place.obligation_id, place.number]) if place.visible else "",
            place.agency_code,
        )
        for pk, place in found.items()
    }


def _source(source: Source, pointer: Pointer, places: Mapping[int, tuple[str, str]]) -> dict[str, Any]:
    text = number_text(measure(pointer.code), source.value)
    return {
        "name": source.agency,
        "address": f"{address}?bieu={_form(pointer.code)}" if (address := places[source.version_id][0]) else "",
        "cycle": source.cycle,
        "accepted": short_date(source.accepted_at.astimezone(clock.VIET_NAM).date()),
        "number": text if source.value is not None else _STATES.get(source.state, "để trống"),
        "version": format_number(source.version_number),
        "reason": source.reason,
        "document_number": source.document_number,
        "history": address.partition("ban/")[0] + "ban/" if address else "",
    }


def _form(code: str) -> str:
    return measure(code).forms[0]


def _options(chosen: str) -> list[dict[str, Any]]:
    """The indicators by topic, each topic as a whole first; a cell that was asked for by its code stands at the end."""
    groups: dict[str, dict[str, Any]] = {}
    for one in all_indicators():
        whole = {"code": f"{TOPIC}{one.topic}", "words": f"Cả nhóm: {one.topic_title}"}
        group = groups.setdefault(one.topic, {"words": one.topic_title, "options": [whole]})
        group["options"].append({"code": one.code, "words": ("– " if one.part_of else "") + f"{one.name} ({one.unit})"})
    listed = list(groups.values())
    if not any(option["code"] == chosen for group in listed for option in group["options"]):
        listed.append({"words": "Theo mã ô", "options": [{"code": chosen, "words": chosen}]})
    return listed


def _areas(actor: Actor) -> list[dict[str, Any]]:
    """The areas that the actor may ask about, indented by level."""
    rows = areas_stood_over(actor, MOST_AREAS)
    return [{"pk": area.pk, "name": area.name, "indent": "\u2003" * area.path.count("/")} for area in rows]


def _plans(actor: Actor) -> list[dict[str, Any]]:
    """The plans whose cycles the actor may see."""
    return [{"pk": plan.pk, "words": f"{plan.number} {plan.title}".strip()[:70]} for plan in plans_with_cycles(actor)]


def _defaults(actor: Actor) -> Defaults:
    """The windows of the review that the actor's filings belong to; the area that the actor stands over."""
    window, baseline = windows_of(plans_with_cycles(actor))
    area = first_area_in_force(actor, clock.today())
    return Defaults(window, baseline, area.pk if area else None)
