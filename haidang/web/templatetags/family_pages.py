"""Words of the family pages: how many of what."""

from __future__ import annotations

from collections.abc import Sized

from django import template

from haidang.kernel.numbers import format_number
from haidang.plans import progress

register = template.Library()


@register.filter
def count_words(count: int, words: str) -> str:
    """ "12 đã cụ thể hoá"."""
    return f"{format_number(count)} {words[:1].lower()}{words[1:]}"


@register.filter
def lower_words(count: int) -> str:
    """ "2 chỉ tiêu thấp hơn cấp trên"."""
    return f"{format_number(count)} chỉ tiêu thấp hơn cấp trên"


@register.filter
def lower_plans(count: int) -> str:
    """ "1 kế hoạch đặt mức thấp hơn"."""
    return f"{format_number(count)} kế hoạch đặt mức thấp hơn"


@register.filter
def plans_words(count: int, children: Sized) -> str:
    """ "3/5 kế hoạch cấp dưới"."""
    return f"{format_number(count)}/{format_number(len(children))} kế hoạch cấp dưới"


@register.filter
def turn_words(key: str) -> str:
    """ "quý III/2025" for the turn "2025-Q3"."""
    return progress.turn_words(key)
