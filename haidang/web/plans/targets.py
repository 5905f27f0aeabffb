"""Choosing how one target is measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from haidang.accounts.actors import require
from haidang.plans import measuring
from haidang.plans.policies import may_measure
from haidang.web.plans.forms import DayField, add_errors, choice_field, line_field
from haidang.web.plans.views import plan_or_404

if TYPE_CHECKING:
    from haidang.plans.models import Plan, Target


class BasisForm(forms.Form):
    """One way to measure a target."""

    label = line_field(
        "Tên cách tính", 120, hint="Khi có nhiều cách, ví dụ: trên án khởi tố mới. Để trống thì ghi tên chỉ số."
    )
    baseline_from = DayField(
        label="So với, từ ngày", help_text="Chỉ tiêu giảm hoặc tăng: để trống thì so cùng kỳ năm trước."
    )
    baseline_to = DayField(label="So với, đến ngày")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = measuring.choices()
        self.fields["numerator"] = choice_field("Tử số", [("", "chọn một chỉ số"), *choices])
        hint = "Để trống khi tử số đã là một tỷ lệ, hoặc chỉ tiêu là một số đếm."
        self.fields["denominator"] = choice_field("Mẫu số", [("", "không có"), *choices], required=False, hint=hint)
        self.order_fields(["numerator", "denominator", "label", "baseline_from", "baseline_to"])


def target_or_404(plan: Plan, pk: int) -> Target:
    """The target of a plan, with its bases; 404 otherwise."""
    found = next((target for target in measuring.measured_targets(plan) if target.pk == pk), None)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
def measure(request: HttpRequest, pk: int, target_pk: int) -> HttpResponse:
    """The ways a target is measured, and a form for one more."""
    actor = request.actor  # type: ignore[attr-defined]
    plan = plan_or_404(request, pk)
    require(may_measure(actor, plan))
    target = target_or_404(plan, target_pk)
    sent = request.method == "POST"
    form = BasisForm(request.POST) if sent else BasisForm()
    if sent and form.is_valid():
        try:
            basis = measuring.add_basis(actor, target, **form.cleaned_data)
        except ValidationError as problem:
            add_errors(form, problem)
        else:
            messages.success(request, f"Chỉ tiêu được tính theo: {measuring.basis_words(basis)}.")
            return redirect("plans:measure", plan.pk, target.pk)
    bases = [(basis, measuring.basis_words(basis)) for basis in target.bases.all()]
    context = {"plan": plan, "target": target, "bases": bases, "form": form}
    return render(request, "web/plans/measure.html", context, status=422 if sent else 200)


@require_POST
def basis_remove(request: HttpRequest, pk: int, target_pk: int, basis_pk: int) -> HttpResponse:
    """Measure the target by this no more."""
    actor = request.actor  # type: ignore[attr-defined]
    plan = plan_or_404(request, pk)
    require(may_measure(actor, plan))
    target = target_or_404(plan, target_pk)
    try:
        measuring.remove_basis(actor, target, basis_pk)
    except ObjectDoesNotExist:
        raise Http404 from None
    messages.success(request, "Đã bỏ một cách tính.")
    return redirect("plans:measure", plan.pk, target.pk)
