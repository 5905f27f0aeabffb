"""What a plan's closing report asks of those who file for it: its outline and its windows. No content is told."""

from __future__ import annotations

from collections.abc import Iterable

from haidang.catalogue.outlines import Outline, all_outlines, outline
from haidang.kernel.windows import Window
from haidang.plans.models import Plan
from haidang.reviews.models import Review


def outline_for(plan: Plan) -> Outline | None:
    """The outline that agencies filing for the plan write for; None when the plan asks for no closing report.

    Before the report is opened it is the newest outline, on which it would be opened.
    """
    if not plan.is_review:
        return None
    review = Review.objects.filter(plan=plan).first()
    if review is not None:
        return outline(review.outline_code, review.outline_version)
    known = all_outlines()
    return known[-1] if known else None


def windows_of(plans: Iterable[Plan]) -> tuple[Window, Window | None]:
    """The window and baseline to begin with: of the newest report of these plans, of a review plan, of the outline."""
    listed = list(plans)
    review = Review.objects.filter(plan__in=listed).order_by("-window_to").first()
    if review is not None:
        return review.window, review.baseline
    newest = all_outlines()[-1]
    for plan in listed:
        if plan.is_review and plan.data_from and plan.data_to:
            return Window(plan.data_from, plan.data_to), newest.baseline
    return newest.window, newest.baseline
