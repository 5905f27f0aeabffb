"""Workbooks that come without their page, many at once: what each says, read and checked before any row is asked for.

Nothing here touches the database, so that several processes can read while one saves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from haidang.catalogue.checks import cross_checks
from haidang.catalogue.computing import ready
from haidang.catalogue.forms import all_forms
from haidang.filings import content
from haidang.filings.models import Obligation
from haidang.filings.workbooks.workbook import ReadWorkbook, check_identity, identity_of, read_forms
from haidang.office.workbook_reading import open_workbook


@dataclass(frozen=True, slots=True)
class AddressedWorkbook:
    """A workbook by the signed identity that it carries. It is not compared with any filing yet.

    `blocking` and `to_explain` count what its numbers would leave to put right and to explain before they are
    submitted, within and between its forms; earlier cycles are not looked at. `read` is None for forms that this
    installation does not have (any more).
    """

    said: Mapping[str, Any]
    read: ReadWorkbook | None
    blocking: int = 0
    to_explain: int = 0

    @property
    def obligation(self) -> int:
        """The key of the obligation that the workbook was handed out for."""
        return int(self.said["obligation"])

    def read_for(self, obligation: Obligation) -> ReadWorkbook:
        """What it says, where it is this obligation's own; UnreadableWorkbook otherwise."""
        check_identity(obligation, content.forms_for(obligation), self.said)
        # The forms of an obligation are forms we have: what names the same ones was read.
        assert self.read is not None
        return self.read


def read_addressed(uploaded: bytes) -> AddressedWorkbook:
    """The workbook in a file, read and checked; UnreadableWorkbook when it is none, or its identity is not ours."""
    opened = open_workbook(uploaded)
    said = identity_of(opened)
    forms = _forms_named(said["forms"])
    if forms is None:
        return AddressedWorkbook(said, None)
    read = read_forms(forms, opened, said)
    if read.problems:
        return AddressedWorkbook(said, read)
    levels = [one.level for one in _findings(forms, read)]
    return AddressedWorkbook(said, read, levels.count("block"), levels.count("explain"))


def _findings(forms: content.Forms, read: ReadWorkbook) -> list[content.FilingFinding]:
    """What its own numbers leave to put right and to explain, the totals on paper beside the computed ones included."""
    entered = {code: value for code, value in read.entries.items() if value is not None}
    typed = {code: value for code, value in read.typed.items() if value is not None}
    found = content.findings_of(forms, entered | typed, {}, {})
    wanting = [form for form in forms if form.typed_totals]
    if wanting:
        found += content.missing_totals(forms, content.with_computed(wanting, entered), typed)
    return found


def make_ready() -> None:
    """Do once what reading any workbook needs: processes that are copies of this one then have it already."""
    cross_checks()
    for form in all_forms():
        ready(form)


def _forms_named(named: Mapping[str, Any]) -> content.Forms | None:
    """The forms that an identity names by code, version and hash; None when one of them is not here."""
    known = {(form.code, form.version, form.sha256): form for form in all_forms()}
    found = [known.get((code, *version)) for code, version in named.items()]
    forms = tuple(form for form in found if form is not None)
    return forms if len(forms) == len(found) else None
