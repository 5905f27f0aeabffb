"""Taking in a filled workbook: all of it or nothing."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from haidang.accounts.actors import Actor, require
from haidang.filings.actions.common import current_filing, locked_filing, note
from haidang.filings.actions.drafts import Saved, StaleCells, save_held
from haidang.filings.addressed_workbooks import AddressedWorkbook
from haidang.filings.models import Filing, Obligation
from haidang.filings.policies import may_edit
from haidang.filings.queries import visible_obligations
from haidang.filings.workbooks import ReadWorkbook, read_filing_workbook
from haidang.office.workbook import CellProblem, UnreadableWorkbook


class WorkbookRefused(Exception):
    """Cells of the workbook must be put right first; `problems` lists them all. Nothing was saved."""

    def __init__(self, problems: Sequence[CellProblem]) -> None:
        super().__init__(f"Có {len(problems)} ô cần sửa trong bảng tính; chưa lưu gì. {problems[0]}")
        self.problems = list(problems)


def import_workbook(actor: Actor, filing: Filing, uploaded: bytes, revision: int | None = None) -> Saved:
    """Replace the draft's cells by those of the agency's own workbook (a blank cell there becomes blank here).

    UnreadableWorkbook when the file is not this filing's workbook, WorkbookRefused with every cell to put right,
    StaleCells when the draft was saved since the `revision` that the actor saw in the preview.
    """
    seen = current_filing(filing.pk)
    require(may_edit(actor, seen))
    read = read_filing_workbook(seen, uploaded)
    with transaction.atomic():
        return _take_in(actor, locked_filing(seen.pk), read, seen.revision if revision is None else revision)


def import_addressed_workbook(actor: Actor, workbook: AddressedWorkbook) -> Saved:
    """The same for a workbook that comes without its page: the identity that it carries says whose it is.

    UnreadableWorkbook also when the filing that it names is not here, or not one that the actor may see.
    """
    try:
        pk = visible_obligations(actor).values_list("filing__pk", flat=True).get(pk=workbook.obligation)
    except Obligation.DoesNotExist:
        raise UnreadableWorkbook(
            "Báo cáo mà tệp này thuộc về không có ở đây. Tải mẫu từ trang báo cáo của đơn vị rồi nhập lại."
        ) from None
    with transaction.atomic():
        filing = locked_filing(pk)
        require(may_edit(actor, filing))
        return _take_in(actor, filing, workbook.read_for(filing.obligation), filing.revision)


def _take_in(actor: Actor, filing: Filing, read: ReadWorkbook, revision: int) -> Saved:
    """Within the transaction that holds the filing."""
    if read.problems:
        raise WorkbookRefused(read.problems)
    if revision != filing.revision:
        raise StaleCells([], filing.revision)
    saved = save_held(actor, filing, read.entries, revision, "workbook")
    note(actor, "workbook_imported", filing, cells=len(saved.changed))
    return saved
