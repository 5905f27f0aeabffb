"""Handing an obligation of a dissolved agency over, and taking over what it had entered."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from haidang.accounts.actors import Actor, Refused, require
from haidang.filings.actions.handing import adopt, hand_over
from haidang.filings.policies import may_chase, may_enter
from haidang.filings.succession import heirs_for
from haidang.kernel import clock
from haidang.web.filings.access import open_filing


@require_POST
def hand(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand the obligation over to the chosen heir; the page of the heir's obligation follows."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    opened = open_filing(actor, pk)
    require(may_chase(actor, opened.obligation))
    today = clock.today()
    heirs = {str(heir.pk): heir for heir in heirs_for([opened.obligation], today)[opened.obligation.pk].able}
    heir = heirs.get(str(request.POST.get("heir", "")))
    if heir is None:
        messages.error(request, "Chọn cơ quan nhận bàn giao trong danh sách.")
        return HttpResponseRedirect(opened.address)
    try:
        taken = hand_over(actor, opened.obligation, heir, today)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(opened.address)
    messages.success(request, f"Đã bàn giao cho {heir.name}. Đôn đốc ở nghĩa vụ này từ bây giờ.")
    return HttpResponseRedirect(reverse("filings:filing", args=[taken.pk]))


@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter into the empty draft what the agencies that handed over had entered."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    opened = open_filing(actor, pk)
    require(may_enter(actor, opened.obligation))
    try:
        taken = adopt(actor, opened.filing)
        words = f" và {taken.sections} mục lời văn" if taken.sections else ""
        missing = f" Chưa nhập gì nên chưa có trong số: {'; '.join(taken.silent)}." if taken.silent else ""
        messages.success(request, f"Đã lấy {taken.cells} ô{words} của cơ quan cũ. Đối chiếu rồi nhập tiếp.{missing}")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(opened.address)
