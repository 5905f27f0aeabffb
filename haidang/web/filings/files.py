"""Files attached to a filing: the list on its page, adding, taking off, fetching."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from haidang.accounts.actors import Refused, require
from haidang.filings import actions, policies
from haidang.filings.attachments import MOST_ATTACHED, MOST_BYTES, SUFFIXES, attached_to
from haidang.web.filings import pages
from haidang.web.filings.access import Opened, open_filing

if TYPE_CHECKING:
    from haidang.filings.models import FilingFile, Version


@dataclass(frozen=True, slots=True)
class FilesView:
    """The files of a filing and what may be attached."""

    files: tuple[FilingFile, ...]
    most: int = MOST_ATTACHED
    most_megabytes: int = MOST_BYTES // 1024 // 1024
    suffixes: str = ", ".join(SUFFIXES)

    @property
    def accept(self) -> str:
        """What the file field offers."""
        return ",".join(SUFFIXES)


def files_view(opened: Opened) -> FilesView:
    """The files that are attached now; one query."""
    return FilesView(tuple(attached_to(opened.filing)))


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file of a version; `address` is "" when its row is gone."""

    name: str
    size: int
    sha256: str
    address: str


def sent_files(opened: Opened, version: Version) -> tuple[SentFile, ...]:
    """The files that went with a version; one query where there are any."""
    if not version.files:
        return ()
    rows = {one.sha256: one.pk for one in opened.filing.files.all()}
    return tuple(
        SentFile(
            one["name"], one["size"], one["sha256"],
            reverse("filings:file", args=[opened.obligation.pk, rows[one["sha256"]]]) if one["sha256"] in rows else "",
        )
        for one in version.files
    )  # fmt: skip


def _back(opened: Opened) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{opened.address}?bieu={pages.FILES_TAB}")


@require_POST
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Attach the chosen files; all or none."""
    opened = open_filing(request.actor, pk)  # type: ignore[attr-defined]
    require(policies.may_edit(opened.actor, opened.filing))
    chosen = request.FILES.getlist("files")
    try:
        if len(chosen) > MOST_ATTACHED:
            raise Refused(f"Chọn {len(chosen)} tệp; một báo cáo đính kèm nhiều nhất {MOST_ATTACHED} tệp.")
        for file in chosen:  # before any of them is read
            if (file.size or 0) > MOST_BYTES:
                most = MOST_BYTES // 1024 // 1024
                raise Refused(f"Tệp {(file.name or '')[:60]} lớn hơn {most} MB. Nén ảnh trong tệp hoặc tách tệp.")
        added = actions.attach(opened.actor, opened.filing, [(file.name or "", file.read()) for file in chosen])
        told = f"Đã đính kèm {len(added)} tệp." if added else "Các tệp này đã đính kèm từ trước."
        messages.success(request, told)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return _back(opened)


@require_POST
def take_off(request: HttpRequest, pk: int, file_pk: int) -> HttpResponse:
    """Take a file off the draft."""
    opened = open_filing(request.actor, pk)  # type: ignore[attr-defined]
    require(policies.may_edit(opened.actor, opened.filing))
    try:
        file = actions.take_off(opened.actor, opened.filing, file_pk)
        messages.success(request, f"Đã bỏ tệp {file.name}. Các bản đã gửi kèm tệp này vẫn giữ tệp.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return _back(opened)


@require_GET
def file(request: HttpRequest, pk: int, file_pk: int) -> FileResponse:
    """One file, always as a download: the browser never shows or runs it here."""
    opened = open_filing(request.actor, pk)  # type: ignore[attr-defined]
    found = actions.open_file(opened.actor, opened.filing, file_pk)
    if found is None:
        raise Http404("no such file")
    row, path = found
    return FileResponse(path.open("rb"), as_attachment=True, filename=row.name, content_type="application/octet-stream")
