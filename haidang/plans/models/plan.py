"""A plan as imported: its header, its text, what the reader proposed, and its state."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from haidang.agencies.models import Area
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
        ordering = [F("issued_on").desc(nulls_last=True), "-id"]
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
