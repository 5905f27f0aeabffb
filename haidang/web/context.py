"""What every page's shell shows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from haidang.kernel import clock


def shell(request: HttpRequest) -> dict[str, Any]:
    """The actor, today, the theme chosen by cookie, and whether this is the demo."""
    theme = request.COOKIES.get("theme", "")
    return {
        "actor": getattr(request, "actor", None),
        "today": clock.today(),
        "theme": theme if theme in ("light", "dark") else "",
        "demo": settings.DEMO,
    }
