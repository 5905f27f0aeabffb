"""What was said to those who owe."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from haidang.agencies.models import Agency
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

    `words` is the message, or the number of the letter; `recipient` null: to the agency, not to a person's mailbox. An
    escalation was told to `told_to`, the agency above or whose leaders decide, not to the one that owes.
    """

    KINDS = [
        ("digest", "bản tin tự động"),
        ("message", "lời nhắc"),
        ("letter", "công văn đôn đốc"),
        ("escalation", "báo cáo cấp trên"),
    ]
    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="reminders")
    kind = models.CharField(max_length=10, choices=KINDS)
    words = models.TextField(blank=True)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    told_to = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-sent_at", "-pk"]


class BoardView(models.Model):
    """A set of filters of the chasing board that a person keeps under a name: the query of its address."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="board_views")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["person", "name"], name="board_view_named_once"),
            models.CheckConstraint(condition=~Q(name=""), name="board_view_has_name"),
        ]
