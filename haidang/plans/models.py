"""Plans as accepted: targets, tasks with their agencies, and duties to report."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from haidang.agencies.models import Agency, Area
from haidang.plans.rules import COMPARATORS, PERIODS
from haidang.plans.wording import shown_title


class PlanState(models.TextChoices):
    """A plan is a draft until a person accepts its reading; it is followed until a newer version replaces it."""

    DRAFT = "draft", "đang rà soát"
    ACCEPTED = "accepted", "đã chấp nhận"
    REPLACED = "replaced", "đã được thay thế"


class Plan(models.Model):
    """An issued document; `reading` keeps what the reader proposed, the rows below keep what a person accepted."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="plans")
    state = models.CharField(max_length=10, choices=PlanState.choices, default=PlanState.DRAFT)
    number = models.CharField("số, ký hiệu", max_length=60, blank=True)
    issued_on = models.DateField("ngày ban hành", null=True, blank=True)
    issuer = models.CharField("cơ quan ban hành", max_length=200, blank=True)
    place = models.CharField("địa danh", max_length=100, blank=True)
    title = models.TextField("trích yếu", blank=True)
    year_from = models.PositiveSmallIntegerField("từ năm", null=True, blank=True)
    year_to = models.PositiveSmallIntegerField("đến năm", null=True, blank=True)
    legal_bases = models.JSONField("căn cứ", default=list, blank=True)
    recipients = models.JSONField("nơi nhận", default=list, blank=True)
    signer = models.CharField("người ký", max_length=120, blank=True)
    data_from = models.DateField("số liệu từ ngày", null=True, blank=True)
    data_to = models.DateField("số liệu đến ngày", null=True, blank=True)
    is_review = models.BooleanField("kế hoạch tổng kết", default=False)
    fictional = models.BooleanField("số liệu giả định", default=False)
    file_name = models.CharField(max_length=200)
    file_sha256 = models.CharField(max_length=64)
    text = models.TextField(help_text="the text in normal form; spans point into it")
    paragraphs = models.JSONField(default=list, help_text="[offset in text, whether a heading] of each paragraph")
    reading = models.JSONField()
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField()
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by",
        help_text="the older version, which is followed no more",
    )  # fmt: skip

    class Meta:
        ordering = ["-issued_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["area", "file_sha256"], name="plan_file_once_per_area"),
            models.CheckConstraint(
                condition=Q(data_from__isnull=True) | Q(data_to__isnull=True) | Q(data_to__gte=F("data_from")),
                name="plan_data_window_in_order",
                violation_error_message="Khoảng số liệu kết thúc trước khi bắt đầu.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()

    @property
    def heading(self) -> str:
        """The title as the screen shows it; the stored one stays as printed."""
        return shown_title(self.title, (self.area.name, self.place)) or self.file_name

    @property
    def is_draft(self) -> bool:
        """Whether nobody has accepted it yet."""
        return self.state == PlanState.DRAFT


class Found(models.Model):
    """Where in the text an item was found, by which rule, how surely; a person's own item has rule "person"."""

    position = models.PositiveIntegerField()
    span_start = models.PositiveIntegerField(null=True)
    span_end = models.PositiveIntegerField(null=True)
    rule = models.CharField(max_length=80, default="person")
    confidence = models.FloatField(default=1.0)
    checked = models.BooleanField(default=False, help_text="a person read it beside its source, changed or not")

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
    """A clause that somebody must carry out, perhaps in a window (only an end: a deadline)."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="tasks")
    section = models.CharField(max_length=60, blank=True)
    text = models.TextField()
    window_from = models.DateField(null=True, blank=True)
    window_to = models.DateField(null=True, blank=True)
    continues = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="the same task in the version that this plan replaced: its notes count here",
    )  # fmt: skip


class Assignment(models.Model):
    """One agency phrase of a task, as written, and the agencies in force that it was resolved to."""

    ROLES = [("lead", "chủ trì"), ("coordinating", "phối hợp")]
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="assignments")
    role = models.CharField(max_length=12, choices=ROLES)
    position = models.PositiveSmallIntegerField()
    phrase = models.CharField(max_length=300)
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


class WorkState(models.TextChoices):
    """How far an agency is with a task of its own; `EXCUSED` was said by the standing agency, with a reason."""

    NOT_STARTED = "not_started", "chưa bắt đầu"
    DOING = "doing", "đang làm"
    DONE = "done", "xong"
    EXCUSED = "excused", "không phải thực hiện"


class ProgressNote(models.Model):
    """What was said of an agency's work on a task, and when. Rows are only ever added: the last one of them counts.

    `on` is the day it speaks of: a task is done on the day it says, however late somebody writes that down;
    `written_at` shows when that was.
    """

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="notes")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    state = models.CharField("tình trạng", max_length=12, choices=WorkState.choices)
    on = models.DateField("ngày")
    text = models.TextField("nội dung")
    document_number = models.CharField("số, ký hiệu văn bản", max_length=60, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["task", "agency"], name="progress_note_of_share")]


class Evidence(models.Model):
    """A file that proves a note. Its bytes lie in the evidence folder under their hash."""

    note = models.ForeignKey(ProgressNote, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=120)
    size = models.PositiveIntegerField(help_text="bytes")
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["note", "sha256"], name="evidence_once_per_note")]


class Extension(models.Model):
    """An agency asks for more time for a task; the standing agency grants it, to a day, or refuses it."""

    OUTCOMES = [("", "chờ quyết định"), ("granted", "được gia hạn"), ("refused", "không được gia hạn")]
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="extensions")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    wanted_to = models.DateField("xin lùi đến ngày")
    reason = models.CharField("lý do", max_length=500)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=OUTCOMES, default="", blank=True)
    granted_to = models.DateField("gia hạn đến ngày", null=True, blank=True)
    ruling = models.CharField("ý kiến quyết định", max_length=500, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["task", "agency"], condition=Q(outcome=""), name="extension_asked_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(outcome="granted", granted_to__isnull=False)
                | (~Q(outcome="granted") & Q(granted_to__isnull=True)),
                name="extension_granted_to_a_day",
            ),
        ]


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
