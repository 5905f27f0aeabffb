"""What can be done to cycles, obligations and filings: one function a use case, each in one transaction, audited."""

from haidang.filings.actions.comments import comment_cell
from haidang.filings.actions.cycles import open_cycles
from haidang.filings.actions.drafts import (
    Conflict,
    InvalidEntries,
    Saved,
    StaleCells,
    explain,
    report_nil,
    save_cells,
    save_section,
)
from haidang.filings.actions.obligations import extend, unwaive, waive
from haidang.filings.actions.submissions import CannotSubmit, accept, correct, reopen, return_, submit, withdraw
from haidang.filings.actions.workbooks import WorkbookRefused, import_addressed_workbook, import_workbook

__all__ = [
    "CannotSubmit",
    "Conflict",
    "InvalidEntries",
    "Saved",
    "StaleCells",
    "WorkbookRefused",
    "accept",
    "comment_cell",
    "correct",
    "explain",
    "extend",
    "import_addressed_workbook",
    "import_workbook",
    "open_cycles",
    "reopen",
    "report_nil",
    "return_",
    "save_cells",
    "save_section",
    "submit",
    "unwaive",
    "waive",
    "withdraw",
]
