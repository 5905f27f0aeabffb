"""What was submitted, once and for all, and what became of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from haidang.filings.models.filing import Filing


class Version(models.Model):
    """What was submitted, once and for all. A correction is the next version, with its reason.

    `typed` and `whole` are those of the filing. `files` lists the attached files ({name, size, sha256}), `tasks` what
    the agency had said by then of its tasks in the plan ({task, section, text, state, on, said}).
    """

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    cells = models.JSONField()
    sections = models.JSONField(default=dict)
    explanations = models.JSONField(default=dict)
    typed = models.JSONField(default=dict)
    whole = models.BooleanField(default=False)
    files = models.JSONField(default=list)
    tasks = models.JSONField(default=list)
    forms = models.JSONField(help_text="form code -> {version, sha256} that the cells were checked against")
    reason = models.CharField("lý do đính chính", max_length=500, blank=True)
    document_number = models.CharField("số văn bản", max_length=60, blank=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["filing_id", "number"]
        constraints = [models.UniqueConstraint(fields=["filing", "number"], name="version_numbered_once")]


class Ruling(models.Model):
    """What became of a version: accepted or returned by the standing agency, or withdrawn by who sent it.

    A version has one ruling, so that what was taken back can no longer be accepted and the other way round.
    """

    OUTCOMES = [("accepted", "tiếp nhận"), ("returned", "trả lại"), ("withdrawn", "rút lại")]
    version = models.OneToOneField(Version, on_delete=models.PROTECT, related_name="ruling")
    outcome = models.CharField(max_length=10, choices=OUTCOMES)
    comment = models.TextField(blank=True)
    notes = models.JSONField(default=dict, help_text="cell or section code -> what is asked there")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="accepted") | ~Q(comment=""),
                name="return_has_comment",
                violation_error_message="Trả lại phải kèm ý kiến để đơn vị biết cần sửa gì.",
            )
        ]


class Reopening(models.Model):
    """The standing agency opened an accepted version again, with its reason; the version stays in force meanwhile."""

    version = models.OneToOneField(Version, on_delete=models.PROTECT, related_name="reopening")
    reason = models.CharField(max_length=500)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="reopening_has_reason",
                violation_error_message="Mở lại báo cáo đã tiếp nhận phải kèm lý do.",
            )
        ]


class NoteAnswer(models.Model):
    """The agency says that it has put right what a return asked at one cell or section; once for each."""

    ruling = models.ForeignKey(Ruling, on_delete=models.PROTECT, related_name="answers")
    code = models.CharField(max_length=60, help_text="the cell or section, as in the notes of the ruling")
    text = models.CharField("đã sửa thế nào", max_length=500, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    class Meta:
        ordering = ["answered_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["ruling", "code"], name="note_answered_once")]
