"""The items of a draft as plain columns: what a step of its review keeps, compares and puts back.

An item is named by its key ("task-12"), the head of the plan by "plan". Columns are values of JSON; a task's agency
phrases are two of its columns.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Max

from haidang.plans.models import Assignment, Duty, Plan, ReviewStep, Target, Task
from haidang.plans.rules import Kind

Columns = dict[str, Any]
Change = list[Columns | None]  # before and after; only what differs where the item is there on both sides

HEADER = "plan"
HEADER_FIELDS = (
    "number", "issued_on", "issuer", "place", "title", "year_from", "year_to", "signer",
    "is_review", "data_from", "data_to",
)  # fmt: skip
_FOUND = ("position", "span_start", "span_end", "rule", "confidence", "checked", "ignored")
FIELDS = {
    Kind.TARGET: (*_FOUND, "text", "comparator", "value", "unit"),
    Kind.TASK: (*_FOUND, "section", "text", "window_from", "window_to", "window_strict"),
    Kind.DUTY: (*_FOUND, "period", "due", "strict", "addressee", "owed_by"),
}
ROLES = ("lead", "coordinating")
COLUMN_WORDS = {
    "text": "nội dung", "comparator": "so sánh", "value": "mức", "unit": "đơn vị", "section": "mục",
    "window_from": "ngày bắt đầu", "window_to": "hạn", "window_strict": "cách tính hạn",
    "lead": "cơ quan chủ trì", "coordinating": "cơ quan phối hợp",
    "period": "kỳ", "due": "hạn", "strict": "cách tính hạn", "addressee": "nơi gửi", "owed_by": "cơ quan phải báo cáo",
    "checked": "đã rà", "ignored": "bỏ qua", "span_start": "vị trí", "span_end": "vị trí",
}  # fmt: skip
VERBS = {
    "accept": "chấp nhận", "edit": "sửa", "add": "thêm", "split": "tách", "merge": "gộp", "retype": "đổi loại",
    "ignore": "bỏ qua", "restore": "lấy lại", "agency": "gán cơ quan", "header": "sửa phần đầu",
}  # fmt: skip


def plain(row: Any, names: tuple[str, ...]) -> Columns:
    """Columns of a row as JSON has them: days in ISO form, decimals as text of one form."""
    values = {name: row._meta.get_field(name).to_python(getattr(row, name)) for name in names}
    columns: Columns = json.loads(json.dumps(values, cls=DjangoJSONEncoder))
    if columns.get("value") is not None:
        columns["value"] = format(float(columns["value"]), ".2f")
    return columns


def columns_of(row: Target | Task | Duty) -> Columns:
    """One item; the assignments of a task are best read with it."""
    columns = plain(row, FIELDS[Kind(row._meta.model_name or "")])
    if isinstance(row, Task):
        named = sorted(row.assignments.all(), key=lambda one: one.position) if row.pk else []
        columns |= {role: [one.phrase for one in named if one.role == role] for role in ROLES}
    return columns


def state_of(plan: Plan) -> dict[str, Columns]:
    """The head and all items of a plan, by key: four queries, whatever their number."""
    rows: list[Target | Task | Duty] = [
        *plan.targets.all(),
        *plan.tasks.prefetch_related("assignments"),
        *plan.duties.all(),
    ]
    return {HEADER: plain(plan, HEADER_FIELDS)} | {f"{row._meta.model_name}-{row.pk}": columns_of(row) for row in rows}


def differences(before: Mapping[str, Columns], after: Mapping[str, Columns]) -> dict[str, Change]:
    """What differs, by key, as [before, after]; None on the side where the item is not there."""
    changes: dict[str, Change] = {}
    for key in [*before, *(key for key in after if key not in before)]:
        old, new = before.get(key), after.get(key)
        if old is None or new is None:
            changes[key] = [old, new]
        elif names := [name for name in old if old[name] != new[name]]:
            changes[key] = [{name: old[name] for name in names}, {name: new[name] for name in names}]
    return changes


def token_of(columns: Columns) -> str:
    """What a screen keeps of an item, to say later which state of it a person saw; its place in the list is no part."""
    seen = {name: value for name, value in columns.items() if name != "position"}
    return hashlib.sha256(json.dumps(seen, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:12]


def seen_of(row: Target | Task | Duty | Plan) -> str:
    """The token of an item, or of the head of a plan."""
    return token_of(plain(row, HEADER_FIELDS) if isinstance(row, Plan) else columns_of(row))


def put_back(plan: Plan, changes: Mapping[str, Change], side: int) -> None:
    """Bring items to one side of a step: 0 as they were before it, 1 as they were after. What goes, goes first."""
    for key, pair in changes.items():
        if pair[side] is None:
            _model(key)._default_manager.filter(plan=plan, pk=_pk(key)).delete()
    for key, pair in changes.items():
        wanted = pair[side]
        if wanted is None:
            continue
        if key == HEADER:
            _set(plan, wanted)
            plan.save(update_fields=list(wanted))
        else:
            _put_item(plan, key, wanted)


def _put_item(plan: Plan, key: str, wanted: Columns) -> None:
    model = _model(key)
    row = model._default_manager.filter(plan=plan, pk=_pk(key)).first()
    missing = row is None
    row = row or model(plan=plan, pk=_pk(key))
    _set(row, {name: value for name, value in wanted.items() if name not in ROLES})
    row.save(force_insert=missing)
    for role in ROLES:
        if role in wanted and isinstance(row, Task):
            row.assignments.filter(role=role).delete()
            Assignment.objects.bulk_create(
                Assignment(task=row, role=role, position=place, phrase=phrase)
                for place, phrase in enumerate(wanted[role])
            )


def _set(row: Any, values: Columns) -> None:
    for name, value in values.items():
        setattr(row, name, row._meta.get_field(name).to_python(value))


def _model(key: str) -> type[Target] | type[Task] | type[Duty]:
    return {"target": Target, "task": Task, "duty": Duty}[key.partition("-")[0]]  # type: ignore[return-value]


def _pk(key: str) -> int:
    return int(key.partition("-")[2])


def disturbed(plan: Plan, changes: Mapping[str, Change], side: int) -> list[str]:
    """The keys that are no longer as this side of a step left them: the other side would overwrite what came after."""
    now = state_of(plan)
    return [
        key
        for key, pair in changes.items()
        if (pair[side] is None) != (key not in now)
        or any(now[key].get(name) != value for name, value in (pair[side] or {}).items())
    ]


def last_step_on(plan: Plan, key: str) -> ReviewStep | None:
    """The newest step that stands and touched an item; the newest fifty are looked at."""
    recent = plan.steps.filter(undone_at__isnull=True).select_related("by").order_by("-number")[:50]
    return next((step for step in recent if key in step.changes), None)


def changed_words(step: ReviewStep, key: str) -> str:
    """What a step changed of an item, in words: "cơ quan chủ trì, hạn"."""
    before, after = step.changes.get(key, [None, None])
    if before is None or after is None:
        return VERBS.get(step.verb, step.verb)
    return ", ".join(dict.fromkeys(COLUMN_WORDS[name] for name in after if name in COLUMN_WORDS)) or "thứ tự"


def undoable(plan: Plan, user_id: int | None) -> ReviewStep | None:
    """The newest own step that stands."""
    return plan.steps.filter(by=user_id, undone_at__isnull=True).order_by("-number").first()


def redoable(plan: Plan, user_id: int | None) -> ReviewStep | None:
    """The own step undone last, unless the person went on to do something else."""
    standing = undoable(plan, user_id)
    after = plan.steps.filter(by=user_id, undone_at__isnull=False, number__gt=standing.number if standing else 0)
    return after.order_by("number").first()


def last_number(plan: Plan) -> int:
    """The number of the newest step of the review, undone ones too; 0 before the first."""
    return plan.steps.aggregate(last=Max("number"))["last"] or 0
