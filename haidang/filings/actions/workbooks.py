"""Taking in a filled workbook: all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from haidang.accounts.actors import Actor, require
from haidang.filings.actions.common import current_filing, locked_filing, note
from haidang.filings.actions.drafts import Saved, StaleCells, save_cells
from haidang.filings.addressed_workbooks import AddressedWorkbook
from haidang.filings.models import Filing, Obligation
from haidang.filings.policies import may_edit
from haidang.filings.queries import obligation_for
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
    return _take_in(actor, seen, read_filing_workbook(seen, uploaded), revision)


def import_addressed_workbook(actor: Actor, workbook: AddressedWorkbook) -> Saved:
    """The same for a workbook that comes without its page: the identity that it carries says whose it is.

    UnreadableWorkbook also when the filing that it names is not here, or not one that the actor may see.
    """
    try:
        filing = obligation_for(actor, workbook.obligation).filing
    except Obligation.DoesNotExist:
        raise UnreadableWorkbook(
            "Báo cáo mà tệp này thuộc về không có ở đây. Tải mẫu từ trang báo cáo của đơn vị rồi nhập lại."
        ) from None
    seen = current_filing(filing.pk)
    require(may_edit(actor, seen))
    return _take_in(actor, seen, workbook.read_for(seen.obligation), None)


def _take_in(actor: Actor, seen: Filing, read: ReadWorkbook, revision: int | None) -> Saved:
    if read.problems:
        raise WorkbookRefused(read.problems)
    return _save(actor, seen, read.entries, seen.revision if revision is None else revision)


@transaction.atomic
def _save(actor: Actor, filing: Filing, entries: Mapping[str, Any], revision: int) -> Saved:
    present = locked_filing(filing.pk)
    if revision != present.revision:
        raise StaleCells([], present.revision)
    saved = save_cells(actor, present, entries, revision, source="workbook")
    note(actor, "workbook_imported", present, cells=len(saved.changed))
    return saved
