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
from haidang.filings.entries import stands_blank, stands_nil
from haidang.filings.reasons import reasons_of
from haidang.filings.rules import Move
from haidang.kernel.clock import VIET_NAM
from haidang.kernel.dates import short_date
from haidang.web.filings import pages
from haidang.web.filings.access import Opened, open_filing
from haidang.web.filings.cells import remarks
from haidang.web.filings.files import FilesView, files_view
from haidang.web.filings.grid import Beside, Grid, Words, build_grid, jumps_of
from haidang.web.filings.tasks import TaskView, task_views

if TYPE_CHECKING:
    from haidang.filings.consolidating.below import Below
    from haidang.filings.models import CellComment, Filing


MOST_REMARKS = 10


@dataclass(frozen=True, slots=True)
class Shown:
    """What a person chose to see in the grid: earlier cycles beside the numbers, fields for totals on paper."""

    ghosts: bool = True
    typing: bool = False


AS_USUAL = Shown()


@dataclass(frozen=True)
class FilingPage:
    """Everything that the page of a filing shows.

    `blank`: nothing was entered in the form shown; `nil`: it says "không phát sinh" and nothing else; `all_blank`:
    nothing was entered in any of several forms.
    """

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
    below: Below | None = None
    typing: bool = False
    tasks: tuple[TaskView, ...] | None = None
    files: FilesView | None = None
    returned: Any = None
    notes: tuple[pages.NoteView, ...] = ()
    correcting: str = ""
    blank: bool = False
    nil: bool = False
    all_blank: bool = False
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
    shown = Shown(ghosts=request.GET.get("ghosts", "1") != "0", typing=request.GET.get("tong") == "1")
    page = page_of(opened, request.GET.get("bieu", ""), shown)
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


def page_of(opened: Opened, tab: str, shown: Shown = AS_USUAL, tasks: tuple[TaskView, ...] | None = None) -> FilingPage:
    """The page at this tab; the first one when there is no such tab. `tasks` are those already made, with errors."""
    obligation, filing, actor = opened.obligation, opened.filing, opened.actor
    forms = {form.code: form for form in opened.forms}
    tab = tab if tab in _known_tabs(opened) else next(iter(forms), pages.SECTIONS_TAB)
    expected, findings = opened.expected, opened.findings
    said = comments_of(filing)
    blocking, explaining = pages.tallies(findings)
    edit = policies.may_edit(actor, filing)
    last = opened.versions[0] if opened.versions else None
    corrects = opened.was_accepted and bool(edit or filing.state == "draft")
    asked = _asked(opened)
    talk = remarks(opened, said)
    held = {**filing.cells, **filing.sections}
    return FilingPage(
        title=pages.title_of(obligation),
        due_words=pages.due_words(obligation),
        tab=tab,
        tabs=_tabs(opened, findings, tab),
        grid=_grid(opened, forms[tab], findings, (shown, said)) if tab in forms else None,
        sections=pages.section_views(opened.sections, filing.sections, talk) if tab == pages.SECTIONS_TAB else None,
        tasks=(tasks or task_views(opened)) if tab == pages.TASKS_TAB else None,
        files=files_view(opened) if tab == pages.FILES_TAB else None,
        findings=pages.finding_views(of_tab(findings, tab), forms, opened.address, filing),
        blocking=blocking,
        explaining=explaining,
        blanks=blanks_of(forms[tab], filing) if tab in forms else 0,
        ladder=pages.ladder_of(
            filing.state, corrects=corrects, filed_before=bool(last), waived=bool(obligation.waived_reason)
        ),
        versions=opened.versions,
        has_ghosts=expected.alike is not None or expected.earlier.last_year is not None,
        below=expected.below,
        typing=tab in forms and (shown.typing or _types_totals(filing, forms[tab])),
        ghosts=shown.ghosts,
        may_edit=bool(edit),
        may_rule=bool(last and policies.may_rule(actor, last, Move.ACCEPT)),
        may_correct=bool(policies.may_correct(actor, filing)),
        may_chase=bool(policies.may_chase(actor, obligation)),
        locked=edit.reason,
        owner=pages.owner_of(actor, filing),
        saved_words=_saved_words(filing),
        submit_words=pages.submit_words(filing.state, corrects=corrects),
        returned=asked,
        notes=pages.notes_view(asked, forms, opened.address, section_titles(opened)),
        correcting=_correcting(opened) if corrects else "",
        blank=tab in forms and stands_blank(forms[tab], held),
        nil=tab in forms and stands_nil(forms[tab], held),
        all_blank=len(forms) > 1 and all(stands_blank(form, held) for form in opened.forms),
        reasons=pages.reason_views(_reasons_of(opened, forms.get(tab)), forms, opened.address),
        remarks=talk[:MOST_REMARKS],
    )


def _known_tabs(opened: Opened) -> set[str]:
    known = {form.code for form in opened.forms} | {pages.FILES_TAB}
    if opened.sections:
        known.add(pages.SECTIONS_TAB)
    if opened.tasked:
        known.add(pages.TASKS_TAB)
    return known


def section_titles(opened: Opened) -> dict[str, str]:
    """The sections of the words by code, each with its number and title."""
    return {section.code: f"{section.label} {section.title}" for section in opened.sections}


def of_tab(findings: list[FilingFinding], tab: str) -> list[FilingFinding]:
    """What concerns the form shown, findings between forms included."""
    return [one for one in findings if one.form in ("", tab)]


def _tabs(opened: Opened, findings: list[FilingFinding], tab: str) -> tuple[pages.Tab, ...]:
    made = []
    for form in opened.forms:
        wrong = sum(one.blocks for one in findings if one.form == form.code)
        made.append(
            pages.Tab(
                f"{opened.address}?bieu={form.code}", f"Biểu {form.number}", form.title, form.code == tab,
                str(wrong) if wrong else "", "chỗ phải sửa hoặc giải trình" if wrong else "",
            )
        )  # fmt: skip
    for code, words, title, there in (
        (pages.SECTIONS_TAB, "Lời văn", "Phần lời văn của cơ quan", bool(opened.sections)),
        (pages.TASKS_TAB, "Nhiệm vụ", "Nhiệm vụ của cơ quan trong kế hoạch", opened.tasked),
        (pages.FILES_TAB, "Tệp đính kèm", "Bản ký quét, danh sách, biên bản", True),
    ):
        if there:
            made.append(pages.Tab(f"{opened.address}?bieu={code}", words, title, tab == code))
    return tuple(made)


def _grid(
    opened: Opened, form: FormSpec, findings: list[FilingFinding], looked: tuple[Shown, list[CellComment]]
) -> Grid:
    filing, before, last_year = opened.filing, opened.expected.alike, opened.expected.earlier.last_year
    shown, said = looked
    below = opened.expected.below
    beside = Beside(
        before=before,
        year=None if last_year is before else last_year,
        below={code: total.value for code, total in below.sums.items()} if below else None,
        typed=filing.typed if shown.typing or _types_totals(filing, form) else None,
    )
    return build_grid(
        form,
        {**filing.sections, **filing.cells},
        marks=pages.marks_of(findings),
        beside=beside if shown.ghosts else beside.without_ghosts(),
        words=Words(
            noted=_noted(opened) | {one.code for one in said},
            reasons=_reasons_of(opened, form),
            jumps=jumps_of(form, filing.cells, last_year),
        ),
    )


def _types_totals(filing: Filing, form: FormSpec) -> bool:
    """Whether the form wants totals typed, or somebody typed one."""
    return form.typed_totals or any(code.startswith(f"{form.code}.") for code in filing.typed)


def _noted(opened: Opened) -> frozenset[str]:
    """The cells that the last return asks about, until it is ruled on again."""
    ruling = _asked(opened)
    return frozenset(ruling.notes) if ruling is not None else frozenset()


def _asked(opened: Opened) -> Any:
    """The return that is being worked on, or that the version now waiting answers; None without one."""
    behind = {"returned": 0, "submitted": 1}.get(opened.filing.state)
    if behind is None or len(opened.versions) <= behind:
        return None
    return _return_of(opened.versions[behind])


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
    """Which version stays in force meanwhile, and why the standing agency opened it again, where it did."""
    version = next(one for one in opened.versions if getattr(one, "ruling", None) and one.ruling.outcome == "accepted")
    reopening = getattr(version, "reopening", None)
    asked = ""
    if reopening is not None:
        on = short_date(reopening.opened_at.astimezone(VIET_NAM).date())
        asked = f"Cơ quan thường trực mở lại ngày {on}: “{reopening.reason}” "
    return f"{asked}Bản {version.number} đã tiếp nhận vẫn được dùng để tổng hợp tới khi bản đính chính được tiếp nhận."
