"""Saying something about a cell or section: a question of the standing agency, an answer of the agency that files."""

from __future__ import annotations

from django.db import transaction

from haidang.accounts.actors import Actor, Refused, require
from haidang.catalogue.outlines import all_outlines
from haidang.filings import content
from haidang.filings.actions.common import locked_filing, note
from haidang.filings.models import CellComment, Filing
from haidang.filings.policies import may_comment
from haidang.kernel import clock
from haidang.kernel.numbers import format_number

MOST_COMMENT = 2000
MOST_COMMENTS = 500


@transaction.atomic
def comment_cell(actor: Actor, filing: Filing, code: str, text: str) -> CellComment:
    """Add a comment to a cell ("B1.d150.c1"). Saying the same again at once is the same comment, sent twice."""
    filing = locked_filing(filing.pk)
    require(may_comment(actor, filing.obligation))
    form_code, _, cell = code.partition(".")
    if not any(form.code == form_code and cell in form.cells for form in content.forms_for(filing.obligation)):
        raise Refused("Không có ô này trong báo cáo. Tải lại trang rồi chọn lại ô.")
    return _added(actor, filing, code, _words(text))


@transaction.atomic
def comment_section(actor: Actor, filing: Filing, code: str, text: str) -> CellComment:
    """Add a comment to a section of the words ("II.3"), as to a cell."""
    filing = locked_filing(filing.pk)
    require(may_comment(actor, filing.obligation))
    if not any(code in outline.sections_by_code for outline in all_outlines()):
        raise Refused("Không có mục này trong đề cương. Tải lại trang rồi chọn lại mục.")
    return _added(actor, filing, code, _words(text))


def _words(text: str) -> str:
    told = content.plain_text(text)
    if not told:
        raise Refused("Ghi chú chưa có nội dung. Viết điều cần hỏi hoặc cần nói ở chỗ này.")
    if len(told) > MOST_COMMENT:
        raise Refused(f"Ghi chú dài hơn {format_number(MOST_COMMENT)} ký tự. Rút gọn rồi gửi lại.")
    return told


def _added(actor: Actor, filing: Filing, code: str, text: str) -> CellComment:
    last = filing.comments.filter(code=code).last()
    if last is not None and (last.written_by_id, last.text) == (actor.user_id, text):
        return last
    if filing.comments.count() >= MOST_COMMENTS:
        raise Refused(f"Báo cáo đã có {MOST_COMMENTS} ghi chú. Trao đổi tiếp bằng ý kiến khi trả lại báo cáo.")
    comment = CellComment.objects.create(
        filing=filing,
        code=code,
        text=text,
        written_by_id=actor.user_id,
        agency_name=actor.agency_name[:200],
        by_filer=filing.obligation.agency_id in actor.agency_ids,
        written_at=clock.now(),
    )
    note(actor, "commented", filing, cell=code)
    return comment
