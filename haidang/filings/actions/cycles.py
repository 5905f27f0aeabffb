"""Opening cycles: the exercise, who owes it, and the empty filing of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction

from haidang.accounts.actors import Actor, Refused, require
from haidang.agencies.models import Agency
from haidang.catalogue.forms import forms_in_force
from haidang.catalogue.holidays import work_calendar
from haidang.filings.actions.common import note
from haidang.filings.cycles.asking import LONGEST_LABEL
from haidang.filings.cycles.due_dates import due_of, due_problem, steps_problem
from haidang.filings.cycles.owing import asked_elsewhere, candidates_of, owed_by
from haidang.filings.models import Cycle, Filing, Obligation
from haidang.filings.policies import may_open_cycles
from haidang.filings.rules import CycleSpec
from haidang.kernel import clock
from haidang.kernel.calendars import Regime
from haidang.plans.models import Plan


@transaction.atomic
def open_cycles(
    actor: Actor, plan: Plan, specs: Sequence[CycleSpec], agencies: Iterable[Agency] | None = None
) -> list[Cycle]:
    """Create the cycles, and for each the obligations of the agencies that owe it, with their empty filings.

    Owing are the agencies (of `agencies`, when given, and of their heirs) under the plan's area and what it went into
    that are in force on their last day on time and file at least one of the forms asked; not those that owe the same
    under the plan of an area that went into theirs as well. Refused: what check_specs refuses, and a cycle that nobody
    owes.
    """
    plan = Plan.objects.select_for_update(of=("self",)).select_related("area").get(pk=plan.pk)
    require(may_open_cycles(actor, plan))
    check_specs(plan, specs)
    candidates = candidates_of(plan, agencies)
    return [_open(actor, plan, spec, candidates) for spec in specs]


def check_specs(plan: Plan, specs: Sequence[CycleSpec]) -> None:
    """Refused: a cycle without due date or due before its data starts, an unknown form, a label already open, steps out
    of order, a request without its letter. One query.
    """
    taken = set(plan.cycles.values_list("label", flat=True))
    for spec in specs:
        _check(spec, taken)
        taken.add(spec.label)


def _check(spec: CycleSpec, taken: set[str]) -> None:
    if spec.due_on is None:
        raise Refused(
            f"Kỳ “{spec.label}” chưa có hạn nộp. Kế hoạch không ghi ngày nên cần nhập hạn nộp trước khi mở kỳ."
        )
    if spec.label in taken:
        raise Refused(f"Kỳ “{spec.label}” của kế hoạch này đã mở. Đặt tên kỳ khác hoặc dùng kỳ đã có.")
    if not spec.label or len(spec.label) > LONGEST_LABEL:
        raise Refused(f"Tên kỳ phải có từ 1 đến {LONGEST_LABEL} ký tự. Đặt lại tên kỳ.")
    problem = steps_problem(dict(spec.steps)) or due_problem(spec, work_calendar())
    if problem:
        raise Refused(problem)
    if len(spec.letter_number) > 60 or (spec.regime == Regime.REQUEST and not spec.letter_number):
        raise Refused(f"Kỳ “{spec.label}” là yêu cầu đột xuất: ghi số văn bản yêu cầu, nhiều nhất 60 ký tự.")
    known = {form.code for form in forms_in_force(due_of(spec, work_calendar()).last_day)}
    unknown = [code for code in spec.forms if code not in known]
    if unknown:
        raise Refused(f"Kỳ “{spec.label}” yêu cầu biểu {', '.join(unknown)} không có hiệu lực vào ngày đến hạn.")


def check_owed(spec: CycleSpec, found: bool, owing: bool) -> None:
    """Refused: a cycle that nobody owes, or whose agencies (`found`) all owe the same under another plan already."""
    if not found:
        raise Refused(
            f"Không cơ quan nào phải nộp kỳ “{spec.label}”: vào ngày cuối được nộp không có cơ quan nào đang hoạt động "
            "mà nộp biểu được yêu cầu. Kiểm tra lại hạn nộp, biểu, cấp và cơ quan được nêu."
        )
    if not owing:
        raise Refused(
            f"Mọi cơ quan phải nộp kỳ “{spec.label}” đã có nghĩa vụ cùng khoảng số liệu theo kế hoạch của địa bàn cùng "
            "sắp xếp. Không giao lần hai; theo dõi ở kỳ đã mở."
        )


def _open(actor: Actor, plan: Plan, spec: CycleSpec, candidates: Sequence[Agency]) -> Cycle:
    due = due_of(spec, work_calendar())
    codes, found = owed_by(spec, candidates)
    twice = asked_elsewhere(plan, spec, codes)
    owing = [one for one in found if one.agency.pk not in twice]
    check_owed(spec, bool(found), bool(owing))
    cycle = Cycle.objects.create(
        plan=plan,
        duty_id=spec.duty_id,
        label=spec.label,
        window_from=spec.window.start,
        window_to=spec.window.end,
        regime=spec.regime,
        due_on=due.on,
        written_due_on=spec.due_on if due.on != spec.due_on else None,
        strict=spec.strict,
        steps=dict(spec.steps),
        letter_number=spec.letter_number,
        addressee=spec.addressee[:300],
        forms=codes,
        baseline=spec.baseline,
    )
    obligations = Obligation.objects.bulk_create(
        Obligation(cycle=cycle, agency=one.agency, due_on=one.due.on if one.due.on != due.on else None) for one in owing
    )
    now = clock.now()
    Filing.objects.bulk_create([Filing(obligation=obligation, changed_at=now) for obligation in obligations])
    details = {"letter": spec.letter_number} if spec.letter_number else {}
    note(
        actor, "cycle_opened", cycle, label=cycle.label, due_on=cycle.due_on, forms=codes, agencies=len(owing),
        **details,
    )  # fmt: skip
    return cycle
