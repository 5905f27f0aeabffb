"""Files that go with a filing: the signed scan, lists, minutes."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from haidang.filings.models.filing import Filing


class FilingFile(models.Model):
    """A file attached to a filing; its bytes lie under their hash. Taken off, the row stays and says when.

    A version lists the files that were attached when it was sent, so that a file taken off later is still its own.
    """

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=120)
    size = models.PositiveIntegerField(help_text="bytes")
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    taken_off_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["filing", "sha256"], condition=Q(taken_off_at__isnull=True), name="filing_file_once"
            )
        ]
