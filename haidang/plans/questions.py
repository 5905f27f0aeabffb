"""What a draft makes one ask before it is accepted, and which of its tasks have nobody who is known to lead them.

Asked after: nothing in it, letters recognised from pictures, another province, the same document, an older version,
two dates for one report, agencies that end too early.

A question is a sentence and the answers to it; nothing is guessed, and nothing is forbidden that a person confirms.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from haidang.agencies.aliases import paths_above
from haidang.agencies.models import Agency, Area, Level
from haidang.agencies.queries import in_force
from haidang.catalogue.agency_functions import national_register
from haidang.kernel.dates import short_date
from haidang.kernel.text import fold
from haidang.plans.amending import replaceable, suggested
from haidang.plans.carrying import heirs_of
from haidang.plans.models import Plan, PlanState, Task
from haidang.plans.progress import last_day_of
from haidang.plans.queries import as_of, duty_words, same_document
from haidang.plans.resolving import agencies_named
from haidang.plans.rules import DutyDate, conflicting_duties
from haidang.reading.letters import compiled

MOST_NAMED = 5
# "UBND tỉnh Bến Lạ": a name in capitals behind the kind; the name of an office in its place is none
_OF_PROVINCE = compiled(
    r"(?<!\w)(?P<kind>(?i:tỉnh|thành phố))\s+(?!(?i:sở|ban|công an|ubnd|ủy|uỷ|hội|phòng|bộ|văn phòng|cục|chi)(?!\w))"
    r"(?P<name>[[:upper:]]\w*(?:[ -][[:upper:]]\w*){0,3})"
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to a question. Only without `leads_to` is the plan accepted; else it names what to do instead:
    "review", "discard" or "replace"."""

    code: str
    words: str
    leads_to: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What was found, in `words`, and the answers to choose from; `plan` is another plan that it points to."""

    kind: str
    words: str
    choices: tuple[Choice, ...]
    plan: Plan | None = None

    @property
    def code(self) -> str:
        """Names the question as it is worded now: an answer holds for these words only."""
        return f"{self.kind}-{hashlib.sha256(self.words.encode()).hexdigest()[:8]}"


@dataclass(frozen=True, slots=True)
class Gate:
    """What stands between a draft and its acceptance: questions, and tasks without anybody known to lead them."""

    questions: tuple[Question, ...]
    unresolved: tuple[Task, ...]


_DISCARD = Choice("discard", "Bỏ bản nháp này", "discard")
_REPLACE = Choice("replace", "Bản này thay thế bản đó: so sánh hai bản", "replace")
_REVIEW = Choice("review", "Quay lại sửa bản đọc", "review")


def gate_of(plan: Plan, replaces: Plan | None = None) -> Gate:
    """Everything to be answered or waived before a draft is accepted, perhaps in place of an older version.

    A bounded number of queries, whatever the plan's size. The plan's area must be loaded.
    """
    tasks = list(plan.tasks.filter(ignored=False).prefetch_related("assignments"))
    phrases = {row.phrase for task in tasks for row in task.assignments.all() if row.role == "lead"}
    named = agencies_named(phrases, plan.area, as_of(plan)) if phrases else {}
    asked = [
        _nothing(plan, tasks), _scanned(plan), _other_province(plan), _same_document(plan), *_versions(plan),
        _two_dates(plan), *_ending_agencies(plan, tasks, named),
    ]  # fmt: skip
    questions = tuple(one for one in asked if one and (replaces is None or one.plan != replaces))
    return Gate(questions, tuple(task for task in tasks if _unresolved(task, named)))


def _unresolved(task: Task, named: Mapping[str, Sequence[int]]) -> bool:
    """Whether a task names nobody to lead it, or somebody whom the list of agencies does not know."""
    leads = [row.phrase for row in task.assignments.all() if row.role == "lead"]
    return not leads or any(not named[phrase] for phrase in leads)


def _nothing(plan: Plan, tasks: Sequence[Task]) -> Question | None:
    if tasks or plan.targets.filter(ignored=False).exists() or plan.duties.filter(ignored=False).exists():
        return None
    return Question(
        "nothing",
        f"Không đọc được chỉ tiêu, nhiệm vụ hay hạn báo cáo nào trong tệp {plan.file_name}. "
        "Văn bản có thể thiếu trang, hoặc là bản chụp nhận dạng kém.",
        (_DISCARD, Choice("none", "Đúng là văn bản không giao việc, chỉ lưu lại để tra cứu")),
    )


def _scanned(plan: Plan) -> Question | None:
    """Letters, figures and dates that were recognised from pictures may be wrong: somebody compares them."""
    pages = plan.reading.get("scanned", [])
    if not pages:
        return None
    more = f" và {len(pages) - MOST_NAMED} trang khác" if len(pages) > MOST_NAMED else ""
    shown = ", ".join(map(str, pages[:MOST_NAMED])) + more
    return Question(
        "scanned",
        f"Trang {shown} của tệp {plan.file_name} được nhận dạng chữ từ ảnh quét, có thể sai chữ, số và ngày. "
        "Đối chiếu bản đọc với văn bản gốc trước khi giao việc.",
        (Choice("compared", "Đã đối chiếu với văn bản gốc"), _REVIEW),
    )


def _bare(name: str) -> str:
    """An area's name without its kind and a bracketed remark, folded: "bến sương"."""
    words = name.partition("(")[0].strip()
    for kind in ("Thành phố", "Tỉnh", "Huyện", "Quận", "Thị xã", "Xã", "Phường", "Đặc khu"):
        words = words.removeprefix(kind + " ")
    return fold(words)


def _names_around(area: Area) -> list[str]:
    """The names that the area and those above it ever had."""
    return [_bare(name) for name in Area.objects.filter(path__in=paths_above(area)).values_list("name", flat=True)]


def other_province(area: Area, place: str, issuer: str, on: date) -> str:
    """The name of another province that the place or else the issuer of a document names; empty when none is."""
    if area.level == Level.CENTRAL:
        return ""
    said = [fold(text) for text in (place, issuer) if text]
    if not said or any(name and name in text for name in _names_around(area) for text in said):
        return ""
    names = {record.name for record in national_register().areas_on(on, "province")}
    names |= set(in_force(Area.objects.filter(level=Level.PROVINCE), on).values_list("name", flat=True))
    for text in said:
        fitting = [name for name in names if _bare(name) in text]
        if fitting:
            return max(fitting, key=lambda name: len(_bare(name)))
    return _unknown_province(area, issuer)


def _unknown_province(area: Area, issuer: str) -> str:
    """The province or city that an issuer names as its own, when no list has it and no area below bears its name."""
    match = _OF_PROVINCE.search(issuer)
    if match is None:
        return ""
    below = Area.objects.filter(path__startswith=f"{area.path}/").values_list("name", flat=True)
    name = match["name"].strip()
    if any(_bare(one) in fold(name) for one in below):
        return ""
    return f"{match['kind'].lower()} {name}"


def _other_province(plan: Plan) -> Question | None:
    name = other_province(plan.area, plan.place, plan.issuer, as_of(plan))
    if not name:
        return None
    return Question(
        "province",
        f"Văn bản do {plan.issuer or plan.place} ban hành, thuộc {name}; địa bàn đã chọn là {plan.area.name}.",
        (
            replace(_DISCARD, words="Nhầm địa bàn: bỏ bản nháp rồi nạp lại vào đúng địa bàn"),
            Choice("here", f"Đúng là kế hoạch theo dõi tại {plan.area.name}"),
        ),
    )


def _same_document(plan: Plan) -> Question | None:
    twin = same_document(plan)
    if twin is None:
        return None
    marks = f"cùng số {plan.number}, cùng ngày và cơ quan ban hành"
    exact = plan.number and plan.issued_on and (plan.number, plan.issued_on) == (twin.number, twin.issued_on)
    return Question(
        "twin",
        f"Đã có kế hoạch {marks if exact else f'có lời văn gần như trùng (tệp {twin.file_name})'} "
        f"({twin.get_state_display()}). Chấp nhận thêm bản này thì nhiệm vụ được giao hai lần.",
        (
            replace(_DISCARD, words="Cùng một văn bản: bỏ bản nháp này"),
            *((_REPLACE,) if twin.state == PlanState.ACCEPTED else ()),
            Choice("both", "Hai văn bản khác nhau, cần cả hai"),
        ),
        twin,
    )


def _versions(plan: Plan) -> list[Question]:
    """The plans followed now that this one changes, or that came after it and took its place."""
    found = []
    candidates = replaceable(plan)
    if (older := suggested(plan, candidates)) and not _is_older(plan, older):
        found.append(_amends(older))
    for newer in candidates:
        if _is_older(plan, newer) and suggested(newer, [plan]) is not None:
            found.append(_outdated(newer))
    return found


def _is_older(plan: Plan, other: Plan) -> bool:
    return plan.issued_on is not None and other.issued_on is not None and plan.issued_on < other.issued_on


def _amends(older: Plan) -> Question:
    return Question(
        "amends",
        f"Văn bản này sửa đổi {older.number or older.heading}, đang được theo dõi? Thay thế thì nhiệm vụ không đổi giữ "
        "nguyên tiến độ; theo dõi cả hai thì nhiệm vụ trùng nhau được giao hai lần.",
        (_REPLACE, Choice("both", "Không thay thế, theo dõi cả hai")),
        older,
    )


def _outdated(newer: Plan) -> Question:
    day = f" ngày {short_date(newer.issued_on)}" if newer.issued_on else ""
    return Question(
        "outdated",
        f"Bản này cũ hơn {newer.number or newer.heading}{day}, đang được theo dõi. "
        "Chấp nhận bản cũ thì có nhiệm vụ đã được sửa vẫn bị đòi.",
        (_DISCARD, Choice("both", "Vẫn cần theo dõi cả bản cũ")),
        newer,
    )


def _two_dates(plan: Plan) -> Question | None:
    """Two duties that ask for the same report by different days."""
    pairs = conflicting_duties(
        [
            DutyDate(row.period, row.due, row.strict, row.addressee, tuple(row.owed_by), duty_words(row))
            for row in plan.duties.filter(ignored=False)
        ]
    )
    if not pairs:
        return None
    listed = "; ".join(f"“{one.words}” và “{other.words}”" for one, other in pairs[:MOST_NAMED])
    return Question(
        "two-dates",
        f"Cùng một kỳ báo cáo có hai hạn khác nhau: {listed}. Giữ cả hai thì cơ quan bị đòi hai lần.",
        (_REVIEW, Choice("both", "Là hai báo cáo khác nhau, giữ cả hai hạn")),
    )


def _ending_agencies(plan: Plan, tasks: Sequence[Task], named: Mapping[str, Sequence[int]]) -> list[Question]:
    """The agencies that lead tasks and end before the last day of one of them: those with heirs, those without."""
    ending = Agency.objects.filter(pk__in={pk for ids in named.values() for pk in ids}, valid_to__isnull=False)
    gone = ending.in_bulk()
    counts: Counter[int] = Counter()
    for task in tasks:
        last = last_day_of(task.last_day, plan.year_to)
        leads = [pk for row in task.assignments.all() if row.role == "lead" for pk in named[row.phrase]]
        counts.update(pk for pk in leads if pk in gone and last is not None and _end(gone[pk]) < last)
    heirs = _heirs([gone[pk] for pk in counts])
    told: dict[bool, list[str]] = {True: [], False: []}
    for pk, count in counts.most_common():
        words = f"{gone[pk].name} ({count} nhiệm vụ, kết thúc hoạt động ngày {short_date(_end(gone[pk]))})"
        told[bool(heirs[pk])].append(f"{words}: {', '.join(heirs[pk])}" if heirs[pk] else words)
    return [_question(words, carried=carried) for carried, words in told.items() if words]


def _end(agency: Agency) -> date:
    return agency.valid_to or date.max


def _heirs(agencies: Sequence[Agency]) -> dict[int, list[str]]:
    """Who carries on for each agency on the day after its end, by name; a few queries for each such day."""
    carried: dict[int, list[int]] = {}
    for end in {_end(agency) for agency in agencies}:
        leaving = [agency.pk for agency in agencies if _end(agency) == end]
        carried |= {pk: sorted(found) for pk, found in heirs_of(leaving, end + timedelta(days=1)).items()}
    rows = Agency.objects.in_bulk({pk for found in carried.values() for pk in found})
    return {pk: [rows[heir].name for heir in found] for pk, found in carried.items()}


def _question(words: Sequence[str], *, carried: bool) -> Question:
    more = f" và {len(words) - MOST_NAMED} cơ quan khác" if len(words) > MOST_NAMED else ""
    listed = "; ".join(words[:MOST_NAMED]) + more
    if carried:
        return Question(
            "ending",
            f"{len(words)} cơ quan chủ trì kết thúc hoạt động trước hạn của nhiệm vụ, có cơ quan tiếp nhận: {listed}.",
            (Choice("heirs", "Các cơ quan tiếp nhận thực hiện tiếp"), _REVIEW),
        )
    return Question(
        "ending-without",
        f"{len(words)} cơ quan chủ trì kết thúc hoạt động trước hạn của nhiệm vụ mà danh mục chưa ghi cơ quan nào tiếp "
        f"nhận: {listed}.",
        (replace(_REVIEW, words="Quay lại sửa cơ quan chủ trì"), Choice("as-written", "Vẫn giao như văn bản")),
    )
