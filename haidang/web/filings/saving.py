"""What is saved from the page of a filing: cells one by one or a whole form, words, explanations, a nil report."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from haidang.accounts.actors import Refused
from haidang.catalogue.forms import FormSpec
from haidang.filings import actions
from haidang.filings.entries import nil_entries, read_entries, read_reasons, stands_blank
from haidang.filings.expectations import findings_on
from haidang.filings.reasons import reasons_of
from haidang.kernel.clock import VIET_NAM
from haidang.web.filings import pages
from haidang.web.filings.access import Opened, open_filing
from haidang.web.filings.entry import blanks_of, context_of, of_tab, page_of
from haidang.web.filings.grid import cell_text, jumps_of, shown_text

if TYPE_CHECKING:
    from haidang.filings.models import Filing

MOST_CHANGES = 5000
MOST_QUOTED = 60
_OLD_PAGE = "Trang này đã cũ. Tải lại trang rồi nhập tiếp."


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, by whole code: the values it means, the reasons given, and the sentence for what is no value.

    `totals` are those typed beside computed cells.
    """

    values: Mapping[str, Any]
    reasons: Mapping[str, str]
    refused: dict[str, str]
    totals: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sent:
    """What the script of a page sent: all of it, the texts by code, and the revision that they were typed on.

    `lost` are texts that it sent before without hearing whether they arrived.
    """

    body: Mapping[str, Any]
    texts: dict[str, str]
    revision: int
    lost: dict[str, list[str]]


@require_POST
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Save cells: a few of them as JSON (the script), or the whole form shown (a plain form)."""
    opened = open_filing(request.actor, pk)  # type: ignore[attr-defined]
    if request.content_type == "application/json":
        return _save_cells(request, opened)
    return _save_form(request, opened)


def _save_cells(request: HttpRequest, opened: Opened) -> HttpResponse:
    sent = _sent(request)
    form = next((form for form in opened.forms if sent is not None and form.code == sent.body.get("form")), None)
    if sent is None or form is None:
        return JsonResponse({"say": _OLD_PAGE}, status=400)
    texts, revision = sent.texts, sent.revision
    if len(texts) > MOST_CHANGES:
        return JsonResponse({"say": f"Một lần lưu nhiều nhất {MOST_CHANGES} ô. Chia nhỏ rồi lưu."}, status=400)
    typed = _typed(form, texts)
    if sent.body.get("try"):
        return JsonResponse({"refused": typed.refused})
    try:
        kept, problems = _keep(opened, typed, revision)
    except actions.StaleCells as stale:
        return JsonResponse(_conflicts(stale, own=_values_of(form, sent.lost)), status=409)
    except Refused as refusal:
        return JsonResponse({"say": str(refusal)}, status=403)
    refused = typed.refused | problems
    answer = _saved(request, opened, form, kept) | {"refused": refused}
    kept_texts = {**typed.values, **typed.totals}
    answer["cells"] = {code: cell_text(value) for code, value in kept_texts.items() if code not in refused}
    return JsonResponse(answer, status=422 if refused else 200)


def _keep(opened: Opened, typed: Typed, revision: int) -> tuple[Filing, dict[str, str]]:
    """Save what can be kept; what cannot comes back with its sentences, and does not hold up the rest."""

    def saved(wrong: Mapping[str, str]) -> Filing:
        values, totals = (
            {code: value for code, value in some.items() if code not in wrong} for some in (typed.values, typed.totals)
        )
        return actions.save_cells(
            opened.actor, opened.filing, values, revision, reasons=typed.reasons, typed=totals
        ).filing

    try:
        return saved({}), {}
    except actions.InvalidEntries as invalid:
        return saved(invalid.problems), invalid.problems


def _sent(request: HttpRequest) -> Sent | None:
    """What the script sent; None for anything that it never sends."""
    try:
        body = json.loads(request.body)
        texts = {str(code): str(text) for code, text in dict(body["cells"]).items()}
        lost = {str(code): [str(text) for text in list(some)] for code, some in dict(body.get("lost", {})).items()}
        revision = revision_of(str(body["revision"]))
    except (AttributeError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return Sent(body, texts, revision, lost) if revision is not None else None


def revision_of(text: str) -> int | None:
    """The revision that a page says it was made from; None when that is no such number."""
    return int(text) if re.fullmatch(r"[0-9]{1,15}", text) else None


def _typed(form: FormSpec, typed: dict[str, str]) -> Typed:
    """What was typed as stored cells, and the sentences for what cannot be one, each with its place."""
    values, problems = read_entries((form,), typed)
    told = {code: f"{pages.short_name(code, {form.code: form})}: {text}" for code, text in problems.items()}
    totals = {code: value for code, value in values.items() if form.is_computed(code.removeprefix(f"{form.code}."))}
    entered = {code: value for code, value in values.items() if code not in totals}
    return Typed(entered, read_reasons((form,), typed), told, totals)


def _values_of(form: FormSpec, lost: Mapping[str, list[str]]) -> dict[str, list[Any]]:
    """The values that texts sent before mean, by code; nothing for what is no value."""
    found: dict[str, list[Any]] = {}
    for code, texts in lost.items():
        for text in texts:
            typed = _typed(form, {code: text})
            found.setdefault(code, []).extend({**typed.values, **typed.totals}.values())
    return found


def _saved(request: HttpRequest, opened: Opened, form: FormSpec, filing: Filing) -> dict[str, Any]:
    """What the page must now show: cells as kept, totals, marks, findings."""
    filing.obligation = opened.obligation
    findings = findings_on(filing, opened.expected)
    blocking, explaining = pages.tallies(findings)
    forms = {form.code: form for form in opened.forms}
    shown = pages.finding_views(of_tab(findings, form.code), forms, opened.address, filing)
    prefix = f"{form.code}."
    return {
        "revision": filing.revision,
        "at": f"{filing.changed_at.astimezone(VIET_NAM):%H:%M}",
        "computed": {prefix + cell: shown_text(form, cell, filing.cells.get(prefix + cell)) for cell in form.formulas},
        "marks": pages.marks_of(findings),
        "reasons": reasons_of(filing.cells, filing.explanations),
        "jumps": jumps_of(form, filing.cells, opened.expected.earlier.last_year),
        "blocking": blocking,
        "explaining": explaining,
        "blanks": blanks_of(form, filing),
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


def _conflicts(
    stale: actions.StaleCells, place: str = "ô này", own: Mapping[str, list[Any]] | None = None
) -> dict[str, Any]:
    """What somebody else wrote in the same places. What the page itself had sent before (`own`) is nobody else's: it
    sends the newer text again, on the revision that it is told here.
    """
    sent_before = own or {}
    return {
        "revision": stale.revision,
        "conflicts": {
            one.code: {
                "text": cell_text(one.theirs),
                "say": f"{place} vừa được {one.by} sửa thành {_brief(cell_text(one.theirs))} lúc "
                f"{one.at.astimezone(VIET_NAM):%H:%M}. Giữ bản nào?",
            }
            for one in stale.conflicts
            if one.theirs not in sent_before.get(one.code, ())
        },
    }


def _brief(text: str) -> str:
    """Words or a number as a sentence quotes them."""
    return text if 0 < len(text) <= MOST_QUOTED else f"“{text[:MOST_QUOTED]}…”" if text else "trống"


def _save_form(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Without script: the whole form at once; nothing is saved until all of it is right."""
    form = next((form for form in opened.forms if form.code == request.POST.get("form")), None)
    revision = revision_of(request.POST.get("revision", ""))
    if form is None or revision is None:
        return HttpResponseBadRequest(_OLD_PAGE)
    texts = {
        code: str(text).replace("\r\n", "\n") for code, text in request.POST.items() if code.startswith(f"{form.code}.")
    }
    held = {**opened.filing.sections, **opened.filing.cells}
    held |= {f"{form.code}.{cell}": opened.filing.typed.get(f"{form.code}.{cell}") for cell in form.formulas}
    texts = {code: text for code, text in texts.items() if text.strip() != cell_text(held.get(code))}
    typed = _typed(form, texts)
    refused = typed.refused
    if not refused:
        try:
            actions.save_cells(
                opened.actor, opened.filing, typed.values, revision, reasons=typed.reasons, typed=typed.totals,
            )  # fmt: skip
            messages.success(request, f"Đã lưu biểu {form.number}.")
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
    page = page_of(opened, form.code)
    assert page.grid is not None
    shown = page.grid.with_typed(texts, refused)
    return render(
        request, "filings/filing.html", {**context_of(opened, page), "page": replace(page, grid=shown)}, status=422
    )


@require_POST
def sections(request: HttpRequest, pk: int) -> HttpResponse:
    """Save the agency's words for the sections it writes for: some of them as JSON (the script), or all (a form)."""
    opened = open_filing(request.actor, pk)  # type: ignore[attr-defined]
    if request.content_type == "application/json":
        return _save_sections(request, opened)
    revision = revision_of(request.POST.get("revision", ""))
    if revision is None:
        return HttpResponseBadRequest(_OLD_PAGE)
    texts = {one.code: request.POST.get(one.code, "") for one in opened.sections}
    try:
        saved, refused = _keep_sections(opened, texts, revision)
        if saved or not refused:
            messages.success(request, f"Đã lưu {saved} mục." if saved else "Không có mục nào thay đổi.")
        for sentence in refused.values():
            messages.error(request, sentence)
    except actions.StaleCells as problem:
        messages.error(request, str(problem))
    return HttpResponseRedirect(f"{opened.address}?bieu={pages.SECTIONS_TAB}")


def _keep_sections(opened: Opened, texts: Mapping[str, str], revision: int) -> tuple[int, dict[str, str]]:
    """Keep the texts that changed: how many were kept, and the sentence for each that could not be."""
    told = {code: text.replace("\r\n", "\n").strip() for code, text in texts.items()}
    changed = {code: text for code, text in told.items() if text != opened.filing.sections.get(code, "")}
    refused: dict[str, str] = {}
    for code, text in changed.items():
        try:
            actions.save_section(opened.actor, opened.filing, code, text, revision)
        except actions.InvalidEntries as invalid:
            refused |= invalid.problems
    return len(changed) - len(refused), refused


def _save_sections(request: HttpRequest, opened: Opened) -> HttpResponse:
    known = {section.code for section in opened.sections}
    sent = _sent(request)
    if sent is None or not sent.texts.keys() <= known:
        return JsonResponse({"say": _OLD_PAGE}, status=400)
    try:
        _, refused = _keep_sections(opened, sent.texts, sent.revision)
    except actions.StaleCells as stale:
        own = {code: [text.strip() for text in texts] for code, texts in sent.lost.items()}
        return JsonResponse(_conflicts(stale, "mục này", own), status=409)
    except Refused as refusal:
        return JsonResponse({"say": str(refusal)}, status=403)
    filing = open_filing(opened.actor, opened.obligation.pk).filing
    answer = {"revision": filing.revision, "at": f"{filing.changed_at.astimezone(VIET_NAM):%H:%M}", "refused": refused}
    return JsonResponse(answer, status=422 if refused else 200)


@require_http_methods(["GET", "POST"])
def nil(request: HttpRequest, pk: int, form_code: str) -> HttpResponse:
    """Ask, then put 0 in every cell of a form, or of every form (`all`): nothing to report, which is not blank.

    What was only said so can be taken back (`back`).
    """
    opened = open_filing(request.actor, pk)  # type: ignore[attr-defined]
    form = opened.form_or_404(form_code)
    address = f"{opened.address}?bieu={form.code}"
    if request.method == "POST":
        every, back, unasked = (request.POST.get(name) == "1" for name in ("all", "back", "unasked"))
        held = {**opened.filing.cells, **opened.filing.sections}
        if unasked and not back and not all(stands_blank(one, held) for one in (opened.forms if every else (form,))):
            return HttpResponseRedirect(request.path)  # numbers were entered since the page was made: ask first
        try:
            saved = actions.report_nil(
                opened.actor, opened.filing, "" if every else form.code, opened.filing.revision, back=back
            )
            what = "mọi biểu của báo cáo" if every else f"biểu {form.number}"
            done = "Đã bỏ không phát sinh, các ô lại trống" if back else "Đã ghi không phát sinh"
            told = f"{done}: {what}." if saved.changed else f"Không có ô nào đổi: {what}."
            messages.success(request, told)
        except actions.StaleCells as stale:
            messages.error(request, str(stale))
        return HttpResponseRedirect(address)
    context = {
        "obligation": opened.obligation,
        "form": form,
        "back": address,
        "forms": len(opened.forms),
        "cells": len(nil_entries(form)),
        "all_cells": sum(len(nil_entries(one)) for one in opened.forms),
        "title": pages.title_of(opened.obligation),
    }
    return render(request, "filings/nil.html", context)
