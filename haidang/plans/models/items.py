"""What a plan asks: targets, tasks with their agencies, and duties to report."""

from __future__ import annotations

from datetime import date

from django.db import models

from haidang.agencies.models import Agency
from haidang.plans.models.plan import Plan
from haidang.plans.rules import COMPARATORS, PERIODS, RECURRENCES, last_day_in_time


class Found(models.Model):
    """Where in the text an item was found, by which rule, how surely; a person's own item has rule "person"."""

    position = models.PositiveIntegerField()
    span_start = models.PositiveIntegerField(null=True)
    span_end = models.PositiveIntegerField(null=True)
    rule = models.CharField(max_length=80, default="person")
    confidence = models.FloatField(default=1.0)
    checked = models.BooleanField(default=False, help_text="a person read it beside its source, changed or not")
    ignored = models.BooleanField(default=False, help_text="a person said that it is none; gone once accepted")

    class Meta:
        abstract = True
        ordering = ["position", "id"]


class Target(Found):
    """A level that must be reached, or a direction: comparator, value and unit as the plan states them."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="targets")
    text = models.TextField()
    comparator = models.CharField(max_length=10, choices=COMPARATORS)
    value = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    unit = models.CharField(max_length=60, blank=True)


class Task(Found):
    """A clause that somebody must carry out, perhaps in a window (only an end: a deadline), perhaps again and again."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="tasks")
    section = models.CharField(max_length=60, blank=True)
    text = models.TextField()
    window_from = models.DateField(null=True, blank=True)
    window_to = models.DateField(null=True, blank=True)
    window_strict = models.BooleanField(
        null=True, help_text="of window_to: true for 'trước ngày', false for 'chậm nhất'; null: the text does not say"
    )
    recurrence = models.CharField("chu kỳ", max_length=12, choices=RECURRENCES, default="auto")
    continues = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="the same task in the version that this plan replaced: its notes count here",
    )  # fmt: skip

    @property
    def last_day(self) -> date | None:
        """The last day of the window that is in time: "trước ngày" ends the day before."""
        return last_day_in_time(self.window_to, self.window_strict)


class Assignment(models.Model):
    """One agency phrase of a task, as written, and the agencies in force that it was resolved to."""

    ROLES = [("lead", "chủ trì"), ("coordinating", "phối hợp")]
    TERRITORIES = [("inland", "khu vực nội địa"), ("border", "khu vực biên giới, biển")]
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="assignments")
    role = models.CharField(max_length=12, choices=ROLES)
    position = models.PositiveSmallIntegerField()
    phrase = models.CharField(max_length=300)
    territory = models.CharField(
        max_length=6, choices=TERRITORIES, blank=True, help_text="where the text limits it to a part of the territory"
    )
    agencies = models.ManyToManyField(Agency, related_name="assignments")

    class Meta:
        ordering = ["-role", "position"]  # the leads first


class Duty(Found):
    """A duty to report: its period, the due date as written, whether it is strict, and the addressee."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="duties")
    period = models.CharField(max_length=12, choices=PERIODS)
    due = models.CharField(max_length=60, blank=True, help_text="as the reader gives it: '12/3', an ISO date, a rule")
    strict = models.BooleanField(null=True, help_text="true for 'trước ngày', false for 'chậm nhất'; null: no date")
    addressee = models.CharField(max_length=300, blank=True)
    owed_by = models.JSONField(default=list, blank=True, help_text="the agencies that owe it, as written")

    class Meta(Found.Meta):
        verbose_name_plural = "duties"
