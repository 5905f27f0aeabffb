"""One task of an accepted plan: who carries it, how far each is, evidence, and more time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from haidang.accounts.actors import Actor, require
from haidang.catalogue.agency_functions import national_register
from haidang.kernel import clock
from haidang.kernel.dates import short_date
from haidang.plans import following, policies, recording
from haidang.plans.board import lead_words
from haidang.plans.progress import Bucket
from haidang.plans.rules import window_words
from haidang.web.plans.buckets import SHOWN
from haidang.web.plans.forms import add_errors
from haidang.web.plans.progress_forms import AskForm, ExcuseForm, NoteForm, RecurrenceForm, RulingForm, turn_choices
from haidang.web.plans.views import plan_or_404

if TYPE_CHECKING:
    from haidang.plans.following import Stand, Turn
    from haidang.plans.models import Extension, Plan, Task


def task_or_404(plan: Plan, pk: int) -> Task:
    """The task of an accepted plan; 404 otherwise."""
    if (task := following.task_of(plan.pk, pk)) is None:
        raise Http404
    return task


@require_GET
def task_page(request: HttpRequest, pk: int, task_pk: int) -> HttpResponse:
    """The task, its agencies, its notes, and what the actor may do with them."""
    plan = plan_or_404(request, pk)
    return render(request, "web/plans/task.html", _context(request, plan, task_or_404(plan, task_pk)))


def _context(request: HttpRequest, plan: Plan, task: Task, **forms: Form) -> dict[str, Any]:
    """What the page shows; `forms` are forms with their errors, which stand in place of empty ones."""
    actor = request.actor  # type: ignore[attr-defined]
    stands = following.stands_of([task], clock.today())[task.pk]
    own = _recordable(actor, plan, stands)
    open_ones = [stand.agency for stand in own if _is_open(stand)]
    turns = turn_choices(stands)
    chosen = request.GET.get("ky", "")
    may_excuse = bool(policies.may_excuse(actor, plan))
    assignments = list(task.assignments.all())
    return {
        "plan": plan,
        "task": task,
        "window": window_words(task.window_from, task.window_to, task.window_strict),
        "unmatched": [row.phrase for row in assignments if row.role == "lead" and not row.agencies.all()],
        "leads": [lead_words(row) for row in assignments if row.role == "lead"],
        "turns": turns,
        "recurrence": forms.get("recurrence") or _recurrence_form(actor, plan, task),
        "recurs": following.recurrence_of(task),
        "coordinating": [row.phrase for row in assignments if row.role == "coordinating"],
        "rows": [_row(stand) for stand in stands],
        "notes": following.history_of(task),
        "sees_files": bool(policies.may_see_evidence(actor, plan, following.involved_in(task, clock.today()))),
        "requests": _requests(actor, plan, task, forms),
        "form": forms.get("note") or (_note_form(own, turns, chosen) if own else None),
        "ask": forms.get("ask") or (AskForm(turns, open_ones) if open_ones else None),
        "excuse": forms.get("excuse")
        or (ExcuseForm([s.agency for s in stands if not s.excused]) if may_excuse and len(stands) > 1 else None),
    }


def _recordable(actor: Actor, plan: Plan, stands: list[Stand]) -> list[Stand]:
    """The stands that the actor may write about, those of the own agency first."""
    found = [stand for stand in stands if policies.may_record(actor, plan, stand.agency)]
    return sorted(found, key=lambda stand: stand.agency.pk not in actor.agency_ids)


def _is_open(stand: Stand) -> bool:
    """Whether there is a day left to move: the task's own, or that of a turn which is not done."""
    if stand.excused or stand.last_day is None:
        return False
    return any(not turn.done for turn in stand.turns) if stand.turns else stand.state != "done"


def _note_form(own: list[Stand], turns: list[tuple[str, str]], chosen: str) -> NoteForm:
    initial = {"on": clock.today(), "state": "doing", "occurrence": chosen}
    return NoteForm(turns, [stand.agency for stand in own], initial=initial)


def _recurrence_form(actor: Actor, plan: Plan, task: Task) -> RecurrenceForm | None:
    allowed = policies.may_set_recurrence(actor, plan)
    return RecurrenceForm(initial={"recurrence": task.recurrence}) if allowed else None


def _row(stand: Stand) -> dict[str, Any]:
    """One agency of the table."""
    look = SHOWN[stand.bucket]
    functions = national_register().vocabulary.functions
    passed = sorted(functions.get(code, code) for code in stand.carrier.functions)
    return {
        "stand": stand,
        "state": "off" if stand.excused else look.state,
        "icon": "lock" if stand.excused else look.icon,
        "words": "Không phải thực hiện" if stand.excused else _words(stand, look.words),
        "passed": ", ".join(passed),
        "turns": [
            (SHOWN[turn.bucket].state, SHOWN[turn.bucket].icon, _turn_words(turn), turn)
            for turn in reversed(stand.turns)
        ],
    }


def _turn_words(turn: Turn) -> str:
    """One turn in words: "quý II/2025: bỏ lỡ"."""
    words = {Bucket.DONE: "xong đúng hạn", Bucket.DONE_LATE: "xong quá hạn", Bucket.OVERDUE: "bỏ lỡ"}
    doing = "đang làm" if turn.said and turn.said.state == "doing" else "chưa làm"
    return f"{turn.occurrence.words}: {words.get(turn.bucket, doing)}"


def _words(stand: Stand, words: str) -> str:
    if stand.state == "not_started":
        words = words.replace("Đang làm", "Chưa bắt đầu")
    return f"{words} {stand.days} ngày" if stand.days else words


def _requests(actor: Actor, plan: Plan, task: Task, forms: dict[str, Form]) -> list[dict[str, Any]]:
    decides = bool(policies.may_decide_extension(actor, plan))
    return [
        {
            "row": row,
            "form": None
            if row.outcome or not decides
            else forms.get(f"ruling-{row.pk}")
            or RulingForm(initial={"granted_to": row.wanted_to}, auto_id=f"ruling{row.pk}_%s"),
        }
        for row in following.extensions_of(task)
    ]


def _attempt(
    request: HttpRequest, plan: Plan, task: Task, *, name: str, form: Form, act: Callable[[], str]
) -> HttpResponse:
    """Do what a valid form asks for and go back to the page; else show the page with what is wrong."""
    if form.is_valid():
        try:
            messages.success(request, act())
        except ValidationError as problem:
            add_errors(form, problem)
        else:
            return redirect("plans:task", plan.pk, task.pk)
    return render(request, "web/plans/task.html", _context(request, plan, task, **{name: form}), status=422)


@require_POST
def note_add(request: HttpRequest, pk: int, task_pk: int) -> HttpResponse:
    """Write down how far an agency is."""
    actor = request.actor  # type: ignore[attr-defined]
    plan = plan_or_404(request, pk)
    task = task_or_404(plan, task_pk)
    stands = following.stands_of([task], clock.today())[task.pk]
    own = [stand.agency for stand in _require_own(actor, plan, stands)]
    form = NoteForm(turn_choices(stands), own, request.POST, request.FILES)

    def act() -> str:
        values = form.cleaned_data
        files = [(file.name or "", file.read()) for file in values["evidence"]]
        recording.record_progress(
            actor, task, form.agency(), state=values["state"], on=values["on"], text=values["text"],
            document_number=values["document_number"], occurrence=values.get("occurrence", ""), files=files,
        )  # fmt: skip
        return f"Đã ghi tiến độ của {form.agency().name}."

    return _attempt(request, plan, task, name="note", form=form, act=act)


def _require_own(actor: Actor, plan: Plan, stands: list[Stand]) -> list[Stand]:
    """The stands that the actor may write about; Refused, with the reason, when there are none."""
    own = _recordable(actor, plan, stands)
    if not own:
        if not stands:
            raise Http404
        require(policies.may_record(actor, plan, stands[0].agency))
    return own


@require_POST
def extension_ask(request: HttpRequest, pk: int, task_pk: int) -> HttpResponse:
    """Ask for more time."""
    actor = request.actor  # type: ignore[attr-defined]
    plan = plan_or_404(request, pk)
    task = task_or_404(plan, task_pk)
    stands = following.stands_of([task], clock.today())[task.pk]
    form = AskForm(turn_choices(stands), [stand.agency for stand in _require_own(actor, plan, stands)], request.POST)

    def act() -> str:
        values = form.cleaned_data
        recording.ask_extension(
            actor, task, form.agency(), values["wanted_to"], values["reason"], occurrence=values.get("occurrence", "")
        )
        return "Đã gửi đề nghị gia hạn tới cơ quan thường trực."

    return _attempt(request, plan, task, name="ask", form=form, act=act)


@require_POST
def extension_decide(request: HttpRequest, pk: int, task_pk: int, extension_pk: int) -> HttpResponse:
    """Grant ("quyet-dinh" = "gia-han") or refuse more time."""
    actor = request.actor  # type: ignore[attr-defined]
    plan = plan_or_404(request, pk)
    require(policies.may_decide_extension(actor, plan))
    task = task_or_404(plan, task_pk)
    extension = _extension_or_404(task, extension_pk)
    granting = request.POST.get("quyet-dinh") == "gia-han"
    form = RulingForm(request.POST, auto_id=f"ruling{extension.pk}_%s")

    def act() -> str:
        granted_to = form.cleaned_data["granted_to"] if granting else None
        if granting and granted_to is None:
            raise ValidationError({"granted_to": "Ghi ngày gia hạn đến."})
        recording.decide_extension(actor, extension, granted_to=granted_to, ruling=form.cleaned_data["ruling"])
        return f"Đã gia hạn đến {short_date(granted_to)}." if granted_to else "Đã trả lời: không gia hạn."

    return _attempt(request, plan, task, name=f"ruling-{extension.pk}", form=form, act=act)


def _extension_or_404(task: Task, pk: int) -> Extension:
    found = next((row for row in following.extensions_of(task) if row.pk == pk), None)
    if found is None:
        raise Http404
    return found


@require_POST
def agency_excuse(request: HttpRequest, pk: int, task_pk: int) -> HttpResponse:
    """Say that an agency need not do the task."""
    actor = request.actor  # type: ignore[attr-defined]
    plan = plan_or_404(request, pk)
    require(policies.may_excuse(actor, plan))
    task = task_or_404(plan, task_pk)
    stands = following.stands_of([task], clock.today())[task.pk]
    form = ExcuseForm([stand.agency for stand in stands], request.POST)

    def act() -> str:
        recording.excuse_agency(actor, task, form.agency(), form.cleaned_data["reason"])
        return f"Đã ghi {form.agency().name} không phải thực hiện nhiệm vụ này."

    return _attempt(request, plan, task, name="excuse", form=form, act=act)


@require_POST
def recurrence_set(request: HttpRequest, pk: int, task_pk: int) -> HttpResponse:
    """Say how often the task comes round."""
    actor = request.actor  # type: ignore[attr-defined]
    plan = plan_or_404(request, pk)
    require(policies.may_set_recurrence(actor, plan))
    task = task_or_404(plan, task_pk)
    form = RecurrenceForm(request.POST)

    def act() -> str:
        recording.set_recurrence(actor, task, form.cleaned_data["recurrence"])
        return "Đã ghi chu kỳ của nhiệm vụ."

    return _attempt(request, plan, task, name="recurrence", form=form, act=act)


@require_GET
def evidence_file(request: HttpRequest, pk: int, task_pk: int, file_pk: int) -> FileResponse:
    """One file, always as a download: the browser never shows or runs it here."""
    actor = request.actor  # type: ignore[attr-defined]
    task = task_or_404(plan_or_404(request, pk), task_pk)
    opened = recording.open_evidence(actor, task, file_pk)
    if opened is None:
        raise Http404
    row, path = opened
    return FileResponse(path.open("rb"), as_attachment=True, filename=row.name, content_type="application/octet-stream")
