"""Attaching files to a filing, taking them off, and opening them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.db import transaction

from haidang.accounts.actors import Actor, Refused, require
from haidang.filings.actions.common import locked_filing, note
from haidang.filings.attachments import MOST_ATTACHED, attached_to, file_of, place_of
from haidang.filings.models import Filing, FilingFile
from haidang.filings.policies import may_edit, may_view
from haidang.kernel import clock
from haidang.plans.evidence import keep, problem_with, shown_name


@transaction.atomic
def attach(actor: Actor, filing: Filing, files: Sequence[tuple[str, bytes]]) -> list[FilingFile]:
    """Attach these files ([name, bytes] each), all or none; the same bytes are attached once.

    Refused, in one sentence, for a file whose content is not what its name says, is empty, too large or has macros.
    """
    filing = locked_filing(filing.pk)
    require(may_edit(actor, filing))
    named = [(shown_name(name), content) for name, content in files]
    if not named:
        raise Refused("Chưa chọn tệp nào. Chọn tệp rồi đính kèm.")
    for problem in (problem_with(name, content) for name, content in named):
        if problem:
            raise Refused(f"Chưa đính kèm tệp nào. {problem}")
    held = {one.sha256 for one in attached_to(filing)}
    kept = {keep(content): (name, len(content)) for name, content in named}
    fresh = {sha256: facts for sha256, facts in kept.items() if sha256 not in held}
    if len(held) + len(fresh) > MOST_ATTACHED:
        raise Refused(f"Một báo cáo đính kèm nhiều nhất {MOST_ATTACHED} tệp. Gộp hoặc bỏ bớt tệp rồi đính kèm.")
    rows = [
        FilingFile.objects.create(
            filing=filing, name=name, size=size, sha256=sha256, added_by_id=actor.user_id, added_at=clock.now()
        )
        for sha256, (name, size) in fresh.items()
    ]
    if rows:
        note(actor, "attached", filing, files=[row.sha256 for row in rows])
    return rows


@transaction.atomic
def take_off(actor: Actor, filing: Filing, pk: int) -> FilingFile:
    """Take a file off the draft; versions sent with it keep it."""
    filing = locked_filing(filing.pk)
    require(may_edit(actor, filing))
    file = filing.files.filter(pk=pk, taken_off_at__isnull=True).first()
    if file is None:
        raise Refused("Tệp này không còn đính kèm. Tải lại trang để xem các tệp đang có.")
    file.taken_off_at = clock.now()
    file.save(update_fields=["taken_off_at"])
    note(actor, "taken_off", filing, file=file.sha256)
    return file


@transaction.atomic
def open_file(actor: Actor, filing: Filing, pk: int) -> tuple[FilingFile, Path] | None:
    """One file and where its bytes lie; the opening is audited. None when the filing has no such file."""
    require(may_view(actor, filing.obligation))
    file = file_of(filing, pk)
    if file is None or (path := place_of(file)) is None:
        return None
    note(actor, "file_opened", filing, file=file.sha256)
    return file, path
