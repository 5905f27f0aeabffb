"""Writing the audit trail. Called inside the transaction of the change that it records."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db import connection, transaction

from haidang.audit.models import Entry
from haidang.kernel import clock

_LOCK = 138_000_001  # PostgreSQL advisory lock: one writer of the chain at a time


def entry_hash(entry: Entry) -> str:
    """SHA-256 over the row's content and the hash of the row before."""
    content = [
        entry.at.isoformat(), entry.actor_id, entry.actor, entry.agency, entry.action,
        entry.subject_type, entry.subject_id, entry.details, entry.previous_hash,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


@transaction.atomic(savepoint=False)
def record(
    action: str,
    subject: Any,
    *,
    actor_id: int | None = None,
    actor: str = "hệ thống",
    agency: str = "",
    **details: Any,
) -> Entry:
    """Append one event about `subject` (a saved model row). `details` must hold no personal data of victims."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    last = Entry.objects.order_by("-id").values_list("hash", flat=True).first()
    entry = Entry(
        at=clock.now(),
        actor_id=actor_id,
        actor=actor,
        agency=agency,
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        details=json.loads(json.dumps(details, default=str)),
        previous_hash=last or "",
    )
    entry.hash = entry_hash(entry)
    entry.save(force_insert=True)
    return entry
