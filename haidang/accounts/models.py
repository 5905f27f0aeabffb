"""People who sign in."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person with an account. What they may do comes from memberships (agencies room), never from flags."""

    display_name = models.CharField("họ và tên", max_length=120, blank=True)
    must_change_password = models.BooleanField(
        default=False, help_text="the password was given by an administrator: every page leads to its change first"
    )
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]

    REQUIRED_FIELDS = []

    def __str__(self) -> str:
        return self.display_name or self.username
