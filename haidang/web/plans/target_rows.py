"""Targets as the board shows them: value, level, bar and verdict, a line for each way of measuring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse

from haidang.accounts.actors import Actor
from haidang.kernel.dates import short_date, window_text
from haidang.kernel.numbers import NO_BREAK_SPACE, format_number, format_percent
from haidang.plans.measuring import measured_targets
from haidang.plans.policies import may_measure
from haidang.plans.targets import DIRECTIONS, Verdict
from haidang.statistics.policies import may_see_figures
from haidang.statistics.targets import PERCENT, Standing, target_standings, window_of

if TYPE_CHECKING:
    from haidang.plans.models import Plan, Target

_LAST = 99.6  # a goal line at 100 % is drawn just inside the bar


def targets_context(actor: Actor, plan: Plan) -> dict[str, Any]:
    """The targets of a plan for the board."""
    targets = measured_targets(plan)
    sees = bool(may_see_figures(actor, plan.area))
    standings = target_standings(actor, plan)
    return {
        "targets": [
            {
                "target": target,
                "measured": bool(target.bases.all()),
                "lines": [_line(plan, target, one) for one in standings.get(target.pk, ())]
                or [_unmeasured(target, sees=sees)],
            }
            for target in targets
        ],
        "sees_figures": sees,
        "figures_window": window_of(actor, plan) if standings else None,
        "may_measure": bool(may_measure(actor, plan)),
    }


def _unmeasured(target: Target, *, sees: bool) -> dict[str, Any]:
    """The line of a target without a figure, and why there is none."""
    if not sees:
        words = "Cơ quan thường trực theo dõi"
    elif target.bases.all():
        words = "Chưa mở kỳ báo cáo"
    else:
        words = "Chưa chọn cách tính"
    return {"state": "nil", "icon": "clock", "verdict": words}


def _line(plan: Plan, target: Target, one: Standing) -> dict[str, Any]:
    value = _said(one.value, one.unit)
    state, icon, verdict = _verdict(target, one)
    percent, goal = _geometry(one)
    return {
        "words": one.words,
        "value": value,
        "parts": _parts(one),
        "source": _source(plan, one),
        "bar": one.value is not None,
        "percent": percent,
        "goal": goal,
        "said": f"{target.text}: đạt {value or 'chưa có số'}, {verdict}",
        "state": state,
        "icon": icon,
        "verdict": verdict,
        "remark": _remark(one),
    }


def _said(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    return format_percent(value) if unit == PERCENT else f"{format_number(value)}{NO_BREAK_SPACE}{unit}"


def _parts(one: Standing) -> str:
    """ "25 / 27" behind a share, "năm trước 30" behind a direction."""
    if one.baseline_window is not None:
        return f"so với {_said(one.baseline, one.unit) or 'chưa có số'}"
    if one.numerator is None and one.denominator is None:
        return ""
    if one.numerator is None:
        return f"tử số chưa có số, mẫu số {format_number(one.denominator)}"  # type: ignore[arg-type]
    if one.denominator is None:
        return f"tử số {format_number(one.numerator)}, mẫu số chưa có số"
    return " / ".join(format_number(number) for number in (one.numerator, one.denominator))


def _verdict(target: Target, one: Standing) -> tuple[str, str, str]:
    """State, icon and words: reached; how far below or above; not enough figures, with their coverage."""
    if not one.coverage.expected:
        return "nil", "clock", "Chưa có kỳ báo cáo nào hỏi số này"
    if not one.coverage.received or not one.complete:
        return "nil", "clock", f"Chưa đủ số liệu ({one.coverage.received}/{one.coverage.expected} báo cáo)"
    if one.verdict is Verdict.REACHED:
        return "ok", "check", "Đạt"
    if one.verdict is Verdict.UNKNOWN:
        if one.denominator == 0:
            return "nil", "clock", "Không phát sinh"
        return "nil", "clock", "Không so sánh được" if target.comparator in DIRECTIONS else "Chưa có số liệu"
    above = target.comparator in ("<=", "reduce")
    gap = format_number(one.finding.gap, 1).removesuffix(",0")
    unit = "điểm" if one.unit == PERCENT else one.unit
    far = one.finding.against is not None and one.finding.gap > abs(one.finding.against) / 10
    words = f"{'Trên' if above else 'Dưới'} mức {gap} {unit}" if one.finding.gap else "Chưa đạt"
    return ("over" if far else "late"), "alert", words


def _geometry(one: Standing) -> tuple[float, float | str]:
    """How long the bar is and where the level stands, in percent of the track ("" without a level)."""
    against = one.finding.against
    value = one.value or 0.0
    top = 100.0 if one.unit == PERCENT else max(value, against or 0.0)
    if not top:
        return 0.0, ""
    goal: float | str = "" if against is None else min(_LAST, max(0.0, 100 * against / top))
    return min(100.0, max(0.0, 100 * value / top)), goal


def _remark(one: Standing) -> str:
    words = []
    if one.baseline_window is not None:
        words.append(f"So với {window_text(one.baseline_window)}.")
    if one.baseline_coverage is not None and not one.baseline_coverage.complete:
        words.append(f"Khoảng so sánh mới có {one.baseline_coverage} báo cáo.")
    if one.numerator is not None and one.denominator and one.numerator > one.denominator:
        words.append(f"Trên 100{NO_BREAK_SPACE}%: tử số có vụ, việc của kỳ trước chuyển sang.")
    if one.provisional:
        words.append("Có số tạm tính.")
    return " ".join(words)


def _source(plan: Plan, one: Standing) -> str:
    """Where the figure can be opened: its numerator in the figures explorer."""
    asked = {
        "chi-so": one.basis.numerator,
        "tu": short_date(one.window.start),
        "den": short_date(one.window.end),
        "dia-ban": plan.area_id,
        "ke-hoach": plan.pk,
    }
    return f"{reverse('figures:explorer')}?{urlencode(asked)}"
