"""What a draft makes one ask before it is accepted: another province, the same document, agencies that end too early.

A question is a sentence and what a yes means; nothing is guessed, and nothing is forbidden that a person confirms.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from haidang.agencies.models import Agency, Area, Level
from haidang.agencies.queries import in_force
from haidang.catalogue.agency_functions import national_register
from haidang.kernel.dates import short_date
from haidang.kernel.text import fold
from haidang.plans.carrying import heirs_of
from haidang.plans.models import Assignment, Plan
from haidang.plans.progress import last_day_of
from haidang.plans.queries import as_of, same_document
from haidang.plans.resolving import agencies_named

MOST_NAMED = 12


@dataclass(frozen=True, slots=True)
class Question:
    """One question: `code` names it, `words` says what was found and what a yes means; `plan` is what it points to."""

    code: str
    words: str
    yes: str
    plan: Plan | None = None


def questions_of(plan: Plan) -> list[Question]:
    """Everything to be confirmed before a draft is accepted. The plan's area must be loaded."""
    found = [_other_province(plan), _same_document(plan), *_ending_agencies(plan)]
    return [question for question in found if question]


def _bare(name: str) -> str:
    """An area's name without its kind and a bracketed remark, folded: "bến sương"."""
    words = name.partition("(")[0].strip()
    for kind in ("Thành phố", "Tỉnh", "Huyện", "Quận", "Thị xã", "Xã", "Phường", "Đặc khu"):
        words = words.removeprefix(kind + " ")
    return fold(words)


def _names_around(area: Area) -> list[str]:
    """The names that the area and those above it ever had."""
    keys = area.path.split("/")
    paths = ["/".join(keys[: depth + 1]) for depth in range(len(keys))]
    return [_bare(name) for name in Area.objects.filter(path__in=paths).values_list("name", flat=True)]


def other_province(area: Area, place: str, issuer: str, on: date) -> str:
    """The name of another province that the place or else the issuer of a document names; empty when none is."""
    said = [fold(text) for text in (place, issuer) if text]
    if not said or any(name and name in text for name in _names_around(area) for text in said):
        return ""
    names = {record.name for record in national_register().areas_on(on, "province")}
    names |= set(in_force(Area.objects.filter(level=Level.PROVINCE), on).values_list("name", flat=True))
    for text in said:
        fitting = [name for name in names if _bare(name) in text]
        if fitting:
            return max(fitting, key=lambda name: len(_bare(name)))
    return ""


def _other_province(plan: Plan) -> Question | None:
    name = other_province(plan.area, plan.place, plan.issuer, as_of(plan))
    if not name:
        return None
    return Question(
        "province",
        f"Văn bản do {plan.issuer or plan.place} ban hành, thuộc {name}; địa bàn đã chọn là {plan.area.name}. "
        "Nhầm địa bàn thì bỏ bản nháp và nạp lại vào đúng địa bàn.",
        f"Đúng là kế hoạch theo dõi tại {plan.area.name}",
    )


def _same_document(plan: Plan) -> Question | None:
    twin = same_document(plan)
    if twin is None or (twin.issuer and plan.issuer and fold(twin.issuer) != fold(plan.issuer)):
        return None
    return Question(
        "twin",
        f"Đã có kế hoạch cùng số {plan.number}, cùng ngày và cơ quan ban hành ({twin.get_state_display()}). "
        "Chấp nhận thêm bản này thì nhiệm vụ được giao hai lần.",
        "Hai văn bản khác nhau, cần cả hai",
        twin,
    )


def _ending_agencies(plan: Plan) -> list[Question]:
    """The agencies that lead tasks and end before the last day of one of them: those with heirs, those without."""
    day = as_of(plan)
    rows = Assignment.objects.filter(task__plan=plan, role="lead").values_list("phrase", "task__window_to", "task_id")
    spoken = list(rows)
    named = agencies_named({phrase for phrase, _to, _task in spoken}, plan.area, day)
    ending = Agency.objects.filter(pk__in={pk for ids in named.values() for pk in ids}, valid_to__isnull=False)
    ends = {pk: end for pk, end in ending.values_list("pk", "valid_to") if end}
    tasks: Counter[int] = Counter()
    for phrase, window_to, _task in spoken:
        last = last_day_of(window_to, plan.year_to)
        tasks.update(pk for pk in named[phrase] if pk in ends and last is not None and ends[pk] < last)
    told: dict[bool, list[str]] = {True: [], False: []}
    for pk, count in tasks.most_common():
        words, carried = _ending(pk, ends[pk], count)
        told[carried].append(words)
    return [_question(words, carried=carried) for carried, words in told.items() if words]


def _ending(pk: int, end: date, count: int) -> tuple[str, bool]:
    """One agency that ends, in words, and whether anybody carries on."""
    agency = Agency.objects.get(pk=pk)
    after = end + timedelta(days=1)
    heirs = Agency.objects.filter(pk__in=heirs_of([pk], after)[pk]).order_by("pk").values_list("name", flat=True)
    words = f"{agency.name} ({count} nhiệm vụ, kết thúc hoạt động ngày {short_date(end)})"
    return (f"{words}: {', '.join(heirs)}", True) if heirs else (words, False)


def _question(words: Sequence[str], *, carried: bool) -> Question:
    more = f" và {len(words) - MOST_NAMED} cơ quan khác" if len(words) > MOST_NAMED else ""
    listed = "; ".join(words[:MOST_NAMED]) + more
    if carried:
        return Question(
            "ending",
            f"{len(words)} cơ quan chủ trì kết thúc hoạt động trước hạn của nhiệm vụ, có cơ quan tiếp nhận: {listed}.",
            "Các cơ quan tiếp nhận thực hiện tiếp",
        )
    return Question(
        "ending-without",
        f"{len(words)} cơ quan chủ trì kết thúc hoạt động trước hạn của nhiệm vụ mà danh mục chưa ghi cơ quan nào tiếp "
        f"nhận: {listed}. Sửa cơ quan chủ trì ở bản đọc, hoặc giao như văn bản.",
        "Vẫn giao như văn bản, cơ quan thường trực theo dõi",
    )
