"""Marks of the plan screens: spans in the source, levels of targets, year lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from haidang.kernel.numbers import NO_BREAK_SPACE, format_number, format_percent
from haidang.plans import wording
from haidang.plans.listing import Item, Piece
from haidang.plans.rules import Kind
from haidang.ui.templatetags.vietnamese import confidence_state
from haidang.web.plans.timeline import Axis, Mark

if TYPE_CHECKING:
    from haidang.plans.models import Target

register = template.Library()
_ROLES = {"lead": (" who-lead", "chủ trì"), "coordinating": (" who-helps", "phối hợp")}


@register.simple_tag
def source_piece(piece: Piece, by_key: Mapping[str, tuple[Item, str]], current: str = "") -> SafeString | str:
    """A stretch of the source: plain text, or a link to the item it belongs to; an agency of it has its own mark."""
    if piece.key not in by_key:
        return piece.text
    item, address = by_key[piece.key]
    role = _ROLES.get(piece.role)
    kind = role[0] if role else "" if item.kind is Kind.TASK else " target"
    state = "ok" if item.checked else confidence_state(item.confidence)
    mark = format_html(' data-k="{}"', f"{item.letter}{NO_BREAK_SPACE}{item.position + 1}") if piece.first else ""
    return format_html(
        '<a class="span{} s-{}" href="{}" data-key="{}"{}{}{}>{}</a>',
        kind,
        "ext" if state == "due" else state,
        address,
        item.key,
        mark,
        format_html(' title="{}"', role[1]) if role else "",
        mark_safe(' aria-current="true"') if piece.key == current else "",
        piece.text,
    )


@register.filter
def target_level(target: Target) -> str:
    """The level of a target as a person says it: "≥ 90 %", "giảm 8 vụ", "giảm"."""
    sign = {"=": "", ">": "> ", ">=": "≥ ", "<=": "≤ "}.get(target.comparator)
    words = sign if sign is not None else target.get_comparator_display() + " "
    if target.value is None:
        return words.strip()
    if target.unit.strip() == "%":
        return words + format_percent(target.value, 2).rstrip()
    return f"{words}{format_number(target.value)}{NO_BREAK_SPACE}{target.unit}".strip()


@register.filter
def confidence_words(value: float) -> str:
    """ "Tin cậy thấp 54 %" under 60 %, else "Tin cậy 78 %"."""
    low = "Tin cậy thấp" if confidence_state(value) == "over" else "Tin cậy"
    return f"{low} {format_percent(value * 100, 0)}"


@register.filter
def rule_words(rule: str) -> str:
    """What found an item, in words."""
    return wording.rule_words(rule)


@register.filter
def checked_words(total: int, checked: int) -> str:
    """ "38 trên 64 mục đã rà"."""
    return f"{checked} trên {total} mục đã rà"


@register.simple_tag
def year_line(stretch: tuple[float, float], state: str, words: str, axis: Axis, marks: Sequence[Mark]) -> SafeString:
    """One task on the year line: month lines, its window, today."""
    lines = format_html_join(
        "", '<line class="m" x1="{}%" x2="{}%" y1="-4" y2="28"/>', ((mark.end, mark.end) for mark in marks[:-1])
    )
    window = format_html('<rect class="win" x="{}%" width="{}%" y="6" height="12" rx="2"/>', *stretch)
    today = ""
    if axis.now is not None:
        today = format_html(
            '<line class="now-edge" x1="{0}%" x2="{0}%" y1="-4" y2="28"/>'
            '<line class="now" x1="{0}%" x2="{0}%" y1="-4" y2="28"/>',
            axis.now,
        )
    return format_html(
        '<svg class="tl s-{}" role="img" aria-label="{}">{}{}{}</svg>', state, words, lines, window, today
    )
