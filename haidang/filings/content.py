"""The content of a filing against its forms: documents by form, computed cells, findings, texts.

In a filing a cell is addressed "B1.row.col". Numbers and their states are kept in `cells`, words (cells of text columns
and sections of the outline) in `sections`; the catalogue sees one document a form, "row.col" to value.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from haidang.catalogue.checks import (
    Finding,
    check_carry,
    check_filing,
    check_form,
    check_left_blank,
    check_magnitude,
    check_totals,
)
from haidang.catalogue.computing import compute, work_out
from haidang.catalogue.forms import FormSpec
from haidang.filings.models import Obligation
from haidang.filings.rules import forms_asked

CROSS = "cross"
Forms = tuple[FormSpec, ...]
Cells = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FilingFinding:
    """One finding in a filing. `key` names it for its explanation; `cells` are whole codes; `form` "" between forms."""

    key: str
    form: str
    level: str
    cells: tuple[str, ...]
    message: str
    explanation: str = ""

    @property
    def blocks(self) -> bool:
        """Whether the filing cannot be submitted while this stands."""
        return self.level == "block" or not self.explanation


def forms_for(obligation: Obligation) -> Forms:
    """The forms that the agency of this obligation files, in the versions in force on the due date."""
    agency, cycle = obligation.agency, obligation.cycle
    return forms_asked(agency.function, agency.level, cycle.forms, cycle.due.last_day)


def document_of(form: FormSpec, cells: Cells, sections: Cells) -> dict[str, Any]:
    """One form's document: its cells without the form's prefix, words included."""
    return documents_of((form,), cells, sections)[form.code]


def documents_of(forms: Iterable[FormSpec], cells: Cells, sections: Cells) -> dict[str, dict[str, Any]]:
    """The documents of several forms by code, as in `document_of`."""
    documents = {
        form.code: {cell: cells[whole] for cell, whole in _whole_codes(form).items() if whole in cells}
        for form in forms
    }
    # Cells that are on no form belong to a document all the same: checking it says that they are wrong.
    complete = sum(map(len, documents.values())) == len(cells)
    for part in (sections,) if complete else (cells, sections):
        for whole, value in part.items():
            code, _, cell = whole.partition(".")
            if code in documents:
                documents[code][cell] = value
    return documents


@lru_cache(maxsize=64)
def _whole_codes(form: FormSpec) -> Mapping[str, str]:
    """The whole code of each cell of a form."""
    return {cell: f"{form.code}.{cell}" for cell in form.cells}


@lru_cache(maxsize=256)
def text_cells(forms: Forms) -> frozenset[str]:
    """The whole codes of the cells that hold words."""
    return frozenset(
        f"{form.code}.{cell}" for form in forms for cell, (_row, column) in form.cells.items() if column.is_text
    )


@lru_cache(maxsize=256)
def number_entries(forms: Forms) -> frozenset[str]:
    """The whole codes of the cells in which numbers are entered."""
    return frozenset(f"{form.code}.{cell}" for form in forms for cell in form.input_cells) - text_cells(forms)


def is_text_cell(forms: Iterable[FormSpec], code: str) -> bool:
    """Whether the whole code names a cell that holds words."""
    return code in text_cells(tuple(forms))


def with_computed(forms: Iterable[FormSpec], cells: Cells) -> dict[str, Any]:
    """The cells of a filing with those that these forms compute worked out; other forms' cells stay."""
    forms = tuple(forms)
    documents = documents_of(forms, cells, {})
    done = {code: value for code, value in cells.items() if code.partition(".")[0] not in documents}
    for form in forms:
        whole = _whole_codes(form)
        done |= {whole[cell]: value for cell, value in compute(form, documents[form.code]).items()}
    return done


@dataclass(frozen=True, slots=True)
class Earlier:
    """Cells of the same agency's cycle that ended the day before this one began, and of the same cycle last year."""

    before: Cells | None = None
    last_year: Cells | None = None


NOTHING_EARLIER = Earlier()


def findings_of(
    forms: Forms, cells: Cells, sections: Cells, explanations: Cells, earlier: Earlier = NOTHING_EARLIER
) -> list[FilingFinding]:
    """Everything to put right or to explain: form by form, between forms, and against earlier cycles."""
    documents = documents_of(forms, cells, sections)
    before = documents_of(forms, earlier.before, {}) if earlier.before else {}
    last_year = documents_of(forms, earlier.last_year, {}) if earlier.last_year else {}
    worked = {form.code: work_out(form, documents[form.code]) for form in forms}
    found: list[FilingFinding] = []
    for form in forms:
        code = form.code
        inside = check_form(form, documents[code], worked[code])
        inside += check_carry(form, documents[code], before.get(code, {}), worked[code])
        inside += check_magnitude(form, documents[code], last_year.get(code, {}))
        found += [_in_form(code, finding, explanations) for finding in inside]
    between = check_filing(forms, documents, worked=worked)
    return found + [_between_forms(finding, explanations) for finding in between]


def wrong_with_blanks(forms: Forms, cells: Cells) -> list[FilingFinding]:
    """What is wrong once the filing is sent with its blanks: parts above the whole that the form works out."""
    documents = documents_of(forms, cells, {})
    return [
        _in_form(form.code, finding, {}) for form in forms for finding in check_left_blank(form, documents[form.code])
    ]


def missing_totals(forms: Forms, cells: Cells, typed: Cells) -> list[FilingFinding]:
    """The totals that forms want typed beside the computed ones and nobody typed."""
    wanting = tuple(form for form in forms if form.typed_totals)
    computed, written = documents_of(wanting, cells, {}), documents_of(wanting, typed, {})
    return [
        _in_form(form.code, finding, {})
        for form in wanting
        for finding in check_totals(form, computed[form.code], written[form.code])
    ]


def plain_text(text: str) -> str:
    """The text without the characters that databases and documents refuse, and without space at its ends."""
    kept = "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs"))
    return unicodedata.normalize("NFC", kept).strip()


def empty_forms(forms: Forms, cells: Cells, sections: Cells) -> Forms:
    """The forms in which nothing at all was entered."""
    entered = {code.partition(".")[0] for part in (cells, sections) for code in part}
    return tuple(form for form in forms if form.code not in entered)


def _in_form(form: str, finding: Finding, explanations: Cells) -> FilingFinding:
    key = f"{form}.{finding.check}:{finding.cells[0]}" if finding.cells else f"{form}.{finding.check}"
    cells = tuple(f"{form}.{cell}" for cell in finding.cells)
    return FilingFinding(key, form, finding.level, cells, finding.message, explanations.get(key, ""))


def _between_forms(finding: Finding, explanations: Cells) -> FilingFinding:
    key = f"{CROSS}.{finding.check}"
    return FilingFinding(key, "", finding.level, finding.cells, finding.message, explanations.get(key, ""))
