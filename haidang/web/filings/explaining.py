"""Explanations of findings, as they are written; whether the numbers hold those below; and answers to a return."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.views.decorators.http import require_POST

from haidang.accounts.actors import Refused, require
from haidang.filings import actions, policies
from haidang.kernel.clock import VIET_NAM
from haidang.web.filings import pages
from haidang.web.filings.access import Opened, open_filing
from haidang.web.filings.saving import revision_of

_PREFIX = "x:"


@require_POST
def explain(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the explanations that changed; an empty one takes its explanation away. The script asks for JSON."""
    opened = open_filing(request.actor, pk)  # type: ignore[attr-defined]
    standing = {finding.key: finding.explanation for finding in opened.findings}
    texts = {
        name.removeprefix(_PREFIX): str(text).strip() for name, text in request.POST.items() if name.startswith(_PREFIX)
    }
    held = {key: standing.get(key, opened.filing.explanations.get(key, "")) for key in texts}
    changed = {key: text for key, text in texts.items() if text != held[key]}
    as_json = request.headers.get("X-Part") == "1"
    try:
        if changed:
            actions.explain_all(opened.actor, opened.filing, changed)
    except Refused as refusal:
        if as_json:
            return JsonResponse({"say": str(refusal)}, status=422)
        require(policies.may_edit(opened.actor, opened.filing))
        messages.error(request, str(refusal))
        return HttpResponseRedirect(_back(request, opened))
    if as_json:
        return JsonResponse(_told(opened))
    messages.success(request, f"Đã lưu {len(changed)} giải trình." if changed else "Không có giải trình nào thay đổi.")
    return HttpResponseRedirect(_back(request, opened))


def _told(opened: Opened) -> dict[str, object]:
    """What the page must now show: marks and counts, and which explanations stand."""
    again = open_filing(opened.actor, opened.obligation.pk)
    blocking, explaining = pages.tallies(again.findings)
    return {
        "at": f"{again.filing.changed_at.astimezone(VIET_NAM):%H:%M}",
        "marks": pages.marks_of(again.findings),
        "blocking": blocking,
        "explaining": explaining,
        "standing": [finding.key for finding in again.findings if finding.explanation],
    }


def _back(request: HttpRequest, opened: Opened) -> str:
    tab = request.POST.get("tab", "")
    known = {form.code for form in opened.forms}
    return opened.address + (f"?bieu={tab}#findings-panel" if tab in known else "")


@require_POST
def scope(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whether the numbers hold those of the agencies below ("whole" = 1) or are the agency's own (0)."""
    opened = open_filing(request.actor, pk)  # type: ignore[attr-defined]
    require(policies.may_edit(opened.actor, opened.filing))
    try:
        whole = request.POST.get("whole") == "1"
        revision = revision_of(request.POST.get("revision", ""))
        actions.set_whole(opened.actor, opened.filing, whole, -1 if revision is None else revision)
        told = "Số liệu gồm cả cấp dưới; số cấp dưới không cộng thêm." if whole else "Số liệu là số riêng của cơ quan."
        messages.success(request, f"Đã ghi: {told}")
    except (Refused, actions.StaleCells) as problem:
        messages.error(request, str(problem))
    return HttpResponseRedirect(_back(request, opened).removesuffix("#findings-panel"))


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark what the last return asked at one place as put right ("done" = 1), or take the mark back (0)."""
    opened = open_filing(request.actor, pk)  # type: ignore[attr-defined]
    require(policies.may_edit(opened.actor, opened.filing))
    code, text = request.POST.get("code", "")[:60], request.POST.get("text", "")
    done = request.POST.get("done") == "1"
    try:
        actions.answer_note(opened.actor, opened.filing, code, text, done=done)
        messages.success(request, "Đã đánh dấu chỗ này là đã sửa." if done else "Đã bỏ dấu đã sửa.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    forms = {form.code: form for form in opened.forms}
    return HttpResponseRedirect(pages.cell_link(code, forms, opened.address).address)
