"""What a filled workbook changes in the draft as it stands now, which may have gone on since it was handed out.

A workbook carries the revision of the draft that it was filled with. A cell that still holds what it was handed out
with was not touched in it: when somebody typed another number on screen meanwhile, that number stays. A cell that was
changed in both is a clash, and a person decides; nothing is overwritten unseen. What the same person took in from a
workbook before, and nobody changed since, is no clash: the same file comes again, put right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from haidang.accounts.actors import Actor, require
from haidang.filings import content
from haidang.filings.models import Edit, Filing
from haidang.filings.policies import may_edit
from haidang.filings.queries import CellChange
from haidang.filings.workbooks.workbook import ReadWorkbook, place_of, read_filing_workbook, typed_place_of
from haidang.kernel.numbers import format_number
from haidang.kernel.text import squeeze
from haidang.office.workbook import STATE_WORDS, CellProblem

_LONGEST_SHOWN = 60


@dataclass(frozen=True)
class WorkbookChanges:
    """`entries` and `typed` are what is different in the workbook, by whole code (None for blank).

    `kept` are cells that were typed on screen since it was handed out and that the workbook leaves as they were;
    `clashes` those of `entries` and `typed` that were changed in both.
    """

    entries: dict[str, Any]
    typed: dict[str, Any]
    kept: tuple[str, ...] = ()
    clashes: tuple[str, ...] = ()


@dataclass(frozen=True)
class WorkbookPreview:
    """What an uploaded workbook would do: problems that stop it, or the cells it would change.

    `payload` is what to save when it is confirmed, by whole code; `kept` and `clashes` as in `WorkbookChanges`.
    """

    revision: int
    problems: list[CellProblem]
    changes: list[CellChange]
    payload: dict[str, Any]
    kept: tuple[str, ...] = ()
    clashes: tuple[str, ...] = ()


def preview_workbook(actor: Actor, filing: Filing, uploaded: bytes) -> WorkbookPreview:
    """What importing this file would change; saves nothing. UnreadableWorkbook when it is not this filing's."""
    require(may_edit(actor, filing))
    read = read_filing_workbook(filing, uploaded)
    if read.problems:
        return WorkbookPreview(filing.revision, read.problems, [], {})
    found = changes_in(actor, filing, read)
    forms = content.forms_for(filing.obligation)
    names = {
        f"{form.code}.{cell}": f"Biểu {form.code}, {form.cell_name(cell)}" for form in forms for cell in form.cells
    }
    held = {**filing.cells, **filing.sections}
    changes = [CellChange(code, names[code], held.get(code), value) for code, value in found.entries.items()]
    changes += [
        CellChange(f"Σ {code}", f"{names[code]}, số tổng trên giấy", filing.typed.get(code), value)
        for code, value in found.typed.items()
    ]
    return WorkbookPreview(filing.revision, [], changes, found.entries | found.typed, found.kept, found.clashes)


def changes_in(actor: Actor, filing: Filing, read: ReadWorkbook, *, replaces: bool = True) -> WorkbookChanges:
    """What this filing's own workbook, read without problems, changes in its draft. One query when it is older.

    `replaces`: it may replace what the actor's own earlier workbooks said; not so for one of several at once.
    """
    held = {**filing.cells, **filing.sections}
    entries, typed = _different(read.entries, held), _different(read.typed, filing.typed)
    since = _since(actor, filing, read.revision)
    if not since.before:
        return WorkbookChanges(entries, typed)
    both = entries | typed
    kept = tuple(code for code in both if code in since.before and _same(since.before[code], both[code]))
    now = {**held, **{code: filing.typed.get(code) for code in typed}}
    return WorkbookChanges(
        {code: value for code, value in entries.items() if code not in kept},
        {code: value for code, value in typed.items() if code not in kept},
        kept,
        tuple(
            code
            for code in both
            if code in since.before and code not in kept and not (replaces and since.is_own(code, now.get(code)))
        ),
    )


def clash_problems(filing: Filing, changes: WorkbookChanges) -> list[CellProblem]:
    """The clashes as problems of the workbook: where nobody is there to decide, they stop it."""
    return [_clash(filing, changes, code) for code in changes.clashes]


def _different(said: Mapping[str, Any], held: Mapping[str, Any]) -> dict[str, Any]:
    return {code: value for code, value in said.items() if not _same(held.get(code), value)}


def _same(held: Any, said: Any) -> bool:
    """Spreadsheet programs do not keep every space and line break of a text: that alone is no change."""
    if isinstance(held, str) and isinstance(said, str):
        return squeeze(held) == squeeze(said)
    return bool(held == said)


@dataclass(frozen=True)
class _Since:
    """What became of cells since a workbook was handed out: what each held then, and what the actor's own earlier
    workbooks made of it.
    """

    before: dict[str, Any]
    own: dict[str, Any]

    def is_own(self, code: str, now: Any) -> bool:
        """Whether the cell holds what the actor's own workbook put there."""
        return code in self.own and _same(self.own[code], now)


def _since(actor: Actor, filing: Filing, revision: int | None) -> _Since:
    """The saves since this revision; nothing where the workbook does not say which it was."""
    found = _Since({}, {})
    if revision is None or revision >= filing.revision:
        return found
    for save in Edit.objects.filter(filing=filing, revision__gt=revision).order_by("revision"):
        own = save.source == "workbook" and save.edited_by_id == actor.user_id
        for code, (was, became) in save.changes.items():
            found.before.setdefault(code, was)
            if own:
                found.own[code] = became
    return found


def _clash(filing: Filing, changes: WorkbookChanges, code: str) -> CellProblem:
    forms = {form.code: form for form in content.forms_for(filing.obligation)}
    form_code, _, cell = code.partition(".")
    typed = code in changes.typed
    sheet, address = (typed_place_of if typed else place_of)(forms[form_code], cell)
    held = filing.typed if typed else {**filing.cells, **filing.sections}
    mine = (changes.typed if typed else changes.entries)[code]
    return CellProblem(
        sheet,
        address,
        f"Ô này đã được nhập khác đi từ khi tải tệp: đang có {_shown(held.get(code))}, trong tệp là {_shown(mine)}.",
        "Nộp tệp ở trang báo cáo để xem và quyết từng ô, hoặc tải bảng tính mới.",
    )


def _shown(value: Any) -> str:
    if value is None:
        return "ô trống"
    if isinstance(value, str):
        words = STATE_WORDS.get(value, f"“{value}”")
        return words if len(words) <= _LONGEST_SHOWN else f"{words[:_LONGEST_SHOWN]}…”"
    return format_number(value)
