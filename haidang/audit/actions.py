"""Writing the audit trail. Called inside the transaction of the change that it records."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class Event:
    """Something done to `subject` (a saved model row), and by whom. `details` hold no personal data of victims."""

    action: str
    subject: Any
    actor_id: int | None = None
    actor: str = "hệ thống"
    agency: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


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
    return record_all([Event(action, subject, actor_id, actor, agency, details)])[0]


@transaction.atomic(savepoint=False)
def record_all(events: Sequence[Event]) -> list[Entry]:
    """Append these events in their order; they stand next to each other in the chain."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    previous = Entry.objects.order_by("-id").values_list("hash", flat=True).first() or ""
    entries = []
    for event in events:
        entry = Entry(
            at=clock.now(),
            actor_id=event.actor_id,
            actor=event.actor,
            agency=event.agency,
            action=event.action,
            subject_type=event.subject._meta.label_lower,
            subject_id=str(event.subject.pk),
            details=json.loads(json.dumps(event.details, default=str)),
            previous_hash=previous,
        )
        entry.hash = previous = entry_hash(entry)
        entries.append(entry)
    return Entry.objects.bulk_create(entries)
