"""What is owed and what was filed: cycles, obligations, filings, and their immutable versions."""

from haidang.filings.models.attachments import FilingFile
from haidang.filings.models.chasing import BoardView, Digest, Reminder
from haidang.filings.models.cycles import Cycle, Obligation
from haidang.filings.models.filing import CellComment, Edit, Filing, FilingState
from haidang.filings.models.versions import NoteAnswer, Reopening, Ruling, Version

__all__ = [
    "BoardView",
    "CellComment",
    "Cycle",
    "Digest",
    "Edit",
    "Filing",
    "FilingFile",
    "FilingState",
    "NoteAnswer",
    "Obligation",
    "Reminder",
    "Reopening",
    "Ruling",
    "Version",
]
