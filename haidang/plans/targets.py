"""Whether a target is reached: its comparator and level against a value, for a direction against a baseline too.

Pure: no row is read here.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

DIRECTIONS = ("reduce", "increase")
_TINY = 1e-9


class Verdict(StrEnum):
    """What the figures say of a target."""

    REACHED = "reached"
    SHORT = "short"
    UNKNOWN = "unknown"  # no figure, or nothing to compare with


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict with how far the value is from the level (0 when reached); `against` is the level in its own unit.

    For a direction `against` is the value that the baseline asks for: its own, or that moved by the level.
    """

    verdict: Verdict
    gap: float = 0.0
    against: float | None = None


def finding_of(
    comparator: str, level: Decimal | None, unit: str, value: float | None, baseline: float | None
) -> Finding:
    """Judge a value. A plan that names a bare level ("90 % …") asks for at least that much.

    A direction needs a baseline: "giảm" alone asks for less than it, "giảm 5 %" for at least that share less, "giảm 5
    vụ" for at least that many less. A baseline of zero cannot be reduced, and no share can be told of it.
    """
    if comparator in DIRECTIONS:
        return _direction(comparator, level, unit.strip() == "%", value, baseline)
    if level is None or value is None:
        return Finding(Verdict.UNKNOWN, against=None if level is None else float(level))
    bound = float(level)
    reached = {
        ">": value > bound + _TINY, ">=": value >= bound - _TINY,
        "=": value >= bound - _TINY, "<=": value <= bound + _TINY,
    }[comparator]  # fmt: skip
    return Finding(Verdict.REACHED if reached else Verdict.SHORT, 0.0 if reached else abs(bound - value), bound)


def _direction(
    comparator: str, level: Decimal | None, percent: bool, value: float | None, baseline: float | None
) -> Finding:
    if value is None or baseline is None or (baseline == 0 and (percent or comparator == "reduce")):
        return Finding(Verdict.UNKNOWN, against=baseline)
    sign = -1 if comparator == "reduce" else 1
    step = 0.0 if level is None else float(level) * (baseline / 100 if percent else 1)
    bound = baseline + sign * step
    ahead = sign * (value - bound)
    reached = ahead > _TINY if level is None else ahead >= -_TINY
    return Finding(Verdict.REACHED if reached else Verdict.SHORT, 0.0 if reached else abs(bound - value), bound)
