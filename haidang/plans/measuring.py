"""Choosing how a target is measured: which figures of the catalogue stand above and below the line."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from haidang.accounts.actors import Actor, require
from haidang.audit.actions import record
from haidang.catalogue.indicators import IndicatorSpec, all_indicators, indicator
from haidang.kernel import clock
from haidang.kernel.text import squeeze
from haidang.plans import policies
from haidang.plans.models import Plan, Target, TargetBasis
from haidang.plans.targets import DIRECTIONS

MOST_BASES = 3


def measured_targets(plan: Plan) -> list[Target]:
    """The targets of a plan with their bases loaded; two queries."""
    return list(plan.targets.prefetch_related("bases"))


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """The indicators of the catalogue for a list: [topic, [code, "name (unit)"]]."""
    topics: dict[str, list[tuple[str, str]]] = {}
    for spec in all_indicators():
        topics.setdefault(spec.topic_title, []).append((spec.code, f"{spec.name} ({spec.unit})"))
    return list(topics.items())


def basis_words(basis: TargetBasis) -> str:
    """A basis in words: its own label, else "numerator / denominator" by name."""
    names = [_spec(code).name if _known(code) else code for code in (basis.numerator, basis.denominator) if code]
    return basis.label or " / ".join(names)


def _known(code: str) -> bool:
    return any(spec.code == code for spec in all_indicators())


def _spec(code: str) -> IndicatorSpec:
    return indicator(code)


def _audit(actor: Actor, action: str, target: Target, **details: Any) -> None:
    record(
        action, target, actor_id=actor.user_id, actor=actor.name, agency=actor.agency_name[:120],
        plan=target.plan_id, **details,
    )  # fmt: skip


def _check(target: Target, numerator: str, denominator: str) -> None:
    """ValidationError, by field, when the figures cannot give what the target asks for."""
    for name, code in (("numerator", numerator), ("denominator", denominator)):
        if code and not _known(code):
            raise ValidationError({name: f"Danh mục không có chỉ số {code}. Chọn trong danh sách."})
    above = _spec(numerator)
    if not denominator:
        if target.unit.strip() == "%" and target.comparator not in DIRECTIONS and not above.is_ratio:
            raise ValidationError({"denominator": "Chỉ tiêu tính bằng %: chọn mẫu số, hoặc chọn tử số là một tỷ lệ."})
        return
    below = _spec(denominator)
    if above.is_ratio or below.is_ratio:
        raise ValidationError({"denominator": "Tỷ lệ không chia tiếp được. Tử số và mẫu số phải là hai số đếm."})
    if numerator == denominator:
        raise ValidationError({"denominator": "Mẫu số trùng với tử số. Chọn chỉ số khác."})


@transaction.atomic
def add_basis(
    actor: Actor,
    target: Target,
    *,
    numerator: str,
    denominator: str = "",
    label: str = "",
    baseline_from: date | None = None,
    baseline_to: date | None = None,
) -> TargetBasis:
    """Measure a target by these codes of the catalogue, beside what it is measured by already.

    ValidationError, by field and in Vietnamese, when they do not fit the target or each other.
    """
    row = Target.objects.select_related("plan__area").select_for_update(of=("self",)).get(pk=target.pk)
    require(policies.may_measure(actor, row.plan))
    _check(row, numerator, denominator)
    if (baseline_from is None) != (baseline_to is None):
        raise ValidationError({"baseline_to": "Ghi cả ngày đầu và ngày cuối của khoảng so sánh, hoặc để trống cả hai."})
    if baseline_from and baseline_to and baseline_to < baseline_from:
        raise ValidationError({"baseline_to": "Khoảng so sánh kết thúc trước khi bắt đầu. Sửa một trong hai ngày."})
    known = list(row.bases.all())
    if len(known) >= MOST_BASES:
        raise ValidationError(f"Chỉ tiêu này đã có {MOST_BASES} cách tính. Bỏ một cách trước khi thêm.")
    if any((basis.numerator, basis.denominator) == (numerator, denominator) for basis in known):
        raise ValidationError({"numerator": "Chỉ tiêu này đã có cách tính như vậy."})
    basis = TargetBasis.objects.create(
        target=row, label=squeeze(label)[:120], numerator=numerator, denominator=denominator,
        baseline_from=baseline_from, baseline_to=baseline_to, chosen_by_id=actor.user_id, chosen_at=clock.now(),
    )  # fmt: skip
    _audit(actor, "target.basis_added", row, numerator=numerator, denominator=denominator, label=basis.label)
    return basis


@transaction.atomic
def remove_basis(actor: Actor, target: Target, pk: int) -> None:
    """Measure a target by this no more; the audit trail keeps what it was. TargetBasis.DoesNotExist: not its own."""
    row = Target.objects.select_related("plan__area").select_for_update(of=("self",)).get(pk=target.pk)
    require(policies.may_measure(actor, row.plan))
    basis = row.bases.get(pk=pk)
    _audit(actor, "target.basis_removed", row, numerator=basis.numerator, denominator=basis.denominator)
    basis.delete()
