"""How a draft was reviewed: its steps, which can be undone, and what a person answered before it was accepted."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from haidang.plans.models.plan import Plan


class ReviewStep(models.Model):
    """One change of a draft. `changes` maps what was changed ("task-12", "plan") to its columns before and after.

    A side is null where the item did not exist. Steps stay when they are undone; `undone_at` says that they are.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveIntegerField()
    verb = models.CharField(max_length=12)
    changes = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="review_step_once")]


class Answer(models.Model):
    """A question that a draft raised, in the words it was asked in, and what was answered before the acceptance."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="answers")
    code = models.CharField(max_length=60)
    question = models.TextField("câu hỏi")
    choice = models.CharField(max_length=20)
    answer = models.CharField("trả lời", max_length=300)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["plan", "code"], name="plan_answer_once")]


class LeadWaiver(models.Model):
    """Why a plan was accepted although some of its tasks name nobody who is known to lead them, and which ones."""

    plan = models.OneToOneField(Plan, on_delete=models.CASCADE, related_name="lead_waiver")
    tasks = models.JSONField(help_text="ids of the tasks")
    reason = models.CharField("lý do", max_length=500)
    waived_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    waived_at = models.DateTimeField()
