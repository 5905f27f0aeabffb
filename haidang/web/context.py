"""What every page's shell shows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from haidang.accounts.actors import NOBODY
from haidang.accounts.policies import may_open_accounts
from haidang.agencies.policies import may_read_journal
from haidang.kernel import clock

NAVIGATION = (
    ("/", "Việc của tôi"),
    ("/ke-hoach/", "Kế hoạch"),
    ("/bao-cao/", "Báo cáo"),
    ("/so-lieu/", "Số liệu"),
    ("/tong-ket/", "Tổng kết"),
)


def navigation(path: str) -> list[dict[str, object]]:
    """The main entries; the one whose pages `path` belongs to is marked as current."""
    return [
        {
            "address": address,
            "words": words,
            "current": path == address or (address != "/" and path.startswith(address)),
        }
        for address, words in NAVIGATION
    ]


def shell(request: HttpRequest) -> dict[str, Any]:
    """The actor, whether "Người dùng" and "Nhật ký" are theirs, today, the theme chosen by cookie, the main entries,
    and whether this is the demo.
    """
    theme = request.COOKIES.get("theme", "")
    actor = getattr(request, "actor", NOBODY)
    return {
        "actor": actor,
        "administers": bool(may_open_accounts(actor)),
        "reads_journal": bool(may_read_journal(actor)),
        "today": clock.today(),
        "theme": theme if theme in ("light", "dark") else "",
        "demo": settings.DEMO,
        "navigation": navigation(request.path),
    }
