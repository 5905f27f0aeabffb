"""How far each agency is with its tasks: notes, evidence, extensions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from haidang.agencies.models import Agency
from haidang.plans.models.items import Task


class WorkState(models.TextChoices):
    """How far an agency is with a task of its own; `EXCUSED` was said by the standing agency, with a reason."""

    NOT_STARTED = "not_started", "chưa bắt đầu"
    DOING = "doing", "đang làm"
    DONE = "done", "xong"
    EXCUSED = "excused", "không phải thực hiện"


class ProgressNote(models.Model):
    """What was said of an agency's work on a task, and when. Rows are only ever added: the last one of them counts.

    `on` is the day it speaks of: a task is done on the day it says, however late somebody writes that down;
    `written_at` shows when that was.
    """

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="notes")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    occurrence = models.CharField("kỳ", max_length=8, blank=True, help_text="of a task that comes round: '2025-Q3'")
    state = models.CharField("tình trạng", max_length=12, choices=WorkState.choices)
    on = models.DateField("ngày")
    text = models.TextField("nội dung")
    document_number = models.CharField("số, ký hiệu văn bản", max_length=60, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["task", "agency"], name="progress_note_of_share")]


class Evidence(models.Model):
    """A file that proves a note. Its bytes lie in the evidence folder under their hash."""

    note = models.ForeignKey(ProgressNote, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=120)
    size = models.PositiveIntegerField(help_text="bytes")
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["note", "sha256"], name="evidence_once_per_note")]


class Extension(models.Model):
    """An agency asks for more time for a task; the standing agency grants it, to a day, or refuses it."""

    OUTCOMES = [
        ("", "chờ quyết định"),
        ("granted", "được gia hạn"),
        ("refused", "không được gia hạn"),
        ("moot", "không cần nữa, nhiệm vụ đã xong"),
    ]
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="extensions")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    occurrence = models.CharField("kỳ", max_length=8, blank=True, help_text="of a task that comes round: '2025-Q3'")
    wanted_to = models.DateField("xin lùi đến ngày")
    reason = models.CharField("lý do", max_length=500)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=OUTCOMES, default="", blank=True)
    granted_to = models.DateField("gia hạn đến ngày", null=True, blank=True)
    ruling = models.CharField("ý kiến quyết định", max_length=500, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["task", "agency", "occurrence"],
                condition=Q(outcome=""),
                name="extension_waits_once_an_occurrence",
            ),
            models.CheckConstraint(
                condition=Q(outcome="granted", granted_to__isnull=False)
                | (~Q(outcome="granted") & Q(granted_to__isnull=True)),
                name="extension_granted_to_a_day",
            ),
        ]
