"""Sending a filing, accepting it, returning it, opening a correction. Each is asked for with its consequence."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from haidang.accounts.actors import Refused, require
from haidang.catalogue.checks import blank_cells
from haidang.filings import actions, content, policies
from haidang.filings.locks import lock_of
from haidang.filings.rules import Move
from haidang.kernel import clock
from haidang.kernel.dates import parse_date, short_date
from haidang.kernel.numbers import format_number
from haidang.ui.templatetags.vietnamese import moment
from haidang.web.filings import entry, pages
from haidang.web.filings.access import Opened, open_filing, outcome_of

if TYPE_CHECKING:
    from haidang.filings.models import Version

MOST_NOTES = 100


@require_http_methods(["GET", "POST"])
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what sending does and what stands in its way; then send."""
    opened = open_filing(request.actor, pk)  # type: ignore[attr-defined]
    if request.method == "GET":
        return render(request, "filings/submit.html", _question(opened))
    reason, number = request.POST.get("reason", ""), request.POST.get("document_number", "")
    blanks = _blanks(opened)
    if blanks and request.POST.get("blanks") != "1":
        told = f"Còn {format_number(blanks)} ô để trống. Đánh dấu là có chủ ý, hoặc nhập nốt."
        return render(request, "filings/submit.html", _question(opened, told, reason, number), status=422)
    if request.POST.get("revision") != str(opened.filing.revision):
        told = "Báo cáo vừa có thay đổi sau khi trang này mở. Xem lại các ô rồi gửi."
        return render(request, "filings/submit.html", _question(opened, told, reason, number), status=409)
    try:
        version = actions.submit(opened.actor, opened.filing, reason, number)
    except actions.CannotSubmit as problem:
        return render(request, "filings/submit.html", _question(opened, str(problem), reason, number), status=422)
    except Refused as refusal:
        if not policies.may_submit(opened.actor, opened.filing):
            raise
        return render(request, "filings/submit.html", _question(opened, str(refusal), reason, number), status=422)
    messages.success(request, f"Đã gửi bản {version.number} cho {_receiver(opened)}.")
    return HttpResponseRedirect(opened.address)


def _question(opened: Opened, problem: str = "", reason: str = "", number: str = "") -> dict[str, Any]:
    filing, obligation = opened.filing, opened.obligation
    forms = {form.code: form for form in opened.forms}
    findings = opened.findings_to_send
    views = pages.finding_views(findings, forms, opened.address, filing)
    blocking, explaining = pages.tallies(findings)
    empty = content.empty_forms(opened.forms, filing.cells, filing.sections)
    decision = policies.may_submit(opened.actor, filing)
    lock = None if decision else lock_of(opened.actor, filing, opened.versions)
    blanks = _blanks(opened)
    return {
        "obligation": obligation,
        "problem": problem,
        "reason": reason,
        "document_number": number,
        "page": {
            "title": pages.title_of(obligation),
            "due_words": pages.due_words(obligation),
            "receiver": _receiver(opened),
            "verb": pages.submit_words(filing.state, corrects=opened.was_accepted),
            "locked_cells": sum(len(form.input_cells) for form in opened.forms),
            "corrects": opened.was_accepted,
            "again": bool(opened.versions),
            "blanks": blanks,
            "tallies": _tallies(blocking, explaining, blanks, empty),
            "findings": [view for view in views if view.blocks or not view.explanation],
            "allowed": bool(decision) and not blocking and not explaining and not empty,
            "why_not": (lock.words if lock else decision.reason) or _why_not(blocking, explaining, empty),
            "revision": filing.revision,
        },
    }


def _tallies(blocking: int, explaining: int, blanks: int, empty: content.Forms) -> list[dict[str, str]]:
    """What was checked, each with its sign and its words."""
    lines = [
        (not blocking, "s-over", "!", f"{blocking} lỗi chặn phải sửa", "Không còn lỗi chặn"),
        (not explaining, "s-late", "?", f"{explaining} mục chưa giải trình", "Các mục cần giải trình đã có giải trình"),
        (not empty, "s-over", "!", f"Chưa nhập ô nào: {_names(empty)}", "Biểu nào cũng đã có số liệu"),
        (not blanks, "s-late", "?", f"{format_number(blanks)} ô để trống (chưa nhập, khác số 0)", "Không còn ô trống"),
    ]
    return [
        {"css": "s-ok" if good else css, "sign": "✓" if good else sign, "words": well if good else ill}
        for good, css, sign, ill, well in lines
    ]


def _why_not(blocking: int, explaining: int, empty: content.Forms) -> str:
    if blocking:
        return "Chưa gửi được: sửa các lỗi chặn nêu trên trước."
    if explaining:
        return "Chưa gửi được: viết giải trình cho các mục nêu trên trước."
    return f"Chưa gửi được: {_names(empty)} chưa nhập ô nào. Nhập số liệu, hoặc báo không phát sinh cho cả biểu."


def _names(forms: content.Forms) -> str:
    return ", ".join(f"Biểu {form.number}" for form in forms)


def _blanks(opened: Opened) -> int:
    filing = opened.filing
    return sum(
        len(blank_cells(form, content.document_of(form, filing.cells, filing.sections))) for form in opened.forms
    )


def _receiver(opened: Opened) -> str:
    """Whom the plan says to send it to; the standing agency when it says nothing."""
    return opened.obligation.cycle.addressee or "cơ quan thường trực"


@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the version looked at in; its cells count from now on."""
    opened = open_filing(request.actor, pk)  # type: ignore[attr-defined]
    version = _version(request, opened)
    try:
        actions.accept(opened.actor, version)
    except Refused as refusal:
        return _too_late(request, opened, version, refusal)
    messages.success(request, f"Đã tiếp nhận bản {version.number} của {opened.obligation.agency.name}.")
    return HttpResponseRedirect(opened.address)


@require_POST
def return_(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the version looked at back with a comment."""
    opened = open_filing(request.actor, pk)  # type: ignore[attr-defined]
    version = _version(request, opened)
    notes, wrong = _notes(opened, request.POST.get("notes", ""))
    notes |= _section_notes(request, opened)
    if not wrong:
        try:
            actions.return_(opened.actor, version, request.POST.get("comment", ""), notes)
        except Refused as refusal:
            if not policies.may_rule(opened.actor, version, Move.RETURN):
                return _too_late(request, opened, version, refusal)
            wrong = str(refusal)
    if wrong:
        messages.error(request, f"Chưa trả lại. {wrong}")
        context = entry.context_of(opened, entry.page_of(opened, "")) | {"typed": request.POST}
        return render(request, "filings/filing.html", context, status=422)
    messages.success(request, f"Đã trả lại bản {version.number} cho {opened.obligation.agency.name}.")
    return HttpResponseRedirect(opened.address)


def _too_late(request: HttpRequest, opened: Opened, version: Version, refusal: Refused) -> HttpResponse:
    """Lead to the filing, say why not, perhaps what somebody decided meanwhile, and what was typed.

    Who never decides on it gets the refusal page.
    """
    outcome = outcome_of(version)
    if not policies.may_chase(opened.actor, opened.obligation):
        raise refusal
    if not outcome and opened.versions[0].pk == version.pk:
        told = str(refusal)
    elif outcome:
        ruling = version.ruling
        by = f" bởi {ruling.decided_by}" if ruling.decided_by else ""
        told = f"Bản {version.number} đã được {ruling.get_outcome_display()} lúc {moment(ruling.decided_at)}{by}."
    else:
        told = f"Đơn vị đã gửi bản {opened.versions[0].number}, mới hơn bản đang xem."
    typed = [request.POST.get(name, "").strip() for name in ("comment", "notes")]
    typed += _section_notes(request, opened).values()
    words = "; ".join(filter(None, typed))
    kept = f" Ý kiến đã ghi, chưa gửi: “{words}”" if words else ""
    messages.error(request, f"Chưa ghi quyết định. {told} Xem lại báo cáo rồi quyết định.{kept}")
    return HttpResponseRedirect(opened.address)


def _notes(opened: Opened, text: str) -> tuple[dict[str, str], str]:
    """Notes on cells, one a line ("B1.d150.c4: đối chiếu sổ"), and what is wrong with the first line that is none."""
    known = {f"{form.code}.{cell}" for form in opened.forms for cell in form.cells}
    notes: dict[str, str] = {}
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_NOTES:
        return {}, f"Có {format_number(len(lines))} dòng ghi chú, nhiều nhất {MOST_NOTES}. Gộp bớt rồi trả lại."
    for line in lines:
        code, _, words = (part.strip() for part in line.partition(":"))
        if code not in known or not words:
            example = min(known, default="B1.t.c1")
            return {}, f"Dòng “{line[:60]}” phải là mã ô, dấu hai chấm, ghi chú. Ví dụ: {example}: đối chiếu sổ."
        notes[code] = f"{notes[code]} {words}" if code in notes else words
    return notes, ""


def _section_notes(request: HttpRequest, opened: Opened) -> dict[str, str]:
    """Notes on sections of the words, each typed in the field of its section."""
    typed = {section.code: request.POST.get(f"note:{section.code}", "").strip() for section in opened.sections}
    return {code: words for code, words in typed.items() if words}


@require_POST
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Reopen an accepted filing; reason and document number are asked for when the correction is sent."""
    opened = open_filing(request.actor, pk)  # type: ignore[attr-defined]
    require(policies.may_enter(opened.actor, opened.obligation))
    told = "Đã mở đính chính. Sửa số liệu rồi gửi bản đính chính kèm lý do và số văn bản."
    return _tried(request, opened, lambda: actions.correct(opened.actor, opened.filing), told)


@require_POST
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """Give up a correction that changes nothing."""
    opened = open_filing(request.actor, pk)  # type: ignore[attr-defined]
    require(policies.may_enter(opened.actor, opened.obligation))
    told = "Đã thôi đính chính. Bản đã tiếp nhận giữ nguyên."
    return _tried(request, opened, lambda: actions.keep_accepted(opened.actor, opened.filing), told)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back the version that the person looked at, with a reason."""
    opened = open_filing(request.actor, pk)  # type: ignore[attr-defined]
    version = _version(request, opened)
    require(policies.may_enter(opened.actor, opened.obligation))
    told = f"Đã rút lại bản {version.number}. Bản này vẫn còn trong lịch sử."
    return _tried(request, opened, lambda: actions.withdraw(opened.actor, version, _reason(request)), told)


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Open an accepted filing to its agency again, with a reason."""
    opened = open_filing(request.actor, pk)  # type: ignore[attr-defined]
    require(policies.may_chase(opened.actor, opened.obligation))
    told = f"Đã mở lại cho {opened.obligation.agency.name} sửa. Bản đã tiếp nhận vẫn dùng để tổng hợp."
    return _tried(request, opened, lambda: actions.reopen(opened.actor, opened.filing, _reason(request)), told)


@require_POST
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the agency more time, with a reason."""
    opened = open_filing(request.actor, pk)  # type: ignore[attr-defined]
    try:
        day = parse_date(request.POST.get("to", ""))
        if day < clock.today():
            raise ValueError(f"Ngày {short_date(day)} đã qua. Chọn ngày từ hôm nay trở đi.")
    except ValueError as error:
        messages.error(request, f"Hạn mới chưa đúng. {error}")
        return HttpResponseRedirect(opened.address)
    return _chased(request, opened, lambda: actions.extend(opened.actor, opened.obligation, day, _reason(request)))


@require_POST
def waive(request: HttpRequest, pk: int) -> HttpResponse:
    """Free the agency from this obligation, with a reason; or put it back in force."""
    opened = open_filing(request.actor, pk)  # type: ignore[attr-defined]
    if request.POST.get("back") == "1":
        return _chased(request, opened, lambda: actions.unwaive(opened.actor, opened.obligation))
    return _chased(request, opened, lambda: actions.waive(opened.actor, opened.obligation, _reason(request)))


def _chased(request: HttpRequest, opened: Opened, act: Callable[[], object]) -> HttpResponse:
    """Do it, and say what stands in the way on the filing's own page; who may not at all gets the refusal page."""
    require(policies.may_chase(opened.actor, opened.obligation))
    return _tried(request, opened, act, "Đã ghi. Cơ quan nộp báo cáo thấy ngay trên trang này.")


def _tried(request: HttpRequest, opened: Opened, act: Callable[[], object], done: str) -> HttpResponse:
    """Do it, or say on the filing's own page what was wrong with what was typed."""
    try:
        act()
        messages.success(request, done)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(opened.address)


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "")


def _version(request: HttpRequest, opened: Opened) -> Version:
    """The version that the person looked at, so that a newer one is never ruled on unseen."""
    number = request.POST.get("version", "")
    if not (number.isdecimal() and len(number) < 9):
        raise Http404("no version named")
    return opened.version_or_404(int(number))
