"""Comments on reports that wait for the reader's answer, for "Việc của tôi"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import reverse

from haidang.catalogue.forms import all_forms
from haidang.filings.talk import Waiting, waiting_for
from haidang.web.filings import pages

register = template.Library()


@dataclass(frozen=True, slots=True)
class Talk:
    """One report with comments to answer, and the link to the latest of them."""

    waiting: Waiting
    title: str
    address: str


@register.simple_tag(takes_context=True)
def talk_waiting(context: dict[str, Any]) -> list[Talk]:
    """The reports with comments that wait for an answer by whoever looks at the page."""
    forms = {form.code: form for form in all_forms()}
    return [
        Talk(
            one,
            pages.title_of(one.obligation),
            pages.cell_link(one.code, forms, reverse("filings:filing", args=[one.obligation.pk])).address,
        )
        for one in waiting_for(context["request"].actor)
    ]
