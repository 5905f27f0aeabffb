"""What was said to those who owe."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from haidang.filings.models.cycles import Obligation


class Digest(models.Model):
    """The one e-mail a person gets on a day about what their agencies owe.

    The row is made before the e-mail goes out: of two runs at once only one makes it. `sent_at` null: not yet out.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="digests")
    day = models.DateField()
    claimed_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "day"], name="digest_once_a_day")]


class Reminder(models.Model):
    """One time that an agency was reminded of an obligation. Rows are only ever added.

    `words` is the message, or the number of the letter; `recipient` null: to the agency, not to a person's mailbox.
    """

    KINDS = [("digest", "bản tin tự động"), ("message", "lời nhắc"), ("letter", "công văn đôn đốc")]
    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="reminders")
    kind = models.CharField(max_length=10, choices=KINDS)
    words = models.TextField(blank=True)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ["-sent_at", "-pk"]
