"""Words and addresses of "Việc của tôi"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.urls import reverse

from haidang.plans.board import MyTask
from haidang.plans.rules import WindowState, window_words
from haidang.web.work.buckets import report_name

if TYPE_CHECKING:
    from haidang.filings.models import Cycle, Obligation

register = template.Library()


@register.filter
def filing_address(obligation: Obligation) -> str:
    """Where an obligation is filed."""
    return reverse("filings:filing", args=[obligation.pk])


@register.filter
def cycle_report(cycle: Cycle) -> str:
    """What is to be filed in a cycle: "Báo cáo quý I/2025"."""
    return report_name(cycle.label)


@register.filter
def task_when(row: MyTask) -> str:
    """The window of a task in words, and that it is past when it is."""
    words = window_words(row.task.window_from, row.task.window_to, row.task.window_strict)
    return f"{words}, đã qua hạn" if row.state is WindowState.PAST else words
