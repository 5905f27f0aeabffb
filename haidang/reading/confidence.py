"""How sure the reader is of an item: how often its rule was right on plans it had never seen, less where it doubts.

The counts are evidence, not settings: items that the reader gave on its first reading of plans it was not made on, held
against what a person had annotated. A task counts as right only with its section, lead, coordinators and window right.
docs/reading-rules.md tells how they were counted and gives the table of confidence against share right.
"""

from __future__ import annotations

# rule -> (given, right), on the first readings of 19 plans
COUNTED: dict[str, tuple[int, int]] = {
    "block": (30, 24),
    "bracket": (31, 29),
    "bracket.alone": (24, 21),
    "bracket.names": (3, 3),
    "chairs": (2, 1),
    "duty.once": (6, 4),
    "duty.period.date": (31, 27),
    "duty.two-dates": (2, 2),
    "label": (2, 2),
    "lead-in": (72, 63),
    "none": (37, 28),
    "subject": (72, 52),
    "subject.chairs": (13, 10),
    "table": (25, 25),
    "target.count": (25, 25),
    "target.direction": (8, 8),
    "target.percent": (51, 46),
    "target.table": (15, 11),
}
BEFORE = (5, 4)  # what a rule is taken to have given before any plan called for it: the share of all rules together
DOUBTED = 0.75  # at most, of an item with a name that may go on, help that nobody gives, a time that was not understood


def confidence_of(rule: str, *, doubted: bool = False) -> float:
    """The share of the rule's items that were right, BEFORE included; at most DOUBTED where doubted."""
    given, right = COUNTED.get(rule, (0, 0))
    share = (right + BEFORE[1]) / (given + BEFORE[0])
    return min(share, DOUBTED) if doubted else share
