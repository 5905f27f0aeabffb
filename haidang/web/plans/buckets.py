"""The four buckets as every screen shows them: colour, icon, words, and where a click leads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from haidang.plans.progress import Bucket


@dataclass(frozen=True, slots=True)
class ShownBucket:
    """How one bucket looks (the design's four buckets)."""

    state: str
    icon: str
    words: str


SHOWN = {
    Bucket.DONE: ShownBucket("ok", "check", "Xong đúng hạn"),
    Bucket.DONE_LATE: ShownBucket("late", "check", "Xong quá hạn"),
    Bucket.OPEN: ShownBucket("due", "half", "Đang làm, trong hạn"),
    Bucket.OVERDUE: ShownBucket("over", "alert", "Đang làm, quá hạn"),
}


def chosen_bucket(code: str) -> Bucket | None:
    """The bucket that an address asks for; None for all or an unknown one."""
    return Bucket(code) if code in set(Bucket) else None


def bucket_links(
    counts: Mapping[Bucket, int],
    details: Mapping[Bucket, str],
    chosen: Bucket | None,
    address_of: Callable[[Bucket | None], str],
) -> list[dict[str, object]]:
    """The four buckets for ui/parts/buckets.html; the chosen one leads back to all."""
    return [
        {
            "state": look.state,
            "icon": look.icon,
            "words": look.words,
            "count": counts[bucket],
            "detail": details[bucket],
            "address": address_of(None if bucket is chosen else bucket),
            "current": bucket is chosen,
        }
        for bucket, look in SHOWN.items()
    ]


def share_words(count: int, total: int) -> str:
    """The small line under a bucket: "45 % của 49 việc"; nothing to say of an empty one."""
    return f"{round(100 * count / total)} % của {total} việc" if count else "không có việc nào"
