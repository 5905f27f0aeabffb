"""What is owed and what was filed: cycles, obligations, filings, and their immutable versions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from haidang.agencies.models import Agency
from haidang.kernel.calendars import DueDate, Regime
from haidang.kernel.windows import Window
from haidang.plans.models import Duty, Plan


class Cycle(models.Model):
    """One exercise of reporting: a data window of a regime, its label and its due date.

    A closing review has one cycle a yearly slice, and one for the baseline period; all share its due date.
    """

    REGIMES = [(Regime.ND09.value, "NĐ 09/2019"), (Regime.CALENDAR.value, "theo lịch"), (Regime.PLAN.value, "riêng")]
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="cycles")
    duty = models.ForeignKey(Duty, null=True, on_delete=models.PROTECT, related_name="cycles")
    label = models.CharField(max_length=80)
    window_from = models.DateField()
    window_to = models.DateField()
    regime = models.CharField(max_length=10, choices=REGIMES)
    due_on = models.DateField()
    strict = models.BooleanField()
    addressee = models.CharField(max_length=300, blank=True)
    forms = models.JSONField(help_text="codes of the forms asked for; who files which is the forms' own rule")
    baseline = models.BooleanField(default=False)

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
    def provisional(self) -> bool:
        """Due before its data closes: figures are provisional, the next cycle carries the tail."""
        return self.due.precedes_close_of(self.window)


class Obligation(models.Model):
    """What one agency, in force on the due date, owes for one cycle."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="obligations")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="obligations")
    waived_reason = models.CharField(max_length=300, blank=True)
    extended_to = models.DateField(null=True, blank=True, help_text="last day on time once an extension is granted")
    extension_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["cycle__due_on", "agency_id"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "agency"], name="obligation_once"),
            models.CheckConstraint(
                condition=Q(extended_to__isnull=True) | ~Q(extension_reason=""),
                name="extension_has_reason",
                violation_error_message="Gia hạn phải kèm lý do.",
            ),
        ]


class FilingState(models.TextChoices):
    """Where a filing stands."""

    DRAFT = "draft", "đang nhập"
    SUBMITTED = "submitted", "đã gửi, chờ kiểm tra"
    RETURNED = "returned", "bị trả lại"
    ACCEPTED = "accepted", "đã tiếp nhận"


class Filing(models.Model):
    """An agency's answer to one obligation: a draft to work in, and its submitted versions.

    `cells` maps "B1.d150.c1" to a number, "na" or "nd" (blank is absent), computed cells included; `sections` maps an
    outline code, or the code of a cell that holds words, to text. `revision` counts saves, so that two people who edit
    at once meet a question instead of losing a number. `received_at` is when the first version that was not returned
    came in: a later correction does not make a timely filing late. `nil` says that what was received reports nothing.
    """

    obligation = models.OneToOneField(Obligation, on_delete=models.PROTECT, related_name="filing")
    state = models.CharField(max_length=10, choices=FilingState.choices, default=FilingState.DRAFT)
    cells = models.JSONField(default=dict)
    sections = models.JSONField(default=dict)
    explanations = models.JSONField(default=dict, help_text="finding key -> why the figure is right all the same")
    revision = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True, blank=True)
    nil = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["state", "received_at"])]


class Edit(models.Model):
    """One save of a draft: what each cell or section was and became. Rows are only ever added.

    Tells which cells changed since a revision (so that a stale save is refused only where it would lose something)
    and is the history of a cell within its draft.
    """

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="edits")
    revision = models.PositiveIntegerField(help_text="the revision that this save made")
    changes = models.JSONField(help_text="code -> [before, after]; null is blank")
    source = models.CharField(max_length=10, choices=[("grid", "bảng nhập"), ("workbook", "bảng tính")])
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    edited_at = models.DateTimeField()

    class Meta:
        ordering = ["filing_id", "revision"]
        constraints = [models.UniqueConstraint(fields=["filing", "revision"], name="edit_once_per_revision")]


class CellComment(models.Model):
    """What somebody of the agency or of its standing agency said about one cell. Rows are only ever added."""

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="comments")
    code = models.CharField(max_length=60, help_text="the whole code of the cell, B1.d150.c1")
    text = models.TextField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    agency_name = models.CharField(max_length=200, help_text="for whom the person spoke, as it was called then")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["written_at", "pk"]
        indexes = [models.Index(fields=["filing", "code"])]


class Version(models.Model):
    """What was submitted, once and for all. A correction is the next version, with its reason."""

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    cells = models.JSONField()
    sections = models.JSONField(default=dict)
    explanations = models.JSONField(default=dict)
    forms = models.JSONField(help_text="form code -> {version, sha256} that the cells were checked against")
    reason = models.CharField("lý do đính chính", max_length=500, blank=True)
    document_number = models.CharField("số văn bản", max_length=60, blank=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["filing_id", "number"]
        constraints = [models.UniqueConstraint(fields=["filing", "number"], name="version_numbered_once")]


class Ruling(models.Model):
    """What became of a version: accepted or returned by the standing agency, or withdrawn by who sent it.

    A version has one ruling, so that what was taken back can no longer be accepted and the other way round.
    """

    OUTCOMES = [("accepted", "tiếp nhận"), ("returned", "trả lại"), ("withdrawn", "rút lại")]
    version = models.OneToOneField(Version, on_delete=models.PROTECT, related_name="ruling")
    outcome = models.CharField(max_length=10, choices=OUTCOMES)
    comment = models.TextField(blank=True)
    notes = models.JSONField(default=dict, help_text="cell or section code -> what is asked there")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="accepted") | ~Q(comment=""),
                name="return_has_comment",
                violation_error_message="Trả lại phải kèm ý kiến để đơn vị biết cần sửa gì.",
            )
        ]


class Reopening(models.Model):
    """The standing agency opened an accepted version again, with its reason; the version stays in force meanwhile."""

    version = models.OneToOneField(Version, on_delete=models.PROTECT, related_name="reopening")
    reason = models.CharField(max_length=500)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="reopening_has_reason",
                violation_error_message="Mở lại báo cáo đã tiếp nhận phải kèm lý do.",
            )
        ]


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
