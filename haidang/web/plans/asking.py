"""Opening a cycle that the plan's duties do not propose: any period or window, or a request made by letter."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from haidang.accounts.actors import Actor, Refused, require
from haidang.agencies.queries import agencies_by_id
from haidang.catalogue.forms import forms_in_force
from haidang.filings.actions.handing import handing_words
from haidang.filings.content import plain_text
from haidang.filings.cycles.asking import PERIOD_WORDS, Ask, Kind, kinds, specs_of
from haidang.filings.cycles.due_dates import LEVEL_WORDS
from haidang.filings.cycles.opening import open_or_preview
from haidang.filings.cycles.owing import levels_under
from haidang.filings.policies import may_open_cycles
from haidang.kernel import clock
from haidang.kernel.calendars import Period
from haidang.kernel.dates import parse_date
from haidang.kernel.numbers import count_in
from haidang.kernel.windows import Window
from haidang.plans.resolving import agencies_named
from haidang.web.plans.cycles import Dating, dating_of, level_words
from haidang.web.plans.views import plan_or_404

if TYPE_CHECKING:
    from haidang.agencies.models import Agency
    from haidang.filings.cycles.opening import Opened, Opening
    from haidang.filings.rules import CycleSpec
    from haidang.plans.models import Plan

MOST_PHRASES = 50
MOST_NAMED = 60
CHANGED = "Nội dung đã sửa sau lần xem trước nên chưa mở. Xem lại kỳ ở dưới rồi bấm mở."
_TEXTS = ("kind", "period", "year", "number", "from", "to", "due", "label", "letter", "named")


@require_http_methods(["GET", "POST"])
def ask_cycles(request: HttpRequest, pk: int) -> HttpResponse:
    """The form; on POST what it would open, and with `mo` open it. What was typed is never lost.

    What is opened is what was shown: typed otherwise since, it is shown again first.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    plan = plan_or_404(request, pk)
    require(may_open_cycles(actor, plan))
    posted = request.POST if request.method == "POST" else None
    dating = dating_of(posted, levels_under(plan))
    problem, opening, mark = dating.problem, None, ""
    if posted is not None and not problem:
        try:
            specs = specs_of(_ask(posted, dating))
            agencies = _named(plan, posted, specs)
            mark = _mark(specs, agencies)
            now = "mo" in posted and posted.get("seen", mark) == mark
            opening = open_or_preview(actor, plan, specs, agencies, dry_run=not now)
        except (Refused, ValueError) as refusal:
            problem = str(refusal)
        else:
            if now:
                messages.success(request, _done(opening))
                return redirect("plans:plan", plan.pk)
            problem = CHANGED if "mo" in posted else ""
    context = {"plan": plan, "problem": problem, "dating": dating, "mark": mark, **_offer(plan, posted)}
    context["handing"] = handing_words(opening.handing, dry_run=True) if opening else ""
    context["told"] = [_told(one) for one in opening.cycles] if opening else []
    return render(request, "web/plans/ask_cycles.html", context, status=422 if problem else 200)


def _mark(specs: list[CycleSpec], agencies: list[Agency] | None) -> str:
    """A mark of what is asked, and of whom: another as soon as anything of it changes."""
    named = None if agencies is None else sorted(agency.pk for agency in agencies)
    return sha256(repr((specs, named)).encode()).hexdigest()[:16]


def _told(one: Opened) -> dict[str, Any]:
    """One cycle as the page shows it before it is opened; of very many agencies only the first are named."""
    names = [owing.agency.name for owing in one.owing[:MOST_NAMED]]
    return {"seen": one, "by_level": level_words(one), "names": names, "more": one.agencies - len(names)}


def _done(opening: Opening) -> str:
    owing = [one.agencies for one in opening.cycles]
    words = f"Đã mở {len(owing)} kỳ báo cáo, giao {sum(owing)} nghĩa vụ. Các cơ quan thấy việc của mình từ bây giờ."
    return f"{words} {handing_words(opening.handing)}".rstrip()


def _ask(posted: QueryDict, dating: Dating) -> Ask:
    """What was typed; ValueError names what is wrong."""
    kind = posted.get("kind", "")
    if kind not in kinds():
        raise ValueError("Chọn cách cắt kỳ.")
    window = None
    if kind in list(Kind):
        start, end = _day(posted, "from", "Từ ngày"), _day(posted, "to", "Đến ngày")
        if end < start:
            raise ValueError("Đến ngày phải sau từ ngày. Ghi lại khoảng số liệu.")
        window = Window(start, end)
    period = posted.get("period", "")
    return Ask(
        kind=kind,
        due_on=_day(posted, "due", "Hạn nộp"),
        strict=posted.get("strict") == "yes",
        period=Period(period) if period in list(Period) else None,
        year=_whole(posted, "year"),
        number=_whole(posted, "number") or 1,
        window=window,
        label=plain_text(posted.get("label", "")),
        shift=dating.shift,
        steps=dating.steps,
        forms=tuple(posted.getlist("forms"))[:MOST_PHRASES],
        levels=tuple(level for level in posted.getlist("levels") if level in LEVEL_WORDS),
        letter_number=plain_text(posted.get("letter", "")),
        baseline="baseline" in posted,
    )


def _day(posted: QueryDict, name: str, what: str) -> Any:
    try:
        return parse_date(posted.get(name, ""))
    except ValueError as problem:
        raise ValueError(f"{what} chưa đúng. {problem}") from problem


def _whole(posted: QueryDict, name: str) -> int:
    return count_in(posted.get(name, "").strip(), digits=5) or 0


def _named(plan: Plan, posted: QueryDict, specs: list[CycleSpec]) -> list[Agency] | None:
    """The agencies that were named, on the due date; None when none was: then the plan says who reports."""
    phrases = [phrase for line in posted.get("named", "").splitlines() for phrase in map(str.strip, line.split(";"))]
    phrases = [phrase for phrase in phrases if phrase]
    if not phrases:
        return None
    if len(phrases) > MOST_PHRASES or any(len(phrase) > 300 for phrase in phrases):
        raise ValueError(f"Ghi nhiều nhất {MOST_PHRASES} cơ quan, mỗi cơ quan không quá 300 ký tự.")
    assert specs[0].due_on is not None
    found = agencies_named(phrases, plan.area, specs[0].due_on)
    unknown = [phrase for phrase, ids in found.items() if not ids]
    if unknown:
        raise ValueError(f"Chưa tìm được cơ quan: {'; '.join(unknown[:5])}. Ghi tên như trong danh mục cơ quan.")
    return agencies_by_id(pk for ids in found.values() for pk in ids)


def _offer(plan: Plan, posted: QueryDict | None) -> dict[str, Any]:
    """The choices of the form, with what was chosen."""
    given = posted if posted is not None else QueryDict()
    typed = {name: given.get(name, "") for name in _TEXTS}
    typed["kind"] = typed["kind"] or next(iter(kinds()))
    typed["year"] = typed["year"] or str(clock.today().year)
    forms = set(given.getlist("forms"))
    levels = set(given.getlist("levels"))
    return {
        "typed": typed,
        "strict": given.get("strict", "no") == "yes",
        "baseline": "baseline" in given,
        "kinds": list(kinds().items()),
        "periods": [(period.value, words) for period, words in PERIOD_WORDS.items()],
        "forms": [(form.code, form.title, form.code in forms) for form in forms_in_force(clock.today())],
        "levels": [(level, LEVEL_WORDS[level], level in levels) for level in (plan.area.level, *levels_under(plan))],
    }
