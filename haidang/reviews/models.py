"""The closing report under construction, and each document built from it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from haidang.kernel.windows import Window
from haidang.plans.models import Plan


class Review(models.Model):
    """A closing report for a plan: its window, its baseline, its outline."""

    plan = models.OneToOneField(Plan, on_delete=models.PROTECT, related_name="review")
    title = models.TextField()
    outline_code = models.CharField(max_length=60)
    outline_version = models.PositiveIntegerField()
    window_from = models.DateField()
    window_to = models.DateField()
    baseline_from = models.DateField(null=True)
    baseline_to = models.DateField(null=True)
    texts = models.JSONField(default=dict, help_text="outline code -> text the standing agency wrote itself")
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(window_to__gte=F("window_from")),
                name="review_window_in_order",
                violation_error_message="Khoảng số liệu của báo cáo kết thúc trước khi bắt đầu.",
            )
        ]

    @property
    def window(self) -> Window:
        """The days reviewed."""
        return Window(self.window_from, self.window_to)

    @property
    def baseline(self) -> Window | None:
        """The period compared with, when there is one."""
        return Window(self.baseline_from, self.baseline_to) if self.baseline_from and self.baseline_to else None


class Build(models.Model):
    """One document written: the figures frozen in it, the file and its hash."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="builds")
    built_at = models.DateTimeField()
    built_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    figures = models.JSONField()
    version_ids = models.JSONField()
    file_path = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["-built_at"]
