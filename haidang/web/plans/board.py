"""The board of a plan that is followed: tasks by agency, section or time, beside targets, duties and cycles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from haidang.filings.policies import may_open_cycles
from haidang.filings.queries import cycles_of
from haidang.kernel import clock
from haidang.kernel.dates import short_date
from haidang.plans import board, originals, queries
from haidang.plans.progress import Bucket, tally
from haidang.plans.rules import WindowState, window_words
from haidang.plans.timetable import Moment, Sort, timetable_of
from haidang.web.plans.buckets import SHOWN, bucket_links, chosen_bucket, share_words
from haidang.web.plans.target_rows import targets_context
from haidang.web.plans.timeline import Axis, axis_of
from haidang.web.plans.views import plan_or_404

if TYPE_CHECKING:
    from haidang.filings.models import Cycle
    from haidang.plans.following import TaskProgress
    from haidang.plans.models import Plan

SHOWN_TURNS = 3
VIEWS = {"co-quan": "Theo cơ quan", "muc": "Theo mục", "thoi-gian": "Theo thời gian"}
SORTS = {
    Sort.CAMPAIGN: ("ext", "clock", "đợt, thời gian thực hiện"),
    Sort.DEADLINE: ("due", "half", "hạn nhiệm vụ"),
    Sort.TURN: ("nil", "sync", "việc định kỳ"),
    Sort.NAMED_DAY: ("ext", "bell", "ngày 30/7"),
    Sort.REPORT: ("nil", "file", "hạn báo cáo"),
}


@dataclass(frozen=True, slots=True)
class _Place:
    """What every row needs: the plan, its cycles, the axis to draw on, the chosen bucket, and the day."""

    plan: Plan
    cycles: Sequence[Cycle]
    axis: Axis
    chosen: Bucket | None
    today: date


@require_GET
def plan_board(request: HttpRequest, pk: int) -> HttpResponse:
    """A plan as accepted. `?xem=` chooses how tasks are listed, `?nhom=` one bucket. A draft leads to its review."""
    plan = plan_or_404(request, pk)
    if plan.is_draft:
        return redirect("plans:review", plan.pk)
    return render(request, "web/plans/board.html", _context(request, plan))


def _context(request: HttpRequest, plan: Plan) -> dict[str, Any]:
    actor = request.actor  # type: ignore[attr-defined]
    today = clock.today()
    groups = board.tasks_by_agency(plan, today)
    view = request.GET.get("xem", "")
    view = view if view in VIEWS else "co-quan"
    rows = {row.task.pk: row for group in groups for row in group.tasks}
    days = [row.task.last_day for row in rows.values() if row.task.last_day]
    cycles = cycles_of(actor, plan.pk)
    place = _Place(plan, cycles, axis_of(plan, days, today), chosen_bucket(request.GET.get("nhom", "")), today)
    return {
        "plan": plan,
        **targets_context(actor, plan),
        "view": view,
        "views": [(code, words, _address(code, place.chosen)) for code, words in VIEWS.items()],
        **_listed(view, groups, list(rows.values()), place),
        "axis": place.axis,
        "marks": place.axis.marks(),
        "buckets": _buckets([row.progress for row in rows.values()], place.chosen, view),
        "chosen": place.chosen,
        "all_address": _address(view, None),
        "duties": [(duty, queries.duty_words(duty)) for duty in plan.duties.all()],
        "cycles": cycles,
        "may_open": bool(may_open_cycles(actor, plan)),
        "has_original": originals.is_kept(plan),
        "answers": queries.answers_of(plan),
        "waiver": queries.waiver_of(plan),
    }


def _address(view: str, bucket: Bucket | None) -> str:
    """The board's own address with a view and a bucket; the usual ones go without saying."""
    chosen = [f"xem={view}"] if view != "co-quan" else []
    chosen += [f"nhom={bucket}"] if bucket else []
    return "?" + "&".join(chosen)


def _listed(
    view: str, groups: Sequence[board.AgencyGroup], rows: Sequence[board.BoardTask], place: _Place
) -> dict[str, Any]:
    """The tasks as the view lists them: groups of rows, or months of moments."""
    if view == "thoi-gian":
        return {"months": _months(rows, place)}
    if view == "muc":
        shown = [_section(section, place) for section in board.by_section(place.plan, rows)]
    else:
        shown = [_group(group, place) for group in groups]
    return {"groups": [group for group in shown if group["rows"]]}


def _buckets(progress: Sequence[TaskProgress], chosen: Bucket | None, view: str) -> list[dict[str, object]]:
    """The plan's tasks in four buckets, each with its share or its longest delay."""
    counts = tally(one.bucket for one in progress)
    details = {bucket: share_words(count, len(progress)) for bucket, count in counts.items()}
    for bucket, words in ((Bucket.DONE_LATE, "trễ nhất"), (Bucket.OVERDUE, "lâu nhất")):
        if delays := [one.days for one in progress if one.bucket is bucket]:
            details[bucket] = f"{words} {max(delays)} ngày"
    return bucket_links(counts, details, chosen, lambda bucket: _address(view, bucket))


def _told(rows: Sequence[board.BoardTask]) -> str:
    """How many tasks stand in which bucket: "2 xong đúng hạn, 1 đang làm, quá hạn"."""
    counts = tally(row.progress.bucket for row in rows)
    return ", ".join(f"{count} {SHOWN[bucket].words.lower()}" for bucket, count in counts.items() if count)


def _rows(rows: Sequence[board.BoardTask], place: _Place) -> list[dict[str, Any]]:
    return [_row(row, place.axis) for row in rows if place.chosen in (None, row.progress.bucket)]


def _group(group: board.AgencyGroup, place: _Place) -> dict[str, Any]:
    remarks = [f"{len(group.tasks)} nhiệm vụ: {_told(group.tasks)}"]
    if group.agencies > 1:
        remarks.append(f"nhóm {group.agencies} cơ quan")
    elif not group.agencies and group.words != board.WITHOUT_LEAD:
        remarks.append("chưa khớp danh mục")
    if group.now:
        remarks.append(f"nay do {', '.join(group.now)} thực hiện")
    elif group.gone:
        remarks.append("đã kết thúc hoạt động, chưa có cơ quan tiếp nhận")
    return {"words": group.words, "remarks": " · ".join(remarks), "rows": _rows(group.tasks, place)}


def _section(section: board.SectionGroup, place: _Place) -> dict[str, Any]:
    remarks = f"{len(section.tasks)} nhiệm vụ: {_told(section.tasks)}"
    return {"words": section.words, "remarks": remarks, "rows": _rows(section.tasks, place), "leads": True}


def _row(row: board.BoardTask, axis: Axis) -> dict[str, Any]:
    task, progress = row.task, row.progress
    state, icon, words = _look(row)
    return {
        "task": task,
        "progress": progress,
        "leads": row.leads,
        "coordinating": row.coordinating,
        "limited": row.limited,
        "missed": _missed(progress.missed),
        "window": "Không ghi ngày"
        if row.state is WindowState.OPEN
        else window_words(task.window_from, task.window_to, task.window_strict),
        "stretch": axis.stretch(task.window_from, task.last_day),
        "state": state,
        "icon": icon,
        "words": words,
        "open": row.state is WindowState.OPEN,
    }


def _missed(turns: Sequence[str]) -> str:
    """The turns that somebody missed; of many only how many, and the last."""
    return ", ".join(turns) if len(turns) <= SHOWN_TURNS else f"{len(turns)} kỳ, gần nhất {turns[-1]}"


def _look(row: board.BoardTask) -> tuple[str, str, str]:
    """State, icon and words of a task as a whole."""
    progress = row.progress
    look = SHOWN[progress.bucket]
    begun = progress.total > 0
    if row.state is WindowState.AHEAD and progress.bucket is Bucket.OPEN and not begun:
        return "none", "clock", "Chưa đến kỳ"
    return look.state, look.icon, look.words if begun else look.words.replace("Đang làm", "Chưa bắt đầu")


# by time


def _months(rows: Sequence[board.BoardTask], place: _Place) -> list[dict[str, Any]]:
    """The plan's moments under the months they begin in; what names no day comes last."""
    table = timetable_of(place.plan, rows, place.today)
    lines = [
        (moment.first, _moment(moment, place))
        for moment in table.moments
        if place.chosen is None or (moment.row and moment.row.progress.bucket is place.chosen)
    ]
    lines += [(cycle.due.last_day, _cycle(cycle, place)) for cycle in place.cycles if place.chosen is None]
    months: dict[str, dict[str, Any]] = {}
    for day, line in sorted(lines, key=lambda pair: pair[0]):
        words = f"Tháng {day.month}/{day.year}"
        now = (day.year, day.month) == (place.today.year, place.today.month)
        months.setdefault(words, {"words": words, "now": now, "lines": []})["lines"].append(line)
    undated = [_undated(row, place) for row in table.undated if place.chosen in (None, row.progress.bucket)]
    if undated:
        months["-"] = {"words": "Không ghi ngày: làm cả năm", "now": False, "lines": undated}
    return list(months.values())


def _moment(moment: Moment, place: _Place) -> dict[str, Any]:
    state, icon, sort = SORTS[moment.sort]
    look = _look(moment.row) if moment.row else None
    if moment.turn and moment.row:
        sort = f"{sort}: {moment.turn.words}"
        look = _turn_look(moment, place.today)
    same = moment.first == moment.last or moment.sort is Sort.DEADLINE
    return {
        "when": short_date(moment.last) if same else f"{short_date(moment.first)} – {short_date(moment.last)}",
        "sort": (state, icon, sort),
        "words": moment.words,
        "row": moment.row,
        "look": look,
        "addressee": moment.duty.addressee if moment.duty else "",
        "stretch": place.axis.stretch(moment.first, moment.last),
    }


def _turn_look(moment: Moment, today: date) -> tuple[str, str, str] | None:
    """How one turn stands, as far as the task as a whole tells: missed, still to come, or as the current one does."""
    assert moment.row is not None and moment.turn is not None
    progress = moment.row.progress
    if moment.turn.words in progress.missed:
        return "over", "alert", "Bỏ lỡ"
    if moment.turn.first > today:
        return "none", "clock", "Chưa đến kỳ"
    if moment.turn.last < today:
        return "ok", "check", "Đã làm"
    return "due", "half", "Đang trong kỳ"


def _cycle(cycle: Cycle, place: _Place) -> dict[str, Any]:
    """The due date of a cycle that was opened."""
    return {
        "when": short_date(cycle.due.last_day),
        "sort": ("ok", "file", "kỳ báo cáo đã mở"),
        "words": cycle.label,
        "row": None,
        "look": None,
        "addressee": "",
        "stretch": place.axis.stretch(cycle.due.last_day, cycle.due.last_day),
    }


def _undated(row: board.BoardTask, place: _Place) -> dict[str, Any]:
    return {
        "when": "",
        "sort": ("none", "clock", "cả năm"),
        "words": row.task.text,
        "row": row,
        "look": _look(row),
        "addressee": "",
        "stretch": place.axis.stretch(None, None),
    }
