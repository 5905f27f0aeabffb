"""The one place that knows what time it is, so that tests and the demo can say so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta, timezone

VIET_NAM = timezone(timedelta(hours=7), "ICT")
_fixed: ContextVar[datetime | None] = ContextVar("fixed_time", default=None)


def now() -> datetime:
    """The present moment, in UTC."""
    return (_fixed.get() or datetime.now(UTC)).astimezone(UTC)


def today() -> date:
    """Today's date in Viet Nam."""
    return now().astimezone(VIET_NAM).date()


@contextmanager
def fixed_at(moment: datetime | date) -> Iterator[None]:
    """Within the block it is always `moment`; a bare date means its noon in Viet Nam."""
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day, 12, tzinfo=VIET_NAM)
    token = _fixed.set(moment)
    try:
        yield
    finally:
        _fixed.reset(token)
