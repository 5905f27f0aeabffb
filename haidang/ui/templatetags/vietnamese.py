"""What templates need to speak Vietnamese: numbers, dates, distances in days, and the icons and chips of the design."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from haidang.accounts.actors import ROLE_NAMES, Role
from haidang.kernel import clock, dates, numbers
from haidang.kernel.windows import Window

register = template.Library()

NOTE_ICONS = {"ok": "check", "late": "info", "over": "alert", "back": "undo", "ext": "info", "off": "lock"}
LOW, FAIR = 0.60, 0.85  # the design's steps of reading confidence: under 60 %, 60-84 %, the rest


def _day(value: date | datetime) -> date:
    return value.astimezone(clock.VIET_NAM).date() if isinstance(value, datetime) else value


@register.filter
def number(value: float | int | Decimal | None) -> str:
    """ "1.104"; a missing number is an en dash."""
    return "–" if value is None else numbers.format_number(value)


@register.filter
def percent(value: float | Decimal | None) -> str:
    """A percentage given as such: 92.6 becomes "92,6 %"; a missing one is an en dash."""
    return "–" if value is None else numbers.format_percent(value)


@register.filter
def share(value: float) -> str:
    """A share of one as a whole percentage: 0.78 becomes "78 %"."""
    return numbers.format_percent(value * 100, 0)


@register.filter
def short_date(value: date | datetime | None) -> str:
    """ "12/6/2025"; nothing for no date."""
    return dates.short_date(_day(value)) if value else ""


@register.filter
def near_date(value: date | datetime | None) -> str:
    """ "12/6" of this year, "12/6/2024" of another one; nothing for no date."""
    return dates.near_date(_day(value), clock.today()) if value else ""


@register.filter
def sentence_date(value: date | datetime | None) -> str:
    """ "Thứ Năm, 10/7/2025"; nothing for no date."""
    return dates.sentence_date(_day(value)) if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """ "10:41 ngày 10/7/2025", Viet Nam's time; nothing for none."""
    return f"{value.astimezone(clock.VIET_NAM):%H:%M} ngày {dates.short_date(_day(value))}" if value else ""


@register.filter
def window_text(value: Window | None) -> str:
    """ "từ ngày 09/02/2021 đến ngày 15/6/2025"; nothing for none."""
    return dates.window_text(value) if value else ""


@register.filter
def days_left(value: date | None, today: date | None = None) -> str:
    """How far a day is: "còn 64 ngày", "hôm nay", "quá 28 ngày"; nothing for none."""
    if value is None:
        return ""
    days = (_day(value) - (today or clock.today())).days
    if days == 0:
        return "hôm nay"
    return f"còn {days} ngày" if days > 0 else f"quá {-days} ngày"


@register.filter
def initials(name: str) -> str:
    """The first letters of the first and last words of a name, a bracketed remark aside: "Lê Thu Hà (mẫu)" gives LH."""
    words = [word for word in name.partition("(")[0].split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper() or "?"


@register.filter
def role_name(role: Role | str) -> str:
    """The Vietnamese name of a role."""
    return ROLE_NAMES[Role(role)]


@register.filter
def confidence_state(value: float) -> str:
    """The state class of what nobody checked yet: over (under 60 % sure), late (60-84 %), due. Green is for checked."""
    if value < LOW:
        return "over"
    return "late" if value < FAIR else "due"


@register.filter
def note_icon(state: str) -> str:
    """The icon that goes with a note of this state."""
    return NOTE_ICONS.get(state, "info")


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of the page's sprite (ui/icons.html)."""
    return format_html('<svg class="i" viewBox="0 0 16 16" aria-hidden="true"><use href="#i-{}"/></svg>', name)


@register.simple_tag
def chip(state: str, words: Any, letter: str = "", sign: str = "") -> SafeString:
    """A state chip: letter or icon (`sign`), then the words; the colour only repeats what they say."""
    mark: str | SafeString = ""
    if letter:
        mark = format_html('<span class="lt s-{}">{}</span>', state, letter)
    elif sign:
        mark = icon(sign)
    return format_html('<span class="chip s-{}">{}{}</span>', state, mark, words)


@register.simple_tag
def letter_mark(state: str, letter: str, words: str) -> SafeString:
    """A lone letter with its meaning for those who cannot see it."""
    return format_html(
        '<span class="lt s-{}" title="{}">{}<span class="sr"> {}</span></span>', state, words, letter, words
    )
