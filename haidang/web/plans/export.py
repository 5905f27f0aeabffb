"""A plan's tasks to take away: the table as a workbook, the assignment annex as a document."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from django.core.exceptions import ObjectDoesNotExist
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from haidang.kernel import clock
from haidang.kernel.dates import long_date, short_date
from haidang.kernel.text import slug
from haidang.office.task_table import TaskLine, TaskTable, task_annex, task_workbook
from haidang.plans import board, originals
from haidang.plans.rules import window_words
from haidang.web.plans.buckets import SHOWN
from haidang.web.plans.views import plan_or_404

if TYPE_CHECKING:
    from haidang.plans.board import BoardTask
    from haidang.plans.models import Plan

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_GET
def workbook(request: HttpRequest, pk: int) -> HttpResponse:
    """The tasks with their progress, .xlsx."""
    plan = _followed_or_404(request, pk)
    return download(task_workbook(_table(plan)), XLSX, f"nhiem-vu-{_name(plan)}.xlsx")


@require_GET
def annex(request: HttpRequest, pk: int) -> HttpResponse:
    """ "Phụ lục phân công nhiệm vụ", .docx."""
    plan = _followed_or_404(request, pk)
    return download(task_annex(_table(plan)), DOCX, f"phu-luc-phan-cong-{_name(plan)}.docx")


@require_GET
def original(request: HttpRequest, pk: int) -> FileResponse:
    """The file that the plan was imported from, always as a download: the browser never shows or runs it here."""
    try:
        opened = originals.open_original(request.actor, pk)  # type: ignore[attr-defined]
    except ObjectDoesNotExist:
        raise Http404 from None
    if opened is None:
        raise Http404
    plan, path = opened
    kind = "application/octet-stream"
    return FileResponse(path.open("rb"), as_attachment=True, filename=plan.file_name, content_type=kind)


def _followed_or_404(request: HttpRequest, pk: int) -> Plan:
    plan = plan_or_404(request, pk)
    if plan.is_draft:
        raise Http404
    return plan


def _name(plan: Plan) -> str:
    return slug(plan.number) or str(plan.pk)


def download(content: bytes, kind: str, name: str) -> HttpResponse:
    """A file to take away, under this name."""
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer


def _table(plan: Plan) -> TaskTable:
    """The plan's tasks in its own order, each once."""
    today = clock.today()
    tasks = {row.task.pk: row for group in board.tasks_by_agency(plan, today) for row in group.tasks}
    number = f"Kế hoạch số {plan.number}" if plan.number else f"Kế hoạch {plan.heading}"
    return TaskTable(
        title="Phân công nhiệm vụ",
        plan=f"{number} {long_date(plan.issued_on)}" if plan.issued_on else number,
        author=plan.issuer,
        on=plan.issued_on or today,
        as_of=f"Tình trạng ngày {short_date(today)}",
        lines=tuple(_line(row) for row in sorted(tasks.values(), key=lambda row: (row.task.position, row.task.pk))),
        mark="Số liệu giả định" if plan.fictional else "",
    )


def _line(row: BoardTask) -> TaskLine:
    task, progress = row.task, row.progress
    state = SHOWN[progress.bucket].words
    if progress.total > 1:
        state += f" ({progress.done}/{progress.total} cơ quan xong)"
    if progress.turn:
        state += f"; kỳ này: {progress.turn.words}"
    if progress.missed:
        state += f"; bỏ lỡ: {', '.join(progress.missed)}"
    return TaskLine(
        section=task.section,
        text=task.text,
        lead="; ".join(row.leads),
        coordinating="; ".join(row.coordinating),
        window=window_words(task.window_from, task.window_to, task.window_strict),
        state=state,
        last_day=short_date(progress.last_day) if progress.last_day else "",
    )
