"""Taking in a filled workbook: all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from haidang.accounts.actors import Actor, Refused, require
from haidang.audit.actions import Event, record_all
from haidang.filings.actions.common import current_filing, event_of, locked_filing, locked_filings
from haidang.filings.actions.drafts import Draft, Saved, StaleCells, drafted, keep_drafts
from haidang.filings.models import Filing
from haidang.filings.policies import may_edit
from haidang.filings.queries import visible_obligations
from haidang.filings.workbooks.addressed import AddressedWorkbook
from haidang.filings.workbooks.changes import changes_in, clash_problems
from haidang.filings.workbooks.workbook import ReadWorkbook, read_filing_workbook
from haidang.office.workbook import CellProblem, UnreadableWorkbook


class WorkbookRefused(Exception):
    """Cells of the workbook must be put right first; `problems` lists them all. Nothing was saved."""

    def __init__(self, problems: Sequence[CellProblem]) -> None:
        super().__init__(f"Có {len(problems)} ô cần sửa trong bảng tính; chưa lưu gì. {problems[0]}")
        self.problems = list(problems)


NOT_TAKEN = (WorkbookRefused, UnreadableWorkbook, Refused, StaleCells)
NotTaken = WorkbookRefused | UnreadableWorkbook | Refused | StaleCells


def import_workbook(actor: Actor, filing: Filing, uploaded: bytes, revision: int | None = None) -> Saved:
    """Keep in the draft what was changed in the agency's own workbook (a cell emptied there becomes blank here).

    UnreadableWorkbook when the file is not this filing's workbook; WorkbookRefused with every cell to put right, those
    changed on screen as well since it was handed out included; StaleCells when the draft was saved since the `revision`
    that the actor saw in the preview.
    """
    seen = current_filing(filing.pk)
    require(may_edit(actor, seen))
    read = read_filing_workbook(seen, uploaded)
    with transaction.atomic():
        taken = _taken(actor, locked_filing(seen.pk), read, seen.revision if revision is None else revision)
        _keep([taken])
    return taken.draft.saved


def import_addressed_workbooks(
    actor: Actor, workbooks: Sequence[AddressedWorkbook], taken_in: set[int] | None = None
) -> list[Saved | NotTaken]:
    """The same for workbooks that come without their pages: the identity that each carries says whose it is.

    Each is taken in whole or not at all; what came of it, or why it was not taken, in their order. UnreadableWorkbook
    also when the filing that it names is not here, or not one that the actor may see. One transaction, which holds all
    these filings: hand over some dozens at a time. `taken_in` are the obligations of which the same run took a
    workbook in before, and becomes those of these as well: of two that differ in a cell the second is refused.
    """
    taken_in = set() if taken_in is None else taken_in
    with transaction.atomic():
        filings = _filings_of(actor, workbooks)
        waiting: dict[int, _Taken] = {}
        results: list[Saved | NotTaken] = []
        for workbook in workbooks:
            filing = filings.get(workbook.obligation)
            if filing is not None and filing.pk in waiting:
                # A second workbook of one filing is compared with what the first one changed.
                _keep(waiting.values())
                waiting = {}
            try:
                taken = _taken_addressed(actor, filing, workbook, replaces=workbook.obligation not in taken_in)
            except NOT_TAKEN as refusal:
                results.append(refusal)
                continue
            waiting[taken.draft.saved.filing.pk] = taken
            taken_in.add(workbook.obligation)
            results.append(taken.draft.saved)
        _keep(waiting.values())
    return results


@dataclass(frozen=True, slots=True)
class _Taken:
    """A workbook that can be taken in: what is saved of it, and that it was a workbook. Nothing is written yet."""

    draft: Draft
    event: Event


def _filings_of(actor: Actor, workbooks: Sequence[AddressedWorkbook]) -> dict[int, Filing]:
    """The filings that these workbooks name and the actor may see, by obligation, held."""
    named = {workbook.obligation for workbook in workbooks}
    seen = visible_obligations(actor).filter(pk__in=named).values_list("filing__pk", flat=True)
    return {filing.obligation_id: filing for filing in locked_filings(pk for pk in seen if pk is not None)}


def _taken_addressed(actor: Actor, filing: Filing | None, workbook: AddressedWorkbook, *, replaces: bool) -> _Taken:
    if filing is None:
        raise UnreadableWorkbook(
            "Báo cáo mà tệp này thuộc về không có ở đây. Tải mẫu từ trang báo cáo của đơn vị rồi nhập lại."
        )
    require(may_edit(actor, filing))
    return _taken(actor, filing, workbook.read_for(filing.obligation), filing.revision, replaces=replaces)


def _taken(actor: Actor, filing: Filing, read: ReadWorkbook, revision: int, *, replaces: bool = True) -> _Taken:
    """Within the transaction that holds the filing."""
    if read.problems:
        raise WorkbookRefused(read.problems)
    if revision != filing.revision:
        raise StaleCells([], filing.revision)
    changes = changes_in(actor, filing, read, replaces=replaces)
    if changes.clashes:
        raise WorkbookRefused(clash_problems(filing, changes))
    draft = drafted(actor, filing, changes.entries, revision, "workbook", typed=changes.typed)
    return _Taken(draft, event_of(actor, "workbook_imported", filing, cells=len(draft.saved.changed)))


def _keep(taken: Iterable[_Taken]) -> None:
    taken = list(taken)
    keep_drafts([one.draft for one in taken])
    record_all([one.event for one in taken])
