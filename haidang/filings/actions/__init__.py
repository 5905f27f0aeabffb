"""What can be done to cycles, obligations and filings: one function a use case, each in one transaction, audited."""

from haidang.filings.actions.answers import answer_note
from haidang.filings.actions.attachments import attach, open_file, take_off
from haidang.filings.actions.comments import comment_cell, comment_section
from haidang.filings.actions.cycles import open_cycles
from haidang.filings.actions.drafts import (
    Conflict,
    InvalidEntries,
    Saved,
    StaleCells,
    explain,
    explain_all,
    report_nil,
    save_cells,
    save_section,
    set_whole,
)
from haidang.filings.actions.obligations import extend, unwaive, waive
from haidang.filings.actions.submissions import (
    AcceptedAll,
    CannotSubmit,
    accept,
    accept_all,
    correct,
    keep_accepted,
    reopen,
    return_,
    submit,
    withdraw,
)
from haidang.filings.actions.workbooks import WorkbookRefused, import_addressed_workbooks, import_workbook

__all__ = [
    "AcceptedAll",
    "CannotSubmit",
    "Conflict",
    "InvalidEntries",
    "Saved",
    "StaleCells",
    "WorkbookRefused",
    "accept",
    "accept_all",
    "answer_note",
    "attach",
    "comment_cell",
    "comment_section",
    "correct",
    "explain",
    "explain_all",
    "extend",
    "import_addressed_workbooks",
    "import_workbook",
    "keep_accepted",
    "open_cycles",
    "open_file",
    "reopen",
    "report_nil",
    "return_",
    "save_cells",
    "save_section",
    "set_whole",
    "submit",
    "take_off",
    "unwaive",
    "waive",
    "withdraw",
]
