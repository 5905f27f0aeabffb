"""What people said of plans that stand above and below each other, and of the plans that agencies owe."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from haidang.agencies.models import Agency
from haidang.plans.models.items import Target, Task
from haidang.plans.models.plan import Plan


class Said(models.Model):
    """Who said it, and when; what was said before stays in the audit trail."""

    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        abstract = True


class PlanLink(Said):
    """A person says that a plan carries out another one, or that it does not, whatever its legal bases cite."""

    child = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="said_parents")
    parent = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="said_children")
    stands = models.BooleanField()
    reason = models.CharField("lý do", max_length=300)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["child", "parent"], name="plan_link_once"),
            models.CheckConstraint(condition=~Q(child=F("parent")), name="plan_link_of_two_plans"),
        ]


class TargetTakenUp(Said):
    """A person says that a target of a plan is, or is not, taken up by a target of a plan below."""

    above = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="+")
    below = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="+")
    stands = models.BooleanField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["above", "below"], name="target_taken_up_once")]


class TaskTakenUp(Said):
    """A person says that a task of a plan is, or is not, taken up by a task of a plan below."""

    above = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="+")
    below = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="+")
    stands = models.BooleanField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["above", "below"], name="task_taken_up_once")]


class OwnPlanAsk(Said):
    """A clause that asks agencies for plans of their own, as a person keeps it; `dropped`: the reader was wrong there.

    With a span it stands in place of what the reader found there; without one a person added it.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="own_plan_asks")
    span_start = models.PositiveIntegerField(null=True)
    span_end = models.PositiveIntegerField(null=True)
    phrases = models.JSONField(default=list, help_text="the agencies that are asked, as written")
    addressee = models.CharField("gửi về", max_length=300, blank=True)
    last_day = models.DateField("ngày cuối", null=True, blank=True)
    dropped = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["plan", "span_start"], name="own_plan_ask_once_a_clause")]


class OwnPlanIssued(Said):
    """An agency issued its own plan under another one: its number and date, where the plan itself is not imported."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="own_plans_issued")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    number = models.CharField("số, ký hiệu", max_length=60)
    issued_on = models.DateField("ngày ban hành")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["plan", "agency"], name="own_plan_issued_once")]
