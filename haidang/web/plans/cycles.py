"""Opening the cycles of an accepted plan: what its duties propose, and the due dates that it does not name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from haidang.accounts.actors import Refused, require
from haidang.filings.actions.handing import handing_words
from haidang.filings.cycles.due_dates import LEVEL_WORDS, steps_problem
from haidang.filings.cycles.opening import Opened, open_or_preview, preview_cycle
from haidang.filings.cycles.owing import levels_under, same_window_words
from haidang.filings.cycles.proposals import duties_without_window
from haidang.filings.policies import may_open_cycles
from haidang.filings.queries import cycles_of, proposed_cycles
from haidang.filings.rules import CycleSpec
from haidang.kernel.dates import parse_date, short_date
from haidang.plans.rules import due_text
from haidang.web.plans.views import plan_or_404

if TYPE_CHECKING:
    from haidang.plans.models import Plan


@dataclass(frozen=True, slots=True)
class Dating:
    """What was chosen for all cycles of a page: whether days not worked move on, how much earlier levels owe."""

    shift: bool
    steps: tuple[tuple[str, int], ...]
    typed: tuple[tuple[str, str, str], ...]
    problem: str = ""

    def applied(self, spec: CycleSpec) -> CycleSpec:
        """The cycle with these choices."""
        return replace(spec, shift=self.shift, steps=() if self.problem else self.steps)


def dating_of(posted: QueryDict | None, levels: tuple[str, ...]) -> Dating:
    """The choices as posted; `typed` are (level, its words, days as typed) for the fields of the page."""
    given = posted if posted is not None else QueryDict()
    typed = tuple((level, LEVEL_WORDS[level], given.get(f"step-{level}", "").strip()[:4]) for level in levels)
    wrong = [words for _level, words, text in typed if text and not text.isdecimal()]
    if wrong:
        problem = f"Số ngày làm việc nộp sớm của {wrong[0]} phải là số, ví dụ 2."
        return Dating(given.get("shift") == "yes", (), typed, problem)
    steps = tuple((level, int(text)) for level, _words, text in typed if text)
    return Dating(given.get("shift") == "yes", steps, typed, steps_problem(dict(steps)))


def _typed(position: int, spec: CycleSpec, posted: QueryDict) -> tuple[CycleSpec, str]:
    """The proposal with the due date and strictness as typed, and what is wrong with them (or "")."""
    strict = posted.get(f"strict-{position}") == "yes"
    text = posted.get(f"due-{position}", "").strip()
    if not text:
        return replace(spec, strict=strict), "Ghi hạn nộp, hoặc bỏ chọn kỳ này."
    try:
        return replace(spec, due_on=parse_date(text), strict=strict), ""
    except ValueError as problem:
        return spec, str(problem)


def _line(position: int, spec: CycleSpec, posted: QueryDict | None) -> dict[str, Any]:
    """One proposal as the page shows it: chosen or not, its due date as typed, and its problem."""
    if posted is None:
        due = short_date(spec.due_on) if spec.due_on else ""
        return {"position": position, "spec": spec, "chosen": True, "due": due, "asked": spec.due_on is None}
    chosen = f"open-{position}" in posted
    typed, problem = _typed(position, spec, posted) if chosen else (spec, "")
    return {
        "position": position,
        "spec": typed,
        "chosen": chosen,
        "due": posted.get(f"due-{position}", ""),
        "asked": spec.due_on is None,
        "problem": problem,
    }


def _tell_consequences(plan: Plan, lines: list[dict[str, Any]], dating: Dating, *, posted: bool) -> None:
    """Add to each line who would owe it and by when, and what to mind. What is asked for already is not chosen again
    unless a person does.
    """
    twins = same_window_words(plan, [line["spec"] for line in lines])
    for line in lines:
        spec = dating.applied(line["spec"])
        line["twin_words"] = twins[spec.label]
        line["chosen"] = line["chosen"] and (posted or not twins[spec.label])
        if spec.due_on is not None:
            line["seen"] = preview_cycle(plan, spec)
            line["by_level"] = level_words(line["seen"])


def level_words(seen: Opened) -> str:
    """ "cấp tỉnh 12 cơ quan, đến hết 15/6/2025; cấp xã 40 cơ quan, đến hết 11/6/2025": who owes it until when."""
    return "; ".join(
        f"{LEVEL_WORDS[level]} {count} cơ quan, đến hết {short_date(due.last_day)}"
        for level, count, due in seen.by_level
    )


@require_http_methods(["GET", "POST"])
def open_plan_cycles(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the proposed cycles that are not open yet; on POST open the chosen ones, or with `xem` show them again."""
    actor = request.actor  # type: ignore[attr-defined]
    plan = plan_or_404(request, pk)
    require(may_open_cycles(actor, plan))
    opened = cycles_of(actor, plan.pk)
    taken = {cycle.label for cycle in opened}
    proposals = [spec for spec in proposed_cycles(plan) if spec.label not in taken]
    posted = request.POST if request.method == "POST" else None
    dating = dating_of(posted, levels_under(plan))
    lines = [_line(position, spec, posted) for position, spec in enumerate(proposals)]
    chosen = [line for line in lines if line["chosen"]]
    problem = dating.problem or ("Chọn ít nhất một kỳ để mở." if posted is not None and not chosen else "")
    sound = not problem and not any(line.get("problem") for line in chosen)
    if posted is not None and sound and "xem" not in posted:
        try:
            made = open_or_preview(actor, plan, [dating.applied(line["spec"]) for line in chosen])
        except Refused as refusal:
            sound, problem = False, str(refusal)
        else:
            words = f"Đã mở {len(made.cycles)} kỳ báo cáo. Các cơ quan thấy việc của mình từ bây giờ."
            messages.success(request, f"{words} {handing_words(made.handing)}".rstrip())
            return redirect("plans:plan", plan.pk)
    _tell_consequences(plan, lines, dating, posted=posted is not None)
    named = sorted({phrase for duty in plan.duties.all() for phrase in duty.owed_by})
    context = {
        "plan": plan, "lines": lines, "opened": opened, "problem": problem, "owed_by": named, "dating": dating,
        "windowless": [due_text(duty.due) for duty in duties_without_window(plan)],
    }  # fmt: skip
    return render(request, "web/plans/cycles.html", context, status=200 if posted is None or sound else 422)
