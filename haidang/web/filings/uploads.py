"""The workbook of a filing: out, back in with a preview, and nothing kept while a cell in it is wrong."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, quote_plus

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from haidang.accounts.actors import require
from haidang.filings import actions, content, policies
from haidang.filings.workbooks.changes import WorkbookPreview, preview_workbook
from haidang.filings.workbooks.workbook import workbook_bytes, workbook_name
from haidang.kernel.numbers import format_number
from haidang.office.workbook import UnreadableWorkbook
from haidang.office.workbook_package import MOST_BYTES
from haidang.web.filings import pages
from haidang.web.filings.access import Opened, open_filing

MOST_SHOWN = 200
MOST_OPENED = 40
# What is sent besides the changes when they are confirmed.
_BESIDE = 1024
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def workbook(request: HttpRequest, pk: int) -> HttpResponse:
    """The agency's own workbook, filled with the draft as it stands."""
    opened = open_filing(request.actor, pk)  # type: ignore[attr-defined]
    answer = HttpResponse(workbook_bytes(opened.filing), content_type=XLSX)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(workbook_name(opened.filing))}"
    return answer


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a file; then every wrong cell, or what the file would change. Saves nothing."""
    opened = open_filing(request.actor, pk)  # type: ignore[attr-defined]
    require(policies.may_edit(opened.actor, opened.filing))
    if request.method == "GET":
        return _page(request, opened)
    try:
        preview = preview_workbook(opened.actor, opened.filing, _sent(request))
        if preview.problems:
            return _page(request, opened, 422, **_errors(preview))
        return _page(request, opened, preview=_preview(opened, preview))
    except UnreadableWorkbook as refusal:
        return _page(request, opened, 422, refusal=str(refusal))


def _sent(request: HttpRequest) -> bytes:
    """The file that was chosen; UnreadableWorkbook when there is none, or one too large to be looked at."""
    sent = request.FILES.get("file")
    if not isinstance(sent, UploadedFile) or not sent.size:
        raise UnreadableWorkbook("Chưa chọn tệp, hoặc tệp rỗng. Chọn tệp .xlsx đã tải từ báo cáo này.")
    if sent.size > MOST_BYTES:
        told = f"Tệp lớn hơn {MOST_BYTES // 1024 // 1024} MB nên không phải bảng tính của hệ thống."
        raise UnreadableWorkbook(f"{told} Dùng đúng tệp tải từ báo cáo này.")
    return sent.read()


def _page(request: HttpRequest, opened: Opened, status: int = 200, **more: Any) -> HttpResponse:
    context = {"obligation": opened.obligation, "title": pages.title_of(opened.obligation), **more}
    return render(request, "filings/upload.html", context, status=status)


def _errors(preview: WorkbookPreview) -> dict[str, Any]:
    listed = preview.problems
    return {"errors": listed[:MOST_SHOWN], "error_count": len(listed), "more_errors": max(0, len(listed) - MOST_SHOWN)}


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One cell that the workbook changes; `clash`: it was changed on screen as well. `long`: words, not a number."""

    code: str
    words: str
    old: str
    new: str
    clash: bool
    long: bool


@dataclass(frozen=True, slots=True)
class Part:
    """Changes of one kind; `opened`: they are listed from the start."""

    title: str
    changes: list[ShownChange]
    opened: bool


def _preview(opened: Opened, preview: WorkbookPreview) -> dict[str, Any]:
    """What the page shows; UnreadableWorkbook for more than can be sent when it is confirmed."""
    forms = {form.code: form for form in opened.forms}
    changes = _shown_changes(opened, preview)
    payload = json.dumps(preview.payload, ensure_ascii=False)
    if len(quote_plus(payload)) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE - _BESIDE:
        raise UnreadableWorkbook(
            "Tệp thay đổi nhiều chữ hơn một lần ghi nhận được. Bớt lời trong các ô ghi chữ, hoặc nộp làm hai lần."
        )
    return {
        "revision": preview.revision,
        "changes": changes,
        "parts": _parts(changes),
        "payload": payload,
        "kept": [pages.short_name(code, forms) for code in preview.kept],
        "clashes": len(preview.clashes),
    }


def _shown_changes(opened: Opened, preview: WorkbookPreview) -> list[ShownChange]:
    forms = {form.code: form for form in opened.forms}
    in_words, clashes = content.text_cells(opened.forms), {_mark(code, opened) for code in preview.clashes}
    return [
        ShownChange(one.code, one.words, one.old, one.new, one.code in clashes, one.code in in_words)
        for one in pages.changes_view(preview.changes, forms, {})
    ]


def _mark(code: str, opened: Opened) -> str:
    """The code under which a change is listed."""
    return f"Σ {code}" if code in _totals(opened) else code


def _parts(changes: list[ShownChange]) -> list[Part]:
    """What is overwritten first: a list of hundreds of filled blanks must not hide one number that goes."""
    held, blank = [one for one in changes if one.old], [one for one in changes if not one.old]
    emptied = sum(not one.new for one in held)
    told = f", trong đó {format_number(emptied)} ô thành trống" if emptied else ""
    parts = [
        Part(f"{format_number(len(held))} ô đang có số hoặc chữ sẽ đổi{told}", held, opened=True),
        Part(f"{format_number(len(blank))} ô đang trống sẽ được điền", blank, opened=len(blank) <= MOST_OPENED),
    ]
    return [part for part in parts if part.changes]


def _totals(opened: Opened) -> frozenset[str]:
    """The cells that the forms work out: what a workbook says of one is the total on the agency's own paper."""
    return frozenset(f"{form.code}.{cell}" for form in opened.forms for cell in form.formulas)


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the changes that the preview showed; they are checked once more like anything typed."""
    opened = open_filing(request.actor, pk)  # type: ignore[attr-defined]
    try:
        changes, revision = dict(json.loads(request.POST["cells"])), int(request.POST["revision"])
    except (KeyError, ValueError, TypeError):
        return HttpResponseBadRequest("Trang này đã cũ. Nộp lại bảng tính.")
    totals = changes.keys() & _totals(opened)
    entries, typed = ({code: changes[code] for code in codes} for codes in (changes.keys() - totals, totals))
    try:
        actions.save_cells(opened.actor, opened.filing, entries, revision, source="workbook", typed=typed)
    except (actions.StaleCells, actions.InvalidEntries) as problem:
        messages.error(request, f"Chưa ghi gì. {problem}")
        return HttpResponseRedirect(request.path.removesuffix("ghi/"))
    messages.success(request, f"Đã ghi {format_number(len(changes))} ô từ bảng tính.")
    return HttpResponseRedirect(opened.address)
