"""Keys of calendar feeds: whoever has the address reads what one seat owes, without signing in."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from haidang.agencies.models import Membership


class FeedKey(models.Model):
    """The secret part of a feed's address, for one membership; only its hash is kept, so that nobody can read it here.

    A membership has one key at a time: a new one ends the one before. It works for as long as the membership does.
    """

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="feed_keys")
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the key, hexadecimal")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["membership"], condition=Q(ended_at__isnull=True), name="feed_key_one_alive"
            )
        ]
