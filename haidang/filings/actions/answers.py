"""Saying that what a return asked has been put right, place by place."""

from __future__ import annotations

from django.db import transaction

from haidang.accounts.actors import Actor, Refused, require
from haidang.filings import content
from haidang.filings.actions.common import locked_filing, note
from haidang.filings.models import Filing, NoteAnswer, Ruling
from haidang.filings.policies import may_edit
from haidang.kernel import clock

MOST_ANSWER = 500


@transaction.atomic
def answer_note(actor: Actor, filing: Filing, code: str, text: str = "", *, done: bool = True) -> NoteAnswer | None:
    """Mark what the last return asked at a cell or section as put right, with a word on how; or take the mark back.

    Refused when the last return asked nothing there, or the filing is locked.
    """
    filing = locked_filing(filing.pk)
    require(may_edit(actor, filing))
    ruling = Ruling.objects.filter(version__filing=filing).order_by("-version__number").first()
    if ruling is None or ruling.outcome != "returned" or code not in ruling.notes:
        raise Refused("Lần trả lại gần nhất không hỏi gì ở chỗ này. Tải lại trang rồi xem lại.")
    told = content.plain_text(text)
    if len(told) > MOST_ANSWER:
        raise Refused(f"Lời trả lời dài hơn {MOST_ANSWER} ký tự. Rút gọn rồi ghi lại.")
    if not done:
        ruling.answers.filter(code=code).delete()
        note(actor, "note_reopened", filing, code=code)
        return None
    answer, _ = NoteAnswer.objects.update_or_create(
        ruling=ruling,
        code=code,
        defaults={"text": told, "answered_by_id": actor.user_id, "answered_at": clock.now()},
    )
    note(actor, "note_answered", filing, code=code)
    return answer
