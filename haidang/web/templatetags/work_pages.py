"""Words and addresses of "Việc của tôi"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.urls import reverse

from haidang.filings.queries import Owed
from haidang.kernel.dates import short_date
from haidang.plans.queries import MyTask
from haidang.plans.rules import WindowState, window_words
from haidang.web.work.buckets import due_mark

if TYPE_CHECKING:
    from haidang.filings.models import Cycle, Obligation

register = template.Library()
register.filter("due_mark", due_mark)


@register.filter
def filing_address(obligation: Obligation) -> str:
    """Where an obligation is filed."""
    return reverse("filings:filing", args=[obligation.pk])


@register.filter
def report_name(cycle: Cycle) -> str:
    """What is to be filed in a cycle: "Báo cáo quý I/2025"."""
    words = f"{cycle.label[:1].lower()}{cycle.label[1:]}"
    return cycle.label if words.startswith("báo cáo") else f"Báo cáo {words}"


@register.filter
def why_mine(owed: Owed) -> str:
    """Why this agency owes it: the agency, the plan, the due date as written, an extension or a return."""
    obligation, cycle = owed.obligation, owed.obligation.cycle
    plan = cycle.plan.number or cycle.plan.title
    due = f"{'trước' if cycle.strict else 'chậm nhất'} ngày {short_date(cycle.due_on)}"
    words = f"{obligation.agency.name} phải nộp theo {plan} ({due})."
    if obligation.waived_reason:
        words += f" Được miễn: {obligation.waived_reason}"
    elif obligation.extended_to:
        words += f" Gia hạn đến {short_date(obligation.extended_to)}."
    if cycle.provisional:
        words += " Hạn nộp trước ngày chốt số liệu: số tạm tính."
    return words


@register.filter
def task_when(row: MyTask) -> str:
    """The window of a task in words, and that it is past when it is."""
    words = window_words(row.task.window_from, row.task.window_to)
    return f"{words}, đã qua hạn" if row.state is WindowState.PAST else words
