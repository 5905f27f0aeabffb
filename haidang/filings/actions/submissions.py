"""The ladder: submit, withdraw, accept, return, correct, reopen. Each submission is an immutable version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from haidang.accounts.actors import Actor, Refused, require
from haidang.catalogue.forms import form
from haidang.catalogue.outlines import all_outlines
from haidang.filings import content
from haidang.filings.actions.common import locked_filing, note
from haidang.filings.attachments import attached_to
from haidang.filings.consolidating.below import not_held
from haidang.filings.expectations import expectations_of, findings_to_send
from haidang.filings.models import Filing, FilingState, Reopening, Ruling, Version
from haidang.filings.owntasks import said_of_tasks
from haidang.filings.policies import may_correct, may_enter, may_keep, may_reopen, may_rule, may_submit, may_withdraw
from haidang.filings.rules import EDITABLE, TRANSITIONS, Move, content_sha256, is_nil
from haidang.kernel import clock
from haidang.kernel.numbers import format_number

MOST_COMMENT, MOST_NOTE = 2000, 500


class CannotSubmit(Exception):
    """The filing has findings that block it; `findings` lists them, those that want only an explanation included."""

    def __init__(self, findings: Sequence[content.FilingFinding]) -> None:
        blocks = sum(finding.level == "block" for finding in findings)
        asks = len(findings) - blocks
        counted = [f"{blocks} lỗi phải sửa"] * bool(blocks) + [f"{asks} điểm cần giải trình"] * bool(asks)
        super().__init__(f"Chưa gửi được: còn {' và '.join(counted)}. {findings[0].message}")
        self.findings = list(findings)


def submit(actor: Actor, filing: Filing, reason: str = "", document_number: str = "") -> Version:
    """Make the next version of what stands in the draft. CannotSubmit lists what blocks it.

    Sending again what was just sent gives the same version, also when it was accepted in between. After an acceptance
    a version is a correction: it needs its reason and the number of the document that says so.
    """
    # Checking is most of the work and needs no lock: at the deadline hour everybody writes at once.
    require(may_enter(actor, filing.obligation))
    checked = _Checked(filing, _blocking(filing)) if filing.state in EDITABLE else None
    words = (content.plain_text(reason), content.plain_text(document_number))
    return _submit(actor, filing.pk, checked, said_of_tasks(filing.obligation), words)


@dataclass(frozen=True, slots=True)
class _Checked:
    """What blocks a filing, found on it as it was read."""

    filing: Filing
    blocking: list[content.FilingFinding]

    def holds_for(self, filing: Filing) -> bool:
        """Whether the filing is still what was checked."""
        seen = self.filing
        return (seen.revision, seen.explanations, seen.whole) == (filing.revision, filing.explanations, filing.whole)


@transaction.atomic
def _submit(
    actor: Actor, pk: int, checked: _Checked | None, tasks: list[dict[str, str]], words: tuple[str, str]
) -> Version:
    filing = locked_filing(pk)
    past = list(_past(filing))
    version = _draft_version(filing, past, tasks, words)
    if past and filing.state not in EDITABLE and past[-1].sha256 == version.sha256:
        return past[-1]
    # Read before the filing was held, it may be older than a waiver that was just written.
    filing.obligation.refresh_from_db(fields=["waived_reason"])
    require(may_submit(actor, filing))
    _check_correction(version, past)
    blocking = checked.blocking if checked and checked.holds_for(filing) else _blocking(filing)
    if blocking:
        raise CannotSubmit(blocking)
    version.submitted_by_id = actor.user_id
    version.submitted_at = clock.now()
    version.save(force_insert=True)
    filing.state = FilingState.SUBMITTED
    filing.received_at = filing.received_at or version.submitted_at
    filing.nil = is_nil(version.cells)
    filing.save(update_fields=["state", "received_at", "nil"])
    note(actor, "submitted", filing, version=version.number, sha256=version.sha256)
    return version


@transaction.atomic
def withdraw(actor: Actor, version: Version, reason: str) -> Ruling:
    """Take back a version that nobody has ruled on, with the reason; it stays in the history, the draft opens again."""
    filing = locked_filing(version.filing_id)
    told = _reason(reason, "Rút lại bản đã gửi")
    if again := _ruled_alike(actor, version, "withdrawn", (told, {})):
        return again
    require(may_withdraw(actor, filing))
    return _conclude(actor, version, filing, ("withdrawn", Move.WITHDRAW), (told, {}))


@transaction.atomic
def accept(actor: Actor, version: Version, comment: str = "") -> Ruling:
    """Take the version in: its cells become facts and the filing is closed to its agency.

    A correction is not taken in while a report above that holds the old numbers stands accepted.
    """
    return _rule(actor, version, Move.ACCEPT, content.plain_text(comment), {})


@dataclass(frozen=True, slots=True)
class AcceptedAll:
    """What came of taking in several versions: those that were, and why each of the others was not."""

    accepted: list[Version]
    refused: list[tuple[Version, str]]


def accept_all(actor: Actor, versions: Iterable[Version]) -> AcceptedAll:
    """Take several versions in, each by itself: one that is refused does not keep the others out."""
    done = AcceptedAll([], [])
    for version in versions:
        try:
            accept(actor, version)
        except Refused as refusal:
            done.refused.append((version, str(refusal)))
        else:
            done.accepted.append(version)
    return done


@transaction.atomic
def return_(actor: Actor, version: Version, comment: str, notes: Mapping[str, str] | None = None) -> Ruling:
    """Send the version back with what is to be put right; `notes` are by cell or section code."""
    told = content.plain_text(comment)
    if not told:
        raise Refused("Trả lại phải kèm ý kiến để đơn vị biết cần sửa gì. Ghi ý kiến rồi trả lại.")
    if len(told) > MOST_COMMENT:
        raise Refused(f"Ý kiến dài hơn {format_number(MOST_COMMENT)} ký tự. Rút gọn, hoặc chuyển bớt vào ghi chú ô.")
    return _rule(actor, version, Move.RETURN, told, _notes(version, notes or {}))


@transaction.atomic
def correct(actor: Actor, filing: Filing) -> Filing:
    """Reopen an accepted filing; what was accepted stays in force until its correction is accepted.

    Asked again, an opened correction stays open. Refused while a report above that holds its numbers is accepted.
    """
    filing = locked_filing(filing.pk)
    if filing.state == FilingState.DRAFT and may_enter(actor, filing.obligation) and _accepted(filing) is not None:
        return filing
    require(may_correct(actor, filing))
    require(not_held(filing.obligation, "mở đính chính"))
    filing.state = FilingState.DRAFT
    filing.save(update_fields=["state"])
    note(actor, "correcting", filing)
    return filing


@transaction.atomic
def keep_accepted(actor: Actor, filing: Filing) -> Filing:
    """Give up a correction that was opened and changes nothing: the accepted version stands as before.

    Refused once something was changed, so that no number is lost, and where the standing agency opened it: that wants
    an answer. Asked again, it stays as it is.
    """
    filing = locked_filing(filing.pk)
    accepted = _accepted(filing)
    if filing.state == FilingState.ACCEPTED and may_enter(actor, filing.obligation):
        return filing
    require(may_keep(actor, filing))
    if accepted is None:
        raise Refused("Báo cáo chưa được tiếp nhận lần nào nên không có bản đính chính để thôi.")
    if getattr(accepted, "reopening", None) is not None:
        raise Refused(
            "Cơ quan thường trực đã mở lại báo cáo này. Sửa rồi gửi, hoặc giữ nguyên số và ghi lý do khi gửi."
        )
    if _content(filing, _files(filing)) != _content(accepted, accepted.files):
        raise Refused("Bản đính chính đã có thay đổi. Đưa số, lời văn và tệp về như bản đã tiếp nhận, hoặc gửi đi.")
    filing.state = FilingState.ACCEPTED
    filing.save(update_fields=["state"])
    note(actor, "correction_dropped", filing, version=accepted.number)
    return filing


def _content(one: Filing | Version, files: list[dict[str, Any]]) -> tuple[Any, ...]:
    """What a version takes over from its filing; the files by their content, whatever their order."""
    return one.cells, one.sections, one.explanations, one.typed, one.whole, {file["sha256"] for file in files}


@transaction.atomic
def reopen(actor: Actor, filing: Filing, reason: str) -> Filing:
    """Open an accepted filing to its agency again; what was accepted stays in force until the next acceptance.

    Refused while a report above that holds its numbers is accepted: that one is opened first.
    """
    filing = locked_filing(filing.pk)
    told = _reason(reason, "Mở lại báo cáo đã tiếp nhận")
    accepted = _accepted(filing)
    if filing.state == FilingState.DRAFT and accepted is not None and _reopened_alike(actor, accepted, told):
        return filing
    require(may_reopen(actor, filing))
    require(not_held(filing.obligation, "mở lại"))
    assert accepted is not None
    Reopening.objects.create(version=accepted, reason=told, opened_by_id=actor.user_id, opened_at=clock.now())
    filing.state = FilingState.DRAFT
    filing.save(update_fields=["state"])
    note(actor, "reopened", filing, version=accepted.number, reason=told)
    return filing


def _accepted(filing: Filing) -> Version | None:
    """The version in force: the one accepted last."""
    rows = Version.objects.filter(filing=filing, ruling__outcome="accepted").select_related("reopening")
    return rows.defer("cells", "sections", "explanations").order_by("-number").first()


def _reopened_alike(actor: Actor, accepted: Version, reason: str) -> bool:
    """Whether this person opened it with these words already: the same request, come twice."""
    opened = getattr(accepted, "reopening", None)
    return opened is not None and (opened.opened_by_id, opened.reason) == (actor.user_id, reason)


def _reason(reason: str, what: str) -> str:
    told = content.plain_text(reason)
    if not told:
        raise Refused(f"{what} phải kèm lý do. Ghi lý do rồi thực hiện lại.")
    if len(told) > 500:
        raise Refused("Lý do dài hơn 500 ký tự. Rút gọn rồi thực hiện lại.")
    return told


def _notes(version: Version, notes: Mapping[str, str]) -> dict[str, str]:
    """The notes that say something, each at a cell or section that the version has."""
    told = {code: words for code, text in notes.items() if (words := content.plain_text(text))}
    known = version.sections.keys() | {code for outline in all_outlines() for code in outline.sections_by_code}
    known |= {f"{code}.{cell}" for code, named in version.forms.items() for cell in form(code, named["version"]).cells}
    for code, words in told.items():
        if code not in known:
            raise Refused(f"Không có ô hoặc mục “{code[:60]}” trong báo cáo này. Chọn lại chỗ cần ghi ý kiến.")
        if len(words) > MOST_NOTE:
            raise Refused(f"Ghi chú ở {code} dài hơn {MOST_NOTE} ký tự. Rút gọn rồi trả lại.")
    return told


def _past(filing: Filing) -> QuerySet[Version]:
    """Earlier versions with their rulings, without their content."""
    return (
        Version.objects.filter(filing=filing)
        .select_related("ruling")
        .defer("cells", "sections", "explanations", "typed", "files", "tasks")
        .order_by("number")
    )


def version_sha256(version: Version) -> str:
    """The hash that belongs to the version's content; a row that was tampered with no longer matches its own.

    What a version does not have leaves no trace in it, so that versions from before there was such a thing still match.
    """
    whole = {
        "cells": version.cells,
        "sections": version.sections,
        "explanations": version.explanations,
        "forms": version.forms,
        "reason": version.reason,
        "document_number": version.document_number,
    }
    more = {"typed": version.typed, "whole": version.whole, "files": version.files, "tasks": version.tasks}
    return content_sha256(whole | {name: value for name, value in more.items() if value})


def _files(filing: Filing) -> list[dict[str, Any]]:
    return [{"name": one.name, "size": one.size, "sha256": one.sha256} for one in attached_to(filing)]


def _draft_version(filing: Filing, past: list[Version], tasks: list[dict[str, str]], words: tuple[str, str]) -> Version:
    forms = content.forms_for(filing.obligation)
    version = Version(
        filing=filing,
        number=past[-1].number + 1 if past else 1,
        cells=filing.cells,
        sections=filing.sections,
        explanations=filing.explanations,
        typed=filing.typed,
        whole=filing.whole,
        files=_files(filing),
        tasks=tasks,
        forms={one.code: {"version": one.version, "sha256": one.sha256} for one in forms},
        reason=words[0],
        document_number=words[1],
    )
    version.sha256 = version_sha256(version)
    return version


def _check_correction(version: Version, past: list[Version]) -> None:
    if len(version.reason) > 500 or len(version.document_number) > 60:
        raise Refused("Lý do dài hơn 500 ký tự hoặc số văn bản dài hơn 60 ký tự. Rút gọn rồi gửi lại.")
    if any(_outcome(one) == "accepted" for one in past) and not (version.reason and version.document_number):
        raise Refused("Đính chính phải có lý do và số văn bản đính chính. Ghi đủ hai mục rồi gửi lại.")
    if past and past[-1].sha256 == version.sha256 and _outcome(past[-1]) != "withdrawn":
        raise Refused(
            f"Báo cáo chưa thay đổi gì so với lần gửi thứ {past[-1].number}. "
            "Sửa số liệu, hoặc ghi lý do giữ nguyên rồi gửi."
        )


def _blocking(filing: Filing) -> list[content.FilingFinding]:
    """What stands in the way of submitting: forms without any entry, errors, and what is not yet explained."""
    forms = content.forms_for(filing.obligation)
    empty = [
        content.FilingFinding(
            f"{one.code}.empty",
            one.code,
            "block",
            (),
            f"Biểu {one.code} chưa nhập ô nào. Nhập số liệu, hoặc báo không phát sinh cho cả biểu.",
        )
        for one in content.empty_forms(forms, filing.cells, filing.sections)
    ]
    found = findings_to_send(filing, expectations_of(filing.obligation))
    return sorted([*empty, *(finding for finding in found if finding.blocks)], key=lambda finding: finding.level)


def _rule(actor: Actor, version: Version, move: Move, comment: str, notes: dict[str, str]) -> Ruling:
    filing = locked_filing(version.filing_id)
    version = Version.objects.get(pk=version.pk)
    version.filing = filing
    outcome = "accepted" if move is Move.ACCEPT else "returned"
    if again := _ruled_alike(actor, version, outcome, (comment, notes)):
        return again
    require(may_rule(actor, version, move))
    if move is Move.ACCEPT and _accepted(filing) is not None:
        require(not_held(filing.obligation, "tiếp nhận bản đính chính này"))
    return _conclude(actor, version, filing, (outcome, move), (comment, notes))


def _ruled_alike(actor: Actor, version: Version, outcome: str, said: tuple[str, dict[str, str]]) -> Ruling | None:
    """What this person decided of the version in these words already: the same request, come twice."""
    ruling = Ruling.objects.filter(version=version.pk, outcome=outcome, decided_by_id=actor.user_id).first()
    return ruling if ruling is not None and (ruling.comment, ruling.notes) == said else None


def _conclude(
    actor: Actor, version: Version, filing: Filing, ruled: tuple[str, Move], said: tuple[str, dict[str, str]]
) -> Ruling:
    """Write what became of the version sent last, and where its filing stands then."""
    outcome, move = ruled
    past = list(_past(filing))
    if past[-1].pk != version.pk:
        raise Refused(f"Đơn vị đã gửi lần thứ {past[-1].number}. Mở lần gửi mới nhất để xem xét.")
    if _outcome(past[-1]):
        raise Refused("Lần gửi này đã được xem xét. Tải lại trang để thấy kết quả.")
    ruling = Ruling.objects.create(
        version=version,
        outcome=outcome,
        comment=said[0],
        notes=said[1],
        decided_by_id=actor.user_id,
        decided_at=clock.now(),
    )
    filing.state = TRANSITIONS[filing.state, move]
    if move is not Move.ACCEPT and not any(_outcome(one) == "accepted" for one in past):
        filing.received_at, filing.nil = None, False
    filing.save(update_fields=["state", "received_at", "nil"])
    note(actor, outcome, filing, version=version.number, comment=said[0][:500])
    return ruling


def _outcome(version: Version) -> str:
    ruling = getattr(version, "ruling", None)
    return ruling.outcome if ruling is not None else ""
