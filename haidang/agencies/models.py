"""Areas and agencies, both dated, both with lineage; memberships join people to agencies.

Neither code nor name is a key: code 24 is Bắc Giang until 2025-06-30 and Bắc Ninh from 2025-07-01.
"""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from haidang.accounts.actors import ROLE_NAMES, Role

# Two rows that are both "since ever" must count as the same: databases hold nulls apart in unique indexes.
SINCE = Coalesce("valid_from", Value(date(1, 1, 1)))


class Level(models.TextChoices):
    """Level of administration."""

    CENTRAL = "central", "trung ương"
    PROVINCE = "province", "tỉnh, thành phố"
    DISTRICT = "district", "huyện, quận, thị xã"
    COMMUNE = "commune", "xã, phường, đặc khu"


class Dated(models.Model):
    """Something in force from a day to a day, both included; null is open at that end."""

    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True


class Area(Dated):
    """A territory in force for a time."""

    code = models.CharField(max_length=5)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=30)
    level = models.CharField(max_length=10, choices=Level.choices)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(
        max_length=60, db_index=True, help_text="register keys from the province down, joined by '/'"
    )
    established_by = models.CharField(max_length=200, blank=True)
    abolished_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["code", "valid_from"]
        constraints = [
            models.UniqueConstraint("level", "code", SINCE, name="area_once_per_validity"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="area_validity_in_order",
                violation_error_message="Ngày hết hiệu lực của địa bàn trước ngày có hiệu lực.",
            ),
        ]
        indexes = [models.Index(fields=["level", "code"])]

    def __str__(self) -> str:
        return self.name


class AreaLineage(models.Model):
    """An old area went, whole or in part, into another one on a day, by a legal instrument."""

    old = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="successors")
    new = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="predecessors")
    kind = models.CharField(max_length=20)
    whole = models.BooleanField()
    on = models.DateField()
    instrument = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["old", "new"], name="area_lineage_once")]


class Agency(Dated):
    """An organ in force for a time; `function` says what it does (police, health …), whatever its name is."""

    code = models.CharField(max_length=120)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=120, blank=True)
    function = models.CharField(max_length=40, db_index=True)
    level = models.CharField(max_length=10, choices=Level.choices)
    area = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="agencies")
    standing = models.BooleanField(default=False, help_text="standing agency of the committee in its area")
    established_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["area__path", "code"]
        constraints = [
            models.UniqueConstraint("code", SINCE, name="agency_once_per_validity"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="agency_validity_in_order",
                violation_error_message="Ngày hết hiệu lực của cơ quan trước ngày có hiệu lực.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AgencyLineage(models.Model):
    """One function of an old agency passed to another one on a day, by a legal instrument."""

    old = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="successors")
    new = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="predecessors")
    function = models.CharField(max_length=60)
    on = models.DateField()
    instrument = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["old", "new", "function"], name="agency_lineage_once")]


class Membership(Dated):
    """A person's role at an agency, for a time."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(role.value, ROLE_NAMES[role]) for role in Role])

    class Meta:
        constraints = [
            models.UniqueConstraint("user", "agency", "role", SINCE, name="membership_once"),
        ]


class AgencyAlias(Dated):
    """A phrase that the plans of an area use, and what it means there: one agency, or an expression that is known.

    `key` is the phrase as it is compared: folded, without punctuation. It holds for the area and all below it.
    """

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="aliases")
    phrase = models.CharField(max_length=300)
    key = models.CharField(max_length=300)
    agency = models.ForeignKey(Agency, null=True, on_delete=models.PROTECT, related_name="aliases")
    expression = models.CharField(max_length=300, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["key", "id"]
        constraints = [
            models.UniqueConstraint("area", "key", SINCE, name="agency_alias_once"),
            models.CheckConstraint(
                condition=Q(agency__isnull=False, expression="") | (Q(agency__isnull=True) & ~Q(expression="")),
                name="agency_alias_means_one_thing",
            ),
        ]
