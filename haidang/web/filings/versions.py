"""What was submitted: every version, what changed from one to the next, and each as it stood."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from haidang.catalogue.forms import FormSpec, form
from haidang.filings.chasing.chosen import SinceAcceptance, decisions_on, reminders_of, since_acceptance
from haidang.filings.queries import difference
from haidang.filings.reasons import reasons_of
from haidang.filings.rules import changed_codes
from haidang.web.filings import pages
from haidang.web.filings.access import Opened, open_filing
from haidang.web.filings.files import sent_files
from haidang.web.filings.grid import Beside, Grid, Words, build_grid

if TYPE_CHECKING:
    from haidang.filings.models import Version


@require_GET
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """The history: the latest first, each with its ruling and its differences from the one before."""
    opened = open_filing(request.actor, pk)  # type: ignore[attr-defined]
    listed = opened.versions
    entries = [
        {
            "version": version,
            "ruling": getattr(version, "ruling", None),
            "reopening": getattr(version, "reopening", None),
            "notes": _notes(opened, version),
            "previous": before.number if before else None,
            "changes": _changes(opened, version, before),
            "address": reverse("filings:version", args=[pk, version.number]),
        }
        for version, before in zip(listed, [*listed[1:], None], strict=False)
    ]
    since = since_acceptance(opened.filing)
    context = {
        "obligation": opened.obligation,
        "title": pages.title_of(opened.obligation),
        "entries": entries,
        "since": since and {"number": since.number, "reason": since.reason, "changes": _since(opened, since)},
        "reminders": reminders_of(opened.obligation),
        "decisions": decisions_on(opened.obligation),
    }
    return render(request, "filings/versions.html", context)


@require_GET
def version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One version as it stood, in the form versions that it was checked against."""
    opened = open_filing(request.actor, pk)  # type: ignore[attr-defined]
    shown = opened.version_or_404(number)
    before = next((one for one in opened.versions if one.number == number - 1), None)
    forms = _forms_of(shown)
    tab = request.GET.get("bieu", "")
    tab = tab if tab in forms else next(iter(forms), "")
    address = reverse("filings:version", args=[pk, number])
    titles = _titles(opened)
    ruling = getattr(shown, "ruling", None)
    noted = ruling.notes if ruling is not None else {}
    context = {
        "obligation": opened.obligation,
        "title": pages.title_of(opened.obligation),
        "version": shown,
        "ruling": ruling,
        "notes": [one for one in pages.notes_view(ruling, forms, address) if one.link.code not in titles],
        "filing": opened.filing,
        "changes": _changes(opened, shown, before),
        "previous": before.number if before else None,
        "tabs": [
            pages.Tab(f"{address}?bieu={one.code}", f"Biểu {one.number}", one.title, one.code == tab)
            for one in forms.values()
        ],
        "grid": _grid(forms[tab], shown) if tab else None,
        "files": sent_files(opened, shown),
        "tasks": shown.tasks,
        "sections": [
            {"title": titles.get(code, code), "text": shown.sections.get(code, ""), "note": noted.get(code, "")}
            for code in dict.fromkeys((*shown.sections, *noted))
            if code.partition(".")[0] not in forms
        ],
    }
    return render(request, "filings/version.html", context)


def _grid(form: FormSpec, version: Version) -> Grid:
    """The form as it was sent, with the reasons that were sent with it and a corner where a return asks something."""
    ruling = getattr(version, "ruling", None)
    noted = frozenset(ruling.notes) if ruling is not None else frozenset()
    words = Words(noted=noted, reasons=reasons_of(version.cells, version.explanations))
    has_typed = any(code.startswith(f"{form.code}.") for code in version.typed)
    beside = Beside(typed=version.typed if has_typed else None)
    return build_grid(form, {**version.sections, **version.cells}, marks={}, beside=beside, words=words)


def _forms_of(version: Version) -> Mapping[str, FormSpec]:
    """The forms in the versions that the submission names."""
    return {code: form(code, named["version"]) for code, named in version.forms.items()}


def _titles(opened: Opened) -> dict[str, str]:
    return {section.code: f"{section.label} {section.title}" for section in opened.sections}


def _since(opened: Opened, since: SinceAcceptance) -> list[pages.Change]:
    return pages.changes_view(since.changes, {form.code: form for form in opened.forms}, _titles(opened))


def _notes(opened: Opened, version: Version) -> list[tuple[str, str]]:
    """What the return asked for at single cells and sections, each place in words."""
    ruling = getattr(version, "ruling", None)
    forms, titles = _forms_of(version), _titles(opened)
    noted = ruling.notes if ruling is not None else {}
    return [(titles.get(code) or pages.short_name(code, forms), str(text)) for code, text in noted.items()]


def _changes(opened: Opened, version: Version, before: Version | None) -> list[pages.Change]:
    """Cells and sections that differ from the version before, then explanations and attached files."""
    if before is None:
        return []
    forms = _forms_of(version)
    cells = pages.changes_view(difference(before, version, forms.values()), forms, _titles(opened))
    return [*cells, *_beside(before, version, forms)]


def _beside(before: Version, after: Version, forms: Mapping[str, FormSpec]) -> list[pages.Change]:
    explained = [
        pages.Change(key, f"Giải trình: {_explained(key, forms)}", before.explanations.get(key, ""), words)
        for key in sorted(changed_codes(before.explanations, after.explanations))
        for words in [after.explanations.get(key, "")]
    ]
    was, now = ({file["sha256"]: file["name"] for file in one.files} for one in (before, after))
    files = [pages.Change("tệp", "Tệp gửi kèm", was.get(key, ""), now.get(key, "")) for key in sorted(was.keys() ^ now)]
    return [*explained, *files]


def _explained(key: str, forms: Mapping[str, FormSpec]) -> str:
    """What an explanation is about, as far as its key tells: the form, or the filing as a whole."""
    form = forms.get(key.partition(".")[0])
    return f"Biểu {form.number}" if form else "cả báo cáo"
