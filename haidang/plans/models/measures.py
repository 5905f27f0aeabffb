"""How a target is measured."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from haidang.plans.models.items import Target


class TargetBasis(models.Model):
    """One way to measure a target: a numerator of the catalogue, over a denominator or by itself.

    Where a plan leaves open what a share is of (new cases, or all that were handled), a target has a basis for each,
    and both are shown. A direction is measured against a baseline period; without one, against the year before.
    """

    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="bases")
    label = models.CharField("cách tính", max_length=120, blank=True)
    numerator = models.CharField("tử số", max_length=60)
    denominator = models.CharField("mẫu số", max_length=60, blank=True)
    baseline_from = models.DateField("so với, từ ngày", null=True, blank=True)
    baseline_to = models.DateField("so với, đến ngày", null=True, blank=True)
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["target", "numerator", "denominator"], name="target_basis_once"),
            models.CheckConstraint(
                condition=Q(baseline_from__isnull=True, baseline_to__isnull=True)
                | Q(baseline_from__isnull=False, baseline_to__gte=F("baseline_from")),
                name="target_baseline_in_order",
            ),
        ]
