"""What is owed: cycles of reporting, and the obligation of each agency."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from haidang.agencies.models import Agency
from haidang.kernel.calendars import DueDate
from haidang.kernel.windows import Window
from haidang.plans.models import Duty, Plan


class Cycle(models.Model):
    """One exercise of reporting: a data window of a regime, its label and its due date.

    `regime` is the code of one of the specs (specs/calendars), or of Regime: the plan's own days, or a request, made
    once by a letter. A closing review has one cycle a yearly slice, and one for the baseline period; all share its due
    date. `written_due_on` is the due date as it was written, where the last day on time
    was not worked and was moved on; `steps` are the working days by which levels owe earlier than the due date.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="cycles")
    duty = models.ForeignKey(Duty, null=True, on_delete=models.PROTECT, related_name="cycles")
    label = models.CharField(max_length=80)
    window_from = models.DateField()
    window_to = models.DateField()
    regime = models.CharField(max_length=10)
    due_on = models.DateField()
    strict = models.BooleanField()
    addressee = models.CharField(max_length=300, blank=True)
    forms = models.JSONField(help_text="codes of the forms asked for; who files which is the forms' own rule")
    baseline = models.BooleanField(default=False)
    written_due_on = models.DateField(null=True, blank=True)
    steps = models.JSONField(default=dict, blank=True, help_text="level -> working days before the due date")
    letter_number = models.CharField("số văn bản yêu cầu", max_length=60, blank=True)

    class Meta:
        ordering = ["due_on", "window_from"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "label"], name="cycle_once_per_plan"),
            models.CheckConstraint(
                condition=Q(window_to__gte=F("window_from")),
                name="cycle_window_in_order",
                violation_error_message="Khoảng số liệu của kỳ kết thúc trước khi bắt đầu.",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def window(self) -> Window:
        """The days whose data the cycle asks for."""
        return Window(self.window_from, self.window_to)

    @property
    def due(self) -> DueDate:
        """When it must have been filed."""
        return DueDate(self.due_on, self.strict)

    @property
    def asked_by(self) -> str:
        """What it is owed by: the letter that asked for it and the plan, or the plan alone, by its number or title."""
        plan = self.plan.number or self.plan.title
        return f"văn bản {self.letter_number} ({plan})" if self.letter_number else plan

    @property
    def provisional(self) -> bool:
        """Due before its data closes: figures are provisional, the next cycle carries the tail."""
        return self.due.precedes_close_of(self.window)


class Obligation(models.Model):
    """What one agency, in force on the due date, owes for one cycle.

    `due_on` is its own due date where its level owes earlier than the cycle's; it is as strict as the cycle's. When the
    agency was dissolved before it filed, the obligation was handed to the one that `handed_to` names, on `handed_on`;
    it is then off, as a waived one is, and `waived_reason` says to whom it went.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="obligations")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="obligations")
    waived_reason = models.CharField(max_length=300, blank=True)
    extended_to = models.DateField(null=True, blank=True, help_text="last day on time once an extension is granted")
    extension_reason = models.CharField(max_length=300, blank=True)
    due_on = models.DateField(null=True, blank=True)
    handed_to = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="taken_over")
    handed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["cycle__due_on", "agency_id"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "agency"], name="obligation_once"),
            models.CheckConstraint(
                condition=Q(extended_to__isnull=True) | ~Q(extension_reason=""),
                name="extension_has_reason",
                violation_error_message="Gia hạn phải kèm lý do.",
            ),
            models.CheckConstraint(
                condition=Q(handed_to__isnull=True) | ~Q(waived_reason=""),
                name="handed_over_is_off",
                violation_error_message="Nghĩa vụ đã bàn giao thì cơ quan cũ không còn phải nộp.",
            ),
        ]
        # Boards and lists count what is alike: from these columns alone, without a look at the rows.
        indexes = [
            models.Index(fields=["cycle", "due_on", "extended_to", "waived_reason"], name="obligation_alike"),
        ]

    @property
    def due(self) -> DueDate:
        """When this agency must have filed."""
        return DueDate(self.due_on or self.cycle.due_on, self.cycle.strict)

    @property
    def provisional(self) -> bool:
        """Due from this agency before the data closes, if only because its level owes earlier; not where it was given
        time until the data is closed.
        """
        extended = self.extended_to is not None and self.extended_to > self.cycle.window_to
        return self.due.precedes_close_of(self.cycle.window) and not extended
