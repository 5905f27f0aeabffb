"""Leads by territory: "Công an tỉnh (khu vực nội địa), Bộ Chỉ huy Bộ đội Biên phòng tỉnh (khu vực biên giới)".

The words stand beside the agency in the task, or in the lines below that hand several tasks out. They are kept with the
assignment. They leave an agency out only where it is known that its area has no border, and never otherwise.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date

from haidang.agencies.models import Agency, Level
from haidang.agencies.records import AreaRecord
from haidang.catalogue.agency_functions import national_register
from haidang.plans.models import Assignment, Plan
from haidang.reading.letters import compiled

INLAND, BORDER = "inland", "border"
REACH = 6000  # characters after a task in which a line may hand it out
_INLAND = r"(?:địa bàn |khu vực |tuyến |vùng |trong )*nội địa"
_BORDER = (
    r"(?:địa bàn |khu vực |tuyến |vùng |trên |các )*"
    r"(?:biên giới|vùng biên|trên biển|vùng biển|ven biển|biển,? đảo|cửa khẩu)"
)
_GLOSS = compiled(rf"^\s*\(\s*(?:(?P<inland>{_INLAND})|(?P<border>{_BORDER}))[^()]{{0,60}}\)", re.IGNORECASE)
# "... thực hiện các hoạt động trên trong khu vực nội địa"
_BELOW = compiled(
    rf"^[^.;()]{{0,120}}?(?:trên|này|nêu trên|tiết|nội dung)[^.;()]{{0,60}}?\b(?:trong|tại|ở|trên|thuộc)\s+"
    rf"(?:(?P<inland>{_INLAND})|(?P<border>(?:khu vực|tuyến|địa bàn|vùng)\s+(?:biên giới|biển)|vùng biên|trên biển))",
    re.IGNORECASE,
)
_PART = compiled(r"\s(?:[IVX]{1,5}|[A-H])\s?[.)]\s+(?=[[:upper:]]{2})")


def territory_of(phrase: str, task_text: str, after: str) -> str:
    """The territory that an agency phrase is limited to: "inland", "border", or "" when no words say so.

    `after` is the plan's text behind the task; only lines up to the next part count, and only such as speak of what
    stands above them. Give none for a task that one agency leads alone: it is led everywhere.
    """
    for start in _places(phrase, task_text):
        if match := _GLOSS.match(task_text[start:]):
            return BORDER if match["border"] else INLAND
    end = _PART.search(after)
    block = after[: end.start() if end else REACH][:REACH]
    for start in _places(phrase, block):
        if match := _GLOSS.match(block[start:]) or _BELOW.match(block[start:]):
            return BORDER if match["border"] else INLAND
    return ""


def _places(phrase: str, text: str) -> Iterable[int]:
    """Where the phrase ends, each time it stands in the text."""
    words = r"\s+".join(map(re.escape, phrase.split()))
    return (match.end() for match in re.finditer(rf"(?<!\w){words}(?!\w)", text, re.IGNORECASE)) if words else ()


def mark_territories(plan: Plan, on: date) -> int:
    """Keep with each lead of a plan the territory that its text gives it, and leave out those surely without a border.

    How many assignments are limited. Called by the acceptance, in its transaction, once the phrases are agencies.
    """
    rows = list(Assignment.objects.filter(task__plan=plan, role="lead").select_related("task"))
    leads = Counter(row.task_id for row in rows)
    limited = []
    for row in rows:
        end = row.task.span_end if leads[row.task_id] > 1 else None
        row.territory = territory_of(row.phrase, row.task.text, plan.text[end : end + REACH] if end else "")
        if row.territory:
            limited.append(row)
    Assignment.objects.bulk_update(limited, ["territory"], batch_size=200)
    for row in limited:
        if row.territory == BORDER:
            _leave_out_inland(row, on)
    return len(limited)


def limit(row: Assignment, territory: str, on: date) -> None:
    """Limit one assignment to a territory, and leave out of it who is surely not there."""
    row.territory = territory
    row.save(update_fields=["territory"])
    if territory == BORDER:
        _leave_out_inland(row, on)


def _leave_out_inland(row: Assignment, on: date) -> None:
    """Of several agencies those whose province is known to have no border; a single one was named and stays."""
    agencies = list(row.agencies.select_related("area__parent"))
    inland = [agency for agency in agencies if has_border(agency, on) is False]
    if len(inland) < len(agencies):
        row.agencies.remove(*inland)


def has_border(agency: Agency, on: date) -> bool | None:
    """Whether an agency's territory has a border or a coast; None where no record tells.

    The register tells it of provinces. Below a province with a border nobody knows which communes lie on it; below one
    without there is none.
    """
    if agency.area is None:
        return None
    top = agency.area.path.split("/")[0]
    record = next((one for one in national_register().areas if one.level == Level.PROVINCE and one.key == top), None)
    if record is None or not record.in_force(on):
        return None
    if not _province_has_border(record):
        return False
    return True if agency.level == Level.PROVINCE else None


def _province_has_border(record: AreaRecord) -> bool:
    return any(trait.name == "border" and trait.holds(record) for trait in national_register().traits)
