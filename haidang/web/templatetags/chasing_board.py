"""The squares of the chasing board. A board has thousands: they are put together here, not by the template engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from haidang.web.filings.board import Line, Place

register = template.Library()
_EMPTY = mark_safe("<td></td>")
_EMPTY_NOW = mark_safe('<td class="now"></td>')


@register.simple_tag
def squares(line: Line, selecting: bool) -> SafeString:
    """The squares of one agency; with a box to tick in each when the reader may chase."""
    return format_html_join("", "{}", ((_square(line.agency.name, place, selecting),) for place in line.cells))


def _square(agency: str, place: Place, selecting: bool) -> SafeString:
    standing = place.standing
    if standing is None:
        return _EMPTY_NOW if place.now else _EMPTY
    days = format_html("<small>{}</small>", standing.days) if standing.days else ""
    changed = format_html("<small>±{}</small>", place.changed) if place.changed else ""
    label = f"{agency}, {place.words}"
    link = format_html(
        '<a class="ob {}" href="{}" aria-label="{}" title="{}">{}{}{}</a>',
        standing.css, place.address, label, place.more, standing.letter, days, changed,
    )  # fmt: skip
    cell = mark_safe('<td class="now">' if place.now else "<td>")  # noqa: S308  constant
    if not selecting:
        return format_html("{}{}</td>", cell, link)
    ticked = mark_safe(" checked" if place.chosen else "")  # noqa: S308  constant
    return format_html(
        '{}<span class="square"><label><input type="checkbox" name="o" value="{}"{} aria-label="Chọn {}"></label>{}'
        "</span></td>",
        cell, place.pk, ticked, label, link,
    )  # fmt: skip
