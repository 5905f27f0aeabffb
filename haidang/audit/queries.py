"""Reading the audit trail."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from haidang.audit.actions import entry_hash
from haidang.audit.models import Entry


def history_of(subject: Any) -> QuerySet[Entry]:
    """The events about one row, oldest first."""
    return Entry.objects.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))


def newest_first() -> QuerySet[Entry]:
    """Every event, the latest first; who may see which is decided by the room that asks."""
    return Entry.objects.order_by("-id")


def first_broken_entry() -> Entry | None:
    """The first row that was changed, or whose predecessor was removed; None when the chain is whole."""
    previous = ""
    for entry in Entry.objects.order_by("id").iterator():
        if entry.previous_hash != previous or entry.hash != entry_hash(entry):
            return entry
        previous = entry.hash
    return None
