"""The page of one filing, and what is saved from it: cells one by one or a whole form, words, explanations."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from haidang.accounts.actors import Refused
from haidang.catalogue.checks import blank_cells
from haidang.catalogue.forms import FormSpec
from haidang.filings import actions, policies
from haidang.filings.content import FilingFinding, document_of, findings_of
from haidang.filings.entries import read_entries
from haidang.filings.rules import Move
from haidang.kernel.clock import VIET_NAM
from haidang.web.filings import pages
from haidang.web.filings.access import Opened, open_filing
from haidang.web.filings.grid import Grid, build_grid, cell_text, shown_text

if TYPE_CHECKING:
    from haidang.filings.models import Filing

MOST_CHANGES = 5000


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

    @property
    def asks(self) -> bool:
        """Whether something here is to be explained, or was."""
        return any(not finding.blocks for finding in self.findings)


@require_GET
def filing(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one filing: the tab asked for (`bieu`), the first one otherwise."""
    opened = open_filing(request.actor, pk)  # type: ignore[attr-defined]
    page = _page(opened, request.GET.get("bieu", ""), request.GET.get("ghosts", "1") != "0")
    return render(request, "filings/filing.html", _context(opened, page))


def _context(opened: Opened, page: FilingPage) -> dict[str, Any]:
    return {
        "page": page,
        "obligation": opened.obligation,
        "filing": opened.filing,
        "save_address": reverse("filings:save", args=[opened.obligation.pk]),
        "explain_address": reverse("filings:explain", args=[opened.obligation.pk]),
        "before_words": "Kỳ trước",
        "year_words": "Cùng kỳ năm trước",
    }


def _page(opened: Opened, tab: str, ghosts: bool) -> FilingPage:
    obligation, filing, actor = opened.obligation, opened.filing, opened.actor
    forms = {form.code: form for form in opened.forms}
    tab = (
        tab
        if tab in forms or (tab == pages.SECTIONS_TAB and opened.sections)
        else next(iter(forms), pages.SECTIONS_TAB)
    )
    earlier = opened.earlier
    findings = findings_of(opened.forms, filing.cells, filing.sections, filing.explanations, earlier)
    blocking, explaining = pages.tallies(findings)
    edit = policies.may_edit(actor, filing)
    last = opened.versions[0] if opened.versions else None
    corrects = opened.was_accepted and bool(edit or filing.state == "draft")
    return FilingPage(
        title=pages.title_of(obligation),
        due_words=pages.due_words(obligation),
        tab=tab,
        tabs=_tabs(opened, findings, tab),
        grid=_grid(opened, forms[tab], findings, ghosts) if tab in forms else None,
        sections=pages.section_views(opened.sections, filing.sections) if tab == pages.SECTIONS_TAB else None,
        findings=pages.finding_views(_of_tab(findings, tab), forms, opened.address),
        blocking=blocking,
        explaining=explaining,
        blanks=_blanks(forms[tab], filing) if tab in forms else 0,
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
    )


def _of_tab(findings: list[FilingFinding], tab: str) -> list[FilingFinding]:
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


def _grid(opened: Opened, form: FormSpec, findings: list[FilingFinding], ghosts: bool) -> Grid:
    filing, earlier = opened.filing, opened.earlier
    return build_grid(
        form,
        {**filing.sections, **filing.cells},
        marks=pages.marks_of(findings),
        before=earlier.before,
        year=None if earlier.last_year is earlier.before else earlier.last_year,
        ghosts=ghosts,
        noted=_noted(opened),
    )


def _noted(opened: Opened) -> frozenset[str]:
    """The cells that the last return asks about, while it is being worked on."""
    last = opened.versions[0] if opened.versions else None
    ruling = _return_of(last) if opened.filing.state == "returned" else None
    return frozenset(ruling.notes) if ruling is not None else frozenset()


def _blanks(form: FormSpec, filing: Filing) -> int:
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


# ---- saving ---------------------------------------------------------------------------------------------------------


@require_POST
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Save cells: a few of them as JSON (the script), or the whole form shown (a plain form)."""
    opened = open_filing(request.actor, pk)  # type: ignore[attr-defined]
    if request.content_type == "application/json":
        return _save_cells(request, opened)
    return _save_form(request, opened)


def _save_cells(request: HttpRequest, opened: Opened) -> HttpResponse:
    try:
        sent = json.loads(request.body)
        code, revision, texts = str(sent["form"]), int(sent["revision"]), dict(sent["cells"])
        form = next(form for form in opened.forms if form.code == code)
    except (ValueError, KeyError, TypeError, StopIteration):
        return JsonResponse({"say": "Trang này đã cũ. Tải lại trang rồi nhập tiếp."}, status=400)
    values, refused = _values(form, texts)
    try:
        kept, problems = _keep(opened, values, revision)
    except actions.StaleCells as stale:
        return JsonResponse(_conflicts(stale), status=409)
    except Refused as refusal:
        return JsonResponse({"say": str(refusal)}, status=403)
    refused |= problems
    answer = _saved(request, opened, form, kept) | {"refused": refused}
    answer["cells"] = {code: cell_text(value) for code, value in values.items() if code not in refused}
    return JsonResponse(answer, status=422 if refused else 200)


def _keep(opened: Opened, values: Mapping[str, Any], revision: int) -> tuple[Filing, dict[str, str]]:
    """Save what can be kept; what cannot comes back with its sentences, and does not hold up the rest."""
    try:
        return actions.save_cells(opened.actor, opened.filing, values, revision).filing, {}
    except actions.InvalidEntries as invalid:
        rest = {code: value for code, value in values.items() if code not in invalid.problems}
        return actions.save_cells(opened.actor, opened.filing, rest, revision).filing, invalid.problems


def _values(form: FormSpec, texts: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """What was typed as stored cells, and by code the sentences for what cannot be one, each with its place."""
    typed = {code: str(text) for code, text in list(texts.items())[:MOST_CHANGES]}
    values, problems = read_entries((form,), typed)
    return values, {code: f"{pages.short_name(code, {form.code: form})}: {told}" for code, told in problems.items()}


def _saved(request: HttpRequest, opened: Opened, form: FormSpec, filing: Filing) -> dict[str, Any]:
    """What the page must now show: cells as kept, totals, marks, findings."""
    findings = findings_of(opened.forms, filing.cells, filing.sections, filing.explanations, opened.earlier)
    blocking, explaining = pages.tallies(findings)
    forms = {form.code: form for form in opened.forms}
    shown = pages.finding_views(_of_tab(findings, form.code), forms, opened.address)
    prefix = f"{form.code}."
    return {
        "revision": filing.revision,
        "at": f"{filing.changed_at.astimezone(VIET_NAM):%H:%M}",
        "computed": {prefix + cell: shown_text(form, cell, filing.cells.get(prefix + cell)) for cell in form.formulas},
        "marks": pages.marks_of(findings),
        "blocking": blocking,
        "explaining": explaining,
        "blanks": _blanks(form, filing),
        "findings": render_to_string(
            "filings/_findings.html",
            {
                "findings": shown,
                "may_edit": True,
                "asks": any(not one.blocks for one in shown),
                "tab": form.code,
                "explain_address": reverse("filings:explain", args=[opened.obligation.pk]),
            },
            request,
        ),
    }


def _conflicts(stale: actions.StaleCells) -> dict[str, Any]:
    return {
        "revision": stale.revision,
        "conflicts": {
            one.code: {
                "text": cell_text(one.theirs),
                "say": f"ô này vừa được {one.by} sửa thành {cell_text(one.theirs) or 'ô trống'} lúc "
                f"{one.at.astimezone(VIET_NAM):%H:%M}. Giữ số nào?",
            }
            for one in stale.conflicts
        },
    }


def _save_form(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Without script: the whole form at once; nothing is saved until all of it is right."""
    form = next((form for form in opened.forms if form.code == request.POST.get("form")), None)
    if form is None or not request.POST.get("revision", "").isdigit():
        return HttpResponseBadRequest("Trang này đã cũ. Tải lại trang rồi nhập tiếp.")
    texts = {code: text for code, text in request.POST.items() if code.startswith(f"{form.code}.")}
    held = {**opened.filing.sections, **opened.filing.cells}
    texts = {code: text for code, text in texts.items() if str(text).strip() != cell_text(held.get(code))}
    values, refused = _values(form, texts)
    if not refused:
        try:
            actions.save_cells(opened.actor, opened.filing, values, int(request.POST["revision"]))
            messages.success(request, f"Đã lưu biểu {form.code[1:]}.")
            return HttpResponseRedirect(f"{opened.address}?bieu={form.code}")
        except actions.InvalidEntries as invalid:
            refused = invalid.problems
        except actions.StaleCells as stale:
            # Shown again over what the other person saved: saving once more is then a choice, made knowingly.
            told = _conflicts(stale)["conflicts"]
            opened = open_filing(opened.actor, opened.obligation.pk)
            refused = {
                code: f"{pages.short_name(code, {form.code: form})}: {one['say']} Sửa lại ô này rồi lưu."
                for code, one in told.items()
            }
    return _form_again(request, opened, form, (texts, refused))


def _form_again(
    request: HttpRequest, opened: Opened, form: FormSpec, entered: tuple[Mapping[str, Any], Mapping[str, str]]
) -> HttpResponse:
    """The page once more with everything as it was typed, and what is wrong with it."""
    texts, refused = entered
    for sentence in list(refused.values())[:20]:
        messages.error(request, sentence)
    page = _page(opened, form.code, ghosts=True)
    assert page.grid is not None
    shown = page.grid.with_typed(texts, refused)
    return render(
        request, "filings/filing.html", {**_context(opened, page), "page": replace(page, grid=shown)}, status=422
    )


@require_POST
def sections(request: HttpRequest, pk: int) -> HttpResponse:
    """Save the agency's words for the sections it writes for."""
    opened = open_filing(request.actor, pk)  # type: ignore[attr-defined]
    revision, saved = request.POST.get("revision", ""), 0
    if not revision.isdigit():
        return HttpResponseBadRequest("Trang này đã cũ. Tải lại trang rồi nhập tiếp.")
    try:
        for section in opened.sections:
            text = request.POST.get(section.code, "").replace("\r\n", "\n").strip()
            if text == opened.filing.sections.get(section.code, ""):
                continue
            actions.save_section(opened.actor, opened.filing, section.code, text, int(revision))
            saved += 1
        messages.success(request, f"Đã lưu {saved} mục." if saved else "Không có mục nào thay đổi.")
    except (actions.StaleCells, actions.InvalidEntries) as problem:
        messages.error(request, str(problem))
    return HttpResponseRedirect(f"{opened.address}?bieu={pages.SECTIONS_TAB}")


@require_POST
def explain(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the explanations that changed; an empty one takes its explanation away."""
    opened = open_filing(request.actor, pk)  # type: ignore[attr-defined]
    kept = 0
    for name, text in request.POST.items():
        key = name.removeprefix("x:")
        if name != key and str(text).strip() != opened.filing.explanations.get(key, ""):
            actions.explain(opened.actor, opened.filing, key, str(text))
            kept += 1
    messages.success(request, f"Đã lưu {kept} giải trình." if kept else "Không có giải trình nào thay đổi.")
    tab = request.POST.get("tab", "")
    known = {form.code for form in opened.forms}
    return HttpResponseRedirect(opened.address + (f"?bieu={tab}#findings-panel" if tab in known else ""))


@require_http_methods(["GET", "POST"])
def nil(request: HttpRequest, pk: int, form_code: str) -> HttpResponse:
    """Ask, then put 0 in every cell of a form: nothing to report, which is not the same as leaving it blank."""
    opened = open_filing(request.actor, pk)  # type: ignore[attr-defined]
    form = opened.form_or_404(form_code)
    address = f"{opened.address}?bieu={form.code}"
    if request.method == "POST":
        try:
            actions.report_nil(opened.actor, opened.filing, form.code, opened.filing.revision)
            messages.success(request, f"Đã ghi không phát sinh cho biểu {form.code[1:]}.")
        except actions.StaleCells as stale:
            messages.error(request, str(stale))
        return HttpResponseRedirect(address)
    return render(request, "filings/nil.html", {"obligation": opened.obligation, "form": form, "back": address})
