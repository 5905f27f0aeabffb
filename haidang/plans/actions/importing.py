"""Importing a plan's file as a draft, and throwing a draft away."""

from __future__ import annotations

import hashlib

from django.db import IntegrityError, transaction

from haidang.accounts.actors import Actor, require
from haidang.agencies.models import Area
from haidang.catalogue.vocabulary import reading_vocabulary
from haidang.kernel import clock
from haidang.office.document_text import DocumentText, UnreadableDocument, text_of_bytes
from haidang.plans import originals, policies
from haidang.plans.actions.common import audit, locked_plan
from haidang.plans.drafting import header_of, paragraphs_of, rows_of
from haidang.plans.evidence import shown_name
from haidang.plans.models import Assignment, Duty, Plan, Target, Task
from haidang.reading.reader import read_plan


class NotImported(Exception):
    """Nothing was imported; the text says why and what to do. `existing` is the plan that has the same file."""

    def __init__(self, reason: str, existing: Plan | None = None) -> None:
        super().__init__(reason)
        self.existing = existing


class NothingRead(NotImported):
    """The file is a plan, but no target, task or duty was read from it: a person may import it all the same."""


def _document_of(name: str, content: bytes) -> DocumentText:
    try:
        return text_of_bytes(content, name)
    except UnreadableDocument as problem:
        raise NotImported(str(problem)) from problem


def import_plan(
    actor: Actor, area: Area, file_name: str, content: bytes, *, fictional: bool = False, though_empty: bool = False
) -> Plan:
    """Read a plan's file and keep what was read as a draft of the area, with all its items.

    NotImported, with the sentence for the person, when the file cannot be read, is not a plan, or is here already;
    NothingRead when it holds nothing to follow, unless `though_empty` says that a person will mark the items.
    `fictional` marks a sample whose people and figures are invented.
    """
    require(policies.may_import(actor, area))
    name = shown_name(file_name)
    sha256 = hashlib.sha256(content).hexdigest()
    _refuse_repeated(area, sha256)
    document = _document_of(name, content)
    reading = read_plan(document.text, reading_vocabulary(), recognised=bool(document.scanned))
    if not reading.is_plan:
        raise NotImported(
            f"Không thấy kế hoạch trong tệp {name}: không có tên loại văn bản, mục và nhiệm vụ như một kế hoạch. "
            "Chọn lại tệp, hoặc nạp bản toàn văn rõ chữ hơn."
        )
    if reading.is_empty and not though_empty:
        raise NothingRead(
            f"Tệp {name} là kế hoạch nhưng không đọc được chỉ tiêu, nhiệm vụ hay chế độ báo cáo nào. Nạp bản toàn văn "
            "rõ chữ hơn; nếu văn bản chỉ có vậy thì chọn lại tệp và đánh dấu ô “Vẫn nạp”."
        )
    plan = Plan(
        area=area, file_name=name, file_sha256=sha256, paragraphs=paragraphs_of(document.text), fictional=fictional,
        imported_by_id=actor.user_id, imported_at=clock.now(), **header_of(reading),
    )  # fmt: skip
    if document.scanned:
        plan.reading["scanned"] = list(document.scanned)  # pages whose letters were recognised: asked about later
    try:
        with transaction.atomic():
            originals.keep(content)
            plan.save(force_insert=True)
            rows = rows_of(plan, reading)
            Target.objects.bulk_create(rows.targets)
            Task.objects.bulk_create(rows.tasks)
            Assignment.objects.bulk_create([row for group in rows.assignments for row in group])
            Duty.objects.bulk_create(rows.duties)
            audit(
                actor, "plan.imported", plan, file=name, sha256=sha256, area=area.code,
                targets=len(rows.targets), tasks=len(rows.tasks), duties=len(rows.duties),
                scanned=len(document.scanned),
            )  # fmt: skip
    except IntegrityError as clash:  # somebody imported the same file a moment ago
        _refuse_repeated(area, sha256)
        raise clash
    return plan


def _refuse_repeated(area: Area, sha256: str) -> None:
    if existing := Plan.objects.filter(area=area, file_sha256=sha256).first():
        raise NotImported(
            f"Tệp này đã được nạp ngày {existing.imported_at.astimezone(clock.VIET_NAM):%d/%m/%Y} "
            f"({existing.get_state_display()}). Mở kế hoạch đó để tiếp tục, hoặc bỏ bản nháp cũ rồi nạp lại.",
            existing,
        )


def discard_plan(actor: Actor, plan: Plan) -> None:
    """Throw a draft away, with its items; the audit trail keeps that it was there."""
    with transaction.atomic():
        locked = locked_plan(plan)
        require(policies.may_discard(actor, locked))
        audit(actor, "plan.discarded", locked, file=locked.file_name, sha256=locked.file_sha256)
        locked.delete()
        transaction.on_commit(lambda: originals.forget(locked.file_sha256))
