"""The tasks of the plan that the filing agency carries, told on the page of its filing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.urls import reverse

from haidang.filings.owntasks import own_tasks
from haidang.kernel import clock
from haidang.plans import policies
from haidang.plans.rules import window_words
from haidang.web.filings.access import Opened
from haidang.web.plans.buckets import SHOWN
from haidang.web.plans.progress_forms import NoteForm, turn_choices

if TYPE_CHECKING:
    from haidang.plans.following import Stand
    from haidang.plans.models import Task


@dataclass(frozen=True, slots=True)
class TaskView:
    """One task of the agency: how far it is, and the form to write it down (None for who may not)."""

    task: Task
    stand: Stand
    state: str
    icon: str
    words: str
    window: str
    form: NoteForm | None
    address: str

    @property
    def anchor(self) -> str:
        """The id of the task on the page."""
        return f"nv-{self.task.pk}"


def task_views(opened: Opened, typed: dict[int, NoteForm] | None = None) -> tuple[TaskView, ...]:
    """The agency's tasks as the page shows them; `typed` are forms with their errors, by task."""
    return tuple(_view(opened, task, stand, (typed or {}).get(task.pk)) for task, stand in own_tasks(opened.obligation))


def _view(opened: Opened, task: Task, stand: Stand, typed: NoteForm | None) -> TaskView:
    look = SHOWN[stand.bucket]
    may = bool(policies.may_record(opened.actor, task.plan, stand.agency)) and not stand.excused
    words = look.words.replace("Đang làm", "Chưa bắt đầu") if stand.state == "not_started" else look.words
    return TaskView(
        task=task,
        stand=stand,
        state="off" if stand.excused else look.state,
        icon="lock" if stand.excused else look.icon,
        words="Không phải thực hiện" if stand.excused else f"{words} {stand.days} ngày" if stand.days else words,
        window=window_words(task.window_from, task.window_to, task.window_strict),
        form=(typed or task_form(task, stand)) if may else None,
        address=reverse("filings:task_note", args=[opened.obligation.pk, task.pk]),
    )


def task_form(task: Task, stand: Stand, request: HttpRequest | None = None) -> NoteForm:
    """The form about one task; its fields have ids of their own, as many stand on one page."""
    sent = (request.POST, request.FILES) if request is not None else ()
    initial = {"on": clock.today(), "state": stand.state if stand.said else "doing"}
    return NoteForm(turn_choices([stand]), [stand.agency], *sent, initial=initial, auto_id=f"nv{task.pk}_%s")
