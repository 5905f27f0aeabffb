"""What is being filed: the draft, its saves and what was said of its cells."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from haidang.filings.models.cycles import Obligation


class FilingState(models.TextChoices):
    """Where a filing stands."""

    DRAFT = "draft", "đang nhập"
    SUBMITTED = "submitted", "đã gửi, chờ kiểm tra"
    RETURNED = "returned", "bị trả lại"
    ACCEPTED = "accepted", "đã tiếp nhận"


class Filing(models.Model):
    """An agency's answer to one obligation: a draft to work in, and its submitted versions.

    `cells` maps "B1.d150.c1" to a number, "na" or "nd" (blank is absent), computed cells included; `sections` maps an
    outline code, or the code of a cell that holds words, to text. `revision` counts saves, so that two people who edit
    at once meet a question instead of losing a number. `received_at` is when the first version that was not returned
    came in: a later correction does not make a timely filing late. `nil` says that what was received reports nothing.

    `typed` maps a computed cell to the total that the agency's own paper has: shown beside the computed one, never
    instead of it. `explained` maps the key of an explanation to the mark of the numbers that it was given for.
    `whole` says that the numbers already hold those of the agencies below (see `below.py`).
    """

    obligation = models.OneToOneField(Obligation, on_delete=models.PROTECT, related_name="filing")
    state = models.CharField(max_length=10, choices=FilingState.choices, default=FilingState.DRAFT)
    cells = models.JSONField(default=dict)
    sections = models.JSONField(default=dict)
    explanations = models.JSONField(default=dict, help_text="finding key -> why the figure is right all the same")
    explained = models.JSONField(default=dict, help_text="finding key -> mark of the numbers that were explained")
    typed = models.JSONField(default=dict, help_text="computed cell -> the total that somebody typed")
    whole = models.BooleanField("gồm số của cấp dưới", default=False)
    revision = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True, blank=True)
    nil = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["state", "received_at"]),
            # What decides where it stands, so that nothing of the long rows is read to count them.
            models.Index(fields=["obligation", "state", "nil", "received_at"], name="filing_alike"),
            models.Index(fields=["obligation"], condition=Q(received_at__isnull=True), name="filing_not_received"),
        ]


class Edit(models.Model):
    """One save of a draft: what each cell or section was and became. Rows are only ever added.

    Tells which cells changed since a revision (so that a stale save is refused only where it would lose something)
    and is the history of a cell within its draft.
    """

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="edits")
    revision = models.PositiveIntegerField(help_text="the revision that this save made")
    changes = models.JSONField(help_text="code -> [before, after]; null is blank")
    source = models.CharField(max_length=10, choices=[("grid", "bảng nhập"), ("workbook", "bảng tính")])
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    edited_at = models.DateTimeField()

    class Meta:
        ordering = ["filing_id", "revision"]
        constraints = [models.UniqueConstraint(fields=["filing", "revision"], name="edit_once_per_revision")]


class CellComment(models.Model):
    """What somebody of the agency or of its standing agency said about one cell or section. Rows are only ever added.

    `by_filer`: the person spoke for the agency that files; the other side is its standing agency.
    """

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="comments")
    code = models.CharField(max_length=60, help_text="the whole code of a cell, B1.d150.c1, or that of a section")
    text = models.TextField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    agency_name = models.CharField(max_length=200, help_text="for whom the person spoke, as it was called then")
    by_filer = models.BooleanField(default=False)
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["written_at", "pk"]
        indexes = [models.Index(fields=["filing", "code"])]
