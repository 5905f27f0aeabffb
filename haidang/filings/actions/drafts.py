"""Working in a draft: cells, sections, explanations. Nothing that somebody else entered is lost without a question."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from haidang.accounts.actors import Actor, Refused, require
from haidang.audit.actions import Event, record_all
from haidang.catalogue.checks import MOST_TEXT
from haidang.catalogue.forms import FormSpec, all_forms
from haidang.catalogue.formulas import MOST_NUMBER
from haidang.filings import content
from haidang.filings.actions.common import event_of, locked_filing, note
from haidang.filings.consolidating.below import below_of
from haidang.filings.entries import MOST_REASON, nil_entries, stands_nil
from haidang.filings.expectations import expectations_of, findings_on, mark_of
from haidang.filings.models import Edit, Filing
from haidang.filings.policies import may_edit
from haidang.filings.reasons import with_reasons
from haidang.kernel import clock
from haidang.kernel.numbers import format_number

_SECTION = re.compile(r"[\w][\w.-]{0,59}")
_STATES = ("na", "nd")
_KEPT = ["cells", "sections", "typed", "revision", "changed_at"]


@dataclass(frozen=True, slots=True)
class Saved:
    """A save that went through: the new revision, and every value that is now different, computed cells included."""

    filing: Filing
    revision: int
    changed: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A cell that somebody else changed since the revision the actor worked on."""

    code: str
    theirs: Any
    mine: Any
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """A save that is worked out and not written yet: `edit` and `event` are None when nothing is different."""

    saved: Saved
    edit: Edit | None = None
    event: Event | None = None


class StaleCells(Exception):
    """The save would overwrite what somebody else entered meanwhile; nothing was saved."""

    def __init__(self, conflicts: list[Conflict], revision: int) -> None:
        names = ", ".join(conflict.code for conflict in conflicts)
        what = f"Ô {names} vừa được người khác sửa." if names else "Báo cáo vừa được người khác sửa."
        super().__init__(f"{what} Xem lại số mới rồi lưu lại.")
        self.conflicts = conflicts
        self.revision = revision


class InvalidEntries(ValueError):
    """Entries that cannot be kept at all, by code, each with its sentence; nothing was saved."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = dict(problems)


@transaction.atomic
def save_cells(
    actor: Actor,
    filing: Filing,
    changes: Mapping[str, Any],
    revision: int,
    source: str = "grid",
    *,
    reasons: Mapping[str, str] | None = None,
    typed: Mapping[str, Any] | None = None,
) -> Saved:
    """Keep these entries ("B1.d150.c1" -> number, "na", "nd", None for blank; words in a text cell).

    Computed cells follow. A wrong number (negative, a fraction in a count) is kept and shown as a finding; what is not
    a value at all, or stands in a computed or unknown cell, is InvalidEntries. Changes made on an old `revision` are
    taken unless another save since then touched the same cell with another value: then StaleCells.

    `reasons` say, by cell, why it is "na"; the reason of a cell that holds something else goes with it. `typed` are
    totals on the agency's own paper, by computed cell (None takes one away): kept beside what is computed.
    """
    saved = save_held(actor, locked_filing(filing.pk), changes, revision, source, typed=typed)
    _keep_reasons(saved.filing, reasons or {})
    return saved


def save_held(
    actor: Actor,
    filing: Filing,
    changes: Mapping[str, Any],
    revision: int,
    source: str,
    *,
    typed: Mapping[str, Any] | None = None,
) -> Saved:
    """`save_cells` within the transaction of somebody who holds the row already; reasons are left alone."""
    draft = drafted(actor, filing, changes, revision, source, typed=typed)
    keep_drafts([draft])
    return draft.saved


def drafted(
    actor: Actor,
    filing: Filing,
    changes: Mapping[str, Any],
    revision: int,
    source: str,
    *,
    typed: Mapping[str, Any] | None = None,
) -> Draft:
    """What `save_held` would save: the row in hand is changed, nothing written. `keep_drafts` writes many at once."""
    require(may_edit(actor, filing))
    forms = content.forms_for(filing.obligation)
    totals = dict(typed or {})
    if problems := _problems(forms, changes) | _total_problems(forms, totals):
        raise InvalidEntries(problems)
    in_words = content.text_cells(forms)
    words = {code: _words(value) for code, value in changes.items() if code in in_words}
    numbers = {code: value for code, value in changes.items() if code not in in_words}
    return _drafted(actor, filing, _Changes(forms, numbers, words, totals), revision, source)


def _keep_reasons(filing: Filing, given: Mapping[str, str]) -> None:
    kept = with_reasons(
        filing.cells,
        filing.explanations,
        {code: content.plain_text(text)[:MOST_REASON] for code, text in given.items()},
    )
    if kept != filing.explanations:
        filing.explanations = kept
        filing.changed_at = clock.now()
        filing.save(update_fields=["explanations", "changed_at"])


@transaction.atomic
def save_section(actor: Actor, filing: Filing, code: str, text: str, revision: int) -> Saved:
    """Keep the text of one section of the outline; an empty text removes it. StaleCells as for cells."""
    filing = locked_filing(filing.pk)
    require(may_edit(actor, filing))
    if not _SECTION.fullmatch(code) or code.partition(".")[0] in {form.code for form in all_forms()}:
        raise InvalidEntries({code: f"Không có mục “{code[:60]}” trong đề cương."})
    if len(text) > MOST_TEXT:
        raise InvalidEntries({code: f"Nội dung dài hơn {format_number(MOST_TEXT)} ký tự. Rút gọn nội dung mục này."})
    draft = _drafted(actor, filing, _Changes((), {}, {code: _words(text)}, {}), revision, "grid")
    keep_drafts([draft])
    return draft.saved


def explain(actor: Actor, filing: Filing, key: str, text: str) -> Filing:
    """Keep (or, when empty, remove) the explanation of a finding, by `FilingFinding.key`."""
    return explain_all(actor, filing, {key: text})


@transaction.atomic
def explain_all(actor: Actor, filing: Filing, texts: Mapping[str, str]) -> Filing:
    """Keep these explanations, by `FilingFinding.key`; an empty one takes its explanation away.

    Each is kept with a mark of the numbers that it is given for: when they change, it is asked for again. Refused
    for a key under which nothing is to be explained now.
    """
    filing = locked_filing(filing.pk)
    require(may_edit(actor, filing))
    told = {key: content.plain_text(text) for key, text in texts.items()}
    asked = _marks(filing) if any(told.values()) else {}
    for key, text in told.items():
        if text and key not in asked:
            raise Refused("Điểm cần giải trình này không còn, vì số liệu đã đổi. Tải lại trang rồi xem lại.")
        if len(text) > MOST_TEXT:
            raise Refused(f"Giải trình dài hơn {format_number(MOST_TEXT)} ký tự. Rút gọn rồi lưu lại.")
    kept = {key: text for key, text in told.items() if text}
    filing.explanations = {key: text for key, text in filing.explanations.items() if key not in told} | kept
    filing.explained = {key: mark for key, mark in filing.explained.items() if key not in told} | {
        key: asked[key] for key in kept
    }
    filing.changed_at = clock.now()
    filing.save(update_fields=["explanations", "explained", "changed_at"])
    note(actor, "explained", filing, keys=sorted(told))
    return filing


def _marks(filing: Filing) -> dict[str, str]:
    """What is to be explained now, each with the mark of its numbers."""
    held = {**filing.cells, **filing.typed}
    found = findings_on(filing, expectations_of(filing.obligation))
    return {finding.key: mark_of(finding, held) for finding in found if finding.level != "block"}


def report_nil(actor: Actor, filing: Filing, form_code: str, revision: int, *, back: bool = False) -> Saved:
    """ "Không phát sinh" for a whole form, or for every form (""), in place of what is there (`entries.nil_entries`).

    The standing agency sees it said so. `back` takes it back: forms that say this and nothing else become blank.
    """
    forms = [form for form in content.forms_for(filing.obligation) if form_code in ("", form.code)]
    if not forms:
        raise Refused(f"Đơn vị không phải báo cáo biểu {form_code[:20]} trong kỳ này.")
    held = {**filing.cells, **filing.sections}
    chosen = [form for form in forms if not back or stands_nil(form, held)]
    entries = {code: None if back else value for form in chosen for code, value in nil_entries(form).items()}
    return save_cells(actor, filing, entries, revision)


@transaction.atomic
def set_whole(actor: Actor, filing: Filing, whole: bool, revision: int) -> Filing:
    """Say whether the numbers hold those of the agencies below already; then theirs are not added to them.

    Refused where nobody stands below; StaleCells when somebody else saved since the `revision` the actor saw.
    """
    filing = locked_filing(filing.pk)
    require(may_edit(actor, filing))
    if whole and below_of(filing.obligation) is None:
        raise Refused("Kỳ này không có đơn vị cấp dưới nào của cơ quan phải báo cáo, nên số liệu chỉ là số riêng.")
    if whole == filing.whole:
        return filing
    if revision != filing.revision:
        raise StaleCells([], filing.revision)
    before, filing.whole = filing.whole, whole
    filing.revision += 1
    filing.changed_at = clock.now()
    filing.save(update_fields=["whole", "revision", "changed_at"])
    _edit(actor, filing, {"whole": [before, whole]}, "grid").save(force_insert=True)
    note(actor, "scope_set", filing, whole=whole)
    return filing


@dataclass(frozen=True, slots=True)
class _Changes:
    forms: tuple[FormSpec, ...]
    numbers: Mapping[str, Any]
    words: Mapping[str, Any]
    typed: Mapping[str, Any]


def _drafted(actor: Actor, filing: Filing, changes: _Changes, revision: int, source: str) -> Draft:
    wanted = {**changes.numbers, **changes.words, **changes.typed}
    held = {**filing.cells, **filing.sections} | {code: filing.typed.get(code) for code in changes.typed}
    real = {code: stored for code, value in wanted.items() if _stored(held.get(code)) != (stored := _stored(value))}
    if not real:
        return Draft(Saved(filing, filing.revision, {}))
    if revision != filing.revision:
        _refuse_conflicts(filing, real, held, revision)
    before = filing.cells
    filing.cells = _merged(filing.cells, {code: value for code, value in real.items() if code in changes.numbers})
    filing.sections = _merged(filing.sections, {code: value for code, value in real.items() if code in changes.words})
    filing.typed = _merged(filing.typed, {code: value for code, value in real.items() if code in changes.typed})
    touched = {code.partition(".")[0] for code in real}
    filing.cells = content.with_computed((form for form in changes.forms if form.code in touched), filing.cells)
    filing.revision += 1
    filing.changed_at = clock.now()
    computed = {
        code: filing.cells.get(code)
        for code in before.keys() | filing.cells.keys()
        if before.get(code) != filing.cells.get(code)
    }
    return Draft(
        Saved(filing, filing.revision, {**real, **computed}),
        _edit(actor, filing, {code: [held.get(code), value] for code, value in real.items()}, source),
        event_of(actor, "saved", filing, revision=filing.revision, cells=len(real), source=source),
    )


def keep_drafts(drafts: Iterable[Draft]) -> None:
    """Write what was worked out, within the transaction of somebody who holds all these rows."""
    changed = [draft for draft in drafts if draft.edit is not None]
    rows = list({draft.saved.filing.pk: draft.saved.filing for draft in changed}.values())
    if len(rows) == 1:
        rows[0].save(update_fields=_KEPT)
    elif rows:
        # The rows are there: this is one update with different values for each.
        Filing.objects.bulk_create(rows, update_conflicts=True, update_fields=_KEPT, unique_fields=["id"])
    Edit.objects.bulk_create([draft.edit for draft in changed if draft.edit is not None])
    record_all([draft.event for draft in changed if draft.event is not None])


def _edit(actor: Actor, filing: Filing, changes: dict[str, list[Any]], source: str) -> Edit:
    return Edit(
        filing=filing,
        revision=filing.revision,
        changes=changes,
        source=source,
        edited_by_id=actor.user_id,
        edited_at=filing.changed_at,
    )


def _words(text: str | None) -> str | None:
    """The text to keep; None when nothing is left of it."""
    return (content.plain_text(text) or None) if text is not None else None


def _stored(value: Any) -> Any:
    """The value as it is stored: blank text is blank, and there is one zero."""
    if value is None or type(value) is int:
        return value
    return None if value == "" else (0 if value == 0 else value)


def _merged(held: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """The document with the changes; blank cells are left out."""
    merged = {**held, **changes}
    return {code: value for code, value in merged.items() if value is not None}


def _refuse_conflicts(filing: Filing, real: Mapping[str, Any], held: Mapping[str, Any], revision: int) -> None:
    since = Edit.objects.filter(filing=filing, revision__gt=revision).select_related("edited_by").order_by("revision")
    last_edit = {code: edit for edit in since for code in edit.changes if code in real}
    if last_edit:
        conflicts = [
            Conflict(code, held.get(code), real[code], str(edit.edited_by or "hệ thống"), edit.edited_at)
            for code, edit in last_edit.items()
        ]
        raise StaleCells(conflicts, filing.revision)


def _problems(forms: tuple[FormSpec, ...], changes: Mapping[str, Any]) -> dict[str, str]:
    by_code, plain = {form.code: form for form in forms}, content.number_entries(forms)
    # Nearly all are plain counts in cells that take numbers, of which nothing is to be asked.
    asked = {
        code: value
        for code, value in changes.items()
        if code not in plain or (value is not None and (type(value) is not int or abs(value) >= MOST_NUMBER))
    }
    found = {code: _problem(by_code, code, value) for code, value in asked.items()}
    return {code: problem for code, problem in found.items() if problem}


def _total_problems(forms: tuple[FormSpec, ...], typed: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with typed totals: only sums that are worked out have one, and it is a number."""
    totals = {f"{form.code}.{cell}": (form, cell) for form in forms for cell in form.total_cells} if typed else {}
    found = {}
    for code, value in typed.items():
        if code not in totals:
            found[code] = f"Ô {code[:60]} không phải ô tính tổng, nên không có số trên giấy để đối chiếu."
        elif isinstance(value, str):
            what = "số ghi trên giấy phải là một số; không có số nào trên giấy thì để trống."
            found[code] = f"{_named(*totals[code])}: {what}"
        elif value is not None and (problem := _number_problem(value)):
            found[code] = f"{_named(*totals[code])}: {problem}"
    return found


def _problem(forms: Mapping[str, FormSpec], code: str, value: Any) -> str:
    form_code, _, cell = code.partition(".")
    form = forms.get(form_code)
    if form is None or cell not in form.cells:
        return f"Ô {code[:60]} không có trong các biểu của đơn vị kỳ này."
    if form.is_computed(cell):
        return f"{_named(form, cell)}: ô này do hệ thống tự tính; sửa ở các ô thành phần."
    if form.cells[cell][1].is_text:
        fits = value is None or (isinstance(value, str) and len(value) <= MOST_TEXT)
        return "" if fits else f"{_named(form, cell)}: ô này ghi chữ, nhiều nhất {format_number(MOST_TEXT)} ký tự."
    if value is None or (isinstance(value, str) and value in _STATES):
        return ""
    problem = _number_problem(value)
    return f"{_named(form, cell)}: {problem}" if problem else ""


def _named(form: FormSpec, cell: str) -> str:
    return f"Biểu {form.number}, {form.cell_name(cell)}"


def _number_problem(value: Any) -> str:
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or (isinstance(value, float) and not math.isfinite(value))
    ):
        return "nhập một số, hoặc chọn không thuộc chức năng, chưa có số liệu."
    return "" if abs(value) < MOST_NUMBER else "số quá lớn; kiểm tra đơn vị tính."
