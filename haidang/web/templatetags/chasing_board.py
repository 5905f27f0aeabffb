"""The squares of the chasing board. A board has thousands: they are put together here, not by the template engine."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from django import template
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from haidang.web.filings.board import Line, Place

register = template.Library()


@register.simple_tag
def squares(line: Line, selecting: bool) -> SafeString:
    """The squares of one agency; with a box to tick in each when the reader may chase."""
    agency = html.escape(line.agency.name)
    return mark_safe("".join(_square(agency, place, selecting) for place in line.cells))  # noqa: S308  each is escaped


def _square(agency: str, place: Place, selecting: bool) -> str:
    """One square as HTML; `agency` is its name, escaped. Everything else that is text is escaped here."""
    standing = place.standing
    cell = '<td class="now">' if place.now else "<td>"
    if standing is None:
        return f"{cell}</td>"
    label = f"{agency}, {html.escape(place.words)}"
    days = f"<small>{standing.days}</small>" if standing.days else ""
    changed = f"<small>±{place.changed}</small>" if place.changed else ""
    link = (
        f'<a class="ob {standing.css}" href="{html.escape(place.address)}" aria-label="{label}" '
        f'title="{html.escape(place.more)}">{standing.letter}{days}{changed}</a>'
    )
    if not selecting:
        return f"{cell}{link}</td>"
    ticked = " checked" if place.chosen else ""
    return (
        f'{cell}<span class="square"><label><input type="checkbox" name="o" value="{place.pk}"{ticked} '
        f'aria-label="Chọn {label}"></label>{link}</span></td>'
    )
