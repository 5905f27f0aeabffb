"""Asking for figures: any window, area and version, with coverage, comparison and lineage. The actor comes first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from haidang.accounts.actors import Actor
from haidang.agencies.models import Area
from haidang.filings.models import Version
from haidang.kernel.dates import short_date
from haidang.kernel.windows import Window
from haidang.statistics.answers import WHOLE, Answer, Grouping
from haidang.statistics.figures import Figure, Group, Measure, Slice, Source
from haidang.statistics.measures import measure
from haidang.statistics.rules import Exercise, compare
from haidang.statistics.selection import Owed, Scope, Versions, scope_of

By = Literal["year", "area", "agency"]
MOST_NAMED = 5


def figures(
    actor: Actor,
    codes: Sequence[str],
    window: Window,
    area: Area | None = None,
    *,
    by: By = "year",
    baseline: Window | None = None,
    versions: Versions = "latest",
    plan_id: int | None = None,
) -> list[Figure]:
    """The figures of these indicators or cells ("B2.core.c3") over the window: by year, in total, against a baseline.

    `by` "area" or "agency" gives one figure for each instead of one for all. `versions`: "latest" accepted, "first"
    accepted, or as accepted by the end of a day. Raises Refused when the actor does not stand over `area`,
    UnknownMeasure when a code names nothing.
    """
    measures = [measure(code) for code in dict.fromkeys(codes)]
    scope = scope_of(actor, [window, *([baseline] if baseline else [])], area, versions, plan_id)
    grouping = _grouping(scope, by, area)
    now = Answer(scope, measures, window=window, grouping=grouping)
    then = Answer(scope, measures, window=baseline, grouping=grouping, label_of=None) if baseline else None
    return [
        _figure(one, group, now, then)
        for one in measures
        for group in sorted(now.groups(one), key=lambda group: group.key)
    ]


def year_series(
    actor: Actor,
    codes: Sequence[str],
    window: Window,
    baseline: Window | None,
    area: Area,
    *,
    plan_id: int | None = None,
    versions: Versions = "latest",
) -> dict[str, Figure]:
    """For a closing report: one figure a code, from the cycles of its own plan, by year and against the baseline."""
    asked = figures(actor, codes, window, area, baseline=baseline, versions=versions, plan_id=plan_id)
    return {figure.code: figure for figure in asked}


def window_totals(
    actor: Actor,
    codes: Sequence[str],
    window: Window,
    area: Area,
    *,
    plan_id: int | None = None,
    versions: Versions = "latest",
) -> dict[str, Slice]:
    """For whole forms: the total of each of many cells over the window, without years: one question to the engine."""
    measures = [measure(code) for code in dict.fromkeys(codes)]
    scope = scope_of(actor, [window], area, versions, plan_id)
    found = Answer(scope, measures, window=window, grouping=_grouping(scope, "year", area), label_of=None)
    return {one.code: found.total(one, WHOLE) for one in measures}


def lineage(
    actor: Actor,
    code: str,
    window: Window,
    area: Area | None = None,
    *,
    versions: Versions = "latest",
    plan_id: int | None = None,
) -> list[Source]:
    """The versions behind one figure, each with what it says by itself, in order of window and agency."""
    one = measure(code)
    scope = scope_of(actor, [window], area, versions, plan_id)
    grouping = _grouping(scope, "agency", area)
    found = Answer(scope, [one], window=window, grouping=grouping, label_of=_by_cycle, one_figure=True)
    received = {item.received.version_id: item for item in found.owed if item.received}
    rows = Version.objects.defer("cells", "sections", "explanations").in_bulk(received)
    own = {(group.key, piece.label): piece for group in found.groups(one) for piece in found.slices(one, group)}
    in_order = sorted(received.items(), key=lambda pair: (pair[1].exercise.window, pair[1].agency_name))
    return [
        _source(item, own[item.agency_code, _by_cycle(item.exercise)], rows[version_id])
        for version_id, item in in_order
    ]


def _by_cycle(exercise: Exercise) -> str:
    return f"c{exercise.cycle_id}"


def _figure(one: Measure, group: Group, now: Answer, then: Answer | None) -> Figure:
    total, slices = now.total(one, group), now.slices(one, group)
    base = then.total(one, group) if then else None
    comparison = compare(total.value, base.value, now.window, then.window, rate=one.rate) if then and base else None
    return Figure(one, group, now.window, slices, total, base, comparison, _notes(now, one, group, slices, total))


def _notes(answer: Answer, one: Measure, group: Group, slices: Iterable[Slice], total: Slice) -> tuple[str, ...]:
    notes = []
    if not (total.coverage.expected or total.coverage.waived):
        notes.append("Không có kỳ báo cáo nào hỏi số liệu này trong khoảng đã chọn.")
    parts = [piece for piece in slices if piece.partial]
    if parts:
        told = "; ".join(f"{p.label} từ {short_date(p.window.start)} đến {short_date(p.window.end)}" for p in parts)
        notes.append(f"Năm không trọn: {told}.")
    if missing := answer.missing(one, group):
        notes.append(f"Còn {len(missing)} báo cáo chưa được tiếp nhận: {_named(missing)}.")
    if waived := answer.waived(one, group):
        notes.append(f"Được miễn {len(waived)} báo cáo: {_named(waived)}.")
    if handed := answer.handed_over(one, group):
        notes.append(f"Cơ quan kế thừa nộp thay {len(handed)} báo cáo của: {_named(handed)}.")
    if whole := answer.whole(one, group):
        notes.append(f"Đã gồm các đơn vị cùng ngành bên dưới, không cộng thêm: {_named(whole)}.")
    if total.without:
        notes.append(f"{total.without} báo cáo đã tiếp nhận để trống hoặc ghi chưa có số liệu; tổng chưa gồm phần đó.")
    if total.provisional:
        notes.append("Có số liệu ước: hạn nộp đến trước ngày khoá số liệu của kỳ.")
    if cut := answer.cut(one):
        notes.append(f"Không tính kỳ chỉ trùng một phần với khoảng đã chọn: {'; '.join(cut)}.")
    return tuple(notes)


def _named(owed: Sequence[Owed]) -> str:
    """The first of them by agency and cycle, a waived one with its reason, and how many more there are."""
    names = [f"{item.agency_name} ({item.exercise.label}{_reason(item)})" for item in owed[:MOST_NAMED]]
    more = len(owed) - len(names)
    return "; ".join(names) + (f" và {more} báo cáo khác" if more else "")


def _reason(item: Owed) -> str:
    return f"; lý do: {item.waived_reason.rstrip('.')}" if item.off and not item.handed_over else ""


def _grouping(scope: Scope, by: By, area: Area | None) -> Grouping:
    if by == "agency":
        return Grouping("agency", None, {})
    if by != "area":
        return Grouping(None, None, {})
    depth = area.path.count("/") + 2 if area else 1
    paths = {"/".join(owed.area_path.split("/")[:depth]) for owed in scope.owed}
    # Rows that only differ in name share their path: the last name stands.
    rows = Area.objects.filter(path__in=paths).order_by("valid_from")
    return Grouping("area", depth, {row.path: row.name for row in rows})


def _source(owed: Owed, own: Slice, version: Version) -> Source:
    assert owed.received is not None
    return Source(
        version_id=version.pk,
        version_number=version.number,
        agency=owed.agency_name,
        cycle=owed.exercise.label,
        window=owed.exercise.window,
        value=own.value,
        state=own.state,
        accepted_at=owed.received.accepted_at,
        reason=version.reason,
        document_number=version.document_number,
    )


__all__ = ["WHOLE", "By", "Versions", "figures", "lineage", "window_totals", "year_series"]
