"""Writing down, on the page of a filing, how far the agency is with one of its tasks."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from haidang.accounts.actors import require
from haidang.filings.owntasks import own_tasks
from haidang.plans import policies, recording
from haidang.web.filings import entry, pages
from haidang.web.filings.access import open_filing
from haidang.web.filings.tasks import task_form, task_views
from haidang.web.plans.forms import add_errors


@require_POST
def note(request: HttpRequest, pk: int, task_pk: int) -> HttpResponse:
    """Write down how far the agency is with one of its tasks; the filing's page comes back."""
    opened = open_filing(request.actor, pk)  # type: ignore[attr-defined]
    found = next(((task, stand) for task, stand in own_tasks(opened.obligation) if task.pk == task_pk), None)
    if found is None:
        raise Http404("no such task of this agency")
    task, stand = found
    require(policies.may_record(opened.actor, task.plan, stand.agency))
    form = task_form(task, stand, request)
    back = f"{opened.address}?bieu={pages.TASKS_TAB}#nv-{task.pk}"
    if form.is_valid():
        values = form.cleaned_data
        try:
            recording.record_progress(
                opened.actor, task, stand.agency, state=values["state"], on=values["on"], text=values["text"],
                document_number=values["document_number"], occurrence=values.get("occurrence", ""),
                files=[(file.name or "", file.read()) for file in values["evidence"]],
            )  # fmt: skip
        except ValidationError as problem:
            add_errors(form, problem)
        else:
            messages.success(request, "Đã ghi tiến độ nhiệm vụ.")
            return HttpResponseRedirect(back)
    page = entry.page_of(opened, pages.TASKS_TAB, tasks=task_views(opened, {task.pk: form}))
    return render(request, "filings/filing.html", entry.context_of(opened, page), status=422)
