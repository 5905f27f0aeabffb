"""The page of one filing: its forms as grids, its words, what was found, and what was said about its cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from haidang.catalogue.checks import blank_cells
from haidang.catalogue.forms import FormSpec
from haidang.filings import policies
from haidang.filings.cell_details import comments_of
from haidang.filings.content import FilingFinding, document_of
from haidang.filings.reasons import reasons_of
from haidang.filings.rules import Move
from haidang.kernel.clock import VIET_NAM
from haidang.web.filings import pages
from haidang.web.filings.access import Opened, open_filing
from haidang.web.filings.cells import remarks
from haidang.web.filings.grid import Grid, Words, build_grid, jumps_of

if TYPE_CHECKING:
    from haidang.filings.models import CellComment, Filing


MOST_REMARKS = 10


@dataclass(frozen=True)
class FilingPage:
    """Everything that the page of a filing shows."""

    title: str
    due_words: str
    tab: str
    tabs: tuple[pages.Tab, ...]
    grid: Grid | None
    sections: tuple[pages.SectionView, ...] | None
    findings: tuple[pages.FindingView, ...]
    blocking: int
    explaining: int
    blanks: int
    ladder: tuple[pages.Step, ...]
    versions: list[Any]
    has_ghosts: bool
    ghosts: bool
    may_edit: bool
    may_rule: bool
    may_correct: bool
    may_chase: bool
    locked: str
    owner: str
    saved_words: str
    submit_words: str
    returned: Any = None
    notes: tuple[tuple[pages.Link, str], ...] = ()
    correcting: str = ""
    reasons: tuple[pages.ReasonView, ...] = ()
    remarks: tuple[pages.RemarkView, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether something here is to be explained, or was."""
        return any(not finding.blocks for finding in self.findings)


@require_GET
def filing(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one filing: the tab asked for (`bieu`), the first one otherwise."""
    opened = open_filing(request.actor, pk)  # type: ignore[attr-defined]
    page = page_of(opened, request.GET.get("bieu", ""), request.GET.get("ghosts", "1") != "0")
    return render(request, "filings/filing.html", context_of(opened, page))


def context_of(opened: Opened, page: FilingPage) -> dict[str, Any]:
    """What the templates of the page name."""
    return {
        "page": page,
        "obligation": opened.obligation,
        "filing": opened.filing,
        "save_address": reverse("filings:save", args=[opened.obligation.pk]),
        "explain_address": reverse("filings:explain", args=[opened.obligation.pk]),
        "before_words": "Kỳ trước",
        "year_words": "Cùng kỳ năm trước",
    }


def page_of(opened: Opened, tab: str, ghosts: bool) -> FilingPage:
    """The page at this tab; the first one when there is no such tab."""
    obligation, filing, actor = opened.obligation, opened.filing, opened.actor
    forms = {form.code: form for form in opened.forms}
    tab = (
        tab
        if tab in forms or (tab == pages.SECTIONS_TAB and opened.sections)
        else next(iter(forms), pages.SECTIONS_TAB)
    )
    earlier = opened.expected.earlier
    findings = opened.findings
    said = comments_of(filing)
    blocking, explaining = pages.tallies(findings)
    edit = policies.may_edit(actor, filing)
    last = opened.versions[0] if opened.versions else None
    corrects = opened.was_accepted and bool(edit or filing.state == "draft")
    return FilingPage(
        title=pages.title_of(obligation),
        due_words=pages.due_words(obligation),
        tab=tab,
        tabs=_tabs(opened, findings, tab),
        grid=_grid(opened, forms[tab], findings, (ghosts, said)) if tab in forms else None,
        sections=pages.section_views(opened.sections, filing.sections) if tab == pages.SECTIONS_TAB else None,
        findings=pages.finding_views(of_tab(findings, tab), forms, opened.address, filing),
        blocking=blocking,
        explaining=explaining,
        blanks=blanks_of(forms[tab], filing) if tab in forms else 0,
        ladder=pages.ladder_of(filing.state, corrects=corrects, filed_before=bool(last)),
        versions=opened.versions,
        has_ghosts=earlier.before is not None or earlier.last_year is not None,
        ghosts=ghosts,
        may_edit=bool(edit),
        may_rule=bool(last and policies.may_rule(actor, last, Move.ACCEPT)),
        may_correct=bool(policies.may_correct(actor, filing)),
        may_chase=bool(policies.may_chase(actor, obligation)),
        locked=edit.reason,
        owner=pages.owner_of(actor, filing),
        saved_words=_saved_words(filing),
        submit_words=pages.submit_words(filing.state, corrects=corrects),
        returned=_return_of(last) if filing.state == "returned" else None,
        notes=pages.notes_view(last, forms, opened.address) if filing.state == "returned" else (),
        correcting=_correcting(opened) if corrects else "",
        reasons=pages.reason_views(_reasons_of(opened, forms.get(tab)), forms, opened.address),
        remarks=remarks(opened, said[:MOST_REMARKS]),
    )


def of_tab(findings: list[FilingFinding], tab: str) -> list[FilingFinding]:
    """What concerns the form shown, findings between forms included."""
    return [one for one in findings if one.form in ("", tab)]


def _tabs(opened: Opened, findings: list[FilingFinding], tab: str) -> tuple[pages.Tab, ...]:
    made = []
    for form in opened.forms:
        wrong = sum(one.blocks for one in findings if one.form == form.code)
        made.append(
            pages.Tab(
                f"{opened.address}?bieu={form.code}", f"Biểu {form.code[1:]}", form.title, form.code == tab,
                str(wrong) if wrong else "", "chỗ phải sửa hoặc giải trình" if wrong else "",
            )
        )  # fmt: skip
    if opened.sections:
        address = f"{opened.address}?bieu={pages.SECTIONS_TAB}"
        made.append(pages.Tab(address, "Lời văn", "Phần lời văn của cơ quan", tab == pages.SECTIONS_TAB))
    return tuple(made)


def _grid(opened: Opened, form: FormSpec, findings: list[FilingFinding], shown: tuple[bool, list[CellComment]]) -> Grid:
    filing, earlier = opened.filing, opened.expected.earlier
    ghosts, said = shown
    return build_grid(
        form,
        {**filing.sections, **filing.cells},
        marks=pages.marks_of(findings),
        before=earlier.before,
        year=None if earlier.last_year is earlier.before else earlier.last_year,
        ghosts=ghosts,
        words=Words(
            noted=_noted(opened) | {one.code for one in said},
            reasons=_reasons_of(opened, form),
            jumps=jumps_of(form, filing.cells, earlier.last_year),
        ),
    )


def _noted(opened: Opened) -> frozenset[str]:
    """The cells that the last return asks about, while it is being worked on."""
    last = opened.versions[0] if opened.versions else None
    ruling = _return_of(last) if opened.filing.state == "returned" else None
    return frozenset(ruling.notes) if ruling is not None else frozenset()


def _reasons_of(opened: Opened, form: FormSpec | None) -> dict[str, str]:
    """Why entered cells of the form are not the agency's, by code; "" where no reason was given."""
    if form is None:
        return {}
    entered = {f"{form.code}.{cell}" for cell in form.input_cells}
    told = reasons_of(opened.filing.cells, opened.filing.explanations)
    return {code: reason for code, reason in told.items() if code in entered}


def blanks_of(form: FormSpec, filing: Filing) -> int:
    """Cells of this form still to be entered."""
    return len(blank_cells(form, document_of(form, filing.cells, filing.sections)))


def _saved_words(filing: Filing) -> str:
    if not filing.revision:
        return "Chưa nhập gì"
    return f"Đã lưu {filing.changed_at.astimezone(VIET_NAM):%H:%M ngày %d/%m/%Y}"


def _return_of(version: Any) -> Any:
    ruling = getattr(version, "ruling", None)
    return ruling if ruling is not None and ruling.outcome == "returned" else None


def _correcting(opened: Opened) -> str:
    number = next(
        one.number for one in opened.versions if getattr(one, "ruling", None) and one.ruling.outcome == "accepted"
    )
    return f"Bản {number} đã tiếp nhận vẫn được dùng để tổng hợp tới khi bản đính chính được tiếp nhận."
